/* The BSDs and macOS tell of ICMP errors on connected sockets alone, and those here are not:
 * silence is what is heard of them. */
#include "sock-private.h"
#include "sock.h"

void sock_want_errors(int fd, bool v4)
{
	(void)fd, (void)v4;
}

bool pcp_sock_error(int fd, struct pcp_endpoint *to, const char **what)
{
	(void)fd, (void)to, (void)what;
	return false;
}
