/* SPDX-License-Identifier: MIT */
/*
 * GitLab's Terraform report, for `artifacts: reports: terraform`: how many
 * objects are made, changed and deleted. Without a plan it is empty, which
 * GitLab shows as a report that failed: no plan is not a plan of nothing.
 */
#include "report/json.h"
#include "report/report.h"

enum { MOST = 999999 };

static json_t *number(size_t count)
{
	return json_integer(count < MOST ? (json_int_t)count : MOST);
}

static int write_gitlab_terraform(const struct report *report, FILE *out)
{
	json_auto_t *root = json_object();

	if (report->plan) {
		const struct report_totals totals = report_totals(report->plan);

		json_put(root, "create", number(totals.create));
		json_put(root, "update", number(totals.update));
		json_put(root, "delete", number(totals.remove));
	}
	return json_write(root, out);
}

extern const struct report_format format_gitlab_terraform;

const struct report_format format_gitlab_terraform = {
	.name = "gitlab-terraform",
	.summary = "a Terraform report of GitLab: three counts",
	.machine = true,
	.write = write_gitlab_terraform,
};
