/* SPDX-License-Identifier: MIT */
/*
 * One poll() loop over stdout, stderr and a pidfd. The input stands complete
 * in a memory file, so nothing is written while the child runs and no SIGPIPE
 * can come. The child's end ends the loop even when a grandchild still holds
 * the pipes; then the whole group is killed.
 */
#include "base/process.h"
#include "base/clock.h"
#include "schema/codes.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
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

/* Away from 0 to 2, which the child's own take. */
static int lift(int fd)
{
	if (fd < 0 || fd > STDERR_FILENO)
		return fd;

	int lifted = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

	(void)close(fd);
	return lifted;
}

static int open_input(const void *input, size_t length)
{
	if (!input)
		return lift(open("/dev/null", O_RDONLY | O_CLOEXEC));

	CLEANUP(fdp) int fd = lift(memfd_create("input", MFD_CLOEXEC));

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
		child->polls[i] = (struct pollfd){ lift(pair[0]), POLLIN, 0 };
		child->theirs[i] = lift(pair[1]);
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

static void add_actions(posix_spawn_file_actions_t *actions,
                        const struct child *child)
{
	posix_spawn_file_actions_adddup2(actions, child->input, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(actions, child->theirs[STREAM_OUTPUT],
	                                 STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(actions, child->theirs[STREAM_TALK],
	                                 STDERR_FILENO);
	posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
}

static void set_attributes(posix_spawnattr_t *attributes)
{
	sigset_t all, none;

	sigfillset(&all);
	sigemptyset(&none);
	posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP |
	                                             POSIX_SPAWN_SETSIGDEF |
	                                             POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setpgroup(attributes, 0);
	posix_spawnattr_setsigdefault(attributes, &all);
	posix_spawnattr_setsigmask(attributes, &none);
}

/* posix_spawn() takes `char *const *` and changes nothing. */
static char *const *as_vector(const char *const *strings)
{
	union {
		const char *const *from;
		char *const *to;
	} vector = { .from = strings };

	return vector.to;
}

/* 0, or what errno would say. */
static int spawn(struct child *child, const struct process *process)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;

	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	add_actions(&actions, child);
	set_attributes(&attributes);

	int why = posix_spawn(&child->pid, process->arguments[0], &actions,
	                      &attributes, as_vector(process->arguments),
	                      as_vector(process->environment));

	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return why;
}

/* The status of the child, as waitpid() gives it. */
static int end_group(pid_t pid)
{
	int status = 0;

	/* Before it is waited for, its id cannot be anybody else's. */
	(void)kill(-pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

static int start(struct child *child, const struct process *process)
{
	child->input = open_input(process->input, process->input_length);
	if (child->input < 0 || open_pipes(child) < 0)
		return errno;

	int why = spawn(child, process);

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
		(void)end_group(child->pid);
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

static int left_ms(int64_t until_ms)
{
	const struct clock *clock = clock_system();
	int64_t left = until_ms - clock->steady_ms(clock);

	if (left <= 0)
		return 0;
	return left < 60000 ? (int)left : 60000;
}

/* How it ended, as far as we ended it; PROCESS_EXITED: by itself. */
static enum process_end watch(struct child *child, int64_t until_ms)
{
	for (;;) {
		int wait_ms = left_ms(until_ms);
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
	set_status(&made, end_group(child.pid));
	*result = made;
	return 0;
}

void process_result_release(struct process_result *result)
{
	buffer_release(&result->output);
	buffer_release(&result->talk);
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
