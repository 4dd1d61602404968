/* How many worlds a test of many tries: all of them, or TEST_WORLDS of a hundred, under valgrind
 * for one. */
#ifndef WORLDS_H
#define WORLDS_H

#include <stdlib.h>

/* At least one of `all`. */
static inline unsigned worlds(unsigned all)
{
	const char *percent = getenv("TEST_WORLDS");
	unsigned some = percent ? all * (unsigned)atoi(percent) / 100 : all;

	return some ? some : 1;
}

#endif
