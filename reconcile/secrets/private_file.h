/* SPDX-License-Identifier: MIT */
/*
 * Private file: opened step by step below a folder, without following a link,
 * and judged by what was opened: a regular file, ours or root's, for nobody
 * else, in folders that not everybody may write to.
 *
 * A file in an operator's folder may also be root's and readable by a group
 * (0440): so containers and service managers hand secrets to a service.
 */
#ifndef RECONCILE_SECRETS_PRIVATE_FILE_H
#define RECONCILE_SECRETS_PRIVATE_FILE_H

#include "secrets/secrets.h"

#include "base/file.h"

enum private_file_flags {
	PRIVATE_FILE_ROOTS = 0,          /* `folder` is the root */
	PRIVATE_FILE_OPERATORS = 1 << 0, /* `folder` is an operator's */
};

struct private_file {
	const char *folder; /* links in it and above it are the operator's */
	const char *rest;   /* below it */
	const char *shown;  /* for reports */
	enum private_file_flags flags;
	unsigned code; /* of reports */
	struct place place;
};

/* SECRET_UNRESOLVED when it is not there; SECRET_REFUSED after reporting. Its
 * bytes are for buffer_wipe(). */
enum secret_found private_file_read(const struct private_file *file,
                                    struct buffer *out, struct diag *diag)
	MUST_CHECK;

/* Reports that it is not read, and why; SECRET_REFUSED. */
enum secret_found private_file_refuse(const struct private_file *file,
                                      const char *why, struct diag *diag);

#endif
