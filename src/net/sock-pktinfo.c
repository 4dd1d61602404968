/* IP_PKTINFO, which Linux and macOS have: where an IPv4 datagram arrived and is sent from. */
#define _GNU_SOURCE
#include <string.h>

#include "sock-private.h"

void sock_want_arrival(int fd)
{
	sock_on(fd, IPPROTO_IP, IP_PKTINFO);
}

socklen_t sock_put_source(struct cmsghdr *header, const struct in_addr *source)
{
	struct in_pktinfo info = { .ipi_spec_dst = *source };

	header->cmsg_level = IPPROTO_IP;
	header->cmsg_type = IP_PKTINFO;
	header->cmsg_len = CMSG_LEN(sizeof info);
	memcpy(CMSG_DATA(header), &info, sizeof info);
	return CMSG_SPACE(sizeof info);
}

bool sock_arrival(const struct cmsghdr *header, struct in_addr *to)
{
	struct in_pktinfo info;

	if (header->cmsg_level != IPPROTO_IP || header->cmsg_type != IP_PKTINFO)
		return false;
	memcpy(&info, CMSG_DATA(header), sizeof info);
	*to = info.ipi_addr;
	return true;
}
