/* SPDX-License-Identifier: MIT */
#include "base/batch.h"
#include "base/clock.h"
#include "base/text.h"
#include "schema/codes.h"
#include "unit.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

static const char *const environment[] = { "PATH=/usr/bin:/bin", NULL };

enum { MOST = 4 };

struct trial {
	const char *arguments[MOST][4];
	struct batch_item items[MOST];
	struct batch batch;
	struct diag *diag;
};

static void add(struct trial *trial, const char *script, int after)
{
	const size_t at = trial->batch.count++;
	const char **arguments = trial->arguments[at];

	arguments[0] = "/bin/sh";
	arguments[1] = "-c";
	arguments[2] = script;
	trial->items[at] = (struct batch_item){
		.arguments = arguments,
		.environment = environment,
		.after = after,
	};
	trial->batch.items = trial->items;
}

static void release(struct trial *trial)
{
	for (size_t i = 0; i < trial->batch.count; i++) {
		buffer_release(&trial->items[i].output);
		buffer_release(&trial->items[i].talk);
	}
	diag_free(trial->diag);
}

static void each_one_s_words_and_end_come_back(void **state)
{
	CLEANUP(release) struct trial trial = { .diag = diag_new() };

	(void)state;
	add(&trial, "echo out; echo talk >&2; exit 3", BATCH_AT_ONCE);
	add(&trial, "echo other; kill -9 $$", BATCH_AT_ONCE);
	assert_int_equal(batch_run(&trial.batch, trial.diag), 0);
	assert_int_equal(trial.items[0].exit, 3);
	assert_string_equal(trial.items[0].output.bytes, "out\n");
	assert_string_equal(trial.items[0].talk.bytes, "talk\n");
	assert_int_equal(trial.items[1].exit, 128 + SIGKILL);
	assert_string_equal(trial.items[1].output.bytes, "other\n");
}

/* Each waits for the other's file: one after the other they would not end. */
static void they_run_side_by_side(void **state)
{
	CLEANUP(release) struct trial trial = { .diag = diag_new() };
	char folder[] = "/tmp/trueup-batch-XXXXXX";
	CLEANUP(textp) char *first = NULL;
	CLEANUP(textp) char *second = NULL;

	(void)state;
	assert_non_null(mkdtemp(folder));
	first = xasprintf("cd %s; mkfifo b; read x <b; echo $x", folder);
	second = xasprintf("cd %s; while ! [ -p b ]; do :; done; echo hi >b",
	                   folder);
	add(&trial, first, BATCH_AT_ONCE);
	add(&trial, second, BATCH_AT_ONCE);
	assert_int_equal(batch_run(&trial.batch, trial.diag), 0);
	assert_string_equal(trial.items[0].output.bytes, "hi\n");
	CLEANUP(textp) char *fifo = xasprintf("%s/b", folder);
	assert_int_equal(unlink(fifo), 0);
	assert_int_equal(rmdir(folder), 0);
}

static void one_waits_for_another(void **state)
{
	CLEANUP(release) struct trial trial = { .diag = diag_new() };
	char path[] = "/tmp/trueup-batch-XXXXXX";
	CLEANUP(fdp) int fd = mkstemp(path);
	CLEANUP(textp) char *write = xasprintf("echo first >%s", path);
	CLEANUP(textp) char *read = xasprintf("cat %s", path);

	(void)state;
	assert_true(fd >= 0);
	add(&trial, write, BATCH_AT_ONCE);
	add(&trial, read, 0);
	assert_int_equal(batch_run(&trial.batch, trial.diag), 0);
	assert_string_equal(trial.items[1].output.bytes, "first\n");
	assert_int_equal(unlink(path), 0);
}

static bool at_once(void *context)
{
	(void)context;
	return true;
}

static void stopping_ends_all_and_begins_none(void **state)
{
	CLEANUP(release)
	struct trial trial = { .batch = { .stopping = at_once },
		               .diag = diag_new() };

	(void)state;
	add(&trial, "trap 'exit 130' TERM; tail -f /dev/null & wait",
	    BATCH_AT_ONCE);
	add(&trial, "echo never", 0);
	assert_int_equal(batch_run(&trial.batch, trial.diag), 0);
	assert_int_not_equal(trial.items[0].exit, 0);
	assert_int_equal(trial.items[1].exit, 128 + SIGTERM);
	assert_int_equal(trial.items[1].output.length, 0);
}

static void what_does_not_start_is_reported(void **state)
{
	CLEANUP(release) struct trial trial = { .diag = diag_new() };

	(void)state;
	add(&trial, "exit 0", BATCH_AT_ONCE);
	trial.arguments[0][0] = "/nowhere/at/all";
	assert_int_equal(batch_run(&trial.batch, trial.diag), -1);
	assert_int_equal(diag_at(trial.diag, 0)->code, CODE_PROCESS_UNSTARTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_one_s_words_and_end_come_back),
		cmocka_unit_test(they_run_side_by_side),
		cmocka_unit_test(one_waits_for_another),
		cmocka_unit_test(stopping_ends_all_and_begins_none),
		cmocka_unit_test(what_does_not_start_is_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
