/* SPDX-License-Identifier: MIT */
/* Comparison: keys, then fields and secrets of each key, merged from sorted
 * lists; what differs is judged by a table. */
#include "lint/lint.h"

#include "base/arena.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct comparison {
	struct arena *arena;
	const struct lint_environment *environments;
	size_t width;
	struct difference *items;
	size_t count, capacity, unexpected;
};

/* A set of borrowed texts, sorted once it is full. */
struct names {
	const char **items;
	size_t count, capacity;
};

/* One key, as each environment has it. */
struct line {
	struct comparison *comparison;
	const char *key;
	const struct auth_config **configs; /* by environment; or NULL */
};

/* ---- what is expected ---- */

static const struct advice {
	const char *field; /* with a dot at its end: all that begin so */
	const char *text;  /* NULL: expected */
} advices[] = {
	{ "client.id", NULL },
	{ "connector", "one key should be the same app everywhere: give one "
	               "of them another key" },
	{ "enabled", "enable it everywhere, or remove it where it is not "
	             "used" },
	{ "extra.", "declare it once, in a fragment that all extend" },
	{ "name", NULL },
	{ "ownership", "use clients of your own everywhere, or `client: "
	               "managed` everywhere" },
	{ "platformKey", NULL },
	{ "protect", NULL },
	{ "redirectUri", NULL },
	{ "scopeSets.", "ask for the same scopes everywhere" },
	{ "scopes", "ask for the same scopes everywhere" },
	{ "type", "declare the same type everywhere" },
};

static const char other_advice[] = "declare the same everywhere";
static const char entry_advice[] =
	"declare it everywhere, or remove it where it is not used";
static const char secret_advice[] =
	"declare this secret everywhere, or nowhere";

static const char *advice_of(const char *field)
{
	for (size_t i = 0; i < LENGTH(advices); i++) {
		const struct advice *advice = &advices[i];

		if (str_equal(advice->field, field) ||
		    (str_ends(advice->field, ".") &&
		     str_starts(field, advice->field)))
			return advice->text;
	}
	return other_advice;
}

/* ---- names ---- */

static void names_add(struct names *names, const char *name)
{
	names->items = xgrow(names->items, names->count, &names->capacity,
	                     sizeof(*names->items));
	names->items[names->count++] = name;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void names_sort(struct names *names)
{
	size_t kept = 0;

	if (!names->count)
		return;
	qsort(names->items, names->count, sizeof(*names->items), compare_names);
	for (size_t i = 1; i < names->count; i++) {
		if (strcmp(names->items[kept], names->items[i]) != 0)
			names->items[++kept] = names->items[i];
	}
	names->count = kept + 1;
}

/* ---- differences ---- */

static const char *keep(const struct line *line, const char *text)
{
	return text ? arena_copy(line->comparison->arena, text, strlen(text))
	            : NULL;
}

static const struct state *state_of(const struct line *line, size_t index)
{
	return line->comparison->environments[index].desired;
}

/* Sides still to be filled, one an environment. */
static struct difference begin(const struct line *line, const char *field)
{
	const size_t width = line->comparison->width;
	struct arena *arena = line->comparison->arena;

	return (struct difference){
		.key = line->key,
		.field = keep(line, field),
		.values = arena_alloc(arena, width * sizeof(char *)),
		.places = arena_alloc(arena, width * sizeof(struct place)),
	};
}

static void add(struct comparison *comparison,
                const struct difference *difference)
{
	comparison->items =
		xgrow(comparison->items, comparison->count,
	              &comparison->capacity, sizeof(*comparison->items));
	comparison->items[comparison->count++] = *difference;
	if (!difference->expected)
		comparison->unexpected++;
}

static void set_side(const struct difference *difference, size_t index,
                     const char *value, struct place place)
{
	((const char **)(uintptr_t)difference->values)[index] = value;
	((struct place *)(uintptr_t)difference->places)[index] = place;
}

/* ---- entries ---- */

static size_t count_entries(const struct line *line)
{
	size_t count = 0;

	for (size_t i = 0; i < line->comparison->width; i++)
		count += line->configs[i] != NULL;
	return count;
}

static void compare_entries(const struct line *line)
{
	struct difference difference;

	if (count_entries(line) == line->comparison->width)
		return;
	difference = begin(line, NULL);
	difference.text = entry_advice;
	for (size_t i = 0; i < line->comparison->width; i++) {
		const struct auth_config *config = line->configs[i];

		if (config)
			set_side(&difference, i, "declared",
			         auth_config_place(state_of(line, i), config));
	}
	add(line->comparison, &difference);
}

/* ---- fields ---- */

static const struct field *find_field(const struct auth_config *config,
                                      const char *name)
{
	for (size_t i = 0; config && i < config->field_count; i++) {
		if (str_equal(config->fields[i].name, name))
			return &config->fields[i];
	}
	return NULL;
}

/* Entries that are missing are told of as such, not field by field. */
static bool fields_differ(const struct line *line, const char *name)
{
	const struct auth_config *first = NULL;

	for (size_t i = 0; i < line->comparison->width; i++) {
		const struct auth_config *config = line->configs[i];
		struct value left, right;

		if (!config)
			continue;
		if (!first)
			first = config;
		left = auth_config_value(first, name);
		right = auth_config_value(config, name);
		if (!value_equal(&left, &right))
			return true;
	}
	return false;
}

/* Writes "`a`, `b` missing in dev; " for what others have. */
static void write_missing(const struct line *line, const char *name,
                          size_t index, FILE *out)
{
	const struct value own = auth_config_value(line->configs[index], name);
	struct names items = { .count = 0 };

	for (size_t i = 0; i < line->comparison->width; i++) {
		struct value value;
		const char *item = NULL;

		if (!line->configs[i])
			continue;
		value = auth_config_value(line->configs[i], name);
		while (value.kind == VALUE_SET &&
		       (item = value_next(&value, item))) {
			if (!value_contains(&own, item))
				names_add(&items, item);
		}
	}
	names_sort(&items);
	for (size_t i = 0; i < items.count; i++)
		fprintf(out, "%s`%s`", i ? ", " : "", items.items[i]);
	if (items.count)
		fprintf(out, " missing in %s; ",
		        comparison_name(line->comparison, index));
	free(items.items);
}

/* The advice; of sets first what is missing where. */
static const char *words_of(const struct line *line, const char *name,
                            const char *advice)
{
	CLEANUP(textp) char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	for (size_t i = 0; i < line->comparison->width; i++) {
		struct value value;

		if (!line->configs[i])
			continue;
		value = auth_config_value(line->configs[i], name);
		if (value.kind == VALUE_SET)
			write_missing(line, name, i, out);
	}
	fputs(advice, out);
	(void)fclose(out);
	return keep(line, text);
}

static void set_field_side(const struct line *line,
                           const struct difference *difference, size_t index)
{
	const struct auth_config *config = line->configs[index];
	const struct field *field = find_field(config, difference->field);
	CLEANUP(textp) char *shown = NULL;

	if (!config)
		return;
	if (field && !difference->expected) {
		const struct value value = field_value(field);

		shown = value_show(&value);
	}
	set_side(difference, index, keep(line, shown),
	         field ? field_place(state_of(line, index), field)
	               : auth_config_place(state_of(line, index), config));
}

static void compare_field(const struct line *line, const char *name)
{
	const char *advice = advice_of(name);
	struct difference difference;

	if (!fields_differ(line, name))
		return;
	difference = begin(line, name);
	difference.expected = !advice;
	for (size_t i = 0; i < line->comparison->width; i++)
		set_field_side(line, &difference, i);
	if (advice)
		difference.text = words_of(line, name, advice);
	add(line->comparison, &difference);
}

static void compare_fields(const struct line *line)
{
	struct names names = { .count = 0 };

	for (size_t i = 0; i < line->comparison->width; i++) {
		const struct auth_config *config = line->configs[i];

		for (size_t j = 0; config && j < config->field_count; j++)
			names_add(&names, config->fields[j].name);
	}
	names_sort(&names);
	for (size_t i = 0; i < names.count; i++)
		compare_field(line, names.items[i]);
	free(names.items);
}

/* ---- what is no field: the platform's key, protection ---- */

static const char *platform_key(const struct auth_config *config)
{
	return config->natural_key;
}

static const char *protection(const struct auth_config *config)
{
	return config->flags & AUTH_CONFIG_PROTECTED ? "true" : NULL;
}

static const struct member {
	const char *name;
	const char *(*read)(const struct auth_config *config);
} members[] = {
	{ "platformKey", platform_key },
	{ "protect", protection },
};

static void compare_member(const struct line *line, const struct member *member)
{
	const struct auth_config *first = NULL;
	bool differs = false;
	struct difference difference;

	for (size_t i = 0; i < line->comparison->width; i++) {
		const struct auth_config *config = line->configs[i];

		if (!config)
			continue;
		first = first ? first : config;
		if (!str_equal(member->read(first), member->read(config)))
			differs = true;
	}
	if (!differs)
		return;
	difference = begin(line, member->name);
	difference.expected = true;
	for (size_t i = 0; i < line->comparison->width; i++) {
		if (line->configs[i])
			set_side(&difference, i, NULL,
			         auth_config_place(state_of(line, i),
			                           line->configs[i]));
	}
	add(line->comparison, &difference);
}

/* ---- secrets ---- */

static bool is_same_reference(const struct secret_reference *left,
                              const struct secret_reference *right)
{
	return str_equal(left->source, right->source) &&
	       str_equal(left->version, right->version);
}

/* The platform's own app has no client of ours, which is told of as such. */
static bool has_no_client(const struct auth_config *config, const char *name)
{
	return str_starts(name, "client.") &&
	       str_equal(auth_config_text(config, "ownership"), "managed");
}

/* A secret that only some have is nobody's wish; other sources are. */
static void compare_secret(const struct line *line, const char *name)
{
	const struct secret_reference *first = NULL;
	struct difference difference = begin(line, name);
	bool differs = false, missing = false;

	for (size_t i = 0; i < line->comparison->width; i++) {
		const struct auth_config *config = line->configs[i];
		const struct secret_reference *reference;

		if (!config || has_no_client(config, name))
			continue;
		reference = auth_config_reference(config, name);
		missing = missing || !reference;
		set_side(&difference, i, reference ? reference->source : NULL,
		         reference ? reference->place
		                   : auth_config_place(state_of(line, i),
		                                       config));
		if (!reference)
			continue;
		first = first ? first : reference;
		differs = differs || !is_same_reference(first, reference);
	}
	difference.expected = !missing;
	difference.text = missing ? secret_advice : NULL;
	if (missing || differs)
		add(line->comparison, &difference);
}

static void compare_secrets(const struct line *line)
{
	struct names names = { .count = 0 };

	for (size_t i = 0; i < line->comparison->width; i++) {
		const struct auth_config *config = line->configs[i];

		for (size_t j = 0; config && j < config->reference_count; j++)
			names_add(&names, config->references[j].name);
	}
	names_sort(&names);
	for (size_t i = 0; i < names.count; i++)
		compare_secret(line, names.items[i]);
	free(names.items);
}

/* ---- all ---- */

static void compare_key(struct comparison *comparison, const char *key)
{
	const struct auth_config **configs =
		xcalloc(comparison->width + 1, sizeof(*configs));
	const struct line line = { comparison, key, configs };

	for (size_t i = 0; i < comparison->width; i++)
		configs[i] =
			state_find(comparison->environments[i].desired, key);
	compare_entries(&line);
	compare_fields(&line);
	for (size_t i = 0; i < LENGTH(members); i++)
		compare_member(&line, &members[i]);
	compare_secrets(&line);
	free(configs);
}

struct comparison *comparison_new(const struct lint_environment *environments,
                                  size_t count)
{
	struct comparison *comparison = xcalloc(1, sizeof(*comparison));
	struct names keys = { .count = 0 };

	comparison->arena = arena_new();
	comparison->environments = environments;
	comparison->width = count;
	for (size_t i = 0; i < count; i++) {
		const struct state *desired = environments[i].desired;

		for (size_t j = 0; j < state_length(desired); j++)
			names_add(&keys, state_at(desired, j)->key);
	}
	names_sort(&keys);
	for (size_t i = 0; i < keys.count; i++)
		compare_key(comparison, keys.items[i]);
	free(keys.items);
	return comparison;
}

void comparison_free(struct comparison *comparison)
{
	if (!comparison)
		return;
	arena_free(comparison->arena);
	free(comparison->items);
	free(comparison);
}

size_t comparison_width(const struct comparison *comparison)
{
	return comparison->width;
}

const char *comparison_name(const struct comparison *comparison, size_t index)
{
	const char *name = comparison->environments[index].name;

	return name ? name : "";
}

size_t comparison_length(const struct comparison *comparison)
{
	return comparison->count;
}

const struct difference *comparison_at(const struct comparison *comparison,
                                       size_t index)
{
	return &comparison->items[index];
}

size_t comparison_unexpected(const struct comparison *comparison)
{
	return comparison->unexpected;
}
