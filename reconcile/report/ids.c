/* SPDX-License-Identifier: MIT */
/* Ids: the map from keys to ids that applications need, per environment. A row
 * that has no id is left out. */
#include "report/json.h"
#include "report/report.h"

#include "base/text.h"
#include "schema/schema.h"

#include <ctype.h>
#include <string.h>

typedef int ids_fn(const struct report *report, FILE *out);

static char variable_letter(char letter)
{
	const int byte = (unsigned char)letter;

	return isalnum(byte) ? (char)toupper(byte) : '_';
}

/* slack-crm -> SLACK_CRM, 3scale -> _3SCALE. Keys are [a-z0-9-]. */
static char *variable(const char *key)
{
	const bool digit = *key >= '0' && *key <= '9';
	char *name = xasprintf("%s%s", digit ? "_" : "", key);

	for (char *at = name; *at; at++)
		*at = variable_letter(*at);
	return name;
}

static int write_json_map(const struct report *report, FILE *out)
{
	json_auto_t *map = json_object();

	for (size_t i = 0; i < report->row_count; i++) {
		const struct report_row *row = &report->rows[i];

		if (row->id)
			(void)json_object_set_new(map, row->key,
			                          json_text(row->id));
	}
	return json_write(map, out);
}

/* Most ids need no quotes, and some readers of such files take them for a part
 * of the value. Single quotes keep everything but themselves. */
static void write_value(FILE *out, const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-._:/@";

	if (*text && !text[strspn(text, plain)]) {
		fputs(text, out);
		return;
	}
	fputc('\'', out);
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\''", out);
		else
			fputc(*text, out);
	}
	fputc('\'', out);
}

static int write_lines(const struct report *report, const char *start,
                       FILE *out)
{
	for (size_t i = 0; i < report->row_count; i++) {
		const struct report_row *row = &report->rows[i];
		CLEANUP(textp) char *name = variable(row->key);
		CLEANUP(textp) char *id = row->id ? text_safe(row->id) : NULL;

		if (!id)
			continue;
		fprintf(out, "%s%s_AUTH_CONFIG_ID=", start, name);
		write_value(out, id);
		fputc('\n', out);
	}
	return ferror(out) ? -1 : 0;
}

static int write_env(const struct report *report, FILE *out)
{
	return write_lines(report, "export ", out);
}

static int write_dotenv(const struct report *report, FILE *out)
{
	return write_lines(report, "", out);
}

static const struct ids_format {
	const char *name;
	bool renames; /* keys become variable names: they may collide */
	ids_fn *write;
} formats[] = {
	{ "dotenv", true, write_dotenv },
	{ "env", true, write_env },
	{ "json", false, write_json_map },
};

struct named {
	const char *key;
	char *name;
};

static int compare_named(const void *a, const void *b)
{
	const struct named *left = a;
	const struct named *right = b;

	return strcmp(left->name, right->name);
}

static int check_names(const struct report *report, struct diag *diag)
{
	const size_t count = report->row_count;
	struct named *all = xcalloc(count + 1, sizeof(*all));
	int result = 0;

	for (size_t i = 0; i < count; i++) {
		all[i].key = report->rows[i].key;
		all[i].name = variable(all[i].key);
	}
	if (count)
		qsort(all, count, sizeof(*all), compare_named);
	for (size_t i = 1; i < count; i++) {
		if (str_equal(all[i].name, all[i - 1].name))
			result = diag_error(
				diag, CODE_NAMES_COLLIDE, PLACE_NONE,
				"`%s` and `%s` both become "
				"`%s_AUTH_CONFIG_ID`; rename one, "
				"or use --format json",
				all[i - 1].key, all[i].key, all[i].name);
	}
	for (size_t i = 0; i < count; i++)
		free(all[i].name);
	free(all);
	return result;
}

int report_ids(const struct report *report, const char *format, FILE *out,
               struct diag *diag)
{
	for (size_t i = 0; i < LENGTH(formats); i++) {
		if (!str_equal(formats[i].name, format))
			continue;
		if (formats[i].renames && check_names(report, diag) < 0)
			return -1;
		return formats[i].write(report, out);
	}
	return diag_error(diag, CODE_UNKNOWN_FORMAT, PLACE_NONE,
	                  "ids are not written as `%s`; write one of: dotenv, "
	                  "env, json",
	                  format);
}
