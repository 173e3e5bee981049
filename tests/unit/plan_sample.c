/* SPDX-License-Identifier: MIT */
#include "plan_sample.h"

#include "base/text.h"
#include "schema/schema.h"

#include <string.h>

int sample_set_up(void **state)
{
	struct sample *sample = xcalloc(1, sizeof(*sample));

	sample->plan = (struct plan){
		.environment = "prod",
		.origin = "https://platform.test",
		.platform = "composio",
		.revision = "directory",
		.changes = sample->changes,
		.notes = sample->notes,
	};
	memset(sample->plan.digest, '0', sizeof(sample->plan.digest) - 1);
	memcpy(sample->plan.digest, "1:", 2);
	sample->report = (struct report){
		.command = "plan",
		.environment = "prod",
		.plan = &sample->plan,
	};
	*state = sample;
	return 0;
}

int sample_tear_down(void **state)
{
	struct sample *sample = *state;

	for (size_t i = 0; i < sample->text_count; i++)
		free(sample->texts[i]);
	state_free(sample->live);
	free(sample->plan.risks);
	free(sample);
	return 0;
}

static char *keep(struct sample *sample, char *text)
{
	assert_true(sample->text_count < LENGTH(sample->texts));
	return sample->texts[sample->text_count++] = text;
}

struct change *sample_change(struct sample *sample, enum change_kind kind,
                             const char *key, unsigned line)
{
	struct plan *plan = &sample->plan;
	struct change *change = kind == CHANGE_NOTE
	                                ? &plan->notes[plan->note_count++]
	                                : &plan->changes[plan->change_count++];

	assert_true(plan->change_count <= SAMPLE_CHANGES);
	assert_true(plan->note_count <= SAMPLE_CHANGES);
	plan->counts.kinds[kind]++;
	*change = (struct change){
		.kind = kind,
		.row = "O10",
		.address = keep(sample, xasprintf("prod/%s", key)),
		.key = key,
		.fields = &sample->fields[sample->field_count],
		.secrets = &sample->secrets[sample->secret_count],
		.reasons = &sample->reasons[sample->reason_count],
		.connections = -1,
	};
	if (line)
		change->place = (struct place){ "prod.yaml", line, 3 };
	return sample->last = change;
}

static const struct field_row field_rows[] = {
	{ "F18", "create", true, false, DANGER_NONE, RECORD_SET },
	{ "F18a", "given", false, false, DANGER_NONE, RECORD_NOTHING },
	{ "F16b", "mismatch", false, false, DANGER_NONE, RECORD_NOTHING },
	{ "F2", "released", false, false, DANGER_NONE, RECORD_DROP },
	{ "F1r", "unmanaged_echo", false, false, DANGER_NONE, RECORD_NOTHING },
	{ "F3", "clean", false, false, DANGER_NONE, RECORD_KEEP },
	{ "F4", "rewritten", false, false, DANGER_NONE, RECORD_KEEP },
	{ "F5", "drift", true, true, DANGER_NONE, RECORD_SET },
	{ "F6", "healed", false, false, DANGER_NONE, RECORD_SET },
	{ "F7", "change", true, false, DANGER_NONE, RECORD_SET },
	{ "F8", "note", false, false, DANGER_NONE, RECORD_SET },
	{ "F9", "conflict", true, true, DANGER_REVIEW, RECORD_SET },
	{ "F10", "converged", false, false, DANGER_NONE, RECORD_SET },
	{ "F11", "adopted", false, false, DANGER_NONE, RECORD_SET },
	{ "F12", "takeover", true, true, DANGER_REVIEW, RECORD_SET },
	{ "F14", "change", true, false, DANGER_NONE, RECORD_SET },
	{ "F15r", "resend", true, false, DANGER_NONE, RECORD_SET },
};

static const struct field_row *find_row(const char *row)
{
	for (size_t i = 0; i < LENGTH(field_rows); i++) {
		if (str_equal(field_rows[i].row, row))
			return &field_rows[i];
	}
	fail_msg("no row %s", row);
	return NULL;
}

struct field_change *sample_field(struct sample *sample, const char *name,
                                  const char *row, struct value live,
                                  struct value declared)
{
	struct field_change *field = &sample->fields[sample->field_count++];
	struct change *change = sample->last;

	assert_true(sample->field_count <= SAMPLE_PARTS);
	change->field_count++;
	*field = (struct field_change){
		.name = name,
		.declared = declared,
		.live = live,
		.row = find_row(row),
		.place = change->place,
	};
	field->writes = field->row->write;
	field->danger = field->row->danger;
	field->place.line += (unsigned)change->field_count;
	return field;
}

struct secret_change *sample_secret(struct sample *sample, const char *name,
                                    enum secret_action action)
{
	struct secret_change *secret = &sample->secrets[sample->secret_count++];
	struct change *change = sample->last;

	assert_true(sample->secret_count <= SAMPLE_PARTS);
	change->secret_count++;
	*secret = (struct secret_change){
		.name = name,
		.row = "S9b",
		.action = action,
		.needs_value = action >= SECRET_SET,
		.source = "env:SECRET",
		.reason = "value changed",
		.place = change->place,
	};
	secret->place.line += 20;
	sample->plan.counts.secrets[action]++;
	return secret;
}

void sample_reason(struct sample *sample, const char *text)
{
	assert_true(sample->reason_count < SAMPLE_PARTS);
	sample->reasons[sample->reason_count++] = keep(sample, xstrdup(text));
	sample->last->reason_count++;
}

void sample_live(struct sample *sample, const char *connector, const char *name)
{
	struct state *live = state_new(STATE_BY_ID);
	const char *twin;

	assert_null(sample->live);
	state_begin(live, sample->last->id, PLACE_NONE);
	state_field(live, "connector", state_value_text(live, connector),
	            PLACE_NONE);
	state_field(live, "name", state_value_text(live, name), PLACE_NONE);
	state_end(live);
	assert_int_equal(state_finish(live, &twin), 0);
	sample->live = live;
	sample->last->live = state_at(live, 0);
}

struct value sample_text(const char *text)
{
	return (struct value){ text, (uint32_t)strlen(text), VALUE_TEXT };
}

struct value sample_json(const char *json)
{
	return (struct value){ json, (uint32_t)strlen(json), VALUE_JSON };
}

struct value sample_set(struct sample *sample, const char *items)
{
	char *bytes = keep(sample, xstrdup(items));
	const size_t length = strlen(items);

	for (size_t i = 0; i < length; i++) {
		if (bytes[i] == ';')
			bytes[i] = '\0';
	}
	return (struct value){ bytes, (uint32_t)length, VALUE_SET };
}

/* ---- a plan of everything ---- */

static void fill_fields(struct sample *sample)
{
	static const struct value absent = { .kind = VALUE_ABSENT };
	static const struct value yes = { "true", 4, VALUE_BOOLEAN };

	for (size_t i = 0; i < LENGTH(field_rows); i++) {
		struct field_change *field = sample_field(
			sample, field_rows[i].row, field_rows[i].row,
			sample_text("live"), sample_text("declared"));

		field->sent = sample_text("sent");
		field->seen = sample_text("seen");
	}
	sample_field(sample, "extra.number", "F7", sample_json("1"),
	             sample_json("{\"a\":[1,2.5,null]}"));
	sample_field(sample, "enabled", "F7", absent, yes);
	sample_field(sample, "scopes", "F7", sample_set(sample, "a;b;"),
	             sample_set(sample, "b;c;"));
	sample_field(sample, "type", "F14", value_unreadable(), absent);
}

static void fill_secrets(struct sample *sample)
{
	struct secret_change *secret = NULL;

	for (unsigned action = 0; action < SECRET_ACTIONS; action++)
		secret = sample_secret(sample, secret_action_names[action],
		                       (enum secret_action)action);
	secret->version = "2";
	secret->previous_version = "1";
	secret = sample_secret(sample, "secrets.held", SECRET_KEEP);
	secret->row = "S12";
	secret->held = true;
}

static void fill_bystanders(struct sample *sample)
{
	struct plan *plan = &sample->plan;

	sample->orphan = (struct bystander){ "old",     "id-1", "slack",
		                             "Old one", "O13",  false };
	sample->unmanaged =
		(struct bystander){ NULL, "id-2", "slack", "?", "O17", true };
	sample->retired = (struct bystander){ "crm", "id-3", "slack",
		                              "Crm", "O18a", false };
	plan->orphans = &sample->orphan;
	plan->unmanaged = &sample->unmanaged;
	plan->retired = &sample->retired;
	plan->orphan_count = plan->unmanaged_count = plan->retired_count = 1;
	plan->counts.orphaned = plan->counts.unmanaged = 1;
	plan->counts.retired = plan->counts.opaque = plan->counts.missing = 1;
	plan->counts.unchanged = 5;
	plan->counts.drifted = 2;
}

void sample_find(struct sample *sample, const char *address, const char *field,
                 const char *row, enum severity severity)
{
	struct plan *plan = &sample->plan;

	assert_true(plan->finding_count < SAMPLE_LISTS);
	plan->findings = sample->findings;
	plan->findings[plan->finding_count++] = (struct plan_finding){
		.address = address,
		.field = field,
		.row = row,
		.severity = severity,
		.text = keep(sample, xstrdup("sent `a`, live is `b`")),
		.place = { "prod.yaml", 7, 9 },
	};
}

struct guard *sample_guard(struct sample *sample, const char *name,
                           uint64_t count, uint64_t limit)
{
	struct plan *plan = &sample->plan;
	struct guard *guard;
	char *text = xasprintf("%s: %ju planned, %ju allowed; give --allow",
	                       name, (uintmax_t)count, (uintmax_t)limit);

	assert_true(plan->guard_count < SAMPLE_LISTS);
	plan->guards = sample->guards;
	guard = &plan->guards[plan->guard_count++];
	*guard = (struct guard){
		.name = name,
		.code = CODE_GUARD_DELETES,
		.count = count,
		.limit = limit,
		.text = keep(sample, text),
	};
	return guard;
}

void sample_fill(struct sample *sample)
{
	struct change *change;

	for (unsigned kind = 0; kind < CHANGE_KINDS; kind++) {
		change = sample_change(sample, (enum change_kind)kind,
		                       change_kind_names[kind],
		                       kind == CHANGE_DELETE ? 0 : 10 + kind);
		change->danger = (enum danger)(kind % 3);
		if (kind != CHANGE_CREATE && kind != CHANGE_RECREATE)
			change->id = "id-9";
		if (kind == CHANGE_DELETE)
			sample_live(sample, "slack", "Old one");
	}
	change = sample_change(sample, CHANGE_UPDATE, "z", 40);
	change->renamed_from = "y";
	change->blocked = true;
	change->rekeyed = true;
	change->connections = 12;
	sample_reason(sample, "12 connections break");
	fill_fields(sample);
	fill_secrets(sample);
	fill_bystanders(sample);
	sample_find(sample, "prod/x", "scopes", "F4", SEVERITY_ERROR);
	sample_find(sample, "prod/y", "name", "F5", SEVERITY_INFO);
	sample_find(sample, "prod/z", "renamedFrom", "O7a", SEVERITY_WARNING);
	sample_guard(sample, "maxDeletes", 2, 1);
	sample_guard(sample, "maxChanges", 200, 100)->lifted = true;
	sample->plan.danger = DANGER_DESTRUCTIVE;
	sample->plan.blocked = true;
	sample->weakening = (struct plan_weakening){
		"`maxDeletes` is 5 here and 1 by itself",
		{ "prod.yaml", 5, 3 },
		false,
	};
	sample->plan.weakenings = &sample->weakening;
	sample->plan.weakening_count = 1;
	plan_weigh(&sample->plan);
}

char *sample_write(const struct sample *sample, const char *format)
{
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	assert_int_equal(report_find(format)->write(&sample->report, out), 0);
	(void)fclose(out);
	return text;
}
