/* SPDX-License-Identifier: MIT */
/* Connections: facts for judging, of dangerous changes alone. */
#include "run/road.h"

/* Where the list says it; a platform that wants a call of its own is asked
 * here. Everywhere else it stays unknown. */
static int take_connections(struct change *change, void *context)
{
	(void)context;
	change->connections = change->live ? change->live->connections : -1;
	return 0;
}

int road_connections(struct run *run, struct road *road)
{
	(void)run;
	return plan_each_dangerous(road->plan, take_connections, NULL);
}
