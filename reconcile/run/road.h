/* SPDX-License-Identifier: MIT */
/*
 * Road: what the verbs share. A road is filled step by step, in the order of
 * its members; road_release() takes it down from wherever it got to.
 */
#ifndef RECONCILE_RUN_ROAD_H
#define RECONCILE_RUN_ROAD_H

#include "apply/apply.h"
#include "document/document.h"
#include "git/git.h"
#include "http/http.h"
#include "ledger/ledger.h"
#include "lint/lint.h"
#include "plan/plan.h"
#include "platform/platform.h"
#include "probe/probe.h"
#include "report/report.h"
#include "run/run.h"
#include "secrets/secrets.h"
#include "source/source.h"
#include "state/state.h"

/* What the rules were given, and what they found. */
struct rules {
	struct profiles *profiles;
	struct secret_groups *groups; /* NULL: no values are compared */
	struct lint_environment *environments;
	struct findings *findings;
	/* Its findings alone make rules broken; NULL: those of all do. */
	const char *judged;
};

void rules_release(struct rules *rules);

/* Who holds the lock, and must look after it whatever it waits for. */
struct keeper {
	struct run *run;
	struct road *road;
	int64_t beat_ms; /* steady: when it last looked */
	bool lost;       /* reported */
};

struct road {
	/* road_load() */
	struct source *source; /* the run's */
	struct documents *documents;
	const struct node *root; /* all but the entries, unless they are kept */
	bool entries_kept;       /* set before road_load() */
	struct environment environment;
	struct binding *binding;
	struct lint_policy *lint_policy;
	struct state *desired;
	struct secret_settings secret_settings;
	char **secret_folders;

	/* road_open_ledger() */
	char *origin;
	struct fingerprint_key *key;
	struct checkout *repository; /* that a git ledger is reached by */
	char *ledger_url, *ledger_ref, *lock_ref, *ledger_path;
	struct ledger *ledger;
	enum ledger_mode ledger_mode;
	bool locked;
	struct keeper keeper;
	char *who;
	struct state *applied;
	struct intent *intents;
	size_t intent_count;

	/* road_list() */
	struct secret *api_key;
	const char **allow_hosts;
	size_t allow_host_count;
	char *allow_hosts_text;
	struct http_settings http;
	struct platform *platform;
	uint64_t list_requests; /* that listing took */
	struct state *live;
	struct resolved resolved; /* its `applied` is what is planned with */

	/* road_approve() */
	struct saved_plan *approved;

	/* road_plan() */
	struct permissions permissions;
	struct secret_fact *facts;
	size_t fact_count;
	struct lint_secret *lint_secrets; /* as many as facts */
	struct road *base;                /* plan --base */
	struct traits base_traits;        /* no secret reads back */
	struct secret_trait *base_secrets;
	char *base_revision;
	char **base_texts; /* of weakenings */
	size_t base_text_count;
	struct lint_rotation *rotations;
	size_t rotation_count;
	struct road *beside; /* --beside */
	size_t beside_count;
	struct rules rules;
	struct plan_weakening *weakenings;
	size_t weakening_count;
	struct plan_input input;
	struct plan *plan;

	/* road_hand_over() */
	struct report_deed *deeds;
	size_t deed_count;
};

#define ROAD_EMPTY             \
	{                      \
		.source = NULL \
	}

void road_release(struct road *road);

/* Everything from files: -1 after reporting all mistakes. `file` as typed. */
int road_load(struct run *run, const char *file, unsigned desired_flags,
              struct road *road) MUST_CHECK;

/* The same from road->source, which is set. `file` as typed. */
int road_load_source(struct run *run, const char *file, unsigned desired_flags,
                     struct road *road) MUST_CHECK;

/* The run shows source lines of it, and frees it in the end. */
void road_keep_source(struct run *run, struct source *source);

/* ---- several.c: --part, of one process among several ---- */

/* Which of the -f files is ours, from 0; -1: all. */
int road_part(const struct run *run);
/* Where the `index`th --write goes instead, for free(). NULL: it is no part. */
char *road_part_file(const struct run *run, size_t index);

/* The files to use: -f, else $TRUEUP_FILE, else the only one here. A copy for
 * free(); -1 after reporting. */
int road_files(struct run *run, char ***files, size_t *count) MUST_CHECK;
/* The same where only one is wanted (CODE_ONE_FILE otherwise). */
char *road_file(struct run *run) MUST_CHECK;

/* The binding that the environment names: a built-in one, or a file beside it
 * ("bindings/ours.yaml"), which nobody has allowed yet. */
struct binding *road_binding(struct run *run, const struct road *road)
	MUST_CHECK;

/* Opens the ledger, if there is one; with LEDGER_WRITE also takes the lock.
 * Then reads rows and open intents. */
int road_open_ledger(struct run *run, struct road *road,
                     enum ledger_flags flags) MUST_CHECK;

/* ---- keep.c ---- */

/* The road's own, for road_wait_on(). */
struct keeper *road_keeper(struct run *run, struct road *road);
/* Asked again and again in whatever waits while the lock may be held: looks
 * after it once a second, says whether somebody wants us to stop. */
bool road_wait_on(void *keeper);
/* Before the first write, after all that was waited for; -1: it is lost, which
 * was reported. 0 where none is held. */
int road_check_lock(struct run *run, struct road *road) MUST_CHECK;

/* Gives the lock back; what was opened and read of the ledger is no more. */
void road_close_ledger(struct road *road);

/* That, without taking the lock and without reading anything. */
int road_find_ledger(struct run *run, struct road *road,
                     enum ledger_flags flags) MUST_CHECK;
/* book_git.c: opens the repository that a git ledger is reached by. */
int road_open_ledger_git(struct run *run, struct road *road,
                         struct ledger_git *out) MUST_CHECK;
/* What a ledger in `store` is opened with; `git` and `path` are borrowed and
 * live as long as the road and *path. */
int road_ledger_settings(struct run *run, struct road *road,
                         enum ledger_store store, struct ledger_git *git,
                         struct ledger_settings *out) MUST_CHECK;

/* The file, leniently, and its ledger to read: for verbs that look only there.
 */
int road_read_ledger(struct run *run, struct road *road) MUST_CHECK;

/* LEDGER_WRITE and what the operator allows beside. */
enum ledger_flags road_write_flags(const struct run *run);

/*
 * Writes a row for each of `count` pairs of a declared config and a live
 * object: what is live counts as sent and seen, the secret as unknown unless
 * --secret-is-current. The ledger is locked.
 */
int road_bind(struct run *run, struct road *road,
              const struct auth_config *const *configs,
              const struct auth_config *const *live, size_t count) MUST_CHECK;

/* adopt --all-matching. */
int adopt_all(struct run *run);

/* API key and platform; nothing is sent yet. */
int road_connect(struct run *run, struct road *road) MUST_CHECK;
/* How to speak to the network, and the hosts that the operator allows. */
void road_network(struct run *run, struct road *road);

/* That, live state, open intents resolved in memory. By hand there is no
 * platform: live is what the ledger holds, road_recall(). */
int road_list(struct run *run, struct road *road) MUST_CHECK;

/* ---- checkout.c: files of a commit ---- */

/*
 * With --rev or --git files are those of a commit: opened or fetched once a
 * run, and checked against --expect-commit and --verify before anything is
 * read from it.
 */

/* `file` as a source: of the checkout where there is one, else of the disk. */
struct source *road_source(struct run *run, const char *file) MUST_CHECK;
/* The same at another revision of the repository it is in; its files are called
 * "REV:prod.yaml". */
struct source *road_source_at(struct run *run, const char *rev,
                              const char *file) MUST_CHECK;
/* The only environment file, of the checkout likewise. */
char *road_find_file(struct run *run) MUST_CHECK;
/* Says which of the files that were read have changes that are not in the
 * commit. */
int road_say_uncommitted(struct run *run, const struct road *road) MUST_CHECK;
/* Where the ledger of a file lies that is not on the disk: a folder of its own
 * below $XDG_STATE_HOME/trueup; NULL for one that is. */
char *road_state_folder(struct run *run, const struct road *road) MUST_CHECK;
/* CODE_GIT_REWOUND where what was last applied is not in the commit's history;
 * as `severity`. -1 after an error. */
int road_check_rewound(struct run *run, const struct road *road,
                       enum severity severity) MUST_CHECK;
/* The repository around `folder`, with these settings; its remotes are the
 * operator's, who made it, and may be folders. NULL after reporting. */
struct checkout *road_open_repository(struct run *run, const char *folder)
	MUST_CHECK;
struct git *checkout_git(const struct checkout *checkout);
const struct git_revision *checkout_revision(const struct checkout *checkout);
void checkout_free(struct checkout *checkout);

/* ---- touched.c ---- */

/*
 * Names the commits that last touched the lines of what the plan changes: of
 * files of a commit, and of files on the disk that are those of HEAD. What
 * cannot be known is left out, and nothing is asked of an empty plan.
 */
void road_name_commits(struct run *run, struct road *road);

/* ---- base.c: against another revision ---- */

/* plan --base: what the files change against that revision. */
int road_plan_base(struct run *run, const char *file, struct road *road)
	MUST_CHECK;
/* --trust-base: what guards every run, and where it goes, is that revision's in
 * `root`. 0 also without the option. */
int road_trust_base(struct run *run, const char *file,
                    struct documents *documents, const struct node **root)
	MUST_CHECK;
/* All but the platform of road_plan(): for who has applied and live. */
int road_compare(struct run *run, struct road *road) MUST_CHECK;

/* --verify, of a commit that is here. -1 after reporting CODE_GIT_UNSIGNED. */
int road_verify(struct run *run, struct git *git,
                const struct git_revision *revision) MUST_CHECK;

/* The secret in a file that the operator named. */
enum secret_found road_secret_file(struct run *run, const char *path,
                                   struct secret **out) MUST_CHECK;

/* ---- manual.c: where a person does the work ---- */

int road_recall(struct run *run, struct road *road) MUST_CHECK;
/* Notes what needs nobody, and says what a person is to do of the rest:
 * reports CODE_BY_HAND when there is any. */
int road_hand_over(struct run *run, struct road *road,
                   struct apply_result *result) MUST_CHECK;
void road_release_deeds(struct road *road);

/* ---- progress.c ---- */

struct progress {
	struct run *run;
	int64_t began_ms, last_ms; /* steady clock */
	bool shown;                /* a line that is to be wiped */
};

void progress_begin(struct progress *progress, struct run *run);
/* An apply_progress_fn; the context is the progress. */
void progress_show(size_t done, size_t total, const char *waiting,
                   void *context);
void progress_end(const struct progress *progress);

/* ---- rows.c ---- */

/* The one key that was given; NULL after reporting. */
const char *road_only_key(struct run *run) MUST_CHECK;
/* CODE_LEDGER_NEEDED where there is none, or none yet. */
int road_need_ledger(struct run *run, const struct road *road) MUST_CHECK;

/* The file's policy on rules, and the operator's over all of `policy`. -1 after
 * reporting; `documents` and `environment` are set. */
int road_policy(struct run *run, struct road *road) MUST_CHECK;

/* The real path of a file that the operator named, which must lie outside the
 * root; NULL after reporting. `what` is for people: "the profile". */
char *road_outside(struct run *run, const struct road *road, const char *said,
                   const char *what) MUST_CHECK;

/* ---- rules ---- */

/* --fail-on, else LINT_ERROR; beyond it when the operator said `off`. */
enum lint_severity road_fail_on(const struct run *run);
/* The embedded profiles and the operator's. */
int road_profiles(struct run *run, struct road *road, struct rules *rules)
	MUST_CHECK;
/* Profiles and, with --beside, the other environments. */
int road_rules_begin(struct run *run, struct road *road) MUST_CHECK;
/* What rules may know of a secret: to be called for each, in order, while
 * facts are gathered. `secret` NULL: it did not resolve. */
void road_rule_fact(struct road *road, const struct auth_config *config,
                    const struct secret_reference *reference,
                    const struct secret *secret);
/* Runs the rules over a road that is listed, and those beside it. */
void road_rules(struct run *run, struct road *road);
/* Runs them over files alone; NULL roads are left out. -1 after reporting. */
int road_rules_offline(struct run *run, struct road *const *roads, size_t count,
                       struct rules *rules) MUST_CHECK;
/* True when a finding that is not waived is at least as grave as --fail-on. */
bool road_rules_broken(const struct run *run, const struct rules *rules);

/* Permissions, secret facts, rules, plan, connections, judgement. */
int road_plan(struct run *run, struct road *road) MUST_CHECK;

/* All of it from the file on, for who only looks: nothing is locked. */
int road_make_plan(struct run *run, const char *file, struct road *road)
	MUST_CHECK;

/* Reads the saved plan that the first positional argument names, if there is
 * one: road_plan() then holds the plan against it. */
int road_approve(struct run *run, struct road *road) MUST_CHECK;
/* Leaves out of the plan what --only and the saved plan do not name; where the
 * rest is not what was approved, that is reported, or with --partial left out,
 * too. */
int road_narrow(struct run *run, struct road *road) MUST_CHECK;
/* Whether --expect-digest, where it is given, is a digest at all. */
int road_check_expected(struct run *run) MUST_CHECK;
/* --expect-digest, held against the judged plan's. */
int road_check_digest(struct run *run, const struct road *road) MUST_CHECK;
/* How many users hang on what would be deleted, replaced or change hands: of
 * the few changes that need it. -1 after reporting. */
int road_connections(struct run *run, struct road *road) MUST_CHECK;

/* Compares every declared secret with what is known, one at a time; sorted by
 * key and name. Values that are no secrets (row S18) are reported: -1. */
int road_facts(struct run *run, struct road *road) MUST_CHECK;

/* ---- consent ---- */

/* "To DEED, type the environment's name: ", at a terminal; --yes said it. The
 * lock is kept meanwhile. -1 after reporting CODE_NO_CONSENT, or when the lock
 * is lost. */
int road_agree(struct run *run, struct road *road, const char *deed) MUST_CHECK;

/* ---- apply.c ---- */

/* The whole of apply, up to the report. `road` is released by the caller. */
int road_apply(struct run *run, const char *file, struct road *road,
               struct apply_result *result) MUST_CHECK;
/* What it ended with, `status` being what it returned. */
int road_apply_exit(const struct run *run, int status,
                    const struct apply_result *result) MUST_CHECK;

/* ---- memo.c ---- */

/* A memo for a row; at_ms 0: the row is to have none of that name. */
struct road_memo {
	const char *key;
	struct memo memo;
};

/*
 * Opens the ledger anew, to be written, and puts the memos into the rows of
 * their keys as they are now; keys without a row are left out, and without a
 * ledger so are all. Sorted by key.
 */
int road_note(struct run *run, struct road *road, const struct road_memo *memos,
              size_t count) MUST_CHECK;

/* Fills in what the road knows, for every verb alike. */
void road_describe(const struct run *run, const struct road *road,
                   struct report *report);

/* The part of it that only the options decide. */
void road_describe_flags(const struct run *run, struct report *report);

/* Writes the report to stdout in --format and to each --write. Returns
 * report->exit, or 1 after reporting that something could not be written. */
int road_report(struct run *run, struct report *report);

/* Reports what a small verb did, `message`, if it did; the exit code. */
int road_finish(struct run *run, struct road *road, int result,
                const char *message);

/* Reports CODE_FILE_UNWRITABLE of stdout, with errno's words; -1. */
int road_unwritable(struct run *run);

/* The graver of two exit codes. */
int road_graver(int a, int b);

/* ---- ci.c ---- */

/* Whether --ci names a system, and what it sets is there. */
int road_check_ci(struct run *run) MUST_CHECK;
/* Leaves the report to it; nothing without --ci. */
int road_leave_ci(struct run *run, const struct report *report) MUST_CHECK;

/* Checks --format, --write, --ci, --fail-on before anything is done. */
int road_check_outputs(struct run *run) MUST_CHECK;

#endif
