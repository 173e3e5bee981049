/* SPDX-License-Identifier: MIT */
#include "sandbox/race.h"
#include "base/text.h"
#include "sandbox/answer.h"
#include "sandbox/call.h"
#include "sandbox/members.h"
#include "sandbox/whole.h"

#include <stdlib.h>

void race_release(struct race *race)
{
	free(race->id);
	json_decref(race->patch);
	*race = (struct race){ 0 };
}

static int store_whole(const struct call *call, const struct update *update,
                       const json_t *whole)
{
	CLEANUP(whole_release)
	struct parts parts = whole_split(call->sandbox->dialect, whole);

	parts.record.serial = update->serial;
	if (store_replace(call->sandbox->store, update->shelf, &parts.record) <
	    0)
		return answer_refuse(call, REFUSE_BROKEN, NULL);
	return 0;
}

static json_t *their_whole(const struct call *call, const json_t *before)
{
	json_t *whole = json_deep_copy(before);
	char now[CLOCK_TEXT_SIZE];

	call_now(call, now);
	json_object_set_new(whole, call->sandbox->dialect->wording.updated,
	                    json_string(now));
	whole_merge(whole, call->sandbox->race.patch);
	return whole;
}

static bool is_raced(const struct call *call, const struct update *update)
{
	const struct race *race = &call->sandbox->race;
	const char *id = json_string_value(json_object_get(
		update->before, call->sandbox->dialect->wording.id));

	return race->id && race->environment == update->shelf.environment &&
	       str_equal(race->id, id);
}

int race_store(struct call *call, const struct update *update)
{
	struct race *race = &call->sandbox->race;
	const json_t *orders[2];

	if (!is_raced(call, update))
		return store_whole(call, update, update->after);

	json_auto_t *theirs = their_whole(call, update->before);

	orders[race->theirs_last] = theirs;
	orders[!race->theirs_last] = update->after;
	race_release(race);
	if (store_whole(call, update, orders[0]) < 0)
		return -1;
	return store_whole(call, update, orders[1]);
}

/* -1 after refusing. */
static int read_winner(const struct call *call, bool *theirs_last)
{
	const char *wins =
		json_string_value(json_object_get(call->body, "wins"));

	*theirs_last = !str_equal(wins, "us");
	if (!wins || !*theirs_last || str_equal(wins, "them"))
		return 0;
	return answer_refuse(call, REFUSE_BAD_MEMBER, "wins");
}

void admin_set_race(struct call *call)
{
	static const struct member rows[] = {
		{ "id", MEMBER_TEXT, MEMBER_REQUIRED, 1000 },
		{ "patch", MEMBER_MAP, MEMBER_REQUIRED, 0 },
		{ "wins", MEMBER_TEXT, 0, 10 },
	};
	static const struct members members = { rows, LENGTH(rows), NULL };
	const struct environment *environment = admin_environment(call);
	struct race *race = &call->sandbox->race;
	bool theirs_last;

	if (!environment || members_check(call, call->body, &members) < 0 ||
	    read_winner(call, &theirs_last) < 0)
		return;
	race_release(race);
	*race = (struct race){
		.id = xstrdup(
			json_string_value(json_object_get(call->body, "id"))),
		.environment = environment->number,
		.patch = json_incref(json_object_get(call->body, "patch")),
		.theirs_last = theirs_last,
	};
	answer_json(call->reply, 200, json_pack("{s:b}", "success", 1));
}
