/* SPDX-License-Identifier: MIT */
/*
 * Which live object belongs to which row or entry. Claims are sorted by id and
 * walked beside the live state, which is sorted too; the index of identities
 * is sorted once, and only when an entry without an object asks for it.
 */
#include "plan/parts.h"

#include "base/order.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* An identity of a live object: the natural key, else connector and name. */
struct candidate {
	const char *first, *second;
	size_t index; /* in the live state */
};

static int compare_claims(const void *a, const void *b)
{
	const struct claim *left = a, *right = b;
	const int order = strcmp(left->id, right->id);

	if (order)
		return order;
	if (left->retired != right->retired)
		return left->retired - right->retired;
	return (left->row > right->row) - (left->row < right->row);
}

static size_t count_claims(const struct state *applied)
{
	size_t count = 0;

	for (size_t i = 0; i < state_length(applied); i++)
		count += 1U + state_at(applied, i)->retired_count;
	return count;
}

/* By id; the claims of one id stand by row, retired ones behind the others. */
static void sort_claims(struct matcher *matcher)
{
	const size_t count = matcher->claim_count;
	struct ordered *order = xcalloc(count + 1, sizeof(*order));
	struct claim *sorted = xcalloc(count + 1, sizeof(*sorted));

	for (size_t i = 0; i < count; i++)
		order[i] = (struct ordered){
			.text = matcher->claims[i].id,
			.index = matcher->claims[i].retired ? i + count : i,
		};
	order_sort(order, count);
	for (size_t i = 0; i < count; i++)
		sorted[i] = matcher->claims[order[i].index % count];
	free(order);
	free(matcher->claims);
	matcher->claims = sorted;
}

static void collect_claims(struct matcher *matcher)
{
	const struct state *applied = matcher->input->applied;
	bool sorted = true;

	matcher->claims =
		xcalloc(count_claims(applied) + 1, sizeof(*matcher->claims));
	for (size_t i = 0; i < state_length(applied); i++) {
		const struct auth_config *row = state_at(applied, i);

		if (row->id)
			matcher->claims[matcher->claim_count++] =
				(struct claim){ row->id, i, false };
		for (size_t j = 0; j < row->retired_count; j++)
			matcher->claims[matcher->claim_count++] =
				(struct claim){ row->retired[j], i, true };
	}
	for (size_t i = 1; sorted && i < matcher->claim_count; i++)
		sorted = compare_claims(&matcher->claims[i - 1],
		                        &matcher->claims[i]) <= 0;
	if (!sorted)
		sort_claims(matcher);
}

/* Both are sorted by id. */
static void find_claimed(struct matcher *matcher)
{
	const struct state *live = matcher->input->live;
	size_t i = 0, j = 0;

	while (i < state_length(live) && j < matcher->claim_count) {
		const struct claim *claim = &matcher->claims[j];
		const int order = strcmp(state_at(live, i)->id, claim->id);

		if (order < 0) {
			i++;
			continue;
		}
		j++;
		if (order > 0)
			continue;
		matcher->live_taken[i] = true;
		if (!claim->retired)
			matcher->row_live[claim->row] = state_at(live, i);
	}
}

/* Both are sorted by key. */
static void mark_declared(struct matcher *matcher)
{
	const struct state *desired = matcher->input->desired;
	const struct state *applied = matcher->input->applied;
	size_t i = 0, j = 0;

	while (i < state_length(desired) && j < state_length(applied)) {
		const int order = strcmp(state_at(desired, i)->key,
		                         state_at(applied, j)->key);

		if (order == 0)
			matcher->row_marks[j] |= ROW_DECLARED;
		i += order <= 0;
		j += order >= 0;
	}
}

/* Row O7: the rows that a declared key takes over are not left behind. */
static void mark_moved(struct matcher *matcher)
{
	const struct state *desired = matcher->input->desired;

	for (size_t i = 0; i < state_length(desired); i++) {
		const struct auth_config *config = state_at(desired, i);
		size_t row;

		if (!config->renamed_from ||
		    matcher_row(matcher, config->key) != SIZE_MAX)
			continue;
		row = matcher_row(matcher, config->renamed_from);
		if (row != SIZE_MAX)
			matcher->row_marks[row] |= ROW_MOVED;
	}
}

void matcher_init(struct matcher *matcher, const struct plan_input *input)
{
	const size_t rows = state_length(input->applied);

	*matcher = (struct matcher){ .input = input };
	matcher->row_live = xcalloc(rows + 1, sizeof(*matcher->row_live));
	matcher->row_marks = xcalloc(rows + 1, 1);
	matcher->live_taken = xcalloc(state_length(input->live) + 1,
	                              sizeof(*matcher->live_taken));
	collect_claims(matcher);
	find_claimed(matcher);
	mark_declared(matcher);
	mark_moved(matcher);
}

void matcher_release(struct matcher *matcher)
{
	free(matcher->claims);
	free(matcher->row_live);
	free(matcher->row_marks);
	free(matcher->live_taken);
	free(matcher->candidates);
}

size_t matcher_row(const struct matcher *matcher, const char *key)
{
	const struct state *applied = matcher->input->applied;
	size_t low = 0, high = state_length(applied);

	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		const int order = strcmp(state_at(applied, middle)->key, key);

		if (order == 0)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return SIZE_MAX;
}

const struct claim *matcher_claim(const struct matcher *matcher, const char *id)
{
	size_t low = 0, high = matcher->claim_count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (strcmp(matcher->claims[middle].id, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == matcher->claim_count ||
	    !str_equal(matcher->claims[low].id, id))
		return NULL;
	return &matcher->claims[low];
}

/* ---- identities ---- */

static struct candidate identity_of(const struct matcher *matcher,
                                    const struct auth_config *config)
{
	if (matcher->input->traits->abilities & HAS_NATURAL_KEY)
		return (struct candidate){
			.first = config->natural_key ? config->natural_key : "",
			.second = "",
		};
	return (struct candidate){
		.first = auth_config_text(config, "connector"),
		.second = auth_config_text(config, "name"),
	};
}

static int compare_identities(const struct candidate *left,
                              const struct candidate *right)
{
	const int order = strcmp(left->first, right->first);

	return order ? order : strcmp(left->second, right->second);
}

static int compare_candidates(const void *a, const void *b)
{
	const struct candidate *left = a, *right = b;
	const int order = compare_identities(left, right);

	if (order)
		return order;
	return (left->index > right->index) - (left->index < right->index);
}

static void index_live(struct matcher *matcher)
{
	const struct state *live = matcher->input->live;

	matcher->candidates =
		xcalloc(state_length(live) + 1, sizeof(*matcher->candidates));
	for (size_t i = 0; i < state_length(live); i++) {
		const struct auth_config *config = state_at(live, i);
		struct candidate *candidate =
			&matcher->candidates[matcher->candidate_count];

		if (config->flags & AUTH_CONFIG_OPAQUE)
			continue;
		*candidate = identity_of(matcher, config);
		candidate->index = i;
		matcher->candidate_count++;
	}
	qsort(matcher->candidates, matcher->candidate_count,
	      sizeof(*matcher->candidates), compare_candidates);
}

static const struct candidate *lower_bound(const struct matcher *matcher,
                                           const struct candidate *wanted)
{
	size_t low = 0, high = matcher->candidate_count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (compare_identities(&matcher->candidates[middle], wanted) <
		    0)
			low = middle + 1;
		else
			high = middle;
	}
	return &matcher->candidates[low];
}

/* k2 of rows O5 and O6. A row that another key takes over is moving away. */
static void note_claim(const struct matcher *matcher, const char *id,
                       struct match *out)
{
	const struct claim *claim = matcher_claim(matcher, id);
	const struct auth_config *row;

	if (!claim)
		return;
	row = state_at(matcher->input->applied, claim->row);
	if (matcher->row_marks[claim->row])
		out->declared = true;
	else if (!out->undeclared || strcmp(row->key, out->undeclared->key) < 0)
		out->undeclared = row;
}

void matcher_find(struct matcher *matcher, const struct auth_config *desired,
                  struct match *out)
{
	const struct state *live = matcher->input->live;
	const struct candidate *all, *at;
	struct candidate wanted;

	if (!matcher->candidates)
		index_live(matcher);
	if (!matcher->candidate_count) {
		*out = (struct match){ .count = 0 };
		return;
	}
	wanted = identity_of(matcher, desired);
	all = matcher->candidates + matcher->candidate_count;
	*out = (struct match){ .first = lower_bound(matcher, &wanted) };
	for (at = out->first; at < all && compare_identities(at, &wanted) == 0;
	     at++) {
		const struct auth_config *config = state_at(live, at->index);

		if (matcher->live_taken[at->index]) {
			note_claim(matcher, config->id, out);
			continue;
		}
		if (!out->count++) {
			out->live = config;
			out->index = at->index;
		}
	}
	out->end = at;
}

char *match_ids(const struct matcher *matcher, const struct match *match)
{
	const struct state *live = matcher->input->live;
	const char *between = "";
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	for (const struct candidate *at = match->first; at < match->end; at++) {
		if (matcher->live_taken[at->index])
			continue;
		fprintf(out, "%s`%s`", between, state_at(live, at->index)->id);
		between = ", ";
	}
	(void)fclose(out);
	return text;
}
