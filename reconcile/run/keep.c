/* SPDX-License-Identifier: MIT */
/* Keeping the lock while something else is waited for: a platform's answer, a
 * person's. */
#include "run/road.h"

enum { BEAT_MS = 1000 };

static void beat(struct keeper *keeper)
{
	keeper->beat_ms = keeper->run->clock->steady_ms(keeper->run->clock);
	if (ledger_heartbeat(keeper->road->ledger, keeper->run->diag) < 0)
		keeper->lost = true;
}

struct keeper *road_keeper(struct run *run, struct road *road)
{
	road->keeper.run = run;
	road->keeper.road = road;
	return &road->keeper;
}

/* What is read while the lock is lost does no harm, and ends soon enough. */
bool road_wait_on(void *context)
{
	struct keeper *keeper = context;
	const struct run *run = keeper->run;

	if (keeper->road->locked && !keeper->lost &&
	    run->clock->steady_ms(run->clock) - keeper->beat_ms >= BEAT_MS)
		beat(keeper);
	return run->stopping && run->stopping(run->stopping_context);
}

int road_check_lock(struct run *run, struct road *road)
{
	struct keeper *keeper = road_keeper(run, road);

	if (road->locked && !keeper->lost)
		beat(keeper);
	return keeper->lost ? -1 : 0;
}
