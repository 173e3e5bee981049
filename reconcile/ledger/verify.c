/* SPDX-License-Identifier: MIT */
/* Whether what stands in the file can be believed: rows P1 and P2. */
#include "ledger/store.h"

#include "base/text.h"
#include "schema/schema.h"

#include <string.h>

/* ---- whose it is: row P1 ---- */

static int check_owner(const struct ledger *ledger, const struct header *header,
                       struct diag *diag)
{
	const struct ledger_settings *settings = &ledger->settings;
	const struct {
		const char *name, *there, *here;
	} sides[] = {
		{ "platform", header->platform, settings->platform },
		{ "origin", header->origin, settings->origin },
		{ "environment", header->environment, settings->environment },
		{ "tenant", header->tenant, NULL },
	};
	int status = 0;

	for (size_t i = 0; i < LENGTH(sides); i++) {
		if (str_equal(sides[i].there, sides[i].here))
			continue;
		status = diag_error(
			diag, CODE_LEDGER_FOREIGN, settings->place,
			"the ledger `%s` is of the %s `%s`, this run is for "
			"`%s`; correct the file, or take the ledger that "
			"belongs to it",
			ledger->path, sides[i].name,
			sides[i].there ? sides[i].there : "",
			sides[i].here ? sides[i].here : "");
	}
	return status;
}

/* Nobody may put an older one, or another one, in its place under a run. */
static int check_age(const struct ledger *ledger, const struct header *header,
                     struct diag *diag)
{
	const struct header *known = &ledger->header;

	if (!known->lineage)
		return 0;
	if (!str_equal(known->lineage, header->lineage))
		return diag_error(diag, CODE_LEDGER_MAC, ledger->settings.place,
		                  "the ledger `%s` is another one than when "
		                  "this run began; find out who replaced it",
		                  ledger->path);
	if (header->serial < known->serial)
		return diag_error(diag, CODE_LEDGER_MAC, ledger->settings.place,
		                  "the ledger `%s` went back from serial %llu "
		                  "to %llu; put the newer one back",
		                  ledger->path,
		                  (unsigned long long)known->serial,
		                  (unsigned long long)header->serial);
	return 0;
}

/* ---- whether it can be believed ---- */

/* By key of the ledger and key of the run. */
enum meeting {
	MEETING_NONE,     /* neither has one */
	MEETING_SAME,     /* both have it */
	MEETING_UNSIGNED, /* only the run has one */
	MEETING_OTHER,    /* the run has none, or another one */
};

static enum meeting meet(const struct ledger *ledger,
                         const struct header *header)
{
	if (!header->key_id)
		return ledger->seal ? MEETING_UNSIGNED : MEETING_NONE;
	if (ledger->seal &&
	    str_equal(header->key_id, seal_key_id(ledger->seal)))
		return MEETING_SAME;
	return MEETING_OTHER;
}

static const enum ledger_trust trust_of[] = {
	[MEETING_NONE] = LEDGER_UNSIGNED,
	[MEETING_SAME] = LEDGER_SIGNED,
	[MEETING_UNSIGNED] = LEDGER_UNCHECKED,
	[MEETING_OTHER] = LEDGER_UNCHECKED,
};

static int refuse_other(const struct ledger *ledger,
                        const struct header *header, struct diag *diag)
{
	return diag_error(
		diag, CODE_LEDGER_KEY, ledger->settings.place,
		"the ledger `%s` is signed with the key `%s`, this run has "
		"%s%s%s; set TRUEUP_FINGERPRINT_KEY to that key%s",
		ledger->path, header->key_id, ledger->seal ? "`" : "",
		ledger->seal ? seal_key_id(ledger->seal) : "none",
		ledger->seal ? "`" : "",
		ledger->seal ? ", or sign it anew with --sign-ledger" : "");
}

static void warn_unchecked(const struct ledger *ledger, enum meeting met,
                           struct diag *diag)
{
	diag_warning(diag, CODE_LEDGER_KEY, ledger->settings.place,
	             "the ledger `%s` is %s, so nobody can tell whether it was "
	             "changed: deletes and replacements are refused until %s",
	             ledger->path,
	             met == MEETING_OTHER
	                     ? "signed with another key than this run's"
	                     : "not signed, though this run has a key",
	             met == MEETING_OTHER ? "the key is there"
	                                  : "--sign-ledger signs it");
}

/* Sets `trust` and `sealing`. */
static int judge(struct ledger *ledger, const struct header *header,
                 struct diag *diag)
{
	const unsigned flags = ledger->settings.flags;
	const bool signs = (flags & LEDGER_SIGN) && (flags & LEDGER_WRITE);
	const enum meeting met = meet(ledger, header);

	ledger->trust = trust_of[met];
	ledger->sealing = met == MEETING_SAME || (signs && ledger->seal);
	if (signs && !ledger->seal && met == MEETING_NONE)
		return diag_error(diag, CODE_LEDGER_KEY, ledger->settings.place,
		                  "the ledger `%s` cannot be signed: this run "
		                  "has no key; set TRUEUP_FINGERPRINT_KEY",
		                  ledger->path);
	if (ledger->sealing || met == MEETING_NONE)
		return 0;
	if (met == MEETING_OTHER && (flags & LEDGER_WRITE))
		return refuse_other(ledger, header, diag);
	warn_unchecked(ledger, met, diag);
	return 0;
}

static int report_changed(const struct ledger *ledger, struct diag *diag)
{
	return diag_error(diag, CODE_LEDGER_MAC, ledger->settings.place,
	                  "the ledger `%s` is not as trueup signed it: "
	                  "somebody changed it; put a copy back that trueup "
	                  "wrote",
	                  ledger->path);
}

static int check_mac(const struct ledger *ledger, const struct header *header,
                     const struct tally *tally, struct diag *diag)
{
	uint8_t mac[HASH_BYTES];

	if (ledger->trust != LEDGER_SIGNED)
		return 0;
	seal_header(ledger->seal, header, tally, mac);
	if (hash_equal(mac, header->mac))
		return 0;
	return report_changed(ledger, diag);
}

/* ---- reading all of it ---- */

static int unreadable(const struct ledger *ledger, const char *why,
                      struct diag *diag)
{
	return diag_error(diag, CODE_LEDGER_UNREADABLE, ledger->settings.place,
	                  "the ledger `%s` cannot be read: %s", ledger->path,
	                  why);
}

static int check_format(struct ledger *ledger, struct diag *diag)
{
	const int format = database_version(ledger->database);

	if (format < 0)
		return -1;
	if (format == 0)
		return unreadable(ledger,
		                  "it is no ledger; put one back that "
		                  "is, or move it away",
		                  diag);
	if (format <= LEDGER_FORMAT)
		return 0;
	return diag_error(
		diag, CODE_LEDGER_FORMAT, ledger->settings.place,
		"the ledger `%s` has format %d, this trueup knows %d; "
		"use the trueup that wrote it, or a newer one",
		ledger->path, format, LEDGER_FORMAT);
}

static int load_header(struct ledger *ledger, struct header *header,
                       struct diag *diag)
{
	const int found = header_read(ledger->database, ledger->arena, header);

	if (found < 0)
		return -1;
	if (found == 0)
		return unreadable(ledger,
		                  "it is no ledger; put one back that "
		                  "is, or move it away",
		                  diag);
	header->bound = ledger->bound;
	if (check_owner(ledger, header, diag) < 0 ||
	    check_age(ledger, header, diag) < 0)
		return -1;
	return judge(ledger, header, diag);
}

int ledger_load(struct ledger *ledger, struct diag *diag)
{
	CLEANUP(state_freep) struct state *rows = NULL;
	struct header header = { 0 };
	struct tally tally = { 0 };

	if (check_format(ledger, diag) < 0 ||
	    load_header(ledger, &header, diag) < 0)
		return -1;
	rows = rows_read(ledger, &tally, diag);
	if (!rows || intents_tally(ledger, &tally) < 0 ||
	    check_mac(ledger, &header, &tally, diag) < 0 ||
	    check_twins(ledger, rows, diag) < 0)
		return -1;
	state_free(ledger->rows);
	ledger->rows = TAKE(rows);
	ledger->header = header;
	ledger->tally = tally;
	return 0;
}

/* The same bytes again; with an open transaction they are what it says. */
struct state *rows_again(struct ledger *ledger, struct diag *diag)
{
	CLEANUP(state_freep) struct state *rows = NULL;
	struct tally tally = { 0 };

	rows = rows_read(ledger, &tally, diag);
	if (!rows || intents_tally(ledger, &tally) < 0)
		return NULL;
	if (memcmp(&tally, &ledger->tally, sizeof(tally)) != 0) {
		report_changed(ledger, diag);
		return NULL;
	}
	return TAKE(rows);
}
