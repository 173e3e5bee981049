/* SPDX-License-Identifier: MIT */
/* Table R: how an object is replaced whose immutable fields differ. */
#include "plan/parts.h"

#include "base/text.h"

#include <assert.h>

/* clang-format off */
static const struct replace_row rows[] = {
	/*      keyed create remove: the client's key or a unique name holds the
	 *      place, so that the old one goes first */
	{ "R1", 0, 1, x, REPLACE_CREATE_FIRST, false },
	{ "R2", 1, 1, 1, REPLACE_DELETE_FIRST, false },
	{ "R4", x, x, x, REPLACE_CREATE_FIRST, true },
};
/* clang-format on */

const struct replace_row *replace_find(const struct traits *traits)
{
	const unsigned can = traits->abilities;
	const signed char facts[] = {
		(can & (HAS_NATURAL_KEY | HAS_UNIQUE_NAMES)) != 0,
		(can & CAN_CREATE) != 0,
		(can & CAN_DELETE) != 0,
	};

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const signed char when[] = { rows[i].keyed, rows[i].create,
			                     rows[i].remove };

		if (row_matches(when, facts, LENGTH(facts)))
			return &rows[i];
	}
	assert(false); /* table R has no hole */
	return NULL;
}

/* Row R3. */
static bool moves_ownership(const struct change *change)
{
	for (size_t i = 0; i < change->field_count; i++) {
		const struct field_change *field = &change->fields[i];

		if (str_equal(field->name, "ownership"))
			return change->live && field->row->write &&
			       !field->held;
	}
	return false;
}

bool change_replaces(const struct change *change)
{
	if (change->kind == CHANGE_REPLACE)
		return true;
	return change->kind >= CHANGE_RENAME && change->kind < CHANGE_NOTE &&
	       moves_ownership(change);
}
