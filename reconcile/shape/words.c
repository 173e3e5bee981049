/* SPDX-License-Identifier: MIT */
#include "shape/words.h"
#include "base/limits.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* Of a value in a message. */
enum { SHOWN_CHARACTERS = 60, KEYS_LISTED = 12 };

/* Text being put together; words_end() hands it on. */
struct words {
	char *text;
	size_t length;
	FILE *out;
};

static void words_begin(struct words *words)
{
	words->text = NULL;
	words->out = xmemstream(&words->text, &words->length);
}

static char *words_end(struct words *words)
{
	(void)fclose(words->out);
	return words->text;
}

/* What goes between item `index` of `count` and the one before. */
static const char *between(size_t index, size_t count)
{
	if (index == 0)
		return "";
	return index + 1 < count ? ", " : " or ";
}

/* ---- paths ---- */

static void write_path(FILE *out, const struct step *step)
{
	if (step->up)
		write_path(out, step->up);
	if (step->key)
		fprintf(out, "%s%s", step->up ? "." : "", step->key->text);
	else
		fprintf(out, "[%zu]", step->index);
}

char *words_path(const struct step *step)
{
	struct words words;

	if (!step)
		return xstrdup("the file");
	words_begin(&words);
	fputc('`', words.out);
	write_path(words.out, step);
	fputc('`', words.out);
	return words_end(&words);
}

const struct node *words_anchor(const struct node *node,
                                const struct step *step)
{
	return step && step->key ? step->key : node;
}

/* ---- values ---- */

static void write_value(FILE *out, const struct node *node)
{
	const char *end = node->text;

	for (size_t i = 0; i < SHOWN_CHARACTERS && *end; i++) {
		do
			end++;
		while ((*end & 0xc0) == 0x80);
	}
	fwrite(node->text, 1, (size_t)(end - node->text), out);
	if (*end)
		fputs("…", out);
}

static const struct {
	unsigned kinds;
	const char *words;
} kind_words[] = {
	{ KIND_TEXT, "text" },
	{ KIND_INTEGER | KIND_FRACTION, "a number" },
	{ KIND_INTEGER, "a whole number" },
	{ KIND_BOOLEAN, "true or false" },
	{ KIND_LIST, "a list" },
	{ KIND_MAPPING, "a mapping (keys with values)" },
	{ KIND_NULL, "null" },
};

char *words_instead(const struct check *check, const struct node *node)
{
	struct words words;

	if (check->hidden)
		return xstrdup("");
	if (node->type == NODE_MAPPING)
		return xstrdup(", not a mapping");
	if (node->type == NODE_SEQUENCE)
		return xstrdup(", not a list");
	if (!node->length)
		return xstrdup(", but nothing stands here");
	words_begin(&words);
	fputs(", not `", words.out);
	write_value(words.out, node);
	fputc('`', words.out);
	return words_end(&words);
}

char *words_kinds(unsigned kinds)
{
	const char *parts[LENGTH(kind_words)];
	struct words words;
	size_t count = 0;

	for (size_t i = 0; i < LENGTH(kind_words); i++) {
		unsigned wanted = kind_words[i].kinds;

		if ((kinds & wanted) != wanted)
			continue;
		parts[count++] = kind_words[i].words;
		kinds &= ~wanted;
	}
	words_begin(&words);
	for (size_t i = 0; i < count; i++)
		fprintf(words.out, "%s%s", between(i, count), parts[i]);
	return words_end(&words);
}

static void write_constant(FILE *out, const struct constant *constant)
{
	CLEANUP(textp) char *json = node_json(constant->node);

	if (constant->node->type == NODE_SCALAR)
		fprintf(out, "`%s`", constant->node->text);
	else
		fprintf(out, "`%s`", json);
}

char *words_wanted(const struct rule *rule)
{
	struct words words;

	rule = rule_resolve(rule);
	if (!rule->constant_count)
		return rule->title ? xstrdup(rule->title)
		                   : words_kinds(rule->kinds);
	words_begin(&words);
	for (size_t i = 0; i < rule->constant_count; i++) {
		fputs(between(i, rule->constant_count), words.out);
		write_constant(words.out, &rule->constants[i]);
	}
	return words_end(&words);
}

char *words_either(const struct rules *rules)
{
	const struct rule **built = xcalloc(rules->count + 1, sizeof(*built));
	struct words words;
	size_t count = 0;

	for (size_t i = 0; i < rules->count; i++) {
		if (!rule_resolve(rules->items[i])->unbuilt)
			built[count++] = rules->items[i];
	}
	words_begin(&words);
	for (size_t i = 0; i < count; i++) {
		CLEANUP(textp) char *wanted = words_wanted(built[i]);

		fprintf(words.out, "%s%s", between(i, count), wanted);
	}
	free(built);
	return words_end(&words);
}

/* ---- keys ---- */

static void write_known(FILE *out, const struct rule *rule)
{
	if (!rule->property_count)
		return;
	fputs("; known are ", out);
	for (size_t i = 0; i < rule->property_count; i++) {
		if (i == KEYS_LISTED) {
			fputs(", …", out);
			return;
		}
		fprintf(out, "%s`%s`", i ? ", " : "", rule->properties[i].name);
	}
}

char *words_nearest(const struct rule *rule, const char *name)
{
	const char **names = xcalloc(rule->property_count + 1, sizeof(*names));
	struct words words;
	const char *nearest;

	for (size_t i = 0; i < rule->property_count; i++)
		names[i] = rule->properties[i].name;
	nearest = text_nearest(name, names, rule->property_count);
	free(names);
	words_begin(&words);
	if (nearest)
		fprintf(words.out, "; did you mean `%s`?", nearest);
	else
		write_known(words.out, rule);
	return words_end(&words);
}

/* ---- reports ---- */

/* More would tell nobody anything, and take the memory of a hostile file. */
enum { REPORTS_KEPT = 10 * LIMIT_REPORTS };

int shape_report(struct check *check, unsigned code, const struct node *node,
                 const char *format, ...)
{
	va_list arguments;

	if (!check->diag || diag_length(check->diag) >= REPORTS_KEPT)
		return -1;
	va_start(arguments, format);

	CLEANUP(textp) char *text = xvasprintf(format, arguments);

	va_end(arguments);
	return diag_error(check->diag, code, node_place(check->documents, node),
	                  "%s", text);
}
