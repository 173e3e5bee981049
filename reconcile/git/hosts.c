/* SPDX-License-Identifier: MIT */
#include "git/hosts.h"

#include "base/hash.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <libssh2.h>

enum { SSH_PORT = 22 };

/* ---- the URL ---- */

static void set_port(struct host *host, const char *text, size_t length)
{
	CLEANUP(textp) char *digits = xstrndup(text, length);
	uint64_t port = 0;

	host->port =
		parse_uint(digits, 65535, &port) == 0 ? (int)port : SSH_PORT;
}

/* ssh://[user@]host[:port]/path or user@host:path. */
static bool set_host(struct host *host, const char *url)
{
	const bool full = str_starts(url, "ssh://");
	const char *at = full ? url + 6 : url;
	const char *end = at + strcspn(at, full ? "/" : ":");
	const char *user = memrchr(at, '@', (size_t)(end - at));
	const char *name = user ? user + 1 : at;
	size_t length = strcspn(name, ":/");

	if (!full && (strstr(url, "://") || !*end))
		return false;
	if (*name == '[' && full) {
		name++;
		length = strcspn(name, "]/");
	}
	host->name = xstrndup(name, length);
	host->port = SSH_PORT;
	name += length + (name[length] == ']');
	if (full && *name == ':')
		set_port(host, name + 1, (size_t)(end - name - 1));
	return true;
}

/* ---- names of a line ---- */

/* A hashed name: libssh2 knows how, and matches any key but ours. */
static bool matches_hash(const char *line, const char *name)
{
	LIBSSH2_SESSION *session = libssh2_session_init();
	LIBSSH2_KNOWNHOSTS *hosts = libssh2_knownhost_init(session);
	struct libssh2_knownhost *found = NULL;
	bool matches = false;

	if (hosts &&
	    libssh2_knownhost_readline(hosts, line, strlen(line),
	                               LIBSSH2_KNOWNHOST_FILE_OPENSSH) == 0)
		matches = libssh2_knownhost_checkp(
				  hosts, name, -1, "", 1,
				  LIBSSH2_KNOWNHOST_TYPE_PLAIN |
					  LIBSSH2_KNOWNHOST_KEYENC_RAW,
				  &found) == LIBSSH2_KNOWNHOST_CHECK_MISMATCH;
	if (hosts)
		libssh2_knownhost_free(hosts);
	if (session)
		(void)libssh2_session_free(session);
	return matches;
}

static bool glob_matches(const char *pattern, const char *name)
{
	CLEANUP(textp) char *lower = xstrdup(pattern);

	for (char *c = lower; *c; c++)
		*c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
	return text_glob(lower, name);
}

/* A comma-separated list of patterns, where `!` excludes. */
static bool matches_list(const char *list, const char *name)
{
	bool matches = false;

	while (*list) {
		const size_t length = strcspn(list, ",");
		CLEANUP(textp) char *pattern = xstrndup(list, length);
		const bool excludes = pattern[0] == '!';

		if (glob_matches(pattern + excludes, name)) {
			if (excludes)
				return false;
			matches = true;
		}
		list += length + (list[length] == ',');
	}
	return matches;
}

/* ---- the file ---- */

struct line {
	char *marker, *names, *type, *key;
};

static void release_line(struct line *line)
{
	free(line->marker);
	free(line->names);
	free(line->type);
	free(line->key);
}

static char *take_word(const char **at)
{
	const char *start = *at + strspn(*at, " \t");
	const size_t length = strcspn(start, " \t\r");

	*at = start + length;
	return xstrndup(start, length);
}

static void split_line(const char *text, struct line *line)
{
	text += strspn(text, " \t");
	line->marker = *text == '@' ? take_word(&text) : xstrdup("");
	line->names = take_word(&text);
	line->type = take_word(&text);
	line->key = take_word(&text);
}

static bool matches_line(const struct line *line, const char *name)
{
	CLEANUP(textp) char *bare = NULL;

	if (line->names[0] != '|')
		return matches_list(line->names, name);
	bare = xasprintf("%s %s %s", line->names, line->type, line->key);
	return matches_hash(bare, name);
}

static void add_key(struct host *host, struct line *line, unsigned number)
{
	struct recorded key = {
		.line = number,
		.revoked = str_equal(line->marker, "@revoked"),
	};

	if (base64_decode(line->key, &key.key) < 0)
		return;
	key.type = TAKE(line->type);
	key.text = TAKE(line->key);
	host->keys = xreallocarray(host->keys, host->count + 1, sizeof(key));
	host->keys[host->count++] = key;
}

static void read_lines(struct host *host, const char *text, const char *name)
{
	for (unsigned number = 1; *text; number++) {
		const size_t length = strcspn(text, "\n");
		CLEANUP(textp) char *whole = xstrndup(text, length);
		CLEANUP(release_line) struct line line = { 0 };

		text += length + (text[length] == '\n');
		split_line(whole, &line);
		if (line.names[0] == '#' ||
		    str_equal(line.marker, "@cert-authority") ||
		    !matches_line(&line, name))
			continue;
		add_key(host, &line, number);
	}
}

/* As ssh does: the host with its port, and where that has no key, without. */
static void read_file(struct host *host)
{
	CLEANUP(diag_freep) struct diag *unsaid = diag_new();
	CLEANUP(buffer_release) struct buffer text = { 0 };
	CLEANUP(textp)
	char *with_port = xasprintf("[%s]:%d", host->name, host->port);

	if (file_read(host->file, (size_t)16 << 20, &text, unsaid) < 0)
		return;
	if (host->port != SSH_PORT)
		read_lines(host, text.bytes, with_port);
	if (!host->count)
		read_lines(host, text.bytes, host->name);
}

struct host *host_read(const char *url, const char *file)
{
	CLEANUP(host_freep) struct host *host = xcalloc(1, sizeof(*host));

	if (!set_host(host, url))
		return NULL;
	for (char *c = host->name; *c; c++)
		*c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
	host->file = xstrdup(file);
	read_file(host);
	return TAKE(host);
}

void host_free(struct host *host)
{
	if (!host)
		return;
	for (size_t i = 0; i < host->count; i++) {
		free(host->keys[i].type);
		free(host->keys[i].text);
		buffer_release(&host->keys[i].key);
	}
	free(host->keys);
	free(host->name);
	free(host->file);
	free(host);
}

char *host_fingerprint(const void *key, size_t length)
{
	struct hash *hash = hash_new();
	uint8_t digest[HASH_BYTES];
	CLEANUP(textp) char *text = NULL;

	hash_add(hash, key, length);
	hash_end(hash, digest);
	text = base64_encode(digest, sizeof(digest));
	return xasprintf("SHA256:%.*s", (int)strcspn(text, "="), text);
}
