/* What a file is. Windows has rights in the place of modes: nobody but the owner is told of. */
#include_next <sys/stat.h>
#ifndef WINDOWS_SYS_STAT_H
#define WINDOWS_SYS_STAT_H

#include <stdint.h>
#include <sys/types.h>
#include <time.h>

struct windows_stat {
	uint64_t st_dev, st_ino;
	unsigned st_mode;
	uid_t st_uid;
	int64_t st_size;
	time_t st_mtime;
};
#undef stat
#undef fstat
#undef lstat
#define stat  windows_stat
#define fstat windows_fstat
#define lstat windows_stat
#undef S_IWGRP
#undef S_IWOTH
#define S_IWGRP	       0020
#define S_IWOTH	       0002
#define S_ISSOCK(mode) 0

enum { UTIME_OMIT = -2 };
int windows_stat(const char *path, struct windows_stat *stat_);
int windows_fstat(int fd, struct windows_stat *stat_);
int futimens(int fd, const struct timespec times[2]) __asm__("windows_futimens");
#define umask(mask) ((mode_t)umask(mask))
#define mkdir	    windows_mkdir
int windows_mkdir(const char *path, unsigned mode);
static inline int fchmod(int fd, unsigned mode)
{
	(void)fd, (void)mode;
	return 0;
}

#endif
