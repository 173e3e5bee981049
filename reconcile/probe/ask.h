/* SPDX-License-Identifier: MIT */
/* Ask: the requests of a probe. */
#ifndef RECONCILE_PROBE_ASK_H
#define RECONCILE_PROBE_ASK_H

#include "http/http.h"
#include "probe/probe.h"

/* The answer is lent for the call. */
typedef void ask_done_fn(const struct http_answer *answer, void *context);

/* Each sends one request, once, and waits. -1: the network module. */
int ask_token(const struct probe_subject *subject,
              const struct http_settings *settings, ask_done_fn *done,
              void *context, struct diag *diag) MUST_CHECK;
int ask_authorize(const struct probe_subject *subject,
                  const struct http_settings *settings, ask_done_fn *done,
                  void *context, struct diag *diag) MUST_CHECK;
int ask_once(const struct http_request *request,
             const struct http_settings *settings, ask_done_fn *done,
             void *context, struct diag *diag) MUST_CHECK;

/* The value of `name` in a URL's query or fragment, decoded; NULL without
 * one. */
char *ask_parameter(const char *url, const char *name) MUST_CHECK;

/* A code of one word, as providers have them; anything else could be an echo
 * of what was sent. */
bool ask_is_code(const char *text);

/* Takes `evidence` over. */
void finding_set(struct probe_finding *finding, enum probe_verdict verdict,
                 char *evidence);

#endif
