/* SPDX-License-Identifier: MIT */
/* A world for tests of what files say: traits, variables, and one file. */
#ifndef TESTS_UNIT_DESIRED_WORLD_H
#define TESTS_UNIT_DESIRED_WORLD_H

#include "document/document.h"
#include "schema/codes.h"
#include "state/state.h"
#include "unit.h"

#include <string.h>

static const struct field_trait field_traits[] = {
	{ .name = "client.id", .mode = MODE_SETTABLE },
	{ .name = "connector", .mode = MODE_SETTABLE },
	{ .name = "enabled", .mode = MODE_UNMAPPED },
	{ .name = "extra.region", .mode = MODE_SETTABLE },
	{ .name = "name", .mode = MODE_SETTABLE },
	{ .name = "ownership", .mode = MODE_SETTABLE },
	{ .name = "redirectUri", .mode = MODE_ASSERT },
	{ .name = "scopeSets.user", .mode = MODE_SETTABLE },
	{ .name = "scopes", .mode = MODE_SETTABLE },
	{ .name = "type", .mode = MODE_SETTABLE },
};

static const struct secret_trait secret_traits[] = {
	{ .name = "client.secret" },
	{ .name = "secrets.webhook" },
};

static const struct traits platform = {
	.fields = field_traits,
	.field_count = LENGTH(field_traits),
	.secrets = secret_traits,
	.secret_count = LENGTH(secret_traits),
};

static const struct traits platform_with_keys = {
	.fields = field_traits,
	.field_count = LENGTH(field_traits),
	.secrets = secret_traits,
	.secret_count = LENGTH(secret_traits),
	.abilities = HAS_NATURAL_KEY,
};

/* Knows connectors and ids alone. */
static const struct traits bare_platform = {
	.fields = field_traits,
	.field_count = 2,
	.secrets = secret_traits,
	.secret_count = 1,
};

static inline const char *variable(const char *name, void *context)
{
	static const char *const values[][2] = {
		{ "TRUEUP_VAR_HOST", "api.example" },
		{ "TRUEUP_VAR_EMPTY", "" },
		{ "TRUEUP_VAR_LINES", "two\nlines" },
		{ "TRUEUP_VAR_BYTES", "\xff" },
		{ "TRUEUP_VAR_NESTED", "${env:TRUEUP_VAR_HOST}" },
		{ "AWS_SECRET_ACCESS_KEY", "CANARY-OF-THE-ENVIRONMENT" },
	};

	(void)context;
	for (size_t i = 0; i < LENGTH(values); i++) {
		if (strcmp(values[i][0], name) == 0)
			return values[i][1];
	}
	return NULL;
}

struct world {
	struct documents *documents;
	struct diag *diag;
	struct environment environment;
	struct desired_settings settings;
	struct state *state;
	const struct traits *traits;
	int environment_result;
};

static inline int make_world(void **context)
{
	struct world *world = xcalloc(1, sizeof(*world));

	world->documents = documents_new();
	world->diag = diag_new();
	world->settings.variable = variable;
	world->traits = &platform;
	*context = world;
	return 0;
}

static inline int drop_world(void **context)
{
	struct world *world = *context;

	environment_release(&world->environment);
	state_free(world->state);
	documents_free(world->documents);
	diag_free(world->diag);
	free(world);
	return 0;
}

static const char head[] = "trueup: 1\n"
			   "environment: prod\n"
			   "platform:\n"
			   "  binding: alloy-assumed\n"
			   "  apiKey: { env: KEY }\n";

/* Reads a file of the customary head and `rest`, which begins in line 6, as
 * document_load() would: merged over what it extends, here nothing. */
static inline void read_world(struct world *world, const char *rest)
{
	CLEANUP(textp) char *yaml = xasprintf("%s%s", head, rest);
	const struct node *nothing = document_parse(
		world->documents, "nothing.yaml", "{}", 2, world->diag);
	const struct node *root = document_parse(
		world->documents, "prod.yaml", yaml, strlen(yaml), world->diag);

	assert_non_null(root);
	root = document_merge(world->documents, nothing, root);
	world->environment_result =
		environment_read(world->documents, root, &world->settings,
	                         &world->environment, world->diag);
	world->state =
		desired_read(world->documents, root, &world->environment,
	                     world->traits, &world->settings, world->diag);
}

static inline const struct auth_config *read_one(struct world *world,
                                                 const char *rest)
{
	read_world(world, rest);
	if (!world->state) {
		CLEANUP(textp) char *said = diag_text(world->diag);

		fail_msg("%s", said);
	}
	assert_true(state_length(world->state) > 0);
	return state_at(world->state, 0);
}

/* One report alone, with that code, at that line and column, with `part`. */
static inline void expect_report(struct world *world, unsigned code,
                                 unsigned line, unsigned column,
                                 const char *part)
{
	CLEANUP(textp) char *said = diag_text(world->diag);
	const struct diag_report *report;

	if (diag_length(world->diag) != 1)
		fail_msg("not one report:\n%s", said);
	report = diag_at(world->diag, 0);
	if (!strstr(report->text, part ? part : ""))
		fail_msg("`%s` is not in: %s", part ? part : "", said);
	assert_int_equal(report->code, code);
	assert_string_equal(report->place.file, "prod.yaml");
	assert_int_equal(report->place.line, line);
	assert_int_equal(report->place.column, column);
}

static inline void expect_refused(struct world *world, const char *rest,
                                  unsigned code, unsigned line, unsigned column)
{
	read_world(world, rest);
	assert_null(world->state);
	expect_report(world, code, line, column, "");
}

static inline void expect_text(const struct auth_config *config,
                               const char *name, const char *text)
{
	const struct value value = auth_config_value(config, name);

	assert_int_equal(value.kind, VALUE_TEXT);
	assert_string_equal(value.bytes, text);
}

static inline void expect_shown(const struct auth_config *config,
                                const char *name, enum value_kind kind,
                                const char *text)
{
	const struct value value = auth_config_value(config, name);
	CLEANUP(textp) char *shown = value_show(&value);

	assert_int_equal(value.kind, kind);
	assert_string_equal(shown, text);
}

#endif
