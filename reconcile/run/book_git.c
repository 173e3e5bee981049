/* SPDX-License-Identifier: MIT */
/*
 * A git ledger's repository. The file only names a remote: its address is the
 * operator's, who made the repository around the file or named it with --git.
 */
#include "run/road.h"

#include "base/text.h"
#include "schema/schema.h"

#include <stdlib.h>

static const char origin[] = "origin";

static int no_remote(struct run *run, const struct road *road, const char *name,
                     const char *repository)
{
	return diag_error(run->diag, CODE_LEDGER_REMOTE,
	                  road->environment.ledger_place,
	                  "the repository `%s` has no remote `%s`; add one, or "
	                  "name another in `ledger.remote`",
	                  repository, name);
}

/* ---- files that were fetched: their repository is the only remote ---- */

static int use_fetched(struct run *run, struct road *road, const char *name,
                       struct ledger_git *out)
{
	if (!str_equal(name, origin)) {
		CLEANUP(textp) char *shown = git_url_shown(run->options.git);

		return no_remote(run, road, name, shown);
	}
	road->ledger_url = xstrdup(run->options.git);
	out->git = checkout_git(run->checkout);
	return 0;
}

/* ---- files of a repository on the disk ---- */

static struct checkout *open_around(struct run *run, const struct road *road)
{
	CLEANUP(textp)
	char *file = path_join(source_root(road->source),
	                       source_first(road->source));
	CLEANUP(textp) char *folder = path_folder(file);

	return road_open_repository(run, folder);
}

/* A bare path is a file: URL that nobody wrote out. */
static char *address(const char *url)
{
	return *url == '/' ? xasprintf("file://%s", url) : xstrdup(url);
}

static int use_around(struct run *run, struct road *road, const char *name,
                      struct ledger_git *out)
{
	CLEANUP(textp) char *url = NULL;

	road->repository = open_around(run, road);
	if (!road->repository)
		return -1;
	out->git = checkout_git(road->repository);
	switch (git_remote_address(out->git, name, &url, run->diag)) {
	case GIT_FAILED:
		return -1;
	case GIT_ABSENT:
		return no_remote(run, road, name, git_root(out->git));
	case GIT_FOUND:
		break;
	}
	road->ledger_url = address(url);
	return git_check_url(road->ledger_url, GIT_ALLOW_FILE, run->diag);
}

/* ---- the door ---- */

static void find_refs(struct road *road, struct ledger_git *out)
{
	const struct environment *environment = &road->environment;

	road->ledger_ref =
		environment->ledger_ref
			? xstrdup(environment->ledger_ref)
			: xasprintf("refs/trueup/ledger/%s", environment->name);
	road->lock_ref = xasprintf("refs/trueup/lock/%s", environment->name);
	out->ref = road->ledger_ref;
	out->lock_ref = road->lock_ref;
}

int road_open_ledger_git(struct run *run, struct road *road,
                         struct ledger_git *out)
{
	const char *said = road->environment.ledger_remote;
	const char *name = said ? said : origin;
	const bool fetched = run->checkout && run->options.git;

	*out = (struct ledger_git){ .remote = name };
	if ((fetched ? use_fetched(run, road, name, out)
	             : use_around(run, road, name, out)) < 0)
		return -1;
	find_refs(road, out);
	out->url = road->ledger_url;
	return 0;
}
