/* SPDX-License-Identifier: MIT */
/*
 * A whole apply against the sandbox, which is slow, or before a terminal, where
 * a person is: more time passes than the lock lasts. Time is the test's: while
 * it ticks, each look at the clock is five seconds.
 */
#include "base/clock.h"
#include "base/hash.h"
#include "base/text.h"
#include "http/http.h"
#include "ledger/ledger.h"
#include "run/run.h"
#include "sandbox/sandbox.h"
#include "schema/schema.h"
#include "secrets/secrets.h"
#include "unit.h"

#include <semaphore.h>
#include <stdatomic.h>

enum {
	TICK_MS = 5000,
	WAIT_MS = LOCK_TTL_MS + 2 * TICK_MS,
	NOON_MS = 1000000000,
};

static const char file_text[] =
	"trueup: 1\n"
	"environment: prod\n"
	"platform:\n"
	"  binding: alloy-assumed\n"
	"  url: ${env:TRUEUP_VAR_URL}\n"
	"  apiKey: { env: SANDBOX_API_KEY }\n"
	"authConfigs:\n"
	"  crm:\n"
	"    connector: slack\n"
	"    client: { id: c1, secret: { env: CRM_SECRET } }\n"
	"    scopes: [chat:write]\n";

/* Where the time is spent, and what happens when it was. */
enum moment { WHILE_LISTING, WHILE_ASKING };
enum deed { LOOK_AT_LOCK, BREAK_LOCK, STOP };

/* The part that a look at the clock changes. */
struct time {
	atomic_llong now_ms, left_ms; /* left_ms > 0: it ticks */
	sem_t over;
	void (*then)(void *context); /* when it is over; NULL: nothing */
	void *context;
};

struct ticking {
	struct clock clock;
	struct time *time;
};

struct world {
	char *folder, *file, *ledger, *origin;
	struct ticking clock;
	struct time time;
	struct diag *diag, *other_diag;
	struct sandbox *sandbox;
	struct http_server *server;
	struct variables *variables;
	char *set[5]; /* what they are borrowed from */
	struct run run;
	FILE *answers; /* what is typed */
	enum moment moment;
	enum deed deed;
	atomic_bool stop;
	struct lock_state seen; /* no texts of it */
	int64_t seen_ms;
	unsigned posts;
};

/* ---- time ---- */

static int64_t wall_ms(const struct clock *clock)
{
	return atomic_load(&((const struct ticking *)clock)->time->now_ms);
}

static int64_t steady_ms(const struct clock *clock)
{
	struct time *time = ((const struct ticking *)clock)->time;

	if (atomic_load(&time->left_ms) <= 0)
		return atomic_load(&time->now_ms);
	atomic_fetch_add(&time->now_ms, TICK_MS);
	if (atomic_fetch_sub(&time->left_ms, TICK_MS) > TICK_MS)
		return atomic_load(&time->now_ms);
	if (time->then)
		time->then(time->context);
	(void)sem_post(&time->over);
	return atomic_load(&time->now_ms);
}

/* ---- what happens then ---- */

static void be_somebody_else(struct world *world, unsigned flags)
{
	static const uint8_t key_bytes[HASH_BYTES] = { 1 };
	struct fingerprint_key *key = fingerprint_key_new(key_bytes);
	const struct ledger_settings settings = {
		.path = world->ledger,
		.platform = "alloy-assumed",
		.origin = world->origin,
		.environment = "prod",
		.key = key,
		.clock = &world->clock.clock,
		.flags = (enum ledger_flags)flags,
	};
	struct ledger *ledger = NULL;

	assert_int_equal(ledger_open(&settings, &ledger, world->other_diag),
	                 LEDGER_FOUND);
	world->seen = ledger_lock_state(ledger);
	world->seen_ms = wall_ms(&world->clock.clock);
	if (flags & LEDGER_WRITE)
		assert_int_equal(ledger_break_lock(ledger, &world->seen,
		                                   world->other_diag),
		                 0);
	ledger_close(ledger);
	fingerprint_key_free(key);
}

static void happen(struct world *world)
{
	switch (world->deed) {
	case LOOK_AT_LOCK:
		be_somebody_else(world, 0);
		break;
	case BREAK_LOCK:
		be_somebody_else(world, LEDGER_WRITE);
		break;
	case STOP:
		atomic_store(&world->stop, true);
		break;
	}
}

static bool is_stopping(void *context)
{
	struct world *world = context;

	if (atomic_load(&world->stop))
		world->run.stop_exit = 130;
	return world->run.stop_exit;
}

/* A person answers; nobody does who pressed Ctrl-C. */
static void answer(void *context)
{
	struct world *world = context;

	happen(world);
	if (world->deed == STOP)
		return;
	fputs("prod\n", world->answers);
	fflush(world->answers);
}

/* In the server's thread: it lists once the time has passed, or before. */
static void serve(const struct http_call *call, struct http_reply *reply,
                  void *context)
{
	struct world *world = context;

	if (str_equal(call->method, "POST"))
		world->posts++;
	if (str_equal(call->method, "GET") && world->moment == WHILE_LISTING &&
	    !world->seen_ms && !atomic_load(&world->stop)) {
		atomic_store(&world->time.left_ms, WAIT_MS);
		while (sem_wait(&world->time.over) < 0)
			;
		happen(world);
	}
	sandbox_serve(call, reply, world->sandbox);
	if (world->moment == WHILE_ASKING && !world->time.then) {
		world->time.context = world;
		world->time.then = answer;
		atomic_store(&world->time.left_ms, WAIT_MS);
	}
}

/* ---- the world ---- */

static void start_platform(struct world *world)
{
	struct sandbox_key key = { .name = xstrdup("case"),
		                   .key = xstrdup("api-key") };
	const struct sandbox_keys keys = { &key, 1 };
	const struct sandbox_settings settings = {
		.dialect = "alloy",
		.keys = &keys,
		.admin_token = "admin-token",
		.clock = clock_system(),
	};

	world->sandbox = sandbox_new(&settings, world->other_diag);
	assert_non_null(world->sandbox);
	free(key.name);
	free(key.key);
	world->server = http_server_start(0, serve, world, world->other_diag);
	assert_non_null(world->server);
	world->origin = xasprintf("http://127.0.0.1:%u",
	                          http_server_port(world->server));
}

static void make_variables(struct world *world)
{
	size_t count = 0;

	world->set[count++] = xasprintf("TRUEUP_VAR_URL=%s", world->origin);
	world->set[count++] = xasprintf("TRUEUP_FINGERPRINT_KEY=01%062d", 0);
	world->set[count++] = xstrdup("SANDBOX_API_KEY=api-key");
	world->set[count++] = xstrdup("CRM_SECRET=x7");
	world->variables = variables_new(world->set);
}

static void type_into(struct world *world)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	world->run.in = fdopen(ends[0], "r");
	world->answers = fdopen(ends[1], "w");
	assert_non_null(world->run.in);
	assert_non_null(world->answers);
}

static int set_up(void **state)
{
	struct world *world = xcalloc(1, sizeof(*world));

	world->diag = diag_new();
	world->other_diag = diag_new();
	world->folder = folder_make();
	world->file = path_join(world->folder, "prod.yaml");
	world->ledger = path_join(world->folder, ".trueup/prod.db");
	assert_int_equal(file_write(world->file, 0600, file_text,
	                            sizeof(file_text) - 1, world->diag),
	                 0);
	world->clock.clock = (struct clock){ wall_ms, steady_ms };
	world->clock.time = &world->time;
	atomic_store(&world->time.now_ms, NOON_MS);
	assert_int_equal(sem_init(&world->time.over, 0, 0), 0);
	start_platform(world);
	make_variables(world);
	world->run = (struct run){
		.command = "apply",
		.options = { .limit = -1,
		             .max_bytes = -1,
		             .allow_deletes = -1,
		             .allow_changes = -1,
		             .allow_missing = -1,
		             .break_connections = -1,
		             .flags = RUN_INIT_LEDGER },
		.variables = world->variables,
		.clock = &world->clock.clock,
		.diag = world->diag,
		.out = tmpfile(),
		.talk = tmpfile(),
		.stopping = is_stopping,
		.stopping_context = world,
	};
	type_into(world);
	*state = world;
	return 0;
}

static int tear_down(void **state)
{
	struct world *world = *state;

	run_release(&world->run);
	http_server_stop(world->server);
	sandbox_free(world->sandbox);
	(void)fclose(world->run.in);
	(void)fclose(world->answers);
	(void)fclose(world->run.out);
	(void)fclose(world->run.talk);
	variables_free(world->variables);
	for (size_t i = 0; world->set[i]; i++)
		free(world->set[i]);
	diag_free(world->diag);
	diag_free(world->other_diag);
	folder_remove(world->folder);
	free(world->folder);
	free(world->file);
	free(world->ledger);
	free(world->origin);
	(void)sem_destroy(&world->time.over);
	free(world);
	return 0;
}

/* ---- one apply ---- */

static int apply(struct world *world, enum moment moment, enum deed deed)
{
	const char *files[] = { world->file };

	world->moment = moment;
	world->deed = deed;
	world->run.options.files = (struct texts){ files, 1 };
	world->run.options.flags |=
		moment == WHILE_ASKING ? RUN_TERMINAL : RUN_YES;
	return run_apply(&world->run);
}

static bool is_reported(const struct world *world, enum code code)
{
	for (size_t i = 0; i < diag_length(world->diag); i++) {
		if (diag_at(world->diag, i)->code == code)
			return true;
	}
	return false;
}

static void assert_kept(struct world *world)
{
	assert_true(world->seen_ms >= NOON_MS + WAIT_MS);
	assert_true(world->seen.held);
	assert_true(world->seen.expires_ms > world->seen_ms);
	assert_true(world->seen.since_ms < NOON_MS + TICK_MS * 4);
}

static void assert_given_back(struct world *world)
{
	be_somebody_else(world, 0);
	assert_false(world->seen.held);
	assert_null(world->seen.stale);
}

static void the_lock_is_kept(struct world *world, enum moment moment)
{
	assert_int_equal(apply(world, moment, LOOK_AT_LOCK), 0);
	assert_kept(world);
	assert_int_equal(world->posts, 1);
	assert_given_back(world);
}

static void a_slow_list_does_not_cost_the_lock(void **state)
{
	the_lock_is_kept(*state, WHILE_LISTING);
}

static void a_slow_person_does_not_cost_the_lock(void **state)
{
	the_lock_is_kept(*state, WHILE_ASKING);
}

static void who_lost_the_lock_writes_nothing(struct world *world,
                                             enum moment moment)
{
	assert_int_equal(apply(world, moment, BREAK_LOCK), 6);
	assert_true(is_reported(world, CODE_LOCK_LOST));
	assert_int_equal(diag_count(world->diag, SEVERITY_ERROR), 1);
	assert_int_equal(world->posts, 0);
	assert_given_back(world);
}

static void losing_it_while_listing_stops_writes(void **state)
{
	who_lost_the_lock_writes_nothing(*state, WHILE_LISTING);
}

static void losing_it_while_asking_stops_writes(void **state)
{
	who_lost_the_lock_writes_nothing(*state, WHILE_ASKING);
}

static void a_signal_ends_it(struct world *world, enum moment moment)
{
	assert_int_equal(apply(world, moment, STOP), 130);
	assert_int_equal(world->posts, 0);
	assert_given_back(world);
}

static void a_signal_while_listing_gives_the_lock_back(void **state)
{
	a_signal_ends_it(*state, WHILE_LISTING);
}

static void a_signal_while_asking_gives_the_lock_back(void **state)
{
	struct world *world = *state;

	a_signal_ends_it(world, WHILE_ASKING);
	assert_true(is_reported(world, CODE_NO_CONSENT));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_slow_list_does_not_cost_the_lock),
		TEST(a_slow_person_does_not_cost_the_lock),
		TEST(losing_it_while_listing_stops_writes),
		TEST(losing_it_while_asking_stops_writes),
		TEST(a_signal_while_listing_gives_the_lock_back),
		TEST(a_signal_while_asking_gives_the_lock_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
