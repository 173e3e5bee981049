/* SPDX-License-Identifier: MIT */
/* Syntax: libyaml's complaints in words that help. */
#ifndef RECONCILE_DOCUMENT_SYNTAX_H
#define RECONCILE_DOCUMENT_SYNTAX_H

#include "base/diag.h"
#include "document/document.h"

#include <yaml.h>

/* A file's bytes, behind a byte order mark if it has one. */
struct input {
	const char *display;
	const char *bytes;
	size_t length;
};

struct watch;

/* document_parse(), and `watch` (or NULL) sees all events. */
const struct node *parse_watched(struct documents *documents,
                                 const struct input *input, struct watch *watch,
                                 struct diag *diag) MUST_CHECK;

struct place mark_place(const struct input *input, yaml_mark_t mark);

/* Reports what stopped the parser. Always -1. */
int syntax_report(const struct input *input, const yaml_parser_t *yaml,
                  struct diag *diag);

/* What libyaml would not tell well: UTF-16 and NUL bytes. Cuts the byte order
 * mark off. 0, or -1 after reporting CODE_YAML_ENCODING. */
int syntax_check_encoding(struct input *input, struct diag *diag) MUST_CHECK;

#endif
