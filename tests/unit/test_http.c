/* SPDX-License-Identifier: MIT */
/* The client half of http: what goes over the wire, and what can have been
 * seen at its other end. */
#include "http_world.h"

/* ---- without a network ---- */

static void origins_are_read_strictly(void **state)
{
	static const struct {
		const char *url, *origin;
	} rows[] = {
		{ "https://Host.Example/a/b?c#d", "https://host.example" },
		{ "https://host:443", "https://host" },
		{ "https://host:8443/", "https://host:8443" },
		{ "http://127.0.0.1:80/", "http://127.0.0.1" },
		{ "HTTP://LOCALHOST:1", "http://localhost:1" },
		{ "https://[2001:DB8::1]:9/x", "https://[2001:db8::1]:9" },
		{ "https://host?x", "https://host" },
		{ "https://user@host", NULL },
		{ "https://user:pass@host/", NULL },
		{ "https://host@evil.example", NULL },
		{ "https://host:0", NULL },
		{ "https://host:65536", NULL },
		{ "https://host:", NULL },
		{ "https://host:12a", NULL },
		{ "https://", NULL },
		{ "https:///path", NULL },
		{ "https://[::1", NULL },
		{ "https://[::1]x", NULL },
		{ "https://[]", NULL },
		{ "https://ho st/", NULL },
		{ "https://host\\@evil", NULL },
		{ "https://-host", NULL },
		{ "https://.", NULL },
		{ "https://h%6fst", NULL },
		{ "https://h\303\266st", NULL },
		{ "ftp://host", NULL },
		{ "//host", NULL },
		{ "host", NULL },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(textp) char *origin = http_origin(rows[i].url);

		if (!str_equal(origin, rows[i].origin))
			fail_msg("%s: %s", rows[i].url, origin);
	}
}

static void only_this_machine_is_loopback(void **state)
{
	static const char *const near[] = { "http://127.0.0.1",
		                            "http://127.0.0.1:80",
		                            "https://localhost:1",
		                            "http://[::1]:9" };
	static const char *const far[] = { "http://127.0.0.10",
		                           "http://127.0.0.1.example",
		                           "http://localhost.example",
		                           "http://0.0.0.0",
		                           "http://[::]",
		                           "ftp://127.0.0.1",
		                           "" };

	(void)state;
	for (size_t i = 0; i < LENGTH(near); i++)
		assert_true(http_is_loopback(near[i]));
	for (size_t i = 0; i < LENGTH(far); i++)
		assert_false(http_is_loopback(far[i]));
}

static void escaping_leaves_only_unreserved_characters(void **state)
{
	CLEANUP(textp) char *escaped = http_escape("aZ09-._~/?#%& +\303\244\n");

	(void)state;
	assert_string_equal(escaped, "aZ09-._~%2F%3F%23%25%26%20%2B%C3%A4%0A");
}

static void other_origins_than_safe_ones_are_refused(void **state)
{
	static const char *const origins[] = { "http://example.com",
		                               "https://example.com/path",
		                               "https://EXAMPLE.com", "x" };
	struct fixture *made = *state;

	for (size_t i = 0; i < LENGTH(origins); i++) {
		assert_null(http_client_new(origins[i], &made->settings,
		                            made->diag));
		assert_int_equal(diag_at(made->diag, i)->code, CODE_BAD_URL);
	}
}

/* ---- what goes over the wire ---- */

static void connections_are_kept(void **state)
{
	struct fixture *made = *state;

	SERVE(made, { OK, RAW_KEEP });
	for (size_t i = 0; i < 3; i++) {
		const struct end *end = ask(made, i, "GET", "/a", NULL);

		assert_int_equal(end->outcome, HTTP_ANSWERED);
		assert_int_equal(end->status, 200);
		assert_string_equal(end->body, "{}");
		assert_string_equal(end->problem, "");
		assert_int_equal(end->tries, 1);
	}
	raw_server_stop(&made->server);
	assert_int_equal(made->server.connection_count, 1);
	assert_int_equal(http_client_sent(made->client), 3);
}

static void requests_say_what_they_were_given(void **state)
{
	static const char *const parts[] = {
		"PUT /a/../b%2F?x=%20 HTTP/1.1\r\n",
		"\r\nUser-Agent: trueup/",
		"\r\nAuthorization: Bearer KEY\r\n",
		"\r\nContent-Type: application/json\r\n",
		"\r\nContent-Length: 9\r\n",
		"\r\n\r\n{\"a\": 1}\n"
	};
	struct fixture *made = *state;

	SERVE(made, { OK, RAW_KEEP });
	(void)ask(made, 0, "PUT", "/a/../b%2F?x=%20", "{\"a\": 1}\n");
	(void)ask(made, 1, "DELETE", "/c", NULL);
	(void)ask(made, 2, "GET", "/d", NULL);
	raw_server_stop(&made->server);
	for (size_t i = 0; i < LENGTH(parts); i++)
		assert_non_null(strstr(made->server.requests[0], parts[i]));
	assert_null(strcasestr(made->server.requests[0], "expect"));
	assert_null(strcasestr(made->server.requests[0], "cookie"));
	assert_true(str_starts(made->server.requests[1], "DELETE /c HTTP"));
	assert_null(strcasestr(made->server.requests[1], "content-length"));
	assert_null(strcasestr(made->server.requests[0], "accept-encoding"));
	assert_non_null(strstr(made->server.requests[2],
	                       "\r\nAccept-Encoding: identity\r\n"));
}

static void large_bodies_do_not_wait_to_be_asked_for(void **state)
{
	struct fixture *made = *state;
	CLEANUP(textp) char *body = xmalloc((2 << 20) + 1);

	memset(body, 'x', 2 << 20);
	body[2 << 20] = '\0';
	SERVE(made, { OK, RAW_KEEP });
	assert_int_equal(ask(made, 0, "POST", "/", body)->outcome,
	                 HTTP_ANSWERED);
	raw_server_stop(&made->server);
	assert_null(strcasestr(made->server.requests[0], "expect:"));
	assert_true(str_ends(made->server.requests[0], body));
}

static void redirects_and_cookies_are_not_followed(void **state)
{
	struct fixture *made = *state;

	SERVE(made, { "HTTP/1.1 302 Found\r\nLocation: /b\r\n"
	              "Set-Cookie: a=b\r\nX-Request-ID: r-1\r\n"
	              "Content-Length: 0\r\n\r\n",
	              RAW_KEEP });
	const struct end *end = ask(made, 0, "POST", "/a", "{}");

	assert_int_equal(end->outcome, HTTP_ANSWERED);
	assert_int_equal(end->status, 302);
	assert_string_equal(end->request_id, "r-1");
	(void)ask(made, 1, "POST", "/c", "{}");
	raw_server_stop(&made->server);
	assert_int_equal(made->server.request_count, 2);
	assert_null(strcasestr(made->server.requests[1], "cookie"));
}

static void loopback_needs_no_proxy(void **state)
{
	struct fixture *made = *state;

	(void)setenv("http_proxy", "http://127.0.0.1:1", 1);
	(void)setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
	SERVE(made, { OK, RAW_KEEP });
	assert_int_equal(ask(made, 0, "GET", "/", NULL)->status, 200);
	(void)unsetenv("http_proxy");
	(void)unsetenv("ALL_PROXY");
}

static void interim_answers_are_passed_over(void **state)
{
	struct fixture *made = *state;

	SERVE(made, { "HTTP/1.1 100 Continue\r\n\r\n" OK, RAW_KEEP });
	assert_int_equal(ask(made, 0, "POST", "/", "{}")->status, 200);
}

static void traces_have_no_query(void **state)
{
	struct fixture *made = *state;
	char *text = NULL;
	size_t length;

	made->step_ms = 0;
	made->settings.trace = xmemstream(&text, &length);
	SERVE(made, { "HTTP/1.1 200 OK\r\nX-Request-Id: r\x1b[1m\r\n"
	              "Content-Length: 0\r\n\r\n",
	              RAW_KEEP });
	(void)ask(made, 0, "GET", "/a?cursor=SECRET", NULL);
	(void)fclose(made->settings.trace);
	assert_string_equal(text, "GET /a 200 0 ms request r\\x1b[1m\n");
	free(text);
}

/* ---- can the server have seen it? ---- */

static void a_dead_server_has_seen_nothing(void **state)
{
	struct fixture *made = *state;

	SERVE(made, { OK, RAW_KEEP });
	raw_server_stop(&made->server);
	const struct end *end = ask(made, 0, "POST", "/", "{}");

	assert_int_equal(end->outcome, HTTP_UNSENT);
	assert_int_equal(end->tries, 1);
	assert_string_equal(end->problem, "nothing listens there");
	end = ask(made, 1, "GET", "/", NULL);
	assert_int_equal(end->outcome, HTTP_UNSENT);
	assert_int_equal(end->tries, LIMIT_READ_TRIES);
}

static void a_server_that_speaks_no_tls_has_seen_nothing(void **state)
{
	static const struct raw_step steps[] = { { OK, RAW_CLOSE } };
	struct fixture *made = *state;

	serve(made, steps, 1);
	made->origin[0] = '\0';
	free(made->origin);
	made->origin = xasprintf("https://127.0.0.1:%u", made->server.port);
	made->settings.connect_timeout_ms = 300;
	made->client =
		http_client_new(made->origin, &made->settings, made->diag);
	assert_int_equal(ask(made, 0, "POST", "/", "{}")->outcome, HTTP_UNSENT);
}

static void a_write_on_a_kept_connection_is_sent_once(void **state)
{
	static const char *const methods[] = { "POST", "PUT", "PATCH",
		                               "DELETE" };
	static const enum raw_then ways[] = { RAW_CLOSE, RAW_RESET };

	for (size_t i = 0; i < LENGTH(methods) * LENGTH(ways); i++) {
		const char *method = methods[i / LENGTH(ways)];
		const struct raw_step steps[] = {
			{ OK, RAW_KEEP },
			{ NULL, ways[i % LENGTH(ways)] },
			{ OK, RAW_KEEP },
		};
		const char *body = str_equal(method, "DELETE") ? NULL : "{}";
		struct fixture *made;

		assert_int_equal(set_up(state), 0);
		made = *state;
		serve(made, steps, LENGTH(steps));
		made->client = http_client_new(made->origin, &made->settings,
		                               made->diag);
		(void)ask(made, 0, "GET", "/", NULL);
		const struct end *end = ask(made, 1, method, "/x", body);

		assert_int_equal(end->outcome, HTTP_UNKNOWN);
		assert_int_equal(end->tries, 1);
		assert_int_equal(ask(made, 2, method, "/y", body)->outcome,
		                 HTTP_ANSWERED);
		raw_server_stop(&made->server);
		assert_int_equal(made->server.request_count, 3);
		assert_true(str_starts(made->server.requests[1], method));
		assert_non_null(strstr(made->server.requests[2], " /y "));
		assert_int_equal(tear_down(state), 0);
	}
}

static void a_write_on_a_new_connection_is_sent_once(void **state)
{
	struct fixture *made = *state;

	SERVE(made, { NULL, RAW_RESET });
	assert_int_equal(ask(made, 0, "POST", "/", "{}")->outcome,
	                 HTTP_UNKNOWN);
	raw_server_stop(&made->server);
	assert_int_equal(made->server.request_count, 1);
}

static void a_read_on_a_dying_connection_is_tried_again(void **state)
{
	struct fixture *made = *state;

	SERVE(made, { OK, RAW_KEEP }, { NULL, RAW_RESET }, { NULL, RAW_CLOSE },
	      { OK, RAW_KEEP });
	(void)ask(made, 0, "GET", "/", NULL);
	assert_int_equal(ask(made, 1, "GET", "/", NULL)->outcome,
	                 HTTP_ANSWERED);
	raw_server_stop(&made->server);
	assert_int_equal(made->server.request_count, 4);
}

static void a_connection_closed_while_idle_costs_nothing(void **state)
{
	struct fixture *made = *state;

	SERVE(made, { OK, RAW_CLOSE }, { OK, RAW_KEEP });
	(void)ask(made, 0, "GET", "/", NULL);
	raw_server_wait_closed(&made->server, 1);
	const struct end *end = ask(made, 1, "POST", "/", "{}");

	assert_int_equal(end->outcome, HTTP_ANSWERED);
	assert_int_equal(end->tries, 1);
}

static void half_an_answer_is_none(void **state)
{
	struct fixture *made = *state;

	SERVE(made, { OK_LENGTH("100") "\r\n{}", RAW_CLOSE },
	      { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}",
	        RAW_CLOSE },
	      { "HTTP/1.1 20", RAW_CLOSE }, { "garbage\r\n\r\n", RAW_CLOSE });
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(ask(made, i, "POST", "/", "{}")->outcome,
		                 HTTP_UNKNOWN);
	raw_server_stop(&made->server);
	assert_int_equal(made->server.request_count, 4);
}

static void half_an_answer_to_a_read_is_asked_for_again(void **state)
{
	struct fixture *made = *state;

	SERVE(made, { OK_LENGTH("100") "\r\n{}", RAW_CLOSE },
	      { OK_LENGTH("2") "\r\n[]", RAW_KEEP });
	const struct end *end = ask(made, 0, "GET", "/", NULL);

	assert_int_equal(end->outcome, HTTP_ANSWERED);
	assert_string_equal(end->body, "[]");
	assert_int_equal(end->tries, 2);
}

static void what_follows_an_answer_is_not_the_next(void **state)
{
	struct fixture *made = *state;

	SERVE(made,
	      { OK "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", RAW_KEEP });
	(void)ask(made, 0, "GET", "/", NULL);
	const struct end *end = ask(made, 1, "GET", "/", NULL);

	assert_int_equal(end->outcome, HTTP_ANSWERED);
	assert_int_equal(end->status, 200);
}

static void silence_ends_at_the_timeout(void **state)
{
	struct fixture *made = *state;

	made->settings.timeout_ms = 100;
	SERVE(made, { NULL, RAW_STALL });
	const struct end *end = ask(made, 0, "POST", "/", "{}");

	assert_int_equal(end->outcome, HTTP_UNKNOWN);
	assert_string_equal(end->problem, "no whole answer came in time");
}

static void an_answer_that_stalls_ends_before_the_timeout(void **state)
{
	struct fixture *made = *state;

	made->settings.timeout_ms = 5000;
	SERVE(made, { OK_LENGTH("9") "\r\n{", RAW_STALL });
	const struct end *end = ask(made, 0, "POST", "/", "{}");

	assert_int_equal(end->outcome, HTTP_UNKNOWN);
	assert_string_equal(end->problem, "the answer stopped in the middle");
}

/* ---- limits ---- */

static void bodies_have_a_limit(void **state)
{
	struct fixture *made = *state;

	made->settings.body_limit_bytes = 4;
	SERVE(made, { OK_LENGTH("4") "\r\n1234", RAW_KEEP },
	      { OK_LENGTH("5") "\r\n12345", RAW_KEEP });
	assert_int_equal(ask(made, 0, "GET", "/", NULL)->outcome,
	                 HTTP_ANSWERED);
	const struct end *end = ask(made, 1, "GET", "/", NULL);

	assert_int_equal(end->outcome, HTTP_UNKNOWN);
	assert_int_equal(end->tries, 1);
	assert_string_equal(end->problem,
	                    "the answer is larger than its limit");
}

/* Nobody asks for a coding, and a bomb stays packed. */
static void what_comes_packed_is_not_unpacked(void **state)
{
	struct fixture *made = *state;

	SERVE(made, { OK_LENGTH("4") "Content-Encoding: gzip\r\n\r\n\x1f\x8b"
	                             "\x08\x01",
	              RAW_KEEP });
	const struct end *end = ask(made, 0, "GET", "/", NULL);

	assert_int_equal(end->outcome, HTTP_ANSWERED);
	assert_string_equal(end->body, "\x1f\x8b\x08\x01");
}

static void headers_have_a_limit(void **state)
{
	struct fixture *made = *state;
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	fputs("HTTP/1.1 200 OK\r\n", out);
	for (size_t i = 0; i < 70; i++)
		fprintf(out, "X-%zu: %01000d\r\n", i, 0);
	fputs("Content-Length: 0\r\n\r\n", out);
	(void)fclose(out);
	const struct raw_step steps[] = { { text, RAW_KEEP } };

	serve(made, steps, 1);
	made->client =
		http_client_new(made->origin, &made->settings, made->diag);
	const struct end *end = ask(made, 0, "POST", "/", "{}");

	assert_int_equal(end->outcome, HTTP_UNKNOWN);
	assert_string_equal(end->problem,
	                    "the answer is larger than its limit");
	raw_server_stop(&made->server);
	free(text);
}

static void bodies_without_length_are_read_to_their_end(void **state)
{
	struct fixture *made = *state;
	CLEANUP(textp) char *body = xmalloc((1 << 20) + 1);
	CLEANUP(textp) char *text = NULL;

	memset(body, 'x', 1 << 20);
	body[1 << 20] = '\0';
	text = xasprintf("HTTP/1.1 200 OK\r\n\r\n%s", body);
	const struct raw_step steps[] = { { text, RAW_CLOSE } };

	serve(made, steps, 1);
	made->client =
		http_client_new(made->origin, &made->settings, made->diag);
	assert_string_equal(ask(made, 0, "GET", "/", NULL)->body, body);
	raw_server_stop(&made->server);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(origins_are_read_strictly),
		cmocka_unit_test(only_this_machine_is_loopback),
		cmocka_unit_test(escaping_leaves_only_unreserved_characters),
		TEST(other_origins_than_safe_ones_are_refused),
		TEST(connections_are_kept),
		TEST(requests_say_what_they_were_given),
		TEST(large_bodies_do_not_wait_to_be_asked_for),
		TEST(redirects_and_cookies_are_not_followed),
		TEST(loopback_needs_no_proxy),
		TEST(interim_answers_are_passed_over),
		TEST(traces_have_no_query),
		TEST(a_dead_server_has_seen_nothing),
		TEST(a_server_that_speaks_no_tls_has_seen_nothing),
		cmocka_unit_test(a_write_on_a_kept_connection_is_sent_once),
		TEST(a_write_on_a_new_connection_is_sent_once),
		TEST(a_read_on_a_dying_connection_is_tried_again),
		TEST(a_connection_closed_while_idle_costs_nothing),
		TEST(half_an_answer_is_none),
		TEST(half_an_answer_to_a_read_is_asked_for_again),
		TEST(what_follows_an_answer_is_not_the_next),
		TEST(silence_ends_at_the_timeout),
		TEST(an_answer_that_stalls_ends_before_the_timeout),
		TEST(bodies_have_a_limit),
		TEST(what_comes_packed_is_not_unpacked),
		TEST(headers_have_a_limit),
		TEST(bodies_without_length_are_read_to_their_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
