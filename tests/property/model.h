/* SPDX-License-Identifier: MIT */
/*
 * Model: the law once more, as a person reads it: one question after the
 * other, no tables, and nothing of the plan's own.
 */
#ifndef TESTS_PROPERTY_MODEL_H
#define TESTS_PROPERTY_MODEL_H

#include "domain.h"

enum { UNKNOWN_ROW = -1 };

/* What is asked about one auth config. `applied` NULL: a = ?. */
struct question {
	const struct world *world;
	const struct thing *desired, *live, *applied;
	bool making;  /* there is no object yet */
	bool foreign; /* the row is of another object: it tells nothing */
};

struct field_answer {
	const char *row, *result;
	bool write, drift, review;
	enum field_record record;
	bool held, writes;
	bool moved; /* X */
	struct cell live;
};

void model_field(const struct question *question, enum field_index index,
                 struct field_answer *answer);
int model_field_danger(const struct question *question, enum field_index index,
                       const struct field_answer *answer);

/* What the fields mean for the secrets. */
struct circumstances {
	bool client_id, to_own, to_managed, explained;
};

struct secret_answer {
	const char *row; /* NULL: nothing to say of it */
	enum secret_action action;
	bool needs_value, records, drift, held;
	bool error; /* row S4 */
};

void model_secret(const struct question *question, size_t index,
                  const struct circumstances *circumstances,
                  struct secret_answer *answer);
/* Row S15. */
void model_secret_resend(const struct question *question, size_t index,
                         const struct circumstances *circumstances,
                         struct secret_answer *answer);
bool model_secret_written(const struct secret_answer *answer);

#endif
