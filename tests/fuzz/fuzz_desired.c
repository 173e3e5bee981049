/* SPDX-License-Identifier: MIT */
/* Any bytes as an environment file: checked by the schema and read into a
 * state, also when the check found mistakes. */
#include "base/diag.h"
#include "document/document.h"
#include "shape/shape.h"
#include "state/state.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const char *variable(const char *name, void *context)
{
	(void)context;
	return name[0] == 'T' ? "value" : NULL;
}

static const struct field_trait fields[] = {
	{ "client.id", MODE_SETTABLE, (enum field_flags)0, 0 },
	{ "connector", MODE_SETTABLE, FIELD_IMMUTABLE, 0 },
	{ "name", MODE_SETTABLE, (enum field_flags)0, 0 },
	{ "ownership", MODE_SETTABLE, (enum field_flags)0, 0 },
	{ "redirectUri", MODE_ASSERT, (enum field_flags)0, 0 },
	{ "scopes", MODE_SETTABLE, FIELD_EMPTY_NONE, 0 },
	{ "type", MODE_SETTABLE, FIELD_IMMUTABLE, 0 },
};
static const struct secret_trait secrets[] = {
	{ "client.secret", READBACK_NEVER, 0, 0 },
};

static void read_tree(struct documents *documents, const struct node *root,
                      struct diag *diag)
{
	static const struct traits traits = {
		.fields = fields,
		.field_count = LENGTH(fields),
		.secrets = secrets,
		.secret_count = LENGTH(secrets),
	};
	const struct desired_settings settings = { .variable = variable };
	CLEANUP(environment_release) struct environment environment = { 0 };
	CLEANUP(state_freep) struct state *state = NULL;

	if (environment_read(documents, root, &settings, &environment, diag) <
	    0)
		return;
	state = desired_read(documents, root, &environment, &traits, &settings,
	                     diag);
	assert(state || diag_count(diag, SEVERITY_ERROR));
}

/* Compiled once, which takes longer than to check a file with it. */
static const struct shape *config_shape(void)
{
	static struct shape *shape;

	if (!shape)
		shape = shape_embedded("config.schema.json");
	return shape;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(documents_freep) struct documents *documents = documents_new();
	const struct node *root = document_parse(
		documents, "fuzz.yaml", (const char *)bytes, length, diag);

	const size_t errors = diag_count(diag, SEVERITY_ERROR);

	if (!root)
		return 0;
	if (shape_check(config_shape(), documents, root, diag) == 0)
		assert(diag_count(diag, SEVERITY_ERROR) == errors);
	else
		assert(diag_count(diag, SEVERITY_ERROR) > errors);
	read_tree(documents, root, diag);
	return 0;
}
