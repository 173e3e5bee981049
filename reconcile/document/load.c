/* SPDX-License-Identifier: MIT */
/*
 * A file and all that it extends. Each file is read and merged once, behind
 * all that it extends itself: where two fragments extend one, that one does not
 * come back over what the first of them says.
 */
#include "base/limits.h"
#include "base/text.h"
#include "document/spans.h"
#include "document/syntax.h"
#include "document/tree.h"
#include "schema/codes.h"
#include "source/source.h"

#include <stdlib.h>
#include <string.h>

/* The files that are being loaded, innermost first. */
struct link {
	const struct link *up;
	const char *path;
	struct place place; /* who names it */
	size_t depth;
};

struct loaded {
	char *path;
	const struct node *tree; /* NULL: its mistakes were reported */
};

struct loader {
	struct documents *documents;
	struct source *source;
	struct diag *diag;
	struct loaded *loaded;
	size_t count, capacity;
	const struct node *merged; /* of all files loaded so far; or NULL */
};

static void loader_release(struct loader *loader)
{
	for (size_t i = 0; i < loader->count; i++)
		free(loader->loaded[i].path);
	free(loader->loaded);
}

static const struct loaded *find_loaded(const struct loader *loader,
                                        const char *path)
{
	for (size_t i = 0; i < loader->count; i++) {
		if (str_equal(loader->loaded[i].path, path))
			return &loader->loaded[i];
	}
	return NULL;
}

static void remember(struct loader *loader, const char *path,
                     const struct node *tree)
{
	loader->loaded = xgrow(loader->loaded, loader->count, &loader->capacity,
	                       sizeof(*loader->loaded));
	loader->loaded[loader->count++] = (struct loaded){
		.path = xstrdup(path),
		.tree = tree,
	};
}

/* ---- what a fragment may not ---- */

static const char *const forbidden[] = { "environment", "platform", "ledger" };

static int check_fragment(const struct loader *loader, const struct node *tree,
                          const struct link *link)
{
	int result = 0;

	for (size_t i = 0; i < tree->count; i++) {
		const struct node *key = node_key(tree, i);
		bool found = false;

		for (size_t k = 0; k < LENGTH(forbidden); k++)
			found = found ||
			        str_equal(node_text(key), forbidden[k]);
		if (!found)
			continue;
		result = diag_error(loader->diag, CODE_EXTENDS_FORBIDDEN_KEY,
		                    node_place(loader->documents, key),
		                    "`%s` may stand only in the environment "
		                    "file, as it decides where things go; "
		                    "move it there",
		                    node_text(key));
		diag_note(loader->diag, link->place,
		          "this file is extended here");
	}
	return result;
}

/* ---- circles and limits ---- */

static void write_chain(FILE *out, const struct loader *loader,
                        const struct link *link, const char *path)
{
	if (!str_equal(link->path, path))
		write_chain(out, loader, link->up, path);
	fprintf(out, "%s -> ", source_display(loader->source, link->path));
}

static int report_cycle(const struct loader *loader, const struct link *link,
                        const char *path, struct place place)
{
	char *chain = NULL;
	size_t length;
	FILE *out = xmemstream(&chain, &length);

	write_chain(out, loader, link, path);
	(void)fclose(out);
	diag_error(loader->diag, CODE_EXTENDS_CYCLE, place,
	           "`%s` extends itself: %s%s; remove one of these",
	           source_display(loader->source, path), chain,
	           source_display(loader->source, path));
	free(chain);
	return -1;
}

static bool is_above(const struct link *link, const char *path)
{
	for (; link; link = link->up) {
		if (str_equal(link->path, path))
			return true;
	}
	return false;
}

/* The first file is no fragment, so it counts for neither limit. */
static int check_limits(const struct loader *loader, const struct link *link)
{
	if (link->depth > LIMIT_EXTENDS_DEPTH)
		return diag_error(loader->diag, CODE_EXTENDS_LIMIT, link->place,
		                  "more than %d files extend one another in a "
		                  "chain; use fewer",
		                  LIMIT_EXTENDS_DEPTH);
	if (documents_file_count(loader->documents) > LIMIT_FILES)
		return diag_error(loader->diag, CODE_EXTENDS_LIMIT, link->place,
		                  "more than %d files are extended; use fewer",
		                  LIMIT_FILES);
	return 0;
}

/* ---- loading ---- */

static const struct node *load(struct loader *loader, const struct link *link);

static const struct node *load_once(struct loader *loader,
                                    const struct link *link)
{
	const struct loaded *loaded = find_loaded(loader, link->path);

	if (loaded)
		return loaded->tree;

	const struct node *tree =
		check_limits(loader, link) < 0 ? NULL : load(loader, link);

	remember(loader, link->path, tree);
	return tree;
}

static const struct node *load_entry(struct loader *loader,
                                     const struct link *link,
                                     const struct node *entry)
{
	struct place place = node_place(loader->documents, entry);

	if (entry->type != NODE_SCALAR || node_scalar(entry) != SCALAR_STRING) {
		diag_error(loader->diag, CODE_EXTENDS_VALUE, place,
		           "`extends` wants a path or a list of paths; write "
		           "`extends: [../base.yaml]`");
		return NULL;
	}

	CLEANUP(textp)
	char *path = source_resolve(loader->source, link->path, entry->text,
	                            place, loader->diag);

	if (!path)
		return NULL;
	if (is_above(link, path)) {
		report_cycle(loader, link, path, place);
		return NULL;
	}

	const struct link next = { link, path, place, link->depth + 1 };

	return load_once(loader, &next);
}

/* Where secrets stand is found on the way, for who shows lines of it. */
static const struct node *parse(struct loader *loader, const char *path,
                                const char *display, struct buffer *text)
{
	CLEANUP(spans_release) struct spans spans = { 0 };
	CLEANUP(watch_freep) struct watch *watch = watch_new(&spans);
	const struct input input = { display, text->bytes, text->length };
	const struct node *tree =
		parse_watched(loader->documents, &input, watch, loader->diag);

	if (watch_saw_all(watch))
		lines_know(loader->source, path, text, &spans);
	return tree;
}

/* The largest of the texts that nobody keeps. */
static void keep_spare(struct documents *documents, struct buffer *text)
{
	if (text->length <= documents->spare.length)
		return;
	buffer_release(&documents->spare);
	documents->spare = *text;
	*text = (struct buffer){ 0 };
}

static const struct node *read_tree(struct loader *loader,
                                    const struct link *link)
{
	CLEANUP(buffer_release) struct buffer buffer = { 0 };
	const char *display = source_display(loader->source, link->path);

	if (source_read(loader->source, link->path, link->place, &buffer,
	                loader->diag) < 0)
		return NULL;

	const struct node *tree = parse(loader, link->path, display, &buffer);

	keep_spare(loader->documents, &buffer);
	if (tree && tree->type != NODE_MAPPING) {
		diag_error(loader->diag, CODE_NO_MAPPING,
		           node_place(loader->documents, tree),
		           "`%s` is not made of keys; write `key: value` "
		           "lines at its top",
		           display);
		return NULL;
	}
	return tree;
}

/* `tree` without its key `extends`. */
static struct node drop_extends(struct documents *documents,
                                const struct node *tree)
{
	struct node bare = *tree;
	struct node *kids =
		arena_alloc(documents->arena, 2 * tree->count * sizeof(*kids));

	bare.count = 0;
	for (size_t i = 0; i < tree->count; i++) {
		if (str_equal(node_text(node_key(tree, i)), "extends"))
			continue;
		memcpy(&kids[2 * bare.count], node_key(tree, i),
		       2 * sizeof(*kids));
		bare.count++;
	}
	bare.kids = kids;
	return bare;
}

static int load_fragments(struct loader *loader, const struct link *link,
                          const struct node *extends)
{
	size_t count = extends->type == NODE_SEQUENCE ? extends->count : 1;
	int result = 0;

	for (size_t i = 0; i < count; i++) {
		const struct node *entry = extends->type == NODE_SEQUENCE
		                                   ? node_item(extends, i)
		                                   : extends;

		if (!load_entry(loader, link, entry))
			result = -1;
	}
	return result;
}

static const struct node *load(struct loader *loader, const struct link *link)
{
	const struct node *tree = read_tree(loader, link);
	const struct node *extends = node_get(tree, "extends");
	struct node own, nothing;
	int result = 0;

	if (!tree)
		return NULL;
	if (link->up)
		result = check_fragment(loader, tree, link);
	if (extends && !node_is_null(extends) &&
	    load_fragments(loader, link, extends) < 0)
		result = -1;
	if (result < 0)
		return NULL;
	own = drop_extends(loader->documents, tree);
	nothing = own;
	nothing.count = 0;
	loader->merged = document_merge(
		loader->documents, loader->merged ? loader->merged : &nothing,
		&own);
	return loader->merged;
}

const struct node *document_load(struct documents *documents,
                                 struct source *source, struct diag *diag)
{
	CLEANUP(loader_release)
	struct loader loader = {
		.documents = documents,
		.source = source,
		.diag = diag,
	};
	const struct link first = { .path = source_first(source) };

	return load(&loader, &first);
}
