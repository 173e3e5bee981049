/* SPDX-License-Identifier: MIT */
#include "base/mem.h"

#include <stdint.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { STREAM_BYTES = 256 };

_Noreturn void out_of_memory(void)
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

/* The heap grows from what is given out first. Where it does not, there is
 * nothing mapped, or nothing that would mind. */
void heap_prefer_huge(size_t size)
{
	char *first = xmalloc(1);
	char *at = first + (-(uintptr_t)first & (HUGE - 1));

	(void)madvise(at, size, MADV_HUGEPAGE);
	free(first);
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

/* ---- streams into memory ---- */

/*
 * open_memstream() cannot say that it ran out of memory: the text would be cut
 * short or missing where nobody looks. So these grow by our own functions.
 */
struct stream {
	char **text;
	size_t *length, used, capacity;
};

static ssize_t stream_write(void *cookie, const char *bytes, size_t count)
{
	struct stream *stream = cookie;
	const size_t needed = stream->used + count + 1;

	if (needed > stream->capacity) {
		while (stream->capacity < needed)
			stream->capacity *= 2;
		*stream->text =
			xreallocarray(*stream->text, stream->capacity, 1);
	}
	memcpy(*stream->text + stream->used, bytes, count);
	stream->used += count;
	(*stream->text)[stream->used] = '\0';
	*stream->length = stream->used;
	return (ssize_t)count;
}

/* rewind() alone: the text begins anew. */
static int stream_seek(void *cookie, off64_t *offset, int whence)
{
	struct stream *stream = cookie;

	if (whence != SEEK_SET || *offset != 0)
		return -1;
	stream->used = 0;
	*stream->length = 0;
	(*stream->text)[0] = '\0';
	return 0;
}

static int stream_close(void *cookie)
{
	free(cookie);
	return 0;
}

FILE *xmemstream(char **text, size_t *length)
{
	static const cookie_io_functions_t functions = {
		.write = stream_write,
		.seek = stream_seek,
		.close = stream_close,
	};
	struct stream *stream = xmalloc(sizeof(*stream));
	FILE *file;

	*stream = (struct stream){ text, length, 0, STREAM_BYTES };
	*text = xcalloc(1, STREAM_BYTES);
	*length = 0;
	file = fopencookie(stream, "w", functions);
	if (!file)
		out_of_memory();
	/* Only its maker knows it: to lock it for each word is in vain. */
	(void)__fsetlocking(file, FSETLOCKING_BYCALLER);
	return file;
}
