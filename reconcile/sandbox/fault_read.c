/* SPDX-License-Identifier: MIT */
/* Rules from a document: its shape first, then what no schema says. */
#include "base/text.h"
#include "document/document.h"
#include "sandbox/call.h"
#include "sandbox/fault_rule.h"
#include "sandbox/spoil.h"
#include "schema/codes.h"
#include "shape/shape.h"

#include <stdlib.h>
#include <string.h>

struct reading {
	const struct documents *documents;
	const struct dialect *dialect;
	struct diag *diag;
};

static int refuse(const struct reading *reading, const struct node *rule,
                  const char *member, const char *wanted)
{
	const struct node *at = node_get(rule, member);

	return diag_error(reading->diag, CODE_SANDBOX_SETTINGS,
	                  node_place(reading->documents, at ? at : rule),
	                  "`%s` of the fault `%s` %s", member,
	                  node_text(node_get(rule, "fault")), wanted);
}

/* ---- what a rule may not say ---- */

/* Members that only some faults take. */
static int check_members(const struct reading *reading, const struct node *node,
                         const struct fault_rule *rule)
{
	static const struct {
		const char *name;
		unsigned takes;
	} rows[] = {
		{ "status", FAULT_TAKES_ANSWER },
		{ "body", FAULT_TAKES_ANSWER },
		{ "headers", FAULT_TAKES_HEADERS },
		{ "lagMs", FAULT_TAKES_LAG },
		{ "lagLists", FAULT_TAKES_LAG },
	};
	int result = 0;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		if (node_get(node, rows[i].name) &&
		    !(rule->kind->takes & rows[i].takes))
			result = refuse(reading, node, rows[i].name,
			                "has no meaning; leave it out");
	}
	if (node_get(node, "lateMs") && rule->when != FAULT_LATE)
		result = refuse(reading, node, "lateMs",
		                "has no meaning without `when: late`");
	return result;
}

static bool is_read(const struct fault_rule *rule)
{
	return str_equal(rule->operation, "list") ||
	       str_equal(rule->operation, "get");
}

static int check_sense(const struct reading *reading, const struct node *node,
                       const struct fault_rule *rule)
{
	if (!(rule->kind->whens & 1U << rule->when))
		return refuse(reading, node, "when",
		              "makes no sense; leave it out");
	if (rule->when == FAULT_LATE && is_read(rule))
		return refuse(reading, node, "when",
		              "makes no sense: a read changes nothing later");
	if (!spoil_is_possible((enum spoil_needs)rule->kind->needs,
	                       reading->dialect))
		return refuse(reading, node, "fault",
		              "is impossible: this platform's lists have no "
		              "such thing");
	return 0;
}

/* ---- what it says ---- */

static char *copy(const struct node *rule, const char *member)
{
	const char *text = node_text(node_get(rule, member));

	return text ? xstrdup(text) : NULL;
}

static int64_t number(const struct node *rule, const char *member,
                      int64_t fallback)
{
	return node_integer(node_get(rule, member), fallback);
}

static void read_numbers(const struct node *node, struct fault_rule *rule)
{
	if (!node)
		return;
	rule->nth_count = node->type == NODE_SEQUENCE ? node->count : 1;
	rule->nth = xcalloc(rule->nth_count, sizeof(*rule->nth));
	if (node->type != NODE_SEQUENCE)
		rule->nth[0] = node_integer(node, 0);
	else
		for (size_t i = 0; i < rule->nth_count; i++)
			rule->nth[i] = node_integer(node_item(node, i), 0);
}

static void read_headers(const struct node *node, struct fault_rule *rule)
{
	rule->header_count = node ? node->count : 0;
	for (size_t i = 0; i < rule->header_count; i++)
		rule->headers[i] = (struct http_header){
			.name = xstrdup(node_text(node_key(node, i))),
			.value = xstrdup(node_text(node_value(node, i))),
		};
}

static enum fault_when when_of(const struct node *node,
                               const struct fault_kind *kind)
{
	const char *said = node_text(node_get(node, "when"));

	for (unsigned i = 0; said && i < FAULT_WHENS; i++) {
		if (str_equal(fault_when_names[i], said))
			return (enum fault_when)i;
	}
	return kind->usual;
}

static int read_rule(const struct reading *reading, const struct node *node,
                     struct fault_rule *rule)
{
	const struct node *probability = node_get(node, "probability");

	*rule = (struct fault_rule){
		.operation = copy(node, "operation"),
		.method = copy(node, "method"),
		.path = copy(node, "path"),
		.probability = probability ? node_number(probability) : 1,
		.times = number(node, "times", -1),
		.kind = fault_kind_find(node_text(node_get(node, "fault"))),
		.late_ms = number(node, "lateMs", 1000),
		.delay_ms = number(node, "delayMs", 0),
		.lag_ms = number(node, "lagMs", 0),
		.lag_lists = number(node, "lagLists", 0),
		.status = (int)number(node, "status", 0),
		.body = copy(node, "body"),
	};
	rule->when = when_of(node, rule->kind);
	if ((rule->kind->takes & FAULT_TAKES_LAG) && !rule->lag_ms &&
	    !rule->lag_lists)
		rule->lag_lists = 1;
	read_numbers(node_get(node, "nth"), rule);
	read_headers(node_get(node, "headers"), rule);
	if (check_members(reading, node, rule) < 0)
		return -1;
	return check_sense(reading, node, rule);
}

static int read_all(const struct reading *reading, const struct node *root,
                    struct fault_rules *out)
{
	const struct node *list = node_get(root, "faults");
	int result = 0;

	out->items = xcalloc((size_t)list->count + 1, sizeof(*out->items));
	out->count = list->count;
	out->random = (uint64_t)number(root, "seed", 1);
	for (size_t i = 0; i < out->count; i++) {
		struct fault_rule *rule = &out->items[i];

		if (read_rule(reading, node_item(list, i), rule) < 0)
			result = -1;
		out->repeating |= rule->kind->needs == NEEDS_LIST;
	}
	return result;
}

static const struct node *parse(const struct fault_source *source,
                                struct diag *diag)
{
	CLEANUP(shape_freep)
	struct shape *shape = shape_embedded("faults.schema.json");
	const size_t errors = diag_count(diag, SEVERITY_ERROR);
	const struct node *root =
		document_parse(source->documents, source->display,
	                       source->bytes, source->length, diag);

	if (!root || shape_check(shape, source->documents, root, diag) < 0 ||
	    diag_count(diag, SEVERITY_ERROR) > errors)
		return NULL;
	return root;
}

int fault_rules_read(struct fault_rules *rules, const struct dialect *dialect,
                     const struct fault_source *source, struct diag *diag)
{
	const struct reading reading = { source->documents, dialect, diag };
	CLEANUP(fault_rules_release) struct fault_rules read = { 0 };
	const struct node *root = parse(source, diag);

	if (!root || read_all(&reading, root, &read) < 0)
		return -1;
	fault_rules_release(rules);
	*rules = read;
	read = (struct fault_rules){ .items = NULL };
	return 0;
}
