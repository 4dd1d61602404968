/* Pieces of one size that come and go in any order: what has gone is used again, and nothing stands
 * around each. */
#ifndef POOL_H
#define POOL_H

#include <stddef.h>

struct pool {
	struct slab *slabs;
	void *spare; /* each begins with a pointer to the next */
};

/* A piece of so many octets, always the same number and a pointer's at least, aligned for pointers;
 * NULL without memory. */
void *pool_take(struct pool *pool, size_t octets);
void pool_give(struct pool *pool, void *piece);
void pool_free(struct pool *pool); /* all of them; the pool can be used again */

#endif
