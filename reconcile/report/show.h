/* SPDX-License-Identifier: MIT */
/*
 * Show: words of others in the text format. Nothing in them is obeyed by a
 * terminal, and none can be mistaken for ours: a value stands bare only where
 * it is one plain word, and in quotes otherwise.
 */
#ifndef RECONCILE_REPORT_SHOW_H
#define RECONCILE_REPORT_SHOW_H

#include "plan/plan.h"
#include "report/slate.h"
#include "state/state.h"

#include <stdio.h>

/* As it is, but for what is escaped; `-` for NULL and "". */
void show_text(FILE *out, const char *text);
void slate_text(struct slate *slate, const char *text);
/* A value: bare or in quotes. */
void show_item(FILE *out, const char *text);
void slate_item(struct slate *slate, const char *text);
/* `(none)` when absent, `(cannot be read)`, a set as `[a, b]`. */
void show_value(FILE *out, const struct value *value);
void slate_value(struct slate *slate, const struct value *value);
/* "prod.yaml:14:9"; nothing when it is nowhere. */
void show_place(FILE *out, const struct place *place);
/* The same and, where it is known, whose lines those are: "prod.yaml:14:9
 * (1a2b3c4d5e6f)", "prod.yaml:14:9 (older than 5000 commits)". */
void show_touched(FILE *out, const struct place *place,
                  const struct touch *touch);
void slate_touched(struct slate *slate, const struct place *place,
                   const struct touch *touch);

#endif
