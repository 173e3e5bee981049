/* SPDX-License-Identifier: MIT */
/*
 * Checkout: files of a commit instead of the disk's. Of the repository around
 * the current folder (--rev), or of one that is fetched (--git) into a cache
 * of ours. What is checked, fetched and trusted is what the operator says.
 */
#include "run/road.h"

#include "base/hash.h"
#include "base/text.h"
#include "schema/schema.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct checkout {
	struct git *git;
	bool shared;             /* git is another checkout's */
	struct checkout *before; /* of the bases: the one asked for before */
	struct git_revision revision;
	char *mark;  /* of a base, before the names of its files */
	char *shown; /* the repository, for people */
	bool fetched;
	struct secret *token;
};

void checkout_free(struct checkout *checkout)
{
	if (!checkout)
		return;
	checkout_free(checkout->before);
	if (!checkout->shared)
		git_free(checkout->git);
	git_revision_release(&checkout->revision);
	free(checkout->mark);
	free(checkout->shown);
	secret_free(checkout->token);
	free(checkout);
}

/* ---- settings ---- */

static const char *variable(const char *name, void *context)
{
	const struct run *run = context;

	return variables_get(run->variables, name);
}

/* As long as somebody listens: the last source lines are read after that. */
static bool is_stopping(void *context)
{
	const struct run *run = context;

	return run->stopping && run->stopping(run->stopping_context);
}

static int no_token(struct run *run, const char *what, const char *name)
{
	return diag_error(run->diag, CODE_GIT_AUTH, PLACE_NONE,
	                  "there is no %s `%s` to read git's token from; set "
	                  "it, or correct the option",
	                  what, name);
}

static int read_token(struct run *run, struct secret **token)
{
	const struct options *options = &run->options;
	const struct secret_settings settings = { .variables = run->variables };
	enum secret_found found;

	if (options->git_token_file) {
		found = road_secret_file(run, options->git_token_file, token);
		if (found == SECRET_UNRESOLVED)
			return no_token(run, "file", options->git_token_file);
		return found == SECRET_RESOLVED ? 0 : -1;
	}
	if (options->git_token_env) {
		CLEANUP(textp)
		char *source = xasprintf("env:%s", options->git_token_env);

		found = secret_resolve(&settings, source, PLACE_NONE, token,
		                       run->diag);
		if (found == SECRET_UNRESOLVED)
			return no_token(run, "variable",
			                options->git_token_env);
		return found == SECRET_RESOLVED ? 0 : -1;
	}
	return 0;
}

/* What the options say of git. The token lives as long as the checkout. */
static int read_settings(struct run *run, struct checkout *checkout,
                         struct git_settings *out)
{
	const struct options *options = &run->options;

	if (!checkout->token && read_token(run, &checkout->token) < 0)
		return -1;
	*out = (struct git_settings){
		.variable = variable,
		.context = run,
		.stopping = is_stopping,
		.stopping_context = run,
		.timeout_ms = options->git_timeout_ms,
		.ca_file = options->ca_file,
		.known_hosts = options->known_hosts,
		.ssh_key = options->ssh_key,
		.flags = options->flags & RUN_ALLOW_FILE ? GIT_ALLOW_FILE : 0U,
	};
	if (checkout->token) {
		out->token = secret_reveal(checkout->token);
		out->token_length = secret_length(checkout->token);
	}
	return 0;
}

/* ---- folders ---- */

/* `$NAME`, else `rest` below the home folder; NULL without either. */
static char *home_folder(struct run *run, const char *name, const char *rest)
{
	const char *said = variables_get(run->variables, name);
	const char *home = variables_get(run->variables, "HOME");

	if (said && said[0] == '/')
		return xstrdup(said);
	if (home && home[0] == '/')
		return path_join(home, rest);
	diag_error(run->diag, CODE_FILE_UNWRITABLE, PLACE_NONE,
	           "neither $%s nor $HOME names a folder to write to; set one",
	           name);
	return NULL;
}

/* A folder's name for a URL: what a person knows it by, and what tells it
 * from all others. */
static char *folder_name(const char *url)
{
	struct hash *hash = hash_new();
	uint8_t digest[HASH_BYTES];
	char hex[HASH_HEX_SIZE];
	const char *last = strrchr(url, '/');
	const char *name = last ? last + 1 : url;

	hash_add_text(hash, url);
	hash_end(hash, digest);
	text_hex(hex, digest, sizeof(digest));
	return xasprintf("%.*s-%.16s",
	                 (int)strspn(name, "abcdefghijklmnopqrstuvwxyz"
	                                   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                                   "0123456789_-"),
	                 name, hex);
}

static int make_folders(struct run *run, char *path)
{
	for (char *c = path + 1;; c++) {
		const char was = *c;
		struct stat info;
		int result = 0;

		if (was != '/' && was)
			continue;
		*c = '\0';
		if (stat(path, &info) < 0)
			result = folder_make_private(path, run->diag);
		*c = was;
		if (result < 0 || !was)
			return result;
	}
}

char *road_state_folder(struct run *run, const struct road *road)
{
	const struct checkout *checkout = run->checkout;
	CLEANUP(textp) char *state = NULL;
	CLEANUP(textp) char *folder = NULL;
	CLEANUP(textp) char *whole = NULL;
	CLEANUP(textp) char *name = NULL;

	if (source_root(road->source))
		return NULL;
	state = home_folder(run, "XDG_STATE_HOME", ".local/state");
	if (!state)
		return NULL;
	folder = path_join(state, "trueup");
	if (make_folders(run, folder) < 0)
		return NULL;
	whole = xasprintf(
		"%s %s", checkout->shown,
		source_display(road->source, source_first(road->source)));
	name = folder_name(whole);
	return path_join(folder, name);
}

/* ---- the repository ---- */

static int no_revision(struct run *run, const struct checkout *checkout,
                       const char *named, const char *what)
{
	return diag_error(run->diag, CODE_GIT_REVISION, PLACE_NONE,
	                  "`%s` has no %s `%s`; name one that is there, a "
	                  "commit with all its 40 digits",
	                  checkout->shown, what, named);
}

static int resolve(struct run *run, struct checkout *checkout, const char *rev)
{
	switch (git_resolve(checkout->git, rev, &checkout->revision,
	                    run->diag)) {
	case GIT_FAILED:
		return -1;
	case GIT_ABSENT:
		return no_revision(run, checkout, rev, "revision");
	case GIT_FOUND:
		break;
	}
	return 0;
}

static int open_here(struct run *run, struct checkout *checkout,
                     const char *rev)
{
	struct git_settings settings;

	if (read_settings(run, checkout, &settings) < 0)
		return -1;
	checkout->git = git_open(".", &settings, run->diag);
	if (!checkout->git)
		return -1;
	checkout->shown = xstrdup(git_root(checkout->git));
	return resolve(run, checkout, rev);
}

static int fetch_ref(struct run *run, struct checkout *checkout,
                     const char *ref)
{
	switch (git_fetch_ref(checkout->git, run->options.git, ref,
	                      &checkout->revision, run->diag)) {
	case GIT_FAILED:
		return -1;
	case GIT_ABSENT:
		return no_revision(run, checkout, ref, "branch, tag or commit");
	case GIT_FOUND:
		break;
	}
	return 0;
}

static int fetch(struct run *run, struct checkout *checkout)
{
	const char *url = run->options.git;
	const char *ref = run->options.ref ? run->options.ref : "HEAD";
	struct git_settings settings;
	CLEANUP(textp) char *cache = NULL;
	CLEANUP(textp) char *name = folder_name(url);
	CLEANUP(textp) char *path = NULL;

	checkout->fetched = true;
	checkout->shown = git_url_shown(url);
	if (read_settings(run, checkout, &settings) < 0 ||
	    git_check_url(url, settings.flags, run->diag) < 0)
		return -1;
	cache = home_folder(run, "XDG_CACHE_HOME", ".cache");
	if (!cache)
		return -1;
	path = xasprintf("%s/trueup/git/%s", cache, name);
	checkout->git = git_open_cache(path, &settings, run->diag);
	if (!checkout->git)
		return -1;
	return fetch_ref(run, checkout, ref);
}

struct checkout *road_open_repository(struct run *run, const char *folder)
{
	struct checkout *checkout = xcalloc(1, sizeof(*checkout));
	struct git_settings settings;

	if (read_settings(run, checkout, &settings) == 0) {
		settings.flags |= GIT_ALLOW_FILE;
		checkout->git = git_open(folder, &settings, run->diag);
	}
	if (checkout->git)
		return checkout;
	checkout_free(checkout);
	return NULL;
}

struct git *checkout_git(const struct checkout *checkout)
{
	return checkout->git;
}

const struct git_revision *checkout_revision(const struct checkout *checkout)
{
	return &checkout->revision;
}

/* ---- is it the one that was meant? ---- */

static int check_pin(struct run *run, const struct checkout *checkout)
{
	const char *said = run->options.expect_commit;
	struct git_id expected;

	if (!said || (git_id_parse(said, &expected) == 0 &&
	              str_equal(expected.hex, checkout->revision.commit.hex)))
		return 0;
	return diag_error(run->diag, CODE_GIT_PIN, PLACE_NONE,
	                  "`%s` is at commit %s, and %s is expected; review "
	                  "what changed",
	                  checkout->revision.name ? checkout->revision.name
	                                          : checkout->shown,
	                  checkout->revision.commit.hex, said);
}

/* Options that say nothing without another one. */
static int check_options(struct run *run)
{
	const struct options *options = &run->options;
	struct git_id id;

	if (options->rev && options->git)
		return diag_error(run->diag, CODE_USAGE, PLACE_NONE,
		                  "--rev reads from the repository here, --git "
		                  "from another; give one of them");
	if (!options->git && (options->ref || options->path))
		return diag_error(run->diag, CODE_USAGE, PLACE_NONE,
		                  "--ref and --path are about a repository "
		                  "that is fetched; name it with --git URL");
	if (options->expect_commit &&
	    git_id_parse(options->expect_commit, &id) < 0)
		return diag_error(run->diag, CODE_USAGE, PLACE_NONE,
		                  "--expect-commit wants all 40 digits, not "
		                  "`%s`",
		                  options->expect_commit);
	if (!options->rev && !options->git &&
	    (options->expect_commit || options->verify))
		return diag_error(run->diag, CODE_USAGE, PLACE_NONE,
		                  "--expect-commit and --verify are about a "
		                  "commit; name one with --rev or --git");
	return 0;
}

static void say_source(struct run *run, const struct checkout *checkout)
{
	CLEANUP(textp) char *revision = git_revision_text(&checkout->revision);

	diag_info(run->diag, CODE_GIT_SOURCE, PLACE_NONE,
	          "files are those of %s in `%s`", revision, checkout->shown);
}

/* With --rev or --git, once a run. */
static int ensure_checkout(struct run *run)
{
	struct checkout *checkout;

	if (check_options(run) < 0)
		return -1;
	if (run->checkout || (!run->options.rev && !run->options.git))
		return 0;
	checkout = xcalloc(1, sizeof(*checkout));
	if ((run->options.rev ? open_here(run, checkout, run->options.rev)
	                      : fetch(run, checkout)) < 0 ||
	    check_pin(run, checkout) < 0 ||
	    road_verify(run, checkout->git, &checkout->revision) < 0) {
		checkout_free(checkout);
		return -1;
	}
	say_source(run, checkout);
	run->checkout = checkout;
	return 0;
}

/* ---- files ---- */

static struct source_commit at(const struct checkout *checkout)
{
	return (struct source_commit){
		.git = checkout->git,
		.revision = &checkout->revision,
		.fetched = checkout->fetched,
		.mark = checkout->mark,
	};
}

static const char *root_of(const struct run *run)
{
	return run->options.git ? run->options.path : run->options.root;
}

struct source *road_source(struct run *run, const char *file)
{
	struct source_commit commit;

	if (ensure_checkout(run) < 0)
		return NULL;
	if (!run->checkout)
		return source_directory(file, run->options.root, run->diag);
	commit = at(run->checkout);
	return source_commit(&commit, file, root_of(run), run->diag);
}

/* Another revision of where the files come from. */
static int look_at(struct run *run, struct checkout *base, const char *rev)
{
	const struct checkout *checkout = run->checkout;

	base->mark = xstrdup(rev);
	if (!checkout)
		return open_here(run, base, rev);
	base->git = checkout->git;
	base->shared = true;
	base->fetched = checkout->fetched;
	base->shown = xstrdup(checkout->shown);
	return base->fetched ? fetch_ref(run, base, rev)
	                     : resolve(run, base, rev);
}

struct source *road_source_at(struct run *run, const char *rev,
                              const char *file)
{
	struct checkout *base = xcalloc(1, sizeof(*base));
	struct source_commit commit;

	base->before = run->bases;
	run->bases = base;
	if (look_at(run, base, rev) < 0)
		return NULL;
	commit = at(base);
	return source_commit(&commit, file, root_of(run), run->diag);
}

char *road_find_file(struct run *run)
{
	struct source_commit commit;

	if (ensure_checkout(run) < 0)
		return NULL;
	if (!run->checkout)
		return source_find(".", run->diag);
	commit = at(run->checkout);
	return source_find_in_commit(&commit, root_of(run), run->diag);
}

/* Only HEAD can be what somebody is at work on. */
static int is_head(struct run *run, bool *out)
{
	struct git_revision head = { .name = NULL };
	const enum git_found found =
		git_resolve(run->checkout->git, "HEAD", &head, run->diag);

	*out = found == GIT_FOUND &&
	       str_equal(head.commit.hex, run->checkout->revision.commit.hex);
	git_revision_release(&head);
	return found == GIT_FAILED ? -1 : 0;
}

int road_say_uncommitted(struct run *run, const struct road *road)
{
	const char *path;
	bool head = false;

	if (!run->checkout || run->checkout->fetched)
		return 0;
	if (is_head(run, &head) < 0)
		return -1;
	for (size_t i = 0; head && (path = source_known(road->source, i));
	     i++) {
		const struct place place = { .file = source_display(
						     road->source, path) };
		bool changed = false;

		if (source_uncommitted(road->source, path, &changed,
		                       run->diag) < 0)
			return -1;
		if (changed)
			diag_warning(run->diag, CODE_GIT_UNCOMMITTED, place,
			             "`%s` has changes that are not "
			             "committed, and what is read is the "
			             "commit; commit them, or leave --rev out",
			             place.file);
	}
	return 0;
}
