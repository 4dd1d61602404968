/* What ICMP said about a datagram that was sent, from the queue that Linux keeps for each socket.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h> /* first: what it declares the kernel's headers then leave to it, also musl's */
#include <string.h>
#include <time.h>

#include <linux/errqueue.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>

#include "sock-private.h"
#include "sock.h"

void sock_want_errors(int fd, bool v4)
{
	if (v4)
		sock_on(fd, IPPROTO_IP, IP_RECVERR);
	else
		sock_on(fd, IPPROTO_IPV6, IPV6_RECVERR);
}

/* Hard errors end the wait at once (RFC 7488 3, RFC 6886 3.8); the rest may pass. */
static const char *icmp_words(const struct sock_extended_err *error)
{
	if (error->ee_origin == SO_EE_ORIGIN_ICMP && error->ee_type == ICMP_DEST_UNREACH) {
		switch (error->ee_code) {
		case ICMP_NET_UNREACH:
			return "network unreachable";
		case ICMP_HOST_UNREACH:
			return "host unreachable";
		case ICMP_PROT_UNREACH:
			return "protocol unreachable";
		case ICMP_PORT_UNREACH:
			return "port unreachable";
		case ICMP_PKT_FILTERED:
			return "administratively prohibited";
		default:
			return NULL;
		}
	}
	if (error->ee_origin == SO_EE_ORIGIN_ICMP6 && error->ee_type == ICMPV6_DEST_UNREACH) {
		switch (error->ee_code) {
		case ICMPV6_NOROUTE:
			return "no route to it";
		case ICMPV6_ADM_PROHIBITED:
			return "administratively prohibited";
		case ICMPV6_ADDR_UNREACH:
			return "address unreachable";
		case ICMPV6_PORT_UNREACH:
			return "port unreachable";
		default:
			return NULL;
		}
	}
	if (error->ee_origin == SO_EE_ORIGIN_LOCAL && error->ee_errno == EHOSTUNREACH)
		return "host unreachable";
	return NULL;
}

bool pcp_sock_error(int fd, struct pcp_endpoint *to, const char **what)
{
	for (;;) {
		union sock_address address;
		union sock_control control;
		uint8_t octets[1];
		struct iovec iov = { .iov_base = octets, .iov_len = sizeof octets };
		struct msghdr message = { .msg_name = &address,
					  .msg_namelen = sizeof address,
					  .msg_iov = &iov,
					  .msg_iovlen = 1,
					  .msg_control = &control,
					  .msg_controllen = sizeof control };

		memset(&address, 0, sizeof address);
		if (recvmsg(fd, &message, MSG_ERRQUEUE) < 0)
			return false;
		for (struct cmsghdr *h = CMSG_FIRSTHDR(&message); h; h = CMSG_NXTHDR(&message, h)) {
			struct sock_extended_err error;

			if (!(h->cmsg_level == IPPROTO_IP && h->cmsg_type == IP_RECVERR) &&
			    !(h->cmsg_level == IPPROTO_IPV6 && h->cmsg_type == IPV6_RECVERR))
				continue;
			memcpy(&error, CMSG_DATA(h), sizeof error);
			*what = icmp_words(&error);
			sock_from(&address, to);
			if (*what)
				return true;
		}
	}
}
