/* SPDX-License-Identifier: MIT */
/* JSON: the pieces that the JSON writer is made of. */
#ifndef RECONCILE_REPORT_JSON_H
#define RECONCILE_REPORT_JSON_H

#include "plan/plan.h"
#include "report/report.h"

#include <jansson.h>

struct binding_facts;
struct findings;

/* By enum severity, enum field_record, enum ledger_mode. */
extern const char *const json_severity_names[];
extern const char *const json_record_names[];
extern const char *const json_ledger_mode_names[];

/* null for NULL; text that is no UTF-8 is escaped first. New references. */
json_t *json_text(const char *text);
json_t *json_place(const struct place *place);
json_t *json_value(const struct value *value);
json_t *json_change(const struct change *change);
json_t *json_plan(const struct plan *plan);
json_t *json_finding_counts(const struct findings *findings);
json_t *json_bindings(const struct binding_facts *bindings, size_t count);
/* What differs between environments. */
json_t *json_comparison(const struct comparison *comparison);
/* The runs of `history`. */
json_t *json_history(const struct report *report);
/* RFC 3339; null for 0. */
json_t *json_date(int64_t at_ms);
/* What `explain` says. */
json_t *json_topics(const struct report *report);

/* Steals `value`; `name` is ours: it is not checked. */
void json_put(json_t *object, const char *name, json_t *value);

/* ---- writing: indented ASCII ---- */

/*
 * Values come one after the other; in an object each has a name, in an array
 * NULL. A writer starts zeroed but for `out`.
 */
struct json_writer {
	FILE *out;
	unsigned depth;
	bool begun; /* there is a value before, in the innermost bracket */
};

void json_begin(struct json_writer *writer, const char *name, char bracket);
void json_end(struct json_writer *writer, char bracket);
/* null for NULL; text that is no UTF-8 is escaped first. */
void json_member_text(struct json_writer *writer, const char *name,
                      const char *text);
void json_member_place(struct json_writer *writer, const char *name,
                       const struct place *place);
/* All members of `object`, which is stolen. */
void json_members(struct json_writer *writer, json_t *object);
/* A newline; 0, or -1 when `out` could not be written. */
int json_writer_end(const struct json_writer *writer) MUST_CHECK;

/* One value, and the end. */
int json_write(json_t *root, FILE *out) MUST_CHECK;

/* Of the rules. */
void json_findings(struct json_writer *writer, const char *name,
                   const struct findings *findings);

#endif
