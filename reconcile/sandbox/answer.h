/* SPDX-License-Identifier: MIT */
/* Answers: JSON bodies, and one table of everything that is refused. */
#ifndef RECONCILE_SANDBOX_ANSWER_H
#define RECONCILE_SANDBOX_ANSWER_H

#include "http/http.h"

#include <jansson.h>

struct call;

/*
 * Every refusal: its status and words. Where a subject is known (a member, an
 * id, a header's value, never a secret) it follows in backticks:
 *
 *     unknown member: `scope`
 *
 * Most rows are of use to any dialect, which may give them a form, a code and
 * even a status of its own (`struct dialect`, refuse); those whose words are
 * one platform's carry its name.
 */
/* clang-format off */
#define REFUSALS(ROW) \
	/* any call */ \
	ROW(NO_KEY, 401, "send the API key as `Authorization: Bearer KEY`") \
	ROW(BAD_KEY, 401, "this API key is not known") \
	ROW(NO_ADMIN, 401, "send the admin token as `x-sandbox-admin: TOKEN`") \
	ROW(TOO_FAST, 429, "too many requests in this second") \
	ROW(TOO_MANY, 429, "too many requests in this window") \
	ROW(NO_VERSION, 400, "the header x-api-version is required") \
	ROW(BAD_VERSION, 400, "this x-api-version is not supported") \
	ROW(NO_PATH, 404, "there is no such path") \
	ROW(BAD_METHOD, 405, "this method is not allowed here") \
	ROW(BAD_QUERY, 400, "unknown or repeated query parameter; known") \
	ROW(BROKEN, 500, "the sandbox's own store failed") \
	ROW(TOLD, 500, "the sandbox was told to fail") \
	/* lists */ \
	ROW(BAD_LIMIT, 400, "limit must be a whole number from 1 to 1000") \
	ROW(BAD_CURSOR, 400, "this cursor is none of ours") \
	/* ids */ \
	ROW(BAD_ID, 400, "an id is 24 hexadecimal digits") \
	ROW(NO_CONFIG, 404, "there is no auth config with this id") \
	ROW(NO_CONNECTOR, 404, "there is no such connector") \
	ROW(NO_CREDENTIAL, 404, "there is no credential with this id") \
	/* bodies */ \
	ROW(EXTRA_BODY, 400, "this call takes no body") \
	ROW(BAD_CONTENT_TYPE, 415, "the content type must be application/json") \
	ROW(NOT_JSON, 400, "the body is not JSON") \
	ROW(NOT_OBJECT, 400, "the body must be a JSON object") \
	/* members */ \
	ROW(UNKNOWN_MEMBER, 400, "unknown member") \
	ROW(READ_ONLY, 400, "read-only member") \
	ROW(NO_MEMBER, 400, "missing member") \
	ROW(NOT_TEXT, 400, "member must be a string") \
	ROW(NOT_BOOLEAN, 400, "member must be true or false") \
	ROW(NOT_COUNT, 400, "member must be a whole number of at least 1") \
	ROW(NOT_TEXTS, 400, "member must be an array of strings") \
	ROW(NOT_MAP, 400, "member must be an object") \
	ROW(EMPTY_TEXT, 400, "member must not be empty") \
	ROW(LONG_TEXT, 400, "member is too long") \
	ROW(BAD_MEMBER, 400, "member has no known value") \
	/* auth configs */ \
	ROW(BAD_CONNECTOR, 400, "unknown connector") \
	ROW(BAD_AUTHENTICATION, 400, "unknown authenticationType") \
	ROW(EMPTY_SCOPE, 400, "a scope must not be empty") \
	ROW(SAME_SCOPE, 400, "a scope is given twice") \
	ROW(MANY_SCOPES, 400, "more than 200 scopes") \
	ROW(NO_CLIENT_ID, 400, "useOwnCredentials needs a clientId") \
	ROW(NO_CLIENT_SECRET, 400, "useOwnCredentials needs a clientSecret") \
	ROW(MANAGED_CLIENT, 400, "only with useOwnCredentials") \
	ROW(OTHER_CONNECTOR, 400, "connectorId cannot be changed") \
	ROW(OTHER_AUTHENTICATION, 400, "authenticationType cannot be changed") \
	ROW(SECRET_OMITTED, 400, "clientSecret is required in every update") \
	/* credentials */ \
	ROW(NO_AUTH_CONFIG, 400, "this connector needs an authConfigId") \
	ROW(BAD_AUTH_CONFIG, 400, "there is no such auth config here") \
	ROW(FOREIGN_AUTH_CONFIG, 400, "the auth config is another connector's") \
	ROW(BAD_REDIRECT, 400, "redirectUri must be an http or https URL") \
	/* Composio */ \
	ROW(COMPOSIO_NO_KEY, 401, "send the API key as `x-api-key: KEY`") \
	ROW(COMPOSIO_READ_ONLY, 403, "this API key may only read") \
	ROW(COMPOSIO_LIMIT, 400, "limit must be a whole number from 1 to 200") \
	ROW(COMPOSIO_ID, 400, "an id is ac_, then letters, digits, - and _") \
	ROW(COMPOSIO_STATUS, 400, "the status must be ENABLED or DISABLED") \
	ROW(COMPOSIO_TOOLKIT, 400, "unknown toolkit") \
	ROW(COMPOSIO_TYPE, 400, "unknown type") \
	ROW(COMPOSIO_KIND, 400, "the type of this auth config is another") \
	ROW(COMPOSIO_SCHEME, 400, "this toolkit does not offer this authScheme") \
	ROW(COMPOSIO_NO_APP, 400, "Composio has no app of its own for") \
	ROW(COMPOSIO_FIELD, 400, "this credential is required") \
	ROW(COMPOSIO_SCOPES, 400, "must be a string or an array of strings") \
	/* the admin side */ \
	ROW(NO_ENVIRONMENT, 400, "there is no such environment") \
	ROW(NO_OBJECT, 404, "no environment has an object with this id") \
	ROW(NOT_OBJECTS, 400, "each environment must be an array of objects") \
	ROW(SAME_ID, 409, "an id is there already") \
	ROW(NO_MODE, 400, "this platform's lists cannot be spoilt so") \
	ROW(BAD_FAULTS, 400, "these faults are not as they should be") \
	ROW(NO_QUIRK, 400, "no such quirk here; known") \
	ROW(BAD_COUNT, 400, "count and seed must be whole numbers in range")
/* clang-format on */

enum refusal {
	REFUSE_NOTHING,
#define ROW(name, status, message) REFUSE_##name,
	REFUSALS(ROW)
#undef ROW
};

/* What was refused, for the dialect to put into its form. */
struct refused {
	enum refusal refusal;
	int status;
	const char *message; /* the subject included */
	const char *subject; /* NULL: none */
};

typedef void refuse_fn(const struct call *call, const struct refused *refused);

/* {"message": …}: Alloy's and the admin side's. */
refuse_fn answer_plain_refusal;

/* Fills in the reply by call->refuse; -1 always. A subject of NULL is left
 * out. */
int answer_refuse(const struct call *call, enum refusal refusal,
                  const char *subject);

/* The reply is this; steals a reference. */
void answer_json(struct http_reply *reply, int status, json_t *stolen);

/* The reply is this JSON; owns `text` from now on. */
void answer_text(struct http_reply *reply, int status, char *text,
                 size_t length);

/* Both live until the next call. */
void answer_header(struct http_reply *reply, const char *name,
                   const char *value);

#endif
