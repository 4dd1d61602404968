/* The way out of this host as Linux tells it, octet by octet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "route-private.h"

static uint8_t octets[512];
static size_t len;

static void begin(uint16_t type)
{
	struct nlmsghdr header = { .nlmsg_type = type };

	memset(octets, 0, sizeof octets);
	len = NLMSG_LENGTH(sizeof(struct rtmsg));
	memcpy(octets, &header, sizeof header);
}

static void put(uint16_t type, const void *data, size_t size)
{
	struct rtattr attribute = { .rta_type = type, .rta_len = (unsigned short)RTA_LENGTH(size) };

	memcpy(octets + len, &attribute, sizeof attribute);
	memcpy(octets + len + sizeof attribute, data, size);
	len += RTA_ALIGN(attribute.rta_len);
}

static bool parse(struct route_way *route)
{
	uint32_t whole = (uint32_t)len;

	memcpy(octets, &whole, sizeof whole);
	return route_of_netlink(octets, len, route);
}

static void put_interface(uint32_t index)
{
	put(RTA_OIF, &index, sizeof index);
}

static void shown(const struct route_way *route, const char *expected)
{
	char buf[ENDPOINT_TEXT];

	pcp_endpoint_text(&route->gateway, buf, sizeof buf);
	assert_string_equal(buf, expected);
}

static void over_a_router(void **state)
{
	static const uint8_t router[] = { 192, 168, 5, 1 };
	struct route_way route;

	(void)state;
	begin(RTM_NEWROUTE);
	put_interface(7);
	put(RTA_GATEWAY, router, sizeof router);
	assert_true(parse(&route));
	assert_true(route.has_gateway);
	assert_int_equal(route.interface, 7);
	shown(&route, "192.168.5.1:5351");
}

static void into_a_tunnel(void **state)
{
	struct route_way route;

	(void)state;
	begin(RTM_NEWROUTE);
	put_interface(9);
	assert_true(parse(&route));
	assert_false(route.has_gateway);
	assert_int_equal(route.interface, 9);
}

static void link_local_has_scope(void **state)
{
	static const uint8_t router[16] = { 0xfe, 0x80, [15] = 1 };
	static const uint8_t global[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };
	struct route_way route;

	(void)state;
	begin(RTM_NEWROUTE);
	put(RTA_GATEWAY, router, sizeof router);
	put_interface(7);
	assert_true(parse(&route));
	assert_int_equal(route.gateway.scope, 7);
	assert_int_equal(route.gateway.port, 5351);
	begin(RTM_NEWROUTE);
	put(RTA_GATEWAY, global, sizeof global);
	put_interface(7);
	assert_true(parse(&route));
	shown(&route, "[2001:db8::1]:5351");
}

/* What the kernel never says is no route either, and nothing is read beyond it. */
static void nonsense(void **state)
{
	static const uint8_t router[16] = { 192, 168, 5, 1 };
	struct route_way route;

	(void)state;
	begin(NLMSG_ERROR);
	assert_false(parse(&route));
	begin(RTM_NEWROUTE);
	put_interface(7);
	put(RTA_GATEWAY, router, sizeof router);
	assert_true(parse(&route));
	for (size_t cut = 0; cut < len; cut++)
		assert_false(route_of_netlink(octets, cut, &route));
	octets[NLMSG_LENGTH(sizeof(struct rtmsg))] = 1; /* an attribute shorter than its head */
	assert_false(route_of_netlink(octets, len, &route));
	begin(RTM_NEWROUTE);
	put(RTA_GATEWAY, router, 7); /* no family has such */
	put_interface(7);
	assert_true(parse(&route));
	assert_false(route.has_gateway);
}

static void changes_are_told(void **state)
{
	int fd = route_watch();

	(void)state;
	assert_true(fd >= 0);
	route_watched(fd); /* nothing has changed: it does not wait */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(over_a_router),	cmocka_unit_test(into_a_tunnel),
		cmocka_unit_test(link_local_has_scope), cmocka_unit_test(nonsense),
		cmocka_unit_test(changes_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
