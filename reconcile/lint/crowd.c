/* SPDX-License-Identifier: MIT */
/* Crowd: what the environments of a run have in common, sorted so that equal
 * values stand side by side. */
#include "lint/check.h"

#include <stdlib.h>
#include <string.h>

static void add(struct sightings *sightings, const struct sighting *sighting)
{
	sightings->items =
		xgrow(sightings->items, sightings->count, &sightings->capacity,
	              sizeof(*sightings->items));
	sightings->items[sightings->count++] = *sighting;
}

static void gather_secret(struct crowd *crowd, const struct lint_pass *pass,
                          const struct subject *subject,
                          const struct secret_reference *reference)
{
	const struct lint_secret *secret =
		pass_secret(pass, subject, reference->name);
	const struct sighting sighting = {
		.value = reference->source,
		.pass = pass,
		.subject = subject,
		.reference = reference,
		.group = secret ? secret->group : 0,
	};

	add(&crowd->sources, &sighting);
	if (sighting.group)
		add(&crowd->values, &sighting);
}

static void gather_pass(struct crowd *crowd, const struct lint_pass *pass)
{
	for (size_t i = 0; i < pass->count; i++) {
		const struct subject *subject = &pass->subjects[i];
		const struct auth_config *config = subject->config;

		if (subject->client_id)
			add(&crowd->ids,
			    &(struct sighting){ .value = subject->client_id,
			                        .pass = pass,
			                        .subject = subject });
		for (size_t j = 0; j < config->reference_count; j++)
			gather_secret(crowd, pass, subject,
			              &config->references[j]);
	}
}

/* Passes and subjects stand in arrays: their order is the input's. */
static int compare_origin(const struct sighting *a, const struct sighting *b)
{
	if (a->pass != b->pass)
		return a->pass < b->pass ? -1 : 1;
	return (a->subject > b->subject) - (a->subject < b->subject);
}

static int compare_values(const void *left, const void *right)
{
	const struct sighting *a = left, *b = right;
	const int order = a->value == b->value ? 0 : strcmp(a->value, b->value);

	return order ? order : compare_origin(a, b);
}

static int compare_groups(const void *left, const void *right)
{
	const struct sighting *a = left, *b = right;

	if (a->group != b->group)
		return a->group < b->group ? -1 : 1;
	return compare_origin(a, b);
}

static void sort(struct sightings *sightings,
                 int (*compare)(const void *, const void *))
{
	if (sightings->count)
		qsort(sightings->items, sightings->count,
		      sizeof(*sightings->items), compare);
}

/* One environment has nothing to be compared with. */
void crowd_gather(struct crowd *crowd)
{
	if (crowd->count < 2)
		return;
	for (size_t i = 0; i < crowd->count; i++)
		gather_pass(crowd, &crowd->passes[i]);
	sort(&crowd->ids, compare_values);
	sort(&crowd->sources, compare_values);
	sort(&crowd->values, compare_groups);
}

void crowd_release(struct crowd *crowd)
{
	free(crowd->ids.items);
	free(crowd->sources.items);
	free(crowd->values.items);
}
