/* SPDX-License-Identifier: MIT */
/*
 * Open intents of an earlier run, held against what is live (rows P7, O19).
 *
 * Rows are worked on as drafts: shallow copies whose changed parts lie in an
 * arena. Intents are taken oldest first, each seeing what those before it
 * found.
 */
#include "apply/steps.h"

#include "base/arena.h"
#include "base/text.h"
#include "schema/schema.h"

#include <stdlib.h>
#include <string.h>

struct draft {
	struct auth_config row;
	const struct auth_config *from; /* unchanged; else NULL */
	bool removed;
};

struct resolving {
	const struct state *applied, *live;
	struct arena *arena;
	struct draft *drafts;
	size_t draft_count;
	struct resolved *out;
	struct diag *diag;
	int result;
};

/* ---- drafts ---- */

static struct draft *find_draft(struct resolving *resolving, const char *uuid)
{
	for (size_t i = 0; i < resolving->draft_count; i++) {
		struct draft *draft = &resolving->drafts[i];

		if (!draft->removed && str_equal(draft->row.row_uuid, uuid))
			return draft;
	}
	return NULL;
}

static bool key_is_bound(const struct resolving *resolving, const char *key)
{
	for (size_t i = 0; i < resolving->draft_count; i++) {
		const struct draft *draft = &resolving->drafts[i];

		if (!draft->removed && str_equal(draft->row.key, key))
			return true;
	}
	return false;
}

static bool is_in(const char *const *ids, size_t count, const char *id)
{
	for (size_t i = 0; i < count; i++) {
		if (str_equal(ids[i], id))
			return true;
	}
	return false;
}

static bool is_claimed(const struct resolving *resolving, const char *id)
{
	for (size_t i = 0; i < resolving->draft_count; i++) {
		const struct draft *draft = &resolving->drafts[i];

		if (!draft->removed &&
		    (str_equal(draft->row.id, id) ||
		     is_in(draft->row.retired, draft->row.retired_count, id)))
			return true;
	}
	return false;
}

static void *copy_array(struct resolving *resolving, const void *items,
                        size_t count, size_t size)
{
	void *copy = arena_alloc(resolving->arena, (count + 1) * size);

	if (count)
		memcpy(copy, items, count * size);
	return copy;
}

/* Row S21: the secret may or may not have arrived. */
static void doubt(struct resolving *resolving, struct draft *draft,
                  const char *name)
{
	struct auth_config *row = &draft->row;
	struct secret_record *records = copy_array(
		resolving, row->records, row->record_count, sizeof(*records));
	size_t at = 0;

	while (at < row->record_count && strcmp(records[at].name, name) < 0)
		at++;
	if (at == row->record_count || !str_equal(records[at].name, name)) {
		memmove(&records[at + 1], &records[at],
		        (row->record_count - at) * sizeof(*records));
		records[at] = (struct secret_record){ .name = name };
		row->record_count++;
	}
	records[at].in_doubt = true;
	row->records = records;
	draft->from = NULL;
}

static void doubt_all(struct resolving *resolving, struct draft *draft,
                      const struct intent *intent)
{
	for (size_t i = 0; i < intent->secret_count; i++)
		doubt(resolving, draft, intent->secrets[i]);
}

static void retire(struct resolving *resolving, struct draft *draft,
                   const char *id)
{
	struct auth_config *row = &draft->row;
	const char **retired = copy_array(resolving, row->retired,
	                                  row->retired_count, sizeof(*retired));

	retired[row->retired_count++] = id;
	row->retired = retired;
	draft->from = NULL;
}

static void unretire(struct resolving *resolving, struct draft *draft,
                     const char *id)
{
	struct auth_config *row = &draft->row;
	const char **retired =
		copy_array(resolving, row->retired, 0,
	                   sizeof(*retired) * (row->retired_count + 1U));
	uint16_t kept = 0;

	for (size_t i = 0; i < row->retired_count; i++) {
		if (!str_equal(row->retired[i], id))
			retired[kept++] = row->retired[i];
	}
	row->retired = retired;
	row->retired_count = kept;
	draft->from = NULL;
}

/* Another object than before: nothing is known of it but its connector, which
 * is kept for rows O8 and O14. */
static void bind(struct resolving *resolving, struct draft *draft,
                 const struct auth_config *object)
{
	struct auth_config *row = &draft->row;
	struct field *field = arena_alloc(resolving->arena, sizeof(*field));
	const struct value connector = auth_config_value(object, "connector");

	*field = (struct field){
		.name = "connector",
		.bytes = connector.bytes,
		.length = connector.length,
		.kind = connector.kind,
	};
	row->id = object->id;
	row->fields = row->seen = field;
	row->field_count = row->seen_count = 1;
	row->record_count = 0;
	row->updated_at = NULL;
	draft->from = NULL;
}

static struct draft *add_draft(struct resolving *resolving,
                               const struct intent *intent)
{
	struct draft *draft = &resolving->drafts[resolving->draft_count++];

	*draft = (struct draft){
		.row = { .key = intent->key,
		         .row_uuid = intent->row_uuid,
		         .natural_key = intent->natural_key,
		         .connections = -1 },
	};
	return draft;
}

/* ---- what was found ---- */

/* The text is taken over. */
static struct resolution *say(struct resolving *resolving,
                              const struct intent *intent, const char *key,
                              char *text)
{
	struct resolved *out = resolving->out;
	struct resolution *found = &out->resolutions[out->resolution_count++];

	*found = (struct resolution){
		.intent = intent->number,
		.key = key,
		.text = text,
	};
	return found;
}

/* ---- creates ---- */

static bool could_be(const struct resolving *resolving,
                     const struct intent *intent,
                     const struct auth_config *object)
{
	const struct identity identity = {
		.natural_key = intent->natural_key,
		.connector = intent->connector,
		.name = intent->name,
		.client_id = intent->client_id,
	};

	return identity_matches(&identity, object) &&
	       !is_in(intent->snapshot, intent->snapshot_count, object->id) &&
	       !is_claimed(resolving, object->id);
}

static void report_several(struct resolving *resolving,
                           const struct intent *intent)
{
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);
	const char *between = "";

	for (size_t i = 0; i < state_length(resolving->live); i++) {
		const struct auth_config *object = state_at(resolving->live, i);

		if (!could_be(resolving, intent, object))
			continue;
		fprintf(out, "%s`%s`", between, object->id);
		between = ", ";
	}
	(void)fclose(out);
	resolving->result = diag_error(
		resolving->diag, CODE_INTENT_AMBIGUOUS, PLACE_NONE,
		"an earlier run may have created `%s`, and several objects "
		"could be it: %s; delete those that nobody needs at the "
		"platform",
		intent->key, text);
	free(text);
}

static void nothing_made(struct resolving *resolving,
                         const struct intent *intent)
{
	say(resolving, intent, intent->key,
	    xasprintf("`%s`: an earlier run meant to create it and did not",
	              intent->key));
}

static void take_object(struct resolving *resolving,
                        const struct intent *intent,
                        const struct auth_config *object)
{
	struct draft *draft = find_draft(resolving, intent->row_uuid);

	if (!draft && key_is_bound(resolving, intent->key)) {
		nothing_made(resolving, intent);
		return;
	}
	if (!draft)
		draft = add_draft(resolving, intent);
	else if (intent->kind == INTENT_REPLACE_CREATE && draft->row.id)
		retire(resolving, draft, draft->row.id);
	bind(resolving, draft, object);
	doubt_all(resolving, draft, intent);
	say(resolving, intent, draft->row.key,
	    xasprintf("`%s`: an earlier run created it after all, as %s%s",
	              draft->row.key, object->id,
	              intent->secret_count ? "; its secret is sent again" : ""))
		->doubt = intent->secret_count > 0;
}

static void resolve_create(struct resolving *resolving,
                           const struct intent *intent)
{
	const struct auth_config *found = NULL;
	size_t count = 0;

	for (size_t i = 0; i < state_length(resolving->live); i++) {
		const struct auth_config *object = state_at(resolving->live, i);

		if (!could_be(resolving, intent, object))
			continue;
		found = object;
		count++;
	}
	if (count > 1)
		report_several(resolving, intent);
	else if (found)
		take_object(resolving, intent, found);
	else
		nothing_made(resolving, intent);
}

/* ---- updates and deletes ---- */

static void resolve_update(struct resolving *resolving,
                           const struct intent *intent)
{
	struct draft *draft = find_draft(resolving, intent->row_uuid);
	const char *key = draft ? draft->row.key : intent->key;
	const bool in_doubt = draft && intent->secret_count > 0;

	if (draft)
		doubt_all(resolving, draft, intent);
	say(resolving, intent, key,
	    xasprintf("`%s`: nobody knows whether an update of an earlier run "
	              "arrived; %s",
	              key,
	              in_doubt ? "its secret is sent again"
	                       : "what is live is compared"))
		->doubt = in_doubt;
}

static void resolve_delete(struct resolving *resolving,
                           const struct intent *intent)
{
	struct draft *draft = find_draft(resolving, intent->row_uuid);
	const bool gone = !state_find(resolving->live, intent->id);
	const char *key = draft ? draft->row.key : intent->key;

	say(resolving, intent, key,
	    xasprintf("`%s`: %s, which an earlier run meant to delete, is %s",
	              key, intent->id, gone ? "gone" : "still there"));
	if (!gone || !draft)
		return;
	if (str_equal(draft->row.id, intent->id))
		draft->removed = true;
	else
		unretire(resolving, draft, intent->id);
}

typedef void resolve_fn(struct resolving *resolving,
                        const struct intent *intent);

static resolve_fn *const resolves[] = {
	[INTENT_CREATE] = resolve_create,
	[INTENT_UPDATE] = resolve_update,
	[INTENT_DELETE] = resolve_delete,
	[INTENT_REPLACE_CREATE] = resolve_create,
	[INTENT_REPLACE_DELETE] = resolve_delete,
};

/* ---- the door ---- */

static void resolving_init(struct resolving *resolving, size_t intents)
{
	const size_t rows = state_length(resolving->applied);

	resolving->arena = arena_new();
	resolving->drafts =
		xcalloc(rows + intents + 1, sizeof(*resolving->drafts));
	resolving->draft_count = rows;
	for (size_t i = 0; i < rows; i++) {
		struct draft *draft = &resolving->drafts[i];

		draft->from = state_at(resolving->applied, i);
		draft->row = *draft->from;
	}
	resolving->out->resolutions =
		xcalloc(intents + 1, sizeof(*resolving->out->resolutions));
}

static void resolving_release(struct resolving *resolving)
{
	free(resolving->drafts);
	arena_free(resolving->arena);
}

static struct state *build(const struct resolving *resolving)
{
	struct state *state = state_new(STATE_BY_KEY);

	for (size_t i = 0; i < resolving->draft_count; i++) {
		const struct draft *draft = &resolving->drafts[i];

		if (draft->removed)
			continue;
		if (draft->from)
			state_copy(state, resolving->applied, draft->from);
		else
			row_write(state, &draft->row);
	}
	finish_unique(state);
	return state;
}

int apply_resolve(const struct state *applied, const struct state *live,
                  const struct intent *intents, size_t count,
                  struct resolved *out, struct diag *diag)
{
	struct resolving resolving = {
		.applied = applied,
		.live = live,
		.out = out,
		.diag = diag,
	};

	*out = (struct resolved){ .applied = applied };
	if (!live || !count)
		return 0;
	resolving_init(&resolving, count);
	for (size_t i = 0; i < count; i++)
		resolves[intents[i].kind](&resolving, &intents[i]);
	if (resolving.result == 0)
		out->applied = out->owned = build(&resolving);
	resolving_release(&resolving);
	if (resolving.result < 0)
		resolved_release(out);
	return resolving.result;
}

int apply_write_resolved(struct ledger *ledger, const struct state *applied,
                         const struct resolved *resolved, struct diag *diag)
{
	for (size_t i = 0; i < resolved->resolution_count; i++) {
		const struct resolution *found = &resolved->resolutions[i];
		const struct auth_config *row =
			state_find(resolved->applied, found->key);
		const struct auth_config *before =
			state_find(applied, found->key);

		ledger_settle(ledger, found->intent, OUTCOME_RESOLVED, 0,
		              found->text);
		if (row)
			ledger_put(ledger, row);
		else if (before)
			ledger_remove(ledger, before->row_uuid);
	}
	return ledger_commit(ledger, diag);
}

void resolved_release(struct resolved *resolved)
{
	for (size_t i = 0; i < resolved->resolution_count; i++)
		free(resolved->resolutions[i].text);
	free(resolved->resolutions);
	state_free(resolved->owned);
	*resolved = (struct resolved){ .applied = NULL };
}
