/* SPDX-License-Identifier: MIT */
#include "platform/compile.h"

#include "base/pattern.h"
#include "base/text.h"

#include <string.h>

/* ---- what the parts share ---- */

struct place compiler_place(const struct compiler *compiler,
                            const struct node *node)
{
	return node_place(compiler->binding->documents, node);
}

void *compiler_alloc(struct compiler *compiler, size_t count, size_t size)
{
	return arena_alloc(compiler->binding->arena,
	                   count ? count * size : size);
}

struct pointer compiler_pointer(struct compiler *compiler,
                                const struct node *map, const char *name)
{
	const char *text = node_text(node_get(map, name));

	if (!text)
		return (struct pointer){ 0 };
	return pointer_parse(compiler->binding->arena, text);
}

json_t *compiler_value(struct compiler *compiler, const struct node *node)
{
	CLEANUP(textp) char *text = node_json(node);
	json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);

	json_array_append_new(compiler->binding->values, value);
	return value;
}

struct pattern *compiler_pattern(struct compiler *compiler,
                                 const struct node *node)
{
	struct binding *binding = compiler->binding;
	struct pattern *pattern =
		pattern_new(node_text(node), compiler_place(compiler, node),
	                    compiler->diag);

	if (!pattern) {
		compiler->result = -1;
		return NULL;
	}
	binding->patterns =
		xgrow(binding->patterns, binding->pattern_count,
	              &binding->pattern_capacity, sizeof(struct pattern *));
	binding->patterns[binding->pattern_count++] = pattern;
	return pattern;
}

static void compile_template(struct compiler *compiler, const struct node *node,
                             struct template *out)
{
	if (template_parse(compiler->binding->arena, node_text(node),
	                   compiler_place(compiler, node), out,
	                   compiler->diag) < 0)
		compiler->result = -1;
}

static struct named_templates compile_templates(struct compiler *compiler,
                                                const struct node *map)
{
	struct named_templates templates = { .count = map ? map->count : 0 };

	templates.items = compiler_alloc(compiler, templates.count,
	                                 sizeof(*templates.items));
	for (size_t i = 0; i < templates.count; i++) {
		templates.items[i].name = node_text(node_key(map, i));
		compile_template(compiler, node_value(map, i),
		                 &templates.items[i].value);
	}
	return templates;
}

/* ---- operations ---- */

static const int ok_read[] = { 200 };
static const int ok_made[] = { 200, 201 };
static const int ok_changed[] = { 200, 201, 204 };
static const int ok_removed[] = { 200, 204 };

static const struct defaults of_read = { "GET", ok_read, LENGTH(ok_read) };
static const struct defaults of_create = { "POST", ok_made, LENGTH(ok_made) };
static const struct defaults of_update = { "PUT", ok_changed,
	                                   LENGTH(ok_changed) };
static const struct defaults of_delete = { "DELETE", ok_removed,
	                                   LENGTH(ok_removed) };

static void compile_statuses(struct compiler *compiler, const struct node *list,
                             const struct defaults *defaults,
                             struct operation *out)
{
	out->ok_count = list ? list->count : defaults->ok_count;
	out->ok = compiler_alloc(compiler, out->ok_count, sizeof(*out->ok));
	for (size_t i = 0; i < out->ok_count; i++)
		out->ok[i] = list ? (int)node_integer(node_item(list, i), 0)
		                  : defaults->ok[i];
}

static void compile_constants(struct compiler *compiler, const struct node *map,
                              struct operation *out)
{
	out->constant_count = map ? map->count : 0;
	out->constants = compiler_alloc(compiler, out->constant_count,
	                                sizeof(*out->constants));
	for (size_t i = 0; i < out->constant_count; i++) {
		const struct node *key = node_key(map, i);

		out->constants[i] = (struct constant){
			pointer_parse(compiler->binding->arena, node_text(key)),
			compiler_value(compiler, node_value(map, i)),
			compiler_place(compiler, key),
		};
	}
}

void compile_operation(struct compiler *compiler, const struct node *node,
                       const struct defaults *defaults, struct operation *out)
{
	const char *method = node_text(node_get(node, "method"));

	if (!node)
		return;
	out->method = method ? method : defaults->method;
	out->place = compiler_place(compiler, node);
	out->ownership =
		node_text(node_get(node_get(node, "when"), "ownership"));
	compile_template(compiler, node_get(node, "path"), &out->path);
	out->query = compile_templates(compiler, node_get(node, "query"));
	compile_statuses(compiler, node_get(node, "ok"), defaults, out);
	compile_constants(compiler, node_get(node, "const"), out);
	out->id = compiler_pointer(compiler, node, "id");
	out->object = compiler_pointer(compiler, node, "object");
	out->success = compiler_pointer(compiler, node, "success");
	out->fields = compile_writes(compiler, node_get(node, "fields"));
	out->errors = compiler->binding->errors;
	compile_errors(compiler, node_get(node, "errors"), &out->errors);
}

static void compile_operations(struct compiler *compiler,
                               const struct node *list,
                               const struct defaults *defaults,
                               struct operations *out)
{
	out->count = list ? list->count : 0;
	out->items = compiler_alloc(compiler, out->count, sizeof(*out->items));
	for (size_t i = 0; i < out->count; i++)
		compile_operation(compiler, node_item(list, i), defaults,
		                  &out->items[i]);
}

/* ---- lists ---- */

struct page compile_page(struct compiler *compiler, const struct node *node)
{
	const struct node *limit = node_get(node, "limit");
	const char *fallback = node_text(node_get(node, "fallback"));

	return (struct page){
		.kind = paging_find(node_text(node_get(node, "kind"))),
		.parameter = node_text(node_get(node, "parameter")),
		.first = node_integer(node_get(node, "first"), -1),
		.fallback = fallback ? paging_find(fallback) : NULL,
		.next = compiler_pointer(compiler, node, "next"),
		.total = compiler_pointer(compiler, node, "total"),
		.limit_parameter = node_text(node_get(limit, "parameter")),
		.limit = node_integer(node_get(limit, "size"), 0),
		.place = compiler_place(compiler, node),
	};
}

static void compile_list(struct compiler *compiler, const struct node *node)
{
	struct binding *binding = compiler->binding;

	if (!node)
		return;
	compile_operation(compiler, node, &of_read, &binding->list);
	binding->items = compiler_pointer(compiler, node, "items");
	binding->then_get = node_boolean(node_get(node, "thenGet"), false);
	binding->page = compile_page(compiler, node_get(node, "page"));
}

/* ---- reading ---- */

struct readback_row {
	const char *name;
	enum secret_readback readback;
};

static const struct readback_row readbacks[] = {
	{ "never", READBACK_NEVER },
	{ "masked", READBACK_MASKED },
	{ "hint", READBACK_HINT },
	{ "clear", READBACK_CLEAR },
};

static enum secret_readback readback_of(const char *name)
{
	for (size_t i = 0; i < LENGTH(readbacks); i++) {
		if (str_equal(readbacks[i].name, name))
			return readbacks[i].readback;
	}
	return READBACK_NEVER;
}

static void compile_secret(struct compiler *compiler, const struct node *key,
                           const struct node *node, struct secret_mapping *out)
{
	const struct node *unset = node_get(node, "unset");

	*out = (struct secret_mapping){
		.name = node_text(key),
		.readback = readback_of(node_text(node_get(node, "readback"))),
		.at = compiler_pointer(compiler, node, "at"),
		.hint_length =
			(unsigned)node_integer(node_get(node, "hintLength"), 0),
		.unset = unset ? compiler_value(compiler, unset) : NULL,
		.place = compiler_place(compiler, key),
	};
}

static void compile_reading(struct compiler *compiler, const struct node *node)
{
	const struct node *secrets = node_get(node, "secrets");
	const struct node *present = node_get(node, "present");
	struct reading *out = &compiler->binding->reading;

	if (!node)
		return;
	out->place = compiler_place(compiler, node);
	out->id = compiler_pointer(compiler, node, "id");
	out->platform_key = compiler_pointer(compiler, node, "platformKey");
	out->updated_at = compiler_pointer(compiler, node, "updatedAt");
	out->connections = compiler_pointer(compiler, node, "connections");
	out->present = compiler_pointer(compiler, present, "at");
	out->permission = node_text(node_get(present, "permission"));
	out->fields = compile_reads(compiler, node_get(node, "fields"));
	out->secret_count = secrets ? secrets->count : 0;
	out->secrets = compiler_alloc(compiler, out->secret_count,
	                              sizeof(*out->secrets));
	for (size_t i = 0; i < out->secret_count; i++)
		compile_secret(compiler, node_key(secrets, i),
		               node_value(secrets, i), &out->secrets[i]);
}

/* ---- the rest ---- */

static struct names compile_names(struct compiler *compiler,
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

static void compile_update(struct compiler *compiler, const struct node *node)
{
	struct binding *binding = compiler->binding;
	const struct node *groups = node_get(node, "groups");
	const char *omit = node_text(node_get(node, "secretOmit"));

	compile_operations(compiler, node_get(node, "variants"), &of_update,
	                   &binding->updates);
	if (str_equal(node_text(node_get(node, "semantics")), "replace"))
		binding->semantics = UPDATE_REPLACE;
	binding->secret_omit_given = omit;
	/* Merging keeps what is left out. */
	binding->secret_omit =
		binding->semantics == UPDATE_REPLACE && !str_equal(omit, "keep")
			? SECRET_OMIT_REQUIRED
			: SECRET_OMIT_KEEP;
	binding->group_count = groups ? groups->count : 0;
	binding->groups = compiler_alloc(compiler, binding->group_count,
	                                 sizeof(*binding->groups));
	for (size_t i = 0; i < binding->group_count; i++)
		binding->groups[i] =
			compile_names(compiler, node_item(groups, i));
}

static void compile_parameters(struct compiler *compiler,
                               const struct node *map)
{
	struct binding *binding = compiler->binding;

	binding->parameter_count = map ? map->count : 0;
	binding->parameters = compiler_alloc(compiler, binding->parameter_count,
	                                     sizeof(*binding->parameters));
	for (size_t i = 0; i < binding->parameter_count; i++) {
		const struct node *key = node_key(map, i);
		const struct node *pattern =
			node_get(node_value(map, i), "pattern");

		binding->parameters[i] = (struct parameter){
			node_text(key),
			pattern ? compiler_pattern(compiler, pattern) : NULL,
			compiler_place(compiler, key),
			node_text(node_get(node_value(map, i), "description")),
		};
	}
}

static enum binding_status status_of(const char *name)
{
	for (size_t i = 0; i < BINDING_STATUSES; i++) {
		if (str_equal(binding_status_names[i], name))
			return (enum binding_status)i;
	}
	return BINDING_VERIFIED;
}

static void compile_head(struct compiler *compiler, const struct node *root)
{
	struct binding *binding = compiler->binding;

	binding->name = node_text(node_get(root, "platform"));
	binding->url = node_text(node_get(root, "url"));
	binding->url_place = compiler_place(compiler, node_get(root, "url"));
	binding->status = status_of(node_text(node_get(root, "status")));
	binding->unique_names =
		node_boolean(node_get(root, "uniqueNames"), false);
	binding->headers =
		compile_templates(compiler, node_get(root, "headers"));
	compile_parameters(compiler, node_get(root, "parameters"));
	compile_errors(compiler, node_get(root, "errors"), &binding->errors);
	binding->traits.settle_ms = node_integer(node_get(root, "settleMs"), 0);
	binding->immutable =
		compile_names(compiler, node_get(root, "immutable"));
	binding->filled = compile_names(compiler, node_get(root, "filled"));
}

int binding_compile(struct binding *binding, const struct node *root,
                    struct diag *diag)
{
	struct compiler compiler = { binding, diag, 0 };
	const struct node *remove = node_get(root, "delete");

	compile_head(&compiler, root);
	compile_list(&compiler, node_get(root, "list"));
	compile_operation(&compiler, node_get(root, "get"), &of_read,
	                  &binding->get);
	compile_operations(&compiler, node_get(root, "create"), &of_create,
	                   &binding->creates);
	compile_update(&compiler, node_get(root, "update"));
	compile_operation(&compiler, remove, &of_delete, &binding->remove);
	binding->cascade = node_boolean(node_get(remove, "cascade"), false);
	compile_reading(&compiler, node_get(root, "read"));
	compile_enabling(&compiler, node_get(root, "setEnabled"));
	compile_counting(&compiler, node_get(root, "connections"));
	return compiler.result;
}
