/* SPDX-License-Identifier: MIT */
/* Kind: what a name says of an environment, and a host of where it stands. */
#include "lint/check.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const struct {
	const char *word;
	enum environment_kind kind;
} words[] = {
	{ "ci", KIND_DEVELOPMENT },          { "dev", KIND_DEVELOPMENT },
	{ "development", KIND_DEVELOPMENT }, { "live", KIND_PRODUCTION },
	{ "local", KIND_DEVELOPMENT },       { "preview", KIND_DEVELOPMENT },
	{ "prod", KIND_PRODUCTION },         { "production", KIND_PRODUCTION },
	{ "qa", KIND_DEVELOPMENT },          { "sandbox", KIND_DEVELOPMENT },
	{ "stage", KIND_DEVELOPMENT },       { "staging", KIND_DEVELOPMENT },
	{ "test", KIND_DEVELOPMENT },        { "testing", KIND_DEVELOPMENT },
	{ "uat", KIND_DEVELOPMENT },
};

/* `dev2` is the word `dev`. */
static size_t word_length(const char *word, size_t length)
{
	while (length && isdigit((unsigned char)word[length - 1]))
		length--;
	return length;
}

static enum environment_kind kind_of_word(const char *word, size_t length)
{
	length = word_length(word, length);
	for (size_t i = 0; i < LENGTH(words); i++) {
		if (strlen(words[i].word) == length &&
		    strncasecmp(words[i].word, word, length) == 0)
			return words[i].kind;
	}
	return KIND_UNKNOWN;
}

enum environment_kind kind_of(const char *name, size_t length)
{
	enum environment_kind found = KIND_UNKNOWN;

	for (size_t start = 0, end; start < length; start = end + 1) {
		enum environment_kind kind;

		for (end = start;
		     end < length && isalnum((unsigned char)name[end]); end++)
			;
		kind = kind_of_word(name + start, end - start);
		if (kind == KIND_UNKNOWN)
			continue;
		if (found != KIND_UNKNOWN && kind != found)
			return KIND_UNKNOWN; /* `dev-prod` is neither */
		found = kind;
	}
	return found;
}

/* ---- hosts ---- */

static struct span without_dot(struct span host)
{
	if (host.length && host.start[host.length - 1] == '.')
		host.length--;
	return host;
}

/*
 * The kind that a label says; of the last two (`acme-dev.com`, not
 * `backend.acme.dev` or `test.io`) only a part beside a hyphen counts, of the
 * last none.
 */
static enum environment_kind kind_of_host(const struct uri *uri)
{
	const struct span host = without_dot(uri->host);
	size_t end = host.length, label = 0;

	while (end) {
		size_t start = end;

		while (start && host.start[start - 1] != '.')
			start--;
		if (label > 1 || (label == 1 && memchr(host.start + start, '-',
		                                       end - start))) {
			const enum environment_kind kind =
				kind_of(host.start + start, end - start);

			if (kind != KIND_UNKNOWN)
				return kind;
		}
		label++;
		end = start ? start - 1 : 0;
	}
	return KIND_UNKNOWN;
}

/* Ends of hosts that no production has: RFC 6761, 6762, and tunnels. */
static const char *const development_ends[] = {
	".example",
	".invalid",
	".internal",
	".lan",
	".local",
	".localhost",
	".test",
	".loca.lt",
	".ngrok.app",
	".ngrok.dev",
	".ngrok.io",
	".ngrok-free.app",
	".ngrok-free.dev",
	".serveo.net",
	".trycloudflare.com",
	".nip.io",
	".sslip.io",
};

static const char *const private_starts[] = {
	"0.",       "10.",     "127.",    "169.254.", "172.16.",
	"172.17.",  "172.18.", "172.19.", "172.20.",  "172.21.",
	"172.22.",  "172.23.", "172.24.", "172.25.",  "172.26.",
	"172.27.",  "172.28.", "172.29.", "172.30.",  "172.31.",
	"192.168.", "[::]",    "[fc",     "[fd",      "[fe8",
};

static bool is_private_address(const struct uri *uri)
{
	const struct span host = uri->host;

	if (!uri_is_address(uri))
		return false;
	for (size_t i = 0; i < LENGTH(private_starts); i++) {
		const size_t length = strlen(private_starts[i]);

		if (host.length >= length &&
		    strncasecmp(host.start, private_starts[i], length) == 0)
			return true;
	}
	return false;
}

static bool ends_with(struct span host, const char *end)
{
	const size_t length = strlen(end);

	return host.length >= length &&
	       strncasecmp(host.start + host.length - length, end, length) == 0;
}

bool host_is_development(const struct uri *uri)
{
	const struct span host = without_dot(uri->host);

	if (!host.start || !host.length)
		return false;
	if (uri_is_loopback(uri) || span_is(host, "localhost") ||
	    is_private_address(uri))
		return true;
	for (size_t i = 0; i < LENGTH(development_ends); i++) {
		if (ends_with(host, development_ends[i]))
			return true;
	}
	return kind_of_host(uri) == KIND_DEVELOPMENT;
}

bool host_is_production(const struct uri *uri)
{
	return uri->host.start && kind_of_host(uri) == KIND_PRODUCTION;
}
