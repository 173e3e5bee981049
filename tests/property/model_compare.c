/* SPDX-License-Identifier: MIT */
/* Fields and secrets of one object, and the request they come to. */
#include "model_change.h"

#include "base/text.h"
#include "schema/schema.h"

#include <string.h>

/* What is gathered on the way through one object. */
struct gathering {
	const struct question *question;
	struct model_change *change;
	struct circumstances circumstances;
	bool writes, immutable, notes, drifts, sends_secret;
	bool groups[8];
};

void model_error(struct model *model, unsigned code)
{
	model->errors[model->error_count++] = code;
}

void model_find(struct model *model, const char *key, const char *field,
                const char *row, enum severity severity)
{
	struct model_finding *finding =
		&model->findings[model->finding_count++];

	*finding = (struct model_finding){
		.field = field,
		.row = row,
		.severity = severity,
	};
	(void)snprintf(finding->address, sizeof(finding->address), "prod/%s",
	               key);
}

static bool is_immutable(const struct world *world, enum field_index index)
{
	if (index == OWNERSHIP)
		return !(world->traits.abilities & HAS_MUTABLE_OWNERSHIP);
	return world->field_traits[index].flags & FIELD_IMMUTABLE;
}

static void gather_write(struct gathering *gathering, enum field_index index)
{
	const struct question *question = gathering->question;
	const struct world *world = question->world;
	const struct cell *d = &question->desired->fields[index];

	gathering->writes = true;
	gathering->groups[world->field_traits[index].group] = true;
	if (index == CLIENT_ID)
		gathering->circumstances.client_id = true;
	if (question->making)
		return;
	if (is_immutable(world, index))
		gathering->immutable = true;
	else if (index == OWNERSHIP && str_equal(d->text, "managed"))
		gathering->circumstances.to_managed = true;
	else if (index == OWNERSHIP)
		gathering->circumstances.to_own = true;
}

static void gather_field(struct gathering *gathering, enum field_index index)
{
	const struct question *question = gathering->question;
	const struct thing *row = question->applied;
	struct model_change *change = gathering->change;
	struct field_answer *answer = &change->fields[index];
	const bool declared = question->desired->fields[index].kind != '-';
	const bool known =
		row && !question->foreign && row->fields[index].kind != '-';

	model_field(question, index, answer);
	change->writes[index] = answer->writes;
	change->listed[index] = declared || str_equal(answer->row, "F2");
	if (answer->writes)
		gather_write(gathering, index);
	if (answer->moved)
		gathering->circumstances.explained = true;
	if (answer->drift && known)
		gathering->drifts = true;
	if (!answer->writes && !answer->held &&
	    (answer->record == RECORD_SET || answer->record == RECORD_DROP))
		gathering->notes = true;
}

static enum severity rewritten_severity(enum field_index index)
{
	if (index == CLIENT_ID || index == SCOPES || index == REDIRECT ||
	    index == ENABLED)
		return SEVERITY_ERROR;
	return SEVERITY_INFO;
}

static void find_fields(struct model *model, const struct gathering *gathering)
{
	const char *key = gathering->question->desired->key;

	for (size_t i = 0; i < FIELDS; i++) {
		const struct field_answer *answer =
			&gathering->change->fields[i];

		if (str_equal(answer->row, "F4"))
			model_find(model, key, field_names[i], "F4",
			           rewritten_severity((enum field_index)i));
		if (str_equal(answer->row, "F16b"))
			model_find(model, key, field_names[i], "F16b",
			           SEVERITY_ERROR);
		if (answer->held)
			model_find(model, key, field_names[i], answer->row,
			           SEVERITY_INFO);
	}
}

static void find_secrets(struct model *model, const struct gathering *gathering)
{
	const char *key = gathering->question->desired->key;

	for (size_t i = 0; i < SECRETS; i++) {
		const struct secret_answer *answer =
			&gathering->change->secrets[i];

		if (!answer->row)
			continue;
		if (str_equal(answer->row, "S8w") &&
		    answer->action == SECRET_KEEP)
			model_find(model, key, secret_names[i], "S8w",
			           SEVERITY_WARNING);
		if (str_equal(answer->row, "S14") || answer->held)
			model_find(model, key, secret_names[i], answer->row,
			           SEVERITY_INFO);
	}
}

/* Row S2: nothing of a managed one's is ours; what is left of our own goes. */
static void managed_secret(struct gathering *gathering,
                           struct secret_answer *answer)
{
	if (gathering->question->making || !gathering->circumstances.to_managed)
		return;
	answer->row = "S2c";
	answer->action = SECRET_CLEAR;
}

static void note_secret(struct gathering *gathering, size_t index)
{
	const struct secret_answer *answer = &gathering->change->secrets[index];
	const struct world *world = gathering->question->world;

	if (answer->records)
		gathering->notes = true;
	if (answer->drift)
		gathering->drifts = true;
	if (!model_secret_written(answer))
		return;
	gathering->sends_secret = true;
	gathering->groups[world->secret_traits[index].group] = true;
}

static void gather_secret(struct model *model, struct gathering *gathering,
                          size_t index)
{
	const struct question *question = gathering->question;
	const struct thing *desired = question->desired;
	struct secret_answer *answer = &gathering->change->secrets[index];

	*answer = (struct secret_answer){ .row = NULL };
	if (str_equal(desired->fields[OWNERSHIP].text, "managed")) {
		if (index == 0)
			managed_secret(gathering, answer);
		if (!answer->row)
			hit(model->hits, "S2");
	} else if (desired->secrets[index].declared) {
		model_secret(question, index, &gathering->circumstances,
		             answer);
	}
	if (answer->error) {
		hit(model->hits, "S4");
		model_error(model, CODE_SECRET_UNREADABLE);
	}
	note_secret(gathering, index);
}

static bool in_written_group(const struct gathering *gathering, unsigned group)
{
	return group && gathering->groups[group];
}

static void resend_carried(struct gathering *gathering)
{
	const struct question *question = gathering->question;
	const struct world *world = question->world;
	const bool all = world->traits.semantics == UPDATE_REPLACE &&
	                 world->traits.secret_omit == SECRET_OMIT_REQUIRED;

	for (size_t i = 0; i < SECRETS; i++) {
		if (!all &&
		    !in_written_group(gathering, world->secret_traits[i].group))
			continue;
		model_secret_resend(question, i, &gathering->circumstances,
		                    &gathering->change->secrets[i]);
		note_secret(gathering, i);
	}
}

static void send(struct model_change *change, size_t index,
                 const struct cell *cell)
{
	change->sent[index] = true;
	change->sends[index] = *cell;
	change->listed[index] = true;
}

static void send_declared(const struct question *question,
                          struct model_change *change)
{
	for (size_t i = 0; i < FIELDS; i++) {
		const struct cell *d = &question->desired->fields[i];

		if (d->kind != '-' &&
		    question->world->field_traits[i].mode == MODE_SETTABLE)
			send(change, i, d);
	}
}

static void send_update(struct model *model, struct gathering *gathering)
{
	const struct question *question = gathering->question;
	const struct world *world = question->world;
	const bool whole = world->traits.semantics == UPDATE_REPLACE;
	struct model_change *change = gathering->change;

	for (size_t i = 0; i < FIELDS; i++) {
		const struct field_trait *trait = &world->field_traits[i];
		const struct field_answer *answer = &change->fields[i];
		const struct cell *d = &question->desired->fields[i];
		const bool grouped = in_written_group(gathering, trait->group);

		if (trait->mode != MODE_SETTABLE ||
		    !(whole || grouped || answer->writes))
			continue;
		if (d->kind != '-' && !answer->held) {
			send(change, i, d);
			change->writes[i] = answer->writes || grouped;
		} else if (answer->live.kind == 'U') {
			model_error(model, CODE_UNREADABLE_ECHO);
		} else if (answer->live.kind != '-') {
			send(change, i, &answer->live);
		}
	}
}

/* Replaced: everything declared goes to a new object. */
static void make_anew(struct model *model, struct gathering *gathering)
{
	const struct question *question = gathering->question;
	const struct question making = {
		.world = question->world,
		.desired = question->desired,
		.making = true,
	};
	struct model_change *change = gathering->change;

	for (size_t i = 0; i < FIELDS; i++) {
		change->fields[i].held = false;
		change->writes[i] =
			question->desired->fields[i].kind != '-' &&
			question->world->field_traits[i].mode == MODE_SETTABLE;
	}
	gathering->question = &making;
	for (size_t i = 0; i < SECRETS; i++)
		gather_secret(model, gathering, i);
	gathering->question = question;
	send_declared(question, change);
}

static enum change_kind kind_of(const struct gathering *gathering)
{
	if (gathering->question->making)
		return CHANGE_KINDS;
	if (gathering->immutable)
		return CHANGE_REPLACE;
	if (gathering->writes)
		return CHANGE_UPDATE;
	if (gathering->sends_secret)
		return CHANGE_ROTATE;
	return gathering->notes ? CHANGE_NOTE : CHANGE_KINDS;
}

static void count(struct model *model, const struct gathering *gathering)
{
	const struct model_change *change = gathering->change;

	model->drifted += gathering->drifts;
	for (size_t i = 0; i < FIELDS; i++)
		hit(model->hits, change->fields[i].row);
	for (size_t i = 0; i < SECRETS; i++) {
		if (!change->secrets[i].row)
			continue;
		hit(model->hits, change->secrets[i].row);
		model->secrets[change->secrets[i].action]++;
	}
	find_fields(model, gathering);
	find_secrets(model, gathering);
}

void model_compare(struct model *model, const struct question *question,
                   struct model_change *change)
{
	struct gathering gathering = { .question = question, .change = change };

	change->with_fields = true;
	for (size_t i = 0; i < FIELDS; i++)
		gather_field(&gathering, (enum field_index)i);
	if (gathering.immutable) {
		make_anew(model, &gathering);
	} else {
		for (size_t i = 0; i < SECRETS; i++)
			gather_secret(model, &gathering, i);
		if (question->making) {
			send_declared(question, change);
		} else if (gathering.writes || gathering.sends_secret) {
			resend_carried(&gathering);
			send_update(model, &gathering);
		}
	}
	for (size_t i = 0; i < FIELDS; i++)
		change->dangers[i] = model_field_danger(
			question, (enum field_index)i, &change->fields[i]);
	change->kind = kind_of(&gathering);
	count(model, &gathering);
}
