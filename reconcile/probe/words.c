/* SPDX-License-Identifier: MIT */
/* What verdicts are called, and what to do about them. */
#include "probe/probe.h"

#include "base/text.h"

const char *const probe_part_names[PROBE_PARTS] = {
	[PROBE_CREDENTIALS] = "credentials",
	[PROBE_REDIRECT] = "redirect",
	[PROBE_SCOPES] = "scopes",
};

const char *const probe_verdict_names[PROBE_VERDICTS] = {
	[PROBE_UNASKED] = "not asked",
	[PROBE_INCONCLUSIVE] = "inconclusive",
	[PROBE_ACCEPTED] = "accepted",
	[PROBE_REJECTED] = "rejected",
	[PROBE_REGISTERED] = "registered",
	[PROBE_MISMATCH] = "mismatch",
	[PROBE_SUSPENDED] = "suspended",
	[PROBE_REFUSED] = "refused",
	[PROBE_SAME] = "same",
	[PROBE_DIFFERS] = "differs",
};

bool probe_is_bad(enum probe_verdict verdict)
{
	return verdict == PROBE_REJECTED || verdict == PROBE_MISMATCH ||
	       verdict == PROBE_SUSPENDED || verdict == PROBE_REFUSED ||
	       verdict == PROBE_DIFFERS;
}

enum probe_verdict probe_verdict_find(const char *name)
{
	for (int i = 0; i < PROBE_VERDICTS; i++) {
		if (str_equal(name, probe_verdict_names[i]))
			return (enum probe_verdict)i;
	}
	return PROBE_UNASKED;
}

static const char differs[] =
	"make the auth config at the platform what the file says, or correct "
	"the file";

static const struct {
	enum probe_part part;
	enum probe_verdict verdict;
	const char *advice;
} rows[] = {
	{ PROBE_CREDENTIALS, PROBE_REJECTED,
	  "copy client id and secret again from the app at the provider, both "
	  "of the same app and environment" },
	{ PROBE_CREDENTIALS, PROBE_INCONCLUSIVE,
	  "let one user connect to be sure" },
	{ PROBE_CREDENTIALS, PROBE_DIFFERS, differs },
	{ PROBE_REDIRECT, PROBE_DIFFERS, differs },
	{ PROBE_SCOPES, PROBE_DIFFERS, differs },
	{ PROBE_REDIRECT, PROBE_MISMATCH,
	  "register exactly this redirect URI at the provider, to the last "
	  "slash, or correct the file" },
	{ PROBE_REDIRECT, PROBE_SUSPENDED,
	  "ask the provider's support: nobody can connect with this app" },
	{ PROBE_REDIRECT, PROBE_INCONCLUSIVE,
	  "compare it by eye with what is registered at the provider" },
	{ PROBE_SCOPES, PROBE_REFUSED,
	  "allow the scopes in the app's settings at the provider, or take "
	  "them out of the file" },
	{ PROBE_SCOPES, PROBE_INCONCLUSIVE,
	  "compare them by eye with the app's settings at the provider" },
};

const char *probe_advice(enum probe_part part, enum probe_verdict verdict)
{
	for (size_t i = 0; i < LENGTH(rows); i++) {
		if (rows[i].part == part && rows[i].verdict == verdict)
			return rows[i].advice;
	}
	return "";
}
