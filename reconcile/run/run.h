/* SPDX-License-Identifier: MIT */
/*
 * Run: the road from one command to its exit code; alone sees all rooms.
 *
 *     files -> desired \
 *     ledger -> applied -> plan -> judge -> report -> ask -> apply -> report
 *     platform -> live /
 *
 * One file a verb, the steps in their order; run/road.h is what they share.
 * cmd/ fills `struct run` from the command line, calls a verb, shows the
 * reports and exits with what it returned.
 */
#ifndef RECONCILE_RUN_RUN_H
#define RECONCILE_RUN_RUN_H

#include "base/clock.h"
#include "base/diag.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct checkout;
struct source;
struct variables;

enum run_flags {
	RUN_PRUNE = 1 << 0,
	RUN_ALLOW_EMPTY = 1 << 1,
	RUN_INIT_LEDGER = 1 << 2,
	RUN_SIGN_LEDGER = 1 << 3,
	RUN_DRIFT_KEPT = 1 << 4,
	RUN_KEEP_UNRESOLVED = 1 << 5,
	RUN_FAIL_FAST = 1 << 6,
	RUN_YES = 1 << 7,
	RUN_DETAILED_EXITCODE = 1 << 8,
	RUN_FULL = 1 << 9,
	RUN_QUIET_UNCHANGED = 1 << 10,
	RUN_DEBUG = 1 << 11,
	RUN_IDS = 1 << 12,               /* status --ids */
	RUN_SECRET_IS_CURRENT = 1 << 13, /* adopt */
	RUN_UNBOUND = 1 << 14,           /* export --no-bind */
	RUN_ORIGIN = 1 << 15,            /* config show --origin */
	RUN_COLOR = 1 << 16,
	RUN_TERMINAL = 1 << 17,     /* stdin and stderr are one: may ask */
	RUN_ALL_MATCHING = 1 << 18, /* adopt */
	RUN_ACCEPT_WAIVERS = 1 << 19,
	RUN_FROM_LIVE = 1 << 20, /* init */
	RUN_PARTIAL = 1 << 21,   /* apply PLAN --partial */
	RUN_ALLOW_FILE = 1 << 22,
	RUN_ALLOW_REWIND = 1 << 23,
	RUN_STRICT = 1 << 24,          /* probe */
	RUN_AT_PLATFORM = 1 << 25,     /* probe */
	RUN_CONFIRM_REVOKED = 1 << 26, /* rotate */
};

/* A list of texts from repeated options; borrowed. */
struct texts {
	const char **items;
	size_t count;
};

/* --write FORMAT=FILE, and --format on stdout. */
struct output {
	const char *format; /* "json" */
	const char *file;   /* NULL: stdout */
};

/* Everything an operator can say. Zero is "not said". */
struct options {
	struct texts files; /* -f */
	struct texts keys;  /* positional */
	const char *root;   /* --root */
	/* Files of a commit: of the repository here, or of one fetched. */
	const char *rev, *git, *ref, *path;
	const char *known_hosts, *ssh_key, *git_token_env, *git_token_file;
	int64_t git_timeout_ms;
	const char *expect_commit;
	const char *base, *trust_base;
	const char *verify, *allowed_signers, *revoked_signers, *keyring;
	struct texts secrets_dirs, allow_hosts, allow_secret_env;
	struct texts allow_bindings; /* "FILE@SHA256" */
	const char *api_key_file;
	const char *format;  /* NULL: "text" */
	struct texts writes; /* "json=plan.json" */
	int64_t max_bytes;   /* --max-bytes; -1: not said */
	const char *ci;      /* --ci */
	struct texts allow_replace, resend, resend_secrets;
	struct texts only;         /* --only KEY */
	const char *expect_digest; /* "1:" and 64 hex digits */
	int64_t allow_deletes, allow_changes, allow_missing,
		break_connections; /* -1: not said */
	int64_t limit;             /* history; -1: not said */
	int64_t lock_timeout_ms, timeout_ms, look_ms; /* 0: the default */
	unsigned parallelism;                         /* 0: 8 */
	double max_rps;                               /* 0: none */
	const char *ca_file;
	const char *policy;  /* the operator's, --policy */
	const char *fail_on; /* NULL: "error" */
	struct texts beside, profiles;
	const char *id;                   /* adopt, record --id */
	const char *user, *redirect_uri;  /* credential create */
	const char *to;                   /* ledger move --to */
	const char *out;                  /* export, plan --out */
	const char *platform, *dir, *url; /* init */
	struct texts environments;        /* init */
	const char *part;                 /* "N:DIR": run_each() */
	unsigned flags;                   /* enum run_flags */
	struct texts owned;               /* what options_release() frees */
};

/* The process, as a value: what a verb may touch of the world. */
struct run {
	const char *command;
	/* As the process was started: its words from the command's name on,
	 * and its environment; NULL-terminated. */
	const char *const *arguments, *const *environment;
	struct options options;
	const struct variables *variables;
	const struct clock *clock;
	struct diag *diag;
	FILE *in, *out, *talk; /* stdin, stdout, stderr */
	/* True once somebody asked us to stop. */
	bool (*stopping)(void *context);
	void *stopping_context;
	int stop_exit; /* 0; 130 or 143 once stopping() was true */
	/* Kept for source lines in reports; run_release() frees them. */
	struct source **sources;
	size_t source_count;
	struct checkout *checkout; /* NULL: files are read from the disk */
	struct checkout *bases;    /* of --base and --trust-base */
};

/* After the reports were shown. */
void run_release(struct run *run);

/*
 * The verbs. Each returns the process's exit code (design, section 8) and has
 * written its result to run->out and to every --write; what it reported is in
 * run->diag.
 */
typedef int run_fn(struct run *run);

run_fn run_validate;
run_fn run_plan;
run_fn run_apply;
run_fn run_show;
run_fn run_drift;
run_fn run_export;
run_fn run_adopt;
run_fn run_forget;
run_fn run_record;
run_fn run_credential_create;
run_fn run_credential_list;
run_fn run_coverage;
run_fn run_status;
run_fn run_lock_show;
run_fn run_lock_break;
run_fn run_probe;
run_fn run_rotate;
run_fn run_history;
/* Positional: the word is gone. */
run_fn run_ledger_verify;
run_fn run_ledger_move;
run_fn run_ledger_export;
run_fn run_config_show;
run_fn run_init;
/* Positional: the word, then NAME or FILE. */
run_fn run_platform_list;
run_fn run_platform_show;
run_fn run_platform_check;
run_fn run_compare;
run_fn run_explain;

/*
 * Runs `verb` for each of several environment files, side by side, in a process
 * of its own; those that use one API key one after the other. Nothing is begun
 * when one of the files has a mistake. What they wrote is shown joined, in the
 * order of the files; the exit code is the gravest. With one file it is `verb`
 * itself.
 */
int run_each(struct run *run, run_fn *verb);

/* The exit code that the reports alone call for: 0 without an error, else the
 * gravest (9, 7, 8, 5, 6, 4, 3, 64, 1 in this order). */
int run_exit(const struct diag *diag);

#endif
