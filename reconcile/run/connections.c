/* SPDX-License-Identifier: MIT */
/* Connections: facts for judging, of dangerous changes alone. */
#include "run/road.h"

#include "base/text.h"

struct asking {
	struct run *run;
	struct road *road;
};

/* Not to know is no failure: the plan says so, and its guards count it. */
static void warn(const struct asking *asking, const struct change *change,
                 const struct diag *diag)
{
	const struct diag_report *report = diag_at(diag, 0);

	diag_warning(asking->run->diag, report->code, report->place,
	             "how many connections `%s` has cannot be known: %s",
	             change->address, report->text);
}

/* Where the list says it, it is taken from there; a platform that wants a call
 * of its own is asked. */
static int take_connections(struct change *change, void *context)
{
	const struct asking *asking = context;
	const struct auth_config *live = change->live;
	CLEANUP(diag_freep) struct diag *diag = diag_new();

	change->connections = live ? live->connections : -1;
	if (!live || live->connections >= 0 || !asking->road->platform)
		return 0;
	if (platform_connections(asking->road->platform, live->id,
	                         &change->connections, diag) < 0)
		warn(asking, change, diag);
	return 0;
}

int road_connections(struct run *run, struct road *road)
{
	struct asking asking = { run, road };

	return plan_each_dangerous(road->plan, take_connections, &asking);
}
