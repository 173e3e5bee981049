/* SPDX-License-Identifier: MIT */
#include "state/state.h"

#include "base/pattern.h"

#include <stdlib.h>
#include <string.h>

const struct value_form *traits_form(const struct traits *traits,
                                     const char *name)
{
	for (size_t i = 0; i < traits->form_count; i++) {
		if (strcmp(traits->forms[i].name, name) == 0)
			return &traits->forms[i];
	}
	return NULL;
}

bool value_fits(const struct value_form *form, const struct value *value)
{
	if (!form)
		return true;
	if (value->kind == VALUE_TEXT)
		return pattern_matches(form->pattern, value->bytes,
		                       value->length);
	for (const char *item =
	             value->kind == VALUE_SET ? value_next(value, NULL) : NULL;
	     item; item = value_next(value, item)) {
		if (!pattern_matches(form->pattern, item, strlen(item)))
			return false;
	}
	return true;
}

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
