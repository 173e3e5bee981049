/* SPDX-License-Identifier: MIT */
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

_Noreturn static void out_of_memory(void)
{
	static const char line[] = "trueup: out of memory\n";

	(void)!write(STDERR_FILENO, line, sizeof(line) - 1);
	_exit(1);
}

static void *alive(void *pointer)
{
	if (!pointer)
		out_of_memory();
	return pointer;
}

void *xmalloc(size_t size)
{
	return alive(malloc(size ? size : 1));
}

enum { HUGE = 2 << 20 };

void *xmalloc_huge(size_t size)
{
	void *room = NULL;

	if (size < HUGE)
		return xmalloc(size);
	if (posix_memalign(&room, HUGE, size))
		out_of_memory();
	(void)madvise(room, size & ~((size_t)HUGE - 1), MADV_HUGEPAGE);
	return room;
}

void *xcalloc(size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total))
		out_of_memory();
	return alive(calloc(1, total ? total : 1));
}

void *xreallocarray(void *old, size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total))
		out_of_memory();
	return alive(realloc(old, total ? total : 1));
}

char *xstrdup(const char *text)
{
	return alive(strdup(text));
}

char *xstrndup(const char *text, size_t length)
{
	return alive(strndup(text, length));
}

char *xvasprintf(const char *format, va_list arguments)
{
	char *text = NULL;

	if (vasprintf(&text, format, arguments) < 0)
		out_of_memory();
	return alive(text);
}

char *xasprintf(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	char *text = xvasprintf(format, arguments);
	va_end(arguments);
	return text;
}

void *xgrow(void *items, size_t count, size_t *capacity, size_t item_size)
{
	if (count < *capacity)
		return items;
	if (__builtin_mul_overflow(*capacity, (size_t)2, capacity))
		out_of_memory();
	if (*capacity <= count)
		*capacity = count + 8;
	return xreallocarray(items, *capacity, item_size);
}

void textp(char **text)
{
	free(*text);
}

void filep(FILE **file)
{
	if (*file)
		(void)fclose(*file);
}

void fdp(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
}

FILE *xmemstream(char **text, size_t *length)
{
	FILE *stream = open_memstream(text, length);

	if (!stream)
		out_of_memory();
	return stream;
}
