/* SPDX-License-Identifier: MIT */
#include "report/words.h"

#include "report/show.h"

#include "base/text.h"

const struct change_mark change_marks[CHANGE_KINDS] = {
	[CHANGE_DELETE] = { '-', "31", "delete", "" },
	[CHANGE_REPLACE] = { '-', "31", "replace", " by a new object" },
	[CHANGE_RECREATE] = { '+', "31", "create again", "" },
	[CHANGE_CREATE] = { '+', "32", "create", "" },
	[CHANGE_RENAME] = { '~', "33", "rename", "" },
	[CHANGE_UPDATE] = { '~', "33", "update", "" },
	[CHANGE_ROTATE] = { '~', "33", "send a secret to", "" },
	[CHANGE_ADOPT] = { '~', "36", "adopt", "" },
	[CHANGE_NOTE] = { ' ', "2", "note", "" },
};

/* Rows that say more than the kind does; NULL: as the kind says. */
static const struct row_words {
	const char *row;
	const char *before, *words;
} row_words[] = {
	{ "O2", "adopt and ", NULL },
	{ "O12", "adopt and ", NULL },
	{ "O16", "", "note: it is gone, its row goes as well;" },
	{ "O18", "", "delete its former object" },
	{ "O20", "", "note: `protect` changes;" },
};

struct verb change_verb(const struct change *change)
{
	struct verb verb = { "", change_marks[change->kind].words };

	for (size_t i = 0; i < LENGTH(row_words); i++) {
		if (!str_equal(row_words[i].row, change->row))
			continue;
		if (row_words[i].words)
			verb.words = row_words[i].words;
		if (change->kind != CHANGE_ADOPT)
			verb.before = row_words[i].before;
	}
	return verb;
}

const char *const ledger_mode_words[] = {
	[LEDGER_MODE_KEPT] = NULL,
	[LEDGER_MODE_NEVER_MADE] =
		"No ledger yet: planned as if there were none; apply needs "
		"--init-ledger once.",
	[LEDGER_MODE_STATELESS] =
		"Without a ledger: nothing is deleted, and drift has no "
		"direction.",
	[LEDGER_MODE_UNTRUSTED] =
		"The ledger is not authenticated: deletes and replacements "
		"are refused.",
};

const char words_by_hand[] =
	"Worked by hand: live is what was recorded, and drift cannot be known.";

const char *words_of_exit(int exit)
{
	switch (exit) {
	case 0:
		return "";
	case 2:
		return "differences";
	case 3:
		return "findings";
	default:
		return "not done";
	}
}

/* ---- fields ---- */

/* What a result of table F means to a reader; the plain ones need no words. */
static const struct result_words {
	const char *result, *words;
} result_words[] = {
	{ "create", "" }, /* met most */
	{ "adopted", "taken over as it is" },
	{ "change", "" },
	{ "conflict", "conflict: changed here and outside" },
	{ "converged", "changed here and outside alike" },
	{ "drift", "drift: changed outside" },
	{ "given", "the platform must give it" },
	{ "healed", "changed back outside" },
	{ "note", "the file says what is live by now" },
	{ "released", "no longer declared, left as it is" },
	{ "resend", "sent again" },
	{ "takeover", "takeover: never applied from here" },
	{ "unmanaged_echo", "not declared, sent back as it is" },
};

const char words_held[] = "left alone: --no-drift-fix";

const char *field_words(const struct field_change *field)
{
	const char *words = field->row->result;

	for (size_t i = 0; i < LENGTH(result_words); i++) {
		if (str_equal(result_words[i].result, words))
			return result_words[i].words;
	}
	return words;
}

bool change_makes(const struct change *change)
{
	return change->kind == CHANGE_CREATE || change->kind == CHANGE_RECREATE;
}

/* Written with its group, or into a new object, it may be what it was. */
bool field_is_moved(const struct change *change,
                    const struct field_change *field)
{
	if (change->kind == CHANGE_NOTE || change_makes(change) ||
	    !(field->writes || field->held))
		return false;
	if (value_is_empty(&field->live) && value_is_empty(&field->declared))
		return false;
	return !value_equal(&field->live, &field->declared);
}

bool field_is_shown(const struct change *change,
                    const struct field_change *field)
{
	const enum field_record record = field->row->record;

	if (change_makes(change))
		return true;
	if (change->kind == CHANGE_NOTE)
		return record == RECORD_SET || record == RECORD_DROP;
	return field_is_moved(change, field);
}

/* ---- secrets ---- */

static const char *const action_words[SECRET_ACTIONS] = {
	[SECRET_NONE] = "none",         [SECRET_KEEP] = "keep",
	[SECRET_UNKNOWN] = "keep",      [SECRET_NOT_COMPARED] = "keep",
	[SECRET_SET] = "set",           [SECRET_ROTATE] = "rotate",
	[SECRET_RESEND] = "send again", [SECRET_CLEAR] = "clear",
};

bool secret_is_shown(const struct secret_change *secret)
{
	return secret->held || secret->records || secret->action > SECRET_KEEP;
}

static void versions(const struct secret_change *secret, struct slate *slate)
{
	const char *before = secret->previous_version;

	slate_words(slate, ", version ");
	if (before && !str_equal(before, secret->version)) {
		slate_item(slate, before);
		slate_words(slate, " -> ");
	}
	slate_item(slate, secret->version);
}

void secret_said(const struct secret_change *secret, struct slate *slate)
{
	slate_words(slate, action_words[secret->action]);
	if (secret->source) {
		slate_words(slate, " from ");
		slate_text(slate, secret->source);
	}
	if (secret->version)
		versions(secret, slate);
}

const char *secret_reason(const struct secret_change *secret)
{
	return secret->reason && !str_equal(secret->row, "S1") ? secret->reason
	                                                       : "";
}
