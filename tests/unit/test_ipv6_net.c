/* The network that addresses share, and the rest of each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ipv6-net.h"
#include "text.h"

struct column {
	const char *addr[4];
	const char *net;
};

static const struct column columns[] = {
	{ { "2001:db8:1:2::5" }, "2001:db8:1:2::" },
	{ { "2001:db8:1:2::5", "2001:db8:1:2:a:b:c:d" }, "2001:db8:1:2::" },
	{ { "2001:db8::5", "2001:db8::6" }, "2001:db8::" },
	{ { "2001:db8:1:2::5", "2001:db8:1:3::5" }, "" },
	{ { "2001:db8:1:2::5", "2001:db8:1:3::5", "2001:db8:1:2::5" }, "" }, /* once is enough */
	{ { "2001:db8:1:2::5", "192.0.2.1" }, "" },
	{ { "192.0.2.1", "192.0.2.2" }, "" },
	{ { "192.0.2.1", "2001:db8:1:2::5", "2001:db8:1:2::6" }, "" },
	{ { "::1", "::2" }, "" },
	{ { NULL }, "" },
};

static void nets_are_shared(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		struct ipv6_net net = { .any = false };
		char text[PCP_ADDR_TEXT];
		uint8_t addr[PCP_ADDR_LEN];

		for (size_t k = 0; k < 4 && columns[i].addr[k]; k++) {
			assert_true(pcp_addr_parse(columns[i].addr[k], addr, NULL));
			ipv6_net_take(&net, addr);
		}
		ipv6_net_text(&net, text, sizeof text);
		assert_string_equal(text, columns[i].net);
	}
}

static const char *const rests[][2] = {
	{ "2001:db8:1:2::5", "::5" },
	{ "2001:db8:1:2::", "::" },
	{ "2001:db8:1:2:a:b:c:d", "::a:b:c:d" },
	{ "2001:db8:1:2:a::d", "::a::d" },
	{ "2001:db8:1:2::c0a8:101", "::c0a8:101" },		 /* not ::192.168.1.1 */
	{ "2001:db8:1:2:0:ffff:c0a8:101", "::0:ffff:c0a8:101" }, /* nor 192.168.1.1 */
};

static void rests_tell_apart(void **state)
{
	char text[PCP_ADDR_TEXT];
	uint8_t addr[PCP_ADDR_LEN];

	(void)state;
	for (size_t i = 0; i < sizeof rests / sizeof *rests; i++) {
		assert_true(pcp_addr_parse(rests[i][0], addr, NULL));
		assert_int_equal(ipv6_rest_text(addr, text, sizeof text), strlen(rests[i][1]));
		assert_string_equal(text, rests[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nets_are_shared),
		cmocka_unit_test(rests_tell_apart),
	};

	return cmocka_run_group_tests_name("ipv6-net", tests, NULL, NULL);
}
