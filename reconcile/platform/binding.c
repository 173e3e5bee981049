/* SPDX-License-Identifier: MIT */
#include "platform/binding.h"

#include "base/pattern.h"
#include "base/text.h"
#include "platform/around.h"
#include "platform/manual.h"
#include "schema/codes.h"
#include "schema/schema.h"
#include "shape/shape.h"

#include <stdlib.h>
#include <string.h>

static const char folder[] = "platforms/";
static const char ending[] = ".yaml";

/* ---- bindings ---- */

static void hash_bytes(const char *bytes, size_t length,
                       char out[HASH_HEX_SIZE])
{
	struct hash *hash = hash_new();
	uint8_t digest[HASH_BYTES];

	hash_add(hash, bytes, length);
	hash_end(hash, digest);
	text_hex(out, digest, sizeof(digest));
}

static struct binding *binding_new(void)
{
	struct binding *binding = xcalloc(1, sizeof(*binding));

	binding->arena = arena_new();
	binding->documents = documents_new();
	binding->values = json_array();
	return binding;
}

void binding_free(struct binding *binding)
{
	if (!binding)
		return;
	for (size_t i = 0; i < binding->pattern_count; i++)
		pattern_free(binding->patterns[i]);
	free(binding->patterns);
	json_decref(binding->values);
	documents_free(binding->documents);
	arena_free(binding->arena);
	free(binding);
}

static int check_shape(const struct binding *binding, const struct node *root,
                       struct diag *diag)
{
	CLEANUP(shape_freep)
	struct shape *shape = shape_embedded("binding.schema.json");

	return shape_check(shape, binding->documents, root, diag);
}

/* Makes of a tree, which is of the right shape, what `binding` says. */
static int compile(struct binding *binding, const struct node *root,
                   struct diag *diag)
{
	if (binding_compile(binding, root, diag) < 0 ||
	    around_compile(binding, root, diag) < 0 ||
	    manual_compile(binding, root, diag) < 0 ||
	    (!binding->manual && binding_check(binding, diag) < 0))
		return -1;
	if (!binding->manual)
		binding_derive(binding);
	return 0;
}

struct binding *binding_parse(const char *display, const char *bytes,
                              size_t length, struct diag *diag)
{
	CLEANUP(binding_freep) struct binding *binding = binding_new();
	const size_t errors = diag_count(diag, SEVERITY_ERROR);
	const struct node *root = document_parse(binding->documents, display,
	                                         bytes, length, diag);

	if (!root || diag_count(diag, SEVERITY_ERROR) > errors ||
	    check_shape(binding, root, diag) < 0 ||
	    compile(binding, root, diag) < 0)
		return NULL;
	hash_bytes(bytes, length, binding->hash);
	return TAKE(binding);
}

/* ---- those that are built in ---- */

/* "x" of "platforms/x.yaml"; NULL for another file. */
static char *name_of(const char *path)
{
	if (!str_starts(path, folder) || !str_ends(path, ending))
		return NULL;
	path += strlen(folder);
	return xstrndup(path, strlen(path) - strlen(ending));
}

char **binding_names(size_t *count)
{
	char **names = xcalloc(schema_file_count + 1, sizeof(*names));

	*count = 0;
	for (size_t i = 0; i < schema_file_count; i++) {
		names[*count] = name_of(schema_files[i].name);
		if (names[*count])
			(*count)++;
	}
	return names;
}

void binding_names_free(char **names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	free(names);
}

static char *list_names(char *const *names, size_t count)
{
	char *list = NULL;
	size_t length;
	FILE *out = xmemstream(&list, &length);

	for (size_t i = 0; i < count; i++)
		fprintf(out, "%s%s", i ? ", " : "", names[i]);
	(void)fclose(out);
	return list;
}

static struct binding *refuse_name(const char *name, struct place place,
                                   struct diag *diag)
{
	size_t count;
	char **names = binding_names(&count);
	CLEANUP(textp) char *list = list_names(names, count);
	const char *near =
		text_nearest(name, (const char *const *)names, count);

	if (near)
		diag_error(diag, CODE_UNKNOWN_BINDING, place,
		           "there is no binding `%s`; did you mean `%s`?", name,
		           near);
	else
		diag_error(diag, CODE_UNKNOWN_BINDING, place,
		           "there is no binding `%s`; there are: %s", name,
		           list);
	binding_names_free(names, count);
	return NULL;
}

/* Its shape is checked by a test, once and for all. */
static struct binding *load(const struct schema_file *file, struct diag *diag)
{
	CLEANUP(binding_freep) struct binding *binding = binding_new();
	const struct schema_file *tree = schema_find_tree(file->name);
	const struct node *root = document_unpack(
		binding->documents, file->name, tree->bytes, tree->length);

	if (compile(binding, root, diag) < 0)
		return NULL;
	hash_bytes(file->bytes, file->length, binding->hash);
	return TAKE(binding);
}

struct binding *binding_load(const char *name, struct place place,
                             struct diag *diag)
{
	CLEANUP(textp) char *path = xasprintf("%s%s%s", folder, name, ending);
	const struct schema_file *file = schema_find(path);

	if (!file)
		return refuse_name(name, place, diag);
	return load(file, diag);
}

/* ---- what others may know ---- */

const char *binding_name(const struct binding *binding)
{
	return binding->name;
}

const char *binding_url(const struct binding *binding)
{
	return binding->url;
}

const struct traits *binding_traits(const struct binding *binding)
{
	return &binding->traits;
}

const char *binding_hash(const struct binding *binding)
{
	return binding->hash;
}

const char *const binding_status_names[BINDING_STATUSES] = {
	[BINDING_VERIFIED] = "verified",
	[BINDING_DOCUMENTED] = "documented",
	[BINDING_UNVERIFIED] = "unverified",
};

enum binding_status binding_status(const struct binding *binding)
{
	return binding->status;
}

bool binding_is_verified(const struct binding *binding)
{
	return binding->status == BINDING_VERIFIED;
}
