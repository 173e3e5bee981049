/* SPDX-License-Identifier: MIT */
/* Coverage: which connectors need an auth config, and which have one. */
#include "run/road.h"

#include "base/text.h"
#include "schema/schema.h"

#include <stdlib.h>

/* Everything that is asked about, and what came of it. */
struct coverage {
	struct report_cover *covers; /* texts below are theirs */
	size_t count;
	struct around_items connectors;
	bool listed; /* the platform says which connectors there are */
};

static void coverage_release(struct coverage *coverage)
{
	for (size_t i = 0; i < coverage->count; i++) {
		free((void *)(uintptr_t)coverage->covers[i].keys);
		free((void *)(uintptr_t)coverage->covers[i].types);
	}
	free(coverage->covers);
	around_items_release(&coverage->connectors);
}

/* ---- which connectors ---- */

static int compare_covers(const void *a, const void *b)
{
	return str_compare(((const struct report_cover *)a)->connector,
	                   ((const struct report_cover *)b)->connector);
}

static void add_state(struct coverage *coverage, const struct state *state)
{
	for (size_t i = 0; i < state_length(state); i++)
		coverage->covers[coverage->count++].connector =
			auth_config_text(state_at(state, i), "connector");
}

/* Of the file, of the ledger, and those that were named; each once. */
static void collect(const struct run *run, const struct road *road,
                    struct coverage *coverage)
{
	const struct texts *named = &run->options.keys;
	size_t kept = 0;

	coverage->covers =
		xcalloc(state_length(road->desired) +
	                        state_length(road->applied) + named->count + 1,
	                sizeof(*coverage->covers));
	add_state(coverage, road->desired);
	add_state(coverage, road->applied);
	for (size_t i = 0; i < named->count; i++)
		coverage->covers[coverage->count++].connector = named->items[i];
	qsort(coverage->covers, coverage->count, sizeof(*coverage->covers),
	      compare_covers);
	for (size_t i = 0; i < coverage->count; i++) {
		if (!kept || !str_equal(coverage->covers[kept - 1].connector,
		                        coverage->covers[i].connector))
			coverage->covers[kept++] = coverage->covers[i];
	}
	coverage->count = kept;
}

/* ---- what is declared ---- */

static void count_declared(const struct road *road, struct report_cover *cover)
{
	char *keys = NULL;
	size_t length;
	FILE *out = xmemstream(&keys, &length);

	for (size_t i = 0; i < state_length(road->desired); i++) {
		const struct auth_config *config = state_at(road->desired, i);
		const struct auth_config *row =
			state_find(road->applied, config->key);

		if (!str_equal(auth_config_text(config, "connector"),
		               cover->connector))
			continue;
		fprintf(out, "%s%s", cover->declared ? ", " : "", config->key);
		cover->declared++;
		cover->recorded += row && row->id;
	}
	(void)fclose(out);
	cover->keys = keys;
}

/* ---- what the platform says ---- */

static bool is_listed(const struct coverage *coverage, const char *connector)
{
	for (size_t i = 0; i < coverage->connectors.count; i++) {
		if (str_equal(coverage->connectors.items[i].id, connector))
			return true;
	}
	return false;
}

static void take_needs(const struct around_items *needs,
                       struct report_cover *cover)
{
	char *types = NULL;
	size_t length;
	FILE *out = xmemstream(&types, &length);

	for (size_t i = 0; i < needs->count; i++) {
		const struct around_item *need = &needs->items[i];

		if (!need->required)
			continue;
		fprintf(out, "%s%s", cover->required ? ", " : "",
		        need->type ? need->type : "");
		cover->required = true;
	}
	(void)fclose(out);
	cover->types = types;
	cover->known = needs->found;
}

static int ask(struct run *run, struct road *road,
               const struct coverage *coverage, struct report_cover *cover)
{
	CLEANUP(around_items_release) struct around_items needs = { 0 };

	count_declared(road, cover);
	if ((!coverage->listed || is_listed(coverage, cover->connector)) &&
	    platform_around(road->platform, AROUND_NEEDS, cover->connector,
	                    &needs, run->diag) < 0)
		return -1;
	take_needs(&needs, cover);
	return 0;
}

/* ---- judging ---- */

static struct place place_of(const struct road *road, const char *connector)
{
	for (size_t i = 0; i < state_length(road->desired); i++) {
		const struct auth_config *config = state_at(road->desired, i);

		if (str_equal(auth_config_text(config, "connector"), connector))
			return auth_config_place(road->desired, config);
	}
	return PLACE_NONE;
}

static const char *nearest(const struct coverage *coverage, const char *word)
{
	const size_t count = coverage->connectors.count;
	const char **ids = xcalloc(count + 1, sizeof(*ids));
	const char *near;

	for (size_t i = 0; i < count; i++)
		ids[i] = coverage->connectors.items[i].id;
	near = text_nearest(word, ids, count);
	free(ids);
	return near;
}

static void report_unknown(struct run *run, const struct road *road,
                           const struct coverage *coverage,
                           const struct report_cover *cover)
{
	const char *near = nearest(coverage, cover->connector);

	diag_error(run->diag, CODE_COVERAGE_GAP,
	           place_of(road, cover->connector),
	           near ? "`%s` has no connector `%s`; did you mean `%s`?"
	                : "`%s` has no connector `%s`; correct its name",
	           binding_name(road->binding), cover->connector, near);
}

static void judge(struct run *run, const struct road *road,
                  const struct coverage *coverage, struct report_cover *cover)
{
	cover->gap = !cover->known || (cover->required && !cover->declared);
	if (!cover->known) {
		cover->verdict = "unknown connector";
		report_unknown(run, road, coverage, cover);
		return;
	}
	if (cover->gap) {
		cover->verdict = "gap";
		diag_error(run->diag, CODE_COVERAGE_GAP, PLACE_NONE,
		           "`%s` needs an auth config (%s), and `%s` declares "
		           "none; add one",
		           cover->connector, cover->types,
		           road->environment.name);
		return;
	}
	cover->verdict = cover->declared ? "covered" : "not needed";
}

/* ---- the verb ---- */

static int list_connectors(struct run *run, struct road *road,
                           struct coverage *coverage)
{
	coverage->listed = binding_has_call(road->binding, AROUND_CONNECTORS);
	if (!coverage->listed)
		return 0;
	return platform_around(road->platform, AROUND_CONNECTORS, NULL,
	                       &coverage->connectors, run->diag);
}

static int cover(struct run *run, struct road *road, struct coverage *coverage)
{
	CLEANUP(textp) char *file = road_file(run);

	if (!file || road_load(run, file, DESIRED_LENIENT, road) < 0 ||
	    road_open_ledger(run, road, (enum ledger_flags)0) < 0 ||
	    road_connect(run, road) < 0 ||
	    list_connectors(run, road, coverage) < 0)
		return -1;
	collect(run, road, coverage);
	for (size_t i = 0; i < coverage->count; i++) {
		if (ask(run, road, coverage, &coverage->covers[i]) < 0)
			return -1;
		judge(run, road, coverage, &coverage->covers[i]);
	}
	return 0;
}

int run_coverage(struct run *run)
{
	CLEANUP(road_release) struct road road = ROAD_EMPTY;
	CLEANUP(coverage_release) struct coverage coverage = { 0 };
	struct report report = { .exit = 0 };
	int result;

	if (road_check_outputs(run) < 0)
		return run_exit(run->diag);
	result = cover(run, &road, &coverage);
	report.exit = run_exit(run->diag);
	road_describe(run, &road, &report);
	if (result == 0) {
		report.covers = coverage.covers;
		report.cover_count = coverage.count;
	}
	return road_report(run, &report);
}
