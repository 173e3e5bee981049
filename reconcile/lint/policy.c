/* SPDX-License-Identifier: MIT */
/* Policy: severities, waivers and scope rules of one environment file. The
 * shape check came before; still nothing here trusts a type, and what has a
 * wrong one makes no policy without being reported again. */
#include "lint/lint.h"

#include "base/clock.h"
#include "base/text.h"
#include "document/document.h"
#include "schema/schema.h"

#include <stdlib.h>
#include <string.h>

struct reader {
	const struct documents *documents;
	struct lint_policy *policy;
	struct diag *diag;
	size_t waiver_capacity, scope_capacity, weakening_capacity;
	int result;
};

static PRINTF_LIKE(4, 5) void fail(struct reader *reader, unsigned code,
                                   const struct node *node, const char *format,
                                   ...)
{
	CLEANUP(textp) char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	text = xvasprintf(format, arguments);
	va_end(arguments);
	reader->result =
		diag_error(reader->diag, code,
	                   node_place(reader->documents, node), "%s", text);
}

/* A wrong type: the shape check reported it. */
static void refuse(struct reader *reader)
{
	reader->result = -1;
}

static size_t count_of(const struct node *node, enum node_type type)
{
	return node && node->type == type ? node->count : 0;
}

/* A rule by the text of `node`, or NULL after reporting. */
static const struct lint_rule *read_rule(struct reader *reader,
                                         const struct node *node)
{
	const char *id = node_text(node);
	const struct lint_rule *rule = id ? lint_rule_find(id) : NULL;
	const char *near;

	if (!id)
		refuse(reader);
	if (rule || !id)
		return rule;
	near = lint_rule_nearest(id);
	if (near)
		fail(reader, CODE_UNKNOWN_RULE, node,
		     "there is no rule `%s`; did you mean `%s`?", id, near);
	else
		fail(reader, CODE_UNKNOWN_RULE, node,
		     "there is no rule `%s`; `trueup explain` lists them", id);
	return NULL;
}

/* ---- severities ---- */

static int severity_of(const char *text)
{
	for (int i = LINT_OFF; text && i <= LINT_ERROR; i++) {
		if (strcmp(text, lint_severity_names[i]) == 0)
			return i;
	}
	return -1;
}

static void add_weakening(struct reader *reader,
                          const struct lint_weakening *weakening)
{
	struct lint_policy *policy = reader->policy;

	policy->weakenings =
		xgrow(policy->weakenings, policy->weakening_count,
	              &reader->weakening_capacity, sizeof(*weakening));
	policy->weakenings[policy->weakening_count++] = *weakening;
}

/* What watches over the policy is not for the policy to silence. */
static void read_severity(struct reader *reader, const struct lint_rule *rule,
                          const struct node *value, enum lint_severity severity)
{
	if (severity < rule->severity && lint_rule_is_fixed(rule)) {
		fail(reader, CODE_RULE_SEVERITY, value,
		     "`%s` watches over this file's own policy, so the file "
		     "cannot make it `%s`; remove it",
		     rule->id, lint_severity_names[severity]);
		return;
	}
	reader->policy->severities[rule - lint_rules] = severity;
	reader->policy->said[rule - lint_rules] = true;
	if (severity < rule->severity && rule->severity > LINT_INFO)
		add_weakening(
			reader,
			&(struct lint_weakening){
				.rule = rule,
				.said = lint_severity_names[severity],
				.usual = lint_severity_names[rule->severity],
				.place = node_place(reader->documents, value),
			});
}

static void read_severities(struct reader *reader, const struct node *rules)
{
	for (size_t i = 0; i < count_of(rules, NODE_MAPPING); i++) {
		const struct node *value = node_value(rules, i);
		const struct lint_rule *rule =
			read_rule(reader, node_key(rules, i));
		const int severity = severity_of(node_text(value));

		if (severity < 0)
			refuse(reader);
		else if (rule)
			read_severity(reader, rule, value,
			              (enum lint_severity)severity);
	}
}

/* ---- limits ---- */

/* What holds where a file says nothing: above it, it is laxer. */
static const struct {
	const char *name, *usual;
	int64_t limit;
} limits[] = {
	{ "maxChanges", "100", 100 },
	{ "maxDeletePercent", "30", 30 },
	{ "maxDeletes", "1", 1 },
	{ "maxMissing", "1", 1 },
	{ "maxRotationDays", "7", LINT_ROTATION_DAYS },
	{ "maxSecretAgeDays", "180", LINT_SECRET_AGE_DAYS },
};

static void read_limits(struct reader *reader, const struct node *map)
{
	const struct node *prune = node_get(map, "prune");

	for (size_t i = 0; i < LENGTH(limits); i++) {
		const struct node *node = node_get(map, limits[i].name);

		if (node_integer(node, limits[i].limit) <= limits[i].limit)
			continue;
		add_weakening(reader, &(struct lint_weakening){
					      .name = limits[i].name,
					      .said = node_text(node),
					      .usual = limits[i].usual,
					      .place = node_place(
						      reader->documents, node),
				      });
	}
	if (node_boolean(prune, false))
		add_weakening(reader, &(struct lint_weakening){
					      .name = "prune",
					      .said = "true",
					      .usual = "false",
					      .place = node_place(
						      reader->documents, prune),
				      });
}

/* ---- waivers ---- */

/* The text under `name`, or NULL. */
static const char *read_text(struct reader *reader, const struct node *waiver,
                             const char *name)
{
	const char *text = node_text(node_get(waiver, name));

	if (text && *text)
		return text;
	refuse(reader);
	return NULL;
}

static void read_waiver(struct reader *reader, const struct node *node)
{
	struct lint_policy *policy = reader->policy;
	struct lint_waiver waiver = {
		.key = read_text(reader, node, "key"),
		.reason = read_text(reader, node, "reason"),
		.expires = read_text(reader, node, "expires"),
		.place = node_place(reader->documents, node),
	};

	if (read_text(reader, node, "rule"))
		waiver.rule = read_rule(reader, node_get(node, "rule"));
	if (waiver.expires &&
	    clock_parse_day_end(waiver.expires, &waiver.until_ms) < 0)
		fail(reader, CODE_BAD_WAIVER, node_get(node, "expires"),
		     "`%s` is no day; write it as \"2027-01-31\"",
		     waiver.expires);
	if (!waiver.rule || !waiver.key)
		return;
	policy->waivers =
		xgrow(policy->waivers, policy->waiver_count,
	              &reader->waiver_capacity, sizeof(*policy->waivers));
	policy->waivers[policy->waiver_count++] = waiver;
}

static void read_waivers(struct reader *reader, const struct node *waivers)
{
	for (size_t i = 0; i < count_of(waivers, NODE_SEQUENCE); i++)
		read_waiver(reader, node_item(waivers, i));
}

/* ---- scopes ---- */

static void read_globs(struct reader *reader, const char *connector,
                       const struct node *globs, unsigned denied)
{
	struct lint_policy *policy = reader->policy;

	for (size_t i = 0; i < count_of(globs, NODE_SEQUENCE); i++) {
		const struct node *item = node_item(globs, i);

		if (!node_text(item) || !connector)
			continue;
		policy->scope_rules = xgrow(
			policy->scope_rules, policy->scope_rule_count,
			&reader->scope_capacity, sizeof(*policy->scope_rules));
		policy->scope_rules[policy->scope_rule_count++] =
			(struct lint_scope_rule){
				.connector = connector,
				.glob = node_text(item),
				.denied = denied,
				.place = node_place(reader->documents, item),
			};
	}
}

static void read_scopes(struct reader *reader, const struct node *scopes)
{
	for (size_t i = 0; i < count_of(scopes, NODE_MAPPING); i++) {
		const char *connector = node_text(node_key(scopes, i));
		const struct node *lists = node_value(scopes, i);

		read_globs(reader, connector, node_get(lists, "allow"), 0);
		read_globs(reader, connector, node_get(lists, "deny"), 1);
	}
}

/* ---- all ---- */

static struct lint_policy *policy_new(void)
{
	struct lint_policy *policy = xcalloc(1, sizeof(*policy));

	policy->severities =
		xcalloc(lint_rule_count, sizeof(*policy->severities));
	policy->said = xcalloc(lint_rule_count, sizeof(*policy->said));
	for (size_t i = 0; i < lint_rule_count; i++)
		policy->severities[i] = lint_rules[i].severity;
	return policy;
}

static unsigned read_days(const struct node *policy, const char *name,
                          unsigned usual)
{
	const int64_t days = node_integer(node_get(policy, name), usual);

	return days > 0 && days <= UINT32_MAX ? (unsigned)days : usual;
}

struct lint_policy *lint_policy_read(const struct documents *documents,
                                     const struct node *root, struct diag *diag)
{
	CLEANUP(lint_policy_freep) struct lint_policy *policy = policy_new();
	const struct node *node = node_get(root, "policy");
	struct reader reader = { .documents = documents,
		                 .policy = policy,
		                 .diag = diag };

	policy->age_said = node_get(node, "maxSecretAgeDays") != NULL;
	policy->max_secret_age_days =
		read_days(node, "maxSecretAgeDays", LINT_SECRET_AGE_DAYS);
	policy->rotation_said = node_get(node, "maxRotationDays") != NULL;
	policy->max_rotation_days =
		read_days(node, "maxRotationDays", LINT_ROTATION_DAYS);
	read_severities(&reader, node_get(node, "rules"));
	read_limits(&reader, node);
	read_waivers(&reader, node_get(node, "waivers"));
	read_scopes(&reader, node_get(node, "scopes"));
	if (reader.result < 0)
		return NULL;
	return TAKE(policy);
}

void lint_policy_hold(struct lint_policy *policy, enum lint_severity fail_on)
{
	policy->pending = true;
	for (size_t i = 0; i < policy->weakening_count; i++) {
		struct lint_weakening *weakening = &policy->weakenings[i];
		const struct lint_rule *rule = weakening->rule;

		if (!rule || rule->severity < fail_on)
			continue;
		policy->severities[rule - lint_rules] = rule->severity;
		weakening->held = true;
	}
}

void lint_policy_tighten(struct lint_policy *policy,
                         const struct lint_policy *other)
{
	const size_t count = policy->scope_rule_count;

	for (size_t i = 0; i < lint_rule_count; i++) {
		if (other->said[i] &&
		    other->severities[i] > policy->severities[i])
			policy->severities[i] = other->severities[i];
	}
	if (other->age_said &&
	    other->max_secret_age_days < policy->max_secret_age_days)
		policy->max_secret_age_days = other->max_secret_age_days;
	if (other->rotation_said &&
	    other->max_rotation_days < policy->max_rotation_days)
		policy->max_rotation_days = other->max_rotation_days;
	if (!other->scope_rule_count)
		return;
	policy->scope_rules = xreallocarray(policy->scope_rules,
	                                    count + other->scope_rule_count,
	                                    sizeof(*policy->scope_rules));
	memcpy(&policy->scope_rules[count], other->scope_rules,
	       other->scope_rule_count * sizeof(*policy->scope_rules));
	policy->scope_rule_count += other->scope_rule_count;
	for (size_t i = count; i < policy->scope_rule_count; i++)
		policy->scope_rules[i].layer = 1;
}

void lint_policy_free(struct lint_policy *policy)
{
	if (!policy)
		return;
	free(policy->severities);
	free(policy->said);
	free(policy->waivers);
	free(policy->scope_rules);
	free(policy->weakenings);
	free(policy);
}
