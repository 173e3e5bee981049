/* SPDX-License-Identifier: MIT */
#include "state/state.h"

#include <stdlib.h>
#include <string.h>

static int compare_field(const void *name, const void *trait)
{
	return strcmp(name, ((const struct field_trait *)trait)->name);
}

const struct field_trait *traits_field(const struct traits *traits,
                                       const char *name)
{
	if (!traits->field_count)
		return NULL;
	return bsearch(name, traits->fields, traits->field_count,
	               sizeof(traits->fields[0]), compare_field);
}

static int compare_secret(const void *name, const void *trait)
{
	return strcmp(name, ((const struct secret_trait *)trait)->name);
}

const struct secret_trait *traits_secret(const struct traits *traits,
                                         const char *name)
{
	if (!traits->secret_count)
		return NULL;
	return bsearch(name, traits->secrets, traits->secret_count,
	               sizeof(traits->secrets[0]), compare_secret);
}
