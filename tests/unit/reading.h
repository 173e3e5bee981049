/* SPDX-License-Identifier: MIT */
/* Reading: a YAML text as a tree, for unit tests. */
#ifndef TESTS_UNIT_READING_H
#define TESTS_UNIT_READING_H

#include "document/document.h"
#include "unit.h"

#include <string.h>

/* One file and what became of it. */
struct reading {
	struct documents *documents;
	struct diag *diag;
	const struct node *root;
};

static inline void reading_release(struct reading *reading)
{
	documents_free(reading->documents);
	diag_free(reading->diag);
}

static inline struct reading read_bytes(const char *bytes, size_t length)
{
	struct reading reading = { documents_new(), diag_new(), NULL };

	reading.root = document_parse(reading.documents, "a.yaml", bytes,
	                              length, reading.diag);
	return reading;
}

static inline struct reading read_text(const char *text)
{
	return read_bytes(text, strlen(text));
}

/* `levels` of brackets, each closed by `close`. */
static inline char *nested(size_t levels, const char *open, const char *close)
{
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	for (size_t i = 0; i < levels; i++)
		fputs(open, out);
	for (size_t i = 0; i < levels; i++)
		fputs(close, out);
	(void)fclose(out);
	return text;
}

#endif
