/* SPDX-License-Identifier: MIT */
#include "platform/template.h"

#include "base/text.h"
#include "schema/codes.h"

#include <stdlib.h>
#include <string.h>

struct gap {
	const char *name;
	enum piece_kind kind;
};

static const struct gap gaps[] = {
	{ "id", PIECE_ID },
	{ "secret.apiKey", PIECE_KEY },
};

static const char parameter_prefix[] = "parameter.";

static int parse_gap(struct arena *arena, const char *name, struct piece *out)
{
	for (size_t i = 0; i < LENGTH(gaps); i++) {
		if (str_equal(gaps[i].name, name)) {
			*out = (struct piece){ .kind = gaps[i].kind };
			return 0;
		}
	}
	if (!str_starts(name, parameter_prefix))
		return -1;
	name += strlen(parameter_prefix);
	*out = (struct piece){
		.kind = PIECE_PARAMETER,
		.text = arena_intern(arena, name, strlen(name)),
	};
	return 0;
}

/* The piece that `*text` begins with; moves on behind it. */
static int parse_piece(struct arena *arena, const char **text,
                       struct place place, struct piece *out, struct diag *diag)
{
	CLEANUP(textp) char *name = NULL;
	size_t length = strcspn(*text, "{}");

	if (length > 0) {
		*out = (struct piece){ PIECE_TEXT,
			               arena_copy(arena, *text, length) };
		*text += length;
		return 0;
	}
	length = strcspn(*text + 1, "{}");
	if (**text != '{' || (*text)[1 + length] != '}')
		return diag_error(diag, CODE_BAD_BINDING, place,
		                  "the braces at `%s` do not match; write "
		                  "{NAME}",
		                  *text);
	name = xstrndup(*text + 1, length);
	*text += length + 2;
	if (parse_gap(arena, name, out) < 0)
		return diag_error(diag, CODE_BAD_BINDING, place,
		                  "`{%s}` stands for nothing; there are {id}, "
		                  "{secret.apiKey} and {parameter.NAME}",
		                  name);
	return 0;
}

static size_t most_pieces(const char *text)
{
	size_t count = 1;

	for (; *text; text++)
		count += *text == '{' || *text == '}';
	return count;
}

int template_parse(struct arena *arena, const char *text, struct place place,
                   struct template *out, struct diag *diag)
{
	struct piece *pieces =
		arena_alloc(arena, most_pieces(text) * sizeof(*pieces));
	size_t count = 0;

	while (*text) {
		if (parse_piece(arena, &text, place, &pieces[count], diag) < 0)
			return -1;
		count++;
	}
	*out = (struct template){ pieces, count, place };
	return 0;
}

size_t template_count(const struct template *template, enum piece_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < template->count; i++)
		count += template->pieces[i].kind == kind;
	return count;
}

static const char *fill(const struct piece *piece,
                        const struct filling *filling)
{
	switch (piece->kind) {
	case PIECE_ID:
		return filling->id;
	case PIECE_KEY:
		return filling->key;
	case PIECE_PARAMETER:
		return filling->parameter(piece->text, filling->context);
	case PIECE_TEXT:
		break;
	}
	return piece->text;
}

/* Its length; written only where `out` is not NULL. */
static size_t put_piece(const struct piece *piece,
                        const struct filling *filling,
                        char *(*escape)(const char *), char *out)
{
	const char *text = fill(piece, filling);
	CLEANUP(textp) char *escaped = NULL;
	size_t length;

	if (escape && piece->kind != PIECE_TEXT)
		text = escaped = escape(text);
	length = strlen(text);
	if (out)
		memcpy(out, text, length);
	return length;
}

char *template_text(const struct template *template,
                    const struct filling *filling,
                    char *(*escape)(const char *))
{
	size_t length = 0;
	char *text, *at;

	for (size_t i = 0; i < template->count; i++)
		length +=
			put_piece(&template->pieces[i], filling, escape, NULL);
	text = xmalloc(length + 1);
	at = text;
	for (size_t i = 0; i < template->count; i++)
		at += put_piece(&template->pieces[i], filling, escape, at);
	*at = '\0';
	return text;
}
