/* SPDX-License-Identifier: MIT */
/*
 * JSON: one document on every path, also when the run failed. Its shape is
 * schema/plan.schema.json; `format_version` is MAJOR.MINOR, minor additions
 * only add members. No secret is ever in it, nor a fingerprint. It is ASCII, so
 * that no terminal or log that it passes obeys a name in it.
 */
#include "report/json.h"
#include "report/drifts.h"
#include "report/formats.h"
#include "report/probes.h"
#include "report/steps.h"

#include "base/clock.h"
#include "base/text.h"

json_t *json_text(const char *text)
{
	CLEANUP(textp) char *safe = NULL;
	json_t *json;

	if (!text)
		return json_null();
	json = json_string(text);
	if (json)
		return json;
	safe = text_safe(text);
	return json_string(safe);
}

void json_put(json_t *object, const char *name, json_t *value)
{
	(void)json_object_set_new_nocheck(object, name, value);
}

json_t *json_place(const struct place *place)
{
	json_t *object;

	if (!place->file)
		return json_null();
	object = json_object();
	json_put(object, "file", json_text(place->file));
	json_put(object, "line", json_integer(place->line));
	json_put(object, "column", json_integer(place->column));
	return object;
}

/* ---- diagnostics ---- */

const char *const json_severity_names[] = {
	[SEVERITY_ERROR] = "error",
	[SEVERITY_WARNING] = "warning",
	[SEVERITY_INFO] = "info",
};

static json_t *diagnostic(const struct diag_report *report)
{
	json_t *object = json_object();
	json_t *notes = json_array();
	CLEANUP(textp) char *code = xasprintf("TRUEUP-%04u", report->code);

	json_put(object, "code", json_text(code));
	json_put(object, "severity",
	         json_text(json_severity_names[report->severity]));
	json_put(object, "message", json_text(report->text));
	json_put(object, "source", json_place(&report->place));
	for (size_t i = 0; i < report->note_count; i++) {
		json_t *note = json_object();

		json_put(note, "message", json_text(report->notes[i].text));
		json_put(note, "source", json_place(&report->notes[i].place));
		(void)json_array_append_new(notes, note);
	}
	json_put(object, "notes", notes);
	return object;
}

static json_t *diagnostics(const struct diag *diag)
{
	json_t *array = json_array();

	for (size_t i = 0; diag && i < diag_length(diag); i++)
		(void)json_array_append_new(array,
		                            diagnostic(diag_at(diag, i)));
	return array;
}

/* ---- apply ---- */

static json_t *step_json(const struct step *step)
{
	json_t *object = json_object();
	json_t *rewritten = json_array();

	json_put(object, "address", json_text(step->change->address));
	json_put(object, "kind",
	         json_text(change_kind_names[step->change->kind]));
	json_put(object, "end", json_text(step_end_names[step->end]));
	json_put(object, "id", json_text(step->id));
	json_put(object, "status",
	         step->status ? json_integer(step->status) : json_null());
	json_put(object, "message", json_text(step->message));
	json_put(object, "request_id", json_text(step->request_id));
	json_put(object, "advice", json_text(step->advice));
	for (size_t i = 0; i < step->rewritten_count; i++)
		(void)json_array_append_new(rewritten,
		                            json_text(step->rewritten[i]));
	json_put(object, "rewritten", rewritten);
	return object;
}

static json_t *apply_json(const struct apply_result *result)
{
	json_t *object = json_object();
	json_t *steps = json_array();
	json_t *ends = json_object();

	for (size_t i = 0; i < result->step_count; i++)
		(void)json_array_append_new(steps,
		                            step_json(&result->steps[i]));
	for (size_t end = 0; end < STEP_ENDS; end++)
		json_put(ends, step_end_names[end],
		         json_integer((json_int_t)result->ends[end]));
	json_put(object, "steps", steps);
	json_put(object, "ends", ends);
	json_put(object, "notes", json_integer((json_int_t)result->notes));
	json_put(object, "writes", json_integer((json_int_t)result->writes));
	json_put(object, "interrupted", json_boolean(result->interrupted));
	json_put(object, "partial",
	         json_boolean(result->ends[STEP_DONE] < result->step_count &&
	                      result->writes > 0));
	return object;
}

/* ---- validate, status ---- */

static json_t *files_json(const struct report *report)
{
	json_t *array = json_array();

	for (size_t i = 0; i < report->file_count; i++) {
		const struct report_file *file = &report->files[i];
		json_t *object = json_object();

		json_put(object, "file", json_text(file->file));
		json_put(object, "environment", json_text(file->environment));
		json_put(object, "valid", json_boolean(file->valid));
		json_put(object, "auth_configs",
		         json_integer((json_int_t)file->auth_configs));
		(void)json_array_append_new(array, object);
	}
	return array;
}

json_t *json_date(int64_t at_ms)
{
	char text[CLOCK_TEXT_SIZE];

	if (!at_ms)
		return json_null();
	clock_format(at_ms, text);
	return json_string(text);
}

static json_t *rows_json(const struct report *report)
{
	json_t *array = json_array();

	for (size_t i = 0; i < report->row_count; i++) {
		const struct report_row *row = &report->rows[i];
		json_t *object = json_object();

		json_put(object, "key", json_text(row->key));
		json_put(object, "id", json_text(row->id));
		json_put(object, "connector", json_text(row->connector));
		json_put(object, "scopes", json_text(row->scopes));
		json_put(object, "applied_at", json_date(row->applied_at_ms));
		json_put(object, "secret_set_at",
		         json_date(row->secret_set_at_ms));
		json_put(object, "note", json_text(row->note));
		json_put(object, "probed", probed_json(row->recorded));
		json_put(object, "rotation", rotation_json(row));
		(void)json_array_append_new(array, object);
	}
	return array;
}

static json_t *resolutions_json(const struct resolved *resolved)
{
	json_t *array = json_array();

	for (size_t i = 0; resolved && i < resolved->resolution_count; i++) {
		const struct resolution *found = &resolved->resolutions[i];
		json_t *object = json_object();

		json_put(object, "key", json_text(found->key));
		json_put(object, "message", json_text(found->text));
		json_put(object, "in_doubt", json_boolean(found->doubt));
		(void)json_array_append_new(array, object);
	}
	return array;
}

static void put_plan(const struct report *report, json_t *root)
{
	json_t *plan;

	if (!report->plan)
		return;
	if (report->flags & REPORT_DRIFT) {
		json_put(root, "drift", json_drifts(report->plan));
		return;
	}
	plan = json_plan(report->plan);
	if (report->flags & REPORT_BY_HAND)
		json_put(plan, "drift_known", json_false());
	json_put(root, "plan", plan);
}

/* What stands before the findings, of which there may be thousands. */
static json_t *head(const struct report *report)
{
	json_t *root = json_object();

	json_put(root, "format_version", json_string("1.0"));
	json_put(root, "command", json_text(report->command));
	json_put(root, "environment", json_text(report->environment));
	json_put(root, "exit", json_integer(report->exit));
	json_put(root, "errored",
	         json_boolean(report->diag &&
	                      diag_count(report->diag, SEVERITY_ERROR)));
	json_put(root, "requests", json_integer((json_int_t)report->requests));
	put_plan(report, root);
	return root;
}

static json_t *tail(const struct report *report)
{
	json_t *root = json_object();

	if (report->findings)
		json_put(root, "finding_counts",
		         json_finding_counts(report->findings));
	if (report->resolved && report->resolved->resolution_count)
		json_put(root, "resolved", resolutions_json(report->resolved));
	if (report->apply)
		json_put(root, "apply", apply_json(report->apply));
	if (report->files)
		json_put(root, "files", files_json(report));
	if (report->rows)
		json_put(root, "auth_configs", rows_json(report));
	if (report->runs)
		json_put(root, "runs", json_history(report));
	if (report->bindings)
		json_put(
			root, "platforms",
			json_bindings(report->bindings, report->binding_count));
	if (report->comparison)
		json_put(root, "comparison",
		         json_comparison(report->comparison));
	if (report->topics)
		json_put(root, "topics", json_topics(report));
	steps_json(report, root);
	if (report->probes)
		json_put(root, "probes", probes_json(report));
	if (report->applied && report->plan)
		json_put(root, "probed", probed_rows_json(report->applied));
	if (report->message)
		json_put(root, "message", json_text(report->message));
	json_put(root, "diagnostics", diagnostics(report->diag));
	return root;
}

static int write_json(const struct report *report, FILE *out)
{
	struct json_writer writer = { .out = out };

	json_begin(&writer, NULL, '{');
	json_members(&writer, head(report));
	if (report->findings)
		json_findings(&writer, "findings", report->findings);
	json_members(&writer, tail(report));
	json_end(&writer, '}');
	return json_writer_end(&writer);
}

extern const struct report_format format_json;

const struct report_format format_json = {
	.name = "json",
	.summary = "one document for machines; `trueup schema plan`",
	.machine = true,
	.write = write_json,
	.join = REPORT_JOIN_OBJECTS,
};
