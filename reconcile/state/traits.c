/* SPDX-License-Identifier: MIT */
#include "state/state.h"

#include "base/pattern.h"
#include "base/text.h"

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

static bool is_word(const struct value_form *form, const char *text)
{
	for (size_t i = 0; i < form->word_count; i++) {
		if (strcmp(form->words[i], text) == 0)
			return true;
	}
	return false;
}

bool value_fits(const struct value_form *form, const struct value *value)
{
	if (!form)
		return true;
	if (!form->pattern)
		return value->kind != VALUE_TEXT || is_word(form, value->bytes);
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

/* There are a dozen, most of which differ in their first letter. */
const struct field_trait *traits_field(const struct traits *traits,
                                       const char *name)
{
	for (size_t i = 0; i < traits->field_count; i++) {
		if (str_equal(traits->fields[i].name, name))
			return &traits->fields[i];
	}
	return NULL;
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
