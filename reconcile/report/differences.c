/* SPDX-License-Identifier: MIT */
/* Differences between environments: what should be alike with its values, what
 * may differ only by name. */
#include "report/formats.h"
#include "report/json.h"
#include "report/show.h"
#include "report/table.h"

#include "base/text.h"

/* ---- for people ---- */

static void write_sides(const struct comparison *comparison,
                        const struct difference *difference, FILE *out)
{
	struct table table;

	table_begin(&table, "      ", 3);
	for (size_t i = 0; i < comparison_width(comparison); i++) {
		const char *value = difference->values[i];

		show_text(table.out, comparison_name(comparison, i));
		table_cell(&table);
		if (value)
			show_text(table.out, value);
		else
			fputs("(none)", table.out);
		table_cell(&table);
		show_place(table.out, &difference->places[i]);
		table_row(&table);
	}
	table_end(&table, out);
}

static void write_unexpected(const struct comparison *comparison,
                             const struct difference *difference, FILE *out)
{
	fputs("  ! ", out);
	show_text(out, difference->field ? difference->field
	                                 : "the entry is not everywhere");
	fputc('\n', out);
	write_sides(comparison, difference, out);
	fputs("    ", out);
	show_text(out, difference->text);
	fputc('\n', out);
}

static bool is_of(const struct comparison *comparison, size_t index,
                  const char *key)
{
	return index < comparison_length(comparison) &&
	       str_equal(comparison_at(comparison, index)->key, key);
}

/* "client.id, client.secret" */
static void write_expected(const struct comparison *comparison, size_t first,
                           const char *key, FILE *out)
{
	const char *between = "as expected: ";

	for (size_t i = first; is_of(comparison, i, key); i++) {
		const struct difference *difference =
			comparison_at(comparison, i);

		if (!difference->expected)
			continue;
		fputs(between, out);
		show_text(out, difference->field);
		between = ", ";
	}
	if (*between == ',')
		fputc('\n', out);
}

/* All of one key, on one line when all of it is expected; returns where the
 * next begins. */
static size_t write_key(const struct comparison *comparison, size_t first,
                        FILE *out)
{
	const char *key = comparison_at(comparison, first)->key;
	size_t i, unexpected = 0;

	for (i = first; is_of(comparison, i, key); i++)
		unexpected += !comparison_at(comparison, i)->expected;
	show_text(out, key);
	fputs(unexpected ? "\n" : "  ", out);
	for (i = first; is_of(comparison, i, key); i++) {
		const struct difference *difference =
			comparison_at(comparison, i);

		if (!difference->expected)
			write_unexpected(comparison, difference, out);
	}
	if (unexpected < i - first && unexpected)
		fputs("  ", out);
	write_expected(comparison, first, key, out);
	return i;
}

void text_comparison(const struct report *report, FILE *out)
{
	const struct comparison *comparison = report->comparison;
	size_t unexpected, length, i = 0;

	if (!comparison)
		return;
	unexpected = comparison_unexpected(comparison);
	length = comparison_length(comparison);
	while (i < length)
		i = write_key(comparison, i, out);
	if (length)
		fputc('\n', out);
	for (i = 0; i < comparison_width(comparison); i++) {
		fputs(i ? ", " : "Compared ", out);
		show_text(out, comparison_name(comparison, i));
	}
	fprintf(out, ": %zu unexpected difference%s, %zu as expected.\n",
	        unexpected, unexpected == 1 ? "" : "s", length - unexpected);
}

/* ---- for machines ---- */

static json_t *side_json(const struct comparison *comparison,
                         const struct difference *difference, size_t index)
{
	json_t *object = json_object();

	json_put(object, "environment",
	         json_text(comparison_name(comparison, index)));
	json_put(object, "value", json_text(difference->values[index]));
	json_put(object, "source", json_place(&difference->places[index]));
	return object;
}

static json_t *difference_json(const struct comparison *comparison,
                               const struct difference *difference)
{
	json_t *object = json_object();
	json_t *sides = json_array();

	for (size_t i = 0; i < comparison_width(comparison); i++)
		(void)json_array_append_new(
			sides, side_json(comparison, difference, i));
	json_put(object, "key", json_text(difference->key));
	json_put(object, "field", json_text(difference->field));
	json_put(object, "expected", json_boolean(difference->expected));
	json_put(object, "message", json_text(difference->text));
	json_put(object, "sides", sides);
	return object;
}

json_t *json_comparison(const struct comparison *comparison)
{
	json_t *object = json_object();
	json_t *environments = json_array();
	json_t *differences = json_array();

	for (size_t i = 0; i < comparison_width(comparison); i++)
		(void)json_array_append_new(
			environments,
			json_text(comparison_name(comparison, i)));
	for (size_t i = 0; i < comparison_length(comparison); i++)
		(void)json_array_append_new(
			differences,
			difference_json(comparison,
		                        comparison_at(comparison, i)));
	json_put(object, "environments", environments);
	json_put(object, "unexpected",
	         json_integer((json_int_t)comparison_unexpected(comparison)));
	json_put(object, "differences", differences);
	return object;
}
