/* SPDX-License-Identifier: MIT */
/* The fields and secrets of the environment file, by name. */
#include "platform/binding.h"

#include "base/text.h"

#include <string.h>

struct member {
	const char *name; /* ending in a dot: any name may follow */
	enum member_type type;
};

static const struct member members[] = {
	{ "client.id", MEMBER_TEXT },   { "client.secret", MEMBER_SECRET },
	{ "connector", MEMBER_TEXT },   { "enabled", MEMBER_BOOLEAN },
	{ "extra.", MEMBER_JSON },      { "name", MEMBER_TEXT },
	{ "ownership", MEMBER_TEXT },   { "platformKey", MEMBER_KEY },
	{ "redirectUri", MEMBER_TEXT }, { "scopeSets.", MEMBER_SET },
	{ "scopes", MEMBER_SET },       { "secrets.", MEMBER_SECRET },
	{ "type", MEMBER_TEXT },
};

/* In `secrets`, clientSecret is the long form of client.secret. */
static const char long_form[] = "secrets.clientSecret";

static bool is_setting_name(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	static const char others[] = "abcdefghijklmnopqrstuvwxyz"
				     "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
	const size_t length = strlen(name);

	return length > 0 && length <= 63 && strchr(letters, name[0]) &&
	       strspn(name, others) == length;
}

bool member_find(const char *name, enum member_type *type)
{
	if (str_equal(name, long_form))
		return false;
	for (size_t i = 0; i < LENGTH(members); i++) {
		const char *own = members[i].name;

		if (str_equal(name, own) && !str_ends(own, ".")) {
			*type = members[i].type;
			return true;
		}
		if (str_ends(own, ".") && str_starts(name, own) &&
		    is_setting_name(name + strlen(own))) {
			*type = members[i].type;
			return true;
		}
	}
	return false;
}

const char *member_nearest(const char *name)
{
	const char *names[LENGTH(members)];

	if (str_equal(name, long_form))
		return "client.secret";
	for (size_t i = 0; i < LENGTH(members); i++)
		names[i] = members[i].name;
	return text_nearest(name, names, LENGTH(members));
}

const struct mapping *mappings_find(const struct mappings *mappings,
                                    const char *name)
{
	for (size_t i = 0; i < mappings->count; i++) {
		if (str_equal(mappings->items[i].name, name))
			return &mappings->items[i];
	}
	return NULL;
}

bool operations_map(const struct operations *operations, const char *name)
{
	for (size_t i = 0; i < operations->count; i++) {
		if (mappings_find(&operations->items[i].fields, name))
			return true;
	}
	return false;
}

bool operations_choose(const struct operations *operations, const char *name)
{
	for (size_t i = 0; i < operations->count; i++) {
		if (operations->items[i].ownership &&
		    str_equal(name, "ownership"))
			return true;
	}
	return false;
}

bool names_hold(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++) {
		if (str_equal(names->items[i].name, name))
			return true;
	}
	return false;
}
