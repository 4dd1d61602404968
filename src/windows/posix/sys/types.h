#include_next <sys/types.h>
#ifndef WINDOWS_SYS_TYPES_H
#define WINDOWS_SYS_TYPES_H
typedef unsigned uid_t;
typedef int socklen_t; /* as Winsock has it */
typedef unsigned short sa_family_t;
#endif
