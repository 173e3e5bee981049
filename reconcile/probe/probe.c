/* SPDX-License-Identifier: MIT */
/* What is asked of a subject, and what is not. */
#include "probe/ask.h"

#include "base/text.h"
#include "lint/lint.h"
#include "schema/schema.h"

#include <stdlib.h>
#include <string.h>

static const char *const no_table =
	"not asked: its profile does not say how it answers";

/* NULL: the token endpoint is asked. */
static const char *why_no_token(const struct probe_subject *subject)
{
	if (!subject->profile->probe.token_row_count ||
	    !subject->profile->token_url)
		return no_table;
	return subject->secret ? NULL : "not asked: the secret is not there";
}

static const char *why_no_authorize(const struct probe_subject *subject)
{
	if (!subject->redirect_uri)
		return "not asked: the redirect URI is not known; declare "
		       "`redirectUri`";
	if (!subject->profile->probe.authorize_row_count ||
	    !subject->profile->authorization_url)
		return no_table;
	return NULL;
}

size_t probe_steps(const struct probe_subject *subject,
                   struct probe_step steps[PROBE_STEPS])
{
	size_t count = 0;

	if (!why_no_token(subject))
		steps[count++] = (struct probe_step){
			.method = "POST",
			.url = subject->profile->token_url,
			.sends = "the client id, the client secret and a "
				 "made-up code",
		};
	if (!why_no_authorize(subject))
		steps[count++] = (struct probe_step){
			.method = "GET",
			.url = subject->profile->authorization_url,
			.sends = "the client id, the redirect URI and the "
				 "scopes",
		};
	return count;
}

/* ---- hosts ---- */

static int check_url(const struct profile *profile, const char *url,
                     const char *const *hosts, size_t count, struct diag *diag)
{
	CLEANUP(textp) char *origin = url ? http_origin(url) : NULL;

	if (!url)
		return 0;
	if (!origin ||
	    (str_starts(origin, "http:") && !http_is_loopback(origin)))
		return diag_error(diag, CODE_BAD_URL, PLACE_NONE,
		                  "`%s` of the profile of %s is no https URL "
		                  "of a host; correct the profile",
		                  url, profile->title);
	if (profile->embedded || http_is_among(origin, hosts, count))
		return 0;
	return diag_error(diag, CODE_PROBE_HOST, PLACE_NONE,
	                  "`%s` comes from a profile that is not built in, so "
	                  "no secret goes there; if you know it, give "
	                  "--allow-host %s",
	                  url, origin);
}

int probe_check_hosts(const struct profile *profile, const char *const *hosts,
                      size_t count, struct diag *diag)
{
	int result = check_url(profile, profile->token_url, hosts, count, diag);

	if (check_url(profile, profile->authorization_url, hosts, count, diag) <
	    0)
		result = -1;
	return result;
}

/* ---- asking ---- */

struct asking {
	const struct probe_subject *subject;
	struct probe_result *out;
};

static void token_done(const struct http_answer *answer, void *context)
{
	const struct asking *asking = context;

	probe_read_token(asking->subject, answer, asking->out);
}

static void authorize_done(const struct http_answer *answer, void *context)
{
	const struct asking *asking = context;

	probe_read_authorize(asking->subject, answer, asking->out);
}

void finding_set(struct probe_finding *finding, enum probe_verdict verdict,
                 char *evidence)
{
	free(finding->evidence);
	finding->verdict = verdict;
	finding->evidence = evidence;
}

static void skip(struct probe_finding *finding, const char *why)
{
	if (finding->verdict == PROBE_UNASKED)
		finding_set(finding, PROBE_INCONCLUSIVE, xstrdup(why));
}

int probe_run(const struct probe_subject *subject,
              const struct http_settings *settings, struct probe_result *out,
              struct diag *diag)
{
	const char *no_token = why_no_token(subject);
	const char *no_authorize = why_no_authorize(subject);
	CLEANUP(probe_result_release) struct probe_result result = { 0 };
	struct asking asking = { subject, &result };

	if (!no_token &&
	    ask_token(subject, settings, token_done, &asking, diag) < 0)
		return -1;
	if (!no_authorize &&
	    ask_authorize(subject, settings, authorize_done, &asking, diag) < 0)
		return -1;
	if (no_token)
		skip(&result.parts[PROBE_CREDENTIALS], no_token);
	if (no_authorize)
		skip(&result.parts[PROBE_REDIRECT], no_authorize);
	*out = result;
	result = (struct probe_result){ 0 };
	return 0;
}

void probe_result_release(struct probe_result *result)
{
	for (size_t i = 0; i < PROBE_PARTS; i++)
		free(result->parts[i].evidence);
}
