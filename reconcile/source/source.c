/* SPDX-License-Identifier: MIT */
#include "source/kind.h"

#include "base/arena.h"
#include "base/text.h"
#include "schema/codes.h"
#include "source/path.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct place source_place(const char *file)
{
	return (struct place){ .file = file };
}

int source_unreadable(const char *name, struct place place, int why,
                      struct diag *diag)
{
	if (why == ENOENT)
		return diag_error(diag, CODE_FILE_UNREADABLE, place,
		                  "`%s` does not exist; check the path, which "
		                  "starts at the file that names it",
		                  name);
	return diag_error(diag, CODE_FILE_UNREADABLE, place,
	                  "`%s` cannot be read: %s; check the path and its "
	                  "permissions",
	                  name, strerror(why));
}

char *source_folder_of(const char *file)
{
	CLEANUP(textp) char *here = path_real(".");
	CLEANUP(textp) char *folder = path_folder(file);

	return path_resolve(here ? here : "/", folder);
}

const char *source_below(const char *root, const char *path)
{
	size_t length = str_equal(root, "/") ? 0 : strlen(root);

	if (strncmp(root, path, length) != 0)
		return NULL;
	if (path[length] == '\0')
		return "";
	return path[length] == '/' ? path + length + 1 : NULL;
}

int source_outside(const char *file, const char *root, struct diag *diag)
{
	return diag_error(diag, CODE_OUTSIDE_ROOT, source_place(file),
	                  "`%s` lies outside the root `%s`; name a file inside "
	                  "it, or another root with --root",
	                  file, root);
}

struct source *source_begin(const char *file)
{
	struct source *source = xcalloc(1, sizeof(*source));

	source->texts = arena_new();
	source->root_fd = -1;
	source->typed = xstrdup(file);
	return source;
}

void source_free(struct source *source)
{
	if (!source)
		return;
	for (size_t i = 0; i < source->known_count; i++) {
		if (source->known[i].release)
			source->known[i].release(source->known[i].thing);
	}
	free(source->known);
	fdp(&source->root_fd);
	free(source->root);
	free(source->label);
	free(source->revision);
	free(source->prefix);
	free(source->mark);
	free(source->first);
	free(source->typed);
	arena_free(source->texts);
	free(source);
}

const char *source_first(const struct source *source)
{
	return source->first;
}

const char *source_revision(const struct source *source)
{
	return source->revision;
}

const char *source_root(const struct source *source)
{
	return source->root;
}

/* ---- names ---- */

static char *make_name(const struct source *source, const char *path)
{
	if (str_equal(path, source->first))
		return xstrdup(source->typed);

	CLEANUP(textp) char *first_folder = path_folder(source->first);
	CLEANUP(textp) char *typed_folder = path_folder(source->typed);
	CLEANUP(textp) char *between = path_between(first_folder, path);

	return path_resolve(typed_folder, between);
}

static char *make_display(const struct source *source, const char *path)
{
	CLEANUP(textp) char *name = make_name(source, path);

	return source->mark ? xasprintf("%s:%s", source->mark, name)
	                    : TAKE(name);
}

static struct known *find_known(const struct source *source, const char *path)
{
	for (size_t i = 0; i < source->known_count; i++) {
		if (str_equal(source->known[i].path, path))
			return &source->known[i];
	}
	return NULL;
}

static struct known *know(struct source *source, const char *path)
{
	struct known *known = find_known(source, path);

	if (known)
		return known;

	CLEANUP(textp) char *display = make_display(source, path);

	source->known = xgrow(source->known, source->known_count,
	                      &source->known_capacity, sizeof(*known));
	known = &source->known[source->known_count++];
	*known = (struct known){
		.path = arena_copy(source->texts, path, strlen(path)),
		.display = arena_copy(source->texts, display, strlen(display)),
	};
	return known;
}

const char *source_display(struct source *source, const char *path)
{
	return know(source, path)->display;
}

const char *source_path_of(const struct source *source, const char *display)
{
	for (size_t i = 0; i < source->known_count; i++) {
		if (str_equal(source->known[i].display, display))
			return source->known[i].path;
	}
	return NULL;
}

const char *source_known(const struct source *source, size_t index)
{
	return index < source->known_count ? source->known[index].path : NULL;
}

void *source_kept(const struct source *source, const char *path)
{
	const struct known *known = find_known(source, path);

	return known ? known->thing : NULL;
}

void source_keep(struct source *source, const char *path, void *thing,
                 source_free_fn *release)
{
	struct known *known = know(source, path);

	if (known->release)
		known->release(known->thing);
	known->thing = thing;
	known->release = release;
}

char *source_resolve(const struct source *source, const char *from,
                     const char *reference, struct place place,
                     struct diag *diag)
{
	CLEANUP(textp) char *folder = from ? path_folder(from) : xstrdup(".");

	if (reference[0] == '/') {
		diag_error(diag, CODE_OUTSIDE_ROOT, place,
		           "`%s` is an absolute path; write it as seen from "
		           "the file it stands in, inside the root `%s`",
		           reference, source->label);
		return NULL;
	}

	char *path = path_resolve_inside(folder, reference);

	if (!path)
		diag_error(diag, CODE_OUTSIDE_ROOT, place,
		           "`%s` leaves the root `%s`; name a file inside it, "
		           "or choose a wider root with --root",
		           reference, source->label);
	return path;
}

int source_read(const struct source *source, const char *path,
                struct place place, struct buffer *out, struct diag *diag)
{
	CLEANUP(textp) char *name = make_display(source, path);
	const struct reading reading = {
		.name = name,
		.place = place.file ? place : source_place(name),
		.diag = diag,
	};

	return source->read(source, path, &reading, out);
}

int source_read_part(const struct source *source, const char *path,
                     size_t offset, size_t length, struct buffer *out)
{
	CLEANUP(diag_freep) struct diag *ignored = diag_new();
	CLEANUP(buffer_release) struct buffer part = { 0 };
	const struct reading reading = { .name = path, .diag = ignored };

	if (!source->read_part)
		return -1;
	part.bytes = xcalloc(length + 1, 1);
	part.length = length;
	if (source->read_part(source, path, &reading, offset, &part) < 0)
		return -1;
	*out = part;
	part = (struct buffer){ 0 };
	return 0;
}
