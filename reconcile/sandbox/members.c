/* SPDX-License-Identifier: MIT */
#include "sandbox/members.h"
#include "base/text.h"

/* UTF-8 is what jansson lets through, so all but continuations count. */
static size_t count_characters(const json_t *text)
{
	const char *bytes = json_string_value(text);
	size_t count = 0;

	for (; *bytes; bytes++)
		count += (*bytes & 0xc0) != 0x80;
	return count;
}

static enum refusal check_text(const struct member *member, const json_t *value)
{
	if (!json_is_string(value))
		return REFUSE_NOT_TEXT;
	if (!json_string_length(value) && !(member->traits & MEMBER_EMPTY))
		return REFUSE_EMPTY_TEXT;
	if (count_characters(value) > member->longest)
		return REFUSE_LONG_TEXT;
	return REFUSE_NOTHING;
}

static enum refusal check_boolean(const struct member *member,
                                  const json_t *value)
{
	(void)member;
	return json_is_boolean(value) ? REFUSE_NOTHING : REFUSE_NOT_BOOLEAN;
}

static enum refusal check_count(const struct member *member,
                                const json_t *value)
{
	(void)member;
	return json_is_integer(value) && json_integer_value(value) >= 1
	               ? REFUSE_NOTHING
	               : REFUSE_NOT_COUNT;
}

static enum refusal check_texts(const struct member *member,
                                const json_t *value)
{
	(void)member;
	if (!json_is_array(value))
		return REFUSE_NOT_TEXTS;
	for (size_t i = 0; i < json_array_size(value); i++) {
		if (!json_is_string(json_array_get(value, i)))
			return REFUSE_NOT_TEXTS;
	}
	return REFUSE_NOTHING;
}

static enum refusal check_map(const struct member *member, const json_t *value)
{
	(void)member;
	return json_is_object(value) ? REFUSE_NOTHING : REFUSE_NOT_MAP;
}

static enum refusal check_any(const struct member *member, const json_t *value)
{
	(void)member;
	(void)value;
	return REFUSE_NOTHING;
}

typedef enum refusal check_fn(const struct member *member, const json_t *value);

static check_fn *const checks[] = {
	[MEMBER_TEXT] = check_text,   [MEMBER_BOOLEAN] = check_boolean,
	[MEMBER_COUNT] = check_count, [MEMBER_TEXTS] = check_texts,
	[MEMBER_MAP] = check_map,     [MEMBER_ANY] = check_any,
};

static const struct member *find(const struct members *members,
                                 const char *name)
{
	for (size_t i = 0; i < members->count; i++) {
		if (str_equal(members->rows[i].name, name))
			return &members->rows[i];
	}
	return NULL;
}

static enum refusal check_member(const struct member *member,
                                 const json_t *value)
{
	if (!member)
		return REFUSE_UNKNOWN_MEMBER;
	if (member->traits & MEMBER_READ_ONLY)
		return REFUSE_READ_ONLY;
	if (json_is_null(value) && (member->traits & MEMBER_NULLABLE))
		return REFUSE_NOTHING;
	return checks[member->type](member, value);
}

static int refuse(const struct call *call, enum refusal refusal,
                  const struct members *members, const char *name)
{
	CLEANUP(textp)
	char *subject = members->within
	                        ? xasprintf("%s.%s", members->within, name)
	                        : xstrdup(name);

	return answer_refuse(call, refusal, subject);
}

static int check_missing(const struct call *call, const json_t *object,
                         const struct members *members)
{
	for (size_t i = 0; i < members->count; i++) {
		const struct member *member = &members->rows[i];

		if ((member->traits & MEMBER_REQUIRED) &&
		    !json_object_get(object, member->name))
			return refuse(call, REFUSE_NO_MEMBER, members,
			              member->name);
	}
	return 0;
}

int members_check(const struct call *call, json_t *object,
                  const struct members *members)
{
	const char *name;
	json_t *value;

	json_object_foreach (object, name, value) {
		enum refusal refusal = check_member(find(members, name), value);

		if (refusal != REFUSE_NOTHING)
			return refuse(call, refusal, members, name);
	}
	return check_missing(call, object, members);
}
