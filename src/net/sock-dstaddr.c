/* IP_RECVDSTADDR and IP_SENDSRCADDR, which FreeBSD, OpenBSD and NetBSD have: where an IPv4 datagram
 * arrived and is sent from. */
#include <string.h>

#include "sock-private.h"

void sock_want_arrival(int fd)
{
	sock_on(fd, IPPROTO_IP, IP_RECVDSTADDR);
}

socklen_t sock_put_source(struct cmsghdr *header, const struct in_addr *source)
{
	header->cmsg_level = IPPROTO_IP;
	header->cmsg_type = IP_SENDSRCADDR;
	header->cmsg_len = CMSG_LEN(sizeof *source);
	memcpy(CMSG_DATA(header), source, sizeof *source);
	return CMSG_SPACE(sizeof *source);
}

bool sock_arrival(const struct cmsghdr *header, struct in_addr *to)
{
	if (header->cmsg_level != IPPROTO_IP || header->cmsg_type != IP_RECVDSTADDR)
		return false;
	memcpy(to, CMSG_DATA(header), sizeof *to);
	return true;
}
