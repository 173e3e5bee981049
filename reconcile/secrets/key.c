/* SPDX-License-Identifier: MIT */
/* Where the fingerprint key comes from, and making one. */
#include "secrets/secrets.h"

#include "base/file.h"
#include "base/text.h"
#include "schema/codes.h"
#include "secrets/private_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char key_variable[] = "TRUEUP_FINGERPRINT_KEY";
static const char file_variable[] = "TRUEUP_FINGERPRINT_KEY_FILE";

enum { KEY_TEXT_SIZE = 2 * HASH_BYTES + 1 };

static const char *variable(const struct variables *variables, const char *name)
{
	const char *value = variables_get(variables, name);

	/* Pipelines set what they do not know to nothing. */
	return value && *value ? value : NULL;
}

static int parse(const char *text, const char *from, struct place place,
                 struct fingerprint_key **out, struct diag *diag)
{
	uint8_t bytes[HASH_BYTES];
	size_t parsed = 0;
	int result = 0;

	if (sodium_hex2bin(bytes, sizeof(bytes), text, strlen(text), NULL,
	                   &parsed, NULL) != 0 ||
	    parsed != sizeof(bytes))
		result = diag_error(diag, CODE_FINGERPRINT_KEY, place,
		                    "`%s` does not hold 64 hexadecimal digits; "
		                    "make such a key with `openssl rand -hex "
		                    "32`",
		                    from);
	else
		*out = fingerprint_key_new(bytes);
	explicit_bzero(bytes, sizeof(bytes));
	return result;
}

/* 0 with *out NULL when the file is not there. */
static int load_file(const char *path, struct fingerprint_key **out,
                     struct diag *diag)
{
	CLEANUP(buffer_wipe) struct buffer buffer = { 0 };
	CLEANUP(textp) char *folder = path_folder(path);
	const struct private_file file = {
		.folder = folder,
		.rest = path_name(path),
		.shown = path,
		.flags = PRIVATE_FILE_OPERATORS,
		.code = CODE_FINGERPRINT_KEY,
		.place = { .file = path },
	};

	switch (private_file_read(&file, &buffer, diag)) {
	case SECRET_UNRESOLVED:
		return 0;
	case SECRET_REFUSED:
		return -1;
	case SECRET_RESOLVED:
		break;
	}
	if (buffer.length && buffer.bytes[buffer.length - 1] == '\n')
		buffer.bytes[--buffer.length] = '\0';
	return parse(buffer.bytes, path, file.place, out, diag);
}

/* ---- making one ---- */

static int write_new(const char *path)
{
	uint8_t bytes[HASH_BYTES];
	char text[KEY_TEXT_SIZE + 1];
	CLEANUP(fdp)
	int fd =
		open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	             S_IRUSR | S_IWUSR);
	ssize_t put;

	if (fd < 0)
		return -1;
	random_bytes(bytes, sizeof(bytes));
	text_hex(text, bytes, sizeof(bytes));
	text[KEY_TEXT_SIZE - 1] = '\n';
	put = write(fd, text, KEY_TEXT_SIZE);
	explicit_bzero(bytes, sizeof(bytes));
	explicit_bzero(text, sizeof(text));
	return put == KEY_TEXT_SIZE ? fsync(fd) : -1;
}

/* Whole or not at all, and never over one that is there: two runs that start
 * at once end up with the same key. 1 when it was made, 0 when it was there. */
static int put_new(const char *path)
{
	uint8_t bytes[8];
	char hex[2 * sizeof(bytes) + 1];
	int result, why;

	random_bytes(bytes, sizeof(bytes));
	text_hex(hex, bytes, sizeof(bytes));

	CLEANUP(textp) char *temporary = xasprintf("%s.%s", path, hex);

	result = write_new(temporary) == 0 && link(temporary, path) == 0;
	why = errno;
	(void)unlink(temporary);
	errno = why;
	if (!result && why != EEXIST)
		return -1;
	return result;
}

static int make_file(const char *path, struct diag *diag)
{
	const struct place place = { .file = path };

	switch (put_new(path)) {
	case 0:
		return 0;
	case 1:
		diag_info(diag, CODE_FINGERPRINT_KEY_MADE, place,
		          "made the key for fingerprints of secrets, `%s`; "
		          "keep it: without it none can be compared",
		          path);
		return 0;
	default:
		return diag_error(diag, CODE_FINGERPRINT_KEY, place,
		                  "`%s` cannot be made: %s; make its folder "
		                  "yours, or set %s",
		                  path, strerror(errno), key_variable);
	}
}

static int make(const char *above, const char *path,
                struct fingerprint_key **out, struct diag *diag)
{
	CLEANUP(textp) char *folder = path_folder(path);

	(void)mkdir(above, S_IRWXU); /* ~/.config; most often it is there */
	if (folder_make_private(folder, diag) < 0 || make_file(path, diag) < 0)
		return -1;
	return load_file(path, out, diag);
}

/* Where configuration lies; NULL when nobody says. For free(). */
static char *config_folder(const struct variables *variables)
{
	const char *config = variable(variables, "XDG_CONFIG_HOME");
	const char *home = variable(variables, "HOME");

	if (config && config[0] == '/')
		return xstrdup(config);
	return home ? path_join(home, ".config") : NULL;
}

static int load_made(const struct variables *variables,
                     enum fingerprint_key_flags flags,
                     struct fingerprint_key **out, struct diag *diag)
{
	CLEANUP(textp) char *above = config_folder(variables);
	CLEANUP(textp) char *path = NULL;

	if (!above)
		return 0;
	path = path_join(above, "trueup/fingerprint-key");
	if (load_file(path, out, diag) < 0)
		return -1;
	if (*out || !(flags & FINGERPRINT_KEY_MAKE))
		return 0;
	return make(above, path, out, diag);
}

int fingerprint_key_load(const struct variables *variables,
                         enum fingerprint_key_flags flags,
                         struct fingerprint_key **out, struct diag *diag)
{
	const char *text = variable(variables, key_variable);
	const char *path = variable(variables, file_variable);

	*out = NULL;
	if (text)
		return parse(text, key_variable, PLACE_NONE, out, diag);
	if (!path)
		return load_made(variables, flags, out, diag);
	if (load_file(path, out, diag) < 0)
		return -1;
	if (*out)
		return 0;
	return diag_error(diag, CODE_FINGERPRINT_KEY,
	                  (struct place){ .file = path },
	                  "the file `%s` of %s is not there; correct the path",
	                  path, file_variable);
}
