/* SPDX-License-Identifier: MIT */
/* The member `probe` of a profile: how the provider is asked, and the tables by
 * which its answers are read. */
#include "lint/profile.h"

#include "base/arena.h"
#include "base/text.h"
#include "document/document.h"
#include "schema/schema.h"

static const struct choice token_answers[] = {
	{ "client-rejected", TOKEN_CLIENT_REJECTED },
	{ "id-rejected", TOKEN_ID_REJECTED },
	{ "secret-rejected", TOKEN_SECRET_REJECTED },
	{ "code-rejected", TOKEN_CODE_REJECTED },
	{ "redirect-mismatch", TOKEN_REDIRECT_MISMATCH },
	{ NULL, TOKEN_UNCLEAR },
}, authorize_answers[] = {
	{ "registered", AUTHORIZE_REGISTERED },
	{ "mismatch", AUTHORIZE_MISMATCH },
	{ "suspended", AUTHORIZE_SUSPENDED },
	{ "scopes-refused", AUTHORIZE_SCOPES_REFUSED },
	{ "client-unknown", AUTHORIZE_CLIENT_UNKNOWN },
	{ NULL, AUTHORIZE_UNCLEAR },
};

static const char *text_of(const struct node *node, const char *name)
{
	return node_text(node_get(node, name));
}

static const struct profile_pair *read_pairs(const struct reader *reader,
                                             const struct node *map,
                                             size_t *count)
{
	struct profile_pair *pairs;

	*count = map ? map->count : 0;
	pairs = arena_alloc(reader->home->arena, (*count + 1) * sizeof(*pairs));
	for (size_t i = 0; i < *count; i++)
		pairs[i] = (struct profile_pair){
			.name = node_text(node_key(map, i)),
			.value = node_text(node_value(map, i)),
		};
	return pairs;
}

static void read_token(struct reader *reader, const struct node *node)
{
	struct profile_probe *probe = &reader->profile->probe;
	const struct node *list = node_get(node, "answers");
	const size_t count = list ? list->count : 0;
	struct token_row *rows =
		arena_alloc(reader->home->arena, (count + 1) * sizeof(*rows));

	probe->json_body =
		str_equal(text_of(node_get(node, "body"), "value"), "json");
	probe->checks_client_first = node_get(node, "checksClientFirst");
	for (size_t i = 0; i < count; i++) {
		const struct node *item = node_item(list, i);

		rows[i].answer =
			profile_choose(token_answers, text_of(item, "verdict"));
		rows[i].members = read_pairs(reader, node_get(item, "when"),
		                             &rows[i].member_count);
		rows[i].note = text_of(item, "note");
	}
	if (probe->json_body &&
	    reader->profile->authentication != CLIENT_AUTHENTICATION_BASIC)
		reader->result = diag_error(
			reader->diag, CODE_BAD_PROFILE,
			node_place(reader->documents, node_get(node, "body")),
			"a JSON body goes with `clientAuthentication: basic` "
			"only, as no secret is written into one; correct "
			"either");
	probe->token_rows = rows;
	probe->token_row_count = count;
}

static void read_authorize(struct reader *reader, const struct node *node)
{
	struct profile_probe *probe = &reader->profile->probe;
	const struct node *list = node_get(node, "answers");
	const size_t count = list ? list->count : 0;
	struct authorize_row *rows =
		arena_alloc(reader->home->arena, (count + 1) * sizeof(*rows));

	probe->parameters = read_pairs(reader, node_get(node, "parameters"),
	                               &probe->parameter_count);
	for (size_t i = 0; i < count; i++) {
		const struct node *item = node_item(list, i);

		rows[i] = (struct authorize_row){
			.answer = profile_choose(authorize_answers,
			                         text_of(item, "verdict")),
			.callback = node_get(item, "callback"),
			.error = text_of(item, "error"),
			.location = profile_pattern(reader,
			                            node_get(item, "location")),
			.page = profile_pattern(reader, node_get(item, "page")),
			.note = text_of(item, "note"),
		};
	}
	probe->authorize_rows = rows;
	probe->authorize_row_count = count;
}

void profile_read_probe(struct reader *reader)
{
	const struct node *probe = node_get(reader->root, "probe");

	read_token(reader, node_get(probe, "credentials"));
	read_authorize(reader, node_get(probe, "redirect"));
}
