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
	{ "value", PIECE_VALUE },
	{ "secret.apiKey", PIECE_KEY },
};

static const char parameter_prefix[] = "parameter.";
static const char function_prefix[] = "base64(";

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

/* `'text'` or a name; moves on behind it. */
static int parse_term(struct arena *arena, const char **text, struct piece *out)
{
	CLEANUP(textp) char *name = NULL;
	size_t length;

	if (**text == '\'') {
		length = strcspn(*text + 1, "'");
		if (!(*text)[1 + length])
			return -1;
		*out = (struct piece){
			.text = arena_copy(arena, *text + 1, length),
		};
		*text += length + 2;
		return 0;
	}
	length = strcspn(*text, " )");
	name = xstrndup(*text, length);
	*text += length;
	return parse_gap(arena, name, out);
}

/* `base64(term + term …)`. */
static int parse_function(struct arena *arena, const char *name,
                          struct piece *out)
{
	struct template *inside = arena_alloc(arena, sizeof(*inside));
	const char *text = name + strlen(function_prefix);
	struct piece *pieces =
		arena_alloc(arena, (strlen(text) + 1) * sizeof(*pieces));
	size_t count = 0;

	for (;;) {
		if (parse_term(arena, &text, &pieces[count++]) < 0)
			return -1;
		if (!str_starts(text, " + "))
			break;
		text += strlen(" + ");
	}
	*inside = (struct template){ .pieces = pieces, .count = count };
	*out = (struct piece){ .kind = PIECE_BASE64, .inside = inside };
	return str_equal(text, ")") ? 0 : -1;
}

static int parse_name(struct arena *arena, const char *name, struct piece *out)
{
	return str_starts(name, function_prefix)
	               ? parse_function(arena, name, out)
	               : parse_gap(arena, name, out);
}

/* The piece that `*text` begins with; moves on behind it. */
static int parse_piece(struct arena *arena, const char **text,
                       struct place place, struct piece *out, struct diag *diag)
{
	CLEANUP(textp) char *name = NULL;
	size_t length = strcspn(*text, "{}");

	if (length > 0) {
		*out = (struct piece){
			.text = arena_copy(arena, *text, length),
		};
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
	if (parse_name(arena, name, out) < 0)
		return diag_error(diag, CODE_BAD_BINDING, place,
		                  "`{%s}` stands for nothing; there are {id}, "
		                  "{value}, {secret.apiKey}, {parameter.NAME} "
		                  "and {base64(NAME + 'text')}",
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

	for (size_t i = 0; i < template->count; i++) {
		const struct piece *piece = &template->pieces[i];

		count += piece->kind == kind;
		if (piece->inside)
			count += template_count(piece->inside, kind);
	}
	return count;
}

/* Wipes what it is made of. */
static char *encode_base64(char *text)
{
	const size_t length = strlen(text);
	char *encoded = text_base64(text, length);

	explicit_bzero(text, length);
	free(text);
	return encoded;
}

static const char *fill(const struct piece *piece,
                        const struct filling *filling)
{
	switch (piece->kind) {
	case PIECE_ID:
		return filling->id;
	case PIECE_VALUE:
		return filling->value;
	case PIECE_KEY:
		return filling->key;
	case PIECE_PARAMETER:
		return filling->parameter(piece->text, filling->context);
	case PIECE_TEXT:
	case PIECE_BASE64:
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
	char *own = NULL;
	size_t length;

	if (piece->inside)
		text = own = encode_base64(
			template_text(piece->inside, filling, NULL));
	else if (escape && piece->kind != PIECE_TEXT)
		text = own = escape(text);
	length = strlen(text);
	if (out)
		memcpy(out, text, length);
	if (own)
		explicit_bzero(own, length);
	free(own);
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
