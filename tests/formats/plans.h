/* SPDX-License-Identifier: MIT */
/*
 * Plans: made up ones of any size, for what is seen of them: real enough to be
 * looked at, and hostile where somebody else has the word.
 */
#ifndef TESTS_FORMATS_PLANS_H
#define TESTS_FORMATS_PLANS_H

#include "report/report.h"

struct plans {
	struct plan plan;
	struct report report;
	struct diag *diag;
};

/*
 * "usual": `count` changes of all kinds without a destructive one, but for one
 * deletion in the middle. "destructive": every third is one. "hostile": names,
 * values and texts that try to break out.
 */
struct plans *plans_new(const char *kind, size_t count) MUST_CHECK;
void plans_free(struct plans *plans);
DEFINE_CLEANUP(plans)

/* What each of the hostile texts holds. */
#define PLANS_HOSTILE                                                 \
	"````` b` ``` </code></summary></details><img src=x><script>" \
	"alert(1)</script>| @org/team #123 GH-1 https://evil.test "   \
	"[c](http://d) \x1b[31m\xe2\x80\xae\r\n\n# h\n<!-- x --> &amp;"

#endif
