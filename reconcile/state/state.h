/* SPDX-License-Identifier: MIT */
/*
 * State: auth configs as compact, canonical, sorted structs.
 *
 * Desired (from files), live (from a platform) and applied (from a ledger) are
 * of this one type, and `plan` compares three of a kind.
 *
 * Building:  state_new() -> { state_begin() state_field()* … state_end() }*
 *            -> state_finish()
 * Reading:   state_length(), state_at(), state_find()
 *
 * Pure: no I/O, no clock, no environment variables. A finished state does not
 * change. Texts live in the state's arena.
 *
 * Field names are the words of the file: connector, name, type, ownership
 * ("own" or "managed"), client.id, scopes, scopeSets.NAME, redirectUri,
 * enabled, extra.NAME. Secrets: client.secret, secrets.NAME.
 */
#ifndef RECONCILE_STATE_STATE_H
#define RECONCILE_STATE_STATE_H

#include "base/diag.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct documents;
struct node;
struct pattern;

/* ---- values ---- */

enum value_kind {
	VALUE_ABSENT = 0, /* not declared; not in the answer */
	VALUE_UNREADABLE, /* U of the tables: masked or never returned */
	VALUE_TEXT,
	VALUE_BOOLEAN, /* "true", "false" */
	VALUE_SET,     /* each item followed by NUL; sorted, unique */
	VALUE_JSON     /* canonical: keys sorted, no spaces */
};

/* Canonical bytes: equal values have equal bytes and kind. */
struct value {
	const char *bytes;
	uint32_t length;
	uint8_t kind; /* enum value_kind */
};

bool value_equal(const struct value *a, const struct value *b);
/* Absent or the empty set, the empty text, or JSON null. */
bool value_is_empty(const struct value *value);
/* Items of a set; `cursor` starts as NULL; NULL after the last. */
const char *value_next(const struct value *set, const char *cursor);
size_t value_count(const struct value *set);
bool value_contains(const struct value *set, const char *item);
/* For people and hashes alike: text as it is, sets as `[a, b]`, absent as "",
 * unreadable as `(not readable)`. Not escaped. */
char *value_show(const struct value *value) MUST_CHECK;

/* ---- secrets, as a state knows them: never a value ---- */

/* Desired: where the value comes from. */
struct secret_reference {
	const char *name;    /* "client.secret" */
	const char *source;  /* "env:NAME" or "file:PATH" */
	const char *version; /* NULL: none declared */
	const char *expires; /* "2027-01-31", as declared; or NULL */
	struct place place;
};

enum { FINGERPRINT_BYTES = 32 };

/* Applied: what the ledger remembers. */
struct secret_record {
	const char *name;
	const char *key_id;           /* of the fingerprint's key; or NULL */
	const char *version, *source; /* or NULL */
	const char *hint_seen;        /* or NULL */
	int64_t set_at_ms;            /* 0: unknown */
	uint8_t fingerprint[FINGERPRINT_BYTES];
	bool known;         /* false: adopted, never sent */
	bool fingerprinted; /* fingerprint and key_id are set */
	bool in_doubt;      /* sent, outcome unknown */
};

/* Applied: what was found out, or is still to be done, beside the fields: what
 * a probe said, a rotation that is not at its end. Neither is ever compared. */
#define ROTATION_OPEN                                           \
	"rotation.open" /* text: the secret before, as declared \
	                 */
#define ROTATION_CONFIRMED "rotation.confirmed" /* text: who said so */

struct memo {
	const char *name; /* "probe.redirect" */
	const char *text; /* "mismatch" */
	int64_t at_ms;
};

enum secret_readback {
	READBACK_NEVER,
	READBACK_MASKED,
	READBACK_HINT,
	READBACK_CLEAR
};

struct secret; /* secrets/secrets.h */

/* secret_free(), handed in: the room of secrets comes after this one. */
typedef void secret_free_fn(struct secret *secret);

/* Live: what the platform says of it. */
struct secret_reading {
	const char *name;
	bool unset;       /* the platform says that none is set */
	bool missing;     /* readable by the binding, absent in the answer */
	const char *hint; /* READBACK_HINT, else NULL */
	struct secret *clear; /* READBACK_CLEAR, else NULL */
	/* Frees `clear` with the state; NULL: it stays the caller's. */
	secret_free_fn *release;
};

/* ---- auth configs ---- */

struct field {
	const char *name;
	const char *bytes;
	uint32_t length;
	uint32_t line;
	uint16_t column;
	uint16_t file;
	uint8_t kind;
};

enum auth_config_flags {
	AUTH_CONFIG_PROTECTED = 1 << 0,
	AUTH_CONFIG_OPAQUE = 1 << 1, /* unknown enum: never matched, written */
};

struct auth_config {
	const char *key;            /* desired, applied; NULL in live */
	const char *id;             /* live, applied; NULL in desired */
	const char *natural_key;    /* platform key, where the client chooses */
	const char *renamed_from;   /* desired only, or NULL */
	const struct field *fields; /* sorted by name; applied: sent */
	const struct field *seen;   /* applied: read back, sorted by name */
	union { /* there is one kind, counted, and none of the others */
		const struct secret_reference *references; /* desired */
		const struct secret_record *records;       /* applied */
		const struct secret_reading *readings;     /* live */
	};
	const char *const *retired; /* applied: former ids */
	const struct memo *memos;   /* applied; sorted by name */
	const char *updated_at; /* live: as sent; applied: as seen; or NULL */
	const char *row_uuid;   /* applied: 32 hex digits */
	int64_t connections;    /* live: users hanging on it; -1 unknown */
	int64_t applied_at_ms;  /* applied: last written; 0 unknown */
	uint16_t field_count, seen_count, reference_count, record_count,
		reading_count, retired_count, memo_count;
	uint16_t flags;
	uint16_t place_file, place_column;
	uint32_t place_line;
};

/* Absent (kind VALUE_ABSENT) when the config has no such field. */
struct value auth_config_value(const struct auth_config *config,
                               const char *name);
struct value auth_config_seen(const struct auth_config *config,
                              const char *name);
/* Its text, "" when absent: for connector and name. */
const char *auth_config_text(const struct auth_config *config,
                             const char *name);
const struct secret_reference *auth_config_reference(
	const struct auth_config *config, const char *name);
const struct secret_record *auth_config_record(const struct auth_config *config,
                                               const char *name);
const struct secret_reading *auth_config_reading(
	const struct auth_config *config, const char *name);
const struct memo *auth_config_memo(const struct auth_config *config,
                                    const char *name);
struct value field_value(const struct field *field);

/* ---- states ---- */

struct state;

enum state_order { STATE_BY_KEY, STATE_BY_ID };

struct state *state_new(enum state_order order) MUST_CHECK;
/* For one config: what repeats is not looked for, which is most of the cost. */
struct state *state_new_single(enum state_order order) MUST_CHECK;
/*
 * As state_new() by key: what a config has in common with that of the same key
 * in `like` is kept only there, so `like` must outlive the state. Its fields
 * have no places. NULL: nothing is shared.
 */
struct state *state_new_like(const struct state *like) MUST_CHECK;
void state_free(struct state *state);
DEFINE_CLEANUP(state)

size_t state_length(const struct state *state);
const struct auth_config *state_at(const struct state *state, size_t index);
/* By key (STATE_BY_KEY) or id (STATE_BY_ID); NULL when there is none. */
const struct auth_config *state_find(const struct state *state,
                                     const char *name);
/* Where a config or a field of it stands in the files; PLACE_NONE in live and
 * applied. */
struct place auth_config_place(const struct state *state,
                               const struct auth_config *config);
struct place field_place(const struct state *state, const struct field *field);

/* Building. Everything is copied, but the text of a place's file stays where it
 * stands until all is built; names are interned. Absent values are left
 * out. Of two members of a config with one name, one is dropped. */
void state_begin(struct state *state, const char *key_or_id,
                 struct place place);
/* Members of the open config that are no field: write them directly. Pointers
 * put there must come from state_text(). */
struct auth_config *state_open(struct state *state);
const char *state_text(struct state *state, const char *text); /* or NULL */
void state_field(struct state *state, const char *name, struct value value,
                 struct place place);
void state_seen(struct state *state, const char *name, struct value value);
/* What was seen is what was sent: the fields, kept once. */
void state_seen_as_sent(struct state *state);
void state_reference(struct state *state,
                     const struct secret_reference *reference);
void state_record(struct state *state, const struct secret_record *record);
/* Takes `reading->clear` over when it has a `release`. */
void state_reading(struct state *state, const struct secret_reading *reading);
void state_retired(struct state *state, const char *id);
void state_memo(struct state *state, const struct memo *memo);
void state_end(struct state *state);
/* Copies a config of another state, under the same name. Clear readings are
 * not copied. */
void state_copy(struct state *state, const struct state *from,
                const struct auth_config *config);
/* Sorts. Names must be unique: -1 and *twin set to the first that is not
 * (nothing is reported; who listed knows what that means). */
int state_finish(struct state *state, const char **twin) MUST_CHECK;

/* Values in the state's arena. */
struct value state_value_text(struct state *state, const char *text);
struct value state_value_boolean(bool value);
struct value state_value_set(struct state *state, const char *const *items,
                             size_t count);
/* `json` must be canonical already. */
struct value state_value_json(struct state *state, const char *json);
struct value value_unreadable(void);
struct value value_absent(void);

/* ---- traits: what a platform can do, said by its binding ---- */

enum field_mode {
	MODE_UNMAPPED, /* declaring it is an error */
	MODE_SETTABLE,
	MODE_ASSERT /* given by the platform: compared, never sent */
};

enum field_flags {
	FIELD_IMMUTABLE = 1 << 0,  /* differs: replace */
	FIELD_EMPTY_NONE = 1 << 1, /* null, "", [] read as the empty set */
	FIELD_FILLED = 1 << 2,     /* an empty one is filled with defaults */
	FIELD_APART = 1 << 3,      /* set by a call of its own, which may fail
	                            * when the rest is done */
};

/* What a text, or each item of a set, must match or be. */
struct value_form {
	const char *name;
	const struct pattern *pattern; /* NULL: one of the words */
	const char *expression;        /* or the words, for people */
	const char *const *words;
	size_t word_count;
};

struct field_trait {
	const char *name;
	enum field_mode mode;
	enum field_flags flags;
	unsigned group; /* 0: none; written together with its group */
};

struct secret_trait {
	const char *name;
	enum secret_readback readback;
	unsigned group;
	unsigned hint_length; /* last characters, READBACK_HINT */
};

enum update_semantics { UPDATE_MERGE, UPDATE_REPLACE };
enum secret_omit { SECRET_OMIT_KEEP, SECRET_OMIT_REQUIRED };

enum platform_abilities {
	CAN_LIST = 1 << 0,
	CAN_CREATE = 1 << 1,
	CAN_UPDATE = 1 << 2,
	CAN_DELETE = 1 << 3,
	CAN_RENAME = 1 << 4,      /* the natural key */
	HAS_NATURAL_KEY = 1 << 5, /* the client chooses the id */
	HAS_UNIQUE_NAMES = 1 << 6,
	HAS_MUTABLE_OWNERSHIP = 1 << 7,
	HAS_CONNECTIONS = 1 << 8, /* it can say how many users there are */
	HAS_CASCADE = 1 << 9,     /* a delete takes connections along */
};

struct traits {
	const struct field_trait *fields; /* sorted by name */
	size_t field_count;
	const struct secret_trait *secrets; /* sorted by name */
	size_t secret_count;
	enum update_semantics semantics;
	enum secret_omit secret_omit;
	enum platform_abilities abilities;
	const struct value_form *forms; /* platformKey may be among them */
	size_t form_count;
	int64_t settle_ms; /* after a write, before a read shows it */
};

/* NULL when the platform says nothing of its form. */
const struct value_form *traits_form(const struct traits *traits,
                                     const char *name);
/* True where `form` is NULL, and for values that are neither text nor set. */
bool value_fits(const struct value_form *form, const struct value *value);

/* NULL when the binding does not map `name`. */
const struct field_trait *traits_field(const struct traits *traits,
                                       const char *name);
const struct secret_trait *traits_secret(const struct traits *traits,
                                         const char *name);

/* ---- desired: from documents ---- */

enum ledger_store { LEDGER_NONE, LEDGER_FILE, LEDGER_GIT };

struct policy {
	bool prune;
	unsigned max_deletes, max_delete_percent, max_changes, max_missing;
	const char *const *ignore; /* globs of unmanaged names or ids */
	size_t ignore_count;
};

/* What an environment file says beside its auth configs. Texts are borrowed
 * from the documents or made in `arena`: for environment_release(). */
struct environment {
	const char *name;
	const char *binding;
	const char *url;            /* NULL: the binding's */
	const char *callback;       /* its redirect URI, as declared; or NULL */
	const char *api_key_source; /* "env:…", "file:…" */
	const struct node *parameters;
	enum ledger_store store;
	const char *ledger_ref, *ledger_remote; /* LEDGER_GIT; NULL: default */
	struct policy policy;
	struct place place, binding_place, url_place, api_key_place;
	struct place ledger_place; /* or the environment's */
	struct arena *arena;
};

/* A zeroed one is fine, too. */
void environment_release(struct environment *environment);

/*
 * What the reader is given instead of the process's environment: the value of
 * TRUEUP_VAR_* `name`, or NULL.
 */
typedef const char *variable_fn(const char *name, void *context);

enum desired_flags {
	DESIRED_LENIENT = 1 << 0, /* unset variables are warnings (validate) */
	/* The caller asks desired_check_twins() once it has the ledger. */
	DESIRED_TWINS_LATER = 1 << 1,
};

struct desired_settings {
	variable_fn *variable;
	void *context;
	enum desired_flags flags;
};

/*
 * From a merged tree after the shape check: what that reports is not reported
 * again. 0, or -1 after reporting all other mistakes; what could be read is
 * set then, too. The policy has the format's defaults where nothing is said.
 */
int environment_read(const struct documents *documents, const struct node *root,
                     const struct desired_settings *settings,
                     struct environment *out, struct diag *diag) MUST_CHECK;

/*
 * The auth configs, `defaults` applied, sorted by key. Reports, all at once:
 * a field or secret the traits do not map (CODE_FIELD_UNMAPPED), a value the
 * platform takes none of (CODE_FIELD_FORM), an oauth2 entry without `client`
 * where the platform shows one (CODE_CLIENT_MISSING), two entries with equal
 * identity (CODE_TWIN_ENTRIES; natural key, else connector and name),
 * renamedFrom naming a declared key, itself or a cycle, or what another names
 * (CODE_BAD_RENAME), a secret declared twice (CODE_SECRET_CONFLICT), variables
 * (CODE_VARIABLE_…). NULL then. An empty map is no error here (row P5 is
 * plan's). The documents only gain merged nodes.
 */
struct state *desired_read(struct documents *documents, const struct node *root,
                           const struct environment *environment,
                           const struct traits *traits,
                           const struct desired_settings *settings,
                           struct diag *diag) MUST_CHECK;

/*
 * Row P6: reports each two entries with equal identity (natural key, else
 * connector and name) as CODE_TWIN_ENTRIES, unless both have a row in `applied`
 * (NULL: there is none): then their ids tell them apart, as after an export of
 * twins.
 */
int desired_check_twins(const struct state *desired,
                        const struct traits *traits,
                        const struct state *applied, struct diag *diag)
	MUST_CHECK;

#endif
