/* SPDX-License-Identifier: MIT */
/* What becomes of what nobody declares: rows, retired ids, live objects. */
#include "plan/parts.h"

#include "base/text.h"

/* The connector that the row's object had when it was last seen. */
struct value row_connector(const struct auth_config *row)
{
	const struct value seen = auth_config_seen(row, "connector");

	if (seen.kind != VALUE_ABSENT)
		return seen;
	return auth_config_value(row, "connector");
}

bool row_is_foreign(const struct auth_config *row,
                    const struct auth_config *live)
{
	const struct value then = row_connector(row);
	const struct value now = auth_config_value(live, "connector");

	return then.kind != VALUE_ABSENT && !value_equal(&then, &now);
}

static void list(struct bystander **items, size_t *count, size_t *capacity,
                 const struct decision *decision)
{
	const struct auth_config *live = decision->subject.live;
	const struct auth_config *row = decision->subject.applied;

	*items = xgrow(*items, *count, capacity, sizeof(**items));
	(*items)[(*count)++] = (struct bystander){
		.key = row ? row->key : NULL,
		.id = live->id,
		.connector = auth_config_text(live, "connector"),
		.name = auth_config_text(live, "name"),
		.row = decision->row->row,
		.opaque = live->flags & AUTH_CONFIG_OPAQUE,
	};
}

static void fill_bystander(const struct planner *planner,
                           struct decision *decision)
{
	const struct subject *subject = &decision->subject;
	const struct auth_config *row = subject->applied;
	const struct auth_config *live = subject->live;
	const struct plan_input *input = planner->input;
	signed char *facts = decision->facts;

	facts[O_LEDGER] = keeps_ledger(planner);
	facts[O_PRUNE] = input->permissions->prune || input->policy->prune;
	facts[O_PROTECTED] = row && (row->flags & AUTH_CONFIG_PROTECTED);
	if (!live)
		return;
	facts[O_LIVE] = 1;
	facts[O_OPAQUE] = (live->flags & AUTH_CONFIG_OPAQUE) != 0;
	facts[O_IDLE] = live->connections == 0;
}

/* An orphan that prune leaves alone because it is not what it was. */
static void find_foreign(struct planner *planner,
                         const struct decision *decision)
{
	const struct auth_config *row = decision->subject.applied;
	CLEANUP(textp)
	char *text = xasprintf(
		"`%s` is of another connector than the ledger says, and is "
		"not deleted; run `trueup forget %s`",
		row->id, row->key);
	const struct plan_finding finding = {
		.field = "connector",
		.row = decision->row->row,
		.severity = SEVERITY_WARNING,
		.text = text,
		.place = PLACE_NONE,
	};

	plan_find(planner, row->key, &finding);
}

static void decide_orphan(struct planner *planner, size_t index)
{
	struct plan *plan = planner->plan;
	struct decision decision = {
		.subject.applied = state_at(planner->input->applied, index),
		.subject.live = planner->matcher.row_live[index],
	};
	signed char *facts = decision.facts;

	fill_bystander(planner, &decision);
	facts[O_APPLIED] = 1;
	facts[O_FOREIGN] =
		facts[O_LIVE] &&
		row_is_foreign(decision.subject.applied, decision.subject.live);
	decision.row = object_find(facts);
	if (decision.row->verdict != OBJECT_LIST) {
		commit(planner, &decision, decision.row->kind);
		return;
	}
	list(&plan->orphans, &plan->orphan_count, &planner->orphan_capacity,
	     &decision);
	if (facts[O_PRUNE] && facts[O_FOREIGN])
		find_foreign(planner, &decision);
}

/* One that another row has as its own by now is that row's affair. */
static void decide_retired(struct planner *planner, size_t index,
                           const char *id)
{
	const struct claim *claim = matcher_claim(&planner->matcher, id);
	struct plan *plan = planner->plan;
	struct decision decision = {
		.subject.applied = state_at(planner->input->applied, index),
		.subject.live = state_find(planner->input->live, id),
	};

	if (!decision.subject.live || !claim->retired || claim->row != index)
		return;
	fill_bystander(planner, &decision);
	decision.facts[O_APPLIED] = 2;
	decision.row = object_find(decision.facts);
	if (decision.row->verdict == OBJECT_REMOVE)
		commit(planner, &decision, decision.row->kind);
	else
		list(&plan->retired, &plan->retired_count,
		     &planner->retired_capacity, &decision);
}

static bool is_ignored(const struct policy *policy,
                       const struct auth_config *live)
{
	const char *name = auth_config_text(live, "name");

	for (size_t i = 0; i < policy->ignore_count; i++) {
		if (text_glob(policy->ignore[i], live->id) ||
		    text_glob(policy->ignore[i], name))
			return true;
	}
	return false;
}

static void decide_unclaimed(struct planner *planner,
                             const struct auth_config *live)
{
	struct plan *plan = planner->plan;
	struct decision decision = { .subject.live = live };

	fill_bystander(planner, &decision);
	decision.row = object_find(decision.facts);
	plan->counts.unmanaged++;
	if (decision.row->verdict == OBJECT_LIST &&
	    !is_ignored(planner->input->policy, live))
		list(&plan->unmanaged, &plan->unmanaged_count,
		     &planner->unmanaged_capacity, &decision);
}

void decide_rows(struct planner *planner)
{
	const struct state *applied = planner->input->applied;
	const struct matcher *matcher = &planner->matcher;

	for (size_t i = 0; i < state_length(applied); i++) {
		const struct auth_config *row = state_at(applied, i);

		if (!matcher->row_live[i])
			planner->plan->counts.missing++;
		if (!matcher->row_marks[i])
			decide_orphan(planner, i);
		for (size_t j = 0; j < row->retired_count; j++)
			decide_retired(planner, i, row->retired[j]);
	}
}

void decide_live(struct planner *planner)
{
	const struct state *live = planner->input->live;

	for (size_t i = 0; i < state_length(live); i++) {
		const struct auth_config *config = state_at(live, i);

		if (config->flags & AUTH_CONFIG_OPAQUE)
			planner->plan->counts.opaque++;
		if (!planner->matcher.live_taken[i])
			decide_unclaimed(planner, config);
	}
}
