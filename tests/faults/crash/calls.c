/* SPDX-License-Identifier: MIT */
#include "calls.h"

#include "base/mem.h"

#include <assert.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

const char *const call_kind_names[CALL_KINDS] = {
	[CALL_WRITE] = "write", [CALL_SEND] = "send", [CALL_SYNC] = "sync",
	[CALL_NAME] = "name",   [CALL_LOCK] = "lock", [CALL_CORE] = "core",
};

static const struct call calls[] = {
	{ SYS_write, "write", CALL_WRITE, 0, 2, -1, 0, 0 },
	{ SYS_pwrite64, "pwrite64", CALL_WRITE, 0, 2, -1, 0, 0 },
	{ SYS_writev, "writev", CALL_WRITE, 0, -1, -1, 0, 0 },
	{ SYS_pwritev, "pwritev", CALL_WRITE, 0, -1, -1, 0, 0 },
	{ SYS_pwritev2, "pwritev2", CALL_WRITE, 0, -1, -1, 0, 0 },
	{ SYS_copy_file_range, "copy_file_range", CALL_WRITE, 2, 4, -1, 0, 0 },
	{ SYS_sendfile, "sendfile", CALL_WRITE, 0, 3, -1, 0, 0 },
	{ SYS_sendto, "sendto", CALL_SEND, 0, 2, -1, 0, 0 },
	{ SYS_sendmsg, "sendmsg", CALL_SEND, 0, -1, -1, 0, 0 },
	{ SYS_sendmmsg, "sendmmsg", CALL_SEND, 0, -1, -1, 0, 0 },
	{ SYS_fsync, "fsync", CALL_SYNC, 0, -1, -1, 0, 0 },
	{ SYS_fdatasync, "fdatasync", CALL_SYNC, 0, -1, -1, 0, 0 },
	{ SYS_msync, "msync", CALL_SYNC, -1, -1, -1, 0, 0 },
	{ SYS_sync_file_range, "sync_file_range", CALL_SYNC, 0, -1, -1, 0, 0 },
	{ SYS_open, "open", CALL_NAME, -1, -1, 1, O_CREAT | O_TRUNC, 0 },
	{ SYS_openat, "openat", CALL_NAME, -1, -1, 2, O_CREAT | O_TRUNC, 0 },
	{ SYS_creat, "creat", CALL_NAME, -1, -1, -1, 0, 0 },
	{ SYS_mkdir, "mkdir", CALL_NAME, -1, -1, -1, 0, 0 },
	{ SYS_mkdirat, "mkdirat", CALL_NAME, -1, -1, -1, 0, 0 },
	{ SYS_rename, "rename", CALL_NAME, -1, -1, -1, 0, 0 },
	{ SYS_renameat, "renameat", CALL_NAME, -1, -1, -1, 0, 0 },
	{ SYS_renameat2, "renameat2", CALL_NAME, -1, -1, -1, 0, 0 },
	{ SYS_link, "link", CALL_NAME, -1, -1, -1, 0, 0 },
	{ SYS_linkat, "linkat", CALL_NAME, -1, -1, -1, 0, 0 },
	{ SYS_symlink, "symlink", CALL_NAME, -1, -1, -1, 0, 0 },
	{ SYS_symlinkat, "symlinkat", CALL_NAME, -1, -1, -1, 0, 0 },
	{ SYS_unlink, "unlink", CALL_NAME, -1, -1, -1, 0, 0 },
	{ SYS_unlinkat, "unlinkat", CALL_NAME, -1, -1, -1, 0, 0 },
	{ SYS_rmdir, "rmdir", CALL_NAME, -1, -1, -1, 0, 0 },
	{ SYS_chmod, "chmod", CALL_NAME, -1, -1, -1, 0, 0 },
	{ SYS_fchmod, "fchmod", CALL_NAME, 0, -1, -1, 0, 0 },
	{ SYS_truncate, "truncate", CALL_NAME, -1, -1, -1, 0, 0 },
	{ SYS_ftruncate, "ftruncate", CALL_NAME, 0, -1, -1, 0, 0 },
	{ SYS_fallocate, "fallocate", CALL_NAME, 0, -1, -1, 0, 0 },
	{ SYS_flock, "flock", CALL_LOCK, 0, -1, -1, 0, 0 },
	{ SYS_fcntl, "fcntl", CALL_LOCK, 0, -1, 1, 0, F_SETLK },
	{ SYS_prctl, "prctl", CALL_CORE, -1, -1, 0, 0, PR_SET_DUMPABLE },
};

static int counts(const struct call *call, const uint64_t arguments[6])
{
	if (call->flag < 0)
		return 1;
	if (call->bits)
		return (arguments[call->flag] & call->bits) != 0;
	return arguments[call->flag] == call->value;
}

const struct call *call_find(uint64_t number, const uint64_t arguments[6])
{
	for (size_t i = 0; i < LENGTH(calls); i++) {
		if ((uint64_t)calls[i].number == number)
			return counts(&calls[i], arguments) ? &calls[i] : NULL;
	}
	return NULL;
}

/* Compares with each number in turn; the two ends stand last. */
unsigned short call_filter(struct sock_filter filter[CALL_FILTER_LENGTH])
{
	const size_t count = LENGTH(calls);
	size_t at = 0;

	assert(count + 5 <= CALL_FILTER_LENGTH);
	filter[at++] = (struct sock_filter)BPF_STMT(
		BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
	filter[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
	                                            AUDIT_ARCH_X86_64, 0,
	                                            (unsigned char)(count + 1));
	filter[at++] = (struct sock_filter)BPF_STMT(
		BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < count; i++)
		filter[at++] = (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, (unsigned)calls[i].number,
			(unsigned char)(count - i), 0);
	filter[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
	                                            SECCOMP_RET_ALLOW);
	filter[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
	                                            SECCOMP_RET_TRACE);
	return (unsigned short)at;
}
