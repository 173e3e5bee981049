/* SPDX-License-Identifier: MIT */
/* Credential rows: rules V1 on what credentials look like, C1-C3 on their age.
 * A row: as in redirect_rows.h. */
#ifndef RECONCILE_LINT_CREDENTIAL_ROWS_H
#define RECONCILE_LINT_CREDENTIAL_ROWS_H

/* clang-format off */
#define CLIENT_ROWS(ROW) \
	ROW(client_id_form, "client-id-form", "V1", LINT_WARNING, \
	    "a client id has not its provider's form", \
	    "the connector's profile", \
	    "{ connector: slack, " \
	    "client: { id: \"2141029472.691202649728\" } }", \
	    "{ connector: slack, client: { id: A0123456789 } }", \
	    "Providers give ids of one form. Another is often the id of " \
	    "something else: the app, the secret, the other environment's " \
	    "provider.") \
	ROW(client_id_placeholder, "client-id-placeholder", "V1", LINT_ERROR, \
	    "a client id is a placeholder", \
	    "RFC 6749 2.2", \
	    "client: { id: \"2141029472.691202649728\" }", \
	    "client: { id: your-client-id }", \
	    "A value from a template, a mask from a dashboard or the name " \
	    "of a variable in place of its value.") \
	ROW(client_id_secret, "client-id-secret", "V1", LINT_ERROR, \
	    "a secret stands where the client id belongs", \
	    "the connector's profile; RFC 6749 2.3.1", \
	    "{ connector: google, " \
	    "client: { id: 1-a.apps.googleusercontent.com } }", \
	    "{ connector: google, " \
	    "client: { id: GOCSPX-0000000000000000000000000000 } }", \
	    "Ids are public, secrets are not; this file is read by many. " \
	    "Make a new secret at the provider, the old one is known.") \
	ROW(client_id_syntax, "client-id-syntax", "V1", LINT_ERROR, \
	    "a client id has characters that cannot be in one", \
	    "RFC 6749 A.1", \
	    "client: { id: \"2141029472.691202649728\" }", \
	    "client: { id: \" 2141029472.691202649728\" }", \
	    "Ids are printable ASCII. White space or quotes at an end come " \
	    "from copying and give `invalid_client`.")

#define SECRET_ROWS(ROW) \
	ROW(secret_expires_month, "secret-expires-month", "C2", LINT_WARNING, \
	    "a secret expires within 30 days", \
	    "RFC 7591 3.2.1 client_secret_expires_at", \
	    "client: { secretExpires: \"2027-11-23\" }", \
	    "client: { secretExpires: \"2026-12-20\" }", \
	    "When it expires, nobody can connect or refresh any more.") \
	ROW(secret_expires_week, "secret-expires-week", "C2", LINT_ERROR, \
	    "a secret expires within 7 days, or has", \
	    "RFC 7591 3.2.1 client_secret_expires_at", \
	    "client: { secretExpires: \"2027-11-23\" }", \
	    "client: { secretExpires: \"2026-11-28\" }", \
	    "When it expires, nobody can connect or refresh any more.") \
	ROW(secret_form, "secret-form", "V1", LINT_WARNING, \
	    "a secret has not its provider's form", \
	    "the connector's profile", \
	    "client: { secret: { env: GOOGLE_SECRET } }", \
	    "client: { secret: { env: GOOGLE_CLIENT_ID } }", \
	    "Most often an id or an access token stands in its place: " \
	    "swapped, or copied from the wrong field.") \
	ROW(secret_is_id, "secret-is-id", "V1", LINT_ERROR, \
	    "a secret is the client id", \
	    "RFC 6749 2.3.1", \
	    "client: { secret: { env: SLACK_SECRET } }", \
	    "client: { secret: { env: SLACK_CLIENT_ID } }", \
	    "The client id is public and proves nothing.") \
	ROW(secret_old, "secret-old", "C1", LINT_WARNING, \
	    "a secret is older than the policy allows", \
	    "RFC 9700 2.5; `policy.maxSecretAgeDays`", \
	    "client: { secret: { env: SLACK_SECRET } }", \
	    "client: { secret: { env: SLACK_SECRET } }", \
	    "Counted from the day it was last sent. Make a new one at the " \
	    "provider and change its value or secretVersion.") \
	ROW(secret_overdue, "secret-overdue", "C1", LINT_ERROR, \
	    "a secret is far older than the policy allows", \
	    "RFC 9700 2.5; `policy.maxSecretAgeDays`", \
	    "client: { secret: { env: SLACK_SECRET } }", \
	    "client: { secret: { env: SLACK_SECRET } }", \
	    "Twice the allowed age, or more than the provider lets a secret " \
	    "live.") \
	ROW(secret_rotation_open, "secret-rotation-open", "C4", LINT_WARNING, \
	    "a rotation is half finished for too long", \
	    "RFC 9700 2.5; `policy.maxRotationDays`", \
	    "client: { secretVersion: \"2026-12\" }", \
	    "client: { secretVersion: \"2026-12\" }", \
	    "The secret was changed, and nobody has said that the one before " \
	    "it is revoked: whoever has that one can still use it.") \
	ROW(secret_same, "secret-same", "C3", LINT_WARNING, \
	    "a rotation changes nothing", \
	    "RFC 9700 2.5", \
	    "client: { secretVersion: \"2026-12\" }", \
	    "client: { secretVersion: \"2026-12\" }", \
	    "secretVersion was changed, the value was not: the old secret " \
	    "would be sent again and its age start anew.")
/* clang-format on */

#endif
