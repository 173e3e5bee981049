/* SPDX-License-Identifier: MIT */
/*
 * Markdown, for comments under a change and summaries of a job. A page of at
 * most report->max_bytes:
 *
 *     marker, title, counts | risks, guards | changes | lists | digest, counts
 *
 * What stands before the changes and behind the lists is always there. The
 * lists have a quarter of the page; the rest is for changes, the most
 * dangerous first, and what does not fit is counted. The marker names the
 * environment: by it a bot finds the comment that it wrote before. No times, no
 * durations: the same plan gives the same bytes.
 */
#include "report/markdown.h"
#include "report/probes.h"

#include "report/drifts.h"
#include "report/formats.h"
#include "report/risks.h"
#include "report/words.h"

#include "base/limits.h"
#include "base/text.h"

#include <string.h>

/* One part of the page, written before it is known what is left for others. */
struct part {
	FILE *out;
	char *text;
	size_t length;
};

static void part_begin(struct part *part)
{
	part->out = xmemstream(&part->text, &part->length);
}

static size_t part_end(struct part *part)
{
	(void)fclose(part->out);
	return part->length;
}

static void part_write(const struct part *part, FILE *out)
{
	fwrite(part->text, 1, part->length, out);
	free(part->text);
}

/* ---- the head ---- */

/* A saved plan that is shown is the same page as the plan. */
static const char *page_kind(const struct report *report)
{
	return str_equal(report->command, "show") ? "plan" : report->command;
}

/* "<!-- trueup:plan:prod -->": nothing in a name can end the comment. */
static void marker(const struct report *report, FILE *out)
{
	const char *at = report->environment ? report->environment : "";

	fprintf(out, "<!-- trueup:%s:", page_kind(report));
	for (; *at; at++)
		fputc(*at == '-' || (*at >= 'a' && *at <= 'z') ||
		                      (*at >= '0' && *at <= '9')
		              ? *at
		              : '_',
		      out);
	fputs(" -->\n", out);
}

/* What is told of the plan is what it changes, not who moved what. */
static bool tells_changes(const struct report *report)
{
	return report->plan && !(report->flags & REPORT_DRIFT);
}

static const char *title_words(const struct report *report)
{
	static const char *const dangers[] = {
		[DANGER_NONE] = "",
		[DANGER_REVIEW] = "look at the risks",
		[DANGER_DESTRUCTIVE] = "destructive",
	};
	const struct plan *plan = report->plan;

	if (report->apply)
		return report->exit ? "not done" : "";
	if (!plan)
		return words_of_exit(report->exit);
	if (report->flags & REPORT_DRIFT)
		return report_drifts(plan) ? "something differs" : "";
	if (plan->blocked)
		return "blocked";
	return dangers[plan->risk_count && !plan->danger ? DANGER_REVIEW
	                                                 : plan->danger];
}

static void heading(const struct report *report, FILE *out)
{
	const char *words = title_words(report);

	fprintf(out, "### %strueup %s", *words ? "⚠️ " : "",
	        page_kind(report));
	if (report->environment) {
		fputc(' ', out);
		markdown_code(out, report->environment);
	}
	fprintf(out, "%s%s\n\n", *words ? ": " : "", words);
}

static void counts(const struct report *report, FILE *out)
{
	if (report->plan && (report->flags & REPORT_DRIFT))
		drift_counts_write(report->plan, out);
	else if (report->plan)
		counts_write(report->plan, out);
	if (report->apply) {
		fputc('\n', out);
		ends_write(report->apply, out);
	}
	if (report->message) {
		fputc('\n', out);
		markdown_code(out, report->message);
		fputc('\n', out);
	}
}

static void subjects(const struct risk_group *group, size_t most, FILE *out)
{
	const struct risk *risk = NULL;
	const char *between = ": ";
	size_t shown = 0, rest = 0;

	while ((risk = risk_next(group, risk))) {
		if (shown >= most) {
			rest++;
			continue;
		}
		fputs(between, out);
		markdown_code(out, risk_subject(risk));
		between = ", ";
		shown++;
	}
	if (rest)
		fprintf(out, " and %zu more", rest);
}

/* Names of auth configs that are told of all groups, then of each. */
enum { SUBJECTS = 40, SUBJECTS_LEAST = 1 };

static size_t subjects_of(const struct plan *plan, size_t max_bytes)
{
	const size_t most = max_bytes / 4 / MARKDOWN_SUBJECT;
	struct risk_group group = { .length = 0 };
	size_t groups = 0;

	while (risk_group_next(plan, &group))
		groups++;
	if (groups && most / groups > SUBJECTS_LEAST)
		return most / groups < SUBJECTS ? most / groups : SUBJECTS;
	return SUBJECTS_LEAST;
}

static void risks(const struct report *report, FILE *out)
{
	const struct plan *plan = report->plan;
	const size_t most = subjects_of(plan, report->max_bytes);
	struct risk_group group = { .length = 0 };

	if (!plan->risk_count)
		return;
	fputs("\n**Risks**\n\n", out);
	while (risk_group_next(plan, &group)) {
		fprintf(out, "- **%s**, %ju %s",
		        danger_words[group.row->weight], (uintmax_t)group.count,
		        group.row->words);
		subjects(&group, most, out);
		fputc('\n', out);
	}
}

/* Clipped like a value: counts, limit and override are in its first words. */
static void guards(const struct plan *plan, FILE *out)
{
	struct part part;

	if (!plan->guard_count)
		return;
	part_begin(&part);
	for (size_t i = 0; i < plan->guard_count; i++) {
		const struct guard *guard = &plan->guards[i];
		CLEANUP(textp) char *safe = text_safe(guard->text);

		fputs(guard->lifted ? "+ allowed: " : "- BLOCKED: ", part.out);
		text_clip(part.out, safe, MARKDOWN_VALUE);
		fputc('\n', part.out);
	}
	part_end(&part);
	fputs("\n**Limits**\n\n", out);
	markdown_fence(out, "diff", part.text);
	free(part.text);
}

static void target(const struct plan *plan, FILE *out)
{
	const char *mode = ledger_mode_words[plan->ledger_mode];

	fputs("\nAt ", out);
	markdown_code(out, plan->origin);
	fputs(" (", out);
	markdown_code(out, plan->platform);
	fputs("), files ", out);
	markdown_code(out, plan->revision);
	fputs(".\n", out);
	if (plan->binding_note) {
		fputc('\n', out);
		markdown_code(out, plan->binding_note);
		fputc('\n', out);
	}
	if (mode)
		fprintf(out, "\n%s\n", mode);
}

static void head(const struct report *report, FILE *out)
{
	marker(report, out);
	heading(report, out);
	counts(report, out);
	if (tells_changes(report)) {
		risks(report, out);
		guards(report->plan, out);
	}
	if (report->plan)
		target(report->plan, out);
	if (report->plan && report->flags & REPORT_BY_HAND)
		fprintf(out, "\n%s\n", words_by_hand);
}

/* ---- changes ---- */

/* Less cannot hold one. */
enum { LEAST_CHANGE = 120 };

static bool add_change(const struct report *report, const struct change *change,
                       const char *title, struct page *page)
{
	struct part part;
	bool added;

	if (page->left < LEAST_CHANGE)
		return false;
	part_begin(&part);
	if (title)
		fprintf(part.out, "\n#### %s\n\n", title);
	markdown_change(report, change, part.out);
	part_end(&part);
	added = page_add(page, part.text, part.length);
	free(part.text);
	return added;
}

/* How many of them are shown. */
static size_t section(const struct report *report, enum danger danger,
                      struct page *page)
{
	const struct plan *plan = report->plan;
	const char *title = danger_titles[danger];
	size_t shown = 0;

	for (size_t i = 0; i < plan->change_count; i++) {
		if (plan->changes[i].danger != danger ||
		    !add_change(report, &plan->changes[i], title, page))
			continue;
		title = NULL;
		shown++;
	}
	return shown;
}

static size_t changes(const struct report *report, struct page *page)
{
	size_t shown = 0;

	for (int danger = DANGER_DESTRUCTIVE; danger >= DANGER_NONE; danger--)
		shown += section(report, (enum danger)danger, page);
	return shown;
}

/* ---- all of it ---- */

static void add_list(const struct list *list, void *context)
{
	page_list(context, list);
}

/* Of the line that says how many changes are not shown. */
enum { TRUNCATED = 80 };

static void tail(const struct report *report, FILE *out)
{
	if (tells_changes(report)) {
		fputs("\nDigest: ", out);
		markdown_code(out, report->plan->digest);
		fputs("\n\n", out);
		counts(report, out);
	}
}

static void page(const struct report *report, size_t most, FILE *out)
{
	struct part parts[3]; /* head, lists, tail */
	struct page lists, page = { .out = out };
	size_t shown = 0;
	const size_t all =
		tells_changes(report) ? report->plan->change_count : 0;

	for (size_t i = 0; i < LENGTH(parts); i++)
		part_begin(&parts[i]);
	head(report, parts[0].out);
	lists = (struct page){ parts[1].out, most / 4 };
	report_lists(report, add_list, &lists);
	lists.left += most / 4;
	probes_markdown(report, &lists);
	tail(report, parts[2].out);
	page.left = most - TRUNCATED;
	for (size_t i = 0; i < LENGTH(parts); i++) {
		const size_t length = part_end(&parts[i]);

		page.left -= length < page.left ? length : page.left;
	}
	part_write(&parts[0], out);
	if (report->apply) /* what was not done is what to read first */
		part_write(&parts[1], out);
	if (all)
		shown = changes(report, &page);
	if (shown < all)
		fprintf(out, "\ntruncated: %zu of %zu changes shown\n", shown,
		        all);
	if (!report->apply)
		part_write(&parts[1], out);
	part_write(&parts[2], out);
}

static int write_markdown(const struct report *report, FILE *out)
{
	struct report whole = *report;

	if (!whole.max_bytes)
		whole.max_bytes = LIMIT_MARKDOWN_BYTES;
	if (report_is_quiet(report) && (report->flags & REPORT_QUIET))
		return 0;
	if (!report->apply && tells_changes(report) &&
	    report_is_one_line(report)) {
		marker(report, out);
		counts_write(report->plan, out);
		return ferror(out) ? -1 : 0;
	}
	page(&whole, whole.max_bytes, out);
	return ferror(out) ? -1 : 0;
}

extern const struct report_format format_markdown;

const struct report_format format_markdown = {
	.name = "markdown",
	.summary = "for comments under a change; at most --max-bytes",
	.machine = true,
	.write = write_markdown,
	.join = REPORT_JOIN_LINES,
};
