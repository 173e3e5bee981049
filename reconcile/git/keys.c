/* SPDX-License-Identifier: MIT */
#include "git/keys.h"

#include "base/diag.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#include <libssh2.h>

enum { KNOWS_SHA2 = 0x010b00, KEY_FILE_BYTES = 1 << 20 };

/* The kind of a key, as it stands before its numbers (RFC 4253 6.6). */
static const char kind[] = "\0\0\0\7ssh-rsa";
enum { KIND_LENGTH = sizeof(kind) - 1 };

/* ---- a file ---- */

/* OpenSSH's own form, encrypted or not, begins with the public half in clear:
 * so much of it that nothing private is looked at. */
static bool is_rsa_inside(const char *text)
{
	enum { FRONT = 160 };
	CLEANUP(buffer_release) struct buffer bytes = { 0 };
	char front[FRONT + 1];
	size_t length = 0;

	for (; *text && *text != '-' && length < FRONT; text++) {
		if (*text != '\n' && *text != '\r')
			front[length++] = *text;
	}
	front[length] = '\0';
	return base64_decode(front, &bytes) == 0 &&
	       memmem(bytes.bytes, bytes.length, kind, KIND_LENGTH);
}

static bool is_rsa_file(const char *file)
{
	static const char start[] = "-----BEGIN OPENSSH PRIVATE KEY-----";
	CLEANUP(diag_freep) struct diag *unsaid = diag_new();
	CLEANUP(buffer_wipe) struct buffer text = { 0 };
	const char *inside;

	if (file_read(file, KEY_FILE_BYTES, &text, unsaid) < 0)
		return false;
	inside = strstr(text.bytes, start);
	if (inside)
		return is_rsa_inside(inside + strlen(start));
	return strstr(text.bytes, "-----BEGIN RSA PRIVATE KEY-----");
}

/* ---- the agent ---- */

/* How many keys it has that are RSA keys; 0 when one is not. */
static size_t count_rsa(LIBSSH2_AGENT *agent)
{
	struct libssh2_agent_publickey *key = NULL;
	size_t count = 0;

	while (libssh2_agent_get_identity(agent, &key, key) == 0) {
		if (key->blob_len < KIND_LENGTH ||
		    memcmp(key->blob, kind, KIND_LENGTH) != 0)
			return 0;
		count++;
	}
	return count;
}

static bool has_only_rsa(void)
{
	LIBSSH2_SESSION *session = libssh2_session_init();
	LIBSSH2_AGENT *agent = libssh2_agent_init(session);
	size_t count = 0;

	if (agent && libssh2_agent_connect(agent) == 0) {
		if (libssh2_agent_list_identities(agent) == 0)
			count = count_rsa(agent);
		(void)libssh2_agent_disconnect(agent);
	}
	if (agent)
		libssh2_agent_free(agent);
	if (session)
		(void)libssh2_session_free(session);
	return count > 0;
}

/* ---- words ---- */

char *keys_refusal(const char *file)
{
	CLEANUP(textp) char *whose = NULL;

	if (libssh2_version(KNOWS_SHA2) ||
	    !(file ? is_rsa_file(file) : has_only_rsa()))
		return NULL;
	whose = file ? xasprintf("RSA key `%s`", file)
	             : xstrdup("agent's RSA keys");
	return xasprintf("it refuses the %s: libssh2 %s signs for those with "
	                 "SHA-1 alone, which few servers take; show it an "
	                 "ed25519 key",
	                 whose, libssh2_version(0));
}

char *keys_host_words(void)
{
	if (libssh2_version(KNOWS_SHA2))
		return xstrdup("there is no algorithm that both know");
	return xasprintf("there is no algorithm that both know; should it have "
	                 "only an RSA host key: libssh2 %s knows those with "
	                 "SHA-1 alone, which few servers offer",
	                 libssh2_version(0));
}
