/* SPDX-License-Identifier: MIT */
/* The digest: the same for what would do the same, another for anything else.
 */
#include "scene.h"

#include "base/text.h"

#include <string.h>

/* One entry that is updated and whose secret rotates, one that is created, one
 * object that is deleted. Texts are what a test may vary. */
struct story {
	const char *after, *before, *id, *source, *version;
	const char *environment, *origin, *platform, *binding, *revision;
	const char *note, *stray, *updated;
	const char *const *allow_replace;
	size_t allow_replace_count;
	bool prune, resolved, fresh, deletes_allowed;
	int64_t connections;
};

static const struct story usual = {
	.after = "new",
	.before = "old",
	.id = "o1",
	.source = "env:S",
	.version = "2",
	.environment = "prod",
	.origin = "https://platform.example",
	.platform = "pretend",
	.binding = "b1",
	.revision = "r1",
	.note = "",
	.stray = "x",
	.updated = "1",
	.prune = true,
	.fresh = true,
	.connections = -1,
};

static void tell(struct scene *scene, const struct story *story)
{
	CLEANUP(textp)
	char *entry = xasprintf("connector=s name=n extra.v=%s @secret=%s "
	                        "@version=%s",
	                        story->after, story->source, story->version);
	CLEANUP(textp)
	char *row = xasprintf("connector=s name=n extra.v=%s @known "
	                      "@version=1 @updated=1",
	                      story->before);
	CLEANUP(textp)
	char *live = xasprintf("connector=s name=n extra.v=%s @updated=%s",
	                       story->before, story->updated);
	CLEANUP(textp)
	char *stray = xasprintf("connector=s name=%s", story->stray);
	CLEANUP(textp)
	char *noted = xasprintf("connector=s name=noted %s", story->note);
	const struct secret_fact fact = {
		.key = "k",
		.resolved = story->resolved,
	};

	scene_desired(scene, "k", entry);
	scene_row(scene, "k", story->id, row);
	scene_live(scene, story->id, live);
	scene_live(scene, "stray", stray);
	scene_desired(scene, "noted", "connector=s name=noted");
	scene_row(scene, "noted", "o5", noted);
	scene_live(scene, "o5", "connector=s name=noted");
	if (story->fresh)
		scene_desired(scene, "fresh", "connector=s name=fresh");
	scene_orphan(scene, "old", "o9", "");
	scene_fact(scene, &fact);
}

static void set_permissions(struct scene *scene, const struct story *story)
{
	scene->permissions.prune = story->prune;
	scene->permissions.allow_replace = story->allow_replace;
	scene->permissions.allow_replace_count = story->allow_replace_count;
	if (story->deletes_allowed)
		scene->permissions.allow_deletes = 1;
}

static void digest_of(const struct story *story, char *out)
{
	struct scene scene;
	CLEANUP(plan_freep) struct plan *plan = NULL;

	scene_init(&scene);
	set_permissions(&scene, story);
	tell(&scene, story);
	plan = scene_plan(&scene);
	assert_non_null(plan);
	scene.input.environment = story->environment;
	scene.input.origin = story->origin;
	scene.input.platform = story->platform;
	scene.input.binding_hash = story->binding;
	scene.input.revision = story->revision;
	for (size_t i = 0; i < plan->change_count; i++)
		plan->changes[i].connections = story->connections;
	plan_judge(plan, &scene.input);
	memcpy(out, plan->digest, sizeof(plan->digest));
	plan_free(TAKE(plan));
	scene_release(&scene);
}

enum { DIGEST_SIZE = 2 + 64 + 1 };

static void digest_is_a_version_and_64_hex_digits(void **state)
{
	char digest[DIGEST_SIZE];

	(void)state;
	digest_of(&usual, digest);

	assert_int_equal(strlen(digest), 66);
	assert_memory_equal(digest, "1:", 2);
	assert_int_equal(strspn(digest + 2, "0123456789abcdef"), 64);
}

/* Whoever approved a plan before this program was replaced is still believed.
 */
static void a_digest_stays_what_it_was(void **state)
{
	struct story replacing = usual;
	static const char *const keys[] = { "k", "l" };
	char digest[DIGEST_SIZE];

	(void)state;
	replacing.allow_replace = keys;
	replacing.allow_replace_count = LENGTH(keys);
	replacing.prune = false;
	digest_of(&usual, digest);
	assert_string_equal(digest, "1:"
	                            "5f2dada49f0c3965520bf8e4ac2173eea9dceba5b9"
	                            "2efe01aa1d037f85c0fedc");
	digest_of(&replacing, digest);
	assert_string_equal(digest, "1:"
	                            "7682e2e216550281ef7761246829db49920afcef22"
	                            "f3e1590295ad36e6a9d65e");
}

static void what_has_no_effect_leaves_the_digest_alone(void **state)
{
	struct story stories[6];
	char expected[DIGEST_SIZE];

	(void)state;
	digest_of(&usual, expected);
	for (size_t i = 0; i < LENGTH(stories); i++)
		stories[i] = usual;
	stories[0].revision = "r2";
	stories[1].note = "extra.v=gone";
	stories[2].stray = "another";
	stories[3].connections = 12;
	stories[4].resolved = true;
	stories[5].deletes_allowed = true;
	for (size_t i = 0; i < LENGTH(stories); i++) {
		char digest[DIGEST_SIZE];

		digest_of(&stories[i], digest);
		assert_string_equal(digest, expected);
	}
}

static void whatever_has_an_effect_changes_the_digest(void **state)
{
	static const char *const keys[] = { "k" };
	struct story stories[13];
	char digests[LENGTH(stories)][DIGEST_SIZE];

	(void)state;
	for (size_t i = 0; i < LENGTH(stories); i++)
		stories[i] = usual;
	stories[1].after = "newer";
	stories[2].before = "older";
	stories[3].id = "o2";
	stories[4].source = "env:T";
	stories[5].version = "3";
	stories[6].environment = "dev";
	stories[7].origin = "https://other.example";
	stories[8].platform = "pretend2";
	stories[9].binding = "b2";
	stories[10].prune = false;
	stories[11].allow_replace = keys;
	stories[11].allow_replace_count = 1;
	stories[12].fresh = false;
	for (size_t i = 0; i < LENGTH(stories); i++) {
		digest_of(&stories[i], digests[i]);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(digests[i], digests[j]);
	}
}

/* A set and a text of the same letters, a name that ends where a value
 * begins: nothing runs into its neighbour. */
static void parts_do_not_run_together(void **state)
{
	static const char *const entries[] = {
		"connector=s name=ab client.id=c",
		"connector=s name=a client.id=bc",
		"connector=s name=ab client.id=[c]",
		"connector=s name=ab client.id=[]",
	};
	char digests[LENGTH(entries)][DIGEST_SIZE];

	(void)state;
	for (size_t i = 0; i < LENGTH(entries); i++) {
		struct scene scene;
		CLEANUP(plan_freep) struct plan *plan = NULL;

		scene_init(&scene);
		scene_desired(&scene, "k", entries[i]);
		plan = scene_plan(&scene);
		memcpy(digests[i], plan->digest, DIGEST_SIZE);
		plan_free(TAKE(plan));
		scene_release(&scene);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(digests[i], digests[j]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digest_is_a_version_and_64_hex_digits),
		cmocka_unit_test(a_digest_stays_what_it_was),
		cmocka_unit_test(what_has_no_effect_leaves_the_digest_alone),
		cmocka_unit_test(whatever_has_an_effect_changes_the_digest),
		cmocka_unit_test(parts_do_not_run_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
