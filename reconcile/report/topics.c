/* SPDX-License-Identifier: MIT */
/* Topics: what `explain` says of codes and rules. All of it is our own text. */
#include "report/formats.h"
#include "report/json.h"
#include "report/table.h"

#include <string.h>

/* A text at a terminal is folded here. */
enum { TEXT_WIDTH = 76 };

/* Words, as many on a line as fit. */
static void write_folded(const char *text, FILE *out)
{
	size_t column = 0;

	while (*text) {
		const size_t length = strcspn(text, " ");

		if (column && column + 1 + length > TEXT_WIDTH) {
			fputc('\n', out);
			column = 0;
		} else if (column) {
			fputc(' ', out);
			column++;
		}
		fwrite(text, 1, length, out);
		column += length;
		text += length;
		text += strspn(text, " ");
	}
	fputc('\n', out);
}

static void write_topic(const struct report_topic *topic, FILE *out)
{
	fprintf(out, "%s: %s\n", topic->id, topic->title);
	if (topic->severity)
		fprintf(out,
		        "Severity: %s, unless `policy.rules` says another\n"
		        "Source: %s\n",
		        topic->severity, topic->source);
	else
		fprintf(out, "Exit code: %d\n", topic->exit);
	fputc('\n', out);
	write_folded(topic->text, out);
	if (topic->good)
		fprintf(out, "\nGood:\n  %s\nBad:\n  %s\n", topic->good,
		        topic->bad);
}

static void list_topics(const struct report *report, FILE *out)
{
	struct table table;

	table_begin(&table, "", 3);
	for (size_t i = 0; i < report->topic_count; i++) {
		const struct report_topic *topic = &report->topics[i];

		fputs(topic->id, table.out);
		table_cell(&table);
		if (topic->severity)
			fputs(topic->severity, table.out);
		else
			fprintf(table.out, "exit %d", topic->exit);
		table_cell(&table);
		fputs(topic->title, table.out);
		table_row(&table);
	}
	table_end(&table, out);
}

void text_topics(const struct report *report, FILE *out)
{
	if (!report->topics)
		return;
	if (!(report->flags & REPORT_FULL)) {
		list_topics(report, out);
		return;
	}
	for (size_t i = 0; i < report->topic_count; i++) {
		if (i)
			fputc('\n', out);
		write_topic(&report->topics[i], out);
	}
}

static json_t *topic_json(const struct report_topic *topic)
{
	json_t *object = json_object();

	json_put(object, "id", json_text(topic->id));
	json_put(object, "title", json_text(topic->title));
	json_put(object, "text", json_text(topic->text));
	json_put(object, "exit",
	         topic->severity ? json_null() : json_integer(topic->exit));
	json_put(object, "severity", json_text(topic->severity));
	json_put(object, "source", json_text(topic->source));
	json_put(object, "good", json_text(topic->good));
	json_put(object, "bad", json_text(topic->bad));
	return object;
}

json_t *json_topics(const struct report *report)
{
	json_t *array = json_array();

	for (size_t i = 0; i < report->topic_count; i++)
		(void)json_array_append_new(array,
		                            topic_json(&report->topics[i]));
	return array;
}
