/* SPDX-License-Identifier: MIT */
/*
 * Markdown: the pieces that the Markdown writer is made of.
 *
 * What others wrote stands only in code spans and fences, and escaped within
 * HTML: none of it can end them, name somebody, link, or load anything.
 */
#ifndef RECONCILE_REPORT_MARKDOWN_H
#define RECONCILE_REPORT_MARKDOWN_H

#include "report/lists.h"
#include "report/report.h"

enum {
	MARKDOWN_VALUE = 400,   /* bytes of a value that are shown */
	MARKDOWN_SUBJECT = 140, /* of a name */
};

/* A page that may not grow beyond its size. */
struct page {
	FILE *out;
	size_t left; /* bytes that may still be written */
};

/* Appends the whole block, or nothing: false. */
bool page_add(struct page *page, const char *block, size_t length);

/* A folded list: as many of its lines as fit into half of what is left, and how
 * many there are more. */
void page_list(struct page *page, const struct list *list);

/* `text` in a code span, at most MARKDOWN_SUBJECT bytes of it. */
void markdown_code(FILE *out, const char *text);
/* The same within HTML: <code>…</code>. */
void markdown_html_code(FILE *out, const char *text);
/* A fence around whole lines; `language` may be "". */
void markdown_fence(FILE *out, const char *language, const char *lines);
/* A folded change: what it is, why it is dangerous, what it changes. */
void markdown_change(const struct report *report, const struct change *change,
                     FILE *out);

#endif
