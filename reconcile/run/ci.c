/* SPDX-License-Identifier: MIT */
/*
 * CI: what a run leaves to the system that runs it, a row each.
 *
 * GitHub Actions reads files that variables name: outputs for later steps, each
 * between delimiters that nobody can guess, and a summary of Markdown of at
 * most 1 MiB a step. Annotations are lines of what a step says, here on stderr,
 * so that stdout stays the result.
 */
#include "run/road.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/text.h"
#include "schema/schema.h"

/* ---- GitHub Actions ---- */

static const char outputs_name[] = "GITHUB_OUTPUT";
static const char summary_name[] = "GITHUB_STEP_SUMMARY";

enum { DELIMITER_BYTES = 16 };

static void write_output(FILE *out, const char *name, const char *value)
{
	unsigned char bytes[DELIMITER_BYTES];
	char delimiter[2 * DELIMITER_BYTES + 1];

	random_bytes(bytes, sizeof(bytes));
	text_hex(delimiter, bytes, sizeof(bytes));
	fprintf(out, "%s<<trueup_%s\n%s\ntrueup_%s\n", name, delimiter, value,
	        delimiter);
}

static void write_number(FILE *out, const char *name, size_t value)
{
	CLEANUP(textp) char *text = xasprintf("%zu", value);

	write_output(out, name, text);
}

static const char *const answers[] = { "false", "true" };

static void plan_outputs(const struct plan *plan, FILE *out)
{
	const struct report_totals totals = report_totals(plan);

	write_output(out, "has_changes", answers[!plan_is_empty(plan)]);
	write_output(out, "blocked", answers[plan->blocked]);
	write_output(out, "digest", plan->digest);
	write_number(out, "add", totals.create);
	write_number(out, "change", totals.update);
	write_number(out, "delete", totals.remove);
	write_number(out, "rotate", plan->counts.secrets[SECRET_ROTATE]);
	write_number(out, "drift", plan->counts.drifted);
	write_number(out, "risks", plan->risk_count);
}

static int append_outputs(struct run *run, const struct report *report)
{
	CLEANUP(textp) char *text = NULL;
	size_t length = 0;
	FILE *out = xmemstream(&text, &length);

	write_number(out, "exitcode", (size_t)report->exit);
	if (report->plan)
		plan_outputs(report->plan, out);
	(void)fclose(out);
	return file_append(variables_get(run->variables, outputs_name), text,
	                   length, run->diag);
}

/* As much as the step's summary still holds: what others wrote stays. */
static int append_summary(struct run *run, const struct report *report)
{
	const char *path = variables_get(run->variables, summary_name);
	const size_t used = file_length(path);
	struct report whole = *report;
	CLEANUP(textp) char *text = NULL;
	size_t length = 0;
	FILE *out;

	if (used + LIMIT_MARKDOWN_LEAST >= LIMIT_SUMMARY_BYTES) {
		fprintf(run->talk,
		        "the step's summary is full: `%s` gets "
		        "no page\n",
		        path);
		return 0;
	}
	whole.max_bytes = LIMIT_SUMMARY_BYTES - used - 1;
	out = xmemstream(&text, &length);
	if (used)
		fputc('\n', out);
	report_find("markdown")->write(&whole, out);
	(void)fclose(out);
	return file_append(path, text, length, run->diag);
}

static int leave_github(struct run *run, const struct report *report)
{
	const int outputs = append_outputs(run, report);
	const int summary = append_summary(run, report);

	report_find("github")->write(report, run->talk);
	return outputs < 0 || summary < 0 ? -1 : 0;
}

/* ---- the table ---- */

static const struct ci {
	const char *name;
	const char *const *variables; /* that it sets; ended by NULL */
	int (*leave)(struct run *run, const struct report *report);
} systems[] = {
	{ "github", (const char *const[]){ outputs_name, summary_name, NULL },
	  leave_github },
};

static const struct ci *find(const char *name)
{
	for (size_t i = 0; i < LENGTH(systems); i++) {
		if (str_equal(systems[i].name, name))
			return &systems[i];
	}
	return NULL;
}

int road_check_ci(struct run *run)
{
	const char *name = run->options.ci;
	const struct ci *ci = find(name);
	int result = 0;

	if (name && !ci)
		return diag_error(run->diag, CODE_USAGE, PLACE_NONE,
		                  "--ci wants `github`, not `%s`; elsewhere "
		                  "give --write FORMAT=FILE",
		                  name);
	for (size_t i = 0; ci && ci->variables[i]; i++) {
		const char *value =
			variables_get(run->variables, ci->variables[i]);

		if (value && *value)
			continue;
		result = diag_error(run->diag, CODE_USAGE, PLACE_NONE,
		                    "--ci %s needs `%s`, which is not set: "
		                    "leave --ci out where no step of it runs",
		                    name, ci->variables[i]);
	}
	return result;
}

int road_leave_ci(struct run *run, const struct report *report)
{
	const struct ci *ci = find(run->options.ci);

	return ci ? ci->leave(run, report) : 0;
}
