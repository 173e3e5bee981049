/* SPDX-License-Identifier: MIT */
#include "document/plain_lines.h"

#include <stdint.h>
#include <string.h>

/* Of each byte one bit, and the bit that says that it is no ASCII. */
static const uint64_t each = UINT64_C(0x0101010101010101);
static const uint64_t high = UINT64_C(0x8080808080808080);

/* 0 where all bytes are printable ASCII. */
static uint64_t odd_bits(uint64_t word)
{
	const uint64_t rubout = word ^ each * 0x7f;

	return (word | ((word - each * 0x20) & ~word) |
	        ((rubout - each) & ~rubout)) &
	       high;
}

static bool is_printable(const char *at, const char *end)
{
	uint64_t odd = 0, word;

	for (; end - at >= (ptrdiff_t)sizeof(word); at += sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		odd |= odd_bits(word);
	}
	word = each * ' ';
	memcpy(&word, at, (size_t)(end - at));
	return !(odd | odd_bits(word));
}

/* The length of a character of several bytes which libyaml takes for nothing
 * but a character; 0: of none. */
static size_t wide_length(const char *at, const char *end)
{
	const unsigned char *bytes = (const unsigned char *)at;
	const size_t length = bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : 4;

	if (bytes[0] < 0xc3 || bytes[0] > 0xf3 || end - at < (ptrdiff_t)length)
		return 0;
	for (size_t i = 1; i < length; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
	}
	switch (bytes[0]) {
	case 0xe0: /* U+0800 and up */
		return bytes[1] >= 0xa0 ? length : 0;
	case 0xe2: /* but for the breaks U+2028 and U+2029 */
		return bytes[1] != 0x80 || bytes[2] < 0xa8 || bytes[2] > 0xa9
		               ? length
		               : 0;
	case 0xed: /* no surrogates */
		return bytes[1] < 0xa0 ? length : 0;
	case 0xef: /* nor a byte order mark, U+FFFE and U+FFFF */
		return bytes[1] < 0xbb ? length : 0;
	case 0xf0: /* U+10000 and up */
		return bytes[1] >= 0x90 ? length : 0;
	default:
		return length;
	}
}

/* True when all characters of a line are such that stand for themselves. */
static bool check_line(struct plain_lines *lines)
{
	const char *at = lines->start;

	lines->counted = at;
	lines->counted_column = 0;
	lines->wide = !is_printable(at, lines->limit);
	if (!lines->wide)
		return true;
	while (at < lines->limit) {
		const size_t length = *at >= 0x20 && *at < 0x7f
		                              ? 1
		                              : wide_length(at, lines->limit);

		if (!length)
			return false;
		at += length;
	}
	return true;
}

static void begin_line(struct plain_lines *lines)
{
	const size_t left = (size_t)(lines->end - lines->next);
	const char *line_end = memchr(lines->next, '\n', left);

	lines->start = lines->next;
	lines->at = lines->next;
	lines->limit = line_end ? line_end : lines->end;
	lines->next = line_end ? line_end + 1 : lines->end;
	lines->number++;
}

bool plain_lines_next(struct plain_lines *lines)
{
	while (lines->next < lines->end) {
		begin_line(lines);
		if (!check_line(lines))
			return false;
		plain_lines_skip_spaces(lines);
		lines->column = lines->at - lines->start;
		if (lines->at < lines->limit && *lines->at != '#')
			return true;
	}
	lines->at = lines->limit;
	lines->column = -1;
	return true;
}

size_t plain_lines_column(struct plain_lines *lines, const char *at)
{
	if (!lines->wide)
		return (size_t)(at - lines->start);
	if (at < lines->counted) {
		lines->counted = lines->start;
		lines->counted_column = 0;
	}
	for (; lines->counted < at; lines->counted++)
		lines->counted_column += (*lines->counted & 0xc0) != 0x80;
	return lines->counted_column;
}
