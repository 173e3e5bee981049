/* SPDX-License-Identifier: MIT */
/* Compiling a binding: what its parts share. */
#ifndef RECONCILE_PLATFORM_COMPILE_H
#define RECONCILE_PLATFORM_COMPILE_H

#include "platform/binding.h"

struct compiler {
	struct binding *binding;
	struct diag *diag;
	int result; /* -1 once something was reported */
};

struct place compiler_place(const struct compiler *compiler,
                            const struct node *node);
/* Zeroed, in the binding's arena. */
void *compiler_alloc(struct compiler *compiler, size_t count, size_t size)
	MUST_CHECK;
/* The pointer under `name`; one not given when there is none. */
struct pointer compiler_pointer(struct compiler *compiler,
                                const struct node *map, const char *name);
/* The node's JSON; the binding's. */
json_t *compiler_value(struct compiler *compiler, const struct node *node);
/* NULL after reporting. The binding's. */
struct pattern *compiler_pattern(struct compiler *compiler,
                                 const struct node *node);

/* What is understood where the binding says nothing. */
struct defaults {
	const char *method;
	const int *ok;
	size_t ok_count;
};

void compile_operation(struct compiler *compiler, const struct node *node,
                       const struct defaults *defaults, struct operation *out);
struct page compile_page(struct compiler *compiler, const struct node *node);

/* compile_calls.c: errors, and the calls beside those of the auth config. */
void compile_errors(struct compiler *compiler, const struct node *map,
                    struct errors *out);
void compile_enabling(struct compiler *compiler, const struct node *node);
void compile_counting(struct compiler *compiler, const struct node *node);

/* Of a body that is written, or an object that is read. */
struct mappings compile_writes(struct compiler *compiler,
                               const struct node *map);
struct mappings compile_reads(struct compiler *compiler,
                              const struct node *map);

#endif
