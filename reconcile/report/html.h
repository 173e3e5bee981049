/* SPDX-License-Identifier: MIT */
/*
 * HTML: the pieces that the HTML writer is made of. Whatever others wrote is
 * escaped, as text: nothing in a page loads, runs or submits anything.
 */
#ifndef RECONCILE_REPORT_HTML_H
#define RECONCILE_REPORT_HTML_H

#include "report/report.h"

/* All of the page's style; the page's policy lets in exactly these bytes. */
extern const char html_style[];

/* Text that is escaped already against terminals, or ours. */
void html_escape(FILE *out, const char *safe);
/* Words of others. */
void html_text(FILE *out, const char *text);
/* The same in <code>. */
void html_code(FILE *out, const char *text);

/* A change as a fold: values before and after, field by field. `number` is its
 * place in the plan, to which risks point. */
void html_change(const struct change *change, size_t number, FILE *out);

#endif
