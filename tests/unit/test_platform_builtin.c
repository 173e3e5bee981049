/* SPDX-License-Identifier: MIT */
/* The built-in bindings on the wire: exactly the requests that the platforms'
 * own clients send (the contracts), and their answers read. */
#include "platform_world.h"

#include "schema/schema.h"

#define SECRET "c4nary-client-secret"

struct end {
	enum platform_end end;
	char *id, *message;
};

static void end_release(struct end *end)
{
	free(end->id);
	free(end->message);
}

static void note_end(const struct platform_result *result, void *context)
{
	struct end *end = context;

	end->end = result->end;
	end->id = result->id ? xstrdup(result->id) : NULL;
	end->message = xstrdup(result->message);
}

static void open_builtin(struct world *world, const char *name,
                         const struct step *steps, size_t count)
{
	CLEANUP(textp) char *path = xasprintf("platforms/%s.yaml", name);
	const struct schema_file *file = schema_find(path);
	CLEANUP(textp) char *yaml = NULL;

	assert_non_null(file);
	yaml = xstrndup(file->bytes, file->length);
	world_open(world, yaml, steps, count);
}

#define OPEN_BUILTIN(world, name, ...)                       \
	static const struct step steps_[] = { __VA_ARGS__ }; \
	open_builtin((world), (name), steps_, LENGTH(steps_))

/* ---- requests ---- */

struct sample {
	struct state *state;
	struct secret *secret;
	struct platform_field fields[12];
	struct platform_secret secrets[2];
	struct platform_request request;
};

static void sample_init(struct sample *sample, enum platform_verb verb,
                        const char *ownership)
{
	*sample = (struct sample){
		.state = state_new(STATE_BY_ID),
		.secret = secret_new(SECRET, strlen(SECRET)),
		.request = { .verb = verb,
		             .id = verb == PLATFORM_CREATE ? NULL : "x1",
		             .natural_key = "acme-github",
		             .ownership = ownership },
	};
	sample->request.fields = sample->fields;
	sample->request.secrets = sample->secrets;
}

static void sample_release(struct sample *sample)
{
	state_free(sample->state);
	secret_free(sample->secret);
}

static void put(struct sample *sample, const char *name, struct value value)
{
	assert_true(sample->request.field_count < LENGTH(sample->fields));
	sample->fields[sample->request.field_count++] =
		(struct platform_field){ name, value };
}

static void put_text(struct sample *sample, const char *name, const char *text)
{
	put(sample, name, state_value_text(sample->state, text));
}

static void put_set(struct sample *sample, const char *name, const char *item)
{
	const char *const items[] = { item, "repo" };

	put(sample, name, state_value_set(sample->state, items, item ? 2 : 0));
}

static void put_secret(struct sample *sample, const char *name)
{
	sample->secrets[sample->request.secret_count++] =
		(struct platform_secret){ name, sample->secret };
}

static struct end perform(struct world *world, const struct sample *sample)
{
	struct end end = { 0 };

	assert_int_equal(platform_perform(world->platform, &sample->request,
	                                  note_end, &end, world->diag),
	                 0);
	return end;
}

static void assert_sent(const struct world *world, const char *method,
                        const char *path, const char *body)
{
	assert_string_equal(world->seen[0].method, method);
	assert_string_equal(world->seen[0].path, path);
	assert_string_equal(world->seen[0].body, body);
}

/* ---- composio ---- */

#define COMPOSIO_MADE                                          \
	"{\"toolkit\":{\"slug\":\"github\"},\"auth_config\":{" \
	"\"id\":\"ac_1\",\"auth_scheme\":\"OAUTH2\"}}"

static void composio_creates_own_ones(void **state)
{
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;
	CLEANUP(end_release) struct end end = { 0 };

	OPEN_BUILTIN(world, "composio", { 201, COMPOSIO_MADE });
	sample_init(&sample, PLATFORM_CREATE, "own");
	put_text(&sample, "connector", "github");
	put_text(&sample, "name", "acme");
	put_text(&sample, "ownership", "own");
	put_text(&sample, "type", "oauth2");
	put_text(&sample, "client.id", "id");
	put_set(&sample, "scopes", "read:user");
	put_set(&sample, "scopeSets.user", "x");
	put_text(&sample, "redirectUri", "https://a.example/cb");
	put(&sample, "enabled", state_value_boolean(true));
	put_secret(&sample, "client.secret");
	end = perform(world, &sample);
	assert_int_equal(end.end, PLATFORM_DONE);
	assert_string_equal(end.id, "ac_1");
	assert_int_equal(world->seen_count, 1);
	assert_sent(world, "POST", "/base/auth_configs",
	            "{\"auth_config\":{\"type\":\"use_custom_auth\","
	            "\"name\":\"acme\",\"authScheme\":\"OAUTH2\","
	            "\"credentials\":{\"client_id\":\"id\",\"scopes\":["
	            "\"read:user\",\"repo\"],\"user_scopes\":[\"repo\","
	            "\"x\"],\"oauth_redirect_uri\":\"https://a.example/cb\","
	            "\"client_secret\":\"" SECRET "\"}},\"toolkit\":{"
	            "\"slug\":\"github\"}}");
}

static void composio_creates_managed_ones(void **state)
{
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;
	CLEANUP(end_release) struct end end = { 0 };

	OPEN_BUILTIN(world, "composio", { 201, COMPOSIO_MADE });
	sample_init(&sample, PLATFORM_CREATE, "managed");
	put_text(&sample, "connector", "github");
	put_text(&sample, "name", "acme");
	put_text(&sample, "ownership", "managed");
	put_text(&sample, "type", "oauth2");
	put_set(&sample, "scopes", NULL);
	end = perform(world, &sample);
	assert_string_equal(end.id, "ac_1");
	assert_sent(world, "POST", "/base/auth_configs",
	            "{\"auth_config\":{\"type\":\"use_composio_managed_auth\","
	            "\"name\":\"acme\",\"credentials\":{\"scopes\":[]}},"
	            "\"toolkit\":{\"slug\":\"github\"}}");
}

static void composio_updates_each_kind_its_own_way(void **state)
{
	static const struct {
		const char *ownership, *body;
	} rows[] = {
		{ "own", "{\"type\":\"custom\",\"credentials\":{\"scopes\":["
		         "\"a\",\"repo\"]}}" },
		{ "managed",
		  "{\"type\":\"default\",\"scopes\":[\"a\",\"repo\"]}" },
	};
	static const struct step step = { 200, "{}" };

	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(sample_release) struct sample sample;
		CLEANUP(end_release) struct end end = { 0 };

		assert_int_equal(world_set_up(state), 0);
		open_builtin(*state, "composio", &step, 1);
		sample_init(&sample, PLATFORM_UPDATE, rows[i].ownership);
		put_set(&sample, "scopes", "a");
		end = perform(*state, &sample);
		assert_int_equal(end.end, PLATFORM_DONE);
		assert_sent(*state, "PATCH", "/base/auth_configs/x1",
		            rows[i].body);
		assert_int_equal(world_tear_down(state), 0);
	}
}

/* Row S17: what it shows in place of a value is never written back. */
static void composio_is_never_sent_a_mask(void **state)
{
	static const char *const masks[] = { "REDACTED", "abc***", "12..." };

	for (size_t i = 0; i < 2 * LENGTH(masks); i++) {
		CLEANUP(sample_release) struct sample sample;
		struct end end = { 0 };
		struct world *world;

		assert_int_equal(world_set_up(state), 0);
		world = *state;
		OPEN_BUILTIN(world, "composio", { 200, "{}" });
		sample_init(&sample, PLATFORM_UPDATE, "own");
		if (i < LENGTH(masks))
			put_text(&sample, "client.id", masks[i]);
		else
			put_set(&sample, "scopes", masks[i - LENGTH(masks)]);
		assert_int_equal(platform_submit(world->platform,
		                                 &sample.request, note_end,
		                                 &end, world->diag),
		                 -1);
		assert_report(world, CODE_REQUEST,
		              "it is what the platform shows in place of");
		assert_int_equal(world_tear_down(state), 0);
	}
}

static void composio_enables_by_a_call_of_its_own(void **state)
{
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;
	CLEANUP(end_release) struct end end = { 0 };

	OPEN_BUILTIN(world, "composio", { 200, "{}" });
	sample_init(&sample, PLATFORM_UPDATE, "own");
	put(&sample, "enabled", state_value_boolean(false));
	end = perform(world, &sample);
	assert_int_equal(end.end, PLATFORM_DONE);
	assert_int_equal(world->seen_count, 1);
	assert_sent(world, "PATCH", "/base/auth_configs/x1/DISABLED", "");
}

static void composio_deletes_and_says_why_not(void **state)
{
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;
	CLEANUP(end_release) struct end end = { 0 };

	OPEN_BUILTIN(world, "composio",
	             { 400, "{\"error\":{\"message\":\"Auth config not "
	                    "found\",\"code\":607,\"status\":400,"
	                    "\"request_id\":\"r\"}}" });
	sample_init(&sample, PLATFORM_DELETE, NULL);
	end = perform(world, &sample);
	assert_int_equal(end.end, PLATFORM_GONE);
	assert_string_equal(end.message, "Auth config not found (607)");
	assert_sent(world, "DELETE", "/base/auth_configs/x1", "");
}

static const char composio_list[] =
	"{\"items\":[{\"id\":\"ac_1\",\"type\":\"custom\",\"toolkit\":{"
	"\"slug\":\"hubspot\"},\"name\":\"H\",\"auth_scheme\":\"OAUTH2\","
	"\"is_composio_managed\":false,\"credentials\":{\"client_id\":\"id\","
	"\"client_secret\":\"abc***\",\"scopes\":[\"b\",\"a\"],"
	"\"oauth_redirect_uri\":\"https://a.example/cb\"},\"status\":"
	"\"DISABLED\",\"no_of_connections\":3,\"last_updated_at\":\"t\"},"
	"{\"id\":\"ac_2\",\"type\":\"default\",\"toolkit\":{\"slug\":"
	"\"gmail\"},\"name\":\"G\",\"auth_scheme\":\"OAUTH2\","
	"\"is_composio_managed\":true,\"credentials\":{\"client_id\":"
	"\"REDACTED\",\"client_secret\":\"REDACTED\",\"scopes\":\"REDACTED\"},"
	"\"status\":\"ENABLED\",\"no_of_connections\":0},"
	"{\"id\":\"ac_3\",\"toolkit\":{\"slug\":\"x\"},\"name\":\"X\","
	"\"auth_scheme\":\"DCR_OAUTH\",\"is_composio_managed\":false,"
	"\"status\":\"ENABLED\"}],\"next_cursor\":null,\"total_items\":3}";

static void composio_is_read(void **state)
{
	struct world *world = *state;
	const struct step step = { 200, composio_list };
	CLEANUP(state_freep) struct state *live = NULL;
	const struct auth_config *own, *managed;
	struct value scopes;

	open_builtin(world, "composio", &step, 1);
	live = platform_list(world->platform, world->diag);
	assert_non_null(live);
	assert_string_equal(world->seen[0].path,
	                    "/base/auth_configs?show_disabled=true&limit=50");
	own = state_at(live, 0);
	managed = state_at(live, 1);
	assert_string_equal(auth_config_text(own, "ownership"), "own");
	assert_string_equal(auth_config_text(own, "type"), "oauth2");
	assert_string_equal(auth_config_value(own, "enabled").bytes, "false");
	scopes = auth_config_value(own, "scopes");
	assert_int_equal(value_count(&scopes), 2);
	assert_int_equal(own->connections, 3);
	assert_false(auth_config_reading(own, "client.secret")->missing);
	assert_null(auth_config_reading(own, "client.secret")->clear);
	assert_string_equal(auth_config_text(managed, "ownership"), "managed");
	assert_int_equal(auth_config_value(managed, "client.id").kind,
	                 VALUE_UNREADABLE);
	assert_int_equal(auth_config_value(managed, "scopes").kind,
	                 VALUE_UNREADABLE);
	assert_int_equal(state_at(live, 2)->flags, AUTH_CONFIG_OPAQUE);
}

/* ---- nango ---- */

#define NANGO_HEAD(key) \
	"\"unique_key\":\"" key "\",\"provider\":\"github\",\"display_name\":"

static void nango_creates_own_ones(void **state)
{
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;
	CLEANUP(end_release) struct end end = { 0 };

	OPEN_BUILTIN(
		world, "nango",
		{ 200, "{\"data\":{" NANGO_HEAD("acme-github") "\"A\"}}" });
	sample_init(&sample, PLATFORM_CREATE, "own");
	put_text(&sample, "connector", "github");
	put_text(&sample, "name", "Acme GitHub");
	put_text(&sample, "ownership", "own");
	put_text(&sample, "type", "oauth2");
	put_text(&sample, "client.id", "Iv1.0");
	put_set(&sample, "scopes", "read:user");
	put_secret(&sample, "client.secret");
	end = perform(world, &sample);
	assert_int_equal(end.end, PLATFORM_DONE);
	assert_string_equal(end.id, "acme-github");
	assert_sent(world, "POST", "/base/integrations",
	            "{\"unique_key\":\"acme-github\",\"provider\":\"github\","
	            "\"display_name\":\"Acme GitHub\",\"credentials\":{"
	            "\"type\":\"OAUTH2\",\"client_id\":\"Iv1.0\","
	            "\"scopes\":\"read:user,repo\",\"client_secret\":\"" SECRET
	            "\"}}");
}

static void nango_creates_managed_ones(void **state)
{
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;
	CLEANUP(end_release) struct end end = { 0 };

	OPEN_BUILTIN(
		world, "nango",
		{ 200, "{\"data\":{" NANGO_HEAD("acme-github") "\"A\"}}" });
	sample_init(&sample, PLATFORM_CREATE, "managed");
	put_text(&sample, "connector", "github");
	put_text(&sample, "name", "A");
	put_text(&sample, "ownership", "managed");
	put_text(&sample, "type", "oauth2");
	end = perform(world, &sample);
	assert_string_equal(end.id, "acme-github");
	assert_sent(world, "POST", "/base/integrations/quickstart",
	            "{\"unique_key\":\"acme-github\",\"provider\":\"github\","
	            "\"display_name\":\"A\"}");
}

static void nango_refuses_scopes_before_they_are_sent(void **state)
{
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;
	struct end end = { 0 };

	OPEN_BUILTIN(world, "nango", { 200, "{}" });
	sample_init(&sample, PLATFORM_CREATE, "own");
	put_set(&sample, "scopes", "read user");
	assert_int_equal(platform_submit(world->platform, &sample.request,
	                                 note_end, &end, world->diag),
	                 -1);
	assert_report(world, CODE_REQUEST, "takes no such text");
	assert_int_equal(platform_requests(world->platform), 0);
}

static void nango_refuses_keys_before_they_are_sent(void **state)
{
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;
	struct end end = { 0 };

	OPEN_BUILTIN(world, "nango", { 200, "{}" });
	sample_init(&sample, PLATFORM_CREATE, "own");
	sample.request.natural_key = "a/b";
	assert_int_equal(platform_submit(world->platform, &sample.request,
	                                 note_end, &end, world->diag),
	                 -1);
	assert_report(world, CODE_REQUEST, "`platformKey` cannot be sent");
}

static void nango_clears_scopes_by_an_empty_text(void **state)
{
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;
	CLEANUP(end_release) struct end end = { 0 };

	OPEN_BUILTIN(world, "nango",
	             { 200, "{\"data\":{" NANGO_HEAD("x1") "\"A\"}}" });
	sample_init(&sample, PLATFORM_UPDATE, "own");
	put_text(&sample, "type", "oauth2");
	put_text(&sample, "client.id", "Iv1.0");
	put_set(&sample, "scopes", NULL);
	put_secret(&sample, "client.secret");
	end = perform(world, &sample);
	assert_int_equal(end.end, PLATFORM_DONE);
	assert_sent(world, "PATCH", "/base/integrations/x1",
	            "{\"credentials\":{\"type\":\"OAUTH2\",\"client_id\":"
	            "\"Iv1.0\",\"scopes\":\"\",\"client_secret\":\"" SECRET
	            "\"}}");
}

static void nango_says_why_not(void **state)
{
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;
	CLEANUP(end_release) struct end end = { 0 };

	OPEN_BUILTIN(world, "nango",
	             { 400, "{\"error\":{\"code\":\"invalid_body\",\"errors\":"
	                    "[{\"code\":\"invalid_string\",\"message\":"
	                    "\"Unique key already exists\",\"path\":["
	                    "\"uniqueKey\"]}]}}" });
	sample_init(&sample, PLATFORM_CREATE, "managed");
	put_text(&sample, "connector", "github");
	end = perform(world, &sample);
	assert_int_equal(end.end, PLATFORM_REFUSED);
	assert_string_equal(end.message,
	                    "Unique key already exists (invalid_body)");
}

static void nango_is_read_one_by_one(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *live = NULL;
	const struct secret_reading *reading;
	struct value scopes;

	OPEN_BUILTIN(world, "nango",
	             { 200, "{\"data\":[{" NANGO_HEAD("acme") "\"A\"}]}" },
	             { 200,
	               "{\"data\":{" NANGO_HEAD(
			       "acme") "\"A\",\"forward_webhooks\":true,"
	                               "\"credentials\":{\"type\":\"OAUTH2\","
	                               "\"client_id\":\"Iv1.0\","
	                               "\"client_secret\":\"" SECRET
	                               "\",\"scopes\":\"repo,read:user\","
	                               "\"webhook_secret\":null}}}" });
	live = platform_list(world->platform, world->diag);
	assert_non_null(live);
	assert_string_equal(world->seen[0].path, "/base/integrations");
	assert_string_equal(world->seen[1].path,
	                    "/base/integrations/acme?include=credentials");
	assert_string_equal(state_at(live, 0)->natural_key, "acme");
	assert_string_equal(auth_config_text(state_at(live, 0), "ownership"),
	                    "own");
	scopes = auth_config_value(state_at(live, 0), "scopes");
	assert_int_equal(value_count(&scopes), 2);
	reading = auth_config_reading(state_at(live, 0), "client.secret");
	assert_true(secret_length(reading->clear) == strlen(SECRET));
	assert_true(
		auth_config_reading(state_at(live, 0), "secrets.webhookSecret")
			->unset);
}

static void nango_shows_managed_ones_by_emptiness(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *live = NULL;

	OPEN_BUILTIN(world, "nango",
	             { 200, "{\"data\":[{" NANGO_HEAD("acme") "\"A\"}]}" },
	             { 200,
	               "{\"data\":{" NANGO_HEAD(
			       "acme") "\"A\",\"credentials\":{\"type\":"
	                               "\"OAUTH2\",\"client_id\":\"\","
	                               "\"client_secret\":\"\",\"scopes\":"
	                               "null,\"webhook_secret\":null}}}" });
	live = platform_list(world->platform, world->diag);
	assert_non_null(live);
	assert_string_equal(auth_config_text(state_at(live, 0), "ownership"),
	                    "managed");
	assert_true(
		auth_config_reading(state_at(live, 0), "client.secret")->unset);
}

static void nango_names_the_missing_scope(void **state)
{
	struct world *world = *state;

	OPEN_BUILTIN(world, "nango",
	             { 200, "{\"data\":[{" NANGO_HEAD("acme") "\"A\"}]}" },
	             { 200, "{\"data\":{" NANGO_HEAD("acme") "\"A\"}}" });
	assert_refused(world, CODE_UNAUTHORISED,
	               "environment:integrations:read_credentials");
}

static void nango_leaves_other_kinds_alone(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *live = NULL;

	OPEN_BUILTIN(world, "nango",
	             { 200, "{\"data\":[{" NANGO_HEAD("acme") "\"A\"}]}" },
	             { 200, "{\"data\":{" NANGO_HEAD(
				    "acme") "\"A\",\"credentials\":null}}" });
	live = platform_list(world->platform, world->diag);
	assert_non_null(live);
	assert_int_equal(state_at(live, 0)->flags, AUTH_CONFIG_OPAQUE);
}

static void nango_counts_connections(void **state)
{
	struct world *world = *state;
	int64_t count;

	OPEN_BUILTIN(world, "nango",
	             { 200, "{\"connections\":[{\"provider_config_key\":"
	                    "\"acme\"},{\"provider_config_key\":\"b\"}]}" });
	assert_int_equal(platform_connections(world->platform, "acme", &count,
	                                      world->diag),
	                 0);
	assert_int_equal(count, 1);
	assert_string_equal(world->seen[0].path, "/base/connections");
}

/* ---- stackone ---- */

static void stackone_is_read_in_pages(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *live = NULL;

	OPEN_BUILTIN(world, "stackone",
	             { 200, "{\"page\":1,\"page_size\":25,\"total\":2,"
	                    "\"data\":[{\"id\":\"1\",\"connector_key\":"
	                    "\"slack\",\"name\":\"S\",\"active\":true}]}" },
	             { 200,
	               "{\"total\":2,\"data\":[{\"id\":\"2\","
	               "\"connector_key\":\"hubspot\",\"name\":\"H\","
	               "\"active\":false,\"environment\":\"sandbox\"}]}" });
	live = platform_list(world->platform, world->diag);
	assert_non_null(live);
	assert_int_equal(state_length(live), 2);
	assert_string_equal(world->seen[1].path,
	                    "/base/auth_configs?page_size=25&page=2");
	assert_string_equal(world->seen[0].key, "Basic dGVzdC1hcGkta2V5Og==");
}

static void stackone_cannot_be_written(void **state)
{
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;
	struct end end = { 0 };

	OPEN_BUILTIN(world, "stackone", { 200, "{}" });
	sample_init(&sample, PLATFORM_CREATE, "own");
	assert_int_equal(platform_submit(world->platform, &sample.request,
	                                 note_end, &end, world->diag),
	                 -1);
	assert_report(world, CODE_REQUEST, "`stackone` has no `create`");
}

/* ---- merge-agent-handler ---- */

#define MERGE_ONE(id, name, scopes)                                            \
	"{\"id\":\"" id "\",\"connector_slug\":\"slack\",\"client_id\":\"c\"," \
	"\"external_id\":" name ",\"is_global_default\":false,"                \
	"\"modified_at\":\"2026-11-01T00:00:00Z\","                            \
	"\"oauth2_scopes_override\":" scopes "}"

static void merge_is_read_in_pages(void **state)
{
	struct world *world = *state;
	CLEANUP(state_freep) struct state *live = NULL;
	const struct auth_config *one, *two;
	struct value scopes;

	OPEN_BUILTIN(
		world, "merge-agent-handler",
		{ 200, "{\"count\":2,\"next\":\"x\",\"results\":[" MERGE_ONE(
			       "u1", "\"crm\"", "\"b a\"") "]}" },
		{ 200, "{\"count\":2,\"next\":null,\"results\":[" MERGE_ONE(
			       "u2", "null", "null") "]}" });
	live = platform_list(world->platform, world->diag);
	assert_non_null(live);
	assert_string_equal(world->seen[0].path,
	                    "/base/application-credentials/?page=1");
	assert_string_equal(world->seen[1].path,
	                    "/base/application-credentials/?page=2");
	assert_string_equal(world->seen[0].key, "Bearer test-api-key");
	one = state_find(live, "u1");
	two = state_find(live, "u2");
	scopes = auth_config_value(one, "scopes");
	assert_true(value_contains(&scopes, "a"));
	assert_int_equal(value_count(&scopes), 2);
	assert_string_equal(auth_config_text(one, "name"), "crm");
	assert_int_equal(auth_config_value(two, "scopes").kind,
	                 VALUE_UNREADABLE);
	assert_string_equal(auth_config_text(two, "name"), "");
}

static void merge_changes_only_what_is_sent(void **state)
{
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;
	CLEANUP(end_release) struct end end = { 0 };

	OPEN_BUILTIN(world, "merge-agent-handler",
	             { 200, MERGE_ONE("x1", "\"crm\"", "\"chat repo\"") });
	sample_init(&sample, PLATFORM_UPDATE, "own");
	put_set(&sample, "scopes", "chat");
	put_secret(&sample, "client.secret");
	end = perform(world, &sample);
	assert_int_equal(end.end, PLATFORM_DONE);
	assert_sent(world, "PATCH", "/base/application-credentials/x1/",
	            "{\"oauth2_scopes_override\":\"chat repo\","
	            "\"client_secret\":\"" SECRET "\"}");
}

static void merge_refuses_with_words(void **state)
{
	struct world *world = *state;
	CLEANUP(sample_release) struct sample sample;
	CLEANUP(end_release) struct end end = { 0 };

	OPEN_BUILTIN(world, "merge-agent-handler",
	             { 400, "{\"error\":{\"type\":\"validation_error\","
	                    "\"code\":\"no_such_connector\","
	                    "\"message\":\"There is no slacc.\"}}" });
	sample_init(&sample, PLATFORM_CREATE, "own");
	put_text(&sample, "connector", "slacc");
	put_text(&sample, "name", "crm");
	put_text(&sample, "client.id", "c");
	put_secret(&sample, "client.secret");
	end = perform(world, &sample);
	assert_int_equal(end.end, PLATFORM_REFUSED);
	assert_non_null(strstr(end.message, "There is no slacc."));
	assert_sent(world, "POST", "/base/application-credentials/",
	            "{\"connector_slug\":\"slacc\",\"external_id\":\"crm\","
	            "\"client_id\":\"c\",\"client_secret\":\"" SECRET "\"}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(composio_creates_own_ones),
		TEST(composio_creates_managed_ones),
		cmocka_unit_test(composio_updates_each_kind_its_own_way),
		cmocka_unit_test(composio_is_never_sent_a_mask),
		TEST(composio_enables_by_a_call_of_its_own),
		TEST(composio_deletes_and_says_why_not),
		TEST(composio_is_read),
		TEST(nango_creates_own_ones),
		TEST(nango_creates_managed_ones),
		TEST(nango_refuses_scopes_before_they_are_sent),
		TEST(nango_refuses_keys_before_they_are_sent),
		TEST(nango_clears_scopes_by_an_empty_text),
		TEST(nango_says_why_not),
		TEST(nango_is_read_one_by_one),
		TEST(nango_shows_managed_ones_by_emptiness),
		TEST(nango_names_the_missing_scope),
		TEST(nango_leaves_other_kinds_alone),
		TEST(nango_counts_connections),
		TEST(stackone_is_read_in_pages),
		TEST(stackone_cannot_be_written),
		TEST(merge_is_read_in_pages),
		TEST(merge_changes_only_what_is_sent),
		TEST(merge_refuses_with_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
