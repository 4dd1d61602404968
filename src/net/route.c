/*
 * What the ways of systems to tell of routes have in common. Whoever only wants to know that
 * something has changed reads no message; what there is now is asked anew.
 */
#include "route.h"

#include <sys/socket.h>

#include "route-private.h"

const uint8_t *route_target(bool v4)
{
	static const uint8_t anycast[] = { 0x20, 0x01, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 };
	static const uint8_t anycast4[] = { 192, 0, 0, 9 };

	return v4 ? anycast4 : anycast;
}

void route_watched(int fd)
{
	uint8_t octets[ROUTE_MESSAGE_MAX];

	/* What did not fit is told as an error, once: then something changed, too. */
	while (recv(fd, octets, sizeof octets, MSG_DONTWAIT) >= 0)
		;
}
