/* SPDX-License-Identifier: MIT */
/* A ledger as a whole: checked, written out, moved to another store. */
#include "ledger/store.h"

#include "schema/schema.h"

#include <stdlib.h>

int ledger_verify(struct ledger *ledger, struct ledger_checked *out,
                  struct diag *diag)
{
	*out = (struct ledger_checked){ .commits = 0 };
	if (ledger->store->check(ledger, out, diag) < 0)
		return -1;
	out->rows = (size_t)ledger->tally.rows;
	out->serial = ledger->header.serial;
	return 0;
}

char *ledger_export(struct ledger *ledger, size_t *length, struct diag *diag)
{
	char *bytes;

	if (ledger->store->export)
		return ledger->store->export(ledger, length, diag);
	if (view_begin(ledger, diag) < 0)
		return NULL;
	bytes = page_write(ledger, &ledger->header, "", length, diag);
	view_end(ledger);
	if (!bytes)
		ledger_tell(ledger, CODE_LEDGER_UNREADABLE, diag);
	return bytes;
}

static int check_settled(struct ledger *ledger, struct diag *diag)
{
	struct intent *open = NULL;
	size_t count = 0;

	if (ledger_open_intents(ledger, &open, &count, diag) < 0)
		return -1;
	free(open);
	if (!count)
		return 0;
	return diag_error(diag, CODE_LEDGER_MOVE, ledger->settings.place,
	                  "a run left %zu changes open in the ledger `%s`; "
	                  "`trueup apply` finds out what became of them, then "
	                  "move it",
	                  count, ledger->path);
}

int ledger_move(struct ledger *ledger, const struct ledger_settings *to,
                struct diag *diag)
{
	CLEANUP(ledger_closep) struct ledger *target = ledger_new(to);

	if (check_settled(ledger, diag) < 0 ||
	    target->store->check_vacant(target, to, diag) < 0 ||
	    target->store->settle(target, to, ledger, diag) < 0)
		return -1;
	return ledger->store->retire(ledger, target->store->name, diag);
}
