/* SPDX-License-Identifier: MIT */
/*
 * Property: random worlds, in each of which
 *   - the plan is what the model says, change for change;
 *   - the order of the input does not matter, to the last byte;
 *   - what the plan does not name is not touched by doing it;
 *   - done once, the next plan is empty, also where the platform rewrites or
 *     ignores what it is sent.
 *
 *     property [--seed N] [--rounds N] [--least N]
 *
 * Prints how often each row of the law was met; fewer than --least fails.
 */
#include "domain.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct hit_row {
	const char *row;
	size_t count;
};

struct hits {
	struct hit_row *rows;
	size_t count;
};

static const char *const laws[] = {
	"F0",
	"F1m",
	"F1u",
	"F1r",
	"F1",
	"F2",
	"F3",
	"F4",
	"F5",
	"F6",
	"F7",
	"F8",
	"F9",
	"F10",
	"F11",
	"F12",
	"F13",
	"F14",
	"F15",
	"F15r",
	"F16a",
	"F16b",
	"F17",
	"F18",
	"F18a",
	"S1",
	"S2",
	"S2c",
	"S3",
	"S4",
	"S5",
	"S6",
	"S7a",
	"S7b",
	"S7c3",
	"S7b3",
	"S8",
	"S8w",
	"S8a",
	"S9a",
	"S9b",
	"S10a",
	"S10b",
	"S10c",
	"S11",
	"S11h0",
	"S11h1",
	"S11c0",
	"S11c1",
	"S11z",
	"S12",
	"S12b",
	"S12r",
	"S13",
	"S13p",
	"S13r",
	"S14",
	"S15",
	"S15d",
	"S15h",
	"S15u",
	"O1",
	"O2",
	"O3",
	"O4",
	"O5",
	"O6",
	"O7",
	"O7a",
	"O7b",
	"O7c",
	"O7n",
	"O8",
	"O9",
	"O10",
	"O11",
	"O12",
	"O13",
	"O14",
	"O15",
	"O16",
	"O17",
	"O17i",
	"O18",
	"O18a",
	"O20",
	"O22",
	"P5",
	"P8",
	"R1",
	"R2",
	"R3",
	"R4",
	"G-maxDeletes",
	"G-maxDeletePercent",
	"G-maxChanges",
	"G-maxMissing",
	"G-emptyPlatform",
	"G-connections",
};

void hit(struct hits *hits, const char *row)
{
	if (!hits)
		return;
	for (size_t i = 0; i < hits->count; i++) {
		if (str_equal(hits->rows[i].row, row)) {
			hits->rows[i].count++;
			return;
		}
	}
	fprintf(stderr, "not a row of the law: %s\n", row);
	abort();
}

/* ---- one world ---- */

struct trial {
	struct built built;
	struct diag *diag;
	struct plan *plan;
	char *text;
};

static void try_plan(const struct world *world, struct trial *trial)
{
	build(world, &trial->built);
	trial->diag = diag_new();
	trial->plan = plan_make(&trial->built.input, trial->diag);
	if (trial->plan)
		plan_judge(trial->plan, &trial->built.input);
	trial->text = dump_plan(trial->plan, trial->diag);
}

static void trial_release(struct trial *trial)
{
	free(trial->text);
	plan_free(trial->plan);
	diag_free(trial->diag);
	built_release(&trial->built);
}

static void show_difference(const char *expected, const char *found)
{
	const char *line = expected, *other = found;

	while (*line && *other) {
		const size_t length = strcspn(line, "\n");
		const size_t other_length = strcspn(other, "\n");

		if (length != other_length || strncmp(line, other, length))
			break;
		line += length + (line[length] == '\n');
		other += length + (other[length] == '\n');
	}
	fprintf(stderr, "expected: %.*s\nfound:    %.*s\n",
	        (int)strcspn(line, "\n"), line, (int)strcspn(other, "\n"),
	        other);
	if (getenv("VERBOSE"))
		fprintf(stderr, "--- expected\n%s--- found\n%s", expected,
		        found);
}

static bool fails(const char *property, const char *expected, const char *found)
{
	fprintf(stderr, "broken: %s\n", property);
	show_difference(expected, found);
	return false;
}

static bool agrees(const struct world *world, const struct trial *trial,
                   struct hits *hits)
{
	CLEANUP(textp) char *expected = model_decide(world, hits);

	if (str_equal(expected, trial->text))
		return true;
	return fails("the plan is what the law says", expected, trial->text);
}

static bool is_order_free(struct random *random, const struct world *world,
                          const struct trial *trial)
{
	struct world *shuffled = xmalloc(sizeof(*shuffled));
	struct trial other;
	bool same;

	*shuffled = *world;
	shuffle(random, shuffled);
	try_plan(shuffled, &other);
	same = str_equal(trial->text, other.text) &&
	       (!trial->plan ||
	        str_equal(trial->plan->digest, other.plan->digest));
	if (!same)
		fails("the order of the input does not matter", trial->text,
		      other.text);
	trial_release(&other);
	free(shuffled);
	return same;
}

static bool is_summed_up(const struct trial *trial)
{
	const char *mistaken = trial->plan ? risks_mistaken(trial->plan) : NULL;

	return !mistaken ||
	       fails("the risks weigh what the changes do", mistaken, "");
}

static bool is_named(const struct plan *plan, const char *id)
{
	for (size_t i = 0; i < plan->change_count; i++) {
		if (str_equal(plan->changes[i].id, id))
			return true;
	}
	return false;
}

static bool is_untouched(const struct world *before, struct world *after,
                         const struct plan *plan)
{
	for (size_t i = 0; i < before->live_count; i++) {
		const struct thing *then = &before->live[i];
		const struct thing *now = find_id(after, then->id);

		if (is_named(plan, then->id))
			continue;
		if (!now || memcmp(then, now, sizeof(*now)) != 0)
			return fails("what is not named is not touched",
			             then->id, "");
	}
	for (size_t i = 0; i < after->live_count; i++) {
		for (size_t j = 0; j < FIELDS; j++) {
			const struct thing *now = &after->live[i];

			if (str_equal(now->fields[j].text, "lost"))
				return fails("no value is lost", field_names[j],
				             now->id);
		}
	}
	return true;
}

/* Objects retired just now, and pruned at once. */
static bool only_prunes_retired(const struct plan *plan)
{
	for (size_t i = 0; i < plan->change_count; i++) {
		if (!str_equal(plan->changes[i].row, "O18"))
			return false;
	}
	return true;
}

static bool is_silent(const struct plan *plan)
{
	return plan && !plan->change_count && !plan->note_count;
}

/* Whether the next plan has nothing to do, and the next but one where what was
 * replaced is pruned. */
static bool settles(struct world *after, unsigned turns)
{
	struct trial next;
	bool settled;

	after->permissions.resend_count = 0;
	after->permissions.resend_secrets_count = 0;
	try_plan(after, &next);
	settled = is_silent(next.plan);
	if (!settled && turns && next.plan && next.plan->change_count &&
	    !next.plan->note_count && only_prunes_retired(next.plan)) {
		platform_apply(after, next.plan);
		settled = settles(after, turns - 1);
	} else if (!settled) {
		fails("done once, the next plan is empty", "", next.text);
	}
	trial_release(&next);
	return settled;
}

/* Row S4 ends each plan that looks at such a secret. */
static bool hides_secrets(const struct world *world)
{
	for (size_t i = 0; i < world->live_count; i++) {
		for (size_t j = 0; j < SECRETS; j++) {
			if (world->live[i].secrets[j].missing)
				return true;
		}
	}
	return false;
}

/* Without a ledger nothing tells a rewritten value from a declared one. */
static bool must_settle(const struct world *world)
{
	if (hides_secrets(world))
		return false;
	return world->mode == LEDGER_MODE_KEPT ||
	       world->mode == LEDGER_MODE_UNTRUSTED ||
	       world->temper == FAITHFUL;
}

static bool applies(const struct world *world, const struct trial *trial,
                    size_t *applied)
{
	struct world *after;
	bool sound = true;

	if (!trial->plan || trial->plan->blocked)
		return true;
	after = xmalloc(sizeof(*after));
	*after = *world;
	if (platform_apply(after, trial->plan)) {
		*applied += trial->plan->change_count > 0;
		sound = is_untouched(world, after, trial->plan) &&
		        (!must_settle(world) || settles(after, 1));
	}
	free(after);
	return sound;
}

/* ---- all of them ---- */

struct tally {
	size_t planned, applied;
};

static bool try_world(uint64_t seed, struct hits *hits, struct tally *tally)
{
	struct random random = { .state = seed * 0x9E3779B97F4A7C15U + 1 };
	struct world *world = xmalloc(sizeof(*world));
	struct trial trial;
	bool sound;

	for (unsigned i = 0; i < 4; i++)
		(void)random_next(&random);
	generate(&random, world);
	try_plan(world, &trial);
	tally->planned += trial.plan != NULL;
	sound = agrees(world, &trial, hits) && is_summed_up(&trial) &&
	        is_order_free(&random, world, &trial) &&
	        applies(world, &trial, &tally->applied);
	if (!sound && getenv("VERBOSE"))
		fprintf(stderr, "--- plan\n%s", trial.text);
	trial_release(&trial);
	free(world);
	return sound;
}

static bool print_hits(const struct hits *hits, size_t least)
{
	bool enough = true;

	for (size_t i = 0; i < hits->count; i++) {
		const struct hit_row *row = &hits->rows[i];

		printf("%-18s %8zu%s", row->row, row->count,
		       i % 4 == 3 || i + 1 == hits->count ? "\n" : "   ");
		if (row->count < least)
			enough = false;
	}
	for (size_t i = 0; i < hits->count; i++) {
		if (hits->rows[i].count < least)
			printf("row %s was met %zu times, not %zu\n",
			       hits->rows[i].row, hits->rows[i].count, least);
	}
	return enough;
}

struct settings {
	uint64_t seed, rounds, least;
};

static bool read_settings(int argc, char **argv, struct settings *settings)
{
	static const char *const names[] = { "--seed", "--rounds", "--least" };
	uint64_t *const values[] = { &settings->seed, &settings->rounds,
		                     &settings->least };

	for (int i = 1; i < argc; i += 2) {
		size_t at = 0;

		while (at < LENGTH(names) && !str_equal(names[at], argv[i]))
			at++;
		if (at == LENGTH(names) || i + 1 == argc ||
		    parse_uint(argv[i + 1], UINT64_MAX / 2, values[at]) < 0)
			return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	struct settings settings = { .seed = 1, .rounds = 26000, .least = 0 };
	struct hit_row rows[LENGTH(laws)] = { 0 };
	struct hits hits = { rows, LENGTH(laws) };
	struct tally tally = { 0 };

	if (!read_settings(argc, argv, &settings)) {
		fprintf(stderr, "usage: property [--seed N] [--rounds N] "
		                "[--least N]\n");
		return 64;
	}
	for (size_t i = 0; i < LENGTH(laws); i++)
		rows[i].row = laws[i];
	for (uint64_t i = 0; i < settings.rounds; i++) {
		if (try_world(settings.seed + i, &hits, &tally))
			continue;
		fprintf(stderr, "again with: --seed %llu --rounds 1\n",
		        (unsigned long long)(settings.seed + i));
		return 1;
	}
	printf("seed %llu: %llu worlds, %zu planned, %zu applied\n",
	       (unsigned long long)settings.seed,
	       (unsigned long long)settings.rounds, tally.planned,
	       tally.applied);
	return print_hits(&hits, settings.least) ? 0 : 1;
}
