/* Randomness as an argument: getrandom() in the program, a seed in tests and the lab's faults. */
#ifndef RANDOM_H
#define RANDOM_H

#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default) /* the library exports what follows */

struct rng {
	void (*fill)(struct rng *rng, void *buf, size_t len);
	uint64_t state[4]; /* of the seeded generator */
};

void rng_system(struct rng *rng); /* getrandom(2) */
void rng_seeded(struct rng *rng,
		uint64_t seed); /* xoshiro256**, the same octets for the same seed */
uint64_t rng_u64(struct rng *rng);
uint64_t rng_below(struct rng *rng, uint64_t bound);	   /* uniform in [0, bound) */
double rng_uniform(struct rng *rng, double lo, double hi); /* uniform in [lo, hi] */

#pragma GCC visibility pop

#endif
