/* SPDX-License-Identifier: MIT */
/* What the door makes of a program that lies, ends or says nothing. */
#include "base/clock.h"
#include "base/text.h"
#include "git_world.h"
#include "schema/codes.h"

#include <fcntl.h>
#include <stdlib.h>

/* Answers are made of these. */
static void put_number(FILE *out, uint64_t number)
{
	for (int i = 56; i >= 0; i -= 8)
		fputc((int)(number >> i & 0xff), out);
}

static void put_bytes(FILE *out, const char *bytes, size_t length)
{
	put_number(out, length);
	fwrite(bytes, 1, length, out);
}

/*
 * A program that says what stands in the file `answers`, whatever it is asked,
 * and then waits for its end.
 */
static void set_answers(struct git_world *world, const char *bytes,
                        size_t length)
{
	FILE *out = fopen("answers", "we");

	assert_non_null(out);
	assert_int_equal(fwrite(bytes, 1, length, out), length);
	assert_int_equal(fclose(out), 0);
	git_world_do(world, "printf '#!/bin/sh\\ncat %s/answers; exec cat "
	                    ">/dev/null' \"$PWD\" >program; "
	                    "chmod +x program");
	world->settings.program = "./program";
	world->settings.timeout_ms = 5000;
}

/* The answer to opening, and then one of `fields`. */
static void set_answer(struct git_world *world, const char *fields,
                       size_t length)
{
	char *bytes = NULL;
	size_t size;
	FILE *out = xmemstream(&bytes, &size);

	put_number(out, 8 + 8 + 8 + 5);
	put_number(out, 0);
	put_number(out, 0);
	put_bytes(out, "/root", 5);
	put_number(out, length);
	fwrite(fields, 1, length, out);
	(void)fclose(out);
	set_answers(world, bytes, size);
	free(bytes);
}

static void expect_nonsense(struct git_world *world)
{
	struct git_revision revision = { 0 };
	struct git_entries entries = { 0 };
	struct buffer text = { 0 };
	const struct git_id id = { "0123456789012345678901234567890123456789" };
	size_t before = diag_length(world->diag);

	for (int i = 0; i < 3; i++) {
		CLEANUP(git_freep)
		struct git *git = git_open(".", &world->settings, world->diag);

		assert_non_null(git);
		if (i == 0)
			assert_int_equal(git_resolve(git, "main", &revision,
			                             world->diag),
			                 GIT_FAILED);
		if (i == 1)
			assert_int_equal(git_read_file(git, &id, "a", 10, &text,
			                               world->diag),
			                 GIT_KIND_FAILED);
		if (i == 2)
			assert_int_equal(git_list_folder(git, &id, ".",
			                                 &entries, world->diag),
			                 GIT_FAILED);
		assert_int_equal(diag_length(world->diag), ++before);
		assert_int_equal(git_world_code(world), CODE_GIT_HELPER);
	}
	assert_null(revision.name);
	assert_null(entries.items);
	assert_null(text.bytes);
}

#define ZEROS "\0\0\0\0\0\0\0"
#define NUMBER(text) ZEROS text

static void answers_that_do_not_fit_are_refused(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
	} rows[] = {
#define ROW(text) { text, sizeof(text) - 1 }
		ROW(""),
		ROW("\0"),
		ROW(NUMBER("\0")),
		ROW(NUMBER("\0") NUMBER("\0")),
		/* No such kind of answer. */
		ROW(NUMBER("\0") NUMBER("\7")),
		/* A failure without its words, of no kind, with more. */
		ROW(NUMBER("\0") NUMBER("\2")),
		ROW(NUMBER("\0") NUMBER("\2") NUMBER("\x63") NUMBER("\0")),
		ROW(NUMBER("\0") NUMBER("\2") NUMBER("\1") NUMBER("\0") "x"),
		/* A length that ends elsewhere. */
		ROW(NUMBER("\0") NUMBER("\0") NUMBER("\x50") "main"),
		ROW(NUMBER("\0")
		            NUMBER("\0") "\x7f\xff\xff\xff\xff\xff\xff\xff"),
		/* An id that is none; one with a NUL. */
		ROW(NUMBER("\0") NUMBER("\0") NUMBER("\2") "xy" NUMBER("\0")
		            NUMBER("\0")),
		ROW(NUMBER("\0") NUMBER("\0") NUMBER("\2") "\0y" NUMBER("\0")
		            NUMBER("\0")),
		/* A kind of file, and more bytes than were asked for. */
		ROW(NUMBER("\0") NUMBER("\0") NUMBER("\x09") NUMBER("\0")),
		ROW(NUMBER("\0") NUMBER("\0") NUMBER("\0")
		            NUMBER("\x0b") "hello world"),
		/* More entries than it sends. */
		ROW(NUMBER("\0") NUMBER("\0") "\0\0\0\0\0\0\xff\xff"),
		ROW(NUMBER("\0")
		            NUMBER("\0") "\xff\xff\xff\xff\xff\xff\xff\xfe"),
#undef ROW
	};
	struct git_world *world = *state;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		set_answer(world, rows[i].bytes, rows[i].length);
		expect_nonsense(world);
	}
}

static void an_answer_too_large_is_not_waited_for(void **state)
{
	struct git_world *world = *state;

	set_answers(world, "\0\0\1\0\0\0\0\0", 8);
	assert_null(git_open(".", &world->settings, world->diag));
	assert_int_equal(git_world_code(world), CODE_GIT_HELPER);
}

static void names_that_no_file_has_are_left_out(void **state)
{
	static const char *const names[] = { "..",   "a/b", ".", ".git",
		                             ".GIT", "",    "a", "\n" };
	struct git_world *world = *state;
	const struct git_id id = { "0123456789012345678901234567890123456789" };
	CLEANUP(git_entries_release) struct git_entries entries = { 0 };
	char *bytes = NULL;
	size_t size;
	FILE *out = xmemstream(&bytes, &size);

	put_number(out, 0);
	put_number(out, 0);
	put_number(out, LENGTH(names));
	for (size_t i = 0; i < LENGTH(names); i++) {
		put_number(out, GIT_KIND_FILE);
		put_bytes(out, names[i], strlen(names[i]));
	}
	(void)fclose(out);
	set_answer(world, bytes, size);
	free(bytes);

	CLEANUP(git_freep)
	struct git *git = git_open(".", &world->settings, world->diag);

	assert_int_equal(git_list_folder(git, &id, ".", &entries, world->diag),
	                 GIT_FOUND);
	assert_int_equal(entries.count, 2);
	assert_string_equal(entries.items[0].name, "a");
	assert_string_equal(entries.items[1].name, "\n");
}

static void words_of_a_failure_are_shown_harmless(void **state)
{
	struct git_world *world = *state;
	CLEANUP(textp) char *text = NULL;
	struct git_revision revision = { 0 };
	char *bytes = NULL;
	size_t size;
	FILE *out = xmemstream(&bytes, &size);

	put_number(out, 0);
	put_number(out, 2);
	put_number(out, 2);
	put_bytes(out, "\x1b[2Jgone", 8);
	(void)fclose(out);
	set_answer(world, bytes, size);
	free(bytes);

	CLEANUP(git_freep)
	struct git *git = git_open(".", &world->settings, world->diag);

	assert_int_equal(git_resolve(git, "main", &revision, world->diag),
	                 GIT_FAILED);
	assert_int_equal(git_world_code(world), CODE_GIT_NETWORK);
	text = diag_text(world->diag);
	assert_null(strchr(text, '\x1b'));
	assert_non_null(strstr(text, "gone"));
}

static void one_that_is_silent_is_ended_in_time(void **state)
{
	struct git_world *world = *state;
	const struct clock *clock = clock_system();
	const int64_t began_ms = clock->steady_ms(clock);

	set_answers(world, "", 0);
	world->settings.timeout_ms = 400;
	assert_null(git_open(".", &world->settings, world->diag));
	assert_int_equal(git_world_code(world), CODE_GIT_LATE);
	assert_in_range(clock->steady_ms(clock) - began_ms, 400, 1400);
}

static void one_that_ends_is_started_again(void **state)
{
	struct git_world *world = *state;
	CLEANUP(textp)
	char *head = git_world_run(world, "say init repo; commit repo first");
	CLEANUP(git_freep) struct git *git = git_world_open(world, "repo");
	CLEANUP(git_revision_release) struct git_revision revision = { 0 };
	struct git_revision none = { 0 };

	git_world_do(world, "kill -9 $(cat /proc/$PPID/task/$PPID/children | "
	                    "tr ' ' '\\n' | while read p; do test "
	                    "\"$(cat /proc/$p/comm)\" != trueup-git || "
	                    "echo $p; done)");
	assert_int_equal(git_resolve(git, "HEAD", &none, world->diag),
	                 GIT_FAILED);
	assert_int_equal(git_world_code(world), CODE_GIT_HELPER);
	assert_int_equal(git_resolve(git, "HEAD", &revision, world->diag),
	                 GIT_FOUND);
	assert_string_equal(revision.commit.hex, head);
}

static bool stop_at_once(void *context)
{
	(void)context;
	return true;
}

static void whoever_stops_us_need_not_wait(void **state)
{
	struct git_world *world = *state;
	const struct clock *clock = clock_system();
	const int64_t began_ms = clock->steady_ms(clock);

	set_answers(world, "", 0);
	world->settings.timeout_ms = 60000;
	world->settings.stopping = stop_at_once;
	assert_null(git_open(".", &world->settings, world->diag));
	assert_int_equal(git_world_code(world), CODE_GIT_LATE);
	assert_in_range(clock->steady_ms(clock) - began_ms, 0, 5000);
}

static void nothing_of_ours_is_in_its_environment(void **state)
{
	struct git_world *world = *state;

	assert_int_equal(setenv("TRUEUP_FINGERPRINT_KEY", "hunter2", 1), 0);
	git_world_do(world, "printf '#!/bin/sh\\nenv >%s/seen; exec cat "
	                    ">/dev/null' \"$PWD\" >program; chmod +x program");
	world->settings.program = "./program";
	world->settings.timeout_ms = 1000;
	assert_null(git_open(".", &world->settings, world->diag));
	git_world_do(world, "grep -q '^LC_ALL=C$' seen && ! grep -v "
	                    "'^\\(LC_ALL\\|PWD\\|OLDPWD\\|_\\|SHLVL\\)=' seen");
}

int main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, git_world_make, git_world_end)
	const struct CMUnitTest tests[] = {
		TEST(answers_that_do_not_fit_are_refused),
		TEST(an_answer_too_large_is_not_waited_for),
		TEST(names_that_no_file_has_are_left_out),
		TEST(words_of_a_failure_are_shown_harmless),
		TEST(one_that_is_silent_is_ended_in_time),
		TEST(one_that_ends_is_started_again),
		TEST(whoever_stops_us_need_not_wait),
		TEST(nothing_of_ours_is_in_its_environment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
