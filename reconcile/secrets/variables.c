/* SPDX-License-Identifier: MIT */
#include "secrets/secrets.h"

#include <stdlib.h>
#include <string.h>

struct variable {
	const char *entry; /* "NAME=value" */
	size_t name_length;
};

struct variables {
	size_t count;
	struct variable items[];
};

static int compare_names(const struct variable *a, const struct variable *b)
{
	size_t shorter = a->name_length < b->name_length ? a->name_length
	                                                 : b->name_length;
	int order = memcmp(a->entry, b->entry, shorter);

	if (order)
		return order;
	return (a->name_length > b->name_length) -
	       (a->name_length < b->name_length);
}

static int compare(const void *a, const void *b)
{
	return compare_names(a, b);
}

/* Of several with one name the first counts, as for getenv(). */
static const struct variable *first_of(const struct variables *variables,
                                       const struct variable *wanted)
{
	size_t low = 0, high = variables->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_names(&variables->items[middle], wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < variables->count ? &variables->items[low] : NULL;
}

struct variables *variables_new(char *const *entries)
{
	size_t count = 0;
	struct variables *variables;

	while (entries[count])
		count++;
	variables = xcalloc(1, sizeof(*variables) +
	                               count * sizeof(variables->items[0]));
	for (size_t i = 0; i < count; i++) {
		const char *sign = strchr(entries[i], '=');

		if (sign)
			variables->items[variables->count++] =
				(struct variable){
					entries[i],
					(size_t)(sign - entries[i]),
				};
	}
	qsort(variables->items, variables->count, sizeof(variables->items[0]),
	      compare);
	return variables;
}

void variables_free(struct variables *variables)
{
	free(variables);
}

const char *variables_get(const struct variables *variables, const char *name)
{
	const struct variable wanted = { name, strlen(name) };
	const struct variable *found = first_of(variables, &wanted);

	if (!found || compare_names(found, &wanted))
		return NULL;
	return found->entry + found->name_length + 1;
}
