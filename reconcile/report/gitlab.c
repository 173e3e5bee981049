/* SPDX-License-Identifier: MIT */
/*
 * GitLab: a Code Quality report, for `artifacts: reports: codequality`. GitLab
 * wants a file and a line of each issue, so what has none stands in the first
 * line of the first file; it has no waivers, so what is waived is left out.
 */
#include "report/issues.h"
#include "report/json.h"

#include "base/text.h"

static const char *const severities[] = {
	[SEVERITY_ERROR] = "major",
	[SEVERITY_WARNING] = "minor",
	[SEVERITY_INFO] = "info",
};

/* As the operator named it, which should be relative to the repository, but
 * without a leading dot; "." where there is no file. */
static const char *path_of(const struct report *report,
                           const struct issue *issue)
{
	const char *path = issue->place.file;

	if (!path && report->file_count)
		path = report->files[0].file;
	while (path && str_starts(path, "./"))
		path += 2;
	return path ? path : ".";
}

static json_t *location_json(const struct report *report,
                             const struct issue *issue)
{
	CLEANUP(textp) char *path = text_safe(path_of(report, issue));
	json_t *location = json_object();
	json_t *lines = json_object();
	const unsigned line = issue->place.line;

	json_put(lines, "begin", json_integer(line ? line : 1));
	json_put(location, "path", json_text(path));
	json_put(location, "lines", lines);
	return location;
}

static json_t *issue_json(const struct report *report,
                          const struct issue *issue)
{
	json_t *object = json_object();

	json_put(object, "description", json_text(issue->text));
	json_put(object, "check_name", json_text(issue->id));
	json_put(object, "fingerprint", json_text(issue->fingerprint));
	json_put(object, "severity", json_text(severities[issue->severity]));
	json_put(object, "location", location_json(report, issue));
	return object;
}

static int write_gitlab(const struct report *report, FILE *out)
{
	json_auto_t *root = json_array();
	struct issues issues;

	issues_init(&issues, report, ISSUES_RISKS);
	for (size_t i = 0; i < issues.count; i++) {
		const struct issue *issue = &issues.items[i];

		if (!issue_waiver(issue))
			(void)json_array_append_new(root,
			                            issue_json(report, issue));
	}
	issues_release(&issues);
	return json_write(root, out);
}

extern const struct report_format format_gitlab;

const struct report_format format_gitlab = {
	.name = "gitlab",
	.summary = "a Code Quality report of GitLab",
	.machine = true,
	.write = write_gitlab,
	.join = REPORT_JOIN_ARRAYS,
};
