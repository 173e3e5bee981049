/* SPDX-License-Identifier: MIT */
#include "sandbox/faults.h"
#include "sandbox/call.h"

#include <string.h>

void faults_init(struct faults *faults)
{
	*faults = (struct faults){ .page = { 0 } };
	list_modes_init(&faults->modes);
}

void faults_release(struct faults *faults)
{
	fault_rules_release(&faults->rules);
	buffer_release(&faults->page);
}

static bool is_list(const struct call *call)
{
	return call->route && (call->route->traits & ROUTE_LIST);
}

/* ---- lag ---- */

static void begin_lag(struct call *call)
{
	const struct fault_rule *rule = call->rule;
	const struct clock *clock = call->sandbox->clock;
	const int64_t due_ms = clock->steady_ms(clock) + rule->lag_ms;

	if (rule->lag_ms || rule->lag_lists)
		store_begin_lag(call->sandbox->store, rule->lag_ms ? due_ms : 0,
		                rule->lag_lists);
}

static void age_lag(struct call *call, enum store_age age)
{
	const struct clock *clock = call->sandbox->clock;

	if (is_list(call))
		store_age_lag(call->sandbox->store, age,
		              clock->steady_ms(clock));
}

/* ---- the page before ---- */

static bool is_kept(const struct call *call)
{
	return call->sandbox->faults.rules.repeating && is_list(call) &&
	       call->reply->status == 200;
}

/* As it was answered, before a rule spoils it. */
static struct buffer copy_page(const struct call *call)
{
	const struct http_reply *reply = call->reply;
	struct buffer page = { xmalloc(reply->body_length + 1),
		               reply->body_length };

	memcpy(page.bytes, reply->body, page.length);
	page.bytes[page.length] = '\0';
	return page;
}

static void spoil(struct call *call)
{
	struct faults *faults = &call->sandbox->faults;

	if (call->rule)
		fault_rule_apply(call->rule, call);
	else if (is_list(call))
		list_modes_after(&faults->modes, call);
}

/* ---- around a request ---- */

bool faults_before(struct call *call)
{
	struct faults *faults = &call->sandbox->faults;

	age_lag(call, STORE_TIME);
	call->rule = fault_rules_meet(&faults->rules, call);
	if (!call->rule)
		return is_list(call) && list_modes_before(&faults->modes, call);
	begin_lag(call);
	return call->rule->when != FAULT_AFTER;
}

void faults_after(struct call *call)
{
	struct faults *faults = &call->sandbox->faults;
	struct buffer page = { 0 };

	store_end_lag(call->sandbox->store);
	age_lag(call, STORE_LISTS);
	if (!is_kept(call)) {
		spoil(call);
		return;
	}
	page = copy_page(call);
	spoil(call);
	buffer_release(&faults->page);
	faults->page = page;
}
