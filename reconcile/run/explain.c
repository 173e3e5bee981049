/* SPDX-License-Identifier: MIT */
/* Explain: what a code or a rule means; offline, from the tables alone. */
#include "run/road.h"

#include "base/text.h"
#include "lint/lint.h"
#include "schema/schema.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char prefix[] = "TRUEUP-";

static struct report_topic of_code(const struct code_row *row)
{
	return (struct report_topic){
		.id = xasprintf("%s%04u", prefix, row->code),
		.title = row->title,
		.exit = row->exit,
		.text = row->advice,
	};
}

static struct report_topic of_rule(const struct lint_rule *rule)
{
	return (struct report_topic){
		.id = xstrdup(rule->id),
		.title = rule->title,
		.severity = lint_severity_names[rule->severity],
		.text = rule->explanation,
		.source = rule->source,
		.good = rule->good,
		.bad = rule->bad,
	};
}

/* Codes, then rules. */
static struct report_topic *all_topics(size_t *count)
{
	struct report_topic *topics;

	*count = code_row_count + lint_rule_count;
	topics = xcalloc(*count, sizeof(*topics));
	for (size_t i = 0; i < code_row_count; i++)
		topics[i] = of_code(&code_rows[i]);
	for (size_t i = 0; i < lint_rule_count; i++)
		topics[code_row_count + i] = of_rule(&lint_rules[i]);
	return topics;
}

static void free_topics(struct report_topic *topics, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(topics[i].id);
	free(topics);
}

/* ---- what is asked for ---- */

static int unknown_topic(struct run *run, const char *said)
{
	size_t count = 0;
	struct report_topic *topics = all_topics(&count);
	const char **ids = xcalloc(count, sizeof(*ids));
	const char *near;

	for (size_t i = 0; i < count; i++)
		ids[i] = topics[i].id;
	near = text_nearest(said, ids, count);
	diag_error(run->diag, CODE_UNKNOWN_TOPIC, PLACE_NONE,
	           near ? "there is no code or rule `%s`; did you mean `%s`?"
	                : "there is no code or rule `%s`; `trueup explain` "
	                  "lists them",
	           said, near);
	free(ids);
	free_topics(topics, count);
	return -1;
}

/* `TRUEUP-1101`, also without what stands before the number; or a rule. */
static int find_topic(struct run *run, const char *said,
                      struct report_topic *topic)
{
	const struct lint_rule *rule = lint_rule_find(said);
	const bool prefixed = strncasecmp(said, prefix, strlen(prefix)) == 0;
	const struct code_row *row = NULL;
	uint64_t number;

	if (parse_uint(said + (prefixed ? strlen(prefix) : 0), 9999, &number) ==
	    0)
		row = code_find((unsigned)number);
	if (!rule && !row)
		return unknown_topic(run, said);
	*topic = rule ? of_rule(rule) : of_code(row);
	return 0;
}

static int find_topics(struct run *run, struct report_topic *topics)
{
	const struct texts *said = &run->options.keys;
	int result = 0;

	for (size_t i = 0; i < said->count; i++) {
		if (find_topic(run, said->items[i], &topics[i]) < 0)
			result = -1;
	}
	return result;
}

int run_explain(struct run *run)
{
	const struct texts *said = &run->options.keys;
	struct report report = { .command = run->command, .diag = run->diag };
	struct report_topic *topics;
	size_t count = said->count;
	int result = 0;

	if (road_check_outputs(run) < 0)
		return run_exit(run->diag);
	topics = count ? xcalloc(count, sizeof(*topics)) : all_topics(&count);
	if (said->count)
		result = find_topics(run, topics);
	if (result == 0) {
		report.topics = topics;
		report.topic_count = count;
	}
	report.flags = said->count ? REPORT_FULL : 0;
	report.exit = run_exit(run->diag);
	result = road_report(run, &report);
	free_topics(topics, count);
	return result;
}
