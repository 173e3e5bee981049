/* SPDX-License-Identifier: MIT */
/*
 * Scene: three small states in a few words, and the plan of them.
 *
 *     scene_desired(&scene, "crm", "connector=slack name=CRM @protect");
 *     scene_row(&scene, "crm", "o1", "connector=slack name=Old>Older");
 *     scene_live(&scene, "o1", "connector=slack name=CRM scopes=[a,b]");
 *     plan = scene_plan(&scene);
 *
 * A word sets a field: text, true, false, [a,b], or U where it cannot be read;
 * a row's A>B means sent A, seen B. Words with @ say the rest:
 *   entries  @protect @from=KEY @natural=KEY @secret=SOURCE @version=V
 *   rows     @protect @natural=KEY @retired=ID @updated=T
 *            @known @doubt @print[=KEY] @source=S @version=V @hint=H
 *   objects  @opaque @natural=KEY @connections=N @updated=T
 *            @unset @missing @hint=H @clear
 */
#ifndef TESTS_UNIT_SCENE_H
#define TESTS_UNIT_SCENE_H

#include "plan/plan.h"
#include "unit.h"

enum { SCENE_FIELDS = 9, SCENE_FACTS = 16 };

struct scene {
	struct state *desired, *live, *applied;
	struct field_trait fields[SCENE_FIELDS];
	struct secret_trait secrets[1];
	struct traits traits;
	struct policy policy;
	struct permissions permissions;
	struct secret_fact facts[SCENE_FACTS];
	size_t fact_count;
	enum ledger_mode mode;
	struct plan_input input;
	struct diag *diag;
};

/* Merging updates, server-made ids, everything allowed by the platform, and a
 * policy that nothing reaches. */
void scene_init(struct scene *scene);
void scene_release(struct scene *scene);

struct field_trait *scene_field(struct scene *scene, const char *name);
void scene_desired(struct scene *scene, const char *key, const char *words);
void scene_row(struct scene *scene, const char *key, const char *id,
               const char *words);
void scene_live(struct scene *scene, const char *id, const char *words);
/* In the order of keys; a copy. */
void scene_fact(struct scene *scene, const struct secret_fact *fact);

/* The usual: all alike in the three states; in ledger and platform only, and
 * without connections; in file and ledger only; in the file only. */
typedef void scene_add_fn(struct scene *scene, const char *key, const char *id);
scene_add_fn scene_known, scene_plain_orphan, scene_missing, scene_new_one;
void scene_orphan(struct scene *scene, const char *key, const char *id,
                  const char *more);
void scene_new(struct scene *scene, const char *key);
/* `count` of them, with keys and ids of their own: k00, id-k00 … */
void scene_many(struct scene *scene, char letter, unsigned count,
                scene_add_fn *add);

/* Made and judged; NULL after an error, which is in scene->diag. Once a
 * scene. */
struct plan *scene_plan(struct scene *scene) MUST_CHECK;
/* 0: nothing was reported. */
unsigned scene_code(const struct scene *scene);

/* The only change there is. */
const struct change *plan_only(const struct plan *plan);
bool change_has_reason(const struct change *change, const char *part);
const struct field_change *change_field(const struct change *change,
                                        const char *name);
const struct field_send *change_send(const struct change *change,
                                     const char *name);
/* The only secret's. */
const struct secret_change *change_secret(const struct change *change);
const struct plan_finding *plan_finding_of(const struct plan *plan,
                                           const char *row);
const struct guard *plan_guard(const struct plan *plan, const char *name);

#endif
