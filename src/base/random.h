/* Randomness as an argument: the system's own in the program, a seed in tests and the lab's faults.
 */
#ifndef PCPSCOPE_RANDOM_H
#define PCPSCOPE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(default) /* the library exports what follows */
#ifdef __cplusplus
extern "C" {
#endif

struct pcp_rng {
	void (*fill)(struct pcp_rng *rng, void *buf, size_t len);
	uint64_t state[4]; /* of the seeded generator */
};

void pcp_rng_system(struct pcp_rng *rng); /* the system's own */
void pcp_rng_seeded(struct pcp_rng *rng,
		    uint64_t seed); /* xoshiro256**, the same octets for the same seed */
uint64_t pcp_rng_u64(struct pcp_rng *rng);
uint64_t pcp_rng_below(struct pcp_rng *rng, uint64_t bound);	   /* uniform in [0, bound) */
double pcp_rng_uniform(struct pcp_rng *rng, double lo, double hi); /* uniform in [lo, hi] */

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop

#endif
