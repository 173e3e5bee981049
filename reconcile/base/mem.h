/* SPDX-License-Identifier: MIT */
/*
 * Memory: allocation that cannot fail, ownership that cannot be forgotten.
 *
 * Running out of memory ends the process (exit 1, a line on stderr), so nobody
 * checks for NULL. A local that owns something says so with CLEANUP() and is
 * freed on every way out; TAKE() hands it on.
 *
 *     CLEANUP(textp) char *name = xasprintf("%s.db", environment);
 *     if (open_ledger(name, diag) < 0)
 *             return NULL;
 *     return TAKE(name);
 */
#ifndef RECONCILE_BASE_MEM_H
#define RECONCILE_BASE_MEM_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#define CLEANUP(function) __attribute__((cleanup(function)))
#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(at, first) __attribute__((format(printf, at, first)))
#define EXPORT __attribute__((visibility("default")))

/* thing_freep() for CLEANUP() of a `struct thing *`, from thing_free(). */
#define DEFINE_CLEANUP(thing)                                    \
	static inline void thing##_freep(struct thing **pointer) \
	{                                                        \
		thing##_free(*pointer);                          \
	}

/* The pointer's value; the variable is left NULL, so it frees nothing. */
#define TAKE(pointer)                                   \
	__extension__({                                 \
		__typeof__(pointer) taken_ = (pointer); \
		(pointer) = NULL;                       \
		taken_;                                 \
	})

/* What ends the process; for a library that says so by its own words. */
_Noreturn void out_of_memory(void);

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

void *xmalloc(size_t size) MUST_CHECK __attribute__((malloc));
/* As xmalloc(); of huge pages as far as it fills them and the system has any:
 * for what is large and filled at once, where faulting in small ones costs more
 * than filling them. */
void *xmalloc_huge(size_t size) MUST_CHECK __attribute__((malloc));
/* The next `size` bytes of malloc()'s heap are to be huge pages, where it grows
 * on without holes, as mimalloc's does: a hint. Before much is allocated. */
void heap_prefer_huge(size_t size);
void *xcalloc(size_t count, size_t size) MUST_CHECK __attribute__((malloc));
void *xreallocarray(void *old, size_t count, size_t size) MUST_CHECK;
char *xstrdup(const char *text) MUST_CHECK;
char *xstrndup(const char *text, size_t length) MUST_CHECK;
char *xasprintf(const char *format, ...) MUST_CHECK PRINTF_LIKE(1, 2);
char *xvasprintf(const char *format, va_list arguments)
	MUST_CHECK PRINTF_LIKE(1, 0);

/*
 * Room for one more in a growing array: returns `items`, moved when needed.
 * `*capacity` counts items and is updated.
 */
void *xgrow(void *items, size_t count, size_t *capacity, size_t item_size)
	MUST_CHECK;

/* For CLEANUP(): free(), fclose() and close() of what a local holds. */
void textp(char **text);
void filep(FILE **file);
void fdp(int *fd);

/* A stream into memory; the text is whole, and the caller's, after fclose(). */
FILE *xmemstream(char **text, size_t *length) MUST_CHECK;

#endif
