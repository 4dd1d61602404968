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
/* Of no use to this program, whatever it does. */
static const int never[] = {
	SYS_execve,
	SYS_execveat,
	SYS_ptrace,
	SYS_process_vm_readv,
	SYS_process_vm_writev,
	SYS_setuid,
	SYS_setgid,
	SYS_setreuid,
	SYS_setregid,
	SYS_setresuid,
	SYS_setresgid,
	SYS_setgroups,
	SYS_mount,
	SYS_umount2,
	SYS_pivot_root,
	SYS_chroot,
	SYS_unshare,
	SYS_setns,
	SYS_init_module,
	SYS_finit_module,
	SYS_kexec_load,
	SYS_reboot,
	SYS_swapon,
	SYS_bpf,
	SYS_perf_event_open,
	SYS_add_key,
	SYS_keyctl,
	SYS_acct,
	SYS_settimeofday,
	SYS_clock_settime,
	SYS_sethostname,
	SYS_personality,
	SYS_userfaultfd,
};
static const int sockets[] = { SYS_socket, SYS_socketpair, SYS_bind, SYS_connect, SYS_listen };
/* Changes what files there are, and how. */
static const int changes[] = {
	SYS_unlinkat, SYS_renameat2, SYS_mkdirat,  SYS_mknodat,	 SYS_symlinkat, SYS_linkat,
	SYS_fchmodat, SYS_fchownat,  SYS_truncate, SYS_setxattr, SYS_ftruncate, SYS_fchmod,
	SYS_fchown,
#ifdef SYS_open /* what newer machines never had */
	SYS_unlink,   SYS_rename,    SYS_mkdir,	   SYS_mknod,	 SYS_symlink,	SYS_link,
	SYS_chmod,    SYS_chown,     SYS_rmdir,	   SYS_creat,	 SYS_renameat,
#endif
};

enum { FILTER_MAX = 200 };

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

/* Refuses the call when its argument has one of the bits. */
static void refuse_bits(struct filter *filter, int call, unsigned arg, uint32_t bits)
{
	size_t low = __BYTE_ORDER == __LITTLE_ENDIAN ? 0 : 4;

	put(filter, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 4);
	put_load(filter, offsetof(struct seccomp_data, args) + arg * sizeof(uint64_t) + low);
	put(filter, BPF_JMP | BPF_JSET | BPF_K, bits, 0, 1);
	put_refusal(filter);
	put_load(filter, offsetof(struct seccomp_data, nr));
}

static void refuse_opening(struct filter *filter, uint32_t bits)
{
	static const int whole[] = { SYS_openat2, SYS_open_by_handle_at };

	refuse(filter, whole, sizeof whole / sizeof *whole);
	refuse_bits(filter, SYS_openat, 2, bits);
#ifdef SYS_open
	refuse_bits(filter, SYS_open, 1, bits);
#endif
}

static void compose(struct filter *filter, const struct sandbox *sandbox)
{
	put_load(filter, offsetof(struct seccomp_data, arch));
	put(filter, BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
	put_refusal(filter);
	put_load(filter, offsetof(struct seccomp_data, nr));
#ifdef __x86_64__ /* the same calls by the numbers of x32 */
	put(filter, BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1);
	put_refusal(filter);
#endif
	refuse(filter, never, sizeof never / sizeof *never);
	if (!(sandbox->keep & SANDBOX_SOCKETS))
		refuse(filter, sockets, sizeof sockets / sizeof *sockets);
	if (!(sandbox->keep & SANDBOX_WRITE)) {
		refuse(filter, changes, sizeof changes / sizeof *changes);
		refuse_opening(filter, O_WRONLY | O_RDWR | O_CREAT | O_TRUNC);
	}
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
