/* A socket held to one interface by its number, as macOS does. */
#include <netinet/in.h>
#include <sys/socket.h>

#include "interface.h"

bool interface_bind(int fd, unsigned interface)
{
	struct sockaddr_storage local;
	socklen_t len = sizeof local;

	if (getsockname(fd, (struct sockaddr *)&local, &len) < 0)
		return false;
	if (local.ss_family == AF_INET6)
		return setsockopt(fd, IPPROTO_IPV6, IPV6_BOUND_IF, &interface, sizeof interface) ==
		       0;
	return setsockopt(fd, IPPROTO_IP, IP_BOUND_IF, &interface, sizeof interface) == 0;
}
