/* SPDX-License-Identifier: MIT */
/* The token endpoint's answers, read by the profile's table: codes and shape
 * decide, not the status, as some providers answer all with 200. */
#include "probe/ask.h"

#include "base/text.h"
#include "lint/lint.h"
#include "secrets/secrets.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

/* ---- matching ---- */

static bool scalar_is(const json_t *json, const char *wanted)
{
	CLEANUP(textp) char *number = NULL;

	if (json_is_string(json))
		return str_equal(json_string_value(json), wanted);
	if (json_is_boolean(json))
		return str_equal(json_is_true(json) ? "true" : "false", wanted);
	if (!json_is_integer(json))
		return false;
	number = xasprintf("%" JSON_INTEGER_FORMAT, json_integer_value(json));
	return str_equal(number, wanted);
}

/* Of a list, one of its items. */
static bool member_is(const json_t *body, const struct profile_pair *wanted)
{
	const json_t *member = json_object_get(body, wanted->name);
	const json_t *item;
	size_t i;

	if (!json_is_array(member))
		return scalar_is(member, wanted->value);
	json_array_foreach (member, i, item) {
		if (scalar_is(item, wanted->value))
			return true;
	}
	return false;
}

static bool fits(const struct token_row *row, const json_t *body)
{
	for (size_t i = 0; i < row->member_count; i++) {
		if (!member_is(body, &row->members[i]))
			return false;
	}
	return true;
}

static const struct token_row *find_row(const struct profile *profile,
                                        const json_t *body)
{
	for (size_t i = 0; i < profile->probe.token_row_count; i++) {
		if (fits(&profile->probe.token_rows[i], body))
			return &profile->probe.token_rows[i];
	}
	return NULL;
}

/* ---- evidence ---- */

/* What the profile names, in its own words: nothing of the answer's. */
static char *evidence_of(const struct token_row *row, int status,
                         const char *meaning)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = xmemstream(&text, &length);

	fprintf(out, "HTTP %d", status);
	for (size_t i = 0; i < row->member_count; i++)
		fprintf(out, ", `%s` is `%s`", row->members[i].name,
		        row->members[i].value);
	fprintf(out, ": %s", meaning);
	if (row->note)
		fprintf(out, " (%s)", row->note);
	(void)fclose(out);
	return text;
}

/* An answer may hold what was sent: only a plain code is shown of it. */
static char *unlisted(const struct probe_subject *subject, const json_t *body,
                      const struct http_answer *answer)
{
	const char *code = json_string_value(json_object_get(body, "error"));

	if (answer->status >= 300 && answer->status < 400)
		return xasprintf("HTTP %d, a redirect, which is not followed "
		                 "with a secret",
		                 answer->status);
	if (code && ask_is_code(code) &&
	    !strstr(code, secret_reveal(subject->secret)))
		return xasprintf("HTTP %d, `error` is `%s`, which the profile "
		                 "of %s does not list",
		                 answer->status, code, subject->profile->title);
	return xasprintf("HTTP %d, with %s", answer->status,
	                 json_is_object(body)
	                         ? "an answer that the profile does not list"
	                         : "no answer of a token endpoint");
}

/* ---- verdicts ---- */

static const struct meaning {
	enum probe_verdict verdict;
	const char *words;
} meanings[] = {
	[TOKEN_UNCLEAR] = { PROBE_INCONCLUSIVE, "that tells nothing" },
	[TOKEN_CLIENT_REJECTED] = { PROBE_REJECTED,
	                            "the client id or the secret is wrong" },
	[TOKEN_ID_REJECTED] = { PROBE_REJECTED, "the client id is wrong" },
	[TOKEN_SECRET_REJECTED] = { PROBE_REJECTED, "the secret is wrong" },
	[TOKEN_CODE_REJECTED] = { PROBE_INCONCLUSIVE,
	                          "the made-up code was refused, not the "
	                          "client; probably accepted, but it is not "
	                          "known that the client is looked at first" },
	[TOKEN_REDIRECT_MISMATCH] = { PROBE_INCONCLUSIVE,
	                              "the redirect URI was refused, not the "
	                              "client" },
};

static void read_row(const struct probe_subject *subject,
                     const struct token_row *row, int status,
                     struct probe_result *out)
{
	const struct meaning *meaning = &meanings[row->answer];
	struct probe_finding *finding = &out->parts[PROBE_CREDENTIALS];

	if (row->answer == TOKEN_CODE_REJECTED &&
	    subject->profile->probe.checks_client_first) {
		finding_set(
			finding, PROBE_ACCEPTED,
			evidence_of(
				row, status,
				"the made-up code was refused, and the client "
				"is looked at before it"));
		return;
	}
	finding_set(finding, meaning->verdict,
	            evidence_of(row, status, meaning->words));
	if (row->answer == TOKEN_REDIRECT_MISMATCH && subject->redirect_uri)
		finding_set(&out->parts[PROBE_REDIRECT], PROBE_MISMATCH,
		            evidence_of(row, status,
		                        "the token endpoint does not know the "
		                        "redirect URI"));
}

/* Whoever is in trouble says nothing that can be relied on. */
static bool is_in_trouble(int status)
{
	return status == 429 || status >= 500;
}

void probe_read_token(const struct probe_subject *subject,
                      const struct http_answer *answer,
                      struct probe_result *out)
{
	struct probe_finding *finding = &out->parts[PROBE_CREDENTIALS];
	json_auto_t *body = NULL;
	const struct token_row *row;

	if (answer->outcome != HTTP_ANSWERED) {
		finding_set(finding, PROBE_INCONCLUSIVE,
		            xasprintf("no answer: %s", answer->problem));
		return;
	}
	body = json_loadb(answer->body, answer->body_length, 0, NULL);
	row = is_in_trouble(answer->status) ? NULL
	                                    : find_row(subject->profile, body);
	if (row)
		read_row(subject, row, answer->status, out);
	else
		finding_set(finding, PROBE_INCONCLUSIVE,
		            unlisted(subject, body, answer));
}
