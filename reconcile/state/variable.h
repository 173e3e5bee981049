/* SPDX-License-Identifier: MIT */
/*
 * Variables in texts: `${env:TRUEUP_VAR_NAME}` and nothing else, so that no
 * file can read what it was not meant to; `$${` is a plain `${`.
 */
#ifndef RECONCILE_STATE_VARIABLE_H
#define RECONCILE_STATE_VARIABLE_H

#include "base/diag.h"

struct reader;

/*
 * The text filled in, in the reader's arena, or the text itself. NULL after
 * reporting CODE_VARIABLE_NAME, _UNSET or _VALUE at `place`; with
 * DESIRED_LENIENT one that is unset is a warning, and the text stays as it is.
 */
const char *variables_fill(struct reader *reader, const char *text,
                           struct place place);

#endif
