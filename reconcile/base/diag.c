/* SPDX-License-Identifier: MIT */
#include "base/diag.h"
#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct entry {
	struct diag_report report;
	size_t made; /* counts up: the order they were made in */
};

struct diag {
	struct arena *files; /* names of files, interned */
	struct entry *entries;
	size_t count, capacity;
	size_t counts[SEVERITY_INFO + 1];
	size_t made;
	diag_line_fn *lines;
	void *lines_context;
};

struct diag *diag_new(void)
{
	struct diag *diag = xcalloc(1, sizeof(*diag));

	diag->files = arena_new();
	return diag;
}

static void release_entry(struct entry *entry)
{
	struct diag_report *report = &entry->report;

	for (size_t i = 0; i < report->note_count; i++)
		free(report->notes[i].text);
	free(report->notes);
	free(report->text);
}

void diag_free(struct diag *diag)
{
	if (!diag)
		return;
	for (size_t i = 0; i < diag->count; i++)
		release_entry(&diag->entries[i]);
	free(diag->entries);
	arena_free(diag->files);
	free(diag);
}

static struct place copy_place(struct diag *diag, struct place place)
{
	if (place.file)
		place.file = arena_intern(diag->files, place.file,
		                          strlen(place.file));
	return place;
}

static void add(struct diag *diag, struct diag_report report)
{
	diag->entries = xgrow(diag->entries, diag->count, &diag->capacity,
	                      sizeof(*diag->entries));
	report.place = copy_place(diag, report.place);
	diag->entries[diag->count++] = (struct entry){
		.report = report,
		.made = diag->made++,
	};
	diag->counts[report.severity]++;
}

int diag_error(struct diag *diag, unsigned code, struct place place,
               const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add(diag, (struct diag_report){
			  .severity = SEVERITY_ERROR,
			  .code = code,
			  .place = place,
			  .text = xvasprintf(format, arguments),
		  });
	va_end(arguments);
	return -1;
}

void diag_warning(struct diag *diag, unsigned code, struct place place,
                  const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add(diag, (struct diag_report){
			  .severity = SEVERITY_WARNING,
			  .code = code,
			  .place = place,
			  .text = xvasprintf(format, arguments),
		  });
	va_end(arguments);
}

void diag_info(struct diag *diag, unsigned code, struct place place,
               const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add(diag, (struct diag_report){
			  .severity = SEVERITY_INFO,
			  .code = code,
			  .place = place,
			  .text = xvasprintf(format, arguments),
		  });
	va_end(arguments);
}

void diag_note(struct diag *diag, struct place place, const char *format, ...)
{
	va_list arguments;

	if (!diag->count)
		return;

	struct diag_report *report = &diag->entries[diag->count - 1].report;

	report->notes = xreallocarray(report->notes, report->note_count + 1,
	                              sizeof(*report->notes));
	va_start(arguments, format);
	report->notes[report->note_count++] = (struct diag_note){
		.place = copy_place(diag, place),
		.text = xvasprintf(format, arguments),
	};
	va_end(arguments);
}

size_t diag_count(const struct diag *diag, enum severity severity)
{
	return diag->counts[severity];
}

size_t diag_length(const struct diag *diag)
{
	return diag->count;
}

const struct diag_report *diag_at(const struct diag *diag, size_t index)
{
	return &diag->entries[index].report;
}

static int compare_unsigned(unsigned a, unsigned b)
{
	return (a > b) - (a < b);
}

/* 0: the same report, but for its notes. */
static int compare_content(const struct diag_report *a,
                           const struct diag_report *b)
{
	int differ = !a->place.file - !b->place.file; /* no file: last */

	if (!differ)
		differ = str_compare(a->place.file, b->place.file);
	if (!differ)
		differ = compare_unsigned(a->place.line, b->place.line);
	if (!differ)
		differ = compare_unsigned(a->place.column, b->place.column);
	if (!differ)
		differ = compare_unsigned(a->code, b->code);
	if (!differ)
		differ = strcmp(a->text, b->text);
	if (!differ)
		differ = compare_unsigned(a->severity, b->severity);
	return differ;
}

static int compare_made(const void *a, const void *b)
{
	const struct entry *left = a, *right = b;

	return (left->made > right->made) - (left->made < right->made);
}

static int compare_entries(const void *a, const void *b)
{
	const struct entry *left = a, *right = b;
	int differ = compare_content(&left->report, &right->report);

	return differ ? differ : compare_made(a, b);
}

/* Of neighbours that say the same, the one made first stays. */
static void fold(struct diag *diag)
{
	size_t kept = 0;

	for (size_t i = 1; i < diag->count; i++) {
		struct entry *entry = &diag->entries[i];

		if (compare_content(&diag->entries[kept].report,
		                    &entry->report) != 0) {
			diag->entries[++kept] = *entry;
			continue;
		}
		diag->counts[entry->report.severity]--;
		release_entry(entry);
	}
	diag->count = kept + 1;
}

void diag_sort(struct diag *diag)
{
	size_t placed = 0;

	if (!diag->count)
		return;
	qsort(diag->entries, diag->count, sizeof(*diag->entries),
	      compare_entries);
	fold(diag);
	while (placed < diag->count && diag_at(diag, placed)->place.file)
		placed++;
	qsort(diag->entries + placed, diag->count - placed,
	      sizeof(*diag->entries), compare_made);
}

void diag_set_lines(struct diag *diag, diag_line_fn *lines, void *context)
{
	diag->lines = lines;
	diag->lines_context = context;
}

struct writer {
	const struct diag *diag;
	FILE *out;
	enum diag_flags flags;
};

/* How a kind of line is called and coloured. */
struct look {
	const char *word, *color;
};

static const struct look looks[] = {
	[SEVERITY_ERROR] = { "error", "\033[1;31m" },
	[SEVERITY_WARNING] = { "warning", "\033[1;33m" },
	[SEVERITY_INFO] = { "info", "\033[1;36m" },
};
static const struct look look_note = { "note", "\033[1m" };
static const struct look look_caret = { "^", "\033[1;32m" };

static void write_look(const struct writer *writer, const struct look *look)
{
	if (writer->flags & DIAG_COLOR)
		fprintf(writer->out, "%s%s\033[0m", look->color, look->word);
	else
		fputs(look->word, writer->out);
}

static void write_text(const struct writer *writer, const char *text)
{
	text_write_safe(writer->out, text, strlen(text));
}

static void write_head(const struct writer *writer, struct place place,
                       const struct look *look, const char *text)
{
	if (place.file) {
		write_text(writer, place.file);
		if (place.line)
			fprintf(writer->out, ":%u", place.line);
		if (place.line && place.column)
			fprintf(writer->out, ":%u", place.column);
		fputs(": ", writer->out);
	}
	write_look(writer, look);
	fputs(": ", writer->out);
	write_text(writer, text);
}

/* Lines are shown up to here, beginning nearer to the caret in longer ones. */
enum { SNIPPET_CHARACTERS = 160, SNIPPET_BEFORE = 100 };

/* The end of `count` characters of UTF-8. */
static const char *skip_characters(const char *text, size_t count)
{
	while (*text && count--) {
		do
			text++;
		while ((*text & 0xc0) == 0x80);
	}
	return text;
}

static size_t count_characters(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += (*text & 0xc0) != 0x80;
	return count;
}

static void write_caret(const struct writer *writer, const char *from,
                        const char *caret)
{
	CLEANUP(textp) char *before = xstrndup(from, (size_t)(caret - from));
	CLEANUP(textp) char *safe = text_safe(before);

	fprintf(writer->out, "      | %*s", (int)count_characters(safe), "");
	write_look(writer, &look_caret);
	fputc('\n', writer->out);
}

static void write_snippet(const struct writer *writer, struct place place)
{
	const struct diag *diag = writer->diag;

	if (!diag || !diag->lines || !place.file || !place.line)
		return;

	CLEANUP(textp) char *line = diag->lines(&place, diag->lines_context);

	if (!line)
		return;
	for (char *tab = line; (tab = strchr(tab, '\t'));)
		*tab = ' ';

	size_t before = place.column ? place.column - 1 : 0;
	size_t skipped = before > SNIPPET_BEFORE ? before - SNIPPET_BEFORE : 0;
	const char *from = skip_characters(line, skipped);
	const char *end = skip_characters(from, SNIPPET_CHARACTERS);

	fprintf(writer->out, "%5u | ", place.line);
	text_write_safe(writer->out, from, (size_t)(end - from));
	fputc('\n', writer->out);
	if (place.column)
		write_caret(writer, from,
		            skip_characters(from, before - skipped));
}

static void write_report(const struct writer *writer,
                         const struct diag_report *report)
{
	write_head(writer, report->place, &looks[report->severity],
	           report->text);
	if (report->code)
		fprintf(writer->out, " [TRUEUP-%04u]", report->code);
	fputc('\n', writer->out);
	write_snippet(writer, report->place);
	for (size_t i = 0; i < report->note_count; i++) {
		const struct diag_note *note = &report->notes[i];

		write_head(writer, note->place, &look_note, note->text);
		fputc('\n', writer->out);
		write_snippet(writer, note->place);
	}
}

void diag_write(const struct diag *diag, FILE *out, enum diag_flags flags)
{
	const struct writer writer = { diag, out, flags };
	size_t shown =
		diag->count < LIMIT_REPORTS ? diag->count : LIMIT_REPORTS;

	for (size_t i = 0; i < shown; i++)
		write_report(&writer, diag_at(diag, i));
	if (shown < diag->count)
		fprintf(out, "and %zu more reports, not shown\n",
		        diag->count - shown);
}

void diag_write_report(const struct diag *diag,
                       const struct diag_report *report, FILE *out,
                       enum diag_flags flags)
{
	const struct writer writer = { diag, out, flags };

	write_report(&writer, report);
}
