/* SPDX-License-Identifier: MIT */
#include "base/clock.h"
#include "base/talk.h"
#include "schema/codes.h"
#include "unit.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>

static int64_t in_ms(int64_t ms)
{
	const struct clock *clock = clock_system();

	return clock->steady_ms(clock) + ms;
}

static struct talk *start(const char *script, struct diag *diag)
{
	const char *const arguments[] = { "/bin/sh", "-c", script, NULL };
	static const char *const environment[] = { "PATH=/usr/bin:/bin", NULL };
	const struct process process = { .arguments = arguments,
		                         .environment = environment };

	return talk_start(&process, diag);
}

static void questions_are_answered_one_after_the_other(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	struct talk *talk =
		start("while read a b; do echo $((a + b)); done; exit 7", diag);
	char answer[3] = "";

	(void)state;
	assert_non_null(talk);
	assert_int_equal(talk_send(talk, "2 3\n", 4, in_ms(30000)), TALK_SAID);
	assert_int_equal(talk_wait(talk, in_ms(30000)), TALK_SAID);
	assert_int_equal(talk_take(talk, answer, 2, in_ms(30000)), TALK_SAID);
	assert_string_equal(answer, "5\n");
	assert_int_equal(talk_send(talk, "40 2\n", 5, in_ms(30000)), TALK_SAID);
	assert_int_equal(talk_take(talk, answer, 2, in_ms(30000)), TALK_SAID);
	assert_string_equal(answer, "42");
	assert_int_equal(talk_end(talk, 30000), 7);
}

static void silence_ends_with_the_deadline(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	struct talk *talk = start("exec tail -f /dev/null", diag);
	const int64_t began_ms = in_ms(0);
	char answer;

	(void)state;
	assert_int_equal(talk_wait(talk, in_ms(200)), TALK_LATE);
	assert_int_equal(talk_take(talk, &answer, 1, in_ms(100)), TALK_LATE);
	assert_in_range(in_ms(0) - began_ms, 290, 5000);
	assert_int_equal(talk_end(talk, 0), 128 + SIGKILL);
}

static void who_does_not_listen_holds_nobody_up(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	struct talk *talk = start("exec tail -f /dev/null", diag);
	const size_t length = 16 << 20;
	char *much = xcalloc(1, length);

	(void)state;
	assert_int_equal(talk_send(talk, much, length, in_ms(200)), TALK_LATE);
	free(much);
	assert_int_equal(talk_end(talk, 0), 128 + SIGKILL);
}

static void the_last_words_of_one_that_ends_are_taken(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	struct talk *talk = start("printf bye; exit 3", diag);
	char answer[4] = "";

	(void)state;
	assert_int_equal(talk_take(talk, answer, 3, in_ms(30000)), TALK_SAID);
	assert_string_equal(answer, "bye");
	assert_int_equal(talk_take(talk, answer, 1, in_ms(30000)), TALK_GONE);
	assert_int_equal(talk_end(talk, 30000), 3);
}

static void a_program_that_is_not_there_is_reported(void **state)
{
	static const char *const arguments[] = { "/nonexistent/program", NULL };
	static const char *const environment[] = { NULL };
	const struct process process = { .arguments = arguments,
		                         .environment = environment };
	CLEANUP(diag_freep) struct diag *diag = diag_new();

	(void)state;
	assert_null(talk_start(&process, diag));
	assert_int_equal(diag_at(diag, 0)->code, CODE_PROCESS_UNSTARTED);
}

static void its_children_end_with_it(void **state)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	struct talk *talk = start("tail -f /dev/null & echo $!; wait", diag);
	char text[16] = "";
	size_t length = 0;

	(void)state;
	do
		assert_int_equal(
			talk_take(talk, &text[length], 1, in_ms(30000)),
			TALK_SAID);
	while (text[length++] != '\n' && length < sizeof(text) - 1);
	struct pollfd child = { .fd = pidfd_open((pid_t)strtol(text, NULL, 10),
		                                 0),
		                .events = POLLIN };

	assert_true(child.fd >= 0);
	assert_int_equal(talk_end(talk, 0), 128 + SIGKILL);
	assert_int_equal(poll(&child, 1, 30000), 1);
	(void)close(child.fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(questions_are_answered_one_after_the_other),
		cmocka_unit_test(silence_ends_with_the_deadline),
		cmocka_unit_test(who_does_not_listen_holds_nobody_up),
		cmocka_unit_test(the_last_words_of_one_that_ends_are_taken),
		cmocka_unit_test(a_program_that_is_not_there_is_reported),
		cmocka_unit_test(its_children_end_with_it),
	};

	(void)signal(SIGPIPE, SIG_DFL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
