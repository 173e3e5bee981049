/* SPDX-License-Identifier: MIT */
#include "base/wiping.h"

#include <malloc.h>

void *wiping_malloc(size_t size)
{
	return xmalloc(size);
}

void *wiping_calloc(size_t count, size_t size)
{
	return xcalloc(count, size);
}

/* By hand: realloc() would leave the old bytes where they were. */
void *wiping_realloc(void *old, size_t size)
{
	const size_t kept = old ? malloc_usable_size(old) : 0;
	void *memory = xmalloc(size);

	if (old)
		memcpy(memory, old, kept < size ? kept : size);
	wiping_free(old);
	return memory;
}

char *wiping_strdup(const char *text)
{
	return xstrdup(text);
}

void wiping_free(void *memory)
{
	if (!memory)
		return;
	explicit_bzero(memory, malloc_usable_size(memory));
	free(memory);
}
