/* SPDX-License-Identifier: MIT */
/*
 * What the pretend Nango refuses, one row each, with the whole answer. The
 * vendor's 400s were made by its own checks (zod 4.0.5) out of the same
 * requests.
 */
#include "base/text.h"
#include "nango_world.h"

#include <string.h>

struct refusal {
	const char *method, *path;
	unsigned headers;
	const char *body;
	long status;
	const char *answer; /* what "error" is */
};

#define TEN "0123456789"
#define FIFTY TEN TEN TEN TEN TEN
#define LONG FIFTY FIFTY FIFTY FIFTY FIFTY "012345"

#define MESSAGE(code, message) \
	"{\"code\":\"" code "\",\"message\":\"" message "\"}"
#define KEY_ERROR(code, message)                                               \
	"{\"code\":\"" code "\",\"message\":\"Authentication failed. " message \
	"\",\"payload\":{}}"
#define ISSUE(code, message, path) \
	"{\"code\":\"" code "\",\"message\":\"" message "\",\"path\":" path "}"
#define ISSUES(code, list) "{\"code\":\"" code "\",\"errors\":[" list "]}"
#define BODY_ISSUE(code, message, path) \
	ISSUES("invalid_body", ISSUE(code, message, path))
#define QUERY_ISSUE(code, message, path) \
	ISSUES("invalid_query_params", ISSUE(code, message, path))
#define TYPE(expected, received, path)                                    \
	ISSUE("invalid_type",                                             \
	      "Invalid input: expected " expected ", received " received, \
	      path)
#define UNKNOWN(name, path) \
	ISSUE("unrecognized_keys", "Unrecognized key: \\\"" name "\\\"", path)
#define WORD_PATTERN "Invalid string: must match pattern /^[a-zA-Z0-9_-]+$/"
#define KEY_PATTERN "Invalid string: must match pattern /^[a-zA-Z0-9~:.@ _-]+$/"
#define SMALL "Too small: expected string to have >=1 characters"
#define BIG "Too big: expected string to have <=255 characters"
#define AT(name) "[\"" name "\"]"
#define INNER(name) "[\"credentials\",\"" name "\"]"
#define UNION(path) BODY_ISSUE("invalid_union", "Invalid input", path)
#define BAD_CREDENTIALS "invalid credentials object"
#define APP(rest) \
	NEW("github-app", "k", ",\"credentials\":{\"type\":\"APP\"" rest "}")
#define API(config) \
	NEW("private-api-generic", "k", ",\"integration_config\":{" config "}")
#define MISSING_KEY \
	MESSAGE("not_found", "Integration \\\"nope\\\" does not exist")

/* clang-format off */
static const struct refusal refusals[] = {
	/* who asks, and how */
	{ "GET", LIST, 0, NULL, 401, KEY_ERROR("missing_auth_header",
	  "The request is missing the Authorization header.") },
	{ "GET", LIST, KEY_EMPTY, NULL, 401,
	  KEY_ERROR("invalid_secret_key_format",
	  "The provided secret key is not a UUID v4.") },
	{ "GET", LIST, KEY_WRONG, NULL, 401,
	  KEY_ERROR("invalid_secret_key_format",
	  "The provided secret key is not a UUID v4.") },
	{ "GET", LIST, KEY_BASIC, NULL, 401,
	  KEY_ERROR("invalid_secret_key_format",
	  "The provided secret key is not a UUID v4.") },
	{ "GET", LIST, KEY_TWO, NULL, 401,
	  KEY_ERROR("invalid_secret_key_format",
	  "The provided secret key is not a UUID v4.") },
	{ "GET", LIST, KEY_UNKNOWN, NULL, 401, KEY_ERROR("unknown_account",
	  "The provided authorization header does not match any account.") },
	{ "POST", LIST, KEY_ONE | FORM, NEW_GITHUB(""), 415,
	  MESSAGE("invalid_content_type",
	  "Content-Type header must be application/json") },
	{ "POST", LIST, KEY_ONE | JSON_CHARSET, NEW_GITHUB(""), 415,
	  MESSAGE("invalid_content_type",
	  "Content-Type header must be application/json") },
	{ "GET", LIST, KEY_ONE | TEXT_PLAIN, NULL, 415,
	  MESSAGE("invalid_content_type",
	  "Content-Type header must be application/json") },
	/* bodies that are none */
	{ "POST", LIST, KEY_ONE, NEW_GITHUB(""), 400,
	  ISSUES("invalid_body", TYPE("object", "undefined", "[]")) },
	{ "POST", LIST, FINE, "{\"top-secret", 400, MESSAGE("invalid_json",
	  "the body is not JSON: `line 1, column 12`") },
	{ "POST", LIST, FINE, "null", 400, MESSAGE("invalid_json",
	  "the body must be a JSON object") },
	{ "PATCH", GITHUB, FINE, "[]", 400,
	  ISSUES("invalid_body", TYPE("object", "array", "[]")) },
	/* queries */
	{ "GET", LIST "?limit=5", FINE, NULL, 400,
	  ISSUES("invalid_query_params", UNKNOWN("limit", "[]")) },
	{ "GET", LIST "?a=1&b=2", FINE, NULL, 400,
	  QUERY_ISSUE("unrecognized_keys",
	  "Unrecognized keys: \\\"a\\\", \\\"b\\\"", "[]") },
	{ "GET", LIST CREDENTIALS, FINE, NULL, 400,
	  ISSUES("invalid_query_params", UNKNOWN("include", "[]")) },
	{ "POST", LIST "?x", FINE, NEW_GITHUB(""), 400,
	  ISSUES("invalid_query_params", UNKNOWN("x", "[]")) },
	{ "POST", LIST "/quickstart?x", FINE, NEW("github", "k", ""), 400,
	  ISSUES("invalid_query_params", UNKNOWN("x", "[]")) },
	{ "PATCH", GITHUB "?x", FINE, "{}", 400,
	  ISSUES("invalid_query_params", UNKNOWN("x", "[]")) },
	{ "DELETE", GITHUB "?x", FINE, NULL, 400,
	  ISSUES("invalid_query_params", UNKNOWN("x", "[]")) },
	{ "GET", GITHUB "?include=secrets", FINE, NULL, 400,
	  QUERY_ISSUE("invalid_union", "Invalid input", AT("include")) },
	{ "GET", GITHUB "?include=credentials&include=x", FINE, NULL, 400,
	  QUERY_ISSUE("invalid_union", "Invalid input", AT("include")) },
	{ "GET", GITHUB "?include=", FINE, NULL, 400,
	  QUERY_ISSUE("invalid_union", "Invalid input", AT("include")) },
	{ "GET", GITHUB "?include=x&foo=1", FINE, NULL, 400,
	  ISSUES("invalid_query_params",
	  ISSUE("invalid_union", "Invalid input", AT("include")) ","
	  UNKNOWN("foo", "[]")) },
	/* keys in the path */
	{ "GET", LIST "/a,b", FINE, NULL, 400, ISSUES("invalid_uri_params",
	  ISSUE("invalid_format", KEY_PATTERN, AT("uniqueKey"))) },
	{ "DELETE", LIST "/" LONG, FINE, NULL, 400,
	  ISSUES("invalid_uri_params",
	  ISSUE("too_big", BIG, AT("uniqueKey"))) },
	{ "PATCH", LIST "/%C3%A9", FINE, "{}", 400,
	  ISSUES("invalid_uri_params",
	  ISSUE("invalid_format", KEY_PATTERN, AT("uniqueKey"))) },
	{ "GET", LIST "/nope", FINE, NULL, 404, MISSING_KEY },
	{ "PATCH", LIST "/nope", FINE, "{}", 404, MISSING_KEY },
	{ "DELETE", LIST "/nope", FINE, NULL, 404,
	  MESSAGE("not_found", "Integration does not exist") },
	{ "GET", GITHUB, SECOND, NULL, 404, MESSAGE("not_found",
	  "Integration \\\"acme-github\\\" does not exist") },
	/* fields of a creation */
	{ "POST", LIST, FINE, "{}", 400, ISSUES("invalid_body",
	  TYPE("string", "undefined", AT("provider")) ","
	  TYPE("string", "undefined", AT("unique_key"))) },
	{ "POST", LIST, FINE, NEW("a b", "1832_@$\xc3\xb9\xc3\xa9&",
	  ",\"display_name\":false,\"credentials\":{\"type\":\"INVALID\"}"),
	  400, ISSUES("invalid_body",
	  ISSUE("invalid_format", WORD_PATTERN, AT("provider")) ","
	  ISSUE("invalid_format", KEY_PATTERN, AT("unique_key")) ","
	  TYPE("string", "boolean", AT("display_name")) ","
	  ISSUE("invalid_union", BAD_CREDENTIALS, INNER("type"))) },
	{ "POST", LIST, FINE, NEW("", "", ""), 400, ISSUES("invalid_body",
	  ISSUE("invalid_format", WORD_PATTERN, AT("provider")) ","
	  ISSUE("invalid_format", KEY_PATTERN, AT("unique_key"))) },
	{ "POST", LIST, FINE, NEW(LONG "/", LONG, ""), 400,
	  ISSUES("invalid_body",
	  ISSUE("invalid_format", WORD_PATTERN, AT("provider")) ","
	  ISSUE("too_big", BIG, AT("provider")) ","
	  ISSUE("too_big", BIG, AT("unique_key"))) },
	{ "POST", LIST, FINE, NEW("github", "k", ",\"foo\":1"), 400,
	  ISSUES("invalid_body", UNKNOWN("foo", "[]")) },
	{ "POST", LIST, FINE, NEW("github", "k", ",\"foo\":1,"
	  "\"bar\":2,\"display_name\":null"), 400, ISSUES("invalid_body",
	  TYPE("string", "null", AT("display_name")) ","
	  ISSUE("unrecognized_keys",
	  "Unrecognized keys: \\\"foo\\\", \\\"bar\\\"", "[]")) },
	{ "POST", LIST, FINE, NEW("github", "k", ",\"display_name\":\"\""),
	  400, BODY_ISSUE("too_small", SMALL, AT("display_name")) },
	{ "POST", LIST, FINE,
	  NEW("github", "k", ",\"display_name\":\"" LONG "\""), 400,
	  BODY_ISSUE("too_big", BIG, AT("display_name")) },
	{ "POST", LIST, FINE,
	  NEW("github", "k", ",\"forward_webhooks\":\"true\""), 400,
	  ISSUES("invalid_body",
	  TYPE("boolean", "string", AT("forward_webhooks"))) },
	/* credentials */
	{ "POST", LIST, FINE, NEW("github", "k", ",\"credentials\":\"x\""),
	  400, BODY_ISSUE("invalid_type", BAD_CREDENTIALS, AT("credentials")) },
	{ "POST", LIST, FINE, NEW("github", "k", ",\"credentials\":null"),
	  400, BODY_ISSUE("invalid_type", BAD_CREDENTIALS, AT("credentials")) },
	{ "POST", LIST, FINE, NEW("github", "k", ",\"credentials\":{}"), 400,
	  BODY_ISSUE("invalid_union", BAD_CREDENTIALS, INNER("type")) },
	{ "POST", LIST, FINE,
	  NEW("github", "k", ",\"credentials\":{\"type\":\"OAUTH2\"}"), 400,
	  ISSUES("invalid_body",
	  TYPE("string", "undefined", INNER("client_id")) ","
	  TYPE("string", "undefined", INNER("client_secret"))) },
	{ "PATCH", GITHUB, FINE,
	  "{\"credentials\":{\"type\":\"OAUTH2\",\"scopes\":\"repo\"}}", 400,
	  ISSUES("invalid_body",
	  TYPE("string", "undefined", INNER("client_id")) ","
	  TYPE("string", "undefined", INNER("client_secret"))) },
	{ "PATCH", GITHUB, FINE, "{\"credentials\":{\"type\":\"OAUTH2\","
	  "\"client_id\":\"\",\"client_secret\":\"\",\"extra\":1}}", 400,
	  ISSUES("invalid_body",
	  ISSUE("too_small", SMALL, INNER("client_id")) ","
	  ISSUE("too_small", SMALL, INNER("client_secret")) ","
	  UNKNOWN("extra", AT("credentials"))) },
	{ "PATCH", GITHUB, FINE, "{\"credentials\":{\"type\":\"OAUTH2\","
	  "\"client_id\":\"" LONG "\",\"client_secret\":7}}", 400,
	  ISSUES("invalid_body",
	  ISSUE("too_big", BIG, INNER("client_id")) ","
	  TYPE("string", "number", INNER("client_secret"))) },
	{ "POST", LIST, FINE, NEW_GITHUB(",\"app_id\":\"1\""), 400,
	  ISSUES("invalid_body", UNKNOWN("app_id", AT("credentials"))) },
	{ "POST", LIST, FINE, NEW_GITHUB(",\"scopes\":[\"a\"]"), 400,
	  UNION(INNER("scopes")) },
	{ "POST", LIST, FINE, NEW_GITHUB(",\"scopes\":\"a b\""), 400,
	  UNION(INNER("scopes")) },
	{ "POST", LIST, FINE, NEW_GITHUB(",\"scopes\":\"a, b\""), 400,
	  UNION(INNER("scopes")) },
	{ "POST", LIST, FINE, NEW_GITHUB(",\"scopes\":\"a,\""), 400,
	  UNION(INNER("scopes")) },
	{ "POST", LIST, FINE, NEW_GITHUB(",\"scopes\":\",\""), 400,
	  UNION(INNER("scopes")) },
	{ "POST", LIST, FINE, NEW_GITHUB(",\"scopes\":\"a,,b\""), 400,
	  UNION(INNER("scopes")) },
	{ "PATCH", GITHUB, FINE, PATCH(",\"scopes\":\"a?b\""), 400,
	  UNION(INNER("scopes")) },
	{ "PATCH", GITHUB, FINE, PATCH(",\"scopes\":null"), 400,
	  UNION(INNER("scopes")) },
	{ "PATCH", GITHUB, FINE, PATCH(",\"scopes\":\"a\\n\""), 400,
	  UNION(INNER("scopes")) },
	{ "PATCH", GITHUB, FINE, PATCH(",\"webhook_secret\":null"), 400,
	  ISSUES("invalid_body",
	  TYPE("string", "null", INNER("webhook_secret"))) },
	{ "PATCH", GITHUB, FINE,
	  PATCH(",\"webhook_secret\":\"" LONG "\""), 400,
	  BODY_ISSUE("too_big", BIG, INNER("webhook_secret")) },
	{ "POST", LIST, FINE, APP(""), 400, ISSUES("invalid_body",
	  TYPE("string", "undefined", INNER("app_id")) ","
	  TYPE("string", "undefined", INNER("app_link")) ","
	  TYPE("string", "undefined", INNER("private_key"))) },
	{ "POST", LIST, FINE, APP(",\"app_id\":\"\",\"app_link\":\"\","
	  "\"private_key\":\"nope\""), 400, ISSUES("invalid_body",
	  ISSUE("too_small", SMALL, INNER("app_id")) ","
	  ISSUE("too_small", SMALL, INNER("app_link")) ","
	  ISSUE("invalid_format", "Invalid string: must start with "
	  "\\\"-----BEGIN RSA PRIVATE KEY----\\\"", INNER("private_key")) ","
	  ISSUE("invalid_format", "Invalid string: must end with "
	  "\\\"-----END RSA PRIVATE KEY-----\\\"", INNER("private_key"))) },
	{ "POST", LIST, FINE, APP(",\"app_id\":\"1\",\"app_link\":\"l\","
	  "\"private_key\":\"-----BEGIN RSA PRIVATE KEY-----x\""), 400,
	  BODY_ISSUE("invalid_format", "Invalid string: must end with "
	  "\\\"-----END RSA PRIVATE KEY-----\\\"", INNER("private_key")) },
	/* maps */
	{ "POST", LIST, FINE, NEW("github", "k", ",\"custom\":{\"a\":true,"
	  "\"b\":null}"), 400, ISSUES("invalid_body",
	  TYPE("string", "boolean", "[\"custom\",\"a\"]") ","
	  TYPE("string", "null", "[\"custom\",\"b\"]")) },
	{ "POST", LIST, FINE, NEW("github", "k", ",\"integration_config\":[]"),
	  400, ISSUES("invalid_body",
	  TYPE("record", "array", AT("integration_config"))) },
	{ "PATCH", GITHUB, FINE, "{\"integration_config\":{\"a\":1}}", 400,
	  ISSUES("invalid_body",
	  TYPE("string", "number", "[\"integration_config\",\"a\"]")) },
	/* updates */
	{ "PATCH", GITHUB, FINE, "{\"provider\":\"github\"}", 400,
	  ISSUES("invalid_body", UNKNOWN("provider", "[]")) },
	{ "PATCH", GITHUB, FINE, "{\"unique_key\":\"a/b\"}", 400,
	  BODY_ISSUE("invalid_format", KEY_PATTERN, AT("unique_key")) },
	{ "PATCH", GITHUB, FINE, "{\"unique_key\":\"acme-slack\"}", 400,
	  MESSAGE("invalid_body",
	  "uniqueKey is already used by another integration") },
	{ "PATCH", LIST "/acme-slack", FINE, "{\"unique_key\":\"new\"}", 400,
	  MESSAGE("invalid_body",
	  "Can't rename an integration with active connections") },
	{ "PATCH", GITHUB, FINE, "{\"credentials\":{\"type\":\"OAUTH1\","
	  "\"client_id\":\"c\",\"client_secret\":\"s\"}}", 400,
	  MESSAGE("invalid_body",
	  "incompatible credentials auth type and provider auth") },
	/* what they mean */
	{ "POST", LIST, FINE, NEW("invalid", "k", ""), 400,
	  BODY_ISSUE("invalid_string", "Invalid provider", AT("provider")) },
	{ "POST", LIST, FINE, NEW("trello", "k", "," OAUTH2("")), 400,
	  MESSAGE("invalid_body",
	  "incompatible credentials auth type and provider auth") },
	{ "POST", LIST, FINE, NEW("algolia", "k", "," OAUTH2("")), 400,
	  MESSAGE("invalid_body",
	  "incompatible credentials auth type and provider auth") },
	{ "POST", LIST, FINE, NEW("github", "k", ""), 400,
	  MESSAGE("invalid_body", "Missing credentials") },
	{ "POST", LIST, FINE, NEW("github-app-oauth", "k", ""), 400,
	  MESSAGE("invalid_body", "Missing credentials") },
	{ "POST", LIST, FINE, NEW("github", "acme-github", "," OAUTH2("")),
	  400, BODY_ISSUE("invalid_string", "Unique key already exists",
	  AT("uniqueKey")) },
	{ "POST", LIST, FINE, NEW("algolia", "k",
	  ",\"integration_config\":{\"a\":\"b\"}"), 400,
	  MESSAGE("invalid_body",
	  "This provider does not accept integration configuration") },
	{ "POST", LIST, FINE, API("\"x\":\"y\",\"keyPlacement\":\"body\","
	  "\"valueTemplate\":\"z\",\"baseUrl\":\"ftp://x\""), 400,
	  MESSAGE("invalid_body", "Unknown field x, Key placement must be one "
	  "of: header, query, Key name is required, Value template has an "
	  "invalid format, Base URL has an invalid format") },
	{ "POST", LIST, FINE,
	  NEW("private-api-generic", "k", ",\"custom\":{\"a\":\"b\"}"), 400,
	  MESSAGE("invalid_body", "This provider uses integration_config; set "
	  "its values there instead of custom") },
	/* quickstart */
	{ "POST", LIST "/quickstart", FINE, NEW_GITHUB(""), 400,
	  ISSUES("invalid_body", UNKNOWN("credentials", "[]")) },
	{ "POST", LIST "/quickstart", FINE, NEW("invalid", "k", ""), 400,
	  BODY_ISSUE("invalid_string", "Invalid provider", AT("provider")) },
	{ "POST", LIST "/quickstart", FINE, NEW("algolia", "k", ""), 400,
	  MESSAGE("invalid_body", "Quickstart is only available for providers "
	  "that require a developer app") },
	{ "POST", LIST "/quickstart", FINE, NEW("docusign-sandbox", "k", ""),
	  400, MESSAGE("invalid_body", "No Nango-provided developer app is "
	  "configured for this provider") },
	{ "POST", LIST "/quickstart", FINE, NEW("github", "managed", ""), 400,
	  BODY_ISSUE("invalid_string", "Unique key already exists",
	  AT("uniqueKey")) },
	/* connections */
	{ "GET", "/connections?limit=0", FINE, NULL, 400,
	  QUERY_ISSUE("too_small", "Too small: expected number to be >=1",
	  AT("limit")) },
	{ "GET", "/connections?limit=2001", FINE, NULL, 400,
	  QUERY_ISSUE("too_big", "Too big: expected number to be <=2000",
	  AT("limit")) },
	{ "GET", "/connections?limit=x&page=-1", FINE, NULL, 400,
	  ISSUES("invalid_query_params",
	  TYPE("number", "NaN", AT("limit")) ","
	  ISSUE("too_small", "Too small: expected number to be >=0",
	  AT("page"))) },
	{ "GET", "/connections?integrationId=", FINE, NULL, 400,
	  QUERY_ISSUE("too_small", SMALL, AT("integrationId")) },
	{ "GET", "/connections?connectionId=a&connectionId=b", FINE, NULL,
	  400, ISSUES("invalid_query_params",
	  TYPE("string", "array", AT("connectionId"))) },
	{ "GET", "/connections?provider=x", FINE, NULL, 400,
	  ISSUES("invalid_query_params", UNKNOWN("provider", "[]")) },
	/* what the sandbox refuses by itself */
	{ "DELETE", GITHUB, FINE, "{}", 400,
	  MESSAGE("invalid_body", "this call takes no body") },
};
/* clang-format on */

static void assert_refused(const struct fixture *made,
                           const struct refusal *refusal, size_t index)
{
	CLEANUP(answer_release)
	struct answer answer = ask(made, refusal->method, refusal->path,
	                           refusal->headers, refusal->body);
	CLEANUP(textp)
	char *wanted = xasprintf("{\"error\":%s}", refusal->answer);
	json_auto_t *json = json_loads(wanted, 0, NULL);

	assert_non_null(json);
	if (answer.status != refusal->status || !json_equal(answer.json, json))
		fail_msg("row %zu, %s %s: %ld %s\nnot %ld %s", index,
		         refusal->method, refusal->path, answer.status,
		         answer.text, refusal->status, wanted);
}

static void everything_wrong_is_refused_by_the_vendors_words(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *before = environments(made);

	for (size_t i = 0; i < LENGTH(refusals); i++)
		assert_refused(made, &refusals[i], i);

	json_auto_t *after = environments(made);

	assert_true(json_equal(before, after));
}

/* ---- what there is not ---- */

static void other_methods_and_paths_answer_a_page(void **state)
{
	static const char *const lines[][2] = {
		{ "PUT", LIST },       { "PUT", GITHUB },
		{ "DELETE", LIST },    { "GET", LIST "/" },
		{ "PUT", "/nowhere" }, { "POST", "/connections" },
	};
	const struct fixture *made = *state;

	for (size_t i = 0; i < LENGTH(lines); i++) {
		CLEANUP(answer_release)
		struct answer answer =
			ask(made, lines[i][0], lines[i][1], FINE, NULL);

		assert_int_equal(answer.status, 404);
		assert_null(answer.json);
		assert_true(str_starts(answer.text, "<!DOCTYPE html>"));
		assert_non_null(strstr(answer.headers,
		                       "Content-Type: text/html; "
		                       "charset=utf-8\r\n"));
	}
}

/* ---- what is just allowed ---- */

static void the_longest_and_oddest_names_are_taken(void **state)
{
	const struct fixture *made = *state;
	CLEANUP(textp) char *secret = xcalloc(5001, 1);
	static const char odd[] = "~a:b.c@d e_-";

	memset(secret, 's', 5000);

	CLEANUP(textp)
	char *body = xasprintf("{\"provider\":\"github\",\"unique_key\":\"%s\","
	                       "\"credentials\":{\"type\":\"OAUTH2\","
	                       "\"client_id\":\"%.255s\",\"client_secret\":"
	                       "\"%s\",\"scopes\":\"A/b:c_d.e*-,z,z\"}}",
	                       odd, LONG, secret);

	json_decref(ASK_IT("POST", LIST, body, 200));
	json_decref(ASK_IT("GET", LIST "/~a%3Ab.c%40d%20e_-", NULL, 200));

	json_auto_t *credentials = credentials_of(made, "~a:b.c@d%20e_-");

	assert_int_equal(strlen(text_at(credentials, "client_secret")), 5000);
	assert_int_equal(strlen(text_at(credentials, "client_id")), 255);
	assert_string_equal(text_at(credentials, "scopes"), "A/b:c_d.e*-,z,z");
}

/* As UTF-16 counts them: 127 of two units and one more are 255. */
static void characters_beyond_the_basic_plane_count_twice(void **state)
{
	const struct fixture *made = *state;
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	fputs("{\"display_name\":\"", out);
	for (int i = 0; i < 127; i++)
		fputs("\xf0\x9f\x90\x99", out);
	(void)fclose(out);

	CLEANUP(textp) char *fits = xasprintf("%s\xc3\xa9\"}", text);
	CLEANUP(textp) char *does_not = xasprintf("%sxx\"}", text);

	free(text);
	json_decref(ASK_IT("PATCH", GITHUB, fits, 200));
	json_decref(ASK_IT("PATCH", GITHUB, does_not, 400));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		NANGO(everything_wrong_is_refused_by_the_vendors_words),
		NANGO(other_methods_and_paths_answer_a_page),
		NANGO(the_longest_and_oddest_names_are_taken),
		NANGO(characters_beyond_the_basic_plane_count_twice),
	};

	return cmocka_run_group_tests(tests, visitor_begin, visitor_end);
}
