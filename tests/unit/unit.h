/* SPDX-License-Identifier: MIT */
/* Unit: what cmocka wants included before it, and folders for tests. */
#ifndef TESTS_UNIT_UNIT_H
#define TESTS_UNIT_UNIT_H

#include "base/diag.h"
#include "base/file.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

/* A new folder under $TMPDIR, for folder_removep(). */
static inline char *folder_make(void)
{
	const char *base = getenv("TMPDIR");
	char *path = path_join(base && *base ? base : "/tmp", "trueup-XXXXXX");

	assert_non_null(mkdtemp(path));
	return path;
}

/* Removes it with what is in it; for CLEANUP(). */
static inline void folder_removep(char **path)
{
	if (*path)
		folder_remove(*path);
	free(*path);
}

/* What a diag would show, without colour. */
static inline char *diag_text(const struct diag *diag)
{
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	diag_write(diag, out, DIAG_PLAIN);
	(void)fclose(out);
	return text;
}

#endif
