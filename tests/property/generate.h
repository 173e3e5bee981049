/* SPDX-License-Identifier: MIT */
/*
 * Generate: random worlds. Most entries are in order, so that what is not
 * stands alone; each deviation is a chance of its own, so that they meet in
 * all ways. A theme makes a world rich in what is rare.
 */
#ifndef TESTS_PROPERTY_GENERATE_H
#define TESTS_PROPERTY_GENERATE_H

#include "domain.h"

enum theme {
	PLAIN,
	SECRETS_MOVED, /* somebody else set them */
	SECRETS_KNOWN, /* versions, sources, fingerprints */
	QUIET,         /* next to nothing differs */
	CROSSED,       /* one entry's object has another's identity */
	EMPTIED,       /* the platform lists nothing */
	FULL,          /* more than the guards allow */
	THEMES
};

struct generator {
	struct random *random;
	struct world *world;
	enum theme theme;
	bool faulty;  /* mistakes that end the plan are allowed */
	bool lenient; /* no guard is reached */
	unsigned next_id;
	unsigned calm; /* percent of fields that are as they were */
};

/* Secrets are what such a world is about: little else differs. */
bool is_about_secrets(const struct generator *generator);
bool chance(struct generator *generator, unsigned percent);
unsigned below(struct generator *generator, unsigned limit);
/* "k07". */
void name(char out[NAME_SIZE], char letter, unsigned number);

/* generate_platform.c */
void make_traits(struct generator *generator);

/* generate_object.c */
void make_declared(struct generator *generator, struct thing *thing,
                   unsigned number);
void make_secrets(struct generator *generator, struct thing *thing);
/* What was sent for it, seen, and is live now. */
void make_object(struct generator *generator, const struct thing *desired,
                 struct thing *row, struct thing *live);
struct cell some_value(struct generator *generator, size_t index,
                       const struct thing *thing);

/* generate_keys.c */
void make_keys(struct generator *generator);

/* generate_several.c: what takes more than one key */
void cross(struct generator *generator);
void confuse(struct generator *generator);
void part_twins(struct world *world);

#endif
