/* SPDX-License-Identifier: MIT */
/* Limits: every input has one, by name; each is tested at it and one past. */
#ifndef RECONCILE_BASE_LIMITS_H
#define RECONCILE_BASE_LIMITS_H

enum limits {
	LIMIT_FILE_BYTES = 64 << 20, /* one YAML file */
	LIMIT_FILES = 256,           /* files reached by extends */
	LIMIT_EXTENDS_DEPTH = 16,
	LIMIT_YAML_DEPTH = 64,      /* nesting of collections */
	LIMIT_YAML_NODES = 8 << 20, /* after aliases are expanded */
	LIMIT_YAML_SCALAR_BYTES = 1 << 20,
	LIMIT_REPORTS = 1000, /* shown; the rest is counted */
	LIMIT_SECRET_BYTES = 64 << 10,
	LIMIT_API_KEY_BYTES = 8 << 10,
	LIMIT_BODY_BYTES = 64 << 20,   /* one answer of a platform */
	LIMIT_HEADER_BYTES = 64 << 10, /* all headers of one answer */
	LIMIT_JSON_DEPTH = 64,
	LIMIT_PAGES = 10000,
	LIMIT_LISTED = 1 << 20, /* objects of one environment */
	LIMIT_ID_BYTES = 512,
	LIMIT_RELISTS = 3,
	LIMIT_READ_TRIES = 5,     /* of one read request */
	LIMIT_REFUSED_TRIES = 20, /* 429 on one request */
	LIMIT_PATTERN_STEPS = 100000,
	LIMIT_PLAN_BYTES = 64 << 20,
	LIMIT_CHILD_OUTPUT_BYTES = 1 << 30, /* of one environment's run */
	LIMIT_GIT_MESSAGE_BYTES = 80 << 20, /* a file, and what is around it */
	LIMIT_GIT_FETCH_BYTES = 1 << 30,    /* one fetch, as it is sent */
	LIMIT_GIT_ENTRIES = 100000,         /* of one folder */
	LIMIT_GIT_COMMITS = 100000,         /* of one log */
	LIMIT_GIT_TOUCHED = 5000,           /* commits, of who touched a line */
	LIMIT_GIT_BLOCKS = 1 << 20,         /* of one file, in one request */
	LIMIT_GIT_PATH_BYTES = 4096,
	LIMIT_LEDGER_BYTES = 64 << 20, /* a ledger's document in git */
	LIMIT_MARKDOWN_BYTES =
		60000, /* of a page, unless --max-bytes says so */
	LIMIT_SUMMARY_BYTES = 1000000, /* of a step; GitHub takes 1 MiB */
	LIMIT_MARKDOWN_LEAST = 10000,  /* what --max-bytes may say */
};

#endif
