/* SPDX-License-Identifier: MIT */
#include "domain.h"

#include "base/text.h"

const char *const field_names[FIELDS] = {
	[CLIENT_ID] = "client.id",
	[CONNECTOR] = "connector",
	[ENABLED] = "enabled",
	[REGION] = "extra.region",
	[NAME] = "name",
	[OWNERSHIP] = "ownership",
	[REDIRECT] = "redirectUri",
	[SCOPES] = "scopes",
	[TYPE] = "type",
};

const char *const secret_names[SECRETS] = { "client.secret", "secrets.hook" };

const char *const source_names[SOURCES] = { "env:A", "env:B", "env:C",
	                                    "env:D" };

bool cell_equal(const struct cell *a, const struct cell *b)
{
	return a->kind == b->kind && str_equal(a->text, b->text);
}

struct cell cell_make(char kind, const char *text)
{
	struct cell cell = { .kind = kind };

	(void)snprintf(cell.text, sizeof(cell.text), "%s", text);
	return cell;
}

bool cell_is_empty(const struct cell *cell)
{
	return cell->kind == '-' ||
	       ((cell->kind == 't' || cell->kind == 's') && !cell->text[0]);
}

void cell_write(const struct cell *cell, FILE *out)
{
	fprintf(out, "%c:%s", cell->kind, cell->text);
}

int hint_of(int value)
{
	return value % 2;
}

const struct thing *find_key(const struct thing *things, size_t count,
                             const char *key)
{
	for (size_t i = 0; i < count; i++) {
		if (str_equal(things[i].key, key))
			return &things[i];
	}
	return NULL;
}

struct thing *find_id(struct world *world, const char *id)
{
	for (size_t i = 0; i < world->live_count; i++) {
		if (str_equal(world->live[i].id, id))
			return &world->live[i];
	}
	return NULL;
}

bool listed(const char *const *keys, size_t count, const char *key)
{
	for (size_t i = 0; i < count; i++) {
		if (str_equal(keys[i], key))
			return true;
	}
	return false;
}
