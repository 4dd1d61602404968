/* FreeBSD, OpenBSD and NetBSD hold no socket to an interface. */
#include "interface.h"

bool interface_bind(int fd, unsigned interface)
{
	(void)fd, (void)interface;
	return false;
}
