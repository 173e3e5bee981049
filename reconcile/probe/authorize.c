/* SPDX-License-Identifier: MIT */
/* The authorization endpoint's answers, read by the profile's table: where they
 * lead, with which error, or what the page says. */
#include "probe/ask.h"

#include "base/pattern.h"
#include "base/text.h"
#include "lint/lint.h"

#include <stdlib.h>
#include <string.h>

/* ---- matching ---- */

/* To the very URI that was sent, with parameters behind it. */
static bool leads_back(const struct probe_subject *subject,
                       const char *location)
{
	const size_t length = strlen(subject->redirect_uri);

	return strncmp(location, subject->redirect_uri, length) == 0 &&
	       strchr("?&#", location[length]);
}

static bool has(const struct pattern *pattern, const char *text, size_t length)
{
	return pattern_matches(pattern, text, length);
}

static bool fits(const struct authorize_row *row,
                 const struct probe_subject *subject,
                 const struct http_answer *answer, const char *error)
{
	const char *location = answer->location;

	if (row->page &&
	    (*location || !has(row->page, answer->body, answer->body_length)))
		return false;
	if (row->location && !has(row->location, location, strlen(location)))
		return false;
	if (row->error && !str_equal(row->error, error))
		return false;
	return !row->callback || leads_back(subject, location);
}

static const struct authorize_row *find_row(const struct probe_subject *subject,
                                            const struct http_answer *answer,
                                            const char *error)
{
	const struct profile_probe *probe = &subject->profile->probe;

	for (size_t i = 0; i < probe->authorize_row_count; i++) {
		if (fits(&probe->authorize_rows[i], subject, answer, error))
			return &probe->authorize_rows[i];
	}
	return NULL;
}

/* ---- evidence ---- */

static void write_place(FILE *out, const struct probe_subject *subject,
                        const char *location)
{
	CLEANUP(textp) char *origin = http_origin(location);

	if (leads_back(subject, location))
		fputs(", leads to the redirect URI", out);
	else if (origin)
		fprintf(out, ", leads to %s", origin);
	else
		fputs(", leads to a page of its own", out);
}

static char *evidence_of(const struct probe_subject *subject,
                         const struct http_answer *answer, const char *error,
                         const char *meaning, const char *note)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = xmemstream(&text, &length);

	fprintf(out, "HTTP %d", answer->status);
	if (*answer->location)
		write_place(out, subject, answer->location);
	if (error && ask_is_code(error))
		fprintf(out, ", `error` is `%s`", error);
	fprintf(out, ": %s", meaning);
	if (note)
		fprintf(out, " (%s)", note);
	(void)fclose(out);
	return text;
}

/* ---- verdicts ---- */

static const struct meaning {
	enum probe_part part; /* that it is about */
	enum probe_verdict verdict;
	const char *words;
} meanings[] = {
	[AUTHORIZE_UNCLEAR] = { PROBE_REDIRECT, PROBE_INCONCLUSIVE,
	                        "that tells nothing" },
	[AUTHORIZE_REGISTERED] = { PROBE_REDIRECT, PROBE_REGISTERED,
	                           "the redirect URI is registered" },
	[AUTHORIZE_MISMATCH] = { PROBE_REDIRECT, PROBE_MISMATCH,
	                         "the redirect URI is not registered" },
	[AUTHORIZE_SUSPENDED] = { PROBE_REDIRECT, PROBE_SUSPENDED,
	                          "the app is suspended" },
	[AUTHORIZE_SCOPES_REFUSED] = { PROBE_SCOPES, PROBE_REFUSED,
	                               "the app may not ask for all of these "
	                               "scopes" },
	[AUTHORIZE_CLIENT_UNKNOWN] = { PROBE_CREDENTIALS, PROBE_REJECTED,
	                               "the client id is not known" },
};

/* Where nothing better is known by then. */
static void set_inconclusive(struct probe_result *out, enum probe_part part,
                             const char *evidence)
{
	struct probe_finding *finding = &out->parts[part];

	if (finding->verdict == PROBE_UNASKED)
		finding_set(finding, PROBE_INCONCLUSIVE, xstrdup(evidence));
}

static void read_row(const struct probe_subject *subject,
                     const struct http_answer *answer, const char *error,
                     const struct authorize_row *row, struct probe_result *out)
{
	const struct meaning *meaning = &meanings[row->answer];

	/* That the token endpoint refused the URI is not taken back. */
	if (meaning->part == PROBE_REDIRECT &&
	    out->parts[PROBE_REDIRECT].verdict == PROBE_MISMATCH)
		return;
	finding_set(
		&out->parts[meaning->part], meaning->verdict,
		evidence_of(subject, answer, error, meaning->words, row->note));
	if (row->answer == AUTHORIZE_SCOPES_REFUSED)
		finding_set(
			&out->parts[PROBE_REDIRECT], PROBE_REGISTERED,
			evidence_of(subject, answer, error,
		                    "the answer was sent to the redirect URI",
		                    NULL));
}

static const char *why_not(const struct http_answer *answer)
{
	return answer->status == 429 || answer->status >= 500
	               ? "the provider is in trouble"
	               : "the profile does not list such an answer";
}

void probe_read_authorize(const struct probe_subject *subject,
                          const struct http_answer *answer,
                          struct probe_result *out)
{
	CLEANUP(textp) char *error = ask_parameter(answer->location, "error");
	const struct authorize_row *row = NULL;
	CLEANUP(textp) char *evidence = NULL;

	if (answer->outcome == HTTP_ANSWERED && answer->status != 429 &&
	    answer->status < 500)
		row = find_row(subject, answer, error);
	if (row)
		read_row(subject, answer, error, row, out);
	if (answer->outcome != HTTP_ANSWERED)
		evidence = xasprintf("no answer: %s", answer->problem);
	else if (!row)
		evidence = evidence_of(subject, answer, error, why_not(answer),
		                       NULL);
	set_inconclusive(out, PROBE_REDIRECT,
	                 evidence ? evidence : "nothing is said of it");
	if (subject->scopes.kind == VALUE_SET && subject->scopes.length)
		set_inconclusive(out, PROBE_SCOPES,
		                 evidence ? evidence
		                          : "none was refused, but unknown "
		                            "ones are often ignored");
}
