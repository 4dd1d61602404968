/* Addresses, and the options of IP as Winsock numbers them. */
#ifndef WINDOWS_NETINET_IN_H
#define WINDOWS_NETINET_IN_H

#include <stdbool.h>
#include <sys/socket.h>

enum { IPPROTO_IP = 0, IPPROTO_TCP = 6, IPPROTO_UDP = 17, IPPROTO_IPV6 = 41 };
enum { IP_TTL = 4, IP_MULTICAST_IF = 9, IP_MULTICAST_TTL = 10, IP_MULTICAST_LOOP = 11 };
enum { IP_ADD_MEMBERSHIP = 12, IP_PKTINFO = 19, IP_UNICAST_IF = 31 };
enum { IPV6_MULTICAST_IF = 9, IPV6_MULTICAST_HOPS = 10, IPV6_MULTICAST_LOOP = 11 };
/* One option of Winsock is both: to be told, and what is told. */
enum { IPV6_JOIN_GROUP = 12, IPV6_PKTINFO = 19, IPV6_RECVPKTINFO = 19 };
enum { IPV6_V6ONLY = 27, IPV6_UNICAST_IF = 31 };
enum { INET_ADDRSTRLEN = 22, INET6_ADDRSTRLEN = 65 };

typedef uint32_t in_addr_t;
typedef uint16_t in_port_t;
struct in_addr {
	in_addr_t s_addr;
};
struct in6_addr {
	union {
		uint8_t octets[16];
		uint16_t words[8];
	} u;
};
#define s6_addr u.octets
struct sockaddr_in {
	sa_family_t sin_family;
	in_port_t sin_port;
	struct in_addr sin_addr;
	char sin_zero[8];
};
struct sockaddr_in6 {
	sa_family_t sin6_family;
	in_port_t sin6_port;
	uint32_t sin6_flowinfo;
	struct in6_addr sin6_addr;
	uint32_t sin6_scope_id;
};
struct ip_mreq {
	struct in_addr imr_multiaddr, imr_interface;
};
struct ipv6_mreq {
	struct in6_addr ipv6mr_multiaddr;
	unsigned ipv6mr_interface;
};
/* To send from, the same address is where it arrived. */
struct in_pktinfo {
	struct in_addr ipi_addr;
	unsigned ipi_ifindex;
};
#define ipi_spec_dst ipi_addr
struct in6_pktinfo {
	struct in6_addr ipi6_addr;
	unsigned ipi6_ifindex;
};

#define IN6_IS_ADDR_LINKLOCAL(a) ((a)->s6_addr[0] == 0xfe && ((a)->s6_addr[1] & 0xc0) == 0x80)
#define IN6_IS_ADDR_MULTICAST(a) ((a)->s6_addr[0] == 0xff)

static inline uint16_t htons(uint16_t value)
{
	return __builtin_bswap16(value);
}
static inline uint16_t ntohs(uint16_t value)
{
	return __builtin_bswap16(value);
}
static inline uint32_t htonl(uint32_t value)
{
	return __builtin_bswap32(value);
}
static inline uint32_t ntohl(uint32_t value)
{
	return __builtin_bswap32(value);
}

#endif
