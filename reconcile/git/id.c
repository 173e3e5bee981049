/* SPDX-License-Identifier: MIT */
#include "git/git.h"

#include <ctype.h>
#include <string.h>

int git_id_parse(const char *text, struct git_id *out)
{
	struct git_id id;

	for (size_t i = 0; i < GIT_HEX_SIZE - 1; i++) {
		if (!isxdigit((unsigned char)text[i]))
			return -1;
		id.hex[i] = (char)tolower((unsigned char)text[i]);
	}
	if (text[GIT_HEX_SIZE - 1])
		return -1;
	id.hex[GIT_HEX_SIZE - 1] = '\0';
	*out = id;
	return 0;
}
