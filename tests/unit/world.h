/* SPDX-License-Identifier: MIT */
/*
 * World: all that a run of apply needs, for tests: declared entries, a fake
 * platform, a real ledger in a folder of its own, plans of the real plan room.
 *
 * world_declare()* -> world_apply() -> world->result, fake_log() …
 */
#ifndef TESTS_UNIT_WORLD_H
#define TESTS_UNIT_WORLD_H

#include "apply/apply.h"
#include "fake_platform.h"
#include "ledger/ledger.h"
#include "secrets/secrets.h"
#include "unit.h"

enum {
	WORLD_ENTRIES = 64,
	WORLD_SCOPES = 4,
	WORLD_SCOPES_FIELD = 5, /* in `fields` */
	FOREVER = 1000000
};

/* Secrets are as long as fingerprints want them. */
#define SECRET_ONE "canary-secret-one-4711"
#define SECRET_TWO "canary-secret-two-0815"

struct entry {
	const char *key, *name, *client_id;
	const char *scopes[WORLD_SCOPES]; /* ended by NULL */
	bool scoped;           /* scopes are declared, if only as none */
	const char *redirect;  /* NULL: not declared */
	const char *connector; /* NULL: "slack" */
	const char *source;    /* NULL: "env:SECRET" */
	const char *version, *renamed_from;
	bool protect;
	bool managed; /* neither client id nor secret */
};

struct world {
	char *folder, *ledger_path;
	struct clock_fixed clock;
	struct platform *platform;
	struct entry entries[WORLD_ENTRIES];
	size_t entry_count;
	struct field_trait fields[8];
	struct secret_trait secrets[1];
	struct traits traits;
	struct policy policy;
	struct permissions permissions;
	struct fingerprint_key *key;
	char secret[64];    /* "SECRET=…"; "": unset */
	char *variables[2]; /* NULL-terminated */
	unsigned parallelism;
	unsigned flags; /* enum apply_flags */
	bool stateless;
	bool (*stopping)(void *context);
	void (*before_apply)(struct world *world); /* after the plan */
	uint64_t list_requests;                    /* of the settings */
	int64_t since_ms; /* steady clock, when apply_run() began */

	/* Of the last run. */
	struct ledger *ledger;
	struct diag *diag;
	struct plan *plan;
	struct plan_input input;
	struct state *desired, *live, *applied;
	struct resolved resolved;
	struct apply_result result;
	struct secret_fact *facts;
	size_t fact_count;
	struct variables *environment;
	struct secret_settings secret_settings;
};

int world_set_up(void **state);
int world_tear_down(void **state);
#define WORLD_TEST(name) \
	cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)

/* An entry with one scope; change it as the test wants. */
struct entry *world_declare(struct world *world, const char *key,
                            const char *name);
void world_undeclare(struct world *world, const char *key);

/* NULL: unset. */
void world_set_secret(struct world *world, const char *secret);

/* The whole road; returns the exit code: of apply, or of what was reported
 * before it. */
int world_apply(struct world *world);
/* Only to the plan; how many changes there are. */
size_t world_plan(struct world *world);
/* Keys a, b and c, named A, B and C. */
void world_declare_three(struct world *world);
void world_add_ability(struct world *world, enum platform_abilities ability);
/* The platform fills empty scopes with one of its own, and says so. */
void world_fill_scopes(struct world *world);
/* The next such request has this fate. */
void world_script(struct world *world, enum platform_verb verb,
                  const char *about, enum fake_fate fate);
/* It expires, and somebody else takes it. */
void world_lose_lock(struct world *world);
/* Frees what the last run left. */
void world_forget(struct world *world);

/* Of the last run. */
const struct step *world_step(const struct world *world, const char *key);
bool world_reported(const struct world *world, unsigned code);
/* Rows as the ledger has them now; for state_free(). */
struct state *world_rows(struct world *world);
/* Open intents as the ledger has them now. */
size_t world_open_intents(struct world *world);
unsigned world_creates(const struct world *world);
/* Each must be there. */
const struct auth_config *world_row(const struct state *rows, const char *key);
const struct secret_record *world_secret(const struct state *rows,
                                         const char *key);

void expect_shown(struct value value, const char *wanted);
void expect_end(const struct world *world, const char *key, enum step_end end);
/* Nothing is left to do, and doing it sends nothing. */
void expect_settled(struct world *world);

#endif
