/* SPDX-License-Identifier: MIT */
/* Check: what cannot be a secret, though it stands where one is wanted. */
#ifndef RECONCILE_SECRETS_CHECK_H
#define RECONCILE_SECRETS_CHECK_H

#include <stddef.h>

/*
 * Why `bytes` (NUL-terminated) cannot be a secret, with what to do: empty, a
 * mask, placeholder or ciphertext, white space at an edge, not printable ASCII
 * (RFC 6749 A.2) unless it is a PEM block. NULL when nothing is wrong.
 */
const char *secret_mistake(const char *bytes, size_t length);

#endif
