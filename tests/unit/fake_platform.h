/* SPDX-License-Identifier: MIT */
/*
 * Fake platform: platform/platform.h in memory, for the tests of apply. It
 * is linked in place of the room; ends are scripted; time moves only here.
 */
#ifndef TESTS_UNIT_FAKE_PLATFORM_H
#define TESTS_UNIT_FAKE_PLATFORM_H

#include "base/clock.h"
#include "base/hash.h"
#include "platform/platform.h"

enum { FAKE_OBJECTS = 256, FAKE_FIELDS = 12, FAKE_RULES = 8, FAKE_QUEUE = 256 };

/* What becomes of a request. */
enum fake_fate {
	FAKE_WELL,
	FAKE_REFUSED,
	FAKE_UNAUTHORISED,
	FAKE_UNSENT,
	FAKE_LOST_DONE,   /* done, and the answer is lost */
	FAKE_LOST_UNDONE, /* never arrived, and nobody knows */
	FAKE_LATE,        /* well, a turn later */
	FAKE_SILENT       /* no answer ever comes */
};

/* The first `times` requests of `verb` (about `about`, when it is not NULL: a
 * create's name, else an id) have this fate. */
struct fake_rule {
	enum platform_verb verb;
	enum fake_fate fate;
	const char *about;
	unsigned times;
};

struct fake_object {
	char id[32];
	struct {
		char name[32];
		struct value value;
	} fields[FAKE_FIELDS];
	size_t field_count;
	uint8_t secret[HASH_BYTES]; /* fingerprint of what was sent last */
	unsigned secret_count;      /* how often it was sent */
	unsigned version;
	int64_t shown_ms; /* steady clock: listed from then on */
	bool there;
};

enum fake_flags {
	FAKE_FILLS = 1 << 0,      /* a create without scopes gets `default` */
	FAKE_ADDS_SCOPE = 1 << 1, /* every write adds a scope of its own */
	FAKE_SHORT = 1 << 2,      /* answers to writes have no object */
	FAKE_MERGES = 1 << 3,     /* updates merge; else they replace */
	FAKE_NAMED = 1 << 4,      /* the client's natural key is the id */
	FAKE_KEEPS = 1 << 5,      /* deletes are answered and not done */
};

/* At every moment at which a crash would leave another world behind. */
typedef void fake_moment_fn(void *context);

struct platform {
	struct clock_fixed *clock;
	struct fingerprint_key *key;
	struct arena *values; /* all there ever were */
	struct fake_object objects[FAKE_OBJECTS];
	size_t object_count;
	struct fake_rule rules[FAKE_RULES];
	size_t rule_count;
	struct {
		const struct platform_request *request;
		platform_done_fn *done;
		void *context;
	} queue[FAKE_QUEUE];
	size_t queue_count;
	unsigned counts[PLATFORM_DELETE + 1]; /* requests, by verb */
	unsigned lists;
	size_t most_in_flight;
	size_t last_field_count; /* of the last create or update */
	FILE *log;               /* "create CRM", "delete id-1" … */
	char *log_text;
	size_t log_length;
	int64_t connections; /* of every object; -1: not known */
	int64_t slow_ms;     /* after a lost create: not listed until then */
	unsigned flags;      /* enum fake_flags */
	fake_moment_fn *moment;
	void *moment_context;
};

struct platform *fake_new(struct clock_fixed *clock);
void fake_free(struct platform *fake);
void fake_script(struct platform *fake, enum platform_verb verb,
                 const char *about, enum fake_fate fate, unsigned times);
struct fake_object *fake_find(struct platform *fake, const char *id);
/* The only one of that name. */
struct fake_object *fake_named(struct platform *fake, const char *name);
size_t fake_length(const struct platform *fake);
/* Somebody else's doing. */
struct fake_object *fake_add(struct platform *fake, const char *name);
void fake_set(struct platform *fake, struct fake_object *object,
              const char *field, struct value value);
struct value fake_get(const struct fake_object *object, const char *field);
/* True when `secret` was sent last. */
bool fake_has_secret(const struct platform *fake,
                     const struct fake_object *object, const char *secret);
const char *fake_log(struct platform *fake);
unsigned fake_writes(const struct platform *fake);

#endif
