/* SPDX-License-Identifier: MIT */
/* What can go wrong, as a table: a kind more is a row, and its name in
 * schema/faults.schema.json. */
#include "base/text.h"
#include "sandbox/call.h"
#include "sandbox/fault_rule.h"
#include "sandbox/spoil.h"

#include <string.h>

enum { SILENCE_MS = 120000 };

static void add_headers(struct call *call, const struct fault_rule *rule)
{
	for (size_t i = 0; i < rule->header_count; i++)
		answer_header(call->reply, rule->headers[i].name,
		              rule->headers[i].value);
}

static void answer_told(struct call *call, const struct fault_rule *rule)
{
	add_headers(call, rule);
	if (rule->body)
		answer_text(call->reply, 200, xstrdup(rule->body),
		            strlen(rule->body));
	else
		(void)answer_refuse(call, REFUSE_TOLD, NULL);
	call->reply->status = rule->status ? rule->status : 500;
}

static void reset(struct call *call, const struct fault_rule *rule)
{
	(void)rule;
	call->reply->fate = HTTP_FATE_RESET;
}

static void hang(struct call *call, const struct fault_rule *rule)
{
	call->reply->fate = HTTP_FATE_RESET;
	call->reply->delay_ms = rule->delay_ms ? rule->delay_ms : SILENCE_MS;
}

static void cut(struct call *call, const struct fault_rule *rule)
{
	(void)rule;
	call->reply->fate = HTTP_FATE_CUT;
}

static void cut_json(struct call *call, const struct fault_rule *rule)
{
	(void)rule;
	spoil_truncate(call);
}

static void answer_garbage(struct call *call, const struct fault_rule *rule)
{
	static const char garbage[] = "\x1f\x8b\x08\0{\"\xff\xfe\": \xc3}";

	add_headers(call, rule);
	if (rule->body)
		answer_text(call->reply, 200, xstrdup(rule->body),
		            strlen(rule->body));
	else
		answer_text(call->reply, 200,
		            memcpy(xmalloc(sizeof(garbage)), garbage,
		                   sizeof(garbage)),
		            sizeof(garbage) - 1);
	call->reply->status = rule->status ? rule->status : 200;
}

/* Only a list that went well can be spoilt. */
static void miscount(struct call *call, const struct fault_rule *rule)
{
	(void)rule;
	if (call->reply->status == 200)
		spoil_count(call);
}

static void repeat(struct call *call, const struct fault_rule *rule)
{
	const struct buffer *page = &call->sandbox->faults.page;

	(void)rule;
	if (call->reply->status != 200)
		return;
	if (page->bytes)
		spoil_repeat(call, page->bytes, page->length);
	else
		spoil_double(call);
}

static void limit_rate(struct call *call, const struct fault_rule *rule)
{
	add_headers(call, rule);
	if (!rule->header_count)
		answer_header(call->reply, "Retry-After", "1");
	(void)answer_refuse(call, call->sandbox->dialect->pacing.refusal, NULL);
}

enum {
	BEFORE = 1 << FAULT_BEFORE,
	AFTER = 1 << FAULT_AFTER,
	EVER = BEFORE | AFTER | 1 << FAULT_LATE,
	ANSWER = FAULT_TAKES_ANSWER | FAULT_TAKES_HEADERS,
};

static const struct fault_kind kinds[] = {
	{ .name = "delay", .whens = AFTER, .usual = FAULT_AFTER },
	{ .name = "status",
	  .whens = EVER,
	  .usual = FAULT_BEFORE,
	  .takes = ANSWER,
	  .act = answer_told },
	{ .name = "reset", .whens = EVER, .usual = FAULT_BEFORE, .act = reset },
	{ .name = "hang", .whens = EVER, .usual = FAULT_BEFORE, .act = hang },
	{ .name = "cut",
	  .whens = EVER,
	  .usual = FAULT_AFTER,
	  .spoils = true,
	  .act = cut },
	{ .name = "truncate",
	  .whens = EVER,
	  .usual = FAULT_AFTER,
	  .spoils = true,
	  .act = cut_json },
	{ .name = "garbage",
	  .whens = EVER,
	  .usual = FAULT_AFTER,
	  .takes = ANSWER,
	  .act = answer_garbage },
	{ .name = "wrong-count",
	  .whens = AFTER,
	  .usual = FAULT_AFTER,
	  .needs = NEEDS_TOTAL,
	  .act = miscount },
	{ .name = "duplicate-page",
	  .whens = AFTER,
	  .usual = FAULT_AFTER,
	  .needs = NEEDS_LIST,
	  .act = repeat },
	{ .name = "lag",
	  .whens = AFTER,
	  .usual = FAULT_AFTER,
	  .takes = FAULT_TAKES_LAG },
	{ .name = "rate-limit",
	  .whens = BEFORE,
	  .usual = FAULT_BEFORE,
	  .takes = FAULT_TAKES_HEADERS,
	  .act = limit_rate },
};

const struct fault_kind *fault_kind_find(const char *name)
{
	for (size_t i = 0; i < LENGTH(kinds); i++) {
		if (str_equal(kinds[i].name, name))
			return &kinds[i];
	}
	return NULL;
}
