/* SPDX-License-Identifier: MIT */
/* The front: finds the command, fills `struct run`, shows the reports. */
#include "cmd/command.h"

#include "base/process.h"
#include "base/text.h"
#include "base/wiping.h"
#include "schema/schema.h"
#include "secrets/secrets.h"

#include <errno.h>
#include <signal.h>
#include <stdio_ext.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <jansson.h>

enum {
	OUTPUT_BYTES = 64 << 10,
	/* As much as some thousand auth configs take, of which each page that
	 * is touched for the first time costs a microsecond. */
	HEAP_HUGE_BYTES = 8 << 20
};

/* SIGINT and SIGTERM as a descriptor; the second one ends us at once. */
struct stop {
	int fd;
	sigset_t signals;
	struct run *run;
};

static bool asked_to_stop(void *context)
{
	struct stop *stop = context;
	struct signalfd_siginfo info;

	if (stop->run->stop_exit)
		return true;
	if (read(stop->fd, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return false;
	stop->run->stop_exit = 128 + (int)info.ssi_signo;
	fputs("stopping: what is in flight is finished or given up within "
	      "10 s; once more ends at once\n",
	      stop->run->talk);
	sigprocmask(SIG_UNBLOCK, &stop->signals, NULL);
	return true;
}

static void stop_init(struct stop *stop, struct run *run)
{
	stop->run = run;
	sigemptyset(&stop->signals);
	sigaddset(&stop->signals, SIGINT);
	sigaddset(&stop->signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &stop->signals, NULL);
	stop->fd = signalfd(-1, &stop->signals, SFD_CLOEXEC | SFD_NONBLOCK);
	run->stopping = asked_to_stop;
	run->stopping_context = stop;
}

static const struct command *find(const char *name, struct diag *diag)
{
	const struct command *command = command_find(name);
	const char *names[64];
	const char *near;

	if (command)
		return command;
	for (size_t i = 0; i < command_count; i++)
		names[i] = commands[i]->name;
	near = text_nearest(name, names, command_count);
	diag_error(diag, CODE_USAGE, PLACE_NONE,
	           near ? "there is no command `%s`; did you mean `%s`?"
	                : "there is no command `%s`; see `trueup help`",
	           name, near);
	return NULL;
}

/* Colour and questions only where a person sits. */
static unsigned terminal_flags(const struct variables *variables)
{
	const char *no_color = variables_get(variables, "NO_COLOR");
	const char *terminal = variables_get(variables, "TERM");
	const bool plain = (no_color && *no_color) || !terminal ||
	                   str_equal(terminal, "dumb");
	unsigned flags = 0;

	if (isatty(STDOUT_FILENO) && !plain)
		flags |= RUN_COLOR;
	if (isatty(STDIN_FILENO) && isatty(STDERR_FILENO))
		flags |= RUN_TERMINAL;
	return flags;
}

static int run_command(const struct command *command, int argc,
                       const char **argv, struct run *run)
{
	struct stop stop = { .fd = -1 };
	int result;

	run->command = command->name;
	result = options_parse(command, argc, argv, &run->options, run->diag);
	if (result > 0) {
		command_describe(command, run->out);
		return 0;
	}
	if (result < 0)
		return run_exit(run->diag);
	run->options.flags |= terminal_flags(run->variables);
	if (command->flags & COMMAND_STOPS)
		stop_init(&stop, run);
	result = command->flags & COMMAND_EACH ? run_each(run, command->run)
	                                       : command->run(run);
	run->stopping = NULL;
	if (stop.fd >= 0)
		(void)close(stop.fd);
	return result;
}

static int dispatch(int argc, const char **argv, struct run *run)
{
	const struct command *command;

	if (argc < 2 || str_equal(argv[1], "--help") ||
	    str_equal(argv[1], "-h")) {
		commands_help(argc < 2 ? run->talk : run->out);
		return argc < 2 ? 64 : 0;
	}
	command = find(str_equal(argv[1], "--version") ? "version" : argv[1],
	               run->diag);
	if (!command)
		return run_exit(run->diag);
	return run_command(command, argc - 1, argv + 1, run);
}

/* A plan can be megabytes: written in few pieces, and by one thread. A terminal
 * has it line by line. */
static void set_up_output(void)
{
	if (!isatty(STDOUT_FILENO))
		(void)setvbuf(stdout, NULL, _IOFBF, OUTPUT_BYTES);
	(void)__fsetlocking(stdout, FSETLOCKING_BYCALLER);
}

/* What a verb has not looked at itself, said like everything else. */
static int check_output(struct run *run, int result)
{
	errno = 0;
	if ((fflush(stdout) == 0 && !ferror(stdout)) || result != 0)
		return result;
	diag_error(run->diag, CODE_FILE_UNWRITABLE, PLACE_NONE,
	           "stdout cannot be written: %s",
	           errno ? strerror(errno) : "a part of it was lost");
	return run_exit(run->diag);
}

int main(int argc, char **argv)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(variables_freep)
	struct variables *variables = variables_new(environ);
	struct run run = {
		.variables = variables,
		.clock = clock_system(),
		.diag = diag,
		.in = stdin,
		.out = stdout,
		.talk = stderr,
		.environment = (const char *const *)environ,
	};
	const char **words = xcalloc((size_t)argc + 1, sizeof(char *));
	int result;

	process_harden();
	heap_prefer_huge(HEAP_HUGE_BYTES);
	set_up_output();
	json_set_alloc_funcs(wiping_malloc, wiping_free);
	(void)signal(SIGPIPE, SIG_IGN);
	for (int i = 0; i < argc; i++)
		words[i] = argv[i];
	run.arguments = words + 1;
	result = check_output(&run, dispatch(argc, words, &run));
	diag_sort(diag);
	diag_write(diag, stderr,
	           isatty(STDERR_FILENO) && run.options.flags & RUN_COLOR
	                   ? DIAG_COLOR
	                   : DIAG_PLAIN);
	options_release(&run.options);
	run_release(&run);
	free(words);
	return result;
}
