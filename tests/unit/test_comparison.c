/* SPDX-License-Identifier: MIT */
#include "lint_world.h"

#include <stdlib.h>

struct compared {
	struct world *world;
	struct comparison *comparison;
};

static int set_up(void **state)
{
	struct compared *compared = xcalloc(1, sizeof(*compared));

	compared->world = world_new();
	*state = compared;
	return 0;
}

static int tear_down(void **state)
{
	struct compared *compared = *state;

	comparison_free(compared->comparison);
	world_free(compared->world);
	free(compared);
	return 0;
}

static void compare(struct compared *compared, const char *yaml)
{
	struct world *world = compared->world;

	comparison_free(TAKE(compared->comparison));
	world_read(world, yaml);
	compared->comparison =
		comparison_new(world->environments, world->count);
}

/* "KEY FIELD! " a difference, without `!` when it is expected. */
static void expect(struct compared *compared, const char *yaml,
                   const char *wanted)
{
	CLEANUP(textp) char *found = NULL;
	size_t length, unexpected = 0;
	FILE *out = xmemstream(&found, &length);

	compare(compared, yaml);
	for (size_t i = 0; i < comparison_length(compared->comparison); i++) {
		const struct difference *difference =
			comparison_at(compared->comparison, i);

		fprintf(out, "%s %s%s ", difference->key,
		        difference->field ? difference->field : "-",
		        difference->expected ? "" : "!");
		unexpected += !difference->expected;
		assert_true(difference->expected == !difference->text);
	}
	(void)fclose(out);
	assert_string_equal(found, wanted);
	assert_int_equal(comparison_unexpected(compared->comparison),
	                 unexpected);
}

static void equal_environments_do_not_differ(void **state)
{
	expect(*state,
	       "dev: { client: { id: a, secret: { env: A } }, scopes: [b, a] "
	       "}\n"
	       "prod: { client: { id: a, secret: { env: A } }, scopes: [a, b] "
	       "}\n",
	       "");
}

static void ids_sources_and_addresses_are_expected(void **state)
{
	expect(*state,
	       "dev:\n"
	       "  client: { id: a, secret: { env: A }, secretVersion: '1' }\n"
	       "  redirectUri: https://dev.example.com/cb\n"
	       "prod:\n"
	       "  client: { id: b, secret: { env: B }, secretVersion: '1' }\n"
	       "  redirectUri: https://example.com/cb\n",
	       "app client.id app redirectUri app client.secret ");
}

static void a_version_of_its_own_is_expected(void **state)
{
	expect(*state,
	       "dev: { client: { secret: { env: A }, secretVersion: '1' } }\n"
	       "prod: { client: { secret: { env: A }, secretVersion: '2' } }\n",
	       "app client.secret ");
}

static void scopes_and_connectors_are_not(void **state)
{
	expect(*state,
	       "dev: { connector: slack, scopes: [a] }\n"
	       "prod: { connector: github, scopes: [a, b] }\n",
	       "app connector! app scopes! ");
}

static void what_is_managed_in_one_only_is_not(void **state)
{
	expect(*state, "dev: { scopes: [] }\nprod: { connector: slack }\n",
	       "app scopes! ");
	expect(*state, "dev: { client: { secret: { env: A } } }\nprod: { }\n",
	       "app client.secret! ");
}

static void an_entry_that_one_lacks_is_told_once(void **state)
{
	struct compared *compared = *state;
	const struct difference *difference;

	expect(compared,
	       "dev: { a: { scopes: [x] }, b: { scopes: [y], connector: q } }\n"
	       "prod: { a: { scopes: [x] } }\n",
	       "b -! ");
	difference = comparison_at(compared->comparison, 0);
	assert_string_equal(difference->values[0], "declared");
	assert_null(difference->values[1]);
	assert_int_equal(difference->places[0].line, 1);
	assert_null(difference->places[1].file);
}

static void three_are_compared_at_once(void **state)
{
	struct compared *compared = *state;
	const struct difference *difference;

	expect(compared,
	       "dev: { scopes: [a, b] }\n"
	       "prod: { scopes: [a] }\n"
	       "eu: { scopes: [c, a, b] }\n",
	       "app scopes! ");
	difference = comparison_at(compared->comparison, 0);
	assert_int_equal(comparison_width(compared->comparison), 3);
	assert_string_equal(difference->values[1], "[a]");
	assert_int_equal(difference->places[2].line, 3);
	assert_string_equal(difference->text,
	                    "`c` missing in dev; `b`, `c` missing in prod; ask "
	                    "for the same scopes everywhere");
}

static void an_id_that_may_be_a_secret_is_not_told(void **state)
{
	struct compared *compared = *state;
	const struct difference *difference;

	expect(compared,
	       "dev: { client: { id: xoxb-0123456789-secret } }\n"
	       "prod: { client: { id: b } }\n",
	       "app client.id ");
	difference = comparison_at(compared->comparison, 0);
	assert_null(difference->values[0]);
	assert_null(difference->values[1]);
}

#define COMPARED(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		COMPARED(equal_environments_do_not_differ),
		COMPARED(ids_sources_and_addresses_are_expected),
		COMPARED(a_version_of_its_own_is_expected),
		COMPARED(scopes_and_connectors_are_not),
		COMPARED(what_is_managed_in_one_only_is_not),
		COMPARED(an_entry_that_one_lacks_is_told_once),
		COMPARED(three_are_compared_at_once),
		COMPARED(an_id_that_may_be_a_secret_is_not_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
