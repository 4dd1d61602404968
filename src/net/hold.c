/*
 * Ports of this host that are taken before a gateway is asked to send strangers there (RFC 6887
 * 11). Nobody listens behind them: what comes to UDP is never read, and to TCP nobody answers,
 * until somebody wants to see who comes.
 */
#include "hold.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sock.h"

enum { LOWEST = 49152, TRIES = 256 };

void hold_init(struct hold *hold, uint16_t first)
{
	memset(hold, 0, sizeof *hold);
	hold->next = first < LOWEST ? LOWEST : first;
}

static void release(struct hold_port *held)
{
	close(held->udp);
	close(held->tcp);
	held->port = 0;
}

void hold_free(struct hold *hold)
{
	for (size_t i = 0; i < HOLD_MAX; i++)
		if (hold->held[i].port)
			release(&hold->held[i]);
}

void hold_release(struct hold *hold, uint16_t first, unsigned count)
{
	for (size_t i = 0; i < HOLD_MAX; i++)
		if (hold->held[i].port >= first && hold->held[i].port < first + count)
			release(&hold->held[i]);
}

static struct hold_port *free_place(struct hold *hold)
{
	for (size_t i = 0; i < HOLD_MAX; i++)
		if (!hold->held[i].port)
			return &hold->held[i];
	return NULL;
}

bool hold_port(struct hold *hold, const struct pcp_endpoint *local, uint16_t port)
{
	struct hold_port *held = free_place(hold);
	struct pcp_endpoint at = *local;
	struct pcp_why why;

	at.port = port;
	if (!held || (held->udp = pcp_sock_open(&at, NULL, &why)) < 0)
		return false;
	held->tcp = pcp_sock_hold_tcp(&at, &why);
	if (held->tcp < 0) {
		close(held->udp);
		return false;
	}
	held->port = port;
	return true;
}

bool hold_listen(struct hold *hold, uint16_t port, int *udp, int *tcp)
{
	for (size_t i = 0; port && i < HOLD_MAX; i++) {
		struct hold_port *held = &hold->held[i];

		if (held->port != port)
			continue;
		*udp = held->udp;
		*tcp = held->tcp;
		return fcntl(held->tcp, F_SETFL, O_NONBLOCK) == 0 && listen(held->tcp, 8) == 0;
	}
	return false;
}

/* Each answer begins behind the last one, so that ports are not used again soon. */
static uint16_t advance(struct hold *hold, unsigned count)
{
	uint16_t first = hold->next > UINT16_MAX - count ? LOWEST : hold->next;

	hold->next = (uint16_t)(first + count);
	return first;
}

uint16_t hold_ports(struct hold *hold, const struct pcp_endpoint *local, unsigned count)
{
	for (unsigned try = 0; count <= HOLD_MAX && try < TRIES; try++) {
		uint16_t first = advance(hold, count);
		unsigned n = 0;

		while (n < count && hold_port(hold, local, (uint16_t)(first + n)))
			n++;
		if (n == count)
			return first;
		hold_release(hold, first, n);
	}
	return 0;
}
