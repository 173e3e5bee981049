/* SPDX-License-Identifier: MIT */
#include "domain.h"

#include "base/text.h"
#include "schema/schema.h"

#include <string.h>

void dump_value(const struct value *value, FILE *out)
{
	static const char kinds[] = {
		[VALUE_ABSENT] = '-', [VALUE_UNREADABLE] = 'U',
		[VALUE_TEXT] = 't',   [VALUE_BOOLEAN] = 'b',
		[VALUE_SET] = 's',    [VALUE_JSON] = 'j',
	};
	const char *item = NULL;

	fprintf(out, "%c:", kinds[value->kind]);
	if (value->kind != VALUE_SET) {
		fprintf(out, "%.*s", (int)value->length,
		        value->length ? value->bytes : "");
		return;
	}
	while ((item = value_next(value, item)))
		fputs(item, out);
}

static void dump_fields(const struct change *change, FILE *out)
{
	for (size_t i = 0; i < change->field_count; i++) {
		const struct field_change *field = &change->fields[i];

		fprintf(out, "  field %s %s %s writes=%d held=%d danger=%d",
		        field->name, field->row->row, field->row->result,
		        field->writes, field->held, (int)field->danger);
		fprintf(out, " record=%d\n", (int)field->row->record);
	}
}

static void dump_secrets(const struct change *change, FILE *out)
{
	for (size_t i = 0; i < change->secret_count; i++) {
		const struct secret_change *secret = &change->secrets[i];

		fprintf(out, "  secret %s %s %s needs=%d records=%d held=%d\n",
		        secret->name, secret->row,
		        secret_action_names[secret->action],
		        secret->needs_value, secret->records, secret->held);
	}
}

static void dump_sends(const struct change *change, FILE *out)
{
	for (size_t i = 0; i < change->send_count; i++) {
		fprintf(out, "  send %s=", change->sends[i].name);
		dump_value(&change->sends[i].value, out);
		fputc('\n', out);
	}
}

static void dump_change(const struct change *change, FILE *out)
{
	fprintf(out, "%s %s %s id=%s from=%s", change->key,
	        change_kind_names[change->kind], change->row,
	        change->id ? change->id : "",
	        change->renamed_from ? change->renamed_from : "");
	if (change->kind == CHANGE_REPLACE)
		fprintf(out, " way=%d", (int)change->replace_way);
	if (change->kind != CHANGE_NOTE)
		fprintf(out, " blocked=%d danger=%d", change->blocked,
		        (int)change->danger);
	fputc('\n', out);
	dump_fields(change, out);
	dump_secrets(change, out);
	dump_sends(change, out);
}

static void dump_bystanders(const char *title, const struct bystander *items,
                            size_t count, FILE *out)
{
	for (size_t i = 0; i < count; i++)
		fprintf(out, "%s %s %s %s opaque=%d\n", title,
		        items[i].key ? items[i].key : "", items[i].id,
		        items[i].row, items[i].opaque);
}

static void dump_rest(const struct plan *plan, FILE *out)
{
	const struct plan_counts *counts = &plan->counts;

	for (size_t i = 0; i < plan->finding_count; i++)
		fprintf(out, "finding %s %s %s %d\n", plan->findings[i].address,
		        plan->findings[i].field, plan->findings[i].row,
		        (int)plan->findings[i].severity);
	for (size_t i = 0; i < plan->guard_count; i++)
		fprintf(out, "guard %s %llu lifted=%d\n", plan->guards[i].name,
		        (unsigned long long)plan->guards[i].count,
		        plan->guards[i].lifted);
	fprintf(out, "unchanged=%zu drifted=%zu opaque=%zu missing=%zu",
	        counts->unchanged, counts->drifted, counts->opaque,
	        counts->missing);
	fprintf(out, " unmanaged=%zu blocked=%d danger=%d secrets=",
	        counts->unmanaged, plan->blocked, (int)plan->danger);
	for (size_t i = 0; i < SECRET_ACTIONS; i++)
		fprintf(out, "%zu,", counts->secrets[i]);
	fputc('\n', out);
}

static int compare_codes(const void *a, const void *b)
{
	const unsigned *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

static void dump_errors(const struct diag *diag, FILE *out)
{
	unsigned codes[512];
	size_t count = 0;

	for (size_t i = 0; i < diag_length(diag) && count < LENGTH(codes); i++)
		codes[count++] = diag_at(diag, i)->code;
	qsort(codes, count, sizeof(codes[0]), compare_codes);
	for (size_t i = 0; i < count; i++)
		fprintf(out, "error %u\n", codes[i]);
}

char *dump_plan(const struct plan *plan, const struct diag *diag)
{
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	if (!plan) {
		dump_errors(diag, out);
		(void)fclose(out);
		return text;
	}
	for (size_t i = 0; i < plan->change_count; i++)
		dump_change(&plan->changes[i], out);
	for (size_t i = 0; i < plan->note_count; i++)
		dump_change(&plan->notes[i], out);
	dump_bystanders("orphan", plan->orphans, plan->orphan_count, out);
	dump_bystanders("retired", plan->retired, plan->retired_count, out);
	dump_bystanders("unmanaged", plan->unmanaged, plan->unmanaged_count,
	                out);
	dump_rest(plan, out);
	(void)fclose(out);
	return text;
}
