/* A socket held to one interface by its name, as Linux does. */
#define _GNU_SOURCE
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

#include "interface.h"

bool interface_bind(int fd, unsigned interface)
{
	char name[IF_NAMESIZE];

	return if_indextoname(interface, name) &&
	       setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, (socklen_t)strlen(name)) == 0;
}
