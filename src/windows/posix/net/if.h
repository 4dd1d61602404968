/* Interfaces, by the names that people see: "Ethernet", "Wi-Fi". */
#ifndef WINDOWS_NET_IF_H
#define WINDOWS_NET_IF_H

#include <sys/types.h>

enum { IF_NAMESIZE = 257 };
struct if_nameindex {
	unsigned if_index;
	char *if_name;
};
unsigned if_nametoindex(const char *name) __asm__("windows_if_nametoindex");
char *if_indextoname(unsigned index, char *name) __asm__("windows_if_indextoname");
struct if_nameindex *if_nameindex(void) __asm__("windows_if_nameindex");
void if_freenameindex(struct if_nameindex *list) __asm__("windows_if_freenameindex");

#endif
