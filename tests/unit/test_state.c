/* SPDX-License-Identifier: MIT */
#include "state/state.h"
#include "unit.h"

#include <string.h>

static void add_text(struct state *state, const char *name, const char *text)
{
	state_field(state, name, state_value_text(state, text), PLACE_NONE);
}

static void add_config(struct state *state, const char *name)
{
	state_begin(state, name, PLACE_NONE);
	add_text(state, "name", name);
	state_end(state);
}

static void finish(struct state *state)
{
	const char *twin = NULL;

	assert_int_equal(state_finish(state, &twin), 0);
	assert_null(twin);
}

static void configs_are_found_whatever_order_they_came_in(void **context)
{
	static const char *const names[] = { "m", "b", "z", "a", "q" };
	static const char *const sorted[] = { "a", "b", "m", "q", "z" };
	CLEANUP(state_freep) struct state *state = state_new(STATE_BY_KEY);

	(void)context;
	for (size_t i = 0; i < LENGTH(names); i++)
		add_config(state, names[i]);
	finish(state);

	assert_int_equal(state_length(state), LENGTH(names));
	for (size_t i = 0; i < LENGTH(sorted); i++) {
		const struct auth_config *config = state_at(state, i);

		assert_string_equal(config->key, sorted[i]);
		assert_ptr_equal(state_find(state, sorted[i]), config);
		assert_string_equal(auth_config_text(config, "name"),
		                    sorted[i]);
	}
	assert_null(state_find(state, "aa"));
	assert_null(state_find(state, ""));
	assert_null(state_find(state, "zz"));
}

static void a_live_state_is_sorted_by_id_and_has_no_keys(void **context)
{
	CLEANUP(state_freep) struct state *state = state_new(STATE_BY_ID);

	(void)context;
	add_config(state, "id-2");
	add_config(state, "id-1");
	finish(state);

	assert_string_equal(state_at(state, 0)->id, "id-1");
	assert_null(state_at(state, 0)->key);
	assert_int_equal(state_at(state, 0)->connections, -1);
	assert_non_null(state_find(state, "id-2"));
}

static void an_empty_state_has_nothing(void **context)
{
	CLEANUP(state_freep) struct state *state = state_new(STATE_BY_KEY);

	(void)context;
	finish(state);
	assert_int_equal(state_length(state), 0);
	assert_null(state_find(state, "a"));
}

static void twins_are_told(void **context)
{
	CLEANUP(state_freep) struct state *state = state_new(STATE_BY_ID);
	const char *twin = NULL;

	(void)context;
	add_config(state, "b");
	add_config(state, "c");
	add_config(state, "a");
	add_config(state, "b");
	assert_int_equal(state_finish(state, &twin), -1);
	assert_string_equal(twin, "b");
}

static void fields_are_sorted_by_name(void **context)
{
	static const char *const names[] = { "scopes", "connector", "name",
		                             "client.id" };
	CLEANUP(state_freep) struct state *state = state_new(STATE_BY_KEY);
	const struct auth_config *config;

	(void)context;
	state_begin(state, "a", PLACE_NONE);
	for (size_t i = 0; i < LENGTH(names); i++)
		add_text(state, names[i], names[i]);
	state_end(state);
	finish(state);
	config = state_at(state, 0);

	assert_int_equal(config->field_count, LENGTH(names));
	for (size_t i = 0; i < LENGTH(names); i++)
		assert_string_equal(auth_config_text(config, names[i]),
		                    names[i]);
	for (size_t i = 1; i < LENGTH(names); i++)
		assert_true(strcmp(config->fields[i - 1].name,
		                   config->fields[i].name) < 0);
	assert_int_equal(auth_config_value(config, "enabled").kind,
	                 VALUE_ABSENT);
	assert_string_equal(auth_config_text(config, "enabled"), "");
}

static void many_fields_are_found_too(void **context)
{
	enum { MANY = 200 };
	CLEANUP(state_freep) struct state *state = state_new(STATE_BY_KEY);

	(void)context;
	state_begin(state, "a", PLACE_NONE);
	for (int i = 0; i < MANY; i++) {
		CLEANUP(textp)
		char *name = xasprintf("extra.%d", (i * 77) % MANY);

		add_text(state, name, name);
	}
	state_end(state);
	finish(state);

	assert_int_equal(state_at(state, 0)->field_count, MANY);
	for (int i = 0; i < MANY; i++) {
		CLEANUP(textp) char *name = xasprintf("extra.%d", i);

		assert_string_equal(auth_config_text(state_at(state, 0), name),
		                    name);
	}
}

static void of_two_fields_with_one_name_one_stays(void **context)
{
	CLEANUP(state_freep) struct state *state = state_new(STATE_BY_KEY);

	(void)context;
	state_begin(state, "a", PLACE_NONE);
	add_text(state, "name", "same");
	add_text(state, "connector", "slack");
	add_text(state, "name", "same");
	state_end(state);
	finish(state);

	assert_int_equal(state_at(state, 0)->field_count, 2);
	assert_string_equal(auth_config_text(state_at(state, 0), "name"),
	                    "same");
}

static void names_are_shared_between_configs(void **context)
{
	CLEANUP(state_freep) struct state *state = state_new(STATE_BY_KEY);

	(void)context;
	add_config(state, "a");
	state_begin(state, "b", PLACE_NONE);
	add_text(state, "connector", "slack");
	add_text(state, "name", "b");
	state_end(state);
	finish(state);

	assert_ptr_equal(state_at(state, 0)->fields[0].name,
	                 state_at(state, 1)->fields[1].name);
}

static void an_absent_value_is_no_field(void **context)
{
	CLEANUP(state_freep) struct state *state = state_new(STATE_BY_KEY);

	(void)context;
	state_begin(state, "a", PLACE_NONE);
	state_field(state, "scopes", value_absent(), PLACE_NONE);
	state_seen(state, "scopes", value_absent());
	state_seen(state, "enabled", value_unreadable());
	state_end(state);
	finish(state);

	assert_int_equal(state_at(state, 0)->field_count, 0);
	assert_int_equal(state_at(state, 0)->seen_count, 1);
	assert_int_equal(auth_config_seen(state_at(state, 0), "enabled").kind,
	                 VALUE_UNREADABLE);
}

static void what_is_seen_as_sent_is_kept_once(void **context)
{
	CLEANUP(state_freep) struct state *state = state_new(STATE_BY_KEY);

	(void)context;
	state_begin(state, "a", PLACE_NONE);
	state_field(state, "name", state_value_text(state, "n"), PLACE_NONE);
	state_seen_as_sent(state);
	state_end(state);
	state_begin(state, "b", PLACE_NONE);
	state_field(state, "name", state_value_text(state, "n"), PLACE_NONE);
	state_end(state);
	finish(state);

	assert_ptr_equal(state_at(state, 0)->seen, state_at(state, 0)->fields);
	assert_string_equal(auth_config_seen(state_at(state, 0), "name").bytes,
	                    "n");
	assert_int_equal(state_at(state, 1)->seen_count, 0);
}

static void everything_is_copied(void **context)
{
	CLEANUP(state_freep) struct state *state = state_new(STATE_BY_KEY);
	char key[] = "key", name[] = "name", text[] = "text", file[] = "f.yaml";
	const struct place place = { file, 3, 70000 };
	struct place kept;

	(void)context;
	state_begin(state, key, place);
	state_field(state, name,
	            (struct value){ text, sizeof(text) - 1, VALUE_TEXT },
	            place);
	state_end(state);
	finish(state);
	key[0] = name[0] = text[0] = file[0] = '!';

	assert_string_equal(state_at(state, 0)->key, "key");
	assert_string_equal(auth_config_text(state_at(state, 0), "name"),
	                    "text");
	kept = auth_config_place(state, state_at(state, 0));
	assert_string_equal(kept.file, "f.yaml");
	assert_int_equal(kept.line, 3);
	assert_int_equal(kept.column, UINT16_MAX);
	kept = field_place(state, &state_at(state, 0)->fields[0]);
	assert_string_equal(kept.file, "f.yaml");
}

static void what_has_no_place_says_so(void **context)
{
	CLEANUP(state_freep) struct state *state = state_new(STATE_BY_ID);

	(void)context;
	add_config(state, "a");
	finish(state);

	assert_null(auth_config_place(state, state_at(state, 0)).file);
	assert_null(field_place(state, &state_at(state, 0)->fields[0]).file);
}

static void references_keep_name_source_version_and_place(void **context)
{
	CLEANUP(state_freep) struct state *state = state_new(STATE_BY_KEY);
	const struct secret_reference client = { "client.secret",
		                                 "env:A",
		                                 "2026-11",
		                                 "2027-01-31",
		                                 { "p.yaml", 4, 5 } };
	const struct secret_reference hook = { "a.hook", "file:b", NULL, NULL,
		                               PLACE_NONE };
	const struct secret_reference *found;

	(void)context;
	state_begin(state, "a", PLACE_NONE);
	state_reference(state, &client);
	state_reference(state, &hook);
	state_end(state);
	finish(state);

	found = auth_config_reference(state_at(state, 0), "client.secret");
	assert_string_equal(found->source, "env:A");
	assert_string_equal(found->version, "2026-11");
	assert_string_equal(found->expires, "2027-01-31");
	assert_string_equal(found->place.file, "p.yaml");
	assert_int_equal(found->place.line, 4);
	found = auth_config_reference(state_at(state, 0), "a.hook");
	assert_null(found->version);
	assert_ptr_equal(found, state_at(state, 0)->references);
	assert_null(auth_config_reference(state_at(state, 0), "b.hook"));
}

/* A stand-in for the room that comes later. */
struct secret {
	unsigned freed;
};

static void count_free(struct secret *secret)
{
	secret->freed++;
}

static void clear_readings_are_freed_once(void **context)
{
	struct secret owned = { 0 }, lent = { 0 }, dropped = { 0 };
	const struct secret_reading first = { .name = "client.secret",
		                              .clear = &owned,
		                              .release = count_free };
	const struct secret_reading second = { .name = "secrets.b",
		                               .clear = &lent };
	const struct secret_reading open = { .name = "secrets.c",
		                             .clear = &dropped,
		                             .release = count_free };
	struct state *state = state_new(STATE_BY_ID);
	struct state *copy = state_new(STATE_BY_ID);

	(void)context;
	state_begin(state, "a", PLACE_NONE);
	state_reading(state, &first);
	state_reading(state, &second);
	state_end(state);
	finish(state);
	state_copy(copy, state, state_at(state, 0));
	state_begin(copy, "b", PLACE_NONE);
	state_reading(copy, &open);

	assert_ptr_equal(
		auth_config_reading(state_at(state, 0), "client.secret")->clear,
		&owned);
	assert_null(state_at(copy, 0)->readings[0].clear);
	state_free(copy);
	assert_int_equal(dropped.freed, 1);
	assert_int_equal(owned.freed, 0);
	state_free(state);
	assert_int_equal(owned.freed, 1);
	assert_int_equal(lent.freed, 0);
}

static void fill_row(struct state *state)
{
	const struct place place = { "prod.yaml", 7, 3 };
	const struct secret_record record = {
		.name = "client.secret",
		.known = true,
		.fingerprinted = true,
		.fingerprint = { 1, 2, 3 },
		.key_id = "0123456789abcdef",
		.version = "1",
		.source = "env:A",
		.hint_seen = "wxyz",
		.set_at_ms = 12,
		.in_doubt = true,
	};
	struct auth_config *open;

	state_begin(state, "row", place);
	open = state_open(state);
	open->id = state_text(state, "id-1");
	open->natural_key = state_text(state, "natural");
	open->renamed_from = state_text(state, "former");
	open->row_uuid = state_text(state, "uuid");
	open->updated_at = state_text(state, "today");
	open->flags = AUTH_CONFIG_PROTECTED;
	open->connections = 3;
	open->applied_at_ms = 99;
	state_field(state, "name", state_value_text(state, "sent"), place);
	state_seen(state, "name", state_value_text(state, "seen"));
	state_record(state, &record);
	state_retired(state, "old-2");
	state_retired(state, "old-1");
	state_end(state);
}

static void a_copy_has_all_of_it(void **context)
{
	struct state *from = state_new(STATE_BY_KEY);
	CLEANUP(state_freep) struct state *state = state_new(STATE_BY_KEY);
	const struct secret_record *record;
	const struct auth_config *config;
	struct value seen;

	(void)context;
	fill_row(from);
	finish(from);
	state_copy(state, from, state_at(from, 0));
	state_free(from);
	finish(state);
	config = state_find(state, "row");

	assert_string_equal(config->id, "id-1");
	assert_string_equal(config->natural_key, "natural");
	assert_string_equal(config->renamed_from, "former");
	assert_string_equal(config->row_uuid, "uuid");
	assert_string_equal(config->updated_at, "today");
	assert_int_equal(config->flags, AUTH_CONFIG_PROTECTED);
	assert_int_equal(config->connections, 3);
	assert_int_equal(config->applied_at_ms, 99);
	assert_string_equal(auth_config_text(config, "name"), "sent");
	seen = auth_config_seen(config, "name");
	assert_memory_equal(seen.bytes, "seen", 5);
	assert_int_equal(field_place(state, config->fields).line, 7);
	assert_int_equal(config->retired_count, 2);
	assert_string_equal(config->retired[0], "old-1");
	assert_string_equal(config->retired[1], "old-2");
	record = auth_config_record(config, "client.secret");
	assert_true(record->known && record->fingerprinted && record->in_doubt);
	assert_int_equal(record->fingerprint[2], 3);
	assert_string_equal(record->key_id, "0123456789abcdef");
	assert_string_equal(record->hint_seen, "wxyz");
	assert_int_equal(record->set_at_ms, 12);
}

static void a_text_of_nothing_is_nothing(void **context)
{
	CLEANUP(state_freep) struct state *state = state_new(STATE_BY_KEY);

	(void)context;
	assert_null(state_text(state, NULL));
	assert_string_equal(state_text(state, ""), "");
}

/* ---- sharing ---- */

/* Configs `keys`, each with the fields `a` and `b` of its key. */
static struct state *make_like(const struct state *like,
                               const char *const *keys, size_t count)
{
	static const struct place place = { "prod.yaml", 3, 5 };
	struct state *state =
		like ? state_new_like(like) : state_new(STATE_BY_KEY);

	for (size_t i = 0; i < count; i++) {
		CLEANUP(textp) char *text = xasprintf("b of %s", keys[i]);

		state_begin(state, keys[i], place);
		state_field(state, "a", state_value_text(state, keys[i]),
		            place);
		state_field(state, "b", state_value_text(state, text), place);
		state_end(state);
	}
	finish(state);
	return state;
}

static void what_is_equal_is_kept_once(void **context)
{
	static const char *const keys[] = { "one", "three", "two" };
	static const char *const others[] = { "two", "zero", "one", "three" };
	CLEANUP(state_freep)
	struct state *like = make_like(NULL, keys, LENGTH(keys));
	CLEANUP(state_freep)
	struct state *state = make_like(like, others, LENGTH(others));

	(void)context;
	for (size_t i = 0; i < LENGTH(keys); i++) {
		const struct auth_config *twin = state_find(like, keys[i]);
		const struct auth_config *config = state_find(state, keys[i]);

		assert_ptr_equal(config->fields, twin->fields);
		assert_int_equal(config->field_count, 2);
		assert_null(field_place(state, &config->fields[0]).file);
		assert_non_null(field_place(like, &twin->fields[0]).file);
	}
	assert_string_equal(auth_config_text(state_find(state, "zero"), "b"),
	                    "b of zero");
}

static void what_differs_is_kept_apart(void **context)
{
	static const char *const keys[] = { "one" };
	CLEANUP(state_freep) struct state *like = make_like(NULL, keys, 1);
	CLEANUP(state_freep) struct state *state = state_new_like(like);
	const struct auth_config *config, *twin = state_at(like, 0);

	(void)context;
	state_begin(state, "one", PLACE_NONE);
	add_text(state, "a", "one");
	add_text(state, "b", "two");
	add_text(state, "c", "three");
	state_seen(state, "a", state_value_text(state, "ones"));
	state_seen(state, "b", state_value_text(state, "b of one"));
	state_end(state);
	state_begin(state, "none", PLACE_NONE);
	add_text(state, "c", "four");
	state_end(state);
	finish(state);

	config = state_find(state, "one");
	assert_int_equal(config->field_count, 3);
	assert_ptr_equal(config->fields[0].bytes, twin->fields[0].bytes);
	assert_string_equal(auth_config_text(config, "b"), "two");
	assert_string_equal(auth_config_text(config, "c"), "three");
	assert_string_equal(auth_config_seen(config, "a").bytes, "ones");
	assert_ptr_equal(auth_config_seen(config, "b").bytes,
	                 twin->fields[1].bytes);
	assert_string_equal(auth_config_text(state_find(state, "none"), "c"),
	                    "four");
}

static void equal_bytes_of_another_kind_are_not_shared(void **context)
{
	static const char *const keys[] = { "true" };
	CLEANUP(state_freep) struct state *like = make_like(NULL, keys, 1);
	CLEANUP(state_freep) struct state *state = state_new_like(like);

	(void)context;
	state_begin(state, "true", PLACE_NONE);
	state_field(state, "a", state_value_boolean(true), PLACE_NONE);
	add_text(state, "b", "b of true");
	state_end(state);
	finish(state);

	assert_int_equal(auth_config_value(state_at(state, 0), "a").kind,
	                 VALUE_BOOLEAN);
	assert_ptr_not_equal(state_at(state, 0)->fields,
	                     state_at(like, 0)->fields);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(configs_are_found_whatever_order_they_came_in),
		cmocka_unit_test(a_live_state_is_sorted_by_id_and_has_no_keys),
		cmocka_unit_test(an_empty_state_has_nothing),
		cmocka_unit_test(twins_are_told),
		cmocka_unit_test(fields_are_sorted_by_name),
		cmocka_unit_test(many_fields_are_found_too),
		cmocka_unit_test(of_two_fields_with_one_name_one_stays),
		cmocka_unit_test(names_are_shared_between_configs),
		cmocka_unit_test(an_absent_value_is_no_field),
		cmocka_unit_test(what_is_seen_as_sent_is_kept_once),
		cmocka_unit_test(everything_is_copied),
		cmocka_unit_test(what_has_no_place_says_so),
		cmocka_unit_test(references_keep_name_source_version_and_place),
		cmocka_unit_test(clear_readings_are_freed_once),
		cmocka_unit_test(a_copy_has_all_of_it),
		cmocka_unit_test(a_text_of_nothing_is_nothing),
		cmocka_unit_test(what_is_equal_is_kept_once),
		cmocka_unit_test(what_differs_is_kept_apart),
		cmocka_unit_test(equal_bytes_of_another_kind_are_not_shared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
