/* SPDX-License-Identifier: MIT */
/*
 * Message: what the door and the program say to each other.
 *
 * On the wire: the length of the rest as 8 bytes, big end first; then fields.
 * A number is 8 bytes; a text or bytes are a length and that many bytes, NULL
 * is the length 2^64 - 1. A request is an enum verb and its fields; an answer
 * is the count of objects read, an enum answer, and its fields: of
 * ANSWER_FAILED an enum failure and a text for people.
 *
 * Neither side trusts the other: a reader never leaves its bytes, and once
 * something did not fit it is broken and gives zeros and NULLs.
 */
#ifndef RECONCILE_GIT_MESSAGE_H
#define RECONCILE_GIT_MESSAGE_H

#include "base/file.h"
#include "git/git.h"

enum { MESSAGE_HEADER_BYTES = 8 };

enum verb {
	VERB_OPEN,
	VERB_CACHE,
	VERB_RESOLVE,
	VERB_REFERENCE,
	VERB_REMOTE,
	VERB_READ,
	VERB_LIST,
	VERB_UNCOMMITTED,
	VERB_TOUCHED,
	VERB_LOG,
	VERB_ANCESTOR,
	VERB_SIGNATURE,
	VERB_WRITE,
	VERB_PUSH,
	VERB_FETCH,
	VERB_COUNT
};

enum answer { ANSWER_OK, ANSWER_ABSENT, ANSWER_FAILED, ANSWER_COUNT };

/* Why something failed; the door has a code for each. */
enum failure {
	FAILURE_REPOSITORY, /* none there, or it is damaged */
	FAILURE_REQUEST,    /* what was asked for makes no sense */
	FAILURE_NETWORK,
	FAILURE_AUTH,
	FAILURE_CERTIFICATE,
	FAILURE_HOST_KEY,
	FAILURE_ALGORITHM, /* of ssh: none in common */
	FAILURE_REFUSED,   /* the server did not move the ref */
	FAILURE_LARGE,     /* more than we take */
	FAILURE_COUNT
};

/* ---- writing ---- */

struct message {
	char *bytes; /* the header first */
	size_t length, capacity;
};

void message_start(struct message *message);
/* Wipes: a request may hold a token. */
void message_release(struct message *message);
void message_number(struct message *message, uint64_t number);
void message_text(struct message *message, const char *text);
void message_bytes(struct message *message, const void *bytes, size_t length);
/* Leaves `length` bytes of the fields; the rest goes. */
void message_cut(struct message *message, size_t length);
/* Puts the fields of `other` over those from byte `at` on, which are there. */
void message_patch(struct message *message, size_t at,
                   const struct message *other);
/* Fills in the header; nothing can be added afterwards. */
void message_finish(struct message *message);

/* ---- reading ---- */

/* The length that a header announces. */
uint64_t message_announced(const unsigned char header[MESSAGE_HEADER_BYTES]);

struct reader {
	const char *bytes;
	size_t left;
	bool broken;
};

uint64_t field_number(struct reader *reader);
/* At most `max`; else broken and 0. */
uint64_t field_number_below(struct reader *reader, uint64_t max);
/* A copy for free(); NULL for NULL, and for a text with a NUL inside, which
 * is broken. */
char *field_text(struct reader *reader);
/* A text that is not NULL; "" when it is. */
char *field_word(struct reader *reader);
/* Into a buffer for buffer_release(); NULL stands for no bytes. */
void field_bytes(struct reader *reader, struct buffer *out);
/* 40 hex digits or ""; else broken and "". */
struct git_id field_id(struct reader *reader);
/* True when everything fitted and nothing is left. */
bool fields_done(const struct reader *reader);

#endif
