/* SPDX-License-Identifier: MIT */
/*
 * trees FOLDER NAME…: parses FOLDER/NAME as our files are, and writes a line
 * each: the tree as JSON, or `!` and the codes of what was wrong.
 */
#include "document/document.h"

#include <stdlib.h>

enum { MOST_BYTES = 1 << 20 };

static void write_codes(const struct diag *diag)
{
	fputs("!", stdout);
	for (size_t i = 0; i < diag_length(diag); i++)
		printf(" %04u", diag_at(diag, i)->code);
	puts("");
}

static int write_tree(const char *folder, const char *name)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(documents_freep) struct documents *documents = documents_new();
	CLEANUP(textp) char *path = xasprintf("%s/%s", folder, name);
	CLEANUP(filep) FILE *in = fopen(path, "r");
	CLEANUP(textp) char *bytes = xmalloc(MOST_BYTES);
	const struct node *root;
	size_t length;

	if (!in) {
		perror(path);
		return -1;
	}
	length = fread(bytes, 1, MOST_BYTES, in);
	root = document_parse(documents, name, bytes, length, diag);
	if (!root || diag_count(diag, SEVERITY_ERROR)) {
		write_codes(diag);
	} else {
		CLEANUP(textp) char *json = node_json(root);

		puts(json);
	}
	return 0;
}

int main(int argc, char **argv)
{
	for (int i = 2; i < argc; i++) {
		if (write_tree(argv[1], argv[i]) < 0)
			return 1;
	}
	return 0;
}
