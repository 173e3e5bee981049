/* SPDX-License-Identifier: MIT */
/* The whole road again and again in one process: files are fetched, loaded
 * and planned against another revision. */
#include "base/text.h"
#include "git_world.h"
#include "run/run.h"
#include "secrets/secrets.h"

#include <malloc.h>
#include <stdlib.h>

#ifdef TRUEUP_SANITIZE
/* gcc does not ship the sanitizers' headers. */
size_t __sanitizer_get_current_allocated_bytes(void);

enum { GROWTH_BYTES = 0 };

static size_t live_bytes(void)
{
	return __sanitizer_get_current_allocated_bytes();
}
#else
/* Some of what is freed counts as live until it is of use again. */
enum { GROWTH_BYTES = 1 << 18 };

static size_t live_bytes(void)
{
	return mallinfo2().uordblks;
}
#endif

enum { CYCLES = 100, WARM = 10, CHANGES_EVERY = 20 };

static bool has_children(void)
{
	CLEANUP(textp)
	char *path = xasprintf("/proc/self/task/%d/children", getpid());
	CLEANUP(filep) FILE *in = fopen(path, "re");
	unsigned long pid;

	return in && fscanf(in, "%lu", &pid) == 1;
}

/* A branch that differs from main, and differs each time. */
static void change(const struct git_world *world, int number)
{
	CLEANUP(textp)
	char *script = xasprintf(
		"cd repo; printf '  app-%d: { connector: notion, client: "
		"managed }\\n' >>prod.yaml; commit . more",
		number);

	git_world_do(world, script);
}

static void make_repository(const struct git_world *world)
{
	git_world_do(world,
	             "say init repo; cd repo; printf 'trueup: 1\\n"
	             "environment: prod\\nplatform:\\n  binding: "
	             "alloy-assumed\\n  url: http://127.0.0.1:9\\n  apiKey: "
	             "{ env: KEY }\\nauthConfigs:\\n  first: { connector: "
	             "slack, client: managed }\\n' >prod.yaml; commit . first; "
	             "say checkout -b branch");
}

/* What a plan says, for free(). */
static char *plan(const struct git_world *world, const char *url)
{
	CLEANUP(textp) char *home = xasprintf("HOME=%s", world->root);
	char *environment[] = { home, NULL };
	CLEANUP(variables_freep)
	struct variables *variables = variables_new(environment);
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	const char *files[] = { "prod.yaml" };
	const char *const arguments[] = { "plan", NULL };
	char *said = NULL;
	size_t length;
	struct run run = {
		.command = "plan",
		.arguments = arguments,
		.environment = (const char *const *)environment,
		.options = { .files = { files, 1 },
		             .git = url,
		             .ref = "branch",
		             .base = "main",
		             .max_bytes = -1,
		             .allow_deletes = -1,
		             .allow_changes = -1,
		             .allow_missing = -1,
		             .break_connections = -1,
		             .limit = -1,
		             .flags = RUN_ALLOW_FILE },
		.variables = variables,
		.clock = clock_system(),
		.diag = diag,
		.in = stdin,
		.out = xmemstream(&said, &length),
		.talk = stderr,
	};
	const int code = run_plan(&run);

	(void)fclose(run.out);
	run_release(&run);
	if (code != 0) {
		CLEANUP(textp) char *text = diag_text(diag);

		fail_msg("%d: %s", code, text);
	}
	return said;
}

static void a_hundred_fetched_plans_leave_nothing_behind(void **state)
{
	struct git_world *world = *state;
	CLEANUP(textp) char *url = xasprintf("file://%s/repo", world->root);
	size_t files = 0, bytes = 0;
	int changes = 0;

	make_repository(world);
	for (int i = 0; i < CYCLES; i++) {
		if (i % CHANGES_EVERY == 0)
			change(world, ++changes);

		char *said = plan(world, url);
		CLEANUP(textp)
		char *wanted = xasprintf("Plan: %d to add, ", changes);

		assert_true(str_starts(said, wanted));
		free(said);
		if (i != WARM)
			continue;
		files = git_world_open_files("self");
		bytes = live_bytes();
	}
	assert_int_equal(git_world_open_files("self"), files);
	assert_in_range(live_bytes(), 0, bytes + GROWTH_BYTES);
	assert_false(has_children());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_hundred_fetched_plans_leave_nothing_behind,
			git_world_make, git_world_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
