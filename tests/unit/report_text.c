/* SPDX-License-Identifier: MIT */
#include "report_text.h"

#include <string.h>

struct change *sample_update(struct sample *sample)
{
	struct change *change = sample_change(sample, CHANGE_UPDATE, "crm", 20);

	change->id = "id-1";
	return change;
}

void text_expect(const struct sample *sample, const char *text)
{
	CLEANUP(textp) char *found = sample_write(sample, "text");

	assert_string_equal(found, text);
}

char *text_middle(const struct sample *sample)
{
	CLEANUP(textp) char *whole = sample_write(sample, "text");
	const char *start = strstr(whole, TEXT_HEADING);
	const char *end = strstr(whole, "\nDigest: ");

	assert_non_null(start);
	assert_non_null(end);
	start += strlen(TEXT_HEADING);
	return xstrndup(start, (size_t)(end - start));
}

void text_expect_middle(const struct sample *sample, const char *text)
{
	CLEANUP(textp) char *found = text_middle(sample);

	assert_string_equal(found, text);
}

void text_expect_line(const struct sample *sample, const char *line)
{
	CLEANUP(textp) char *whole = sample_write(sample, "text");
	CLEANUP(textp) char *bounded = xasprintf("\n%s\n", line);

	if (!strstr(whole, bounded))
		fail_msg("no line `%s` in:\n%s", line, whole);
}
