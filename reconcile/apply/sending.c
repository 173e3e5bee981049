/* SPDX-License-Identifier: MIT */
/* Requests: built from the plan's `sends` and the secrets, resolved here and
 * wiped when the request is over. */
#include "apply/steps.h"

#include "base/text.h"
#include "schema/schema.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* One request, owned until the platform is done with it. */
struct sending {
	struct work *work; /* NULL: nobody waits any more */
	struct platform_request request;
	struct platform_field *fields;
	struct platform_secret *secrets;
	struct secret **values; /* behind `secrets` */
	size_t value_count;
};

static void sending_free(struct sending *sending)
{
	if (!sending)
		return;
	for (size_t i = 0; i < sending->value_count; i++)
		secret_free(sending->values[i]);
	free(sending->values);
	free(sending->secrets);
	free(sending->fields);
	free(sending);
}
DEFINE_CLEANUP(sending)

void sending_detach(struct sending *sending)
{
	if (sending)
		sending->work = NULL;
}

bool change_has_request(const struct change *change)
{
	if (change->send_count)
		return true;
	for (size_t i = 0; i < change->secret_count; i++) {
		if (secret_is_sent(&change->secrets[i]))
			return true;
	}
	return false;
}

/* ---- secrets ---- */

static struct secret *resolve(struct session *session,
                              const struct secret_change *secret,
                              struct diag *diag)
{
	struct secret *value = NULL;
	const enum secret_found found =
		secret_resolve(session->settings->secrets, secret->source,
	                       secret->place, &value, diag);

	if (found == SECRET_UNRESOLVED)
		diag_error(diag, CODE_SECRET_NEEDED, secret->place,
		           "`%s` was there when apply began and is gone now",
		           secret->source);
	return value;
}

static void print_value(const struct session *session,
                        const struct secret_change *change,
                        const struct secret *value, const char *row_uuid,
                        struct secret_print *print)
{
	const struct fingerprint_key *key = session->settings->key;

	print->known = true;
	print->fingerprinted =
		key && secret_fingerprint(key, row_uuid, change->name, value,
	                                  print->bytes);
}

void print_secret(struct session *session, const struct secret_change *secret,
                  const char *row_uuid, struct secret_print *print)
{
	CLEANUP(diag_freep) struct diag *unheard = diag_new();
	CLEANUP(secret_freep)
	struct secret *value = resolve(session, secret, unheard);

	if (value)
		print_value(session, secret, value, row_uuid, print);
}

int secret_shown(struct session *session, const struct secret_change *secret,
                 const struct auth_config *object)
{
	const struct secret_reading *reading =
		auth_config_reading(object, secret->name);
	CLEANUP(diag_freep) struct diag *unheard = diag_new();
	CLEANUP(secret_freep) struct secret *value = NULL;

	if (!reading || (!reading->hint && !reading->clear))
		return -1;
	value = resolve(session, secret, unheard);
	if (!value)
		return -1;
	if (reading->clear)
		return secret_equal(value, reading->clear);
	return secret_has_hint(value, reading->hint,
	                       (unsigned)strlen(reading->hint));
}

static int add_secret(struct sending *sending, size_t index)
{
	struct work *work = sending->work;
	const struct secret_change *secret = &work->change->secrets[index];
	struct secret *value =
		resolve(work->session, secret, work->session->diag);

	if (!value)
		return -1;
	print_value(work->session, secret, value, work->row_uuid,
	            &work->prints[index]);
	sending->secrets[sending->value_count] = (struct platform_secret){
		.name = secret->name,
		.secret = value,
	};
	sending->values[sending->value_count++] = value;
	return 0;
}

static bool clears_group(const struct work *work, unsigned group);

/* A clearing update carries secrets only where leaving one out loses it, or
 * their group is sent. */
static bool secret_belongs(const struct work *work,
                           const struct secret_change *secret)
{
	const struct traits *traits = session_traits(work->session);
	const struct secret_trait *trait = traits_secret(traits, secret->name);

	if (!secret_is_sent(secret))
		return false;
	return !(work->flags & WORK_CLEARING) ||
	       traits->secret_omit == SECRET_OMIT_REQUIRED ||
	       (trait && clears_group(work, trait->group));
}

/* Row S16: what the plan keeps is in no request. */
static bool is_lean(const struct sending *sending)
{
	const struct change *change = sending->work->change;

	for (size_t i = 0; i < sending->value_count; i++) {
		const char *name = sending->secrets[i].name;

		for (size_t j = 0; j < change->secret_count; j++) {
			if (str_equal(change->secrets[j].name, name) &&
			    !secret_is_sent(&change->secrets[j]))
				return false;
		}
	}
	return true;
}

static int add_secrets(struct sending *sending)
{
	const struct change *change = sending->work->change;

	sending->secrets =
		xcalloc(change->secret_count + 1, sizeof(*sending->secrets));
	sending->values =
		xcalloc(change->secret_count + 1, sizeof(*sending->values));
	for (size_t i = 0; i < change->secret_count; i++) {
		if (!secret_belongs(sending->work, &change->secrets[i]))
			continue;
		if (add_secret(sending, i) < 0)
			return -1;
	}
	sending->request.secrets = sending->secrets;
	sending->request.secret_count = sending->value_count;
	assert(is_lean(sending));
	return 0;
}

/* ---- fields ---- */

static void add_field(struct sending *sending, const char *name,
                      struct value value)
{
	sending->fields[sending->request.field_count++] =
		(struct platform_field){ name, value };
}

static bool is_in_sends(const struct change *change, const char *name)
{
	for (size_t i = 0; i < change->send_count; i++) {
		if (str_equal(change->sends[i].name, name))
			return true;
	}
	return false;
}

/* What a whole replacement must say beside what is declared. */
static void add_echo(struct sending *sending, const struct auth_config *object)
{
	const struct traits *traits = session_traits(sending->work->session);

	for (size_t i = 0; i < object->field_count; i++) {
		const struct field *field = &object->fields[i];
		const struct field_trait *trait =
			traits_field(traits, field->name);

		if (trait && trait->mode == MODE_SETTABLE &&
		    field->kind != VALUE_UNREADABLE &&
		    !is_in_sends(sending->work->change, field->name))
			add_field(sending, field->name, field_value(field));
	}
}

static unsigned group_of(const struct traits *traits, const char *name)
{
	const struct field_trait *trait = traits_field(traits, name);

	return trait ? trait->group : 0;
}

/* A field that was filled is of this group. */
static bool clears_group(const struct work *work, unsigned group)
{
	const struct change *change = work->change;
	const struct traits *traits = session_traits(work->session);
	const struct auth_config *object = state_at(work->clearing, 0);

	for (size_t i = 0; group && i < change->field_count; i++) {
		const struct field_change *field = &change->fields[i];

		if (compare_filled(traits, field, object) &&
		    group == group_of(traits, field->name))
			return true;
	}
	return false;
}

static bool clears_field(const struct work *work, const char *name)
{
	const struct change *change = work->change;
	const struct traits *traits = session_traits(work->session);
	const struct auth_config *object = state_at(work->clearing, 0);

	for (size_t i = 0; i < change->field_count; i++) {
		const struct field_change *field = &change->fields[i];

		if (str_equal(field->name, name) &&
		    compare_filled(traits, field, object))
			return true;
	}
	return false;
}

/* Merging, only the filled fields and their groups are sent again. */
static bool clears(const struct work *work, const char *name)
{
	return clears_field(work, name) ||
	       clears_group(work,
	                    group_of(session_traits(work->session), name));
}

static void add_fields(struct sending *sending)
{
	const struct work *work = sending->work;
	const struct change *change = work->change;
	const struct auth_config *made = work->flags & WORK_CLEARING
	                                         ? state_at(work->clearing, 0)
	                                         : NULL;
	const bool whole = !made || session_traits(work->session)->semantics ==
	                                    UPDATE_REPLACE;

	sending->fields =
		xcalloc(change->send_count + (made ? made->field_count : 0) + 1,
	                sizeof(*sending->fields));
	sending->request.fields = sending->fields;
	for (size_t i = 0; i < change->send_count; i++) {
		if (whole || clears(work, change->sends[i].name))
			add_field(sending, change->sends[i].name,
			          change->sends[i].value);
	}
	if (made && whole)
		add_echo(sending, made);
}

/* "own" or "managed" as declared; else as it is; else the platform's one. */
static const char *ownership_of(const struct change *change)
{
	struct value value = auth_config_value(change->desired, "ownership");

	if (value.kind != VALUE_TEXT && change->live)
		value = auth_config_value(change->live, "ownership");
	return value.kind == VALUE_TEXT ? value.bytes : NULL;
}

static int add_body(struct sending *sending)
{
	const struct change *change = sending->work->change;

	sending->request.natural_key = change->desired->natural_key;
	sending->request.ownership = ownership_of(change);
	add_fields(sending);
	return add_secrets(sending);
}

/* ---- handing over ---- */

static const enum platform_verb verbs[WORK_STATES] = {
	[WORK_RECHECK] = PLATFORM_GET,   [WORK_CREATE] = PLATFORM_CREATE,
	[WORK_UPDATE] = PLATFORM_UPDATE, [WORK_DELETE] = PLATFORM_DELETE,
	[WORK_VERIFY] = PLATFORM_GET,    [WORK_REREAD] = PLATFORM_GET,
	[WORK_CONFIRM] = PLATFORM_GET,
};

static void receive(const struct platform_result *result, void *context)
{
	struct sending *sending = context;
	struct work *work = sending->work;

	if (work) {
		work->sending = NULL;
		work->session->in_flight--;
		work_answer(work, result);
	}
	sending_free(sending);
}

static bool has_body(const struct sending *sending)
{
	return sending->request.verb == PLATFORM_CREATE ||
	       sending->request.verb == PLATFORM_UPDATE;
}

/* The platform has it, or will never call back: -1. */
static int submit(struct sending *sending)
{
	struct work *work = sending->work;
	struct session *session = work->session;
	const bool writes = sending->request.verb != PLATFORM_GET;

	work->sending = sending;
	session->in_flight++;
	session->sent_writes += writes;
	if (platform_submit(session->settings->platform, &sending->request,
	                    receive, sending, session->diag) == 0)
		return 0;
	work->sending = NULL;
	session->in_flight--;
	session->sent_writes -= writes;
	return -1;
}

static int hand_over(struct work *work)
{
	CLEANUP(sending_freep)
	struct sending *sending = xcalloc(1, sizeof(*sending));

	sending->work = work;
	sending->request.verb = verbs[work->state];
	if (sending->request.verb != PLATFORM_CREATE)
		sending->request.id = work->step->id;
	if (has_body(sending) && add_body(sending) < 0)
		return -1;
	if (submit(sending) < 0)
		return -1;
	(void)TAKE(sending);
	return 0;
}

void work_send(struct work *work)
{
	if (hand_over(work) == 0)
		return;
	journal_settle(work, OUTCOME_UNSENT, NULL);
	work_end(work, VERDICT_UNBUILT, NULL, NULL);
}
