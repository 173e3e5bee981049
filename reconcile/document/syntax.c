/* SPDX-License-Identifier: MIT */
#include "document/syntax.h"
#include "base/text.h"
#include "schema/codes.h"

#include <stdlib.h>
#include <string.h>

/* The beginning of what libyaml says, and what to do about it. */
static const struct {
	const char *problem, *advice;
} advices[] = {
	{ "mapping values are not allowed",
	  "put quotes around a text that holds `: `, or correct the "
	  "indentation" },
	{ "block sequence entries are not allowed",
	  "begin the list on the line below its key" },
	{ "did not find expected key",
	  "correct the indentation, or close the quote or bracket above" },
	{ "did not find expected '-'", "indent the items of a list alike" },
	{ "did not find expected ',' or ']'", "close the list with `]`" },
	{ "did not find expected ',' or '}'", "close the mapping with `}`" },
	{ "could not find expected ':'",
	  "write `key: value`, with a space behind the colon" },
	{ "found unexpected end of stream", "close the quote" },
	{ "found unexpected document indicator", "close the quote" },
	{ "found character that cannot start any token",
	  "put quotes around a text that begins with @, ` or %" },
	{ "found unknown escape character",
	  "write the text in single quotes, or `\\\\` for a backslash" },
	{ "found invalid Unicode character escape code",
	  "write the character itself; halves of a pair are not allowed" },
	{ "did not find expected alphabetic or numeric character",
	  "put quotes around a text that begins with * or &" },
	{ "found undefined tag handle",
	  "put quotes around a text that begins with !" },
	{ "did not find expected whitespace or line break",
	  "put quotes around a text that begins with !, * or &" },
	{ "found duplicate %", "remove the line that begins with %" },
	{ "found incompatible YAML document",
	  "remove the line that begins with %YAML" },
	{ "did not find expected <document start>",
	  "remove what stands before `---`, or correct the indentation" },
};

static const char *advice_for(const char *problem)
{
	for (size_t i = 0; i < LENGTH(advices); i++) {
		if (str_starts(problem, advices[i].problem))
			return advices[i].advice;
	}
	return "correct the line, or put the text in quotes";
}

struct place mark_place(const struct input *input, yaml_mark_t mark)
{
	return (struct place){
		.file = input->display,
		.line = (unsigned)mark.line + 1,
		.column = (unsigned)mark.column + 1,
	};
}

static struct place offset_place(const struct input *input, size_t offset)
{
	struct place place = { input->display, 1, 1 };

	for (size_t i = 0; i < offset && i < input->length; i++) {
		if (input->bytes[i] == '\n') {
			place.line++;
			place.column = 1;
		} else if ((input->bytes[i] & 0xc0) != 0x80) {
			place.column++;
		}
	}
	return place;
}

/* True when the parser stands before a tab that should be a space. */
static bool is_tab(const yaml_parser_t *yaml)
{
	return strstr(yaml->problem, "tab character") ||
	       (str_starts(yaml->problem, "found character that cannot") &&
	        yaml->buffer.pointer && *yaml->buffer.pointer == '\t');
}

static int report_reader(const struct input *input, const yaml_parser_t *yaml,
                         struct diag *diag)
{
	struct place place = offset_place(input, yaml->problem_offset);

	if (str_starts(yaml->problem, "control characters"))
		return diag_error(
			diag, CODE_YAML_ENCODING, place,
			"the control character U+%04X is not allowed "
			"in YAML; remove it, or write it as an escape "
			"in double quotes",
			(unsigned)yaml->problem_value);
	return diag_error(diag, CODE_YAML_ENCODING, place,
	                  "the byte 0x%02x is not UTF-8 here; save the file "
	                  "as UTF-8",
	                  (unsigned)yaml->problem_value & 0xffU);
}

/* An unclosed quote is found at the end of the file; it begins elsewhere. */
static bool is_unclosed(const yaml_parser_t *yaml)
{
	return yaml->context &&
	       str_starts(yaml->problem, "found unexpected end of stream");
}

static int report_problem(const struct input *input, const yaml_parser_t *yaml,
                          struct diag *diag)
{
	struct place place = mark_place(input, yaml->problem_mark);
	struct place context = mark_place(input, yaml->context_mark);

	if (is_tab(yaml))
		return diag_error(diag, CODE_YAML_TAB, place,
		                  "a tab stands where YAML wants spaces; "
		                  "indent with spaces");
	diag_error(diag, CODE_YAML_SYNTAX, is_unclosed(yaml) ? context : place,
	           "this is no YAML: %s; %s", yaml->problem,
	           advice_for(yaml->problem));
	if (yaml->context && !is_unclosed(yaml) && context.line != place.line)
		diag_note(diag, context, "%s that begins here", yaml->context);
	return -1;
}

int syntax_report(const struct input *input, const yaml_parser_t *yaml,
                  struct diag *diag)
{
	if (yaml->error == YAML_MEMORY_ERROR)
		out_of_memory();
	if (yaml->error == YAML_READER_ERROR)
		return report_reader(input, yaml, diag);
	return report_problem(input, yaml, diag);
}

int syntax_check_encoding(struct input *input, struct diag *diag)
{
	const unsigned char *bytes = (const unsigned char *)input->bytes;
	const char *nul;

	if (input->length >= 2 &&
	    ((bytes[0] == 0xff && bytes[1] == 0xfe) ||
	     (bytes[0] == 0xfe && bytes[1] == 0xff) || !bytes[0] != !bytes[1]))
		return diag_error(diag, CODE_YAML_ENCODING,
		                  (struct place){ input->display, 1, 1 },
		                  "the file is UTF-16; save it as UTF-8");
	if (input->length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
		input->bytes += 3;
		input->length -= 3;
	}
	nul = input->length ? memchr(input->bytes, 0, input->length) : NULL;
	if (!nul)
		return 0;
	return diag_error(diag, CODE_YAML_ENCODING,
	                  offset_place(input, (size_t)(nul - input->bytes)),
	                  "a NUL byte stands here, so this is no text; save "
	                  "the file as UTF-8 or name another");
}
