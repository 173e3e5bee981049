/* SPDX-License-Identifier: MIT */
#include "state/variable.h"

#include "base/text.h"
#include "schema/codes.h"
#include "state/reader.h"

#include <stdlib.h>
#include <string.h>

static const char opening[] = "${";
static const char start[] = "${env:";
static const char prefix[] = "TRUEUP_VAR_";
static const char name_characters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz"
				      "0123456789_";

/* One text being filled. */
struct filler {
	struct reader *reader;
	struct place place;
	FILE *out;
	bool unset; /* one is, and that is allowed: keep the text */
};

static int refuse_name(const struct filler *filler, const char *mark)
{
	const char *end = strchr(mark, '}');
	int length = end ? (int)(end - mark) + 1 : (int)strlen(mark);

	return diag_error(filler->reader->diag, CODE_VARIABLE_NAME,
	                  filler->place,
	                  "`%.*s` is not filled in: only "
	                  "`${env:TRUEUP_VAR_…}` is; rename the variable, or "
	                  "write `$${` for a plain `${`",
	                  length, mark);
}

/* The name behind `mark`, for free(); NULL when it is none that is read. */
static char *variable_name(const char *mark)
{
	const char *name = mark + sizeof(start) - 1;
	size_t length;

	if (!str_starts(mark, start) || !str_starts(name, prefix))
		return NULL;
	length = strspn(name, name_characters);
	if (name[length] != '}' || length == sizeof(prefix) - 1)
		return NULL;
	return xstrndup(name, length);
}

static int report_unset(struct filler *filler, const char *name)
{
	const struct reader *reader = filler->reader;
	static const char format[] =
		"the variable `%s` is not set or empty; set it";

	if (!(reader->settings->flags & DESIRED_LENIENT))
		return diag_error(reader->diag, CODE_VARIABLE_UNSET,
		                  filler->place, format, name);
	diag_warning(reader->diag, CODE_VARIABLE_UNSET, filler->place, format,
	             name);
	filler->unset = true;
	return 0;
}

static bool is_plain(const char *value)
{
	for (const char *at = value; *at; at++) {
		if ((unsigned char)*at < ' ' || *at == '\x7f')
			return false;
	}
	return text_is_utf8(value, strlen(value));
}

static int write_value(struct filler *filler, const char *name)
{
	const struct desired_settings *settings = filler->reader->settings;
	const char *value =
		settings->variable ? settings->variable(name, settings->context)
				   : NULL;

	if (!value || !*value)
		return report_unset(filler, name);
	if (!is_plain(value))
		return diag_error(filler->reader->diag, CODE_VARIABLE_VALUE,
		                  filler->place,
		                  "the value of the variable `%s` is not one "
		                  "line of clean UTF-8; correct it",
		                  name);
	fputs(value, filler->out);
	return 0;
}

/* `mark` stands at a `${`; it is left behind what was read. */
static int fill_one(struct filler *filler, const char **mark)
{
	CLEANUP(textp) char *name = variable_name(*mark);

	if (!name) {
		int result = refuse_name(filler, *mark);

		*mark += sizeof(opening) - 1;
		return result;
	}
	*mark += sizeof(start) - 1 + strlen(name) + 1;
	return write_value(filler, name);
}

static int fill_all(struct filler *filler, const char *text)
{
	const char *mark;
	int result = 0;

	while ((mark = strstr(text, opening))) {
		bool escaped = mark > text && mark[-1] == '$';
		size_t before = (size_t)(mark - text) - escaped;

		(void)fwrite(text, 1, before, filler->out);
		text = mark;
		if (escaped) {
			fputs(opening, filler->out);
			text += sizeof(opening) - 1;
		} else if (fill_one(filler, &text) < 0) {
			result = -1;
		}
	}
	fputs(text, filler->out);
	return result;
}

const char *variables_fill(struct reader *reader, const char *text,
                           struct place place)
{
	CLEANUP(textp) char *filled = NULL;
	struct filler filler = { .reader = reader, .place = place };
	size_t length;
	int result;

	if (!strstr(text, opening))
		return text;
	filler.out = xmemstream(&filled, &length);
	result = fill_all(&filler, text);
	(void)fclose(filler.out);
	if (result < 0) {
		reader->failed = true;
		return NULL;
	}
	return filler.unset ? text : arena_copy(reader->arena, filled, length);
}
