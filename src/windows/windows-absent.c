/* What Windows has not: each says so, and whoever asked for it tells. */
#include <errno.h>

struct rlimit;

long long windows_fork(void);
unsigned windows_alarm(unsigned seconds);
long long windows_waitpid(long long pid, int *status, int flags);
int windows_setrlimit(int what, const struct rlimit *limit);
int windows_posix_spawnp(long long *child, const char *file, const int *actions,
			 const int *attributes, char *const argv[], char *const envp[]);

static int absent(void)
{
	errno = ENOSYS;
	return -1;
}

long long windows_fork(void)
{
	return absent();
}

unsigned windows_alarm(unsigned seconds)
{
	(void)seconds;
	return 0;
}

long long windows_waitpid(long long pid, int *status, int flags)
{
	(void)pid, (void)status, (void)flags;
	errno = ECHILD;
	return -1;
}

int windows_setrlimit(int what, const struct rlimit *limit)
{
	(void)what, (void)limit;
	return absent();
}

int windows_posix_spawnp(long long *child, const char *file, const int *actions,
			 const int *attributes, char *const argv[], char *const envp[])
{
	(void)child, (void)file, (void)actions, (void)attributes, (void)argv, (void)envp;
	return ENOSYS;
}
