/* SPDX-License-Identifier: MIT */
#include "base/hash.h"
#include "base/limits.h"
#include "base/text.h"
#include "sandbox/sandbox.h"
#include "schema/codes.h"

#include <stdlib.h>
#include <string.h>

enum { TOKEN_BYTES = 20, MOST_KEYS = 1000, KEY_FILE_BYTES = 1 << 20 };

static int refuse(const char *path, unsigned line, const char *why,
                  struct diag *diag)
{
	const struct place place = { .file = path, .line = line };

	return diag_error(diag, CODE_SANDBOX_SETTINGS, place,
	                  "%s; write one `KEY` or `NAME: KEY` a line, "
	                  "perhaps with ` scopes=A,B` behind it",
	                  why);
}

static struct sandbox_key split(const char *line, size_t number)
{
	static const char word[] = " scopes=";
	const char *colon = strstr(line, ": ");
	const char *key = colon ? colon + 2 + strspn(colon + 2, " ") : line;
	const char *scopes = strstr(key, word);

	return (struct sandbox_key){
		.name = colon ? xstrndup(line, (size_t)(colon - line))
		              : xasprintf("key-%zu", number),
		.key = scopes ? xstrndup(key, (size_t)(scopes - key))
		              : xstrdup(key),
		.scopes = scopes ? xstrdup(scopes + sizeof(word) - 1) : NULL,
	};
}

static const char *what_is_wrong(const struct sandbox_keys *keys,
                                 const struct sandbox_key *last)
{
	if (!*last->name || !*last->key)
		return "a name or a key is empty";
	if (strpbrk(last->name, " \t\r") || strpbrk(last->key, " \t\r"))
		return "white space in a name or a key";
	if (keys->count > MOST_KEYS)
		return "more than 1,000 keys";
	for (const struct sandbox_key *each = keys->items; each < last;
	     each++) {
		if (str_equal(each->name, last->name))
			return "a name comes twice";
		if (str_equal(each->key, last->key))
			return "a key comes twice";
	}
	return NULL;
}

static int add_line(struct sandbox_keys *keys, size_t *capacity,
                    const char *line)
{
	if (!*line || *line == '#')
		return 0;
	keys->items =
		xgrow(keys->items, keys->count, capacity, sizeof(*keys->items));
	keys->items[keys->count] = split(line, keys->count + 1);
	keys->count++;
	return 1;
}

static int add_lines(struct sandbox_keys *keys, char *text, const char *path,
                     struct diag *diag)
{
	size_t capacity = 0;
	unsigned number = 0;

	for (char *line; (line = strsep(&text, "\n"));) {
		number++;
		if (!add_line(keys, &capacity, line))
			continue;

		const char *wrong =
			what_is_wrong(keys, &keys->items[keys->count - 1]);

		if (wrong)
			return refuse(path, number, wrong, diag);
	}
	return keys->count ? 0 : refuse(path, 0, "there is no key", diag);
}

int sandbox_keys_read(const char *path, struct sandbox_keys *out,
                      struct diag *diag)
{
	CLEANUP(buffer_wipe) struct buffer buffer = { 0 };
	CLEANUP(sandbox_keys_release) struct sandbox_keys keys = { 0 };

	if (file_read(path, KEY_FILE_BYTES, &buffer, diag) < 0 ||
	    add_lines(&keys, buffer.bytes, path, diag) < 0)
		return -1;
	*out = keys;
	keys = (struct sandbox_keys){ 0 };
	return 0;
}

void sandbox_keys_make(struct sandbox_keys *out)
{
	struct sandbox_key *key = xcalloc(1, sizeof(*key));

	key->name = xstrdup("default");
	key->key = sandbox_token_make();
	*out = (struct sandbox_keys){ .items = key, .count = 1 };
}

void sandbox_keys_release(struct sandbox_keys *keys)
{
	for (size_t i = 0; i < keys->count; i++) {
		free(keys->items[i].name);
		free(keys->items[i].key);
		free(keys->items[i].scopes);
	}
	free(keys->items);
	*keys = (struct sandbox_keys){ 0 };
}

char *sandbox_token_read(const char *path, struct diag *diag)
{
	CLEANUP(buffer_wipe) struct buffer buffer = { 0 };

	if (file_read(path, LIMIT_API_KEY_BYTES, &buffer, diag) < 0)
		return NULL;

	size_t length = strcspn(buffer.bytes, "\r\n");

	if (length)
		return xstrndup(buffer.bytes, length);
	(void)diag_error(diag, CODE_SANDBOX_SETTINGS,
	                 (struct place){ .file = path },
	                 "there is no token in its first line; write one");
	return NULL;
}

char *sandbox_token_make(void)
{
	unsigned char bytes[TOKEN_BYTES];
	char hex[2 * TOKEN_BYTES + 1];

	random_bytes(bytes, sizeof(bytes));
	text_hex(hex, bytes, sizeof(bytes));
	return xasprintf("sandbox-%s", hex);
}

int sandbox_omit_parse(const char *word, enum sandbox_omit *omit)
{
	static const char *const words[] = {
		[SANDBOX_OMIT_KEEP] = "keep",
		[SANDBOX_OMIT_REQUIRED] = "required",
		[SANDBOX_OMIT_CLEAR] = "clear",
	};

	for (size_t i = 0; i < LENGTH(words); i++) {
		if (str_equal(words[i], word)) {
			*omit = (enum sandbox_omit)i;
			return 0;
		}
	}
	return -1;
}
