/* SPDX-License-Identifier: MIT */
/* Requests to the assumed API of Alloy: what is sent, and what never is. */
#include "platform_sample.h"

#define WHOLE_BODY                                                      \
	"{\"connectorId\":\"slack\",\"name\":\"Sl\\\"ack \303\244\","   \
	"\"authenticationType\":\"oauth2\",\"useOwnCredentials\":true," \
	"\"clientId\":\"0123\",\"scopes\":[\"read\",\"write\"],"        \
	"\"clientSecret\":\"" SECRET "\"}"

static void a_create_sends_what_is_declared(void **state)
{
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;
	CLEANUP(end_release) struct end end = { 0 };

	OPEN(world, NULL, { 201, OBJECT });
	sample_init(&sample, PLATFORM_CREATE);
	end = perform(world, &sample);
	assert_int_equal(end.end, PLATFORM_DONE);
	assert_int_equal(end.status, 201);
	assert_string_equal(end.id, ID);
	assert_string_equal(end.name, "Slack");
	assert_string_equal(end.message, "");
	assert_string_equal(world->seen[0].method, "POST");
	assert_string_equal(world->seen[0].path, "/base/auth-configs");
	assert_string_equal(world->seen[0].body, WHOLE_BODY);
	assert_string_equal(world->seen[0].type, "application/json");
	assert_string_equal(world->seen[0].key, "Bearer test-api-key");
}

static void a_put_replaces_the_whole(void **state)
{
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;
	CLEANUP(end_release) struct end end = { 0 };

	OPEN(world, NULL, { 200, OBJECT });
	sample_init(&sample, PLATFORM_UPDATE);
	end = perform(world, &sample);
	assert_int_equal(end.end, PLATFORM_DONE);
	assert_null(end.id);
	assert_string_equal(end.name, "Slack");
	assert_string_equal(world->seen[0].method, "PUT");
	assert_string_equal(world->seen[0].path, "/base/auth-configs/" ID);
	assert_string_equal(world->seen[0].body, WHOLE_BODY);
}

static void a_secret_that_is_not_given_is_not_sent(void **state)
{
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;
	CLEANUP(end_release) struct end end = { 0 };

	OPEN(world, NULL, { 204, "" });
	sample_init(&sample, PLATFORM_UPDATE);
	sample.request.secret_count = 0;
	end = perform(world, &sample);
	assert_int_equal(end.end, PLATFORM_DONE);
	assert_null(end.name);
	assert_null(strstr(world->seen[0].body, "clientSecret"));
	assert_non_null(strstr(world->seen[0].body, "\"clientId\":\"0123\""));
}

static void managed_ones_have_no_client(void **state)
{
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;
	CLEANUP(end_release) struct end end = { 0 };

	OPEN(world, NULL, { 200, OBJECT });
	sample_init(&sample, PLATFORM_UPDATE);
	sample.request.ownership = "managed";
	sample.request.secret_count = 0;
	sample.fields[3].value = state_value_text(sample.state, "managed");
	end = perform(world, &sample);
	assert_int_equal(end.end, PLATFORM_DONE);
	assert_string_equal(world->seen[0].body,
	                    "{\"connectorId\":\"slack\",\"name\":\"Sl\\\"ack "
	                    "\303\244\",\"authenticationType\":\"oauth2\","
	                    "\"useOwnCredentials\":false,"
	                    "\"scopes\":[\"read\",\"write\"]}");
}

static void ids_stay_in_their_place(void **state)
{
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;
	CLEANUP(end_release) struct end end = { 0 };

	OPEN(world, NULL, { 404, "{\"message\":\"no\"}" });
	sample_init(&sample, PLATFORM_GET);
	sample.request.id = "a..b?c#d%2F";
	end = perform(world, &sample);
	assert_int_equal(end.end, PLATFORM_GONE);
	assert_string_equal(world->seen[0].path,
	                    "/base/auth-configs/a..b%3Fc%23d%252F");
}

/* ---- what cannot be sent ---- */

static void bad_ids_are_not_sent(void **state)
{
	static const char *const ids[] = { NULL,  "",      ".",    "..",
		                           "a/b", "..\\x", "a\nb", "\xff" };

	for (size_t i = 0; i < LENGTH(ids); i++) {
		CLEANUP(sample_release) struct sample sample;
		struct world *world;

		assert_int_equal(world_set_up(state), 0);
		world = *state;
		OPEN(world, NULL, { 200, "" });
		sample_init(&sample, PLATFORM_DELETE);
		sample.request.id = ids[i];
		assert_unsendable(world, &sample, "the id `");
		assert_int_equal(world_tear_down(state), 0);
	}
}

static void unreadable_values_are_never_sent(void **state)
{
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;

	OPEN(world, NULL, { 200, "" });
	sample_init(&sample, PLATFORM_UPDATE);
	sample.fields[4].value = value_unreadable();
	assert_unsendable(world, &sample,
	                  "`client.id` cannot be sent to `alloy-assumed`: it "
	                  "cannot be read");
}

static void unmapped_fields_are_never_sent(void **state)
{
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;

	OPEN(world, NULL, { 200, "" });
	sample_init(&sample, PLATFORM_UPDATE);
	sample_field(&sample, "enabled", state_value_boolean(true));
	assert_unsendable(world, &sample, "`enabled` cannot be sent");
}

static void a_secret_without_a_place_is_an_error(void **state)
{
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;

	OPEN(world, NULL, { 200, "" });
	sample_init(&sample, PLATFORM_UPDATE);
	sample.request.ownership = "managed";
	assert_unsendable(world, &sample, "`client.secret` cannot be sent");
}

static void words_the_platform_lacks_are_errors(void **state)
{
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;

	OPEN(world, NULL, { 200, "" });
	sample_init(&sample, PLATFORM_UPDATE);
	sample.fields[3].value = state_value_text(sample.state, "ours");
	assert_unsendable(world, &sample, "no word for it");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_create_sends_what_is_declared),
		TEST(a_put_replaces_the_whole),
		TEST(a_secret_that_is_not_given_is_not_sent),
		TEST(managed_ones_have_no_client),
		TEST(ids_stay_in_their_place),
		cmocka_unit_test(bad_ids_are_not_sent),
		TEST(unreadable_values_are_never_sent),
		TEST(unmapped_fields_are_never_sent),
		TEST(a_secret_without_a_place_is_an_error),
		TEST(words_the_platform_lacks_are_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
