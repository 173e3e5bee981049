/* SPDX-License-Identifier: MIT */
/*
 * Platforms as the embedded bindings describe them, one a world: what the law
 * promises of any platform is tried on each of ours. Takes the place of
 * generate_platform.c.
 */
#include "generate.h"

#include "base/text.h"
#include "platform/platform.h"
#include "schema/schema.h"

#include <stdlib.h>
#include <string.h>

static const char folder[] = "platforms/", ending[] = ".yaml";

static bool is_binding(const struct schema_file *file)
{
	return str_starts(file->name, folder);
}

static size_t count_bindings(void)
{
	size_t count = 0;

	for (size_t i = 0; i < schema_file_count; i++)
		count += is_binding(&schema_files[i]);
	return count;
}

/* The name of the index-th binding; the caller frees it. */
static char *binding_at(size_t index)
{
	const char *name = NULL;

	for (size_t i = 0; !name; i++) {
		if (is_binding(&schema_files[i]) && index-- == 0)
			name = schema_files[i].name + strlen(folder);
	}
	return xstrndup(name, strlen(name) - strlen(ending));
}

static void take_fields(struct world *world, const struct traits *traits)
{
	for (size_t i = 0; i < FIELDS; i++) {
		const struct field_trait *trait =
			traits_field(traits, field_names[i]);

		world->field_traits[i] =
			trait ? *trait
			      : (struct field_trait){ .mode = MODE_UNMAPPED };
		world->field_traits[i].name = field_names[i];
	}
}

/* A secret that the binding does not have is one that is never shown. */
static void take_secrets(struct world *world, const struct traits *traits)
{
	for (size_t i = 0; i < SECRETS; i++) {
		const struct secret_trait *trait =
			traits_secret(traits, secret_names[i]);

		world->secret_traits[i] =
			trait ? *trait
			      : (struct secret_trait){ .readback =
			                                       READBACK_NEVER };
		world->secret_traits[i].name = secret_names[i];
	}
}

void make_traits(struct generator *generator)
{
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	CLEANUP(textp)
	char *name = binding_at(below(generator, (unsigned)count_bindings()));
	CLEANUP(binding_freep)
	struct binding *binding = binding_load(name, PLACE_NONE, diag);
	const unsigned temper = below(generator, TEMPERS);
	struct world *world = generator->world;

	if (!binding) {
		fprintf(stderr, "binding %s does not load\n", name);
		abort();
	}
	world->traits = *binding_traits(binding);
	take_fields(world, &world->traits);
	take_secrets(world, &world->traits);
	world->traits.fields = world->field_traits;
	world->traits.field_count = FIELDS;
	world->traits.secrets = world->secret_traits;
	world->traits.secret_count = SECRETS;
	world->temper = (enum temper)temper;
	world->fickle = below(generator, 1U << FIELDS);
}
