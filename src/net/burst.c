/* So much is taken off a socket before the others have their turn. */
#include "burst.h"

#include "sock.h"

bool burst_error(struct burst *burst, const char **what)
{
	return burst->errors++ < BURST && pcp_sock_error(burst->fd, &burst->from, what);
}

ssize_t burst_receive(struct burst *burst, uint8_t *octets, size_t cap)
{
	if (burst->datagrams++ >= BURST)
		return -1;
	return pcp_sock_receive(burst->fd, octets, cap, &burst->from, &burst->to);
}
