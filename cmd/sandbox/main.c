/* SPDX-License-Identifier: MIT */
/* trueup-sandbox: options, the server, and waiting for the end. */
#include "base/text.h"
#include "document/document.h"
#include "http/http.h"
#include "sandbox/sandbox.h"
#include "schema/schema.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <popt.h>

struct options {
	char *port, *data, *key_file, *token_file, *dialect, *omit, *ready_file,
		*rate_limit, *rate_window, *faults;
	char **quirks; /* ends at NULL; NULL: none */
	int quiet, die_with_parent, version;
};

/* What is made of them. */
struct front {
	struct sandbox_keys keys;
	char *token;
	uint64_t port, rate_limit, rate_window;
	enum sandbox_omit omit;
	struct documents *documents; /* reports point into them */
	struct diag *diag;
};

static void options_release(struct options *options)
{
	char *const texts[] = { options->port,        options->data,
		                options->key_file,    options->token_file,
		                options->dialect,     options->omit,
		                options->ready_file,  options->rate_limit,
		                options->rate_window, options->faults };

	for (size_t i = 0; i < LENGTH(texts); i++)
		free(texts[i]);
	for (char **quirk = options->quirks; quirk && *quirk; quirk++)
		free(*quirk);
	free(options->quirks);
}

static void front_release(struct front *front)
{
	sandbox_keys_release(&front->keys);
	free(front->token);
	diag_free(front->diag);
	documents_free(front->documents);
}

static int refuse(const struct front *front, const char *option,
                  const char *word, const char *wanted)
{
	return diag_error(front->diag, CODE_SANDBOX_SETTINGS, PLACE_NONE,
	                  "%s `%s`: give %s", option, word, wanted);
}

static int parse_popt(poptContext context, const struct front *front)
{
	int result = poptGetNextOpt(context);
	const char *stray = poptGetArg(context);

	if (result < -1)
		return refuse(front, poptStrerror(result),
		              poptBadOption(context, 0),
		              "one of the options of --help");
	if (stray)
		return refuse(front, "argument", stray, "options only");
	return 0;
}

static int parse(int argc, const char **argv, struct options *options,
                 const struct front *front)
{
	/* clang-format off */
	const struct poptOption table[] = {
		{ "port", 'p', POPT_ARG_STRING, &options->port, 0,
		  "listen on 127.0.0.1:PORT (0, the default: any free one)",
		  "PORT" },
		{ "data", 0, POPT_ARG_STRING, &options->data, 0,
		  "keep the store in FILE (default: in memory)", "FILE" },
		{ "api-key-file", 0, POPT_ARG_STRING, &options->key_file, 0,
		  "API keys, one `KEY` or `NAME: KEY` a line; each is an "
		  "environment (default: one is made); ` scopes=A,B` at its "
		  "end is all that a key of nango may do", "FILE" },
		{ "admin-token-file", 0, POPT_ARG_STRING, &options->token_file,
		  0, "the admin side's token (default: one is made)", "FILE" },
		{ "dialect", 0, POPT_ARG_STRING, &options->dialect, 0,
		  "the platform to pretend to be: alloy (the default), "
		  "composio, nango",
		  "NAME" },
		{ "secret-omit", 0, POPT_ARG_STRING, &options->omit, 0,
		  "what an update without a secret does: keep (the default), "
		  "required, clear", "WORD" },
		{ "ready-file", 0, POPT_ARG_STRING, &options->ready_file, 0,
		  "write url, API keys and admin token there once listening",
		  "FILE" },
		{ "rate-limit", 0, POPT_ARG_STRING, &options->rate_limit, 0,
		  "requests a window (0, the default: no limit)",
		  "NUMBER" },
		{ "rate-window", 0, POPT_ARG_STRING, &options->rate_window, 0,
		  "seconds of a window (0, the default: the platform's)",
		  "NUMBER" },
		{ "quirk", 0, POPT_ARG_ARGV, &options->quirks, 0,
		  "turn on one of the dialect's deviations; may be repeated",
		  "NAME" },
		{ "faults", 0, POPT_ARG_STRING, &options->faults, 0,
		  "go wrong as FILE says, in YAML or JSON: which requests, "
		  "when and how; see trueup-sandbox(1) and `trueup schema "
		  "faults`", "FILE" },
		{ "quiet", 'q', POPT_ARG_NONE, &options->quiet, 0,
		  "print nothing", NULL },
		{ "die-with-parent", 0, POPT_ARG_NONE,
		  &options->die_with_parent, 0,
		  "end when the process that started this one ends", NULL },
		{ "version", 0, POPT_ARG_NONE, &options->version, 0,
		  "show the version", NULL },
		POPT_AUTOHELP
		POPT_TABLEEND
	};
	/* clang-format on */
	poptContext context =
		poptGetContext("trueup-sandbox", argc, argv, table, 0);
	int result = parse_popt(context, front);

	poptFreeContext(context);
	return result;
}

static int read_numbers(const struct options *options, struct front *front)
{
	if (options->port && parse_uint(options->port, 65535, &front->port) < 0)
		return refuse(front, "--port", options->port,
		              "a number from 0 to 65535");
	if (options->rate_limit &&
	    parse_uint(options->rate_limit, 1000000, &front->rate_limit) < 0)
		return refuse(front, "--rate-limit", options->rate_limit,
		              "a number from 0 to 1000000");
	if (options->rate_window &&
	    parse_uint(options->rate_window, 86400, &front->rate_window) < 0)
		return refuse(front, "--rate-window", options->rate_window,
		              "a number of seconds from 0 to 86400");
	if (options->omit &&
	    sandbox_omit_parse(options->omit, &front->omit) < 0)
		return refuse(front, "--secret-omit", options->omit,
		              "keep, required or clear");
	return 0;
}

static int read_files(const struct options *options, struct front *front)
{
	if (!options->key_file)
		sandbox_keys_make(&front->keys);
	else if (sandbox_keys_read(options->key_file, &front->keys,
	                           front->diag) < 0)
		return -1;
	front->token =
		options->token_file
			? sandbox_token_read(options->token_file, front->diag)
			: sandbox_token_make();
	return front->token ? 0 : -1;
}

static char *greeting(const struct front *front,
                      const struct http_server *server)
{
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	fprintf(out, "url: http://127.0.0.1:%u\n", http_server_port(server));
	for (size_t i = 0; i < front->keys.count; i++)
		fprintf(out, "api-key: %s\n", front->keys.items[i].key);
	fprintf(out, "admin-token: %s\n", front->token);
	(void)fclose(out);
	return text;
}

static int greet(const struct options *options, const struct front *front,
                 const struct http_server *server)
{
	CLEANUP(textp) char *text = greeting(front, server);

	if (!options->quiet) {
		fputs(text, stdout);
		(void)fflush(stdout);
	}
	if (!options->ready_file)
		return 0;
	return file_write(options->ready_file, 0600, text, strlen(text),
	                  front->diag);
}

/* Returns when SIGINT or SIGTERM came; both are blocked. */
static void wait_for_end(const sigset_t *ends)
{
	int signal_number;

	while (sigwait(ends, &signal_number) != 0)
		;
}

static int serve(const struct options *options, struct front *front,
                 const sigset_t *ends)
{
	const struct sandbox_settings settings = {
		.dialect = options->dialect ? options->dialect : "alloy",
		.data_path = options->data,
		.keys = &front->keys,
		.admin_token = front->token,
		.secret_omit = front->omit,
		.rate_limit = (unsigned)front->rate_limit,
		.rate_window = (unsigned)front->rate_window,
		.quirks = (const char *const *)options->quirks,
		.faults_path = options->faults,
		.documents = front->documents,
		.clock = clock_system(),
	};
	CLEANUP(sandbox_freep)
	struct sandbox *sandbox = sandbox_new(&settings, front->diag);

	if (!sandbox)
		return -1;

	struct http_server *server = http_server_start(
		(unsigned)front->port, sandbox_serve, sandbox, front->diag);

	if (!server)
		return -1;

	int greeted = greet(options, front, server);

	if (greeted == 0)
		wait_for_end(ends);
	http_server_stop(server);
	return greeted;
}

static void block_ends(sigset_t *ends)
{
	(void)sigemptyset(ends);
	(void)sigaddset(ends, SIGINT);
	(void)sigaddset(ends, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, ends, NULL);
}

/* A parent that ended before we asked left us to another one. */
static void follow_parent(pid_t parent)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		(void)raise(SIGTERM);
}

static int run(const struct options *options, struct front *front, pid_t parent)
{
	sigset_t ends;

	block_ends(&ends);
	if (options->die_with_parent)
		follow_parent(parent);
	if (read_numbers(options, front) < 0 || read_files(options, front) < 0)
		return -1;
	return serve(options, front, &ends);
}

/* The exit code of the first error. */
static int exit_code(const struct diag *diag)
{
	for (size_t i = 0; i < diag_length(diag); i++) {
		if (diag_at(diag, i)->severity == SEVERITY_ERROR)
			return code_find(diag_at(diag, i)->code)->exit;
	}
	return 0;
}

int main(int argc, char **argv)
{
	const pid_t parent = getppid();
	const char **words = xcalloc((size_t)argc + 1, sizeof(*words));
	CLEANUP(options_release) struct options options = { 0 };
	CLEANUP(front_release)
	struct front front = { .documents = documents_new(),
		               .diag = diag_new() };

	for (int i = 0; i < argc; i++)
		words[i] = argv[i];
	if (parse(argc, words, &options, &front) == 0) {
		if (options.version)
			puts("trueup-sandbox " TRUEUP_VERSION);
		else
			(void)run(&options, &front, parent);
	}
	free(words);
	diag_write(front.diag, stderr, DIAG_PLAIN);
	return exit_code(front.diag);
}
