/* SPDX-License-Identifier: MIT */
#include "run/init.h"

#include "base/text.h"

#include <stdio.h>

char *init_fill(const char *template, const struct filling_word *words,
                size_t count)
{
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	while (*template) {
		size_t i = 0;

		while (i < count && !str_starts(template, words[i].word))
			i++;
		if (i == count) {
			fputc(*template ++, out);
			continue;
		}
		fputs(words[i].text, out);
		template += strlen(words[i].word);
	}
	(void)fclose(out);
	return text;
}
