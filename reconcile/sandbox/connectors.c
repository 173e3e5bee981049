/* SPDX-License-Identifier: MIT */
#include "sandbox/connectors.h"
#include "base/text.h"

#include <stdlib.h>

/* clang-format off */
const struct connector connectors[] = {
	{ "airtable", "Airtable", { "database" }, { "oauth2", "api_key" }, true,
	  { "data.records:read", "schema.bases:read" } },
	{ "asana", "Asana", { "project-management" }, { "oauth2" }, false,
	  { "default" } },
	{ "bigcommerce", "BigCommerce", { "commerce" }, { "oauth2" }, true, { NULL } },
	{ "box", "Box", { "files" }, { "oauth2" }, false,
	  { "root_readwrite" } },
	{ "calendly", "Calendly", { "calendar" }, { "oauth2" }, false, { NULL } },
	{ "clickup", "ClickUp", { "project-management" }, { "oauth2" }, false, { NULL } },
	{ "confluence", "Confluence", { "documents" }, { "oauth2" }, true, { NULL } },
	{ "discord", "Discord", { "communication" }, { "oauth2" }, false,
	  { "identify" } },
	{ "dropbox", "Dropbox", { "files" }, { "oauth2" }, false, { NULL } },
	{ "figma", "Figma", { "design" }, { "oauth2" }, false, { NULL } },
	{ "freshdesk", "Freshdesk", { "support" }, { "basic" }, false, { NULL } },
	{ "github", "GitHub", { "developer" }, { "oauth2" }, false,
	  { "read:user", "repo" } },
	{ "gitlab", "GitLab", { "developer" }, { "oauth2" }, false,
	  { "read_user", "api" } },
	{ "gmail", "Gmail", { "communication", "email" }, { "oauth2" }, true,
	  { "https://www.googleapis.com/auth/gmail.modify" } },
	{ "google", "Google", { "productivity" }, { "oauth2" }, true,
	  { "openid", "email", "profile" } },
	{ "hubspot", "HubSpot", { "crm", "marketing" }, { "oauth2" }, false,
	  { "oauth", "crm.objects.contacts.read" } },
	{ "intercom", "Intercom", { "support" }, { "oauth2" }, false, { NULL } },
	{ "jira", "Jira", { "project-management" }, { "oauth2" }, true,
	  { "read:jira-work", "offline_access" } },
	{ "linear", "Linear", { "project-management" },
	  { "oauth2", "api_key" }, false,
	  { "read" } },
	{ "mailchimp", "Mailchimp", { "marketing" }, { "oauth2" }, false, { NULL } },
	{ "microsoft", "Microsoft 365", { "productivity" }, { "oauth2" }, true,
	  { "User.Read", "offline_access" } },
	{ "monday", "monday.com", { "project-management" }, { "oauth2" }, false, { NULL } },
	{ "notion", "Notion", { "documents" }, { "oauth2" }, false, { NULL } },
	{ "outlook", "Outlook", { "communication", "email" }, { "oauth2" }, true,
	  { "Mail.ReadWrite", "offline_access" } },
	{ "pipedrive", "Pipedrive", { "crm" }, { "oauth2" }, false, { NULL } },
	{ "quickbooks", "QuickBooks", { "accounting" }, { "oauth2" }, true, { NULL } },
	{ "salesforce", "Salesforce", { "crm" }, { "oauth2" }, true,
	  { "api", "refresh_token" } },
	{ "sendgrid", "SendGrid", { "email" }, { "api_key" }, false, { NULL } },
	{ "shopify", "Shopify", { "commerce" }, { "oauth2" }, false, { NULL } },
	{ "slack", "Slack", { "communication" }, { "oauth2" }, false,
	  { "channels:read", "chat:write" } },
	{ "stripe", "Stripe", { "payments" }, { "oauth2", "api_key" }, true, { NULL } },
	{ "trello", "Trello", { "project-management" }, { "oauth1" }, false, { NULL } },
	{ "twilio", "Twilio", { "communication" }, { "basic" }, false, { NULL } },
	{ "typeform", "Typeform", { "forms" }, { "oauth2" }, false, { NULL } },
	{ "xero", "Xero", { "accounting" }, { "oauth2" }, true,
	  { "openid", "accounting.transactions", "offline_access" } },
	{ "zendesk", "Zendesk", { "support" }, { "oauth2", "basic" }, false, { NULL } },
	{ "zoom", "Zoom", { "communication" }, { "oauth2" }, false,
	  { "user:read" } },
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
