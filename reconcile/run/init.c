/* SPDX-License-Identifier: MIT */
/* Init: the files of a new folder, from the templates in schema/init/. */
#include "run/road.h"

#include "base/file.h"
#include "base/text.h"
#include "run/init.h"
#include "schema/schema.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- asking ---- */

/* A line from the terminal; `fallback` when it is empty, or nobody is there. */
static char *ask(struct run *run, const char *question, const char *fallback)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t length;

	if (!(run->options.flags & RUN_TERMINAL))
		return xstrdup(fallback);
	fprintf(run->talk, "%s%s%s%s: ", question, *fallback ? " [" : "",
	        fallback, *fallback ? "]" : "");
	fflush(run->talk);
	length = getline(&line, &size, run->in);
	if (length > 0 && line[length - 1] == '\n')
		line[--length] = '\0';
	if (length > 0)
		return line;
	free(line);
	return xstrdup(fallback);
}

static char *names_of_platforms(void)
{
	char *text = NULL;
	size_t length, count;
	char **names = binding_names(&count);
	FILE *out = xmemstream(&text, &length);

	for (size_t i = 0; i < count; i++)
		fprintf(out, "%s%s", i ? ", " : "", names[i]);
	(void)fclose(out);
	binding_names_free(names, count);
	return text;
}

static int choose_platform(struct run *run, struct init *init)
{
	CLEANUP(textp) char *names = names_of_platforms();
	CLEANUP(textp)
	char *question = xasprintf("Which platform (%s)", names);

	init->platform = run->options.platform ? xstrdup(run->options.platform)
	                                       : ask(run, question, "");
	if (!init->platform[0])
		return diag_error(run->diag, CODE_USAGE, PLACE_NONE,
		                  "init wants to know the platform; give "
		                  "--platform with one of: %s",
		                  names);
	init->binding = binding_load(init->platform, PLACE_NONE, run->diag);
	if (!init->binding)
		return -1;
	binding_tell(init->binding, &init->facts);
	return 0;
}

static void add_environment(struct init *init, const char *name)
{
	init->environments =
		xreallocarray(init->environments, init->environment_count + 1,
	                      sizeof(char *));
	init->environments[init->environment_count++] = xstrdup(name);
}

static void choose_environments(struct run *run, struct init *init)
{
	const struct texts *said = &run->options.environments;
	CLEANUP(textp) char *line = NULL;
	char *rest = NULL;

	for (size_t i = 0; i < said->count; i++)
		add_environment(init, said->items[i]);
	if (said->count)
		return;
	line = ask(run, "Environments", "dev prod");
	for (char *name = strtok_r(line, ", ", &rest); name;
	     name = strtok_r(NULL, ", ", &rest))
		add_environment(init, name);
}

static bool is_environment_name(const char *name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	const size_t length = strlen(name);

	return length > 0 && length <= 63 && name[0] != '-' &&
	       strspn(name, plain) == length;
}

/* The file of an environment must not be another one of ours. */
static int check_environments(struct run *run, const struct init *init)
{
	int result = 0;

	for (size_t i = 0; i < init->environment_count; i++) {
		const char *name = init->environments[i];
		bool again = str_equal(name, "base");

		for (size_t j = 0; j < i; j++)
			again = again || str_equal(name, init->environments[j]);
		if (again)
			result = diag_error(run->diag, CODE_ENVIRONMENT_NAME,
			                    PLACE_NONE,
			                    "there can be only one `%s.yaml`; "
			                    "choose another --environment",
			                    name);
		else if (!is_environment_name(name))
			result = diag_error(run->diag, CODE_ENVIRONMENT_NAME,
			                    PLACE_NONE,
			                    "`%s` is no name of an "
			                    "environment; write lower-case "
			                    "letters, digits and hyphens",
			                    name);
	}
	return result;
}

/* ---- the files ---- */

static void add_file(struct init *init, char *name, char *bytes)
{
	init->files = xreallocarray(init->files, init->file_count + 1,
	                            sizeof(*init->files));
	init->files[init->file_count++] = (struct init_file){ name, bytes };
}

static void add_template(struct init *init, const char *name,
                         const char *template)
{
	const struct schema_file *file = schema_find(template);

	add_file(init, xstrdup(name), xstrndup(file->bytes, file->length));
}

/* PLATFORM_PROD_API_KEY. */
static char *key_variable(const char *platform, const char *environment)
{
	char *name = xasprintf("%s_%s_API_KEY", platform, environment);

	for (char *at = name; *at; at++) {
		if (*at >= 'a' && *at <= 'z')
			*at = (char)(*at - 'a' + 'A');
		else if (*at == '-')
			*at = '_';
	}
	return name;
}

static char *parameter_lines(const struct binding_facts *facts)
{
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	if (facts->parameter_count)
		fputs("  parameters:\n", out);
	for (size_t i = 0; i < facts->parameter_count; i++)
		fprintf(out, "    %s: change-me # %s\n",
		        facts->parameters[i].name, facts->parameters[i].words);
	(void)fclose(out);
	return text;
}

static void add_environment_file(const struct run *run, struct init *init,
                                 const char *name)
{
	const struct schema_file *template =
		schema_find("init/environment.template");
	const bool live = run->options.flags & RUN_FROM_LIVE;
	CLEANUP(textp) char *key = key_variable(init->platform, name);
	CLEANUP(textp)
	char *url = run->options.url
	                    ? xasprintf("  url: %s\n", run->options.url)
	                    : xstrdup("");
	CLEANUP(textp) char *parameters = parameter_lines(&init->facts);
	const struct filling_word words[] = {
		{ "@ENVIRONMENT@", name },
		{ "@EXTENDS@\n", live ? "" : "extends: [base.yaml]\n" },
		{ "@PLATFORM@", init->platform },
		{ "@URL@", url },
		{ "@API_KEY@", key },
		{ "@PARAMETERS@\n", parameters },
	};

	add_file(init, xasprintf("%s.yaml", name),
	         init_fill(template->bytes, words, LENGTH(words)));
}

static void make_files(const struct run *run, struct init *init)
{
	for (size_t i = 0; i < init->environment_count; i++)
		add_environment_file(run, init, init->environments[i]);
	if (!(run->options.flags & RUN_FROM_LIVE))
		add_template(init, "base.yaml", "init/base.template");
	add_template(init, "config.schema.json", "config.schema.json");
	add_template(init, ".gitignore", "init/gitignore.template");
}

static char *path_of(const struct init *init, const char *name)
{
	return str_equal(init->dir, ".") ? xstrdup(name)
	                                 : path_join(init->dir, name);
}

/* All of them, so that nothing is half written. */
static int check_absent(struct run *run, const struct init *init)
{
	struct stat status;
	int result = 0;

	for (size_t i = 0; i < init->file_count; i++) {
		CLEANUP(textp)
		char *path = path_of(init, init->files[i].name);

		if (lstat(path, &status) == 0)
			result = diag_error(run->diag, CODE_FILE_EXISTS,
			                    PLACE_NONE,
			                    "`%s` is there already and is not "
			                    "overwritten; move it, or choose "
			                    "another folder with --dir",
			                    path);
	}
	return result;
}

static int make_folder(struct run *run, const struct init *init)
{
	if (mkdir(init->dir, 0777) == 0 || errno == EEXIST)
		return 0;
	return diag_error(run->diag, CODE_FILE_UNWRITABLE, PLACE_NONE,
	                  "the folder `%s` cannot be made: %s; choose another "
	                  "with --dir",
	                  init->dir, strerror(errno));
}

static int write_files(struct run *run, const struct init *init)
{
	for (size_t i = 0; i < init->file_count; i++) {
		const struct init_file *file = &init->files[i];
		CLEANUP(textp) char *path = path_of(init, file->name);

		if (file_write(path, 0644, file->bytes, strlen(file->bytes),
		               run->diag) < 0)
			return -1;
	}
	return 0;
}

/* ---- from live ---- */

/* The environment's file is its own export: read first, then replaced. */
static int export_into(struct run *run, const char *path)
{
	struct texts *files = &run->options.files;

	free(files->items);
	files->items = xcalloc(1, sizeof(char *));
	files->items[0] = path;
	files->count = 1;
	run->options.out = path;
	run->options.flags |= RUN_INIT_LEDGER;
	return run_export(run) == 0 ? 0 : -1;
}

static void remove_files(const struct init *init)
{
	for (size_t i = 0; i < init->file_count; i++) {
		CLEANUP(textp)
		char *path = path_of(init, init->files[i].name);

		(void)unlink(path);
	}
}

static int export_all(struct run *run, const struct init *init)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < init->environment_count; i++) {
		CLEANUP(textp)
		char *path = path_of(init, init->files[i].name);

		result = export_into(run, path);
		run->options.files.count = 0;
		run->options.out = NULL;
	}
	return result;
}

/* ---- all of it ---- */

static void init_release(struct init *init)
{
	for (size_t i = 0; i < init->file_count; i++) {
		free(init->files[i].name);
		free(init->files[i].bytes);
	}
	for (size_t i = 0; i < init->environment_count; i++)
		free(init->environments[i]);
	free(init->files);
	free(init->environments);
	binding_facts_release(&init->facts);
	binding_free(init->binding);
	free(init->platform);
}

static int make(struct run *run, struct init *init)
{
	init->dir = run->options.dir ? run->options.dir : ".";
	if (choose_platform(run, init) < 0)
		return -1;
	choose_environments(run, init);
	if (check_environments(run, init) < 0)
		return -1;
	make_files(run, init);
	if (make_folder(run, init) < 0 || check_absent(run, init) < 0 ||
	    write_files(run, init) < 0)
		return -1;
	if ((run->options.flags & RUN_FROM_LIVE) && export_all(run, init) < 0) {
		remove_files(init);
		return -1;
	}
	return 0;
}

static char *tell(const struct run *run, const struct init *init)
{
	const bool live = run->options.flags & RUN_FROM_LIVE;
	CLEANUP(textp) char *first = path_of(init, init->files[0].name);
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	for (size_t i = 0; i < init->file_count; i++) {
		CLEANUP(textp) char *path = path_of(init, init->files[i].name);

		fprintf(out, "wrote %s\n", path);
	}
	if (live)
		fprintf(out,
		        "Next: set the variables of secrets that the files "
		        "name, then `trueup plan -f %s`.\n",
		        first);
	else
		fprintf(out,
		        "Next: declare auth configs, then `trueup validate -f "
		        "%s`.\n",
		        first);
	(void)fclose(out);
	return text;
}

int run_init(struct run *run)
{
	CLEANUP(init_release) struct init init = { .dir = NULL };
	CLEANUP(textp) char *message = NULL;
	struct report report = { .command = run->command, .diag = run->diag };

	if (road_check_outputs(run) < 0)
		return run_exit(run->diag);
	if (make(run, &init) < 0)
		report.exit = run_exit(run->diag);
	else
		message = tell(run, &init);
	report.message = message;
	return road_report(run, &report);
}
