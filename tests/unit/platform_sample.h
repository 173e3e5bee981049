/* SPDX-License-Identifier: MIT */
/* A request with everything that an own auth config declares, and its end. */
#ifndef TESTS_UNIT_PLATFORM_SAMPLE_H
#define TESTS_UNIT_PLATFORM_SAMPLE_H

#include "platform_world.h"

#define ID "aaaaaaaaaaaaaaaaaaaaaaaa"
#define SECRET "c4nary-client-secret"
#define OBJECT                                                    \
	"{\"authConfigId\":\"" ID "\",\"connectorId\":\"slack\"," \
	"\"name\":\"Slack\",\"authenticationType\":\"oauth2\","   \
	"\"useOwnCredentials\":true,\"clientId\":\"1.2\","        \
	"\"scopes\":[\"a\"]}"

struct end {
	unsigned calls;
	enum platform_end end;
	int status;
	char *id, *message, *name;
};

static inline void end_release(struct end *end)
{
	free(end->id);
	free(end->message);
	free(end->name);
	*end = (struct end){ 0 };
}

static inline void note_end(const struct platform_result *result, void *context)
{
	struct end *end = context;

	end->calls++;
	end->end = result->end;
	end->status = result->status;
	end->id = result->id ? xstrdup(result->id) : NULL;
	end->message = xstrdup(result->message);
	assert_non_null(result->request_id);
	if (!result->object)
		return;
	assert_int_equal(state_length(result->object_state), 1);
	end->name = xstrdup(auth_config_text(result->object, "name"));
}

struct sample {
	struct state *state; /* owns the values */
	struct secret *secret;
	struct platform_field fields[8];
	struct platform_secret secrets[1];
	struct platform_request request;
};

static inline void sample_field(struct sample *sample, const char *name,
                                struct value value)
{
	sample->fields[sample->request.field_count++] =
		(struct platform_field){ name, value };
}

static inline void sample_text(struct sample *sample, const char *name,
                               const char *text)
{
	sample_field(sample, name, state_value_text(sample->state, text));
}

static inline void sample_init(struct sample *sample, enum platform_verb verb)
{
	static const char *const scopes[] = { "write", "read" };

	*sample = (struct sample){
		.state = state_new(STATE_BY_ID),
		.secret = secret_new(SECRET, strlen(SECRET)),
	};
	sample->request = (struct platform_request){
		.verb = verb,
		.id = verb == PLATFORM_CREATE ? NULL : ID,
		.ownership = "own",
		.fields = sample->fields,
		.secrets = sample->secrets,
		.secret_count = 1,
	};
	sample->secrets[0] =
		(struct platform_secret){ "client.secret", sample->secret };
	sample_text(sample, "connector", "slack");
	sample_text(sample, "name", "Sl\"ack \303\244");
	sample_text(sample, "type", "oauth2");
	sample_text(sample, "ownership", "own");
	sample_text(sample, "client.id", "0123");
	sample_field(sample, "scopes",
	             state_value_set(sample->state, scopes, 2));
}

static inline void sample_release(struct sample *sample)
{
	state_free(sample->state);
	secret_free(sample->secret);
}

static inline struct end perform(struct world *world, struct sample *sample)
{
	struct end end = { 0 };

	assert_int_equal(platform_perform(world->platform, &sample->request,
	                                  note_end, &end, world->diag),
	                 0);
	assert_int_equal(end.calls, 1);
	return end;
}

static inline void assert_unsendable(struct world *world, struct sample *sample,
                                     const char *words)
{
	struct end end = { 0 };

	assert_int_equal(platform_submit(world->platform, &sample->request,
	                                 note_end, &end, world->diag),
	                 -1);
	assert_report(world, CODE_REQUEST, words);
	assert_int_equal(platform_turn(world->platform, 0), 0);
	assert_int_equal(end.calls, 0);
	assert_int_equal(platform_requests(world->platform), 0);
}

#endif
