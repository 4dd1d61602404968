/*
 * UDP sockets: whom a datagram came from, where it arrived, and what ICMP said about one that was
 * sent.
 */
#define _GNU_SOURCE /* RFC 3542's packet information */
#include "sock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "interface.h"
#include "pcp.h"
#include "sock-private.h"

/* What is wrong with the system, and not with what was typed. */
static bool is_lack(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM ||
	       error == ENETUNREACH || error == EHOSTUNREACH;
}

static int fail(struct pcp_why *why, const char *what, const struct pcp_endpoint *endpoint, int fd)
{
	int error = errno;
	char text[ENDPOINT_TEXT];

	pcp_endpoint_text(endpoint, text, sizeof text);
	pcp_refuse(why, 0, "%s %s: %s", what, text, strerror(error));
	if (why && is_lack(error))
		why->code = PCP_WHY_MEMORY;
	if (fd >= 0)
		close(fd);
	errno = error;
	return -1;
}

static int udp(const struct pcp_endpoint *endpoint)
{
	bool v4 = pcp_addr_is_v4(endpoint->addr);
	int fd = socket(v4 ? AF_INET : AF_INET6, SOCK_DGRAM, IPPROTO_UDP);

	if (fd < 0)
		return -1;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	if (v4) {
		sock_want_arrival(fd);
	} else {
		sock_on(fd, IPPROTO_IPV6, IPV6_V6ONLY);
		sock_on(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO);
	}
	return fd;
}

bool pcp_sock_source(const struct pcp_endpoint *to, struct pcp_endpoint *source,
		     struct pcp_why *why)
{
	union sock_address address;
	socklen_t len = sock_to(to, &address);
	int fd = udp(to);

	/* Connecting a UDP socket sends nothing; it only asks the routing table. */
	if (fd < 0 || connect(fd, &address.any, len) < 0 || !pcp_sock_local(fd, source)) {
		fail(why, "no route to", to, fd);
		return false;
	}
	close(fd);
	source->port = 0;
	return true;
}

int pcp_sock_open(const struct pcp_endpoint *local, bool *in_use, struct pcp_why *why)
{
	union sock_address address;
	socklen_t len = sock_to(local, &address);
	int fd = udp(local);

	if (in_use)
		*in_use = false;
	if (fd < 0)
		return fail(why, "cannot open a socket for", local, fd);
	sock_want_errors(fd, pcp_addr_is_v4(local->addr));
	if (bind(fd, &address.any, len) < 0) {
		if (in_use)
			*in_use = errno == EADDRINUSE;
		return fail(why, "cannot use the address", local, fd);
	}
	return fd;
}

/* Bound; with a backlog it listens, too. */
static int tcp(const struct pcp_endpoint *local, int backlog, struct pcp_why *why)
{
	union sock_address address;
	socklen_t len = sock_to(local, &address);
	int fd = socket(address.any.sa_family, SOCK_STREAM, IPPROTO_TCP);

	if (fd < 0)
		return fail(why, "cannot open a socket for", local, fd);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	if (backlog) /* connections of the run before may be in TIME_WAIT */
		sock_on(fd, SOL_SOCKET, SO_REUSEADDR);
	if (bind(fd, &address.any, len) < 0 || (backlog && listen(fd, backlog) < 0))
		return fail(why, backlog ? "cannot listen on" : "cannot use the address", local,
			    fd);
	return fd;
}

int pcp_sock_hold_tcp(const struct pcp_endpoint *local, struct pcp_why *why)
{
	return tcp(local, 0, why);
}

int pcp_sock_listen(const struct pcp_endpoint *local, struct pcp_why *why)
{
	return tcp(local, 8, why);
}

int pcp_sock_connect(const struct pcp_endpoint *local, const struct pcp_endpoint *to,
		     struct pcp_why *why)
{
	struct pcp_endpoint from = *local;
	union sock_address address;
	socklen_t len;
	int fd;

	from.port = 0;
	fd = pcp_sock_hold_tcp(&from, why);
	if (fd < 0)
		return -1;
	len = sock_to(to, &address);
	if (connect(fd, &address.any, len) < 0 && errno != EINPROGRESS)
		return fail(why, "cannot connect to", to, fd);
	return fd;
}

int pcp_sock_fault(int fd)
{
	int error = 0;
	socklen_t len = sizeof error;

	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0 ? errno : error;
}

void pcp_sock_reset(int fd)
{
	struct linger now = { .l_onoff = 1 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	close(fd);
}

static bool join(int fd, const struct pcp_endpoint *local, const union sock_address *group)
{
	if (group->any.sa_family == AF_INET) {
		struct ip_mreq request = { .imr_multiaddr = group->v4.sin_addr };

		memcpy(&request.imr_interface, local->addr + 12, 4);
		return setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &request, sizeof request) == 0;
	}
	struct ipv6_mreq request = { .ipv6mr_multiaddr = group->v6.sin6_addr,
				     .ipv6mr_interface = local->scope };

	return setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &request, sizeof request) == 0;
}

bool pcp_sock_global(unsigned scope, struct pcp_endpoint *source)
{
	struct pcp_endpoint best; /* which is global when one is */
	bool found = interface_address(scope, false, &best) && interface_is_global(&best);

	if (found)
		*source = best;
	return found;
}

int pcp_sock_announcements(const struct pcp_endpoint *local, struct pcp_why *why)
{
	struct pcp_endpoint group = { .port = PCP_CLIENT_PORT, .scope = local->scope };
	struct pcp_endpoint here = *local;
	union sock_address address;

	/* A global IPv6 address tells no scope, and a group of one link is joined by interface. */
	if (!pcp_addr_is_v4(local->addr) && !local->scope)
		here.scope = group.scope = interface_of(local);
	pcp_addr_parse(pcp_addr_is_v4(local->addr) ? "224.0.0.1" : "ff02::1", group.addr, why);
	socklen_t len = sock_to(&group, &address);
	int fd = udp(&group);

	if (fd < 0)
		return fail(why, "cannot hear announcements on", &group, fd);
	/* 14.1.3: share the port, and bind the group rather than the wildcard, so that what is sent
	 * to port 5350 of this host alone stays with whoever wants it. */
	sock_on(fd, SOL_SOCKET, SO_REUSEADDR);
#ifdef SO_REUSEPORT
	sock_on(fd, SOL_SOCKET, SO_REUSEPORT);
#endif
	if (bind(fd, &address.any, len) < 0 || !join(fd, &here, &address))
		return fail(why, "cannot hear announcements on", &group, fd);
	return fd;
}

bool pcp_sock_local(int fd, struct pcp_endpoint *local)
{
	union sock_address address;
	socklen_t len = sizeof address;

	memset(&address, 0, sizeof address);
	if (getsockname(fd, &address.any, &len) < 0)
		return false;
	sock_from(&address, local);
	return true;
}

static void name_source(struct msghdr *message, const struct pcp_endpoint *from)
{
	struct cmsghdr *header = CMSG_FIRSTHDR(message);

	if (pcp_addr_is_v4(from->addr)) {
		struct in_addr source;

		memcpy(&source, from->addr + 12, sizeof source);
		message->msg_controllen = sock_put_source(header, &source);
	} else {
		struct in6_pktinfo info = { .ipi6_ifindex = from->scope };

		memcpy(&info.ipi6_addr, from->addr, PCP_ADDR_LEN);
		header->cmsg_level = IPPROTO_IPV6;
		header->cmsg_type = IPV6_PKTINFO;
		header->cmsg_len = CMSG_LEN(sizeof info);
		memcpy(CMSG_DATA(header), &info, sizeof info);
		message->msg_controllen = CMSG_SPACE(sizeof info);
	}
}

bool pcp_sock_send(int fd, const struct pcp_endpoint *from, const struct pcp_endpoint *to,
		   const uint8_t *octets, size_t len)
{
	union sock_address address;
	union sock_control control = { 0 };
	struct iovec iov = { .iov_base = (void *)(uintptr_t)octets, .iov_len = len };
	struct msghdr message = { .msg_name = &address, .msg_iov = &iov, .msg_iovlen = 1 };

	message.msg_namelen = sock_to(to, &address);
	if (from && !pcp_addr_is_any(from->addr)) {
		message.msg_control = &control;
		message.msg_controllen = sizeof control;
		name_source(&message, from);
	}
	ssize_t sent = sendmsg(fd, &message, 0);

	/* An error that ICMP left on the socket is reported by the next call, once, whatever it was
	 * for; the datagram itself has not been tried yet. */
	if (sent < 0 && (errno == ECONNREFUSED || errno == EHOSTUNREACH))
		sent = sendmsg(fd, &message, 0);
	return sent == (ssize_t)len;
}

/* Where the datagram arrived: the packet info's address, the socket's port. */
static void arrived_at(struct msghdr *message, struct pcp_endpoint *to)
{
	for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header;
	     header = CMSG_NXTHDR(message, header)) {
		struct in_addr v4;

		if (sock_arrival(header, &v4)) {
			sock_set_v4(to, &v4);
		} else if (header->cmsg_level == IPPROTO_IPV6 &&
			   header->cmsg_type == IPV6_PKTINFO) {
			struct in6_pktinfo info;

			memcpy(&info, CMSG_DATA(header), sizeof info);
			memcpy(to->addr, &info.ipi6_addr, PCP_ADDR_LEN);
			if (IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr) ||
			    IN6_IS_ADDR_MULTICAST(&info.ipi6_addr))
				to->scope = (uint32_t)info.ipi6_ifindex;
		}
	}
}

ssize_t pcp_sock_receive(int fd, uint8_t *octets, size_t cap, struct pcp_endpoint *from,
			 struct pcp_endpoint *to)
{
	union sock_address address;
	union sock_control control;
	struct iovec iov = { .iov_base = octets, .iov_len = cap };
	struct msghdr message = { .msg_name = &address,
				  .msg_namelen = sizeof address,
				  .msg_iov = &iov,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof control };

	memset(&address, 0, sizeof address);
	ssize_t len = recvmsg(fd, &message, 0);

	if (len < 0)
		return -1;
	sock_from(&address, from);
	if (!pcp_sock_local(fd, to))
		memset(to, 0, sizeof *to);
	arrived_at(&message, to);
	return len;
}
