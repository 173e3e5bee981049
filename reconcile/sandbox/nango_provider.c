/* SPDX-License-Identifier: MIT */
#include "sandbox/nango_provider.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static const char *const mode_names[] = {
	[MODE_OAUTH2] = "OAUTH2", [MODE_OAUTH1] = "OAUTH1",
	[MODE_TBA] = "TBA",       [MODE_APP] = "APP",
	[MODE_CUSTOM] = "CUSTOM", [MODE_API_KEY] = "API_KEY",
	[MODE_BASIC] = "BASIC",
};

const char *auth_mode_name(enum auth_mode mode)
{
	return mode_names[mode];
}

enum { CONFIG_CHOICES = 2 };

struct config_field {
	const char *name, *title;
	const char *fallback;                /* NULL: none */
	const char *choices[CONFIG_CHOICES]; /* none: any text */
	const char *holds;                   /* what it must contain; NULL */
	bool optional, url;
};

/* Ends at a field without a name. */
static const struct config_field private_api[] = {
	{ .name = "keyPlacement",
	  .title = "Key placement",
	  .fallback = "header",
	  .choices = { "header", "query" } },
	{ .name = "keyName", .title = "Key name" },
	{ .name = "valueTemplate",
	  .title = "Value template",
	  .fallback = "${apiKey}",
	  .holds = "${apiKey}" },
	{ .name = "baseUrl", .title = "Base URL", .url = true },
	{ .name = "keyLabel",
	  .title = "API key label (shown in Connect UI)",
	  .fallback = "API Key",
	  .optional = true },
	{ .name = NULL },
};

/* Sorted by key. */
/* clang-format off */
static const struct provider providers[] = {
	{ "airtable", "Airtable", MODE_OAUTH2, NULL, true, NULL, NULL },
	{ "algolia", "Algolia", MODE_API_KEY, NULL, false, NULL, NULL },
	{ "asana", "Asana", MODE_OAUTH2, "default", false, NULL, NULL },
	{ "bigcommerce", "BigCommerce", MODE_OAUTH2, NULL, false, NULL, NULL },
	{ "box", "Box", MODE_OAUTH2, NULL, false, NULL, NULL },
	{ "calendly", "Calendly", MODE_OAUTH2, NULL, true, NULL, NULL },
	{ "clickup", "ClickUp", MODE_OAUTH2, NULL, false, NULL, NULL },
	{ "confluence", "Confluence", MODE_OAUTH2, "offline_access", false,
	  NULL, NULL },
	{ "discord", "Discord", MODE_OAUTH2, NULL, false, NULL, NULL },
	{ "docusign-sandbox", "DocuSign (Sandbox)", MODE_OAUTH2, NULL, false,
	  NULL, NULL },
	{ "dropbox", "Dropbox", MODE_OAUTH2, NULL, false, NULL, NULL },
	{ "figma", "Figma", MODE_OAUTH2, NULL, false, NULL, NULL },
	{ "freshdesk", "FreshDesk", MODE_BASIC, NULL, false, NULL, NULL },
	{ "github", "GitHub (User OAuth)", MODE_OAUTH2, NULL, false,
	  "repo,read:user", NULL },
	{ "github-app", "GitHub (App)", MODE_APP, NULL, true, "", NULL },
	{ "github-app-oauth", "GitHub (App OAuth)", MODE_CUSTOM, NULL, true,
	  NULL, NULL },
	{ "gitlab", "GitLab", MODE_OAUTH2, NULL, true, NULL, NULL },
	{ "google", "Google", MODE_OAUTH2, NULL, true,
	  "openid,email", NULL },
	{ "google-mail", "Gmail", MODE_OAUTH2, NULL, true, NULL, NULL },
	{ "hubspot", "HubSpot", MODE_OAUTH2, NULL, true, "oauth", NULL },
	{ "intercom", "Intercom", MODE_OAUTH2, NULL, false, NULL, NULL },
	{ "jira", "Jira (OAuth)", MODE_OAUTH2, "offline_access", true, NULL,
	  NULL },
	{ "linear", "Linear", MODE_OAUTH2, NULL, true, "read", NULL },
	{ "mailchimp", "Mailchimp", MODE_OAUTH2, NULL, false, NULL, NULL },
	{ "microsoft", "Microsoft", MODE_OAUTH2, "offline_access,.default",
	  false, NULL, NULL },
	{ "monday", "Monday", MODE_OAUTH2, NULL, false, NULL, NULL },
	{ "netsuite-tba", "NetSuite (TBA)", MODE_TBA, "rest_webservices",
	  false, NULL, NULL },
	{ "notion", "Notion", MODE_OAUTH2, NULL, true, "", NULL },
	{ "openai", "OpenAI", MODE_API_KEY, NULL, false, NULL, NULL },
	{ "outlook", "Outlook", MODE_OAUTH2, "offline_access,.default", false,
	  NULL, NULL },
	{ "pipedrive", "Pipedrive", MODE_OAUTH2, NULL, false, NULL, NULL },
	{ "private-api-generic", "Private API (Generic)", MODE_API_KEY, NULL,
	  false, NULL, private_api },
	{ "quickbooks", "Quickbooks", MODE_OAUTH2, NULL, false, NULL, NULL },
	{ "salesforce", "Salesforce", MODE_OAUTH2, "offline_access", true,
	  "offline_access,api", NULL },
	{ "sendgrid", "SendGrid", MODE_API_KEY, NULL, false, NULL, NULL },
	{ "shopify", "Shopify (OAuth)", MODE_OAUTH2, NULL, true, NULL, NULL },
	{ "slack", "Slack", MODE_OAUTH2, NULL, true, "chat:write", NULL },
	{ "stripe", "Stripe Connect", MODE_OAUTH2, NULL, false, NULL, NULL },
	{ "trello", "Trello", MODE_OAUTH1, NULL, false, NULL, NULL },
	{ "twilio", "Twilio", MODE_BASIC, NULL, false, NULL, NULL },
	{ "typeform", "Typeform", MODE_OAUTH2, "offline", false, NULL, NULL },
	{ "xero", "Xero", MODE_OAUTH2, "offline_access,openid", true, NULL,
	  NULL },
	{ "zendesk", "Zendesk", MODE_OAUTH2, NULL, false, NULL, NULL },
	{ "zoom", "Zoom", MODE_OAUTH2, NULL, false, NULL, NULL },
};
/* clang-format on */

static int compare_key(const void *key, const void *provider)
{
	return str_compare(key, ((const struct provider *)provider)->key);
}

const struct provider *provider_find(const char *key)
{
	return key ? bsearch(key, providers, LENGTH(providers),
	                     sizeof(providers[0]), compare_key)
	           : NULL;
}

static bool is_field(const struct config_field *fields, const char *name)
{
	for (; fields->name; fields++) {
		if (str_equal(fields->name, name))
			return true;
	}
	return false;
}

static bool is_choice(const struct config_field *field, const char *value)
{
	if (!field->choices[0])
		return true;
	for (size_t i = 0; i < CONFIG_CHOICES && field->choices[i]; i++) {
		if (str_equal(field->choices[i], value))
			return true;
	}
	return false;
}

/* What is wrong with a value that was sent, to be freed; NULL: nothing. */
static char *value_problem(const struct config_field *field, const char *value)
{
	if (!is_choice(field, value))
		return xasprintf("%s must be one of: %s, %s", field->title,
		                 field->choices[0], field->choices[1]);
	if (field->holds && !strstr(value, field->holds))
		return xasprintf("%s has an invalid format", field->title);
	if (field->url && !str_starts(value, "http://") &&
	    !str_starts(value, "https://"))
		return xasprintf("%s has an invalid format", field->title);
	return NULL;
}

struct resolving {
	json_t *given;
	enum config_when when;
	json_t *values;
	FILE *problems;
	unsigned problem_count;
};

static void add_problem(struct resolving *resolving, const char *text)
{
	fprintf(resolving->problems, "%s%s",
	        resolving->problem_count++ ? ", " : "", text);
}

static void resolve_missing(struct resolving *resolving,
                            const struct config_field *field)
{
	if (!field->optional) {
		CLEANUP(textp)
		char *text = xasprintf("%s is required", field->title);

		add_problem(resolving, text);
		return;
	}
	if (resolving->when == CONFIG_UPDATE)
		json_object_set_new(resolving->values, field->name,
		                    json_string(""));
}

static void resolve_field(struct resolving *resolving,
                          const struct config_field *field)
{
	const json_t *given = json_object_get(resolving->given, field->name);
	const char *value = json_string_value(given);

	if (!given && resolving->when == CONFIG_UPDATE)
		return;
	if ((!value || !*value) && resolving->when == CONFIG_CREATE)
		value = field->fallback;
	if (!value || !*value) {
		resolve_missing(resolving, field);
		return;
	}

	CLEANUP(textp) char *problem = value_problem(field, value);

	if (problem)
		add_problem(resolving, problem);
	else
		json_object_set_new(resolving->values, field->name,
		                    json_string(value));
}

static void resolve(struct resolving *resolving,
                    const struct config_field *fields)
{
	const char *name;
	json_t *value;

	json_object_foreach (resolving->given, name, value) {
		CLEANUP(textp) char *text = xasprintf("Unknown field %s", name);

		if (!is_field(fields, name))
			add_problem(resolving, text);
	}
	for (; fields->name; fields++)
		resolve_field(resolving, fields);
}

json_t *provider_config(const struct provider *provider, json_t *given,
                        enum config_when when, char **problem)
{
	size_t length;
	json_auto_t *values = json_object();
	struct resolving resolving = {
		.given = given,
		.when = when,
		.values = values,
		.problems = xmemstream(problem, &length),
	};

	if (provider->config)
		resolve(&resolving, provider->config);
	else
		add_problem(&resolving, "This provider does not accept "
		                        "integration configuration");
	(void)fclose(resolving.problems);
	if (resolving.problem_count)
		return NULL;
	free(*problem);
	*problem = NULL;
	return json_incref(values);
}
