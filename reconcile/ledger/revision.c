/* SPDX-License-Identifier: MIT */
#include "ledger/store.h"

#include "schema/schema.h"

int ledger_last_revision(struct ledger *ledger, char **out, struct diag *diag)
{
	struct statement *statement = database_prepare(
		ledger->database, "SELECT revision FROM run WHERE revision LIKE"
				  " '%sha1:%' ORDER BY number DESC LIMIT 1");
	const int found = statement_next(statement);
	char *revision = NULL;

	if (found > 0 && statement_column(statement, 0))
		revision = xstrdup(statement_column(statement, 0));
	if (found < 0 || (found > 0 && statement_next(statement) < 0)) {
		free(revision);
		return ledger_tell(ledger, CODE_LEDGER_UNREADABLE, diag);
	}
	*out = revision;
	return 0;
}
