/* SPDX-License-Identifier: MIT */
/* The text format: of what was done. */
#include "plan_sample.h"

#include <string.h>

/* A result with one step, of an update of prod/crm. */
struct done {
	struct sample *sample;
	struct step steps[STEP_ENDS];
	struct apply_result result;
};

static struct step *add_step(struct done *done, enum step_end end)
{
	struct step *step = &done->steps[done->result.step_count++];

	*step = (struct step){ .change = done->sample->last, .end = end };
	done->result.steps = done->steps;
	done->result.ends[end]++;
	done->sample->report.apply = &done->result;
	return step;
}

static struct done begin(void **state)
{
	struct done done = { .sample = *state };

	sample_change(done.sample, CHANGE_UPDATE, "crm", 20);
	return done;
}

static void expect(const struct done *done, const char *text)
{
	CLEANUP(textp) char *found = sample_write(done->sample, "text");

	assert_string_equal(found, text);
}

static void every_end_is_told(void **state)
{
	struct done done = begin(state);
	char id[] = "id-1", words[] = "`a` is not known", request[] = "r-7";
	char advice[] = "correct what the platform names";
	char *rewritten[] = { id };
	struct step *step;

	add_step(&done, STEP_NOT_ATTEMPTED);
	step = add_step(&done, STEP_DONE);
	step->id = id;
	step->status = 200;
	step->request_id = request;
	step = add_step(&done, STEP_FAILED);
	step->id = id;
	step->status = 422;
	step->message = words;
	step->request_id = request;
	step->advice = advice;
	add_step(&done, STEP_UNKNOWN)->rewritten = rewritten;
	done.steps[3].rewritten_count = 1;
	add_step(&done, STEP_MOVED)->status = 200;
	done.result.notes = 3;

	expect(&done, "\n"
	              "not attempted  prod/crm  update  -\n"
	              "done           prod/crm  update  id-1\n"
	              "failed         prod/crm  update  id-1  HTTP 422\n"
	              "    `a` is not known\n"
	              "    request r-7\n"
	              "    correct what the platform names\n"
	              "unknown        prod/crm  update  -\n"
	              "    the platform keeps another value of id-1\n"
	              "moved          prod/crm  update  -     HTTP 200\n"
	              "Applied: 1 done, 1 not attempted, 1 failed, 1 unknown, "
	              "1 moved, 3 noted in the ledger.\n");
}

static void interrupted_says_how_to_go_on(void **state)
{
	struct done done = begin(state);

	add_step(&done, STEP_NOT_ATTEMPTED);
	done.result.interrupted = true;

	expect(&done, "\n"
	              "not attempted  prod/crm  update  -\n"
	              "Interrupted: run apply again to go on.\n"
	              "Applied: 0 done, 1 not attempted.\n");
}

static void notes_alone_are_told(void **state)
{
	struct done done = begin(state);

	done.result.notes = 2;
	done.sample->report.apply = &done.result;

	expect(&done, "\nApplied: 0 done, 2 noted in the ledger.\n");
}

static void nothing_done_is_nothing_said(void **state)
{
	struct done done = begin(state);

	done.sample->report.apply = &done.result;

	expect(&done, "");
}

#define HOSTILE "\033[2J\nApplied: 9"

static void words_of_the_platform_are_inert(void **state)
{
	struct done done = begin(state);
	CLEANUP(textp) char *text = NULL;
	char hostile[] = HOSTILE;
	char *rewritten[] = { hostile };
	struct step *step = add_step(&done, STEP_FAILED);

	step->id = step->message = step->request_id = step->advice = hostile;
	step->rewritten = rewritten;
	step->rewritten_count = 1;
	done.sample->last->address = HOSTILE;

	text = sample_write(done.sample, "text");

	assert_null(strchr(text, '\033'));
	assert_null(strstr(text, "\nApplied: 9"));
}

/* Of pages, whose changes are many. */
static void what_was_not_done_is_read_first(void **state)
{
	static const char *const formats[] = { "markdown", "html" };
	struct done done = begin(state);
	char words[] = "`a` <b> is not known", request[] = "r-7";
	struct step *step = add_step(&done, STEP_FAILED);

	step->message = words;
	step->request_id = request;
	add_step(&done, STEP_DONE);
	done.result.interrupted = true;
	done.sample->report.command = "apply";
	done.sample->report.exit = 9;
	for (size_t i = 0; i < LENGTH(formats); i++) {
		CLEANUP(textp)
		char *page = sample_write(done.sample, formats[i]);
		const char *failed = strstr(page, "Not done");

		assert_non_null(failed);
		assert_non_null(strstr(failed, "is not known"));
		assert_non_null(strstr(failed, "request  r-7"));
		assert_non_null(strstr(failed, "Interrupted: run apply"));
		assert_true(failed < strstr(page, "Without known risk"));
		assert_non_null(strstr(page, "Applied: 1 done, 1 failed."));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SAMPLE_TEST(every_end_is_told),
		SAMPLE_TEST(interrupted_says_how_to_go_on),
		SAMPLE_TEST(notes_alone_are_told),
		SAMPLE_TEST(nothing_done_is_nothing_said),
		SAMPLE_TEST(words_of_the_platform_are_inert),
		SAMPLE_TEST(what_was_not_done_is_read_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
