/* SPDX-License-Identifier: MIT */
/* Join: what several environments wrote, as one document. */
#include "report/json.h"
#include "report/report.h"

#include <string.h>

static int write_texts(const struct report_part *parts, size_t count,
                       const char *between, FILE *out)
{
	for (size_t i = 0; i < count; i++) {
		if (between)
			fprintf(out, "%s%s:\n", i ? between : "",
			        parts[i].file);
		fwrite(parts[i].bytes, 1, parts[i].length, out);
	}
	return ferror(out) ? -1 : 0;
}

static json_t *read_part(const struct report_part *part)
{
	return json_loadb(part->bytes, part->length, 0, NULL);
}

/* Items of all, each an array; with `name`, each in that member. */
static json_t *join_arrays(const struct report_part *parts, size_t count,
                           const char *name)
{
	json_t *all = json_array();

	for (size_t i = 0; i < count; i++) {
		json_auto_t *part = read_part(&parts[i]);

		(void)json_array_extend(all, name ? json_object_get(part, name)
		                                  : part);
	}
	return all;
}

static bool has_errors(const json_t *documents)
{
	const json_t *document;
	size_t i;

	json_array_foreach (documents, i, document) {
		if (json_is_true(json_object_get(document, "errored")))
			return true;
	}
	return false;
}

static json_t *join_objects(const struct report *report,
                            const struct report_part *parts, size_t count)
{
	json_t *root = json_object();
	json_t *documents = json_array();

	for (size_t i = 0; i < count; i++)
		(void)json_array_append_new(documents, read_part(&parts[i]));
	json_put(root, "format_version", json_string("1.0"));
	json_put(root, "command", json_text(report->command));
	json_put(root, "exit", json_integer(report->exit));
	json_put(root, "errored", json_boolean(has_errors(documents)));
	json_put(root, "environments", documents);
	json_put(root, "diagnostics", json_array());
	return root;
}

/* What stands around the runs is the same in each. */
static json_t *join_runs(const struct report_part *parts, size_t count)
{
	json_t *root = NULL;

	for (size_t i = 0; i < count && !root; i++)
		root = read_part(&parts[i]);
	if (!root)
		root = json_object();
	json_put(root, "runs", join_arrays(parts, count, "runs"));
	return root;
}

int report_join(const struct report_format *format, const struct report *report,
                const struct report_part *parts, size_t count, FILE *out)
{
	json_auto_t *root = NULL;

	switch (format->join) {
	case REPORT_JOIN_OBJECTS:
		root = join_objects(report, parts, count);
		break;
	case REPORT_JOIN_ARRAYS:
		root = join_arrays(parts, count, NULL);
		break;
	case REPORT_JOIN_RUNS:
		root = join_runs(parts, count);
		break;
	case REPORT_JOIN_HEADED:
		return write_texts(parts, count, "\n", out);
	case REPORT_JOIN_LINES:
		return write_texts(parts, count, NULL, out);
	case REPORT_JOIN_NONE:
		break;
	}
	return root ? json_write(root, out) : -1;
}
