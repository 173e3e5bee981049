/* SPDX-License-Identifier: MIT */
/* Export: the live state as a file that plans to nothing. */
#include "run/road.h"

#include "base/file.h"
#include "base/text.h"
#include "run/tree.h"
#include "schema/schema.h"

#include <ctype.h>
#include <string.h>

enum { KEY_LENGTH = 63 };

/* ---- keys ---- */

/* "Slack CRM (EU)" -> "slack-crm-eu". */
static char *slug(const char *text)
{
	char *out = xstrndup(text, KEY_LENGTH - 4);
	size_t length = 0;

	for (const char *at = text; *at && length < KEY_LENGTH - 4; at++) {
		const unsigned char byte = (unsigned char)*at;

		if (byte < 0x80 && isalnum(byte))
			out[length++] = (char)tolower(byte);
		else if (length && out[length - 1] != '-')
			out[length++] = '-';
	}
	while (length && out[length - 1] == '-')
		length--;
	out[length] = '\0';
	return out;
}

static const char *key_in_ledger(const struct road *road, const char *id)
{
	for (size_t i = 0; i < state_length(road->applied); i++) {
		const struct auth_config *row = state_at(road->applied, i);

		if (str_equal(row->id, id))
			return row->key;
	}
	return NULL;
}

static bool is_taken(char *const *keys, size_t count, const struct road *road,
                     const char *key)
{
	for (size_t i = 0; i < count; i++) {
		if (str_equal(keys[i], key))
			return true;
	}
	return state_find(road->applied, key) != NULL;
}

static char *key_for(const struct road *road, const struct auth_config *live,
                     char *const *keys, size_t count)
{
	const char *known = key_in_ledger(road, live->id);
	CLEANUP(textp) char *base = NULL;
	char *key;

	if (known)
		return xstrdup(known);
	base = slug(live->natural_key ? live->natural_key
	                              : auth_config_text(live, "name"));
	if (!base[0]) {
		free(base);
		base = slug(auth_config_text(live, "connector"));
	}
	key = xstrdup(base[0] ? base : "unnamed");
	for (unsigned twin = 2; is_taken(keys, count, road, key); twin++) {
		free(key);
		key = xasprintf("%s-%u", base[0] ? base : "unnamed", twin);
	}
	return key;
}

/* ---- writing ---- */

/* PROD_SLACK_CRM_CLIENT_SECRET: what the reader has to set. */
static char *variable_name(const char *environment, const char *key,
                           const char *secret)
{
	char *name = xasprintf("%s_%s_%s", environment, key, secret);

	for (char *at = name; *at; at++) {
		const unsigned char byte = (unsigned char)*at;

		*at = isalnum(byte) ? (char)toupper(byte) : '_';
	}
	return name;
}

static void write_value(struct yaml_writer *writer, struct road *road,
                        const struct value *value, struct diag *diag)
{
	const char *item = NULL;

	switch ((enum value_kind)value->kind) {
	case VALUE_SET:
		yaml_list(writer);
		while ((item = value_next(value, item)))
			yaml_text(writer, item);
		yaml_list_end(writer);
		return;
	case VALUE_BOOLEAN:
		yaml_plain(writer, value->bytes);
		return;
	case VALUE_JSON:
		tree_write(writer, document_parse_json(road->documents, "live",
		                                       value->bytes,
		                                       value->length, diag));
		return;
	case VALUE_TEXT:
	case VALUE_ABSENT:
	case VALUE_UNREADABLE:
		break;
	}
	yaml_text(writer, value->bytes ? value->bytes : "");
}

static void write_client(struct yaml_writer *writer, const struct road *road,
                         const char *key, const struct auth_config *live)
{
	const char *ownership = auth_config_text(live, "ownership");
	const struct value id = auth_config_value(live, "client.id");
	CLEANUP(textp) char *name = NULL;

	if (str_equal(ownership, "managed")) {
		yaml_text(writer, "client");
		yaml_text(writer, "managed");
		return;
	}
	if (id.kind != VALUE_TEXT)
		return;
	name = variable_name(road->environment.name, key, "CLIENT_SECRET");
	yaml_text(writer, "client");
	yaml_map(writer);
	yaml_text(writer, "id");
	yaml_text(writer, id.bytes);
	yaml_text(writer, "secret");
	yaml_flow_map(writer);
	yaml_text(writer, "env");
	yaml_text(writer, name);
	yaml_map_end(writer);
	yaml_map_end(writer);
}

/* Names that write_client() writes, or that say nothing new. */
static bool is_written_elsewhere(const struct field *field, const char *key)
{
	const struct value value = field_value(field);

	if (value.kind == VALUE_UNREADABLE || value.kind == VALUE_ABSENT)
		return true;
	if (str_starts(field->name, "client.") ||
	    str_equal(field->name, "ownership"))
		return true;
	if (str_equal(field->name, "type"))
		return str_equal(value.bytes, "oauth2");
	return str_equal(field->name, "name") && str_equal(value.bytes, key);
}

/* Fields are sorted by name, so those of one map ("extra.a", "extra.b") stand
 * together. */
static void write_fields(struct yaml_writer *writer, struct road *road,
                         const char *key, const struct auth_config *live,
                         struct diag *diag)
{
	CLEANUP(textp) char *open = NULL;

	for (size_t i = 0; i < live->field_count; i++) {
		const struct field *field = &live->fields[i];
		const struct value value = field_value(field);
		const char *dot = strchr(field->name, '.');
		CLEANUP(textp)
		char *map = xstrndup(field->name,
		                     dot ? (size_t)(dot - field->name) : 0);

		if (is_written_elsewhere(field, key))
			continue;
		if (open && !str_equal(open, map)) {
			yaml_map_end(writer);
			free(TAKE(open));
		}
		if (dot && !open) {
			yaml_text(writer, map);
			yaml_map(writer);
			open = xstrdup(map);
		}
		yaml_text(writer, dot ? dot + 1 : field->name);
		write_value(writer, road, &value, diag);
	}
	if (open)
		yaml_map_end(writer);
}

static void write_configs(struct yaml_writer *writer, struct road *road,
                          char *const *keys, struct diag *diag)
{
	yaml_text(writer, "authConfigs");
	yaml_map(writer);
	for (size_t i = 0; i < state_length(road->live); i++) {
		const struct auth_config *live = state_at(road->live, i);

		if (!keys[i])
			continue;
		yaml_text(writer, keys[i]);
		yaml_map(writer);
		write_client(writer, road, keys[i], live);
		write_fields(writer, road, keys[i], live, diag);
		yaml_map_end(writer);
	}
	yaml_map_end(writer);
}

/* Everything the environment file says but its entries, then the live ones. */
static int write_file(struct road *road, char *const *keys, FILE *out,
                      struct diag *diag)
{
	struct yaml_writer *writer = yaml_writer_new(out);
	CLEANUP(textp)
	char *comment = xasprintf("Exported from %s; secrets cannot be read: "
	                          "set the variables named here.",
	                          road->origin);

	yaml_comment(writer, comment);
	yaml_map(writer);
	for (size_t i = 0; i < road->root->count; i++) {
		yaml_text(writer, node_key(road->root, i)->text);
		tree_write(writer, node_value(road->root, i));
	}
	write_configs(writer, road, keys, diag);
	yaml_map_end(writer);
	return yaml_writer_end(writer);
}

/* ---- binding ---- */

/* Objects that stand in no row yet get one, by id: twins can be told apart. */
static int bind_new(struct run *run, struct road *road, char *const *keys)
{
	const size_t length = state_length(road->live);
	CLEANUP(state_freep) struct state *named = state_new(STATE_BY_KEY);
	const struct auth_config **configs, **live;
	const char *twin = NULL;
	size_t count = 0;
	int result;

	configs = xcalloc(length + 1, sizeof(struct auth_config *));
	live = xcalloc(length + 1, sizeof(struct auth_config *));
	for (size_t i = 0; i < length; i++) {
		if (!keys[i] || state_find(road->applied, keys[i]))
			continue;
		state_begin(named, keys[i], PLACE_NONE);
		state_end(named);
	}
	result = state_finish(named, &twin);
	for (size_t i = 0; i < length; i++) {
		if (!keys[i] || state_find(road->applied, keys[i]))
			continue;
		configs[count] = state_find(named, keys[i]);
		live[count++] = state_at(road->live, i);
	}
	if (result == 0 && count)
		result = road_bind(run, road, configs, live, count);
	free(configs);
	free(live);
	return result;
}

static int write_out(struct run *run, struct road *road, char *const *keys)
{
	CLEANUP(textp) char *bytes = NULL;
	size_t length = 0;
	FILE *out = xmemstream(&bytes, &length);
	const int result = write_file(road, keys, out, run->diag);

	fclose(out);
	if (result < 0)
		return diag_error(run->diag, CODE_FILE_UNWRITABLE, PLACE_NONE,
		                  "the export could not be written");
	if (run->options.out)
		return file_write(run->options.out, 0644, bytes, length,
		                  run->diag);
	if (fwrite(bytes, 1, length, run->out) != length ||
	    fflush(run->out) != 0)
		return road_unwritable(run);
	return 0;
}

static char **choose_keys(const struct road *road)
{
	const size_t length = state_length(road->live);
	char **keys = xcalloc(length + 1, sizeof(char *));

	for (size_t i = 0; i < length; i++) {
		const struct auth_config *live = state_at(road->live, i);

		if (!(live->flags & AUTH_CONFIG_OPAQUE))
			keys[i] = key_for(road, live, keys, i);
	}
	return keys;
}

static int export(struct run *run, struct road *road)
{
	const bool unbound = run->options.flags & RUN_UNBOUND;
	CLEANUP(textp) char *file = road_file(run);
	char **keys;
	int result;

	if (!file || road_load(run, file, DESIRED_LENIENT, road) < 0 ||
	    road_open_ledger(run, road,
	                     unbound ? (enum ledger_flags)0
	                             : road_write_flags(run)) < 0 ||
	    road_list(run, road) < 0)
		return -1;
	keys = choose_keys(road);
	result = write_out(run, road, keys);
	if (result == 0 && !unbound && road->ledger)
		result = bind_new(run, road, keys);
	for (size_t i = 0; i < state_length(road->live); i++)
		free(keys[i]);
	free(keys);
	return result;
}

int run_export(struct run *run)
{
	CLEANUP(road_release) struct road road = ROAD_EMPTY;

	if (export(run, &road) < 0)
		return run_exit(run->diag);
	return 0;
}
