/* SPDX-License-Identifier: MIT */
#include "cmd/command.h"

#include "base/text.h"
#include "schema/schema.h"

#include <string.h>

extern const struct command command_schema;

static const char suffix[] = ".schema.json";

static void list_schemas(FILE *out)
{
	for (size_t i = 0; i < schema_file_count; i++) {
		const char *name = schema_files[i].name;

		if (str_ends(name, suffix))
			fprintf(out, "%.*s\n",
			        (int)(strlen(name) - strlen(suffix)), name);
	}
}

static int run_schema(struct run *run)
{
	const struct texts *said = &run->options.keys;
	CLEANUP(textp) char *name = NULL;
	const struct schema_file *file;

	if (!said->count) {
		list_schemas(run->out);
		return 0;
	}
	name = xasprintf("%s%s", said->items[0], suffix);
	file = schema_find(name);
	if (file) {
		fwrite(file->bytes, 1, file->length, run->out);
		return 0;
	}
	diag_error(run->diag, CODE_USAGE, PLACE_NONE,
	           "there is no schema `%s`; `trueup schema` lists them",
	           said->items[0]);
	return run_exit(run->diag);
}

const struct command command_schema = {
	.name = "schema",
	.usage = "[NAME]",
	.summary = "print a JSON Schema: of the file, a plan, a binding",
	.text = "Without a name the schemas are listed.",
	.examples = "  trueup schema config > config.schema.json\n",
	.flags = COMMAND_KEYS,
	.run = run_schema,
};
