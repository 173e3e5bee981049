/* SPDX-License-Identifier: MIT */
/*
 * A hostile repository: any bytes as a tree, and any path into it; also as the
 * object that is signed, and as a revision. The program answers each request,
 * and each answer is whole.
 *
 * The input: a path or revision, a NUL, the bytes of a tree. Its entries may
 * lead to what is always there: a file, a pointer of git-lfs, and a folder
 * with both in it.
 */
#include "base/file.h"
#include "git/message.h"

#include <assert.h>
#include <git2.h>
#include <git2/sys/commit.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* The one repository of this process, where to write is no work of a disk. */
static git_repository *repository;
static char folder[] = "/dev/shm/trueup-fuzz-XXXXXX";

/* Their ids are those of the seeds. */
static void make_objects(void)
{
	static const char file[] = "environment: prod\n";
	static const char pointer[] =
		"version https://git-lfs.github.com/spec/v1\n"
		"oid sha256:0\nsize 1\n";
	git_oid file_id, pointer_id, folder_id;
	git_treebuilder *below = NULL;

	assert(git_blob_create_from_buffer(&file_id, repository, file,
	                                   strlen(file)) == 0);
	assert(git_blob_create_from_buffer(&pointer_id, repository, pointer,
	                                   strlen(pointer)) == 0);
	assert(git_treebuilder_new(&below, repository, NULL) == 0);
	assert(git_treebuilder_insert(NULL, below, "large.bin", &pointer_id,
	                              GIT_FILEMODE_BLOB) == 0);
	assert(git_treebuilder_insert(NULL, below, "prod.yaml", &file_id,
	                              GIT_FILEMODE_BLOB) == 0);
	assert(git_treebuilder_write(&folder_id, below) == 0);
	git_treebuilder_free(below);
}

static void remove_folder(void)
{
	folder_remove(folder);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	git_libgit2_init();
	/* What a hostile server sends is not checked either. */
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_OBJECT_CREATION, 0);
	assert(mkdtemp(folder));
	assert(atexit(remove_folder) == 0);
	assert(git_repository_init(&repository, folder, 1) == 0);
	make_objects();
	return 0;
}

/* Objects do not pile up: those that were made are removed again. */
static void forget(const char *hex)
{
	CLEANUP(textp)
	char *path = xasprintf("%s/objects/%.2s/%s", folder, hex, hex + 2);

	(void)unlink(path);
}

/* A commit of a tree of these bytes. */
static struct git_id make_commit(const uint8_t *bytes, size_t length,
                                 struct git_id *tree_id)
{
	struct git_id commit = { "" };
	git_signature *author = NULL;
	git_odb *odb = NULL;
	git_oid tree, id;

	assert(git_repository_odb(&odb, repository) == 0);
	assert(git_odb_write(&tree, odb, bytes, length, GIT_OBJECT_TREE) == 0);
	assert(git_signature_new(&author, "a", "b", 1, 0) == 0);
	assert(git_commit_create_from_ids(&id, repository, NULL, author, author,
	                                  NULL, "m", &tree, 0, NULL) == 0);
	git_oid_tostr(commit.hex, sizeof(commit.hex), &id);
	git_oid_tostr(tree_id->hex, sizeof(tree_id->hex), &tree);
	git_signature_free(author);
	git_odb_free(odb);
	return commit;
}

static void put(int fd, struct message *request)
{
	message_finish(request);
	assert(write(fd, request->bytes, request->length) ==
	       (ssize_t)request->length);
	message_release(request);
}

static void ask(int fd, enum verb verb, const struct git_id *commit,
                const char *path)
{
	struct message request;

	message_start(&request);
	message_number(&request, verb);
	if (commit)
		message_text(&request, commit->hex);
	if (path)
		message_text(&request, path);
	if (verb == VERB_READ)
		message_number(&request, 1 << 20);
	if (verb == VERB_TOUCHED) {
		message_number(&request, 1);
		message_number(&request, 1);
	}
	put(fd, &request);
}

static void open_repository(int fd)
{
	struct message request;

	message_start(&request);
	message_number(&request, VERB_OPEN);
	message_text(&request, TRUEUP_VERSION);
	message_text(&request, folder);
	put(fd, &request);
}

/* Each answer is one of the three kinds, and none is cut off. */
static void check_answers(int fd, size_t count)
{
	const off_t size = lseek(fd, 0, SEEK_END);
	char *bytes = mmap(NULL, (size_t)size, PROT_READ, MAP_SHARED, fd, 0);
	size_t at = 0;

	assert(bytes != MAP_FAILED);
	for (size_t i = 0; i < count; i++) {
		const unsigned char *header = (const unsigned char *)bytes + at;
		const uint64_t length = message_announced(header);
		struct reader reader = {
			.bytes = bytes + at + MESSAGE_HEADER_BYTES,
			.left = (size_t)length,
		};

		at += MESSAGE_HEADER_BYTES + (size_t)length;
		assert(at <= (size_t)size);
		(void)field_number(&reader);
		(void)field_number_below(&reader, ANSWER_COUNT - 1);
		assert(!reader.broken);
	}
	assert(at == (size_t)size);
	munmap(bytes, (size_t)size);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static const enum verb verbs[] = { VERB_LIST, VERB_READ, VERB_TOUCHED,
		                           VERB_RESOLVE };
	const uint8_t *end = memchr(bytes, 0, length);
	CLEANUP(fdp) int in = memfd_create("in", MFD_CLOEXEC);
	CLEANUP(fdp) int out = memfd_create("out", MFD_CLOEXEC);
	struct git_id tree, commit;

	if (!end)
		return 0;
	commit =
		make_commit(end + 1, length - (size_t)(end + 1 - bytes), &tree);
	open_repository(in);
	for (size_t i = 0; i < LENGTH(verbs); i++)
		ask(in, verbs[i], verbs[i] == VERB_RESOLVE ? NULL : &commit,
		    (const char *)bytes);
	ask(in, VERB_LIST, &commit, ".");
	ask(in, VERB_SIGNATURE, &tree, NULL);
	assert(lseek(in, 0, SEEK_SET) == 0);
	assert(git_serve(in, out) == 0);
	check_answers(out, LENGTH(verbs) + 3);
	forget(commit.hex);
	forget(tree.hex);
	return 0;
}
