/* SPDX-License-Identifier: MIT */
/* Where a platform sends a user: the authorization request that it made of an
 * auth config, held against what the file says. */
#include "probe/ask.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

bool probe_read_target(const char *url, struct probe_target *out)
{
	char *origin = http_origin(url);

	if (!origin)
		return false;
	*out = (struct probe_target){
		.host = origin,
		.client_id = ask_parameter(url, "client_id"),
		.redirect_uri = ask_parameter(url, "redirect_uri"),
		.scope = ask_parameter(url, "scope"),
	};
	return true;
}

void probe_target_release(struct probe_target *target)
{
	free(target->host);
	free(target->client_id);
	free(target->redirect_uri);
	free(target->scope);
}

/* ---- comparing ---- */

static void compare_text(struct probe_finding *finding, const char *name,
                         const char *wanted, const char *got)
{
	if (!wanted)
		return;
	if (!got)
		finding_set(finding, PROBE_INCONCLUSIVE,
		            xasprintf("the address has no `%s`", name));
	else if (str_equal(wanted, got))
		finding_set(finding, PROBE_SAME,
		            xasprintf("`%s` is `%s`", name, got));
	else
		finding_set(finding, PROBE_DIFFERS,
		            xasprintf("`%s` is `%s`, the file has `%s`", name,
		                      got, wanted));
}

/* Scopes stand apart by blanks or commas; their order says nothing. */
static bool has_all(const struct value *scopes, const char *scope)
{
	CLEANUP(textp) char *copy = xstrdup(scope);
	char *rest = NULL;
	size_t count = 0;

	for (const char *item = strtok_r(copy, " ,", &rest); item;
	     item = strtok_r(NULL, " ,", &rest)) {
		if (!value_contains(scopes, item))
			return false;
		count++;
	}
	return count == value_count(scopes);
}

static void compare_scopes(struct probe_finding *finding,
                           const struct value *scopes, const char *scope)
{
	CLEANUP(textp) char *wanted = NULL;

	if (scopes->kind != VALUE_SET)
		return;
	wanted = value_show(scopes);
	if (!scope)
		finding_set(finding, PROBE_INCONCLUSIVE,
		            xstrdup("the address has no `scope`"));
	else if (has_all(scopes, scope))
		finding_set(finding, PROBE_SAME,
		            xasprintf("`scope` is `%s`", scope));
	else
		finding_set(finding, PROBE_DIFFERS,
		            xasprintf("`scope` is `%s`, the file has `%s`",
		                      scope, wanted));
}

void probe_compare_target(const struct probe_subject *subject,
                          const struct probe_target *target,
                          struct probe_result *out)
{
	compare_text(&out->parts[PROBE_CREDENTIALS], "client_id",
	             subject->client_id, target->client_id);
	compare_text(&out->parts[PROBE_REDIRECT], "redirect_uri",
	             subject->redirect_uri, target->redirect_uri);
	compare_scopes(&out->parts[PROBE_SCOPES], &subject->scopes,
	               target->scope);
}

/* ---- following ---- */

struct following {
	char *location, *why;
};

static void followed(const struct http_answer *answer, void *context)
{
	struct following *following = context;

	if (answer->outcome != HTTP_ANSWERED)
		following->why = xasprintf("no answer: %s", answer->problem);
	else if (!*answer->location)
		following->why = xasprintf("HTTP %d, which leads nowhere",
		                           answer->status);
	else
		following->location = xstrdup(answer->location);
}

char *probe_follow_once(const char *url, const struct http_settings *settings,
                        char **why, struct diag *diag)
{
	struct following following = { .location = NULL };
	const struct http_request request = { .method = "GET", .url = url };

	if (ask_once(&request, settings, followed, &following, diag) < 0)
		return NULL;
	*why = following.why;
	return following.location;
}
