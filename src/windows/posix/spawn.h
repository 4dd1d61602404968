/* Programs that are started: this is refused. */
#ifndef WINDOWS_SPAWN_H
#define WINDOWS_SPAWN_H
#include <signal.h>
#include <sys/types.h>
typedef int posix_spawn_file_actions_t, posix_spawnattr_t;
enum { POSIX_SPAWN_SETPGROUP = 1, POSIX_SPAWN_SETSIGMASK = 2, POSIX_SPAWN_SETSIGDEF = 4 };
static inline int windows_no_setting(void *to)
{
	*(int *)to = 0;
	return 0;
}
#define posix_spawn_file_actions_init(to)			    windows_no_setting(to)
#define posix_spawn_file_actions_addopen(to, fd, path, flags, mode) windows_no_setting(to)
#define posix_spawn_file_actions_adddup2(to, from, fd)		    windows_no_setting(to)
#define posix_spawn_file_actions_destroy(to)			    windows_no_setting(to)
#define posix_spawnattr_init(to)				    windows_no_setting(to)
#define posix_spawnattr_setsigmask(to, set)			    ((void)(set), windows_no_setting(to))
#define posix_spawnattr_setsigdefault(to, set)			    ((void)(set), windows_no_setting(to))
#define posix_spawnattr_setpgroup(to, group)			    windows_no_setting(to)
#define posix_spawnattr_setflags(to, flags)			    windows_no_setting(to)
#define posix_spawnattr_destroy(to)				    windows_no_setting(to)
int posix_spawnp(pid_t *child, const char *file, const posix_spawn_file_actions_t *actions,
		 const posix_spawnattr_t *attributes, char *const argv[],
		 char *const envp[]) __asm__("windows_posix_spawnp");
#endif
