/* SPDX-License-Identifier: MIT */
/* The ledger itself: checked, written out, moved to another store. */
#include "run/road.h"

#include "base/text.h"
#include "schema/schema.h"

#include <stdlib.h>

/* ---- verify ---- */

static const char *const trust_words[] = {
	[LEDGER_SIGNED] = "signed with this run's key",
	[LEDGER_UNSIGNED] = "not signed",
	[LEDGER_UNCHECKED] = "not checked against a key",
};

static char *describe(const struct road *road,
                      const struct ledger_checked *checked)
{
	CLEANUP(textp)
	char *commits =
		checked->commits
			? xasprintf(", %zu %s in a row", checked->commits,
	                            checked->commits == 1 ? "commit"
	                                                  : "commits")
			: xstrdup("");

	return xasprintf("the ledger of %s is whole: %zu %s, serial %llu%s, %s",
	                 road->environment.name, checked->rows,
	                 checked->rows == 1 ? "row" : "rows",
	                 (unsigned long long)checked->serial, commits,
	                 trust_words[ledger_trust(road->ledger)]);
}

static int verify(struct run *run, struct road *road, char **message)
{
	struct ledger_checked checked = { .rows = 0 };

	if (road_read_ledger(run, road) < 0 ||
	    road_need_ledger(run, road) < 0 ||
	    ledger_verify(road->ledger, &checked, run->diag) < 0)
		return -1;
	*message = describe(road, &checked);
	return 0;
}

/* A verb that ends with a line. */
static int tell(struct run *run,
                int (*verb)(struct run *run, struct road *road, char **message))
{
	CLEANUP(road_release) struct road road = ROAD_EMPTY;
	CLEANUP(textp) char *message = NULL;
	int result;

	if (road_check_outputs(run) < 0)
		return run_exit(run->diag);
	result = verb(run, &road, &message);
	return road_finish(run, &road, result, message);
}

int run_ledger_verify(struct run *run)
{
	return tell(run, verify);
}

/* ---- export ---- */

static int export(struct run *run, struct road *road)
{
	CLEANUP(textp) char *bytes = NULL;
	size_t length = 0;

	if (road_read_ledger(run, road) < 0 || road_need_ledger(run, road) < 0)
		return -1;
	bytes = ledger_export(road->ledger, &length, run->diag);
	if (!bytes)
		return -1;
	if (fwrite(bytes, 1, length, run->out) != length ||
	    fflush(run->out) != 0)
		return road_unwritable(run);
	return 0;
}

/* The document is the result: there is no other format of it. */
int run_ledger_export(struct run *run)
{
	CLEANUP(road_release) struct road road = ROAD_EMPTY;

	return export(run, &road) < 0 ? run_exit(run->diag) : 0;
}

/* ---- move ---- */

static const struct {
	const char *name;
	enum ledger_store store;
} stores[] = {
	{ "file", LEDGER_FILE },
	{ "git", LEDGER_GIT },
};

static int find_target(struct run *run, const struct road *road,
                       enum ledger_store *out)
{
	const char *to = run->options.to;

	for (size_t i = 0; to && i < LENGTH(stores); i++) {
		if (!str_equal(to, stores[i].name))
			continue;
		*out = stores[i].store;
		if (*out != road->environment.store)
			return 0;
		return diag_error(
			run->diag, CODE_LEDGER_MOVE,
			road->environment.ledger_place,
			"the ledger of `%s` is in that store already; "
			"leave `ledger` in the file as it is until it "
			"is moved",
			road->environment.name);
	}
	return diag_error(run->diag, CODE_USAGE, PLACE_NONE,
	                  "ledger move wants --to file or --to git");
}

static int move(struct run *run, struct road *road, char **message)
{
	struct ledger_settings settings;
	struct ledger_git git;
	enum ledger_store store = LEDGER_FILE;
	CLEANUP(textp) char *file = road_file(run);

	if (!file || road_load(run, file, DESIRED_LENIENT, road) < 0 ||
	    find_target(run, road, &store) < 0 ||
	    road_open_ledger(run, road, LEDGER_WRITE) < 0 ||
	    road_need_ledger(run, road) < 0 ||
	    road_ledger_settings(run, road, store, &git, &settings) < 0 ||
	    ledger_move(road->ledger, &settings, run->diag) < 0)
		return -1;
	*message = xasprintf("moved %zu rows; now write `ledger: { store: %s "
	                     "}` into the file",
	                     state_length(road->applied), run->options.to);
	return 0;
}

int run_ledger_move(struct run *run)
{
	return tell(run, move);
}
