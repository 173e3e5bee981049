/* SPDX-License-Identifier: MIT */
/*
 * The list of connections, made up from how many each integration has: those
 * of `crm` are crm-1, crm-2, … No end user is known of any.
 */
#include "base/text.h"
#include "sandbox/answer.h"
#include "sandbox/nango.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_LISTED = 10000 };

/* What is asked for; NULL: any. */
struct wanted {
	const char *integrations; /* joined by commas */
	const char *connection, *search;
	bool none;          /* an end user is asked for */
	int64_t skip, most; /* left */
};

/* Blanks around the commas do not count. */
static bool is_listed(const char *list, const char *key)
{
	size_t length = strlen(key);

	while (*list) {
		list += strspn(list, " ");

		size_t item = strcspn(list, ",");
		size_t end = item;

		while (end > 0 && list[end - 1] == ' ')
			end--;
		if (end == length && memcmp(list, key, length) == 0)
			return true;
		list += item + (list[item] == ',');
	}
	return false;
}

static bool is_wanted(const struct wanted *wanted, const char *id)
{
	if (wanted->none ||
	    (wanted->connection && !str_equal(wanted->connection, id)))
		return false;
	return !wanted->search || strcasestr(id, wanted->search);
}

static json_t *connection(const json_t *stored, const char *id, int64_t number)
{
	return json_pack("{s:I, s:s, s:O, s:O, s:[], s:n, s:{}, s:n, s:O?}",
	                 "id", (json_int_t)number, "connection_id", id,
	                 "provider_config_key",
	                 json_object_get(stored, "unique_key"), "provider",
	                 json_object_get(stored, "provider"), "errors",
	                 "end_user", "tags", "metadata", "created",
	                 json_object_get(stored, "created_at"));
}

static void add_connections(json_t *list, const json_t *stored,
                            struct wanted *wanted)
{
	const char *key =
		json_string_value(json_object_get(stored, "unique_key"));

	if (wanted->integrations && !is_listed(wanted->integrations, key))
		return;
	for (int64_t i = 1; i <= nango_connections_of(stored); i++) {
		CLEANUP(textp) char *id = xasprintf("%s-%" PRId64, key, i);

		if (!is_wanted(wanted, id) || wanted->skip-- > 0)
			continue;
		if (wanted->most-- <= 0)
			return;
		json_array_append_new(list, connection(stored, id, i));
	}
}

static const char *text_of(const json_t *query, const char *name)
{
	return json_string_value(json_object_get(query, name));
}

static int64_t number_of(const json_t *query, const char *name,
                         int64_t otherwise)
{
	const char *text = text_of(query, name);

	return text ? strtol(text, NULL, 10) : otherwise;
}

static struct wanted read_wanted(const json_t *query)
{
	int64_t most = number_of(query, "limit", MOST_LISTED);
	int64_t page = number_of(query, "page", 0);

	return (struct wanted){
		.integrations = text_of(query, "integrationId"),
		.connection = text_of(query, "connectionId"),
		.search = text_of(query, "search"),
		.none = text_of(query, "endUserId") ||
		        text_of(query, "endUserOrganizationId"),
		.skip = page < MOST_LISTED ? page * most : INT64_MAX,
		.most = most,
	};
}

void nango_list_connections(struct call *call)
{
	json_auto_t *query = nango_read_query(call, NANGO_CONNECTIONS);
	json_auto_t *objects = query ? nango_all(call) : NULL;

	if (!objects)
		return;

	struct wanted wanted = read_wanted(query);
	json_t *list = json_array();

	for (size_t i = 0; i < json_array_size(objects); i++)
		add_connections(list, json_array_get(objects, i), &wanted);
	answer_json(call->reply, 200, json_pack("{s:o}", "connections", list));
}
