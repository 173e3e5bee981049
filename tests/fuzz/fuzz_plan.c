/* SPDX-License-Identifier: MIT */
/* Any bytes as a saved plan: what is read can be written in every format, and
 * what JSON says of it is read as the same plan. */
#include "base/diag.h"
#include "report/report.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static char *write_plan(const struct plan *plan,
                        const struct report_format *format)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	const struct report report = {
		.command = "show",
		.environment = plan->environment,
		.diag = diag,
		.plan = plan,
		.flags = REPORT_FULL,
	};
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	assert(format->write(&report, out) == 0);
	(void)fclose(out);
	return text;
}

static void read_again(const struct plan *plan)
{
	const struct report_format *json = report_find("json");
	CLEANUP(textp) char *first = write_plan(plan, json);
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(saved_plan_freep)
	struct saved_plan *twin =
		saved_plan_read("again", first, strlen(first), diag);

	assert(twin);

	CLEANUP(textp) char *second = write_plan(saved_plan(twin), json);

	assert(strcmp(first, second) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(saved_plan_freep)
	struct saved_plan *saved =
		saved_plan_read("plan.json", (const char *)bytes, length, diag);

	assert(!saved == (diag_count(diag, SEVERITY_ERROR) > 0));
	if (!saved)
		return 0;
	for (size_t i = 0; i < report_format_count; i++)
		free(write_plan(saved_plan(saved), report_formats[i]));
	read_again(saved_plan(saved));
	return 0;
}
