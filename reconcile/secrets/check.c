/* SPDX-License-Identifier: MIT */
#include "secrets/check.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

static const char mask[] = "it is a mask, not the secret; set the real value";
static const char placeholder[] =
	"it is a placeholder, not the secret; set the real value";
static const char ciphertext[] =
	"it is still encrypted; decrypt it before trueup runs";
static const char unfilled[] =
	"it is a template that was not filled in; set the real value";

/* ---- ways to match ---- */

static bool is_word(const char *value, const char *word)
{
	return strcasecmp(value, word) == 0;
}

static bool begins(const char *value, const char *start)
{
	return strncasecmp(value, start, strlen(start)) == 0;
}

static bool ends(const char *value, const char *end)
{
	return str_ends(value, end);
}

/* `part` begins with no letter. */
static bool holds(const char *value, const char *part)
{
	const size_t length = strlen(part);
	const char *at = value;

	while ((at = strchr(at, part[0]))) {
		if (strncasecmp(at, part, length) == 0)
			return true;
		at++;
	}
	return false;
}

/* Nothing but one character, of any case, at least as often as in `run`. */
static bool is_run(const char *value, const char *run)
{
	const char both[] = { run[0], (char)(run[0] & ~0x20), '\0' };
	const char *set = run[0] >= 'a' && run[0] <= 'z' ? both : run;
	size_t length = strspn(value, set);

	return length >= strlen(run) && !value[length];
}

/* "<secret>": begins and ends with these two. */
static bool is_between(const char *value, const char *pair)
{
	size_t half = strlen(pair) / 2, length = strlen(value);

	return length >= 2 * half && strncmp(value, pair, half) == 0 &&
	       strcmp(value + length - half, pair + half) == 0;
}

/* "abcd...": a few characters of it, then dots. */
static bool is_cut(const char *value, const char *dots)
{
	enum { SHOWN = 12 };

	return ends(value, dots) && strlen(value) <= SHOWN + strlen(dots);
}

struct pattern_row {
	bool (*matches)(const char *value, const char *text);
	const char *text; /* begins in lower case */
	const char *mistake;
};

static const struct pattern_row ends_rows[] = {
	{ ends, "***", mask },
	{ is_cut, "...", mask },
};

static const struct pattern_row begins_rows[] = {
	{ is_run, "*", mask },
	{ begins, "***", mask },
	{ is_run, "xxx", mask },
	{ is_run, "...", mask },
	{ is_run, "---", mask },
	{ is_word, "redacted", mask },
	{ is_word, "[redacted]", mask },
	{ is_word, "(redacted)", mask },
	{ is_word, "masked", mask },
	{ is_word, "[masked]", mask },
	{ is_word, "hidden", mask },
	{ is_word, "sensitive", mask },
	{ is_word, "(sensitive value)", mask },
	{ is_between, "<>", placeholder },
	{ begins, "changeme", placeholder },
	{ begins, "change-me", placeholder },
	{ begins, "change_me", placeholder },
	{ begins, "change me", placeholder },
	{ begins, "replaceme", placeholder },
	{ begins, "replace-me", placeholder },
	{ begins, "replace_me", placeholder },
	{ begins, "your-", placeholder },
	{ begins, "your_", placeholder },
	{ begins, "your ", placeholder },
	{ is_word, "placeholder", placeholder },
	{ is_word, "example", placeholder },
	{ is_word, "secret", placeholder },
	{ is_word, "clientsecret", placeholder },
	{ is_word, "client-secret", placeholder },
	{ is_word, "client_secret", placeholder },
	{ is_word, "todo", placeholder },
	{ is_word, "tbd", placeholder },
	{ is_word, "dummy", placeholder },
	{ is_word, "none", placeholder },
	{ is_word, "null", placeholder },
	{ is_word, "nil", placeholder },
	{ is_word, "undefined", placeholder },
	{ begins, "${", unfilled },
	{ begins, "$(", unfilled },
	{ is_between, "{{}}", unfilled },
	{ is_between, "%%", unfilled },
	{ begins, "enc[", ciphertext },
	{ begins, "$ANSIBLE_VAULT;", ciphertext },
	{ begins, "vault:v", ciphertext },
	{ begins, "age-encryption.org/", ciphertext },
};

static const struct pattern_row holds_rows[] = {
	{ holds, "-----BEGIN AGE ENCRYPTED FILE", ciphertext },
	{ holds, "-----BEGIN PGP MESSAGE", ciphertext },
};

/* ---- characters ---- */

static bool is_white(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* RFC 6749, appendix A.2: VSCHAR. */
static bool is_visible(char c)
{
	return c >= ' ' && c <= '~';
}

/* RFC 7468: lines between a BEGIN and an END line. */
static bool is_pem(const char *bytes)
{
	return str_starts(bytes, "-----BEGIN ") &&
	       strstr(bytes, "\n-----END ") && str_ends(bytes, "-----");
}

static const char *wrong_character(const char *bytes, size_t length)
{
	const size_t plain = text_plain_length(bytes, length);
	const bool pem = plain < length && is_pem(bytes);

	for (size_t i = plain; i < length; i++) {
		const bool line_end =
			bytes[i] == '\n' ||
			(bytes[i] == '\r' && bytes[i + 1] == '\n');

		if (is_visible(bytes[i]) || (pem && line_end))
			continue;
		if (line_end)
			return "it has several lines and is no PEM block; "
			       "give the one that is meant";
		return "it holds a character that is not printable ASCII; "
		       "look for one that was pasted along";
	}
	return NULL;
}

/* ---- all of them ---- */

static char lower(char letter)
{
	return letter >= 'A' && letter <= 'Z' ? (char)(letter | 0x20) : letter;
}

/* `first`: what a row must begin with; NUL: anything. */
static const char *find_pattern(const struct pattern_row *rows, size_t count,
                                const char *value, char first)
{
	for (size_t i = 0; i < count; i++) {
		if ((!first || rows[i].text[0] == first) &&
		    rows[i].matches(value, rows[i].text))
			return rows[i].mistake;
	}
	return NULL;
}

/* Nearly all rows say how a value begins, which rules nearly all of them out
 * at once: a secret is looked at each time it is resolved. */
static const char *stand_in(const char *value)
{
	const char *mistake =
		find_pattern(ends_rows, LENGTH(ends_rows), value, '\0');

	if (!mistake)
		mistake = find_pattern(begins_rows, LENGTH(begins_rows), value,
		                       lower(value[0]));
	if (!mistake)
		mistake = find_pattern(holds_rows, LENGTH(holds_rows), value,
		                       '\0');
	return mistake;
}

const char *secret_mistake(const char *bytes, size_t length)
{
	const char *mistake;

	if (!length)
		return "it is empty; set it, or unset it altogether";
	if (is_white(bytes[0]) || is_white(bytes[length - 1]))
		return "white space stands at its beginning or end; remove it";
	mistake = stand_in(bytes);
	return mistake ? mistake : wrong_character(bytes, length);
}
