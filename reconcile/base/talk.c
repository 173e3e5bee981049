/* SPDX-License-Identifier: MIT */
#include "base/talk.h"

#include "base/child.h"
#include "schema/codes.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum talk_poll { POLL_SOCKET, POLL_END, POLL_COUNT };

struct talk {
	pid_t pid;
	struct pollfd polls[POLL_COUNT];
};

/* Its end of the socket; ours is taken into `talk`. */
static int open_socket(struct talk *talk)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -1;
	talk->polls[POLL_SOCKET].fd = child_lift(pair[0]);
	pair[1] = child_lift(pair[1]);
	if (talk->polls[POLL_SOCKET].fd >= 0 && pair[1] >= 0 &&
	    fcntl(talk->polls[POLL_SOCKET].fd, F_SETFL, O_NONBLOCK) == 0)
		return pair[1];
	fdp(&pair[1]);
	return -1;
}

/* Ours, or nowhere where we have none. */
static int open_errors(void)
{
	const int fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, CHILD_STREAMS);

	if (fd >= 0)
		return fd;
	return child_lift(open("/dev/null", O_WRONLY | O_CLOEXEC));
}

/* 0, or what errno would say. */
static int start(struct talk *talk, const struct process *process)
{
	CLEANUP(fdp) int theirs = open_socket(talk);
	CLEANUP(fdp) int errors = open_errors();
	const int streams[CHILD_STREAMS] = { theirs, theirs, errors };
	int why;

	if (theirs < 0 || errors < 0)
		return errno;
	why = child_spawn(process->arguments, process->environment, streams,
	                  &talk->pid);
	if (why)
		return why;
	talk->polls[POLL_END].fd = pidfd_open(talk->pid, 0);
	if (talk->polls[POLL_END].fd < 0) {
		why = errno;
		(void)child_end(talk->pid);
	}
	return why;
}

static void free_talk(struct talk *talk)
{
	for (size_t i = 0; i < LENGTH(talk->polls); i++)
		fdp(&talk->polls[i].fd);
	free(talk);
}

struct talk *talk_start(const struct process *process, struct diag *diag)
{
	struct talk *talk = xcalloc(1, sizeof(*talk));
	int why;

	for (size_t i = 0; i < LENGTH(talk->polls); i++)
		talk->polls[i] = (struct pollfd){ -1, POLLIN, 0 };
	why = start(talk, process);
	if (!why)
		return talk;
	diag_error(diag, CODE_PROCESS_UNSTARTED, PLACE_NONE,
	           "`%s` does not start: %s; check that the installation is "
	           "complete",
	           process->arguments[0], strerror(why));
	free_talk(talk);
	return NULL;
}

/* Until the socket is ready for `events`; what a child said before it ended
 * is still taken. */
static enum said await(struct talk *talk, short events, int64_t until_ms)
{
	talk->polls[POLL_SOCKET].events = events;
	for (;;) {
		const int wait_ms = child_left_ms(until_ms);
		const int ready = poll(talk->polls, POLL_COUNT, wait_ms);

		if (ready > 0 && talk->polls[POLL_SOCKET].revents & events)
			return TALK_SAID;
		if (ready > 0 && (talk->polls[POLL_SOCKET].revents ||
		                  talk->polls[POLL_END].revents))
			return TALK_GONE;
		if (!wait_ms)
			return TALK_LATE;
	}
}

enum said talk_wait(struct talk *talk, int64_t until_ms)
{
	return await(talk, POLLIN, until_ms);
}

enum said talk_send(struct talk *talk, const void *bytes, size_t length,
                    int64_t until_ms)
{
	const char *from = bytes;

	while (length) {
		const enum said said = await(talk, POLLOUT, until_ms);
		ssize_t sent;

		if (said != TALK_SAID)
			return said;
		sent = send(talk->polls[POLL_SOCKET].fd, from, length,
		            MSG_NOSIGNAL);
		if (sent < 0 && errno != EINTR && errno != EAGAIN)
			return TALK_GONE;
		from += sent > 0 ? sent : 0;
		length -= sent > 0 ? (size_t)sent : 0;
	}
	return TALK_SAID;
}

enum said talk_take(struct talk *talk, void *out, size_t length,
                    int64_t until_ms)
{
	char *to = out;

	while (length) {
		const enum said said = await(talk, POLLIN, until_ms);
		ssize_t got;

		if (said != TALK_SAID)
			return said;
		got = read(talk->polls[POLL_SOCKET].fd, to, length);
		if (!got || (got < 0 && errno != EINTR && errno != EAGAIN))
			return TALK_GONE;
		to += got > 0 ? got : 0;
		length -= got > 0 ? (size_t)got : 0;
	}
	return TALK_SAID;
}

int talk_end(struct talk *talk, int64_t patience_ms)
{
	struct pollfd end = talk->polls[POLL_END];
	int status;

	(void)shutdown(talk->polls[POLL_SOCKET].fd, SHUT_WR);
	(void)poll(&end, 1, (int)patience_ms);
	status = child_end(talk->pid);
	free_talk(talk);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
	                           : WEXITSTATUS(status);
}
