/* SPDX-License-Identifier: MIT */
/*
 * samples FOLDER: reports in every format that a code host reads, each as
 * FOLDER/NAME.FORMAT: an empty one, one of mistakes with hostile names, one
 * with a waiver, and one a rule, of its bad example.
 */
#include "lint_world.h"
#include "report/report.h"
#include "schema/schema.h"

/* tests/formats/github.mjs and `schemas` look for these words. */
#define HOSTILE "h\n::stop-commands::x%0A\r, line=9::\u202e[c](http://d)"

static const char *const formats[] = { "github", "gitlab", "sarif" };

static int write_format(const char *folder, const char *name,
                        const char *format, const struct report *report)
{
	CLEANUP(textp) char *path = xasprintf("%s/%s.%s", folder, name, format);
	CLEANUP(filep) FILE *out = fopen(path, "w");

	if (!out || report_find(format)->write(report, out) < 0) {
		perror(path);
		return -1;
	}
	return 0;
}

static int write_all(const char *folder, const char *name,
                     const struct report *report)
{
	int result = 0;

	for (size_t i = 0; i < LENGTH(formats); i++) {
		if (write_format(folder, name, formats[i], report) < 0)
			result = -1;
	}
	return result;
}

static void fill_mistakes(struct diag *diag)
{
	const struct place place = { "./a b/prod.yaml", 14, 9 };
	const struct place hostile = { HOSTILE, 1, 1 };
	const struct place whole = { "srv/ünicode.yaml", 0, 0 };

	for (unsigned i = 0; i < 30; i++) {
		diag_error(diag, CODE_UNKNOWN_KEY, place, "unknown key `%u`",
		           i);
		diag_note(diag, hostile, "as `%s`", HOSTILE);
		diag_note(diag, PLACE_NONE, "a hint");
	}
	diag_error(diag, CODE_WRONG_TYPE, hostile, "not `%s`", HOSTILE);
	diag_warning(diag, CODE_VARIABLE_UNSET, whole, "%s", HOSTILE);
	diag_info(diag, CODE_LOCK_TAKEN, PLACE_NONE, "no words: \xff\xfe");
}

static int write_mistakes(const char *folder)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	const struct report report = { .command = "validate",
		                       .exit = 1,
		                       .diag = diag };

	if (write_all(folder, "empty", &report) < 0)
		return -1;
	fill_mistakes(diag);
	return write_all(folder, "mistakes", &report);
}

static int write_findings(const char *folder, const char *name,
                          struct world *world, const char *yaml)
{
	struct report report = { .command = "plan", .exit = 3 };

	world_read(world, yaml);
	for (size_t i = 0; i < world->count; i++) {
		world->environments[i].callback = WORLD_CALLBACK;
		world->environments[i].place.file = "./a b/prod.yaml";
	}
	world_run(world);
	report.findings = world->findings;
	return write_all(folder, name, &report);
}

static const char waived[] =
	"connector: github\n"
	"scopes: [repo]\n"
	"policy:\n"
	"  waivers:\n"
	"    - { rule: scope-broad, key: app, expires: '2027-01-31',\n"
	"        reason: \"h\\n::error::x%0A](http://d)\" }\n";

int main(int argc, char **argv)
{
	CLEANUP(world_freep) struct world *world = world_new();
	const char *folder = argc == 2 ? argv[1] : ".";
	int result = write_mistakes(folder);

	if (write_findings(folder, "waived", world, waived) < 0)
		result = -1;
	for (size_t i = 0; i < lint_rule_count; i++) {
		if (write_findings(folder, lint_rules[i].id, world,
		                   lint_rules[i].bad) < 0)
			result = -1;
	}
	return result < 0;
}
