/* SPDX-License-Identifier: MIT */
/* Requests: their bodies. The only place where a secret
 * becomes part of something that is sent. */
#ifndef RECONCILE_PLATFORM_REQUEST_H
#define RECONCILE_PLATFORM_REQUEST_H

#include "base/file.h"
#include "platform/binding.h"

/* The variant for a verb and an ownership; NULL after reporting CODE_REQUEST.
 */
const struct operation *request_operation(
	const struct binding *binding, const struct platform_request *request,
	struct place place, struct diag *diag) MUST_CHECK;

/*
 * The body's bytes, for buffer_wipe(); nothing of it is left elsewhere. -1
 * after reporting CODE_REQUEST. Fields of other variants are left out.
 */
int request_body(const struct binding *binding,
                 const struct operation *operation,
                 const struct platform_request *request, struct place place,
                 struct buffer *out, struct diag *diag) MUST_CHECK;

#endif
