/* SPDX-License-Identifier: MIT */
/*
 * Secrets: reference -> value -> check -> fingerprint -> wiped, one at a time.
 *
 * A `struct secret` cannot be printed: no function here gives its text but
 * secret_reveal(), and only platform/ and probe/ may call that (a lint test
 * holds it). It is wiped when freed. A source is "env:NAME" or "file:PATH".
 */
#ifndef RECONCILE_SECRETS_SECRETS_H
#define RECONCILE_SECRETS_SECRETS_H

#include "base/diag.h"
#include "base/hash.h"

#include <stdbool.h>
#include <stdint.h>

/* ---- the process's environment variables, sorted once ---- */

struct variables;

/* `environ` is borrowed. getenv() is linear; this is not. */
struct variables *variables_new(char *const *environ) MUST_CHECK;
void variables_free(struct variables *variables);
DEFINE_CLEANUP(variables)
const char *variables_get(const struct variables *variables, const char *name);

/* ---- values ---- */

struct pattern;
struct secret;

struct secret_settings {
	const struct variables *variables;
	const char *root;           /* files inside it may be read; or NULL */
	const char *const *folders; /* and below these, absolute */
	size_t folder_count;
	const char *const *env_globs; /* none: every name may be read */
	size_t env_glob_count;
};

enum secret_found {
	SECRET_RESOLVED,
	SECRET_UNRESOLVED, /* variable unset, file absent: nothing reported */
	SECRET_REFUSED     /* reported */
};

/*
 * Reads what `source` names; *out is set when SECRET_RESOLVED.
 *
 * SECRET_REFUSED after CODE_SECRET_VALUE (row S18: empty, a mask, placeholder
 * or ciphertext, white space at an edge, not printable ASCII; several lines
 * are fine only where they are a PEM block), CODE_SECRET_FILE (a link, not
 * regular, not ours or root's, others may read it, outside `root` and
 * `folders`; checked on the open descriptor), CODE_SECRET_NAME (not allowed by
 * env_globs), CODE_TOO_LARGE. One newline at the end of a file is dropped.
 * Relative paths are below `root`. In `folders` a file of root's may also be
 * readable by its group (0440), as containers mount them.
 */
enum secret_found secret_resolve(const struct secret_settings *settings,
                                 const char *source, struct place place,
                                 struct secret **out, struct diag *diag)
	MUST_CHECK;

/* For values that arrive by other ways (a platform's answer). Copies. */
struct secret *secret_new(const char *bytes, size_t length) MUST_CHECK;
void secret_free(struct secret *secret);
DEFINE_CLEANUP(secret)

/* The bytes, NUL-terminated, for building a request. */
const char *secret_reveal(const struct secret *secret);
size_t secret_length(const struct secret *secret);
/* In constant time. */
bool secret_equal(const struct secret *a, const struct secret *b);
/* True when the last `length` characters of it are `hint`. */
bool secret_has_hint(const struct secret *secret, const char *hint,
                     unsigned length);

/* It is `text`, all of it. In constant time. */
bool secret_is_text(const struct secret *secret, const char *text);
/* It has the form of `pattern`; false for NULL. */
bool secret_matches(const struct secret *secret, const struct pattern *pattern);

/* ---- equal secrets, told by numbers ---- */

/* Keeps hashes under a key of its own that nobody else ever has. */
struct secret_groups;

struct secret_groups *secret_groups_new(void) MUST_CHECK;
void secret_groups_free(struct secret_groups *groups);
DEFINE_CLEANUP(secret_groups)
/* From 1 on; the same for equal secrets, and only for those. */
unsigned secret_groups_number(struct secret_groups *groups,
                              const struct secret *secret);

/* ---- fingerprints ---- */

struct fingerprint_key;

enum fingerprint_key_flags {
	FINGERPRINT_KEY_FIND = 0,
	/* On a terminal, with nobody saying otherwise: make one in
	 * $XDG_CONFIG_HOME/trueup/fingerprint-key, once. */
	FINGERPRINT_KEY_MAKE = 1 << 0,
};

/*
 * From $TRUEUP_FINGERPRINT_KEY (64 hex digits), the file that
 * $TRUEUP_FINGERPRINT_KEY_FILE names, or the one made before; an empty
 * variable counts as unset. 0 and *out NULL when there is none; -1 after
 * reporting CODE_FINGERPRINT_KEY. That one was made is told by an info,
 * CODE_FINGERPRINT_KEY_MADE.
 */
int fingerprint_key_load(const struct variables *variables,
                         enum fingerprint_key_flags flags,
                         struct fingerprint_key **out, struct diag *diag)
	MUST_CHECK;
struct fingerprint_key *fingerprint_key_new(const uint8_t key[HASH_BYTES])
	MUST_CHECK;
void fingerprint_key_free(struct fingerprint_key *key);
DEFINE_CLEANUP(fingerprint_key)

/* 16 hex digits that name the key and tell nothing of it. */
const char *fingerprint_key_id(const struct fingerprint_key *key);

/*
 * HMAC(K, "trueup-fp-1" ‖ row_uuid ‖ field ‖ secret), each length-prefixed.
 * False, and `out` untouched, for secrets under 16 bytes (threats T12): those
 * rotate by version only.
 */
bool secret_fingerprint(const struct fingerprint_key *key, const char *row_uuid,
                        const char *field, const struct secret *secret,
                        uint8_t out[HASH_BYTES]);

/* A key for another purpose ("trueup-ledger-mac-1"), derived from this one. */
void fingerprint_key_derive(const struct fingerprint_key *key,
                            const char *purpose, uint8_t out[HASH_BYTES]);

#endif
