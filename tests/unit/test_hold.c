/* Ports of this host that are held: in a row, none beyond the last one, and as many as a probe
 * maps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hold.h"

static struct pcp_endpoint loopback(void)
{
	struct pcp_endpoint local;

	assert_true(pcp_endpoint_parse("127.0.0.1", 0, &local, NULL));
	return local;
}

/* Port 0 is whatever port the system likes, and behind the last one. */
static void the_last_port_is_the_last(void **state)
{
	struct pcp_endpoint local = loopback();

	(void)state;
	for (unsigned first = 65528; first <= UINT16_MAX; first++) {
		struct hold hold;
		uint16_t got;

		hold_init(&hold, (uint16_t)first);
		for (int i = 0; i < 4; i++) {
			got = hold_ports(&hold, &local, 4);
			assert_in_range(got, 49152, UINT16_MAX - 3);
		}
		hold_free(&hold);
	}
}

static void as_many_as_there_are_places(void **state)
{
	struct pcp_endpoint local = loopback();
	struct hold hold;
	uint16_t first;

	(void)state;
	hold_init(&hold, 50000);
	first = hold_ports(&hold, &local, HOLD_MAX);
	assert_in_range(first, 49152, UINT16_MAX - HOLD_MAX + 1);
	assert_false(hold_port(&hold, &local, (uint16_t)(first - 1)));
	assert_int_equal(hold_ports(&hold, &local, HOLD_MAX + 1), 0);
	hold_release(&hold, first, HOLD_MAX);
	assert_true(hold_port(&hold, &local, first));
	hold_free(&hold);
}

/* A port that somebody else has is passed over, with all of its row. */
static void what_is_taken_is_not_held(void **state)
{
	struct pcp_endpoint local = loopback();
	struct hold hold, other;
	uint16_t taken;

	(void)state;
	hold_init(&other, 52000);
	taken = hold_ports(&other, &local, 1);
	assert_int_not_equal(taken, 0);
	hold_init(&hold, (uint16_t)(taken - 2));
	assert_in_range(hold_ports(&hold, &local, 4), taken + 1, UINT16_MAX - 3);
	assert_false(hold_port(&hold, &local, taken));
	hold_free(&hold);
	hold_free(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_port_is_the_last),
		cmocka_unit_test(as_many_as_there_are_places),
		cmocka_unit_test(what_is_taken_is_not_held),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
