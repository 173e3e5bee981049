/* SPDX-License-Identifier: MIT */
/*
 * generate COUNT [SEED]: an environment file of COUNT auth configs on stdout,
 * the same bytes for the same arguments. Secrets by secretVersion; a third of
 * the entries shares a client secret variable, as the value does not matter.
 */
#include "base/text.h"

#include <inttypes.h>
#include <stdlib.h>

static const char *const connectors[] = { "slack",     "github", "google",
	                                  "hubspot",   "notion", "salesforce",
	                                  "microsoft", "jira" };
static const char *const scopes[] = {
	"users:read",    "chat:write",  "repo",           "read:org",
	"files:read",    "crm.objects", "offline_access", "openid",
	"calendar.read", "mail.send",
};

/* xorshift64* */
static uint64_t next(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * UINT64_C(2685821657736338717);
}

static void entry(uint64_t index, uint64_t *state)
{
	const uint64_t random = next(state);
	const size_t count = 1 + random % 4;

	printf("  app-%06" PRIu64 ":\n"
	       "    connector: %s\n"
	       "    name: Application %06" PRIu64 "\n"
	       "    client:\n"
	       "      id: client-%016" PRIx64 "\n"
	       "      secret: { env: BENCH_SECRET }\n"
	       "      secretVersion: \"2026-11\"\n"
	       "    scopes: [",
	       index, connectors[(random >> 8) % LENGTH(connectors)], index,
	       random);
	for (size_t i = 0; i < count; i++)
		printf("%s%s", i ? ", " : "",
		       scopes[(random % LENGTH(scopes) + i) % LENGTH(scopes)]);
	printf("]\n");
}

int main(int argc, char **argv)
{
	uint64_t count = 0;
	uint64_t state = 1;

	if (argc < 2 || parse_uint(argv[1], 10000000, &count) < 0 ||
	    (argc > 2 && parse_uint(argv[2], UINT64_MAX, &state) < 0)) {
		fputs("usage: generate COUNT [SEED]\n", stderr);
		return 64;
	}
	state = state * UINT64_C(0x9e3779b97f4a7c15) + 1;
	printf("trueup: 1\n"
	       "environment: bench\n"
	       "platform:\n"
	       "  binding: alloy-assumed\n"
	       "  url: ${env:TRUEUP_VAR_SANDBOX_URL}\n"
	       "  apiKey: { env: SANDBOX_API_KEY }\n"
	       "policy: { maxChanges: 1000000 }\n"
	       "authConfigs:\n");
	for (uint64_t i = 1; i <= count; i++)
		entry(i, &state);
	return 0;
}
