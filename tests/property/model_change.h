/* SPDX-License-Identifier: MIT */
/* Model: the changes it comes to, and the words they are compared in. */
#ifndef TESTS_PROPERTY_MODEL_CHANGE_H
#define TESTS_PROPERTY_MODEL_CHANGE_H

#include "model.h"

struct model_change {
	const char *row, *from;
	enum change_kind kind;
	const struct thing *desired, *live, *applied;
	bool with_fields; /* the arrays below tell something */
	bool listed[FIELDS], sent[FIELDS], writes[FIELDS];
	struct field_answer fields[FIELDS];
	int dangers[FIELDS];
	struct cell sends[FIELDS];
	struct secret_answer secrets[SECRETS];
	bool replaces, deletes_first, blocked;
	int danger;
};

struct model_bystander {
	const char *title, *key, *id, *row;
	bool opaque;
};

struct model_finding {
	char address[32];
	const char *field, *row;
	enum severity severity;
};

struct model {
	const struct world *world;
	struct hits *hits;
	struct model_change changes[ROWS * 3], notes[ROWS * 2];
	size_t change_count, note_count;
	struct model_bystander bystanders[OBJECTS * 2];
	size_t bystander_count;
	struct model_finding findings[ROWS * FIELDS];
	size_t finding_count;
	unsigned errors[512];
	size_t error_count;
	size_t unchanged, drifted, missing, unmanaged;
	size_t secrets[SECRET_ACTIONS];
	bool taken[OBJECTS]; /* claimed, or matched in this plan */
	bool stopped;        /* by a guard */
};

/* model_compare.c: what one object's fields and secrets come to. */
void model_compare(struct model *model, const struct question *question,
                   struct model_change *change);
void model_error(struct model *model, unsigned code);
void model_find(struct model *model, const char *key, const char *field,
                const char *row, enum severity severity);

/* model_judge.c */
void model_judge(struct model *model);
char *model_dump(struct model *model);

#endif
