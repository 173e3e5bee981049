/* SPDX-License-Identifier: MIT */
/* Words of others in Markdown. */
#include "report/markdown.h"

#include "base/text.h"

#include <string.h>

static size_t longest_run(const char *text, char mark)
{
	size_t longest = 0, run = 0;

	for (; *text; text++) {
		run = *text == mark ? run + 1 : 0;
		if (run > longest)
			longest = run;
	}
	return longest;
}

static void repeat(FILE *out, char mark, size_t count)
{
	while (count--)
		fputc(mark, out);
}

/* As much as is shown of a name, nothing in it to be obeyed by a terminal. */
static char *clipped(const char *text)
{
	CLEANUP(textp) char *safe = text_safe(text && *text ? text : "-");
	char *shown = NULL;
	size_t length;
	FILE *out = xmemstream(&shown, &length);

	text_clip(out, safe, MARKDOWN_SUBJECT);
	(void)fclose(out);
	return shown;
}

/* One blank at each end is taken away by readers, so that a backtick can stand
 * there; blanks alone are kept. */
void markdown_code(FILE *out, const char *text)
{
	CLEANUP(textp) char *shown = clipped(text);
	const size_t length = strlen(shown);
	const size_t ticks = longest_run(shown, '`') + 1;
	const bool blank = shown[strspn(shown, " ")] == '\0';
	const bool apart = !blank && (strchr("` ", shown[0]) ||
	                              strchr("` ", shown[length - 1]));

	repeat(out, '`', ticks);
	fprintf(out, "%s%s%s", apart ? " " : "", shown, apart ? " " : "");
	repeat(out, '`', ticks);
}

void markdown_html_code(FILE *out, const char *text)
{
	CLEANUP(textp) char *shown = clipped(text);
	const char *at = shown;

	fputs("<code>", out);
	while (*at) {
		const size_t plain = strcspn(at, "&<>\"'");

		fwrite(at, 1, plain, out);
		at += plain;
		if (*at)
			fprintf(out, "&#%d;", *at++);
	}
	fputs("</code>", out);
}

void markdown_fence(FILE *out, const char *language, const char *lines)
{
	const size_t run = longest_run(lines, '`');
	const size_t ticks = run < 3 ? 3 : run + 1;

	repeat(out, '`', ticks);
	fprintf(out, "%s\n%s", language, lines);
	repeat(out, '`', ticks);
	fputc('\n', out);
}

/* ---- the page ---- */

bool page_add(struct page *page, const char *block, size_t length)
{
	if (length > page->left)
		return false;
	fwrite(block, 1, length, page->out);
	page->left -= length;
	return true;
}

static void write_list(FILE *out, const struct list *list, size_t most)
{
	const char *lines = list->lines;
	size_t count, all;
	const size_t length = lines_within(lines, most, &count);
	CLEANUP(textp) char *shown = NULL;

	(void)lines_within(lines, strlen(lines), &all);
	shown = count < all ? xasprintf("%.*s… and %zu more\n", (int)length,
	                                lines, all - count)
	                    : xstrndup(lines, length);
	fprintf(out, "<details%s><summary>%s: %zu</summary>\n\n",
	        list->kind == LIST_OPEN ? " open" : "", list->title, all);
	markdown_fence(out, "", shown);
	fputs("\n</details>\n", out);
}

/* What is around the lines. */
enum { LIST_FRAME = 256 };

void page_list(struct page *page, const struct list *list)
{
	const size_t frame = LIST_FRAME + 2 * longest_run(list->lines, '`');
	CLEANUP(textp) char *block = NULL;
	size_t length;
	FILE *out;

	if (!*list->lines || page->left < 2 * frame)
		return;
	out = xmemstream(&block, &length);
	write_list(out, list, page->left / 2 - frame / 2);
	(void)fclose(out);
	(void)page_add(page, block, length);
}
