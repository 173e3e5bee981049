/* SPDX-License-Identifier: MIT */
/* The admin side of faults: list modes and rules. */
#include "base/text.h"
#include "document/document.h"
#include "sandbox/answer.h"
#include "sandbox/call.h"
#include "sandbox/members.h"

#include <stdlib.h>

void admin_set_list_mode(struct call *call)
{
	static const struct member member_rows[] = {
		{ "mode", MEMBER_TEXT, MEMBER_REQUIRED, 100 },
		{ "times", MEMBER_COUNT, 0, 0 },
	};
	static const struct members members = { member_rows,
		                                LENGTH(member_rows), NULL };
	struct list_modes *modes = &call->sandbox->faults.modes;

	if (members_check(call, call->body, &members) < 0)
		return;

	const json_t *times = json_object_get(call->body, "times");
	const char *mode =
		json_string_value(json_object_get(call->body, "mode"));

	enum refusal refusal =
		list_modes_set(modes, call->sandbox->dialect, mode,
	                       times ? json_integer_value(times) : -1);

	if (refusal != REFUSE_NOTHING)
		(void)answer_refuse(call, refusal, mode);
	else
		answer_json(call->reply, 200,
		            json_pack("{s:s}", "mode", list_modes_name(modes)));
}

void admin_show_faults(struct call *call)
{
	const struct faults *faults = &call->sandbox->faults;

	answer_json(call->reply, 200,
	            json_pack("{s:o, s:I}", "faults",
	                      fault_rules_json(&faults->rules), "pending",
	                      (json_int_t)faults->pending));
}

/* All that is wrong, with its places. */
static void refuse_faults(struct call *call, const struct diag *diag)
{
	char *text = NULL;
	size_t length;
	FILE *out = xmemstream(&text, &length);

	diag_write(diag, out, DIAG_PLAIN);
	(void)fclose(out);
	(void)answer_refuse(call, REFUSE_BAD_FAULTS, text);
	free(text);
}

void admin_set_faults(struct call *call)
{
	CLEANUP(documents_freep) struct documents *documents = documents_new();
	CLEANUP(diag_freep) struct diag *diag = diag_new();
	struct sandbox *sandbox = call->sandbox;
	const struct fault_source source = {
		.documents = documents,
		.display = "body",
		.bytes = call->http->body,
		.length = call->http->body_length,
	};

	if (fault_rules_read(&sandbox->faults.rules, sandbox->dialect, &source,
	                     diag) < 0)
		refuse_faults(call, diag);
	else
		admin_show_faults(call);
}

void admin_clear_faults(struct call *call)
{
	fault_rules_release(&call->sandbox->faults.rules);
	admin_show_faults(call);
}

void admin_hurry_faults(struct call *call)
{
	call->reply->hurried = true;
	answer_json(call->reply, 200, json_pack("{s:b}", "success", 1));
}
