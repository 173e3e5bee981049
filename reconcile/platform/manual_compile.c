/* SPDX-License-Identifier: MIT */
/* From the section `manual` of a binding to tables, and to the traits. */
#include "platform/check.h"
#include "platform/compile.h"
#include "platform/manual.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static const char *const list_names[MANUAL_LISTS] = {
	[MANUAL_CREATE] = "create",
	[MANUAL_UPDATE] = "update",
	[MANUAL_REPLACE] = "replace",
	[MANUAL_DELETE] = "delete",
};

/* ---- names ---- */

static struct names read_names(struct compiler *compiler,
                               const struct node *list)
{
	struct names names = { .count = list ? list->count : 0 };

	names.items =
		compiler_alloc(compiler, names.count, sizeof(*names.items));
	for (size_t i = 0; i < names.count; i++)
		names.items[i] = (struct name_place){
			node_text(node_item(list, i)),
			compiler_place(compiler, node_item(list, i)),
		};
	return names;
}

static bool is_known(const struct manual *manual, const char *name)
{
	return names_hold(&manual->fields, name) ||
	       names_hold(&manual->given, name) ||
	       names_hold(&manual->secrets, name);
}

/* ---- gaps in what is said ---- */

struct gap_row {
	const char *word;
	enum gap_kind kind;
	bool named; /* a field's or secret's name follows */
};

/* The last one is for a name alone. */
static const struct gap_row gap_rows[] = {
	{ "key", GAP_KEY, false },
	{ "environment", GAP_ENVIRONMENT, false },
	{ "id", GAP_ID, false },
	{ "before ", GAP_BEFORE, true },
	{ "added ", GAP_ADDED, true },
	{ "removed ", GAP_REMOVED, true },
	{ "", GAP_AFTER, true },
};

static const struct gap_row *find_gap(const char *word)
{
	const struct gap_row *row = gap_rows;

	while (row->named ? !str_starts(word, row->word)
	                  : !str_equal(word, row->word))
		row++;
	return row;
}

static struct gap read_gap(struct compiler *compiler, const char *word,
                           struct place place)
{
	const struct gap_row *row = find_gap(word);
	const char *name = word + strlen(row->word);

	if (row->named && !is_known(compiler->binding->manual, name))
		compiler->result = diag_error(
			compiler->diag, CODE_BAD_BINDING, place,
			"`{%s}` stands for nothing; there are {key}, {id}, "
			"{environment}, and the names of `fields`, `given` "
			"and `secrets`, also after before, added, removed",
			word);
	return (struct gap){ row->kind, name };
}

static size_t most_gaps(const char *text)
{
	size_t count = 1;

	for (; *text; text++)
		count += *text == '{' || *text == '}';
	return count;
}

static void read_say(struct compiler *compiler, const struct node *node,
                     struct instruction *out)
{
	struct arena *arena = compiler->binding->arena;
	const struct place place = compiler_place(compiler, node);
	const char *text = node_text(node);

	out->gaps =
		compiler_alloc(compiler, most_gaps(text), sizeof(*out->gaps));
	while (*text) {
		const size_t plain = strcspn(text, "{");
		const char *end =
			text[plain] ? strchr(text + plain, '}') : text + plain;
		const char *word = text + plain + 1;

		if (plain)
			out->gaps[out->gap_count++] =
				(struct gap){ GAP_NONE,
				              arena_copy(arena, text, plain) };
		if (!end) {
			compiler->result = diag_error(
				compiler->diag, CODE_BAD_BINDING, place,
				"the brace in `%s` is never closed", text);
			return;
		}
		text = end + (*end == '}');
		if (*end == '}')
			out->gaps[out->gap_count++] = read_gap(
				compiler,
				arena_copy(arena, word, (size_t)(end - word)),
				place);
	}
}

/* ---- when it is said ---- */

static const struct condition_row {
	const char *name;
	enum condition_kind kind;
	bool field; /* its value is the name of a field or secret */
} condition_rows[] = {
	{ "ownership", WHEN_OWNERSHIP, false },
	{ "declares", WHEN_DECLARES, true },
	{ "lacks", WHEN_LACKS, true },
	{ "changes", WHEN_CHANGES, true },
	{ "adds", WHEN_ADDS, true },
	{ "removes", WHEN_REMOVES, true },
};

static void read_when(struct compiler *compiler, const struct node *map,
                      struct instruction *out)
{
	out->conditions = compiler_alloc(compiler, LENGTH(condition_rows),
	                                 sizeof(*out->conditions));
	for (size_t i = 0; i < LENGTH(condition_rows); i++) {
		const struct condition_row *row = &condition_rows[i];
		const struct node *node = node_get(map, row->name);
		const char *name = node_text(node);

		if (!node)
			continue;
		out->conditions[out->condition_count++] =
			(struct condition){ row->kind, name };
		if (row->field && !is_known(compiler->binding->manual, name))
			compiler->result = diag_error(
				compiler->diag, CODE_BAD_BINDING,
				compiler_place(compiler, node),
				"`%s` is not among `fields`, `given` and "
				"`secrets`; correct it",
				name);
	}
}

static void read_instructions(struct compiler *compiler,
                              const struct node *list, struct instructions *out)
{
	out->count = list->count;
	out->items = compiler_alloc(compiler, out->count, sizeof(*out->items));
	for (size_t i = 0; i < out->count; i++) {
		const struct node *node = node_item(list, i);

		read_say(compiler, node_get(node, "say"), &out->items[i]);
		read_when(compiler, node_get(node, "when"), &out->items[i]);
	}
}

/* ---- what must fit ---- */

static void refuse_name(struct compiler *compiler,
                        const struct name_place *item, const char *what)
{
	compiler->result = diag_error(
		compiler->diag, CODE_BAD_BINDING, item->place,
		"`%s` is no %s of the format; correct it", item->name, what);
}

static void check_field(struct compiler *compiler,
                        const struct name_place *item)
{
	enum member_type type;

	if (!member_find(item->name, &type) || type == MEMBER_KEY ||
	    type == MEMBER_SECRET)
		refuse_name(compiler, item, "field");
}

static void check_secret(struct compiler *compiler,
                         const struct name_place *item)
{
	enum member_type type;

	if (!member_find(item->name, &type) || type != MEMBER_SECRET)
		refuse_name(compiler, item, "secret");
}

static void check_needed(struct compiler *compiler, struct place place)
{
	static const char *const needed[] = { "connector", "name" };
	const struct manual *manual = compiler->binding->manual;

	for (size_t i = 0; i < LENGTH(needed); i++) {
		if (names_hold(&manual->fields, needed[i]))
			continue;
		compiler->result = diag_error(
			compiler->diag, CODE_BAD_BINDING, place,
			"`fields` lacks `%s`, by which an auth config is "
			"known; add it",
			needed[i]);
	}
}

static void check_names(struct compiler *compiler, struct place place)
{
	const struct binding *binding = compiler->binding;
	const struct manual *manual = binding->manual;

	check_needed(compiler, place);
	for (size_t i = 0; i < manual->fields.count; i++)
		check_field(compiler, &manual->fields.items[i]);
	for (size_t i = 0; i < manual->given.count; i++)
		check_field(compiler, &manual->given.items[i]);
	for (size_t i = 0; i < manual->secrets.count; i++)
		check_secret(compiler, &manual->secrets.items[i]);
	for (size_t i = 0; i < binding->immutable.count; i++) {
		const struct name_place *item = &binding->immutable.items[i];

		if (!names_hold(&manual->fields, item->name))
			compiler->result = diag_error(
				compiler->diag, CODE_BAD_BINDING, item->place,
				"`%s` is not among `fields`; correct it",
				item->name);
	}
}

/* What speaks of requests has no meaning beside it. */
static void check_alone(struct compiler *compiler, const struct node *root)
{
	static const char *const others[] = { "list",   "get",        "create",
		                              "update", "delete",     "read",
		                              "filled", "uniqueNames" };

	for (size_t i = 0; i < LENGTH(others); i++) {
		const struct node *node = node_get(root, others[i]);

		if (node)
			compiler->result = diag_error(
				compiler->diag, CODE_BAD_BINDING,
				compiler_place(compiler, node),
				"`%s` has no meaning beside `manual`; remove "
				"one of them",
				others[i]);
	}
}

static void check_address(struct compiler *compiler)
{
	struct checker checker = { compiler->binding, compiler->diag, 0 };

	check_url(&checker);
	check_headers(&checker);
	check_parameters(&checker);
	if (checker.result < 0)
		compiler->result = -1;
}

/* ---- traits ---- */

static int compare_fields(const void *a, const void *b)
{
	return strcmp(((const struct field_trait *)a)->name,
	              ((const struct field_trait *)b)->name);
}

static int compare_secrets(const void *a, const void *b)
{
	return strcmp(((const struct secret_trait *)a)->name,
	              ((const struct secret_trait *)b)->name);
}

/* What the ledger does not hold of a set is none: then a person sets it all. */
static size_t fill_fields(const struct binding *binding,
                          const struct names *names, enum field_mode mode,
                          struct field_trait *out)
{
	for (size_t i = 0; i < names->count; i++) {
		const char *name = names->items[i].name;
		const bool fixed = names_hold(&binding->immutable, name);

		out[i] = (struct field_trait){
			.name = name,
			.mode = mode,
			.flags = (enum field_flags)(
				FIELD_EMPTY_NONE |
				(fixed ? FIELD_IMMUTABLE : 0U)),
		};
	}
	return names->count;
}

static void derive_fields(struct compiler *compiler)
{
	struct binding *binding = compiler->binding;
	const struct manual *manual = binding->manual;
	struct field_trait *fields = compiler_alloc(
		compiler, manual->fields.count + manual->given.count,
		sizeof(*fields));
	size_t count =
		fill_fields(binding, &manual->fields, MODE_SETTABLE, fields);

	count += fill_fields(binding, &manual->given, MODE_ASSERT,
	                     fields + count);
	qsort(fields, count, sizeof(*fields), compare_fields);
	binding->traits.fields = fields;
	binding->traits.field_count = count;
}

static void derive_secrets(struct compiler *compiler)
{
	struct binding *binding = compiler->binding;
	const struct names *names = &binding->manual->secrets;
	struct secret_trait *secrets =
		compiler_alloc(compiler, names->count, sizeof(*secrets));

	for (size_t i = 0; i < names->count; i++)
		secrets[i] = (struct secret_trait){
			.name = names->items[i].name,
			.readback = READBACK_NEVER,
		};
	qsort(secrets, names->count, sizeof(*secrets), compare_secrets);
	binding->traits.secrets = secrets;
	binding->traits.secret_count = names->count;
}

/* A person can do all of it; nobody can list. */
static void derive(struct compiler *compiler)
{
	struct traits *traits = &compiler->binding->traits;

	derive_fields(compiler);
	derive_secrets(compiler);
	traits->semantics = UPDATE_MERGE;
	traits->secret_omit = SECRET_OMIT_KEEP;
	traits->abilities =
		(enum platform_abilities)(CAN_CREATE | CAN_UPDATE | CAN_DELETE);
}

/* ---- all of it ---- */

static void read_manual(struct compiler *compiler, const struct node *node)
{
	struct manual *manual = compiler_alloc(compiler, 1, sizeof(*manual));
	const struct node *id = node_get(node, "id");

	compiler->binding->manual = manual;
	manual->id = compiler_pattern(compiler, node_get(id, "pattern"));
	manual->id_words = node_text(node_get(id, "words"));
	manual->fields = read_names(compiler, node_get(node, "fields"));
	manual->given = read_names(compiler, node_get(node, "given"));
	manual->secrets = read_names(compiler, node_get(node, "secrets"));
	for (size_t i = 0; i < MANUAL_LISTS; i++)
		read_instructions(compiler, node_get(node, list_names[i]),
		                  &manual->lists[i]);
}

int manual_compile(struct binding *binding, const struct node *root,
                   struct diag *diag)
{
	struct compiler compiler = { binding, diag, 0 };
	const struct node *node = node_get(root, "manual");

	if (!node)
		return 0;
	read_manual(&compiler, node);
	check_alone(&compiler, root);
	check_names(&compiler, compiler_place(&compiler, node));
	check_address(&compiler);
	derive(&compiler);
	return compiler.result;
}
