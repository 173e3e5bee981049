/* SPDX-License-Identifier: MIT */
/*
 * floor-apply URL KEY COUNT PARALLEL SEED: a bare curl_multi loop that posts
 * the bodies of an apply of what `generate` writes for COUNT and SEED. No
 * journal, no reading of answers.
 *
 * floor-apply URL KEY COUNT PARALLEL SEED FILE DATABASE: the least that any
 * apply has to do besides: libyaml's events over FILE; before each request a
 * row that intends it, committed to the disk (SQLite, WAL, synchronous = FULL)
 * in groups of GROUP; json_loadb of each answer, the intent settled, a row of
 * what is live now, and a line that says so. Nothing is planned, checked,
 * compared or signed.
 */
#include "apps.h"

#include <curl/curl.h>
#include <jansson.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <yaml.h>

enum { GROUP = 256, ROW_BYTES = 300, ANSWER_BYTES = 16 << 10 };

/* The statements of the journal, in the order of their names. */
enum { BEGIN, INTEND, SETTLE, PUT, COMMIT, STATEMENTS };
static const char *const statements[STATEMENTS] = {
	[BEGIN] = "BEGIN IMMEDIATE",
	[INTEND] = ("INSERT INTO intent (key, connector, name, client_id,"
	            " outcome) VALUES (?1, 'slack', ?1, ?1, 'open')"),
	[SETTLE] = "UPDATE intent SET outcome = 'done' WHERE number = ?2",
	[PUT] = "INSERT INTO ledger_row (key, id, body) VALUES (?1, ?3, ?4)",
	[COMMIT] = "COMMIT",
};

struct journal {
	sqlite3 *database; /* NULL: there is none */
	sqlite3_stmt *statements[STATEMENTS];
	uint64_t intended;
};

/* One request and its answer. */
struct post {
	CURL *curl;
	uint64_t number;
	size_t length;
	char answer[ANSWER_BYTES];
};

struct loop {
	CURLM *multi;
	const char *url;
	struct curl_slist *headers;
	struct journal journal;
	struct post *posts;
	struct apps apps;
	uint64_t next, count, done;
};

static void check(int right)
{
	if (right)
		return;
	fputs("floor-apply: failed\n", stderr);
	exit(1);
}

/* ---- the journal ---- */

static sqlite3_stmt *fill(struct journal *journal, int which, uint64_t number)
{
	sqlite3_stmt *statement = journal->statements[which];
	char key[32];

	snprintf(key, sizeof(key), "app-%06u", (unsigned)number);
	sqlite3_reset(statement);
	(void)sqlite3_bind_text(statement, 1, key, -1, SQLITE_TRANSIENT);
	(void)sqlite3_bind_int64(statement, 2, (sqlite3_int64)number + 1);
	return statement;
}

static void run(sqlite3_stmt *statement)
{
	check(sqlite3_step(statement) == SQLITE_DONE);
	sqlite3_reset(statement);
}

static void open_journal(struct journal *journal, const char *path)
{
	check(sqlite3_open(path, &journal->database) == SQLITE_OK);
	check(sqlite3_exec(journal->database,
	                   "PRAGMA journal_mode = WAL;"
	                   "PRAGMA synchronous = FULL;"
	                   "CREATE TABLE intent (number INTEGER PRIMARY KEY,"
	                   " key TEXT, connector TEXT, name TEXT,"
	                   " client_id TEXT, outcome TEXT) STRICT;"
	                   "CREATE TABLE ledger_row (key TEXT PRIMARY KEY,"
	                   " id TEXT, body BLOB) STRICT",
	                   NULL, NULL, NULL) == SQLITE_OK);
	for (int i = 0; i < STATEMENTS; i++)
		check(sqlite3_prepare_v3(journal->database, statements[i], -1,
		                         SQLITE_PREPARE_PERSISTENT,
		                         &journal->statements[i],
		                         NULL) == SQLITE_OK);
	run(journal->statements[BEGIN]);
}

/* The next group, and with it what was settled since the last. */
static void intend(struct loop *loop)
{
	struct journal *journal = &loop->journal;

	if (!journal->database || loop->next < journal->intended)
		return;
	for (int i = 0; i < GROUP && journal->intended < loop->count; i++)
		run(fill(journal, INTEND, journal->intended++));
	run(journal->statements[COMMIT]);
	run(journal->statements[BEGIN]);
}

static void settle(struct loop *loop, const struct post *post)
{
	static const char body[ROW_BYTES];
	struct journal *journal = &loop->journal;
	sqlite3_stmt *put;
	json_t *answer;
	const char *id;

	if (!journal->database)
		return;
	answer = json_loadb(post->answer, post->length, 0, NULL);
	id = json_string_value(json_object_get(answer, "authConfigId"));
	check(id != NULL);
	run(fill(journal, SETTLE, post->number));
	put = fill(journal, PUT, post->number);
	(void)sqlite3_bind_text(put, 3, id, -1, SQLITE_TRANSIENT);
	(void)sqlite3_bind_blob(put, 4, body, sizeof(body), SQLITE_STATIC);
	run(put);
	printf("+ bench/app-%06u  create %s\n", (unsigned)post->number, id);
	json_decref(answer);
}

static void close_journal(struct journal *journal)
{
	if (!journal->database)
		return;
	run(journal->statements[COMMIT]);
	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(journal->statements[i]);
	check(sqlite3_close(journal->database) == SQLITE_OK);
}

/* ---- the file ---- */

static void read_file(const char *path)
{
	CLEANUP(filep) FILE *in = fopen(path, "rb");
	yaml_parser_t parser;
	yaml_event_t event;
	yaml_event_type_t type = YAML_NO_EVENT;

	check(in && yaml_parser_initialize(&parser));
	yaml_parser_set_input_file(&parser, in);
	while (type != YAML_STREAM_END_EVENT) {
		check(yaml_parser_parse(&parser, &event));
		type = event.type;
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
}

/* ---- the wire ---- */

static size_t ignore(char *bytes, size_t size, size_t count, void *context)
{
	(void)bytes;
	(void)context;
	return size * count;
}

static size_t keep(char *bytes, size_t size, size_t count, void *context)
{
	struct post *post = context;
	const size_t length = size * count;

	check(length <= ANSWER_BYTES - post->length);
	memcpy(post->answer + post->length, bytes, length);
	post->length += length;
	return length;
}

static char *next_body(struct apps *apps)
{
	CLEANUP(textp) char *id = NULL;
	CLEANUP(textp) char *secret = NULL;
	char scopes[SCOPES_MAX * 64];
	size_t length = 0;

	apps_next(apps);
	id = apps_client_id(apps);
	secret = apps_secret(apps->app, 1);
	for (size_t i = 0; i < apps->scope_count; i++)
		length += (size_t)snprintf(scopes + length,
		                           sizeof(scopes) - length, "%s\"%s\"",
		                           i ? "," : "", apps->app->scopes[i]);
	return xasprintf("{\"clientId\":\"%s\",\"connectorId\":\"%s\","
	                 "\"name\":\"Application %06u\","
	                 "\"useOwnCredentials\":true,\"scopes\":[%s],"
	                 "\"authenticationType\":\"oauth2\","
	                 "\"clientSecret\":\"%s\"}",
	                 id, apps->app->connector, (unsigned)apps->index,
	                 scopes, secret);
}

static void send_next(struct loop *loop, struct post *post)
{
	CLEANUP(textp) char *body = next_body(&loop->apps);
	CURL *curl = post->curl;

	intend(loop);
	post->number = loop->next++;
	post->length = 0;
	curl_easy_setopt(curl, CURLOPT_URL, loop->url);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, loop->headers);
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION,
	                 loop->journal.database ? keep : ignore);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, post);
	curl_easy_setopt(curl, CURLOPT_PRIVATE, post);
	curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS, body);
	curl_multi_add_handle(loop->multi, curl);
}

static void take_done(struct loop *loop)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(loop->multi, &left))) {
		struct post *post = NULL;

		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE,
		                  &post);
		loop->done++;
		settle(loop, post);
		curl_multi_remove_handle(loop->multi, post->curl);
		if (loop->next < loop->count)
			send_next(loop, post);
		else
			curl_easy_cleanup(post->curl);
	}
}

static void run_loop(struct loop *loop, uint64_t parallel)
{
	int running = 1;

	loop->multi = curl_multi_init();
	loop->posts = xcalloc(parallel, sizeof(*loop->posts));
	while (loop->next < parallel && loop->next < loop->count) {
		struct post *post = &loop->posts[loop->next];

		post->curl = curl_easy_init();
		send_next(loop, post);
	}
	while (loop->done < loop->count) {
		curl_multi_perform(loop->multi, &running);
		take_done(loop);
		if (loop->done < loop->count)
			curl_multi_poll(loop->multi, NULL, 0, 100, NULL);
	}
	curl_multi_cleanup(loop->multi);
	free(loop->posts);
}

int main(int argc, char **argv)
{
	struct loop loop = { 0 };
	CLEANUP(textp) char *key = NULL;
	CLEANUP(textp) char *url = NULL;
	uint64_t parallel = 0, seed = 0;

	if ((argc != 6 && argc != 8) ||
	    parse_uint(argv[3], 1000000, &loop.count) < 0 ||
	    parse_uint(argv[4], 1000, &parallel) < 0 ||
	    parse_uint(argv[5], UINT64_MAX, &seed) < 0)
		return 64;
	apps_begin(&loop.apps, seed);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	key = xasprintf("authorization: Bearer %s", argv[2]);
	url = xasprintf("%s/auth-configs", argv[1]);
	loop.url = url;
	loop.headers = curl_slist_append(NULL, key);
	loop.headers =
		curl_slist_append(loop.headers, "x-api-version: 2025-09");
	loop.headers = curl_slist_append(loop.headers,
	                                 "content-type: application/json");
	if (argc == 8) {
		read_file(argv[6]);
		open_journal(&loop.journal, argv[7]);
	}
	run_loop(&loop, parallel);
	close_journal(&loop.journal);
	curl_slist_free_all(loop.headers);
	curl_global_cleanup();
	return 0;
}
