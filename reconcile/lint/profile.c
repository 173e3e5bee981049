/* SPDX-License-Identifier: MIT */
#include "lint/profile.h"

#include "base/arena.h"
#include "base/pattern.h"
#include "base/text.h"
#include "document/document.h"
#include "schema/schema.h"

#include <stdlib.h>
#include <string.h>

static const struct node *find(const struct node *root, const char *first,
                               const char *second)
{
	return node_get(node_get(root, first), second);
}

/* A fact is { value: V, source: NAME }. */
static const char *fact(const struct reader *reader, const char *first,
                        const char *second)
{
	return node_text(node_get(find(reader->root, first, second), "value"));
}

static unsigned number(const struct reader *reader, const char *first,
                       const char *second)
{
	const struct node *node = find(reader->root, first, second);
	const int64_t value = node_integer(node_get(node, "value"), 0);

	return value > 0 && value <= INT32_MAX ? (unsigned)value : 0;
}

/* ---- sources ---- */

static void check_source(struct reader *reader, const struct node *name)
{
	const char *text = node_text(name);

	if (!text || node_get(reader->sources, text))
		return;
	reader->result = diag_error(
		reader->diag, CODE_BAD_PROFILE,
		node_place(reader->documents, name),
		"there is no source `%s`; add it to `sources`", text);
}

/* Whatever has a `source` names one that is listed. */
static void check_sources(struct reader *reader, const struct node *node)
{
	if (node->type == NODE_SCALAR)
		return;
	if (node->type == NODE_SEQUENCE) {
		for (size_t i = 0; i < node->count; i++)
			check_sources(reader, node_item(node, i));
		return;
	}
	for (size_t i = 0; i < node->count; i++) {
		if (str_equal(node_text(node_key(node, i)), "source"))
			check_source(reader, node_value(node, i));
		else
			check_sources(reader, node_value(node, i));
	}
}

/* ---- enums ---- */

static const struct choice authentications[] = {
	{ "form", CLIENT_AUTHENTICATION_FORM },
	{ "basic", CLIENT_AUTHENTICATION_BASIC },
	{ NULL, CLIENT_AUTHENTICATION_UNKNOWN },
}, https[] = {
	{ "always", HTTPS_ALWAYS },
	{ "except-loopback", HTTPS_EXCEPT_LOOPBACK },
	{ NULL, HTTPS_UNSAID },
}, addresses[] = {
	{ "never", ADDRESSES_NEVER },
	{ "loopback-only", ADDRESSES_LOOPBACK },
	{ NULL, ADDRESSES_UNSAID },
};

unsigned profile_choose(const struct choice *choices, const char *text)
{
	while (choices->text && !str_equal(choices->text, text))
		choices++;
	return choices->value;
}

/* ---- patterns and scopes ---- */

const struct pattern *profile_pattern(struct reader *reader,
                                      const struct node *node)
{
	struct profile_home *home = reader->home;
	struct pattern *pattern;

	if (!node_text(node))
		return NULL;
	pattern =
		pattern_new(node_text(node),
	                    node_place(reader->documents, node), reader->diag);
	if (!pattern) {
		reader->result = -1;
		return NULL;
	}
	home->patterns = xgrow(home->patterns, home->count, &home->capacity,
	                       sizeof(struct pattern *));
	home->patterns[home->count++] = pattern;
	return pattern;
}

static const struct pattern *read_form(struct reader *reader, const char *name)
{
	const struct node *node = find(reader->root, "credentials", name);

	return profile_pattern(reader, node_get(node, "value"));
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static size_t count_items(const struct node *groups)
{
	size_t count = 0;

	for (size_t i = 0; groups && i < groups->count; i++)
		count += node_get(node_item(groups, i), "items")->count;
	return count;
}

static void check_twins(struct reader *reader, const char *const *scopes,
                        size_t count)
{
	for (size_t i = 1; i < count; i++) {
		if (strcmp(scopes[i - 1], scopes[i]) == 0)
			reader->result = diag_error(
				reader->diag, CODE_BAD_PROFILE,
				node_place(
					reader->documents,
					find(reader->root, "scopes", "known")),
				"the scope `%s` is listed twice; remove one",
				scopes[i]);
	}
}

static void read_scopes(struct reader *reader)
{
	const struct node *groups = find(reader->root, "scopes", "known");
	const size_t total = count_items(groups);
	const char **scopes =
		arena_alloc(reader->home->arena, (total + 1) * sizeof(*scopes));
	size_t count = 0;

	for (size_t i = 0; groups && i < groups->count; i++) {
		const struct node *items =
			node_get(node_item(groups, i), "items");

		for (size_t j = 0; j < items->count; j++)
			scopes[count++] = node_text(node_item(items, j));
	}
	qsort(scopes, count, sizeof(*scopes), compare_texts);
	check_twins(reader, scopes, count);
	reader->profile->scopes = scopes;
	reader->profile->scope_count = count;
	reader->profile->scopes_complete =
		node_boolean(find(reader->root, "scopes", "complete"), false);
}

static void read_broad(struct reader *reader)
{
	const struct node *list = find(reader->root, "scopes", "broad");
	const size_t count = list ? list->count : 0;
	struct broad_scope *broad =
		arena_alloc(reader->home->arena, (count + 1) * sizeof(*broad));

	for (size_t i = 0; i < count; i++) {
		const struct node *item = node_item(list, i);

		broad[i] = (struct broad_scope){
			.scope = node_text(node_get(item, "scope")),
			.pattern = profile_pattern(reader,
			                           node_get(item, "pattern")),
			.why = node_text(node_get(item, "why")),
		};
	}
	reader->profile->broad = broad;
	reader->profile->broad_count = count;
}

/* ---- all ---- */

int profile_read(const struct documents *documents, const struct node *root,
                 struct profile_home *home, struct profile *profile,
                 struct diag *diag)
{
	struct reader reader = {
		.documents = documents,
		.root = root,
		.sources = node_get(root, "sources"),
		.home = home,
		.profile = profile,
		.diag = diag,
	};
	const struct reader *r = &reader;

	*profile = (struct profile){
		.connector = node_text(node_get(root, "connector")),
		.title = node_text(node_get(root, "title")),
		.authorization_url = fact(r, "endpoints", "authorization"),
		.token_url = fact(r, "endpoints", "token"),
		.authentication = profile_choose(
			authentications,
			node_text(find(root, "clientAuthentication", "value"))),
		.scope_separator = fact(r, "scopes", "separator"),
		.scope_prefix = fact(r, "scopes", "prefix"),
		.redirect_length = number(r, "redirect", "maxLength"),
		.redirect_forbidden =
			fact(r, "redirect", "forbiddenCharacters"),
		.https = profile_choose(https, fact(r, "redirect", "https")),
		.addresses = profile_choose(addresses,
		                            fact(r, "redirect", "ipAddresses")),
		.redirect_limit = number(r, "limits", "redirectUris"),
		.app_limit = number(r, "limits", "apps"),
		.scope_limit = number(r, "limits", "scopes"),
		.secret_days = number(r, "limits", "secretDays"),
		.rotation = node_text(find(root, "rotation", "text")),
	};
	check_sources(&reader, root);
	profile->id_form = read_form(&reader, "id");
	profile->secret_form = read_form(&reader, "secret");
	profile->token_form = read_form(&reader, "token");
	read_scopes(&reader);
	read_broad(&reader);
	profile_read_probe(&reader);
	return reader.result;
}

void profile_home_release(struct profile_home *home)
{
	for (size_t i = 0; i < home->count; i++)
		pattern_free(home->patterns[i]);
	free(home->patterns);
	arena_free(home->arena);
}
