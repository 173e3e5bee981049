/* SPDX-License-Identifier: MIT */
#include "run/road.h"

#include "base/file.h"
#include "base/text.h"
#include "schema/schema.h"

#include <stdlib.h>

static int compare_texts(const void *a, const void *b)
{
	return str_compare(*(const char *const *)a, *(const char *const *)b);
}

/* The options' lists are searched by bsearch(): sorted in place. */
static void sort_texts(struct texts *texts)
{
	if (texts->count)
		qsort(texts->items, texts->count, sizeof(char *),
		      compare_texts);
}

/* An option that names a key which nothing has is a slip of the pen. */
static int check_keys(struct run *run, const struct road *road,
                      const struct texts *keys, const char *option)
{
	int result = 0;

	for (size_t i = 0; i < keys->count; i++) {
		if (state_find(road->desired, keys->items[i]))
			continue;
		if (keys == &run->options.only &&
		    state_find(road->resolved.applied, keys->items[i]))
			continue; /* an orphan */
		result = diag_error(run->diag, CODE_KEY_UNKNOWN, PLACE_NONE,
		                    "%s names `%s`, which `%s` does not "
		                    "declare; correct the key",
		                    option, keys->items[i],
		                    road->environment.name);
	}
	return result;
}

static int check_named_keys(struct run *run, const struct road *road)
{
	const struct options *options = &run->options;
	int result = check_keys(run, road, &options->allow_replace,
	                        "--allow-replace");

	if (check_keys(run, road, &options->only, "--only") < 0)
		result = -1;
	if (check_keys(run, road, &options->resend, "--resend") < 0)
		result = -1;
	if (check_keys(run, road, &options->resend_secrets,
	               "--resend-secrets") < 0)
		result = -1;
	return result;
}

static void set_permissions(struct run *run, struct road *road)
{
	struct options *options = &run->options;

	sort_texts(&options->allow_replace);
	sort_texts(&options->resend);
	sort_texts(&options->resend_secrets);
	road->permissions = (struct permissions){
		.prune = (options->flags & RUN_PRUNE) ||
		         road->environment.policy.prune,
		.allow_empty = options->flags & RUN_ALLOW_EMPTY,
		.drift_kept = options->flags & RUN_DRIFT_KEPT,
		.allow_deletes = options->allow_deletes,
		.allow_changes = options->allow_changes,
		.allow_missing = options->allow_missing,
		.break_connections = options->break_connections,
		.allow_replace = options->allow_replace.items,
		.allow_replace_count = options->allow_replace.count,
		.resend = options->resend.items,
		.resend_count = options->resend.count,
		.resend_secrets = options->resend_secrets.items,
		.resend_secrets_count = options->resend_secrets.count,
	};
}

/* What every plan says, so that nobody trusts it more than it deserves. */
static const char *note_of(const struct binding *binding)
{
	if (binding_status(binding) != BINDING_DOCUMENTED)
		return NULL;
	return "This binding was written from the platform's documentation "
	       "and never held against the platform: look twice.";
}

/* What the file asks for in its own favour is a danger of its plan (T4). */
static void find_weakenings(struct road *road)
{
	const struct findings *findings = road->rules.findings;
	const size_t count = findings_length(findings);

	/* Those against a base stand there already. */
	road->weakenings = xreallocarray(road->weakenings,
	                                 road->weakening_count + count + 1,
	                                 sizeof(*road->weakenings));
	for (size_t i = 0; i < count; i++) {
		const struct finding *finding = findings_at(findings, i);

		if (lint_rule_is_fixed(finding->rule) &&
		    str_equal(finding->environment, road->environment.name))
			road->weakenings[road->weakening_count++] =
				(struct plan_weakening){
					.text = finding->text,
					.place = finding->place,
				};
	}
}

static void set_input(struct road *road)
{
	road->input = (struct plan_input){
		.environment = road->environment.name,
		.origin = road->origin,
		.platform = binding_name(road->binding),
		.binding_hash = binding_hash(road->binding),
		.revision = source_revision(road->source),
		.desired = road->desired,
		.live = road->live,
		.applied = road->resolved.applied,
		.traits = binding_traits(road->binding),
		.policy = &road->environment.policy,
		.permissions = &road->permissions,
		.facts = road->facts,
		.fact_count = road->fact_count,
		.ledger_mode = road->ledger_mode,
		.binding_note = note_of(road->binding),
		.weakenings = road->weakenings,
		.weakening_count = road->weakening_count,
		.place = road->environment.place,
	};
}

/* Up to the facts. */
static int begin(struct run *run, struct road *road)
{
	set_permissions(run, road);
	if (check_named_keys(run, road) < 0 ||
	    desired_check_twins(road->desired, binding_traits(road->binding),
	                        road->resolved.applied, run->diag) < 0)
		return -1;
	return road_rules_begin(run, road);
}

/* What the facts and rules are for. */
static void set_up(struct run *run, struct road *road)
{
	road_rules(run, road);
	find_weakenings(road);
	set_input(road);
}

static int make(struct run *run, struct road *road)
{
	road->plan = plan_make(&road->input, run->diag);
	if (!road->plan || road_narrow(run, road) < 0 ||
	    road_connections(run, road) < 0)
		return -1;
	plan_judge(road->plan, &road->input);
	road_name_commits(run, road);
	return 0;
}

int road_plan(struct run *run, struct road *road)
{
	if (begin(run, road) < 0 || road_facts(run, road) < 0)
		return -1;
	set_up(run, road);
	if (make(run, road) < 0)
		return -1;
	return road_check_digest(run, road);
}

/* No secret is looked at: none is known, as where none is at hand. */
static void declare_facts(struct road *road)
{
	size_t count = 0;

	for (size_t i = 0; i < state_length(road->desired); i++)
		count += state_at(road->desired, i)->reference_count;
	road->facts = xcalloc(count + 1, sizeof(*road->facts));
	road->lint_secrets = xcalloc(count + 1, sizeof(*road->lint_secrets));
	for (size_t i = 0; i < state_length(road->desired); i++) {
		const struct auth_config *config = state_at(road->desired, i);

		for (size_t j = 0; j < config->reference_count; j++) {
			road->facts[road->fact_count++] = (struct secret_fact){
				.key = config->key,
				.name = config->references[j].name,
				.unresolved_why = "not looked at",
			};
			road_rule_fact(road, config, &config->references[j],
			               NULL);
		}
	}
}

int road_compare(struct run *run, struct road *road)
{
	if (begin(run, road) < 0)
		return -1;
	declare_facts(road);
	set_up(run, road);
	road->input.traits = &road->base_traits;
	road->input.revision = road->base_revision;
	return make(run, road);
}

int road_make_plan(struct run *run, const char *file, struct road *road)
{
	if (run->options.base)
		return road_plan_base(run, file, road);
	if (road_load(run, file, 0, road) < 0 ||
	    road_open_ledger(run, road, (enum ledger_flags)0) < 0 ||
	    road_check_rewound(run, road, SEVERITY_WARNING) < 0 ||
	    road_list(run, road) < 0)
		return -1;
	return road_plan(run, road);
}

/* Exit 2 is for changes and 3 for rules, each only where somebody asked. */
static int plan_exit(const struct run *run, const struct road *road)
{
	if (run->options.fail_on && road_rules_broken(run, &road->rules))
		return 3;
	if ((run->options.flags & RUN_DETAILED_EXITCODE) &&
	    (!plan_is_empty(road->plan) || road->base_text_count))
		return 2;
	return 0;
}

/* What was planned, for `apply FILE` and `show FILE`: never for other eyes. */
static int save_plan(struct run *run, struct report *report)
{
	CLEANUP(textp) char *bytes = NULL;
	size_t length = 0;
	FILE *out = xmemstream(&bytes, &length);

	report_find("json")->write(report, out);
	fclose(out);
	return file_write(run->options.out, 0600, bytes, length, run->diag);
}

int run_plan(struct run *run)
{
	CLEANUP(road_release) struct road road = ROAD_EMPTY;
	struct report report = { .command = run->command, .diag = run->diag };
	CLEANUP(textp) char *file = NULL;

	if (road_check_outputs(run) < 0)
		return run_exit(run->diag);
	file = road_file(run);
	if (file && road_make_plan(run, file, &road) == 0)
		report.exit = plan_exit(run, &road);
	else
		report.exit = run_exit(run->diag);
	road_describe(run, &road, &report);
	if (road.plan && run->options.out && save_plan(run, &report) < 0)
		report.exit = run_exit(run->diag);
	return road_report(run, &report);
}
