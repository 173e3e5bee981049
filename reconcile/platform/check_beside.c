/* SPDX-License-Identifier: MIT */
/* The calls beside those of the auth config itself, and what errors say. */
#include "platform/check.h"

#include "base/text.h"
#include "platform/pages.h"

/* ---- enabling ---- */

static void check_unwritten(struct checker *checker,
                            const struct operation *operation)
{
	const struct mapping *field =
		mappings_find(&operation->fields, "enabled");

	if (field)
		REFUSE(checker, field->place,
		       "`enabled` is set by a call of its own; remove it here, "
		       "or remove `setEnabled`");
}

static const char *word_read_as(const struct mapping *reading, const char *word)
{
	for (size_t i = 0; i < reading->pair_count; i++) {
		if (str_equal(reading->pairs[i].theirs_text, word))
			return reading->pairs[i].ours;
	}
	return NULL;
}

void check_enabling(struct checker *checker)
{
	static const char *const ours[] = { "false", "true" };
	const struct enabling *enabling = &checker->binding->enabling;
	const struct mapping *reading =
		mappings_find(&checker->binding->reading.fields, "enabled");

	if (!enabling->operation.method)
		return;
	checker_each_write(checker, check_unwritten);
	if (!reading) {
		REFUSE(checker, enabling->operation.place,
		       "`enabled` is set and not read; map it under `read`");
		return;
	}
	for (size_t i = 0; reading->pair_count && i < LENGTH(ours); i++) {
		const char *read = word_read_as(reading, enabling->words[i]);

		if (read && !str_equal(read, ours[i]))
			REFUSE(checker, enabling->operation.place,
			       "`%s` is set by the word `%s`, which `read` "
			       "takes for `%s`; make the two maps fit",
			       ours[i], enabling->words[i], read);
	}
	if (str_equal(enabling->words[0], enabling->words[1]))
		REFUSE(checker, enabling->operation.place,
		       "true and false are one word; correct `map`");
}

/* ---- connections ---- */

static size_t count_ids(const struct operation *operation)
{
	size_t count = template_count(&operation->path, PIECE_ID);

	for (size_t i = 0; i < operation->query.count; i++)
		count += template_count(&operation->query.items[i].value,
		                        PIECE_ID);
	return count;
}

void check_counting(struct checker *checker)
{
	const struct counting *counting = &checker->binding->counting;
	const struct place place = counting->operation.place;

	if (!counting->operation.method)
		return;
	check_page_of(checker, &counting->page);
	if (paging_uses_ids(&counting->page) || counting->page.fallback)
		REFUSE(checker, counting->page.place,
		       "connections are not paged so; use another kind, "
		       "without `fallback`");
	if (!counting->match.text && count_ids(&counting->operation) == 0)
		REFUSE(checker, place,
		       "nothing says whose connections are counted; put {id} "
		       "into path or query, or add `match`");
	if (checker->binding->reading.connections.text)
		REFUSE(checker, place,
		       "`read` already says how many connections there are; "
		       "remove one of the two");
}

/* ---- errors ---- */

static void check_errors_of(struct checker *checker,
                            const struct operation *operation)
{
	const struct errors *errors = &operation->errors;

	if (errors->gone_count && !errors->code_count)
		REFUSE(checker, operation->place,
		       "`gone` lists codes, and nothing says where a code "
		       "stands; add `code` to `errors`");
}

void check_errors(struct checker *checker)
{
	checker_each(checker, check_errors_of);
}
