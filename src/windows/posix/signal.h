/* Signals that Windows has: Ctrl-C and the end of the session. Nobody sends the others. */
#include_next <signal.h>
#ifndef WINDOWS_SIGNAL_H
#define WINDOWS_SIGNAL_H

#include <sys/types.h>

#ifndef SIGHUP
enum {
	SIGHUP = 1,
	SIGQUIT = 3,
	SIGBUS = 7,
	SIGKILL = 9,
	SIGUSR1 = 10,
	SIGUSR2 = 12,
	SIGPIPE = 13,
	SIGALRM = 14,
	SIGCHLD = 17,
	SIGCONT = 18,
	SIGTSTP = 20,
	SIGWINCH = 28
};
#endif
typedef unsigned long long windows_sigset;
#define sigset_t windows_sigset
enum { SIG_BLOCK_, SIG_UNBLOCK_, SIG_SETMASK_ };
#undef SIG_BLOCK
#undef SIG_UNBLOCK
#undef SIG_SETMASK
#define SIG_BLOCK   SIG_BLOCK_
#define SIG_UNBLOCK SIG_UNBLOCK_
#define SIG_SETMASK SIG_SETMASK_
struct sigaction {
	void (*sa_handler)(int signo);
	sigset_t sa_mask;
	int sa_flags;
};
enum { SA_RESTART = 1, SA_RESETHAND = 2 };

int sigaction(int signo, const struct sigaction *action,
	      struct sigaction *before) __asm__("windows_sigaction");
int kill(pid_t pid, int signo) __asm__("windows_kill");

/* They interrupt nothing: a mask holds none back. */
static inline int sigemptyset(sigset_t *set)
{
	*set = 0;
	return 0;
}
static inline int sigfillset(sigset_t *set)
{
	*set = ~0ULL;
	return 0;
}
static inline int sigaddset(sigset_t *set, int signo)
{
	*set |= 1ULL << signo;
	return 0;
}
static inline int sigdelset(sigset_t *set, int signo)
{
	*set &= ~(1ULL << signo);
	return 0;
}
static inline int sigismember(const sigset_t *set, int signo)
{
	return (int)(*set >> signo & 1);
}
static inline int windows_sigprocmask(int how, const sigset_t *set, sigset_t *before)
{
	(void)how, (void)set;
	return before ? sigemptyset(before) : 0;
}
#undef sigprocmask
#define sigprocmask windows_sigprocmask
static inline int sigpending(sigset_t *set)
{
	return sigemptyset(set);
}
static inline int sigwait(const sigset_t *set, int *signo)
{
	(void)set;
	*signo = 0;
	return 0;
}

#endif
