/* SPDX-License-Identifier: MIT */
/* Findings of the rules as JSON. */
#include "report/formats.h"
#include "report/json.h"

#include <stdlib.h>

static json_t *waiver_json(const struct lint_waiver *waiver)
{
	json_t *object;

	if (!waiver)
		return json_null();
	object = json_object();
	json_put(object, "reason", json_text(waiver->reason));
	json_put(object, "expires", json_text(waiver->expires));
	json_put(object, "source", json_place(&waiver->place));
	return object;
}

static json_t *finding_json(const struct finding *finding,
                            const struct fingerprint *print)
{
	json_t *object = json_object();

	json_put(object, "rule", json_text(finding->rule->id));
	json_put(object, "severity",
	         json_text(lint_severity_names[finding->severity]));
	json_put(object, "environment",
	         *finding->environment ? json_text(finding->environment)
	                               : json_null());
	json_put(object, "key", json_text(finding->key));
	json_put(object, "field", json_text(finding->field));
	json_put(object, "message", json_text(finding->text));
	json_put(object, "source", json_place(&finding->place));
	json_put(object, "fingerprint", json_text(print->text));
	json_put(object, "waived", waiver_json(finding->waived_by));
	return object;
}

json_t *json_findings(const struct findings *findings)
{
	struct fingerprint *prints = findings_fingerprints(findings);
	json_t *array = json_array();

	for (size_t i = 0; i < findings_length(findings); i++)
		(void)json_array_append_new(
			array,
			finding_json(findings_at(findings, i), &prints[i]));
	free(prints);
	return array;
}

json_t *json_finding_counts(const struct findings *findings)
{
	json_t *object = json_object();
	const struct finding_counts counts = findings_count(findings);

	for (unsigned severity = LINT_ERROR; severity > LINT_OFF; severity--)
		json_put(object, lint_severity_names[severity],
		         json_integer((json_int_t)counts.of[severity]));
	json_put(object, "waived", json_integer((json_int_t)counts.waived));
	return object;
}
