/* SPDX-License-Identifier: MIT */
/*
 * Several environments in one run. Each is a process of its own, so that what
 * goes wrong in one cannot touch another: the same command with `--part N:DIR`,
 * which takes the Nth -f, and DIR for the files of --write.
 */
#include "run/road.h"

#include "base/batch.h"
#include "base/limits.h"
#include "base/text.h"
#include "schema/schema.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

struct several {
	struct run *run;
	struct texts files; /* borrowed from the options */
	char **queues;      /* what environments with one API key share */
	char *folder;       /* of the parts */
	char *pin;          /* "--expect-commit=HEX"; NULL: no commit's */
	struct batch batch;
	struct report report;
};

int road_part(const struct run *run)
{
	const char *said = run->options.part;
	char *end = NULL;
	const long number = said ? strtol(said, &end, 10) : 0;

	return number > 0 && *end == ':' ? (int)number - 1 : -1;
}

char *road_part_file(const struct run *run, size_t index)
{
	if (road_part(run) < 0)
		return NULL;
	return xasprintf("%s/%d-%zu", strchr(run->options.part, ':') + 1,
	                 road_part(run), index);
}

/* ---- before anything is begun ---- */

static int refuse(struct run *run, const char *words)
{
	return diag_error(run->diag, CODE_ONE_FILE, PLACE_NONE,
	                  "%s, and %zu files are given; name one with -f",
	                  words, run->options.files.count);
}

static int check_format(struct run *run, const char *name, size_t length)
{
	CLEANUP(textp) char *copy = xstrndup(name, length);
	const struct report_format *format = report_find(copy);
	CLEANUP(textp) char *words = NULL;

	if (!format || format->join != REPORT_JOIN_NONE)
		return 0;
	words = xasprintf("the format %s shows one environment", copy);
	return refuse(run, words);
}

/* What belongs to one environment cannot be said of several. */
static int check_options(struct run *run)
{
	const struct options *options = &run->options;
	int result = 0;

	if (options->out)
		result = refuse(run, "--out saves the plan of one environment");
	if (options->expect_digest)
		result = refuse(run, "--expect-digest is of one environment");
	if (options->flags & RUN_IDS)
		result = refuse(run, "--ids is of one environment");
	if (options->format &&
	    check_format(run, options->format, strlen(options->format)) < 0)
		result = -1;
	for (size_t i = 0; i < options->writes.count; i++) {
		const char *said = options->writes.items[i];

		if (check_format(run, said, strcspn(said, "=")) < 0)
			result = -1;
	}
	return result;
}

static char *queue_of(const struct run *run, const struct road *road)
{
	const struct environment *environment = &road->environment;
	const char *key = run->options.api_key_file
	                          ? run->options.api_key_file
	                          : environment->api_key_source;

	return xasprintf("%s %s", key ? key : "",
	                 environment->url ? environment->url
	                                  : binding_url(road->binding));
}

/* All mistakes of all files; and who has to wait for whom. */
static int load_all(struct several *several, run_fn *verb)
{
	const unsigned flags =
		verb == run_plan || verb == run_apply || verb == run_drift
			? 0U
			: (unsigned)DESIRED_LENIENT;
	int result = 0;

	for (size_t i = 0; i < several->files.count; i++) {
		CLEANUP(road_release) struct road road = ROAD_EMPTY;

		if (road_load(several->run, several->files.items[i], flags,
		              &road) < 0)
			result = -1;
		else
			several->queues[i] = queue_of(several->run, &road);
	}
	return result;
}

/* ---- the processes ---- */

/* A branch may move while they begin: all read the commit that was checked. */
static char *make_pin(const struct run *run)
{
	if (!run->checkout || run->options.expect_commit)
		return NULL;
	return xasprintf("--expect-commit=%s",
	                 checkout_revision(run->checkout)->commit.hex);
}

/* argv: this program, the command, --part, what was said beside, the pin. */
static const char **make_arguments(const struct several *several,
                                   const char *part)
{
	const char *const *said = several->run->arguments;
	size_t count = 0;
	const char **arguments;

	while (said[count])
		count++;
	arguments = xcalloc(count + 4, sizeof(char *));
	arguments[0] = "/proc/self/exe";
	arguments[1] = said[0];
	arguments[2] = part;
	arguments[3] = several->pin;
	for (size_t i = 1; i < count; i++)
		arguments[i + (several->pin ? 3 : 2)] = said[i];
	return arguments;
}

static int last_of_queue(const struct several *several, size_t index)
{
	for (size_t i = index; i > 0; i--) {
		if (str_equal(several->queues[i - 1], several->queues[index]))
			return (int)i - 1;
	}
	return BATCH_AT_ONCE;
}

static int run_all(struct several *several)
{
	const size_t count = several->files.count;
	char **parts = xcalloc(count, sizeof(char *));
	struct batch *batch = &several->batch;
	int result;

	for (size_t i = 0; i < count; i++) {
		parts[i] = xasprintf("--part=%zu:%s", i + 1, several->folder);
		batch->items[i] = (struct batch_item){
			.arguments = make_arguments(several, parts[i]),
			.environment = several->run->environment,
			.after = last_of_queue(several, i),
		};
	}
	result = batch_run(batch, several->run->diag);
	for (size_t i = 0; i < count; i++) {
		free((void *)(uintptr_t)batch->items[i].arguments);
		free(parts[i]);
	}
	free(parts);
	return result;
}

/* ---- what they said ---- */

static void say(struct several *several)
{
	for (size_t i = 0; i < several->batch.count; i++) {
		const struct batch_item *item = &several->batch.items[i];

		if (item->talk.length)
			fprintf(several->run->talk, "%s%s:\n", i ? "\n" : "",
			        several->files.items[i]);
		fwrite(item->talk.bytes, 1, item->talk.length,
		       several->run->talk);
		several->report.exit =
			road_graver(several->report.exit, item->exit);
	}
}

static int join_stdout(struct several *several)
{
	const char *name = several->run->options.format;
	const size_t count = several->batch.count;
	struct report_part *parts = xcalloc(count, sizeof(*parts));
	int result;

	for (size_t i = 0; i < count; i++)
		parts[i] = (struct report_part){
			several->files.items[i],
			several->batch.items[i].output.bytes,
			several->batch.items[i].output.length,
		};
	result = report_join(report_find(name ? name : "text"),
	                     &several->report, parts, count, several->run->out);
	free(parts);
	if (result < 0 || fflush(several->run->out) != 0)
		return road_unwritable(several->run);
	return 0;
}

/* A process that was stopped has written nothing. */
static void read_part(const struct several *several, size_t file, size_t index,
                      struct buffer *out)
{
	CLEANUP(diag_freep) struct diag *unsaid = diag_new();
	CLEANUP(textp)
	char *path = xasprintf("%s/%zu-%zu", several->folder, file, index);

	if (file_read(path, LIMIT_CHILD_OUTPUT_BYTES, out, unsaid) < 0)
		*out = (struct buffer){ NULL, 0 };
}

static int join_file(struct several *several, size_t index)
{
	const char *said = several->run->options.writes.items[index];
	const size_t length = strcspn(said, "=");
	CLEANUP(textp) char *name = xstrndup(said, length);
	const size_t count = several->batch.count;
	struct report_part *parts = xcalloc(count, sizeof(*parts));
	struct buffer *read = xcalloc(count, sizeof(*read));
	CLEANUP(textp) char *bytes = NULL;
	size_t size = 0;
	FILE *out = xmemstream(&bytes, &size);
	int result;

	for (size_t i = 0; i < count; i++) {
		read_part(several, i, index, &read[i]);
		parts[i] =
			(struct report_part){ several->files.items[i],
			                      read[i].bytes, read[i].length };
	}
	(void)report_join(report_find(name), &several->report, parts, count,
	                  out);
	fclose(out);
	result = file_write(said + length + 1, 0644, bytes, size,
	                    several->run->diag);
	for (size_t i = 0; i < count; i++)
		buffer_release(&read[i]);
	free(read);
	free(parts);
	return result;
}

static int show(struct several *several)
{
	int result;

	say(several);
	result = join_stdout(several);
	for (size_t i = 0; i < several->run->options.writes.count; i++) {
		if (join_file(several, i) < 0)
			result = -1;
	}
	return result;
}

/* ---- the road ---- */

static char *make_folder(struct run *run)
{
	const char *where = variables_get(run->variables, "TMPDIR");
	char *folder = xasprintf("%s/trueup-XXXXXX",
	                         where && *where == '/' ? where : "/tmp");

	if (mkdtemp(folder))
		return folder;
	diag_error(run->diag, CODE_FILE_UNWRITABLE, PLACE_NONE,
	           "no folder can be made in `%s`: %s; set TMPDIR", folder,
	           strerror(errno));
	free(folder);
	return NULL;
}

static void remove_folder(char *folder)
{
	DIR *directory = opendir(folder);
	const struct dirent *entry;

	while (directory && (entry = readdir(directory))) {
		CLEANUP(textp) char *path = path_join(folder, entry->d_name);

		if (entry->d_type == DT_REG)
			(void)unlink(path);
	}
	if (directory)
		closedir(directory);
	(void)rmdir(folder);
	free(folder);
}

static int begin(struct several *several, run_fn *verb)
{
	struct run *run = several->run;

	if (load_all(several, verb) < 0)
		return -1;
	several->pin = make_pin(run);
	several->folder = make_folder(run);
	if (!several->folder)
		return -1;
	return run_all(several);
}

static int run_several(struct run *run, run_fn *verb)
{
	const size_t count = run->options.files.count;
	struct batch_item *items = xcalloc(count, sizeof(*items));
	struct several several = {
		.run = run,
		.files = run->options.files,
		.queues = xcalloc(count, sizeof(char *)),
		.batch = { items, count, run->stopping, run->stopping_context },
		.report = { .command = run->command, .diag = run->diag },
	};

	if (begin(&several, verb) < 0) {
		several.report.exit = run_exit(run->diag);
		several.report.exit = road_report(run, &several.report);
	} else if (show(&several) < 0) {
		several.report.exit =
			road_graver(several.report.exit, run_exit(run->diag));
	}
	for (size_t i = 0; i < count; i++) {
		free(several.queues[i]);
		buffer_release(&items[i].output);
		buffer_release(&items[i].talk);
	}
	if (several.folder)
		remove_folder(several.folder);
	free(several.pin);
	free(several.queues);
	free(items);
	return several.report.exit;
}

/* A page that all share has room for a part of each. */
static void become_part(struct run *run)
{
	struct options *options = &run->options;
	const int64_t most = options->max_bytes > 0 ? options->max_bytes
	                                            : LIMIT_MARKDOWN_BYTES;

	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	options->max_bytes = most / (int64_t)options->files.count;
	if (options->max_bytes < LIMIT_MARKDOWN_LEAST)
		options->max_bytes = LIMIT_MARKDOWN_LEAST;
}

static bool is_part(const struct run *run)
{
	const int part = road_part(run);

	return part >= 0 && (size_t)part < run->options.files.count;
}

int run_each(struct run *run, run_fn *verb)
{
	if (!run->options.part && run->options.files.count < 2)
		return verb(run);
	if (!run->options.part)
		return road_check_outputs(run) < 0 || check_options(run) < 0
		               ? run_exit(run->diag)
		               : run_several(run, verb);
	if (!is_part(run)) {
		diag_error(run->diag, CODE_USAGE, PLACE_NONE,
		           "--part is trueup's own, for one of several files; "
		           "leave it out");
		return run_exit(run->diag);
	}
	become_part(run);
	return verb(run);
}
