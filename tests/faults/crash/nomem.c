/* SPDX-License-Identifier: MIT */
/*
 * nomem: to be preloaded; the Nth allocation of a program fails, and with
 * NOMEM_LASTING all after it, too.
 *
 *     NOMEM_AT=N        which one; 0 or none: none
 *     NOMEM_COUNT=FILE  appends how many there were, at the end
 *
 * glibc's own functions are called by their other names, so that nothing has
 * to be looked up by a call that allocates.
 */
#include "base/mem.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

/* Not const as nothing else can hand it to malloc(). */
static struct {
	atomic_ulong count;
	unsigned long at;
	int lasting;
} nomem;

static int fails(void)
{
	const unsigned long number = atomic_fetch_add(&nomem.count, 1) + 1;

	if (!nomem.at || number < nomem.at ||
	    (number > nomem.at && !nomem.lasting))
		return 0;
	errno = ENOMEM;
	return 1;
}

EXPORT void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

EXPORT void *calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

EXPORT void *realloc(void *old, size_t size)
{
	return fails() ? NULL : __libc_realloc(old, size);
}

__attribute__((constructor)) static void begin(void)
{
	const char *at = getenv("NOMEM_AT");

	nomem.lasting = getenv("NOMEM_LASTING") != NULL;
	nomem.at = at ? strtoul(at, NULL, 10) : 0;
	atomic_store(&nomem.count, 0);
}

__attribute__((destructor)) static void end(void)
{
	const char *path = getenv("NOMEM_COUNT");
	const unsigned long count = atomic_load(&nomem.count);
	FILE *file;

	nomem.at = 0;
	file = path ? fopen(path, "ae") : NULL;
	if (!file)
		return;
	fprintf(file, "%lu\n", count);
	(void)fclose(file);
}
