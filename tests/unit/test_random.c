/* The seeded generator repeats and is fair; the system's gives octets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "random.h"

static void same_seed_same_octets(void **state)
{
	struct pcp_rng a, b, c;
	uint8_t x[37], y[37], z[37];

	(void)state;
	pcp_rng_seeded(&a, 7);
	pcp_rng_seeded(&b, 7);
	pcp_rng_seeded(&c, 8);
	a.fill(&a, x, sizeof(x));
	b.fill(&b, y, sizeof(y));
	c.fill(&c, z, sizeof(z));
	assert_memory_equal(x, y, sizeof(x));
	assert_memory_not_equal(x, z, sizeof(x));
}

/* The first outputs of xoshiro256** from the state 1, 2, 3, 4, as its reference code gives them. */
static void reference_sequence(void **state)
{
	static const uint64_t want[] = { 11520, 0, 1509978240, 1215971899390074240 };
	struct pcp_rng rng;

	(void)state;
	pcp_rng_seeded(&rng, 0);
	for (uint64_t i = 0; i < 4; i++)
		rng.state[i] = i + 1;
	for (size_t i = 0; i < 4; i++)
		assert_true(pcp_rng_u64(&rng) == want[i]);
}

static void below_is_in_range_and_even(void **state)
{
	struct pcp_rng rng;
	unsigned count[6] = { 0 };

	(void)state;
	pcp_rng_seeded(&rng, 1);
	for (unsigned i = 0; i < 60000; i++) {
		uint64_t value = pcp_rng_below(&rng, 6);
		assert_in_range(value, 0, 5);
		count[value]++;
	}
	for (unsigned i = 0; i < 6; i++)
		assert_in_range(count[i], 9600, 10400);
	assert_int_equal(pcp_rng_below(&rng, 1), 0);
	assert_int_equal(pcp_rng_below(&rng, 0), 0);
}

static void uniform_is_in_range(void **state)
{
	struct pcp_rng rng;
	double lowest = 1, highest = -1, sum = 0;

	(void)state;
	pcp_rng_seeded(&rng, 2);
	for (unsigned i = 0; i < 10000; i++) {
		double value = pcp_rng_uniform(&rng, -0.1, 0.1);
		assert_true(value >= -0.1 && value <= 0.1);
		lowest = value < lowest ? value : lowest;
		highest = value > highest ? value : highest;
		sum += value;
	}
	assert_true(lowest < -0.099 && highest > 0.099);
	assert_true(sum / 10000 < 0.002 && sum / 10000 > -0.002);
}

static void system_octets_differ(void **state)
{
	struct pcp_rng rng;
	uint8_t x[32], y[32];

	(void)state;
	pcp_rng_system(&rng);
	rng.fill(&rng, x, sizeof(x));
	rng.fill(&rng, y, sizeof(y));
	assert_memory_not_equal(x, y, sizeof(x));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_seed_same_octets),      cmocka_unit_test(reference_sequence),
		cmocka_unit_test(below_is_in_range_and_even), cmocka_unit_test(uniform_is_in_range),
		cmocka_unit_test(system_octets_differ),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
