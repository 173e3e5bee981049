/* SPDX-License-Identifier: MIT */
/*
 * judge SCHEMA: reads a document a line from stdin, as our files are read, and
 * writes for each what the shape check says: `valid`, or the codes.
 */
#include "document/document.h"
#include "shape/shape.h"

#include <stdlib.h>

static void judge(const struct shape *shape, const char *line, size_t length)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(documents_freep) struct documents *documents = documents_new();
	const struct node *root =
		document_parse(documents, "line", line, length, diag);

	if (root && shape_check(shape, documents, root, diag) == 0) {
		puts("valid");
		return;
	}
	for (size_t i = 0; i < diag_length(diag); i++)
		printf("%s%04u", i ? " " : "", diag_at(diag, i)->code);
	puts("");
}

int main(int argc, char **argv)
{
	CLEANUP(shape_freep) struct shape *shape = NULL;
	char *line = NULL;
	size_t capacity = 0;
	ssize_t length;

	if (argc != 2)
		return 64;
	shape = shape_embedded(argv[1]);
	while ((length = getline(&line, &capacity, stdin)) > 0)
		judge(shape, line, (size_t)length);
	free(line);
	return 0;
}
