/* SPDX-License-Identifier: MIT */
/* What an object can be recognised by when nobody knows its id. */
#include "apply/steps.h"

#include "base/text.h"

#include <stdlib.h>

struct identities {
	const struct auth_config **items; /* sorted by `compare` */
	size_t count;
	int (*compare)(const void *, const void *);
};

/* Where the client chooses the id, that may be all there is. */
static const char *key_of(const struct auth_config *live)
{
	return live->natural_key ? live->natural_key : live->id;
}

static bool same_client(const char *client_id, const struct auth_config *live)
{
	const struct value value = auth_config_value(live, "client.id");

	return !client_id || value.kind != VALUE_TEXT ||
	       str_equal(client_id, value.bytes);
}

bool identity_matches(const struct identity *identity,
                      const struct auth_config *live)
{
	if ((live->flags & AUTH_CONFIG_OPAQUE) ||
	    !same_client(identity->client_id, live))
		return false;
	if (identity->natural_key)
		return str_equal(identity->natural_key, key_of(live));
	return identity->connector && identity->name &&
	       str_equal(identity->connector,
	                 auth_config_text(live, "connector")) &&
	       str_equal(identity->name, auth_config_text(live, "name"));
}

struct identity identity_of(const struct auth_config *desired,
                            const struct traits *traits)
{
	const struct value client_id = auth_config_value(desired, "client.id");
	struct identity identity = {
		.connector = auth_config_text(desired, "connector"),
		.name = auth_config_text(desired, "name"),
	};

	if (traits->abilities & HAS_NATURAL_KEY)
		identity.natural_key = desired->natural_key;
	if (client_id.kind == VALUE_TEXT)
		identity.client_id = client_id.bytes;
	return identity;
}

static const struct auth_config *item(const void *pointer)
{
	return *(const struct auth_config *const *)pointer;
}

static int compare_keys(const void *a, const void *b)
{
	return str_compare(key_of(item(a)), key_of(item(b)));
}

static int compare_names(const void *a, const void *b)
{
	const int order = str_compare(auth_config_text(item(a), "name"),
	                              auth_config_text(item(b), "name"));

	if (order)
		return order;
	return str_compare(auth_config_text(item(a), "connector"),
	                   auth_config_text(item(b), "connector"));
}

struct identities *identities_new(const struct state *live,
                                  const struct traits *traits)
{
	struct identities *identities = xcalloc(1, sizeof(*identities));
	const size_t count = state_length(live);

	identities->items = xcalloc(count + 1, sizeof(*identities->items));
	for (size_t i = 0; i < count; i++)
		identities->items[i] = state_at(live, i);
	identities->count = count;
	identities->compare = traits->abilities & HAS_NATURAL_KEY
	                              ? compare_keys
	                              : compare_names;
	qsort(identities->items, count, sizeof(struct auth_config *),
	      identities->compare);
	return identities;
}

void identities_free(struct identities *identities)
{
	if (!identities)
		return;
	free(identities->items);
	free(identities);
}

/* The first that is not before `wanted`. */
static size_t lower_bound(const struct identities *identities,
                          const struct auth_config *wanted)
{
	size_t low = 0, high = identities->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (identities->compare(&identities->items[middle], &wanted) <
		    0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t identities_find(const struct identities *identities,
                       const struct identity *identity, const char ***ids)
{
	const struct field fields[] = {
		{ .name = "connector",
		  .kind = VALUE_TEXT,
		  .bytes = identity->connector },
		{ .name = "name", .kind = VALUE_TEXT, .bytes = identity->name },
	};
	const struct auth_config like = {
		.natural_key = identity->natural_key,
		.fields = fields,
		.field_count = LENGTH(fields),
	};
	const struct auth_config *wanted = &like;
	size_t count = 0, capacity = 0;

	*ids = NULL;
	for (size_t i = lower_bound(identities, wanted);
	     i < identities->count &&
	     identities->compare(&identities->items[i], &wanted) == 0;
	     i++) {
		*ids = xgrow(*ids, count, &capacity, sizeof(**ids));
		(*ids)[count++] = identities->items[i]->id;
	}
	return count;
}

size_t work_snapshot(const struct work *work, const char ***ids)
{
	const struct session *session = work->session;
	const struct identity identity =
		identity_of(work->change->desired, session_traits(session));
	const size_t count =
		identities_find(session->identities, &identity, ids);
	size_t kept = 0;

	if (!(work->flags & WORK_DELETED))
		return count;
	for (size_t i = 0; i < count; i++) {
		if (!str_equal((*ids)[i], work->change->id))
			(*ids)[kept++] = (*ids)[i];
	}
	return kept;
}
