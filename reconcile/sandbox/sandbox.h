/* SPDX-License-Identifier: MIT */
/*
 * Sandbox: a pretend platform to try things on and to test against.
 *
 *     keys, settings -> sandbox_new() -> http_server_start(…, sandbox_serve)
 *
 * It is written from the platform's contract, not from our binding of it, and
 * knows nothing of bindings: what both get wrong must differ. It is strict: a
 * body that the contract does not describe is refused. Each API key is an
 * environment of its own. Under /_sandbox/ it has an admin side for tests:
 * see admin.c.
 *
 * Its API keys and secrets are pretended too; they are no `struct secret`.
 */
#ifndef RECONCILE_SANDBOX_SANDBOX_H
#define RECONCILE_SANDBOX_SANDBOX_H

#include "base/clock.h"
#include "base/diag.h"
#include "http/http.h"

struct documents;
struct sandbox;

struct sandbox_key {
	char *name; /* of its environment */
	char *key;
	char *scopes; /* what it may do, joined by commas; NULL: all */
};

struct sandbox_keys {
	struct sandbox_key *items;
	size_t count;
};

/*
 * One key a line, `KEY` or `NAME: KEY`, where the platform's keys have scopes
 * with ` scopes=SCOPE,SCOPE` at its end; blank lines and lines that begin with
 * `#` are skipped; the N-th one without a name is called `key-N`. 0, or -1
 * after reporting CODE_SANDBOX_SETTINGS for a file without keys, a name or a
 * key that comes twice, or one with white space in it.
 */
int sandbox_keys_read(const char *path, struct sandbox_keys *out,
                      struct diag *diag) MUST_CHECK;
/* A random one, called `default`. */
void sandbox_keys_make(struct sandbox_keys *out);
void sandbox_keys_release(struct sandbox_keys *keys);

/* The first line of a file; or a random one. The caller frees it. */
char *sandbox_token_read(const char *path, struct diag *diag) MUST_CHECK;
char *sandbox_token_make(void) MUST_CHECK;

/* What an update without clientSecret does to the one that is stored. */
enum sandbox_omit {
	SANDBOX_OMIT_KEEP,
	SANDBOX_OMIT_REQUIRED, /* it is refused */
	SANDBOX_OMIT_CLEAR
};

/* -1 when `word` is none of keep, required, clear. */
int sandbox_omit_parse(const char *word, enum sandbox_omit *omit) MUST_CHECK;

/* Copied by sandbox_new(), but the clock. */
struct sandbox_settings {
	const char *dialect;   /* "alloy", "composio", "nango" */
	const char *data_path; /* made when missing; NULL: in memory */
	const struct sandbox_keys *keys;
	const char *admin_token;
	enum sandbox_omit secret_omit;
	unsigned rate_limit;       /* requests a window; 0: no limit */
	unsigned rate_window;      /* its seconds; 0: the platform's own */
	const char *const *quirks; /* ends at NULL; NULL: none */
	const char *faults_path;   /* YAML or JSON, see faults.h; NULL: none */
	/* What reports of that file point into; must outlive `diag`. */
	struct documents *documents;
	const struct clock *clock;
};

/* NULL after reporting CODE_SANDBOX_SETTINGS, CODE_DATABASE or what is wrong
 * with the file of faults. `diag` is
 * borrowed: a store that breaks later is reported there. */
struct sandbox *sandbox_new(const struct sandbox_settings *settings,
                            struct diag *diag) MUST_CHECK;
void sandbox_free(struct sandbox *sandbox);
DEFINE_CLEANUP(sandbox)

/* For http_server_start(); the context is the `struct sandbox`. */
http_serve_fn sandbox_serve;

#endif
