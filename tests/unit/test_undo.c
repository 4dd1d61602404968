/* The journal of changes against copies of everything, by seed: each step back is what was. What is
 * freed too early, twice or never, valgrind and the sanitizers see. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "random.h"
#include "undo.h"

enum { CELLS = 40, STEPS = 400 };

/* Cells hold numbers of their own that come from malloc(), and a count that is told of by an act.
 */
struct world {
	struct undo *undo;
	uint32_t *cell[CELLS];
	unsigned value[CELLS];
	uint64_t touched;
	int count;
};
struct snapshot {
	uint32_t cell[CELLS]; /* 0: none */
	unsigned value[CELLS];
	int count;
};

static struct snapshot seen[STEPS];

static void take(const struct world *world, struct snapshot *snapshot)
{
	memset(snapshot, 0, sizeof *snapshot);
	for (size_t i = 0; i < CELLS; i++)
		snapshot->cell[i] = world->cell[i] ? *world->cell[i] : 0;
	memcpy(snapshot->value, world->value, sizeof world->value);
	snapshot->count = world->count;
}

static void assert_seen(const struct world *world, unsigned step)
{
	struct snapshot now;

	take(world, &now);
	assert_memory_equal(&now, &seen[step], sizeof now);
}

static void count_back(void *world, void *item, uint32_t by)
{
	(void)item;
	((struct world *)world)->count -= (int)by;
}

static void change(struct world *world, struct pcp_rng *rng)
{
	size_t i = (size_t)pcp_rng_below(rng, CELLS);
	unsigned by = (unsigned)pcp_rng_below(rng, 9);

	switch (pcp_rng_below(rng, 4)) {
	case 0:
		undo_keep(world->undo, &world->cell[i], sizeof world->cell[i]);
		undo_release(world->undo, world->cell[i]);
		world->cell[i] = NULL;
		break;
	case 1:
		undo_keep(world->undo, &world->cell[i], sizeof world->cell[i]);
		undo_release(world->undo, world->cell[i]);
		world->cell[i] = malloc(sizeof *world->cell[i]);
		undo_made(world->undo, world->cell[i]);
		*world->cell[i] = 1 + by;
		break;
	case 2:
		if (!undo_has(world->undo, &world->touched))
			undo_keep(world->undo, world->value, sizeof world->value);
		world->value[i] = by;
		break;
	default:
		world->count += (int)by;
		undo_act(world->undo, count_back, world, NULL, by);
	}
}

static void begin(struct world *world, unsigned step)
{
	take(world, &seen[step]);
	undo_begin(world->undo, &step, sizeof step);
}

static void end(struct world *world)
{
	undo_free(world->undo);
	for (size_t i = 0; i < CELLS; i++)
		free(world->cell[i]);
}

static void back(struct world *world, unsigned step)
{
	unsigned mark = UINT32_MAX;

	assert_true(undo_back(world->undo, &mark, sizeof mark));
	assert_int_equal(mark, step);
	assert_seen(world, step);
}

static void steps_back_are_what_was(void **state)
{
	struct world world = { .undo = undo_new(1 << 20) };
	struct pcp_rng rng;
	unsigned at = 0;

	(void)state;
	pcp_rng_seeded(&rng, 5);
	for (int round = 0; round < 40; round++) {
		unsigned to = (unsigned)pcp_rng_below(&rng, STEPS);

		for (; at < to; at++) {
			begin(&world, at);
			for (uint64_t n = pcp_rng_below(&rng, 12); n-- > 0;)
				change(&world, &rng);
		}
		while (at > to)
			back(&world, --at);
		assert_int_equal(undo_steps(world.undo), at);
		if (at)
			change(&world, &rng); /* belongs to the step before it */
	}
	while (at > 0)
		back(&world, --at);
	assert_false(undo_back(world.undo, &at, sizeof at));
	end(&world);
}

static void the_oldest_steps_go_first(void **state)
{
	struct world world = { .undo = undo_new(8192) };
	struct pcp_rng rng;
	size_t known;

	(void)state;
	pcp_rng_seeded(&rng, 6);
	for (unsigned at = 0; at < STEPS; at++) {
		begin(&world, at);
		for (int n = 0; n < 6; n++)
			change(&world, &rng);
	}
	known = undo_steps(world.undo);
	assert_in_range(known, 8, STEPS / 4);
	for (unsigned n = 1; n <= known; n++)
		back(&world, STEPS - n);
	assert_false(undo_back(world.undo, &known, sizeof known));
	end(&world);
}

/* More than there may be: from there no way leads back, and the next step begins anew. */
static void a_step_too_large_is_none(void **state)
{
	struct world world = { .undo = undo_new(4096) };
	static uint8_t large[5000];
	struct pcp_rng rng;

	(void)state;
	pcp_rng_seeded(&rng, 7);
	for (unsigned at = 0; at < 3; at++) {
		begin(&world, at);
		change(&world, &rng);
	}
	undo_keep(world.undo, large, sizeof large);
	for (int n = 0; n < 20; n++)
		change(&world, &rng);
	assert_int_equal(undo_steps(world.undo), 0);
	assert_false(undo_back(world.undo, large, 1));
	begin(&world, 3);
	change(&world, &rng);
	back(&world, 3);
	assert_int_equal(undo_steps(world.undo), 0);
	end(&world);
}

static void without_a_journal_all_is_as_ever(void **state)
{
	struct world world = { 0 };
	struct pcp_rng rng;
	uint64_t touched = 0;

	(void)state;
	pcp_rng_seeded(&rng, 8);
	undo_begin(NULL, NULL, 0);
	for (int n = 0; n < 200; n++)
		change(&world, &rng);
	assert_true(undo_has(NULL, &touched));
	assert_int_equal(undo_steps(NULL), 0);
	assert_false(undo_back(NULL, &touched, 1));
	end(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_back_are_what_was),
		cmocka_unit_test(the_oldest_steps_go_first),
		cmocka_unit_test(a_step_too_large_is_none),
		cmocka_unit_test(without_a_journal_all_is_as_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
