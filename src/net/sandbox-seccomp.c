/* Rights given up for good: seccomp and Landlock by Linux's own calls, which no C library wraps. */
#define _GNU_SOURCE
#include "sandbox.h"

/* A leak checker looks into its own process from another one. */
#if defined(__SANITIZE_ADDRESS__)
#define UNDER_A_CHECKER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define UNDER_A_CHECKER 1
#endif
#endif

#ifndef UNDER_A_CHECKER
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#if defined(__has_include)
#if __has_include(<linux/landlock.h>)
#include <linux/landlock.h>
#endif
#endif

/* ---- calls ---- */

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCHITECTURE AUDIT_ARCH_RISCV64
#endif

#ifdef ARCHITECTURE
/* From 424 on a call has one number on every architecture, and the kernel may be younger than the
 * headers. */
enum {
	CALL_io_uring_setup = 425, /* opens, connects and sends by what no filter sees */
	CALL_io_uring_enter = 426,
	CALL_io_uring_register = 427,
	CALL_open_tree = 428,
	CALL_move_mount = 429,
	CALL_fsopen = 430,
	CALL_fsconfig = 431,
	CALL_fsmount = 432,
	CALL_fspick = 433,
	CALL_openat2 = 437,
	CALL_pidfd_getfd = 438,
	CALL_process_madvise = 440,
	CALL_mount_setattr = 442,
	CALL_quotactl_fd = 443,
	CALL_process_mrelease = 448,
	CALL_fchmodat2 = 452,
	CALL_setxattrat = 463,
	CALL_removexattrat = 466,
	CALL_open_tree_attr = 467,
	CALL_file_setattr = 469,
};

/* Of no use to this program, whatever it does. */
static const int never[] = {
	/* to run programs and look into others */
	SYS_execve,
	SYS_execveat,
	SYS_ptrace,
	SYS_process_vm_readv,
	SYS_process_vm_writev,
	CALL_pidfd_getfd,
	CALL_process_madvise,
	CALL_process_mrelease,
	SYS_kcmp,
	/* past this filter */
	CALL_io_uring_setup,
	CALL_io_uring_enter,
	CALL_io_uring_register,
	/* to be another */
	SYS_setuid,
	SYS_setgid,
	SYS_setreuid,
	SYS_setregid,
	SYS_setresuid,
	SYS_setresgid,
	SYS_setfsuid,
	SYS_setfsgid,
	SYS_setgroups,
	SYS_capset,
	SYS_unshare,
	SYS_setns,
	SYS_add_key,
	SYS_request_key,
	SYS_keyctl,
	/* to change what is mounted where */
	SYS_mount,
	SYS_umount2,
	SYS_pivot_root,
	SYS_chroot,
	CALL_open_tree,
	CALL_open_tree_attr,
	CALL_move_mount,
	CALL_fsopen,
	CALL_fsconfig,
	CALL_fsmount,
	CALL_fspick,
	CALL_mount_setattr,
	/* to change the system */
	SYS_init_module,
	SYS_finit_module,
	SYS_delete_module,
	SYS_kexec_load,
#ifdef SYS_kexec_file_load
	SYS_kexec_file_load,
#endif
	SYS_reboot,
	SYS_swapon,
	SYS_swapoff,
	SYS_quotactl,
	CALL_quotactl_fd,
	SYS_acct,
	SYS_settimeofday,
	SYS_clock_settime,
	SYS_adjtimex,
	SYS_clock_adjtime,
	SYS_sethostname,
	SYS_setdomainname,
	SYS_syslog,
	SYS_vhangup,
#ifdef SYS_iopl
	SYS_iopl,
	SYS_ioperm,
#endif
	/* to get at the kernel */
	SYS_bpf,
	SYS_perf_event_open,
	SYS_personality,
	SYS_userfaultfd,
};
static const int sockets[] = { SYS_socket, SYS_socketpair, SYS_bind, SYS_connect, SYS_listen };
/* Changes what files there are, and how. */
static const int changes[] = {
	SYS_unlinkat,	 SYS_renameat2,	     SYS_mkdirat,	SYS_mknodat,   SYS_symlinkat,
	SYS_linkat,	 SYS_truncate,	     SYS_ftruncate,	SYS_fchmodat,  SYS_fchmod,
	SYS_fchownat,	 SYS_fchown,	     SYS_setxattr,	SYS_lsetxattr, SYS_fsetxattr,
	SYS_removexattr, SYS_lremovexattr,   SYS_fremovexattr,	SYS_utimensat, CALL_fchmodat2,
	CALL_setxattrat, CALL_removexattrat, CALL_file_setattr,
#ifdef SYS_renameat
	SYS_renameat,
#endif
#ifdef SYS_open /* what newer machines never had */
	SYS_unlink,	 SYS_rename,	     SYS_mkdir,		SYS_mknod,     SYS_symlink,
	SYS_link,	 SYS_chmod,	     SYS_chown,		SYS_lchown,    SYS_rmdir,
	SYS_creat,	 SYS_utime,	     SYS_utimes,	SYS_futimesat,
#endif
};
/* Opens what no filter can look at. */
static const int opens_blindly[] = { CALL_openat2, SYS_open_by_handle_at };

#define COUNT(calls) (sizeof(calls) / sizeof *(calls))
enum {
	AROUND = 32, /* for what is no list: the frame, and the flags of open and openat */
	FILTER_MAX = AROUND +
		     2 * (COUNT(never) + COUNT(sockets) + COUNT(changes) + COUNT(opens_blindly)),
};

struct filter {
	struct sock_filter code[FILTER_MAX];
	unsigned short n;
};

static void put(struct filter *filter, unsigned short code, uint32_t k, uint8_t yes, uint8_t no)
{
	filter->code[filter->n++] = (struct sock_filter){ code, yes, no, k };
}

static void put_load(struct filter *filter, size_t off)
{
	put(filter, BPF_LD | BPF_W | BPF_ABS, (uint32_t)off, 0, 0);
}

static void put_refusal(struct filter *filter)
{
	put(filter, BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM, 0, 0);
}

/* The number of the call is loaded. */
static void refuse(struct filter *filter, const int *calls, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		put(filter, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)calls[i], 0, 1);
		put_refusal(filter);
	}
}

/* Refuses the call when its argument has one of the bits, or else when it has none of them. */
static void refuse_bits(struct filter *filter, int call, unsigned arg, uint32_t bits, bool one)
{
	size_t low = __BYTE_ORDER == __LITTLE_ENDIAN ? 0 : 4;

	put(filter, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 4);
	put_load(filter, offsetof(struct seccomp_data, args) + arg * sizeof(uint64_t) + low);
	put(filter, BPF_JMP | BPF_JSET | BPF_K, bits, one ? 0 : 1, one ? 1 : 0);
	put_refusal(filter);
	put_load(filter, offsetof(struct seccomp_data, nr));
}

static void refuse_opens(struct filter *filter, uint32_t bits, bool one)
{
	refuse_bits(filter, SYS_openat, 2, bits, one);
#ifdef SYS_open
	refuse_bits(filter, SYS_open, 1, bits, one);
#endif
}

static void refuse_opening(struct filter *filter, bool read, bool write)
{
	if (read && write)
		return;
	refuse(filter, opens_blindly, COUNT(opens_blindly));
	if (!write)
		refuse_opens(filter, O_WRONLY | O_RDWR | O_CREAT | O_TRUNC, true);
	if (!read)
		refuse_opens(filter, O_WRONLY | O_RDWR, false);
}

static void compose(struct filter *filter, const struct sandbox *sandbox)
{
	bool read = sandbox->keep & SANDBOX_READ, write = sandbox->keep & SANDBOX_WRITE;

	put_load(filter, offsetof(struct seccomp_data, arch));
	put(filter, BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
	put_refusal(filter);
	put_load(filter, offsetof(struct seccomp_data, nr));
#ifdef __x86_64__ /* the same calls by the numbers of x32 */
	put(filter, BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1);
	put_refusal(filter);
#endif
	refuse(filter, never, COUNT(never));
	if (!(sandbox->keep & SANDBOX_SOCKETS))
		refuse(filter, sockets, COUNT(sockets));
	if (!write)
		refuse(filter, changes, COUNT(changes));
	refuse_opening(filter, read, write);
	put(filter, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
}

static bool refuse_calls(const struct sandbox *sandbox)
{
	struct filter filter = { .n = 0 };
	struct sock_fprog program;

	compose(&filter, sandbox);
	program = (struct sock_fprog){ .len = filter.n, .filter = filter.code };
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}
#else
static bool refuse_calls(const struct sandbox *sandbox)
{
	(void)sandbox;
	return false;
}
#endif

/* ---- paths ---- */

#ifdef LANDLOCK_ACCESS_FS_WRITE_FILE
#define READS	      (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITES_A_FILE LANDLOCK_ACCESS_FS_WRITE_FILE
#define WRITES                                                                                     \
	(WRITES_A_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |          \
	 LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |                              \
	 LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |                              \
	 LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |                            \
	 LANDLOCK_ACCESS_FS_MAKE_SYM)

/* A path that is not there is none that could be written. */
static void allow(int rules, const char *path, uint64_t access)
{
	struct landlock_path_beneath_attr rule = { .allowed_access = access };
	struct stat stat;

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return;
	if (fstat(rule.parent_fd, &stat) == 0 && !S_ISDIR(stat.st_mode))
		rule.allowed_access &= WRITES_A_FILE | LANDLOCK_ACCESS_FS_READ_FILE;
	syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	close(rule.parent_fd);
}

static bool refuse_paths(const struct sandbox *sandbox)
{
	bool read = sandbox->keep & SANDBOX_READ, write = sandbox->keep & SANDBOX_WRITE;
	struct landlock_ruleset_attr attr = { .handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE };
	bool done;
	int rules;

	if (!read)
		attr.handled_access_fs |= READS;
	if (!write || sandbox->writable[0])
		attr.handled_access_fs |= WRITES;
	rules = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
	if (rules < 0)
		return false;
	for (size_t i = 0; write && i < SANDBOX_PATHS_MAX && sandbox->writable[i]; i++)
		allow(rules, sandbox->writable[i], WRITES | (read ? 0 : READS));
	done = syscall(SYS_landlock_restrict_self, rules, 0) == 0;
	close(rules);
	return done;
}
#else
static bool refuse_paths(const struct sandbox *sandbox)
{
	(void)sandbox;
	return false;
}
#endif

unsigned sandbox_enter(const struct sandbox *sandbox)
{
	unsigned done = 0;

	tzset(); /* reads its file now, not when the first time is told */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return 0;
	if (refuse_paths(sandbox))
		done |= SANDBOX_PATHS;
	if (refuse_calls(sandbox))
		done |= SANDBOX_CALLS;
	return done;
}

#else

unsigned sandbox_enter(const struct sandbox *sandbox)
{
	(void)sandbox;
	return 0;
}

#endif
