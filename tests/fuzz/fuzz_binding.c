/* SPDX-License-Identifier: MIT */
/* Any bytes as a binding file: a binding that can tell what it does, or
 * reports of what is wrong with it. */
#include "base/diag.h"
#include "platform/platform.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Steps for a person, with a part that is a text and one that is none. */
static void tell_steps(const struct binding *binding)
{
	static const struct manual_part parts[] = {
		{ .name = "client.id",
		  .before = { "old", 3, VALUE_TEXT },
		  .after = { "new", 3, VALUE_TEXT },
		  .written = true },
		{ .name = "client.secret",
		  .before = { "", 0, VALUE_ABSENT },
		  .after = { "", 0, VALUE_ABSENT },
		  .source = "env:SECRET",
		  .written = true },
		{ .name = "scopes",
		  .before = { "", 0, VALUE_SET },
		  .after = { "a\0b", 4, VALUE_SET },
		  .written = true },
	};

	for (int deed = 0; deed < MANUAL_DEEDS; deed++) {
		CLEANUP(manual_steps_release)
		struct manual_steps steps = { 0 };
		const struct manual_change change = {
			.deed = (enum manual_deed)deed,
			.key = "slack-crm",
			.environment = "prod",
			.id = deed == MANUAL_TO_CREATE ? NULL : "id-1",
			.parts = parts,
			.part_count = LENGTH(parts),
		};

		binding_steps(binding, &change, &steps);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(binding_freep)
	struct binding *binding =
		binding_parse("fuzz.yaml", (const char *)bytes, length, diag);
	CLEANUP(binding_facts_release) struct binding_facts facts = { 0 };

	assert(!binding == (diag_count(diag, SEVERITY_ERROR) > 0));
	if (!binding)
		return 0;
	binding_tell(binding, &facts);
	assert(facts.name && binding_traits(binding));
	if (binding_is_manual(binding)) {
		(void)binding_id_problem(binding, "id-1");
		tell_steps(binding);
	}
	return 0;
}
