/* SPDX-License-Identifier: MIT */
/* Every binding that is built in compiles, and is what its platform is. */
#include "platform/platform.h"
#include "schema/schema.h"
#include "state/state.h"
#include "unit.h"

#include "base/text.h"

#include <string.h>

/* Their shape is trusted where they are loaded; binding_parse() checks it. */
static void every_binding_compiles(void **state)
{
	static const char folder[] = "platforms/";
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < schema_file_count; i++) {
		const struct schema_file *file = &schema_files[i];
		CLEANUP(diag_freep) struct diag *diag = diag_new();
		CLEANUP(binding_freep) struct binding *binding = NULL;
		CLEANUP(textp) char *text = NULL;
		CLEANUP(textp) char *path = NULL;

		if (!str_starts(file->name, folder))
			continue;
		binding = binding_parse(file->name, file->bytes, file->length,
		                        diag);
		text = diag_text(diag);
		assert_string_equal(text, "");
		assert_non_null(binding);
		path = xasprintf("%s%s.yaml", folder, binding_name(binding));
		assert_string_equal(path, file->name);
		count++;
	}
	assert_true(count >= 4);
}

struct builtin {
	const char *name, *url;
	unsigned abilities;
	size_t fields, secrets;
};

static const struct builtin builtins[] = {
	{ "composio", "https://backend.composio.dev/api/v3.1",
	  CAN_LIST | CAN_CREATE | CAN_UPDATE | CAN_DELETE | HAS_CONNECTIONS, 11,
	  1 },
	{ "nango", "https://api.nango.dev",
	  CAN_LIST | CAN_CREATE | CAN_UPDATE | CAN_DELETE | HAS_NATURAL_KEY |
	          HAS_CONNECTIONS | HAS_CASCADE,
	  7, 2 },
	{ "stackone", "https://api.stackone.com", CAN_LIST, 6, 0 },
};

static void they_can_what_their_platforms_can(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(builtins); i++) {
		CLEANUP(diag_freep) struct diag *diag = diag_new();
		CLEANUP(binding_freep)
		struct binding *binding =
			binding_load(builtins[i].name, PLACE_NONE, diag);
		const struct traits *traits = binding_traits(binding);

		assert_string_equal(binding_url(binding), builtins[i].url);
		assert_true(binding_is_verified(binding));
		assert_int_equal(traits->abilities, builtins[i].abilities);
		assert_int_equal(traits->field_count, builtins[i].fields);
		assert_int_equal(traits->secret_count, builtins[i].secrets);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_binding_compiles),
		cmocka_unit_test(they_can_what_their_platforms_can),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
