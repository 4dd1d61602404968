/* The sockets of a beacon: asks come in, answers go out by the address that was asked. */
#include "beacon-host.h"

#include <stdlib.h>
#include <unistd.h>

#include "burst.h"
#include "sock.h"
#include "trial.h"

enum { FAMILIES = 2 };

struct beacon_host {
	struct loop *loop;
	struct beacon *beacon;
	struct beacon_listener listener;
	int fd[FAMILIES];
	struct pcp_endpoint at[FAMILIES];
	size_t nfd;
	struct trial trial;
};

/* ---- what the beacon asks of us ---- */

static void try_ports(void *arg, const struct pcp_endpoint *from, const struct pcp_endpoint *to,
		      const struct beacon_message *ask)
{
	struct beacon_host *host = arg;

	trial_begin(&host->trial, from, to, ask);
}

static void tried(void *arg, const enum beacon_saw saw[BEACON_WAYS])
{
	struct beacon_host *host = arg;
	const struct beacon_message *answer = beacon_tried(host->beacon, saw);

	if (answer)
		host->listener.tried(host->listener.arg, answer);
	if (beacon_used_up(host->beacon))
		host->listener.used_up(host->listener.arg);
}

static void answer(void *arg, const struct pcp_endpoint *from, const struct pcp_endpoint *to,
		   const uint8_t *octets, size_t len)
{
	struct beacon_host *host = arg;

	for (size_t i = 0; i < host->nfd; i++)
		if (pcp_addr_is_v4(host->at[i].addr) == pcp_addr_is_v4(to->addr))
			pcp_sock_send(host->fd[i], from, to, octets, len);
}

/* ---- what comes ---- */

static void datagram(void *arg, int fd, usec now)
{
	struct beacon_host *host = arg;
	uint8_t octets[BEACON_ASK_LEN + 1]; /* one more: longer is no ask */
	struct burst burst = { .fd = fd };
	const char *what;
	ssize_t len;

	while (burst_error(&burst, &what))
		; /* somebody who has asked is gone */
	while ((len = burst_receive(&burst, octets, sizeof octets)) >= 0)
		beacon_receive(host->beacon, now, &burst.from, &burst.to, octets, (size_t)len);
}

/* ---- life ---- */

static bool listen_at(struct beacon_host *host, const struct pcp_endpoint *at, struct pcp_why *why)
{
	int fd = pcp_sock_open(at, NULL, why);

	if (fd < 0)
		return false;
	if (!loop_watch(host->loop, fd, datagram, host)) {
		close(fd);
		return pcp_no_memory(why);
	}
	pcp_sock_local(fd, &host->at[host->nfd]);
	host->fd[host->nfd++] = fd;
	return true;
}

/* The address of this host from which it would speak to the Internet; no packet goes there. */
static bool own_address(bool v4, struct pcp_endpoint *own)
{
	struct pcp_endpoint far = { .port = 53 };
	struct pcp_why why;

	return pcp_addr_parse(v4 ? "9.9.9.9" : "2620:fe::fe", far.addr, &why) &&
	       pcp_sock_source(&far, own, &why);
}

/* One port for both, so that there is one to open in a firewall. */
static bool listen_everywhere(struct beacon_host *host, struct pcp_why *why)
{
	struct pcp_endpoint at = { .port = 0 }, own;
	struct pcp_why none;

	pcp_addr_any(at.addr, true);
	if (!listen_at(host, &at, why))
		return false;
	at.port = host->at[0].port;
	pcp_addr_any(at.addr, false);
	if (own_address(false, &own))
		listen_at(host, &at, &none); /* without IPv6 it is asked over IPv4 */
	return true;
}

struct beacon_host *beacon_host_start(struct loop *loop, const struct pcp_endpoint *at,
				      const uint8_t key[BEACON_KEY_LEN],
				      const struct beacon_listener *listener, struct pcp_why *why)
{
	struct beacon_host *host = calloc(1, sizeof *host);

	if (!host) {
		pcp_no_memory(why);
		return NULL;
	}
	host->loop = loop;
	host->listener = *listener;
	host->beacon = beacon_new(key, (struct beacon_io){ host, try_ports, answer });
	if (!trial_init(&host->trial, loop, key, tried, host) || !host->beacon)
		pcp_no_memory(why);
	else if (at ? listen_at(host, at, why) : listen_everywhere(host, why))
		return host;
	beacon_host_free(host);
	return NULL;
}

void beacon_host_free(struct beacon_host *host)
{
	if (!host)
		return;
	trial_free(&host->trial);
	for (size_t i = 0; i < host->nfd; i++) {
		loop_unwatch(host->loop, host->fd[i]);
		close(host->fd[i]);
	}
	beacon_free(host->beacon);
	free(host);
}

bool beacon_host_at(const struct beacon_host *host, size_t i, struct pcp_endpoint *at)
{
	struct pcp_endpoint own;

	if (i >= host->nfd)
		return false;
	*at = host->at[i];
	if (pcp_addr_is_any(at->addr) && own_address(pcp_addr_is_v4(at->addr), &own)) {
		own.port = at->port;
		*at = own;
	}
	return true;
}

struct beacon_counts beacon_host_counts(const struct beacon_host *host)
{
	return beacon_counts(host->beacon);
}
