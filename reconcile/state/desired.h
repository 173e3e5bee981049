/* SPDX-License-Identifier: MIT */
/* Desired: what the parts of desired_read() share. */
#ifndef RECONCILE_STATE_DESIRED_H
#define RECONCILE_STATE_DESIRED_H

#include "state/reader.h"

enum member {
	MEMBER_CONNECTOR,
	MEMBER_NAME,
	MEMBER_TYPE,
	MEMBER_PLATFORM_KEY,
	MEMBER_CLIENT,
	MEMBER_SECRETS,
	MEMBER_SCOPES,
	MEMBER_SCOPE_SETS,
	MEMBER_REDIRECT_URI,
	MEMBER_ENABLED,
	MEMBER_PROTECT,
	MEMBER_RENAMED_FROM,
	MEMBER_EXTRA,
	MEMBERS
};

/* One entry of authConfigs, or `defaults`. */
struct entry {
	const struct node *key;
	const struct node *members[MEMBERS];
	bool removed[MEMBERS]; /* by null: also what `defaults` say */
	bool strange; /* has members the format does not know: reported */
};

struct rename {
	const char *key, *from;
	struct place place;
};

/* What the binding says of a field; the name is told by where it stands, as it
 * stays there: most are the same literals for every entry. */
struct wanted {
	const char *name;
	const struct field_trait *trait;
	const struct value_form *form;
};

enum { WANTED_MOST = 32 };

struct desired {
	struct reader reader;
	struct documents *documents;
	const struct environment *environment;
	const struct traits *traits;
	struct state *state;
	struct entry defaults;
	struct rename *renames;
	size_t rename_count, rename_capacity;
	struct wanted wanted[WANTED_MOST]; /* in the order they were met */
	size_t wanted_count, wanted_last;
};

/* Adds one entry to the state. */
void entry_add(struct desired *desired, const struct entry *entry);

/* Its `client` and `secrets`. `type` is the entry's. */
void client_add_id(struct desired *desired, const struct entry *entry);
void client_add_ownership(struct desired *desired, const struct entry *entry,
                          const char *type);
void client_add_secrets(struct desired *desired, const struct entry *entry);

/* Adds a field, or reports that the binding does not map it. */
void desired_field(struct desired *desired, const char *name,
                   struct value value, const struct node *node);
/* Reports CODE_FIELD_FORM. */
void desired_check_form(struct desired *desired, const char *name,
                        struct value value, const struct node *node);
bool desired_maps(struct desired *desired, const char *name);
/* Reports CODE_FIELD_UNMAPPED. */
void desired_unmapped(struct desired *desired, const char *name,
                      const struct node *node);

/* "PREFIX.KEY" in the reader's arena. */
const char *desired_name(struct desired *desired, const char *prefix,
                         const struct node *key);

/* Checks between entries, of a finished state: -1 after reporting. */
int desired_check_renames(struct desired *desired);

#endif
