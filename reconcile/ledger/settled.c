/* SPDX-License-Identifier: MIT */
/*
 * What was done waits for the next commit: written one by one, the outcomes of
 * creates would be a quarter of what an apply does in its ledger; those with
 * numbers that follow one another are written at once, at a third of that.
 * Other outcomes are rare, and written as they come.
 */
#include "ledger/store.h"

#include <stdlib.h>
#include <string.h>

/* With numbers that follow one another. */
struct settled {
	int64_t first, last;
	int status;
};

void settled_write(struct ledger *ledger, const struct settlement *settlement)
{
	struct statement *statement = database_prepare(
		ledger->database,
		"UPDATE intent NOT INDEXED SET outcome = ?3, status = ?4,"
		" message = ?5, settled_ms = ?6"
		" WHERE number BETWEEN ?1 AND ?2 AND " INTENT_IS_OPEN);
	const struct clock *clock = ledger->settings.clock;

	statement_integer(statement, 1, settlement->first);
	statement_integer(statement, 2, settlement->last);
	statement_text(statement, 3, settlement->outcome);
	statement_integer(statement, 4, settlement->status);
	statement_text(statement, 5, settlement->message);
	statement_integer(statement, 6, clock->wall_ms(clock));
	if (statement_run(statement) < 0)
		ledger->broken = true;
}

static bool is_next(const struct settled *range, int64_t number, int status)
{
	return range->last + 1 == number && range->status == status;
}

/* Behind the `at` first ones. */
static void insert(struct settled_list *list, size_t at, int64_t number,
                   int status)
{
	list->items = xgrow(list->items, list->count, &list->capacity,
	                    sizeof(*list->items));
	memmove(list->items + at + 1, list->items + at,
	        (list->count - at) * sizeof(*list->items));
	list->items[at] = (struct settled){ number, number, status };
	list->count++;
}

/* Two that have come to follow one another. */
static void join(struct settled_list *list, size_t at)
{
	struct settled *range = &list->items[at];

	if (at + 1 >= list->count ||
	    !is_next(range, range[1].first, range[1].status))
		return;
	range->last = range[1].last;
	list->count--;
	memmove(range + 1, range + 2,
	        (list->count - at - 1) * sizeof(*list->items));
}

/* What ends is near what ended last: there are hardly more ranges than requests
 * in flight, and the place is one of the last. */
void settled_later(struct ledger *ledger, int64_t number, int status)
{
	struct settled_list *list = &ledger->settled;
	size_t at = list->count;

	while (at && list->items[at - 1].first > number)
		at--;
	if (at && list->items[at - 1].last >= number)
		return;
	if (at && is_next(&list->items[at - 1], number, status))
		list->items[--at].last = number;
	else
		insert(list, at, number, status);
	join(list, at);
}

void settled_flush(struct ledger *ledger)
{
	struct settled_list *list = &ledger->settled;

	for (size_t i = 0; i < list->count; i++)
		settled_write(ledger, &(struct settlement){
					      .first = list->items[i].first,
					      .last = list->items[i].last,
					      .outcome = OUTCOME_DONE_WORD,
					      .status = list->items[i].status,
					      .message = "",
				      });
	list->count = 0;
}

void settled_forget(struct ledger *ledger)
{
	free(ledger->settled.items);
	ledger->settled = (struct settled_list){ .items = NULL };
}
