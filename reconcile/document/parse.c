/* SPDX-License-Identifier: MIT */
/*
 * libyaml's events, or those of plain YAML where that is enough, become nodes
 * on a stack. Where a collection ends, what stands above it is copied into the
 * arena at once; nothing is allocated per node but the text of scalars. Nesting
 * is limited while events come in, because libyaml needs quadratic time for
 * deep flow collections.
 */
#include "base/limits.h"
#include "base/text.h"
#include "document/plain_yaml.h"
#include "document/spans.h"
#include "document/syntax.h"
#include "document/tree.h"
#include "schema/codes.h"

#include <stdlib.h>
#include <string.h>

enum { LIMIT_ANCHORS = 1024 };

/* A collection that is open. */
struct frame {
	size_t at;     /* of its node on the stack */
	size_t anchor; /* its index + 1; 0: none */
};

struct anchor {
	const char *name;
	struct node node;
	size_t node_count; /* of it and below, aliases expanded */
	bool complete;
};

/* What a handler of an event says. */
enum step { STEP_ON, STEP_END, STEP_STOP };

struct parser {
	struct documents *documents;
	struct diag *diag;
	struct watch *watch; /* or NULL */
	struct input input;
	yaml_parser_t yaml;
	enum step step; /* what the last event led to */
	struct node *stack;
	size_t count, capacity;
	struct frame frames[LIMIT_YAML_DEPTH];
	size_t depth;
	struct anchor *anchors;
	size_t anchor_count, anchor_capacity;
	struct node keys[KEY_SLOTS]; /* lately seen: their texts are shared */
	unsigned document_count;
	uint16_t file;
	bool wrong; /* something was reported and reading goes on */
};

static void parser_release(struct parser *parser)
{
	yaml_parser_delete(&parser->yaml);
	free(parser->stack);
	free(parser->anchors);
}

static struct place event_place(const struct parser *parser,
                                const yaml_event_t *event)
{
	return mark_place(&parser->input, event->start_mark);
}

/* ---- where we are ---- */

/* True when what comes next is a key of the innermost mapping. */
static bool expects_key(const struct parser *parser)
{
	if (!parser->depth)
		return false;

	size_t at = parser->frames[parser->depth - 1].at;

	return parser->stack[at].type == NODE_MAPPING &&
	       (parser->count - at) % 2 == 1;
}

/* True when a key above names a secret, so that no text may be shown. */
static bool is_below_secret(const struct parser *parser)
{
	for (size_t i = 0; i < parser->depth; i++) {
		size_t end = i + 1 < parser->depth ? parser->frames[i + 1].at
		                                   : parser->count;
		const struct node *key = &parser->stack[end - 1];

		if (parser->stack[parser->frames[i].at].type == NODE_MAPPING &&
		    (end - parser->frames[i].at) % 2 == 0 &&
		    key->type == NODE_SCALAR &&
		    is_secret_name(key->text, key->length))
			return true;
	}
	return false;
}

/* ---- nodes ---- */

static enum step count_nodes(struct parser *parser, size_t count,
                             const yaml_event_t *event)
{
	parser->documents->node_count += count;
	if (parser->documents->node_count <= LIMIT_YAML_NODES)
		return STEP_ON;
	diag_error(parser->diag, CODE_YAML_EXPANSION,
	           event_place(parser, event),
	           "more than %d values in all, with aliases expanded; use "
	           "fewer aliases, or split the file",
	           LIMIT_YAML_NODES);
	return STEP_STOP;
}

static void push(struct parser *parser, struct node node)
{
	if (parser->count == parser->capacity)
		parser->stack =
			xgrow(parser->stack, parser->count, &parser->capacity,
		              sizeof(*parser->stack));
	parser->stack[parser->count++] = node;
}

static struct node make_node(const struct parser *parser,
                             const yaml_event_t *event, enum node_type type)
{
	return (struct node){
		.type = (uint8_t)type,
		.file = parser->file,
		.line = (uint32_t)event->start_mark.line + 1,
		.column = (uint32_t)event->start_mark.column + 1,
	};
}

static void refuse_key(struct parser *parser, const yaml_event_t *event)
{
	diag_error(parser->diag, CODE_YAML_KEY, event_place(parser, event),
	           "a key must be a single text; put quotes around a text "
	           "that begins with { or [");
	parser->wrong = true;
}

/* ---- anchors ---- */

/* Returns its index + 1, 0 without one. */
static enum step add_anchor(struct parser *parser, const yaml_event_t *event,
                            const yaml_char_t *name, size_t *index)
{
	*index = 0;
	if (!name)
		return STEP_ON;
	if (parser->anchor_count == LIMIT_ANCHORS) {
		diag_error(parser->diag, CODE_YAML_EXPANSION,
		           event_place(parser, event),
		           "more than %d anchors (`&name`); use fewer",
		           LIMIT_ANCHORS);
		return STEP_STOP;
	}
	parser->anchors =
		xgrow(parser->anchors, parser->anchor_count,
	              &parser->anchor_capacity, sizeof(*parser->anchors));
	parser->anchors[parser->anchor_count] = (struct anchor){
		.name = arena_intern(parser->documents->arena, name,
		                     strlen((const char *)name)),
		.node_count = parser->documents->node_count,
	};
	*index = ++parser->anchor_count;
	return STEP_ON;
}

/* `index` is that of add_anchor(); its node was counted before. */
static void complete_anchor(struct parser *parser, size_t index,
                            const struct node *node)
{
	if (!index)
		return;

	struct anchor *anchor = &parser->anchors[index - 1];

	anchor->node = *node;
	anchor->node_count = parser->documents->node_count - anchor->node_count;
	anchor->complete = true;
}

/* The last of that name, as later ones hide earlier ones; or NULL. */
static const struct anchor *find_anchor(const struct parser *parser,
                                        const yaml_char_t *name)
{
	for (size_t i = parser->anchor_count; i-- > 0;) {
		if (str_equal(parser->anchors[i].name, (const char *)name))
			return &parser->anchors[i];
	}
	return NULL;
}

static enum step refuse_alias(struct parser *parser, const yaml_event_t *event,
                              const char *why)
{
	bool hidden = is_below_secret(parser);

	diag_error(parser->diag, CODE_YAML_ALIAS, event_place(parser, event),
	           "the alias `*%s` %s; put quotes around a text that begins "
	           "with *",
	           hidden ? "…" : (const char *)event->data.alias.anchor, why);
	parser->wrong = true;
	push(parser, make_node(parser, event, NODE_SEQUENCE));
	return STEP_ON;
}

static enum step on_alias(struct parser *parser, const yaml_event_t *event)
{
	const struct anchor *anchor =
		find_anchor(parser, event->data.alias.anchor);

	if (!anchor)
		return refuse_alias(parser, event, "repeats nothing above it");
	if (!anchor->complete)
		return refuse_alias(parser, event,
		                    "stands inside of what it "
		                    "repeats");
	if (expects_key(parser) && anchor->node.type != NODE_SCALAR)
		refuse_key(parser, event);
	else if (node_is_null(&anchor->node))
		parser->documents->files[parser->file].holds_null = true;
	push(parser, anchor->node);
	return count_nodes(parser, anchor->node_count, event);
}

/* ---- tags ---- */

static void check_tag(struct parser *parser, const yaml_event_t *event,
                      const yaml_char_t *tag, struct node *node)
{
	if (!tag || node_meets_tag(node, (const char *)tag))
		return;
	diag_error(parser->diag, CODE_YAML_TAG, event_place(parser, event),
	           "the tag `%s` has no meaning here; remove it, or put quotes "
	           "around a text that begins with !",
	           is_below_secret(parser) ? "…" : (const char *)tag);
	parser->wrong = true;
}

/* ---- scalars ---- */

static const uint8_t styles[] = {
	[YAML_ANY_SCALAR_STYLE] = NODE_PLAIN,
	[YAML_PLAIN_SCALAR_STYLE] = NODE_PLAIN,
	[YAML_SINGLE_QUOTED_SCALAR_STYLE] = NODE_QUOTED,
	[YAML_DOUBLE_QUOTED_SCALAR_STYLE] = NODE_QUOTED,
	[YAML_LITERAL_SCALAR_STYLE] = NODE_BLOCK,
	[YAML_FOLDED_SCALAR_STYLE] = NODE_BLOCK,
};

static void check_key(struct parser *parser, const yaml_event_t *event,
                      const struct node *node)
{
	if (node->length != 2 || node->style != NODE_PLAIN ||
	    !str_equal(node->text, "<<"))
		return;
	diag_error(parser->diag, CODE_YAML_KEY, event_place(parser, event),
	           "merge keys (`<<`) are not part of YAML 1.2; write "
	           "`extends` for what files share and `defaults` for what "
	           "entries share");
	parser->wrong = true;
}

static void check_text(struct parser *parser, const yaml_event_t *event)
{
	size_t length = event->data.scalar.length;
	const char *text = (const char *)event->data.scalar.value;

	if (length > LIMIT_YAML_SCALAR_BYTES) {
		diag_error(parser->diag, CODE_TOO_LARGE,
		           event_place(parser, event),
		           "this text is longer than %d bytes; shorten it",
		           LIMIT_YAML_SCALAR_BYTES);
		parser->wrong = true;
	}
	/* Only as an escape: no byte of a file is NUL. */
	if (event->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE &&
	    strlen(text) != length) {
		diag_error(parser->diag, CODE_YAML_ENCODING,
		           event_place(parser, event),
		           "this text holds a NUL character; remove the `\\0`");
		parser->wrong = true;
	}
}

static bool is_key(const struct node *key, const char *text, size_t length)
{
	return key->text && key->length == length &&
	       memcmp(key->text, text, length) == 0;
}

/* The same few keys come again and again: one text serves them all. */
static const char *copy_key(struct parser *parser, const yaml_event_t *event)
{
	struct arena *arena = parser->documents->arena;
	const char *text = (const char *)event->data.scalar.value;
	size_t length = event->data.scalar.length;
	struct node *seen = &parser->keys[key_slot(text, length)];

	if (is_key(&seen[0], text, length))
		return seen[0].text;
	if (is_key(&seen[1], text, length))
		return seen[1].text;
	text = arena_copy(arena, text, length);
	if (!is_counted_key(text, length)) {
		seen[1] = seen[0];
		seen[0].text = text;
		seen[0].length = length;
	}
	return text;
}

static enum step on_scalar(struct parser *parser, const yaml_event_t *event)
{
	struct node node = make_node(parser, event, NODE_SCALAR);
	bool key = expects_key(parser);
	size_t anchor;

	if (add_anchor(parser, event, event->data.scalar.anchor, &anchor) !=
	    STEP_ON)
		return STEP_STOP;
	check_text(parser, event);
	node.style = styles[event->data.scalar.style];
	node.length = event->data.scalar.length;
	node.text = key ? copy_key(parser, event)
	                : arena_copy(parser->documents->arena,
	                             event->data.scalar.value, node.length);
	check_tag(parser, event, event->data.scalar.tag, &node);
	if (key)
		check_key(parser, event, &node);
	else if (node_is_null(&node))
		parser->documents->files[parser->file].holds_null = true;
	push(parser, node);

	enum step step = count_nodes(parser, 1, event);

	complete_anchor(parser, anchor, &node);
	return step;
}

/* ---- collections ---- */

static enum step begin(struct parser *parser, const yaml_event_t *event,
                       struct node node, const yaml_char_t *anchor_name)
{
	size_t anchor;

	if (expects_key(parser))
		refuse_key(parser, event);
	if (parser->depth == LIMIT_YAML_DEPTH) {
		diag_error(parser->diag, CODE_YAML_DEPTH,
		           event_place(parser, event),
		           "nested more than %d levels deep; use fewer",
		           LIMIT_YAML_DEPTH);
		return STEP_STOP;
	}
	if (add_anchor(parser, event, anchor_name, &anchor) != STEP_ON)
		return STEP_STOP;
	push(parser, node);
	parser->frames[parser->depth++] = (struct frame){
		.at = parser->count - 1,
		.anchor = anchor,
	};
	return count_nodes(parser, 1, event);
}

static enum step on_sequence_start(struct parser *parser,
                                   const yaml_event_t *event)
{
	struct node node = make_node(parser, event, NODE_SEQUENCE);

	check_tag(parser, event, event->data.sequence_start.tag, &node);
	return begin(parser, event, node, event->data.sequence_start.anchor);
}

static enum step on_mapping_start(struct parser *parser,
                                  const yaml_event_t *event)
{
	struct node node = make_node(parser, event, NODE_MAPPING);

	check_tag(parser, event, event->data.mapping_start.tag, &node);
	return begin(parser, event, node, event->data.mapping_start.anchor);
}

static enum step on_collection_end(struct parser *parser,
                                   const yaml_event_t *event)
{
	const struct frame *frame = &parser->frames[--parser->depth];
	struct node *node = &parser->stack[frame->at];
	size_t count = parser->count - frame->at - 1;

	(void)event;
	if (count) {
		size_t size = count * sizeof(*node);
		struct node *kids = arena_alloc(parser->documents->arena, size);

		memcpy(kids, node + 1, size);
		node->kids = kids;
	}
	node->count =
		(uint32_t)(node->type == NODE_MAPPING ? count / 2 : count);
	parser->count = frame->at + 1;
	/* Reported, and the tree is made all the same: its other mistakes
	 * come out in the same run. */
	if (node->type == NODE_MAPPING)
		keys_check_unique(parser->documents, node, parser->diag);
	complete_anchor(parser, frame->anchor, node);
	return STEP_ON;
}

/* ---- documents ---- */

static enum step on_document_start(struct parser *parser,
                                   const yaml_event_t *event)
{
	if (parser->document_count++ == 0)
		return STEP_ON;
	diag_error(parser->diag, CODE_SEVERAL_DOCUMENTS,
	           event_place(parser, event),
	           "a second document begins here; write it into a file of "
	           "its own");
	return STEP_STOP;
}

static enum step on_end(struct parser *parser, const yaml_event_t *event)
{
	(void)parser;
	(void)event;
	return STEP_END;
}

typedef enum step on_event_fn(struct parser *parser, const yaml_event_t *event);

/* NULL: says nothing to us. */
static on_event_fn *const handlers[] = {
	[YAML_NO_EVENT] = on_end,
	[YAML_STREAM_END_EVENT] = on_end,
	[YAML_DOCUMENT_START_EVENT] = on_document_start,
	[YAML_ALIAS_EVENT] = on_alias,
	[YAML_SCALAR_EVENT] = on_scalar,
	[YAML_SEQUENCE_START_EVENT] = on_sequence_start,
	[YAML_SEQUENCE_END_EVENT] = on_collection_end,
	[YAML_MAPPING_START_EVENT] = on_mapping_start,
	[YAML_MAPPING_END_EVENT] = on_collection_end,
};

static int take_event(const yaml_event_t *event, void *context)
{
	struct parser *parser = context;

	parser->step = STEP_ON;
	if (handlers[event->type])
		parser->step = handlers[event->type](parser, event);
	if (parser->step != STEP_STOP && parser->watch &&
	    watch_event(parser->watch, event) < 0)
		parser->watch = NULL;
	return parser->step != STEP_ON;
}

/* Events number 0 to `taken` were taken before. */
static enum step next(struct parser *parser, size_t number, size_t taken)
{
	yaml_event_t event;

	if (!yaml_parser_parse(&parser->yaml, &event)) {
		syntax_report(&parser->input, &parser->yaml, parser->diag);
		parser->step = STEP_STOP;
		return STEP_STOP;
	}
	if (number >= taken)
		(void)take_event(&event, parser);
	yaml_event_delete(&event);
	return parser->step;
}

static enum step take_events(struct parser *parser)
{
	const struct input *input = &parser->input;
	size_t taken = 0;

	if (plain_yaml_read(input->bytes, input->length, take_event, parser,
	                    &taken))
		return parser->step;
	if (!yaml_parser_initialize(&parser->yaml))
		out_of_memory();
	yaml_parser_set_encoding(&parser->yaml, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser->yaml,
	                             (const unsigned char *)input->bytes,
	                             input->length);
	for (size_t number = 0; next(parser, number, taken) == STEP_ON;)
		number++;
	return parser->step;
}

/* The root: what is left on the stack. */
static const struct node *finish(struct parser *parser)
{
	const struct node *root = parser->stack;

	if (parser->wrong)
		return NULL;
	if (!parser->count || (root->type == NODE_SCALAR && !root->length &&
	                       root->style == NODE_PLAIN)) {
		diag_error(parser->diag, CODE_EMPTY_FILE,
		           (struct place){ .file = parser->input.display },
		           "`%s` holds nothing but space and comments; write "
		           "what is missing, or remove the file",
		           parser->input.display);
		return NULL;
	}

	struct node *kept =
		arena_alloc(parser->documents->arena, sizeof(*kept));

	*kept = *root;
	return kept;
}

const struct node *parse_watched(struct documents *documents,
                                 const struct input *input, struct watch *watch,
                                 struct diag *diag)
{
	CLEANUP(parser_release)
	struct parser parser = {
		.documents = documents,
		.diag = diag,
		.watch = watch,
		.input = *input,
		.file = documents_add_file(documents, input->display),
	};

	parser.input.display = documents->files[parser.file].display;
	if (syntax_check_encoding(&parser.input, diag) < 0)
		return NULL;
	return take_events(&parser) == STEP_END ? finish(&parser) : NULL;
}

const struct node *document_parse(struct documents *documents,
                                  const char *display, const char *bytes,
                                  size_t length, struct diag *diag)
{
	const struct input input = { display, bytes, length };

	return parse_watched(documents, &input, NULL, diag);
}
