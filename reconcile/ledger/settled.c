/* SPDX-License-Identifier: MIT */
/*
 * What was done waits for the next commit: written one by one, the outcomes of
 * creates would be a quarter of what an apply does in its ledger; those with
 * numbers that follow one another are written at once, at a third of that.
 * Other outcomes are rare, and written as they come.
 */
#include "ledger/store.h"

#include <stdlib.h>

struct settled {
	int64_t number;
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

void settled_later(struct ledger *ledger, int64_t number, int status)
{
	struct settled_list *list = &ledger->settled;

	list->items = xgrow(list->items, list->count, &list->capacity,
	                    sizeof(*list->items));
	list->items[list->count++] = (struct settled){ number, status };
}

static int compare(const void *a, const void *b)
{
	const int64_t left = ((const struct settled *)a)->number;
	const int64_t right = ((const struct settled *)b)->number;

	return (left > right) - (left < right);
}

/* Behind those that can be written together with the first one. */
static size_t range_end(const struct settled_list *list, size_t first)
{
	size_t end = first + 1;

	while (end < list->count &&
	       list->items[end].number <= list->items[end - 1].number + 1 &&
	       list->items[end].status == list->items[first].status)
		end++;
	return end;
}

void settled_flush(struct ledger *ledger)
{
	struct settled_list *list = &ledger->settled;

	if (list->count)
		qsort(list->items, list->count, sizeof(*list->items), compare);
	for (size_t i = 0; i < list->count;) {
		const size_t end = range_end(list, i);

		settled_write(ledger,
		              &(struct settlement){
				      .first = list->items[i].number,
				      .last = list->items[end - 1].number,
				      .outcome = OUTCOME_DONE_WORD,
				      .status = list->items[i].status,
				      .message = "",
			      });
		i = end;
	}
	list->count = 0;
}

void settled_forget(struct ledger *ledger)
{
	free(ledger->settled.items);
	ledger->settled = (struct settled_list){ .items = NULL };
}
