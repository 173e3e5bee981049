/* SPDX-License-Identifier: MIT */
/*
 * Manual: the road where the platform has no API for auth configs. What is
 * live is known from what was recorded; what is to be done is said to a person.
 */
#include "run/road.h"

#include "base/text.h"
#include "schema/schema.h"

#include <stdlib.h>
#include <string.h>

/* ---- what is live ---- */

static int recall(struct run *run, struct road *road)
{
	CLEANUP(textp) char *twin = NULL;

	if (road->environment.store == LEDGER_NONE)
		return diag_error(
			run->diag, CODE_BY_HAND_STATELESS,
			road->environment.place,
			"`%s` is worked by hand, so what is live is "
			"known from the ledger alone; remove `ledger: "
			"none`",
			binding_name(road->binding));
	road->live = binding_recorded(road->binding, road->applied, &twin);
	if (road->live)
		return 0;
	return diag_error(
		run->diag, CODE_LEDGER_TWINS, road->environment.place,
		"the ledger of `%s` holds the id `%s` twice; put back "
		"a copy from before that",
		road->environment.name, twin);
}

int road_recall(struct run *run, struct road *road)
{
	if (recall(run, road) < 0)
		return -1;
	return apply_resolve(road->applied, road->live, road->intents,
	                     road->intent_count, &road->resolved, run->diag);
}

/* ---- what a person does ---- */

static const enum manual_deed deeds[CHANGE_KINDS] = {
	[CHANGE_DELETE] = MANUAL_TO_DELETE,
	[CHANGE_REPLACE] = MANUAL_TO_REPLACE,
	[CHANGE_RECREATE] = MANUAL_TO_CREATE,
	[CHANGE_CREATE] = MANUAL_TO_CREATE,
	[CHANGE_RENAME] = MANUAL_TO_UPDATE,
	[CHANGE_UPDATE] = MANUAL_TO_UPDATE,
	[CHANGE_ROTATE] = MANUAL_TO_UPDATE,
	[CHANGE_ADOPT] = MANUAL_TO_UPDATE,
	[CHANGE_NOTE] = MANUAL_TO_UPDATE,
};

/* The fields that the plan compares, the declared secrets; of what goes, what
 * is known of it. */
static struct manual_part *parts_of(const struct change *change, size_t *count)
{
	const struct auth_config *live =
		change->kind == CHANGE_DELETE ? change->live : NULL;
	const size_t most = change->field_count + change->secret_count +
	                    (live ? live->field_count : 0U) + 1;
	struct manual_part *parts = xcalloc(most, sizeof(*parts));

	*count = 0;
	for (size_t i = 0; i < change->field_count; i++) {
		const struct field_change *field = &change->fields[i];

		parts[(*count)++] = (struct manual_part){
			.name = field->name,
			.before = field->live,
			.after = field->declared,
			.written = field->writes,
		};
	}
	for (size_t i = 0; live && i < live->field_count; i++)
		parts[(*count)++] = (struct manual_part){
			.name = live->fields[i].name,
			.before = field_value(&live->fields[i]),
		};
	for (size_t i = 0; i < change->secret_count; i++) {
		const struct secret_change *secret = &change->secrets[i];

		parts[(*count)++] = (struct manual_part){
			.name = secret->name,
			.source = secret->source,
			.written =
				secret->action >= SECRET_SET && !secret->held,
		};
	}
	return parts;
}

static bool is_made_anew(const struct change *change)
{
	return deeds[change->kind] == MANUAL_TO_CREATE ||
	       deeds[change->kind] == MANUAL_TO_REPLACE;
}

/* Without the option that asks for it, it is no change. */
static bool is_resent(const struct change *change)
{
	for (size_t i = 0; i < change->secret_count; i++) {
		if (change->secrets[i].action == SECRET_RESEND)
			return true;
	}
	return false;
}

/* To be typed as it stands, but for the id. */
static char *record_command(const struct run *run, const struct change *change)
{
	const struct texts *files = &run->options.files;
	const bool resent = is_resent(change);

	return xasprintf("trueup record %s%s%s%s%s%s", change->key,
	                 is_made_anew(change) ? " --id ID" : "",
	                 resent ? " --resend-secrets " : "",
	                 resent ? change->key : "", files->count ? " -f " : "",
	                 files->count ? files->items[0] : "");
}

static void add_deed(const struct run *run, struct road *road,
                     const struct change *change)
{
	struct report_deed *deed = &road->deeds[road->deed_count++];
	size_t count = 0;
	struct manual_part *parts = parts_of(change, &count);
	const struct manual_change wanted = {
		.deed = deeds[change->kind],
		.key = change->key,
		.environment = road->environment.name,
		.id = change->id,
		.parts = parts,
		.part_count = count,
	};
	struct manual_steps steps;

	binding_steps(road->binding, &wanted, &steps);
	*deed = (struct report_deed){
		.change = change,
		.steps = steps.items,
		.step_count = steps.count,
		.record = record_command(run, change),
	};
	free(parts);
}

static void collect_deeds(const struct run *run, struct road *road)
{
	const struct plan *plan = road->plan;
	size_t *order = xcalloc(plan->change_count + 1, sizeof(*order));

	road->deeds = xcalloc(plan->change_count + 1, sizeof(*road->deeds));
	plan_order(plan, order);
	for (size_t i = 0; i < plan->change_count; i++) {
		const struct change *change = &plan->changes[order[i]];

		if (apply_needs_request(change))
			add_deed(run, road, change);
	}
	free(order);
}

void road_release_deeds(struct road *road)
{
	for (size_t i = 0; i < road->deed_count; i++) {
		struct manual_steps steps = {
			.items = road->deeds[i].steps,
			.count = road->deeds[i].step_count,
		};

		manual_steps_release(&steps);
		free(road->deeds[i].record);
	}
	free(road->deeds);
}

/* ---- writing down ---- */

static struct apply_settings settings_of(const struct run *run,
                                         struct road *road)
{
	return (struct apply_settings){
		.ledger = road->ledger,
		.plan = road->plan,
		.input = &road->input,
		.secrets = &road->secret_settings,
		.key = road->key,
		.clock = run->clock,
	};
}

static int64_t begin(const struct run *run, struct road *road)
{
	const struct run_record record = {
		.command = run->command,
		.revision = source_revision(road->source),
		.digest = road->plan->digest,
		.who = road->who,
	};

	return ledger_run_begin(road->ledger, &record);
}

static int bookkeep(struct run *run, struct road *road,
                    struct apply_result *result)
{
	struct apply_settings settings = settings_of(run, road);

	settings.run = begin(run, road);
	result->notes = apply_bookkeep(&settings, run->diag);
	ledger_run_end(road->ledger, settings.run, "done");
	return ledger_commit(road->ledger, run->diag);
}

int road_hand_over(struct run *run, struct road *road,
                   struct apply_result *result)
{
	const struct plan *plan = road->plan;

	collect_deeds(run, road);
	if ((plan->note_count || plan->change_count > road->deed_count) &&
	    bookkeep(run, road, result) < 0)
		return -1;
	if (!road->deed_count)
		return 0;
	return diag_error(run->diag, CODE_BY_HAND, road->environment.place,
	                  "`%s` has no API for auth configs, so nothing was "
	                  "changed there: %zu %s for a person; take the steps, "
	                  "then run `trueup record KEY` for each",
	                  binding_name(road->binding), road->deed_count,
	                  road->deed_count == 1 ? "change is" : "changes are");
}
