/* SPDX-License-Identifier: MIT */
/*
 * Steps: what the files of this room share. A change is a `struct work` that
 * walks through states; a request's end moves it on (step.c has the table).
 *
 *     waiting -> [recheck] -> create -> [verify] -> [clear] -> ended
 *                          -> update -> [verify | reread]
 *                          -> delete -> confirm [-> create: row R2]
 *                create without an answer -> lost -> found or unknown
 *
 * Works to verify wait for the end of their phase (verify.c).
 */
#ifndef RECONCILE_APPLY_STEPS_H
#define RECONCILE_APPLY_STEPS_H

#include "apply/apply.h"

#include "base/mem.h"
#include "ledger/ledger.h"
#include "platform/platform.h"
#include "secrets/secrets.h"

enum {
	FAILURES_ALIKE = 5,    /* then no more is launched */
	UNSENT_TRIES = 3,      /* of a write that cannot have been seen */
	INTENTS_AHEAD = 1024,  /* of creates, with one commit */
	WRITE_PAUSE_MS = 5,    /* the longest wait of a write for a commit */
	OUTCOME_PAUSE_MS = 50, /* … of what was done */
	STOP_MS = 10000,       /* for what is in flight, once stopping */
	TURN_MS = 100,         /* the longest wait of one turn */
	UNSENT_PAUSE_MS = 200, /* before a write is tried again; doubles */
	SETTLE_PAUSE_MS = 100, /* before what does not show is read again */
	UUID_SIZE = 33,
};

/* What a work wants to do next, or has in flight. */
enum work_state {
	WORK_WAITING, /* not begun */
	WORK_RECHECK, /* is the object still what the plan saw? */
	WORK_CREATE,
	WORK_UPDATE,
	WORK_DELETE,
	WORK_VERIFY,  /* what became of a create or update */
	WORK_REREAD,  /* an update's answer is lost */
	WORK_CONFIRM, /* is it gone? */
	WORK_LOST,    /* a create's answer is lost */
	WORK_ENDED,
	WORK_STATES
};

enum work_flags {
	WORK_INTENDED = 1 << 0,  /* the next write's intent is journalled */
	WORK_COMMITTED = 1 << 1, /* … and on the disk: it may be sent */
	WORK_WROTE = 1 << 2,     /* it changed something already */
	WORK_DOUBTED = 1 << 3,   /* a write's answer was lost */
	WORK_CLEARING = 1 << 4,  /* row F18: the update after the create */
	WORK_RETRIED = 1 << 5,   /* a delete of unknown end was sent again */
	WORK_DELETED = 1 << 6,   /* row R2: the old object is gone */
	WORK_PARKED = 1 << 7,    /* to be verified when its phase ends */
};

/* The fingerprint of a secret as it was sent. */
struct secret_print {
	bool known; /* sent, or noted */
	bool fingerprinted;
	uint8_t bytes[FINGERPRINT_BYTES];
};

struct session;
struct sending;

struct work {
	struct session *session;
	const struct change *change;
	struct step *step;
	struct sending *sending;     /* in flight; or NULL */
	struct secret_print *prints; /* one a secret of the change */
	struct state *clearing; /* the object as it was made; WORK_CLEARING */
	int64_t intent;
	int64_t due_ms;     /* steady clock; not sent before */
	int64_t settled_ms; /* … by then a read shows what was written */
	enum work_state state;
	enum intent_kind intent_kind;
	unsigned flags; /* enum work_flags */
	unsigned tries;
	char row_uuid[UUID_SIZE];
};

/* Failures alike, counted. */
struct cause {
	int status;
	char *message;
	unsigned count;
};

enum halt {
	HALT_NONE,
	HALT_NEW, /* nothing new begins; what was begun is brought to its end */
	HALT_ALL  /* the journal is lost: no write leaves any more */
};

/* A row as a step of this run left it, for a later one of the same row. */
struct shelf {
	char row_uuid[UUID_SIZE];
	struct state *state; /* of one; NULL: removed */
};

struct identities;

/* One apply_run(). */
struct session {
	const struct apply_settings *settings;
	struct apply_result *result;
	struct diag *diag;
	struct identities *identities; /* live ones, for snapshots */
	struct work *works;            /* in the order they go */
	size_t work_count, next;       /* `next`: the first not active yet */
	size_t ahead;         /* before it creates are begun, and intended */
	struct work **active; /* begun; not ended, not lost */
	size_t active_count;
	struct work **unsaved; /* done since the last commit */
	size_t unsaved_count, unsaved_capacity;
	struct cause *causes;
	size_t cause_count, cause_capacity;
	struct shelf *shelves; /* only where a plan deletes retired objects */
	size_t shelf_count, shelf_capacity;
	size_t in_flight;
	size_t sent_writes;
	size_t unconfirmed;  /* done, but not as it was asked for */
	int64_t deadline_ms; /* steady clock; when interrupted */
	int64_t committed_ms;
	enum halt halt;
	const char *waiting; /* for what, when not for the pace; or NULL */
	int halt_exit; /* of a journal or lock that was lost; 0: neither */
	bool unauthorised;
	bool shelving;
};

const struct traits *session_traits(const struct session *session);
int64_t session_now_ms(const struct session *session);

/* ---- prepare.c ---- */

/* Rows S22 and S23, before anything is written: all of them reported. */
int prepare_secrets(const struct apply_settings *settings, struct diag *diag)
	MUST_CHECK;
/* True when the change's request carries the secret's value. */
bool secret_is_sent(const struct secret_change *secret);

/* ---- end.c: how steps end ---- */

enum verdict {
	VERDICT_REFUSED,
	VERDICT_UNAUTHORISED,
	VERDICT_UNSENT,
	VERDICT_UNBUILT,    /* its secret or its request is not to be had */
	VERDICT_UNREADABLE, /* it could not be read before the write */
	VERDICT_MOVED,
	VERDICT_VANISHED,
	VERDICT_LOST,
	VERDICT_SEVERAL,
	VERDICT_UNSURE,
	VERDICT_REMAINS,
	VERDICT_GIVEN_UP,
	VERDICT_UNSAVED,
	VERDICT_HALF_REPLACED,
	VERDICT_UNCLEARED,
	VERDICTS
};

void work_done(struct work *work);
/* Not attempted after all: nothing was sent for it. */
void work_drop(struct work *work);
/*
 * Ends it otherwise, reports it at its place and notes what it means for the
 * others. `result` NULL: no request's; `words` NULL: the result's message.
 */
void work_end(struct work *work, enum verdict verdict,
              const struct platform_result *result, const char *words);
/* A write's answer is lost: remembered until it is known what became of it. */
void work_lost(struct work *work, const struct platform_result *result);
/* What is said of a write that is done: why a part of it is not. */
void work_said(struct work *work, const struct platform_result *result);
/* It is done, and still something is to be said: exit 9. */
void work_unconfirmed(struct work *work, const char *words);
/* Done at the platform, but the ledger could not be told. */
void work_unsaved(struct work *work);
void session_halt(struct session *session, enum halt halt);
/* The exit code of what was reported last. */
int session_last_exit(const struct session *session);
/* Row by row of decisions.md section 6. */
int session_exit(const struct session *session);

/* ---- journal.c: the ledger, which may be none ---- */

void journal_intend(struct work *work);
void journal_settle(struct work *work, enum intent_outcome outcome,
                    const struct platform_result *result);
void journal_put(struct session *session, const struct auth_config *row);
void journal_remove(struct session *session, const char *row_uuid);
/* Makes all of it durable and lets the intended writes go. After a failure
 * the session is halted and what was not saved is unknown. */
void journal_commit(struct session *session);
/* How the run ended, and the last commit. */
void journal_end(struct session *session, const char *result);
void journal_heartbeat(struct session *session);
/* The row that a change is about, as it is now; NULL: there is none. */
const struct auth_config *journal_row(const struct session *session,
                                      const struct change *change);

/* ---- identity.c ---- */

struct identity {
	const char *natural_key, *connector, *name, *client_id;
};

/* A natural key alone, else connector and name; and no other client id. */
bool identity_matches(const struct identity *identity,
                      const struct auth_config *live);
struct identity identity_of(const struct auth_config *desired,
                            const struct traits *traits);
/* Sorted once, so that snapshots of many creates are cheap. */
struct identities *identities_new(const struct state *live,
                                  const struct traits *traits) MUST_CHECK;
void identities_free(struct identities *identities);
/* Ids that a create's object cannot have: of the live objects that share its
 * identity, but for the one that it replaces, once that is gone: the new one
 * may be called the same. Free the array. */
size_t work_snapshot(const struct work *work, const char ***ids);

/* ---- sending.c: requests ---- */

/* Builds the request that the work's state asks for and hands it over; a work
 * whose request cannot be built ends. */
void work_send(struct work *work);
/* Its answer is not waited for any longer. */
void sending_detach(struct sending *sending);
/* The change has something to tell the platform. */
bool change_has_request(const struct change *change);
/* Fingerprints what the plan found to be the secret, without sending it. */
void print_secret(struct session *session, const struct secret_change *secret,
                  const char *row_uuid, struct secret_print *print);
/* What S21 asks: does the object show the secret that was sent? -1: it cannot
 * be told; 0: no; 1: yes. */
int secret_shown(struct session *session, const struct secret_change *secret,
                 const struct auth_config *object);

/* ---- compare.c: objects read back ---- */

/* The first field that is no longer what the plan saw, or NULL. */
const char *compare_moved(const struct change *change,
                          const struct auth_config *now);
/* The update arrived for certain: a field it changes reads as it was sent, and
 * none does not. */
bool compare_arrived(const struct work *work, const struct auth_config *now);
/* No field that was sent reads otherwise. */
bool compare_shows(const struct work *work, const struct auth_config *now);
/* A declared empty field that the platform filled (row F18). */
bool compare_filled(const struct traits *traits,
                    const struct field_change *field,
                    const struct auth_config *now);
/* A field with a call of its own, which did not do it. */
bool compare_undone(const struct traits *traits,
                    const struct field_change *field,
                    const struct auth_config *now);
/* Notes what the platform rewrote; what is undone, and asserted
 * fields that differ, are reported. */
void compare_rewritten(struct work *work, const struct auth_config *now);

/* ---- row.c: ledger rows ---- */

enum row_flags {
	ROW_WRITTEN = 1 << 0,   /* by a request that was done */
	ROW_DOUBTED = 1 << 1,   /* its secrets are in doubt */
	ROW_UNCLEARED = 1 << 2, /* fields that were filled are left out */
	ROW_ANEW = 1 << 3, /* another object: nothing of the base's is kept */
};

struct row_input {
	struct session *session;
	const struct change *change;
	const struct auth_config *base;   /* the row before, or NULL */
	const struct auth_config *object; /* as read; NULL: it was not */
	const struct secret_print *prints;
	const char *id, *row_uuid;
	unsigned flags; /* enum row_flags */
};

/* All borrowed from the input but the arrays. */
struct row {
	struct auth_config config;
	struct field *fields, *seen;
	struct secret_record *records;
	const char **retired;
	struct memo *memos;
	char *before; /* of a memo's text; or NULL */
	bool rotated; /* another client secret is in force now */
};

void row_build(const struct row_input *input, struct row *out);
void row_release(struct row *row);
/* Adds a row to a state that is being built. */
void row_write(struct state *state, const struct auth_config *row);
/* Finishes a state whose names are unique by the way it was built. */
void finish_unique(struct state *state);

/* ---- finish.c: what is recorded of what was done ---- */

/* A create is answered or found, `object` as it is, NULL when it could not be
 * read: ends, or goes on to clear what the platform filled. */
void work_made(struct work *work, const struct auth_config *object,
               const struct state *state);
/* An update is done. */
void work_updated(struct work *work, const struct auth_config *object);
/* It is done, and will be read back later: the ledger knows it from now on. */
void work_noted(struct work *work);
/* A delete is: the end, or (row R2) the create comes next. */
void work_deleted(struct work *work);
/* Nothing had to be sent. */
void work_bookkept(struct work *work);
/* Plan notes: rows changed without a request. */
void notes_write(struct session *session);
/* Row O18: the row stays, without that former object. */
void row_unretire(struct session *session, const struct auth_config *row,
                  const char *id);
/* A delete that takes a former object of a row, not the row's own. */
bool change_is_of_retired(const struct change *change,
                          const struct auth_config *row);

/* ---- step.c ---- */

/* Its first state, or its end where nothing is to be sent. */
void work_begin(struct work *work);
/* What the end of a request means in the work's state. */
void work_answer(struct work *work, const struct platform_result *result);
/* It may not go on: nothing (more) of it is sent. */
void work_stop(struct work *work);
/* True when it wants to send something that changes the platform. */
bool work_writes_next(const struct work *work);
/* That, or what it will be once it was read again. */
enum work_state work_next_write(const struct work *work);
/* True when it waits, and a create will be its first request. */
bool work_makes_first(const struct work *work);
/* Works of one phase go before those of the next. */
unsigned change_phase(const struct change *change);

/* ---- loop.c ---- */

/* Brings the works up to `end` to their ends, but for lost creates. */
void session_drain(struct session *session, size_t end);
/* One turn, which also takes its time when nothing is in flight. */
void session_turn(struct session *session, int64_t wait_ms);
/* Asks whether to stop, and keeps the lock. */
void session_watch(struct session *session);

/* ---- verify.c ---- */

/* Reads back those of works[first..end) that are parked; they are active again
 * when that takes requests of their own. False: there were none. */
bool verify_parked(struct session *session, size_t first, size_t end);

/* ---- lost.c ---- */

/* Looks for creates of works[first..end) whose answers are lost. Those that
 * were found and have more to do are active again. */
void lost_find(struct session *session, size_t first, size_t end);

#endif
