/* SPDX-License-Identifier: MIT */
/* Dangers, and what blocks a change: rules in the order their reasons are
 * shown. What blocks comes first, for it is the first reason that is told. */
#include "plan/parts.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* One change under judgement. */
struct judging {
	struct plan *plan;
	const struct plan_input *input;
	const struct change *change;
};

enum rule_flags {
	RULE_BLOCKS = 1 << 0,
	RULE_DESTRUCTIVE = 1 << 1,
};

struct rule {
	const char *row;
	unsigned flags;                               /* enum rule_flags */
	char *(*find)(const struct judging *judging); /* NULL: not so */
};

static bool is_removal(const struct change *change)
{
	return change->kind == CHANGE_DELETE || change_replaces(change);
}

/* ---- what blocks ---- */

static char *protected_orphan(const struct judging *judging)
{
	if (!str_equal(judging->change->row, "O15"))
		return NULL;
	return plan_text(judging->plan,
	                 "it is protected: put the entry back with `protect: "
	                 "false` and apply, or run `trueup forget %s`",
	                 judging->change->key);
}

static char *protected_entry(const struct judging *judging)
{
	const struct change *change = judging->change;
	unsigned flags = 0;

	if (!change_replaces(change))
		return NULL;
	flags = change->desired->flags;
	if (change->applied)
		flags |= change->applied->flags;
	if (!(flags & AUTH_CONFIG_PROTECTED))
		return NULL;
	return plan_text(judging->plan,
	                 "it is protected and would be replaced: write "
	                 "`protect: false` and apply that first");
}

static char *untrusted(const struct judging *judging)
{
	if (judging->input->ledger_mode != LEDGER_MODE_UNTRUSTED ||
	    !is_removal(judging->change))
		return NULL;
	return plan_text(judging->plan,
	                 "the ledger is not authenticated, so nothing is "
	                 "deleted or replaced: provide its fingerprint key, or "
	                 "give --sign-ledger once");
}

static char *stateless(const struct judging *judging)
{
	const enum ledger_mode mode = judging->input->ledger_mode;

	if ((mode != LEDGER_MODE_STATELESS && mode != LEDGER_MODE_NEVER_MADE) ||
	    !is_removal(judging->change))
		return NULL;
	return plan_text(judging->plan,
	                 "without a ledger nothing is replaced: the next run "
	                 "could not tell the new object from the old; keep "
	                 "one with `ledger: { store: file }`");
}

static char *unreplaceable(const struct judging *judging)
{
	const struct change *change = judging->change;

	if (change->kind != CHANGE_REPLACE ||
	    !replace_find(judging->input->traits)->blocked)
		return NULL;
	return plan_text(judging->plan,
	                 "%s cannot replace it by its API: make the new one "
	                 "there by hand, then run `trueup forget %s` and "
	                 "`trueup adopt %s --id ID`",
	                 judging->input->platform, change->key, change->key);
}

static char *unable(const struct judging *judging)
{
	static const unsigned needs[CHANGE_KINDS] = {
		[CHANGE_DELETE] = CAN_DELETE, [CHANGE_RECREATE] = CAN_CREATE,
		[CHANGE_CREATE] = CAN_CREATE, [CHANGE_UPDATE] = CAN_UPDATE,
		[CHANGE_ROTATE] = CAN_UPDATE,
	};
	const unsigned can = judging->input->traits->abilities;
	const enum change_kind kind = judging->change->kind;
	unsigned need = needs[kind];

	if (kind == CHANGE_RENAME && judging->change->send_count)
		need = CAN_UPDATE;
	if ((need & can) == need)
		return NULL;
	return plan_text(judging->plan,
	                 "%s has no call to %s it: do it there by hand, then "
	                 "plan again",
	                 judging->input->platform, change_kind_names[kind]);
}

static char *unpermitted(const struct judging *judging)
{
	const struct permissions *permissions = judging->input->permissions;
	const struct change *change = judging->change;

	if (!change_replaces(change) ||
	    permitted(permissions->allow_replace,
	              permissions->allow_replace_count, change->key))
		return NULL;
	if (change->kind == CHANGE_REPLACE)
		return plan_text(judging->plan,
		                 "what differs cannot be changed, so `%s` "
		                 "would be replaced by a new object with a new "
		                 "id: give --allow-replace %s",
		                 change->id, change->key);
	return plan_text(judging->plan,
	                 "it changes between managed and own, which cuts off "
	                 "its users: give --allow-replace %s",
	                 change->key);
}

/* Row O7, where the client chooses the key. */
static bool is_rekeyed(const struct judging *judging)
{
	const struct change *change = judging->change;

	return change->kind == CHANGE_RENAME && change->live &&
	       (judging->input->traits->abilities & HAS_NATURAL_KEY) &&
	       change->desired->natural_key && change->live->natural_key &&
	       !str_equal(change->desired->natural_key,
	                  change->live->natural_key);
}

static char *unrenamable(const struct judging *judging)
{
	const struct change *change = judging->change;

	if (!is_rekeyed(judging))
		return NULL;
	if (!(judging->input->traits->abilities & CAN_RENAME))
		return plan_text(judging->plan,
		                 "%s cannot rename `%s`: write `platformKey: "
		                 "%s` to keep its key there",
		                 judging->input->platform,
		                 change->live->natural_key,
		                 change->live->natural_key);
	if (change->connections == 0)
		return NULL;
	return plan_text(judging->plan,
	                 "`%s` is not known to be without connections: write "
	                 "`platformKey: %s` to keep its key there",
	                 change->live->natural_key, change->live->natural_key);
}

/* ---- what is to be known ---- */

static char *broken_connections(const struct judging *judging)
{
	const struct change *change = judging->change;

	if (!is_removal(change))
		return NULL;
	if (change->connections < 0)
		return plan_text(judging->plan,
		                 "how many connections break cannot be known");
	if (change->connections == 1)
		return plan_text(judging->plan, "1 connection breaks");
	return plan_text(judging->plan, "%lld connections break",
	                 (long long)change->connections);
}

static char *replaced(const struct judging *judging)
{
	const struct change *change = judging->change;

	if (change->kind != CHANGE_REPLACE)
		return NULL;
	if (change->replace_way == REPLACE_DELETE_FIRST)
		return plan_text(judging->plan,
		                 "`%s` is deleted before the new one is made",
		                 change->id);
	return plan_text(judging->plan,
	                 "`%s` stays until it is pruned; applications and "
	                 "connections point to it",
	                 change->id);
}

static char *recreated(const struct judging *judging)
{
	const struct change *change = judging->change;

	if (change->kind != CHANGE_RECREATE)
		return NULL;
	return plan_text(judging->plan,
	                 "`%s` is gone: applications and connections point to "
	                 "it, and the new one has another id",
	                 change->applied->id ? change->applied->id : "");
}

static char *rebound(const struct judging *judging)
{
	const struct change *change = judging->change;

	if (!str_equal(change->row, "O12"))
		return NULL;
	return plan_text(judging->plan,
	                 "`%s` is gone, and `%s` takes its place; its secret "
	                 "is unknown",
	                 change->applied->id ? change->applied->id : "",
	                 change->id);
}

static char *rekeyed(const struct judging *judging)
{
	const struct change *change = judging->change;

	if (!is_rekeyed(judging))
		return NULL;
	return plan_text(
		judging->plan, "applications that name `%s` must name `%s`",
		change->live->natural_key, change->desired->natural_key);
}

static const struct rule rules[] = {
	{ "O15", RULE_BLOCKS, protected_orphan },
	{ "R-protect", RULE_BLOCKS, protected_entry },
	{ "T11", RULE_BLOCKS, untrusted },
	{ "R-ledger", RULE_BLOCKS, stateless },
	{ "R4", RULE_BLOCKS, unreplaceable },
	{ "R4-call", RULE_BLOCKS, unable },
	{ "R-permission", RULE_BLOCKS, unpermitted },
	{ "O7", RULE_BLOCKS, unrenamable },
	{ "R1", RULE_DESTRUCTIVE, replaced },
	{ "R-connections", 0, broken_connections },
	{ "O11", 0, recreated },
	{ "O12", 0, rebound },
	{ "O7-key", 0, rekeyed },
};

/* ---- one change ---- */

static void raise(struct change *change, enum danger danger)
{
	if (danger > change->danger)
		change->danger = danger;
}

static void judge_rules(struct plan *plan, const struct plan_input *input,
                        struct change *change)
{
	const struct judging judging = { plan, input, change };

	for (size_t i = 0; i < LENGTH(rules); i++) {
		char *reason = rules[i].find(&judging);

		if (!reason)
			continue;
		change->reasons[change->reason_count++] = reason;
		if (rules[i].flags & RULE_BLOCKS)
			change->blocked = true;
		if (rules[i].flags & RULE_DESTRUCTIVE)
			raise(change, DANGER_DESTRUCTIVE);
	}
}

static bool has_reason(const struct change *change, const char *words)
{
	for (size_t i = 0; i < change->reason_count; i++) {
		if (str_equal(change->reasons[i], words))
			return true;
	}
	return false;
}

static void judge_field(struct plan *plan, struct change *change,
                        struct field_change *field)
{
	const char *words;

	field->danger = field_danger(field, &words);
	raise(change, field->danger);
	if (words && !has_reason(change, words))
		change->reasons[change->reason_count++] =
			plan_text(plan, "%s", words);
}

/* A new object endangers nobody, whatever it holds. */
static bool is_harmless(const struct change *change)
{
	return change->kind == CHANGE_CREATE || change->kind == CHANGE_RECREATE;
}

static void judge_parts(struct plan *plan, const struct plan_input *input,
                        struct change *change)
{
	judge_rules(plan, input, change);
	change->rekeyed = is_rekeyed(&(struct judging){ plan, input, change });
	if (change->rekeyed)
		raise(change, risk_rows[RISK_REKEYED].weight);
	for (size_t i = 0; i < change->field_count && !is_harmless(change); i++)
		judge_field(plan, change, &change->fields[i]);
	for (size_t i = 0; i < change->secret_count; i++) {
		if (is_harmless(change))
			change->secrets[i].danger = DANGER_NONE;
		else if (secret_is_written(&change->secrets[i]))
			raise(change, change->secrets[i].danger);
	}
}

/* Each rule gives one, and each danger of a field. */
enum { REASONS_MAX = LENGTH(rules) + RISK_KINDS };

static void judge_change(struct plan *plan, const struct plan_input *input,
                         struct change *change)
{
	char *reasons[REASONS_MAX];
	size_t size;

	change->reasons = reasons;
	change->reason_count = 0;
	change->blocked = false;
	judge_parts(plan, input, change);
	size = change->reason_count * sizeof(*reasons);
	change->reasons = size ? arena_alloc(plan->arena, size) : NULL;
	if (size)
		memcpy(change->reasons, reasons, size);
}

/* What to do about one is said where it is found. */
static void copy_weakenings(struct plan *plan, const struct plan_input *input)
{
	const size_t count = input->weakening_count;

	plan->weakenings = arena_alloc(plan->arena,
	                               (count + 1) * sizeof(*plan->weakenings));
	plan->weakening_count = count;
	for (size_t i = 0; i < count; i++) {
		const char *text = input->weakenings[i].text;

		plan->weakenings[i] = input->weakenings[i];
		plan->weakenings[i].text =
			plan_text(plan, "%.*s", (int)strcspn(text, ";"), text);
	}
}

void plan_judge(struct plan *plan, const struct plan_input *input)
{
	struct plan_counts *counts = &plan->counts;

	memset(counts->kinds, 0, sizeof(counts->kinds));
	plan->danger = DANGER_NONE;
	plan->blocked = false;
	for (size_t i = 0; i < plan->change_count; i++) {
		struct change *change = &plan->changes[i];

		judge_change(plan, input, change);
		counts->kinds[change->kind]++;
		plan->blocked = plan->blocked || change->blocked;
		if (change->danger > plan->danger)
			plan->danger = change->danger;
	}
	counts->kinds[CHANGE_NOTE] = plan->note_count;
	copy_weakenings(plan, input);
	plan_weigh(plan);
	guards_judge(plan, input);
	digest_plan(plan, input);
}

/* Deletes, replacements, ownership changes, and keys that change. */
int plan_each_dangerous(struct plan *plan, plan_fact_fn *visit, void *context)
{
	for (size_t i = 0; i < plan->change_count; i++) {
		struct change *change = &plan->changes[i];
		int stop;

		if (!is_removal(change) && change->kind != CHANGE_RENAME)
			continue;
		stop = visit(change, context);
		if (stop)
			return stop;
	}
	return 0;
}
