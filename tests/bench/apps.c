/* SPDX-License-Identifier: MIT */
#include "apps.h"

#include <inttypes.h>

/* Apps as their providers have them: a file of mistakes would measure how fast
 * mistakes are told. */
static const struct app rows[] = {
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

void apps_begin(struct apps *apps, uint64_t seed)
{
	*apps = (struct apps){
		.state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1,
	};
}

void apps_next(struct apps *apps)
{
	apps->index++;
	apps->random = next(&apps->state);
	apps->app = &rows[(apps->random >> 8) % LENGTH(rows)];
	apps->scope_count = 1 + apps->random % SCOPES_MAX;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
char *apps_client_id(const struct apps *apps)
{
	const uint32_t first = (uint32_t)(apps->random >> 32) % 1000000000U;
	const uint32_t second = (uint32_t)apps->random % 1000000000U;

	return xasprintf(apps->app->id, first, second);
}

char *apps_secret(const struct app *app, uint64_t index)
{
	return xasprintf(app->secret, index);
}
#pragma GCC diagnostic pop
