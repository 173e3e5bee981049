/* SPDX-License-Identifier: MIT */
#include "base/child.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

int child_lift(int fd)
{
	if (fd < 0 || fd > STDERR_FILENO)
		return fd;

	int lifted = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

	(void)close(fd);
	return lifted;
}

static void add_actions(posix_spawn_file_actions_t *actions,
                        const int streams[CHILD_STREAMS])
{
	for (int i = 0; i < CHILD_STREAMS; i++)
		posix_spawn_file_actions_adddup2(actions, streams[i], i);
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

int child_spawn(const char *const *arguments, const char *const *environment,
                const int streams[CHILD_STREAMS], pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;

	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	add_actions(&actions, streams);
	set_attributes(&attributes);

	int why = posix_spawn(pid, arguments[0], &actions, &attributes,
	                      as_vector(arguments), as_vector(environment));

	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return why;
}

int child_end(pid_t pid)
{
	int status = 0;

	/* Before it is waited for, its id cannot be anybody else's. */
	(void)kill(-pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

int child_left_ms(int64_t until_ms)
{
	const struct clock *clock = clock_system();
	int64_t left = until_ms - clock->steady_ms(clock);

	if (left <= 0)
		return 0;
	return left < 60000 ? (int)left : 60000;
}
