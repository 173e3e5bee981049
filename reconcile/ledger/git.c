/* SPDX-License-Identifier: MIT */
/*
 * The git store: the database is in memory, read from the last document of a
 * ref. ledger_commit() commits there; git_publish() pushes the next document
 * when somebody else, or a next run, has to know: before anything is sent, at
 * the end of a run, and now and then.
 */
#include "ledger/remote.h"

#include "schema/schema.h"
#include "secrets/secrets.h"

#include <stdlib.h>
#include <string.h>

static int64_t now_ms(const struct ledger *ledger)
{
	return ledger->settings.clock->wall_ms(ledger->settings.clock);
}

/* ---- reading ---- */

static int check_parent(const struct ledger *ledger, const struct sheet *sheet,
                        const char *parent, struct diag *diag)
{
	const size_t parents = *parent ? 1 : 0;

	if (sheet->parent_count == parents &&
	    strcmp(sheet->parent.hex, parent) == 0)
		return 0;
	return diag_error(diag, CODE_LEDGER_MAC, ledger->settings.place,
	                  "the ledger `%s` does not follow the commit that it "
	                  "names: somebody moved it; put a commit back that "
	                  "trueup wrote",
	                  ledger->path);
}

/* The database of a document instead of the one there was, which stays when
 * the document is none. */
int git_read_sheet(struct ledger *ledger, const struct sheet *sheet,
                   struct diag *diag)
{
	struct database *before = TAKE(ledger->database);
	const struct piece page = { sheet->bytes.bytes, sheet->bytes.length };
	struct page_head head = { .bound = NULL };

	if (page_read(ledger, &page, &head, diag) < 0) {
		ledger->database = before;
		return -1;
	}
	database_close(before);
	intents_forget(ledger);
	free(ledger->bound);
	ledger->bound = head.bound;
	ledger->version = 0;
	if (check_parent(ledger, sheet, head.parent, diag) < 0)
		return -1;
	git_message_told(ledger);
	return store_look(ledger, diag);
}

static enum ledger_found read_ref(struct ledger *ledger, struct diag *diag)
{
	CLEANUP(sheet_release) struct sheet sheet = { .parent_count = 0 };
	const enum ledger_found found =
		remote_fetch(ledger, REMOTE_LEDGER, &sheet, diag);

	if (found != LEDGER_FOUND)
		return found;
	return git_read_sheet(ledger, &sheet, diag) < 0 ? LEDGER_FAILED
	                                                : LEDGER_FOUND;
}

/* ---- making ---- */

static int make_database(struct ledger *ledger, const struct header *header,
                         struct diag *diag)
{
	ledger->database =
		database_open(ledger->path, DATABASE_MEMORY, ledger->talk);
	if (ledger->database && header_make(ledger->database, header) == 0)
		return 0;
	return ledger_tell(ledger, CODE_DATABASE, diag);
}

/* One that came first is left alone. */
static int make(struct ledger *ledger, struct diag *diag)
{
	const struct ledger_settings *settings = &ledger->settings;
	char lineage[33];
	struct header header = {
		.platform = settings->platform,
		.origin = settings->origin,
		.environment = settings->environment,
		.lineage = lineage,
	};
	CLEANUP(textp)
	char *message = xasprintf("init %s: the ledger is made\n",
	                          settings->environment);
	CLEANUP(buffer_release) struct buffer page = { .bytes = NULL };

	ledger_new_uuid(lineage);
	if (ledger->seal)
		header.key_id = seal_key_id(ledger->seal);
	if (make_database(ledger, &header, diag) < 0)
		return -1;
	ledger->sealing = ledger->seal;
	page.bytes = page_write(ledger, &header, "", &page.length, diag);
	if (!page.bytes)
		return ledger_tell(ledger, CODE_DATABASE, diag);
	return remote_push(ledger, REMOTE_LEDGER, &page, message, diag) ==
	                       PUSHED_FAILED
	               ? -1
	               : 0;
}

static enum ledger_found open_git(struct ledger *ledger,
                                  const struct ledger_settings *settings,
                                  struct diag *diag)
{
	enum ledger_found found = read_ref(ledger, diag);

	ledger->remote->published_ms = now_ms(ledger);
	if (found != LEDGER_NEVER_MADE || !(settings->flags & LEDGER_MAKE))
		return found;
	if (make(ledger, diag) < 0)
		return LEDGER_FAILED;
	found = read_ref(ledger, diag);
	return found == LEDGER_FOUND ? LEDGER_FOUND : LEDGER_FAILED;
}

/* ---- under the lock ---- */

static int check_serial(const struct ledger *ledger, struct diag *diag)
{
	const uint64_t left = ledger->remote->serial;

	if (ledger->header.serial >= left)
		return 0;
	return diag_error(diag, CODE_LEDGER_MAC, ledger->settings.place,
	                  "the ledger `%s` has the serial %llu, and the last "
	                  "run left it with %llu; put the newer one back",
	                  ledger->path,
	                  (unsigned long long)ledger->header.serial,
	                  (unsigned long long)left);
}

static int refresh(struct ledger *ledger, struct diag *diag)
{
	const struct tip *tip = &ledger->remote->tips[REMOTE_LEDGER];
	const struct git_id before = tip->commit;
	CLEANUP(sheet_release) struct sheet sheet = { .parent_count = 0 };
	const enum ledger_found found =
		remote_fetch(ledger, REMOTE_LEDGER, &sheet, diag);

	ledger->remote->wrote = ledger->remote->raced = false;
	if (found == LEDGER_NEVER_MADE)
		return diag_error(diag, CODE_LEDGER_UNREADABLE,
		                  ledger->settings.place,
		                  "the ledger `%s` is gone since this run "
		                  "began; find out who deleted it",
		                  ledger->path);
	if (found != LEDGER_FOUND)
		return -1;
	if (strcmp(before.hex, tip->commit.hex) != 0 &&
	    git_read_sheet(ledger, &sheet, diag) < 0)
		return -1;
	return check_serial(ledger, diag);
}

/* ---- writing ---- */

/* Before this run sent anything, it can begin anew. */
static int lose_race(struct ledger *ledger, struct diag *diag)
{
	struct remote *remote = ledger->remote;

	if (remote->wrote)
		return lock_lost(ledger, diag);
	remote->raced = true;
	ledger->broken = true;
	diag_info(diag, CODE_LEDGER_RACED, ledger->settings.place,
	          "somebody else wrote the ledger `%s` first; nothing was sent",
	          ledger->path);
	return -1;
}

static void published(struct ledger *ledger, const struct header *header)
{
	struct remote *remote = ledger->remote;

	git_message_told(ledger);
	ledger->header = *header;
	remote->wrote |= ledger->intended;
	remote->dirty = false;
	remote->published_ms = now_ms(ledger);
	ledger->intended = false;
}

static enum pushed push_page(struct ledger *ledger, const struct buffer *page,
                             const char *message, struct diag *diag)
{
	const enum pushed pushed =
		remote_push(ledger, REMOTE_LEDGER, page, message, diag);

	if (pushed != PUSHED_LOST || !git_lock_is_found(ledger))
		return pushed;
	return remote_push(ledger, REMOTE_LEDGER, page, message, diag);
}

int git_publish(struct ledger *ledger, struct diag *diag)
{
	const struct tip *tip = &ledger->remote->tips[REMOTE_LEDGER];
	CLEANUP(buffer_release) struct buffer page = { .bytes = NULL };
	CLEANUP(textp) char *message = git_message(ledger);
	struct header next = ledger->header;

	next.serial++;
	page.bytes =
		page_write(ledger, &next, tip->commit.hex, &page.length, diag);
	if (!page.bytes) {
		ledger->broken = true;
		return ledger_tell(ledger, CODE_DATABASE, diag);
	}
	switch (push_page(ledger, &page, message, diag)) {
	case PUSHED:
		published(ledger, &next);
		return 0;
	case PUSHED_RACED:
		return lose_race(ledger, diag);
	case PUSHED_LOST:
		return lock_lost(ledger, diag);
	case PUSHED_FAILED:
		break;
	}
	ledger->broken = true;
	return -1;
}

static int commit_memory(struct ledger *ledger, struct diag *diag)
{
	if (!ledger->pending)
		return 0;
	if (database_commit(ledger->database) < 0) {
		ledger->broken = true;
		store_drop(ledger);
		return ledger_tell(ledger, CODE_DATABASE, diag);
	}
	ledger->pending = false;
	ledger->remote->dirty = true;
	return 0;
}

static bool is_urgent(const struct ledger *ledger)
{
	const int64_t passed_ms = now_ms(ledger) - ledger->remote->published_ms;

	return ledger->intended || !ledger->running || passed_ms < 0 ||
	       passed_ms >= LEDGER_PUBLISH_MS;
}

static int commit_git(struct ledger *ledger, struct diag *diag)
{
	if (commit_memory(ledger, diag) < 0)
		return -1;
	if (!ledger->remote->dirty || !is_urgent(ledger))
		return 0;
	if (ledger_heartbeat(ledger, diag) < 0)
		return -1;
	return git_publish(ledger, diag);
}

static void close_git(struct ledger *ledger)
{
	remote_free(ledger->remote);
}

const struct store store_git = {
	.name = "git",
	.lock_ttl_ms = LOCK_GIT_TTL_MS,
	.slow = true,
	.open = open_git,
	.commit = commit_git,
	.read_holder = git_lock_read,
	.take = git_lock_take,
	.refresh = refresh,
	.renew = git_lock_renew,
	.give_back = git_lock_give_back,
	.check = git_check,
	.export = git_export,
	.check_vacant = git_check_vacant,
	.settle = git_settle,
	.retire = git_retire,
	.close = close_git,
};
