/* SPDX-License-Identifier: MIT */
/* What requests carry: places, variants, words, create beside update. */
#include "platform/check.h"

#include "base/text.h"

static void check_clash(struct checker *checker, const struct pointer *at,
                        struct place place, const struct pointer *other)
{
	if (pointer_clashes(at, other))
		REFUSE(checker, place,
		       "`%s` and `%s` are written to one place; move one",
		       at->text, other->text);
}

static void check_clashes_of(struct checker *checker,
                             const struct operation *operation)
{
	const struct mappings *fields = &operation->fields;

	for (size_t i = 0; i < fields->count; i++) {
		const struct mapping *field = &fields->items[i];

		for (size_t j = 0; j < i; j++)
			check_clash(checker, &field->at, field->place,
			            &fields->items[j].at);
	}
	for (size_t i = 0; i < operation->constant_count; i++) {
		const struct constant *constant = &operation->constants[i];

		for (size_t j = 0; j < i; j++)
			check_clash(checker, &constant->at, constant->place,
			            &operation->constants[j].at);
		for (size_t j = 0; j < fields->count; j++)
			check_clash(checker, &constant->at, constant->place,
			            &fields->items[j].at);
	}
}

void check_clashes(struct checker *checker)
{
	checker_each_write(checker, check_clashes_of);
}

static void check_variants_of(struct checker *checker,
                              const struct operations *operations)
{
	for (size_t i = 0; i < operations->count; i++) {
		const struct operation *late = &operations->items[i];

		for (size_t j = 0; j < i; j++) {
			const char *early = operations->items[j].ownership;

			if (!early || str_equal(early, late->ownership))
				REFUSE(checker, late->place,
				       "an earlier variant is always used "
				       "instead; put the one without `when` "
				       "last");
		}
	}
}

void check_variants(struct checker *checker)
{
	check_variants_of(checker, &checker->binding->creates);
	check_variants_of(checker, &checker->binding->updates);
}

/* Fields of which the format knows every word. */
struct word_row {
	const char *name;
	const char *words[2];
};

static const struct word_row word_rows[] = {
	{ "ownership", { "own", "managed" } },
	{ "enabled", { "true", "false" } },
};

static void check_known_words(struct checker *checker,
                              const struct mapping *field)
{
	for (size_t i = 0; i < LENGTH(word_rows); i++) {
		const struct word_row *row = &word_rows[i];

		if (!str_equal(row->name, field->name))
			continue;
		for (size_t j = 0; j < field->pair_count; j++) {
			const char *word = field->pairs[j].ours;

			if (!str_equal(word, row->words[0]) &&
			    !str_equal(word, row->words[1]))
				REFUSE(checker, field->place,
				       "`%s` is no word for `%s`; there are "
				       "%s and %s",
				       word, row->name, row->words[0],
				       row->words[1]);
		}
	}
}

static const char *word_read_as(const struct mapping *reading,
                                const json_t *written)
{
	CLEANUP(textp) char *text = NULL;

	if (json_is_string(written))
		text = xstrdup(json_string_value(written));
	else
		text = json_dumps(written, JSON_ENCODE_ANY);
	for (size_t i = 0; i < reading->pair_count; i++) {
		if (str_equal(reading->pairs[i].theirs_text, text))
			return reading->pairs[i].ours;
	}
	return NULL;
}

/* What is written must be read back as what was meant. */
static void check_words_of(struct checker *checker,
                           const struct operation *operation)
{
	for (size_t i = 0; i < operation->fields.count; i++) {
		const struct mapping *field = &operation->fields.items[i];
		const struct mapping *reading = mappings_find(
			&checker->binding->reading.fields, field->name);

		check_known_words(checker, field);
		for (size_t j = 0;
		     reading && reading->pair_count && j < field->pair_count;
		     j++) {
			const struct pair *pair = &field->pairs[j];
			const char *read = word_read_as(reading, pair->theirs);

			if (!str_equal(read, pair->ours))
				REFUSE(checker, field->place,
				       "`%s` of `%s` is written in a word "
				       "that `read` takes for `%s`; make the "
				       "two maps fit",
				       pair->ours, field->name,
				       read ? read : "nothing");
		}
	}
}

void check_words(struct checker *checker)
{
	const struct mappings *reads = &checker->binding->reading.fields;

	checker_each_write(checker, check_words_of);
	for (size_t i = 0; i < reads->count; i++)
		check_known_words(checker, &reads->items[i]);
}

/* ---- create and update together ---- */

static void check_updated_of(struct checker *checker,
                             const struct operation *create)
{
	const struct binding *binding = checker->binding;

	for (size_t i = 0; i < create->fields.count; i++) {
		const struct mapping *field = &create->fields.items[i];

		if (field->type != MEMBER_KEY &&
		    !operations_map(&binding->updates, field->name) &&
		    !names_hold(&binding->immutable, field->name))
			REFUSE(checker, field->place,
			       "`%s` is created and never updated; map it "
			       "there too, or list it as `immutable`",
			       field->name);
	}
}

void check_updated(struct checker *checker)
{
	const struct binding *binding = checker->binding;

	for (size_t i = 0; binding->updates.count && i < binding->creates.count;
	     i++)
		check_updated_of(checker, &binding->creates.items[i]);
	if (binding->secret_omit_given && binding->semantics == UPDATE_MERGE)
		REFUSE(checker, binding->updates.items[0].place,
		       "merging keeps what is left out; remove `secretOmit`");
}

static void check_created_of(struct checker *checker,
                             const struct operation *update)
{
	for (size_t i = 0; i < update->fields.count; i++) {
		const struct mapping *field = &update->fields.items[i];

		if (field->type == MEMBER_KEY)
			REFUSE(checker, field->place,
			       "`platformKey` cannot be updated; remove it");
		else if (!operations_map(&checker->binding->creates,
		                         field->name))
			REFUSE(checker, field->place,
			       "`%s` is updated and never created; map it "
			       "there too",
			       field->name);
	}
}

void check_created(struct checker *checker)
{
	const struct operations *updates = &checker->binding->updates;

	for (size_t i = 0; i < updates->count; i++)
		check_created_of(checker, &updates->items[i]);
}

/* Writes are proven by reading the object again. */
void check_get(struct checker *checker)
{
	const struct binding *binding = checker->binding;
	const struct operation *write =
		binding->creates.count   ? &binding->creates.items[0]
		: binding->updates.count ? &binding->updates.items[0]
					 : &binding->remove;

	if (write->method && !binding->get.method)
		REFUSE(checker, write->place,
		       "what is written must be read back; add `get`");
}
