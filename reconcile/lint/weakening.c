/* SPDX-License-Identifier: MIT */
/* Weakenings: where a file asks for less than what holds without it (T4). */
#include "lint/check.h"

static void report_rule(struct lint_pass *pass,
                        const struct lint_weakening *weakening)
{
	const struct about about = { .field = "policy.rules",
		                     .detail = weakening->rule->id,
		                     .place = weakening->place };

	report(pass, about, "`%s` is `%s` here and `%s` by itself%s",
	       weakening->rule->id, weakening->said, weakening->usual,
	       weakening->held
	               ? "; that counts with --accept-waivers, not before"
	               : "; look whether this change needs it");
}

static void report_limit(struct lint_pass *pass,
                         const struct lint_weakening *weakening)
{
	const struct about about = { .field = "policy",
		                     .detail = weakening->name,
		                     .place = weakening->place };

	report(pass, about,
	       "`%s` is %s here and %s by itself; look whether this change "
	       "needs it",
	       weakening->name, weakening->said, weakening->usual);
}

void check_policy_guard(struct lint_pass *pass)
{
	const struct lint_policy *policy = pass->environment->policy;

	for (size_t i = 0; policy && i < policy->weakening_count; i++) {
		if (policy->weakenings[i].name)
			report_limit(pass, &policy->weakenings[i]);
	}
}

void check_policy_rule(struct lint_pass *pass)
{
	const struct lint_policy *policy = pass->environment->policy;

	for (size_t i = 0; policy && i < policy->weakening_count; i++) {
		if (policy->weakenings[i].rule)
			report_rule(pass, &policy->weakenings[i]);
	}
}
