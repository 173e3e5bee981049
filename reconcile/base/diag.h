/* SPDX-License-Identifier: MIT */
/*
 * Diagnostics: what went wrong, where, and what to do; collected, then shown.
 *
 * Who finds a mistake reports it once, with its place, and returns -1; callers
 * pass the -1 on silently or add a second place with diag_note(). All mistakes
 * of a run are collected; only cmd/ shows them, sorted:
 *
 *     prod.yaml:14:9: error: unknown key `scope`; did you mean `scopes`?
 *        14 |         scope: [repo]
 *           |         ^
 *
 * Words: what is wrong with the user's own value in backticks, then what to
 * do; one line, no period, no "failed to", no "invalid input". A code is a
 * row of schema/codes.h, which also gives the exit code.
 *
 * A report copies what it is given. Text from users or platforms may hold
 * anything: control characters are escaped when shown, not when reported.
 */
#ifndef RECONCILE_BASE_DIAG_H
#define RECONCILE_BASE_DIAG_H

#include "base/mem.h"

#include <stdbool.h>

/* Where a value came from. file NULL: nowhere; line and column count from 1,
 * 0 is unknown. `file` is borrowed from whoever made the place. */
struct place {
	const char *file;
	unsigned line, column;
};

#define PLACE_NONE ((struct place){ NULL, 0, 0 })

enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_INFO };

/* One report, as read back by writers. All texts are owned by the diag. */
struct diag_note {
	struct place place;
	char *text;
};

struct diag_report {
	enum severity severity;
	unsigned code; /* CODE_…, schema/codes.h */
	struct place place;
	char *text;
	struct diag_note *notes;
	size_t note_count;
};

/*
 * Gives the source line of a place, without newline, secrets already masked
 * with `*` of any length; NULL when it cannot. The caller frees it.
 */
typedef char *diag_line_fn(const struct place *place, void *context);

struct diag;

struct diag *diag_new(void) MUST_CHECK;
void diag_free(struct diag *diag);
DEFINE_CLEANUP(diag)

/* Always returns -1, so that `return diag_error(…)` is the whole branch. */
int diag_error(struct diag *diag, unsigned code, struct place place,
               const char *format, ...) PRINTF_LIKE(4, 5);
void diag_warning(struct diag *diag, unsigned code, struct place place,
                  const char *format, ...) PRINTF_LIKE(4, 5);
void diag_info(struct diag *diag, unsigned code, struct place place,
               const char *format, ...) PRINTF_LIKE(4, 5);

/* Adds a second place or a hint to the report made last; none made: no-op. */
void diag_note(struct diag *diag, struct place place, const char *format, ...)
	PRINTF_LIKE(3, 4);

size_t diag_count(const struct diag *diag, enum severity severity);
size_t diag_length(const struct diag *diag);
const struct diag_report *diag_at(const struct diag *diag, size_t index);

/* By file, line, column, code, text; reports without a place come last, in
 * the order they were made. Equal reports are folded into one. */
void diag_sort(struct diag *diag);

/* Asked for source lines while writing; without one, no snippets. */
void diag_set_lines(struct diag *diag, diag_line_fn *lines, void *context);

enum diag_flags { DIAG_PLAIN = 0, DIAG_COLOR = 1 << 0 };

/* Writes all reports for people: `FILE:L:C: error: TEXT [TRUEUP-1101]`, the
 * line with a caret, then notes as `FILE:L:C: note: TEXT`. */
void diag_write(const struct diag *diag, FILE *out, enum diag_flags flags);

/* One report, which need not be the diag's own, in the same manner; without
 * source lines when `diag` is NULL. */
void diag_write_report(const struct diag *diag,
                       const struct diag_report *report, FILE *out,
                       enum diag_flags flags);

#endif
