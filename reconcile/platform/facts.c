/* SPDX-License-Identifier: MIT */
/* Facts: a binding told in words, so that nobody has to read its file. */
#include "platform/binding.h"

#include "base/text.h"
#include "platform/pages.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* A binding that is being told. */
struct telling {
	const struct binding *binding;
	struct binding_facts *facts;
};

PRINTF_LIKE(2, 3)
static const char *words(struct telling *telling, const char *format, ...)
{
	CLEANUP(textp) char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	text = xvasprintf(format, arguments);
	va_end(arguments);
	return arena_copy(telling->facts->arena, text, strlen(text));
}

static bool can(const struct telling *telling, unsigned ability)
{
	return telling->binding->traits.abilities & ability;
}

/* ---- one line each ---- */

static void tell_abilities(struct telling *telling)
{
	static const struct {
		unsigned ability;
		const char *name;
	} rows[] = {
		{ CAN_LIST, "list" },     { CAN_CREATE, "create" },
		{ CAN_UPDATE, "update" }, { CAN_DELETE, "delete" },
		{ CAN_RENAME, "rename" },
	};
	struct binding_facts *facts = telling->facts;

	if (telling->binding->manual) {
		facts->abilities[facts->ability_count++] = "by hand";
		return;
	}
	for (size_t i = 0; i < LENGTH(rows); i++) {
		if (can(telling, rows[i].ability))
			facts->abilities[facts->ability_count++] = rows[i].name;
	}
}

static const char *paging_words(const struct page *page)
{
	static const struct {
		const char *kind, *words;
	} rows[] = {
		{ "none", "everything in one answer" },
		{ "cursor", "pages, each naming the next" },
		{ "number", "numbered pages" },
		{ "offset", "pages by offset" },
		{ "last_id", "pages behind the last id" },
	};

	for (size_t i = 0; i < LENGTH(rows); i++) {
		if (paging_find(rows[i].kind) == page->kind)
			return rows[i].words;
	}
	return "pages";
}

static const char *tell_paging(struct telling *telling)
{
	const struct page *page = &telling->binding->page;
	const char *total = page->total.text
	                            ? "the total is checked"
	                            : "no total is named, so that a short list "
	                              "looks whole";

	if (!page->kind)
		return "none: what is live is what was recorded";
	if (page->limit > 0)
		return words(telling, "%s, %lld objects a page; %s",
		             paging_words(page), (long long)page->limit, total);
	return words(telling, "%s; %s", paging_words(page), total);
}

static const char *tell_identity(const struct telling *telling)
{
	if (can(telling, HAS_NATURAL_KEY))
		return "the key that you choose (platformKey)";
	if (can(telling, HAS_UNIQUE_NAMES))
		return "the platform's id; connector and name to find it, and "
		       "names are unique";
	return "the platform's id; connector and name to find it, and names "
	       "are not unique";
}

static const char *tell_updates(const struct telling *telling)
{
	const struct traits *traits = &telling->binding->traits;

	if (!can(telling, CAN_UPDATE))
		return "there is no call for it";
	if (traits->semantics == UPDATE_MERGE)
		return "what is left out stays";
	return traits->secret_omit == SECRET_OMIT_KEEP
	               ? "the whole object is sent; a secret left out stays"
	               : "the whole object is sent, its secrets each time";
}

static const char *tell_connections(const struct telling *telling)
{
	return can(telling, HAS_CONNECTIONS)
	               ? "the platform says how many users hang on one"
	               : "how many users hang on one cannot be known";
}

/* ---- fields, secrets, parameters ---- */

static bool is_unread(const struct binding *binding, const char *name)
{
	for (size_t i = 0; i < binding->unread_count; i++) {
		if (str_equal(binding->unread[i], name))
			return true;
	}
	return false;
}

static const char *tell_field(struct telling *telling,
                              const struct field_trait *trait)
{
	const bool asserted = trait->mode == MODE_ASSERT;
	const unsigned flags = trait->flags;

	return words(telling, "%s%s%s%s%s",
	             asserted ? "given by the platform: compared, never sent"
	                      : "settable",
	             !asserted && flags & FIELD_IMMUTABLE
	                     ? ", by replacing the object"
	                     : "",
	             trait->group ? ", with its group" : "",
	             flags & FIELD_FILLED ? "; the platform fills an empty one"
	                                  : "",
	             is_unread(telling->binding, trait->name)
	                     ? "; cannot be read back"
	                     : "");
}

static void tell_fields(struct telling *telling)
{
	const struct traits *traits = &telling->binding->traits;
	struct binding_facts *facts = telling->facts;

	facts->fields = arena_alloc(facts->arena, (traits->field_count +
	                                           1) * sizeof(*facts->fields));
	for (size_t i = 0; i < traits->field_count; i++)
		facts->fields[facts->field_count++] = (struct binding_fact){
			traits->fields[i].name,
			tell_field(telling, &traits->fields[i]),
		};
}

static const char *tell_secret(struct telling *telling,
                               const struct secret_trait *trait)
{
	static const char *const readbacks[] = {
		[READBACK_NEVER] = "never returned",
		[READBACK_MASKED] = "returned masked, which says nothing",
		[READBACK_HINT] = "its last characters are returned",
		[READBACK_CLEAR] = "returned in clear, and compared",
	};

	return words(telling, "%s%s", readbacks[trait->readback],
	             trait->group ? "; sent with its group" : "");
}

static void tell_secrets(struct telling *telling)
{
	const struct traits *traits = &telling->binding->traits;
	struct binding_facts *facts = telling->facts;

	facts->secrets =
		arena_alloc(facts->arena, (traits->secret_count + 1) *
	                                          sizeof(*facts->secrets));
	for (size_t i = 0; i < traits->secret_count; i++)
		facts->secrets[facts->secret_count++] = (struct binding_fact){
			traits->secrets[i].name,
			tell_secret(telling, &traits->secrets[i]),
		};
}

static int compare_facts(const void *a, const void *b)
{
	return strcmp(((const struct binding_fact *)a)->name,
	              ((const struct binding_fact *)b)->name);
}

static void tell_parameters(struct telling *telling)
{
	const struct binding *binding = telling->binding;
	struct binding_facts *facts = telling->facts;

	facts->parameters =
		arena_alloc(facts->arena, (binding->parameter_count + 1) *
	                                          sizeof(*facts->parameters));
	for (size_t i = 0; i < binding->parameter_count; i++) {
		const struct parameter *parameter = &binding->parameters[i];

		facts->parameters[facts->parameter_count++] =
			(struct binding_fact){
				parameter->name,
				parameter->description
					? parameter->description
					: "to be given in platform.parameters",
			};
	}
	qsort(facts->parameters, facts->parameter_count,
	      sizeof(*facts->parameters), compare_facts);
}

/* ---- traps ---- */

/* Names with commas between them. */
static const char *join_names(struct telling *telling,
                              const struct names *names)
{
	const char *all = "";

	for (size_t i = 0; i < names->count; i++)
		all = words(telling, "%s%s%s", all, i ? ", " : "",
		            names->items[i].name);
	return all;
}

static const char *trap_unverified(struct telling *telling)
{
	static const char *const texts[BINDING_STATUSES] = {
		[BINDING_DOCUMENTED] =
			"written from the platform's documentation alone; "
			"every plan says so",
		[BINDING_UNVERIFIED] =
			"a guess that nobody held against the real platform: "
			"it speaks to this machine only",
	};

	return texts[telling->binding->status];
}

static const char *trap_manual(struct telling *telling)
{
	return telling->binding->manual
	               ? "there is no API for auth configs: apply prints the "
	                 "steps of a person, and `trueup record KEY` writes "
	                 "down that they were taken"
	               : NULL;
}

static const char *trap_replace(struct telling *telling)
{
	if (!can(telling, CAN_UPDATE) ||
	    telling->binding->semantics != UPDATE_REPLACE)
		return NULL;
	return "an update sends back what is not declared as it was read; "
	       "somebody else's change in between is noticed, not merged";
}

static const char *trap_immutable(struct telling *telling)
{
	const struct names *names = &telling->binding->immutable;

	if (!names->count)
		return NULL;
	return words(telling,
	             "another value of %s makes a new object with a new id: "
	             "it needs --allow-replace KEY",
	             join_names(telling, names));
}

static const char *trap_filled(struct telling *telling)
{
	const struct names *names = &telling->binding->filled;

	if (!names->count)
		return NULL;
	return words(telling,
	             "%s left empty is filled at a create; a second "
	             "request clears it",
	             join_names(telling, names));
}

static const char *trap_then_get(struct telling *telling)
{
	return telling->binding->then_get
	               ? "the list lacks fields: each object is read once more"
	               : NULL;
}

static const char *trap_cascade(struct telling *telling)
{
	return can(telling, HAS_CASCADE)
	               ? "a delete takes users' connections along: it needs "
	                 "--break-connections N"
	               : NULL;
}

static const char *trap_renaming(struct telling *telling)
{
	return can(telling, HAS_NATURAL_KEY) && !can(telling, CAN_RENAME)
	               ? "the key cannot be changed: `platformKey` keeps it "
	                 "when an entry is renamed"
	               : NULL;
}

static const char *trap_permission(struct telling *telling)
{
	const char *permission = telling->binding->reading.permission;

	if (!permission)
		return NULL;
	return words(telling,
	             "the API key needs `%s`: without it nothing can be "
	             "compared, and nothing is planned",
	             permission);
}

static const char *trap_short_list(struct telling *telling)
{
	return telling->binding->page.fallback
	               ? "its lists were seen to be short: what is missing is "
	                 "looked for by page numbers, and a list that stays "
	                 "short is refused"
	               : NULL;
}

static const char *trap_enabling(struct telling *telling)
{
	return telling->binding->enabling.operation.method
	               ? "`enabled` is set by a request of its own, after the "
	                 "others"
	               : NULL;
}

static const char *trap_settling(struct telling *telling)
{
	const int64_t settle_ms = telling->binding->traits.settle_ms;

	if (!settle_ms)
		return NULL;
	return words(telling,
	             "a write is seen only after %lld ms: apply waits so long",
	             (long long)settle_ms);
}

static const char *trap_clear(struct telling *telling)
{
	const struct traits *traits = &telling->binding->traits;

	for (size_t i = 0; i < traits->secret_count; i++) {
		if (traits->secrets[i].readback == READBACK_CLEAR)
			return "answers carry secrets in clear: who can read "
			       "with this API key has them";
	}
	return NULL;
}

static const char *trap_read_only(struct telling *telling)
{
	return can(telling, CAN_CREATE | CAN_UPDATE | CAN_DELETE)
	               ? NULL
	               : "nothing can be written: plan and drift only";
}

typedef const char *trap_fn(struct telling *telling);

static trap_fn *const traps[] = {
	trap_unverified, trap_manual,   trap_read_only,  trap_replace,
	trap_immutable,  trap_filled,   trap_then_get,   trap_cascade,
	trap_renaming,   trap_clear,    trap_permission, trap_short_list,
	trap_enabling,   trap_settling,
};

static void tell_group(struct telling *telling, const struct names *group)
{
	telling->facts->traps[telling->facts->trap_count++] =
		words(telling,
	              "%s are sent together: a change of one needs them all, "
	              "the secret too",
	              join_names(telling, group));
}

static void tell_traps(struct telling *telling)
{
	const struct binding *binding = telling->binding;
	struct binding_facts *facts = telling->facts;

	facts->traps = arena_alloc(facts->arena,
	                           (LENGTH(traps) + binding->group_count) *
	                                   sizeof(*facts->traps));
	for (size_t i = 0; i < LENGTH(traps); i++) {
		const char *trap = traps[i](telling);

		if (trap)
			facts->traps[facts->trap_count++] = trap;
	}
	for (size_t i = 0; i < binding->group_count; i++)
		tell_group(telling, &binding->groups[i]);
}

/* ---- all of it ---- */

void binding_tell(const struct binding *binding, struct binding_facts *out)
{
	struct telling telling = { binding, out };

	*out = (struct binding_facts){
		.name = binding->name,
		.url = binding->url,
		.file = binding->file,
		.hash = binding->hash,
		.status = binding->status,
		.arena = arena_new(),
	};
	tell_abilities(&telling);
	out->paging = tell_paging(&telling);
	out->identity = tell_identity(&telling);
	out->updates = tell_updates(&telling);
	out->connections = tell_connections(&telling);
	tell_fields(&telling);
	tell_secrets(&telling);
	tell_parameters(&telling);
	tell_traps(&telling);
}

void binding_facts_release(struct binding_facts *facts)
{
	arena_free(facts->arena);
	*facts = (struct binding_facts){ .arena = NULL };
}
