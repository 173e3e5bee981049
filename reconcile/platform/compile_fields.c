/* SPDX-License-Identifier: MIT */
/* Field maps: `name: /pointer`, or `name: { at: /pointer, … }`. */
#include "platform/compile.h"

#include "base/text.h"
#include "schema/codes.h"

static void refuse(struct compiler *compiler, const struct node *node,
                   const char *name, const char *words)
{
	compiler->result = diag_error(compiler->diag, CODE_BAD_BINDING,
	                              compiler_place(compiler, node), "`%s` %s",
	                              name, words);
}

static void refuse_name(struct compiler *compiler, const struct node *key)
{
	const char *near = member_nearest(node_text(key));

	compiler->result = diag_error(
		compiler->diag, CODE_BAD_BINDING, compiler_place(compiler, key),
		"`%s` is no field of the environment file; %s%s%s",
		node_text(key), near ? "did you mean `" : "see `trueup schema`",
		near ? near : "", near ? "`?" : "");
}

static const struct codec *compile_codec(const struct node *node,
                                         struct mapping *out)
{
	const char *name = node_text(node_get(node, "codec"));

	out->codec_given = name;
	return codec_find(name ? name : "array");
}

static void compile_masked(struct compiler *compiler, const struct node *list,
                           struct mapping *out)
{
	out->masked_count = list ? list->count : 0;
	out->masked = compiler_alloc(compiler, out->masked_count,
	                             sizeof(*out->masked));
	for (size_t i = 0; i < out->masked_count; i++)
		out->masked[i] = compiler_pattern(compiler, node_item(list, i));
}

static struct pair write_pair(struct compiler *compiler, const struct node *key,
                              const struct node *value)
{
	return (struct pair){ .ours = node_text(key),
		              .theirs = compiler_value(compiler, value) };
}

static struct pair read_pair(struct compiler *compiler, const struct node *key,
                             const struct node *value)
{
	(void)compiler;
	return (struct pair){ .ours = node_text(value),
		              .theirs_text = node_text(key) };
}

typedef struct pair pair_fn(struct compiler *compiler, const struct node *key,
                            const struct node *value);

static void compile_pairs(struct compiler *compiler, const struct node *map,
                          pair_fn *compile_pair, struct mapping *out)
{
	out->pair_count = map ? map->count : 0;
	out->pairs =
		compiler_alloc(compiler, out->pair_count, sizeof(*out->pairs));
	for (size_t i = 0; i < out->pair_count; i++)
		out->pairs[i] = compile_pair(compiler, node_key(map, i),
		                             node_value(map, i));
}

/* What only fits another kind of field. */
static void check_fit(struct compiler *compiler, const struct node *node,
                      const struct mapping *mapping)
{
	if (mapping->type != MEMBER_SET && mapping->codec_given)
		refuse(compiler, node_get(node, "codec"), mapping->name,
		       "is no set; remove `codec`");
	if (mapping->type != MEMBER_SET && mapping->empty_none)
		refuse(compiler, node_get(node, "empty"), mapping->name,
		       "is no set; remove `empty`");
	if (mapping->form && mapping->type != MEMBER_TEXT &&
	    mapping->type != MEMBER_SET && mapping->type != MEMBER_KEY)
		refuse(compiler, node_get(node, "pattern"), mapping->name,
		       "is neither text nor set; remove `pattern`");
	if (mapping->type != MEMBER_TEXT && mapping->type != MEMBER_BOOLEAN &&
	    mapping->pair_count)
		refuse(compiler, node_get(node, "map"), mapping->name,
		       "is neither text nor boolean; remove `map`");
	if (mapping->type != MEMBER_TEXT && mapping->type != MEMBER_SET &&
	    mapping->masked_count)
		refuse(compiler, node_get(node, "masked"), mapping->name,
		       "is neither text nor set; remove `masked`");
}

/* Ownership, told by whether a text is there. */
static void compile_presence(struct compiler *compiler, const struct node *node,
                             struct mapping *out)
{
	const char *empty = node_text(node_get(node, "empty"));

	out->when_filled = node_text(node_get(node, "filled"));
	if (str_equal(empty, "none"))
		out->empty_none = true;
	else
		out->when_empty = empty;
	if (!out->when_empty && !out->when_filled)
		return;
	if (!str_equal(out->name, "ownership"))
		refuse(compiler, node, out->name,
		       "is not told by what is there; that is for `ownership`");
	else if (!out->when_empty || !out->when_filled || out->pair_count)
		refuse(compiler, node, out->name,
		       "needs both `empty` and `filled`, and no `map` then");
}

static const struct value_form *compile_form(struct compiler *compiler,
                                             const char *name,
                                             const struct node *pattern)
{
	struct value_form *form = compiler_alloc(compiler, 1, sizeof(*form));

	*form = (struct value_form){
		name,
		compiler_pattern(compiler, pattern),
		node_text(pattern),
	};
	return form;
}

static void compile_mapping(struct compiler *compiler, const struct node *key,
                            const struct node *node, pair_fn *compile_pair,
                            struct mapping *out)
{
	const struct node *pattern = node_get(node, "pattern");
	const char *text = node_text(node);

	out->name = node_text(key);
	out->place = compiler_place(compiler, key);
	if (!member_find(out->name, &out->type)) {
		refuse_name(compiler, key);
		out->type = MEMBER_TEXT;
	}
	out->at = text ? pointer_parse(compiler->binding->arena, text)
	               : compiler_pointer(compiler, node, "at");
	out->codec = compile_codec(node, out);
	compile_pairs(compiler, node_get(node, "map"), compile_pair, out);
	compile_presence(compiler, node, out);
	if (pattern)
		out->form = compile_form(compiler, out->name, pattern);
	compile_masked(compiler, node_get(node, "masked"), out);
	check_fit(compiler, node, out);
}

static struct mappings compile_mappings(struct compiler *compiler,
                                        const struct node *map,
                                        pair_fn *compile_pair)
{
	struct mappings mappings = { .count = map ? map->count : 0 };

	mappings.items = compiler_alloc(compiler, mappings.count,
	                                sizeof(*mappings.items));
	for (size_t i = 0; i < mappings.count; i++)
		compile_mapping(compiler, node_key(map, i), node_value(map, i),
		                compile_pair, &mappings.items[i]);
	return mappings;
}

struct mappings compile_writes(struct compiler *compiler,
                               const struct node *map)
{
	return compile_mappings(compiler, map, write_pair);
}

struct mappings compile_reads(struct compiler *compiler, const struct node *map)
{
	struct mappings mappings = compile_mappings(compiler, map, read_pair);

	for (size_t i = 0; i < mappings.count; i++) {
		const struct mapping *mapping = &mappings.items[i];

		if (mapping->type == MEMBER_KEY)
			refuse(compiler, node_key(map, i), mapping->name,
			       "stands beside `fields`, not in it");
		if (mapping->type == MEMBER_SECRET)
			refuse(compiler, node_key(map, i), mapping->name,
			       "is a secret; say under `secrets` what comes "
			       "back of it");
	}
	return mappings;
}
