/* Capabilities of the process, given up for good. */
#ifndef RIGHTS_H
#define RIGHTS_H

#include <stdbool.h>
#include <stdint.h>

enum { RIGHTS_NET_RAW = 13 }; /* Linux's number of the capability */

/* Keeps those of the capabilities of the mask (bit N: number N) that it has, and no way to more; 0:
 * none. True where that took effect, and where the system knows no capabilities. */
bool rights_keep(uint64_t mask);

#endif
