/* SPDX-License-Identifier: MIT */
/*
 * Reading back what answers did not show, once a phase is over: by one list
 * where that costs less than a request for each object, else one by one. What
 * the list does not show, or not as it was sent, is asked for by itself, as
 * long as the platform may need to settle.
 */
#include "apply/steps.h"

#include <stdlib.h>

static size_t collect(struct session *session, size_t first, size_t end,
                      struct work **out)
{
	size_t count = 0;

	for (size_t i = first; i < end; i++) {
		if (session->works[i].flags & WORK_PARKED)
			out[count++] = &session->works[i];
	}
	return count;
}

/* An object of the list is as good as one that was asked for. */
static void show(struct work *work, const struct state *live)
{
	const struct auth_config *object = state_find(live, work->step->id);
	const struct platform_result result = {
		.end = PLATFORM_DONE,
		.object = object,
		.object_state = live,
		.message = "",
		.request_id = "",
	};

	if (object && compare_shows(work, object))
		work_answer(work, &result);
}

/* Whoever stops takes no time for a list. */
static bool lists(const struct session *session, size_t count)
{
	const uint64_t cost = session->settings->list_requests;

	return cost && count > cost && !session->result->interrupted;
}

static void list(struct session *session, struct work *const *works,
                 size_t count)
{
	CLEANUP(diag_freep) struct diag *unheard = diag_new();
	CLEANUP(state_freep)
	struct state *live =
		platform_list(session->settings->platform, unheard);

	for (size_t i = 0; live && i < count; i++)
		show(works[i], live);
}

bool verify_parked(struct session *session, size_t first, size_t end)
{
	struct work **works = xcalloc(end - first + 1, sizeof(struct work *));
	const size_t count = collect(session, first, end, works);

	if (count) /* which may take a while */
		journal_commit(session);
	for (size_t i = 0; i < count; i++)
		works[i]->flags &= ~(unsigned)WORK_PARKED;
	if (lists(session, count))
		list(session, works, count);
	for (size_t i = 0; i < count; i++) {
		if (works[i]->state != WORK_ENDED)
			session->active[session->active_count++] = works[i];
	}
	free(works);
	return count > 0;
}
