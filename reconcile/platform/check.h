/* SPDX-License-Identifier: MIT */
/*
 * What makes a binding contradict itself.
 *
 * The schema says what may be written, this says what must fit together: a
 * table of checks, each of which reports all it finds.
 */
#ifndef RECONCILE_PLATFORM_CHECK_H
#define RECONCILE_PLATFORM_CHECK_H

#include "platform/binding.h"

#include "schema/codes.h"

struct checker {
	const struct binding *binding;
	struct diag *diag;
	int result;
};

#define REFUSE(checker, place, ...)                                        \
	((checker)->result = diag_error((checker)->diag, CODE_BAD_BINDING, \
	                                (place), __VA_ARGS__))

typedef void operation_fn(struct checker *checker,
                          const struct operation *operation);

/* Creates and updates; and beside them every other call. */
void checker_each_write(struct checker *checker, operation_fn *check);
void checker_each(struct checker *checker, operation_fn *check);

/* check_calls.c */
void check_page_of(struct checker *checker, const struct page *page);
void check_url(struct checker *checker);
void check_headers(struct checker *checker);
void check_paths(struct checker *checker);
void check_parameters(struct checker *checker);
void check_page(struct checker *checker);

/* check_beside.c */
void check_enabling(struct checker *checker);
void check_counting(struct checker *checker);
void check_errors(struct checker *checker);

/* check_bodies.c */
void check_clashes(struct checker *checker);
void check_variants(struct checker *checker);
void check_words(struct checker *checker);
void check_created(struct checker *checker);
void check_updated(struct checker *checker);
void check_get(struct checker *checker);

/* check_reading.c */
void check_identity(struct checker *checker);
void check_secrets(struct checker *checker);
void check_immutable(struct checker *checker);
void check_filled(struct checker *checker);
void check_groups(struct checker *checker);

#endif
