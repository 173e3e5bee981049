/* SPDX-License-Identifier: MIT */
/*
 * Plain YAML: libyaml's events without libyaml, at a fifth of the cost. Of a
 * large file, nearly all is lines of `key: value`.
 *
 * It knows mappings and lists by indentation, `[…]` and `{…}`, texts of one
 * line without escapes, and comments. Anything else it leaves to libyaml, whose
 * word counts: it never decides what is no YAML, and shows nothing that libyaml
 * would not.
 */
#ifndef RECONCILE_DOCUMENT_PLAIN_YAML_H
#define RECONCILE_DOCUMENT_PLAIN_YAML_H

#include "base/mem.h"

#include <stdbool.h>

#include <yaml.h>

/* Has the event's type, of a scalar value, length and style, and lines and
 * columns of where it starts, and a scalar ends; the rest is zero. Borrowed for
 * the call. Non-zero stops. */
typedef int plain_yaml_fn(const yaml_event_t *event, void *context);

/*
 * Shows all events of the bytes, which have no byte order mark, or as many as
 * are asked for. False: libyaml is to be asked, which begins with the *shown
 * events that were shown already, or stops before.
 */
bool plain_yaml_read(const char *bytes, size_t length, plain_yaml_fn *show,
                     void *context, size_t *shown) MUST_CHECK;

#endif
