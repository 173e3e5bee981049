/* SPDX-License-Identifier: MIT */
/* Parameters: what a binding asks the environment for. */
#include "base/pattern.h"
#include "base/text.h"
#include "platform/inside.h"
#include "schema/codes.h"

#include <assert.h>
#include <string.h>

static const struct parameter *find(const struct binding *binding,
                                    const char *name)
{
	for (size_t i = 0; i < binding->parameter_count; i++) {
		if (str_equal(binding->parameters[i].name, name))
			return &binding->parameters[i];
	}
	return NULL;
}

static int refuse_unknown(const struct binding *binding,
                          const struct platform_settings *settings,
                          const char *name, struct diag *diag)
{
	return diag_error(diag, CODE_PARAMETER, settings->place,
	                  "`%s` takes no parameter `%s`; remove it",
	                  binding->name, name);
}

/* It goes into headers and paths. */
static bool is_printable(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (text[i] < 0x20 || text[i] > 0x7e)
			return false;
	}
	return length > 0 && !str_equal(text, ".") && !str_equal(text, "..");
}

static int check_one(const struct binding *binding,
                     const struct platform_settings *settings,
                     const struct parameter *parameter, struct diag *diag)
{
	const char *text =
		node_text(node_get(settings->parameters, parameter->name));

	if (!text)
		return diag_error(diag, CODE_PARAMETER, settings->place,
		                  "`%s` needs the parameter `%s`; add it under "
		                  "`platform.parameters`",
		                  binding->name, parameter->name);
	if (!is_printable(text, strlen(text)) ||
	    (parameter->pattern &&
	     !pattern_matches(parameter->pattern, text, strlen(text))))
		return diag_error(diag, CODE_PARAMETER, settings->place,
		                  "the parameter `%s` of `%s` cannot be `%s`; "
		                  "look it up at the platform",
		                  parameter->name, binding->name, text);
	return 0;
}

int parameters_check(const struct binding *binding,
                     const struct platform_settings *settings,
                     struct diag *diag)
{
	const struct node *given = settings->parameters;
	int result = 0;

	for (size_t i = 0; i < binding->parameter_count; i++)
		result |= check_one(binding, settings, &binding->parameters[i],
		                    diag);
	if (!given || given->type != NODE_MAPPING)
		return result;
	for (size_t i = 0; i < given->count; i++) {
		const char *name = node_text(node_key(given, i));

		if (!find(binding, name))
			result = refuse_unknown(binding, settings, name, diag);
	}
	return result;
}

const char *parameter_value(const char *name, void *context)
{
	const struct platform *platform = context;
	const char *text = node_text(node_get(platform->parameters, name));

	assert(text);
	return text;
}
