/* SPDX-License-Identifier: MIT */
#include "base/batch.h"
#include "base/child.h"
#include "base/limits.h"
#include "schema/codes.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ASK_MS = 100 };

enum stage { STAGE_WAITING, STAGE_RUNNING, STAGE_ENDED };

struct member {
	enum stage stage;
	pid_t pid;
	int handle; /* a pidfd */
	int output, talk;
};

static int open_streams(struct member *member, int streams[CHILD_STREAMS])
{
	streams[0] = child_lift(open("/dev/null", O_RDONLY | O_CLOEXEC));
	member->output = child_lift(memfd_create("output", MFD_CLOEXEC));
	member->talk = child_lift(memfd_create("talk", MFD_CLOEXEC));
	streams[1] = member->output;
	streams[2] = member->talk;
	return streams[0] < 0 || member->output < 0 || member->talk < 0 ? -1
	                                                                : 0;
}

static int start(struct member *member, const struct batch_item *item,
                 struct diag *diag)
{
	int streams[CHILD_STREAMS] = { -1, -1, -1 };
	int why = 0;

	if (open_streams(member, streams) < 0)
		why = errno;
	else
		why = child_spawn(item->arguments, item->environment, streams,
		                  &member->pid);
	fdp(&streams[0]);
	if (!why) {
		member->handle = pidfd_open(member->pid, 0);
		member->stage = STAGE_RUNNING;
		if (member->handle >= 0)
			return 0;
		why = errno;
		(void)child_end(member->pid);
	}
	member->stage = STAGE_ENDED;
	return diag_error(diag, CODE_PROCESS_UNSTARTED, PLACE_NONE,
	                  "`%s` does not start: %s; check that the "
	                  "installation is complete",
	                  item->arguments[0], strerror(why));
}

/* How many run now. */
static size_t start_ready(struct batch *batch, struct member *members,
                          struct diag *diag, int *result)
{
	size_t running = 0;

	for (size_t i = 0; i < batch->count; i++) {
		const int after = batch->items[i].after;
		struct member *member = &members[i];

		if (member->stage == STAGE_WAITING && *result == 0 &&
		    (after < 0 || members[after].stage == STAGE_ENDED) &&
		    start(member, &batch->items[i], diag) < 0)
			*result = -1;
		running += member->stage == STAGE_RUNNING;
	}
	return running;
}

static void take_exit(struct member *member, struct batch_item *item)
{
	const int status = child_end(member->pid);

	item->exit = WIFSIGNALED(status) ? 128 + WTERMSIG(status)
	                                 : WEXITSTATUS(status);
	member->stage = STAGE_ENDED;
	fdp(&member->handle);
}

static void wait_some(struct batch *batch, struct member *members)
{
	struct pollfd *polls = xcalloc(batch->count, sizeof(*polls));

	for (size_t i = 0; i < batch->count; i++)
		polls[i] = (struct pollfd){
			.fd = members[i].stage == STAGE_RUNNING
			              ? members[i].handle
			              : -1,
			.events = POLLIN,
		};
	(void)poll(polls, batch->count, ASK_MS);
	for (size_t i = 0; i < batch->count; i++) {
		if (polls[i].fd >= 0 && polls[i].revents)
			take_exit(&members[i], &batch->items[i]);
	}
	free(polls);
}

static void stop_all(const struct batch *batch, struct member *members)
{
	for (size_t i = 0; i < batch->count; i++) {
		if (members[i].stage == STAGE_RUNNING)
			(void)kill(members[i].pid, SIGTERM);
		else if (members[i].stage == STAGE_WAITING)
			members[i].stage = STAGE_ENDED;
	}
}

static int read_back(int fd, struct buffer *out, struct diag *diag)
{
	if (fd < 0)
		return 0;
	if (lseek(fd, 0, SEEK_SET) < 0)
		return -1;
	return file_read_fd(fd, "output", LIMIT_CHILD_OUTPUT_BYTES, PLACE_NONE,
	                    out, diag);
}

int batch_run(struct batch *batch, struct diag *diag)
{
	struct member *members = xcalloc(batch->count, sizeof(*members));
	bool stopped = false;
	int result = 0;

	for (size_t i = 0; i < batch->count; i++) {
		members[i] = (struct member){ STAGE_WAITING, 0, -1, -1, -1 };
		batch->items[i].exit = 128 + SIGTERM;
	}
	while (start_ready(batch, members, diag, &result) > 0) {
		wait_some(batch, members);
		if (!stopped && batch->stopping &&
		    batch->stopping(batch->context)) {
			stopped = true;
			stop_all(batch, members);
		}
	}
	for (size_t i = 0; i < batch->count; i++) {
		if (read_back(members[i].output, &batch->items[i].output,
		              diag) < 0 ||
		    read_back(members[i].talk, &batch->items[i].talk, diag) < 0)
			result = -1;
		fdp(&members[i].output);
		fdp(&members[i].talk);
	}
	free(members);
	return result;
}
