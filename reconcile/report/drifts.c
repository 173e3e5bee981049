/* SPDX-License-Identifier: MIT */
#include "report/drifts.h"

#include "report/json.h"
#include "report/report.h"
#include "report/show.h"
#include "report/table.h"
#include "report/words.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static const char *const side_names[DRIFT_SIDES] = {
	[DRIFT_OUTSIDE] = "outside",
	[DRIFT_BOTH] = "both",
	[DRIFT_HERE] = "here",
	[DRIFT_UNSURE] = "unsure",
};

const char *const drift_titles[DRIFT_SIDES] = {
	[DRIFT_OUTSIDE] = "Changed outside",
	[DRIFT_BOTH] = "Changed here and outside",
	[DRIFT_HERE] = "Changed here, not applied yet",
	[DRIFT_UNSURE] = "Perhaps changed outside",
};

static const char *const counted[DRIFT_SIDES] = {
	[DRIFT_OUTSIDE] = "changed outside",
	[DRIFT_BOTH] = "changed here and outside",
	[DRIFT_HERE] = "changed here",
	[DRIFT_UNSURE] = "perhaps changed outside",
};

/* Rows of the tables F, S and O that tell who moved something. The rows of a
 * secret come with words of their own: NULL. */
static const struct drift_row {
	const char *row;
	enum drift_side side;
	const char *words;
} drift_rows[] = {
	{ "F2", DRIFT_HERE, "no longer declared" },
	{ "F5", DRIFT_OUTSIDE, "" },
	{ "F6", DRIFT_OUTSIDE, "to what is declared" },
	{ "F7", DRIFT_HERE, "" },
	{ "F8", DRIFT_HERE, "to what is live" },
	{ "F9", DRIFT_BOTH, "" },
	{ "F10", DRIFT_BOTH, "alike" },
	{ "F12", DRIFT_UNSURE, "never applied from here" },
	{ "F14", DRIFT_HERE, "cannot be read back" },
	{ "S5", DRIFT_OUTSIDE, NULL },
	{ "S6", DRIFT_UNSURE, NULL },
	{ "S7a", DRIFT_HERE, NULL },
	{ "S7b", DRIFT_HERE, NULL },
	{ "S7b3", DRIFT_HERE, NULL },
	{ "S7c3", DRIFT_HERE, NULL },
	{ "S8a", DRIFT_HERE, NULL },
	{ "S9b", DRIFT_HERE, NULL },
	{ "S12", DRIFT_OUTSIDE, NULL },
	{ "S12b", DRIFT_BOTH, NULL },
	{ "S12r", DRIFT_BOTH, NULL },
	{ "S13", DRIFT_OUTSIDE, NULL },
	{ "S13r", DRIFT_BOTH, NULL },
	{ "S14", DRIFT_UNSURE, NULL },
	{ "S15d", DRIFT_UNSURE, NULL },
	{ "S15h", DRIFT_OUTSIDE, NULL },
	{ "O1", DRIFT_HERE, "declared, not made yet" },
	{ "O2", DRIFT_HERE, "declared and live, not bound yet" },
	{ "O6", DRIFT_HERE, "declared, not made yet" },
	{ "O11", DRIFT_OUTSIDE, "gone" },
	{ "O12", DRIFT_OUTSIDE, "gone, and another is in its place" },
	{ "O13", DRIFT_HERE, "no longer declared" },
	{ "O14", DRIFT_HERE, "no longer declared" },
	{ "O15", DRIFT_HERE, "no longer declared, and protected" },
	{ "O16", DRIFT_BOTH, "gone, and no longer declared" },
	{ "O20", DRIFT_HERE, "`protect` changes" },
};

static void add(struct drifts *drifts, const struct drift *found)
{
	for (size_t i = 0; i < LENGTH(drift_rows); i++) {
		const struct drift_row *row = &drift_rows[i];
		struct drift *drift;

		if (!str_equal(row->row, found->row))
			continue;
		drifts->items = xgrow(drifts->items, drifts->count,
		                      &drifts->capacity, sizeof(*drift));
		drift = &drifts->items[drifts->count++];
		*drift = *found;
		drift->side = row->side;
		if (row->words)
			drift->words = row->words;
	}
}

/* An object that is not there has no fields that anybody moved. */
static bool has_parts(const struct change *change)
{
	return change->kind != CHANGE_CREATE &&
	       change->kind != CHANGE_RECREATE && change->kind != CHANGE_DELETE;
}

static void find_parts(struct drifts *drifts, const struct change *change)
{
	for (size_t i = 0; i < change->field_count; i++) {
		const struct field_change *field = &change->fields[i];

		add(drifts, &(struct drift){ .address = change->address,
		                             .name = field->name,
		                             .row = field->row->row,
		                             .field = field,
		                             .place = field->place });
	}
	for (size_t i = 0; i < change->secret_count; i++) {
		const struct secret_change *secret = &change->secrets[i];

		add(drifts, &(struct drift){ .address = change->address,
		                             .name = secret->name,
		                             .row = secret->row,
		                             .words = secret->reason,
		                             .place = secret->place });
	}
}

static void find_in_changes(struct drifts *drifts, const struct change *changes,
                            size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct change *change = &changes[i];

		add(drifts, &(struct drift){ .address = change->address,
		                             .row = change->row,
		                             .place = change->place });
		if (change->kind == CHANGE_RENAME)
			add(drifts, &(struct drift){ .address = change->address,
			                             .name = "renamedFrom",
			                             .row = "F7",
			                             .place = change->place });
		if (has_parts(change))
			find_parts(drifts, change);
	}
}

/* What cannot be seen in an object that does not change is only a finding. */
static void find_in_findings(struct drifts *drifts, const struct plan *plan)
{
	for (size_t i = 0; i < plan->finding_count; i++) {
		const struct plan_finding *finding = &plan->findings[i];

		if (finding->row[0] == 'S')
			add(drifts,
			    &(struct drift){ .address = finding->address,
			                     .name = finding->field,
			                     .row = finding->row,
			                     .words = finding->text,
			                     .place = finding->place });
	}
}

static int compare_drifts(const void *a, const void *b)
{
	const struct drift *left = a, *right = b;
	int order = (left->side > right->side) - (left->side < right->side);

	if (!order)
		order = str_compare(left->address, right->address);
	return order ? order : str_compare(left->name, right->name);
}

static void drop_twins(struct drifts *drifts)
{
	size_t kept = 0;

	for (size_t i = 0; i < drifts->count; i++) {
		struct drift *last = &drifts->items[kept ? kept - 1 : 0];

		if (kept && compare_drifts(last, &drifts->items[i]) == 0)
			continue;
		drifts->items[kept++] = drifts->items[i];
	}
	drifts->count = kept;
}

static void add_orphan(struct drifts *drifts, const struct plan *plan,
                       const struct bystander *orphan)
{
	CLEANUP(textp)
	char *address = xasprintf("%s/%s", plan->environment, orphan->key);
	const size_t before = drifts->count;

	add(drifts, &(struct drift){ .address = address, .row = orphan->row });
	if (drifts->count > before)
		drifts->items[before].own = TAKE(address);
}

void drifts_find(const struct plan *plan, struct drifts *drifts)
{
	*drifts = (struct drifts){ .count = 0 };
	find_in_changes(drifts, plan->changes, plan->change_count);
	find_in_changes(drifts, plan->notes, plan->note_count);
	find_in_findings(drifts, plan);
	for (size_t i = 0; i < plan->orphan_count; i++)
		add_orphan(drifts, plan, &plan->orphans[i]);
	if (drifts->count)
		qsort(drifts->items, drifts->count, sizeof(*drifts->items),
		      compare_drifts);
	drop_twins(drifts);
	for (size_t i = 0; i < drifts->count; i++)
		drifts->counts[drifts->items[i].side]++;
}

void drifts_release(struct drifts *drifts)
{
	for (size_t i = 0; i < drifts->count; i++)
		free(drifts->items[i].own);
	free(drifts->items);
}

/* Row S14 is never a change, so it is no difference either. */
bool report_drifts(const struct plan *plan)
{
	CLEANUP(drifts_release) struct drifts drifts;

	drifts_find(plan, &drifts);
	for (size_t i = 0; i < drifts.count; i++) {
		if (!str_equal(drifts.items[i].row, "S14"))
			return true;
	}
	return false;
}

/* ---- for people ---- */

/* What it was: as applied, or as seen then. */
static const struct value *value_before(const struct drift *drift)
{
	return drift->side == DRIFT_HERE ? &drift->field->sent
	                                 : &drift->field->seen;
}

static const struct value *value_after(const struct drift *drift)
{
	return drift->side == DRIFT_HERE ? &drift->field->declared
	                                 : &drift->field->live;
}

void drift_values(const struct drift *drift, FILE *out)
{
	if (!drift->field)
		return;
	show_value(out, value_before(drift));
	fputs(" -> ", out);
	show_value(out, value_after(drift));
	if (drift->side == DRIFT_HERE)
		return;
	fputs(", declared ", out);
	show_value(out, &drift->field->declared);
}

void drift_counts_write(const struct plan *plan, FILE *out)
{
	CLEANUP(drifts_release) struct drifts drifts;
	const char *between = "Drift: ";

	drifts_find(plan, &drifts);
	for (size_t side = 0; side < DRIFT_SIDES; side++) {
		if (!drifts.counts[side])
			continue;
		fprintf(out, "%s%zu %s", between, drifts.counts[side],
		        counted[side]);
		between = ", ";
	}
	fprintf(out, "%s.\n", drifts.count ? "" : "Drift: none");
}

static void drift_row(const struct drift *drift, struct table *table)
{
	CLEANUP(textp)
	char *words = text_safe(drift->words ? drift->words : "");

	show_text(table->out, drift->address);
	table_cell(table);
	if (drift->name)
		show_text(table->out, drift->name);
	table_cell(table);
	drift_values(drift, table->out);
	table_cell(table);
	fputs(words, table->out);
	table_cell(table);
	show_place(table->out, &drift->place);
	table_row(table);
}

static void drift_table(const struct drift *items, size_t count, FILE *out)
{
	struct table table;

	fprintf(out, "\n%s\n", drift_titles[items->side]);
	table_begin(&table, "  ", 5);
	for (size_t i = 0; i < count; i++)
		drift_row(&items[i], &table);
	table_end(&table, out);
}

void text_drift(const struct report *report, FILE *out)
{
	const char *mode = ledger_mode_words[report->plan->ledger_mode];
	CLEANUP(drifts_release) struct drifts drifts;
	size_t first = 0;

	drifts_find(report->plan, &drifts);
	drift_counts_write(report->plan, out);
	if (report->flags & REPORT_BY_HAND)
		fprintf(out, "%s\n", words_by_hand);
	if (mode)
		fprintf(out, "%s\n", mode);
	for (size_t side = 0; side < DRIFT_SIDES; side++) {
		if (drifts.counts[side])
			drift_table(drifts.items + first, drifts.counts[side],
			            out);
		first += drifts.counts[side];
	}
}

/* ---- for machines ---- */

static json_t *drift_json(const struct drift *drift)
{
	json_t *object = json_object();

	json_put(object, "address", json_text(drift->address));
	json_put(object, "field", json_text(drift->name));
	json_put(object, "row", json_text(drift->row));
	json_put(object, "words", json_text(drift->words ? drift->words : ""));
	if (drift->field) {
		json_put(object, "before", json_value(value_before(drift)));
		json_put(object, "after", json_value(value_after(drift)));
		json_put(object, "declared",
		         json_value(&drift->field->declared));
	}
	json_put(object, "source", json_place(&drift->place));
	return object;
}

json_t *json_drifts(const struct plan *plan)
{
	CLEANUP(drifts_release) struct drifts drifts;
	json_t *object = json_object();
	json_t *sides[DRIFT_SIDES];

	drifts_find(plan, &drifts);
	for (size_t side = 0; side < DRIFT_SIDES; side++) {
		sides[side] = json_array();
		json_put(object, side_names[side], sides[side]);
	}
	for (size_t i = 0; i < drifts.count; i++)
		(void)json_array_append_new(sides[drifts.items[i].side],
		                            drift_json(&drifts.items[i]));
	return object;
}
