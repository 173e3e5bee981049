/* SPDX-License-Identifier: MIT */
/*
 * A pid says who holds a lock only together with the machine's boot, the space
 * of process ids (two containers of one machine have two) and the moment the
 * process began (pids are used again).
 */
#include "ledger/store.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <string.h>

/* The first line of a small file of the kernel's; "" when there is none. */
static char *read_line(const char *path)
{
	CLEANUP(filep) FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;

	if (!file || getline(&line, &size, file) < 0) {
		free(line);
		return xstrdup("");
	}
	line[strcspn(line, "\n")] = '\0';
	return line;
}

char *holder_machine(void)
{
	CLEANUP(textp)
	char *boot = read_line("/proc/sys/kernel/random/boot_id");
	char space[64] = "";

	if (!*boot ||
	    readlink("/proc/self/ns/pid", space, sizeof(space) - 1) < 0)
		return xstrdup("");
	return xasprintf("%s %s", boot, space);
}

/*
 * /proc/PID/stat: "pid (name) state" and numbers, the beginning being the 22nd
 * of all. The name may hold anything, also blanks and brackets.
 */
enum { FIELDS_FROM_STATE_TO_START = 19 };

int64_t holder_started(int64_t pid)
{
	CLEANUP(textp) char *path = xasprintf("/proc/%" PRId64 "/stat", pid);
	CLEANUP(textp) char *line = read_line(path);
	const char *at = strrchr(line, ')');

	if (!at || at[1] != ' ' || strchr("ZX", at[2]))
		return 0; /* none, or one that only waits to be buried */
	at += 2;
	for (int i = 0; at && i < FIELDS_FROM_STATE_TO_START; i++) {
		at = strchr(at, ' ');
		at = at ? at + 1 : NULL;
	}
	return at ? strtoll(at, NULL, 10) : 0;
}

bool holder_is_gone(int64_t pid, int64_t started)
{
	if (pid <= 0 || pid > INT_MAX)
		return false;
	if (kill((pid_t)pid, 0) < 0 && errno == ESRCH)
		return true;
	/* A lock without a beginning was taken where /proc is hidden. */
	return started && holder_started(pid) != started;
}
