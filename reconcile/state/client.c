/* SPDX-License-Identifier: MIT */
/* The OAuth app of an entry: whose it is, its id, and references to secrets. */
#include "state/desired.h"

#include "base/clock.h"
#include "base/text.h"
#include "schema/codes.h"

static const char client_secret[] = "client.secret";
/* In `secrets`, the long form of client.secret. */
static const char long_form[] = "clientSecret";

static void add_ownership(struct desired *desired, const char *ownership,
                          const struct node *client)
{
	/* A platform that knows only own apps need not say so. */
	if (str_equal(ownership, "own") && !desired_maps(desired, "ownership"))
		return;
	desired_field(desired, "ownership",
	              state_value_text(desired->state, ownership), client);
}

/* When the secret expires; what is no day is reported. */
static const char *read_expiry(struct reader *reader, const struct node *node)
{
	const char *day = reader_text(reader, node);
	int64_t ignored_ms;

	if (!day || clock_parse_day_end(day, &ignored_ms) == 0)
		return day;
	reader->failed = true;
	diag_error(reader->diag, CODE_BAD_EXPIRY, reader_place(reader, node),
	           "`%s` is no day; write it as \"2027-01-31\"", day);
	return NULL;
}

/* `client` also holds what is declared of the secret; NULL: nothing is. */
static void add_reference(struct desired *desired, const char *name,
                          const struct node *node, const struct node *client)
{
	struct reader *reader = &desired->reader;
	const char *source = reader_reference(reader, node);
	const struct secret_reference reference = {
		.name = name,
		.source = source,
		.version =
			reader_text(reader, node_get(client, "secretVersion")),
		.expires =
			read_expiry(reader, node_get(client, "secretExpires")),
		.place = reader_place(reader, node),
	};

	if (!source)
		return;
	if (traits_secret(desired->traits, name))
		state_reference(desired->state, &reference);
	else
		desired_unmapped(desired, name, node);
}

/* A platform that shows no OAuth app cannot be told whose it is. */
static bool knows_clients(struct desired *desired)
{
	return desired_maps(desired, "ownership") ||
	       desired_maps(desired, "client.id") ||
	       traits_secret(desired->traits, client_secret);
}

static void report_missing(struct desired *desired, const struct node *key)
{
	desired->reader.failed = true;
	diag_error(desired->reader.diag, CODE_CLIENT_MISSING,
	           reader_place(&desired->reader, key),
	           "`%s` does not say whose OAuth app it is; write `client:` "
	           "with `id` and `secret`, or `client: managed` for the "
	           "platform's",
	           key->text);
}

/* The long form contradicts `client: managed` and repeats `client.secret`. */
static void add_long_form(struct desired *desired, const struct node *node,
                          const struct node *client)
{
	const struct node *secret = node_get(client, "secret");

	if (!secret && !node_text(client)) {
		add_reference(desired, client_secret, node, NULL);
		return;
	}
	desired->reader.failed = true;
	diag_error(desired->reader.diag, CODE_SECRET_CONFLICT,
	           reader_place(&desired->reader, node),
	           "`secrets.%s` is `client.secret`, and %s; remove one of "
	           "the two",
	           long_form,
	           secret ? "that is given as well" : "`client` is managed");
	diag_note(desired->reader.diag,
	          reader_place(&desired->reader, secret ? secret : client),
	          "the other is here");
}

static void add_secrets(struct desired *desired, const struct node *map,
                        const struct node *client)
{
	if (!map || map->type != NODE_MAPPING)
		return;
	for (size_t i = 0; i < map->count; i++) {
		const struct node *key = node_key(map, i);

		if (str_equal(key->text, long_form))
			add_long_form(desired, node_value(map, i), client);
		else
			add_reference(desired,
			              desired_name(desired, "secrets", key),
			              node_value(map, i), NULL);
	}
}

void client_add_id(struct desired *desired, const struct entry *entry)
{
	const struct node *id = node_get(entry->members[MEMBER_CLIENT], "id");
	const char *text = reader_text(&desired->reader, id);

	if (text)
		desired_field(desired, "client.id",
		              state_value_text(desired->state, text), id);
}

void client_add_ownership(struct desired *desired, const struct entry *entry,
                          const char *type)
{
	const struct node *client = entry->members[MEMBER_CLIENT];

	if (client && client->type == NODE_MAPPING)
		add_ownership(desired, "own", client);
	else if (client && str_equal(node_text(client), "managed"))
		add_ownership(desired, "managed", client);
	else if (!client && !entry->strange && str_equal(type, "oauth2") &&
	         knows_clients(desired))
		report_missing(desired, entry->key);
}

void client_add_secrets(struct desired *desired, const struct entry *entry)
{
	const struct node *client = entry->members[MEMBER_CLIENT];
	const struct node *secret = node_get(client, "secret");

	if (secret)
		add_reference(desired, client_secret, secret, client);
	add_secrets(desired, entry->members[MEMBER_SECRETS], client);
}
