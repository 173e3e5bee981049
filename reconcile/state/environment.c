/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "state/reader.h"

#include <limits.h>
#include <stdlib.h>

/* The numbers of `policy`, with what holds where nothing is said. */
struct policy_row {
	const char *name;
	size_t offset;
	unsigned fallback;
};

static const struct policy_row policy_rows[] = {
	{ "maxDeletes", offsetof(struct policy, max_deletes), 1 },
	{ "maxDeletePercent", offsetof(struct policy, max_delete_percent), 30 },
	{ "maxChanges", offsetof(struct policy, max_changes), 100 },
	{ "maxMissing", offsetof(struct policy, max_missing), 1 },
};

static void read_ignore(struct reader *reader, const struct node *list,
                        struct policy *policy)
{
	const char **globs;

	if (!list || list->type != NODE_SEQUENCE || !list->count)
		return;
	globs = arena_alloc(reader->arena, list->count * sizeof(*globs));
	for (size_t i = 0; i < list->count; i++) {
		const char *glob = reader_text(reader, node_item(list, i));

		if (glob)
			globs[policy->ignore_count++] = glob;
	}
	policy->ignore = globs;
}

static void read_policy(struct reader *reader, const struct node *map,
                        struct policy *policy)
{
	for (size_t i = 0; i < LENGTH(policy_rows); i++) {
		const struct policy_row *row = &policy_rows[i];
		int64_t number =
			node_integer(node_get(map, row->name), row->fallback);
		void *at = (char *)policy + row->offset;
		unsigned *value = at;

		*value = number >= 0 && number <= UINT_MAX ? (unsigned)number
		                                           : row->fallback;
	}
	policy->prune = node_boolean(node_get(map, "prune"), false);
	read_ignore(reader, node_get(map, "ignore"), policy);
}

static const char *const store_names[] = {
	[LEDGER_NONE] = "none",
	[LEDGER_FILE] = "file",
	[LEDGER_GIT] = "git",
};

static enum ledger_store read_store(const struct node *ledger)
{
	const char *name = node_text(ledger);

	if (!name)
		name = node_text(node_get(ledger, "store"));
	for (size_t i = 0; name && i < LENGTH(store_names); i++) {
		if (str_equal(name, store_names[i]))
			return (enum ledger_store)i;
	}
	return LEDGER_FILE;
}

/* Where it stands, or else where it is missing. */
static struct place place_or(const struct reader *reader,
                             const struct node *node, const struct node *other)
{
	return reader_place(reader, node ? node : other);
}

static void read_ledger(struct reader *reader, const struct node *ledger,
                        struct environment *out)
{
	out->store = read_store(ledger);
	out->ledger_ref = node_text(node_get(ledger, "ref"));
	out->ledger_remote = node_text(node_get(ledger, "remote"));
	out->ledger_place = out->place;
	if (ledger)
		out->ledger_place = reader_place(reader, ledger);
}

static void read_platform(struct reader *reader, const struct node *root,
                          struct environment *out)
{
	const struct node *platform = node_get(root, "platform");
	const struct node *binding = node_get(platform, "binding");
	const struct node *url = node_get(platform, "url");
	const struct node *key = node_get(platform, "apiKey");
	const struct node *around = platform ? platform : root;

	out->binding = reader_text(reader, binding);
	out->binding_place = place_or(reader, binding, around);
	out->callback = reader_text(reader, node_get(platform, "callback"));
	out->url = reader_text(reader, url);
	out->url_place = place_or(reader, url, around);
	out->api_key_source = reader_reference(reader, key);
	out->api_key_place = place_or(reader, key, around);
	out->parameters = node_get(platform, "parameters");
	reader_refuse_variables(reader, out->parameters,
	                        "`platform.parameters`");
}

int environment_read(const struct documents *documents, const struct node *root,
                     const struct desired_settings *settings,
                     struct environment *out, struct diag *diag)
{
	const struct node *name = node_get(root, "environment");
	struct reader reader = {
		.documents = documents,
		.settings = settings,
		.arena = arena_new(),
		.diag = diag,
	};

	*out = (struct environment){ .arena = reader.arena };
	out->name = node_text(name);
	out->place = place_or(&reader, name, root);
	read_ledger(&reader, node_get(root, "ledger"), out);
	read_platform(&reader, root, out);
	read_policy(&reader, node_get(root, "policy"), &out->policy);
	if (!out->name || !out->binding || !out->api_key_source)
		reader.failed = true;
	return reader.failed ? -1 : 0;
}

void environment_release(struct environment *environment)
{
	arena_free(environment->arena);
	*environment = (struct environment){ 0 };
}
