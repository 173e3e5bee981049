/* SPDX-License-Identifier: MIT */
/* Saved: what the files that read a saved plan back share. */
#ifndef RECONCILE_REPORT_SAVED_H
#define RECONCILE_REPORT_SAVED_H

#include "plan/plan.h"

#include "base/arena.h"
#include "document/document.h"

struct state;

struct reading {
	struct arena *arena; /* the plan's */
	struct state *live;  /* by id: connectors and names of what goes */
};

/* Members of an object. NULL for none and for null. */
const char *saved_text(const struct node *object, const char *name);
size_t saved_count(const struct node *object, const char *name);
bool saved_flag(const struct node *object, const char *name);
/* The index of the text among `names`; 0 when it is none of them. */
unsigned saved_word(const struct node *object, const char *name,
                    const char *const *names, size_t count);
enum danger saved_danger(const struct node *object);
struct place saved_place(const struct node *object);

/* In the plan's arena; "" for NULL. */
char *saved_copy(const struct reading *reading, const char *text) MUST_CHECK;

/* All of it but `live`, which is found once that state is finished. */
void saved_change(const struct reading *reading, const struct node *node,
                  struct change *change);

#endif
