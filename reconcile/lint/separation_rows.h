/* SPDX-License-Identifier: MIT */
/* Separation rows: rules E1-E6 between environments, Q1 on quotas, P1 on
 * profiles, T4 on the policy, W1 and W2 on waivers. A row: as in
 * redirect_rows.h. */
#ifndef RECONCILE_LINT_SEPARATION_ROWS_H
#define RECONCILE_LINT_SEPARATION_ROWS_H

/* clang-format off */
#define SEPARATION_ROWS(ROW) \
	ROW(connector_unknown, "connector-unknown", "P1", LINT_INFO, \
	    "a connector has no profile", \
	    "schema/connectors", \
	    "connector: slack", \
	    "connector: slakc", \
	    "Only the rules that hold for every provider are checked. Said " \
	    "once for each connector.") \
	ROW(environment_api_key, "environment-api-key", "E6", LINT_ERROR, \
	    "two environments have one API key", \
	    "practice: separate environments", \
	    "{ dev: { platform: { apiKey: { env: DEV_KEY } } }, " \
	    "prod: { platform: { apiKey: { env: PROD_KEY } } } }", \
	    "{ dev: { platform: { apiKey: { env: KEY } } }, " \
	    "prod: { platform: { apiKey: { env: KEY } } } }", \
	    "What one environment changes or prunes, the other one uses.") \
	ROW(environment_client_id, "environment-client-id", "E1", LINT_ERROR, \
	    "two environments have one client id", \
	    "practice: separate environments", \
	    "{ dev: { client: { id: \"1.1\" } }, " \
	    "prod: { client: { id: \"2.2\" } } }", \
	    "{ dev: { client: { id: \"1.1\" } }, " \
	    "prod: { client: { id: \"1.1\" } } }", \
	    "One OAuth app in both: tokens, consents and quotas are shared, " \
	    "and rotating for one breaks the other.") \
	ROW(environment_dev_host, "environment-dev-host", "E3", LINT_ERROR, \
	    "production redirects to a development host", \
	    "practice: separate environments; RFC 8252 7.3", \
	    "{ prod: { redirectUri: https://app.example.com/callback } }", \
	    "{ prod: { redirectUri: https://dev.app.example.com/callback } }", \
	    "Codes of real users would be handed to a developer's machine, " \
	    "a tunnel or a test server.") \
	ROW(environment_duplicate, "environment-duplicate", "E5", LINT_ERROR, \
	    "two files name one environment", \
	    "practice: separate environments", \
	    "{ dev: { environment: dev }, prod: { environment: prod } }", \
	    "{ dev: { environment: dev }, prod: { environment: dev } }", \
	    "Each would take the other's auth configs for its own orphans.") \
	ROW(environment_name, "environment-name", "E5", LINT_ERROR, \
	    "an environment's name and its file disagree", \
	    "practice: separate environments", \
	    "{ prod: { environment: prod } }", \
	    "{ prod: { environment: dev } }", \
	    "The name is missing, or the file or its folder names another " \
	    "environment: a copy that was not finished.") \
	ROW(environment_origin, "environment-origin", "E6", LINT_INFO, \
	    "two environments are at one origin", \
	    "practice: separate environments", \
	    "{ dev: { platform: { url: \"https://a.example\" } }, " \
	    "prod: { platform: { url: \"https://b.example\" } } }", \
	    "{ dev: { platform: { url: \"https://a.example\" } }, " \
	    "prod: { platform: { url: \"https://a.example\" } } }", \
	    "Usual where one host serves all tenants: then only the API key " \
	    "keeps them apart.") \
	ROW(environment_prod_host, "environment-prod-host", "E4", \
	    LINT_WARNING, \
	    "development redirects to a production host", \
	    "practice: separate environments", \
	    "{ dev: { redirectUri: https://dev.example.com/callback } }", \
	    "{ dev: { redirectUri: https://prod.app.example.com/callback } }", \
	    "Test traffic would reach the live application.") \
	ROW(environment_secret_source, "environment-secret-source", "E2", \
	    LINT_WARNING, \
	    "two environments name one secret", \
	    "practice: separate environments", \
	    "{ dev: { client: { secret: { env: DEV_SECRET } } }, " \
	    "prod: { client: { secret: { env: PROD_SECRET } } } }", \
	    "{ dev: { client: { secret: { env: SECRET } } }, " \
	    "prod: { client: { secret: { env: SECRET } } } }", \
	    "In one run both get one value. Where each pipeline sets its " \
	    "own, a waiver says so.") \
	ROW(environment_secret_unchecked, "environment-secret-unchecked", \
	    "E2", LINT_INFO, \
	    "secrets of two environments were not compared", \
	    "practice: separate environments", \
	    "{ dev: { client: { secret: { env: A } } }, " \
	    "prod: { client: { secret: { env: B } } } }", \
	    "{ dev: { client: { secret: { env: A } } }, " \
	    "prod: { client: { secret: { env: B } } } }", \
	    "Their values were not at hand. Where both are, equal ones are " \
	    "found.") \
	ROW(environment_secret_value, "environment-secret-value", "E2", \
	    LINT_ERROR, \
	    "two environments have one secret", \
	    "practice: separate environments", \
	    "{ dev: { client: { secret: { env: A } } }, " \
	    "prod: { client: { secret: { env: B } } } }", \
	    "{ dev: { client: { secret: { env: A } } }, " \
	    "prod: { client: { secret: { env: B } } } }", \
	    "Found by comparing keyed hashes. Whoever knows the development " \
	    "secret knows production's.") \
	ROW(policy_guard, "policy-guard", "T4", LINT_WARNING, \
	    "a guard is lower than usual", \
	    "`policy` of the file", \
	    "{ policy: { maxDeletes: 1 }, " \
	    "redirectUri: https://app.example.com/callback }", \
	    "{ policy: { maxDeletes: 50 }, " \
	    "redirectUri: https://app.example.com/callback }", \
	    "Guards stop a run that does too much. Who wants it to pass can " \
	    "lower them in the same change, so that is always shown. " \
	    "--policy FILE holds limits that no file can lower.") \
	ROW(policy_rule, "policy-rule", "T4", LINT_WARNING, \
	    "a rule is less grave than usual", \
	    "`policy.rules` of the file", \
	    "{ policy: { rules: { redirect-http: error } }, " \
	    "redirectUri: https://app.example.com/callback }", \
	    "{ policy: { rules: { redirect-http: off } }, " \
	    "redirectUri: https://app.example.com/callback }", \
	    "Who breaks a rule can silence it in the same change, so that " \
	    "is always shown, and where the rule would stop apply it " \
	    "counts only with --accept-waivers.") \
	ROW(quota_configs, "quota-configs", "Q1", LINT_WARNING, \
	    "more OAuth apps than a provider lets one own", \
	    "the connector's profile", \
	    "connector: github", \
	    "connector: github", \
	    "Counted by client id. Some limits hold for an account, others " \
	    "for a project: the profile says which.") \
	ROW(quota_redirects, "quota-redirects", "Q1", LINT_ERROR, \
	    "more redirect URIs than an app may have", \
	    "the connector's profile", \
	    "{ a: { connector: example, client: { id: abc }, " \
	    "redirectUri: https://app.example.com/callback } }", \
	    "{ a: { connector: example, client: { id: abc }, " \
	    "redirectUri: https://app.example.com/callback }, " \
	    "b: { connector: example, client: { id: abc }, " \
	    "redirectUri: https://app.example.com/other } }", \
	    "Counted over the auth configs with one client id: they are one " \
	    "app at the provider.") \
	ROW(quota_scopes, "quota-scopes", "Q1", LINT_ERROR, \
	    "more scopes than an app may ask for", \
	    "the connector's profile", \
	    "{ connector: slack, scopes: [channels:read] }", \
	    "{ connector: slack, scopes: [channels:read] }", \
	    "Counted for each list of scopes.")

#define WAIVER_ROWS(ROW) \
	ROW(waiver_expired, "waiver-expired", "W1", LINT_WARNING, \
	    "a waiver has expired", \
	    "`policy.waivers` of the file", \
	    "{ policy: { waivers: [{ rule: redirect-http, key: app, " \
	    "reason: moving in spring, expires: \"2027-04-30\" }] }, " \
	    "redirectUri: http://app.example.com/callback }", \
	    "{ policy: { waivers: [{ rule: redirect-http, key: app, " \
	    "reason: moving in spring, expires: \"2026-04-30\" }] }, " \
	    "redirectUri: http://app.example.com/callback }", \
	    "It no longer counts. Mend what it was about, or give it a new " \
	    "day with a reason that still holds.") \
	ROW(waiver_unused, "waiver-unused", "W2", LINT_INFO, \
	    "a waiver waives nothing", \
	    "`policy.waivers` of the file", \
	    "{ policy: { waivers: [{ rule: redirect-http, key: app, " \
	    "reason: moving in spring, expires: \"2027-04-30\" }] }, " \
	    "redirectUri: http://app.example.com/callback }", \
	    "{ policy: { waivers: [{ rule: redirect-http, key: app, " \
	    "reason: moving in spring, expires: \"2027-04-30\" }] }, " \
	    "redirectUri: https://app.example.com/callback }", \
	    "Remove it, so that it cannot hide what comes later.")
/* clang-format on */

#endif
