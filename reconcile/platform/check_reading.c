/* SPDX-License-Identifier: MIT */
/* What is read, what comes back of secrets, and the lists of names. */
#include "platform/check.h"

#include "base/text.h"

void check_identity(struct checker *checker)
{
	static const char *const needed[] = { "connector", "name" };
	const struct binding *binding = checker->binding;
	const struct reading *reading = &binding->reading;

	for (size_t i = 0; i < LENGTH(needed); i++) {
		if (!mappings_find(&reading->fields, needed[i]))
			REFUSE(checker, reading->place,
			       "`%s` is not read; objects are recognised by "
			       "it",
			       needed[i]);
	}
	if (operations_map(&binding->creates, "platformKey") &&
	    !reading->platform_key.text)
		REFUSE(checker, reading->place,
		       "`platformKey` is written and not read; add it");
}

struct readback_rule {
	bool at, hint_length; /* wanted */
	const char *words;
};

static const struct readback_rule readback_rules[] = {
	[READBACK_NEVER] = { false, false, "nothing comes back" },
	[READBACK_MASKED] = { true, false, "a mask stands somewhere" },
	[READBACK_HINT] = { true, true, "a hint has a place and a length" },
	[READBACK_CLEAR] = { true, false, "the value stands somewhere" },
};

static void check_secret(struct checker *checker,
                         const struct secret_mapping *secret)
{
	const struct readback_rule *rule = &readback_rules[secret->readback];
	enum member_type type;

	if (!member_find(secret->name, &type) || type != MEMBER_SECRET)
		REFUSE(checker, secret->place,
		       "`%s` is no secret; there are client.secret and "
		       "secrets.NAME",
		       secret->name);
	else if (!operations_map(&checker->binding->creates, secret->name))
		REFUSE(checker, secret->place,
		       "`%s` is never written; map it in `create`",
		       secret->name);
	if (!secret->at.text == rule->at ||
	    !secret->hint_length == rule->hint_length ||
	    (secret->unset && !rule->at))
		REFUSE(checker, secret->place,
		       "%s; `at`, `unset` and `hintLength` of `%s` do not fit",
		       rule->words, secret->name);
}

static const struct secret_mapping *find_secret(const struct binding *binding,
                                                const char *name)
{
	for (size_t i = 0; i < binding->reading.secret_count; i++) {
		if (str_equal(binding->reading.secrets[i].name, name))
			return &binding->reading.secrets[i];
	}
	return NULL;
}

static void check_readback(struct checker *checker,
                           const struct operation *operation)
{
	for (size_t i = 0; i < operation->fields.count; i++) {
		const struct mapping *field = &operation->fields.items[i];

		if (field->type == MEMBER_SECRET &&
		    !find_secret(checker->binding, field->name))
			REFUSE(checker, field->place,
			       "nothing is said of what comes back of `%s`; "
			       "write `readback: never` under `read`",
			       field->name);
	}
}

void check_secrets(struct checker *checker)
{
	const struct reading *reading = &checker->binding->reading;

	for (size_t i = 0; i < reading->secret_count; i++)
		check_secret(checker, &reading->secrets[i]);
	checker_each_write(checker, check_readback);
}

/* ---- lists of names ---- */

void check_immutable(struct checker *checker)
{
	const struct binding *binding = checker->binding;

	for (size_t i = 0; i < binding->immutable.count; i++) {
		const struct name_place *name = &binding->immutable.items[i];

		if (!operations_map(&binding->creates, name->name) &&
		    !operations_choose(&binding->creates, name->name))
			REFUSE(checker, name->place,
			       "`%s` is not created, so nothing can replace "
			       "it; remove it",
			       name->name);
	}
}

void check_filled(struct checker *checker)
{
	const struct binding *binding = checker->binding;
	enum member_type type;

	for (size_t i = 0; i < binding->filled.count; i++) {
		const struct name_place *name = &binding->filled.items[i];

		if (!member_find(name->name, &type) || type != MEMBER_SET ||
		    !operations_map(&binding->updates, name->name))
			REFUSE(checker, name->place,
			       "`%s` is no set that an update can clear; "
			       "remove it",
			       name->name);
	}
}

static size_t count_groups(const struct binding *binding, const char *name)
{
	size_t count = 0;

	for (size_t i = 0; i < binding->group_count; i++)
		count += names_hold(&binding->groups[i], name);
	return count;
}

void check_groups(struct checker *checker)
{
	const struct binding *binding = checker->binding;

	for (size_t i = 0; i < binding->group_count; i++) {
		for (size_t j = 0; j < binding->groups[i].count; j++) {
			const struct name_place *name =
				&binding->groups[i].items[j];

			if (!operations_map(&binding->updates, name->name))
				REFUSE(checker, name->place,
				       "`%s` is in a group and never updated; "
				       "remove it",
				       name->name);
			if (count_groups(binding, name->name) > 1)
				REFUSE(checker, name->place,
				       "`%s` is in several groups; make them "
				       "one",
				       name->name);
		}
	}
}
