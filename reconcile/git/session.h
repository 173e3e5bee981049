/* SPDX-License-Identifier: MIT */
/* Session: how the door's calls reach the program. */
#ifndef RECONCILE_GIT_SESSION_H
#define RECONCILE_GIT_SESSION_H

#include "git/message.h"

/* What came back; released with reply_release(). */
struct reply {
	struct buffer bytes;
	struct reader reader; /* of the answer's fields */
};

void reply_release(struct reply *reply);

/* Begins a request: for message_release(). */
void git_begin(struct message *request, enum verb verb);

/*
 * Sends `request` (spawning the program when it is not there) and waits for
 * the answer. `subject` is for reports: the URL, or NULL for the repository.
 * GIT_FOUND, GIT_ABSENT, or GIT_FAILED after reporting.
 */
enum git_found git_ask(struct git *git, struct message *request,
                       const char *subject, struct reply *reply,
                       struct diag *diag) MUST_CHECK;

/* 0 when all fields of the answer were read and fitted; else the program is
 * ended, and -1 after reporting CODE_GIT_HELPER. */
int git_answered(struct git *git, const struct reply *reply, struct diag *diag)
	MUST_CHECK;

/* False once it was ended: what it was asked last may be done or not. */
bool git_is_running(const struct git *git);

const struct git_settings *git_settings(const struct git *git);

#endif
