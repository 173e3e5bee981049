/* SPDX-License-Identifier: MIT */
/* Bindings that are not built in: whether the operator knows this one. */
#include "platform/binding.h"

#include "base/text.h"
#include "schema/codes.h"

#include <string.h>

struct binding *binding_own(const char *display, const char *bytes,
                            size_t length, struct diag *diag)
{
	struct binding *binding = binding_parse(display, bytes, length, diag);

	if (binding)
		binding->file =
			arena_copy(binding->arena, display, strlen(display));
	return binding;
}

int binding_check_allowed(const struct binding *binding,
                          const char *const *allowed, size_t count,
                          struct place place, struct diag *diag)
{
	const char *file = binding->file;
	bool named = false;

	if (!file)
		return 0;
	for (size_t i = 0; i < count; i++) {
		const char *hash = strrchr(allowed[i], '@');
		const size_t length = hash ? (size_t)(hash - allowed[i]) : 0;

		if (length != strlen(file) ||
		    memcmp(allowed[i], file, length) != 0)
			continue;
		if (str_equal(hash + 1, binding->hash))
			return 0;
		named = true;
	}
	return diag_error(
		diag, CODE_BINDING_REFUSED, place,
		named ? "`%s` is not the file that was allowed; read what "
			"changed, then give --allow-binding %s@%s"
		      : "`%s` is no built-in binding, and a binding decides "
			"where the API key goes; read it, then give "
			"--allow-binding %s@%s",
		file, file, binding->hash);
}
