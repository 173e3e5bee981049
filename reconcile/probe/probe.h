/* SPDX-License-Identifier: MIT */
/*
 * Probe: an OAuth app's credentials, redirect URI and scopes, tried at its
 * provider without a user.
 *
 *     probe_check_hosts() -> probe_steps(), shown and agreed to -> probe_run()
 *
 * The token endpoint is asked with a code that is made up: what the provider
 * refuses first tells whether it took the client. The authorization endpoint
 * is asked as a browser would; where it leads is read, never followed. How
 * answers are read is data, the profile's: what no row of it names is
 * inconclusive, and a refused code means a good client only where the profile
 * says that the client is looked at first.
 *
 * The secret goes into one request, sent once, to the profile's token endpoint:
 * https, at a public address, without a proxy; or this machine's, which an
 * operator allowed (threats T14).
 */
#ifndef RECONCILE_PROBE_PROBE_H
#define RECONCILE_PROBE_PROBE_H

#include "base/diag.h"
#include "state/state.h"

#include <stdbool.h>

struct http_answer;
struct http_settings;
struct profile;
struct secret;

enum probe_part {
	PROBE_CREDENTIALS,
	PROBE_REDIRECT,
	PROBE_SCOPES,
	PROBE_PARTS
};
/* "credentials", "redirect", "scopes". */
extern const char *const probe_part_names[PROBE_PARTS];

enum probe_verdict {
	PROBE_UNASKED, /* there is nothing to ask */
	PROBE_INCONCLUSIVE,
	PROBE_ACCEPTED,   /* credentials */
	PROBE_REJECTED,   /* credentials */
	PROBE_REGISTERED, /* redirect */
	PROBE_MISMATCH,   /* redirect */
	PROBE_SUSPENDED,  /* redirect: the whole app is */
	PROBE_REFUSED,    /* scopes */
	PROBE_SAME,       /* what a platform sends users with is the file's */
	PROBE_DIFFERS,    /* it is not */
	PROBE_VERDICTS
};
extern const char *const probe_verdict_names[PROBE_VERDICTS];
/* Nobody can connect like this. */
bool probe_is_bad(enum probe_verdict verdict);
/* By name; PROBE_UNASKED when there is none. */
enum probe_verdict probe_verdict_find(const char *name);
/* What to do next; "" where there is nothing. */
const char *probe_advice(enum probe_part part, enum probe_verdict verdict);

/* All borrowed. */
struct probe_subject {
	const struct profile *profile;
	const char *client_id;
	const struct secret *secret; /* NULL: not there; nothing is sent */
	const char *redirect_uri;    /* NULL: not known */
	struct value scopes;         /* a set, or absent */
};

struct probe_finding {
	enum probe_verdict verdict;
	char *evidence; /* no secret is in it; NULL when unasked */
};

struct probe_result {
	struct probe_finding parts[PROBE_PARTS];
};

/* One request that would be sent. */
struct probe_step {
	const char *method, *url; /* url: without its query */
	const char *sends;        /* for people */
};

enum { PROBE_STEPS = 2 };

/* What probe_run() would send; returns how many. Borrowed from the profile. */
size_t probe_steps(const struct probe_subject *subject,
                   struct probe_step steps[PROBE_STEPS]);

/*
 * The embedded profiles' hosts are known; those of an operator's profile must
 * be among `hosts`. -1 after reporting CODE_PROBE_HOST, or CODE_BAD_URL for
 * http: off this machine.
 */
int probe_check_hosts(const struct profile *profile, const char *const *hosts,
                      size_t count, struct diag *diag) MUST_CHECK;

/* Asks; waits. -1 after reporting CODE_NETWORK_MODULE: nothing was sent then,
 * and *out is as it was. Whatever the network does is a finding. */
int probe_run(const struct probe_subject *subject,
              const struct http_settings *settings, struct probe_result *out,
              struct diag *diag) MUST_CHECK;
void probe_result_release(struct probe_result *result);

/* ---- for probe_run() and tests: how answers are read ---- */

/* Fill in what they tell; *out is zeroed before the first. */
void probe_read_token(const struct probe_subject *subject,
                      const struct http_answer *answer,
                      struct probe_result *out);
void probe_read_authorize(const struct probe_subject *subject,
                          const struct http_answer *answer,
                          struct probe_result *out);

/* ---- where a platform sends a user ---- */

/* The parameters of an authorization request at a provider; NULL: not there. */
struct probe_target {
	char *host, *client_id, *redirect_uri, *scope;
};

/* False when `url` is no http(s) URL. */
bool probe_read_target(const char *url, struct probe_target *out);
void probe_target_release(struct probe_target *target);
/* Holds each parameter against the subject, of which profile and secret may be
 * NULL. *out is zeroed before. */
void probe_compare_target(const struct probe_subject *subject,
                          const struct probe_target *target,
                          struct probe_result *out);

/*
 * Where `url`, an address that a platform gave for a user, leads: one GET, not
 * followed, with nothing of ours in it. A copy of the Location; NULL, and *why
 * set for free(), when it leads nowhere. The caller allowed the host.
 */
char *probe_follow_once(const char *url, const struct http_settings *settings,
                        char **why, struct diag *diag) MUST_CHECK;

#endif
