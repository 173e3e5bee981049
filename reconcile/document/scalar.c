/* SPDX-License-Identifier: MIT */
/* What the core schema of YAML 1.2 (10.3.2) makes of a plain scalar. */
#include "base/text.h"
#include "document/document.h"

#include <ctype.h>
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char decimals[] = "0123456789";

struct word {
	const char *text;
	enum scalar_kind kind;
};

static const struct word words[] = {
	{ "", SCALAR_NULL },         { "~", SCALAR_NULL },
	{ "null", SCALAR_NULL },     { "Null", SCALAR_NULL },
	{ "NULL", SCALAR_NULL },     { "true", SCALAR_BOOLEAN },
	{ "True", SCALAR_BOOLEAN },  { "TRUE", SCALAR_BOOLEAN },
	{ "false", SCALAR_BOOLEAN }, { "False", SCALAR_BOOLEAN },
	{ "FALSE", SCALAR_BOOLEAN }, { ".nan", SCALAR_FLOAT },
	{ ".NaN", SCALAR_FLOAT },    { ".NAN", SCALAR_FLOAT },
	{ ".inf", SCALAR_FLOAT },    { ".Inf", SCALAR_FLOAT },
	{ ".INF", SCALAR_FLOAT },    { "+.inf", SCALAR_FLOAT },
	{ "+.Inf", SCALAR_FLOAT },   { "+.INF", SCALAR_FLOAT },
	{ "-.inf", SCALAR_FLOAT },   { "-.Inf", SCALAR_FLOAT },
	{ "-.INF", SCALAR_FLOAT },
};

enum { LONGEST_WORD = 5 };

static enum scalar_kind word_kind(const struct node *node)
{
	/* Its end is one of them: "" is a word as well. */
	static const char firsts[] = "~nNtTfF.+-";

	if (!memchr(firsts, node->text[0], sizeof(firsts)))
		return SCALAR_STRING;
	for (size_t i = 0; i < LENGTH(words); i++) {
		if (str_equal(words[i].text, node->text))
			return words[i].kind;
	}
	return SCALAR_STRING;
}

static bool is_based(const char *text)
{
	if (str_starts(text, "0x"))
		return text[2] && !text[2 + strspn(text + 2, "0123456789"
		                                             "abcdefABCDEF")];
	return str_starts(text, "0o") && text[2] &&
	       !text[2 + strspn(text + 2, "01234567")];
}

/* Behind the exponent of a number, if one stands there. */
static const char *skip_exponent(const char *text)
{
	if (*text != 'e' && *text != 'E')
		return text;

	const char *digits = text + 1 + (text[1] == '-' || text[1] == '+');
	size_t count = strspn(digits, decimals);

	return count ? digits + count : text;
}

/* [-+]? ( \.[0-9]+ | [0-9]+ (\.[0-9]*)? ) ([eE][-+]?[0-9]+)? */
static enum scalar_kind number_kind(const char *text)
{
	const char *start = text + (*text == '-' || *text == '+');
	size_t whole = strspn(start, decimals);
	const char *at = start + whole;
	size_t fraction = 0;

	if (whole && !*at)
		return SCALAR_INTEGER;
	if (*at == '.') {
		fraction = strspn(at + 1, decimals);
		at += 1 + fraction;
	}
	if (!whole && !fraction)
		return SCALAR_STRING;
	return *skip_exponent(at) ? SCALAR_STRING : SCALAR_FLOAT;
}

/* True for what can begin a number; most texts begin with something else. */
static bool begins_number(char first)
{
	return (first >= '0' && first <= '9') || first == '-' || first == '+' ||
	       first == '.';
}

enum scalar_kind node_scalar(const struct node *node)
{
	enum scalar_kind kind = SCALAR_STRING;

	if (node->type != NODE_SCALAR || node->style != NODE_PLAIN)
		return SCALAR_STRING;
	if (node->length <= LONGEST_WORD)
		kind = word_kind(node);
	if (kind != SCALAR_STRING || !begins_number(node->text[0]))
		return kind;
	return is_based(node->text) ? SCALAR_INTEGER : number_kind(node->text);
}

bool node_is_null(const struct node *node)
{
	return node->type == NODE_SCALAR && node_scalar(node) == SCALAR_NULL;
}

bool node_boolean(const struct node *node, bool fallback)
{
	if (!node || node_scalar(node) != SCALAR_BOOLEAN)
		return fallback;
	return node->text[0] == 't' || node->text[0] == 'T';
}

/* strtod() that always wants a point. */
static double parse_double(const char *text)
{
	locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	double value;

	if (!plain)
		out_of_memory();
	value = strtod_l(text, NULL, plain);
	freelocale(plain);
	return value;
}

static double parse_float(const char *text)
{
	const char *letters = text + strcspn(text, "iInN");

	if (*letters == 'n' || *letters == 'N')
		return (double)NAN;
	if (*letters)
		return text[0] == '-' ? -(double)INFINITY : (double)INFINITY;
	return parse_double(text);
}

double node_number(const struct node *node)
{
	enum scalar_kind kind = node_scalar(node);

	if (kind == SCALAR_FLOAT)
		return parse_float(node->text);
	if (kind != SCALAR_INTEGER)
		return (double)NAN;
	if (str_starts(node->text, "0o")) {
		uint64_t value = strtoull(node->text + 2, NULL, 8);

		return (double)value;
	}
	return parse_double(node->text); /* also reads 0x */
}

static int parse_integer(const char *text, int64_t *value)
{
	int base = 10;
	char *end;

	if (str_starts(text, "0x"))
		base = 16;
	else if (str_starts(text, "0o"))
		base = 8;
	errno = 0;
	*value = strtoll(text + (base == 10 ? 0 : 2), &end, base);
	return errno || *end ? -1 : 0;
}

int64_t node_integer(const struct node *node, int64_t fallback)
{
	enum scalar_kind kind = node ? node_scalar(node) : SCALAR_STRING;
	int64_t value;

	if (kind == SCALAR_INTEGER)
		return parse_integer(node->text, &value) < 0 ? fallback : value;
	if (kind != SCALAR_FLOAT)
		return fallback;

	double number = node_number(node);

	/* `1e3` and `2.0` are integers too, to JSON Schema. */
	if (!(fabs(number) < 0x1p53))
		return fallback;
	value = (int64_t)number;
	return fabs(number - (double)value) > 0 ? fallback : value;
}
