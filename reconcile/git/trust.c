/* SPDX-License-Identifier: MIT */
/*
 * Whom we talk to, and what he is shown.
 *
 * Credentials are shown once: libgit2 asks again and again for others when
 * they are refused. A host's key is held against known_hosts here, because
 * libgit2 1.5 cannot tell an unknown host from a changed one, reads nothing but
 * ~/.ssh/known_hosts, and asks the host only for the kind of key that stands
 * first there. So it is given a home of ours, with one recorded key at a time.
 */
#include "git/hosts.h"
#include "git/keys.h"
#include "git/serving.h"

#include "base/text.h"
#include "http/http.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- a request's access ---- */

static char *known_hosts_file(const char *said)
{
	const char *home = getenv("HOME");

	if (said)
		return xstrdup(said);
	return xasprintf("%s/.ssh/known_hosts", home ? home : "");
}

static unsigned digit(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)((c | 32) - 'a' + 10);
}

/* `%40` is `@`; what is no such escape stays. */
static char *decoded(const char *text, size_t length)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	char *out = xstrndup(text, length);
	char *to = out;

	for (const char *from = out; *from; from++) {
		if (*from == '%' && strspn(from + 1, digits) >= 2) {
			*to++ = (char)(digit(from[1]) << 4 | digit(from[2]));
			from += 2;
		} else {
			*to++ = *from;
		}
	}
	*to = '\0';
	return out;
}

/* Of a user in the URL libgit2 thinks that he has no password: it tries that
 * with the server before it asks us. So it does not see him. */
static void take_user(struct access *access)
{
	const char *start = strstr(access->url, "://");
	CLEANUP(textp) char *shown = git_url_shown(access->url);
	const size_t length = strlen(access->url) - strlen(shown);

	if (!str_starts(access->url, "http") || !start || !length)
		return;
	access->user = decoded(start + 3, length - 1);
	free(access->url);
	access->url = TAKE(shown);
}

int access_read(struct access *access, struct helper *helper,
                struct reader *request)
{
	*access = (struct access){ .helper = helper };
	access->url = field_text(request);
	access->flags = (unsigned)field_number_below(request, UINT32_MAX);
	access->known_hosts = field_text(request);
	access->ssh_key = field_text(request);
	access->ca_file = field_text(request);
	field_bytes(request, &access->token);
	if (access->url) {
		CLEANUP(textp)
		char *file = known_hosts_file(access->known_hosts);

		access->host = host_read(access->url, file);
		take_user(access);
	}
	return request->broken ? -1 : 0;
}

void access_release(struct access *access)
{
	free(access->url);
	free(access->user);
	free(access->known_hosts);
	free(access->ssh_key);
	free(access->ca_file);
	buffer_wipe(&access->token);
	host_free(access->host);
}

static int decide(struct access *access, enum failure failure,
                  const char *words)
{
	access->decided = true;
	(void)helper_fail(access->helper, failure, "%s", words);
	return GIT_EUSER;
}

/* ---- credentials ---- */

/* A redirect may lead elsewhere; what is ours stays with whom it is for. */
static bool is_same_origin(const struct access *access, const char *url)
{
	CLEANUP(textp) char *asked = git_url_shown(access->url);
	CLEANUP(textp) char *asking = git_url_shown(url);
	CLEANUP(textp) char *ours = http_origin(asked);
	CLEANUP(textp) char *theirs = http_origin(asking);

	return ours && theirs && str_equal(ours, theirs);
}

static int give_password(git_credential **out, struct access *access,
                         const char *url)
{
	if (!access->token.length)
		return decide(access, FAILURE_AUTH,
		              "it asks for a password, and none is given");
	if (!is_same_origin(access, url))
		return decide(access, FAILURE_AUTH,
		              "another server, where it redirected to, asks "
		              "for the password");
	return git_credential_userpass_plaintext_new(
		out,
		access->user && *access->user ? access->user : "x-access-token",
		access->token.bytes);
}

static int give_key(git_credential **out, struct access *access,
                    const char *user)
{
	if (access->ssh_key)
		return git_credential_ssh_key_new(out, user, NULL,
		                                  access->ssh_key, "");
	if (!getenv("SSH_AUTH_SOCK"))
		return decide(access, FAILURE_AUTH,
		              "it asks for an ssh key, and there is neither "
		              "one nor an agent");
	return git_credential_ssh_key_from_agent(out, user);
}

/* Of what was shown once. */
static int refuse(struct access *access)
{
	CLEANUP(textp)
	char *words = access->host ? keys_refusal(access->ssh_key) : NULL;

	if (words)
		return decide(access, FAILURE_AUTH, words);
	return decide(access, FAILURE_AUTH,
	              access->host ? "it refuses the ssh key"
	                           : "it refuses the password");
}

static int credentials(git_credential **out, const char *url, const char *user,
                       unsigned allowed, void *context)
{
	struct access *access = context;

	if (allowed & GIT_CREDENTIAL_USERNAME)
		return git_credential_username_new(out, "git");
	if (access->asked++)
		return refuse(access);
	if (allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT && !access->host)
		return give_password(out, access, url);
	if (allowed & GIT_CREDENTIAL_SSH_KEY)
		return give_key(out, access, user);
	return decide(access, FAILURE_AUTH,
	              "it asks for something else than a password or an ssh "
	              "key");
}

/* ---- the host's key ---- */

/* A key begins with the length and the name of its kind, RFC 4253 6.6. What
 * libgit2 1.5 says of it is wrong for some. */
static char *kind_of_key(const git_cert_hostkey *offered)
{
	const char *key = offered->hostkey;
	const size_t length =
		offered->hostkey_len > 4 ? (unsigned char)key[3] : 0;

	if (!length || length + 4 > offered->hostkey_len)
		return xstrdup("a key");
	return xstrndup(key + 4, length);
}

static const struct recorded *find_key(const struct host *host,
                                       const git_cert_hostkey *offered)
{
	const struct recorded *found = NULL;

	for (size_t i = 0; i < host->count; i++) {
		const struct recorded *key = &host->keys[i];

		if (key->key.length != offered->hostkey_len ||
		    memcmp(key->key.bytes, offered->hostkey,
		           offered->hostkey_len) != 0)
			continue;
		if (key->revoked)
			return key;
		found = key;
	}
	return found;
}

/* "…, and FILE has ssh-ed25519 SHA256:… (line 3), …" */
static char *describe(const struct host *host, const git_cert_hostkey *offered)
{
	CLEANUP(textp)
	char *print = host_fingerprint(offered->hostkey, offered->hostkey_len);
	CLEANUP(textp) char *kind = kind_of_key(offered);
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);
	const char *before = " has ";

	fprintf(out, "it offers %s %s, and `%s`", kind, print, host->file);
	for (size_t i = 0; i < host->count; i++) {
		const struct recorded *key = &host->keys[i];
		CLEANUP(textp)
		char *known = host_fingerprint(key->key.bytes, key->key.length);

		fprintf(out, "%s%s %s (line %u%s)", before, key->type, known,
		        key->line, key->revoked ? ", revoked" : "");
		before = ", ";
	}
	if (!host->count)
		fprintf(out, " has no key of %s", host->name);
	(void)fclose(out);
	return text;
}

static int check_host(struct access *access, const git_cert_hostkey *offered)
{
	CLEANUP(textp) char *words = NULL;
	const struct recorded *known;

	if (!access->host || !(offered->type & GIT_CERT_SSH_RAW))
		return decide(access, FAILURE_HOST_KEY,
		              "its key cannot be looked at");
	known = find_key(access->host, offered);
	if (known && !known->revoked)
		return 0;
	words = describe(access->host, offered);
	return decide(access, FAILURE_HOST_KEY, words);
}

/* `valid` is what TLS found; of an ssh key it says nothing. */
static int check_certificate(git_cert *certificate, int valid, const char *host,
                             void *context)
{
	struct access *access = context;
	CLEANUP(textp) char *words = NULL;

	if (certificate->cert_type == GIT_CERT_HOSTKEY_LIBSSH2)
		return check_host(
			access, (const git_cert_hostkey *)(void *)certificate);
	if (valid)
		return 0;
	words = xasprintf("it is not issued for `%s` by an authority that is "
	                  "known here, or has expired",
	                  host);
	return decide(access, FAILURE_CERTIFICATE, words);
}

void access_connect(struct access *access, git_remote_callbacks *callbacks)
{
	callbacks->credentials = credentials;
	callbacks->certificate_check = check_certificate;
	callbacks->payload = access;
}

git_remote_redirect_t access_redirects(const struct access *access)
{
	return access->token.length ? GIT_REMOTE_REDIRECT_NONE
	                            : GIT_REMOTE_REDIRECT_INITIAL;
}

/* ---- one kind of key after the other ---- */

/* Those that libssh2 knows, the strongest first. */
static const char *const kinds[] = { "ssh-ed25519", "ecdsa-sha2-nistp521",
	                             "ecdsa-sha2-nistp384",
	                             "ecdsa-sha2-nistp256", "ssh-rsa" };

/* A home in which .ssh/known_hosts has only keys of one kind. */
struct home {
	char *path, *ssh, *file, *before;
};

static void leave_home(struct home *home)
{
	if (home->file)
		(void)unlink(home->file);
	if (home->ssh)
		(void)rmdir(home->ssh);
	if (home->path)
		(void)rmdir(home->path);
	if (home->before)
		(void)setenv("HOME", home->before, 1);
	free(home->path);
	free(home->ssh);
	free(home->file);
	free(home->before);
}

static int enter_home(struct helper *helper, struct home *home)
{
	const char *before = getenv("HOME");
	const char *base = getenv("TMPDIR");
	CLEANUP(textp)
	char *path =
		path_join(base && *base ? base : "/tmp", "trueup-git-XXXXXX");

	if (!mkdtemp(path))
		return helper_fail(helper, FAILURE_REPOSITORY, "`%s`: %s", path,
		                   strerror(errno));
	home->path = TAKE(path);
	home->ssh = path_join(home->path, ".ssh");
	home->file = path_join(home->ssh, "known_hosts");
	home->before = xstrdup(before ? before : "/");
	if (mkdir(home->ssh, 0700) < 0 || setenv("HOME", home->path, 1) < 0)
		return helper_fail(helper, FAILURE_REPOSITORY, "`%s`: %s",
		                   home->ssh, strerror(errno));
	return 0;
}

/* How many were written; with `kind` NULL none. */
static size_t record(const struct host *host, const struct home *home,
                     const char *kind)
{
	CLEANUP(filep) FILE *out = fopen(home->file, "we");
	size_t count = 0;

	for (size_t i = 0; out && kind && i < host->count; i++) {
		const struct recorded *key = &host->keys[i];

		if (!str_equal(key->type, kind) || key->revoked)
			continue;
		fprintf(out, "[%s]:%d %s %s\n", host->name, host->port,
		        key->type, key->text);
		count++;
	}
	return count;
}

/* libgit2's words for it; there is no status of its own. */
static bool is_no_common_key(const struct access *access)
{
	const git_error *error = git_error_last();

	return !access->decided && error && error->message &&
	       strstr(error->message, "exchange encryption keys");
}

/* For https, of which libgit2 knows one file of authorities, and reads it when
 * it is named. */
static int trust_authorities(struct access *access)
{
	struct helper *helper = access->helper;
	const char *file =
		access->ca_file ? access->ca_file : getenv("SSL_CERT_FILE");
	int status;

	if (!file || !*file || !str_starts(access->url, "https:"))
		return 0;
	status = git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, file, NULL);
	if (status == 0)
		return 0;
	access->decided = true;
	return helper_fail_git(helper, FAILURE_CERTIFICATE, status, file);
}

int access_try(struct access *access,
               int (*attempt)(struct access *access, void *context),
               void *context)
{
	CLEANUP(leave_home) struct home home = { 0 };

	if (!access->host)
		return trust_authorities(access) < 0 ? -1
		                                     : attempt(access, context);
	if (enter_home(access->helper, &home) < 0) {
		access->decided = true;
		return -1;
	}
	for (size_t i = 0; i < LENGTH(kinds); i++) {
		int status;

		if (!record(access->host, &home, kinds[i]))
			continue;
		access->asked = 0;
		status = attempt(access, context);
		if (status == 0 || !is_no_common_key(access))
			return status;
	}
	/* To hear which key it has, or that it has none for us. */
	(void)record(access->host, &home, NULL);
	access->asked = 0;
	return attempt(access, context);
}

static int no_common_key(struct access *access)
{
	CLEANUP(textp) char *words = keys_host_words();

	return helper_fail(access->helper, FAILURE_ALGORITHM, "%s", words);
}

int access_fail(struct access *access, int status)
{
	const git_error *error = git_error_last();
	const char *message = error && error->message ? error->message : "";

	if (access->decided)
		return -1;
	if (status == GIT_EAUTH || strstr(message, "status code: 403") ||
	    strstr(message, "status code: 401"))
		return helper_fail(access->helper, FAILURE_AUTH,
		                   access->host ? "it refuses the ssh key"
		                                : "it refuses");
	if (status == GIT_ECERTIFICATE)
		return helper_fail_git(access->helper, FAILURE_CERTIFICATE,
		                       status, "TLS");
	if (!*message)
		return helper_fail(access->helper, FAILURE_NETWORK,
		                   "the connection ended (status %d)", status);
	if (is_no_common_key(access))
		return no_common_key(access);
	/* A server's words may end their line. */
	return helper_fail(access->helper, FAILURE_NETWORK, "%.*s",
	                   (int)strcspn(message, "\r\n"), message);
}
