/* SPDX-License-Identifier: MIT */
/* Fault rules: which requests go wrong, and how. */
#ifndef RECONCILE_SANDBOX_FAULT_RULE_H
#define RECONCILE_SANDBOX_FAULT_RULE_H

#include "base/diag.h"
#include "http/http.h"

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

struct call;
struct dialect;
struct documents;
struct fault_kind;

enum fault_when {
	FAULT_BEFORE, /* the request is not handled */
	FAULT_AFTER,  /* it is, and then goes wrong */
	FAULT_LATE,   /* it goes wrong, and is handled long after */
	FAULT_WHENS
};
extern const char *const fault_when_names[FAULT_WHENS];

enum { FAULT_HEADERS = 6 };

struct fault_rule {
	/* what it is about; NULL: any */
	char *operation, *method, *path;
	/* which of these: all where they are not told */
	int64_t *nth;
	size_t nth_count;
	double probability; /* 1: always */
	int64_t times;      /* -1: no limit */
	/* what goes wrong */
	const struct fault_kind *kind;
	enum fault_when when;
	int64_t late_ms, delay_ms;
	int64_t lag_ms, lag_lists; /* 0: not by time, not by lists */
	int status;                /* 0: the kind's own */
	struct http_header headers[FAULT_HEADERS];
	size_t header_count;
	char *body; /* NULL: the kind's own */
	/* what has happened */
	int64_t seen, fired;
};

struct fault_rules {
	struct fault_rule *items;
	size_t count;
	uint64_t random;
	bool repeating; /* one of them repeats pages */
};

/* YAML or JSON. */
struct fault_source {
	struct documents *documents; /* what reports point into */
	const char *display, *bytes;
	size_t length;
};

/*
 * Replaces the rules by those of a document. 0; -1, after reporting all that is
 * wrong with it at its places, with the rules as they were.
 */
int fault_rules_read(struct fault_rules *rules, const struct dialect *dialect,
                     const struct fault_source *source, struct diag *diag)
	MUST_CHECK;
void fault_rules_release(struct fault_rules *rules);

/* The rule that the call meets, or NULL. Counts. */
const struct fault_rule *fault_rules_meet(struct fault_rules *rules,
                                          const struct call *call);
/* The reply, made or not, goes wrong as the rule says. */
void fault_rule_apply(const struct fault_rule *rule, struct call *call);
/* [{fault, when, operation, method, path, seen, fired}, …] */
json_t *fault_rules_json(const struct fault_rules *rules) MUST_CHECK;

/* ---- kinds ---- */

enum fault_takes {
	FAULT_TAKES_ANSWER = 1 << 0, /* status, body */
	FAULT_TAKES_HEADERS = 1 << 1,
	FAULT_TAKES_LAG = 1 << 2,
};

struct fault_kind {
	const char *name;
	unsigned whens; /* 1 << enum fault_when: where it makes sense */
	enum fault_when usual;
	unsigned takes; /* enum fault_takes */
	int needs;      /* enum spoil_needs */
	bool spoils;    /* an answer: where there is none, a 500 */
	void (*act)(struct call *call, const struct fault_rule *rule);
};

/* NULL when there is none of that name. */
const struct fault_kind *fault_kind_find(const char *name);

#endif
