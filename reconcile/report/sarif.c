/* SPDX-License-Identifier: MIT */
/*
 * SARIF 2.1.0 (OASIS): what code hosts and editors read of linters. One run,
 * whose driver lists every rule and those codes that occur; a waived finding
 * is a result with a suppression.
 */
#include "report/issues.h"
#include "report/json.h"

#include "base/text.h"
#include "schema/schema.h"

#include <ctype.h>
#include <string.h>

static const char *const levels[] = {
	[SEVERITY_ERROR] = "error",
	[SEVERITY_WARNING] = "warning",
	[SEVERITY_INFO] = "note",
};

static const char *const rule_levels[] = {
	[LINT_OFF] = "none",
	[LINT_INFO] = "note",
	[LINT_WARNING] = "warning",
	[LINT_ERROR] = "error",
};

/* "](" would make a link of the words before it. */
static json_t *message_json(const char *text)
{
	CLEANUP(textp) char *shown = NULL;
	size_t length;
	json_t *object = json_object();
	FILE *out = xmemstream(&shown, &length);

	for (; *text; text++) {
		if (str_starts(text, "]("))
			fputc('\\', out);
		fputc(*text, out);
	}
	(void)fclose(out);
	json_put(object, "text", json_text(shown));
	return object;
}

/* ---- places ---- */

/* A path as a URI: relative as it is, or of this machine's files. */
static json_t *uri_json(const char *path)
{
	CLEANUP(textp) char *uri = NULL;
	size_t length;
	FILE *out = xmemstream(&uri, &length);

	while (str_starts(path, "./"))
		path += 2;
	if (*path == '/')
		fputs("file://", out);
	for (; *path; path++) {
		const unsigned char byte = (unsigned char)*path;

		if (byte < 0x80 && (isalnum(byte) || strchr("/-._~", byte)))
			fputc(byte, out);
		else
			fprintf(out, "%%%02X", byte);
	}
	(void)fclose(out);
	return json_text(uri);
}

static json_t *location_json(const struct place *place)
{
	json_t *location = json_object();
	json_t *physical = json_object();
	json_t *artifact = json_object();

	json_put(artifact, "uri", uri_json(place->file));
	json_put(physical, "artifactLocation", artifact);
	if (place->line) {
		json_t *region = json_object();

		json_put(region, "startLine", json_integer(place->line));
		if (place->column)
			json_put(region, "startColumn",
			         json_integer(place->column));
		json_put(physical, "region", region);
	}
	json_put(location, "physicalLocation", physical);
	return location;
}

static json_t *locations_json(const struct place *place)
{
	json_t *array = json_array();

	if (place->file)
		(void)json_array_append_new(array, location_json(place));
	return array;
}

static json_t *related_json(const struct diag_report *report)
{
	json_t *array = json_array();

	for (size_t i = 0; report && i < report->note_count; i++) {
		const struct diag_note *note = &report->notes[i];
		CLEANUP(textp) char *text = text_safe(note->text);
		json_t *location;

		if (!note->place.file)
			continue;
		location = location_json(&note->place);
		json_put(location, "message", message_json(text));
		(void)json_array_append_new(array, location);
	}
	return array;
}

/* ---- results ---- */

static json_t *suppression_json(const struct lint_waiver *waiver)
{
	CLEANUP(textp) char *reason = text_safe(waiver->reason);
	CLEANUP(textp)
	char *text = xasprintf("%s (until %s)", reason, waiver->expires);
	json_t *array = json_array();
	json_t *object = json_object();

	json_put(object, "kind", json_string("inSource"));
	json_put(object, "status", json_string("accepted"));
	json_put(object, "justification", json_text(text));
	if (waiver->place.file)
		json_put(object, "location", location_json(&waiver->place));
	(void)json_array_append_new(array, object);
	return array;
}

static json_t *result_json(const struct issue *issue)
{
	const struct lint_waiver *waiver = issue_waiver(issue);
	json_t *object = json_object();
	json_t *prints = json_object();
	json_t *related = related_json(issue->report);

	json_put(object, "ruleId", json_text(issue->id));
	json_put(object, "level", json_text(levels[issue->severity]));
	json_put(object, "message", message_json(issue->text));
	json_put(object, "locations", locations_json(&issue->place));
	if (json_array_size(related))
		json_put(object, "relatedLocations", json_incref(related));
	json_decref(related);
	json_put(prints, "trueup/v1", json_text(issue->fingerprint));
	json_put(object, "partialFingerprints", prints);
	/* Where one result of a run has some, each must say so. */
	json_put(object, "suppressions",
	         waiver ? suppression_json(waiver) : json_array());
	return object;
}

/* ---- rules ---- */

static json_t *descriptor_json(const char *id, const char *title,
                               const char *level, const char *help)
{
	json_t *object = json_object();
	json_t *configuration = json_object();

	json_put(configuration, "level", json_text(level));
	json_put(object, "id", json_text(id));
	json_put(object, "shortDescription", message_json(title));
	json_put(object, "defaultConfiguration", configuration);
	json_put(object, "help", message_json(help));
	return object;
}

static json_t *rule_json(const struct lint_rule *rule)
{
	CLEANUP(textp)
	char *help = xasprintf("%s\n\nSource: %s\nGood: %s\nBad: %s",
	                       rule->explanation, rule->source, rule->good,
	                       rule->bad);
	json_t *object = descriptor_json(rule->id, rule->title,
	                                 rule_levels[rule->severity], help);

	json_put(object, "fullDescription", message_json(rule->explanation));
	return object;
}

static void add_rule(json_t *rules, json_t *indexes, json_t *rule)
{
	const size_t index = json_array_size(rules);

	json_put(indexes, json_string_value(json_object_get(rule, "id")),
	         json_integer((json_int_t)index));
	(void)json_array_append_new(rules, rule);
}

static void add_code(json_t *rules, json_t *indexes, const struct issue *issue)
{
	const struct code_row *row = code_find(issue->report->code);

	if (json_object_get(indexes, issue->id))
		return;
	add_rule(rules, indexes,
	         descriptor_json(issue->id, row ? row->title : issue->id,
	                         levels[issue->severity],
	                         row ? row->advice : issue->id));
}

/* ---- the run ---- */

static json_t *driver_json(json_t *rules)
{
	json_t *tool = json_object();
	json_t *driver = json_object();

	json_put(driver, "name", json_string("trueup"));
	json_put(driver, "semanticVersion", json_string(TRUEUP_VERSION));
	json_put(driver, "rules", rules);
	json_put(tool, "driver", driver);
	return tool;
}

/* Exits above these mean that not all was looked at. */
enum { EXIT_BLOCKED = 4 };

static json_t *invocations_json(const struct report *report)
{
	json_t *array = json_array();
	json_t *object = json_object();

	json_put(object, "executionSuccessful",
	         json_boolean(report->exit <= EXIT_BLOCKED));
	json_put(object, "exitCode", json_integer(report->exit));
	(void)json_array_append_new(array, object);
	return array;
}

static json_t *run_json(const struct report *report)
{
	json_t *run = json_object();
	json_t *rules = json_array();
	json_t *results = json_array();
	json_auto_t *indexes = json_object();
	struct issues issues;

	issues_init(&issues, report, 0);
	for (size_t i = 0; i < lint_rule_count; i++)
		add_rule(rules, indexes, rule_json(&lint_rules[i]));
	for (size_t i = 0; i < issues.count; i++) {
		const struct issue *issue = &issues.items[i];
		json_t *result = result_json(issue);

		if (issue->report)
			add_code(rules, indexes, issue);
		json_put(result, "ruleIndex",
		         json_copy(json_object_get(indexes, issue->id)));
		(void)json_array_append_new(results, result);
	}
	issues_release(&issues);
	json_put(run, "tool", driver_json(rules));
	json_put(run, "invocations", invocations_json(report));
	json_put(run, "columnKind", json_string("unicodeCodePoints"));
	json_put(run, "results", results);
	return run;
}

static int write_sarif(const struct report *report, FILE *out)
{
	json_auto_t *root = json_object();
	json_t *runs = json_array();

	json_put(root, "$schema",
	         json_string("https://docs.oasis-open.org/sarif/sarif/v2.1.0/"
	                     "errata01/os/schemas/sarif-schema-2.1.0.json"));
	json_put(root, "version", json_string("2.1.0"));
	(void)json_array_append_new(runs, run_json(report));
	json_put(root, "runs", runs);
	return json_write(root, out);
}

extern const struct report_format format_sarif;

const struct report_format format_sarif = {
	.name = "sarif",
	.summary = "SARIF 2.1.0, for code scanning and editors",
	.machine = true,
	.write = write_sarif,
	.join = REPORT_JOIN_RUNS,
};
