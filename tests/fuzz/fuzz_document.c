/* SPDX-License-Identifier: MIT */
/* Any bytes as a YAML file: a tree or reports, what is written again is the
 * same tree, and what is read without libyaml is what libyaml reads. */
#include "base/diag.h"
#include "document/document.h"
#include "unit/yaml_judge.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(documents_freep) struct documents *documents = documents_new();
	const struct node *root = document_parse(
		documents, "fuzz.yaml", (const char *)bytes, length, diag);

	assert(root || diag_count(diag, SEVERITY_ERROR));
	assert(judge_yaml((const char *)bytes, length) != YAML_WRONG);
	if (root) {
		CLEANUP(textp) char *json = node_json(root);
		CLEANUP(diag_freep) struct diag *again = diag_new();
		const struct node *twin = document_parse_json(
			documents, "again", json, strlen(json), again);
		CLEANUP(textp) char *second = twin ? node_json(twin) : NULL;

		assert(!twin || strcmp(json, second) == 0);
	}
	return 0;
}
