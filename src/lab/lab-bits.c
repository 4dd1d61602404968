/* Which ports of an external address are free: one bit each, and one for each 64 of them. */
#include "lab-table-private.h"

bool lab_bit(const struct lab_ports *pool, uint32_t port)
{
	return pool->free[port / 64] >> (port % 64) & 1;
}

void lab_bit_put(struct lab_ports *pool, uint32_t port, bool is_free)
{
	uint64_t bit = (uint64_t)1 << (port % 64), *word = &pool->free[port / 64];
	uint64_t group = (uint64_t)1 << (port / 64 % 64), *some = &pool->some[port / 64 / 64];

	if (is_free == lab_bit(pool, port))
		return;
	*word ^= bit;
	pool->nfree = is_free ? pool->nfree + 1 : pool->nfree - 1;
	*some = *word ? *some | group : *some & ~group;
}

static uint32_t lowest_bit(uint64_t word)
{
	uint32_t bit = 0;

	for (uint32_t half = 32; half > 0; half /= 2) {
		if (!(word & (((uint64_t)1 << half) - 1))) {
			word >>= half;
			bit += half;
		}
	}
	return bit;
}

/* The first bit that is set at or after `from`, in n words; n * 64 without one. */
static uint32_t next_bit(const uint64_t *words, uint32_t n, uint32_t from)
{
	uint64_t word;

	if (from / 64 >= n)
		return n * 64;
	word = words[from / 64] >> (from % 64) << (from % 64);
	for (uint32_t i = from / 64;; word = words[i]) {
		if (word)
			return i * 64 + lowest_bit(word);
		if (++i == n)
			return n * 64;
	}
}

/* The first free port at or after `from`; LAB_PORTS without one. */
uint32_t lab_bit_next(const struct lab_ports *pool, uint32_t from)
{
	uint32_t port = from, word;

	if (from >= LAB_PORTS)
		return LAB_PORTS;
	port = next_bit(&pool->free[from / 64], 1, from % 64);
	if (port < 64)
		return from / 64 * 64 + port;
	word = next_bit(pool->some, 16, from / 64 + 1);
	return word == 1024 ? LAB_PORTS : word * 64 + lowest_bit(pool->free[word]);
}

/* How many ports from `port` on are free, at most `most`. */
uint32_t lab_bit_run(const struct lab_ports *pool, uint32_t port, uint32_t most)
{
	uint32_t run = 0;

	while (run < most && port + run < LAB_PORTS && lab_bit(pool, port + run))
		run++;
	return run;
}
