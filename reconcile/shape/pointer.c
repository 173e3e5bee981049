/* SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "shape/compile.h"

#include <stdlib.h>
#include <string.h>

static int hex_digit(char digit)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *at = digit ? strchr(digits, digit) : NULL;

	return at ? (int)((at - digits) % 16) : -1;
}

/* One part of a JSON pointer in a URL fragment: %25, ~0 and ~1 decoded. */
static char *decode_part(const char *part, size_t length)
{
	char *text = xmalloc(length + 1), *to = text;

	for (size_t i = 0; i < length; i++) {
		char next = i + 1 < length ? part[i + 1] : '\0';
		int low = i + 2 < length ? hex_digit(part[i + 2]) : -1;

		*to = part[i];
		if (part[i] == '~' && (next == '0' || next == '1')) {
			*to = next == '0' ? '~' : '/';
			i++;
		} else if (part[i] == '%' && hex_digit(next) >= 0 && low >= 0) {
			*to = (char)(hex_digit(next) * 16 + low);
			i += 2;
		}
		to++;
	}
	*to = '\0';
	return text;
}

static const struct node *enter(const struct node *node, const char *part)
{
	uint64_t index;

	if (node->type != NODE_SEQUENCE)
		return node_get(node, part);
	if (parse_uint(part, node->count, &index) < 0 || index >= node->count)
		return NULL;
	return node_item(node, index);
}

const struct node *shape_pointer(const struct node *root, const char *pointer)
{
	const struct node *node = root;

	while (node && *pointer == '/') {
		size_t length = strcspn(++pointer, "/");
		CLEANUP(textp) char *part = decode_part(pointer, length);

		node = enter(node, part);
		pointer += length;
	}
	return *pointer ? NULL : node;
}
