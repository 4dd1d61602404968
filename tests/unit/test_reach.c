/* Addresses that nobody outside can reach: the edges of each range, and what lies beyond them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "reach.h"
#include "text.h"

static const struct {
	const char *first, *last; /* of the range */
	const char *what;	  /* is said of it; NULL: it can be reached */
	int severity;
} ranges[] = {
	{ "10.0.0.0", "10.255.255.255", "1918", PCP_WARNING },
	{ "172.16.0.0", "172.31.255.255", "1918", PCP_WARNING },
	{ "192.168.0.0", "192.168.255.255", "1918", PCP_WARNING },
	{ "100.64.0.0", "100.127.255.255", "6598", PCP_WARNING },
	{ "192.0.0.0", "192.0.0.7", "6333", PCP_WARNING },
	{ "192.0.0.8", "192.0.0.255", "6890", PCP_WARNING },
	{ "169.254.0.0", "169.254.255.255", "3927", PCP_WARNING },
	{ "192.0.2.0", "192.0.2.255", "5737", PCP_NOTE },
	{ "198.51.100.0", "198.51.100.255", "5737", PCP_NOTE },
	{ "203.0.113.0", "203.0.113.255", "5737", PCP_NOTE },
	{ "198.18.0.0", "198.19.255.255", "2544", PCP_WARNING },
	{ "0.0.0.0", "0.255.255.255", "6890", PCP_ERROR },
	{ "127.0.0.0", "127.255.255.255", "1122", PCP_ERROR },
	{ "224.0.0.0", "239.255.255.255", "1112", PCP_ERROR },
	{ "240.0.0.0", "255.255.255.255", "1112", PCP_ERROR },
	{ "::", "::", "no address", PCP_ERROR },
	{ "::1", "::1", "loopback", PCP_ERROR },
	{ "::2", "::255.255.255.255", "without the prefix", PCP_ERROR },
	{ "fe80::", "febf:ffff::1", "4291", PCP_WARNING },
	{ "fec0::", "feff:ffff::1", "site-local", PCP_WARNING },
	{ "fc00::", "fdff:ffff::1", "4193", PCP_WARNING },
	{ "2001::", "2001:0:ffff::1", "Teredo", PCP_NOTE },
	{ "2002::", "2002:ffff::1", "6to4", PCP_NOTE },
	{ "2001:2::", "2001:2:0:ffff::1", "5180", PCP_WARNING },
	{ "2001:db8::", "2001:db8:ffff::1", "3849", PCP_NOTE },
	{ "3fff::", "3fff:fff:ffff::1", "9637", PCP_NOTE },
	{ "100::", "100::ffff", "6666", PCP_WARNING },
	{ "64:ff9b::", "64:ff9b::ffff:ffff", "6052", PCP_WARNING },
	{ "64:ff9b:1::", "64:ff9b:1:ffff::1", "8215", PCP_WARNING },
	{ "ff00::", "ffff::1", "multicast", PCP_ERROR },
	{ "8.8.4.4", "9.255.255.255", NULL, 0 },
	{ "11.0.0.0", "100.63.255.255", NULL, 0 },
	{ "100.128.0.0", "126.255.255.255", NULL, 0 },
	{ "128.0.0.0", "169.253.255.255", NULL, 0 },
	{ "169.255.0.0", "172.15.255.255", NULL, 0 },
	{ "172.32.0.0", "191.255.255.255", NULL, 0 },
	{ "192.0.1.0", "192.0.1.255", NULL, 0 },
	{ "192.0.3.0", "192.167.255.255", NULL, 0 },
	{ "192.169.0.0", "198.17.255.255", NULL, 0 },
	{ "198.20.0.0", "198.51.99.255", NULL, 0 },
	{ "203.0.114.0", "223.255.255.255", NULL, 0 },
	{ "2001:1::1", "2001:1::1", NULL, 0 },
	{ "2001:db9::", "2001:ffff::1", NULL, 0 },
	{ "2003::", "3ffe:ffff::1", NULL, 0 },
	{ "2a00:1450::1", "2c0f::1", NULL, 0 },
};

static void holds(const char *typed, const char *what, int severity)
{
	uint8_t addr[PCP_ADDR_LEN];
	struct pcp_why why;
	const struct pcp_reach *reach;

	assert_true(pcp_addr_parse(typed, addr, &why));
	reach = pcp_reach(addr);
	if (!what) {
		assert_null(reach);
		return;
	}
	assert_non_null(reach);
	assert_non_null(strstr(reach->what, what));
	assert_int_equal(reach->severity, severity);
	assert_true(strlen(reach->meaning) > 10);
}

static void edges(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
		holds(ranges[i].first, ranges[i].what, ranges[i].severity);
		holds(ranges[i].last, ranges[i].what, ranges[i].severity);
	}
}

static void examples(void **state)
{
	uint8_t addr[PCP_ADDR_LEN];
	struct pcp_why why;

	(void)state;
	pcp_addr_parse("203.0.113.9", addr, &why);
	assert_true(pcp_reach(addr)->example);
	pcp_addr_parse("192.168.1.11", addr, &why);
	assert_false(pcp_reach(addr)->example);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(edges),
		cmocka_unit_test(examples),
	};
	return cmocka_run_group_tests_name("reach", tests, NULL, NULL);
}
