/* When a server's epoch tells that it lost its state. */
#ifndef PCP_EPOCH_H
#define PCP_EPOCH_H

#include <stdbool.h>
#include <stdint.h>

/* Whether the epoch of an answer may follow that of the one before. then, now: the two epochs, in
 * seconds; elapsed: seconds of a monotonic clock between the two, less than 0 never. */

/* RFC 6887 8.5: as fast as the client's clock, give or take a sixteenth and two seconds. A second
 * back is an answer that was overtaken. */
bool pcp_epoch_goes_on(uint32_t then, uint32_t now, int64_t elapsed);
/* RFC 6886 3.6: NAT-PMP's clock may be an eighth slow, and two seconds; running ahead is no loss.
 */
bool pcp_epoch_goes_on_natpmp(uint32_t then, uint32_t now, int64_t elapsed);

#endif
