/* SPDX-License-Identifier: MIT */
/* The order in which apply goes, and the names of what it does. */
#include "plan/plan.h"

const char *const change_kind_names[CHANGE_KINDS] = {
	[CHANGE_DELETE] = "delete",     [CHANGE_REPLACE] = "replace",
	[CHANGE_RECREATE] = "recreate", [CHANGE_CREATE] = "create",
	[CHANGE_RENAME] = "rename",     [CHANGE_UPDATE] = "update",
	[CHANGE_ROTATE] = "rotate",     [CHANGE_ADOPT] = "adopt",
	[CHANGE_NOTE] = "note",
};

const char *const secret_action_names[SECRET_ACTIONS] = {
	[SECRET_NONE] = "none",       [SECRET_KEEP] = "keep",
	[SECRET_UNKNOWN] = "unknown", [SECRET_NOT_COMPARED] = "not-compared",
	[SECRET_SET] = "set",         [SECRET_ROTATE] = "rotate",
	[SECRET_RESEND] = "resend",   [SECRET_CLEAR] = "clear",
};

/* What breaks things comes last. */
static const enum change_kind turns[] = {
	CHANGE_CREATE, CHANGE_RECREATE, CHANGE_RENAME,  CHANGE_ADOPT,
	CHANGE_UPDATE, CHANGE_ROTATE,   CHANGE_REPLACE, CHANGE_DELETE,
};

void plan_order(const struct plan *plan, size_t *order)
{
	size_t count = 0;

	for (size_t turn = 0; turn < LENGTH(turns); turn++) {
		for (size_t i = 0; i < plan->change_count; i++) {
			if (plan->changes[i].kind == turns[turn])
				order[count++] = i;
		}
	}
}
