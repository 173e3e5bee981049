/* SPDX-License-Identifier: MIT */
#include "report/slate.h"

#include "base/mem.h"

#include <stdint.h>
#include <stdio_ext.h>
#include <stdlib.h>

enum { SLATE_FIRST = 256, SLATE_PASSED = 16 << 10 };

void slate_grow(struct slate *slate, size_t length)
{
	size_t needed;

	if (__builtin_add_overflow(slate->length + 1, length, &needed))
		needed = SIZE_MAX; /* which xreallocarray() refuses */
	if (!slate->capacity)
		slate->capacity = SLATE_FIRST;
	while (slate->capacity < needed && slate->capacity <= SIZE_MAX / 2)
		slate->capacity *= 2;
	slate->bytes = xreallocarray(slate->bytes, slate->capacity, 1);
}

static ssize_t write_stream(void *cookie, const char *bytes, size_t count)
{
	struct slate *slate = cookie;

	slate_bytes(slate, bytes, count);
	slate->streamed = true;
	return (ssize_t)count;
}

FILE *slate_stream(struct slate *slate)
{
	static const cookie_io_functions_t functions = {
		.write = write_stream,
	};

	if (slate->stream)
		return slate->stream;
	slate->stream = fopencookie(slate, "w", functions);
	if (!slate->stream)
		out_of_memory();
	(void)setvbuf(slate->stream, NULL, _IONBF, 0);
	(void)__fsetlocking(slate->stream, FSETLOCKING_BYCALLER);
	return slate->stream;
}

static void empty(struct slate *slate, FILE *out)
{
	fwrite(slate->bytes, 1, slate->length, out);
	slate->length = 0;
}

void slate_pass(struct slate *slate, FILE *out)
{
	if (slate->length >= SLATE_PASSED)
		empty(slate, out);
}

void slate_end(struct slate *slate, FILE *out)
{
	if (slate->length)
		empty(slate, out);
	slate_release(slate);
}

void slate_release(struct slate *slate)
{
	if (slate->stream)
		(void)fclose(slate->stream);
	free(slate->bytes);
	*slate = (struct slate){ .bytes = NULL };
}
