/* SPDX-License-Identifier: MIT */
/*
 * HTML: one file to be kept, sent or printed. It needs no script and no
 * network, and its content policy forbids both; what is dangerous stands in
 * what is seen first.
 */
#include "report/html.h"

#include "report/drifts.h"
#include "report/formats.h"
#include "report/lists.h"
#include "report/probes.h"
#include "report/risks.h"
#include "report/words.h"

#include "base/hash.h"
#include "base/text.h"

#include <string.h>

/* ---- the policy ---- */

enum { BASE64_SIZE = 4 * ((HASH_BYTES + 2) / 3) + 1 };

static void encode(const uint8_t digest[HASH_BYTES], char out[BASE64_SIZE])
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz"
				     "0123456789+/";
	size_t length = 0;

	for (size_t i = 0; i < HASH_BYTES; i += 3) {
		const uint32_t bits =
			((uint32_t)digest[i] << 16) |
			(i + 1 < HASH_BYTES ? (uint32_t)digest[i + 1] << 8
		                            : 0) |
			(i + 2 < HASH_BYTES ? digest[i + 2] : 0);

		for (unsigned j = 0; j < 4; j++)
			out[length++] = digits[(bits >> (18 - 6 * j)) & 63];
	}
	out[length - 1] = '='; /* 32 bytes are one short of 33 */
	out[length] = '\0';
}

static void policy(FILE *out)
{
	struct hash *hash = hash_new();
	uint8_t digest[HASH_BYTES];
	char text[BASE64_SIZE];

	hash_add(hash, html_style, strlen(html_style));
	hash_end(hash, digest);
	encode(digest, text);
	fprintf(out,
	        "<meta http-equiv=\"Content-Security-Policy\" "
	        "content=\"default-src 'none'; style-src 'sha256-%s'; "
	        "base-uri 'none'; form-action 'none'\">\n",
	        text);
}

static void begin(const struct report *report, FILE *out)
{
	fputs("<!doctype html>\n<html lang=\"en\">\n<head>\n"
	      "<meta charset=\"utf-8\">\n",
	      out);
	policy(out);
	fputs("<meta name=\"viewport\" content=\"width=device-width, "
	      "initial-scale=1\">\n<meta name=\"referrer\" "
	      "content=\"no-referrer\">\n<title>trueup ",
	      out);
	html_text(out, report->command);
	fputc(' ', out);
	html_text(out, report->environment);
	fprintf(out, "</title>\n<style>%s</style>\n</head>\n<body>\n<main>\n",
	        html_style);
}

/* ---- what is read first ---- */

static void counts(const struct report *report, FILE *out)
{
	fputs("<p class=\"counts\">", out);
	if (report->plan && (report->flags & REPORT_DRIFT))
		drift_counts_write(report->plan, out);
	else if (report->plan)
		counts_write(report->plan, out);
	if (report->apply) {
		fputs("<br>", out);
		ends_write(report->apply, out);
	}
	fputs("</p>\n", out);
	if (report->message) {
		fputs("<pre>", out);
		html_text(out, report->message);
		fputs("</pre>\n", out);
	}
}

static void heading(const struct report *report, FILE *out)
{
	fputs("<h1>", out);
	html_text(out, report->command);
	fputc(' ', out);
	html_code(out, report->environment);
	if (report->plan && report->plan->danger &&
	    !(report->flags & REPORT_DRIFT))
		fprintf(out, " <span class=\"mark %s\">%s</span>",
		        danger_words[report->plan->danger],
		        danger_words[report->plan->danger]);
	if (report->plan && report->plan->blocked &&
	    !(report->flags & REPORT_DRIFT))
		fputs(" <span class=\"mark destructive\">BLOCKED</span>", out);
	if (!report->plan && report->exit)
		fprintf(out, " <span class=\"mark destructive\">%s</span>",
		        words_of_exit(report->exit));
	fputs("</h1>\n", out);
	counts(report, out);
}

/* The first change of the address: changes stand sorted by it. */
static size_t number_of(const struct plan *plan, const char *address)
{
	size_t low = 0, high = plan->change_count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (str_compare(plan->changes[middle].address, address) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

enum { SUBJECTS = 6 }; /* that are named of a group */

static void subjects(const struct plan *plan, const struct risk_group *group,
                     FILE *out)
{
	const struct risk *risk = NULL;
	size_t shown = 0, rest = 0;

	while ((risk = risk_next(group, risk))) {
		if (shown == SUBJECTS) {
			rest++;
			continue;
		}
		fputs(shown++ ? ", " : ": ", out);
		if (risk->address)
			fprintf(out, "<a href=\"#c%zu\">",
			        number_of(plan, risk->address));
		html_code(out, risk_subject(risk));
		if (risk->address)
			fputs("</a>", out);
	}
	if (rest)
		fprintf(out, " and %zu more", rest);
}

static void risks(const struct plan *plan, FILE *out)
{
	struct risk_group group = { .length = 0 };

	if (!plan->risk_count)
		return;
	fputs("<ul class=\"risks\">\n", out);
	while (risk_group_next(plan, &group)) {
		const char *danger = danger_words[group.row->weight];

		fprintf(out,
		        "<li class=\"%s\"><span class=\"mark\">%s</span> "
		        "%ju %s",
		        danger, danger, (uintmax_t)group.count,
		        group.row->words);
		subjects(plan, &group, out);
		fputs("</li>\n", out);
	}
	fputs("</ul>\n", out);
}

static void guards(const struct plan *plan, FILE *out)
{
	if (!plan->guard_count)
		return;
	fputs("<h2>Limits</h2>\n<ul class=\"risks\">\n", out);
	for (size_t i = 0; i < plan->guard_count; i++) {
		const struct guard *guard = &plan->guards[i];

		fprintf(out, "<li class=\"%s\"><span class=\"mark\">%s</span> ",
		        guard->lifted ? "review" : "destructive",
		        guard->lifted ? "allowed" : "BLOCKED");
		html_text(out, guard->text);
		fputs("</li>\n", out);
	}
	fputs("</ul>\n", out);
}

static void note(const char *text, FILE *out)
{
	if (!text)
		return;
	fputs("<p class=\"quiet\">", out);
	html_text(out, text);
	fputs("</p>\n", out);
}

static void target(const struct report *report, FILE *out)
{
	const struct plan *plan = report->plan;

	fputs("<p class=\"quiet\">At ", out);
	html_code(out, plan->origin);
	fputs(" (", out);
	html_text(out, plan->platform);
	fputs("), files ", out);
	html_code(out, plan->revision);
	fputs("</p>\n", out);
	note(plan->binding_note, out);
	note(ledger_mode_words[plan->ledger_mode], out);
	note(report->flags & REPORT_BY_HAND ? words_by_hand : NULL, out);
}

/* ---- the rest ---- */

static void section(const struct plan *plan, enum danger danger, FILE *out)
{
	const char *title = danger_titles[danger];

	for (size_t i = 0; i < plan->change_count; i++) {
		if (plan->changes[i].danger != danger)
			continue;
		if (title)
			fprintf(out, "<h2>%s</h2>\n", title);
		title = NULL;
		html_change(&plan->changes[i], i, out);
	}
}

static void write_list(const struct list *list, void *context)
{
	FILE *out = context;
	size_t count;

	(void)lines_within(list->lines, strlen(list->lines), &count);
	fprintf(out, "<details%s><summary>%s: %zu</summary>\n<pre>",
	        list->kind == LIST_OPEN ? " open" : "", list->title, count);
	html_escape(out, list->lines);
	fputs("</pre></details>\n", out);
}

static void all_changes(const struct plan *plan, FILE *out)
{
	for (int danger = DANGER_DESTRUCTIVE; danger >= DANGER_NONE; danger--)
		section(plan, (enum danger)danger, out);
}

static void lists(const struct report *report, FILE *out)
{
	const char *title = "What was found";

	if (report->flags & REPORT_DRIFT)
		title = "What differs";
	else if (report->apply)
		title = "What was done";
	else if (report->plan)
		title = "Beside the changes";
	fprintf(out, "<h2>%s</h2>\n", title);
	report_lists(report, write_list, out);
}

static void body(const struct report *report, FILE *out)
{
	const struct plan *plan = report->plan;

	risks(plan, out);
	guards(plan, out);
	target(report, out);
	if (report->apply) /* what was not done is what to read first */
		lists(report, out);
	all_changes(plan, out);
	if (!report->apply)
		lists(report, out);
	fprintf(out, "<p class=\"quiet\">%zu unchanged. Digest ",
	        plan->counts.unchanged);
	html_code(out, plan->digest);
	fputs("</p>\n", out);
}

static int write_html(const struct report *report, FILE *out)
{
	const bool drifts = report->flags & REPORT_DRIFT;

	if (report_is_quiet(report) && (report->flags & REPORT_QUIET))
		return 0;
	begin(report, out);
	heading(report, out);
	if (report->plan && !drifts) {
		body(report, out);
	} else {
		if (report->plan)
			target(report, out);
		probes_html(report, out);
		lists(report, out);
	}
	fputs("</main>\n</body>\n</html>\n", out);
	return ferror(out) ? -1 : 0;
}

extern const struct report_format format_html;

const struct report_format format_html = {
	.name = "html",
	.summary = "one page to keep or print, without script or network",
	.machine = true,
	.write = write_html,
	.join = REPORT_JOIN_NONE,
};
