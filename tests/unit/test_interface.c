/* Interfaces by name and by address. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "interface.h"

static void by_name(void **state)
{
	struct pcp_endpoint address;
	char names[256];
	unsigned loopback;

	(void)state;
	assert_true(pcp_endpoint_parse("127.0.0.1", 0, &address, NULL));
	loopback = interface_of(&address);
	assert_true(loopback > 0);
	assert_true(interface_index("lo") == loopback || interface_index("lo0") == loopback);
	assert_int_equal(interface_index("no-such-one"), 0);
	assert_true(interface_names(names, sizeof names) >= 2);
	assert_non_null(strstr(names, "lo"));
	assert_true(interface_address(loopback, true, &address));
	assert_int_equal(address.addr[12], 127);
	assert_int_equal(interface_of(&address), loopback);
	assert_false(interface_first(loopback, true, &address)); /* it is that one itself */
	assert_false(interface_first(0, true, &address));
	assert_false(interface_address(0, true, &address));
	assert_true(pcp_endpoint_parse("198.51.100.77", 0, &address, NULL));
	assert_int_equal(interface_of(&address), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
