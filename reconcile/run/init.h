/* SPDX-License-Identifier: MIT */
/* Init: a new folder in the making. */
#ifndef RECONCILE_RUN_INIT_H
#define RECONCILE_RUN_INIT_H

#include "platform/platform.h"

#include <stddef.h>

struct init_file {
	char *name, *bytes;
};

struct init {
	const char *dir; /* borrowed */
	char *platform;
	struct binding *binding;
	struct binding_facts facts;
	char **environments;
	size_t environment_count;
	struct init_file *files; /* the environments' first, in their order */
	size_t file_count;
};

/* What stands for a word of a template; each is used once. */
struct filling_word {
	const char *word, *text;
};

/* A template with its words replaced; the caller's. */
char *init_fill(const char *template, const struct filling_word *words,
                size_t count) MUST_CHECK;

#endif
