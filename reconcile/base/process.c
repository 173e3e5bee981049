/* SPDX-License-Identifier: MIT */
/*
 * One poll() loop over stdout, stderr and a pidfd. The input stands complete
 * in a memory file, so nothing is written while the child runs and no SIGPIPE
 * can come. The child's end ends the loop even when a grandchild still holds
 * the pipes; then the whole group is killed.
 */
#include "base/process.h"
#include "base/child.h"
#include "base/clock.h"
#include "schema/codes.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TALK_LIMIT_BYTES = 64 << 10 };

enum stream { STREAM_OUTPUT, STREAM_TALK, STREAM_END, STREAM_COUNT };

struct pipe_end {
	struct buffer *buffer;
	size_t capacity, limit_bytes;
	size_t dropped_bytes;
};

struct child {
	pid_t pid;
	int input;     /* for its stdin */
	int theirs[2]; /* the writing ends of stdout and stderr */
	struct pollfd polls[STREAM_COUNT];
	struct pipe_end ends[2];
};

static int open_input(const void *input, size_t length)
{
	if (!input)
		return child_lift(open("/dev/null", O_RDONLY | O_CLOEXEC));

	CLEANUP(fdp) int fd = child_lift(memfd_create("input", MFD_CLOEXEC));

	for (size_t done = 0; done < length;) {
		ssize_t put =
			write(fd, (const char *)input + done, length - done);

		if (put < 0 && errno != EINTR)
			return -1;
		done += put > 0 ? (size_t)put : 0;
	}
	if (lseek(fd, 0, SEEK_SET) < 0)
		return -1;

	int ready = fd;

	fd = -1;
	return ready;
}

static int open_pipes(struct child *child)
{
	for (size_t i = 0; i < LENGTH(child->theirs); i++) {
		int pair[2];

		if (pipe2(pair, O_CLOEXEC) < 0)
			return -1;
		child->polls[i] =
			(struct pollfd){ child_lift(pair[0]), POLLIN, 0 };
		child->theirs[i] = child_lift(pair[1]);
		if (child->polls[i].fd < 0 || child->theirs[i] < 0 ||
		    fcntl(child->polls[i].fd, F_SETFL, O_NONBLOCK) < 0)
			return -1;
	}
	return 0;
}

static void release_child(struct child *child)
{
	fdp(&child->input);
	for (size_t i = 0; i < LENGTH(child->theirs); i++)
		fdp(&child->theirs[i]);
	for (size_t i = 0; i < LENGTH(child->polls); i++)
		fdp(&child->polls[i].fd);
}

static int start(struct child *child, const struct process *process)
{
	child->input = open_input(process->input, process->input_length);
	if (child->input < 0 || open_pipes(child) < 0)
		return errno;

	const int streams[CHILD_STREAMS] = { child->input, child->theirs[0],
		                             child->theirs[1] };
	int why = child_spawn(process->arguments, process->environment, streams,
	                      &child->pid);

	if (why)
		return why;
	for (size_t i = 0; i < LENGTH(child->theirs); i++) {
		(void)close(child->theirs[i]);
		child->theirs[i] = -1;
	}
	child->polls[STREAM_END] =
		(struct pollfd){ pidfd_open(child->pid, 0), POLLIN, 0 };
	if (child->polls[STREAM_END].fd < 0) {
		why = errno;
		(void)child_end(child->pid);
	}
	return why;
}

static void keep(struct pipe_end *end, const char *bytes, size_t length)
{
	struct buffer *buffer = end->buffer;
	size_t room = end->limit_bytes - buffer->length;
	size_t kept = length < room ? length : room;

	if (buffer->length + kept + 1 > end->capacity) {
		end->capacity = (buffer->length + kept + 1) * 2;
		buffer->bytes = xreallocarray(buffer->bytes, end->capacity, 1);
	}
	memcpy(buffer->bytes + buffer->length, bytes, kept);
	buffer->length += kept;
	buffer->bytes[buffer->length] = '\0';
	end->dropped_bytes += length - kept;
}

/*
 * Reads what is there now; a pipe that has ended is no longer polled. A few
 * times what a pipe holds, so that a flood does not hide the deadline.
 */
static void drain(struct child *child, enum stream stream)
{
	char bytes[4096];
	struct pollfd *from = &child->polls[stream];

	for (int i = 0; i < 64 && from->fd >= 0; i++) {
		ssize_t got = read(from->fd, bytes, sizeof(bytes));

		if (got > 0) {
			keep(&child->ends[stream], bytes, (size_t)got);
			continue;
		}
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == EAGAIN)
			return;
		(void)close(from->fd);
		from->fd = -1;
	}
}

/* How it ended, as far as we ended it; PROCESS_EXITED: by itself. */
static enum process_end watch(struct child *child, int64_t until_ms)
{
	for (;;) {
		int wait_ms = child_left_ms(until_ms);
		int ready = poll(child->polls, STREAM_COUNT, wait_ms);

		drain(child, STREAM_OUTPUT);
		drain(child, STREAM_TALK);
		if (child->ends[STREAM_OUTPUT].dropped_bytes)
			return PROCESS_LOUD;
		if (ready > 0 && child->polls[STREAM_END].revents)
			return PROCESS_EXITED;
		if (!wait_ms)
			return PROCESS_LATE;
	}
}

static void set_status(struct process_result *result, int status)
{
	if (WIFSIGNALED(status)) {
		result->status = WTERMSIG(status);
		if (result->end == PROCESS_EXITED)
			result->end = PROCESS_SIGNALED;
		return;
	}
	result->status = WEXITSTATUS(status);
}

int process_run(const struct process *process, struct process_result *result,
                struct diag *diag)
{
	const struct clock *clock = clock_system();
	int64_t until_ms = clock->steady_ms(clock) + process->deadline_ms;
	struct process_result made = { .end = PROCESS_EXITED };
	CLEANUP(release_child)
	struct child child = {
		.input = -1,
		.theirs = { -1, -1 },
		.polls = { { .fd = -1 }, { .fd = -1 }, { .fd = -1 } },
		.ends = { { .buffer = &made.output,
		            .limit_bytes = process->output_limit_bytes },
		          { .buffer = &made.talk,
		            .limit_bytes = TALK_LIMIT_BYTES } },
	};
	int why = start(&child, process);

	if (why)
		return diag_error(diag, CODE_PROCESS_UNSTARTED, PLACE_NONE,
		                  "`%s` does not start: %s; check that the "
		                  "installation is complete",
		                  process->arguments[0], strerror(why));
	for (size_t i = 0; i < LENGTH(child.ends); i++)
		keep(&child.ends[i], "", 0);
	made.end = watch(&child, until_ms);
	set_status(&made, child_end(child.pid));
	*result = made;
	return 0;
}

void process_result_release(struct process_result *result)
{
	buffer_release(&result->output);
	buffer_release(&result->talk);
}

char *process_beside(const char *folder, const char *name)
{
	const char *const folders[] = { ".", folder };
	char self[PATH_MAX];
	const ssize_t length =
		readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (length <= 0)
		return NULL;
	self[length] = '\0';
	for (size_t i = 0; i < LENGTH(folders); i++) {
		CLEANUP(textp) char *own = path_folder(self);
		CLEANUP(textp)
		char *path = xasprintf("%s/%s/%s", own, folders[i], name);

		if (access(path, F_OK) == 0)
			return TAKE(path);
	}
	return NULL;
}

#ifdef TRUEUP_SANITIZE
void process_harden(void)
{
}
#else
void process_harden(void)
{
	const struct rlimit none = { 0, 0 };

	(void)setrlimit(RLIMIT_CORE, &none);
	(void)prctl(PR_SET_DUMPABLE, 0);
}
#endif
