/* Locks that whoever knows of them heeds: nothing else is hindered. */
#ifndef WINDOWS_SYS_FILE_H
#define WINDOWS_SYS_FILE_H
enum { LOCK_SH = 1, LOCK_EX = 2, LOCK_NB = 4 };
int flock(int fd, int how) __asm__("windows_flock");
#endif
