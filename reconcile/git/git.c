/* SPDX-License-Identifier: MIT */
/* The door: finds and spawns the program, and holds it to its deadline. */
#include "git/session.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/talk.h"
#include "base/text.h"
#include "schema/codes.h"

#include <stdlib.h>
#include <string.h>

enum {
	DEFAULT_TIMEOUT_MS = 60000,
	STOP_WAIT_MS = 250, /* so often `stopping` is asked */
	END_PATIENCE_MS = 2000,
	WORDS_MAX = 1000 /* of the program's words in a report */
};

static const char program_name[] = "trueup-git";

struct git {
	struct git_settings settings;
	enum verb open_verb;
	char *folder; /* as it is opened, and opened again */
	char *root;
	struct talk *talk; /* NULL: not running */
	uint64_t objects;
};

/* ---- the environment ---- */

/* All that git, TLS and ssh need to know of the world; no secret is in one of
 * these but in a proxy's URL, which is of no use without its password. */
static const char *const passed[] = {
	"HOME",         "PATH",        "TMPDIR",      "SSH_AUTH_SOCK",
	"http_proxy",   "https_proxy", "HTTPS_PROXY", "all_proxy",
	"ALL_PROXY",    "no_proxy",    "NO_PROXY",    "SSL_CERT_FILE",
	"SSL_CERT_DIR",
};

static char **make_environment(const struct git_settings *settings)
{
	char **environment = xcalloc(LENGTH(passed) + 2, sizeof(char *));
	size_t count = 0;

	environment[count++] = xstrdup("LC_ALL=C");
	for (size_t i = 0; settings->variable && i < LENGTH(passed); i++) {
		const char *value =
			settings->variable(passed[i], settings->context);

		if (value)
			environment[count++] =
				xasprintf("%s=%s", passed[i], value);
	}
	return environment;
}

static void free_environment(char ***environment)
{
	for (size_t i = 0; (*environment)[i]; i++)
		free((*environment)[i]);
	free(*environment);
}

static struct talk *spawn(const struct git *git, struct diag *diag)
{
	const char *said = git->settings.program;
	CLEANUP(textp)
	char *program = said ? xstrdup(said)
	                     : process_beside(MODULE_FOLDER, program_name);
	CLEANUP(free_environment)
	char **environment = make_environment(&git->settings);
	const char *const arguments[] = { program ? program : program_name,
		                          NULL };
	const struct process process = {
		.arguments = arguments,
		.environment = (const char *const *)environment,
	};

	return talk_start(&process, diag);
}

/* ---- one request ---- */

/* What the reports call what was being done. */
static const char *const doing[VERB_COUNT] = {
	[VERB_OPEN] = "opening",        [VERB_CACHE] = "opening",
	[VERB_RESOLVE] = "reading",     [VERB_REFERENCE] = "reading",
	[VERB_REMOTE] = "reading",      [VERB_READ] = "reading",
	[VERB_LIST] = "reading",        [VERB_UNCOMMITTED] = "comparing",
	[VERB_TOUCHED] = "searching",   [VERB_LOG] = "reading",
	[VERB_ANCESTOR] = "comparing",  [VERB_SIGNATURE] = "reading",
	[VERB_WRITE] = "writing to",    [VERB_PUSH] = "pushing to",
	[VERB_FETCH] = "fetching from",
};

/* What is said of each failure: "`subject` IS: its words; ADVICE". */
static const struct {
	unsigned code;
	const char *is, *advice;
} failures[FAILURE_COUNT] = {
	[FAILURE_REPOSITORY] = { CODE_GIT_REPOSITORY,
	                         "cannot be read as a git repository",
	                         "check the folder" },
	[FAILURE_REQUEST] = { CODE_GIT_HELPER, "cannot do what was asked",
	                      "report this" },
	[FAILURE_NETWORK] = { CODE_GIT_NETWORK, "cannot be fetched from",
	                      "check the URL and the network, and run again" },
	[FAILURE_AUTH] = { CODE_GIT_AUTH, "does not let us in",
	                   "give a token with --git-token-env NAME, or an ssh "
	                   "key with --ssh-key FILE" },
	[FAILURE_CERTIFICATE] = { CODE_GIT_CERTIFICATE,
	                          "shows a certificate that is not trusted",
	                          "give its CA with --ca-file FILE" },
	[FAILURE_HOST_KEY] = { CODE_GIT_HOST_KEY,
	                       "does not prove to be the known host",
	                       "ask the host's owner for its fingerprint "
	                       "before you write it into known_hosts" },
	[FAILURE_ALGORITHM] = { CODE_GIT_ALGORITHM,
	                        "has no host key that is understood",
	                        "let its owner give it an ed25519 key "
	                        "(`ssh-keygen -A`), or use https" },
	[FAILURE_REFUSED] = { CODE_GIT_PUSH, "does not take the commit",
	                      "the server's owner knows why" },
	[FAILURE_LARGE] = { CODE_TOO_LARGE, "holds more than is read",
	                    "split it" },
};

struct asking {
	struct git *git;
	enum verb verb;
	const char *subject;
	int64_t until_ms;
	struct diag *diag;
};

static int64_t now_ms(void)
{
	const struct clock *clock = clock_system();

	return clock->steady_ms(clock);
}

static int64_t timeout_ms(const struct git *git)
{
	return git->settings.timeout_ms > 0 ? git->settings.timeout_ms
	                                    : DEFAULT_TIMEOUT_MS;
}

/* Ends the program at once; the next request starts another. */
static void drop(struct git *git)
{
	if (git->talk)
		(void)talk_end(TAKE(git->talk), 0);
}

static bool is_stopping(const struct git *git)
{
	return git->settings.stopping &&
	       git->settings.stopping(git->settings.stopping_context);
}

static int report_late(const struct asking *asking)
{
	const int64_t limit_ms = timeout_ms(asking->git);

	if (is_stopping(asking->git))
		return diag_error(asking->diag, CODE_GIT_LATE, PLACE_NONE,
		                  "%s `%s` was stopped; run again",
		                  doing[asking->verb], asking->subject);
	return diag_error(asking->diag, CODE_GIT_LATE, PLACE_NONE,
	                  "%s `%s` took longer than %g s and was ended; run "
	                  "again, or give more with --git-timeout SECONDS",
	                  doing[asking->verb], asking->subject,
	                  (double)limit_ms / 1000.0);
}

/* -1 after reporting what `said` means, when it is not TALK_SAID. */
static int check_said(const struct asking *asking, enum said said)
{
	if (said == TALK_SAID)
		return 0;
	drop(asking->git);
	if (said == TALK_LATE)
		return report_late(asking);
	return diag_error(asking->diag, CODE_GIT_HELPER, PLACE_NONE,
	                  "`%s` ended while %s `%s`; run again", program_name,
	                  doing[asking->verb], asking->subject);
}

static enum said await_answer(const struct asking *asking)
{
	enum said said = TALK_LATE;

	while (said == TALK_LATE && now_ms() < asking->until_ms &&
	       !is_stopping(asking->git)) {
		const int64_t next_ms = now_ms() + STOP_WAIT_MS;

		said = talk_wait(asking->git->talk, next_ms < asking->until_ms
		                                            ? next_ms
		                                            : asking->until_ms);
	}
	return said;
}

/* How people know the repository. */
static const char *shown(const struct git *git)
{
	return git->root ? git->root : git->folder;
}

static int nonsense(struct git *git, struct diag *diag)
{
	drop(git);
	return diag_error(diag, CODE_GIT_HELPER, PLACE_NONE,
	                  "`%s` answers what is no answer about `%s`; install "
	                  "both programs anew",
	                  program_name, shown(git));
}

static int take_answer(const struct asking *asking, struct buffer *out)
{
	unsigned char header[MESSAGE_HEADER_BYTES];
	struct talk *talk = asking->git->talk;
	enum said said = await_answer(asking);
	uint64_t length;

	if (said == TALK_SAID)
		said = talk_take(talk, header, sizeof(header),
		                 asking->until_ms);
	if (check_said(asking, said) < 0)
		return -1;
	length = message_announced(header);
	if (length > LIMIT_GIT_MESSAGE_BYTES)
		return nonsense(asking->git, asking->diag);
	out->bytes = xmalloc((size_t)length + 1);
	out->bytes[length] = '\0';
	out->length = (size_t)length;
	return check_said(asking, talk_take(talk, out->bytes, out->length,
	                                    asking->until_ms));
}

static enum git_found report_failure(const struct asking *asking,
                                     struct reader *reader)
{
	const uint64_t failure = field_number_below(reader, FAILURE_COUNT - 1);
	CLEANUP(textp) char *words = field_word(reader);

	if (!fields_done(reader))
		nonsense(asking->git, asking->diag);
	else
		diag_error(asking->diag, failures[failure].code, PLACE_NONE,
		           "`%s` %s: %.*s; %s", asking->subject,
		           failures[failure].is, WORDS_MAX, words,
		           failures[failure].advice);
	return GIT_FAILED;
}

static enum git_found read_answer(const struct asking *asking,
                                  struct reply *reply)
{
	uint64_t answer;

	reply->reader = (struct reader){ .bytes = reply->bytes.bytes,
		                         .left = reply->bytes.length };
	asking->git->objects = field_number(&reply->reader);
	answer = field_number_below(&reply->reader, ANSWER_COUNT - 1);
	if (reply->reader.broken)
		return nonsense(asking->git, asking->diag);
	if (answer == ANSWER_FAILED)
		return report_failure(asking, &reply->reader);
	return answer == ANSWER_ABSENT ? GIT_ABSENT : GIT_FOUND;
}

static enum git_found exchange(const struct asking *asking,
                               struct message *request, struct reply *reply)
{
	message_finish(request);
	if (check_said(asking, talk_send(asking->git->talk, request->bytes,
	                                 request->length, asking->until_ms)) <
	            0 ||
	    take_answer(asking, &reply->bytes) < 0)
		return GIT_FAILED;
	return read_answer(asking, reply);
}

/* ---- the program ---- */

static int open_again(const struct asking *asking)
{
	struct git *git = asking->git;
	const struct asking opening = {
		.git = git,
		.verb = git->open_verb,
		.subject = git->folder,
		.until_ms = asking->until_ms,
		.diag = asking->diag,
	};
	CLEANUP(message_release) struct message request;
	CLEANUP(reply_release) struct reply reply = { 0 };
	CLEANUP(textp) char *root = NULL;

	git_begin(&request, git->open_verb);
	message_text(&request, TRUEUP_VERSION);
	message_text(&request, git->folder);
	if (exchange(&opening, &request, &reply) != GIT_FOUND)
		return -1;
	root = field_word(&reply.reader);
	if (git_answered(git, &reply, asking->diag) < 0)
		return -1;
	if (!git->root)
		git->root = TAKE(root);
	return 0;
}

static int ensure(const struct asking *asking)
{
	struct git *git = asking->git;

	if (git->talk)
		return 0;
	git->talk = spawn(git, asking->diag);
	if (!git->talk)
		return -1;
	if (open_again(asking) == 0)
		return 0;
	drop(git);
	return -1;
}

void git_begin(struct message *request, enum verb verb)
{
	message_start(request);
	message_number(request, verb);
}

enum git_found git_ask(struct git *git, struct message *request,
                       const char *subject, struct reply *reply,
                       struct diag *diag)
{
	struct reader reader = {
		.bytes = request->bytes + MESSAGE_HEADER_BYTES,
		.left = request->length - MESSAGE_HEADER_BYTES,
	};
	const uint64_t verb = field_number(&reader);
	const struct asking asking = {
		.git = git,
		.verb = (enum verb)verb,
		.subject = subject ? subject : shown(git),
		.until_ms = now_ms() + timeout_ms(git),
		.diag = diag,
	};

	if (ensure(&asking) < 0)
		return GIT_FAILED;
	return exchange(&asking, request, reply);
}

int git_answered(struct git *git, const struct reply *reply, struct diag *diag)
{
	return fields_done(&reply->reader) ? 0 : nonsense(git, diag);
}

void reply_release(struct reply *reply)
{
	buffer_release(&reply->bytes);
}

bool git_is_running(const struct git *git)
{
	return git->talk;
}

const struct git_settings *git_settings(const struct git *git)
{
	return &git->settings;
}

/* ---- open and close ---- */

static struct git *open_with(enum verb verb, const char *folder,
                             const struct git_settings *settings,
                             struct diag *diag)
{
	CLEANUP(git_freep) struct git *git = xcalloc(1, sizeof(*git));
	struct asking asking = {
		.git = git,
		.verb = verb,
		.diag = diag,
	};

	git->settings = *settings;
	git->open_verb = verb;
	git->folder = xstrdup(folder);
	asking.subject = git->folder;
	asking.until_ms = now_ms() + timeout_ms(git);
	if (ensure(&asking) < 0)
		return NULL;
	return TAKE(git);
}

struct git *git_open(const char *folder, const struct git_settings *settings,
                     struct diag *diag)
{
	return open_with(VERB_OPEN, folder, settings, diag);
}

struct git *git_open_cache(const char *path,
                           const struct git_settings *settings,
                           struct diag *diag)
{
	return open_with(VERB_CACHE, path, settings, diag);
}

void git_free(struct git *git)
{
	if (!git)
		return;
	if (git->talk)
		(void)talk_end(git->talk, END_PATIENCE_MS);
	free(git->folder);
	free(git->root);
	free(git);
}

const char *git_root(const struct git *git)
{
	return git->root;
}

uint64_t git_objects_read(const struct git *git)
{
	return git->objects;
}
