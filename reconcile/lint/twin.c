/* SPDX-License-Identifier: MIT */
/*
 * Twins: rule U5. Every declared URI, and every live one of an object that is
 * none of the declared, is folded; sorted by connector and folded form, twins
 * stand side by side. Among them the one most declare is taken for right.
 */
#include "lint/check.h"

#include "base/arena.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct item {
	uint64_t sum; /* of connector and folded URI: cheap to sort by */
	const char *connector;
	struct span folded;
	const char *uri;
	const struct subject *subject; /* NULL: live */
	const struct auth_config *live;
};

struct items {
	struct item *items;
	size_t count, capacity;
	struct arena *arena;
};

static uint64_t sum_bytes(uint64_t sum, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		sum ^= (unsigned char)bytes[i];
		sum *= 0x100000001b3u;
	}
	return sum;
}

static void add_item(struct items *items, const char *connector,
                     const struct uri *uri, const struct subject *subject,
                     const struct auth_config *live)
{
	const struct item *before =
		items->count ? &items->items[items->count - 1] : NULL;
	struct item item = { .connector = connector,
		             .uri = uri->text,
		             .subject = subject,
		             .live = live };

	if (before && before->uri == uri->text)
		item.folded = before->folded;
	else
		item.folded = uri_fold(uri, FOLD_ALL, items->arena);
	item.sum = sum_bytes(0xcbf29ce484222325u, connector,
	                     strlen(connector) + 1);
	item.sum = sum_bytes(item.sum, item.folded.start, item.folded.length);
	items->items = xgrow(items->items, items->count, &items->capacity,
	                     sizeof(*items->items));
	items->items[items->count++] = item;
}

/* ---- live objects that are nobody's ---- */

/* Ids of applied rows, and names of entries without one. */
struct bound {
	const char **names;
	size_t count;
};

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *identity(const struct auth_config *config,
                            struct arena *arena)
{
	CLEANUP(textp)
	char *text = xasprintf("%s\n%s", auth_config_text(config, "connector"),
	                       auth_config_text(config, "name"));

	return arena_copy(arena, text, strlen(text));
}

/* Left for the first live object with a redirect URI: most have none. */
static struct bound bound_of(const struct lint_pass *pass, struct arena *arena)
{
	struct bound bound = {
		.names = xreallocarray(NULL, pass->count + 1, sizeof(char *)),
	};

	for (size_t i = 0; i < pass->count; i++) {
		const struct subject *subject = &pass->subjects[i];
		const struct auth_config *row = subject->applied;

		bound.names[bound.count++] =
			row && row->id ? row->id
				       : identity(subject->config, arena);
	}
	qsort(bound.names, bound.count, sizeof(char *), compare_names);
	return bound;
}

static void add_live(struct items *items, const struct lint_pass *pass)
{
	const struct state *live = pass->environment->live;
	struct bound bound = { .names = NULL };

	for (size_t i = 0; i < state_length(live); i++) {
		const struct auth_config *config = state_at(live, i);
		const struct value value =
			auth_config_value(config, "redirectUri");
		struct uri uri;

		if (value.kind != VALUE_TEXT)
			continue;
		if (!bound.names)
			bound = bound_of(pass, items->arena);
		if (text_sorted_contains(bound.names, bound.count,
		                         config->id) ||
		    text_sorted_contains(bound.names, bound.count,
		                         identity(config, items->arena)))
			continue;
		uri_parse(value.bytes, &uri);
		add_item(items, auth_config_text(config, "connector"), &uri,
		         NULL, config);
	}
	free(bound.names);
}

/* ---- comparing ---- */

static int compare_items(const void *left, const void *right)
{
	const struct item *a = left, *b = right;
	int order = (a->sum > b->sum) - (a->sum < b->sum);

	if (!order && a->uri != b->uri)
		order = strcmp(a->uri, b->uri);
	if (!order && a->subject && b->subject)
		return strcmp(a->subject->config->key, b->subject->config->key);
	return order ? order : !a->subject - !b->subject;
}

static bool same_run(const struct item *a, const struct item *b)
{
	return a->sum == b->sum && a->folded.length == b->folded.length &&
	       strcmp(a->connector, b->connector) == 0 &&
	       memcmp(a->folded.start, b->folded.start, a->folded.length) == 0;
}

static bool is_better(const struct item *a, size_t a_count,
                      const struct item *b, size_t b_count)
{
	const bool a_safe = strncmp(a->uri, "https:", 6) == 0;
	const bool b_safe = strncmp(b->uri, "https:", 6) == 0;

	if (a_count != b_count)
		return a_count > b_count;
	if (a_safe != b_safe)
		return a_safe;
	if (!a->subject || !b->subject)
		return a->subject && !b->subject;
	return strcmp(a->subject->config->key, b->subject->config->key) < 0;
}

/* The first item of the URI that is most likely right. */
static const struct item *choose(const struct item *items, size_t count)
{
	const struct item *best = NULL;
	size_t best_count = 0;

	for (size_t i = 0, end; i < count; i = end) {
		for (end = i + 1;
		     end < count && strcmp(items[i].uri, items[end].uri) == 0;
		     end++)
			;
		if (!best || is_better(&items[i], end - i, best, best_count)) {
			best = &items[i];
			best_count = end - i;
		}
	}
	return best;
}

static void report_twin(struct lint_pass *pass, const struct item *item,
                        const struct item *other)
{
	struct uri uri;
	unsigned difference;

	uri_parse(other->uri, &uri);
	difference = uri_difference(item->subject->uri, &uri, pass->arena);
	report(pass, about_field(item->subject, "redirectUri"),
	       "`%s` differs from that of %s`%s` only %s; did you mean `%s`?",
	       item->uri, other->subject ? "" : "the live object ",
	       other->subject ? other->subject->config->key : other->live->id,
	       uri_difference_text(difference, pass->arena), other->uri);
}

/* A near miss of the platform's callback is rule U9's. */
static bool is_callback_twin(const struct lint_pass *pass,
                             const struct item *item, struct arena *arena)
{
	struct uri callback, uri;
	struct span folded;

	if (!pass->environment->callback)
		return false;
	uri_parse(pass->environment->callback, &callback);
	uri_parse(item->uri, &uri);
	folded = uri_fold(&callback, FOLD_ALL, arena);
	return folded.length == item->folded.length &&
	       memcmp(folded.start, item->folded.start, folded.length) == 0;
}

static void check_run(struct lint_pass *pass, const struct item *items,
                      size_t count, struct arena *arena)
{
	const struct item *right;

	if (strcmp(items[0].uri, items[count - 1].uri) == 0 ||
	    is_callback_twin(pass, &items[0], arena))
		return;
	right = choose(items, count);
	for (size_t i = 0; i < count; i++) {
		if (items[i].subject && strcmp(items[i].uri, right->uri) != 0)
			report_twin(pass, &items[i], right);
	}
}

void check_redirect_twin(struct lint_pass *pass)
{
	struct items items = { .arena = arena_new() };

	for (size_t i = 0; i < pass->count; i++) {
		const struct subject *subject = &pass->subjects[i];

		if (subject->redirect_uri)
			add_item(&items, subject->connector, subject->uri,
			         subject, NULL);
	}
	if (pass->environment->live)
		add_live(&items, pass);
	if (items.count)
		qsort(items.items, items.count, sizeof(*items.items),
		      compare_items);
	for (size_t i = 0, end; i < items.count; i = end) {
		for (end = i + 1; end < items.count &&
		                  same_run(&items.items[i], &items.items[end]);
		     end++)
			;
		check_run(pass, &items.items[i], end - i, items.arena);
	}
	free(items.items);
	arena_free(items.arena);
}
