/* SPDX-License-Identifier: MIT */
/* The server half of http, by raw sockets: what goes over the wire. */
#include "base/text.h"
#include "http/http.h"
#include "schema/codes.h"
#include "unit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct fixture {
	struct diag *diag;
	struct http_server *server;
	unsigned served;
	int again_fd; /* what was served again is written there */
};

static void answer(struct http_reply *reply, int status, char *body)
{
	reply->status = status;
	reply->body = body;
	reply->body_length = strlen(body);
}

/* What is still known of a request whose connection is gone. */
static void remember(const struct fixture *made, const struct http_call *call)
{
	CLEANUP(textp)
	char *text = xasprintf("%s|%s|%s|%s|%zu|%s.", call->method,
	                       call->raw_path, http_call_query(call, "q"),
	                       http_call_header(call, "x-word"),
	                       http_call_query_count(call), call->body);

	assert_int_equal(write(made->again_fd, text, strlen(text)),
	                 strlen(text));
}

/* Says what it was asked; some paths have a fate. */
static void serve(const struct http_call *call, struct http_reply *reply,
                  void *context)
{
	struct fixture *made = context;
	const char *query = http_call_query(call, "q");
	const char *header = http_call_header(call, "X-Word");

	made->served++;
	if (str_equal(call->path, "/reset"))
		reply->fate = HTTP_FATE_RESET;
	if (str_equal(call->path, "/silent")) {
		reply->fate = HTTP_FATE_RESET;
		reply->delay_ms = 50;
	}
	if (str_equal(call->path, "/cut"))
		reply->fate = HTTP_FATE_CUT;
	if (str_equal(call->path, "/twice") && !call->kept) {
		reply->fate = HTTP_FATE_RESET;
		reply->again_ms = 20;
	}
	if (call->kept)
		remember(made, call);
	if (str_equal(call->path, "/slow"))
		reply->delay_ms = 300;
	if (str_equal(call->path, "/for-ever"))
		reply->delay_ms = 3600000;
	reply->headers[reply->header_count++] =
		(struct http_header){ "X-Served", "yes" };
	answer(reply, 201,
	       xasprintf("%s|%s|%s|%s|%s|%zu|%zu|%s", call->method, call->path,
	                 call->raw_path, query ? query : "-",
	                 header ? header : "-", http_call_query_count(call),
	                 call->body_length, call->body));
}

static int set_up(void **state)
{
	struct fixture *made = xcalloc(1, sizeof(*made));

	made->diag = diag_new();
	made->server = http_server_start(0, serve, made, made->diag);
	*state = made;
	return made->server ? 0 : -1;
}

static int tear_down(void **state)
{
	struct fixture *made = *state;

	http_server_stop(made->server);
	diag_free(made->diag);
	free(made);
	return 0;
}

static int dial(const struct fixture *made)
{
	const struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)http_server_port(made->server)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(connect(fd, (const void *)&address, sizeof(address)),
	                 0);
	return fd;
}

static void say(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL),
	                 strlen(text));
}

/* Reads until `end` was read; what was read is freed by the caller. */
static char *hear(int fd, const char *end)
{
	char *text = xcalloc(1, 65536);
	size_t length = 0;

	while (!strstr(text, end)) {
		ssize_t got = recv(fd, text + length, 65535 - length, 0);

		if (got <= 0)
			break;
		length += (size_t)got;
	}
	return text;
}

static void assert_heard(int fd, const char *end, const char *wanted)
{
	CLEANUP(textp) char *text = hear(fd, end);

	if (!strstr(text, wanted))
		fail_msg("heard: %s", text);
}

static void a_call_is_handed_over_whole(void **state)
{
	CLEANUP(fdp) int fd = dial(*state);

	say(fd, "PUT /a%20b/%2E%2e?q=x%26y&r HTTP/1.1\r\nHost: h\r\n"
	        "x-word: w\r\nContent-Length: 4\r\n\r\nb\\dy");

	assert_heard(fd, "dy",
	             "PUT|/a b/..|/a%20b/%2E%2e?q=x%26y&r|x&y|w|2|4|b\\dy");
}

static void connections_are_kept_alive_and_headers_sent(void **state)
{
	CLEANUP(fdp) int fd = dial(*state);

	for (int i = 0; i < 3; i++) {
		say(fd, "GET /again?q HTTP/1.1\r\nHost: h\r\n\r\n");
		CLEANUP(textp) char *text = hear(fd, "|1|0|");

		assert_true(str_starts(text, "HTTP/1.1 201 "));
		assert_non_null(strstr(text, "\r\nX-Served: yes\r\n"));
		assert_non_null(strstr(text, "GET|/again|/again?q||-|1|0|"));
	}
}

static void a_path_that_does_not_decode_is_refused(void **state)
{
	static const char *const paths[] = { "/%00", "/%4", "/%zz", "/a%",
		                             "/%0g" };

	for (size_t i = 0; i < LENGTH(paths); i++) {
		CLEANUP(fdp) int fd = dial(*state);
		CLEANUP(textp)
		char *request = xasprintf("GET %s HTTP/1.1\r\nHost: h\r\n\r\n",
		                          paths[i]);

		say(fd, request);
		assert_heard(fd, "\r\n\r\n", "HTTP/1.1 400 ");
	}
	assert_int_equal(((struct fixture *)*state)->served, 0);
}

static void a_body_over_the_limit_is_refused_before_it_is_sent(void **state)
{
	CLEANUP(fdp) int fd = dial(*state);

	say(fd, "POST / HTTP/1.1\r\nHost: h\r\n"
	        "Content-Length: 10485761\r\n\r\n");

	assert_heard(fd, "\r\n\r\n", "HTTP/1.1 413 ");
	assert_int_equal(((struct fixture *)*state)->served, 0);
}

static void say_zeros(int fd, size_t count)
{
	CLEANUP(textp) char *zeros = xmalloc(count + 1);

	memset(zeros, '0', count);
	zeros[count] = '\0';
	while (count) {
		ssize_t sent = send(fd, zeros, count, MSG_NOSIGNAL);

		assert_true(sent > 0);
		count -= (size_t)sent;
	}
}

static void a_body_at_the_limit_is_taken(void **state)
{
	CLEANUP(fdp) int fd = dial(*state);

	say(fd, "POST /reset HTTP/1.1\r\nHost: h\r\n"
	        "Content-Length: 10485760\r\n\r\n");
	say_zeros(fd, 10485760);

	char byte;

	(void)recv(fd, &byte, 1, 0);
	assert_int_equal(((struct fixture *)*state)->served, 1);
}

static void a_chunked_body_over_the_limit_is_refused(void **state)
{
	CLEANUP(fdp) int fd = dial(*state);

	say(fd, "POST / HTTP/1.1\r\nHost: h\r\n"
	        "Transfer-Encoding: chunked\r\n\r\na00001\r\n");
	say_zeros(fd, 10485761);
	say(fd, "\r\n0\r\n\r\n");

	assert_heard(fd, "\r\n\r\n", "HTTP/1.1 413 ");
	assert_int_equal(((struct fixture *)*state)->served, 0);
}

static void a_reset_sends_no_byte_and_no_end(void **state)
{
	CLEANUP(fdp) int fd = dial(*state);
	char byte;

	say(fd, "POST /reset HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n"
	        "{}");

	errno = 0;
	assert_int_equal(recv(fd, &byte, 1, 0), -1);
	assert_int_equal(errno, ECONNRESET);
	assert_int_equal(((struct fixture *)*state)->served, 1);
}

static void a_delayed_answer_keeps_no_other_waiting(void **state)
{
	CLEANUP(fdp) int slow = dial(*state);
	CLEANUP(fdp) int quick = dial(*state);
	int64_t begun = clock_system()->steady_ms(clock_system());
	char byte;

	say(slow, "GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
	say(quick, "GET /quick HTTP/1.1\r\nHost: h\r\n\r\n");

	assert_heard(quick, "|0|0|", "GET|/quick");
	assert_int_equal(recv(slow, &byte, 1, MSG_DONTWAIT), -1);
	assert_heard(slow, "|0|0|", "GET|/slow");
	assert_true(clock_system()->steady_ms(clock_system()) - begun >= 300);
	/* Asked once: the reply waited, not the request. */
	assert_int_equal(((struct fixture *)*state)->served, 2);
}

static void stopping_drops_what_is_delayed(void **state)
{
	struct fixture *made = *state;
	CLEANUP(fdp) int fd = dial(made);
	CLEANUP(fdp) int other = dial(made);

	say(fd, "GET /for-ever HTTP/1.1\r\nHost: h\r\n\r\n");
	say(other, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
	assert_heard(other, "|0|0|", "GET|/");

	http_server_stop(made->server);
	made->server = NULL;
	assert_heard(fd, "\r\n\r\n", "");
}

static void half_a_request_leaves_nothing_behind(void **state)
{
	static const char *const halves[] = {
		"GET / HT",
		"GARBAGE\r\n\r\n",
		"GET / HTTP/1.1\r\nHost:",
		"PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc",
		"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -4\r\n\r\n",
	};

	for (size_t i = 0; i < LENGTH(halves); i++) {
		CLEANUP(fdp) int fd = dial(*state);

		say(fd, halves[i]);
	}
	CLEANUP(fdp) int fd = dial(*state);

	say(fd, "GET /still HTTP/1.1\r\nHost: h\r\n\r\n");
	assert_heard(fd, "|0|0|", "GET|/still");
}

static void what_is_silent_is_reset_in_the_end(void **state)
{
	CLEANUP(fdp) int fd = dial(*state);
	char byte;

	say(fd, "GET /silent HTTP/1.1\r\nHost: h\r\n\r\n");

	assert_int_equal(recv(fd, &byte, 1, 0), -1);
	assert_int_equal(errno, ECONNRESET);
}

static void a_cut_answer_is_half_of_what_it_announces(void **state)
{
	CLEANUP(fdp) int fd = dial(*state);

	say(fd, "GET /cut HTTP/1.1\r\nHost: h\r\n\r\n");

	CLEANUP(textp) char *text = hear(fd, "never");
	const char *length = strstr(text, "Content-Length: ");
	const char *body = strstr(text, "\r\n\r\n");

	assert_non_null(length);
	assert_non_null(body);
	assert_int_equal(
		strlen(body + 4),
		strtoul(length + strlen("Content-Length: "), NULL, 10) / 2);
}

static void a_request_is_served_again_after_its_connection(void **state)
{
	struct fixture *made = *state;
	CLEANUP(fdp) int fd = dial(made);
	CLEANUP(textp) char *text = NULL;
	int ends[2];
	char byte;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	made->again_fd = ends[0];
	say(fd, "POST /twice?q=one&r HTTP/1.1\r\nHost: h\r\n"
	        "X-Word: kept\r\nContent-Length: 4\r\n\r\nbody");

	assert_int_equal(recv(fd, &byte, 1, 0), -1);
	text = hear(ends[1], ".");
	assert_string_equal(text, "POST|/twice?q=one&r|one|kept|2|body.");
	assert_int_equal(made->served, 2);
	(void)close(ends[0]);
	(void)close(ends[1]);
}

static void a_port_that_is_taken_is_reported(void **state)
{
	struct fixture *made = *state;
	unsigned taken = http_server_port(made->server);

	assert_null(http_server_start(taken, serve, made, made->diag));
	assert_null(http_server_start(65536, serve, made, made->diag));

	assert_int_equal(diag_length(made->diag), 2);
	assert_int_equal(diag_at(made->diag, 0)->code, CODE_LISTEN);
	CLEANUP(textp) char *text = diag_text(made->diag);
	CLEANUP(textp) char *wanted = xasprintf("`127.0.0.1:%u`", taken);

	assert_non_null(strstr(text, wanted));
}

static void only_loopback_is_listened_on(void **state)
{
	const struct sockaddr_in other = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)http_server_port(
			((const struct fixture *)*state)->server)),
		.sin_addr.s_addr = htonl(0x7f000002), /* 127.0.0.2 */
	};
	CLEANUP(fdp) int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(connect(fd, (const void *)&other, sizeof(other)), -1);
	assert_int_equal(errno, ECONNREFUSED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_call_is_handed_over_whole),
		TEST(connections_are_kept_alive_and_headers_sent),
		TEST(a_path_that_does_not_decode_is_refused),
		TEST(a_body_over_the_limit_is_refused_before_it_is_sent),
		TEST(a_body_at_the_limit_is_taken),
		TEST(a_chunked_body_over_the_limit_is_refused),
		TEST(a_reset_sends_no_byte_and_no_end),
		TEST(what_is_silent_is_reset_in_the_end),
		TEST(a_cut_answer_is_half_of_what_it_announces),
		TEST(a_request_is_served_again_after_its_connection),
		TEST(a_delayed_answer_keeps_no_other_waiting),
		TEST(stopping_drops_what_is_delayed),
		TEST(half_a_request_leaves_nothing_behind),
		TEST(a_port_that_is_taken_is_reported),
		TEST(only_loopback_is_listened_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
