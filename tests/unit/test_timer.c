/* The timer heap against a plain list, by seed, and the promises of its header. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "random.h"
#include "timer.h"

enum { MANY = 300 };

struct run {
	struct timers timers;
	struct timer timer[MANY];
	usec model[MANY]; /* USEC_NEVER: not armed */
	usec last;
	unsigned fired;
};

static void note(struct timer *timer, void *arg, usec now)
{
	struct run *run = arg;
	size_t i = (size_t)(timer - run->timer);

	assert_true(timer->at <= now);
	assert_true(timer->at >= run->last); /* earliest first */
	assert_true(run->model[i] == timer->at);
	assert_int_equal(timer->pos, 0);
	run->last = timer->at;
	run->model[i] = USEC_NEVER;
	run->fired++;
}

static void agrees_with_a_list(void **state)
{
	static struct run run;
	struct pcp_rng rng;
	usec now = 0;

	(void)state;
	pcp_rng_seeded(&rng, 11);
	timers_init(&run.timers);
	for (size_t i = 0; i < MANY; i++) {
		run.timer[i] = (struct timer){ .fire = note, .arg = &run };
		run.model[i] = USEC_NEVER;
	}
	for (unsigned step = 0; step < 50000; step++) {
		size_t i = (size_t)pcp_rng_below(&rng, MANY);
		usec first = USEC_NEVER;
		switch (pcp_rng_below(&rng, 4)) {
		case 0:
			timer_stop(&run.timers, &run.timer[i]);
			run.model[i] = USEC_NEVER;
			break;
		case 1:
			now += (usec)pcp_rng_below(&rng, 50);
			run.last = 0;
			timers_run(&run.timers, now);
			for (size_t j = 0; j < MANY; j++)
				assert_true(run.model[j] > now);
			break;
		default:
			run.model[i] = now + (usec)pcp_rng_below(&rng, 1000);
			assert_true(timer_arm(&run.timers, &run.timer[i], run.model[i]));
		}
		for (size_t j = 0; j < MANY; j++)
			first = run.model[j] < first ? run.model[j] : first;
		assert_true(timers_next(&run.timers) == first);
	}
	assert_true(run.fired > 1000);
	timers_free(&run.timers);
}

struct chain {
	struct timers timers;
	struct timer first, second, third;
	char order[8];
	size_t n;
};

static void fire_first(struct timer *timer, void *arg, usec now)
{
	struct chain *chain = arg;

	(void)timer;
	chain->order[chain->n++] = '1';
	timer_stop(&chain->timers, &chain->second);
	assert_true(timer_arm(&chain->timers, &chain->third, now)); /* due in this same run */
	assert_true(timer_arm(&chain->timers, &chain->first, now + 10));
}

static void fire_other(struct timer *timer, void *arg, usec now)
{
	struct chain *chain = arg;

	(void)now;
	chain->order[chain->n++] = timer == &chain->second ? '2' : '3';
}

static void handlers_arm_and_stop(void **state)
{
	struct chain chain = { .n = 0 };

	(void)state;
	timers_init(&chain.timers);
	assert_true(timers_next(&chain.timers) == USEC_NEVER);
	chain.first = (struct timer){ .fire = fire_first, .arg = &chain };
	chain.second = chain.third = (struct timer){ .fire = fire_other, .arg = &chain };
	timer_stop(&chain.timers, &chain.first); /* stopping what is not armed is nothing */
	assert_true(timer_arm(&chain.timers, &chain.first, 5));
	assert_true(timer_arm(&chain.timers, &chain.second, 6));
	timers_run(&chain.timers, 8);
	assert_string_equal(chain.order, "13");
	assert_true(timers_next(&chain.timers) == 18);
	timers_free(&chain.timers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_a_list),
		cmocka_unit_test(handlers_arm_and_stop),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
