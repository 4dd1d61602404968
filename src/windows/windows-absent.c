/* What Windows has not: each says so, and whoever asked for it tells. */
#include <errno.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static int absent(void)
{
	errno = ENOSYS;
	return -1;
}

pid_t fork(void)
{
	return absent();
}

unsigned alarm(unsigned seconds)
{
	(void)seconds;
	return 0;
}

pid_t waitpid(pid_t pid, int *status, int flags)
{
	(void)pid, (void)status, (void)flags;
	errno = ECHILD;
	return -1;
}

int setrlimit(int what, const struct rlimit *limit)
{
	(void)what, (void)limit;
	return absent();
}

int posix_spawnp(pid_t *child, const char *file, const posix_spawn_file_actions_t *actions,
		 const posix_spawnattr_t *attributes, char *const argv[], char *const envp[])
{
	(void)child, (void)file, (void)actions, (void)attributes, (void)argv, (void)envp;
	return ENOSYS;
}
