/* SPDX-License-Identifier: MIT */
#include "report/report.h"

#include "base/text.h"

/* One row a format, sorted by name: `format_NAME` is exported by its file. To
 * add one: write reconcile/report/NAME.c like text.c, and add its row. */
#define FORMATS(ROW)          \
	ROW(github)           \
	ROW(gitlab)           \
	ROW(gitlab_terraform) \
	ROW(html)             \
	ROW(json)             \
	ROW(markdown)         \
	ROW(sarif)            \
	ROW(text)

#define DECLARE(name) extern const struct report_format format_##name;
FORMATS(DECLARE)

#define POINT(name) &format_##name,
const struct report_format *const report_formats[] = { FORMATS(POINT) };
const size_t report_format_count = LENGTH(report_formats);

const struct report_format *report_find(const char *name)
{
	for (size_t i = 0; i < report_format_count; i++) {
		if (str_equal(report_formats[i]->name, name))
			return report_formats[i];
	}
	return NULL;
}
