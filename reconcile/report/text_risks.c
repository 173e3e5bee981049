/* SPDX-License-Identifier: MIT */
/* What can go wrong, before anything else is read. */
#include "report/formats.h"
#include "report/risks.h"
#include "report/show.h"
#include "report/table.h"

enum { SUBJECTS = 5 }; /* that are named of a group */

static void subjects(FILE *out, const struct risk_group *group)
{
	const struct risk *risk = NULL;
	const char *between = "";
	size_t shown = 0, rest = 0;

	while ((risk = risk_next(group, risk))) {
		if (shown == SUBJECTS) {
			rest++;
			continue;
		}
		fputs(between, out);
		show_text(out, risk_subject(risk));
		between = ", ";
		shown++;
	}
	if (rest)
		fprintf(out, " and %zu more", rest);
}

void text_risks(const struct plan *plan, FILE *out)
{
	struct risk_group group = { .length = 0 };
	struct table table;

	if (!plan->risk_count)
		return;
	fputs("Risks\n", out);
	table_begin(&table, "  ! ", 3);
	while (risk_group_next(plan, &group)) {
		fputs(danger_words[group.row->weight], table.out);
		table_cell(&table);
		fprintf(table.out, "%ju %s", (uintmax_t)group.count,
		        group.row->words);
		table_cell(&table);
		subjects(table.out, &group);
		table_row(&table);
	}
	table_end(&table, out);
}
