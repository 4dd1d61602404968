/*
 * A clock that stands still, to be preloaded: both clocks tell the microseconds in the file that
 * $FROZEN_CLOCK names, and move when whoever takes the pictures writes another number there.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int clock_gettime(clockid_t id, struct timespec *now)
{
	/* A Monday noon, so that the clock on the screen is always the same. */
	long long usec = 0, base = id == CLOCK_REALTIME ? 1767614400 : 1000;
	const char *name = getenv("FROZEN_CLOCK");
	FILE *file = name ? fopen(name, "r") : NULL;

	if (file) {
		if (fscanf(file, "%lld", &usec) != 1)
			usec = 0;
		fclose(file);
	}
	now->tv_sec = (time_t)(base + usec / 1000000);
	now->tv_nsec = (long)(usec % 1000000 * 1000);
	return 0;
}
