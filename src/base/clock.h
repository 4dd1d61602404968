/* Time. Engines take it as an argument; only the loop reads a clock. */
#ifndef PCPSCOPE_CLOCK_H
#define PCPSCOPE_CLOCK_H

#include <stdint.h>

#pragma GCC visibility push(default) /* the library exports what follows */
#ifdef __cplusplus
extern "C" {
#endif

/* Microseconds of a monotonic clock. All of src/ means this unit by "usec". */
typedef int64_t usec;

#define USEC_PER_SEC ((usec)1000000)
#define USEC_NEVER   INT64_MAX

/* What the loop reads: both clocks of one moment. Wall time is for people and captures only. */
usec pcp_clock_monotonic(void);
usec pcp_clock_wall(void); /* microseconds since 1970, UTC */

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop

#endif
