/* SPDX-License-Identifier: MIT */
/*
 * Table F: what a field comes to.
 *
 * d is what the file declares, a what the ledger holds as sent and seen, l
 * what is live. A value that reads as none is the empty set where the binding
 * says `empty: none`, and else, for a set, cannot be read.
 */
#include "plan/parts.h"

#include "base/text.h"

#include <assert.h>
#include <string.h>

enum field_column {
	F_DECLARED,   /* d is a value */
	F_KNOWN,      /* a is; 2: there is no object yet */
	F_UNREADABLE, /* l is U */
	F_CHANGED,    /* C: d is not what was sent */
	F_MOVED,      /* X: l is not what was seen */
	F_EQUAL,      /* E: d is l */
	F_MODE,
	F_SEMANTICS,
	F_RESENT, /* --resend KEY */
	FIELD_COLUMNS
};

struct field_case {
	struct field_row row;
	signed char when[FIELD_COLUMNS];
};

enum { M = MODE_UNMAPPED, S = MODE_SETTABLE, A = MODE_ASSERT };
enum { m = UPDATE_MERGE, r = UPDATE_REPLACE };
enum { MAKING = 2 };

/* clang-format off */
#define ROW(id, d, a, u, c, moved, e, mode, semantics, resent,           \
	    result, write, drift, review, record)                        \
	{ { id, result, write, drift,                                    \
	    (review) ? DANGER_REVIEW : DANGER_NONE, RECORD_##record },   \
	  { d, a, u, c, moved, e, mode, semantics, resent } }

static const struct field_case cases[] = {
	/* No two rows but F1's meet; the one that is met most comes first. */
	/*           d a U C X E mode      result     write drift review */
	ROW("F3",    1,1,0,0,0,1, S,x,x, "clean",          0,0,0, KEEP),
	ROW("F0",    1,x,x,x,x,x, M,x,x, "unmapped",       0,0,0, NOTHING),
	ROW("F18",   1,2,x,x,x,x, S,x,x, "create",         1,0,0, SET),
	ROW("F18a",  1,2,x,x,x,x, A,x,x, "given",          0,0,0, NOTHING),
	ROW("F16a",  1,x,0,x,x,1, A,x,x, "ok",             0,0,0, NOTHING),
	ROW("F16b",  1,x,0,x,x,0, A,x,x, "mismatch",       0,0,0, NOTHING),
	ROW("F17",   1,x,1,x,x,x, A,x,x, "unchecked",      0,0,0, NOTHING),
	ROW("F2",    0,1,x,x,x,x, x,x,x, "released",       0,0,0, DROP),
	ROW("F1m",   0,0,x,x,x,x, S,m,x, "unmanaged",      0,0,0, NOTHING),
	ROW("F1u",   0,0,1,x,x,x, S,r,x, "error",          0,0,0, NOTHING),
	ROW("F1r",   0,0,0,x,x,x, S,r,x, "unmanaged_echo", 0,0,0, NOTHING),
	ROW("F1",    0,0,x,x,x,x, A,x,x, "unmanaged",      0,0,0, NOTHING),
	ROW("F1",    0,0,x,x,x,x, M,x,x, "unmanaged",      0,0,0, NOTHING),
	ROW("F4",    1,1,0,0,0,0, S,x,x, "rewritten",      0,0,0, KEEP),
	ROW("F5",    1,1,0,0,1,0, S,x,x, "drift",          1,1,0, SET),
	ROW("F6",    1,1,0,0,1,1, S,x,x, "healed",         0,0,0, SET),
	ROW("F7",    1,1,0,1,0,0, S,x,x, "change",         1,0,0, SET),
	ROW("F8",    1,1,0,1,0,1, S,x,x, "note",           0,0,0, SET),
	ROW("F9",    1,1,0,1,1,0, S,x,x, "conflict",       1,1,1, SET),
	ROW("F10",   1,1,0,1,1,1, S,x,x, "converged",      0,0,0, SET),
	ROW("F11",   1,0,0,x,x,1, S,x,x, "adopted",        0,0,0, SET),
	ROW("F12",   1,0,0,x,x,0, S,x,x, "takeover",       1,1,1, SET),
	ROW("F13",   1,1,1,0,x,x, S,x,x, "kept",           0,0,0, KEEP),
	ROW("F14",   1,1,1,1,x,x, S,x,x, "change",         1,0,0, SET),
	ROW("F15r",  1,0,1,x,x,x, S,x,1, "resend",         1,0,0, SET),
	ROW("F15",   1,0,1,x,x,x, S,x,0, "unknown",        0,0,0, KEEP),
};
/* clang-format on */

static const struct field_row *find_row(const signed char *facts)
{
	for (size_t i = 0; i < LENGTH(cases); i++) {
		if (row_matches(cases[i].when, facts, FIELD_COLUMNS))
			return &cases[i].row;
	}
	assert(false); /* table F has no hole */
	return NULL;
}

/* ---- values as the table means them ---- */

static const struct value empty_set = { "", 0, VALUE_SET };

/* `like`: another value of the field, which tells that it is a set. */
static struct value normal(struct value value, const struct value *like,
                           const struct field_trait *trait)
{
	const bool set = value.kind == VALUE_SET || like->kind == VALUE_SET;

	if (!value_is_empty(&value))
		return value;
	if (trait && (trait->flags & FIELD_EMPTY_NONE))
		return empty_set;
	return set ? empty_set : value;
}

/* A live set that reads as none, where the binding does not say that this
 * means the empty set: U. */
static bool is_unreadable(const struct value *live, const struct value *like,
                          const struct field_trait *trait)
{
	if (live->kind == VALUE_UNREADABLE)
		return true;
	if (!value_is_empty(live) ||
	    (live->kind != VALUE_SET && like->kind != VALUE_SET))
		return false;
	return !trait || !(trait->flags & FIELD_EMPTY_NONE);
}

static bool differ(const struct value *a, const struct value *b,
                   const struct value *like, const struct field_trait *trait)
{
	struct value left, right;

	if (value_equal(a, b))
		return false;
	left = normal(*a, like, trait);
	right = normal(*b, like, trait);
	return !value_equal(&left, &right);
}

/* ---- one field ---- */

/* What stands at a name in each of the lists, which are sorted by it. */
struct list {
	const struct field *at, *end;
};

struct cursor {
	struct list desired, sent, seen, live;
	const struct field_trait *trait, *trait_end;
};

static struct list list_of(const struct field *fields, size_t count)
{
	return (struct list){ fields, count ? fields + count : fields };
}

static const char *least(const char *a, const char *b)
{
	if (!a || (b && strcmp(b, a) < 0))
		return b;
	return a;
}

static const char *next_name(const struct cursor *cursor)
{
	const char *name = NULL;

	if (cursor->desired.at < cursor->desired.end)
		name = cursor->desired.at->name;
	if (cursor->sent.at < cursor->sent.end)
		name = least(name, cursor->sent.at->name);
	if (cursor->trait < cursor->trait_end)
		name = least(name, cursor->trait->name);
	return name;
}

/* Names only grow: what stands before this one is never asked for. */
static const struct field *take(struct list *list, const char *name)
{
	while (list->at < list->end) {
		const int order = strcmp(list->at->name, name);

		if (order > 0)
			break;
		list->at++;
		if (order == 0)
			return list->at - 1;
	}
	return NULL;
}

static const struct field_trait *next_trait(struct cursor *cursor,
                                            const char *name)
{
	if (cursor->trait < cursor->trait_end &&
	    str_equal(cursor->trait->name, name))
		return cursor->trait++;
	return NULL;
}

static struct value value_or_none(const struct field *field)
{
	return field ? field_value(field) : value_absent();
}

static void fill_differences(const struct subject *subject,
                             const struct field_trait *trait,
                             const struct field_change *field,
                             signed char *facts)
{
	const bool declared = field->declared.kind != VALUE_ABSENT;
	const bool blank = declared && (subject->flags & SUBJECT_BLANK);
	const struct value *like = declared ? &field->declared : &field->sent;

	facts[F_KNOWN] = !blank && field->sent.kind != VALUE_ABSENT;
	facts[F_CHANGED] = differ(&field->declared, &field->sent, like, trait);
	facts[F_MOVED] = differ(&field->live, &field->seen, like, trait);
	facts[F_EQUAL] = !differ(&field->declared, &field->live, like, trait);
}

static void fill_facts(struct planner *planner, const struct subject *subject,
                       const struct field_trait *trait,
                       struct field_change *field, signed char *facts)
{
	const struct plan_input *input = planner->input;
	const struct permissions *permissions = input->permissions;
	const bool declared = field->declared.kind != VALUE_ABSENT;
	const struct value *like = declared ? &field->declared : &field->sent;

	if (is_unreadable(&field->live, like, trait))
		field->live = value_unreadable();
	facts[F_DECLARED] = declared;
	facts[F_UNREADABLE] = field->live.kind == VALUE_UNREADABLE;
	if (subject->flags & SUBJECT_NEW)
		facts[F_KNOWN] = MAKING; /* there is nothing to differ from */
	else
		fill_differences(subject, trait, field, facts);
	facts[F_MODE] = trait ? (signed char)trait->mode : M;
	facts[F_SEMANTICS] = (signed char)input->traits->semantics;
	facts[F_RESENT] =
		subject->desired &&
		permitted(permissions->resend, permissions->resend_count,
	                  subject->desired->key);
}

/* Ownership alone may be mutable though it decides what the object is. */
static bool is_immutable(const struct traits *traits,
                         const struct field_trait *trait)
{
	if (str_equal(trait->name, "ownership"))
		return !(traits->abilities & HAS_MUTABLE_OWNERSHIP);
	return trait->flags & FIELD_IMMUTABLE;
}

static unsigned writing_flags(const struct planner *planner,
                              const struct subject *subject,
                              const struct field_change *field,
                              const struct field_trait *trait)
{
	const bool ownership = str_equal(field->name, "ownership");
	unsigned flags = COMPARISON_WRITES;

	if (str_equal(field->name, "client.id"))
		flags |= COMPARISON_CLIENT_ID;
	if (subject->flags & SUBJECT_NEW)
		return flags;
	if (is_immutable(planner->input->traits, trait))
		return flags | COMPARISON_REPLACES;
	if (ownership)
		flags |= str_equal(field->declared.bytes, "managed")
		                 ? COMPARISON_TO_MANAGED
		                 : COMPARISON_TO_OWN;
	return flags;
}

/* What a field that is not written says of its object. */
static unsigned resting_flags(const struct field_change *field,
                              const signed char *facts)
{
	const enum field_record record = field->row->record;
	const bool known = facts[F_KNOWN] == 1;
	unsigned flags = 0;

	if (known && !facts[F_UNREADABLE] && facts[F_MOVED])
		flags |= COMPARISON_EXPLAINS;
	if (known && facts[F_DECLARED] && field->row->drift)
		flags |= COMPARISON_DRIFTS;
	if (!field->held && !field->writes &&
	    (record == RECORD_SET || record == RECORD_DROP))
		flags |= COMPARISON_NOTES;
	if (facts[F_DECLARED] && !facts[F_EQUAL] && !field->writes)
		flags |= COMPARISON_SPEAKS;
	return flags;
}

/* What the field means for its object. */
static void weigh(struct planner *planner, const struct subject *subject,
                  struct field_change *field, const signed char *facts,
                  const struct field_trait *trait)
{
	struct comparison *comparison = &planner->comparison;

	field->held =
		field->row->drift && planner->input->permissions->drift_kept;
	field->writes = field->row->write && !field->held;
	comparison->flags |= resting_flags(field, facts);
	if (!field->writes)
		return;
	comparison->flags |= writing_flags(planner, subject, field, trait);
	if (trait->group)
		comparison->groups |= UINT64_C(1) << (trait->group & 63U);
}

static void compare_one(struct planner *planner, const struct subject *subject,
                        struct cursor *cursor, const char *name,
                        const struct field_trait *trait)
{
	struct comparison *comparison = &planner->comparison;
	const struct field *declared = take(&cursor->desired, name);
	struct field_change *field;
	signed char facts[FIELD_COLUMNS] = { 0 };

	comparison->fields =
		xgrow(comparison->fields, comparison->field_count,
	              &comparison->field_capacity, sizeof(*comparison->fields));
	field = &comparison->fields[comparison->field_count];
	*field = (struct field_change){
		.name = name,
		.declared = value_or_none(declared),
		.sent = value_or_none(take(&cursor->sent, name)),
		.seen = value_or_none(take(&cursor->seen, name)),
		.live = value_or_none(take(&cursor->live, name)),
	};
	comparison->field_count++;
	if (declared)
		field->place = field_place(planner->input->desired, declared);
	fill_facts(planner, subject, trait, field, facts);
	field->row = find_row(facts);
	weigh(planner, subject, field, facts, trait);
}

void fields_compare(struct planner *planner, const struct subject *subject)
{
	const struct traits *traits = planner->input->traits;
	const struct auth_config *desired = subject->desired;
	const struct auth_config *applied = subject->applied;
	const struct auth_config *live = subject->live;
	struct cursor cursor = {
		.desired = list_of(desired->fields, desired->field_count),
		.trait = traits->fields,
		.trait_end = traits->fields + traits->field_count,
	};
	const char *name;

	if (applied) {
		cursor.sent = list_of(applied->fields, applied->field_count);
		cursor.seen = list_of(applied->seen, applied->seen_count);
	}
	if (live)
		cursor.live = list_of(live->fields, live->field_count);
	if (subject->flags & SUBJECT_NEW) {
		for (size_t i = 0; i < desired->field_count; i++) {
			name = desired->fields[i].name;
			compare_one(planner, subject, &cursor, name,
			            traits_field(traits, name));
		}
		return;
	}
	while ((name = next_name(&cursor)))
		compare_one(planner, subject, &cursor, name,
		            next_trait(&cursor, name));
}
