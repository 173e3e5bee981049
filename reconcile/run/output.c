/* SPDX-License-Identifier: MIT */
/* Output: the result to stdout and to every --write, and the exit code. */
#include "run/road.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "schema/schema.h"

#include <errno.h>
#include <string.h>

/* Gravest first; what is not here counts as 1. */
static const int gravity[] = { 9, 7, 8, 5, 6, 4, 3, 64, 1 };

/* Less grave than anything that is in the table; an interruption is graver. */
static const int mild[] = { 3, 2, 0 };

static size_t rank_of(int exit_code)
{
	for (size_t i = 0; i < LENGTH(gravity); i++) {
		if (gravity[i] == exit_code)
			return i;
	}
	return LENGTH(gravity) - 1;
}

int run_exit(const struct diag *diag)
{
	size_t gravest = LENGTH(gravity);

	for (size_t i = 0; i < diag_length(diag); i++) {
		const struct diag_report *report = diag_at(diag, i);
		const struct code_row *row = code_find(report->code);
		size_t rank;

		if (report->severity != SEVERITY_ERROR)
			continue;
		rank = rank_of(row ? row->exit : 1);
		if (rank < gravest)
			gravest = rank;
	}
	return gravest == LENGTH(gravity) ? 0 : gravity[gravest];
}

static size_t whole_rank_of(int exit_code)
{
	if (exit_code > 128)
		return 0;
	for (size_t i = 0; i < LENGTH(mild); i++) {
		if (mild[i] == exit_code)
			return 1 + LENGTH(gravity) + i;
	}
	return 1 + rank_of(exit_code);
}

int road_graver(int a, int b)
{
	return whole_rank_of(b) < whole_rank_of(a) ? b : a;
}

static const char *format_name(const struct run *run)
{
	return run->options.format ? run->options.format : "text";
}

static int unknown_format(struct run *run, const char *name)
{
	CLEANUP(textp) char *all = NULL;
	size_t length = 0;
	FILE *out = xmemstream(&all, &length);

	for (size_t i = 0; i < report_format_count; i++)
		fprintf(out, "%s%s", i ? ", " : "", report_formats[i]->name);
	fclose(out);
	return diag_error(run->diag, CODE_UNKNOWN_FORMAT, PLACE_NONE,
	                  "there is no format `%s`; write one of: %s", name,
	                  all);
}

static int check_write(struct run *run, const char *said)
{
	const char *equals = strchr(said, '=');
	CLEANUP(textp) char *name = NULL;

	if (!equals || !equals[1])
		return diag_error(run->diag, CODE_USAGE, PLACE_NONE,
		                  "--write `%s` names no file; write "
		                  "`--write json=FILE`",
		                  said);
	name = xstrndup(said, (size_t)(equals - said));
	return report_find(name) ? 0 : unknown_format(run, name);
}

static int check_fail_on(struct run *run)
{
	const char *said = run->options.fail_on;

	for (int i = LINT_OFF; said && i <= LINT_ERROR; i++) {
		if (str_equal(said, lint_severity_names[i]))
			return 0;
	}
	if (!said)
		return 0;
	return diag_error(run->diag, CODE_USAGE, PLACE_NONE,
	                  "--fail-on wants error, warning, info or off, not "
	                  "`%s`",
	                  said);
}

static int check_max_bytes(struct run *run)
{
	const int64_t said = run->options.max_bytes;

	if (said < 0 || said >= LIMIT_MARKDOWN_LEAST)
		return 0;
	return diag_error(run->diag, CODE_USAGE, PLACE_NONE,
	                  "--max-bytes wants at least %d, not `%lld`: less "
	                  "does not hold what a page must say",
	                  LIMIT_MARKDOWN_LEAST, (long long)said);
}

int road_check_outputs(struct run *run)
{
	const char *name = format_name(run);
	int result = check_fail_on(run);

	if (check_max_bytes(run) < 0 || road_check_ci(run) < 0)
		result = -1;

	if (!report_find(name) && !(run->options.flags & RUN_IDS))
		result = unknown_format(run, name);
	for (size_t i = 0; i < run->options.writes.count; i++) {
		if (check_write(run, run->options.writes.items[i]) < 0)
			result = -1;
	}
	return result;
}

int road_unwritable(struct run *run)
{
	return diag_error(run->diag, CODE_FILE_UNWRITABLE, PLACE_NONE,
	                  "stdout cannot be written: %s", strerror(errno));
}

/* Colour and the rest are for people at a terminal, never for files. */
static int write_file(struct run *run, const struct report *report,
                      size_t index)
{
	const char *said = run->options.writes.items[index];
	const char *equals = strchr(said, '=');
	CLEANUP(textp) char *part = road_part_file(run, index);
	CLEANUP(textp) char *name = xstrndup(said, (size_t)(equals - said));
	const struct report_format *format = report_find(name);
	struct report plain = *report;
	CLEANUP(textp) char *bytes = NULL;
	size_t length = 0;
	FILE *out = xmemstream(&bytes, &length);

	plain.flags &= ~(unsigned)REPORT_COLOR;
	format->write(&plain, out);
	fclose(out);
	return file_write(part ? part : equals + 1, 0644, bytes, length,
	                  run->diag);
}

int road_report(struct run *run, struct report *report)
{
	const struct report_format *format = report_find(format_name(run));
	int result = 0;

	if (run->options.max_bytes > 0)
		report->max_bytes = (size_t)run->options.max_bytes;
	diag_sort(run->diag);
	for (size_t i = 0; i < run->options.writes.count; i++) {
		if (write_file(run, report, i) < 0)
			result = -1;
	}
	if (road_leave_ci(run, report) < 0)
		result = -1;
	if (format->write(report, run->out) < 0 || fflush(run->out) != 0)
		result = road_unwritable(run);
	if (result < 0 && report->exit == 0)
		return 1;
	return report->exit;
}

void road_describe_flags(const struct run *run, struct report *report)
{
	const unsigned flags = run->options.flags;

	report->flags = (flags & RUN_COLOR ? REPORT_COLOR : 0U) |
	                (flags & RUN_FULL ? REPORT_FULL : 0U) |
	                (flags & RUN_QUIET_UNCHANGED ? REPORT_QUIET : 0U);
}

void road_describe(const struct run *run, const struct road *road,
                   struct report *report)
{
	report->command = run->command;
	report->diag = run->diag;
	report->environment = road->environment.name;
	report->plan = road->plan;
	report->findings = road->rules.findings;
	report->resolved = &road->resolved;
	report->requests =
		road->platform ? platform_requests(road->platform) : 0;
	road_describe_flags(run, report);
	if (road->binding && binding_is_manual(road->binding))
		report->flags |= REPORT_BY_HAND;
	report->deeds = road->deeds;
	report->deed_count = road->deed_count;
}
