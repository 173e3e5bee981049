/* SPDX-License-Identifier: MIT */
#include "secrets/secrets.h"

#include "base/limits.h"
#include "base/text.h"
#include "schema/codes.h"
#include "secrets/check.h"
#include "secrets/private_file.h"

#include <string.h>

static const char env_start[] = "env:";
static const char file_start[] = "file:";

/* One secret being resolved. */
struct request {
	const struct secret_settings *settings;
	const char *source;
	struct place place;
	struct diag *diag;
};

static enum secret_found take(const struct request *request, const char *bytes,
                              size_t length, struct secret **out)
{
	const char *mistake = secret_mistake(bytes, length);

	if (mistake) {
		diag_error(request->diag, CODE_SECRET_VALUE, request->place,
		           "the value of `%s` is not used: %s", request->source,
		           mistake);
		return SECRET_REFUSED;
	}
	*out = secret_new(bytes, length);
	return SECRET_RESOLVED;
}

/* ---- variables ---- */

static bool name_allowed(const struct secret_settings *settings,
                         const char *name)
{
	for (size_t i = 0; i < settings->env_glob_count; i++) {
		if (text_glob(settings->env_globs[i], name))
			return true;
	}
	return settings->env_glob_count == 0;
}

static enum secret_found from_env(const struct request *request,
                                  const char *name, struct secret **out)
{
	const char *value;
	size_t length;

	if (!name_allowed(request->settings, name)) {
		diag_error(
			request->diag, CODE_SECRET_NAME, request->place,
			"the variable `%s` is not read: no "
			"--allow-secret-env covers it; rename it or allow it",
			name);
		return SECRET_REFUSED;
	}
	value = variables_get(request->settings->variables, name);
	if (!value)
		return SECRET_UNRESOLVED;
	length = strlen(value);
	if (length <= LIMIT_SECRET_BYTES)
		return take(request, value, length, out);
	diag_error(request->diag, CODE_TOO_LARGE, request->place,
	           "the variable `%s` is larger than %d bytes; a secret is not",
	           name, LIMIT_SECRET_BYTES);
	return SECRET_REFUSED;
}

/* ---- files ---- */

/* What is left of `path` below `folder`; NULL when it lies elsewhere. */
static const char *below(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	while (length && folder[length - 1] == '/')
		length--;
	if (strncmp(path, folder, length) != 0 || path[length] != '/')
		return NULL;
	return path + length + 1;
}

/* Sets where `path` is opened; -1 when nothing allows it. */
static int place_file(const struct secret_settings *settings, const char *path,
                      struct private_file *file)
{
	file->folder = settings->root;
	file->rest = path;
	if (path[0] != '/')
		return settings->root ? 0 : -1;
	file->flags = PRIVATE_FILE_OPERATORS;
	for (size_t i = 0; i < settings->folder_count; i++) {
		file->folder = settings->folders[i];
		file->rest = below(path, file->folder);
		if (file->rest)
			return 0;
	}
	file->flags = PRIVATE_FILE_ROOTS;
	file->folder = settings->root;
	file->rest = settings->root ? below(path, settings->root) : NULL;
	return file->rest ? 0 : -1;
}

/* The one newline that editors end a file with. */
static void drop_newline(struct buffer *buffer)
{
	static const char *const newlines[] = { "\n", "\r" };

	for (size_t i = 0; i < LENGTH(newlines); i++) {
		if (!buffer->length ||
		    buffer->bytes[buffer->length - 1] != newlines[i][0])
			return;
		buffer->bytes[--buffer->length] = '\0';
	}
}

static enum secret_found from_file(const struct request *request,
                                   const char *path, struct secret **out)
{
	CLEANUP(buffer_wipe) struct buffer buffer = { 0 };
	struct private_file file = {
		.shown = path,
		.code = CODE_SECRET_FILE,
		.place = request->place,
	};
	enum secret_found found;

	if (place_file(request->settings, path, &file) < 0)
		return private_file_refuse(
			&file,
			"it lies outside the root and the folders of secrets; "
			"name its folder with --secrets-dir",
			request->diag);
	found = private_file_read(&file, &buffer, request->diag);
	if (found != SECRET_RESOLVED)
		return found;
	drop_newline(&buffer);
	return take(request, buffer.bytes, buffer.length, out);
}

enum secret_found secret_resolve(const struct secret_settings *settings,
                                 const char *source, struct place place,
                                 struct secret **out, struct diag *diag)
{
	const struct request request = { settings, source, place, diag };

	if (str_starts(source, env_start))
		return from_env(&request, source + strlen(env_start), out);
	if (str_starts(source, file_start))
		return from_file(&request, source + strlen(file_start), out);
	diag_error(diag, CODE_SECRET_NAME, place,
	           "`%s` names neither a variable nor a file; write "
	           "{ env: NAME } or { file: PATH }",
	           source);
	return SECRET_REFUSED;
}
