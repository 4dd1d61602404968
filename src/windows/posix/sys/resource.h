/* Limits of a child, of which there are none. */
#ifndef WINDOWS_SYS_RESOURCE_H
#define WINDOWS_SYS_RESOURCE_H
struct rlimit {
	unsigned long long rlim_cur, rlim_max;
};
enum { RLIMIT_DATA = 2 };
int setrlimit(int what, const struct rlimit *limit) __asm__("windows_setrlimit");
#endif
