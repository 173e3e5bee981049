/* SPDX-License-Identifier: MIT */
#include "source/kind.h"

#include "base/limits.h"
#include "base/text.h"
#include "schema/codes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void names_release(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->items[i]);
	free(names->items);
}

static void close_folder(DIR **folder)
{
	if (*folder)
		(void)closedir(*folder);
}

bool source_may_be_yaml(const char *name)
{
	return name[0] != '.' &&
	       (str_ends(name, ".yaml") || str_ends(name, ".yml"));
}

bool source_names_environment(const char *text)
{
	static const char *const starts[] = {
		"environment:", "\"environment\":", "'environment':"
	};

	if (str_starts(text, "\xef\xbb\xbf"))
		text += 3;
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		for (size_t i = 0; i < LENGTH(starts); i++) {
			if (str_starts(line, starts[i]))
				return true;
		}
	}
	return false;
}

/* What cannot be read is none of the candidates. */
static bool is_environment_file(int folder, const char *name)
{
	CLEANUP(diag_freep) struct diag *ignored = diag_new();
	CLEANUP(buffer_release) struct buffer text = { 0 };
	CLEANUP(fdp)
	int fd = openat(folder, name,
	                O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat info;

	if (fd < 0 || fstat(fd, &info) < 0 || !S_ISREG(info.st_mode))
		return false;
	if (file_read_fd(fd, name, LIMIT_FILE_BYTES, PLACE_NONE, &text,
	                 ignored) < 0)
		return false;
	return source_names_environment(text.bytes);
}

void names_add(struct names *names, const char *name)
{
	names->items = xgrow(names->items, names->count, &names->capacity,
	                     sizeof(*names->items));
	names->items[names->count++] = xstrdup(name);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int list_candidates(const char *folder, struct names *names,
                           struct diag *diag)
{
	CLEANUP(close_folder) DIR *stream = opendir(folder);

	if (!stream)
		return diag_error(diag, CODE_FILE_UNREADABLE,
		                  (struct place){ .file = folder },
		                  "`%s` cannot be read: %s; check the path "
		                  "and its permissions",
		                  folder, strerror(errno));
	for (struct dirent *entry; (entry = readdir(stream));) {
		if (!source_may_be_yaml(entry->d_name) ||
		    !is_environment_file(dirfd(stream), entry->d_name))
			continue;
		names_add(names, entry->d_name);
	}
	return 0;
}

static void report_several(const struct names *names, struct diag *diag)
{
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	for (size_t i = 0; i < names->count; i++)
		fprintf(out, "%s`%s`", i ? ", " : "", names->items[i]);
	(void)fclose(out);
	diag_error(diag, CODE_SEVERAL_FILES, PLACE_NONE,
	           "several environment files lie here: %s; name one with -f",
	           text);
	free(text);
}

char *names_only(struct names *names, const char *folder, struct diag *diag)
{
	if (names->count == 1)
		return xstrdup(names->items[0]);
	if (names->count) {
		qsort(names->items, names->count, sizeof(*names->items),
		      compare_names);
		report_several(names, diag);
		return NULL;
	}
	diag_error(diag, CODE_NO_FILE, PLACE_NONE,
	           "no file in `%s` has an `environment:` line; name the "
	           "environment file with -f",
	           folder);
	return NULL;
}

char *source_find(const char *folder, struct diag *diag)
{
	CLEANUP(names_release) struct names names = { 0 };
	CLEANUP(textp) char *name = NULL;

	if (list_candidates(folder, &names, diag) < 0)
		return NULL;
	name = names_only(&names, folder, diag);
	if (!name || str_equal(folder, "."))
		return TAKE(name);
	return path_join(folder, name);
}
