/* SPDX-License-Identifier: MIT */
#include "sandbox/connectors.h"
#include "base/text.h"

#include <stdlib.h>

/* clang-format off */
const struct connector connectors[] = {
	{ "airtable", "Airtable", { "database" }, { "oauth2", "api_key" }, true },
	{ "asana", "Asana", { "project-management" }, { "oauth2" }, false },
	{ "bigcommerce", "BigCommerce", { "commerce" }, { "oauth2" }, true },
	{ "box", "Box", { "files" }, { "oauth2" }, false },
	{ "calendly", "Calendly", { "calendar" }, { "oauth2" }, false },
	{ "clickup", "ClickUp", { "project-management" }, { "oauth2" }, false },
	{ "confluence", "Confluence", { "documents" }, { "oauth2" }, true },
	{ "discord", "Discord", { "communication" }, { "oauth2" }, false },
	{ "dropbox", "Dropbox", { "files" }, { "oauth2" }, false },
	{ "figma", "Figma", { "design" }, { "oauth2" }, false },
	{ "freshdesk", "Freshdesk", { "support" }, { "basic" }, false },
	{ "github", "GitHub", { "developer" }, { "oauth2" }, false },
	{ "gitlab", "GitLab", { "developer" }, { "oauth2" }, false },
	{ "gmail", "Gmail", { "communication", "email" }, { "oauth2" }, true },
	{ "google", "Google", { "productivity" }, { "oauth2" }, true },
	{ "hubspot", "HubSpot", { "crm", "marketing" }, { "oauth2" }, false },
	{ "intercom", "Intercom", { "support" }, { "oauth2" }, false },
	{ "jira", "Jira", { "project-management" }, { "oauth2" }, true },
	{ "linear", "Linear", { "project-management" },
	  { "oauth2", "api_key" }, false },
	{ "mailchimp", "Mailchimp", { "marketing" }, { "oauth2" }, false },
	{ "microsoft", "Microsoft 365", { "productivity" }, { "oauth2" }, true },
	{ "monday", "monday.com", { "project-management" }, { "oauth2" }, false },
	{ "notion", "Notion", { "documents" }, { "oauth2" }, false },
	{ "outlook", "Outlook", { "communication", "email" }, { "oauth2" }, true },
	{ "pipedrive", "Pipedrive", { "crm" }, { "oauth2" }, false },
	{ "quickbooks", "QuickBooks", { "accounting" }, { "oauth2" }, true },
	{ "salesforce", "Salesforce", { "crm" }, { "oauth2" }, true },
	{ "sendgrid", "SendGrid", { "email" }, { "api_key" }, false },
	{ "shopify", "Shopify", { "commerce" }, { "oauth2" }, false },
	{ "slack", "Slack", { "communication" }, { "oauth2" }, false },
	{ "stripe", "Stripe", { "payments" }, { "oauth2", "api_key" }, true },
	{ "trello", "Trello", { "project-management" }, { "oauth1" }, false },
	{ "twilio", "Twilio", { "communication" }, { "basic" }, false },
	{ "typeform", "Typeform", { "forms" }, { "oauth2" }, false },
	{ "xero", "Xero", { "accounting" }, { "oauth2" }, true },
	{ "zendesk", "Zendesk", { "support" }, { "oauth2", "basic" }, false },
	{ "zoom", "Zoom", { "communication" }, { "oauth2" }, false },
};
/* clang-format on */

const size_t connector_count = LENGTH(connectors);

static int compare_id(const void *id, const void *connector)
{
	return str_compare(id, ((const struct connector *)connector)->id);
}

const struct connector *connector_find(const char *id)
{
	return bsearch(id, connectors, LENGTH(connectors),
	               sizeof(connectors[0]), compare_id);
}

bool connector_offers(const struct connector *connector,
                      const char *authentication)
{
	for (size_t i = 0; i < CONNECTOR_WORDS; i++) {
		if (connector->authentications[i] &&
		    str_equal(connector->authentications[i], authentication))
			return true;
	}
	return false;
}

bool authentication_is_known(const char *authentication)
{
	for (size_t i = 0; i < LENGTH(connectors); i++) {
		if (connector_offers(&connectors[i], authentication))
			return true;
	}
	return false;
}
