/* SPDX-License-Identifier: MIT */
/*
 * generate [-b BINDING] [-p PATH] [-s FOLDER] COUNT [SEED]: an environment file
 * of COUNT auth configs on stdout, the same bytes for the same arguments, for
 * the binding (alloy-assumed) whose API begins at PATH ("") of the sandbox.
 * Secrets stand in a variable for each provider and go by secretVersion; with
 * -s, each in a file of its own in FOLDER, which is filled, and they go by
 * fingerprint.
 */
#include "apps.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void print_secret(const struct app *app, const char *folder,
                         uint64_t index)
{
	CLEANUP(textp) char *path = NULL;
	CLEANUP(textp) char *value = NULL;
	CLEANUP(filep) FILE *out = NULL;

	if (!folder) {
		printf("      secret: { env: %s }\n"
		       "      secretVersion: \"2026-11\"\n",
		       app->variable);
		return;
	}
	path = xasprintf("%s/app-%06" PRIu64, folder, index);
	value = apps_secret(app, index);
	out = fopen(path, "w");
	if (!out || fputs(value, out) < 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(1);
	}
	printf("      secret: { file: %s }\n", path);
}

static void entry(const char *folder, const struct apps *apps)
{
	CLEANUP(textp) char *id = apps_client_id(apps);

	printf("  app-%06" PRIu64 ":\n"
	       "    connector: %s\n"
	       "    name: Application %06" PRIu64 "\n"
	       "    client:\n"
	       "      id: \"%s\"\n",
	       apps->index, apps->app->connector, apps->index, id);
	print_secret(apps->app, folder, apps->index);
	printf("    scopes: [");
	for (size_t i = 0; i < apps->scope_count; i++)
		printf("%s\"%s\"", i ? ", " : "", apps->app->scopes[i]);
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
	uint64_t seed = 1;
	struct apps apps;
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
	    (argv[1] && parse_uint(argv[1], UINT64_MAX, &seed) < 0)) {
		fputs("usage: generate [-b BINDING] [-p PATH] [-s FOLDER] "
		      "COUNT [SEED]\n",
		      stderr);
		return 64;
	}
	if (folder)
		(void)mkdir(folder, 0700);
	umask(077);
	print_head(binding, path);
	apps_begin(&apps, seed);
	while (apps.index < count) {
		apps_next(&apps);
		entry(folder, &apps);
	}
	return 0;
}
