/* Interfaces and their addresses. */
#ifndef WINDOWS_IFADDRS_H
#define WINDOWS_IFADDRS_H

#include <sys/socket.h>

struct ifaddrs {
	struct ifaddrs *ifa_next;
	char *ifa_name;
	struct sockaddr *ifa_addr, *ifa_netmask;
};
int getifaddrs(struct ifaddrs **list) __asm__("windows_getifaddrs");
void freeifaddrs(struct ifaddrs *list) __asm__("windows_freeifaddrs");

#endif
