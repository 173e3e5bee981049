/* SPDX-License-Identifier: MIT */
/*
 * The cache: a bare repository of ours. A fetch that was killed leaves
 * temporary packs, which stay for ever, and locks of refs, which block every
 * later fetch; an init that was killed leaves half a repository. So all of it
 * is written under a lock of our own, which the kernel gives back whatever
 * happens; init is done beside and renamed; and what lies around under the
 * lock was left by somebody who is gone.
 */
#include "git/serving.h"

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OPEN_FOLDERS_MAX = 16 };

static int unusable(struct helper *helper, const char *path)
{
	return helper_fail(helper, FAILURE_REPOSITORY, "`%s`: %s", path,
	                   strerror(errno));
}

/* ---- the lock ---- */

int cache_lock(struct helper *helper)
{
	while (helper->lock_fd >= 0 && flock(helper->lock_fd, LOCK_EX) < 0) {
		if (errno != EINTR)
			return unusable(helper, helper->cache);
	}
	return 0;
}

void cache_unlock(struct helper *helper)
{
	if (helper->lock_fd >= 0)
		(void)flock(helper->lock_fd, LOCK_UN);
}

/* ---- folders ---- */

/* mkdir -p, each 0700. */
static int make_above(struct helper *helper)
{
	for (char *c = helper->cache + 1; *c; c++) {
		int result;

		if (*c != '/')
			continue;
		*c = '\0';
		result = mkdir(helper->cache, 0700);
		*c = '/';
		if (result < 0 && errno != EEXIST)
			return unusable(helper, helper->cache);
	}
	return 0;
}

static int remove_left(const char *path, const struct stat *info, int type,
                       struct FTW *at)
{
	const char *name = path + at->base;

	(void)info;
	if (type == FTW_F &&
	    (str_ends(name, ".lock") || str_starts(name, "pack_git2_") ||
	     str_starts(name, "tmp_obj_git2_")))
		(void)unlink(path);
	return 0;
}

/* ---- the repository ---- */

/* Ours, and nobody else's: a folder that others write to is theirs. */
static int check_owner(struct helper *helper)
{
	struct stat info;

	if (lstat(helper->cache, &info) < 0)
		return unusable(helper, helper->cache);
	if (S_ISDIR(info.st_mode) && info.st_uid == geteuid() &&
	    !(info.st_mode & 077))
		return 0;
	return helper_fail(helper, FAILURE_REPOSITORY,
	                   "`%s` is not a folder of mode 0700 of your own",
	                   helper->cache);
}

static int make(struct helper *helper)
{
	CLEANUP(textp) char *beside = xasprintf("%s.new", helper->cache);
	git_repository *made = NULL;
	int status;

	folder_remove(beside);
	if (mkdir(beside, 0700) < 0)
		return unusable(helper, beside);
	status = git_repository_init(&made, beside, 1);
	git_repository_free(made);
	if (status < 0)
		return helper_fail_git(helper, FAILURE_REPOSITORY, status,
		                       beside);
	return rename(beside, helper->cache) < 0
	               ? unusable(helper, helper->cache)
	               : 0;
}

/* 0; 1 when what is there is no repository. */
static int open_made(struct helper *helper)
{
	git_repository *repository = NULL;

	if (check_owner(helper) < 0)
		return -1;
	(void)nftw(helper->cache, remove_left, OPEN_FOLDERS_MAX, FTW_PHYS);
	if (git_repository_open_bare(&repository, helper->cache) < 0)
		return 1;
	helper_take(helper, repository);
	return 0;
}

int cache_renew(struct helper *helper)
{
	git_repository_free(TAKE(helper->repository));
	folder_remove(helper->cache);
	if (make(helper) < 0)
		return -1;
	if (open_made(helper) == 0)
		return 0;
	return helper_fail(helper, FAILURE_REPOSITORY,
	                   "`%s` does not open although it was just made",
	                   helper->cache);
}

static int open_or_make(struct helper *helper)
{
	struct stat info;
	int status;

	if (lstat(helper->cache, &info) < 0 && make(helper) < 0)
		return -1;
	status = open_made(helper);
	return status > 0 ? cache_renew(helper) : status;
}

int cache_open(struct helper *helper)
{
	CLEANUP(textp) char *lock = xasprintf("%s.flock", helper->cache);
	int result;

	if (helper->cache[0] != '/')
		return helper_fail(helper, FAILURE_REQUEST,
		                   "`%s` is no absolute path", helper->cache);
	if (make_above(helper) < 0)
		return -1;
	helper->lock_fd =
		open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (helper->lock_fd < 0)
		return unusable(helper, lock);
	if (cache_lock(helper) < 0)
		return -1;
	result = open_or_make(helper);
	cache_unlock(helper);
	return result;
}
