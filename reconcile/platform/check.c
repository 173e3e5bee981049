/* SPDX-License-Identifier: MIT */
#include "platform/check.h"

#include "base/text.h"

void checker_each_write(struct checker *checker, operation_fn *check)
{
	const struct binding *binding = checker->binding;

	for (size_t i = 0; i < binding->creates.count; i++)
		check(checker, &binding->creates.items[i]);
	for (size_t i = 0; i < binding->updates.count; i++)
		check(checker, &binding->updates.items[i]);
}

void checker_each(struct checker *checker, operation_fn *check)
{
	const struct binding *binding = checker->binding;

	check(checker, &binding->list);
	if (binding->get.method)
		check(checker, &binding->get);
	checker_each_write(checker, check);
	if (binding->remove.method)
		check(checker, &binding->remove);
	if (binding->enabling.operation.method)
		check(checker, &binding->enabling.operation);
	if (binding->counting.operation.method)
		check(checker, &binding->counting.operation);
}

typedef void check_fn(struct checker *checker);

static check_fn *const checks[] = {
	check_url,      check_headers,   check_paths,    check_parameters,
	check_page,     check_clashes,   check_variants, check_words,
	check_created,  check_updated,   check_get,      check_identity,
	check_secrets,  check_immutable, check_filled,   check_groups,
	check_enabling, check_counting,  check_errors,
};

int binding_check(const struct binding *binding, struct diag *diag)
{
	struct checker checker = { binding, diag, 0 };

	for (size_t i = 0; i < LENGTH(checks); i++)
		checks[i](&checker);
	return checker.result;
}
