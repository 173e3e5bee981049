/* SPDX-License-Identifier: MIT */
/* When there is nothing, or next to nothing, to be said. */
#include "report/formats.h"
#include "report/probes.h"
#include "report/words.h"

/* Nothing changes, and nothing asks for anybody. */
bool report_is_quiet(const struct report *report)
{
	const struct plan *plan = report->plan;

	return plan && plan_is_empty(plan) && !plan->finding_count &&
	       !plan->left_count && !plan->guard_count &&
	       !(report->resolved && report->resolved->resolution_count) &&
	       !findings_ask(report->findings) &&
	       !probed_badly(report->applied) && !(report->flags & REPORT_FULL);
}

/* Beside that, nothing is to be listed or said. */
bool report_is_one_line(const struct report *report)
{
	const struct plan *plan = report->plan;

	return report_is_quiet(report) && !plan->note_count &&
	       !plan->orphan_count && !plan->retired_count &&
	       !plan->risk_count && !ledger_mode_words[plan->ledger_mode] &&
	       !plan->binding_note && !(report->flags & REPORT_BY_HAND);
}
