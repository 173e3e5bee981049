/* SPDX-License-Identifier: MIT */
#include "sandbox/list_mode.h"
#include "base/text.h"
#include "sandbox/call.h"
#include "sandbox/spoil.h"

static void reset(struct call *call)
{
	call->reply->fate = HTTP_FATE_RESET;
}

/* A mode with `before` never lets the request be handled. */
struct list_mode {
	const char *name;
	void (*before)(struct call *call);
	void (*after)(struct call *call);
	enum spoil_needs needs;
};

static const struct list_mode list_modes[] = {
	{ "normal", NULL, NULL, NEEDS_NOTHING },
	{ "truncated", NULL, spoil_truncate, NEEDS_NOTHING },
	{ "wrong-count", NULL, spoil_count, NEEDS_TOTAL },
	{ "empty", NULL, spoil_empty, NEEDS_NOTHING },
	{ "repeat-cursor", NULL, spoil_cursor, NEEDS_CURSOR },
	{ "duplicate-id", NULL, spoil_double, NEEDS_NOTHING },
	{ "bad-id", NULL, spoil_id, NEEDS_NOTHING },
	{ "500", spoil_fail, NULL, NEEDS_NOTHING },
	{ "html", spoil_html, NULL, NEEDS_NOTHING },
	{ "reset", reset, NULL, NEEDS_NOTHING },
};

void list_modes_init(struct list_modes *modes)
{
	*modes = (struct list_modes){ .mode = &list_modes[0], .times = -1 };
}

static void use_up(struct list_modes *modes)
{
	if (modes->times > 0 && --modes->times == 0)
		list_modes_init(modes);
}

bool list_modes_before(struct list_modes *modes, struct call *call)
{
	if (!modes->mode->before)
		return false;
	modes->mode->before(call);
	use_up(modes);
	return true;
}

void list_modes_after(struct list_modes *modes, struct call *call)
{
	if (!modes->mode->after || call->reply->status != 200)
		return;
	modes->mode->after(call);
	use_up(modes);
}

enum refusal list_modes_set(struct list_modes *modes,
                            const struct dialect *dialect, const char *name,
                            int64_t times)
{
	for (size_t i = 0; i < LENGTH(list_modes); i++) {
		if (!str_equal(list_modes[i].name, name))
			continue;
		if (!spoil_is_possible(list_modes[i].needs, dialect))
			return REFUSE_NO_MODE;
		*modes = (struct list_modes){ &list_modes[i], times };
		return REFUSE_NOTHING;
	}
	return REFUSE_BAD_MEMBER;
}

const char *list_modes_name(const struct list_modes *modes)
{
	return modes->mode->name;
}
