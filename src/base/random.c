/* The system's numbers for the program, xoshiro256** (Blackman and Vigna) for everything that must
 * repeat. */
#include "random.h"

#include "random-private.h"

static void fill_system(struct pcp_rng *rng, void *buf, size_t len)
{
	(void)rng;
	random_system(buf, len);
}

static uint64_t rotate_left(uint64_t value, unsigned bits)
{
	return value << bits | value >> (64 - bits);
}

static uint64_t xoshiro(uint64_t state[4])
{
	uint64_t result = rotate_left(state[1] * 5, 7) * 9, t = state[1] << 17;

	state[2] ^= state[0];
	state[3] ^= state[1];
	state[1] ^= state[2];
	state[0] ^= state[3];
	state[2] ^= t;
	state[3] = rotate_left(state[3], 45);
	return result;
}

static void fill_seeded(struct pcp_rng *rng, void *buf, size_t len)
{
	uint8_t *at = buf;

	while (len > 0) {
		uint64_t word = xoshiro(rng->state);
		size_t take = len < sizeof(word) ? len : sizeof(word);
		/* Octet by octet, so that a seed means the same on every machine. */
		for (size_t i = 0; i < take; i++)
			at[i] = (uint8_t)(word >> (8 * i));
		at += take;
		len -= take;
	}
}

void pcp_rng_system(struct pcp_rng *rng)
{
	*rng = (struct pcp_rng){ .fill = fill_system };
}

void pcp_rng_seeded(struct pcp_rng *rng, uint64_t seed)
{
	*rng = (struct pcp_rng){ .fill = fill_seeded };
	/* splitmix64 spreads the seed, as the generator's authors advise. */
	for (size_t i = 0; i < 4; i++) {
		uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);
		z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
		z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
		rng->state[i] = z ^ (z >> 31);
	}
}

uint64_t pcp_rng_u64(struct pcp_rng *rng)
{
	uint8_t octets[8];
	uint64_t value = 0;

	rng->fill(rng, octets, sizeof(octets));
	for (size_t i = 0; i < sizeof(octets); i++)
		value |= (uint64_t)octets[i] << (8 * i);
	return value;
}

uint64_t pcp_rng_below(struct pcp_rng *rng, uint64_t bound)
{
	uint64_t value, unfair;

	if (bound == 0)
		return 0;
	/* Values in the first, incomplete run of `bound` would come up too often. */
	unfair = (UINT64_MAX - bound + 1) % bound;
	do
		value = pcp_rng_u64(rng);
	while (value < unfair);
	return value % bound;
}

double pcp_rng_uniform(struct pcp_rng *rng, double lo, double hi)
{
	return lo +
	       (hi - lo) * ((double)(pcp_rng_u64(rng) >> 11) / (double)((UINT64_C(1) << 53) - 1));
}
