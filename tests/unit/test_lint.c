/* SPDX-License-Identifier: MIT */
/* The table of rules and the run. Every rule is broken by its own bad example
 * and kept by its good one; the list of rules cannot be longer than the list
 * of tests. */
#include "lint_world.h"

/* ---- the table ---- */

static void rules_are_sorted_and_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < lint_rule_count; i++) {
		const struct lint_rule *rule = &lint_rules[i];

		if (i)
			assert_true(strcmp(lint_rules[i - 1].id, rule->id) < 0);
		assert_ptr_equal(lint_rule_find(rule->id), rule);
		assert_true(rule->severity > LINT_OFF);
		assert_true(*rule->family && *rule->title && *rule->source);
		assert_true(*rule->good && *rule->bad && *rule->explanation);
		assert_non_null(rule->check);
	}
	assert_null(lint_rule_find("redirect-htp"));
	assert_string_equal(lint_rule_nearest("redirect-htp"), "redirect-http");
	assert_null(lint_rule_nearest("nothing like it"));
}

/* ---- facts that no example can say ---- */

static struct state *state_with(struct world *world, enum state_order order,
                                const char *name)
{
	struct state *made = state_new(order);

	(void)world;
	state_begin(made, name, PLACE_NONE);
	return made;
}

static struct state *finish(struct state *made)
{
	const char *twin;

	state_end(made);
	assert_int_equal(state_finish(made, &twin), 0);
	return made;
}

static void set_applied(struct world *world, struct state *made)
{
	world->applied[0] = finish(made);
	world->environments[0].applied = world->applied[0];
}

static void apply_scopes(struct world *world, const char *const *scopes,
                         size_t count)
{
	struct state *made = state_with(world, STATE_BY_KEY, "app");

	state_field(made, "scopes", state_value_set(made, scopes, count),
	            PLACE_NONE);
	set_applied(world, made);
}

static void apply_one_scope(struct world *world)
{
	apply_scopes(world, (const char *[]){ "channels:read" }, 1);
}

static void apply_two_scopes(struct world *world)
{
	apply_scopes(world, (const char *[]){ "channels:read", "chat:write" },
	             2);
}

static void apply_secret(struct world *world, int64_t age_days)
{
	struct state *made = state_with(world, STATE_BY_KEY, "app");

	state_record(made,
	             &(struct secret_record){
			     .name = "client.secret",
			     .known = true,
			     .version = "2026-11",
			     .set_at_ms = world->today_ms - DAYS(age_days),
		     });
	set_applied(world, made);
}

static void age_a_month(struct world *world)
{
	apply_secret(world, 30);
}

static void age_200(struct world *world)
{
	apply_secret(world, 200);
}

static void age_400(struct world *world)
{
	apply_secret(world, 400);
}

static void open_rotation(struct world *world, int64_t days)
{
	static const int64_t day_ms = 24 * 60 * 60 * 1000;
	static struct lint_rotation rotation;

	rotation.key = state_at(world->desired[0], 0)->key;
	rotation.before = "2026-11";
	rotation.since_ms = world->today_ms - days * day_ms;
	world->environments[0].rotations = &rotation;
	world->environments[0].rotation_count = 1;
}

static void rotate_a_week_ago(struct world *world)
{
	open_rotation(world, 7);
}

static void rotate_longer_ago(struct world *world)
{
	open_rotation(world, 8);
}

static void rotate_nothing(struct world *world)
{
	apply_secret(world, 30);
	world->secrets[0][0].flags = LINT_SECRET_UNCHANGED;
}

static void swap_secret(struct world *world)
{
	world->secrets[0][0].flags = LINT_SECRET_AS_ID;
}

static void equal_id(struct world *world)
{
	world->secrets[0][0].flags = LINT_SECRET_IS_ID;
}

static void give_callback(struct world *world)
{
	world->environments[0].callback = WORLD_CALLBACK;
}

static void compare_different(struct world *world)
{
	world->secrets[0][0].group = 1;
	world->secrets[1][0].group = 2;
}

static void compare_equal(struct world *world)
{
	world->secrets[0][0].group = 1;
	world->secrets[1][0].group = 1;
}

/* `count` apps of GitHub in place of what the example said. */
static void make_apps(struct world *world, unsigned count)
{
	struct state *made = state_new(STATE_BY_KEY);
	const char *twin;

	for (unsigned i = 0; i < count; i++) {
		CLEANUP(textp) char *key = xasprintf("app-%u", i);
		CLEANUP(textp) char *id = xasprintf("Iv1.%016x", i);

		state_begin(made, key, PLACE_NONE);
		state_field(made, "connector", state_value_text(made, "github"),
		            PLACE_NONE);
		state_field(made, "client.id", state_value_text(made, id),
		            PLACE_NONE);
		state_end(made);
	}
	assert_int_equal(state_finish(made, &twin), 0);
	state_free(world->desired[0]);
	world->desired[0] = made;
	world->environments[0].desired = made;
}

static void make_100_apps(struct world *world)
{
	make_apps(world, 100);
}

static void make_101_apps(struct world *world)
{
	make_apps(world, 101);
}

static void make_scopes(struct world *world, size_t count)
{
	struct state *made = state_with(world, STATE_BY_KEY, "app");
	char *scopes[300];
	const char *items[300];

	for (size_t i = 0; i < count; i++)
		items[i] = scopes[i] = xasprintf("scope:%zu", i);
	state_field(made, "connector", state_value_text(made, "slack"),
	            PLACE_NONE);
	state_field(made, "scopeSets.user", state_value_set(made, items, count),
	            PLACE_NONE);
	for (size_t i = 0; i < count; i++)
		free(scopes[i]);
	state_free(world->desired[0]);
	world->desired[0] = finish(made);
	world->environments[0].desired = world->desired[0];
}

static void make_255_scopes(struct world *world)
{
	make_scopes(world, 255);
}

static void make_256_scopes(struct world *world)
{
	make_scopes(world, 256);
}

static const struct twist {
	const char *rule;
	void (*good)(struct world *world), (*bad)(struct world *world);
} twists[] = {
	{ "environment-secret-unchecked", compare_different, NULL },
	{ "environment-secret-value", compare_different, compare_equal },
	{ "quota-configs", make_100_apps, make_101_apps },
	{ "quota-scopes", make_255_scopes, make_256_scopes },
	{ "redirect-callback", give_callback, give_callback },
	{ "scope-added", apply_one_scope, apply_one_scope },
	{ "scope-removed", apply_two_scopes, apply_two_scopes },
	{ "secret-form", NULL, swap_secret },
	{ "secret-is-id", NULL, equal_id },
	{ "secret-old", age_a_month, age_200 },
	{ "secret-overdue", age_200, age_400 },
	{ "secret-rotation-open", rotate_a_week_ago, rotate_longer_ago },
	{ "secret-same", age_a_month, rotate_nothing },
};

static const struct twist *twist_of(const char *rule)
{
	for (size_t i = 0; i < LENGTH(twists); i++) {
		if (str_equal(twists[i].rule, rule))
			return &twists[i];
	}
	return NULL;
}

static const struct finding *run_example(struct world *world, const char *yaml,
                                         void (*twist)(struct world *world),
                                         const char *rule)
{
	world_read(world, yaml);
	if (twist)
		twist(world);
	world_run(world);
	return find_rule(world, rule);
}

static void each_rule_has_a_bad_and_a_good_example(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();

	(void)state;
	for (size_t i = 0; i < lint_rule_count; i++) {
		const struct lint_rule *rule = &lint_rules[i];
		const struct twist *twist = twist_of(rule->id);
		const struct finding *finding;

		finding = run_example(world, rule->bad,
		                      twist ? twist->bad : NULL, rule->id);
		if (!finding)
			fail_msg("%s keeps quiet: %s", rule->id, rule->bad);
		assert_int_equal(finding->severity, rule->severity);
		assert_true(*finding->text && !str_ends(finding->text, "."));

		finding = run_example(world, rule->good,
		                      twist ? twist->good : NULL, rule->id);
		if (finding)
			fail_msg("%s cries: %s", rule->id, finding->text);
	}
}

/* ---- severities and waivers ---- */

static void each_environment_has_its_severities(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();
	const struct finding *finding;

	(void)state;
	finding = lint_yaml(world,
	                    "dev: { connector: example, policy: { rules: { "
	                    "redirect-http: off } }, "
	                    "redirectUri: http://a.example.com/cb }\n"
	                    "prod: { connector: example, policy: { rules: { "
	                    "redirect-http: info } }, "
	                    "redirectUri: http://a.example.com/cb }\n",
	                    "redirect-http");
	assert_non_null(finding);
	assert_string_equal(finding->environment, "prod");
	assert_int_equal(finding->severity, LINT_INFO);
	/* That they are lower than usual is said. */
	assert_non_null(find_rule(world, "policy-rule"));
	assert_int_equal(findings_worst(world->findings), LINT_WARNING);
}

static void what_nobody_accepted_does_not_count(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();
	const struct finding *finding;

	(void)state;
	world_read(world,
	           "policy: { waivers: [{ rule: redirect-http, key: app, "
	           "reason: behind a tunnel, expires: '2026-11-23' }], "
	           "rules: { redirect-wildcard: off, scope-broad: off } }\n"
	           "connector: github\nscopes: [repo]\n"
	           "redirectUri: 'http://*.example.com/cb'\n");
	lint_policy_hold(world->policies[0], LINT_ERROR);
	world_run(world);

	finding = find_rule(world, "redirect-http");
	assert_non_null(finding);
	assert_null(finding->waived_by);
	assert_string_equal(finding->pending->reason, "behind a tunnel");
	assert_non_null(strstr(finding->text, "--accept-waivers"));
	/* It is not unused, either. */
	assert_null(find_rule(world, "waiver-unused"));
	/* An error cannot be lowered; what never stops anybody can. */
	assert_non_null(find_rule(world, "redirect-wildcard"));
	assert_null(find_rule(world, "scope-broad"));
	finding = find_rule(world, "policy-rule");
	assert_non_null(strstr(finding->text, "counts with --accept-waivers"));
	assert_int_equal(findings_worst(world->findings), LINT_ERROR);
}

static void an_operator_only_tightens(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();
	CLEANUP(documents_freep) struct documents *documents = documents_new();
	static const char strict[] =
		"policy:\n"
		"  maxSecretAgeDays: 30\n"
		"  rules: { scope-broad: error, redirect-http: info }\n"
		"  scopes: { github: { allow: ['*:read', repo] } }\n";
	CLEANUP(lint_policy_freep)
	struct lint_policy *other =
		lint_policy_read(documents,
	                         document_parse(documents, "ours.yaml", strict,
	                                        strlen(strict), world->diag),
	                         world->diag);

	(void)state;
	assert_non_null(other);
	world_read(world, "policy: { rules: { redirect-fragment: off }, "
	                  "scopes: { github: { allow: [repo, user] } } }\n"
	                  "connector: github\nscopes: [repo, user]\n"
	                  "redirectUri: 'http://a.example.com/#cb'\n");
	lint_policy_tighten(world->policies[0], other);
	world_run(world);

	assert_int_equal(find_rule(world, "scope-broad")->severity, LINT_ERROR);
	assert_int_equal(find_rule(world, "redirect-http")->severity,
	                 LINT_ERROR);
	/* What the operator does not name is the file's. */
	assert_null(find_rule(world, "redirect-fragment"));
	/* `user` is allowed by one of the two. */
	assert_non_null(strstr(find_rule(world, "scope-policy")->text, "user"));
	assert_int_equal(world->policies[0]->max_secret_age_days, 30);
}

static void a_waiver_is_listed_with_what_it_waives(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();
	const struct finding *finding;

	(void)state;
	finding = lint_yaml(
		world,
		"policy: { waivers: [{ rule: redirect-http, key: a, "
		"reason: behind a tunnel, expires: '2026-11-23' }] }\n"
		"connector: example\nredirectUri: http://a.example.com/cb\n",
		"redirect-http");
	assert_non_null(finding);
	assert_null(finding->waived_by); /* of another key */
	assert_non_null(find_rule(world, "waiver-unused"));

	finding = lint_yaml(
		world,
		"policy: { waivers: [{ rule: redirect-http, key: app, "
		"reason: behind a tunnel, expires: '2026-11-23' }] }\n"
		"connector: example\nredirectUri: http://a.example.com/cb\n",
		"redirect-http");
	assert_non_null(finding);
	assert_string_equal(finding->waived_by->reason, "behind a tunnel");
	assert_int_equal(findings_worst(world->findings), LINT_OFF);

	world->today_ms = day("2026-11-24");
	world_run(world);
	assert_null(find_rule(world, "redirect-http")->waived_by);
	assert_non_null(find_rule(world, "waiver-expired"));
	assert_int_equal(findings_worst(world->findings), LINT_ERROR);
}

static void what_concerns_an_environment_is_waived_by_its_name(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();
	const struct finding *finding;

	(void)state;
	finding = lint_yaml(
		world,
		"dev: { platform: { apiKey: { env: KEY } }, policy: "
		"{ waivers: [{ rule: environment-api-key, key: dev, "
		"reason: one trial account, expires: '2027-01-01' }] } }\n"
		"prod: { platform: { apiKey: { env: KEY } } }\n",
		"environment-api-key");
	assert_string_equal(finding->environment, "dev");
	assert_non_null(finding->waived_by);
	assert_int_equal(findings_worst(world->findings), LINT_ERROR);
}

/* ---- findings ---- */

static void assert_unique(const struct fingerprint *prints, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(strlen(prints[i].text), 32);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(prints[i].text, prints[j].text);
	}
}

static void fingerprints_survive_edits_and_are_unique(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();
	struct fingerprint first[3], *prints;

	(void)state;
	(void)lint_yaml(world, "scopes: ['a b', 'c d', 'e f']\n",
	                "scope-syntax");
	assert_int_equal(findings_length(world->findings), 6);
	prints = findings_fingerprints(world->findings);
	assert_unique(prints, 6);
	for (size_t i = 0, at = 0; i < 6; i++) {
		if (str_equal(findings_at(world->findings, i)->rule->id,
		              "scope-syntax"))
			first[at++] = prints[i];
	}
	free(prints);

	(void)lint_yaml(world,
	                "# a\n# b\n\nscopes:\n  - 'a b'\n  - 'e f'\n"
	                "  - 'c d'\n  - 'b b'\n",
	                "scope-syntax");
	prints = findings_fingerprints(world->findings);
	for (size_t i = 0, seen = 0; i < 8; i++) {
		assert_true(findings_at(world->findings, i)->place.line > 3);
		for (size_t j = 0; j < 3; j++)
			seen += str_equal(prints[i].text, first[j].text);
		if (i == 7)
			assert_int_equal(seen, 3);
	}
	free(prints);
}

static void equal_findings_have_fingerprints_of_their_own(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();
	struct fingerprint *prints;

	(void)state;
	(void)lint_yaml(world,
	                "dev: { redirectUri: http://a.example.com/cb }\n"
	                "prod: { environment: dev, redirectUri: "
	                "http://a.example.com/cb }\n",
	                "redirect-http");
	assert_true(findings_length(world->findings) > 3);
	prints = findings_fingerprints(world->findings);
	assert_unique(prints, findings_length(world->findings));
	free(prints);
}

static void findings_are_sorted_by_place(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();
	unsigned line = 0;

	(void)state;
	(void)lint_yaml(world,
	                "a:\n  redirectUri: http://a.example.com/cb#x\n"
	                "  client: { id: your-client-id }\n"
	                "b:\n  scopes: [\"x y\"]\n  connector: nowhere\n",
	                "redirect-http");
	assert_true(findings_length(world->findings) > 4);
	for (size_t i = 0; i < findings_length(world->findings); i++) {
		const struct place place =
			findings_at(world->findings, i)->place;

		assert_true(place.line >= line);
		line = place.line;
	}
}

static void an_id_that_is_a_secret_is_never_shown(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();
	static const char canary[] = "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";

	(void)state;
	world_read(world, "dev: { connector: google, client: { id: "
	                  "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 } }\n"
	                  "prod: { connector: google, client: { id: "
	                  "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 } }\n");
	world_run(world);
	assert_non_null(find_rule(world, "client-id-secret"));
	assert_non_null(find_rule(world, "environment-client-id"));
	for (size_t i = 0; i < findings_length(world->findings); i++) {
		const struct finding *finding = findings_at(world->findings, i);

		assert_null(strstr(finding->text, canary));
		assert_true(finding->sensitive);
	}
}

static void an_unknown_connector_is_said_once(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();

	(void)state;
	(void)lint_yaml(world,
	                "a: { connector: acme, redirectUri: "
	                "http://a.example.com/cb }\n"
	                "b: { connector: acme }\n"
	                "c: { connector: acme2 }\n",
	                "connector-unknown");

	CLEANUP(textp) char *found = found_rules(world);

	assert_string_equal(found, "connector-unknown redirect-http "
	                           "connector-unknown ");
}

static void nothing_is_found_in_nothing(void **state)
{
	CLEANUP(world_freep) struct world *world = world_new();
	CLEANUP(findings_freep)
	struct findings *findings =
		lint_run(NULL, 0, world->profiles, world->today_ms);

	(void)state;
	assert_int_equal(findings_length(findings), 0);
	assert_int_equal(findings_worst(findings), LINT_OFF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_are_sorted_and_whole),
		cmocka_unit_test(each_rule_has_a_bad_and_a_good_example),
		cmocka_unit_test(each_environment_has_its_severities),
		cmocka_unit_test(what_nobody_accepted_does_not_count),
		cmocka_unit_test(an_operator_only_tightens),
		cmocka_unit_test(a_waiver_is_listed_with_what_it_waives),
		cmocka_unit_test(
			what_concerns_an_environment_is_waived_by_its_name),
		cmocka_unit_test(fingerprints_survive_edits_and_are_unique),
		cmocka_unit_test(equal_findings_have_fingerprints_of_their_own),
		cmocka_unit_test(findings_are_sorted_by_place),
		cmocka_unit_test(an_id_that_is_a_secret_is_never_shown),
		cmocka_unit_test(an_unknown_connector_is_said_once),
		cmocka_unit_test(nothing_is_found_in_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
