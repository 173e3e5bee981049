/* SPDX-License-Identifier: MIT */
/*
 * Where the platform sends users: it is asked for a credential with each auth
 * config's id, the address that it gives is followed one step, and the
 * authorization request found there is held against the file. No secret of the
 * file is sent.
 */
#include "run/probing.h"

#include "base/text.h"
#include "schema/schema.h"

#include <stdlib.h>

static int check_user(struct run *run)
{
	if (run->options.user)
		return 0;
	return diag_error(run->diag, CODE_USAGE, PLACE_NONE,
	                  "--platform makes a credential of an end user; give "
	                  "the id of one that nobody needs with --user ID");
}

/* Only what has an id can be asked for. */
static size_t announce(struct run *run, const struct road *road,
                       struct probes *probes)
{
	size_t count = 0;

	for (size_t i = 0; i < probes->count; i++) {
		struct probing *each = &probes->items[i];
		const struct auth_config *row =
			state_find(road->applied, each->config->key);

		each->skipped = row && row->id ? NULL
		                               : "it has no id in the ledger "
		                                 "yet";
		if (each->skipped)
			continue;
		if (!count++)
			fprintf(run->talk,
			        "Would be made at %s, to stay there pending "
			        "until you delete it:\n",
			        platform_origin(road->platform));
		fprintf(run->talk,
		        "  %s/%s: a credential of the user `%s`; the address "
		        "that comes back is opened once\n",
		        road->environment.name, each->config->key,
		        run->options.user);
	}
	return count;
}

static void cannot_tell(struct probing *each, const char *why)
{
	for (size_t i = 0; i < PROBE_PARTS; i++) {
		each->result.parts[i].verdict = PROBE_INCONCLUSIVE;
		each->result.parts[i].evidence = xstrdup(why);
	}
}

/* An address of the platform's leads on; any other is the provider's own. */
static bool is_platforms(const struct road *road, const char *url)
{
	CLEANUP(textp) char *origin = http_origin(url);

	return origin && (str_equal(origin, platform_origin(road->platform)) ||
	                  http_is_among(origin, road->allow_hosts,
	                                road->allow_host_count));
}

static int compare(struct run *run, struct road *road, struct probing *each,
                   const char *url)
{
	CLEANUP(probe_target_release) struct probe_target target = { 0 };
	CLEANUP(textp) char *why = NULL;
	CLEANUP(textp) char *location = NULL;
	const size_t errors = diag_count(run->diag, SEVERITY_ERROR);

	if (is_platforms(road, url)) {
		location = probe_follow_once(url, &road->http, &why, run->diag);
		if (diag_count(run->diag, SEVERITY_ERROR) > errors)
			return -1;
	} else {
		location = xstrdup(url);
	}
	if (!location)
		cannot_tell(each, why ? why : "it leads nowhere");
	else if (!probe_read_target(location, &target))
		cannot_tell(each, "it does not lead to a provider");
	else
		probe_compare_target(&each->subject, &target, &each->result);
	return 0;
}

static int ask(struct run *run, struct road *road, struct probing *each)
{
	const struct auth_config *row =
		state_find(road->applied, each->config->key);
	const struct around_request request = {
		.connector = auth_config_text(row, "connector"),
		.type = auth_config_text(row, "type"),
		.auth_config = row->id,
		.user = run->options.user,
	};
	CLEANUP(around_credential_release)
	struct around_credential made = { .url = NULL };

	if (platform_connect_user(road->platform, &request, &made, run->diag) <
	    0)
		return -1;
	each->asked = true;
	if (made.url)
		return compare(run, road, each, made.url);
	cannot_tell(each, "the platform gave no address to open");
	return 0;
}

int probe_platform(struct run *run, struct road *road, struct probes *probes)
{
	CLEANUP(textp) char *deed = NULL;

	if (check_user(run) < 0 || road_connect(run, road) < 0)
		return -1;
	deed = xasprintf("make this at %s", platform_origin(road->platform));
	if (announce(run, road, probes) && road_agree(run, road, deed) < 0)
		return -1;
	for (size_t i = 0; i < probes->count; i++) {
		if (!probes->items[i].skipped &&
		    ask(run, road, &probes->items[i]) < 0)
			return -1;
	}
	return 0;
}
