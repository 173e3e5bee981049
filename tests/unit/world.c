/* SPDX-License-Identifier: MIT */
#include "world.h"

#include "base/text.h"
#include "schema/schema.h"

#include <string.h>

/* ---- making one ---- */

static void set_traits(struct world *world)
{
	const struct field_trait fields[] = {
		{ .name = "client.id", .mode = MODE_SETTABLE },
		{ .name = "connector",
		  .mode = MODE_SETTABLE,
		  .flags = FIELD_IMMUTABLE },
		{ .name = "name", .mode = MODE_SETTABLE },
		{ .name = "ownership", .mode = MODE_SETTABLE },
		{ .name = "redirectUri", .mode = MODE_ASSERT },
		{ .name = "scopes",
		  .mode = MODE_SETTABLE,
		  .flags = FIELD_EMPTY_NONE },
		{ .name = "type",
		  .mode = MODE_SETTABLE,
		  .flags = FIELD_IMMUTABLE },
	};

	memcpy(world->fields, fields, sizeof(fields));
	world->secrets[0] = (struct secret_trait){
		.name = "client.secret",
		.readback = READBACK_NEVER,
	};
	world->traits = (struct traits){
		.fields = world->fields,
		.field_count = LENGTH(fields),
		.secrets = world->secrets,
		.secret_count = 1,
		.semantics = UPDATE_REPLACE,
		.secret_omit = SECRET_OMIT_KEEP,
		.abilities = (enum platform_abilities)(CAN_LIST | CAN_CREATE |
		                                       CAN_UPDATE | CAN_DELETE |
		                                       HAS_MUTABLE_OWNERSHIP),
	};
}

int world_set_up(void **state)
{
	struct world *world = xcalloc(1, sizeof(*world));
	const uint8_t key[HASH_BYTES] = { 7 };

	world->folder = folder_make();
	world->ledger_path = path_join(world->folder, ".trueup/test.db");
	clock_fixed_init(&world->clock, 1790000000000);
	world->platform = fake_new(&world->clock);
	world->key = fingerprint_key_new(key);
	world_set_secret(world, SECRET_ONE);
	world->policy = (struct policy){ .max_deletes = 100,
		                         .max_delete_percent = 100,
		                         .max_changes = 1000,
		                         .max_missing = 100 };
	world->permissions = (struct permissions){ .allow_deletes = -1,
		                                   .allow_changes = -1,
		                                   .allow_missing = -1,
		                                   .break_connections = -1 };
	set_traits(world);
	*state = world;
	return 0;
}

int world_tear_down(void **state)
{
	struct world *world = *state;

	world_forget(world);
	folder_remove(world->folder);
	fingerprint_key_free(world->key);
	fake_free(world->platform);
	free(world->folder);
	free(world->ledger_path);
	free(world);
	return 0;
}

void world_forget(struct world *world)
{
	apply_result_release(&world->result);
	plan_free(TAKE(world->plan));
	resolved_release(&world->resolved);
	state_free(TAKE(world->desired));
	state_free(TAKE(world->live));
	state_free(TAKE(world->applied));
	if (world->ledger)
		ledger_unlock(world->ledger);
	ledger_closep(&world->ledger);
	world->ledger = NULL;
	free(TAKE(world->facts));
	variables_free(TAKE(world->environment));
	diag_free(TAKE(world->diag));
}

/* ---- what is declared ---- */

void world_set_secret(struct world *world, const char *secret)
{
	world->variables[0] = secret ? world->secret : NULL;
	if (secret)
		snprintf(world->secret, sizeof(world->secret), "SECRET=%s",
		         secret);
}

struct entry *world_declare(struct world *world, const char *key,
                            const char *name)
{
	struct entry *entry = &world->entries[world->entry_count++];

	assert_true(world->entry_count <= WORLD_ENTRIES);
	*entry = (struct entry){
		.key = key,
		.name = name,
		.client_id = "client-1",
		.scopes = { "chat:write" },
		.scoped = true,
	};
	return entry;
}

void world_undeclare(struct world *world, const char *key)
{
	size_t kept = 0;

	for (size_t i = 0; i < world->entry_count; i++) {
		if (!str_equal(world->entries[i].key, key))
			world->entries[kept++] = world->entries[i];
	}
	world->entry_count = kept;
}

static void add_text(struct state *state, const char *name, const char *text)
{
	if (text)
		state_field(state, name, state_value_text(state, text),
		            PLACE_NONE);
}

static void add_entry(struct world *world, const struct entry *entry)
{
	struct state *state = world->desired;
	const struct secret_reference reference = {
		.name = "client.secret",
		.source = entry->source ? entry->source : "env:SECRET",
		.version = entry->version,
	};
	size_t scopes = 0;

	state_begin(state, entry->key, (struct place){ "test.yaml", 1, 1 });
	add_text(state, "connector",
	         entry->connector ? entry->connector : "slack");
	add_text(state, "name", entry->name);
	add_text(state, "type", "oauth2");
	add_text(state, "ownership", entry->managed ? "managed" : "own");
	add_text(state, "client.id", entry->managed ? NULL : entry->client_id);
	add_text(state, "redirectUri", entry->redirect);
	while (scopes < WORLD_SCOPES && entry->scopes[scopes])
		scopes++;
	if (entry->scoped)
		state_field(state, "scopes",
		            state_value_set(state, entry->scopes, scopes),
		            PLACE_NONE);
	if (!entry->managed)
		state_reference(state, &reference);
	if (world->traits.abilities & HAS_NATURAL_KEY)
		state_open(state)->natural_key = state_text(state, entry->key);
	state_open(state)->renamed_from =
		state_text(state, entry->renamed_from);
	state_open(state)->connections = -1;
	if (entry->protect)
		state_open(state)->flags |= AUTH_CONFIG_PROTECTED;
	state_end(state);
}

static void build_desired(struct world *world)
{
	const char *twin = NULL;

	world->desired = state_new(STATE_BY_KEY);
	for (size_t i = 0; i < world->entry_count; i++)
		add_entry(world, &world->entries[i]);
	assert_int_equal(state_finish(world->desired, &twin), 0);
}

/* ---- the road ---- */

static int take_ledger(struct world *world, const char *who,
                       struct ledger **out, struct diag *diag)
{
	const struct ledger_settings settings = {
		.path = world->ledger_path,
		.platform = "fake",
		.origin = "http://127.0.0.1",
		.environment = "test",
		.key = world->key,
		.clock = &world->clock.clock,
		.flags = (enum ledger_flags)(LEDGER_WRITE | LEDGER_MAKE),
	};
	const struct lock_owner owner = { .who = who,
		                          .command = "apply",
		                          .pid = getpid() };

	if (ledger_open(&settings, out, diag) != LEDGER_FOUND)
		return -1;
	return ledger_lock(*out, &owner, 0, diag);
}

static int open_ledger(struct world *world)
{
	return take_ledger(world, "us", &world->ledger, world->diag);
}

static int read_applied(struct world *world, struct intent **intents,
                        size_t *count)
{
	const char *twin = NULL;

	if (world->stateless) {
		world->applied = state_new(STATE_BY_KEY);
		return state_finish(world->applied, &twin);
	}
	if (open_ledger(world) < 0)
		return -1;
	world->applied = ledger_applied(world->ledger, world->diag);
	if (!world->applied)
		return -1;
	return ledger_open_intents(world->ledger, intents, count, world->diag);
}

/* As the road does: each declared secret against its fingerprint. */
static enum secret_match match(const struct world *world,
                               const struct auth_config *config,
                               const struct secret *value)
{
	const struct auth_config *row = state_find(
		world->resolved.applied,
		config->renamed_from ? config->renamed_from : config->key);
	const struct secret_record *record =
		row ? auth_config_record(row, "client.secret") : NULL;
	uint8_t print[FINGERPRINT_BYTES];

	if (!record || !record->fingerprinted ||
	    !secret_fingerprint(world->key, row->row_uuid, "client.secret",
	                        value, print))
		return MATCH_NOT_COMPARED;
	return hash_equal(print, record->fingerprint) ? MATCH_EQUAL
	                                              : MATCH_DIFFERENT;
}

static void gather_fact(struct world *world, const struct auth_config *config,
                        struct secret_fact *fact)
{
	const struct secret_reference *reference = &config->references[0];
	CLEANUP(secret_freep) struct secret *value = NULL;

	fact->key = config->key;
	fact->name = reference->name;
	fact->resolved = secret_resolve(&world->secret_settings,
	                                reference->source, reference->place,
	                                &value, world->diag) == SECRET_RESOLVED;
	if (value)
		fact->fingerprint = match(world, config, value);
	else
		fact->unresolved_why = "variable is not set";
}

static void gather_facts(struct world *world)
{
	const size_t count = state_length(world->desired);

	world->environment = variables_new(world->variables);
	world->secret_settings = (struct secret_settings){
		.variables = world->environment,
	};
	world->facts = xcalloc(count + 1, sizeof(*world->facts));
	world->fact_count = 0;
	for (size_t i = 0; i < count; i++) {
		const struct auth_config *config = state_at(world->desired, i);

		if (config->reference_count)
			gather_fact(world, config,
			            &world->facts[world->fact_count++]);
	}
}

static int make_plan(struct world *world)
{
	gather_facts(world);
	world->input = (struct plan_input){
		.environment = "test",
		.origin = "http://127.0.0.1",
		.platform = "fake",
		.binding_hash = "0",
		.revision = "",
		.desired = world->desired,
		.live = world->live,
		.applied = world->resolved.applied,
		.traits = &world->traits,
		.policy = &world->policy,
		.permissions = &world->permissions,
		.facts = world->facts,
		.fact_count = world->fact_count,
		.ledger_mode = world->stateless ? LEDGER_MODE_STATELESS
		                                : LEDGER_MODE_KEPT,
		.place = { "test.yaml", 1, 1 },
	};
	world->plan = plan_make(&world->input, world->diag);
	if (!world->plan)
		return -1;
	plan_judge(world->plan, &world->input);
	return 0;
}

static int walk_to_plan(struct world *world)
{
	struct intent *intents = NULL;
	size_t count = 0;
	int result;

	world_forget(world);
	world->diag = diag_new();
	build_desired(world);
	if (read_applied(world, &intents, &count) < 0)
		return -1;
	world->live = platform_list(world->platform, world->diag);
	result = apply_resolve(world->applied, world->live, intents, count,
	                       &world->resolved, world->diag);
	free(intents);
	return result < 0 ? -1 : make_plan(world);
}

static int run(struct world *world)
{
	const struct run_record record = {
		.command = "apply",
		.revision = "",
		.digest = world->plan->digest,
		.who = "us",
	};
	struct apply_settings settings = {
		.platform = world->platform,
		.ledger = world->ledger,
		.plan = world->plan,
		.input = &world->input,
		.secrets = &world->secret_settings,
		.key = world->key,
		.clock = &world->clock.clock,
		.parallelism = world->parallelism,
		.list_requests = world->list_requests,
		.flags = (enum apply_flags)world->flags,
		.stopping = world->stopping,
		.stopping_context = world,
	};

	if (world->before_apply)
		world->before_apply(world);
	world->since_ms = world->clock.steady_ms;
	if (world->ledger)
		settings.run = ledger_run_begin(world->ledger, &record);
	return apply_run(&settings, &world->result, world->diag);
}

void world_lose_lock(struct world *world)
{
	struct diag *unheard = diag_new();
	struct ledger *other = NULL;

	world->clock.wall_ms += 2 * LOCK_TTL_MS;
	assert_int_equal(take_ledger(world, "them", &other, unheard), 0);
	ledger_close(other);
	diag_free(unheard);
}

static int reported_exit(const struct world *world)
{
	for (size_t i = 0; i < diag_length(world->diag); i++) {
		const struct diag_report *report = diag_at(world->diag, i);

		if (report->severity == SEVERITY_ERROR)
			return code_find(report->code)->exit;
	}
	return 0;
}

int world_apply(struct world *world)
{
	int status = walk_to_plan(world);

	if (status == 0 && world->ledger && world->resolved.resolution_count)
		status = apply_write_resolved(world->ledger, world->applied,
		                              &world->resolved, world->diag);
	if (status == 0)
		status = run(world);
	if (world->result.exit)
		return world->result.exit;
	return status < 0 ? reported_exit(world) : 0;
}

size_t world_plan(struct world *world)
{
	assert_int_equal(walk_to_plan(world), 0);
	return world->plan->change_count;
}
