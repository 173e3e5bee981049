/* SPDX-License-Identifier: MIT */
#include "base/clock.h"
#include "base/process.h"
#include "schema/codes.h"
#include "unit.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *const environment[] = { "PATH=/usr/bin:/bin", "GIVEN=yes",
	                                   NULL };

/* Runs `script` by sh; the result is for process_result_release(). */
static struct process_result run(const char *script, struct process process)
{
	const char *const arguments[] = { "/bin/sh", "-c", script, NULL };
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	struct process_result result = { 0 };

	process.arguments = arguments;
	process.environment = environment;
	if (!process.deadline_ms)
		process.deadline_ms = 60000;
	if (!process.output_limit_bytes)
		process.output_limit_bytes = 1 << 20;
	assert_int_equal(process_run(&process, &result, diag), 0);
	return result;
}

static void a_child_s_words_and_status_come_back(void **state)
{
	CLEANUP(process_result_release)
	struct process_result result = run(
		"printf out; printf talk >&2; exit 3", (struct process){ 0 });

	(void)state;
	assert_int_equal(result.end, PROCESS_EXITED);
	assert_int_equal(result.status, 3);
	assert_string_equal(result.output.bytes, "out");
	assert_int_equal(result.output.length, 3);
	assert_string_equal(result.talk.bytes, "talk");
}

static void silence_is_an_empty_text(void **state)
{
	CLEANUP(process_result_release)
	struct process_result result = run("cat", (struct process){ 0 });

	(void)state;
	assert_int_equal(result.end, PROCESS_EXITED);
	assert_string_equal(result.output.bytes, "");
	assert_string_equal(result.talk.bytes, "");
}

static void a_large_input_passes_through(void **state)
{
	size_t length = 300000;
	CLEANUP(textp) char *input = xmalloc(length);

	(void)state;
	memset(input, 'i', length);

	CLEANUP(process_result_release)
	struct process_result result =
		run("cat",
	            (struct process){ .input = input, .input_length = length });

	assert_int_equal(result.output.length, length);
	assert_memory_equal(result.output.bytes, input, length);
}

static void an_input_that_nobody_reads_is_no_harm(void **state)
{
	CLEANUP(process_result_release)
	struct process_result result =
		run("exec <&-; echo fine",
	            (struct process){ .input = "x", .input_length = 1 });

	(void)state;
	assert_string_equal(result.output.bytes, "fine\n");
}

static void the_environment_is_only_what_was_given(void **state)
{
	(void)state;
	assert_int_equal(setenv("HOME", "/home/nobody", 1), 0);

	CLEANUP(process_result_release)
	struct process_result result =
		run("echo \"$GIVEN$HOME\"", (struct process){ 0 });

	assert_string_equal(result.output.bytes, "yes\n");
}

static void no_file_of_ours_is_open_in_it(void **state)
{
	(void)state;
	assert_int_equal(dup2(STDERR_FILENO, 90), 90);

	CLEANUP(process_result_release)
	struct process_result result = run("test -e /proc/$$/fd/2 && echo 2;"
	                                   "test -e /proc/$$/fd/90 && echo 90",
	                                   (struct process){ 0 });

	(void)close(90);
	assert_string_equal(result.output.bytes, "2\n");
}

/* True when the process has ended, or ends within ten seconds. */
static bool is_gone(pid_t pid)
{
	const int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd ended = { .fd = fd, .events = POLLIN };
	int ready;

	if (fd < 0)
		return errno == ESRCH;
	ready = poll(&ended, 1, 10000);
	(void)close(fd);
	return ready == 1;
}

static void a_late_child_is_killed_with_its_children(void **state)
{
	CLEANUP(process_result_release)
	struct process_result result =
		run("tail -f /dev/null & echo $!; wait",
	            (struct process){ .deadline_ms = 200 });

	(void)state;
	assert_int_equal(result.end, PROCESS_LATE);
	assert_int_equal(result.status, SIGKILL);

	/* The grandchild is gone, or goes: a kill takes its time. */
	pid_t pid = (pid_t)strtol(result.output.bytes, NULL, 10);

	assert_true(pid > 0);
	assert_true(is_gone(pid));
}

static void a_grandchild_does_not_keep_us(void **state)
{
	const struct clock *clock = clock_system();
	int64_t start_ms = clock->steady_ms(clock);
	CLEANUP(process_result_release)
	struct process_result result =
		run("tail -f /dev/null & echo done", (struct process){ 0 });

	(void)state;
	assert_int_equal(result.end, PROCESS_EXITED);
	assert_string_equal(result.output.bytes, "done\n");
	assert_true(clock->steady_ms(clock) - start_ms < 30000);
}

static void a_loud_child_is_killed_at_the_limit(void **state)
{
	CLEANUP(process_result_release)
	struct process_result result =
		run("yes", (struct process){ .output_limit_bytes = 1000 });
	CLEANUP(process_result_release)
	struct process_result exact =
		run("printf 1234", (struct process){ .output_limit_bytes = 4 });

	(void)state;
	assert_int_equal(result.end, PROCESS_LOUD);
	assert_int_equal(result.output.length, 1000);
	assert_int_equal(exact.end, PROCESS_EXITED);
	assert_string_equal(exact.output.bytes, "1234");
}

static void talk_past_its_limit_is_dropped(void **state)
{
	CLEANUP(process_result_release)
	struct process_result result =
		run("head -c 200000 /dev/zero >&2", (struct process){ 0 });

	(void)state;
	assert_int_equal(result.end, PROCESS_EXITED);
	assert_int_equal(result.status, 0);
	assert_int_equal(result.talk.length, 64 << 10);
}

static void a_signal_is_told_from_an_exit(void **state)
{
	CLEANUP(process_result_release)
	struct process_result result =
		run("kill -TERM $$", (struct process){ 0 });

	(void)state;
	assert_int_equal(result.end, PROCESS_SIGNALED);
	assert_int_equal(result.status, SIGTERM);
}

static void a_missing_program_is_reported(void **state)
{
	const char *const arguments[] = { "/no/such/program", NULL };
	const struct process process = { .arguments = arguments,
		                         .environment = environment,
		                         .deadline_ms = 1000 };
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	struct process_result result = { 0 };

	(void)state;
	assert_int_equal(process_run(&process, &result, diag), -1);
	assert_int_equal(diag_at(diag, 0)->code, CODE_PROCESS_UNSTARTED);
	assert_non_null(strstr(diag_at(diag, 0)->text, "/no/such/program"));
	assert_null(result.output.bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_child_s_words_and_status_come_back),
		cmocka_unit_test(silence_is_an_empty_text),
		cmocka_unit_test(a_large_input_passes_through),
		cmocka_unit_test(an_input_that_nobody_reads_is_no_harm),
		cmocka_unit_test(the_environment_is_only_what_was_given),
		cmocka_unit_test(no_file_of_ours_is_open_in_it),
		cmocka_unit_test(a_late_child_is_killed_with_its_children),
		cmocka_unit_test(a_grandchild_does_not_keep_us),
		cmocka_unit_test(a_loud_child_is_killed_at_the_limit),
		cmocka_unit_test(talk_past_its_limit_is_dropped),
		cmocka_unit_test(a_signal_is_told_from_an_exit),
		cmocka_unit_test(a_missing_program_is_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
