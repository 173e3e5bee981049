/* SPDX-License-Identifier: MIT */
/* Scope rows: rules S1-S6. A row: as in redirect_rows.h. */
#ifndef RECONCILE_LINT_SCOPE_ROWS_H
#define RECONCILE_LINT_SCOPE_ROWS_H

/* clang-format off */
#define SCOPE_ROWS(ROW) \
	ROW(scope_added, "scope-added", "S5", LINT_WARNING, \
	    "a scope is new", \
	    "RFC 6749 3.3, RFC 9700 2.3", \
	    "scopes: [channels:read]", \
	    "scopes: [channels:read, chat:write]", \
	    "Users granted the scopes that were asked for then. What is " \
	    "added works only for those who consent again.") \
	ROW(scope_baseline, "scope-baseline", "S6", LINT_WARNING, \
	    "production asks for a scope that was never tried", \
	    "RFC 9700 2.3", \
	    "{ dev: { scopes: [channels:read] }, " \
	    "prod: { scopes: [channels:read] } }", \
	    "{ dev: { scopes: [channels:read] }, " \
	    "prod: { scopes: [channels:read, chat:write] } }", \
	    "The development environments of the same run are the baseline: " \
	    "production should ask for nothing that they do not.") \
	ROW(scope_broad, "scope-broad", "S3", LINT_WARNING, \
	    "a scope gives far more than one thing", \
	    "RFC 9700 2.3; the connector's profile", \
	    "{ connector: github, scopes: [public_repo] }", \
	    "{ connector: github, scopes: [repo] }", \
	    "A leaked token is worth what its scopes allow. Ask for the " \
	    "narrower one, or waive with the reason why not.") \
	ROW(scope_comma, "scope-comma", "S1", LINT_WARNING, \
	    "a scope has a comma in it", \
	    "RFC 6749 3.3", \
	    "scopes: [channels:read, chat:write]", \
	    "scopes: [\"channels:read,chat:write\"]", \
	    "A comma is legal inside a scope, but some providers split at " \
	    "it, and most such lists were meant as several scopes.") \
	ROW(scope_policy, "scope-policy", "S4", LINT_ERROR, \
	    "a scope is not allowed in this environment", \
	    "RFC 9700 2.3; `policy.scopes` of the file", \
	    "{ policy: { scopes: { slack: { deny: [\"admin*\"] } } }, " \
	    "scopes: [channels:read] }", \
	    "{ policy: { scopes: { slack: { deny: [\"admin*\"] } } }, " \
	    "scopes: [admin.users:read] }", \
	    "The environment's own policy forbids it, or allows only " \
	    "others.") \
	ROW(scope_removed, "scope-removed", "S5", LINT_INFO, \
	    "a scope is asked for no more", \
	    "RFC 6749 3.3", \
	    "scopes: [channels:read, chat:write]", \
	    "scopes: [channels:read]", \
	    "New grants come without it; tokens that exist keep it until " \
	    "they are revoked.") \
	ROW(scope_syntax, "scope-syntax", "S1", LINT_ERROR, \
	    "a scope is no scope token", \
	    "RFC 6749 3.3, A.4", \
	    "scopes: [channels:read]", \
	    "scopes: [\"channels:read chat:write\"]", \
	    "A token is printable ASCII without space, quote and backslash. " \
	    "Scopes stand as items of the list, one each.") \
	ROW(scope_twin, "scope-twin", "S2", LINT_WARNING, \
	    "two scopes differ only in case", \
	    "RFC 6749 3.3", \
	    "{ connector: example, scopes: [repo] }", \
	    "{ connector: example, scopes: [repo, Repo] }", \
	    "Scopes are case-sensitive: one of the two is unknown to the " \
	    "provider.") \
	ROW(scope_unknown, "scope-unknown", "S1", LINT_ERROR, \
	    "the provider has no such scope", \
	    "RFC 6749 4.1.2.1 invalid_scope; the connector's profile", \
	    "{ connector: example, scopes: [read] }", \
	    "{ connector: example, scopes: [red] }", \
	    "The profile lists all scopes there are.") \
	ROW(scope_unlisted, "scope-unlisted", "S1", LINT_INFO, \
	    "a scope is not in the profile", \
	    "the connector's profile", \
	    "{ connector: github, scopes: [read:org] }", \
	    "{ connector: github, scopes: [read:orgs] }", \
	    "The profile's list is not complete, so this says little; look " \
	    "at the spelling.")
/* clang-format on */

#endif
