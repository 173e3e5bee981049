/* SPDX-License-Identifier: MIT */
/* The ledger's part of the road: opening, locking, reading. */
#include "run/road.h"

#include "base/text.h"
#include "schema/schema.h"

#include <pwd.h>
#include <unistd.h>

/* user@host, for the lock and the journal. */
static char *who_runs(void)
{
	const struct passwd *user = getpwuid(geteuid());
	char host[256] = "";

	if (gethostname(host, sizeof(host) - 1) < 0 || !host[0])
		return xasprintf("uid %u", (unsigned)geteuid());
	if (user)
		return xasprintf("%s@%s", user->pw_name, host);
	return xasprintf("%u@%s", (unsigned)geteuid(), host);
}

/* The address of the CI job that runs us, or NULL. */
static char *job_url(const struct run *run)
{
	const struct variables *variables = run->variables;
	const char *gitlab = variables_get(variables, "CI_JOB_URL");
	const char *server = variables_get(variables, "GITHUB_SERVER_URL");
	const char *repository = variables_get(variables, "GITHUB_REPOSITORY");
	const char *number = variables_get(variables, "GITHUB_RUN_ID");

	if (gitlab)
		return xstrdup(gitlab);
	if (server && repository && number)
		return xasprintf("%s/%s/actions/runs/%s", server, repository,
		                 number);
	return NULL;
}

/* .trueup/ENVIRONMENT.db beside the environment file; of one that is not on the
 * disk in a folder of its own, or NULL after reporting. */
static char *ledger_path(struct run *run, const struct road *road)
{
	CLEANUP(textp) char *state = road_state_folder(run, road);

	if (state)
		return xasprintf("%s/%s.db", state, road->environment.name);
	if (!source_root(road->source))
		return NULL;

	CLEANUP(textp)
	char *file = path_join(source_root(road->source),
	                       source_first(road->source));
	CLEANUP(textp) char *folder = path_folder(file);

	return xasprintf("%s/.trueup/%s.db", folder, road->environment.name);
}

static int without_ledger(struct run *run, struct road *road,
                          enum ledger_mode mode, unsigned flags)
{
	const char *twin = NULL;

	if ((flags & LEDGER_WRITE) && mode == LEDGER_MODE_NEVER_MADE)
		return diag_error(run->diag, CODE_LEDGER_NEEDED,
		                  road->environment.place,
		                  "there is no ledger for `%s` yet; give "
		                  "--init-ledger once to make it",
		                  road->environment.name);
	road->ledger_mode = mode;
	road->applied = state_new(STATE_BY_KEY);
	return state_finish(road->applied, &twin);
}

static int lock(struct run *run, struct road *road)
{
	CLEANUP(textp) char *url = job_url(run);
	struct lock_owner owner;

	road->who = who_runs();
	owner = (struct lock_owner){
		.who = road->who,
		.command = run->command,
		.url = url,
		.pid = getpid(),
	};
	if (ledger_lock(road->ledger, &owner, run->options.lock_timeout_ms,
	                run->diag) < 0)
		return -1;
	road->locked = true;
	return 0;
}

static int read_rows(struct run *run, struct road *road)
{
	road->ledger_mode = ledger_trust(road->ledger) == LEDGER_UNCHECKED
	                            ? LEDGER_MODE_UNTRUSTED
	                            : LEDGER_MODE_KEPT;
	road->applied = ledger_applied(road->ledger, run->diag);
	if (!road->applied)
		return -1;
	return ledger_open_intents(road->ledger, &road->intents,
	                           &road->intent_count, run->diag);
}

static int load_key(struct run *run, struct road *road)
{
	unsigned flags =
		run->options.flags & RUN_TERMINAL ? FINGERPRINT_KEY_MAKE : 0;

	return fingerprint_key_load(run->variables,
	                            (enum fingerprint_key_flags)flags,
	                            &road->key, run->diag);
}

static const char *origin_of(const struct run *run, struct road *road)
{
	const char *url = road->environment.url ? road->environment.url
	                                        : binding_url(road->binding);

	road->origin = http_origin(url);
	if (!road->origin)
		diag_error(run->diag, CODE_BAD_URL, road->environment.url_place,
		           "`%s` is no URL of a platform; write "
		           "`https://host/path`",
		           url);
	return road->origin;
}

int road_ledger_settings(struct run *run, struct road *road,
                         enum ledger_store store, struct ledger_git *git,
                         struct ledger_settings *out)
{
	if (!road->ledger_path && store == LEDGER_FILE) {
		road->ledger_path = ledger_path(run, road);
		if (!road->ledger_path)
			return -1;
	}
	*out = (struct ledger_settings){
		.path = road->ledger_path,
		.platform = binding_name(road->binding),
		.origin = road->origin,
		.environment = road->environment.name,
		.key = road->key,
		.clock = run->clock,
		.place = road->environment.ledger_place,
		.desired = road->desired,
	};
	if (store != LEDGER_GIT)
		return 0;
	out->git = git;
	return road_open_ledger_git(run, road, git);
}

static int check_binding(struct run *run, const struct road *road)
{
	return binding_check_allowed(
		road->binding, run->options.allow_bindings.items,
		run->options.allow_bindings.count,
		road->environment.binding_place, run->diag);
}

static int open_store(struct run *run, struct road *road,
                      enum ledger_flags flags)
{
	struct ledger_settings settings;
	struct ledger_git git;

	if (road_ledger_settings(run, road, road->environment.store, &git,
	                         &settings) < 0)
		return -1;
	settings.flags = flags;
	switch (ledger_open(&settings, &road->ledger, run->diag)) {
	case LEDGER_FAILED:
		return -1;
	case LEDGER_NEVER_MADE:
		return without_ledger(run, road, LEDGER_MODE_NEVER_MADE, flags);
	case LEDGER_FOUND:
		break;
	}
	return 0;
}

int road_find_ledger(struct run *run, struct road *road,
                     enum ledger_flags flags)
{
	if ((flags & LEDGER_WRITE) && check_binding(run, road) < 0)
		return -1;
	if (!origin_of(run, road) || load_key(run, road) < 0)
		return -1;
	if (road->environment.store == LEDGER_NONE)
		return without_ledger(run, road, LEDGER_MODE_STATELESS, flags);
	return open_store(run, road, flags);
}

int road_open_ledger(struct run *run, struct road *road,
                     enum ledger_flags flags)
{
	if (road_find_ledger(run, road, flags) < 0)
		return -1;
	if (!road->ledger)
		return 0;
	if ((flags & LEDGER_WRITE) && lock(run, road) < 0)
		return -1;
	return read_rows(run, road);
}

void road_close_ledger(struct road *road)
{
	free(TAKE(road->intents));
	state_free(TAKE(road->applied));
	if (road->locked)
		ledger_unlock(road->ledger);
	road->locked = false;
	ledger_close(TAKE(road->ledger));
	checkout_free(TAKE(road->repository));
	free(TAKE(road->ledger_url));
	free(TAKE(road->ledger_ref));
	free(TAKE(road->lock_ref));
	free(TAKE(road->ledger_path));
	free(TAKE(road->who));
	free(TAKE(road->origin));
	fingerprint_key_free(TAKE(road->key));
}

int road_read_ledger(struct run *run, struct road *road)
{
	CLEANUP(textp) char *file = road_file(run);

	if (!file || road_load(run, file, DESIRED_LENIENT, road) < 0)
		return -1;
	return road_open_ledger(run, road, (enum ledger_flags)0);
}
