/* SPDX-License-Identifier: MIT */
/* What the sandbox refuses, one row each, and what is just allowed. */
#include "base/text.h"
#include "visitor.h"

#include <string.h>

struct refusal {
	const char *method, *path;
	unsigned headers;
	const char *body;
	long status;
	const char *message;
};

#define TEN "0123456789"
#define FIFTY TEN TEN TEN TEN TEN
#define HUNDRED FIFTY FIFTY
#define MORE "\\u00e9"

/* clang-format off */
static const struct refusal refusals[] = {
	/* who asks, and how */
	{ "GET", CONFIGS, VERSION, NULL, 401,
	  "send the API key as `Authorization: Bearer KEY`" },
	{ "GET", CONFIGS, VERSION | KEY_BASIC, NULL, 401,
	  "send the API key as `Authorization: Bearer KEY`" },
	{ "GET", CONFIGS, VERSION | KEY_WRONG, NULL, 401,
	  "this API key is not known" },
	{ "GET", "/nowhere", VERSION, NULL, 401,
	  "send the API key as `Authorization: Bearer KEY`" },
	{ "GET", CONFIGS, KEY_ONE, NULL, 400,
	  "the header x-api-version is required" },
	{ "GET", CONFIGS, KEY_ONE | VERSION_OLD, NULL, 400,
	  "this x-api-version is not supported: `2024-03`" },
	/* where to */
	{ "GET", "/nowhere", GOOD, NULL, 404,
	  "there is no such path: `/nowhere`" },
	{ "GET", CONFIGS "/", GOOD, NULL, 404,
	  "there is no such path: `/auth-configs/`" },
	{ "GET", IT "/x", GOOD, NULL, 404,
	  "there is no such path: `" IT "/x`" },
	{ "GET", "/connectors/../auth-configs", GOOD, NULL, 404,
	  "there is no such path: `/connectors/../auth-configs`" },
	{ "PATCH", IT, GOOD, "{}", 405,
	  "this method is not allowed here: `PATCH`" },
	{ "DELETE", CONFIGS, GOOD, NULL, 405,
	  "this method is not allowed here: `DELETE`" },
	{ "PUT", "/connectors", GOOD, "{}", 405,
	  "this method is not allowed here: `PUT`" },
	/* queries */
	{ "GET", CONFIGS "?page=2", GOOD, NULL, 400,
	  "unknown or repeated query parameter; known: `limit, cursor`" },
	{ "GET", CONFIGS "?limit=2&limit=2", GOOD, NULL, 400,
	  "unknown or repeated query parameter; known: `limit, cursor`" },
	{ "GET", IT "?x", GOOD, NULL, 400,
	  "unknown or repeated query parameter; known: `none`" },
	{ "POST", CONFIGS "?x=1", GOOD, BODY(""), 400,
	  "unknown or repeated query parameter; known: `none`" },
	{ "GET", CONFIGS "?limit=0", GOOD, NULL, 400,
	  "limit must be a whole number from 1 to 1000: `0`" },
	{ "GET", CONFIGS "?limit=1001", GOOD, NULL, 400,
	  "limit must be a whole number from 1 to 1000: `1001`" },
	{ "GET", CONFIGS "?limit=", GOOD, NULL, 400,
	  "limit must be a whole number from 1 to 1000: ``" },
	{ "GET", CONFIGS "?limit=-1", GOOD, NULL, 400,
	  "limit must be a whole number from 1 to 1000: `-1`" },
	{ "GET", CONFIGS "?cursor=x", GOOD, NULL, 400,
	  "this cursor is none of ours: `x`" },
	{ "GET", CONFIGS "?cursor=000000000000000100000000", GOOD, NULL, 400,
	  "this cursor is none of ours: `000000000000000100000000`" },
	{ "GET", CONFIGS "?cursor", GOOD, NULL, 400,
	  "this cursor is none of ours: ``" },
	/* ids */
	{ "GET", CONFIGS "/abc", GOOD, NULL, 400,
	  "an id is 24 hexadecimal digits: `abc`" },
	{ "DELETE", CONFIGS "/00000000000000000000000g", GOOD, NULL, 400,
	  "an id is 24 hexadecimal digits: `00000000000000000000000g`" },
	{ "PUT", CONFIGS "/0000000000000000000000011", GOOD, BODY(""), 400,
	  "an id is 24 hexadecimal digits: `0000000000000000000000011`" },
	{ "GET", CONFIGS "/..", GOOD, NULL, 400,
	  "an id is 24 hexadecimal digits: `..`" },
	{ "GET", CONFIGS "/" MISSING, GOOD, NULL, 404,
	  "there is no auth config with this id: `" MISSING "`" },
	{ "PUT", CONFIGS "/" MISSING, GOOD, BODY(""), 404,
	  "there is no auth config with this id: `" MISSING "`" },
	{ "DELETE", CONFIGS "/" MISSING, GOOD, NULL, 404,
	  "there is no auth config with this id: `" MISSING "`" },
	{ "GET", IT, OTHER, NULL, 404,
	  "there is no auth config with this id: `" OWN "`" },
	/* bodies */
	{ "GET", CONFIGS, GOOD, "{}", 400, "this call takes no body" },
	{ "DELETE", IT, GOOD, "{}", 400, "this call takes no body" },
	{ "POST", CONFIGS, KEY_ONE | VERSION, BODY(""), 415,
	  "the content type must be application/json" },
	{ "POST", CONFIGS, KEY_ONE | VERSION | FORM, BODY(""), 415,
	  "the content type must be application/json: "
	  "`application/x-www-form-urlencoded`" },
	{ "POST", CONFIGS, GOOD, "", 400,
	  "the body is not JSON: `line 1, column 0`" },
	{ "POST", CONFIGS, GOOD, "{\"name\":\"top-secret", 400,
	  "the body is not JSON: `line 1, column 19`" },
	{ "POST", CONFIGS, GOOD, BODY("") "x", 400,
	  "the body is not JSON: `line 1, column 35`" },
	{ "POST", CONFIGS, GOOD, "{\"name\":\"a\",\"name\":\"b\"}", 400,
	  "the body is not JSON: `line 1, column 18`" },
	{ "POST", CONFIGS, GOOD, "{\"name\":\"a\\u0000\"}", 400,
	  "the body is not JSON: `line 1, column 17`" },
	{ "POST", CONFIGS, GOOD, "{\"name\":\"\xff\"}", 400,
	  "the body is not JSON: `line 1, column 9`" },
	{ "POST", CONFIGS, GOOD, "[]", 400, "the body must be a JSON object" },
	{ "POST", CONFIGS, GOOD, "null", 400, "the body must be a JSON object" },
	/* members */
	{ "POST", CONFIGS, GOOD, BODY(",\"scope\":[]"), 400,
	  "unknown member: `scope`" },
	{ "POST", CONFIGS, GOOD, BODY(",\"authConfigId\":\"" OWN "\""), 400,
	  "read-only member: `authConfigId`" },
	{ "POST", CONFIGS, GOOD, BODY(",\"redirectUri\":\"https://x/\""), 400,
	  "read-only member: `redirectUri`" },
	{ "PUT", IT, GOOD, BODY(",\"createdAt\":\"x\""), 400,
	  "read-only member: `createdAt`" },
	{ "PUT", IT, GOOD, BODY(",\"updatedAt\":null"), 400,
	  "read-only member: `updatedAt`" },
	{ "POST", CONFIGS, GOOD, "{}", 400, "missing member: `connectorId`" },
	{ "POST", CONFIGS, GOOD, "{\"connectorId\":\"slack\"}", 400,
	  "missing member: `name`" },
	{ "PUT", IT, GOOD, "{\"name\":\"n\"}", 400,
	  "missing member: `connectorId`" },
	{ "POST", CONFIGS, GOOD, "{\"connectorId\":1}", 400,
	  "member must be a string: `connectorId`" },
	{ "POST", CONFIGS, GOOD, "{\"name\":null}", 400,
	  "member must be a string: `name`" },
	{ "POST", CONFIGS, GOOD, BODY(",\"clientId\":123"), 400,
	  "member must be a string: `clientId`" },
	{ "POST", CONFIGS, GOOD, BODY(",\"clientSecret\":[\"hidden\"]"), 400,
	  "member must be a string: `clientSecret`" },
	{ "POST", CONFIGS, GOOD, BODY(",\"useOwnCredentials\":\"true\""), 400,
	  "member must be true or false: `useOwnCredentials`" },
	{ "POST", CONFIGS, GOOD, BODY(",\"scopes\":\"a b\""), 400,
	  "member must be an array of strings: `scopes`" },
	{ "POST", CONFIGS, GOOD, BODY(",\"scopes\":[\"a\",1]"), 400,
	  "member must be an array of strings: `scopes`" },
	{ "POST", CONFIGS, GOOD, BODY(",\"scopes\":null"), 400,
	  "member must be an array of strings: `scopes`" },
	{ "POST", CONFIGS, GOOD, "{\"connectorId\":\"slack\",\"name\":\"\"}",
	  400, "member must not be empty: `name`" },
	{ "POST", CONFIGS, GOOD, BODY(",\"clientId\":\"\""), 400,
	  "member must not be empty: `clientId`" },
	{ "POST", CONFIGS, GOOD, BODY(",\"clientSecret\":\"\""), 400,
	  "member must not be empty: `clientSecret`" },
	{ "POST", CONFIGS, GOOD,
	  "{\"connectorId\":\"slack\",\"name\":\"" HUNDRED MORE "\"}", 400,
	  "member is too long: `name`" },
	{ "POST", CONFIGS, GOOD,
	  BODY(",\"clientId\":\"" HUNDRED HUNDRED FIFTY "012345\""), 400,
	  "member is too long: `clientId`" },
	{ "POST", CONFIGS, GOOD, BODY(",\"scopes\":[\"" HUNDRED HUNDRED
	  HUNDRED HUNDRED HUNDRED "0\"]"), 400,
	  "member is too long: `scopes`" },
	/* what they mean */
	{ "POST", CONFIGS, GOOD, "{\"connectorId\":\"Slack\",\"name\":\"n\"}",
	  400, "unknown connector: `Slack`" },
	{ "POST", CONFIGS, GOOD, BODY(",\"authenticationType\":\"OAUTH2\""),
	  400, "unknown authenticationType: `OAUTH2`" },
	{ "POST", CONFIGS, GOOD, BODY(",\"scopes\":[\"a\",\"\"]"), 400,
	  "a scope must not be empty" },
	{ "POST", CONFIGS, GOOD, BODY(",\"scopes\":[\"a\",\"b\",\"a\"]"), 400,
	  "a scope is given twice: `a`" },
	{ "POST", CONFIGS, GOOD, BODY(",\"useOwnCredentials\":true"), 400,
	  "useOwnCredentials needs a clientId" },
	{ "POST", CONFIGS, GOOD,
	  BODY(",\"useOwnCredentials\":true,\"clientSecret\":\"s\""), 400,
	  "useOwnCredentials needs a clientId" },
	{ "POST", CONFIGS, GOOD, OWN_BODY(""), 400,
	  "useOwnCredentials needs a clientSecret" },
	{ "POST", CONFIGS, GOOD, BODY(",\"clientId\":\"c\""), 400,
	  "only with useOwnCredentials: `clientId`" },
	{ "POST", CONFIGS, GOOD,
	  BODY(",\"useOwnCredentials\":false,\"clientSecret\":\"hidden\""),
	  400, "only with useOwnCredentials: `clientSecret`" },
	{ "PUT", IT, GOOD, "{\"connectorId\":\"github\",\"name\":\"n\"}", 400,
	  "connectorId cannot be changed: `slack`" },
	{ "PUT", IT, GOOD, BODY(",\"authenticationType\":\"api_key\""), 400,
	  "authenticationType cannot be changed: `oauth2`" },
	{ "PUT", CONFIGS "/" MANAGED, GOOD,
	  "{\"connectorId\":\"github\",\"name\":\"n\","
	  "\"useOwnCredentials\":true,\"clientId\":\"c\"}", 400,
	  "useOwnCredentials needs a clientSecret" },
	/* the documented calls */
	{ "GET", "/connectors/nope/credentials", GOOD, NULL, 404,
	  "there is no such connector: `nope`" },
	{ "GET", "/connectors/nope/credentials/metadata", GOOD, NULL, 404,
	  "there is no such connector: `nope`" },
	{ "POST", "/connectors/nope/credentials", GOOD, "{}", 404,
	  "there is no such connector: `nope`" },
	{ "DELETE", "/connectors/slack/credentials/" MISSING, GOOD, NULL, 404,
	  "there is no credential with this id: `" MISSING "`" },
	{ "GET", "/connectors?x=1", GOOD, NULL, 400,
	  "unknown or repeated query parameter; known: `none`" },
	{ "GET", "/connectors/slack/credentials?x", GOOD, NULL, 400,
	  "unknown or repeated query parameter; known: `none`" },
	{ "POST", "/connectors/slack/credentials", GOOD, "{}", 400,
	  "missing member: `userId`" },
	{ "POST", "/connectors/slack/credentials", GOOD,
	  "{\"userId\":\"u\"}", 400, "missing member: `authenticationType`" },
	{ "POST", "/connectors/slack/credentials", GOOD,
	  "{\"userId\":\"u\",\"authenticationType\":\"basic\"}", 400,
	  "unknown authenticationType: `basic`" },
	{ "POST", "/connectors/slack/credentials", GOOD,
	  "{\"userId\":\"u\",\"authenticationType\":\"oauth2\","
	  "\"data\":[]}", 400, "member must be an object: `data`" },
	{ "POST", "/connectors/slack/credentials", GOOD,
	  "{\"userId\":\"u\",\"authenticationType\":\"oauth2\","
	  "\"redirectUri\":\"javascript:x\"}", 400,
	  "redirectUri must be an http or https URL: `javascript:x`" },
	{ "POST", "/connectors/google/credentials", GOOD,
	  "{\"userId\":\"u\",\"authenticationType\":\"oauth2\"}", 400,
	  "this connector needs an authConfigId" },
	{ "POST", "/connectors/slack/credentials", GOOD,
	  "{\"userId\":\"u\",\"authenticationType\":\"oauth2\","
	  "\"authConfigId\":\"" MISSING "\"}", 400,
	  "there is no such auth config here: `" MISSING "`" },
	{ "POST", "/connectors/slack/credentials", GOOD,
	  "{\"userId\":\"u\",\"authenticationType\":\"oauth2\","
	  "\"authConfigId\":\"" MANAGED "\"}", 400,
	  "the auth config is another connector's: `" MANAGED "`" },
	/* the admin side */
	{ "GET", "/_sandbox/store", GOOD, NULL, 401,
	  "send the admin token as `x-sandbox-admin: TOKEN`" },
	{ "GET", "/_sandbox/store", ADMIN_WRONG, NULL, 401,
	  "send the admin token as `x-sandbox-admin: TOKEN`" },
	{ "GET", "/_sandbox/nowhere", ADMIN_TOKEN, NULL, 404,
	  "there is no such path: `/_sandbox/nowhere`" },
	{ "POST", "/_sandbox/store", ADMIN_TOKEN, "{}", 405,
	  "this method is not allowed here: `POST`" },
	{ "PUT", "/_sandbox/store", ADMIN_TOKEN, "{}", 400,
	  "member must be an object: `environments`" },
	{ "PUT", "/_sandbox/store", ADMIN_TOKEN,
	  "{\"environments\":{\"three\":[]}}", 400,
	  "there is no such environment" },
	{ "PUT", "/_sandbox/store", ADMIN_TOKEN,
	  "{\"environments\":{\"one\":[{},1]}}", 400,
	  "each environment must be an array of objects: `one`" },
	{ "PUT", "/_sandbox/store", ADMIN_TOKEN,
	  "{\"environments\":{\"two\":{}}}", 400,
	  "each environment must be an array of objects: `two`" },
	{ "PUT", "/_sandbox/store", ADMIN_TOKEN,
	  "{\"environments\":{\"one\":[{\"id\":\"x\"},{\"id\":\"x\"}]}}", 409,
	  "an id is there already: `x`" },
	{ "PUT", "/_sandbox/store", ADMIN_TOKEN,
	  "{\"environments\":{\"one\":[{\"id\":7}]}}", 400,
	  "member must be a string: `authConfigId`" },
	{ "PATCH", "/_sandbox/objects/" MISSING, ADMIN_TOKEN, "{}", 404,
	  "no environment has an object with this id: `" MISSING "`" },
	{ "DELETE", "/_sandbox/objects/" MISSING, ADMIN_TOKEN, NULL, 404,
	  "no environment has an object with this id: `" MISSING "`" },
	{ "PATCH", "/_sandbox/objects/" OWN "?environment=two", ADMIN_TOKEN,
	  "{}", 404,
	  "no environment has an object with this id: `" OWN "`" },
	{ "PATCH", "/_sandbox/objects/" OWN "?environment=six", ADMIN_TOKEN,
	  "{}", 400, "there is no such environment: `six`" },
	{ "PATCH", "/_sandbox/objects/" OWN, ADMIN_TOKEN,
	  "{\"authConfigId\":\"" MANAGED "\"}", 409,
	  "an id is there already: `" MANAGED "`" },
	{ "POST", "/_sandbox/list-mode", ADMIN_TOKEN, "{\"mode\":\"odd\"}",
	  400, "member has no known value: `odd`" },
	{ "POST", "/_sandbox/list-mode", ADMIN_TOKEN,
	  "{\"mode\":\"empty\",\"times\":0}", 400,
	  "member must be a whole number of at least 1: `times`" },
	{ "POST", "/_sandbox/seed?count=x", ADMIN_TOKEN, NULL, 400,
	  "count and seed must be whole numbers in range: `x`" },
	{ "POST", "/_sandbox/seed?count=1&seed=-1", ADMIN_TOKEN, NULL, 400,
	  "count and seed must be whole numbers in range: `-1`" },
	{ "POST", "/_sandbox/seed?counts=1", ADMIN_TOKEN, NULL, 400,
	  "unknown or repeated query parameter; known: "
	  "`count, seed, environment`" },
};
/* clang-format on */

static void assert_refused(const struct fixture *made,
                           const struct refusal *row)
{
	CLEANUP(answer_release)
	struct answer answer =
		ask(made, row->method, row->path, row->headers, row->body);

	if (answer.status != row->status ||
	    !str_equal(text_at(answer.json, "message"), row->message) ||
	    json_object_size(answer.json) != 1)
		fail_msg("%s %s: %ld %s, not %s", row->method, row->path,
		         answer.status, answer.text, row->message);
	assert_non_null(
		strstr(answer.headers, "Content-Type: application/json\r\n"));
}

static void each_refusal_says_why_and_changes_nothing(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *before = environments(made);

	for (size_t i = 0; i < LENGTH(refusals); i++)
		assert_refused(made, &refusals[i]);

	json_auto_t *after = environments(made);

	assert_true(json_equal(before, after));
	assert_int_equal(diag_length(made->diag), 0);
	print_message("           %zu refusals\n", LENGTH(refusals));
}

static void more_than_200_scopes_are_refused_and_200_taken(void **state)
{
	const struct fixture *made = *state;
	json_auto_t *body = json_pack("{s:s, s:s, s:[]}", "connectorId",
	                              "slack", "name", "n", "scopes");

	for (int i = 0; i < 200; i++)
		json_array_append_new(json_object_get(body, "scopes"),
		                      json_sprintf("scope-%d", i));
	CLEANUP(textp) char *enough = dump(body);

	json_array_append_new(json_object_get(body, "scopes"),
	                      json_string("last"));
	CLEANUP(textp) char *many = dump(body);

	json_decref(ASK("POST", CONFIGS, enough, 201));
	json_auto_t *refused = ASK("POST", CONFIGS, many, 400);

	assert_string_equal(text_at(refused, "message"),
	                    "more than 200 scopes");
}

static void texts_at_their_limits_are_taken(void **state)
{
	const struct fixture *made = *state;

	/* 100 characters are more bytes. */
	json_decref(ASK(
		"POST", CONFIGS,
		"{\"connectorId\":\"slack\",\"name\":\"" FIFTY TEN TEN TEN TEN
			MORE MORE MORE MORE MORE MORE MORE MORE MORE MORE "\"}",
		201));
	json_decref(
		ASK("POST", CONFIGS,
	            BODY(",\"useOwnCredentials\":true,\"clientSecret\":\"s"
	                 "\",\"clientId\":\"" HUNDRED HUNDRED FIFTY "01234\""),
	            201));
}

static void a_method_that_is_not_allowed_names_those_that_are(void **state)
{
	CLEANUP(answer_release)
	struct answer answer = ask(*state, "PATCH", IT, GOOD, "{}");

	assert_non_null(strstr(answer.headers, "Allow: GET, PUT, DELETE\r\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_refusal_says_why_and_changes_nothing),
		TEST(more_than_200_scopes_are_refused_and_200_taken),
		TEST(texts_at_their_limits_are_taken),
		TEST(a_method_that_is_not_allowed_names_those_that_are),
	};

	return cmocka_run_group_tests(tests, visitor_begin, visitor_end);
}
