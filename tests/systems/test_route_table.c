/* The way out as the BSDs and macOS tell it: tables of routes, octet by octet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <sys/types.h>

#include <sys/socket.h>

#include <net/route.h>

#include "route-private.h"

enum { UP = RTF_UP, VIA = RTF_UP | RTF_GATEWAY };

static uint8_t table[2048];
static size_t len, message;

/* ---- a table ---- */

static void begin(int flags, unsigned short interface)
{
	struct rt_msghdr header = { .rtm_version = RTM_VERSION,
				    .rtm_type = RTM_GET,
				    .rtm_index = interface,
				    .rtm_flags = flags };

	message = len;
	memcpy(table + len, &header, sizeof header);
	len += sizeof header;
}

/* The address that `which` says, of `size` octets, of which `n` behind `off` are given. */
static void put(unsigned which, uint8_t size, uint8_t family, size_t off, const void *octets,
		size_t n)
{
	const size_t unit = ROUTE_ALIGN;
	struct rt_msghdr header;
	uint8_t *to = table + len;

	memset(to, 0, size + unit);
	to[0] = size;
	to[1] = family;
	memcpy(to + off, octets, n);
	if (!size)
		to[1] = 0;
	len += size ? (size + unit - 1) / unit * unit : unit;
	memcpy(&header, table + message, sizeof header);
	header.rtm_addrs |= (int)which;
	header.rtm_msglen = (unsigned short)(len - message);
	memcpy(table + message, &header, sizeof header);
}

static void put_v4(unsigned which, uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
	put(which, 16, AF_INET, 4, (uint8_t[]){ a, b, c, d }, 4);
}

static void put_v6(unsigned which, const uint8_t addr[16])
{
	put(which, 28, AF_INET6, 8, addr, 16);
}

/* A default route: its mask has no octets. */
static void put_default(int flags, unsigned short interface, uint8_t last)
{
	begin(flags, interface);
	put_v4(RTA_DST, 0, 0, 0, 0);
	put_v4(RTA_GATEWAY, 192, 168, 5, last);
	put(RTA_NETMASK, 0, 0, 0, "", 0);
}

static int setup(void **state)
{
	(void)state;
	len = 0;
	return 0;
}

static bool found(bool v4, unsigned interface, struct route_way *route)
{
	return route_of_table(table, len, v4, interface, route);
}

/* ---- what is found in it ---- */

static void shown(const struct route_way *route, const char *expected)
{
	char buf[ENDPOINT_TEXT];

	pcp_endpoint_text(&route->gateway, buf, sizeof buf);
	assert_string_equal(buf, expected);
}

static void over_a_router(void **state)
{
	struct route_way route;

	(void)state;
	begin(UP, 3); /* the net that the host stands in */
	put_v4(RTA_DST, 192, 168, 5, 0);
	put(RTA_GATEWAY, 20, AF_UNSPEC, 2, "\x03", 1);
	put(RTA_NETMASK, 7, 0, 4, "\xff\xff\xff", 3);
	put_default(VIA, 3, 1);
	assert_true(found(true, 0, &route));
	assert_true(route.has_gateway);
	assert_int_equal(route.interface, 3);
	shown(&route, "192.168.5.1:5351");
	assert_false(found(false, 0, &route));
}

static void the_longest_wins(void **state)
{
	struct route_way route;

	(void)state;
	put_default(VIA, 3, 1);
	begin(VIA, 4);
	put_v4(RTA_DST, 192, 0, 0, 0);
	put_v4(RTA_GATEWAY, 10, 0, 0, 1);
	put(RTA_NETMASK, 7, 0, 4, "\xff\xff\xf0", 3);
	begin(VIA, 5); /* one bit longer, and elsewhere */
	put_v4(RTA_DST, 192, 0, 8, 0);
	put_v4(RTA_GATEWAY, 10, 0, 0, 2);
	put(RTA_NETMASK, 7, 0, 4, "\xff\xff\xf8", 3);
	assert_true(found(true, 0, &route));
	shown(&route, "10.0.0.1:5351");
	begin(VIA | RTF_HOST, 6);
	put_v4(RTA_DST, 192, 0, 0, 9);
	put_v4(RTA_GATEWAY, 10, 0, 0, 3);
	assert_true(found(true, 0, &route));
	shown(&route, "10.0.0.3:5351");
}

static void by_interface(void **state)
{
	struct route_way route;

	(void)state;
	put_default(VIA, 3, 1);
	put_default(VIA, 4, 2);
	assert_true(found(true, 0, &route));
	assert_int_equal(route.interface, 3);
	assert_true(found(true, 4, &route));
	shown(&route, "192.168.5.2:5351");
	assert_false(found(true, 5, &route));
}

static void into_a_tunnel(void **state)
{
	struct route_way route;

	(void)state;
	begin(UP, 9);
	put_v4(RTA_DST, 0, 0, 0, 0);
	put_v4(RTA_GATEWAY, 10, 8, 0, 2); /* this end of it */
	put(RTA_NETMASK, 0, 0, 0, "", 0);
	assert_true(found(true, 0, &route));
	assert_false(route.has_gateway);
	assert_int_equal(route.interface, 9);
}

static void link_local_has_scope(void **state)
{
	static const uint8_t any[16], router[16] = { 0xfe, 0x80, 0, 7, [15] = 1 };
	static const uint8_t global[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };
	struct route_way route;

	(void)state;
	begin(VIA, 7);
	put_v6(RTA_DST, any);
	put_v6(RTA_GATEWAY, router);
	put(RTA_NETMASK, 0, 0, 0, "", 0);
	assert_true(found(false, 0, &route));
	assert_int_equal(route.gateway.scope, 7);
	assert_int_equal(route.gateway.addr[3], 0);
	begin(VIA, 7); /* 2000::/3 */
	put_v6(RTA_DST, (const uint8_t[16]){ 0x20 });
	put_v6(RTA_GATEWAY, global);
	put(RTA_NETMASK, 9, 0, 8, "\xe0", 1);
	assert_true(found(false, 0, &route));
	shown(&route, "[2001:db8::1]:5351");
	assert_false(found(true, 0, &route));
}

static void refusals_lead_nowhere(void **state)
{
	struct route_way route;

	(void)state;
	put_default(VIA | RTF_REJECT, 3, 1);
	put_default(VIA | RTF_BLACKHOLE, 3, 2);
	put_default(RTF_GATEWAY, 3, 3); /* not up */
	assert_false(found(true, 0, &route));
}

/* What the kernel never says is no route either, and nothing is read beyond it. */
static void nonsense(void **state)
{
	struct route_way route;

	(void)state;
	put_default(VIA, 3, 1);
	assert_true(found(true, 0, &route));
	for (size_t cut = 0; cut < len; cut++)
		assert_false(route_of_table(table, cut, true, 0, &route));
	table[sizeof(struct rt_msghdr)] = 200; /* an address longer than the message */
	assert_false(found(true, 0, &route));
	memset(table, 0, len); /* messages without length */
	assert_false(found(true, 0, &route));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(over_a_router, setup),
		cmocka_unit_test_setup(the_longest_wins, setup),
		cmocka_unit_test_setup(by_interface, setup),
		cmocka_unit_test_setup(into_a_tunnel, setup),
		cmocka_unit_test_setup(link_local_has_scope, setup),
		cmocka_unit_test_setup(refusals_lead_nowhere, setup),
		cmocka_unit_test_setup(nonsense, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
