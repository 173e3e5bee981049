/* SPDX-License-Identifier: MIT */
#include "run/road.h"

#include "base/text.h"
#include "schema/schema.h"
#include "shape/shape.h"

#include <stdlib.h>
#include <string.h>

static const char secrets_folder[] = "/run/secrets";

/* The source line of a place, from whichever source of the run knows it. */
static char *source_line(const struct place *place, void *context)
{
	const struct run *run = context;

	for (size_t i = 0; i < run->source_count; i++) {
		if (source_path_of(run->sources[i], place->file))
			return document_line(place, run->sources[i]);
	}
	return NULL;
}

void road_keep_source(struct run *run, struct source *source)
{
	run->sources = xreallocarray(run->sources, run->source_count + 1,
	                             sizeof(struct source *));
	run->sources[run->source_count++] = source;
	diag_set_lines(run->diag, source_line, run);
}

void run_release(struct run *run)
{
	for (size_t i = 0; i < run->source_count; i++)
		source_free(run->sources[i]);
	free(run->sources);
	run->sources = NULL;
	run->source_count = 0;
	checkout_free(TAKE(run->bases));
	checkout_free(TAKE(run->checkout));
}

static const char *variable(const char *name, void *context)
{
	const struct run *run = context;

	return variables_get(run->variables, name);
}

/* Folders are absolute; what the operator types may be relative. */
static void add_folder(struct road *road, const char *folder)
{
	char *absolute = path_real(folder);
	struct secret_settings *settings = &road->secret_settings;

	road->secret_folders[settings->folder_count++] =
		absolute ? absolute : xstrdup(folder);
}

/* Where secret files may lie: what the operator names, else the customary
 * places; and inside the root. */
static void set_secret_folders(struct run *run, struct road *road)
{
	const struct texts *said = &run->options.secrets_dirs;
	const char *credentials =
		variables_get(run->variables, "CREDENTIALS_DIRECTORY");
	struct secret_settings *settings = &road->secret_settings;

	road->secret_folders = xcalloc(said->count + 2, sizeof(char *));
	for (size_t i = 0; i < said->count; i++)
		add_folder(road, said->items[i]);
	if (!said->count) {
		add_folder(road, secrets_folder);
		if (credentials)
			add_folder(road, credentials);
	}
	settings->folders = (const char *const *)road->secret_folders;
	settings->variables = run->variables;
	settings->root = source_root(road->source);
	settings->env_globs = run->options.allow_secret_env.items;
	settings->env_glob_count = run->options.allow_secret_env.count;
}

/* What was loaded, and goes when everything was read from it: a file's entries
 * are the most of it by far. */
struct loaded {
	struct documents *documents;
	const struct node *root;
};

static void loaded_release(struct loaded *loaded)
{
	documents_free(loaded->documents);
}

static int check_shape(struct run *run, const struct loaded *loaded)
{
	CLEANUP(shape_freep)
	struct shape *shape = shape_embedded("config.schema.json");

	return shape_check(shape, loaded->documents, loaded->root, run->diag);
}

/* What is read once into the desired state. */
static const char *const entries[] = { "authConfigs", "defaults", NULL };

static void keep_tree(struct road *road, const struct loaded *loaded)
{
	static const struct node nothing = { .type = NODE_MAPPING };
	const struct node *root = loaded->root;

	if (!road->entries_kept)
		root = document_graft(loaded->documents, root, &nothing,
		                      entries);
	road->documents = documents_new();
	road->root = document_copy(road->documents, loaded->documents, root);
}

/* Goes on after a mistake, so that one run shows those of every step. */
static int read_tree(struct run *run, unsigned desired_flags,
                     const struct loaded *loaded, struct road *road)
{
	const struct desired_settings settings = {
		.variable = variable,
		.context = run,
		.flags = (enum desired_flags)(desired_flags |
		                              DESIRED_TWINS_LATER),
	};
	int result = check_shape(run, loaded);

	keep_tree(road, loaded);
	if (environment_read(road->documents, road->root, &settings,
	                     &road->environment, run->diag) < 0)
		result = -1;
	if (road_policy(run, road) < 0)
		result = -1;
	if (!road->environment.binding)
		return -1;
	road->binding = road_binding(run, road);
	if (!road->binding)
		return -1;
	road->desired = desired_read(
		loaded->documents, loaded->root, &road->environment,
		binding_traits(road->binding), &settings, run->diag);
	return road->desired ? result : -1;
}

/* Whose value it was that a wrong one replaced. */
static void note_overrides(struct run *run, const struct loaded *loaded,
                           size_t first)
{
	for (size_t i = first; i < diag_length(run->diag); i++) {
		struct place under;

		if (documents_overridden(loaded->documents,
		                         diag_at(run->diag, i)->place, &under))
			diag_note_at(run->diag, i, under,
			             "it stands in place of this");
	}
}

int road_load(struct run *run, const char *file, unsigned desired_flags,
              struct road *road)
{
	road->source = road_source(run, file);
	if (!road->source)
		return -1;
	road_keep_source(run, road->source);
	if (road_load_source(run, file, desired_flags, road) < 0)
		return -1;
	return road_say_uncommitted(run, road);
}

int road_load_source(struct run *run, const char *file, unsigned desired_flags,
                     struct road *road)
{
	const size_t errors = diag_count(run->diag, SEVERITY_ERROR);
	const size_t reports = diag_length(run->diag);
	CLEANUP(loaded_release)
	struct loaded loaded = { documents_new(), NULL };
	int result;

	set_secret_folders(run, road);
	loaded.root = document_load(loaded.documents, road->source, run->diag);
	if (!loaded.root ||
	    road_trust_base(run, file, loaded.documents, &loaded.root) < 0)
		return -1;
	result = read_tree(run, desired_flags, &loaded, road);
	note_overrides(run, &loaded, reports);
	if (result < 0)
		return -1;
	return diag_count(run->diag, SEVERITY_ERROR) > errors ? -1 : 0;
}

int road_files(struct run *run, char ***files, size_t *count)
{
	const struct texts *said = &run->options.files;
	const int part = road_part(run);
	const char *named = variables_get(run->variables, "TRUEUP_FILE");
	char *only = NULL;

	if (part >= 0 && (size_t)part < said->count) {
		*files = xcalloc(1, sizeof(char *));
		(*files)[0] = xstrdup(said->items[part]);
		*count = 1;
		return 0;
	}
	if (said->count) {
		*files = xcalloc(said->count, sizeof(char *));
		for (size_t i = 0; i < said->count; i++)
			(*files)[i] = xstrdup(said->items[i]);
		*count = said->count;
		return 0;
	}
	only = named && *named ? xstrdup(named) : road_find_file(run);
	if (!only)
		return -1;
	*files = xcalloc(1, sizeof(char *));
	(*files)[0] = only;
	*count = 1;
	return 0;
}

char *road_file(struct run *run)
{
	char **files = NULL;
	char *file = NULL;
	size_t count = 0;

	if (road_files(run, &files, &count) < 0)
		return NULL;
	if (count > 1)
		diag_error(run->diag, CODE_ONE_FILE, PLACE_NONE,
		           "`%s` works on one environment, and %zu files are "
		           "given; name one with -f",
		           run->command, count);
	else
		file = xstrdup(files[0]);
	for (size_t i = 0; i < count; i++)
		free(files[i]);
	free(files);
	return file;
}

static void free_plan_parts(struct road *road)
{
	road_release_deeds(road);
	plan_free(road->plan);
	free(road->weakenings);
	free(road->base_secrets);
	free(road->base_revision);
	for (size_t i = 0; i < road->base_text_count; i++)
		free(road->base_texts[i]);
	free(road->base_texts);
	if (road->base)
		road_release(road->base);
	free(road->base);
	saved_plan_free(road->approved);
	rules_release(&road->rules);
	for (size_t i = 0; i < road->beside_count; i++)
		road_release(&road->beside[i]);
	free(road->beside);
	free(road->lint_secrets);
	free(road->rotations);
	free(road->facts);
	resolved_release(&road->resolved);
	state_free(road->live);
	platform_close(road->platform);
	secret_free(road->api_key);
}

void road_release(struct road *road)
{
	free_plan_parts(road);
	road_close_ledger(road);
	state_free(road->desired);
	lint_policy_free(road->lint_policy);
	binding_free(road->binding);
	environment_release(&road->environment);
	documents_free(road->documents);
	for (size_t i = 0; i < road->secret_settings.folder_count; i++)
		free(road->secret_folders[i]);
	free(road->secret_folders);
	free(road->allow_hosts);
	free(road->allow_hosts_text);
}
