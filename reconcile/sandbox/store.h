/* SPDX-License-Identifier: MIT */
/*
 * Store: what the platform remembers, in SQLite.
 *
 * It keeps each object as the text that a read answers, so that a list is
 * nothing but texts put together; its secret, which no read answers, stands
 * beside it. It also remembers every secret that ever arrived: tests prove by
 * that that one did.
 *
 * A failure is reported by the database room; calls return -1 from then on.
 */
#ifndef RECONCILE_SANDBOX_STORE_H
#define RECONCILE_SANDBOX_STORE_H

#include "base/diag.h"

#include <stdint.h>

struct store;

/* Objects of a kind have a number of their own and an order, that of their
 * creation. */
enum record_kind { RECORD_CONFIG, RECORD_CREDENTIAL, RECORD_KINDS };

struct record {
	int64_t serial;
	const char *id;
	const char *parent; /* a credential's connector; NULL */
	const char *text;   /* JSON, as it is answered */
	const char *secret; /* NULL: none */
};

/* `path` NULL: in memory. Else it is made when it is missing. */
struct store *store_new(const char *path, struct diag *diag) MUST_CHECK;
void store_free(struct store *store);
DEFINE_CLEANUP(store)

/* The number of the environment of that name, new or known; -1. */
int64_t store_environment(struct store *store, const char *name) MUST_CHECK;

/* One kind of thing in one environment. */
struct shelf {
	int64_t environment;
	enum record_kind kind;
};

/* How many there are; -1. */
int64_t store_count(struct store *store, struct shelf shelf) MUST_CHECK;

/* The serial is given by the store. 0, -1. */
int store_add(struct store *store, struct shelf shelf,
              const struct record *record) MUST_CHECK;
/* What has the serial of `record` becomes it. 0, -1. */
int store_replace(struct store *store, struct shelf shelf,
                  const struct record *record) MUST_CHECK;
/* 1: it was there, 0: not, -1. */
int store_remove(struct store *store, struct shelf shelf, const char *id)
	MUST_CHECK;
/* As above. What is found is borrowed until the next store_find(). */
int store_find(struct store *store, struct shelf shelf, const char *id,
               struct record *found) MUST_CHECK;

typedef void record_fn(const struct record *record, void *context);

/* In order, those after a serial (0: all), at most `limit`. */
struct span {
	struct shelf shelf;
	const char *parent; /* NULL: any */
	int64_t after;
	int64_t limit; /* -1: no limit */
};

int store_each(struct store *store, const struct span *span, record_fn *visit,
               void *context) MUST_CHECK;

/* For what is secret in an object beside its `secret`. 0, -1; NULL is none. */
int store_see_secret(struct store *store, int64_t environment,
                     const char *secret) MUST_CHECK;

typedef void secret_fn(const char *secret, void *context);
int store_each_secret(struct store *store, int64_t environment,
                      secret_fn *visit, void *context) MUST_CHECK;

/* Removes all objects of all environments; not the secrets seen. */
int store_clear(struct store *store) MUST_CHECK;

int store_begin(struct store *store) MUST_CHECK;
int store_commit(struct store *store) MUST_CHECK;
void store_rollback(struct store *store);

#endif
