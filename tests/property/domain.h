/* SPDX-License-Identifier: MIT */
/*
 * Domain: a small world that plans are tried on. Secrets are numbers here, so
 * that the model may look at what the plan never sees.
 *
 *     generate() -> world -> build() -> plan_make() -> dump_plan() \
 *                         -> model_decide() ---------- text -------- equal?
 *                         -> platform_apply(plan) -> world'
 */
#ifndef TESTS_PROPERTY_DOMAIN_H
#define TESTS_PROPERTY_DOMAIN_H

#include "plan/plan.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum {
	FIELDS = 9,
	SECRETS = 2,
	SOURCES = 4,
	KEYS = 30,
	ROWS = 40,
	OBJECTS = 120,
	RETIRED = 3,
	NAME_SIZE = 8,
	TEXT_SIZE = 16
};

/* By name, as the plan sorts them. */
enum field_index {
	CLIENT_ID,
	CONNECTOR,
	ENABLED,
	REGION,
	NAME,
	OWNERSHIP,
	REDIRECT,
	SCOPES,
	TYPE
};
extern const char *const field_names[FIELDS];
extern const char *const secret_names[SECRETS];
extern const char *const source_names[SOURCES];

/* '-' absent, 'U' unreadable, 't' text, 'b' boolean, 's' a set, one letter an
 * item. */
struct cell {
	char kind;
	char text[TEXT_SIZE];
};

/* All of one secret, whichever state it is in. 0: none. */
struct secret_cell {
	/* desired */
	bool declared;
	int source;  /* index of a source */
	int version; /* 0: none */
	/* applied */
	bool recorded, known, doubted;
	int print;        /* the number that was fingerprinted */
	int print_key;    /* 1: this run's key; 2: another */
	int sent_version; /* 0: none */
	int sent_source;  /* -1: none */
	int hint_seen;    /* -1: none */
	/* live */
	int value;    /* what is in force; 0: nothing */
	bool missing; /* left out of the answer */
	bool mute;    /* set, but its hint or text is not shown */
};

struct thing {
	char key[NAME_SIZE], id[NAME_SIZE], natural[NAME_SIZE],
		renamed_from[NAME_SIZE];
	struct cell fields[FIELDS]; /* applied: sent */
	struct cell seen[FIELDS];   /* applied */
	struct secret_cell secrets[SECRETS];
	char retired[RETIRED][NAME_SIZE];
	int retired_count;
	bool protect, opaque;
	int updated; /* 0: not known */
	int connections;
};

/* What the platform does with what it is sent. */
enum temper { FAITHFUL, REWRITING, IGNORING, TEMPERS };

struct world {
	struct thing desired[KEYS], applied[ROWS], live[OBJECTS];
	size_t desired_count, applied_count, live_count;
	int source_values[SOURCES]; /* 0: unresolved */
	bool keyed;                 /* there is a fingerprint key */
	struct field_trait field_traits[FIELDS];
	struct secret_trait secret_traits[SECRETS];
	struct traits traits;
	struct policy policy;
	struct permissions permissions;
	const char *allow_replace[KEYS], *resend[KEYS], *resend_secrets[KEYS];
	enum ledger_mode mode;
	int clock; /* of updated_at; and of new ids */
	enum temper temper;
	unsigned fickle; /* bit i: about the field i */
};

/* ---- random.c: numbers that a seed decides ---- */

struct random {
	uint64_t state;
};

uint64_t random_next(struct random *random);
/* Below `limit`. */
unsigned random_below(struct random *random, unsigned limit);
/* True `percent` times of a hundred. */
bool random_chance(struct random *random, unsigned percent);

/* ---- generate.c ---- */

void generate(struct random *random, struct world *world);
/* The order of all lists, which must not matter. */
void shuffle(struct random *random, struct world *world);

/* ---- domain.c ---- */

bool cell_equal(const struct cell *a, const struct cell *b);
struct cell cell_make(char kind, const char *text);
bool cell_is_empty(const struct cell *cell);
void cell_write(const struct cell *cell, FILE *out);
/* What hints show of a secret. */
int hint_of(int value);
const struct thing *find_key(const struct thing *things, size_t count,
                             const char *key);
struct thing *find_id(struct world *world, const char *id);
bool listed(const char *const *keys, size_t count, const char *key);

/* ---- build.c: the world as the plan is given it ---- */

struct built {
	struct state *desired, *live, *applied;
	struct secret_fact facts[KEYS * SECRETS];
	struct plan_input input;
};

void build(const struct world *world, struct built *built);
void built_release(struct built *built);
struct value cell_value(struct state *state, const struct cell *cell);

/* ---- dump.c: a plan as text ---- */

char *dump_plan(const struct plan *plan, const struct diag *diag);
void dump_value(const struct value *value, FILE *out);

/* ---- model.c: the same text, from the law alone ---- */

struct hits;
/* Counts a row of the law. */
void hit(struct hits *hits, const char *row);

char *model_decide(const struct world *world, struct hits *hits);

/* ---- platform.c ---- */

/* Does what the plan says. False: apply would refuse (a secret that is needed
 * does not resolve). */
bool platform_apply(struct world *world, const struct plan *plan);

/* The address of a change whose risks weigh something else than the change is
 * dangerous; NULL: there is none. */
const char *risks_mistaken(const struct plan *plan);

#endif
