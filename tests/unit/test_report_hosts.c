/* SPDX-License-Identifier: MIT */
/* The formats that code hosts read: github, gitlab, sarif. */
#include "lint_world.h"
#include "plan_sample.h"
#include "schema/schema.h"

#include <jansson.h>

/* Ends lines and commands, names a property, turns text around, and is a link
 * where messages can hold one. */
#define HOSTILE "a\n::stop-commands::x%0A\r, line=9::b\u202e[c](http://d)"

static const char waived[] = "connector: github\n"
			     "scopes: [repo]\n"
			     "policy:\n"
			     "  waivers:\n"
			     "    - { rule: scope-broad, key: app,\n"
			     "        reason: old, expires: '2027-01-31' }\n";

struct hosts {
	struct report report;
	struct diag *diag;
	struct world *world;
};

static int set_up(void **state)
{
	struct hosts *hosts = xcalloc(1, sizeof(*hosts));

	hosts->diag = diag_new();
	hosts->world = world_new();
	hosts->report =
		(struct report){ .command = "validate", .diag = hosts->diag };
	*state = hosts;
	return 0;
}

static int tear_down(void **state)
{
	struct hosts *hosts = *state;

	world_free(hosts->world);
	diag_free(hosts->diag);
	free(hosts);
	return 0;
}

static void lint(struct hosts *hosts, const char *yaml)
{
	world_read(hosts->world, yaml);
	world_run(hosts->world);
	hosts->report.findings = hosts->world->findings;
}

static struct place at(const char *file, unsigned line)
{
	return (struct place){ file, line, 3 };
}

static char *write_as(const struct hosts *hosts, const char *format)
{
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	assert_int_equal(report_find(format)->write(&hosts->report, out), 0);
	(void)fclose(out);
	return text;
}

static json_t *read_as(const struct hosts *hosts, const char *format)
{
	CLEANUP(textp) char *text = write_as(hosts, format);
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

	assert_non_null(root);
	return root;
}

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	assert_non_null(text);
	return text;
}

static const json_t *first_run(const json_t *root)
{
	return json_array_get(json_object_get(root, "runs"), 0);
}

static const json_t *result_at(const json_t *root, size_t index)
{
	return json_array_get(json_object_get(first_run(root), "results"),
	                      index);
}

/* ---- github ---- */

static void github_writes_a_command_a_line(void **state)
{
	struct hosts *hosts = *state;
	CLEANUP(textp) char *found = NULL;

	diag_error(hosts->diag, CODE_UNKNOWN_KEY, at("prod.yaml", 14),
	           "unknown key `scope`");
	diag_note(hosts->diag, PLACE_NONE, "a hint");
	diag_note(hosts->diag, at("base.yaml", 2), "overrides this");
	diag_warning(hosts->diag, CODE_VARIABLE_UNSET, PLACE_NONE, "unset");
	diag_info(hosts->diag, CODE_LOCK_TAKEN, at("a, b.yaml", 0), "taken");
	found = write_as(hosts, "github");

	assert_string_equal(
		found, "::error file=prod.yaml,line=14,col=3,title=TRUEUP-1101"
		       "::unknown key `scope`; a hint\n"
		       "::warning title=TRUEUP-1205::unset\n"
		       "::notice file=a%2C b.yaml,title=TRUEUP-3033::taken\n");
}

static void github_shows_ten_of_a_type_and_counts_the_rest(void **state)
{
	struct hosts *hosts = *state;
	CLEANUP(textp) char *found = NULL;
	size_t errors = 0, warnings = 0;

	for (unsigned line = 1; line <= 13; line++)
		diag_error(hosts->diag, CODE_USAGE, at("a.yaml", line), "no");
	for (unsigned line = 1; line <= 11; line++)
		diag_warning(hosts->diag, CODE_USAGE, at("a.yaml", line), "no");
	found = write_as(hosts, "github");

	for (const char *line = found; *line; line = strchr(line, '\n') + 1) {
		errors += str_starts(line, "::error ");
		warnings += str_starts(line, "::warning ");
	}
	assert_int_equal(errors, 10);
	assert_int_equal(warnings, 10);
	assert_true(str_ends(found, "\ntrueup: 3 more errors, not annotated\n"
	                            "trueup: 1 more warning, not "
	                            "annotated\n"));
}

static void github_lets_no_value_end_its_command(void **state)
{
	struct hosts *hosts = *state;
	CLEANUP(textp) char *found = NULL;

	diag_error(hosts->diag, CODE_USAGE, at(HOSTILE, 1), "%s", HOSTILE);
	found = write_as(hosts, "github");

	assert_string_equal(
		found,
		"::error file=a\\n%3A%3Astop-commands%3A%3Ax%250A\\r%2C line="
		"9%3A%3Ab\\u202e[c](http%3A//d),line=1,col=3,title=TRUEUP-9001"
		"::a\\n::stop-commands::x%250A\\r, line=9::b\\u202e[c]"
		"(http://d)\n");
}

static void github_does_not_annotate_what_is_waived(void **state)
{
	struct hosts *hosts = *state;
	CLEANUP(textp) char *found = NULL;

	lint(hosts, waived);
	found = write_as(hosts, "github");

	assert_string_equal(found, "trueup: 1 waived\n");
}

/* ---- gitlab ---- */

static void gitlab_wants_a_path_and_a_line_of_everything(void **state)
{
	struct hosts *hosts = *state;
	const struct report_file file = { .file = "./prod.yaml" };
	json_auto_t *before = NULL, *root = NULL;
	const json_t *location;

	diag_error(hosts->diag, CODE_API_KEY, PLACE_NONE, "no key");
	before = read_as(hosts, "gitlab");
	location = json_object_get(json_array_get(before, 0), "location");
	assert_string_equal(text_of(location, "path"), ".");

	hosts->report.files = &file;
	hosts->report.file_count = 1;
	root = read_as(hosts, "gitlab");
	location = json_object_get(json_array_get(root, 0), "location");
	assert_string_equal(text_of(location, "path"), "prod.yaml");
	assert_int_equal(json_integer_value(json_object_get(
				 json_object_get(location, "lines"), "begin")),
	                 1);
}

static void gitlab_leaves_out_what_is_waived(void **state)
{
	struct hosts *hosts = *state;
	json_auto_t *root = NULL, *again = NULL;

	lint(hosts, waived);
	root = read_as(hosts, "gitlab");
	assert_int_equal(json_array_size(root), 0);

	lint(hosts, "{ connector: github, scopes: [repo] }");
	again = read_as(hosts, "gitlab");
	assert_int_equal(json_array_size(again), 1);
	assert_string_equal(text_of(json_array_get(again, 0), "check_name"),
	                    "scope-broad");
	assert_string_equal(text_of(json_array_get(again, 0), "severity"),
	                    "minor");
}

/* ---- sarif ---- */

static void sarif_suppresses_what_is_waived(void **state)
{
	struct hosts *hosts = *state;
	json_auto_t *root = NULL;
	const json_t *result, *suppression;

	lint(hosts, waived);
	root = read_as(hosts, "sarif");
	result = result_at(root, 0);
	suppression =
		json_array_get(json_object_get(result, "suppressions"), 0);

	assert_string_equal(text_of(result, "ruleId"), "scope-broad");
	assert_string_equal(text_of(suppression, "status"), "accepted");
	assert_string_equal(text_of(suppression, "justification"),
	                    "old (until 2027-01-31)");
}

static void sarif_results_point_at_their_rules(void **state)
{
	struct hosts *hosts = *state;
	json_auto_t *root = NULL;
	const json_t *rules;

	diag_error(hosts->diag, CODE_UNKNOWN_KEY, at("prod.yaml", 1), "one");
	diag_error(hosts->diag, CODE_UNKNOWN_KEY, at("prod.yaml", 2), "two");
	lint(hosts, "{ connector: github, scopes: [repo] }");
	root = read_as(hosts, "sarif");
	rules = json_object_get(
		json_object_get(json_object_get(first_run(root), "tool"),
	                        "driver"),
		"rules");

	assert_int_equal(json_array_size(rules), lint_rule_count + 1);
	for (size_t i = 0; i < 3; i++) {
		const json_t *result = result_at(root, i);
		const json_int_t index = json_integer_value(
			json_object_get(result, "ruleIndex"));
		const json_t *rule = json_array_get(rules, (size_t)index);

		assert_string_equal(text_of(rule, "id"),
		                    text_of(result, "ruleId"));
	}
}

static void sarif_has_safe_words_and_addresses(void **state)
{
	struct hosts *hosts = *state;
	json_auto_t *root = NULL;
	const json_t *result, *location;

	diag_error(hosts->diag, CODE_USAGE, at("a b/\xc3\xbc%.yaml", 4), "%s",
	           HOSTILE);
	root = read_as(hosts, "sarif");
	result = result_at(root, 0);
	location = json_object_get(
		json_array_get(json_object_get(result, "locations"), 0),
		"physicalLocation");

	assert_string_equal(text_of(json_object_get(result, "message"), "text"),
	                    "a\\n::stop-commands::x%0A\\r, line=9::b\\u202e[c"
	                    "\\](http://d)");
	assert_string_equal(
		text_of(json_object_get(location, "artifactLocation"), "uri"),
		"a%20b/%C3%BC%25.yaml");
}

static void sarif_shows_further_places(void **state)
{
	struct hosts *hosts = *state;
	json_auto_t *root = NULL;
	const json_t *related;

	diag_error(hosts->diag, CODE_DUPLICATE_KEY, at("a.yaml", 4), "twice");
	diag_note(hosts->diag, at("/b.yaml", 2), "first here");
	root = read_as(hosts, "sarif");
	related = json_array_get(
		json_object_get(result_at(root, 0), "relatedLocations"), 0);

	assert_string_equal(
		text_of(json_object_get(related, "message"), "text"),
		"first here");
	assert_string_equal(
		text_of(json_object_get(
				json_object_get(related, "physicalLocation"),
				"artifactLocation"),
	                "uri"),
		"file:///b.yaml");
}

/* ---- fingerprints ---- */

static char *print_at(const struct hosts *hosts, size_t index)
{
	json_auto_t *root = read_as(hosts, "gitlab");

	return xstrdup(text_of(json_array_get(root, index), "fingerprint"));
}

static void fingerprints_outlive_places_and_values(void **state)
{
	struct hosts *hosts = *state;
	CLEANUP(textp) char *first = NULL;
	CLEANUP(textp) char *second = NULL;
	CLEANUP(textp) char *third = NULL;
	CLEANUP(textp) char *other = NULL;

	diag_error(hosts->diag, CODE_UNKNOWN_KEY, at("prod.yaml", 4),
	           "unknown key `a` in `b`");
	diag_error(hosts->diag, CODE_UNKNOWN_KEY, at("prod.yaml", 5),
	           "unknown key `c` in `d`");
	first = print_at(hosts, 0);
	second = print_at(hosts, 1);
	assert_string_not_equal(first, second);

	diag_free(hosts->diag);
	hosts->report.diag = hosts->diag = diag_new();
	diag_error(hosts->diag, CODE_UNKNOWN_KEY, at("x/prod.yaml", 40),
	           "unknown key `z` in `y`");
	diag_error(hosts->diag, CODE_WRONG_TYPE, at("x/prod.yaml", 41),
	           "unknown key `z` in `y`");
	third = print_at(hosts, 0);
	other = print_at(hosts, 1);
	assert_string_equal(first, third);
	assert_string_not_equal(third, other);
}

#define HOSTS_TEST(name) \
	cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOSTS_TEST(github_writes_a_command_a_line),
		HOSTS_TEST(github_shows_ten_of_a_type_and_counts_the_rest),
		HOSTS_TEST(github_lets_no_value_end_its_command),
		HOSTS_TEST(github_does_not_annotate_what_is_waived),
		HOSTS_TEST(gitlab_wants_a_path_and_a_line_of_everything),
		HOSTS_TEST(gitlab_leaves_out_what_is_waived),
		HOSTS_TEST(sarif_suppresses_what_is_waived),
		HOSTS_TEST(sarif_results_point_at_their_rules),
		HOSTS_TEST(sarif_has_safe_words_and_addresses),
		HOSTS_TEST(sarif_shows_further_places),
		HOSTS_TEST(fingerprints_outlive_places_and_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
