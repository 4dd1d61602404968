/* Endpoints as the system's socket addresses, and back. */
#include <string.h>

#include "pcp.h"
#include "sock-private.h"

socklen_t sock_to(const struct pcp_endpoint *endpoint, union sock_address *address)
{
	memset(address, 0, sizeof *address);
	if (pcp_addr_is_v4(endpoint->addr)) {
		address->v4.sin_family = AF_INET;
		address->v4.sin_port = htons(endpoint->port);
		memcpy(&address->v4.sin_addr, endpoint->addr + 12, 4);
		return sizeof address->v4;
	}
	address->v6.sin6_family = AF_INET6;
	address->v6.sin6_port = htons(endpoint->port);
	address->v6.sin6_scope_id = endpoint->scope;
	memcpy(&address->v6.sin6_addr, endpoint->addr, PCP_ADDR_LEN);
	return sizeof address->v6;
}

void sock_set_v4(struct pcp_endpoint *endpoint, const struct in_addr *addr)
{
	pcp_addr_any(endpoint->addr, true);
	memcpy(endpoint->addr + 12, addr, 4);
	endpoint->scope = 0;
}

void sock_from(const union sock_address *address, struct pcp_endpoint *endpoint)
{
	memset(endpoint, 0, sizeof *endpoint);
	if (address->any.sa_family == AF_INET) {
		sock_set_v4(endpoint, &address->v4.sin_addr);
		endpoint->port = ntohs(address->v4.sin_port);
	} else if (address->any.sa_family == AF_INET6) {
		memcpy(endpoint->addr, &address->v6.sin6_addr, PCP_ADDR_LEN);
		endpoint->port = ntohs(address->v6.sin6_port);
		endpoint->scope = address->v6.sin6_scope_id;
	}
}

bool sock_on(int fd, int level, int option)
{
	return setsockopt(fd, level, option, &(int){ 1 }, sizeof(int)) == 0;
}
