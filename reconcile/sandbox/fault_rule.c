/* SPDX-License-Identifier: MIT */
#include "sandbox/fault_rule.h"
#include "base/chance.h"
#include "base/text.h"
#include "sandbox/call.h"

#include <fnmatch.h>
#include <stdlib.h>

const char *const fault_when_names[FAULT_WHENS] = {
	[FAULT_BEFORE] = "before",
	[FAULT_AFTER] = "after",
	[FAULT_LATE] = "late",
};

static void rule_release(struct fault_rule *rule)
{
	free(rule->operation);
	free(rule->method);
	free(rule->path);
	free(rule->nth);
	free(rule->body);
	for (size_t i = 0; i < rule->header_count; i++) {
		free((void *)(uintptr_t)rule->headers[i].name);
		free((void *)(uintptr_t)rule->headers[i].value);
	}
}

void fault_rules_release(struct fault_rules *rules)
{
	for (size_t i = 0; i < rules->count; i++)
		rule_release(&rules->items[i]);
	free(rules->items);
	*rules = (struct fault_rules){ .items = NULL };
}

/* ---- which ---- */

static bool is_about(const struct fault_rule *rule, const struct call *call)
{
	const char *operation = call->route ? call->route->operation : NULL;

	if (rule->operation && !str_equal(rule->operation, operation))
		return false;
	if (rule->method && !str_equal(rule->method, call->http->method))
		return false;
	return !rule->path || fnmatch(rule->path, call->http->path, 0) == 0;
}

static bool is_numbered(const struct fault_rule *rule)
{
	for (size_t i = 0; i < rule->nth_count; i++) {
		if (rule->nth[i] == rule->seen)
			return true;
	}
	return !rule->nth_count;
}

static bool fires(struct fault_rules *rules, const struct fault_rule *rule)
{
	const struct chance chance = chance_seeded(&rules->random);

	if (!is_numbered(rule) ||
	    (rule->times >= 0 && rule->fired >= rule->times))
		return false;
	return rule->probability >= 1 ||
	       chance_draw(&chance) < rule->probability;
}

const struct fault_rule *fault_rules_meet(struct fault_rules *rules,
                                          const struct call *call)
{
	struct fault_rule *met = NULL;

	for (size_t i = 0; i < rules->count; i++) {
		struct fault_rule *rule = &rules->items[i];

		if (!is_about(rule, call))
			continue;
		rule->seen++;
		if (!met && fires(rules, rule))
			met = rule;
	}
	if (met)
		met->fired++;
	return met;
}

void fault_rule_apply(const struct fault_rule *rule, struct call *call)
{
	struct http_reply *reply = call->reply;

	if (rule->when == FAULT_LATE)
		reply->again_ms = rule->late_ms;
	reply->delay_ms = rule->delay_ms;
	if (rule->kind->spoils && !reply->body)
		(void)answer_refuse(call, REFUSE_TOLD, NULL);
	if (rule->kind->act)
		rule->kind->act(call, rule);
}

json_t *fault_rules_json(const struct fault_rules *rules)
{
	json_t *array = json_array();

	for (size_t i = 0; i < rules->count; i++) {
		const struct fault_rule *rule = &rules->items[i];

		json_array_append_new(
			array,
			json_pack("{s:s, s:s, s:s?, s:s?, s:s?, s:I, s:I}",
		                  "fault", rule->kind->name, "when",
		                  fault_when_names[rule->when], "operation",
		                  rule->operation, "method", rule->method,
		                  "path", rule->path, "seen",
		                  (json_int_t)rule->seen, "fired",
		                  (json_int_t)rule->fired));
	}
	return array;
}
