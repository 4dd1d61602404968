/* The default router as Linux tells it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "gateway.h"

static FILE *text(const char *octets)
{
	return fmemopen((void *)(uintptr_t)octets, strlen(octets), "r");
}

static unsigned seven(const char *name)
{
	return strcmp(name, "eth0") == 0 ? 7 : 0;
}

static void shown(const struct pcp_endpoint *gateway, const char *expected)
{
	char buf[ENDPOINT_TEXT];

	pcp_endpoint_text(gateway, buf, sizeof buf);
	assert_string_equal(buf, expected);
}

#define HEAD_V4                                                                                    \
	"Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"

static void lowest_metric(void **state)
{
	struct pcp_endpoint gateway;
	FILE *file = text(HEAD_V4 "eth0\t00000000\t0105A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
				  "eth1\t00000000\t0106A8C0\t0003\t0\t0\t50\t00000000\t0\t0\t0\n"
				  "eth2\t00000000\t0107A8C0\t0003\t0\t0\t60\t00000000\t0\t0\t0\n");

	(void)state;
	assert_true(gateway_parse_v4(file, &gateway));
	shown(&gateway, "192.168.6.1:5351");
	fclose(file);
}

static void no_gateway(void **state)
{
	struct pcp_endpoint gateway;
	FILE *file = text(HEAD_V4 "eth0\t0005A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"
				  "ppp0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0\n"
				  "half a line");

	(void)state;
	assert_false(gateway_parse_v4(file, &gateway));
	fclose(file);
}

static void half_default(void **state)
{
	struct pcp_endpoint gateway;
	FILE *file = text(HEAD_V4 "tun0\t00000000\t0108A8C0\t0003\t0\t0\t0\t00000080\t0\t0\t0\n");

	(void)state;
	assert_false(gateway_parse_v4(file, &gateway)); /* 0.0.0.0/1 is no default route */
	fclose(file);
}

#define ZERO "00000000000000000000000000000000"

static void link_local_has_scope(void **state)
{
	struct pcp_endpoint gateway;
	FILE *file = text("20010db8000000000000000000000000 40 " ZERO " 00 " ZERO
			  " 00000100 00000001 00000000 00000001 eth0\n" ZERO " 00 " ZERO
			  " 00 fe800000000000000000000000000001 00000400 00000001 00000000 "
			  "00000003 eth0\n" ZERO " 00 " ZERO " 00 " ZERO
			  " ffffffff 00000001 00000000 00200200 lo\n");

	(void)state;
	assert_true(gateway_parse_v6(file, seven, &gateway));
	assert_int_equal(gateway.addr[0], 0xfe);
	assert_int_equal(gateway.addr[15], 1);
	assert_int_equal(gateway.scope, 7);
	assert_int_equal(gateway.port, 5351);
	fclose(file);
}

static void global_has_none(void **state)
{
	struct pcp_endpoint gateway;
	FILE *file = text(
		ZERO
		" 00 " ZERO
		" 00 20010db8000000000000000000000001 00000400 00000001 00000000 00000003 eth0\n");

	(void)state;
	assert_true(gateway_parse_v6(file, seven, &gateway));
	assert_int_equal(gateway.scope, 0);
	shown(&gateway, "[2001:db8::1]:5351");
	fclose(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lowest_metric),   cmocka_unit_test(no_gateway),
		cmocka_unit_test(half_default),	   cmocka_unit_test(link_local_has_scope),
		cmocka_unit_test(global_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
