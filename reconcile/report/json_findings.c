/* SPDX-License-Identifier: MIT */
/* Findings of the rules as JSON. */
#include "report/formats.h"
#include "report/json.h"

#include <stdlib.h>

static void write_waiver(struct json_writer *writer,
                         const struct lint_waiver *waiver)
{
	if (!waiver) {
		json_member_text(writer, "waived", NULL);
		return;
	}
	json_begin(writer, "waived", '{');
	json_member_text(writer, "reason", waiver->reason);
	json_member_text(writer, "expires", waiver->expires);
	json_member_place(writer, "source", &waiver->place);
	json_end(writer, '}');
}

static void write_finding(struct json_writer *writer,
                          const struct finding *finding,
                          const struct fingerprint *print)
{
	const char *environment = finding->environment;

	json_begin(writer, NULL, '{');
	json_member_text(writer, "rule", finding->rule->id);
	json_member_text(writer, "severity",
	                 lint_severity_names[finding->severity]);
	json_member_text(writer, "environment",
	                 *environment ? environment : NULL);
	json_member_text(writer, "key", finding->key);
	json_member_text(writer, "field", finding->field);
	json_member_text(writer, "message", finding->text);
	json_member_place(writer, "source", &finding->place);
	json_member_text(writer, "fingerprint", print->text);
	write_waiver(writer, finding->waived_by);
	json_end(writer, '}');
}

void json_findings(struct json_writer *writer, const char *name,
                   const struct findings *findings)
{
	struct fingerprint *prints = findings_fingerprints(findings);

	json_begin(writer, name, '[');
	for (size_t i = 0; i < findings_length(findings); i++)
		write_finding(writer, findings_at(findings, i), &prints[i]);
	json_end(writer, ']');
	free(prints);
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
