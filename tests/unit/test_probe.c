/* SPDX-License-Identifier: MIT */
/* Answers of providers, as recorded or documented (the source of each row is in
 * its profile), and answers that nobody has listed. */
#include "base/text.h"
#include "http/http.h"
#include "lint/lint.h"
#include "probe/probe.h"
#include "secrets/secrets.h"
#include "unit.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#define SECRET "s3cr3t-0123456789"

struct fixture {
	struct diag *diag;
	struct profiles *profiles;
	struct secret *secret;
	struct state *state; /* holds the scopes */
	struct probe_subject subject;
	struct probe_result result;
};

static int set_up(void **state)
{
	static const char *const scopes[] = { "a:read", "b" };
	struct fixture *made = xcalloc(1, sizeof(*made));

	made->diag = diag_new();
	made->profiles = profiles_load(made->diag);
	assert_non_null(made->profiles);
	made->secret = secret_new(SECRET, strlen(SECRET));
	made->state = state_new(STATE_BY_KEY);
	made->subject = (struct probe_subject){
		.client_id = "client-1",
		.secret = made->secret,
		.redirect_uri = "https://app.example.com/cb",
		.scopes = state_value_set(made->state, scopes, 2),
	};
	*state = made;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *made = *state;

	probe_result_release(&made->result);
	state_free(made->state);
	secret_free(made->secret);
	profiles_free(made->profiles);
	diag_free(made->diag);
	free(made);
	return 0;
}

#define PROBE_TEST(name) \
	cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static void forget(struct fixture *made)
{
	probe_result_release(&made->result);
	made->result = (struct probe_result){ 0 };
}

static void answer_token(struct fixture *made, int status, const char *body)
{
	const struct http_answer answer = {
		.outcome = HTTP_ANSWERED,
		.status = status,
		.body = body,
		.body_length = strlen(body),
		.content_type = "",
		.location = "",
		.request_id = "",
		.problem = "",
	};

	forget(made);
	probe_read_token(&made->subject, &answer, &made->result);
}

static void answer_authorize(struct fixture *made, int status,
                             const char *location, const char *body)
{
	const struct http_answer answer = {
		.outcome = HTTP_ANSWERED,
		.status = status,
		.body = body,
		.body_length = strlen(body),
		.content_type = "",
		.location = location,
		.request_id = "",
		.problem = "",
	};

	forget(made);
	probe_read_authorize(&made->subject, &answer, &made->result);
}

static enum probe_verdict verdict(const struct fixture *made,
                                  enum probe_part part)
{
	const struct probe_finding *finding = &made->result.parts[part];

	if (finding->evidence)
		assert_null(strstr(finding->evidence, SECRET));
	assert_true(finding->verdict == PROBE_UNASKED || finding->evidence);
	return finding->verdict;
}

static void use(struct fixture *made, const char *connector)
{
	made->subject.profile = profiles_find(made->profiles, connector);
	assert_non_null(made->subject.profile);
}

/* ---- the token endpoint ---- */

/* Where a refused code proves nothing the verdict is inconclusive. */
static const struct {
	const char *connector;
	int status;
	const char *body;
	enum probe_verdict credentials, redirect;
} token_shapes[] = {
	{ "google", 401,
	  "{\"error\":\"invalid_client\",\"error_description\":"
	  "\"Unauthorized\"}",
	  PROBE_REJECTED, PROBE_UNASKED },
	{ "google", 400,
	  "{\"error\":\"invalid_grant\",\"error_description\":\"Malformed auth "
	  "code.\"}",
	  PROBE_INCONCLUSIVE, PROBE_UNASKED },
	{ "google", 400,
	  "{\"error\":\"redirect_uri_mismatch\",\"error_description\":\"Bad "
	  "Request\"}",
	  PROBE_INCONCLUSIVE, PROBE_MISMATCH },
	{ "github", 200,
	  "{\"error\":\"incorrect_client_credentials\",\"error_description\":"
	  "\"The client_id and/or client_secret passed are incorrect.\"}",
	  PROBE_REJECTED, PROBE_UNASKED },
	{ "github", 200, "{\"error\":\"bad_verification_code\"}",
	  PROBE_INCONCLUSIVE, PROBE_UNASKED },
	{ "github", 200, "{\"error\":\"redirect_uri_mismatch\"}",
	  PROBE_INCONCLUSIVE, PROBE_MISMATCH },
	{ "github", 404, "{\"error\":\"Not Found\"}", PROBE_INCONCLUSIVE,
	  PROBE_UNASKED },
	{ "github", 200, "error=incorrect_client_credentials",
	  PROBE_INCONCLUSIVE, PROBE_UNASKED },
	{ "slack", 200, "{\"ok\":false,\"error\":\"invalid_client_id\"}",
	  PROBE_REJECTED, PROBE_UNASKED },
	{ "slack", 200, "{\"ok\":false,\"error\":\"bad_client_secret\"}",
	  PROBE_REJECTED, PROBE_UNASKED },
	{ "slack", 200, "{\"ok\":false,\"error\":\"invalid_code\"}",
	  PROBE_INCONCLUSIVE, PROBE_UNASKED },
	{ "slack", 200, "{\"ok\":false,\"error\":\"bad_redirect_uri\"}",
	  PROBE_INCONCLUSIVE, PROBE_MISMATCH },
	{ "slack", 200, "{\"error\":\"bad_client_secret\"}", PROBE_INCONCLUSIVE,
	  PROBE_UNASKED },
	{ "hubspot", 400,
	  "{\"status\":\"BAD_AUTH_CODE\",\"message\":\"missing or unknown auth "
	  "code\"}",
	  PROBE_INCONCLUSIVE, PROBE_UNASKED },
	{ "hubspot", 400, "{\"status\":\"BAD_CLIENT_ID\"}", PROBE_INCONCLUSIVE,
	  PROBE_UNASKED },
	{ "hubspot", 400, "{\"status\":\"BAD_CLIENT_SECRET\"}",
	  PROBE_INCONCLUSIVE, PROBE_UNASKED },
	{ "notion", 401, "{\"error\":\"invalid_client\"}", PROBE_REJECTED,
	  PROBE_UNASKED },
	{ "notion", 400, "{\"error\":\"invalid_grant\"}", PROBE_INCONCLUSIVE,
	  PROBE_UNASKED },
	{ "microsoft", 401,
	  "{\"error\":\"invalid_client\",\"error_codes\":[7000215]}",
	  PROBE_REJECTED, PROBE_UNASKED },
	{ "microsoft", 401,
	  "{\"error\":\"invalid_client\",\"error_codes\":[1,7000222]}",
	  PROBE_REJECTED, PROBE_UNASKED },
	{ "microsoft", 400,
	  "{\"error\":\"unauthorized_client\",\"error_codes\":[700016]}",
	  PROBE_INCONCLUSIVE, PROBE_UNASKED },
	{ "microsoft", 400,
	  "{\"error\":\"invalid_grant\",\"error_codes\":[9002313]}",
	  PROBE_INCONCLUSIVE, PROBE_UNASKED },
	{ "microsoft", 400,
	  "{\"error\":\"invalid_grant\",\"error_codes\":[70000]}",
	  PROBE_INCONCLUSIVE, PROBE_UNASKED },
	{ "microsoft", 401,
	  "{\"error\":\"invalid_client\",\"error_codes\":[7000218]}",
	  PROBE_INCONCLUSIVE, PROBE_UNASKED },
	{ "salesforce", 400,
	  "{\"error\":\"invalid_client_id\",\"error_description\":\"client "
	  "identifier invalid\"}",
	  PROBE_REJECTED, PROBE_UNASKED },
	{ "salesforce", 400,
	  "{\"error\":\"invalid_client\",\"error_description\":\"invalid "
	  "client "
	  "credentials\"}",
	  PROBE_REJECTED, PROBE_UNASKED },
	{ "salesforce", 400,
	  "{\"error\":\"invalid_grant\",\"error_description\":\"invalid "
	  "authorization code\"}",
	  PROBE_INCONCLUSIVE, PROBE_UNASKED },
};

static void recorded_answers_are_read_by_their_profile(void **state)
{
	struct fixture *made = *state;

	for (size_t i = 0; i < LENGTH(token_shapes); i++) {
		use(made, token_shapes[i].connector);
		answer_token(made, token_shapes[i].status,
		             token_shapes[i].body);

		if (verdict(made, PROBE_CREDENTIALS) !=
		            token_shapes[i].credentials ||
		    verdict(made, PROBE_REDIRECT) != token_shapes[i].redirect)
			fail_msg("%s: %s", token_shapes[i].connector,
			         token_shapes[i].body);
	}
}

/* Of no provider that is built in is it known what is looked at first. */
static void nothing_is_accepted_without_a_source(void **state)
{
	struct fixture *made = *state;
	struct profile profile;

	for (size_t i = 0; i < profiles_length(made->profiles); i++)
		assert_false(profiles_at(made->profiles, i)
		                     ->probe.checks_client_first);
	profile = *profiles_find(made->profiles, "google");
	made->subject.profile = &profile;
	answer_token(made, 400, "{\"error\":\"invalid_grant\"}");
	assert_int_equal(verdict(made, PROBE_CREDENTIALS), PROBE_INCONCLUSIVE);
	assert_non_null(strstr(made->result.parts[PROBE_CREDENTIALS].evidence,
	                       "probably accepted"));

	profile.probe.checks_client_first = true;
	answer_token(made, 400, "{\"error\":\"invalid_grant\"}");
	assert_int_equal(verdict(made, PROBE_CREDENTIALS), PROBE_ACCEPTED);
}

static void what_is_not_listed_is_inconclusive(void **state)
{
	static const struct {
		int status;
		const char *body;
	} answers[] = {
		{ 200, "{\"access_token\":\"" SECRET "\"}" },
		{ 200, "" },
		{ 200, "{}" },
		{ 200, "[]" },
		{ 200, "<html>invalid_client</html>" },
		{ 302, "" },
		{ 400, "{\"error\":\"temporarily_unavailable\"}" },
		{ 400, "{\"error\":\"" SECRET "\"}" },
		{ 400, "{\"error\":{\"type\":\"invalid_client\"}}" },
		{ 400, "{\"error\":\"invalid_client" },
		{ 401, "" },
		{ 404, "Not Found" },
		{ 429, "{\"error\":\"invalid_client\"}" },
		{ 500, "{\"error\":\"invalid_client\"}" },
		{ 503, "{\"error\":\"invalid_grant\"}" },
	};
	struct fixture *made = *state;

	for (size_t j = 0; j < profiles_length(made->profiles); j++) {
		made->subject.profile = profiles_at(made->profiles, j);
		for (size_t i = 0; i < LENGTH(answers); i++) {
			answer_token(made, answers[i].status, answers[i].body);
			if (verdict(made, PROBE_CREDENTIALS) !=
			    PROBE_INCONCLUSIVE)
				fail_msg("%s: %d %s",
				         made->subject.profile->connector,
				         answers[i].status, answers[i].body);
			assert_int_equal(verdict(made, PROBE_REDIRECT),
			                 PROBE_UNASKED);
		}
	}
}

static void no_answer_is_inconclusive(void **state)
{
	const struct http_answer answer = {
		.outcome = HTTP_UNKNOWN,
		.body = "",
		.content_type = "",
		.location = "",
		.request_id = "",
		.problem = "no whole answer came in time",
	};
	struct fixture *made = *state;

	use(made, "github");
	probe_read_token(&made->subject, &answer, &made->result);
	probe_read_authorize(&made->subject, &answer, &made->result);

	for (int i = 0; i < PROBE_PARTS; i++) {
		assert_int_equal(verdict(made, (enum probe_part)i),
		                 PROBE_INCONCLUSIVE);
		assert_string_equal(made->result.parts[i].evidence,
		                    "no answer: no whole answer came in time");
	}
}

/* ---- the authorization endpoint ---- */

static const struct {
	const char *connector;
	int status;
	const char *location, *body;
	enum probe_verdict redirect, credentials;
} authorize_shapes[] = {
	{ "github", 302,
	  "http://your-application.com/callback?error=redirect_uri_mismatch&"
	  "error_description=The+redirect_uri+MUST+match&state=xyz",
	  "", PROBE_MISMATCH, PROBE_UNASKED },
	{ "github", 302,
	  "https://app.example.com/cb?error=application_suspended&state=xyz",
	  "", PROBE_SUSPENDED, PROBE_UNASKED },
	{ "github", 302, "https://github.com/login?client_id=client-1", "",
	  PROBE_INCONCLUSIVE, PROBE_UNASKED },
	{ "microsoft", 200, "",
	  "<html>AADSTS50011: The redirect URI specified…</html>",
	  PROBE_MISMATCH, PROBE_UNASKED },
	{ "microsoft", 200, "", "<html>Sign in</html>", PROBE_INCONCLUSIVE,
	  PROBE_UNASKED },
	{ "salesforce", 302,
	  "https://login.salesforce.com/setup/error?error="
	  "redirect_uri_mismatch&error_description=x",
	  "", PROBE_MISMATCH, PROBE_UNASKED },
	{ "salesforce", 400, "",
	  "error=invalid_client_id&error_description=client%20identifier%20"
	  "invalid",
	  PROBE_INCONCLUSIVE, PROBE_REJECTED },
	{ "salesforce", 503, "", "error=invalid_client_id", PROBE_INCONCLUSIVE,
	  PROBE_UNASKED },
	{ "slack", 302, "https://slack.com/workspace-signin", "",
	  PROBE_INCONCLUSIVE, PROBE_UNASKED },
	{ "google", 200, "", "Error 400: redirect_uri_mismatch",
	  PROBE_INCONCLUSIVE, PROBE_UNASKED },
};

static void recorded_redirects_are_read_by_their_profile(void **state)
{
	struct fixture *made = *state;

	for (size_t i = 0; i < LENGTH(authorize_shapes); i++) {
		use(made, authorize_shapes[i].connector);
		answer_authorize(made, authorize_shapes[i].status,
		                 authorize_shapes[i].location,
		                 authorize_shapes[i].body);

		if (verdict(made, PROBE_REDIRECT) !=
		            authorize_shapes[i].redirect ||
		    verdict(made, PROBE_CREDENTIALS) !=
		            authorize_shapes[i].credentials)
			fail_msg("%s: %s%s", authorize_shapes[i].connector,
			         authorize_shapes[i].location,
			         authorize_shapes[i].body);
		assert_int_equal(verdict(made, PROBE_SCOPES),
		                 PROBE_INCONCLUSIVE);
	}
}

static void a_callback_is_the_whole_uri(void **state)
{
	static const struct authorize_row row = {
		.answer = AUTHORIZE_REGISTERED,
		.callback = true,
		.error = "login_required",
	};
	static const struct {
		const char *location;
		enum probe_verdict verdict;
	} places[] = {
		{ "https://app.example.com/cb?error=login_required",
		  PROBE_REGISTERED },
		{ "https://app.example.com/cb?state=x&error=login_required",
		  PROBE_REGISTERED },
		{ "https://app.example.com/cb/?error=login_required",
		  PROBE_INCONCLUSIVE },
		{ "https://app.example.com/cb2?error=login_required",
		  PROBE_INCONCLUSIVE },
		{ "https://app.example.com.evil.test/cb?error=login_required",
		  PROBE_INCONCLUSIVE },
		{ "https://app.example.com/cb?xerror=login_required",
		  PROBE_INCONCLUSIVE },
		{ "https://app.example.com/cb?code=1", PROBE_INCONCLUSIVE },
		{ "", PROBE_INCONCLUSIVE },
	};
	struct fixture *made = *state;
	struct profile profile = *profiles_find(made->profiles, "github");

	profile.probe.authorize_rows = &row;
	profile.probe.authorize_row_count = 1;
	made->subject.profile = &profile;
	for (size_t i = 0; i < LENGTH(places); i++) {
		answer_authorize(made, 303, places[i].location, "");
		if (verdict(made, PROBE_REDIRECT) != places[i].verdict)
			fail_msg("%s", places[i].location);
	}
	made->subject.profile = NULL; /* ours ends here */
}

/* ---- where a platform sends users ---- */

static void an_address_is_held_against_the_file(void **state)
{
	struct fixture *made = *state;
	struct probe_target target;

	assert_true(probe_read_target(
		"https://slack.com/oauth/v2/authorize?client_id=client-1&"
		"redirect_uri=https%3A%2F%2Fapp.example.com%2Fcb%2F&"
		"scope=b,a%3Aread",
		&target));
	probe_compare_target(&made->subject, &target, &made->result);
	probe_target_release(&target);

	assert_int_equal(verdict(made, PROBE_CREDENTIALS), PROBE_SAME);
	assert_int_equal(verdict(made, PROBE_REDIRECT), PROBE_DIFFERS);
	assert_int_equal(verdict(made, PROBE_SCOPES), PROBE_SAME);

	forget(made);
	assert_true(probe_read_target(
		"https://slack.com/x?scope=b+c&client_id=", &target));
	probe_compare_target(&made->subject, &target, &made->result);
	probe_target_release(&target);
	assert_int_equal(verdict(made, PROBE_CREDENTIALS), PROBE_DIFFERS);
	assert_int_equal(verdict(made, PROBE_REDIRECT), PROBE_INCONCLUSIVE);
	assert_int_equal(verdict(made, PROBE_SCOPES), PROBE_DIFFERS);
	assert_false(probe_read_target("/login", &target));
}

/* ---- addresses ---- */

static bool is_public(const char *text)
{
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr any;

	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1) {
		memcpy(&any, &v4, sizeof(any));
		return http_is_public(&any);
	}
	assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
	return http_is_public((const void *)&v6);
}

static void private_addresses_are_known_in_every_form(void **state)
{
	static const char *const not_public[] = {
		"0.0.0.0",
		"10.0.0.1",
		"10.255.255.255",
		"100.64.0.1",
		"127.0.0.1",
		"127.255.0.1",
		"169.254.169.254",
		"172.16.0.1",
		"172.31.255.255",
		"192.0.2.1",
		"192.168.1.1",
		"198.18.0.1",
		"224.0.0.1",
		"255.255.255.255",
		"::",
		"::1",
		"::ffff:10.0.0.1",
		"::ffff:127.0.0.1",
		"::ffff:169.254.169.254",
		"::127.0.0.1",
		"64:ff9b::10.0.0.1",
		"2002:a00:1::",
		"fe80::1",
		"fc00::1",
		"fd12::1",
		"ff02::1",
		"2001:db8::1",
		"2001::1",
		"fec0::1",
	};
	static const char *const open[] = {
		"1.1.1.1",          "9.255.255.255", "11.0.0.1",
		"100.63.0.1",       "100.128.0.1",   "172.15.0.1",
		"172.32.0.1",       "192.167.0.1",   "223.255.255.1",
		"2606:4700::1",     "2a00:1450::1",  "::ffff:1.1.1.1",
		"64:ff9b::1.1.1.1",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(not_public); i++) {
		if (is_public(not_public[i]))
			fail_msg("%s is taken for public", not_public[i]);
	}
	for (size_t i = 0; i < LENGTH(open); i++) {
		if (!is_public(open[i]))
			fail_msg("%s is taken for private", open[i]);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		PROBE_TEST(recorded_answers_are_read_by_their_profile),
		PROBE_TEST(nothing_is_accepted_without_a_source),
		PROBE_TEST(what_is_not_listed_is_inconclusive),
		PROBE_TEST(no_answer_is_inconclusive),
		PROBE_TEST(recorded_redirects_are_read_by_their_profile),
		PROBE_TEST(a_callback_is_the_whole_uri),
		PROBE_TEST(an_address_is_held_against_the_file),
		cmocka_unit_test(private_addresses_are_known_in_every_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
