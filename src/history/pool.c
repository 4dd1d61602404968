/* Slabs of pieces, given out from a list of what is spare. */
#include "pool.h"

#include <stdlib.h>
#include <string.h>

enum { A_SLAB = 256 };

struct slab {
	struct slab *next;
	void *pieces[]; /* a pointer's alignment */
};

static void *next_of(const void *piece)
{
	void *next;

	memcpy(&next, piece, sizeof next);
	return next;
}

void pool_give(struct pool *pool, void *piece)
{
	memcpy(piece, &pool->spare, sizeof pool->spare);
	pool->spare = piece;
}

static void grow(struct pool *pool, size_t octets)
{
	struct slab *slab = malloc(sizeof *slab + A_SLAB * octets);

	if (!slab)
		return;
	slab->next = pool->slabs;
	pool->slabs = slab;
	for (size_t i = A_SLAB; i-- > 0;)
		pool_give(pool, (char *)slab->pieces + i * octets);
}

void *pool_take(struct pool *pool, size_t octets)
{
	void *piece;

	if (!pool->spare)
		grow(pool, octets);
	piece = pool->spare;
	if (piece)
		pool->spare = next_of(piece);
	return piece;
}

void pool_free(struct pool *pool)
{
	for (struct slab *slab = pool->slabs, *next; slab; slab = next) {
		next = slab->next;
		free(slab);
	}
	*pool = (struct pool){ 0 };
}
