/* Load on a server under a fake clock: its rate, its latencies, what it grows and what it clears.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bencher.h"
#include "schema.h"

enum { PORTS = 100, LEN = 60, UNDER_WAY = 4096 };
#define PATIENCE (3 * USEC_PER_SEC)

/* A server that answers each request after a while. */
struct world {
	struct load *load;
	struct pcp_rng rng;
	usec now, takes, each; /* an answer: takes, and `each` more for each mapping */
	usec stalls_at, stalls_until;
	unsigned mappings, most; /* more are refused */
	uint32_t epoch_from;
	unsigned loses; /* of so many requests one; 0: none */
	unsigned asked, deletions, maps;
	uint8_t stands[PORTS];
	struct coming {
		usec at;
		uint8_t octets[LEN];
	} answer[UNDER_WAY];
	size_t nanswer;
};

static void serve(void *arg, const uint8_t *octets, size_t len)
{
	struct world *world = arg;
	struct coming *answer = &world->answer[world->nanswer];
	bool deletes = pcp_get(&pcp_request_fields[REQ_LIFETIME], octets) == 0;
	unsigned port = (unsigned)octets[PCP_HEADER_LEN + 16] << 8 | octets[PCP_HEADER_LEN + 17];
	bool full;

	assert_int_equal(len, LEN);
	assert_in_range(port, 1000, 1000 + PORTS - 1);
	world->asked++;
	world->deletions += deletes;
	if (world->loses && world->asked % world->loses == 0)
		return;
	port -= 1000;
	full = !deletes && !world->stands[port] && world->mappings == world->most;
	world->maps += !deletes && !world->stands[port];
	if (!full) {
		world->mappings += (unsigned)!deletes - world->stands[port];
		world->stands[port] = !deletes;
	}
	assert_in_range(world->nanswer, 0, UNDER_WAY - 1);
	world->nanswer++;
	answer->at = world->now + world->takes + world->each * world->mappings;
	if (answer->at >= world->stalls_at && answer->at < world->stalls_until)
		answer->at = world->stalls_until;
	memcpy(answer->octets, octets, LEN);
	answer->octets[1] |= PCP_R;
	answer->octets[3] = full ? PCP_NO_RESOURCES : PCP_SUCCESS;
	memset(answer->octets + 8, 0, 16);
	pcp_put(&pcp_response_fields[HDR_EPOCH], answer->octets,
		world->epoch_from + (uint32_t)(answer->at / USEC_PER_SEC));
}

static struct world *world_new(void)
{
	struct world *world = calloc(1, sizeof *world);
	struct load_config config = {
		.first = 1000, .ports = PORTS, .protocol = 17, .lifetime = 600, .patience = PATIENCE
	};

	assert_non_null(world);
	pcp_addr_any(config.source, true);
	config.source[15] = 1;
	world->now = USEC_PER_SEC;
	world->takes = 2000;
	world->most = PORTS;
	pcp_rng_seeded(&world->rng, 5);
	world->load = load_new(&config, &world->rng, (struct load_io){ world, serve });
	assert_non_null(world->load);
	return world;
}

static void world_free(struct world *world)
{
	load_free(world->load);
	free(world);
}

static struct coming *first_answer(struct world *world)
{
	struct coming *first = NULL;

	for (size_t i = 0; i < world->nanswer; i++)
		if (!first || world->answer[i].at < first->at)
			first = &world->answer[i];
	return first;
}

/* Until the phase is over; late: how much later than it is due each tick comes. */
static void run(struct world *world, const struct load_phase *phase, usec late)
{
	load_begin(world->load, world->now, phase);
	while (!load_over(world->load)) {
		struct coming *answer = first_answer(world);
		usec next = load_next(world->load);

		if (answer && answer->at <= (next == USEC_NEVER ? next : next + late)) {
			uint8_t octets[LEN];

			world->now = answer->at > world->now ? answer->at : world->now;
			memcpy(octets, answer->octets, LEN);
			*answer = world->answer[--world->nanswer];
			load_receive(world->load, world->now, octets, LEN);
		} else {
			assert_true(next != USEC_NEVER);
			world->now = next + late > world->now ? next + late : world->now;
			load_tick(world->load, world->now);
		}
	}
}

static void clear(struct world *world)
{
	run(world, &(struct load_phase){ .window = 8, .duration = USEC_NEVER, .clears = true }, 0);
}

static const struct load_phase at_a_rate = { .rate = 100,
					     .window = PORTS,
					     .duration = 10 * USEC_PER_SEC,
					     .weight = { 1, 2, 1 },
					     .most = PORTS };

static void a_rate_is_kept(void **state)
{
	struct world *world = world_new();
	struct load_result *result;

	(void)state;
	run(world, &at_a_rate, 0);
	result = load_result(world->load);
	assert_int_equal(result->sent, 1000);
	assert_int_equal(result->answered, 1000);
	assert_int_equal(result->lost, 0);
	assert_int_equal(result->all.count, 1000);
	assert_int_equal(samples_at(&result->all, 500), 2000);
	assert_int_equal(samples_at(&result->all, 1000), 2000);
	/* Each kind as its weight says, but that without a mapping there is only one to choose. */
	assert_in_range(result->took[LOAD_RENEW].count, 400, 600);
	assert_in_range(result->took[LOAD_MAP].count, 200, 350);
	assert_in_range(result->took[LOAD_DELETE].count, 150, 300);
	assert_int_equal(load_standing(world->load), world->mappings);
	clear(world);
	assert_int_equal(world->mappings, 0);
	assert_int_equal(load_standing(world->load), 0);
	world_free(world);
}

/* A second in which nothing is answered costs all that was due in it, on average half of it; and so
 * does a second in which this host did not come to send. */
static void a_stall_is_not_spared(void **state)
{
	for (int ours = 0; ours < 2; ours++) {
		struct world *world = world_new();
		struct load_result *result;

		(void)state;
		if (ours) {
			load_begin(world->load, world->now, &at_a_rate);
			world->now += USEC_PER_SEC; /* and only then comes the first turn */
			load_tick(world->load, world->now);
			assert_int_equal(world->asked, 100);
			while (world->nanswer) {
				struct coming *first = first_answer(world), answer = *first;

				*first = world->answer[--world->nanswer];
				world->now = answer.at;
				load_receive(world->load, answer.at, answer.octets, LEN);
			}
		} else {
			world->stalls_at = 2 * USEC_PER_SEC;
			world->stalls_until = 3 * USEC_PER_SEC;
			run(world, &at_a_rate, 0);
		}
		result = load_result(world->load);
		assert_in_range(samples_at(&result->all, 1000), 985000, 1015000);
		if (ours)
			assert_in_range(samples_at(&result->all, 500), 485000, 515000);
		else
			assert_in_range(samples_at(&result->all, 950), 480000, 520000);
		world_free(world);
	}
}

/* What was due before the end goes, however late this host comes to it, and nothing that was not.
 */
static void what_was_due_is_sent(void **state)
{
	static const usec late[] = { 1, 15000, 90000, USEC_PER_SEC };

	(void)state;
	for (size_t i = 0; i < sizeof late / sizeof *late; i++) {
		struct world *world = world_new();
		struct load_phase phase = at_a_rate;

		run(world, &at_a_rate, late[i]);
		assert_int_equal(load_result(world->load)->sent, 1000);
		phase.rate = 30; /* no whole number of microseconds apart */
		run(world, &phase, late[i]);
		assert_int_equal(load_result(world->load)->sent, 300);
		world_free(world);
	}
}

static void a_window_is_never_exceeded(void **state)
{
	struct world *world = world_new();
	struct load_phase phase = at_a_rate;

	(void)state;
	phase.rate = 0;
	phase.window = 4;
	phase.duration = USEC_PER_SEC;
	run(world, &phase, 0);
	assert_in_range(load_result(world->load)->sent, 4 * 500 - 8, 4 * 500 + 8); /* 2 ms each */
	clear(world);
	assert_int_equal(world->mappings, 0);
	world_free(world);
}

static void what_is_lost_is_counted_and_cleared(void **state)
{
	struct world *world = world_new();
	struct load_result *result;

	(void)state;
	world->loses = 10;
	run(world, &at_a_rate, 0);
	result = load_result(world->load);
	assert_int_equal(result->lost, 100);
	assert_int_equal(result->answered, 900);
	clear(world); /* with deletions that are lost, too */
	assert_int_equal(world->mappings, 0);
	assert_int_equal(load_standing(world->load), 0);
	world_free(world);
}

static void a_server_that_is_not_there(void **state)
{
	struct world *world = world_new();

	(void)state;
	world->loses = 1;
	run(world, &at_a_rate, 0);
	assert_int_equal(load_result(world->load)->answered, 0);
	assert_in_range(world->now, 3 * USEC_PER_SEC, 8 * USEC_PER_SEC); /* and not ten */
	world_free(world);
}

static void it_grows_until_it_is_full(void **state)
{
	struct load_phase phase = {
		.window = 1, .duration = USEC_NEVER, .most = PORTS, .grows = true
	};
	struct load_point step[BENCH_STEPS];
	struct world *world = world_new();
	struct load_result *result;
	size_t n;

	(void)state;
	world->each = 100;
	world->most = 64;
	run(world, &phase, 0);
	result = load_result(world->load);
	assert_int_equal(load_standing(world->load), 64);
	assert_int_equal(load_full(world->load), PCP_NO_RESOURCES);
	assert_int_equal(result->npoint, 64);
	for (unsigned i = 0; i < 64; i++) {
		assert_int_equal(result->point[i].mappings, i + 1);
		assert_int_equal(result->point[i].took, 2000 + 100 * (i + 1));
	}
	n = bench_steps(result, step);
	assert_int_equal(n, BENCH_STEPS);
	assert_int_equal(step[0].mappings, 2);
	assert_int_equal(step[n - 1].mappings, 64);
	assert_int_equal(step[n - 1].took, 2000 + 100 * 63); /* of two the lower */
	clear(world);
	assert_int_equal(world->mappings, 0);
	world->most = PORTS;
	run(world, &phase, 0);
	assert_int_equal(load_standing(world->load), PORTS);
	assert_int_equal(load_full(world->load), 0);
	world_free(world);
}

static void a_restart_is_seen(void **state)
{
	struct world *world = world_new();
	struct load_phase phase = at_a_rate;

	(void)state;
	phase.watches = true;
	phase.duration = 60 * USEC_PER_SEC;
	world->epoch_from = 5000;
	load_begin(world->load, world->now, &phase);
	run(world,
	    &(struct load_phase){ .rate = 10,
				  .window = PORTS,
				  .duration = USEC_PER_SEC,
				  .weight = { 1, 0, 0 },
				  .most = PORTS },
	    0);
	assert_false(load_result(world->load)->restarted);
	world->now += 2 * USEC_PER_SEC;
	world->epoch_from = 0;
	run(world, &phase, 0);
	assert_true(load_result(world->load)->restarted);
	assert_in_range(load_result(world->load)->outage, 2 * USEC_PER_SEC, 3 * USEC_PER_SEC);
	assert_in_range(load_result(world->load)->sent, 1, 3); /* it ended at once */
	world_free(world);
}

/* What is none of its answers changes nothing. */
static void strangers_are_not_heard(void **state)
{
	struct world *world = world_new();
	uint8_t octets[LEN];

	(void)state;
	load_begin(world->load, world->now, &at_a_rate);
	load_tick(world->load, world->now);
	assert_int_equal(world->nanswer, 1);
	for (size_t i = 0; i < LEN; i++) {
		memcpy(octets, world->answer[0].octets, LEN);
		octets[i] ^= 0xff;
		if (i == 0 || i == 1 || (i >= 24 && i < 37) || i == 40)
			load_receive(world->load, world->now, octets, LEN);
		load_receive(world->load, world->now, world->answer[0].octets, i);
	}
	assert_int_equal(load_result(world->load)->answered, 0);
	load_receive(world->load, world->now, world->answer[0].octets, LEN);
	load_receive(world->load, world->now, world->answer[0].octets, LEN); /* twice */
	assert_int_equal(load_result(world->load)->answered, 1);
	world_free(world);
}

static void percentiles_are_nearest_ranks(void **state)
{
	struct samples samples = { 0 };

	(void)state;
	assert_int_equal(samples_at(&samples, 500), 0);
	for (usec i = 1000; i > 0; i--)
		assert_true(samples_add(&samples, i));
	assert_int_equal(samples_at(&samples, 500), 500);
	assert_int_equal(samples_at(&samples, 999), 999);
	assert_int_equal(samples_at(&samples, 1000), 1000);
	assert_int_equal(samples_at(&samples, 0), 1);
	assert_true(samples_add(&samples, 5000));
	assert_int_equal(samples_at(&samples, 1000), 5000);
	samples_free(&samples);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rate_is_kept),
		cmocka_unit_test(a_stall_is_not_spared),
		cmocka_unit_test(what_was_due_is_sent),
		cmocka_unit_test(a_window_is_never_exceeded),
		cmocka_unit_test(what_is_lost_is_counted_and_cleared),
		cmocka_unit_test(a_server_that_is_not_there),
		cmocka_unit_test(it_grows_until_it_is_full),
		cmocka_unit_test(a_restart_is_seen),
		cmocka_unit_test(strangers_are_not_heard),
		cmocka_unit_test(percentiles_are_nearest_ranks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
