/* SPDX-License-Identifier: MIT */
/* Git world: a folder of repositories, made by git itself, and a session. */
#ifndef TESTS_UNIT_GIT_WORLD_H
#define TESTS_UNIT_GIT_WORLD_H

#include "base/process.h"
#include "git/git.h"
#include "unit.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

struct git_world {
	char *root; /* the test stands in it */
	struct diag *diag;
	struct git_settings settings;
};

/* Runs `script` by sh in the world's folder; its stdout without the last
 * newline, for free(). */
static inline char *git_world_run(const struct git_world *world,
                                  const char *script)
{
	CLEANUP(textp)
	char *whole = xasprintf(
		"set -e; cd '%s'; say() { git -c init.defaultBranch=main "
		"\"$@\" >/dev/null 2>&1; }; commit() { say -C \"$1\" add -A; "
		"say -C \"$1\" commit --allow-empty -m \"$2\"; git -C \"$1\" "
		"rev-parse HEAD; }; %s",
		world->root, script);
	const char *const arguments[] = { "/bin/sh", "-c", whole, NULL };
	static const char *const environment[] = {
		"PATH=/usr/local/bin:/usr/bin:/bin",
		"HOME=/nonexistent",
		"LC_ALL=C",
		"GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=Ann",
		"GIT_AUTHOR_EMAIL=ann@example.org",
		"GIT_COMMITTER_NAME=Ann",
		"GIT_COMMITTER_EMAIL=ann@example.org",
		"GIT_AUTHOR_DATE=1700000000 +0000",
		"GIT_COMMITTER_DATE=1700000000 +0000",
		NULL
	};
	const struct process process = {
		.arguments = arguments,
		.environment = environment,
		.deadline_ms = 60000,
		.output_limit_bytes = 1 << 20,
	};
	struct process_result result;
	char *text;

	assert_int_equal(process_run(&process, &result, world->diag), 0);
	if (result.end != PROCESS_EXITED || result.status != 0)
		fail_msg("`%s` ended with %d: %s", script, result.status,
		         result.talk.bytes);
	text = xstrdup(result.output.bytes);
	text[strcspn(text, "\n")] = '\0';
	process_result_release(&result);
	return text;
}

/* The same for scripts that say nothing. */
static inline void git_world_do(const struct git_world *world,
                                const char *script)
{
	free(git_world_run(world, script));
}

static inline int git_world_make(void **state)
{
	struct git_world *world = xcalloc(1, sizeof(*world));

	world->root = folder_make();
	world->diag = diag_new();
	world->settings.timeout_ms = 30000;
	assert_int_equal(chdir(world->root), 0);
	*state = world;
	return 0;
}

static inline int git_world_end(void **state)
{
	struct git_world *world = *state;

	assert_int_equal(chdir("/"), 0);
	folder_remove(world->root);
	free(world->root);
	diag_free(world->diag);
	free(world);
	return 0;
}

static inline struct git *git_world_open(struct git_world *world,
                                         const char *folder)
{
	CLEANUP(textp) char *path = path_join(world->root, folder);
	struct git *git = git_open(path, &world->settings, world->diag);

	if (!git) {
		CLEANUP(textp) char *text = diag_text(world->diag);

		fail_msg("%s", text);
	}
	return git;
}

static inline unsigned git_world_code(const struct git_world *world)
{
	const size_t length = diag_length(world->diag);

	return length ? diag_at(world->diag, length - 1)->code : 0;
}

static inline struct git_id git_world_id(const char *text)
{
	struct git_id id = { "" };

	assert_int_equal(git_id_parse(text, &id), 0);
	return id;
}

/* Descriptors of a process; "self" is ours. */
static inline size_t git_world_open_files(const char *pid)
{
	CLEANUP(textp) char *path = xasprintf("/proc/%s/fd", pid);
	DIR *folder = opendir(path);
	size_t count = 0;

	assert_non_null(folder);
	while (readdir(folder))
		count++;
	(void)closedir(folder);
	return count;
}

#endif
