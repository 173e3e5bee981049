/* SPDX-License-Identifier: MIT */
/*
 * stops: runs a command and stops it at one of its system calls (calls.c), in
 * whatever thread or child.
 *
 *     stops [OPTION]… -- COMMAND…
 *       --before N | --after N | --torn N   killed there (SIGKILL); torn: half
 *                                           of what is written got through
 *       --fail N --errno WORD [--lasting]   call N fails, and all after it
 *       --memory N --into FILE   before call N, what it has in its memory
 *       --kinds WORD,WORD…   what counts: write send sync name lock
 *       --state FILE     goes on counting there: for several commands
 *       --log FILE       appends a line a call: NUMBER NAME PATH
 *       --durable ROOT STORE   keeps track of what is durable below ROOT …
 *       --lost TARGET [--seed S]   … and writes that there at the end
 *
 * Ends as the command does; 137 when it was killed here, 125 when there is
 * something wrong with this program or the machine does not allow tracing.
 *
 * PR_SET_DUMPABLE does nothing below it: /proc/PID/fd must be readable.
 */
#include "calls.h"
#include "durable.h"

#include "base/text.h"

#include <errno.h>
#include <limits.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>

enum {
	BROKEN = 125,
	KILLED = 137,
	PENDING = 16,
	MEMORY_PAGE = 4096,
	SYSCALL_STOP = 0x80
};

/* What is to be done at call N. */
enum deed {
	DEED_NONE,
	DEED_BEFORE,
	DEED_AFTER,
	DEED_TORN,
	DEED_FAIL,
	DEED_MEMORY
};

/* A call whose return is waited for. */
struct pending {
	pid_t pid; /* 0: free */
	const struct call *call;
	int fd, kills;
};

struct stops {
	enum deed deed;
	uint64_t at, seed;
	int error, lasting;
	unsigned kinds; /* bits of enum call_kind */
	const char *state, *log, *root, *store, *lost, *into;
	char **command;

	pid_t child;
	int child_status;
	int killed;
	uint64_t count;
	struct durable *durable;
	struct pending pending[PENDING];
};

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "stops: %s: %s\n", what, strerror(errno));
	exit(BROKEN);
}

static _Noreturn void refuse(const char *what)
{
	fprintf(stderr, "stops: %s\n", what);
	exit(BROKEN);
}

/* ---- the traced side ---- */

/* Run by a new process of this program, which then becomes the command. */
static _Noreturn void be_traced(char **command)
{
	struct sock_filter filter[CALL_FILTER_LENGTH];
	struct sock_fprog program = { .filter = filter };

	program.len = call_filter(filter);
	if (setpgid(0, 0) < 0)
		die("setpgid");
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
		die("this machine does not allow tracing (ptrace)");
	if (raise(SIGSTOP) != 0)
		die("raise");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		die("this machine does not allow filters (seccomp)");
	execvp(command[0], command);
	die(command[0]);
}

static void spawn(struct stops *stops, const char *self)
{
	size_t count = 0;
	char **words;

	while (stops->command[count])
		count++;
	words = xcalloc(count + 3, sizeof(*words));
	words[0] = xstrdup(self);
	words[1] = xstrdup("--be-traced");
	memcpy(words + 2, stops->command, count * sizeof(*words));
	if (posix_spawn(&stops->child, "/proc/self/exe", NULL, NULL, words,
	                environ) != 0)
		refuse("it cannot be started");
	free(words[0]);
	free(words[1]);
	free(words);
}

/* ---- registers ---- */

static void poke(pid_t pid, size_t offset, uint64_t value)
{
	if (ptrace(PTRACE_POKEUSER, pid, offset, value) < 0)
		die("PTRACE_POKEUSER");
}

/* At its beginning: the call is left out and returns this. */
static void skip(pid_t pid, int result)
{
	poke(pid, offsetof(struct user, regs.orig_rax), UINT64_MAX);
	poke(pid, offsetof(struct user, regs.rax), (uint64_t)(int64_t)result);
}

static size_t register_of(int argument)
{
	static const size_t offsets[] = {
		offsetof(struct user, regs.rdi),
		offsetof(struct user, regs.rsi),
		offsetof(struct user, regs.rdx),
		offsetof(struct user, regs.r10),
		offsetof(struct user, regs.r8),
		offsetof(struct user, regs.r9),
	};

	return offsets[argument];
}

static void go_on(pid_t pid, enum __ptrace_request how, int signal)
{
	/* ESRCH: killed meanwhile. */
	if (ptrace(how, pid, NULL, (void *)(intptr_t)signal) < 0 &&
	    errno != ESRCH)
		die("ptrace");
}

/* ---- at a call ---- */

static void path_of(pid_t pid, int fd, char path[PATH_MAX])
{
	CLEANUP(textp) char *link = xasprintf("/proc/%d/fd/%d", pid, fd);
	const ssize_t length = readlink(link, path, PATH_MAX - 1);

	path[length < 0 ? 0 : length] = '\0';
}

static void write_log(const struct stops *stops, pid_t pid,
                      const struct call *call, const uint64_t *arguments)
{
	char path[PATH_MAX] = "";
	FILE *log;

	if (!stops->log)
		return;
	if (call->fd >= 0)
		path_of(pid, (int)arguments[call->fd], path);
	log = fopen(stops->log, "ae");
	if (!log)
		die(stops->log);
	fprintf(log, "%ju %s %s %s\n", (uintmax_t)stops->count,
	        call_kind_names[call->kind], call->name, path);
	if (fclose(log) != 0)
		die(stops->log);
}

static void kill_all(struct stops *stops)
{
	stops->killed = 1;
	(void)kill(-stops->child, SIGKILL);
}

static struct pending *find_pending(struct stops *stops, pid_t pid)
{
	for (size_t i = 0; i < PENDING; i++) {
		if (stops->pending[i].pid == pid)
			return &stops->pending[i];
	}
	return NULL;
}

static void await_return(struct stops *stops, pid_t pid,
                         const struct call *call, int fd, int kills)
{
	struct pending *pending = find_pending(stops, 0);

	if (!pending)
		refuse("too many threads");
	*pending = (struct pending){ pid, call, fd, kills };
	go_on(pid, PTRACE_SYSCALL, 0);
}

static int is_due(const struct stops *stops)
{
	return stops->deed != DEED_NONE &&
	       (stops->count == stops->at ||
	        (stops->lasting && stops->count > stops->at));
}

static void copy_memory(FILE *from, FILE *to, const uintmax_t area[2])
{
	CLEANUP(textp) char *page = xmalloc(MEMORY_PAGE);

	if (fseeko(from, (off_t)area[0], SEEK_SET) < 0)
		die("/proc/PID/mem");
	for (uintmax_t at = area[0]; at < area[1]; at += MEMORY_PAGE) {
		if (fread(page, 1, MEMORY_PAGE, from) != MEMORY_PAGE)
			return;
		if (fwrite(page, 1, MEMORY_PAGE, to) != MEMORY_PAGE)
			die("the copy of the memory");
	}
}

/* What it can write to; its stack holds its environment. */
static void save_memory(const struct stops *stops, pid_t pid)
{
	CLEANUP(textp) char *maps = xasprintf("/proc/%d/maps", pid);
	CLEANUP(textp) char *memory = xasprintf("/proc/%d/mem", pid);
	CLEANUP(filep) FILE *list = fopen(maps, "re");
	CLEANUP(filep) FILE *from = fopen(memory, "re");
	CLEANUP(filep) FILE *to = fopen(stops->into, "we");
	CLEANUP(textp) char *line = NULL;
	size_t size = 0;

	if (!list || !from || !to)
		die("the memory of the command");
	while (getline(&line, &size, list) > 0) {
		uintmax_t area[2];
		char rights[5];

		if (sscanf(line, "%jx-%jx %4s", &area[0], &area[1], rights) ==
		            3 &&
		    rights[1] == 'w')
			copy_memory(from, to, area);
	}
}

/* True when the process must not simply go on. */
static int act(struct stops *stops, pid_t pid, const struct call *call,
               const uint64_t *arguments)
{
	if (!is_due(stops))
		return 0;
	switch (stops->deed) {
	case DEED_FAIL:
		skip(pid, -stops->error);
		return 0;
	case DEED_BEFORE:
		kill_all(stops);
		return 1;
	case DEED_MEMORY:
		save_memory(stops, pid);
		return 0;
	case DEED_TORN:
		if (call->length < 0)
			break;
		poke(pid, register_of(call->length),
		     arguments[call->length] / 2);
		break;
	case DEED_NONE:
	case DEED_AFTER:
		break;
	}
	await_return(stops, pid, call, -1, 1);
	return 1;
}

static void at_call(struct stops *stops, pid_t pid)
{
	struct __ptrace_syscall_info info;
	const struct call *call;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) < 0)
		die("PTRACE_GET_SYSCALL_INFO");

	const uint64_t *arguments = (const uint64_t *)info.seccomp.args;

	call = call_find(info.seccomp.nr, arguments);
	if (call && call->kind == CALL_CORE)
		skip(pid, 0);
	else if (call && stops->kinds & 1U << call->kind) {
		stops->count++;
		write_log(stops, pid, call, arguments);
		if (act(stops, pid, call, arguments))
			return;
	}
	if (call && call->kind == CALL_SYNC && call->fd >= 0 &&
	    stops->durable) {
		await_return(stops, pid, call, (int)arguments[call->fd], 0);
		return;
	}
	go_on(pid, PTRACE_CONT, 0);
}

static void at_return(struct stops *stops, pid_t pid)
{
	struct pending *pending = find_pending(stops, pid);

	if (pending && pending->kills) {
		kill_all(stops);
		return;
	}
	if (pending) {
		char path[PATH_MAX];

		path_of(pid, pending->fd, path);
		durable_sync(stops->durable, path);
		pending->pid = 0;
	}
	go_on(pid, PTRACE_CONT, 0);
}

/* ---- the tracing side ---- */

static void on_stop(struct stops *stops, pid_t pid, int status)
{
	const int signal = WSTOPSIG(status);
	const int event = status >> 16;

	if (event == PTRACE_EVENT_SECCOMP)
		at_call(stops, pid);
	else if (signal == (SIGTRAP | SYSCALL_STOP))
		at_return(stops, pid);
	else if (event || signal == SIGSTOP || signal == SIGTRAP)
		go_on(pid, PTRACE_CONT, 0);
	else
		go_on(pid, PTRACE_CONT, signal);
}

static void attach(const struct stops *stops)
{
	int status;

	if (waitpid(stops->child, &status, __WALL) < 0)
		die("waitpid");
	if (!WIFSTOPPED(status))
		exit(BROKEN); /* it said why */
	if (ptrace(PTRACE_SETOPTIONS, stops->child, NULL,
	           PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACESECCOMP |
	                   PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK |
	                   PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC |
	                   PTRACE_O_EXITKILL) < 0)
		die("PTRACE_SETOPTIONS");
	go_on(stops->child, PTRACE_CONT, 0);
}

/* Until the command has ended, and everything when it was killed. */
static void trace(struct stops *stops)
{
	int status;
	pid_t pid;

	attach(stops);
	for (;;) {
		pid = waitpid(-1, &status, __WALL);
		if (pid < 0 && errno == EINTR)
			continue;
		if (pid < 0)
			return; /* nobody is left */
		if (WIFSTOPPED(status))
			on_stop(stops, pid, status);
		else if (pid == stops->child)
			stops->child_status = status;
	}
}

/* ---- options ---- */

static uint64_t number(const char *text)
{
	uint64_t value;

	if (!text || parse_uint(text, UINT64_MAX, &value) < 0)
		refuse("a number is wanted");
	return value;
}

static unsigned kinds_of(const char *words)
{
	unsigned kinds = 0;

	for (unsigned kind = 0; kind < CALL_CORE; kind++) {
		if (strstr(words, call_kind_names[kind]))
			kinds |= 1U << kind;
	}
	return kinds;
}

static int error_of(const char *word)
{
	static const struct {
		const char *word;
		int error;
	} rows[] = { { "ENOSPC", ENOSPC }, { "EIO", EIO }, { "EPIPE", EPIPE } };

	for (size_t i = 0; i < LENGTH(rows); i++) {
		if (str_equal(rows[i].word, word))
			return rows[i].error;
	}
	refuse("--errno wants ENOSPC, EIO or EPIPE");
}

static int parse_deed(struct stops *stops, char **words)
{
	static const struct {
		const char *option;
		enum deed deed;
	} rows[] = {
		{ "--before", DEED_BEFORE }, { "--after", DEED_AFTER },
		{ "--torn", DEED_TORN },     { "--fail", DEED_FAIL },
		{ "--memory", DEED_MEMORY },
	};

	for (size_t i = 0; i < LENGTH(rows); i++) {
		if (!str_equal(rows[i].option, words[0]))
			continue;
		stops->deed = rows[i].deed;
		stops->at = number(words[1]);
		return 2;
	}
	return 0;
}

static int parse_word(struct stops *stops, char **words)
{
	const struct {
		const char *option;
		const char **value;
	} rows[] = {
		{ "--state", &stops->state },
		{ "--log", &stops->log },
		{ "--lost", &stops->lost },
		{ "--into", &stops->into },
	};

	for (size_t i = 0; i < LENGTH(rows); i++) {
		if (str_equal(rows[i].option, words[0])) {
			*rows[i].value = words[1];
			return 2;
		}
	}
	return 0;
}

static int parse_option(struct stops *stops, char **words)
{
	int used = parse_deed(stops, words);

	if (!used)
		used = parse_word(stops, words);
	if (used)
		return used;
	if (str_equal(words[0], "--lasting")) {
		stops->lasting = 1;
		return 1;
	}
	if (!words[1])
		refuse("an option without its value");
	if (str_equal(words[0], "--errno"))
		stops->error = error_of(words[1]);
	else if (str_equal(words[0], "--kinds"))
		stops->kinds = kinds_of(words[1]);
	else if (str_equal(words[0], "--seed"))
		stops->seed = number(words[1]);
	else if (str_equal(words[0], "--durable") && words[2]) {
		stops->root = words[1];
		stops->store = words[2];
		return 3;
	} else
		refuse("an unknown option; see the head of stops.c");
	return 2;
}

static void parse(struct stops *stops, char **words)
{
	while (*words && !str_equal(*words, "--"))
		words += parse_option(stops, words);
	if (!*words || !words[1])
		refuse("no command");
	stops->command = words + 1;
}

/* ---- the state between commands ---- */

static void read_state(struct stops *stops)
{
	FILE *file = stops->state ? fopen(stops->state, "re") : NULL;
	uintmax_t count = 0;

	if (file && fscanf(file, "%ju", &count) != 1)
		refuse("the state is no number");
	filep(&file);
	stops->count = count;
}

static void write_state(const struct stops *stops)
{
	FILE *file = stops->state ? fopen(stops->state, "we") : NULL;

	if (stops->state && !file)
		die(stops->state);
	if (file && fprintf(file, "%ju\n", (uintmax_t)stops->count) < 0)
		die(stops->state);
	filep(&file);
}

int main(int argc, char **argv)
{
	struct stops stops = { .kinds = (1U << CALL_CORE) - 1 };

	if (argc > 2 && str_equal(argv[1], "--be-traced"))
		be_traced(argv + 2);
	parse(&stops, argv + 1);
	read_state(&stops);
	if (stops.root)
		stops.durable = durable_new(stops.root, stops.store);
	spawn(&stops, argv[0]);
	trace(&stops);
	write_state(&stops);
	if (stops.durable && stops.lost)
		durable_write(stops.durable, stops.lost, stops.seed);
	durable_free(stops.durable);
	if (stops.killed)
		return KILLED;
	return WIFEXITED(stops.child_status)
	               ? WEXITSTATUS(stops.child_status)
	               : 128 + WTERMSIG(stops.child_status);
}
