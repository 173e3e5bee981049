/* SPDX-License-Identifier: MIT */
/*
 * Base: what the files say, held against what another revision of them says.
 *
 * Nobody is asked and no secret is read, so a pull request of a stranger can be
 * looked at before anything is trusted: the base takes the place of the ledger
 * and of the platform, and the plan is made by the same law. What decides about
 * every run stands first: it is compared as it is written, key for key.
 */
#include "run/road.h"
#include "run/tree.h"

#include "base/text.h"
#include "schema/schema.h"

#include <stdlib.h>
#include <string.h>

/* What guards every run, and where it goes. */
static const char *const deciding[] = { "environment", "platform", "ledger",
	                                "policy", NULL };

/* ---- the base's files ---- */

int road_trust_base(struct run *run, const char *file,
                    struct documents *documents, const struct node **root)
{
	struct source *source;
	const struct node *trusted;

	if (!run->options.trust_base)
		return 0;
	source = road_source_at(run, run->options.trust_base, file);
	if (!source)
		return -1;
	road_keep_source(run, source);
	trusted = document_load(documents, source, run->diag);
	if (!trusted)
		return -1;
	*root = document_graft(documents, *root, trusted, deciding);
	return 0;
}

/* An environment that the base does not have is all new. */
static bool is_new(const struct source *source)
{
	CLEANUP(diag_freep) struct diag *unsaid = diag_new();
	CLEANUP(buffer_release) struct buffer text = { 0 };

	return source_read(source, source_first(source), PLACE_NONE, &text,
	                   unsaid) < 0 &&
	       diag_length(unsaid) &&
	       diag_at(unsaid, 0)->code == CODE_FILE_UNREADABLE;
}

/* Its warnings were said when it went there; its mistakes matter. */
static int load_quietly(struct run *run, const char *file, struct road *base)
{
	CLEANUP(diag_freep) struct diag *unsaid = diag_new();
	struct diag *said = run->diag;
	struct source *source = base->source;
	int result;

	run->diag = unsaid;
	result = road_load_source(run, file, DESIRED_LENIENT, base);
	run->diag = said;
	if (result == 0)
		return 0;
	road_release(base);
	*base = (struct road){ .source = source };
	return road_load_source(run, file, DESIRED_LENIENT, base);
}

/* 1: the base has no such file. */
static int load_base(struct run *run, const char *file, struct road *base)
{
	base->source = road_source_at(run, run->options.base, file);
	if (!base->source)
		return -1;
	road_keep_source(run, base->source);
	if (is_new(base->source))
		return 1;
	return load_quietly(run, file, base);
}

/* ---- what decides ---- */

struct comparing {
	struct run *run;
	struct road *road, *base;
};

/* A value as one line, cut where it is long; references name, they hold no
 * secret. */
static char *show(const struct node *node)
{
	CLEANUP(textp) char *json = node ? node_json(node) : NULL;

	if (!json)
		return xstrdup("not set");
	return xasprintf("`%.200s`", json);
}

static void add_difference(const struct comparing *comparing, const char *path,
                           const struct node *now, const struct node *was)
{
	struct road *road = comparing->road;
	CLEANUP(textp) char *is = show(now);
	CLEANUP(textp) char *before = show(was);
	const struct place place =
		now ? node_place(road->documents, now)
		    : node_place(comparing->base->documents, was);
	char *text = xasprintf("`%s` is %s and was %s", path, is, before);

	road->base_texts =
		xreallocarray(road->base_texts, road->base_text_count + 1,
	                      sizeof(*road->base_texts));
	road->weakenings =
		xreallocarray(road->weakenings, road->weakening_count + 1,
	                      sizeof(*road->weakenings));
	road->base_texts[road->base_text_count++] = text;
	road->weakenings[road->weakening_count++] = (struct plan_weakening){
		.text = text,
		.place = place,
		.from_base = true,
	};
	diag_warning(comparing->run->diag, CODE_BASE_DIFFERS, place,
	             "%s in %s; look whether this change needs it", text,
	             comparing->run->options.base);
}

/* A map that is not there is an empty one. */
static bool is_map(const struct node *node)
{
	return !node || node->type == NODE_MAPPING;
}

static void compare(const struct comparing *comparing, const char *path,
                    const struct node *now, const struct node *was);

static void compare_key(const struct comparing *comparing, const char *path,
                        const struct node *key, const struct node *now,
                        const struct node *was)
{
	const char *name = node_text(key);
	CLEANUP(textp)
	char *below = xasprintf("%s.%s", path, name ? name : "?");

	if (name)
		compare(comparing, below, node_get(now, name),
		        node_get(was, name));
}

static void compare(const struct comparing *comparing, const char *path,
                    const struct node *now, const struct node *was)
{
	CLEANUP(textp) char *is = now ? node_json(now) : NULL;
	CLEANUP(textp) char *before = was ? node_json(was) : NULL;

	if (str_equal(is, before))
		return;
	if (!is_map(now) || !is_map(was)) {
		add_difference(comparing, path, now, was);
		return;
	}
	for (size_t i = 0; now && i < now->count; i++)
		compare_key(comparing, path, node_key(now, i), now, was);
	for (size_t i = 0; was && i < was->count; i++) {
		const struct node *key = node_key(was, i);

		if (!node_text(key) || !node_get(now, node_text(key)))
			compare_key(comparing, path, key, now, was);
	}
}

static void compare_deciding(const struct comparing *comparing)
{
	for (size_t i = 0; deciding[i]; i++)
		compare(comparing, deciding[i],
		        node_get(comparing->road->root, deciding[i]),
		        node_get(comparing->base->root, deciding[i]));
}

/* ---- the base as what was applied and is live ---- */

static void copy_fields(struct state *state, const struct auth_config *config)
{
	for (size_t i = 0; i < config->field_count; i++) {
		const struct field *field = &config->fields[i];

		state_field(state, field->name, field_value(field), PLACE_NONE);
	}
}

static void copy_seen(struct state *state, const struct auth_config *config)
{
	for (size_t i = 0; i < config->field_count; i++)
		state_seen(state, config->fields[i].name,
		           field_value(&config->fields[i]));
}

static void copy_record(struct state *state,
                        const struct secret_reference *reference)
{
	const struct secret_record record = {
		.name = reference->name,
		.known = true,
		.version = reference->version,
		.source = reference->source,
	};

	state_record(state, &record);
}

/* Sent as declared, and read back as sent. */
static void add_row(struct state *state, const struct auth_config *config,
                    size_t number)
{
	CLEANUP(textp) char *uuid = xasprintf("%032zx", number);
	struct auth_config *row;

	state_begin(state, config->key, PLACE_NONE);
	row = state_open(state);
	row->id = state_text(state, config->key);
	row->natural_key = state_text(state, config->natural_key);
	row->flags = config->flags;
	row->row_uuid = state_text(state, uuid);
	copy_fields(state, config);
	copy_seen(state, config);
	for (size_t i = 0; i < config->reference_count; i++)
		copy_record(state, &config->references[i]);
	state_end(state);
}

static void add_live(struct state *state, const struct auth_config *config)
{
	struct auth_config *live;

	state_begin(state, config->key, PLACE_NONE);
	live = state_open(state);
	live->natural_key = state_text(state, config->natural_key);
	live->connections = -1;
	copy_fields(state, config);
	state_end(state);
}

/* What another platform had stays there: here all is new. */
static bool is_comparable(const struct road *road, const struct road *base)
{
	return base->desired && base->binding &&
	       str_equal(binding_name(road->binding),
	                 binding_name(base->binding));
}

static int stand_in(struct road *road, const struct road *base)
{
	const size_t count =
		is_comparable(road, base) ? state_length(base->desired) : 0;
	const char *twin = NULL;

	road->applied = state_new(STATE_BY_KEY);
	road->live = state_new(STATE_BY_ID);
	for (size_t i = 0; i < count; i++) {
		add_row(road->applied, state_at(base->desired, i), i);
		add_live(road->live, state_at(base->desired, i));
	}
	if (state_finish(road->applied, &twin) < 0 ||
	    state_finish(road->live, &twin) < 0)
		return -1;
	road->resolved.applied = road->applied;
	road->ledger_mode = LEDGER_MODE_KEPT;
	return 0;
}

/* Nobody reads a secret back from a file. */
static void set_traits(struct road *road)
{
	const struct traits *traits = binding_traits(road->binding);

	road->base_traits = *traits;
	road->base_secrets =
		xcalloc(traits->secret_count + 1, sizeof(*road->base_secrets));
	for (size_t i = 0; i < traits->secret_count; i++) {
		road->base_secrets[i] = traits->secrets[i];
		road->base_secrets[i].readback = READBACK_NEVER;
	}
	road->base_traits.secrets = road->base_secrets;
}

/* ---- the plan ---- */

static int check_options(struct run *run)
{
	if (!run->options.out)
		return 0;
	return diag_error(run->diag, CODE_USAGE, PLACE_NONE,
	                  "--base compares files, and nothing of it can be "
	                  "applied; leave --out or --base out");
}

static int compare_with(struct run *run, const char *file, struct road *road,
                        struct road *base)
{
	const struct comparing comparing = { run, road, base };
	const int loaded = load_base(run, file, base);

	if (loaded < 0)
		return -1;
	if (loaded > 0)
		diag_info(run->diag, CODE_BASE_DIFFERS, PLACE_NONE,
		          "`%s` does not exist in %s: all of it is new", file,
		          run->options.base);
	else
		compare_deciding(&comparing);
	road->base_revision =
		xasprintf("%s, against %s", source_revision(road->source),
	                  source_revision(base->source));
	set_traits(road);
	return stand_in(road, base) < 0 ? -1 : road_compare(run, road);
}

int road_plan_base(struct run *run, const char *file, struct road *road)
{
	if (check_options(run) < 0 ||
	    road_load(run, file, DESIRED_LENIENT, road) < 0)
		return -1;
	road->base = xcalloc(1, sizeof(*road->base));
	return compare_with(run, file, road, road->base);
}
