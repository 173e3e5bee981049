/* SPDX-License-Identifier: MIT */
/* Calls: the system calls that leave something behind when a program dies:
 * what they write, send, sync, name, cut or lock. */
#ifndef TESTS_FAULTS_CRASH_CALLS_H
#define TESTS_FAULTS_CRASH_CALLS_H

#include <linux/filter.h>
#include <stdint.h>

enum call_kind {
	CALL_WRITE, /* bytes of a file, or to a pipe */
	CALL_SEND,  /* bytes to a socket */
	CALL_SYNC,
	CALL_NAME, /* makes, moves or removes a name, or cuts a file */
	CALL_LOCK, /* brackets what is written to shared memory */
	CALL_CORE, /* PR_SET_DUMPABLE: not a point to stop at */
	CALL_KINDS
};
extern const char *const call_kind_names[CALL_KINDS];

struct call {
	long number;
	const char *name;
	enum call_kind kind;
	int fd, length; /* which arguments; -1: none */
	/* Counts only when this argument has one of these bits, or is this
	 * value; -1: always. */
	int flag;
	uint64_t bits, value;
};

/* NULL: none of ours, or not with these arguments. */
const struct call *call_find(uint64_t number, const uint64_t arguments[6]);

enum { CALL_FILTER_LENGTH = 64 };

/* A filter that stops at all of them, for a tracer. Returns its length. */
unsigned short call_filter(struct sock_filter filter[CALL_FILTER_LENGTH]);

#endif
