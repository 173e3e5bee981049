/* SPDX-License-Identifier: MIT */
/* Policy: what a file may say about rules, and every mistake at its place. */
#include "lint_world.h"

#include "schema/schema.h"

static struct lint_policy *read_policy(struct documents *documents,
                                       const char *yaml, struct diag *diag)
{
	const struct node *root = document_parse(documents, "prod.yaml", yaml,
	                                         strlen(yaml), diag);

	assert_non_null(root);
	return lint_policy_read(documents, root, diag);
}

static void without_a_word_the_defaults_hold(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(documents_freep) struct documents *documents = documents_new();
	CLEANUP(lint_policy_freep)
	struct lint_policy *policy =
		read_policy(documents, "environment: prod", diag);

	(void)state;
	assert_non_null(policy);
	for (size_t i = 0; i < lint_rule_count; i++)
		assert_int_equal(policy->severities[i], lint_rules[i].severity);
	assert_int_equal(policy->waiver_count, 0);
	assert_int_equal(policy->scope_rule_count, 0);
	assert_int_equal(policy->max_secret_age_days, 180);
}

static void what_is_said_is_read(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(documents_freep) struct documents *documents = documents_new();
	CLEANUP(lint_policy_freep)
	struct lint_policy *policy = read_policy(
		documents,
		"policy:\n"
		"  maxSecretAgeDays: 90\n"
		"  rules:\n"
		"    redirect-localhost: off\n"
		"    scope-broad: error\n"
		"  waivers:\n"
		"    - rule: redirect-http\n"
		"      key: app\n"
		"      reason: moving in spring\n"
		"      expires: \"2028-02-29\"\n"
		"  scopes:\n"
		"    slack: { allow: ['channels:*'], deny: [admin] }\n",
		diag);
	const struct lint_rule *rule = lint_rule_find("scope-broad");

	(void)state;
	assert_non_null(policy);
	assert_int_equal(policy->severities[rule - lint_rules], LINT_ERROR);
	rule = lint_rule_find("redirect-localhost");
	assert_int_equal(policy->severities[rule - lint_rules], LINT_OFF);
	assert_int_equal(policy->waiver_count, 1);
	assert_string_equal(policy->waivers[0].rule->id, "redirect-http");
	assert_string_equal(policy->waivers[0].key, "app");
	assert_string_equal(policy->waivers[0].expires, "2028-02-29");
	assert_int_equal(policy->waivers[0].place.line, 7);
	assert_int_equal(policy->waivers[0].until_ms,
	                 day("2028-02-29") + DAYS(1) / 2);
	assert_int_equal(policy->scope_rule_count, 2);
	assert_false(policy->scope_rules[0].denied);
	assert_string_equal(policy->scope_rules[1].glob, "admin");
	assert_true(policy->scope_rules[1].denied);
	assert_int_equal(policy->max_secret_age_days, 90);
}

static void every_mistake_has_its_place(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(documents_freep) struct documents *documents = documents_new();

	(void)state;
	assert_null(read_policy(documents,
	                        "policy:\n"
	                        "  rules:\n"
	                        "    redirect-htpp: error\n"
	                        "    no-such-thing-at-all: error\n"
	                        "    scope-broad: fatal\n"
	                        "    scope-twin: [error]\n"
	                        "    policy-rule: info\n"
	                        "  waivers:\n"
	                        "    - { rule: redirect-http, key: app,\n"
	                        "        reason: x, expires: \"2027-02-29\" }\n"
	                        "    - { rule: redirect-htpp, key: app,\n"
	                        "        reason: x, expires: soon }\n"
	                        "    - { rule: redirect-http }\n"
	                        "    - text\n",
	                        diag));
	diag_sort(diag);

	CLEANUP(textp) char *text = diag_text(diag);

	assert_string_equal(
		text,
		"prod.yaml:3:5: error: there is no rule `redirect-htpp`; did "
		"you mean `redirect-http`? [TRUEUP-1401]\n"
		"prod.yaml:4:5: error: there is no rule "
		"`no-such-thing-at-all`; `trueup explain` lists them "
		"[TRUEUP-1401]\n"
		"prod.yaml:7:18: error: `policy-rule` watches over this file's "
		"own "
		"policy, so the file cannot make it `info`; remove it "
		"[TRUEUP-1402]\n"
		"prod.yaml:10:29: error: `2027-02-29` is no day; write it as "
		"\"2027-01-31\" [TRUEUP-1403]\n"
		"prod.yaml:11:15: error: there is no rule `redirect-htpp`; "
		"did you mean `redirect-http`? [TRUEUP-1401]\n"
		"prod.yaml:12:29: error: `soon` is no day; write it as "
		"\"2027-01-31\" [TRUEUP-1403]\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_word_the_defaults_hold),
		cmocka_unit_test(what_is_said_is_read),
		cmocka_unit_test(every_mistake_has_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
