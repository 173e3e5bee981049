/* SPDX-License-Identifier: MIT */
/*
 * A sandbox with two environments, one and two, and somebody who asks it over
 * real HTTP. Its clock stands still at 2026-11-23T17:28:08.250Z.
 */
#ifndef TESTS_UNIT_VISITOR_H
#define TESTS_UNIT_VISITOR_H

#include "sandbox/sandbox.h"
#include "unit.h"

#include <curl/curl.h>
#include <jansson.h>

/* What environment one holds; see visitor_load(). */
#define OWN "000000000000000000000001"
#define MANAGED "000000000000000000000002"
#define MISSING "000000000000000000000009"
#define ADMIN "the-admin-token"

enum { WALL_S = 1795454888, WALL_MS_REST = 250 };

/* Paths and bodies that many tests send. */
#define CONFIGS "/auth-configs"
#define IT CONFIGS "/" OWN
#define BODY(rest) "{\"connectorId\":\"slack\",\"name\":\"n\"" rest "}"
#define OWN_BODY(rest) \
	BODY(",\"useOwnCredentials\":true,\"clientId\":\"c\"" rest)

struct fixture {
	struct diag *diag;
	struct clock_fixed clock;
	struct sandbox *sandbox;
	struct http_server *server;
	CURL *curl;
	char *folder;
};

struct answer {
	long status;
	char *text, *headers;
	json_t *json; /* NULL when it is none */
};

void answer_release(struct answer *answer);

enum headers {
	KEY_ONE = 1 << 0,
	KEY_TWO = 1 << 1,
	KEY_WRONG = 1 << 2,
	KEY_BASIC = 1 << 3,
	VERSION = 1 << 4,
	VERSION_OLD = 1 << 5,
	JSON = 1 << 6,
	FORM = 1 << 7,
	JSON_CHARSET = 1 << 8,
	ADMIN_TOKEN = 1 << 9,
	ADMIN_WRONG = 1 << 10,
	API_KEY_ONE = 1 << 11,
	API_KEY_TWO = 1 << 12,
	API_KEY_WRONG = 1 << 13,
	KEY_TWO_EXACT = 1 << 16,
	KEY_UNKNOWN = 1 << 17,
	KEY_EMPTY = 1 << 18,
	TEXT_PLAIN = 1 << 19,
	GOOD = KEY_ONE | VERSION | JSON,
	OTHER = KEY_TWO | VERSION | JSON,
};

/* A body of NULL is none. */
CURLcode perform(const struct fixture *made, const char *method,
                 const char *path, unsigned flags, const char *body,
                 struct answer *answer);
struct answer ask(const struct fixture *made, const char *method,
                  const char *path, unsigned flags, const char *body);

/* Asks, insists on a status, and gives the JSON, to be freed. */
json_t *get(const struct fixture *made, const char *method, const char *path,
            unsigned flags, const char *body, long status);

#define ASK(method, path, body, status) \
	get(made, method, path, GOOD, body, status)
#define ADMIN_ASK(method, path, body, status) \
	get(made, method, "/_sandbox/" path, ADMIN_TOKEN, body, status)

/* "" when it is not there or no text. */
const char *text_at(const json_t *object, const char *name);
int64_t number_at(const json_t *object, const char *name);
char *dump(const json_t *json);
void assert_json(const json_t *json, const char *wanted);

/* What the admin side shows of all objects. */
json_t *environments(const struct fixture *made);
/* The secret that is stored for OWN; "" is none. */
void assert_secret(const struct fixture *made, const char *wanted);

/* Their keys are one-key and two-key, unless the settings have others. */
int start_with(struct fixture *made, struct sandbox_settings settings);
void stop(struct fixture *made);
/* OWN, a slack one with the secret `first`, and MANAGED, a github one. */
void load(const struct fixture *made);
/* What PUT /_sandbox/store takes. */
void load_store(const struct fixture *made, const char *store);

/* For cmocka: a running and loaded sandbox, or one that is not started. */
int set_up_with(void **state, struct sandbox_settings settings);
/* Of another dialect, loaded with what its PUT /_sandbox/store takes. */
int set_up_store(void **state, struct sandbox_settings settings,
                 const char *store);
int set_up(void **state);
int set_up_nothing(void **state);
int tear_down(void **state);

/* For the whole group. */
int visitor_begin(void **state);
int visitor_end(void **state);

#define WITH(how, name) cmocka_unit_test_setup_teardown(name, how, tear_down)
#define TEST(name) WITH(set_up, name)

#endif
