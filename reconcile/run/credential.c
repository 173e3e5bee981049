/* SPDX-License-Identifier: MIT */
/* Credential: end users' connections, made with an auth config's id. */
#include "run/road.h"

#include "base/text.h"
#include "schema/schema.h"

#include <stdlib.h>

/* File and ledger; the ledger is only read. */
static int open_book(struct run *run, struct road *road)
{
	CLEANUP(textp) char *file = road_file(run);

	if (!file || road_load(run, file, DESIRED_LENIENT, road) < 0)
		return -1;
	return road_open_ledger(run, road, (enum ledger_flags)0);
}

/* A key's connector; what is no key is a connector. */
static const char *connector_of(const struct road *road, const char *word)
{
	const struct auth_config *config = state_find(road->desired, word);

	if (!config)
		config = state_find(road->applied, word);
	return config ? auth_config_text(config, "connector") : word;
}

/* ---- create ---- */

static const struct auth_config *find_row(struct run *run,
                                          const struct road *road,
                                          const char *key)
{
	const struct auth_config *row = state_find(road->applied, key);

	if (row && row->id)
		return row;
	if (state_find(road->desired, key))
		diag_error(run->diag, CODE_ID_MISSING, PLACE_NONE,
		           "`%s` has no id in the ledger of `%s` yet; apply "
		           "it, or record it, first",
		           key, road->environment.name);
	else
		diag_error(run->diag, CODE_KEY_UNKNOWN, PLACE_NONE,
		           "neither the file nor the ledger of `%s` has `%s`; "
		           "correct the key",
		           road->environment.name, key);
	return NULL;
}

static int create(struct run *run, struct road *road, const char *key,
                  struct around_credential *out)
{
	struct around_request request = {
		.user = run->options.user,
		.redirect_uri = run->options.redirect_uri,
	};
	const struct auth_config *row;

	if (open_book(run, road) < 0)
		return -1;
	row = find_row(run, road, key);
	if (!row || road_connect(run, road) < 0)
		return -1;
	request.connector = auth_config_text(row, "connector");
	request.type = auth_config_text(row, "type");
	request.auth_config = row->id;
	return platform_connect_user(road->platform, &request, out, run->diag);
}

int run_credential_create(struct run *run)
{
	CLEANUP(road_release) struct road road = ROAD_EMPTY;
	CLEANUP(around_credential_release)
	struct around_credential made = { .url = NULL };
	const char *key = road_only_key(run);
	struct report_credential credential;
	struct report report = { .exit = 0 };

	if (road_check_outputs(run) < 0 || !key)
		return run_exit(run->diag);
	if (!run->options.user) {
		diag_error(run->diag, CODE_USAGE, PLACE_NONE,
		           "a credential belongs to an end user; give the "
		           "user's id with --user ID");
		return run_exit(run->diag);
	}
	if (create(run, &road, key, &made) < 0)
		report.exit = run_exit(run->diag);
	credential = (struct report_credential){
		.connector = report.exit ? NULL : connector_of(&road, key),
		.id = made.id,
		.url = made.url,
	};
	road_describe(run, &road, &report);
	if (!report.exit)
		report.made = &credential;
	return road_report(run, &report);
}

/* ---- list ---- */

static int list(struct run *run, struct road *road, const char *word,
                struct around_items *out)
{
	if (open_book(run, road) < 0 || road_connect(run, road) < 0)
		return -1;
	return platform_around(road->platform, AROUND_CREDENTIALS,
	                       connector_of(road, word), out, run->diag);
}

static struct report_credential *rows_of(const struct around_items *items,
                                         const char *connector)
{
	struct report_credential *rows =
		xcalloc(items->count + 1, sizeof(*rows));

	for (size_t i = 0; i < items->count; i++)
		rows[i] = (struct report_credential){
			.connector = connector,
			.id = items->items[i].id,
			.name = items->items[i].name,
			.type = items->items[i].type,
			.created_at = items->items[i].created_at,
		};
	return rows;
}

int run_credential_list(struct run *run)
{
	CLEANUP(road_release) struct road road = ROAD_EMPTY;
	CLEANUP(around_items_release) struct around_items items = { 0 };
	const char *word = road_only_key(run);
	struct report_credential *rows = NULL;
	struct report report = { .exit = 0 };
	int result;

	if (road_check_outputs(run) < 0 || !word)
		return run_exit(run->diag);
	if (list(run, &road, word, &items) < 0)
		report.exit = run_exit(run->diag);
	else
		rows = rows_of(&items, connector_of(&road, word));
	road_describe(run, &road, &report);
	report.credentials = rows;
	report.credential_count = items.count;
	if (rows && !items.count)
		report.message = "no credentials";
	result = road_report(run, &report);
	free(rows);
	return result;
}
