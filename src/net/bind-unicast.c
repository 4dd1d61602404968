/* A socket held to one interface by its number, as Windows does: IPv4's option wants it in the
 * network's order. */
#include <netinet/in.h>
#include <sys/socket.h>

#include "interface.h"

bool interface_bind(int fd, unsigned interface)
{
	struct sockaddr_storage local;
	socklen_t len = sizeof local;
	uint32_t index = interface;

	if (getsockname(fd, (struct sockaddr *)&local, &len) < 0)
		return false;
	if (local.ss_family == AF_INET6)
		return setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_IF, &index, sizeof index) == 0;
	index = htonl(index);
	return setsockopt(fd, IPPROTO_IP, IP_UNICAST_IF, &index, sizeof index) == 0;
}
