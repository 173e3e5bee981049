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
	if (!json_string_length(value))
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

typedef enum refusal check_fn(const struct member *member, const json_t *value);

static check_fn *const checks[] = {
	[MEMBER_TEXT] = check_text,   [MEMBER_BOOLEAN] = check_boolean,
	[MEMBER_COUNT] = check_count, [MEMBER_TEXTS] = check_texts,
	[MEMBER_MAP] = check_map,
};

static const struct member *find(const struct member *members, size_t count,
                                 const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (str_equal(members[i].name, name))
			return &members[i];
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
	return checks[member->type](member, value);
}

static int check_missing(const json_t *body, const struct member *members,
                         size_t count, struct http_reply *reply)
{
	for (size_t i = 0; i < count; i++) {
		if ((members[i].traits & MEMBER_REQUIRED) &&
		    !json_object_get(body, members[i].name))
			return answer_refuse(reply, REFUSE_NO_MEMBER,
			                     members[i].name);
	}
	return 0;
}

int members_check(json_t *body, const struct member *members, size_t count,
                  struct http_reply *reply)
{
	const char *name;
	json_t *value;

	json_object_foreach (body, name, value) {
		enum refusal refusal =
			check_member(find(members, count, name), value);

		if (refusal != REFUSE_NOTHING)
			return answer_refuse(reply, refusal, name);
	}
	return check_missing(body, members, count, reply);
}
