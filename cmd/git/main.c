/* SPDX-License-Identifier: MIT */
/* trueup-git: serves trueup's requests about git repositories on stdin and
 * stdout, and ends with it. */
#include "base/process.h"
#include "git/git.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Asked by LeakSanitizer, where there is one: libgit2 1.5 does not free what it
 * read of known_hosts and what matched no expression, libssh2 1.10 not the key
 * that was refused. */
EXPORT const char *__lsan_default_suppressions(void);
EXPORT const char *__lsan_default_options(void);

const char *__lsan_default_suppressions(void)
{
	return "leak:libgit2.so\nleak:libssh2.so\n"
	       "leak:libpcre2-8.so\n";
}

const char *__lsan_default_options(void)
{
	return "print_suppressions=0";
}

/* A person at a terminal has nothing to say to it. */
static int refuse(void)
{
	fputs("trueup-git is started by trueup\n", stderr);
	return 64;
}

int main(void)
{
	int type = 0;
	socklen_t length = sizeof(type);

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	process_harden();
	(void)signal(SIGPIPE, SIG_IGN);
	if (getsockopt(STDIN_FILENO, SOL_SOCKET, SO_TYPE, &type, &length) < 0)
		return refuse();
	return git_serve(STDIN_FILENO, STDOUT_FILENO);
}
