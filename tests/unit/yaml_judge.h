/* SPDX-License-Identifier: MIT */
/* What plain YAML shows of a text, held against libyaml's events. */
#ifndef TESTS_UNIT_YAML_JUDGE_H
#define TESTS_UNIT_YAML_JUDGE_H

#include "base/mem.h"
#include "document/plain_yaml.h"

#include <string.h>

enum yaml_verdict { YAML_TAKEN, YAML_LEFT, YAML_WRONG };

struct yaml_judge {
	yaml_parser_t parser;
	size_t judged;
	enum yaml_verdict verdict;
	bool failed; /* libyaml takes it for no YAML from here on */
};

static inline bool marks_equal(const yaml_mark_t *a, const yaml_mark_t *b)
{
	return a->line == b->line && a->column == b->column;
}

static inline bool scalars_equal(const yaml_event_t *a, const yaml_event_t *b)
{
	return a->data.scalar.style == b->data.scalar.style &&
	       a->data.scalar.length == b->data.scalar.length &&
	       !a->data.scalar.anchor == !b->data.scalar.anchor &&
	       !a->data.scalar.tag == !b->data.scalar.tag &&
	       memcmp(a->data.scalar.value, b->data.scalar.value,
	              a->data.scalar.length + 1) == 0 &&
	       marks_equal(&a->end_mark, &b->end_mark);
}

static inline bool is_start(const yaml_event_t *event)
{
	return event->type == YAML_SCALAR_EVENT ||
	       event->type == YAML_MAPPING_START_EVENT ||
	       event->type == YAML_SEQUENCE_START_EVENT;
}

static inline bool events_equal(const yaml_event_t *a, const yaml_event_t *b)
{
	return a->type == b->type &&
	       (!is_start(a) || marks_equal(&a->start_mark, &b->start_mark)) &&
	       (a->type != YAML_SCALAR_EVENT || scalars_equal(a, b));
}

static inline int judge_event(const yaml_event_t *event, void *context)
{
	struct yaml_judge *judge = context;
	yaml_event_t theirs;

	judge->judged++;
	judge->failed =
		judge->failed || !yaml_parser_parse(&judge->parser, &theirs);
	if (judge->failed)
		return 0;
	if (!events_equal(event, &theirs))
		judge->verdict = YAML_WRONG;
	yaml_event_delete(&theirs);
	return judge->verdict == YAML_WRONG;
}

/* What is left may have been shown up to where libyaml fails and beyond, as
 * nobody sees more of it than reports; of what is taken all must be right. */
static inline enum yaml_verdict judge_yaml(const char *bytes, size_t length)
{
	struct yaml_judge judge = { .verdict = YAML_TAKEN };
	size_t shown = 0;

	if (!yaml_parser_initialize(&judge.parser))
		return YAML_WRONG;
	yaml_parser_set_encoding(&judge.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&judge.parser,
	                             (const unsigned char *)bytes, length);
	if (!plain_yaml_read(bytes, length, judge_event, &judge, &shown))
		judge.verdict =
			judge.verdict == YAML_TAKEN ? YAML_LEFT : judge.verdict;
	else if (judge.failed || !judge.parser.stream_end_produced)
		judge.verdict = YAML_WRONG;
	if (shown != judge.judged)
		judge.verdict = YAML_WRONG;
	yaml_parser_delete(&judge.parser);
	return judge.verdict;
}

#endif
