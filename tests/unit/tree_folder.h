/* SPDX-License-Identifier: MIT */
/* Tree folder: a folder of files to load documents from, for unit tests. */
#ifndef TESTS_UNIT_TREE_FOLDER_H
#define TESTS_UNIT_TREE_FOLDER_H

#include "document/document.h"
#include "source/source.h"
#include "unit.h"

#include <sys/stat.h>

/* A folder of our own, which is where the process stands. */
struct tree_folder {
	char *path;
	struct documents *documents;
	struct source *source;
	struct diag *diag;
	const struct node *root;
};

static inline int tree_folder_make(void **state)
{
	static struct tree_folder folder;

	folder = (struct tree_folder){ .path = folder_make() };
	assert_int_equal(chdir(folder.path), 0);
	folder.documents = documents_new();
	folder.diag = diag_new();
	*state = &folder;
	return 0;
}

static inline int tree_folder_remove(void **state)
{
	struct tree_folder *folder = *state;

	documents_free(folder->documents);
	source_free(folder->source);
	diag_free(folder->diag);
	assert_int_equal(chdir("/"), 0);
	folder_remove(folder->path);
	free(folder->path);
	return 0;
}

static inline void tree_folder_write(const char *path, const char *text)
{
	FILE *out = fopen(path, "we");

	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
}

/* Loads `path`; the root is NULL where that failed. */
static inline void tree_folder_load(struct tree_folder *folder,
                                    const char *path)
{
	folder->source = source_directory(path, NULL, folder->diag);
	assert_non_null(folder->source);
	folder->root =
		document_load(folder->documents, folder->source, folder->diag);
	diag_sort(folder->diag);
}

#define TREE_FOLDER_TEST(test)                                  \
	cmocka_unit_test_setup_teardown(test, tree_folder_make, \
	                                tree_folder_remove)

#endif
