/* SPDX-License-Identifier: MIT */
/*
 * Lists: what there is to a report beside the changes, for formats that fold:
 * what was done and not done, mistakes, findings, orphans, files. Their lines
 * are words of others, escaped as by text_safe().
 */
#ifndef RECONCILE_REPORT_LISTS_H
#define RECONCILE_REPORT_LISTS_H

#include <stddef.h>
#include <stdio.h>

struct report;

enum list_kind {
	LIST_FOLDED,
	LIST_OPEN, /* to be read at once */
};

struct list {
	const char *title; /* ours; may hold HTML */
	const char *lines; /* each an item; at least one */
	enum list_kind kind;
};

enum { LIST_WORD = 400 }; /* bytes of one word of others that are shown */

typedef void list_visit_fn(const struct list *list, void *context);

/* Those that are not empty, the first what is to be read first. */
void report_lists(const struct report *report, list_visit_fn *visit,
                  void *context);

/* Bytes of whole lines within `most`; *count is how many lines. */
size_t lines_within(const char *lines, size_t most, size_t *count);

/* At most `most` bytes of it, whole characters, and "… (N bytes)" when there is
 * more; escaped before. */
void text_clip(FILE *out, const char *safe, size_t most);

#endif
