/* SPDX-License-Identifier: MIT */
/* Shape trial: a YAML text checked by a shape, for unit tests. */
#ifndef TESTS_UNIT_SHAPE_TRIAL_H
#define TESTS_UNIT_SHAPE_TRIAL_H

#include "document/document.h"
#include "schema/schema.h"
#include "shape/shape.h"
#include "unit.h"

#include <string.h>

/* A document checked by a schema, and what came of it. */
struct trial {
	struct documents *documents;
	struct diag *diag;
	const struct node *root;
	int result;
};

static inline void trial_release(struct trial *trial)
{
	documents_free(trial->documents);
	diag_free(trial->diag);
}

static inline struct trial try_shape(const struct shape *shape,
                                     const char *yaml)
{
	struct trial trial = { documents_new(), diag_new(), NULL, -1 };

	trial.root = document_parse(trial.documents, "a", yaml, strlen(yaml),
	                            trial.diag);
	if (!trial.root)
		fail_msg("no YAML: %s", yaml);
	trial.result =
		shape_check(shape, trial.documents, trial.root, trial.diag);
	diag_sort(trial.diag);
	return trial;
}

/* "L:C CODE TEXT" of each report. */
static inline char *reports(const struct trial *trial)
{
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	for (size_t i = 0; i < diag_length(trial->diag); i++) {
		const struct diag_report *report = diag_at(trial->diag, i);

		fprintf(out, "%s%u:%u %s %s", i ? "\n" : "", report->place.line,
		        report->place.column, code_find(report->code)->name,
		        report->text);
	}
	(void)fclose(out);
	return text;
}

#endif
