/* SPDX-License-Identifier: MIT */
#include "platform/around.h"
#include "platform/compile.h"

#include "base/text.h"
#include "schema/codes.h"

static const struct around_row {
	const char *name;
	const char *method; /* where the binding says nothing */
	size_t ids;         /* {id} in its path: the connector */
} rows[AROUND_CALLS] = {
	[AROUND_CONNECTORS] = { "connectors", "GET", 0 },
	[AROUND_NEEDS] = { "metadata", "GET", 1 },
	[AROUND_CREDENTIALS] = { "credentials", "GET", 1 },
	[AROUND_CONNECT] = { "connect", "POST", 1 },
};

static void refuse(struct compiler *compiler, struct place place,
                   const char *words)
{
	compiler->result = diag_error(compiler->diag, CODE_BAD_BINDING, place,
	                              "%s", words);
}

static void read_template(struct compiler *compiler, const struct node *node,
                          struct template *out)
{
	if (template_parse(compiler->binding->arena, node_text(node),
	                   compiler_place(compiler, node), out,
	                   compiler->diag) < 0)
		compiler->result = -1;
}

static void check_template(struct compiler *compiler,
                           const struct template *template, size_t ids)
{
	if (template_count(template, PIECE_ID) != ids)
		refuse(compiler, template->place,
		       ids ? "the path must hold {id} once: the connector"
		           : "nothing here is of one connector; remove {id}");
	if (template_count(template, PIECE_KEY))
		refuse(compiler, template->place,
		       "the API key goes into a header; remove it here");
	if (template_count(template, PIECE_PARAMETER))
		refuse(compiler, template->place,
		       "parameters have no place in `calls`; remove it");
}

static void read_query(struct compiler *compiler, const struct node *map,
                       struct operation *out)
{
	out->query.count = map ? map->count : 0;
	out->query.items = compiler_alloc(compiler, out->query.count,
	                                  sizeof(*out->query.items));
	for (size_t i = 0; i < out->query.count; i++) {
		out->query.items[i].name = node_text(node_key(map, i));
		read_template(compiler, node_value(map, i),
		              &out->query.items[i].value);
		check_template(compiler, &out->query.items[i].value, 0);
	}
}

static void read_statuses(struct compiler *compiler, const struct node *list,
                          struct operation *out)
{
	out->ok_count = list ? list->count : 1;
	out->ok = compiler_alloc(compiler, out->ok_count, sizeof(*out->ok));
	out->ok[0] = 200;
	for (size_t i = 0; list && i < list->count; i++)
		out->ok[i] = (int)node_integer(node_item(list, i), 0);
}

static void read_call(struct compiler *compiler, const struct node *node,
                      const struct around_row *row, struct operation *out)
{
	const char *method = node_text(node_get(node, "method"));

	out->method = method ? method : row->method;
	out->place = compiler_place(compiler, node);
	read_template(compiler, node_get(node, "path"), &out->path);
	check_template(compiler, &out->path, row->ids);
	read_query(compiler, node_get(node, "query"), out);
	read_statuses(compiler, node_get(node, "ok"), out);
	out->errors = compiler->binding->errors;
}

static struct around_reading read_reading(struct compiler *compiler,
                                          const struct node *node)
{
	return (struct around_reading){
		.items = compiler_pointer(compiler, node, "items"),
		.id = compiler_pointer(compiler, node, "id"),
		.name = compiler_pointer(compiler, node, "name"),
		.type = compiler_pointer(compiler, node, "type"),
		.created_at = compiler_pointer(compiler, node, "createdAt"),
		.required = compiler_pointer(compiler, node, "required"),
	};
}

static struct around_connecting read_connecting(struct compiler *compiler,
                                                const struct node *node)
{
	return (struct around_connecting){
		.user = compiler_pointer(compiler, node, "user"),
		.type = compiler_pointer(compiler, node, "type"),
		.auth_config = compiler_pointer(compiler, node, "authConfig"),
		.redirect_uri = compiler_pointer(compiler, node, "redirectUri"),
		.url = compiler_pointer(compiler, node, "url"),
		.id = compiler_pointer(compiler, node, "id"),
	};
}

/* The ways of one body must not cross. */
static void check_connecting(struct compiler *compiler, struct place place)
{
	const struct around_connecting *to =
		&compiler->binding->around->connecting;
	const struct pointer *const all[] = { &to->user, &to->type,
		                              &to->auth_config,
		                              &to->redirect_uri };

	for (size_t i = 0; i < LENGTH(all); i++) {
		for (size_t j = i + 1; j < LENGTH(all); j++) {
			if (all[i]->text && all[j]->text &&
			    pointer_clashes(all[i], all[j]))
				refuse(compiler, place,
				       "two values of `connect` stand in one "
				       "place; correct their pointers");
		}
	}
}

int around_compile(struct binding *binding, const struct node *root,
                   struct diag *diag)
{
	struct compiler compiler = { binding, diag, 0 };
	const struct node *calls = node_get(root, "calls");

	binding->around =
		compiler_alloc(&compiler, 1, sizeof(*binding->around));
	for (size_t i = 0; i < AROUND_CALLS; i++) {
		const struct node *node = node_get(calls, rows[i].name);

		if (!node)
			continue;
		read_call(&compiler, node, &rows[i],
		          &binding->around->operations[i]);
		binding->around->readings[i] = read_reading(&compiler, node);
	}
	binding->around->connecting =
		read_connecting(&compiler, node_get(calls, "connect"));
	check_connecting(&compiler,
	                 compiler_place(&compiler, calls ? calls : root));
	return compiler.result;
}
