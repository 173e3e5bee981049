/* SPDX-License-Identifier: MIT */
/* What becomes of each declared entry. */
#include "plan/parts.h"

#include "base/text.h"
#include "schema/schema.h"

static void count_secrets(struct planner *planner)
{
	const struct comparison *comparison = &planner->comparison;

	for (size_t i = 0; i < comparison->secret_count; i++)
		planner->plan->counts.secrets[comparison->secrets[i].action]++;
}

/* The client chooses the key, and chose another. */
static bool is_rekeyed(const struct planner *planner,
                       const struct subject *subject)
{
	return (planner->input->traits->abilities & HAS_NATURAL_KEY) &&
	       subject->live && subject->desired->natural_key &&
	       subject->live->natural_key &&
	       !str_equal(subject->desired->natural_key,
	                  subject->live->natural_key);
}

static bool is_protect_changed(const struct subject *subject)
{
	return subject->applied &&
	       ((subject->applied->flags ^ subject->desired->flags) &
	        AUTH_CONFIG_PROTECTED);
}

static enum change_kind dominant(enum change_kind a, enum change_kind b)
{
	return a < b ? a : b;
}

static void conclude(struct planner *planner, struct decision *decision)
{
	struct comparison *comparison = &planner->comparison;
	const struct subject *subject = &decision->subject;
	enum change_kind kind = comparison_kind(comparison);
	struct change *change;

	if (subject->flags & SUBJECT_NEW)
		kind = CHANGE_KINDS;
	kind = dominant(kind, decision->row->kind);
	if (decision->renamed_from || is_rekeyed(planner, subject))
		kind = dominant(kind, CHANGE_RENAME);
	else if (decision->row->verdict == OBJECT_COMPARE &&
	         is_protect_changed(subject))
		kind = dominant(kind, CHANGE_NOTE);
	if (comparison->flags & COMPARISON_DRIFTS)
		planner->plan->counts.drifted++;
	count_secrets(planner);
	fields_find(planner, subject);
	secrets_find(planner, subject);
	if (kind >= CHANGE_NOTE)
		planner->plan->counts.unchanged++;
	if (kind == CHANGE_KINDS ||
	    (kind == CHANGE_NOTE && !keeps_ledger(planner)))
		return;
	change = commit(planner, decision, kind);
	copy_comparison(planner, change);
	secrets_word(planner, subject, change->secrets, change->secret_count);
}

static void make(struct planner *planner, struct decision *decision)
{
	const struct subject made = {
		.desired = decision->subject.desired,
		.flags = SUBJECT_NEW,
	};

	decision->subject.flags |= SUBJECT_NEW;
	compare(planner, &made);
	conclude(planner, decision);
}

static void bind(struct planner *planner, struct decision *decision)
{
	decision->subject.live = decision->match.live;
	decision->subject.flags |= SUBJECT_BLANK;
	planner->matcher.live_taken[decision->match.index] = true;
	compare(planner, &decision->subject);
	conclude(planner, decision);
}

/* Rows O9, O10, O20: now that it is known what differs. */
static void compare_known(struct planner *planner, struct decision *decision)
{
	const struct comparison *comparison = &planner->comparison;
	signed char *facts = decision->facts;

	compare(planner, &decision->subject);
	facts[O_REPLACED] = (comparison->flags & COMPARISON_REPLACES) != 0;
	facts[O_BARE] = comparison_kind(comparison) == CHANGE_KINDS &&
	                !decision->renamed_from &&
	                !is_rekeyed(planner, &decision->subject) &&
	                is_protect_changed(&decision->subject);
	decision->row = object_find(facts);
	conclude(planner, decision);
}

/* ---- mistakes ---- */

static void report_several(struct planner *planner, struct decision *decision)
{
	const struct auth_config *desired = decision->subject.desired;
	CLEANUP(textp)
	char *ids = match_ids(&planner->matcher, &decision->match);

	planner->result = diag_error(
		planner->diag, CODE_SEVERAL_MATCHES,
		subject_place(planner, &decision->subject),
		"`%s`: %zu live auth configs of `%s` could be it, %s; choose "
		"one with `trueup adopt %s --id ID`",
		desired->key, decision->match.count,
		auth_config_text(desired, "connector"), ids, desired->key);
}

static void report_claimed(struct planner *planner, struct decision *decision)
{
	const char *key = decision->subject.desired->key;
	const char *other = decision->match.undeclared->key;

	planner->result = diag_error(
		planner->diag, CODE_CLAIMED_MATCH,
		subject_place(planner, &decision->subject),
		"`%s`: the ledger knows such an auth config as `%s`, which is "
		"no longer declared; write `renamedFrom: %s`, or run `trueup "
		"forget %s`",
		key, other, other, other);
}

static void report_foreign(struct planner *planner, struct decision *decision)
{
	const struct subject *subject = &decision->subject;
	const struct value then = row_connector(subject->applied);
	CLEANUP(textp) char *before = value_show(&then);

	planner->result = diag_error(
		planner->diag, CODE_FOREIGN_OBJECT,
		subject_place(planner, subject),
		"`%s` is bound to `%s`, which is of connector `%s` and was of "
		"`%s`: this is another tenant, or the ledger was edited; "
		"check the API key, or run `trueup forget %s`",
		subject->desired->key, subject->live->id,
		auth_config_text(subject->live, "connector"), before,
		subject->desired->key);
}

/* It is left alone, whatever the file says: that must not go unseen. */
static void find_opaque(struct planner *planner, struct decision *decision)
{
	const struct subject *subject = &decision->subject;
	const char *key = subject->desired->key;
	CLEANUP(textp)
	char *text = xasprintf(
		"`%s` is of a kind or in a state that is unknown here, so it "
		"is neither compared nor changed; look at it at the platform, "
		"or run `trueup forget %s`",
		subject->live->id, key);
	const struct plan_finding finding = {
		.field = "id",
		.row = decision->row->row,
		.severity = SEVERITY_WARNING,
		.text = text,
		.place = subject_place(planner, subject),
	};

	plan_find(planner, key, &finding);
}

/* ---- table O, for entries ---- */

typedef void decide_fn(struct planner *planner, struct decision *decision);

static decide_fn *const entry_ways[] = {
	[OBJECT_OPAQUE] = find_opaque,
	[OBJECT_FOREIGN] = report_foreign,
	[OBJECT_SEVERAL] = report_several,
	[OBJECT_CLAIMED] = report_claimed,
	[OBJECT_MAKE] = make,
	[OBJECT_BIND] = bind,
	[OBJECT_COMPARE] = compare_known,
};

static void note_match(struct planner *planner, struct decision *decision)
{
	struct match *match = &decision->match;

	matcher_find(&planner->matcher, decision->subject.desired, match);
	decision->facts[O_MATCHES] =
		match->count > 2 ? 2 : (signed char)match->count;
	if (match->undeclared)
		decision->facts[O_CLAIMED] = 2;
	else if (match->declared)
		decision->facts[O_CLAIMED] = 1;
}

static int report_twice(struct planner *planner,
                        const struct decision *decision, const char *why)
{
	const struct auth_config *desired = decision->subject.desired;

	return diag_error(planner->diag, CODE_RENAME_TWICE,
	                  subject_place(planner, &decision->subject),
	                  "`%s` cannot be `%s` renamed: %s; remove "
	                  "`renamedFrom`, or forget one of the two",
	                  desired->key, desired->renamed_from, why);
}

static void hint_renamed(struct planner *planner, const char *key,
                         const char *row)
{
	static const char text[] = "it was renamed; remove `renamedFrom`";
	char copy[sizeof(text)];
	struct plan_finding finding = {
		.field = "renamedFrom",
		.row = row,
		.severity = SEVERITY_INFO,
		.text = memcpy(copy, text, sizeof(text)),
		.place = PLACE_NONE,
	};

	plan_find(planner, key, &finding);
}

/* Row O7 and its neighbours: the row that is meant; -1 after reporting. */
static int find_row(struct planner *planner, struct decision *decision,
                    size_t *row)
{
	const struct auth_config *desired = decision->subject.desired;
	struct matcher *matcher = &planner->matcher;
	size_t other;
	const struct rename_row *rename;

	*row = matcher_row(matcher, desired->key);
	if (!desired->renamed_from)
		return 0;
	other = matcher_row(matcher, desired->renamed_from);
	rename = rename_find((*row != SIZE_MAX ? RENAME_OWN : 0U) |
	                     (other != SIZE_MAX ? RENAME_OTHER : 0U));
	switch (rename->verdict) {
	case RENAME_NOTHING:
		return 0;
	case RENAME_HINT:
		hint_renamed(planner, desired->key, rename->row);
		return 0;
	case RENAME_TWICE:
		return report_twice(planner, decision,
		                    "the ledger has rows of both");
	case RENAME_TAKE:
		break;
	}
	if (matcher->row_marks[other] & (ROW_TAKEN | ROW_DECLARED))
		return report_twice(planner, decision,
		                    "another entry has that row");
	matcher->row_marks[other] |= ROW_TAKEN;
	decision->renamed_from = desired->renamed_from;
	*row = other;
	return 0;
}

void decide_entry(struct planner *planner, const struct auth_config *desired)
{
	struct decision decision = { .subject.desired = desired };
	struct subject *subject = &decision.subject;
	signed char *facts = decision.facts;
	size_t row;

	if (find_row(planner, &decision, &row) < 0) {
		planner->result = -1;
		return;
	}
	facts[O_DECLARED] = 1;
	facts[O_LEDGER] = keeps_ledger(planner);
	if (row != SIZE_MAX) {
		subject->applied = state_at(planner->input->applied, row);
		subject->live = planner->matcher.row_live[row];
		facts[O_APPLIED] = 1;
	}
	if (subject->live) {
		facts[O_LIVE] = 1;
		facts[O_FOREIGN] =
			row_is_foreign(subject->applied, subject->live);
		facts[O_OPAQUE] =
			(subject->live->flags & AUTH_CONFIG_OPAQUE) != 0;
	} else {
		note_match(planner, &decision);
	}
	decision.row = object_find(facts);
	entry_ways[decision.row->verdict](planner, &decision);
}
