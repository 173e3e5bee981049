/* SPDX-License-Identifier: MIT */
#include "plans.h"

#include "base/arena.h"
#include "base/text.h"
#include "schema/schema.h"

#include <stdlib.h>
#include <string.h>

/* ---- what a change is made of ---- */

static const struct field_row row_change = { "F7",  "change",    true,
	                                     false, DANGER_NONE, RECORD_SET };
static const struct field_row row_drift = { "F5", "drift",     true,
	                                    true, DANGER_NONE, RECORD_SET };
static const struct field_row row_conflict = {
	"F9", "conflict", true, true, DANGER_REVIEW, RECORD_SET
};
static const struct field_row row_create = { "F18", "create",    true,
	                                     false, DANGER_NONE, RECORD_SET };
static const struct field_row row_clean = { "F3",  "clean",     false,
	                                    false, DANGER_NONE, RECORD_KEEP };

/* One edit of one field; sets have a `;` behind each item. */
struct edit {
	const char *name, *before, *after;
	const struct field_row *row;
	enum danger danger;
};

struct recipe {
	enum change_kind kind;
	enum danger danger;
	const char *reason;
	struct edit edits[2];
	enum secret_action secret;
};

static const struct recipe recipes[] = {
	{ CHANGE_UPDATE,
	  DANGER_REVIEW,
	  "scopes added: users must re-consent",
	  { { "scopes", "read;write;", "admin:read;read;write;", &row_change,
	      DANGER_REVIEW } },
	  SECRET_KEEP },
	{ CHANGE_UPDATE,
	  DANGER_NONE,
	  NULL,
	  { { "name", "Old name", "New name", &row_change, DANGER_NONE } },
	  SECRET_KEEP },
	{ CHANGE_CREATE,
	  DANGER_NONE,
	  NULL,
	  { { "name", NULL, "Made just now", &row_create, DANGER_NONE },
	    { "scopes", NULL, "read;write;", &row_create, DANGER_NONE } },
	  SECRET_SET },
	{ CHANGE_ROTATE, DANGER_REVIEW, NULL, { { NULL } }, SECRET_ROTATE },
	{ CHANGE_UPDATE,
	  DANGER_REVIEW,
	  "redirect URI changed: the provider must know it too",
	  { { "redirectUri", "https://old.example.com/callback",
	      "https://new.example.com/oauth/callback", &row_change,
	      DANGER_REVIEW },
	    { "type", "oauth2", "oauth2", &row_clean, DANGER_NONE } },
	  SECRET_KEEP },
	{ CHANGE_UPDATE,
	  DANGER_NONE,
	  NULL,
	  { { "name", "Named by hand", "As declared", &row_drift,
	      DANGER_NONE } },
	  SECRET_NONE },
	{ CHANGE_UPDATE,
	  DANGER_REVIEW,
	  NULL,
	  { { "scopes", "admin;read;write;", "read;write;", &row_change,
	      DANGER_REVIEW } },
	  SECRET_KEEP },
	{ CHANGE_UPDATE,
	  DANGER_REVIEW,
	  NULL,
	  { { "name", "Theirs", "Ours", &row_conflict, DANGER_REVIEW } },
	  SECRET_KEEP },
};

static const struct recipe deletion = { CHANGE_DELETE,
	                                DANGER_DESTRUCTIVE,
	                                "1204 connections break",
	                                { { NULL } },
	                                SECRET_NONE };

static const char *const connectors[] = {
	"slack",   "github",  "notion",   "hubspot",    "salesforce",
	"asana",   "jira",    "linear",   "google-ads", "gmail",
	"outlook", "zendesk", "intercom", "quickbooks", "stripe",
	"dropbox", "box",     "airtable", "clickup",    "monday",
};

/* ---- into a plan ---- */

struct making {
	struct plans *plans;
	const char *hostile; /* NULL: nobody is */
	size_t index;
};

static char *keep(struct making *making, char *text)
{
	const size_t size = strlen(text) + 1;
	char *copy = arena_alloc(making->plans->plan.arena, size);

	memcpy(copy, text, size);
	free(text);
	return copy;
}

/* What others say: as given, or hostile. */
static const char *theirs(const struct making *making, const char *text)
{
	return making->hostile ? making->hostile : text;
}

static struct value value_of(struct making *making, const char *text)
{
	struct value value = { .kind = VALUE_ABSENT };
	char *bytes;

	if (!text)
		return value;
	value.length = (uint32_t)strlen(text);
	value.kind = strchr(text, ';') ? VALUE_SET : VALUE_TEXT;
	bytes = arena_alloc(making->plans->plan.arena, value.length + 1);
	memcpy(bytes, text, value.length);
	for (size_t i = 0; value.kind == VALUE_SET && i < value.length; i++)
		bytes[i] = bytes[i] == ';' ? '\0' : bytes[i];
	value.bytes = bytes;
	return value;
}

static void add_field(struct making *making, struct change *change,
                      const struct edit *edit)
{
	struct field_change *field = &change->fields[change->field_count++];
	const bool text = edit->before && !strchr(edit->before, ';');

	*field = (struct field_change){
		.name = edit->name,
		.declared = value_of(making, edit->after),
		.live = value_of(making, text ? theirs(making, edit->before)
		                              : edit->before),
		.sent = value_of(making, edit->before),
		.seen = value_of(making, edit->before),
		.row = edit->row,
		.writes = edit->row->write,
		.danger = edit->danger,
		.place = { change->place.file, change->place.line + 2, 5 },
	};
}

static void add_secret(struct making *making, struct change *change,
                       enum secret_action action)
{
	const bool rotates = action == SECRET_ROTATE;

	change->secret_count = 1;
	change->secrets[0] = (struct secret_change){
		.name = "client.secret",
		.row = rotates ? "S7a" : "S9a",
		.action = action,
		.needs_value = action >= SECRET_SET,
		.source = keep(making,
		               xasprintf("env:PROD_SECRET_%zu", making->index)),
		.version = rotates ? "2026-11" : NULL,
		.previous_version = rotates ? "2026-05" : NULL,
		.reason = rotates ? "another version" : "unchanged",
		.danger = rotates ? DANGER_REVIEW : DANGER_NONE,
		.place = { change->place.file, change->place.line + 6, 7 },
	};
}

static void add_change(struct making *making, const struct recipe *recipe)
{
	struct plan *plan = &making->plans->plan;
	struct change *change = &plan->changes[plan->change_count++];
	const size_t i = making->index;
	const char *connector = connectors[i % LENGTH(connectors)];
	const bool deleted = recipe->kind == CHANGE_DELETE;

	*change = (struct change){
		.kind = recipe->kind,
		.row = deleted ? "O14" : "O10",
		.key = keep(making, xasprintf("%s-%05zu", connector, i)),
		.danger = recipe->danger,
		.connections = deleted ? 1204 : -1,
		.fields = arena_alloc(plan->arena,
		                      2 * sizeof(struct field_change)),
		.secrets =
			arena_alloc(plan->arena, sizeof(struct secret_change)),
		.reasons = arena_alloc(plan->arena, sizeof(char *)),
	};
	change->address = keep(making, xasprintf("prod/%s", change->key));
	if (making->hostile)
		change->address = making->hostile;
	if (recipe->kind != CHANGE_CREATE)
		change->id = theirs(
			making, keep(making, xasprintf("%024zx", i + 4711)));
	if (!deleted)
		change->place =
			(struct place){ theirs(making,
			                       "environments/prod.yaml"),
			                (unsigned)(20 + 9 * i), 3 };
	if (recipe->reason)
		change->reasons[change->reason_count++] =
			keep(making, xstrdup(theirs(making, recipe->reason)));
	for (size_t j = 0; j < LENGTH(recipe->edits); j++) {
		if (recipe->edits[j].name)
			add_field(making, change, &recipe->edits[j]);
	}
	if (recipe->secret != SECRET_NONE)
		add_secret(making, change, recipe->secret);
	plan->counts.kinds[recipe->kind]++;
	if (recipe->danger > plan->danger)
		plan->danger = recipe->danger;
}

static void add_rest(struct making *making)
{
	struct plan *plan = &making->plans->plan;
	static const char *left = "`````"; /* a fence, if it were ours */
	struct bystander *orphan = xcalloc(1, sizeof(*orphan));

	*orphan = (struct bystander){ .key = theirs(making, "teams-old"),
		                      .id = theirs(making, "65f0aa01"),
		                      .connector = "teams",
		                      .name = theirs(making, "Teams (old)"),
		                      .row = "O13" };
	plan->orphans = orphan;
	plan->orphan_count = plan->counts.orphaned = 1;
	plan->left = &left;
	plan->left_count = making->hostile != NULL;
	plan->counts.unchanged = 212;
	plan->counts.drifted = 5;
	memset(plan->digest, '4', sizeof(plan->digest) - 1);
	memcpy(plan->digest, "1:", 2);
	plan_weigh(plan);
}

static const struct recipe *recipe_of(const char *kind, size_t index,
                                      size_t count)
{
	if (str_equal(kind, "destructive") ? index % 3 == 0
	                                   : index == count / 2)
		return &deletion;
	return &recipes[index % LENGTH(recipes)];
}

/* As each plan is sorted. */
static int compare_changes(const void *a, const void *b)
{
	const struct change *left = a, *right = b;

	return strcmp(left->address, right->address);
}

struct plans *plans_new(const char *kind, size_t count)
{
	struct plans *plans = xcalloc(1, sizeof(*plans));
	struct making making = { .plans = plans };
	struct plan *plan = &plans->plan;

	plan->arena = arena_new();
	plan->environment = "prod";
	plan->origin = "https://api.platform.test";
	plan->platform = "composio";
	plan->revision = "directory";
	plan->changes = xcalloc(count + 1, sizeof(*plan->changes));
	if (str_equal(kind, "hostile"))
		making.hostile = PLANS_HOSTILE;
	for (; making.index < count; making.index++)
		add_change(&making, recipe_of(kind, making.index, count));
	qsort(plan->changes, plan->change_count, sizeof(*plan->changes),
	      compare_changes);
	add_rest(&making);
	plans->diag = diag_new();
	if (making.hostile)
		diag_error(plans->diag, CODE_UNKNOWN_KEY,
		           (struct place){ making.hostile, 1, 1 }, "%s",
		           making.hostile);
	plans->report = (struct report){
		.command = "plan",
		.environment = "prod",
		.diag = plans->diag,
		.plan = plan,
		.requests = 3,
	};
	return plans;
}

void plans_free(struct plans *plans)
{
	if (!plans)
		return;
	free(plans->plan.changes);
	free(plans->plan.orphans);
	free(plans->plan.risks);
	arena_free(plans->plan.arena);
	diag_free(plans->diag);
	free(plans);
}
