/* SPDX-License-Identifier: MIT */
/*
 * Plan sample: plans made by hand, change by change, for tests of what is
 * written of them.
 *
 * sample_new() -> { sample_change() sample_field()* sample_secret()*
 *                   sample_reason()* }* -> sample->plan, sample->report
 *
 * Fields, secrets and reasons belong to the change that was begun last.
 */
#ifndef TESTS_UNIT_PLAN_SAMPLE_H
#define TESTS_UNIT_PLAN_SAMPLE_H

#include "report/report.h"
#include "unit.h"

/* Whose lines they may be. */
#define SAMPLE_COMMIT "0123456789abcdef0123456789abcdef01234567"

enum { SAMPLE_CHANGES = 24, SAMPLE_PARTS = 96, SAMPLE_LISTS = 4 };

struct sample {
	struct plan plan;
	struct report report; /* of the plan, by the command `plan` */
	struct change changes[SAMPLE_CHANGES], notes[SAMPLE_CHANGES];
	struct field_change fields[SAMPLE_PARTS];
	struct secret_change secrets[SAMPLE_PARTS];
	char *reasons[SAMPLE_PARTS];
	size_t field_count, secret_count, reason_count, text_count;
	struct change *last;
	char *texts[2 * SAMPLE_PARTS];               /* owned */
	struct state *live;                          /* of sample_live() */
	struct bystander orphan, unmanaged, retired; /* of sample_fill() */
	struct plan_finding findings[SAMPLE_LISTS];
	struct guard guards[SAMPLE_LISTS];
	struct plan_weakening weakening;
};

int sample_set_up(void **state);
int sample_tear_down(void **state);
#define SAMPLE_TEST(name) \
	cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)

/* A change or note of "prod/KEY", counted, without id; declared ones stand at
 * prod.yaml:LINE:3. */
struct change *sample_change(struct sample *sample, enum change_kind kind,
                             const char *key, unsigned line);
/* By its row of table F; on the line after that of the change. */
struct field_change *sample_field(struct sample *sample, const char *name,
                                  const char *row, struct value live,
                                  struct value declared);
/* From env:SECRET, by row S9b. */
struct secret_change *sample_secret(struct sample *sample, const char *name,
                                    enum secret_action action);
void sample_reason(struct sample *sample, const char *text);
/* A live auth config, for the change that was begun last. */
void sample_live(struct sample *sample, const char *connector,
                 const char *name);

/* At prod.yaml:7:9. */
void sample_find(struct sample *sample, const char *address, const char *field,
                 const char *row, enum severity severity);
struct guard *sample_guard(struct sample *sample, const char *name,
                           uint64_t count, uint64_t limit);

struct value sample_text(const char *text);
struct value sample_json(const char *json);
/* Items, sorted, each with a `;` behind it: "a;b;". */
struct value sample_set(struct sample *sample, const char *items);

/* Each kind, each secret action, each row of table F; and of everything else
 * that a plan can hold, one. */
void sample_fill(struct sample *sample);

/* What the format writes. */
char *sample_write(const struct sample *sample, const char *format) MUST_CHECK;

#endif
