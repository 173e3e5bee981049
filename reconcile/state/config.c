/* SPDX-License-Identifier: MIT */
/* Small sets are searched from the front, larger ones by halves. */
#include "state/inside.h"

#include "base/text.h"

#include <string.h>

enum { SMALL = 8 };

/* Every member of a config begins with its name, and they are sorted by it. */
static const void *find_member(const void *members, size_t count, size_t size,
                               const char *name)
{
	const char *first = members;
	size_t low = 0;

	while (count - low > SMALL) {
		size_t middle = low + (count - low) / 2;
		const char *const *at = (const void *)(first + middle * size);

		if (strcmp(*at, name) <= 0)
			low = middle;
		else
			count = middle;
	}
	for (; low < count; low++) {
		const char *const *at = (const void *)(first + low * size);

		if (str_equal(*at, name))
			return at;
	}
	return NULL;
}

_Static_assert(offsetof(struct field, name) == 0, "a name comes first");
_Static_assert(offsetof(struct secret_reference, name) == 0, "as above");
_Static_assert(offsetof(struct secret_record, name) == 0, "as above");
_Static_assert(offsetof(struct secret_reading, name) == 0, "as above");
_Static_assert(offsetof(struct memo, name) == 0, "as above");

struct value field_value(const struct field *field)
{
	return (struct value){ field->bytes, field->length, field->kind };
}

struct value auth_config_value(const struct auth_config *config,
                               const char *name)
{
	const struct field *field =
		find_member(config->fields, config->field_count,
	                    sizeof(*config->fields), name);

	return field ? field_value(field) : value_absent();
}

struct value auth_config_seen(const struct auth_config *config,
                              const char *name)
{
	const struct field *field = find_member(
		config->seen, config->seen_count, sizeof(*config->seen), name);

	return field ? field_value(field) : value_absent();
}

const char *auth_config_text(const struct auth_config *config, const char *name)
{
	const struct value value = auth_config_value(config, name);

	return value.kind == VALUE_TEXT && value.length ? value.bytes : "";
}

const struct secret_reference *auth_config_reference(
	const struct auth_config *config, const char *name)
{
	return find_member(config->references, config->reference_count,
	                   sizeof(*config->references), name);
}

const struct secret_record *auth_config_record(const struct auth_config *config,
                                               const char *name)
{
	return find_member(config->records, config->record_count,
	                   sizeof(*config->records), name);
}

const struct memo *auth_config_memo(const struct auth_config *config,
                                    const char *name)
{
	return find_member(config->memos, config->memo_count,
	                   sizeof(*config->memos), name);
}

const struct secret_reading *auth_config_reading(
	const struct auth_config *config, const char *name)
{
	return find_member(config->readings, config->reading_count,
	                   sizeof(*config->readings), name);
}

struct place auth_config_place(const struct state *state,
                               const struct auth_config *config)
{
	return (struct place){ state->files[config->place_file],
		               config->place_line, config->place_column };
}

struct place field_place(const struct state *state, const struct field *field)
{
	if (state->like)
		return PLACE_NONE; /* it may be the other's field */
	return (struct place){ state->files[field->file], field->line,
		               field->column };
}
