/* SPDX-License-Identifier: MIT */
/*
 * Verify: whether a commit or tag is signed by somebody whom the operator
 * trusts. ssh-keygen and gpgv decide; whose keys count stands in a file that
 * the repository cannot change. Now is the time that counts: a date in a
 * commit is whatever its author wrote.
 */
#include "run/road.h"

#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "schema/schema.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	VERIFY_TIMEOUT_MS = 30000,
	VERIFY_OUTPUT_BYTES = 64 << 10,
	SIGNERS_MAX = 64
};

/* One object that is to be signed. */
struct signing {
	struct run *run;
	const char *what; /* "commit 0123…", for people */
	struct git_signed object;
	char *folder, *file; /* the signature, for the programs */
	char *trusted;       /* allowed signers or keyring, absolute */
	char *revoked;
};

static void release_signing(struct signing *signing)
{
	if (signing->file)
		(void)unlink(signing->file);
	if (signing->folder)
		(void)rmdir(signing->folder);
	git_signed_release(&signing->object);
	free(signing->folder);
	free(signing->file);
	free(signing->trusted);
	free(signing->revoked);
}

static int refuse(const struct signing *signing, const char *why)
{
	return diag_error(signing->run->diag, CODE_GIT_UNSIGNED, PLACE_NONE,
	                  "%s %s; nothing is read from it", signing->what, why);
}

/* ---- programs ---- */

/* Its stdout and how it ended; -1 after reporting. */
static int ask(const struct signing *signing, const char *const *arguments,
               struct process_result *result)
{
	static const char *const environment[] = {
		"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C",
		"HOME=/nonexistent", NULL
	};
	const struct process process = {
		.arguments = arguments,
		.environment = environment,
		.input = signing->object.payload.bytes,
		.input_length = signing->object.payload.length,
		.deadline_ms = VERIFY_TIMEOUT_MS,
		.output_limit_bytes = VERIFY_OUTPUT_BYTES,
	};

	if (process_run(&process, result, signing->run->diag) < 0)
		return -1;
	if (result->end == PROCESS_EXITED)
		return 0;
	process_result_release(result);
	return diag_error(signing->run->diag, CODE_GIT_UNSIGNED, PLACE_NONE,
	                  "`%s` does not end as it should, so that nobody "
	                  "knows who signed %s",
	                  arguments[0], signing->what);
}

/* The word that follows `mark` in `text`, for free(); NULL for none. */
static char *word_after(const char *text, const char *mark)
{
	const char *at = strstr(text, mark);

	if (!at)
		return NULL;
	at += strlen(mark);
	return xstrndup(at, strcspn(at, " \n\r\t"));
}

/* ---- SSH ---- */

/* Good under whatever key it is: its fingerprint, for free(). */
static char *ssh_fingerprint(const struct signing *signing)
{
	const char *const arguments[] = { "/usr/bin/ssh-keygen",
		                          "-Y",
		                          "check-novalidate",
		                          "-n",
		                          "git",
		                          "-s",
		                          signing->file,
		                          NULL };
	struct process_result result;
	CLEANUP(textp) char *print = NULL;
	bool good;

	if (ask(signing, arguments, &result) < 0)
		return NULL;
	good = result.status == 0;
	print = word_after(result.output.bytes, " key ");
	process_result_release(&result);
	if (good && print)
		return TAKE(print);
	refuse(signing, "has an ssh signature that does not fit");
	return NULL;
}

/* Who may sign with that key, now; one a line, for free(). */
static char *ssh_principals(const struct signing *signing)
{
	const char *const arguments[] = { "/usr/bin/ssh-keygen", "-Y",
		                          "find-principals",     "-s",
		                          signing->file,         "-f",
		                          signing->trusted,      NULL };
	struct process_result result;
	char *principals;

	if (ask(signing, arguments, &result) < 0)
		return NULL;
	principals = xstrdup(result.status == 0 ? result.output.bytes : "");
	process_result_release(&result);
	return principals;
}

/* 1: it is; 0: it is not. */
static int ssh_verify(const struct signing *signing, const char *principal)
{
	const char *const arguments[] = {
		"/usr/bin/ssh-keygen",
		"-Y",
		"verify",
		"-n",
		"git",
		"-f",
		signing->trusted,
		"-I",
		principal,
		"-s",
		signing->file,
		signing->revoked ? "-r" : NULL,
		signing->revoked,
		NULL,
	};
	struct process_result result;
	int good;

	if (ask(signing, arguments, &result) < 0)
		return -1;
	good = result.status == 0;
	process_result_release(&result);
	return good;
}

static int check_ssh(const struct signing *signing)
{
	CLEANUP(textp) char *print = ssh_fingerprint(signing);
	CLEANUP(textp)
	char *principals = print ? ssh_principals(signing) : NULL;
	CLEANUP(textp) char *why = NULL;
	char *rest = NULL;
	int good = 0;

	if (!principals)
		return -1;
	for (char *principal = strtok_r(principals, "\n", &rest);
	     principal && !good; principal = strtok_r(NULL, "\n", &rest))
		good = ssh_verify(signing, principal);
	if (good)
		return good > 0 ? 0 : -1;
	why = xasprintf("is signed with %s, which `%s` does not allow now: the "
	                "key is unknown, expired or revoked",
	                print, signing->trusted);
	return refuse(signing, why);
}

/* ---- OpenPGP ---- */

/* gpgv's status lines, the decisive ones first; doc/DETAILS of GnuPG. */
static const struct {
	const char *line, *why;
} verdicts[] = {
	{ "BADSIG", "has an OpenPGP signature that does not fit, of key" },
	{ "REVKEYSIG", "is signed with a key that was revoked," },
	{ "EXPKEYSIG", "is signed with a key that has expired," },
	{ "EXPSIG", "has a signature that has expired, of key" },
	{ "ERRSIG", "is signed with a key that is not in the keyring," },
};

static int judge_pgp(const struct signing *signing, const char *status)
{
	CLEANUP(textp)
	char *print = word_after(status, "[GNUPG:] VALIDSIG ");

	for (size_t i = 0; i < LENGTH(verdicts); i++) {
		CLEANUP(textp)
		char *mark = xasprintf("[GNUPG:] %s ", verdicts[i].line);
		CLEANUP(textp) char *key = word_after(status, mark);
		CLEANUP(textp)
		char *why = key ? xasprintf("%s %s", verdicts[i].why,
		                            print ? print : key)
		                : NULL;

		if (why)
			return refuse(signing, why);
	}
	if (print && strstr(status, "[GNUPG:] GOODSIG "))
		return 0;
	return refuse(signing, "has an OpenPGP signature that gpgv does not "
	                       "understand");
}

static int check_pgp(const struct signing *signing)
{
	const char *const arguments[] = {
		"/usr/bin/gpgv",  "--status-fd", "1", "--keyring",
		signing->trusted, signing->file, "-", NULL
	};
	struct process_result result;
	int judged;

	if (ask(signing, arguments, &result) < 0)
		return -1;
	judged = judge_pgp(signing, result.output.bytes);
	if (judged == 0 && result.status != 0)
		judged = refuse(signing, "is not taken by gpgv");
	process_result_release(&result);
	return judged;
}

/* ---- one object ---- */

static int keep_signature(struct signing *signing)
{
	const char *base = variables_get(signing->run->variables, "TMPDIR");
	CLEANUP(textp)
	char *folder = path_join(base && *base ? base : "/tmp",
	                         "trueup-verify-XXXXXX");

	if (!mkdtemp(folder))
		return diag_error(signing->run->diag, CODE_FILE_UNWRITABLE,
		                  PLACE_NONE, "`%s` cannot be made: %s", folder,
		                  strerror(errno));
	signing->folder = TAKE(folder);
	signing->file = path_join(signing->folder, "signature");
	return file_write(signing->file, 0600, signing->object.signature.bytes,
	                  signing->object.signature.length, signing->run->diag);
}

/* The file that decides about this kind of signature. */
static int trust(struct signing *signing, const char *said, const char *option)
{
	CLEANUP(textp) char *why = NULL;

	if (said) {
		signing->trusted = path_real(said);
		if (signing->trusted)
			return 0;
		return diag_error(signing->run->diag, CODE_FILE_UNREADABLE,
		                  PLACE_NONE,
		                  "`%s` cannot be read: %s; correct "
		                  "%s",
		                  said, strerror(errno), option);
	}
	why = xasprintf("has a signature that only %s FILE could check",
	                option);
	return refuse(signing, why);
}

static int check_signed(struct signing *signing)
{
	const struct options *options = &signing->run->options;
	const char *text = signing->object.signature.bytes;
	const bool ssh = str_starts(text, "-----BEGIN SSH SIGNATURE-----");

	if (!signing->object.signature.length)
		return refuse(signing, "is not signed");
	if (ssh && options->revoked_signers)
		signing->revoked = xstrdup(options->revoked_signers);
	if ((ssh ? trust(signing, options->allowed_signers, "--allowed-signers")
	         : trust(signing, options->keyring, "--keyring")) < 0 ||
	    keep_signature(signing) < 0)
		return -1;
	return ssh ? check_ssh(signing) : check_pgp(signing);
}

static int check_object(struct run *run, struct git *git,
                        const struct git_id *id, const char *kind)
{
	CLEANUP(textp) char *what = xasprintf("%s %s", kind, id->hex);
	CLEANUP(release_signing)
	struct signing signing = { .run = run, .what = what };

	switch (git_read_signature(git, id, &signing.object, run->diag)) {
	case GIT_FAILED:
		return -1;
	case GIT_ABSENT:
		return refuse(&signing, "is not there");
	case GIT_FOUND:
		break;
	}
	return check_signed(&signing);
}

/* ---- the option ---- */

static const struct {
	const char *word;
	bool head, tag;
} modes[] = {
	{ "head", true, false },
	{ "tag", false, true },
	{ "tag+head", true, true },
};

/* A file of the repository could name its own author. */
static int check_outside(struct run *run, struct git *git, const char *said)
{
	CLEANUP(textp) char *path = said ? realpath(said, NULL) : NULL;
	const char *root = git_root(git);
	const size_t length = strlen(root);

	if (!path || strncmp(path, root, length) != 0 || path[length] != '/')
		return 0;
	return diag_error(run->diag, CODE_POLICY_INSIDE, PLACE_NONE,
	                  "`%s`, which says whose signatures count, lies "
	                  "inside the repository `%s`; put it elsewhere",
	                  said, root);
}

static int check_files(struct run *run, struct git *git)
{
	const struct options *options = &run->options;

	if (check_outside(run, git, options->allowed_signers) < 0 ||
	    check_outside(run, git, options->revoked_signers) < 0)
		return -1;
	return check_outside(run, git, options->keyring);
}

int road_verify(struct run *run, struct git *git,
                const struct git_revision *revision)
{
	const char *said = run->options.verify;
	size_t mode = 0;

	if (!said)
		return 0;
	while (mode < LENGTH(modes) && !str_equal(modes[mode].word, said))
		mode++;
	if (mode == LENGTH(modes))
		return diag_error(run->diag, CODE_USAGE, PLACE_NONE,
		                  "--verify wants head, tag or tag+head, not "
		                  "`%s`",
		                  said);
	if (check_files(run, git) < 0)
		return -1;
	if (modes[mode].tag && !revision->tag.hex[0])
		return diag_error(run->diag, CODE_GIT_UNSIGNED, PLACE_NONE,
		                  "commit %s was not named by an annotated "
		                  "tag, and only such a tag can be signed; "
		                  "nothing is read from it",
		                  revision->commit.hex);
	if (modes[mode].tag &&
	    check_object(run, git, &revision->tag, "tag") < 0)
		return -1;
	return modes[mode].head
	               ? check_object(run, git, &revision->commit, "commit")
	               : 0;
}
