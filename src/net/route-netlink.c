/* The way out, asked of Linux by rtnetlink, in its own few lines. */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "pcp.h"
#include "route-private.h"

static int netlink(uint32_t groups)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = groups };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof address) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static uint32_t group(unsigned number)
{
	return UINT32_C(1) << (number - 1);
}

int route_watch(void)
{
	return netlink(group(RTNLGRP_LINK) | group(RTNLGRP_IPV4_IFADDR) |
		       group(RTNLGRP_IPV4_ROUTE) | group(RTNLGRP_IPV4_RULE) |
		       group(RTNLGRP_IPV6_IFADDR) | group(RTNLGRP_IPV6_ROUTE) |
		       group(RTNLGRP_IPV6_RULE));
}

/* One question; its attributes stand where the kernel wants them. */
struct question {
	struct nlmsghdr header;
	struct rtmsg route;
	uint8_t attributes[64];
};

static void put(struct question *question, unsigned short type, const void *data, size_t len)
{
	struct rtattr *attribute =
		(void *)((uint8_t *)question + NLMSG_ALIGN(question->header.nlmsg_len));

	attribute->rta_type = type;
	attribute->rta_len = (unsigned short)RTA_LENGTH(len);
	memcpy(RTA_DATA(attribute), data, len);
	question->header.nlmsg_len =
		NLMSG_ALIGN(question->header.nlmsg_len) + (uint32_t)RTA_ALIGN(attribute->rta_len);
}

static struct question question_of(bool v4, uint32_t interface)
{
	struct question question = {
		.header = { .nlmsg_len = NLMSG_LENGTH(sizeof(struct rtmsg)),
			    .nlmsg_type = RTM_GETROUTE,
			    .nlmsg_flags = NLM_F_REQUEST },
		.route = { .rtm_family = v4 ? AF_INET : AF_INET6, .rtm_dst_len = v4 ? 32 : 128 },
	};

	put(&question, RTA_DST, route_target(v4), v4 ? 4 : PCP_ADDR_LEN);
	if (interface)
		put(&question, RTA_OIF, &interface, sizeof interface);
	return question;
}

static bool take(struct route_way *route, unsigned short type, const uint8_t *data, size_t len)
{
	bool v4 = len == 4;
	uint32_t interface;

	if (type == RTA_OIF && len == sizeof interface) {
		memcpy(&interface, data, sizeof interface);
		route->interface = interface;
		return true;
	}
	if (type != RTA_GATEWAY || (len != 4 && len != PCP_ADDR_LEN))
		return true;
	pcp_addr_any(route->gateway.addr, v4);
	memcpy(route->gateway.addr + (v4 ? 12 : 0), data, len);
	route->has_gateway = true;
	return true;
}

bool route_of_netlink(const uint8_t *octets, size_t len, struct route_way *route)
{
	struct nlmsghdr header;
	struct rtattr attribute;
	size_t pos = NLMSG_LENGTH(sizeof(struct rtmsg));

	*route = (struct route_way){ .gateway = { .port = PCP_SERVER_PORT } };
	if (len < pos)
		return false;
	memcpy(&header, octets, sizeof header);
	if (header.nlmsg_type != RTM_NEWROUTE || header.nlmsg_len > len)
		return false;
	for (; pos + sizeof attribute <= header.nlmsg_len; pos += RTA_ALIGN(attribute.rta_len)) {
		memcpy(&attribute, octets + pos, sizeof attribute);
		if (attribute.rta_len < sizeof attribute ||
		    attribute.rta_len > header.nlmsg_len - pos)
			return false;
		take(route, attribute.rta_type, octets + pos + sizeof attribute,
		     attribute.rta_len - sizeof attribute);
	}
	if (pcp_addr_is_link_local(route->gateway.addr))
		route->gateway.scope = route->interface;
	return route->interface != 0;
}

bool route_out(bool v4, unsigned interface, struct route_way *route)
{
	struct question question = question_of(v4, interface);
	uint8_t octets[ROUTE_MESSAGE_MAX];
	int fd = netlink(0);
	ssize_t len = -1;

	if (fd < 0)
		return false;
	/* The kernel answers within send(): there is nothing to wait for. */
	if (send(fd, &question, question.header.nlmsg_len, 0) >= 0)
		len = recv(fd, octets, sizeof octets, MSG_DONTWAIT);
	close(fd);
	return len > 0 && route_of_netlink(octets, (size_t)len, route);
}
