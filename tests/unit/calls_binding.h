/* SPDX-License-Identifier: MIT */
/* A binding with the calls beside those of the auth config, and all that its
 * reads and errors can say. */
#ifndef TESTS_UNIT_CALLS_BINDING_H
#define TESTS_UNIT_CALLS_BINDING_H

#include "base/text.h"
#include "unit.h"

#include <string.h>

static const char calls_binding[] =
	"platform: calls\n"
	"url: https://api.example.com\n"
	"headers:\n"
	"  Authorization: \"Basic {base64(secret.apiKey + ':')}\"\n"
	"errors: { message: [/m], code: [/c], gone: [607], requestId: /r }\n"
	"list:\n"
	"  path: /x\n"
	"  items: /i\n"
	"  page:\n"
	"    kind: cursor\n"
	"    parameter: cursor\n"
	"    next: /next\n"
	"    limit: { parameter: limit, size: 50 }\n"
	"    total: /t\n"
	"    fallback: number\n"
	"get: { path: \"/x/{id}\", object: \"\" }\n"
	"create:\n"
	"  - when: { ownership: own }\n"
	"    path: /x\n"
	"    id: /id\n"
	"    errors: { message: [/e], code: [/k] }\n"
	"    fields:\n"
	"      connector: { at: /c, pattern: \"^[a-z]+$\" }\n"
	"      name: /n\n"
	"      client.id: /ci\n"
	"      client.secret: /cs\n"
	"      scopes: { at: /s, pattern: \"^[a-z:]+$\" }\n"
	"  - when: { ownership: managed }\n"
	"    path: /x/managed\n"
	"    id: /id\n"
	"    fields: { connector: /c, name: /n }\n"
	"update:\n"
	"  semantics: merge\n"
	"  variants:\n"
	"    - method: PATCH\n"
	"      path: \"/x/{id}\"\n"
	"      object: \"\"\n"
	"      fields:\n"
	"        name: /n\n"
	"        client.id: /ci\n"
	"        client.secret: /cs\n"
	"        scopes: { at: /s, pattern: \"^[a-z:]+$\" }\n"
	"setEnabled:\n"
	"  path: \"/x/{id}/{value}\"\n"
	"  map: { true: \"ON\", false: \"OFF\" }\n"
	"  initial: true\n"
	"delete: { path: \"/x/{id}\" }\n"
	"connections:\n"
	"  path: /users\n"
	"  items: /users\n"
	"  match: /config\n"
	"  most: 5\n"
	"  page: { kind: none }\n"
	"settleMs: 250\n"
	"read:\n"
	"  id: /id\n"
	"  present: { at: /cr, permission: \"configs:read_all\" }\n"
	"  fields:\n"
	"    connector: /c\n"
	"    name: /n\n"
	"    ownership: { at: /cr/id, empty: managed, filled: own }\n"
	"    client.id: { at: /cr/id, masked: [\"^REDACTED$\"] }\n"
	"    scopes:\n"
	"      at: /s\n"
	"      codec: array_or_csv\n"
	"      masked: [\"REDACTED\"]\n"
	"      empty: none\n"
	"    enabled: { at: /status, map: { ON: true, OFF: false } }\n"
	"  secrets: { client.secret: { readback: masked, at: /cr/secret } }\n"
	"immutable: [connector, ownership]\n";

/* With `from`, which stands in it, turned into `to`; free it. */
static inline char *calls_edited(const char *from, const char *to)
{
	const char *at = strstr(calls_binding, from);

	assert_non_null(at);
	return xasprintf("%.*s%s%s", (int)(at - calls_binding), calls_binding,
	                 to, at + strlen(from));
}

#endif
