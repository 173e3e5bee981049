/* SPDX-License-Identifier: MIT */
/* Report text: what the text format is expected to say. */
#ifndef TESTS_UNIT_REPORT_TEXT_H
#define TESTS_UNIT_REPORT_TEXT_H

#include "plan_sample.h"

/* Lines about the change of sample_update(). */
#define TEXT_COUNTS "Plan: 0 to add, 1 to change, 0 to delete, 0 unchanged.\n"
#define TEXT_HEADING                                                    \
	"Environment prod at https://platform.test (composio), files: " \
	"directory\n"
#define TEXT_HEAD "\n~ prod/crm  update id-1  prod.yaml:20:3\n"
#define TEXT_DIGEST                                                    \
	"\nDigest: 1:000000000000000000000000000000000000000000000000" \
	"0000000000000000\n"

/* Begins an update of prod/crm, `id-1`, at line 20. */
struct change *sample_update(struct sample *sample);

/* All of it. */
void text_expect(const struct sample *sample, const char *text);
/* What stands between the heading and the digest. */
char *text_middle(const struct sample *sample) MUST_CHECK;
void text_expect_middle(const struct sample *sample, const char *text);
/* A whole line, somewhere behind the first. */
void text_expect_line(const struct sample *sample, const char *line);

#endif
