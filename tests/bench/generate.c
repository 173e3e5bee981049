/* SPDX-License-Identifier: MIT */
/*
 * generate [-b BINDING] [-p PATH] [-s FOLDER] COUNT [SEED]: an environment file
 * of COUNT auth configs on stdout, the same bytes for the same arguments, for
 * the binding (alloy-assumed) whose API begins at PATH ("") of the sandbox.
 * Secrets stand in a variable for each provider and go by secretVersion; with
 * -s, each in a file of its own in FOLDER, which is filled, and they go by
 * fingerprint.
 */
#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Apps as their providers have them: a file of mistakes would measure how fast
 * mistakes are told. */
static const struct app {
	const char *connector;
	const char *id; /* from two numbers of 32 bits */
	const char *variable;
	const char *secret; /* from a number of 64 bits */
	const char *scopes[4];
} apps[] = {
	{ "slack",
	  "1%09" PRIu32 ".2%09" PRIu32,
	  "BENCH_SECRET_SLACK",
	  "%032" PRIx64,
	  { "users:read", "channels:read", "chat:write", "files:read" } },
	{ "github",
	  "Iv1.%08" PRIx32 "%08" PRIx32,
	  "BENCH_SECRET_GITHUB",
	  "%040" PRIx64,
	  { "read:user", "read:org", "user:email", "gist" } },
	{ "google",
	  "%" PRIu32 "-%08" PRIx32 ".apps.googleusercontent.com",
	  "BENCH_SECRET_GOOGLE",
	  "GOCSPX-%028" PRIx64,
	  { "openid", "email", "profile",
	    "https://www.googleapis.com/auth/calendar.readonly" } },
	{ "hubspot",
	  "%08" PRIx32 "-0000-4000-8000-0000%08" PRIx32,
	  "BENCH_SECRET_HUBSPOT",
	  "%032" PRIx64,
	  { "oauth", "crm.objects.contacts.read", "tickets",
	    "crm.objects.deals.read" } },
	{ "microsoft",
	  "%08" PRIx32 "-0000-4000-8000-0000%08" PRIx32,
	  "BENCH_SECRET_MICROSOFT",
	  "aB_8Q~%034" PRIx64,
	  { "openid", "offline_access", "User.Read", "Mail.Read" } },
	{ "salesforce",
	  "3MVG9%08" PRIx32 "%08" PRIx32,
	  "BENCH_SECRET_SALESFORCE",
	  "%064" PRIx64,
	  { "api", "refresh_token", "openid", "id" } },
};

/* xorshift64* */
static uint64_t next(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * UINT64_C(2685821657736338717);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void print_id(const struct app *app, uint64_t random)
{
	const uint32_t first = (uint32_t)(random >> 32) % 1000000000U;
	const uint32_t second = (uint32_t)random % 1000000000U;

	printf(app->id, first, second);
}

static int write_value(FILE *out, const struct app *app, uint64_t index)
{
	return fprintf(out, app->secret, index);
}
#pragma GCC diagnostic pop

static void print_secret(const struct app *app, const char *folder,
                         uint64_t index)
{
	CLEANUP(textp) char *path = NULL;
	CLEANUP(filep) FILE *out = NULL;

	if (!folder) {
		printf("      secret: { env: %s }\n"
		       "      secretVersion: \"2026-11\"\n",
		       app->variable);
		return;
	}
	path = xasprintf("%s/app-%06" PRIu64, folder, index);
	out = fopen(path, "w");
	if (!out || write_value(out, app, index) < 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(1);
	}
	printf("      secret: { file: %s }\n", path);
}

static void entry(const char *folder, uint64_t index, uint64_t *state)
{
	const uint64_t random = next(state);
	const struct app *app = &apps[(random >> 8) % LENGTH(apps)];
	const size_t count = 1 + random % LENGTH(app->scopes);

	printf("  app-%06" PRIu64 ":\n"
	       "    connector: %s\n"
	       "    name: Application %06" PRIu64 "\n"
	       "    client:\n"
	       "      id: \"",
	       index, app->connector, index);
	print_id(app, random);
	printf("\"\n");
	print_secret(app, folder, index);
	printf("    scopes: [");
	for (size_t i = 0; i < count; i++)
		printf("%s\"%s\"", i ? ", " : "", app->scopes[i]);
	printf("]\n");
}

static void print_head(const char *binding, const char *path)
{
	printf("trueup: 1\n"
	       "environment: bench\n"
	       "platform:\n"
	       "  binding: %s\n"
	       "  url: ${env:TRUEUP_VAR_SANDBOX_URL}%s\n"
	       "  apiKey: { env: SANDBOX_API_KEY }\n"
	       "policy: { maxChanges: 1000000 }\n"
	       "authConfigs:\n",
	       binding, path);
}

int main(int argc, char **argv)
{
	const char *binding = "alloy-assumed", *path = "", *folder = NULL;
	uint64_t count = 0;
	uint64_t state = 1;
	int option;

	while ((option = getopt(argc, argv, "b:p:s:")) != -1) {
		if (option == 'b')
			binding = optarg;
		else if (option == 'p')
			path = optarg;
		else if (option == 's')
			folder = optarg;
	}
	argv += optind;
	if (argc == optind || parse_uint(argv[0], 10000000, &count) < 0 ||
	    (argv[1] && parse_uint(argv[1], UINT64_MAX, &state) < 0)) {
		fputs("usage: generate [-b BINDING] [-p PATH] [-s FOLDER] "
		      "COUNT [SEED]\n",
		      stderr);
		return 64;
	}
	if (folder)
		(void)mkdir(folder, 0700);
	umask(077);
	state = state * UINT64_C(0x9e3779b97f4a7c15) + 1;
	print_head(binding, path);
	for (uint64_t i = 1; i <= count; i++)
		entry(folder, i, &state);
	return 0;
}
