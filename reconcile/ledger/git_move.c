/* SPDX-License-Identifier: MIT */
/* A git ledger as a whole: every commit of it checked, written out, moved. */
#include "ledger/remote.h"

#include "base/limits.h"
#include "base/text.h"
#include "schema/schema.h"

#include <stdlib.h>
#include <string.h>

/* ---- verify ---- */

/* The first thing that is wrong, with the commit it is wrong in. */
static int wrong_commit(const struct ledger *ledger,
                        const struct git_logged *commit,
                        const struct diag *talk, struct diag *diag)
{
	unsigned code = CODE_LEDGER_MAC;
	const char *text = "its serial does not grow";

	for (size_t i = 0; i < diag_length(talk); i++) {
		if (diag_at(talk, i)->severity != SEVERITY_ERROR)
			continue;
		code = diag_at(talk, i)->code;
		text = diag_at(talk, i)->text;
		break;
	}
	return diag_error(diag, code, ledger->settings.place,
	                  "commit %s of the ledger `%s`: %s", commit->id.hex,
	                  ledger->path, text);
}

static bool was_moved(const struct diag *talk)
{
	const size_t count = diag_length(talk);

	return count && diag_at(talk, count - 1)->code == CODE_LEDGER_MOVED;
}

static int check_commit(struct ledger *ledger, const struct git_logged *commit,
                        struct diag *diag)
{
	CLEANUP(sheet_release)
	struct sheet sheet = {
		.parent = commit->parent,
		.parent_count = commit->parent_count,
	};
	CLEANUP(diag_freep) struct diag *talk = diag_new();
	const bool first = !ledger->header.lineage;
	const uint64_t serial = ledger->header.serial;

	if (remote_read(ledger, REMOTE_LEDGER, &commit->id, &sheet.bytes,
	                talk) < 0)
		return wrong_commit(ledger, commit, talk, diag);
	if (git_read_sheet(ledger, &sheet, talk) < 0)
		return was_moved(talk)
		               ? 0
		               : wrong_commit(ledger, commit, talk, diag);
	if (!first && ledger->header.serial <= serial)
		return wrong_commit(ledger, commit, talk, diag);
	return 0;
}

int git_check(struct ledger *ledger, struct ledger_checked *out,
              struct diag *diag)
{
	struct remote *remote = ledger->remote;
	const struct tip *tip = &remote->tips[REMOTE_LEDGER];
	struct git_history commits = { .count = 0 };
	int status = 0;

	if (git_log(remote->git, &tip->commit, LIMIT_GIT_COMMITS, &commits,
	            diag) < 0)
		return -1;
	ledger->header = (struct header){ .lineage = NULL };
	for (size_t i = commits.count; i-- > 0 && status == 0;)
		status = check_commit(ledger, &commits.items[i], diag);
	out->commits = commits.count;
	git_history_release(&commits);
	return status;
}

/* ---- export ---- */

char *git_export(struct ledger *ledger, size_t *length, struct diag *diag)
{
	const struct tip *tip = &ledger->remote->tips[REMOTE_LEDGER];
	struct buffer bytes = { .bytes = NULL };

	if (remote_read(ledger, REMOTE_LEDGER, &tip->commit, &bytes, diag) < 0)
		return NULL;
	*length = bytes.length;
	return bytes.bytes;
}

/* ---- move ---- */

static int occupied(const struct ledger *ledger, struct diag *diag)
{
	return diag_error(diag, CODE_LEDGER_MOVE, ledger->settings.place,
	                  "there is a ledger `%s` already; look which of the "
	                  "two is right, and delete the other's ref",
	                  ledger->path);
}

/* A ref whose ledger went away may take one again. */
int git_check_vacant(struct ledger *ledger,
                     const struct ledger_settings *settings, struct diag *diag)
{
	CLEANUP(sheet_release) struct sheet sheet = { .parent_count = 0 };
	CLEANUP(diag_freep) struct diag *talk = diag_new();

	(void)settings;
	switch (remote_fetch(ledger, REMOTE_LEDGER, &sheet, diag)) {
	case LEDGER_FAILED:
		return -1;
	case LEDGER_NEVER_MADE:
		return 0;
	case LEDGER_FOUND:
		break;
	}
	if (git_read_sheet(ledger, &sheet, talk) == 0 || !was_moved(talk))
		return occupied(ledger, diag);
	return 0;
}

int git_settle(struct ledger *ledger, const struct ledger_settings *settings,
               struct ledger *from, struct diag *diag)
{
	const struct tip *tip = &ledger->remote->tips[REMOTE_LEDGER];
	CLEANUP(buffer_release) struct buffer page = { .bytes = NULL };
	CLEANUP(textp)
	char *message = xasprintf("move %s: the ledger comes from a %s\n",
	                          settings->environment, from->store->name);
	struct header next = from->header;

	next.serial++;
	ledger->who = from->who;
	page.bytes =
		page_write(from, &next, tip->commit.hex, &page.length, diag);
	if (!page.bytes)
		return ledger_tell(from, CODE_DATABASE, diag);
	switch (remote_push(ledger, REMOTE_LEDGER, &page, message, diag)) {
	case PUSHED:
		return 0;
	case PUSHED_RACED:
		return occupied(ledger, diag);
	case PUSHED_LOST:
	case PUSHED_FAILED:
		break;
	}
	return -1;
}

int git_retire(struct ledger *ledger, const char *to, struct diag *diag)
{
	CLEANUP(buffer_release) struct buffer page = { .bytes = NULL };
	CLEANUP(textp)
	char *message = xasprintf("move %s: the ledger goes to a %s\n",
	                          ledger->settings.environment, to);

	page.bytes = page_moved(ledger, to, &page.length);
	if (remote_push(ledger, REMOTE_LEDGER, &page, message, diag) == PUSHED)
		return 0;
	return diag_error(diag, CODE_LEDGER_MOVE, ledger->settings.place,
	                  "the ledger is moved, and `%s` does not say so; "
	                  "delete that ref",
	                  ledger->path);
}
