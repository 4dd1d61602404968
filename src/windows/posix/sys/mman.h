/* A file in memory: one that Windows keeps there while it can, and that goes when it is closed. */
#ifndef WINDOWS_SYS_MMAN_H
#define WINDOWS_SYS_MMAN_H
#define MFD_CLOEXEC 1
int memfd_create(const char *name, unsigned flags) __asm__("windows_memfd_create");
#endif
