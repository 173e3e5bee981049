/* SPDX-License-Identifier: MIT */
/* make-tree IN OUT: packs the tree of a file, YAML or JSON, so that what is
 * embedded is parsed when the program is built. */
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "document/document.h"

static const struct node *parse(struct documents *documents, const char *path,
                                struct diag *diag)
{
	CLEANUP(buffer_release) struct buffer text = { 0 };

	if (file_read(path, LIMIT_FILE_BYTES, &text, diag) < 0)
		return NULL;
	if (str_ends(path, ".json"))
		return document_parse_json(documents, path, text.bytes,
		                           text.length, diag);
	return document_parse(documents, path, text.bytes, text.length, diag);
}

int main(int argc, char **argv)
{
	CLEANUP(documents_freep) struct documents *documents = documents_new();
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	const struct node *root =
		argc == 3 ? parse(documents, argv[1], diag) : NULL;
	FILE *out = root ? fopen(argv[2], "wb") : NULL;
	int result;

	if (!out || diag_count(diag, SEVERITY_ERROR)) {
		diag_write(diag, stderr, DIAG_PLAIN);
		if (out)
			(void)fclose(out);
		return 1;
	}
	result = document_pack(root, out);
	return fclose(out) == 0 && result == 0 ? 0 : 1;
}
