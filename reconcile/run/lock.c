/* SPDX-License-Identifier: MIT */
/* The lock of an environment: who has it, and taking it away. The platform is
 * not asked. */
#include "run/road.h"

#include "base/text.h"
#include "schema/schema.h"

static void fill(struct report_lock *lock, const struct lock_state *state)
{
	*lock = (struct report_lock){
		.held = state->held,
		.stale = state->stale,
		.who = state->who,
		.command = state->command,
		.url = state->url,
		.pid = state->pid,
		.since_ms = state->since_ms,
		.renewed_ms = state->renewed_ms,
		.expires_ms = state->expires_ms,
		.notices_ms = state->notices_ms,
	};
}

static int find(struct run *run, struct road *road, enum ledger_flags flags)
{
	CLEANUP(textp) char *file = road_file(run);

	if (!file || road_load(run, file, DESIRED_LENIENT, road) < 0)
		return -1;
	return road_find_ledger(run, road, flags);
}

/* A report of it, also where there is none. */
static int finish(struct run *run, struct road *road, int result,
                  struct report *report)
{
	road_describe(run, road, report);
	report->exit = result < 0 ? run_exit(run->diag) : 0;
	return road_report(run, report);
}

int run_lock_show(struct run *run)
{
	CLEANUP(road_release) struct road road = ROAD_EMPTY;
	struct report_lock lock = { .held = false };
	struct report report = { .lock = &lock };
	struct lock_state state;
	int result;

	if (road_check_outputs(run) < 0)
		return run_exit(run->diag);
	result = find(run, &road, (enum ledger_flags)0);
	if (result == 0 && road.ledger) {
		state = ledger_lock_state(road.ledger);
		fill(&lock, &state);
	}
	if (result < 0)
		report.lock = NULL;
	return finish(run, &road, result, &report);
}

/* ---- breaking it ---- */

static int agree(struct run *run, struct road *road,
                 const struct lock_state *state)
{
	CLEANUP(textp)
	char *deed = xasprintf("break the lock of `%s` (`%s`, process %lld) "
	                       "on %s",
	                       state->who, state->command,
	                       (long long)state->pid, road->environment.name);

	return road_agree(run, road, deed);
}

static int break_lock(struct run *run, struct road *road,
                      struct report_lock *lock)
{
	struct lock_state state;

	if (find(run, road, LEDGER_WRITE) < 0 ||
	    road_need_ledger(run, road) < 0)
		return -1;
	state = ledger_lock_state(road->ledger);
	fill(lock, &state);
	if (!state.held && !state.stale)
		return 0;
	if (agree(run, road, &state) < 0)
		return -1;
	if (ledger_break_lock(road->ledger, &state, run->diag) < 0)
		return -1;
	lock->broken = true;
	return 0;
}

int run_lock_break(struct run *run)
{
	CLEANUP(road_release) struct road road = ROAD_EMPTY;
	struct report_lock lock = { .held = false };
	struct report report = { .lock = &lock };
	int result;

	if (road_check_outputs(run) < 0)
		return run_exit(run->diag);
	result = break_lock(run, &road, &lock);
	if (result < 0 && !lock.who) /* nobody looked */
		report.lock = NULL;
	return finish(run, &road, result, &report);
}
