/* Children, of which there are none: fork() and posix_spawnp() refuse. */
#ifndef WINDOWS_SYS_WAIT_H
#define WINDOWS_SYS_WAIT_H
#include <sys/types.h>
enum { WNOHANG = 1 };
#define WIFEXITED(status)   ((status) >= 0)
#define WEXITSTATUS(status) (status)
#define WIFSIGNALED(status) 0
#define WTERMSIG(status)    0
pid_t waitpid(pid_t pid, int *status, int flags) __asm__("windows_waitpid");
#endif
