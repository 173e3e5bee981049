/* SPDX-License-Identifier: MIT */
/* An open platform, and what listing and single requests share. */
#ifndef RECONCILE_PLATFORM_INSIDE_H
#define RECONCILE_PLATFORM_INSIDE_H

#include "http/http.h"
#include "platform/answer.h"

struct call;

struct platform {
	const struct binding *binding;
	const struct http_settings *http;
	const struct secret *api_key;
	const struct node *parameters;
	struct place place;
	char *url; /* without a slash at its end */
	char *origin;
	struct http_header *headers;
	char **values; /* of the headers; one holds the key */
	size_t header_count;
	const char *encoded;        /* the key as base64() writes it; or NULL */
	struct http_client *client; /* NULL before the first request */
	struct call *calls;         /* that are open */
	json_t *answer; /* the last one, read into by the next; or NULL */
};

/* ---- host.c: where the key may go (threats T1) ---- */

/* The origin of settings->url, the caller's; NULL after reporting. */
char *host_check(const struct binding *binding,
                 const struct platform_settings *settings, struct diag *diag)
	MUST_CHECK;

/* ---- parameters.c ---- */

int parameters_check(const struct binding *binding,
                     const struct platform_settings *settings,
                     struct diag *diag) MUST_CHECK;
/* A filling's: `context` is the struct platform's. */
const char *parameter_value(const char *name, void *context);

/* ---- send.c ---- */

struct query {
	const char *name, *value;
};

/* What goes into a request's line beside the binding's own words. */
struct target {
	const char *id;    /* or NULL */
	const char *value; /* of a call that sets one field; or NULL */
	struct query queries[2];
	size_t query_count;
};

/* Makes the client at the first call. -1 after reporting. */
int platform_connect(struct platform *platform, struct diag *diag) MUST_CHECK;
/* `body` may be NULL; it is copied. */
void platform_send(struct platform *platform, const struct operation *operation,
                   const struct target *target, const struct buffer *body,
                   http_done_fn *done, void *context);

/* ---- words.c ---- */

bool operation_accepts(const struct operation *operation, int status);

/* What the platform itself says in an answer that is no good one. */
struct remark {
	/* Its words and its code, or ""; cut to a line's length, with the API
	 * key and the request's secrets blanked. */
	char *words;
	char *request_id; /* or NULL */
	bool gone;        /* its code says that there is no such object */
};

/* Blanks the API key and the request's secrets in what quotes an answer;
 * `request` may be NULL. */
void words_blank(const struct platform *platform,
                 const struct platform_request *request, char *words);
void remark_read(const struct platform *platform,
                 const struct operation *operation,
                 const struct platform_request *request,
                 const struct http_answer *answer, struct remark *out);
void remark_release(struct remark *remark);

/* What a failed read means: CODE_UNAUTHORISED, CODE_NETWORK, CODE_PLATFORM.
 * Reported at the platform's place; returns -1. */
int report_answer(const struct platform *platform,
                  const struct operation *operation,
                  const struct http_answer *answer, struct diag *diag);

/* The path as the binding has it, for reports. */
char *path_shown(const struct operation *operation) MUST_CHECK;

#endif
