/* SPDX-License-Identifier: MIT */
/* Rewound: whether the branch has gone back behind what was applied last. */
#include "run/road.h"

#include "base/text.h"
#include "schema/schema.h"

#include <string.h>

/* "main@sha1:HEX" or "sha1:HEX"; false for a revision that is no commit. */
static bool split_revision(const char *text, char **name, struct git_id *id)
{
	const char *mark = text ? strstr(text, "sha1:") : NULL;

	if (!mark || git_id_parse(mark + strlen("sha1:"), id) < 0)
		return false;
	*name = mark > text ? xstrndup(text, (size_t)(mark - text - 1)) : NULL;
	return true;
}

int road_check_rewound(struct run *run, const struct road *road,
                       enum severity severity)
{
	const struct checkout *checkout = run->checkout;
	CLEANUP(textp) char *last = NULL;
	CLEANUP(textp) char *name = NULL;
	const struct git_revision *now;
	struct git_id id;
	bool follows = true;

	if (!checkout || !road->ledger || run->options.flags & RUN_ALLOW_REWIND)
		return 0;
	if (ledger_last_revision(road->ledger, &last, run->diag) < 0)
		return -1;
	now = checkout_revision(checkout);
	if (!split_revision(last, &name, &id) || !str_equal(name, now->name))
		return 0;
	if (git_is_ancestor(checkout_git(checkout), &id, &now->commit, &follows,
	                    run->diag) < 0)
		return -1;
	if (follows)
		return 0;
	if (severity == SEVERITY_ERROR)
		return diag_error(run->diag, CODE_GIT_REWOUND,
		                  road->environment.place,
		                  "%s was last applied, and is not in the "
		                  "history of %s; when that was meant, give "
		                  "--allow-rewind",
		                  last, now->commit.hex);
	diag_warning(run->diag, CODE_GIT_REWOUND, road->environment.place,
	             "%s was last applied, and is not in the history of %s; "
	             "apply needs --allow-rewind",
	             last, now->commit.hex);
	return 0;
}
