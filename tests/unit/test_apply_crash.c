/* SPDX-License-Identifier: MIT */
/*
 * A crash at any moment of a run: before a request arrives, and after it was
 * done and before its answer is heard. At each moment the ledger's files are
 * copied as a killed process would leave them, with the platform's objects;
 * then the next run is made from every copy. Nothing may be lost or doubled.
 */
#include "base/text.h"
#include "schema/schema.h"
#include "world.h"

#include <string.h>
#include <sys/stat.h>

enum { MOMENTS = 64, RUNS = 4 };

struct image {
	char *path; /* of the ledger's copy */
	struct fake_object objects[FAKE_OBJECTS];
	size_t object_count;
	int64_t wall_ms, steady_ms;
	uint64_t serial; /* of the ledger: one a commit */
};

struct recorder {
	struct world *world;
	struct image images[MOMENTS];
	size_t count;
};

static void copy_file(const char *from, const char *to, struct diag *diag)
{
	struct buffer bytes = { 0 };

	if (access(from, F_OK) < 0)
		return;
	assert_int_equal(file_read(from, 1 << 26, &bytes, diag), 0);
	assert_int_equal(file_write(to, 0600, bytes.bytes, bytes.length, diag),
	                 0);
	buffer_release(&bytes);
}

static void copy_ledger(const char *from, const char *to, struct diag *diag)
{
	static const char *const ends[] = { "", "-wal" };

	for (size_t i = 0; i < LENGTH(ends); i++) {
		CLEANUP(textp) char *source = xasprintf("%s%s", from, ends[i]);
		CLEANUP(textp) char *target = xasprintf("%s%s", to, ends[i]);

		copy_file(source, target, diag);
	}
}

/* Another world than the one before: reads leave no trace. */
static bool is_news(const struct recorder *recorder)
{
	const struct world *world = recorder->world;
	const struct image *last = &recorder->images[recorder->count];

	if (!recorder->count)
		return true;
	last--;
	return last->serial != ledger_serial(world->ledger) ||
	       memcmp(last->objects, world->platform->objects,
	              sizeof(last->objects)) != 0;
}

static void record(void *context)
{
	struct recorder *recorder = context;
	struct world *world = recorder->world;
	struct image *image = &recorder->images[recorder->count];
	CLEANUP(textp) char *folder = NULL;
	CLEANUP(textp) char *name = xasprintf("moment%zu", recorder->count);

	if (!is_news(recorder))
		return;
	assert_true(recorder->count++ < MOMENTS);
	image->serial = ledger_serial(world->ledger);
	folder = path_join(world->folder, name);
	assert_int_equal(mkdir(folder, 0700), 0);
	image->path = path_join(folder, "test.db");
	copy_ledger(world->ledger_path, image->path, world->diag);
	memcpy(image->objects, world->platform->objects,
	       sizeof(image->objects));
	image->object_count = world->platform->object_count;
	image->wall_ms = world->clock.wall_ms;
	image->steady_ms = world->clock.steady_ms;
}

/* The world as the crash left it, once the dead run's lock has expired. */
static void put_back(struct world *world, const struct image *image)
{
	struct platform *platform = world->platform;

	free(world->ledger_path);
	world->ledger_path = xstrdup(image->path);
	memcpy(platform->objects, image->objects, sizeof(image->objects));
	platform->object_count = image->object_count;
	world->clock.wall_ms = image->wall_ms + 2 * LOCK_TTL_MS;
	world->clock.steady_ms = image->steady_ms + 2 * LOCK_TTL_MS;
}

static void expect_whole(struct world *world)
{
	CLEANUP(state_freep) struct state *rows = world_rows(world);

	assert_int_equal(state_length(rows), world->entry_count);
	for (size_t i = 0; i < world->entry_count; i++) {
		const struct entry *entry = &world->entries[i];
		const struct auth_config *row = state_find(rows, entry->key);
		const struct fake_object *object;

		assert_non_null(row);
		object = fake_find(world->platform, row->id);
		assert_non_null(object);
		assert_true(
			fake_has_secret(world->platform, object, SECRET_TWO));
	}
	assert_int_equal(world_open_intents(world), 0);
}

/* Runs until nothing is left to do. */
static void recover(struct world *world, const struct image *image)
{
	put_back(world, image);
	for (size_t i = 0; i < RUNS; i++) {
		assert_int_equal(world_apply(world), 0);
		if (!world_plan(world))
			break;
	}
	assert_int_equal(world->plan->change_count, 0);
	expect_whole(world);
}

static void expect_survival(struct world *world, size_t objects)
{
	struct recorder *recorder = xcalloc(1, sizeof(*recorder));

	recorder->world = world;
	world->platform->moment = record;
	world->platform->moment_context = recorder;
	assert_int_equal(world_apply(world), 0);
	world->platform->moment = NULL;
	world_forget(world);
	assert_true(recorder->count > 0);
	for (size_t i = 0; i < recorder->count; i++) {
		recover(world, &recorder->images[i]);
		assert_int_equal(fake_length(world->platform), objects);
		world_forget(world);
		free(recorder->images[i].path);
	}
	print_message("%zu moments\n", recorder->count);
	free(recorder);
}

static void start(struct world *world)
{
	world_declare(world, "a", "A");
	world_declare(world, "b", "B");
	world_declare(world, "c", "C");
	world_declare(world, "d", "D");
	assert_int_equal(world_apply(world), 0);
	world_set_secret(world, SECRET_TWO);
	world->permissions.prune = true;
}

static void creates_updates_and_deletes_survive(void **state)
{
	struct world *world = *state;

	start(world);
	world_undeclare(world, "b");
	world->entries[0].scopes[0] = "chat:read";
	world_declare(world, "e", "E");
	world_declare(world, "f", "F");

	expect_survival(world, 5);
}

/* One at a time, so that the journal holds intents of what was never sent. */
static void intents_ahead_survive(void **state)
{
	struct world *world = *state;

	start(world);
	world_declare(world, "e", "E");
	world_declare(world, "f", "F");
	world_declare(world, "g", "G");
	world->parallelism = 1;

	expect_survival(world, 7);
	assert_true(world_creates(world) > 0);
}

static void short_answers_survive(void **state)
{
	struct world *world = *state;

	world->platform->flags |= FAKE_SHORT;
	start(world);
	world_undeclare(world, "b");
	world->entries[0].scopes[0] = "chat:read";
	world_declare(world, "e", "E");

	expect_survival(world, 4);
}

static void clearing_survives(void **state)
{
	struct world *world = *state;

	world_fill_scopes(world);
	start(world);
	world_declare(world, "e", "E")->scopes[0] = NULL;

	expect_survival(world, 5);
}

static const char *const replaced[] = { "a" };

static void replacing_survives(void **state)
{
	struct world *world = *state;

	start(world);
	world->entries[0].connector = "github";
	world->permissions.allow_replace = replaced;
	world->permissions.allow_replace_count = 1;
	world->permissions.prune = false;

	expect_survival(world, 5); /* the old one stays, retired */
}

static const char *const both_replaced[] = { "a", "b" };

/* One replacement waits for its intent while another is in flight. */
static void replacing_beside_others_survives(void **state)
{
	struct world *world = *state;

	start(world);
	world_declare(world, "e", "E");
	world->entries[0].connector = "github";
	world->entries[1].connector = "github";
	world->permissions.allow_replace = both_replaced;
	world->permissions.allow_replace_count = 2;
	world->permissions.prune = false;
	world->parallelism = 2;
	fake_script(world->platform, PLATFORM_GET, "id-002", FAKE_LATE, 2);

	expect_survival(world, 7);
}

static void replacing_where_names_are_unique_survives(void **state)
{
	struct world *world = *state;

	world->traits.abilities = (enum platform_abilities)(
		world->traits.abilities | HAS_UNIQUE_NAMES);
	start(world);
	world->entries[0].connector = "github";
	world->permissions.allow_replace = replaced;
	world->permissions.allow_replace_count = 1;
	world->permissions.allow_deletes = 1;
	world->permissions.break_connections = 0;

	expect_survival(world, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(creates_updates_and_deletes_survive),
		WORLD_TEST(intents_ahead_survive),
		WORLD_TEST(short_answers_survive),
		WORLD_TEST(clearing_survives),
		WORLD_TEST(replacing_survives),
		WORLD_TEST(replacing_beside_others_survives),
		WORLD_TEST(replacing_where_names_are_unique_survives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
