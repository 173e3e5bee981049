/* SPDX-License-Identifier: MIT */
/*
 * How Composio says no:
 *
 *     {"error": {"message", "slug", "code", "status", "request_id",
 *                "suggested_fix", "errors": [text, …]}}
 *
 * but for the pace, {"message": …}, and for a delete of what is not there, {}.
 * Of its codes only that of a missing auth config, 607, is documented; the
 * others are made up: 10000 and the status.
 */
#include "base/hash.h"
#include "base/text.h"
#include "sandbox/composio.h"

#include <string.h>

enum { CODE_NO_CONFIG = 607, CODE_BASE = 10000, GONE = 410 };
enum { UUID_BYTES = 16, UUID_SIZE = 37 };

static void make_uuid(char out[UUID_SIZE])
{
	unsigned char bytes[UUID_BYTES];
	char hex[2 * UUID_BYTES + 1];

	random_bytes(bytes, sizeof(bytes));
	bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40);
	bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
	text_hex(hex, bytes, sizeof(bytes));
	(void)snprintf(out, UUID_SIZE, "%.8s-%.4s-%.4s-%.4s-%.12s", hex,
	               hex + 8, hex + 12, hex + 16, hex + 20);
}

static bool is_gone(const struct call *call)
{
	return str_starts(call->http->path, "/api/v1/") ||
	       str_starts(call->http->path, "/api/v2/");
}

static void refuse_in_envelope(const struct call *call,
                               const struct refused *refused)
{
	bool missing = refused->refusal == REFUSE_NO_CONFIG;
	int status = refused->refusal == REFUSE_NO_PATH && is_gone(call)
	                     ? GONE
	                     : refused->status;
	char request_id[UUID_SIZE];

	make_uuid(request_id);
	answer_json(
		call->reply, status,
		json_pack("{s:{s:s, s:s, s:i, s:i, s:s, s:s, s:[s]}}", "error",
	                  "message", refused->message, "slug",
	                  missing ? "Auth_Config_NotFound" : "Sandbox_Refused",
	                  "code", missing ? CODE_NO_CONFIG : CODE_BASE + status,
	                  "status", status, "request_id", request_id,
	                  "suggested_fix", "", "errors", refused->message));
}

void composio_refuse(const struct call *call, const struct refused *refused)
{
	if (refused->refusal == REFUSE_TOO_MANY)
		answer_plain_refusal(call, refused);
	else if (refused->refusal == REFUSE_NO_CONFIG &&
	         str_equal(call->http->method, "DELETE"))
		answer_json(call->reply, refused->status, json_object());
	else
		refuse_in_envelope(call, refused);
}
