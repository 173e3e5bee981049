/* SPDX-License-Identifier: MIT */
/* A world for tests of secrets: variables, and files in two folders. */
#ifndef TESTS_UNIT_SECRETS_WORLD_H
#define TESTS_UNIT_SECRETS_WORLD_H

#include "base/limits.h"
#include "base/text.h"
#include "schema/codes.h"
#include "secrets/secrets.h"
#include "unit.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define CANARY "xoxb-canary-4f1d9c"

struct world {
	char *folder; /* "root" and "operators" are in it */
	char *root, *operators;
	const char *folders[1];
	struct secret_settings settings;
	struct variables *variables;
	struct secret *secret;
	struct diag *diag;
};

static char *const environment[] = {
	(char[]){ "GOOD=" CANARY },
	(char[]){ "EMPTY=" },
	(char[]){ "no sign" },
	(char[]){ "GOOD=the second of that name" },
	(char[]){ "WITH_SIGN=a=b=c" },
	(char[]){ "GOO=shorter" },
	(char[]){ "GOODER=longer" },
	NULL,
};

static inline char *sub_folder(const struct world *world, const char *name)
{
	char *path = path_join(world->folder, name);

	assert_int_equal(mkdir(path, 0700), 0);
	return path;
}

static inline int make_world(void **context)
{
	struct world *world = xcalloc(1, sizeof(*world));

	world->folder = folder_make();
	world->root = sub_folder(world, "root");
	world->operators = sub_folder(world, "operators");
	world->folders[0] = world->operators;
	world->variables = variables_new(environment);
	world->diag = diag_new();
	world->settings = (struct secret_settings){
		.variables = world->variables,
		.root = world->root,
		.folders = world->folders,
		.folder_count = 1,
	};
	*context = world;
	return 0;
}

/* What tests may have put into a folder. */
static inline void empty_folder(const char *folder)
{
	static const char *const names[] = {
		"file",   "link",       "pipe",  "sub/file",
		"sub",    "other/file", "other", "trueup/fingerprint-key",
		"trueup", "key",
	};

	for (size_t i = 0; i < LENGTH(names); i++) {
		CLEANUP(textp) char *path = path_join(folder, names[i]);

		if (unlink(path) < 0)
			(void)rmdir(path);
	}
}

static inline int drop_world(void **context)
{
	struct world *world = *context;

	empty_folder(world->root);
	empty_folder(world->operators);
	assert_int_equal(rmdir(world->root), 0);
	assert_int_equal(rmdir(world->operators), 0);
	folder_removep(&world->folder);
	free(world->root);
	free(world->operators);
	variables_free(world->variables);
	secret_free(world->secret);
	diag_free(world->diag);
	free(world);
	return 0;
}

static inline char *put(const char *folder, const char *name, const char *bytes,
                        mode_t mode)
{
	char *path = path_join(folder, name);
	CLEANUP(fdp) int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	size_t length = strlen(bytes);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, length), length);
	assert_int_equal(fchmod(fd, mode), 0);
	return path;
}

static inline enum secret_found resolve(struct world *world, const char *source)
{
	const struct place place = { "prod.yaml", 12, 15 };

	secret_free(TAKE(world->secret));
	return secret_resolve(&world->settings, source, place, &world->secret,
	                      world->diag);
}

static inline void expect_secret(struct world *world, const char *source,
                                 const char *value)
{
	enum secret_found found = resolve(world, source);

	if (found != SECRET_RESOLVED) {
		CLEANUP(textp) char *said = diag_text(world->diag);

		fail_msg("%s", said);
	}
	assert_string_equal(secret_reveal(world->secret), value);
	assert_int_equal(secret_length(world->secret), strlen(value));
	assert_int_equal(diag_length(world->diag), 0);
}

static inline void expect_refused(struct world *world, const char *source,
                                  unsigned code, const char *part)
{
	CLEANUP(textp) char *said = NULL;
	const struct diag_report *report;

	assert_int_equal(resolve(world, source), SECRET_REFUSED);
	assert_null(world->secret);
	assert_int_equal(diag_length(world->diag), 1);
	report = diag_at(world->diag, 0);
	if (!strstr(report->text, part))
		fail_msg("`%s` is not in: %s", part, report->text);
	assert_int_equal(report->code, code);
	assert_int_equal(report->place.line, 12);
	said = diag_text(world->diag);
	assert_null(strstr(said, CANARY));
	diag_free(world->diag);
	world->diag = diag_new();
}

static inline void expect_absent(struct world *world, const char *source)
{
	assert_int_equal(resolve(world, source), SECRET_UNRESOLVED);
	assert_null(world->secret);
	assert_int_equal(diag_length(world->diag), 0);
}

#endif
