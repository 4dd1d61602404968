/* Exchanges: who asked whom, where a capture or an interface shows more than one host or server. */
#include <stdio.h>
#include <string.h>

#include "exchanges-list.h"
#include "ipv6-net.h"
#include "text.h"

enum { IPV4_FIRST = 12, IPV4_HALF = 14, ONE_OCTET_LEFT = PCP_ADDR_LEN - 1 };
enum { SLICE = 2000 }; /* exchanges that are looked at in a frame */

/* How many octets all of them begin with. */
static size_t shared_with(const struct exchange_hosts *hosts, const uint8_t *addr)
{
	size_t n = 0;

	while (n < hosts->shared && addr[n] == hosts->client[n])
		n++;
	return n;
}

/* The dot of an IPv4 address's text behind which it differs from the others; its start where they
 * share less than half of it. */
static char *own_part(const struct exchange_hosts *hosts, char *text)
{
	char *dot = text;

	if (hosts->shared < IPV4_HALF)
		return text;
	for (size_t octet = IPV4_FIRST; octet < hosts->shared; octet++)
		dot = strchr(dot == text ? dot : dot + 1, '.');
	return dot;
}

/* What is not shared: ".3" of 10.9.0.3, "::3" of 2001:db8::3. */
static void end_of(const struct exchange_hosts *hosts, const uint8_t *addr, char *buf, size_t cap)
{
	char text[PCP_ADDR_TEXT];

	if (!pcp_addr_is_v4(addr) && hosts->shared >= IPV6_NET) {
		ipv6_rest_text(addr, buf, cap);
		return;
	}
	pcp_addr_text(addr, text, sizeof text);
	snprintf(buf, cap, "%s", pcp_addr_is_v4(addr) ? own_part(hosts, text) : text);
}

int exchange_hosts_text(const struct exchange_hosts *hosts, const struct message *request,
			char *buf, size_t cap)
{
	size_t len;

	*buf = '\0';
	if (!hosts->clients && !hosts->servers)
		return 0;
	end_of(hosts, request->from->addr, buf, cap);
	len = strlen(buf);
	if (hosts->servers && len + 1 < cap) {
		buf[len++] = '>';
		end_of(hosts, request->to->addr, buf + len, cap - len);
	}
	return (int)strlen(buf);
}

void exchange_hosts_heading(const struct exchange_hosts *hosts, char *buf, size_t cap)
{
	char text[PCP_ADDR_TEXT];
	struct ipv6_net net = { .any = false };

	*buf = '\0';
	if (!hosts->clients && !hosts->servers)
		return;
	if (pcp_addr_is_v4(hosts->client)) {
		pcp_addr_text(hosts->client, text, sizeof text);
		if (own_part(hosts, text) != text)
			snprintf(buf, cap, "%.*s", (int)(own_part(hosts, text) + 1 - text), text);
	} else if (hosts->shared >= IPV6_NET) {
		ipv6_net_take(&net, hosts->client);
		ipv6_net_text(&net, buf, cap);
	}
}

static void take(struct exchange_hosts *hosts, const struct message *request)
{
	const uint8_t *client = request->from->addr, *server = request->to->addr;

	if (!hosts->any) {
		hosts->any = true;
		memcpy(hosts->client, client, PCP_ADDR_LEN);
		memcpy(hosts->server, server, PCP_ADDR_LEN);
		hosts->shared = PCP_ADDR_LEN;
	}
	hosts->clients = hosts->clients || memcmp(hosts->client, client, PCP_ADDR_LEN) != 0;
	hosts->servers = hosts->servers || memcmp(hosts->server, server, PCP_ADDR_LEN) != 0;
	hosts->shared = shared_with(hosts, client);
	hosts->shared = shared_with(hosts, server);
	/* Parts of IPv4 addresses are shared as wholes. */
	if (hosts->shared > ONE_OCTET_LEFT)
		hosts->shared = ONE_OCTET_LEFT;
}

/* Whether it showed a host or server of another kind than those before, so that the texts of all
 * change. */
static bool changes(struct exchange_hosts *hosts, const struct message *request)
{
	const struct exchange_hosts before = *hosts;

	take(hosts, request);
	return hosts->shared != before.shared || hosts->clients != before.clients ||
	       hosts->servers != before.servers;
}

bool exchange_hosts_look(struct exchange_hosts *hosts, const struct log *log)
{
	const struct exchange *first = log_exchange_at(log, 0);
	uint32_t from = first && first->id > hosts->seen ? first->id : hosts->seen + 1;
	char text[EXCHANGE_HOSTS_TEXT];

	for (uint32_t id = from; id < from + SLICE; id++) {
		const struct exchange *exchange = log_exchange(log, id);
		const struct message *request = exchange ? log_message(log, exchange->first) : NULL;
		int width;

		if (!exchange)
			return true;
		hosts->seen = id;
		if (request && changes(hosts, request)) {
			hosts->width = 0;
			hosts->seen = 0; /* each is measured again */
			return false;
		}
		width = request ? exchange_hosts_text(hosts, request, text, sizeof text) : 0;
		hosts->width = width > hosts->width ? width : hosts->width;
	}
	return false;
}
