/* SPDX-License-Identifier: MIT */
/* Memos: what was found out or confirmed, written into rows beside what was
 * applied. The lock is held only for that, not while providers are asked. */
#include "run/road.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static bool is_among(const struct road_memo *memos, size_t count,
                     const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (str_equal(memos[i].memo.name, name))
			return true;
	}
	return false;
}

static int compare_memos(const void *a, const void *b)
{
	const struct memo *left = a, *right = b;

	return strcmp(left->name, right->name);
}

/* The row's own that are not among the new ones, and the new ones that say
 * something. */
static struct memo *merge(const struct auth_config *row,
                          const struct road_memo *memos, size_t count,
                          uint16_t *merged)
{
	struct memo *all = xcalloc(row->memo_count + count + 1, sizeof(*all));

	*merged = 0;
	for (size_t i = 0; i < row->memo_count; i++) {
		if (!is_among(memos, count, row->memos[i].name))
			all[(*merged)++] = row->memos[i];
	}
	for (size_t i = 0; i < count; i++) {
		if (memos[i].memo.at_ms)
			all[(*merged)++] = memos[i].memo;
	}
	qsort(all, *merged, sizeof(*all), compare_memos);
	return all;
}

static void put(struct road *road, const struct road_memo *memos, size_t count)
{
	const struct auth_config *row = state_find(road->applied, memos[0].key);
	struct auth_config noted;
	struct memo *all;

	if (!row)
		return;
	noted = *row;
	all = merge(row, memos, count, &noted.memo_count);
	noted.memos = all;
	ledger_put(road->ledger, &noted);
	free(all);
}

/* As it is now: another run may have written meanwhile. */
static int open_anew(struct run *run, struct road *road)
{
	road_close_ledger(road);
	return road_open_ledger(run, road, LEDGER_WRITE);
}

static size_t same_key(const struct road_memo *memos, size_t count)
{
	size_t same = 1;

	while (same < count && str_equal(memos[same].key, memos[0].key))
		same++;
	return same;
}

int road_note(struct run *run, struct road *road, const struct road_memo *memos,
              size_t count)
{
	const struct run_record record = {
		.command = run->command,
		.revision = source_revision(road->source),
		.digest = "",
	};
	int64_t number;

	if (!road->ledger || !count)
		return 0;
	if (open_anew(run, road) < 0)
		return -1;
	number = ledger_run_begin(road->ledger, &record);
	for (size_t i = 0; i < count; i += same_key(memos + i, count - i))
		put(road, memos + i, same_key(memos + i, count - i));
	ledger_run_end(road->ledger, number, "done");
	return ledger_commit(road->ledger, run->diag);
}
