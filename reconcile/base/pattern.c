/* SPDX-License-Identifier: MIT */
#include "base/pattern.h"
#include "base/limits.h"
#include "base/runs.h"
#include "schema/codes.h"

#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

struct pattern {
	struct runs *runs; /* or NULL */
	pcre2_code *code;
	pcre2_match_context *context;
	pcre2_match_data *match; /* scratch; kept, as it is 20 KiB */
};

/* What ECMAScript does and Perl does not. */
static const uint32_t options = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY |
                                PCRE2_ALT_BSUX | PCRE2_ALLOW_EMPTY_CLASS |
                                PCRE2_MATCH_UNSET_BACKREF |
                                PCRE2_NEVER_BACKSLASH_C;

struct pattern *pattern_new(const char *expression, struct place place,
                            struct diag *diag)
{
	int error;
	size_t at;
	pcre2_code *code =
		pcre2_compile((PCRE2_SPTR)expression, PCRE2_ZERO_TERMINATED,
	                      options, &error, &at, NULL);

	if (!code && error == PCRE2_ERROR_HEAP_FAILED)
		out_of_memory();
	if (!code) {
		unsigned char why[128] = "";

		(void)pcre2_get_error_message(error, why, sizeof(why));
		diag_error(diag, CODE_BAD_PATTERN, place,
		           "`%s` is no regular expression: %s at character "
		           "%zu; correct it there",
		           expression, (const char *)why, at + 1);
		return NULL;
	}

	struct pattern *pattern = xcalloc(1, sizeof(*pattern));

	pattern->runs = runs_new(expression);
	pattern->code = code;
	pattern->context = pcre2_match_context_create(NULL);
	pattern->match = pcre2_match_data_create(1, NULL);
	if (!pattern->context || !pattern->match)
		out_of_memory();
	pcre2_set_match_limit(pattern->context, LIMIT_PATTERN_STEPS);
	return pattern;
}

void pattern_free(struct pattern *pattern)
{
	if (!pattern)
		return;
	runs_free(pattern->runs);
	pcre2_match_data_free(pattern->match);
	pcre2_match_context_free(pattern->context);
	pcre2_code_free(pattern->code);
	free(pattern);
}

bool pattern_matches(const struct pattern *pattern, const char *text,
                     size_t length)
{
	int found;

	if (pattern->runs)
		return runs_match(pattern->runs, text, length);
	found = pcre2_match(pattern->code, (PCRE2_SPTR)text, length, 0, 0,
	                    pattern->match, pattern->context);
	if (found == PCRE2_ERROR_NOMEMORY)
		out_of_memory();
	return found >= 0;
}
