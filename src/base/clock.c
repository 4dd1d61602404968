/* The two clocks that there are: one that only goes on, and the wall's. */
#include "clock.h"

#include <time.h>

static usec read_clock(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return (usec)now.tv_sec * USEC_PER_SEC + now.tv_nsec / 1000;
}

/* One that goes on while the machine sleeps, where there is such: lifetimes do, and so does the
 * server's epoch, against which it is held (RFC 6887 8.5). */
usec pcp_clock_monotonic(void)
{
#ifdef CLOCK_BOOTTIME
	return read_clock(CLOCK_BOOTTIME);
#else
	return read_clock(CLOCK_MONOTONIC);
#endif
}

usec pcp_clock_wall(void)
{
	return read_clock(CLOCK_REALTIME);
}
