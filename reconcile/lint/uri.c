/* SPDX-License-Identifier: MIT */
#include "lint/uri.h"

#include "base/arena.h"

#include <ctype.h>
#include <string.h>

static struct span span_of(const char *start, const char *end)
{
	return (struct span){ start, (size_t)(end - start) };
}

static bool is_scheme_char(char c)
{
	return isalnum((unsigned char)c) || c == '+' || c == '-' || c == '.';
}

static const char *parse_scheme(const char *at, struct uri *uri)
{
	const char *end = at;

	if (!isalpha((unsigned char)*at))
		return at;
	while (is_scheme_char(*end))
		end++;
	if (*end != ':')
		return at;
	uri->scheme = span_of(at, end);
	return end + 1;
}

/* host[:port], the host perhaps in brackets. */
static void parse_host(const char *at, const char *end, struct uri *uri)
{
	const char *close =
		*at == '[' ? memchr(at, ']', (size_t)(end - at)) : NULL;
	const char *colon = close ? close + 1 : at;

	while (colon < end && *colon != ':')
		colon++;
	uri->host = span_of(at, colon);
	if (colon < end)
		uri->port = span_of(colon + 1, end);
}

static const char *parse_authority(const char *at, struct uri *uri)
{
	const char *end, *host;

	if (at[0] != '/' || at[1] != '/')
		return at;
	at += 2;
	end = at + strcspn(at, "/?#");
	host = memrchr(at, '@', (size_t)(end - at));
	if (host)
		uri->userinfo = span_of(at, host);
	parse_host(host ? host + 1 : at, end, uri);
	return end;
}

void uri_parse(const char *text, struct uri *uri)
{
	const char *at, *end;

	*uri = (struct uri){ .text = text };
	at = parse_authority(parse_scheme(text, uri), uri);
	end = at + strcspn(at, "?#");
	uri->path = span_of(at, end);
	if (*end == '?') {
		at = end + 1;
		end = at + strcspn(at, "#");
		uri->query = span_of(at, end);
	}
	if (*end == '#')
		uri->fragment = span_of(end + 1, end + strlen(end));
}

bool span_is(struct span span, const char *lower)
{
	return span.start && strlen(lower) == span.length &&
	       strncasecmp(span.start, lower, span.length) == 0;
}

bool uri_is_web(const struct uri *uri)
{
	return span_is(uri->scheme, "http") || span_is(uri->scheme, "https");
}

bool uri_is_loopback(const struct uri *uri)
{
	return span_is(uri->host, "localhost") ||
	       span_is(uri->host, "127.0.0.1") || span_is(uri->host, "[::1]");
}

bool uri_is_address(const struct uri *uri)
{
	unsigned dots = 0;

	if (!uri->host.start || !uri->host.length)
		return false;
	if (uri->host.start[0] == '[')
		return true;
	for (size_t i = 0; i < uri->host.length; i++) {
		if (uri->host.start[i] == '.')
			dots++;
		else if (!isdigit((unsigned char)uri->host.start[i]))
			return false;
	}
	return dots == 3;
}

/* ---- folding ---- */

struct folding {
	char *out;
	size_t length;
	unsigned fold;
};

static void put(struct folding *folding, char c)
{
	if (folding->fold & FOLD_CASE)
		c = (char)tolower((unsigned char)c);
	folding->out[folding->length++] = c;
}

static int hex_digit(char c)
{
	if (isdigit((unsigned char)c))
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that `%XX` at the start of `left` bytes stands for, or -1. */
static int decode(const char *at, size_t left)
{
	int high, low;

	if (left < 3 || *at != '%')
		return -1;
	high = hex_digit(at[1]);
	low = hex_digit(at[2]);
	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static void put_span(struct folding *folding, struct span span)
{
	for (size_t i = 0; i < span.length; i++) {
		int byte = -1;

		if (folding->fold & FOLD_PERCENT)
			byte = decode(span.start + i, span.length - i);
		put(folding, byte < 0 ? span.start[i] : (char)byte);
		if (byte >= 0)
			i += 2;
	}
}

static void put_part(struct folding *folding, char mark, struct span span)
{
	if (!span.start)
		return;
	put(folding, mark);
	put_span(folding, span);
}

static bool has_own_port(const struct uri *uri)
{
	if (!uri->port.length)
		return true;
	return (span_is(uri->scheme, "https") && span_is(uri->port, "443")) ||
	       (span_is(uri->scheme, "http") && span_is(uri->port, "80"));
}

static void put_authority(struct folding *folding, const struct uri *uri)
{
	if (!uri->host.start)
		return;
	put(folding, '/');
	put(folding, '/');
	if (uri->userinfo.start) {
		put_span(folding, uri->userinfo);
		put(folding, '@');
	}
	put_span(folding, uri->host);
	if (!(folding->fold & FOLD_PORT) || !has_own_port(uri))
		put_part(folding, ':', uri->port);
}

struct span uri_fold(const struct uri *uri, unsigned fold, struct arena *arena)
{
	struct folding folding = {
		.out = arena_alloc(arena, strlen(uri->text) + 1),
		.fold = fold,
	};
	struct span scheme = uri->scheme, path = uri->path;

	if (fold & FOLD_SCHEME && span_is(scheme, "https"))
		scheme.length--; /* http */
	put_span(&folding, scheme);
	if (scheme.start)
		put(&folding, ':');
	put_authority(&folding, uri);
	while (fold & FOLD_SLASH && path.length &&
	       path.start[path.length - 1] == '/')
		path.length--;
	put_span(&folding, path);
	put_part(&folding, '?', uri->query);
	put_part(&folding, '#', uri->fragment);
	return (struct span){ folding.out, folding.length };
}

static bool equal_folded(const struct uri *a, const struct uri *b,
                         unsigned fold, struct arena *arena)
{
	const struct span left = uri_fold(a, fold, arena);
	const struct span right = uri_fold(b, fold, arena);

	return left.length == right.length &&
	       memcmp(left.start, right.start, left.length) == 0;
}

static const struct {
	enum uri_fold fold;
	const char *text;
} differences[] = {
	{ FOLD_SLASH, "in a trailing slash" },
	{ FOLD_CASE, "in upper and lower case" },
	{ FOLD_PORT, "in the default port" },
	{ FOLD_PERCENT, "in percent-encoding" },
	{ FOLD_SCHEME, "in http and https" },
};

unsigned uri_difference(const struct uri *a, const struct uri *b,
                        struct arena *arena)
{
	unsigned found = 0;

	if (strcmp(a->text, b->text) == 0 ||
	    !equal_folded(a, b, FOLD_ALL, arena))
		return 0;
	for (size_t i = 0; i < LENGTH(differences); i++) {
		const unsigned others = FOLD_ALL & ~differences[i].fold;

		if (!equal_folded(a, b, others, arena))
			found |= differences[i].fold;
	}
	/* A difference that several foldings hide: `%2f` at the end. */
	return found ? found : FOLD_PERCENT;
}

const char *uri_difference_text(unsigned difference, struct arena *arena)
{
	const char *text = NULL;

	for (size_t i = 0; i < LENGTH(differences); i++) {
		CLEANUP(textp) char *joined = NULL;

		if (!(difference & differences[i].fold))
			continue;
		if (!text) {
			text = differences[i].text;
			continue;
		}
		joined = xasprintf("%s and %s", text, differences[i].text);
		text = arena_copy(arena, joined, strlen(joined));
	}
	return text;
}
