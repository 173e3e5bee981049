/* SPDX-License-Identifier: MIT */
#include "source/path.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* The parts of a path, borrowed from two texts. */
struct parts {
	const char **names;
	size_t *lengths;
	size_t count, capacity, lengths_capacity;
	size_t left; /* times that `..` led above the start */
};

static void release_parts(struct parts *parts)
{
	free(parts->names);
	free(parts->lengths);
}

static void push(struct parts *parts, const char *name, size_t length)
{
	parts->names = xgrow(parts->names, parts->count, &parts->capacity,
	                     sizeof(*parts->names));
	parts->lengths =
		xgrow(parts->lengths, parts->count, &parts->lengths_capacity,
	              sizeof(*parts->lengths));
	parts->names[parts->count] = name;
	parts->lengths[parts->count++] = length;
}

static void add_part(struct parts *parts, const char *name, size_t length)
{
	if (length == 0 || (length == 1 && name[0] == '.'))
		return;
	if (length != 2 || memcmp(name, "..", 2) != 0)
		push(parts, name, length);
	else if (parts->count)
		parts->count--;
	else
		parts->left++;
}

static void add_path(struct parts *parts, const char *path)
{
	while (*path) {
		size_t length = strcspn(path, "/");

		add_part(parts, path, length);
		path += length;
		path += *path == '/';
	}
}

static void write_parts(FILE *out, const struct parts *parts, size_t from)
{
	for (size_t i = from; i < parts->count; i++)
		fprintf(out, "%s%.*s", i > from ? "/" : "",
		        (int)parts->lengths[i], parts->names[i]);
}

static char *join_parts(const struct parts *parts, const char *before)
{
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	fputs(before, out);
	for (size_t i = 0; i < parts->left && !*before; i++)
		fputs(parts->count || i + 1 < parts->left ? "../" : "..", out);
	write_parts(out, parts, 0);
	if (!*before && !parts->left && !parts->count)
		fputc('.', out);
	(void)fclose(out);
	return text;
}

char *path_resolve(const char *folder, const char *reference)
{
	CLEANUP(release_parts) struct parts parts = { 0 };
	const char *start = str_starts(reference, "/") ? "" : folder;

	add_path(&parts, start);
	add_path(&parts, reference);
	return join_parts(&parts,
	                  start[0] == '/' || reference[0] == '/' ? "/" : "");
}

char *path_resolve_inside(const char *folder, const char *reference)
{
	CLEANUP(release_parts) struct parts parts = { 0 };

	add_path(&parts, folder);
	add_path(&parts, reference);
	return parts.left ? NULL : join_parts(&parts, "");
}

char *path_between(const char *folder, const char *path)
{
	CLEANUP(release_parts) struct parts from = { 0 };
	CLEANUP(release_parts) struct parts to = { 0 };
	char *text = NULL;
	size_t length, shared = 0;

	add_path(&from, folder);
	add_path(&to, path);
	while (shared < from.count && shared < to.count &&
	       from.lengths[shared] == to.lengths[shared] &&
	       memcmp(from.names[shared], to.names[shared],
	              to.lengths[shared]) == 0)
		shared++;

	FILE *out = xmemstream(&text, &length);

	for (size_t i = shared; i < from.count; i++)
		fputs("../", out);
	write_parts(out, &to, shared);
	(void)fclose(out);
	return text;
}
