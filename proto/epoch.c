/* The epoch rules of RFC 6887 8.5 and RFC 6886 3.6: see epoch.h. */
#include "epoch.h"

/* Signed: a second back must not look like 136 years ahead. */
bool pcp_epoch_goes_on(uint32_t then, uint32_t now, int64_t elapsed)
{
	int64_t server = (int64_t)now - then;

	return server >= -1 && elapsed + 2 >= server - server / 16 &&
	       server + 2 >= elapsed - elapsed / 16;
}

/* In eighths: 105 after 100 and 9 seconds is a loss, which seven eighths of 9 rounded down miss. */
bool pcp_epoch_goes_on_natpmp(uint32_t then, uint32_t now, int64_t elapsed)
{
	return 8 * ((int64_t)now + 2) >= 8 * (int64_t)then + 7 * elapsed;
}
