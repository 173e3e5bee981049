/* SPDX-License-Identifier: MIT */
/* Codecs: how platforms write a set of texts. */
#ifndef RECONCILE_PLATFORM_CODEC_H
#define RECONCILE_PLATFORM_CODEC_H

#include "platform/body.h"
#include "state/state.h"

/* The items of a set read last; kept, so that lists need no new memory. */
struct items {
	const char **texts; /* borrowed from the JSON, or from `copy` */
	size_t count, capacity;
	char *copy;
};

void items_release(struct items *items);

struct codec {
	const char *name;
	/* -1 when an item cannot be written so. */
	int (*encode)(const struct value *set, const struct pointer *at,
	              struct body *body);
	/* -1 when it is of another type. */
	int (*decode)(const json_t *json, struct items *items);
};

/* The schema knows the same names. */
const struct codec *codec_find(const char *name);

#endif
