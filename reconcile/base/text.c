/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

bool str_starts(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

bool str_ends(const char *text, const char *end)
{
	size_t text_length = strlen(text), end_length = strlen(end);

	return end_length <= text_length &&
	       memcmp(text + text_length - end_length, end, end_length) == 0;
}

int str_compare(const char *a, const char *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

int parse_uint(const char *text, uint64_t max, uint64_t *value)
{
	uint64_t sum = 0;

	if (!*text)
		return -1;
	for (; *text; text++) {
		if (*text < '0' || *text > '9' ||
		    __builtin_mul_overflow(sum, 10, &sum) ||
		    __builtin_add_overflow(sum, (uint64_t)(*text - '0'), &sum))
			return -1;
	}
	if (sum > max)
		return -1;
	*value = sum;
	return 0;
}

/* Words to compare are the names of keys; longer ones are no typing error. */
enum { NEAREST_LENGTH = 64 };

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static bool same_letter(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Rows of the table of distances between the beginnings of two words. */
struct distances {
	size_t before_last[NEAREST_LENGTH + 1];
	size_t last[NEAREST_LENGTH + 1];
	size_t now[NEAREST_LENGTH + 1];
};

/* Returns the least of the row. */
static size_t fill_row(struct distances *rows, const char *a, size_t i,
                       const char *b)
{
	size_t nearest = i;

	rows->now[0] = i;
	for (size_t j = 1; b[j - 1]; j++) {
		bool same = same_letter(a[i - 1], b[j - 1]);
		size_t best = rows->last[j - 1] + !same;

		best = least(best, rows->last[j] + 1);
		best = least(best, rows->now[j - 1] + 1);
		if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) &&
		    same_letter(a[i - 2], b[j - 1]))
			best = least(best, rows->before_last[j - 2] + 1);
		rows->now[j] = best;
		nearest = least(nearest, best);
	}
	return nearest;
}

/* `limit` or more when they are at least that far apart: each row grows out of
 * the last by nothing or more, and out of the one before by one or more. */
static size_t distance(const char *a, const char *b, size_t limit)
{
	struct distances rows = { 0 };
	const size_t length = strlen(b);
	const size_t size = (length + 1) * sizeof(rows.now[0]);
	size_t before, nearest = 0;

	if (length > NEAREST_LENGTH)
		return SIZE_MAX;
	for (size_t j = 0; j <= length; j++)
		rows.now[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		memcpy(rows.before_last, rows.last, size);
		memcpy(rows.last, rows.now, size);
		before = nearest;
		nearest = fill_row(&rows, a, i, b);
		if (nearest >= limit && before + 1 >= limit)
			return limit;
	}
	return rows.now[length];
}

static size_t difference(size_t a, size_t b)
{
	return a > b ? a - b : b - a;
}

const char *text_nearest(const char *word, const char *const *candidates,
                         size_t count)
{
	const char *nearest = NULL;
	const size_t length = strlen(word);
	size_t best = length / 3 + 1;

	if (length > NEAREST_LENGTH)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		/* At least as many letters are too many or missing. */
		size_t away = difference(length, strlen(candidates[i]));

		if (away < best)
			away = distance(word, candidates[i], best);
		if (away < best) {
			best = away;
			nearest = candidates[i];
		}
	}
	return nearest;
}

static bool is_plain(char character)
{
	return character >= ' ' && character <= '~';
}

/* Eight bytes at once: a borrow or carry can only make a word of plain ones
 * look as if one were not. */
static bool is_plain_word(const char *bytes)
{
	const uint64_t each = UINT64_C(0x0101010101010101);
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return !(((word - each * ' ') | (word + each) | word) & each * 0x80);
}

size_t text_plain_length(const char *bytes, size_t length)
{
	size_t plain = 0;

	while (length - plain >= sizeof(uint64_t) &&
	       is_plain_word(bytes + plain))
		plain += sizeof(uint64_t);
	while (plain < length && is_plain(bytes[plain]))
		plain++;
	return plain;
}

/* What a first byte says of its character; anything else begins none. */
static const struct {
	unsigned char mask, first;
	unsigned length;
	uint32_t smallest;
} starts[] = {
	{ 0x80, 0x00, 1, 0 },
	{ 0xe0, 0xc0, 2, 0x80 },
	{ 0xf0, 0xe0, 3, 0x800 },
	{ 0xf8, 0xf0, 4, 0x10000 },
};

static size_t decode_rest(const unsigned char *bytes, size_t length, size_t row,
                          uint32_t *character)
{
	size_t needed = starts[row].length;
	uint32_t value = bytes[0] & (unsigned char)~starts[row].mask;

	if (needed > length)
		return 0;
	for (size_t i = 1; i < needed; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (bytes[i] & 0x3fU);
	}
	if (value < starts[row].smallest || value > 0x10ffff ||
	    (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*character = value;
	return needed;
}

/* The bytes of the first character, which is set; 0 when they are not UTF-8. */
static size_t decode(const char *text, size_t length, uint32_t *character)
{
	const unsigned char *bytes = (const unsigned char *)text;

	for (size_t i = 0; i < LENGTH(starts); i++) {
		if ((bytes[0] & starts[i].mask) == starts[i].first)
			return decode_rest(bytes, length, i, character);
	}
	return 0;
}

bool text_is_utf8(const char *bytes, size_t length)
{
	size_t i = text_plain_length(bytes, length);
	uint32_t character;

	while (i < length) {
		const size_t size = decode(bytes + i, length - i, &character);

		if (!size)
			return false;
		i += size;
		i += text_plain_length(bytes + i, length - i);
	}
	return true;
}

/* Characters that hide, or turn round, the text about them; sorted. */
static const struct {
	uint32_t first, last;
} unsafe[] = {
	{ 0x00, 0x1f },     { 0x7f, 0x9f },       { 0xad, 0xad },
	{ 0x61c, 0x61c },   { 0x180e, 0x180e },   { 0x200b, 0x200f },
	{ 0x2028, 0x202e }, { 0x2060, 0x2069 },   { 0xfeff, 0xfeff },
	{ 0xfff9, 0xfffb }, { 0xe0000, 0xe007f },
};

static bool is_safe(uint32_t character)
{
	if (character >= 0x20 && character < 0x7f)
		return true;
	for (size_t i = 0; i < LENGTH(unsafe); i++) {
		if (character <= unsafe[i].last)
			return character < unsafe[i].first;
	}
	return true;
}

static void write_escaped(FILE *out, uint32_t character)
{
	static const char letters[] = {
		['\n'] = 'n', ['\t'] = 't', ['\r'] = 'r'
	};

	if (character < sizeof(letters) && letters[character])
		fprintf(out, "\\%c", letters[character]);
	else if (character < 0x80)
		fprintf(out, "\\x%02x", (unsigned)character);
	else if (character < 0x10000)
		fprintf(out, "\\u%04x", (unsigned)character);
	else
		fprintf(out, "\\U%08x", (unsigned)character);
}

void text_write_safe(FILE *out, const char *bytes, size_t length)
{
	size_t written = 0;
	size_t i = text_plain_length(bytes, length);

	while (i < length) {
		uint32_t character = 0;
		const size_t size = decode(bytes + i, length - i, &character);

		if (!size || !is_safe(character)) {
			fwrite(bytes + written, 1, i - written, out);
			if (size)
				write_escaped(out, character);
			else
				fprintf(out, "\\x%02x",
				        (unsigned char)bytes[i]);
			written = i + (size ? size : 1);
		}
		i += size ? size : 1;
		i += text_plain_length(bytes + i, length - i);
	}
	fwrite(bytes + written, 1, i - written, out);
}

char *text_safe(const char *text)
{
	char *safe = NULL;
	size_t length = strlen(text);
	FILE *out;

	if (text_plain_length(text, length) == length)
		return xstrndup(text, length);
	out = xmemstream(&safe, &length);
	text_write_safe(out, text, strlen(text));
	(void)fclose(out);
	return safe;
}

void text_hex(char *out, const void *bytes, size_t length)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *from = bytes;

	for (size_t i = 0; i < length; i++) {
		*out++ = digits[from[i] >> 4];
		*out++ = digits[from[i] & 0xf];
	}
	*out = '\0';
}

char *text_base64(const char *bytes, size_t length)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	char *encoded = xmalloc((length + 2) / 3 * 4 + 1);
	char *out = encoded;

	for (size_t i = 0; i < length; i += 3) {
		uint32_t group = 0;

		for (size_t j = 0; j < 3; j++)
			group = group << 8 |
			        (i + j < length ? (unsigned char)bytes[i + j]
			                        : 0U);
		for (size_t j = 0; j < 4; j++)
			*out++ = i + j > length
			                 ? '='
			                 : digits[group >> (18 - 6 * j) & 63];
	}
	*out = '\0';
	return encoded;
}

/* The next character of UTF-8; a stray byte counts as one. */
static const char *next_character(const char *text)
{
	do
		text++;
	while ((*text & 0xc0) == 0x80);
	return text;
}

/* Where what follows a star can begin; NULL: nowhere. */
static const char *skip_to(const char *glob, const char *text)
{
	return *glob && *glob != '*' && *glob != '?' ? strchr(text, *glob)
	                                             : text;
}

bool text_glob(const char *glob, const char *text)
{
	const char *star = NULL, *star_text = NULL;

	while (*text) {
		if (*glob == '*') {
			star = ++glob;
			text = star_text = skip_to(star, text);
		} else if (*glob == '?') {
			glob++;
			text = next_character(text);
		} else if (*glob == *text) {
			glob++;
			text++;
		} else if (star) {
			glob = star;
			text = star_text = skip_to(star, star_text + 1);
		} else {
			return false;
		}
		if (!text)
			return false;
	}
	return glob[strspn(glob, "*")] == '\0';
}

static int compare_items(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool text_sorted_contains(const char *const *sorted, size_t count,
                          const char *text)
{
	return count &&
	       bsearch(&text, sorted, count, sizeof(*sorted), compare_items);
}
