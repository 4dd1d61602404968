/* Without libminiupnpc nothing is said of UPnP. */
#include "igd.h"

bool igd_load(void)
{
	return false;
}

enum igd_state igd_look(const char *own, const char *router, char external[IGD_TEXT])
{
	(void)own;
	(void)router;
	*external = '\0';
	return IGD_UNKNOWN;
}
