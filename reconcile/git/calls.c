/* SPDX-License-Identifier: MIT */
/* The calls of the door: each writes its fields, and reads those of the
 * answer, which may hold anything. */
#include "git/session.h"

#include "base/limits.h"
#include "base/text.h"
#include "schema/codes.h"

#include <stdlib.h>
#include <string.h>

static void git_idsp(struct git_id **ids)
{
	free(*ids);
}

static void add_id(struct message *request, const struct git_id *id)
{
	message_text(request, id ? id->hex : NULL);
}

/* ---- names ---- */

void git_revision_release(struct git_revision *revision)
{
	free(revision->name);
	*revision = (struct git_revision){ .name = NULL };
}

char *git_revision_text(const struct git_revision *revision)
{
	return xasprintf("%s%ssha1:%s", revision->name ? revision->name : "",
	                 revision->name ? "@" : "", revision->commit.hex);
}

static enum git_found take_revision(struct git *git, struct reply *reply,
                                    struct git_revision *out, struct diag *diag)
{
	struct git_revision read = { .name = NULL };

	read.commit = field_id(&reply->reader);
	read.tag = field_id(&reply->reader);
	read.name = field_text(&reply->reader);
	if (!read.commit.hex[0])
		reply->reader.broken = true;
	if (git_answered(git, reply, diag) < 0) {
		git_revision_release(&read);
		return GIT_FAILED;
	}
	*out = read;
	return GIT_FOUND;
}

static enum git_found take_id(struct git *git, struct reply *reply,
                              struct git_id *out, struct diag *diag)
{
	const struct git_id id = field_id(&reply->reader);

	if (!id.hex[0])
		reply->reader.broken = true;
	if (git_answered(git, reply, diag) < 0)
		return GIT_FAILED;
	*out = id;
	return GIT_FOUND;
}

enum git_found git_resolve(struct git *git, const char *rev,
                           struct git_revision *out, struct diag *diag)
{
	CLEANUP(message_release) struct message request;
	CLEANUP(reply_release) struct reply reply = { 0 };
	enum git_found found;

	git_begin(&request, VERB_RESOLVE);
	message_text(&request, rev);
	found = git_ask(git, &request, NULL, &reply, diag);
	if (found != GIT_FOUND)
		return found;
	return take_revision(git, &reply, out, diag);
}

enum git_found git_read_ref(struct git *git, const char *ref,
                            struct git_id *out, struct diag *diag)
{
	CLEANUP(message_release) struct message request;
	CLEANUP(reply_release) struct reply reply = { 0 };
	enum git_found found;

	git_begin(&request, VERB_REFERENCE);
	message_text(&request, ref);
	found = git_ask(git, &request, NULL, &reply, diag);
	if (found != GIT_FOUND)
		return found;
	return take_id(git, &reply, out, diag);
}

enum git_found git_remote_address(struct git *git, const char *name, char **url,
                                  struct diag *diag)
{
	CLEANUP(message_release) struct message request;
	CLEANUP(reply_release) struct reply reply = { 0 };
	CLEANUP(textp) char *text = NULL;
	enum git_found found;

	git_begin(&request, VERB_REMOTE);
	message_text(&request, name);
	found = git_ask(git, &request, NULL, &reply, diag);
	if (found != GIT_FOUND)
		return found;
	text = field_word(&reply.reader);
	if (git_answered(git, &reply, diag) < 0)
		return GIT_FAILED;
	*url = TAKE(text);
	return GIT_FOUND;
}

/* ---- reading ---- */

enum git_kind git_read_file(struct git *git, const struct git_id *commit,
                            const char *path, size_t limit_bytes,
                            struct buffer *out, struct diag *diag)
{
	CLEANUP(message_release) struct message request;
	CLEANUP(reply_release) struct reply reply = { 0 };
	CLEANUP(buffer_release) struct buffer bytes = { 0 };
	uint64_t kind;

	git_begin(&request, VERB_READ);
	add_id(&request, commit);
	message_text(&request, path);
	message_number(&request, limit_bytes);
	if (git_ask(git, &request, NULL, &reply, diag) != GIT_FOUND)
		return GIT_KIND_FAILED;
	kind = field_number_below(&reply.reader, GIT_KIND_LARGE);
	field_bytes(&reply.reader, &bytes);
	if (bytes.length > limit_bytes)
		reply.reader.broken = true;
	if (git_answered(git, &reply, diag) < 0)
		return GIT_KIND_FAILED;
	if (kind == GIT_KIND_FILE) {
		*out = bytes;
		bytes = (struct buffer){ 0 };
	}
	return (enum git_kind)kind;
}

void git_entries_release(struct git_entries *entries)
{
	for (size_t i = 0; i < entries->count; i++)
		free(entries->items[i].name);
	free(entries->items);
	*entries = (struct git_entries){ 0 };
}

static bool is_file_name(const char *name)
{
	return name[0] && !strchr(name, '/') && !str_equal(name, ".") &&
	       !str_equal(name, "..") && strcasecmp(name, ".git") != 0;
}

enum git_found git_list_folder(struct git *git, const struct git_id *commit,
                               const char *path, struct git_entries *out,
                               struct diag *diag)
{
	CLEANUP(message_release) struct message request;
	CLEANUP(reply_release) struct reply reply = { 0 };
	CLEANUP(git_entries_release) struct git_entries entries = { 0 };
	enum git_found found;
	size_t count;

	git_begin(&request, VERB_LIST);
	add_id(&request, commit);
	message_text(&request, path);
	found = git_ask(git, &request, NULL, &reply, diag);
	if (found != GIT_FOUND)
		return found;
	count = (size_t)field_number_below(&reply.reader, LIMIT_GIT_ENTRIES);
	entries.items = xcalloc(count + 1, sizeof(*entries.items));
	for (size_t i = 0; i < count; i++) {
		const uint64_t kind =
			field_number_below(&reply.reader, GIT_KIND_SUBMODULE);
		char *name = field_word(&reply.reader);

		if (is_file_name(name))
			entries.items[entries.count++] = (struct git_entry){
				.name = name,
				.kind = (enum git_kind)kind,
			};
		else
			free(name);
	}
	if (git_answered(git, &reply, diag) < 0)
		return GIT_FAILED;
	*out = entries;
	entries = (struct git_entries){ 0 };
	return GIT_FOUND;
}

int git_uncommitted(struct git *git, const char *path, bool *out,
                    struct diag *diag)
{
	CLEANUP(message_release) struct message request;
	CLEANUP(reply_release) struct reply reply = { 0 };
	uint64_t changed;

	git_begin(&request, VERB_UNCOMMITTED);
	message_text(&request, path);
	if (git_ask(git, &request, NULL, &reply, diag) != GIT_FOUND)
		return -1;
	changed = field_number_below(&reply.reader, 1);
	if (git_answered(git, &reply, diag) < 0)
		return -1;
	*out = changed;
	return 0;
}

enum git_found git_last_touched(struct git *git, const struct git_id *commit,
                                const char *path, struct git_touched *touched,
                                struct diag *diag)
{
	CLEANUP(message_release) struct message request;
	CLEANUP(reply_release) struct reply reply = { 0 };
	CLEANUP(git_idsp) struct git_id *ids = NULL;
	enum git_found found;
	uint64_t looked;

	git_begin(&request, VERB_TOUCHED);
	add_id(&request, commit);
	message_text(&request, path);
	message_number(&request, touched->count);
	for (size_t i = 0; i < touched->count; i++)
		message_number(&request, touched->blocks[i].line);
	found = git_ask(git, &request, NULL, &reply, diag);
	if (found != GIT_FOUND)
		return found;
	looked = field_number_below(&reply.reader, LIMIT_GIT_TOUCHED);
	ids = xcalloc(touched->count + 1, sizeof(*ids));
	for (size_t i = 0; i < touched->count; i++)
		ids[i] = field_id(&reply.reader);
	if (git_answered(git, &reply, diag) < 0)
		return GIT_FAILED;
	touched->looked = looked;
	for (size_t i = 0; i < touched->count; i++)
		touched->blocks[i].commit = ids[i];
	return GIT_FOUND;
}

/* ---- history ---- */

void git_history_release(struct git_history *commits)
{
	for (size_t i = 0; i < commits->count; i++) {
		free(commits->items[i].author);
		free(commits->items[i].email);
		free(commits->items[i].message);
	}
	free(commits->items);
	*commits = (struct git_history){ 0 };
}

static void read_commit(struct reader *reader, struct git_logged *out)
{
	out->id = field_id(reader);
	out->parent = field_id(reader);
	out->parent_count = (size_t)field_number_below(reader, SIZE_MAX);
	out->time_s = (int64_t)field_number(reader);
	out->author = field_word(reader);
	out->email = field_word(reader);
	out->message = field_word(reader);
}

int git_log(struct git *git, const struct git_id *tip, size_t limit,
            struct git_history *out, struct diag *diag)
{
	CLEANUP(message_release) struct message request;
	CLEANUP(reply_release) struct reply reply = { 0 };
	CLEANUP(git_history_release) struct git_history commits = { 0 };
	size_t count;

	git_begin(&request, VERB_LOG);
	add_id(&request, tip);
	message_number(&request,
	               limit < LIMIT_GIT_COMMITS ? limit : LIMIT_GIT_COMMITS);
	if (git_ask(git, &request, NULL, &reply, diag) != GIT_FOUND)
		return -1;
	count = (size_t)field_number_below(&reply.reader, LIMIT_GIT_COMMITS);
	commits.items = xcalloc(count + 1, sizeof(*commits.items));
	while (commits.count < count && !reply.reader.broken)
		read_commit(&reply.reader, &commits.items[commits.count++]);
	if (git_answered(git, &reply, diag) < 0)
		return -1;
	*out = commits;
	commits = (struct git_history){ 0 };
	return 0;
}

int git_is_ancestor(struct git *git, const struct git_id *old,
                    const struct git_id *new, bool *out, struct diag *diag)
{
	CLEANUP(message_release) struct message request;
	CLEANUP(reply_release) struct reply reply = { 0 };
	uint64_t is;

	git_begin(&request, VERB_ANCESTOR);
	add_id(&request, old);
	add_id(&request, new);
	if (git_ask(git, &request, NULL, &reply, diag) != GIT_FOUND)
		return -1;
	is = field_number_below(&reply.reader, 1);
	if (git_answered(git, &reply, diag) < 0)
		return -1;
	*out = is;
	return 0;
}

void git_signed_release(struct git_signed *signature)
{
	buffer_release(&signature->payload);
	buffer_release(&signature->signature);
}

enum git_found git_read_signature(struct git *git, const struct git_id *object,
                                  struct git_signed *out, struct diag *diag)
{
	CLEANUP(message_release) struct message request;
	CLEANUP(reply_release) struct reply reply = { 0 };
	CLEANUP(git_signed_release) struct git_signed read = { 0 };
	enum git_found found;

	git_begin(&request, VERB_SIGNATURE);
	add_id(&request, object);
	found = git_ask(git, &request, NULL, &reply, diag);
	if (found != GIT_FOUND)
		return found;
	field_bytes(&reply.reader, &read.payload);
	field_bytes(&reply.reader, &read.signature);
	if (git_answered(git, &reply, diag) < 0)
		return GIT_FAILED;
	*out = read;
	read = (struct git_signed){ 0 };
	return GIT_FOUND;
}

/* ---- writing ---- */

int git_write_commit(struct git *git, const struct git_draft *draft,
                     struct git_id *out, struct diag *diag)
{
	CLEANUP(message_release) struct message request;
	CLEANUP(reply_release) struct reply reply = { 0 };

	git_begin(&request, VERB_WRITE);
	message_text(&request, draft->message);
	message_text(&request, draft->author);
	message_text(&request, draft->email);
	message_number(&request, (uint64_t)draft->time_s);
	message_number(&request, draft->parent_count);
	for (size_t i = 0; i < draft->parent_count; i++)
		add_id(&request, &draft->parents[i]);
	message_number(&request, draft->file_count);
	for (size_t i = 0; i < draft->file_count; i++) {
		message_text(&request, draft->files[i].path);
		message_bytes(&request, draft->files[i].bytes,
		              draft->files[i].length);
	}
	if (git_ask(git, &request, NULL, &reply, diag) != GIT_FOUND)
		return -1;
	return take_id(git, &reply, out, diag) == GIT_FOUND ? 0 : -1;
}

/* ---- the network ---- */

/* What the program may show the server: only where it talks to one. */
static void add_access(struct message *request, const struct git *git,
                       const char *url)
{
	const struct git_settings *settings = git_settings(git);

	message_text(request, url);
	message_number(request, settings->flags);
	message_text(request, settings->known_hosts);
	message_text(request, settings->ssh_key);
	message_text(request, settings->ca_file);
	if (settings->token)
		message_bytes(request, settings->token, settings->token_length);
	else
		message_text(request, NULL);
}

enum git_found git_fetch_ref(struct git *git, const char *url, const char *ref,
                             struct git_revision *out, struct diag *diag)
{
	CLEANUP(message_release) struct message request;
	CLEANUP(reply_release) struct reply reply = { 0 };
	CLEANUP(textp) char *shown = git_url_shown(url);
	enum git_found found;

	if (git_check_url(url, git_settings(git)->flags, diag) < 0)
		return GIT_FAILED;
	git_begin(&request, VERB_FETCH);
	add_access(&request, git, url);
	message_text(&request, ref);
	found = git_ask(git, &request, shown, &reply, diag);
	if (found != GIT_FOUND)
		return found;
	return take_revision(git, &reply, out, diag);
}

static enum git_pushed report_unknown(const char *shown, const char *ref,
                                      const char *words, struct diag *diag)
{
	diag_error(diag, CODE_GIT_NETWORK, PLACE_NONE,
	           "`%s` broke off while `%s` was pushed, so that nobody knows "
	           "whether it moved: %.1000s; run again",
	           shown, ref, words);
	return GIT_PUSH_UNKNOWN;
}

enum git_pushed git_push_ref(struct git *git, const struct git_move *move,
                             struct diag *diag)
{
	CLEANUP(message_release) struct message request;
	CLEANUP(reply_release) struct reply reply = { 0 };
	CLEANUP(textp)
	char *shown =
		move->url ? git_url_shown(move->url) : xstrdup(git_root(git));
	CLEANUP(textp) char *words = NULL;
	uint64_t pushed;

	if (move->url &&
	    git_check_url(move->url, git_settings(git)->flags, diag) < 0)
		return GIT_PUSH_FAILED;
	git_begin(&request, VERB_PUSH);
	add_access(&request, git, move->url);
	message_text(&request, move->ref);
	add_id(&request, move->expected);
	add_id(&request, move->commit);
	message_text(&request, move->held);
	add_id(&request, move->holds);
	if (git_ask(git, &request, shown, &reply, diag) != GIT_FOUND)
		return git_is_running(git) ? GIT_PUSH_FAILED : GIT_PUSH_UNKNOWN;
	pushed = field_number_below(&reply.reader, GIT_PUSH_UNKNOWN);
	words = field_word(&reply.reader);
	if (git_answered(git, &reply, diag) < 0)
		return GIT_PUSH_UNKNOWN;
	if (pushed == GIT_PUSH_UNKNOWN)
		return report_unknown(shown, move->ref, words, diag);
	return (enum git_pushed)pushed;
}
