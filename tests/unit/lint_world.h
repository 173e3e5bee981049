/* SPDX-License-Identifier: MIT */
/*
 * A world for lint tests: environments read from the little YAML that the
 * rules' examples are written in, and findings asked for by rule.
 *
 *     { redirectUri: https://a.example/cb }        one entry, `app`, in `dev`
 *     { a: { … }, b: { … } }                       several entries
 *     { dev: { … }, prod: { … } }                  one entry, `app`, in each
 */
#ifndef TESTS_UNIT_LINT_WORLD_H
#define TESTS_UNIT_LINT_WORLD_H

#include "base/clock.h"
#include "base/text.h"
#include "document/document.h"
#include "lint/lint.h"
#include "unit.h"

#include <string.h>

enum { WORLD_ENVIRONMENTS = 3, WORLD_SECRETS = 4 };

#define WORLD_CALLBACK "https://platform.example.com/oauth/callback"
#define DAYS(count) ((int64_t)(count)*24 * 60 * 60 * 1000)

/* One that knows all scopes there are. */
static const char world_profile[] =
	"profile: 1\n"
	"connector: example\n"
	"title: Example\n"
	"sources: { own: { url: 'https://a.example', read: '2026-11-23' } }\n"
	"scopes:\n"
	"  complete: true\n"
	"  known: [{ source: own, items: [read, repo, write] }]\n"
	"limits: { redirectUris: { value: 1, source: own } }\n";

struct world {
	struct diag *diag;
	struct documents *documents;
	struct profiles *profiles;
	size_t count;
	struct lint_environment environments[WORLD_ENVIRONMENTS];
	char *files[WORLD_ENVIRONMENTS];
	struct lint_policy *policies[WORLD_ENVIRONMENTS];
	struct state *desired[WORLD_ENVIRONMENTS];
	struct state *applied[WORLD_ENVIRONMENTS];
	struct state *live[WORLD_ENVIRONMENTS];
	struct lint_secret secrets[WORLD_ENVIRONMENTS][WORLD_SECRETS];
	int64_t today_ms;
	struct findings *findings;
};

static inline int64_t day(const char *text)
{
	CLEANUP(textp) char *moment = xasprintf("%sT12:00:00Z", text);
	int64_t at_ms;

	assert_int_equal(clock_parse(moment, &at_ms), 0);
	return at_ms;
}

static inline struct world *world_new(void)
{
	struct world *world = xcalloc(1, sizeof(*world));

	world->diag = diag_new();
	world->documents = documents_new();
	world->profiles = profiles_load(world->diag);
	assert_non_null(world->profiles);
	assert_int_equal(profiles_add(world->profiles, "example.yaml",
	                              world_profile, strlen(world_profile),
	                              world->diag),
	                 0);
	world->today_ms = day("2026-11-23");
	return world;
}

/* Forgets the environments. */
static inline void world_clear(struct world *world)
{
	findings_free(world->findings);
	world->findings = NULL;
	for (size_t i = 0; i < world->count; i++) {
		lint_policy_free(world->policies[i]);
		state_free(world->desired[i]);
		state_free(world->applied[i]);
		state_free(world->live[i]);
		free(world->files[i]);
		world->applied[i] = world->live[i] = NULL;
	}
	memset(world->environments, 0, sizeof(world->environments));
	memset(world->secrets, 0, sizeof(world->secrets));
	world->count = 0;
}

static inline void world_free(struct world *world)
{
	world_clear(world);
	profiles_free(world->profiles);
	documents_free(world->documents);
	diag_free(world->diag);
	free(world);
}
DEFINE_CLEANUP(world)

/* ---- reading ---- */

static inline void read_text_field(struct world *world, struct state *state,
                                   const struct node *node, const char *name)
{
	if (node_text(node))
		state_field(state, name,
		            state_value_text(state, node_text(node)),
		            node_place(world->documents, node));
}

static inline void read_scopes_field(struct world *world, struct state *state,
                                     const struct node *node)
{
	const char *items[300];

	if (!node)
		return;
	assert_true(node->count < LENGTH(items));
	for (size_t i = 0; i < node->count; i++)
		items[i] = node_text(node_item(node, i));
	state_field(state, "scopes", state_value_set(state, items, node->count),
	            node_place(world->documents, node));
}

static inline void read_secret(struct world *world, size_t index,
                               const char *key, const struct node *client)
{
	const struct node *secret = node_get(client, "secret");
	const char *expires = node_text(node_get(client, "secretExpires"));
	const char *version = node_text(node_get(client, "secretVersion"));
	const char *name = node_text(node_get(secret, "env"));
	CLEANUP(textp) char *source = xasprintf("env:%s", name ? name : "X");
	struct lint_environment *environment = &world->environments[index];
	struct lint_secret *fact =
		&world->secrets[index][environment->secret_count];

	if (!secret && !expires && !version)
		return;
	state_reference(world->desired[index],
	                &(struct secret_reference){
				.name = "client.secret",
				.source = source,
				.version = version,
				.place = node_place(world->documents, client),
			});
	assert_true(environment->secret_count < WORLD_SECRETS);
	*fact = (struct lint_secret){
		.key = key,
		.name = "client.secret",
		.expires_ms = expires ? day(expires) : 0,
	};
	environment->secret_count++;
}

static inline void read_entry(struct world *world, size_t index,
                              const char *key, const struct node *node)
{
	struct state *state = world->desired[index];
	const struct node *client = node_get(node, "client");
	const struct node *connector = node_get(node, "connector");

	state_begin(state, key, node_place(world->documents, node));
	if (connector)
		read_text_field(world, state, connector, "connector");
	else
		state_field(state, "connector",
		            state_value_text(state, "slack"), PLACE_NONE);
	state_field(state, "name", state_value_text(state, key), PLACE_NONE);
	read_text_field(world, state, node_get(client, "id"), "client.id");
	read_text_field(world, state, node_get(node, "redirectUri"),
	                "redirectUri");
	read_scopes_field(world, state, node_get(node, "scopes"));
	read_secret(world, index, key, client);
	state_end(state);
}

static inline void read_entries(struct world *world, size_t index,
                                const struct node *node)
{
	const char *twin;

	world->desired[index] = state_new(STATE_BY_KEY);
	if (!node_get(node, "a"))
		read_entry(world, index, "app", node);
	for (size_t i = 0; node_get(node, "a") && i < node->count; i++)
		read_entry(world, index, node_text(node_key(node, i)),
		           node_value(node, i));
	assert_int_equal(state_finish(world->desired[index], &twin), 0);
}

static inline void read_environment(struct world *world, const char *name,
                                    const struct node *node)
{
	const size_t index = world->count++;
	struct lint_environment *environment = &world->environments[index];
	const struct node *platform = node_get(node, "platform");
	const struct node *declared = node_get(node, "environment");
	const char *key =
		node_text(node_get(node_get(platform, "apiKey"), "env"));

	world->files[index] = xasprintf("%s.yaml", name);
	world->policies[index] =
		lint_policy_read(world->documents, node, world->diag);
	assert_non_null(world->policies[index]);
	*environment = (struct lint_environment){
		.name = declared ? node_text(declared) : name,
		.file = world->files[index],
		.place = node_place(world->documents, node),
		.origin = node_text(node_get(platform, "url")),
		.api_key_source = key,
		.policy = world->policies[index],
		.secrets = world->secrets[index],
	};
	read_entries(world, index, node);
	environment->desired = world->desired[index];
}

static inline void world_read(struct world *world, const char *yaml)
{
	const struct node *root = document_parse(
		world->documents, "example", yaml, strlen(yaml), world->diag);
	static const char *const names[] = { "dev", "prod", "eu" };
	bool several = false;

	assert_non_null(root);
	world_clear(world);
	for (size_t i = 0; i < LENGTH(names); i++) {
		const struct node *node = node_get(root, names[i]);

		if (node)
			read_environment(world, names[i], node);
		several = several || node;
	}
	if (!several)
		read_environment(world, "dev", root);
}

/* ---- running ---- */

static inline void world_run(struct world *world)
{
	findings_free(world->findings);
	world->findings = lint_run(world->environments, world->count,
	                           world->profiles, world->today_ms);
}

static inline const struct finding *find_rule(const struct world *world,
                                              const char *rule)
{
	for (size_t i = 0; i < findings_length(world->findings); i++) {
		const struct finding *finding = findings_at(world->findings, i);

		if (str_equal(finding->rule->id, rule))
			return finding;
	}
	return NULL;
}

/* The ids of all findings, in their order, with a space behind each. */
static inline char *found_rules(const struct world *world)
{
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	for (size_t i = 0; i < findings_length(world->findings); i++)
		(void)fprintf(out, "%s ",
		              findings_at(world->findings, i)->rule->id);
	(void)fclose(out);
	return text;
}

static inline const struct finding *lint_yaml(struct world *world,
                                              const char *yaml,
                                              const char *rule)
{
	world_read(world, yaml);
	world_run(world);
	return find_rule(world, rule);
}

#endif
