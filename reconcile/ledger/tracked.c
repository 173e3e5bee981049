/* SPDX-License-Identifier: MIT */
/*
 * Whether git tracks a path: a ledger that came with a repository is somebody
 * else's word (threats T6). Only the index says, and its form is simple:
 *
 *     "DIRC" version:4 count:4 { entry }*       numbers: big end first
 *     entry = 40 bytes (mode at 24), object name: 20 or 32 bytes, flags:2,
 *             from version 3 on 2 more where flags say so, name
 *     name  = up to version 3: bytes, NULs until 8 divides the entry's length;
 *             version 4: how much to cut off the name before, bytes, NUL
 *
 * What does not read so names nothing; the mode of each entry shows which size
 * object names have.
 */
#include "ledger/store.h"

#include "base/file.h"
#include "base/text.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

enum {
	INDEX_BYTES_MAX = 1 << 30,
	HEADER_BYTES = 12,
	MODE_AT = 24,
	NAME_OF_OBJECT_AT = 40,
	EXTENDED = 0x4000,
	ENTRY_NAME_MAX = 4096
};

struct index {
	const unsigned char *at, *end;
	size_t object_bytes;
	uint32_t version, count;
	char name[ENTRY_NAME_MAX];
};

static uint32_t number_at(const unsigned char *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
	       (uint32_t)bytes[2] << 8 | bytes[3];
}

static bool has_header(struct index *index)
{
	if (index->end - index->at < HEADER_BYTES ||
	    memcmp(index->at, "DIRC", 4) != 0)
		return false;
	index->version = number_at(index->at + 4);
	index->count = number_at(index->at + 8);
	index->at += HEADER_BYTES;
	return index->version >= 2 && index->version <= 4;
}

/* A file, a link, a submodule, or the folder of a sparse index. */
static bool is_mode(uint32_t mode)
{
	const uint32_t type = mode >> 12;

	return type == 010 || type == 012 || type == 016 || type == 004;
}

/* How much of the last name stays: git's own offset encoding. */
static size_t take_kept(struct index *index)
{
	const size_t length = strlen(index->name);
	size_t cut = 0;

	while (index->at < index->end) {
		const unsigned char byte = *index->at++;

		cut += byte & 0x7f;
		if (!(byte & 0x80))
			break;
		cut = (cut + 1) << 7;
	}
	return cut > length ? 0 : length - cut;
}

static bool take_name(struct index *index, const unsigned char *entry)
{
	const size_t kept = index->version == 4 ? take_kept(index) : 0;
	const size_t left = (size_t)(index->end - index->at);
	const size_t length = strnlen((const char *)index->at, left);
	size_t size;

	if (length == left || kept + length >= sizeof(index->name))
		return false;
	memcpy(index->name + kept, index->at, length + 1);
	index->at += length + 1;
	if (index->version == 4)
		return true;
	size = (size_t)(index->at - entry);
	size = (8 - size % 8) % 8;
	if (size > (size_t)(index->end - index->at))
		return false;
	index->at += size;
	return true;
}

static bool take_entry(struct index *index)
{
	const unsigned char *entry = index->at;
	const size_t flags_at = NAME_OF_OBJECT_AT + index->object_bytes;
	size_t name_at = flags_at + 2;

	if ((size_t)(index->end - entry) < name_at + 2 ||
	    !is_mode(number_at(entry + MODE_AT)))
		return false;
	if (index->version >= 3 && (entry[flags_at] << 8 & EXTENDED))
		name_at += 2;
	index->at += name_at;
	return take_name(index, entry);
}

enum finding { FINDING_GARBLED, FINDING_ABSENT, FINDING_PRESENT };

/* `wanted`, or `wanted-wal` and the like. */
static enum finding search(const struct buffer *bytes, size_t object_bytes,
                           const char *wanted)
{
	struct index index = { .object_bytes = object_bytes };
	const size_t length = strlen(wanted);

	index.at = (const unsigned char *)bytes->bytes;
	index.end = index.at + bytes->length;
	if (!has_header(&index))
		return FINDING_GARBLED;
	for (uint32_t i = 0; i < index.count; i++) {
		if (!take_entry(&index))
			return FINDING_GARBLED;
		if (str_starts(index.name, wanted) &&
		    (!index.name[length] || index.name[length] == '-'))
			return FINDING_PRESENT;
	}
	return FINDING_ABSENT;
}

/* The repository's own folder: `.git`, or where a file of that name says. */
static char *git_folder(const char *top)
{
	CLEANUP(diag_freep) struct diag *ignored = diag_new();
	CLEANUP(textp) char *path = path_join(top, ".git");
	struct buffer text = { 0 };
	struct stat info;
	char *named = NULL;

	if (stat(path, &info) < 0)
		return NULL;
	if (S_ISDIR(info.st_mode))
		return TAKE(path);
	if (file_read(path, ENTRY_NAME_MAX, &text, ignored) < 0)
		return NULL;
	text.bytes[strcspn(text.bytes, "\r\n")] = '\0';
	if (str_starts(text.bytes, "gitdir: /"))
		named = xstrdup(text.bytes + strlen("gitdir: "));
	else if (str_starts(text.bytes, "gitdir: "))
		named = path_join(top, text.bytes + strlen("gitdir: "));
	buffer_release(&text);
	return named;
}

static bool index_names(const char *folder, const char *wanted)
{
	static const size_t object_sizes[] = { 20, 32 };
	CLEANUP(diag_freep) struct diag *ignored = diag_new();
	CLEANUP(textp) char *path = path_join(folder, "index");
	CLEANUP(buffer_release) struct buffer bytes = { 0 };
	enum finding finding = FINDING_GARBLED;

	if (file_read(path, INDEX_BYTES_MAX, &bytes, ignored) < 0)
		return false;
	for (size_t i = 0;
	     i < LENGTH(object_sizes) && finding == FINDING_GARBLED; i++)
		finding = search(&bytes, object_sizes[i], wanted);
	return finding == FINDING_PRESENT;
}

bool path_is_tracked(const char *path)
{
	CLEANUP(textp) char *folder = path_folder(path);
	CLEANUP(textp) char *top = path_real(folder);
	CLEANUP(textp)
	char *whole = top ? path_join(top, path_name(path)) : NULL;

	while (top && strcmp(top, "/") != 0) {
		CLEANUP(textp) char *git = git_folder(top);
		char *above;

		if (git)
			return index_names(git, whole + strlen(top) + 1);
		above = path_folder(top);
		free(top);
		top = above;
	}
	return false;
}
