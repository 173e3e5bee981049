/* SPDX-License-Identifier: MIT */
#include "platform/codec.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static const char spaces[] = " \t\r\n\v\f";

void items_release(struct items *items)
{
	free(items->texts);
	free(items->copy);
	*items = (struct items){ 0 };
}

static void add_item(struct items *items, const char *text)
{
	items->texts = xgrow(items->texts, items->count, &items->capacity,
	                     sizeof(*items->texts));
	items->texts[items->count++] = text;
}

/* ---- array ---- */

static int encode_array(const struct value *set, const struct pointer *at,
                        struct body *body)
{
	body_array(body, at);
	for (const char *item = value_next(set, NULL); item;
	     item = value_next(set, item)) {
		if (body_item(body, item, strlen(item)) < 0)
			return -1;
	}
	body_array_end(body);
	return 0;
}

static int decode_array(const json_t *json, struct items *items)
{
	if (!json_is_array(json))
		return -1;
	for (size_t i = 0; i < json_array_size(json); i++) {
		const char *text = json_string_value(json_array_get(json, i));

		if (!text)
			return -1;
		add_item(items, text);
	}
	return 0;
}

/* ---- one text ---- */

/* False when the item would be read as another, or as several. */
static bool is_plain(const char *item, const char *separators)
{
	const size_t length = strlen(item);

	return length > 0 && strcspn(item, separators) == length &&
	       !strchr(spaces, item[0]) && !strchr(spaces, item[length - 1]);
}

/* Into `text`, which has room for the set; its end, or NULL. */
static char *join(const struct value *set, char *text, const char *separators)
{
	char *out = text;

	for (const char *item = value_next(set, NULL); item;
	     item = value_next(set, item)) {
		if (!is_plain(item, separators))
			return NULL;
		if (out != text)
			*out++ = separators[0];
		out = stpcpy(out, item);
	}
	return out;
}

/* The first of the separators stands between the items. */
static int encode_joined(const struct value *set, const struct pointer *at,
                         struct body *body, const char *separators)
{
	CLEANUP(textp) char *text = xmalloc(set->length + 1);
	const char *end = join(set, text, separators);

	return end ? body_text(body, at, text, (size_t)(end - text)) : -1;
}

static void trim_and_add(struct items *items, char *item)
{
	size_t length;

	item += strspn(item, spaces);
	length = strlen(item);
	while (length > 0 && strchr(spaces, item[length - 1]))
		item[--length] = '\0';
	if (length > 0)
		add_item(items, item);
}

static int split(const json_t *json, struct items *items,
                 const char *separators)
{
	char *rest;

	if (!json_is_string(json))
		return -1;
	free(items->copy);
	items->copy = xstrdup(json_string_value(json));
	rest = items->copy;
	while (rest)
		trim_and_add(items, strsep(&rest, separators));
	return 0;
}

static int encode_csv(const struct value *set, const struct pointer *at,
                      struct body *body)
{
	return encode_joined(set, at, body, ",");
}

static int decode_csv(const json_t *json, struct items *items)
{
	return split(json, items, ",");
}

static int encode_ssv(const struct value *set, const struct pointer *at,
                      struct body *body)
{
	return encode_joined(set, at, body, spaces);
}

static int decode_ssv(const json_t *json, struct items *items)
{
	return split(json, items, spaces);
}

static int decode_either(const json_t *json, struct items *items)
{
	return json_is_array(json) ? decode_array(json, items)
	                           : decode_csv(json, items);
}

/* ---- the table ---- */

static const struct codec codecs[] = {
	{ "array", encode_array, decode_array },
	{ "csv", encode_csv, decode_csv },
	{ "ssv", encode_ssv, decode_ssv },
	{ "array_or_csv", encode_array, decode_either },
};

const struct codec *codec_find(const char *name)
{
	for (size_t i = 0; i < LENGTH(codecs); i++) {
		if (str_equal(codecs[i].name, name))
			return &codecs[i];
	}
	return NULL;
}
