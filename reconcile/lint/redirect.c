/* SPDX-License-Identifier: MIT */
/* Redirect URIs by themselves: U1-U4, U6-U10. Near misses of others: twin.c. */
#include "lint/check.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>

static const char redirect_field[] = "redirectUri";

/* What is wrong with a subject's URI, whosever it is; or NULL. */
typedef const char *complaint_fn(const struct lint_pass *pass,
                                 const struct subject *subject);

static void complain(struct lint_pass *pass, complaint_fn *complaint)
{
	const struct uri *before = NULL;
	const char *text = NULL;

	for (size_t i = 0; pass->any_redirect && i < pass->count; i++) {
		const struct subject *subject = &pass->subjects[i];

		if (!subject->redirect_uri)
			continue;
		if (subject->uri != before)
			text = complaint(pass, subject);
		before = subject->uri;
		if (text)
			report(pass, about_field(subject, redirect_field),
			       "`%s` %s", subject->redirect_uri, text);
	}
}

/* ---- U1 ---- */

/* Braces are rule U4's. */
static bool is_uri_byte(char c)
{
	return c > ' ' && c < 0x7f && !strchr("\"<>\\^`|", c);
}

static bool is_in(struct span span, const char *at)
{
	return span.start && at >= span.start && at < span.start + span.length;
}

static const char *bad_byte(const struct uri *uri)
{
	for (const char *at = uri->text; *at; at++) {
		if (is_uri_byte(*at) || *at == '\\') /* rule U6's */
			continue;
		if (isspace((unsigned char)*at))
			return "has white space in it; remove it, or write "
			       "%20 where it is meant";
		if ((unsigned char)*at < 0x80)
			return "has a character that no URI has; write it "
			       "percent-encoded";
		return is_in(uri->host, at)
		               ? "has a host that is not ASCII; write it as "
		                 "an A-label, xn--"
		               : "is not ASCII; write other characters "
		                 "percent-encoded";
	}
	return NULL;
}

static bool bad_percent(const char *text)
{
	for (const char *at = strchr(text, '%'); at; at = strchr(at + 1, '%')) {
		if (!isxdigit((unsigned char)at[1]) ||
		    !isxdigit((unsigned char)at[2]))
			return true;
	}
	return false;
}

static bool bad_port(struct span port)
{
	CLEANUP(textp) char *digits = NULL;
	uint64_t value;

	if (!port.start)
		return false;
	digits = xstrndup(port.start, port.length);
	return parse_uint(digits, 65535, &value) < 0 || value == 0;
}

static bool bad_host(const struct uri *uri)
{
	const struct span host = uri->host;

	if (!host.length || host.start[0] == '.')
		return true;
	if (host.start[0] == '[')
		return host.start[host.length - 1] != ']';
	for (size_t i = 1; i < host.length; i++) {
		if (host.start[i] == '.' && host.start[i - 1] == '.')
			return true;
	}
	return false;
}

static const char *syntax(const struct lint_pass *pass,
                          const struct subject *subject)
{
	const struct uri *uri = subject->uri;
	const char *byte = bad_byte(uri);

	(void)pass;
	if (!*uri->text)
		return "is empty; write the whole URI, or remove the key";
	if (byte)
		return byte;
	if (!uri->scheme.start)
		return "has no scheme; write the whole URI, https://HOST/PATH";
	if (bad_percent(uri->text))
		return "has a % without two hexadecimal digits behind it; "
		       "write %25 for the character itself";
	if (uri_is_web(uri) && (!uri->host.start || bad_host(uri)))
		return "has no proper host; write https://HOST/PATH";
	if (bad_port(uri->port))
		return "has a port that is none; write 1 to 65535, or leave "
		       "it out with its colon";
	return NULL;
}

void check_redirect_syntax(struct lint_pass *pass)
{
	complain(pass, syntax);
}

static const char *fragment(const struct lint_pass *pass,
                            const struct subject *subject)
{
	(void)pass;
	return subject->uri->fragment.start
	               ? "has a fragment; remove what follows #"
	               : NULL;
}

void check_redirect_fragment(struct lint_pass *pass)
{
	complain(pass, fragment);
}

static const char *userinfo(const struct lint_pass *pass,
                            const struct subject *subject)
{
	(void)pass;
	return subject->uri->userinfo.start
	               ? "has a user name before its host; remove it with the @"
	               : NULL;
}

void check_redirect_userinfo(struct lint_pass *pass)
{
	complain(pass, userinfo);
}

/* ---- U2, U3, U4 ---- */

/* Loopback in production is rule E3's. */
static const char *plain_http(const struct lint_pass *pass,
                              const struct subject *subject)
{
	if (!span_is(subject->uri->scheme, "http"))
		return NULL;
	if (!uri_is_loopback(subject->uri))
		return "is not encrypted; write https";
	if (pass->kind == KIND_UNKNOWN)
		return "is a loopback address, but the environment's name "
		       "does not say that it is for development; write https "
		       "and the application's host";
	return NULL;
}

void check_redirect_http(struct lint_pass *pass)
{
	complain(pass, plain_http);
}

void check_redirect_localhost(struct lint_pass *pass)
{
	if (pass->kind == KIND_PRODUCTION || !pass->any_redirect)
		return;
	for (size_t i = 0; i < pass->count; i++) {
		const struct subject *subject = &pass->subjects[i];
		const struct profile *profile = subject->profile;

		if (subject->redirect_uri &&
		    span_is(subject->uri->host, "localhost") &&
		    !(profile && profile->addresses == ADDRESSES_NEVER))
			report(pass, about_field(subject, redirect_field),
			       "`%s` says `localhost`; write 127.0.0.1, which "
			       "cannot be resolved to anything else",
			       subject->redirect_uri);
	}
}
static const char *wildcard(const struct lint_pass *pass,
                            const struct subject *subject)
{
	(void)pass;
	return strpbrk(subject->redirect_uri, "*{}")
	               ? "is a pattern; write one URI without * and braces"
	               : NULL;
}

void check_redirect_wildcard(struct lint_pass *pass)
{
	complain(pass, wildcard);
}

/* ---- U6, U7, U8 ---- */

/* Length of `.` at `at`, also as %2e; 0 when there is none. */
static size_t dot_length(const char *at, size_t left)
{
	if (left && *at == '.')
		return 1;
	return left >= 3 && strncasecmp(at, "%2e", 3) == 0 ? 3 : 0;
}

static bool is_dot_segment(const char *at, size_t length)
{
	const size_t first = dot_length(at, length);

	return first &&
	       (first == length ||
	        first + dot_length(at + first, length - first) == length);
}

static const char *plain_path(const struct lint_pass *pass,
                              const struct subject *subject)
{
	const struct span path = subject->uri->path;
	const char *at = path.start, *end = path.start + path.length;

	(void)pass;
	if (strchr(subject->redirect_uri, '\\'))
		return "has a backslash; write /";
	while (at < end) {
		const char *segment = *at == '/' ? at + 1 : at;
		const char *next = segment;

		while (next < end && *next != '/')
			next++;
		if (is_dot_segment(segment, (size_t)(next - segment)))
			return "has a segment . or .. in its path; write the "
			       "path that is meant";
		if (next < end && next == segment)
			return "has an empty segment in its path; write one "
			       "slash";
		at = next;
	}
	return NULL;
}

void check_redirect_path(struct lint_pass *pass)
{
	complain(pass, plain_path);
}

static const char *scheme(const struct lint_pass *pass,
                          const struct subject *subject)
{
	static const char *const forbidden[] = { "data", "javascript",
		                                 "vbscript" };

	(void)pass;
	for (size_t i = 0; i < LENGTH(forbidden); i++) {
		if (span_is(subject->uri->scheme, forbidden[i]))
			return "would be executed by the browser; write an "
			       "https URI";
	}
	return NULL;
}

void check_redirect_scheme(struct lint_pass *pass)
{
	complain(pass, scheme);
}

static const char *private_scheme(const struct lint_pass *pass,
                                  const struct subject *subject)
{
	const struct span found = subject->uri->scheme;

	if (!found.start || uri_is_web(subject->uri) || scheme(pass, subject) ||
	    memchr(found.start, '.', found.length))
		return NULL;
	return "has a scheme that any app may claim; write a domain of yours "
	       "in reverse order, com.example.app:/PATH";
}

void check_redirect_private_scheme(struct lint_pass *pass)
{
	complain(pass, private_scheme);
}

static const char *reserved(const struct lint_pass *pass,
                            const struct subject *subject)
{
	static const char *const names[] = { "code", "response", "state" };
	const struct span query = subject->uri->query;
	const char *at = query.start, *end = query.start + query.length;

	(void)pass;
	while (at && at < end) {
		const char *next = memchr(at, '&', (size_t)(end - at));
		const size_t length = (size_t)((next ? next : end) - at);
		const char *equals = memchr(at, '=', length);
		const struct span name = { at, equals ? (size_t)(equals - at)
			                              : length };

		for (size_t i = 0; i < LENGTH(names); i++) {
			if (span_is(name, names[i]))
				return "has a parameter `code`, `response` or "
				       "`state`, which OAuth adds itself; give "
				       "yours another name";
		}
		at = next ? next + 1 : NULL;
	}
	return NULL;
}

void check_redirect_reserved(struct lint_pass *pass)
{
	complain(pass, reserved);
}

/* ---- U9 ---- */

static void report_callback(struct lint_pass *pass,
                            const struct subject *subject, const char *callback)
{
	const struct about about = about_field(subject, redirect_field);
	struct uri uri;
	unsigned difference;

	uri_parse(callback, &uri);
	difference = uri_difference(subject->uri, &uri, pass->arena);
	if (!difference) {
		report(pass, about,
		       "`%s` is not where the platform receives the code; "
		       "write `%s`",
		       subject->redirect_uri, callback);
		return;
	}
	report(pass, about,
	       "`%s` differs from the platform's callback only %s; did you "
	       "mean `%s`?",
	       subject->redirect_uri,
	       uri_difference_text(difference, pass->arena), callback);
}

void check_redirect_callback(struct lint_pass *pass)
{
	const char *callback = pass->environment->callback;

	for (size_t i = 0; callback && pass->any_redirect && i < pass->count;
	     i++) {
		const struct subject *subject = &pass->subjects[i];

		if (subject->redirect_uri &&
		    strcmp(subject->redirect_uri, callback) != 0)
			report_callback(pass, subject, callback);
	}
}

/* ---- U10 ---- */

static bool breaks_https(const struct subject *subject)
{
	const struct profile *profile = subject->profile;

	if (profile->https == HTTPS_UNSAID ||
	    span_is(subject->uri->scheme, "https"))
		return false;
	return profile->https == HTTPS_ALWAYS ||
	       !(span_is(subject->uri->scheme, "http") &&
	         uri_is_loopback(subject->uri));
}

static bool breaks_addresses(const struct subject *subject)
{
	const enum profile_addresses allowed = subject->profile->addresses;

	if (allowed == ADDRESSES_UNSAID || !uri_is_address(subject->uri))
		return false;
	return allowed == ADDRESSES_NEVER || !uri_is_loopback(subject->uri);
}

static void check_provider(struct lint_pass *pass,
                           const struct subject *subject)
{
	const struct profile *profile = subject->profile;
	const char *uri = subject->redirect_uri, *title = profile->title;

	if (profile->redirect_length && strlen(uri) > profile->redirect_length)
		report(pass, about_detail(subject, redirect_field, "length"),
		       "`%s` has %zu characters; %s takes at most %u", uri,
		       strlen(uri), title, profile->redirect_length);
	if (profile->redirect_forbidden &&
	    strpbrk(uri, profile->redirect_forbidden))
		report(pass,
		       about_detail(subject, redirect_field, "characters"),
		       "`%s` has one of the characters that %s does not take: "
		       "`%s`; choose another path",
		       uri, title, profile->redirect_forbidden);
	if (breaks_https(subject))
		report(pass, about_detail(subject, redirect_field, "https"),
		       "`%s` is not https, which %s wants%s", uri, title,
		       profile->https == HTTPS_ALWAYS
		               ? " everywhere; write https"
		               : "; write https, or http only for a loopback "
		                 "host");
	if (breaks_addresses(subject))
		report(pass, about_detail(subject, redirect_field, "address"),
		       "`%s` has an address as its host, which %s does not "
		       "take; write %s",
		       uri, title,
		       profile->addresses == ADDRESSES_NEVER
		               ? "a name, `localhost` in development"
		               : "a name");
}

void check_redirect_provider(struct lint_pass *pass)
{
	for (size_t i = 0; pass->any_redirect && i < pass->count; i++) {
		if (pass->subjects[i].redirect_uri && pass->subjects[i].profile)
			check_provider(pass, &pass->subjects[i]);
	}
}
