/* SPDX-License-Identifier: MIT */
/*
 * The program's loop: a request, its answer. It reads no configuration of the
 * system or the user, and asks no repository who owns it: nothing in one can
 * make it run anything.
 */
#include "git/serving.h"

#include "base/limits.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { STATE_BYTES = 16 }; /* count of objects and enum answer */

static serve_fn *const verbs[VERB_COUNT] = {
	[VERB_OPEN] = serve_open,
	[VERB_CACHE] = serve_cache,
	[VERB_RESOLVE] = serve_resolve,
	[VERB_REFERENCE] = serve_reference,
	[VERB_REMOTE] = serve_remote,
	[VERB_READ] = serve_read,
	[VERB_LIST] = serve_list,
	[VERB_UNCOMMITTED] = serve_uncommitted,
	[VERB_TOUCHED] = serve_touched,
	[VERB_LOG] = serve_log,
	[VERB_ANCESTOR] = serve_ancestor,
	[VERB_SIGNATURE] = serve_signature,
	[VERB_WRITE] = serve_write,
	[VERB_PUSH] = serve_push,
	[VERB_FETCH] = serve_fetch,

};

/* ---- failures ---- */

int helper_fail(struct helper *helper, enum failure failure, const char *format,
                ...)
{
	va_list arguments;

	free(helper->words);
	va_start(arguments, format);
	helper->words = xvasprintf(format, arguments);
	va_end(arguments);
	helper->failure = failure;
	return -1;
}

int helper_fail_git(struct helper *helper, enum failure failure, int status,
                    const char *what)
{
	const git_error *error = git_error_last();

	if (error && error->message)
		return helper_fail(helper, failure, "%s: %s", what,
		                   error->message);
	return helper_fail(helper, failure, "%s: status %d", what, status);
}

int helper_check(struct helper *helper, const struct reader *request)
{
	if (fields_done(request))
		return 0;
	return helper_fail(helper, FAILURE_REQUEST,
	                   "the request has other fields than it should");
}

int id_from(const struct git_id *id, git_oid *out)
{
	return id->hex[0] ? git_oid_fromstr(out, id->hex) : -1;
}

void add_oid(struct message *answer, const git_oid *id)
{
	char hex[GIT_HEX_SIZE];

	git_oid_tostr(hex, sizeof(hex), id);
	message_text(answer, hex);
}

/* ---- the loop ---- */

static int read_all(int fd, void *out, size_t length)
{
	char *to = out;

	while (length) {
		const ssize_t got = read(fd, to, length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return -1;
		to += got;
		length -= (size_t)got;
	}
	return 0;
}

static int write_all(int fd, const char *bytes, size_t length)
{
	while (length) {
		const ssize_t put = write(fd, bytes, length);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return -1;
		bytes += put;
		length -= (size_t)put;
	}
	return 0;
}

static int take_request(int in, struct buffer *out)
{
	unsigned char header[MESSAGE_HEADER_BYTES];
	uint64_t length;

	if (read_all(in, header, sizeof(header)) < 0)
		return -1;
	length = message_announced(header);
	if (length > LIMIT_GIT_MESSAGE_BYTES)
		return -1;
	out->bytes = xmalloc((size_t)length + 1);
	out->length = (size_t)length;
	out->bytes[length] = '\0';
	return read_all(in, out->bytes, out->length);
}

/* A repository is opened first, and once. */
static bool is_in_order(const struct helper *helper, uint64_t verb)
{
	const bool opens = verb == VERB_OPEN || verb == VERB_CACHE;

	return opens == !helper->repository;
}

static int serve(struct helper *helper, struct reader *request,
                 struct message *answer)
{
	const uint64_t verb = field_number_below(request, VERB_COUNT - 1);

	git_error_clear();
	if (request->broken || !is_in_order(helper, verb))
		return helper_fail(helper, FAILURE_REQUEST,
		                   "the request is not known");
	return verbs[verb](helper, request, answer);
}

/* The state stands before the fields, and is known after them. */
static void set_state(struct message *answer, uint64_t objects,
                      enum answer state)
{
	struct message numbers;

	message_start(&numbers);
	message_number(&numbers, objects);
	message_number(&numbers, state);
	message_patch(answer, 0, &numbers);
	message_release(&numbers);
}

static void fail(const struct helper *helper, struct message *answer)
{
	message_cut(answer, STATE_BYTES);
	message_number(answer, helper->failure);
	message_text(answer, helper->words);
}

static int answer_one(struct helper *helper, int in, int out)
{
	static const enum answer states[] = { ANSWER_OK, ANSWER_ABSENT };
	CLEANUP(buffer_wipe) struct buffer bytes = { 0 };
	CLEANUP(message_release) struct message answer;
	struct reader request;
	int result;

	message_start(&answer);
	message_number(&answer, 0);
	message_number(&answer, 0);
	if (take_request(in, &bytes) < 0)
		return -1;
	request = (struct reader){ .bytes = bytes.bytes, .left = bytes.length };
	result = serve(helper, &request, &answer);
	if (result < 0)
		fail(helper, &answer);
	else if (result > 0)
		message_cut(&answer, STATE_BYTES);
	set_state(&answer, helper->objects,
	          result < 0 ? ANSWER_FAILED : states[result]);
	message_finish(&answer);
	return write_all(out, answer.bytes, answer.length);
}

/* ---- libgit2 ---- */

static int start(void)
{
	static const git_config_level_t levels[] = {
		GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG,
		GIT_CONFIG_LEVEL_GLOBAL, GIT_CONFIG_LEVEL_PROGRAMDATA
	};

	if (git_libgit2_init() < 0)
		return -1;
	for (size_t i = 0; i < LENGTH(levels); i++)
		(void)git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "");
	(void)git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
	(void)git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
	return 0;
}

int git_serve(int in, int out)
{
	struct helper helper = { .lock_fd = -1 };

	if (start() < 0)
		return 1;
	while (answer_one(&helper, in, out) == 0)
		;
	helper_release(&helper);
	(void)git_libgit2_shutdown();
	return 0;
}
