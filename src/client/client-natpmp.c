/* NAT-PMP's answers and announcements: RFC 6886 3.2 to 3.6. */
#include "client-private.h"

#include <stdio.h>
#include <string.h>

enum { ADDRESS_LEN = 12, MAP_RESP_LEN = 16 };

/* The loose exchange that a response with this opcode and internal port answers. */
static struct client_exchange *loose_for(const struct client_datagram *a, uint8_t opcode,
					 uint16_t port)
{
	for (struct client_exchange *x = a->client->loose; x; x = x->loose_next) {
		uint8_t wire[NATPMP_MAX] = { 0 };
		const char *reason;
		if (x->server != a->server || x->version != PCP_VERSION_NATPMP || x->tries == 0 ||
		    x->queued)
			continue;
		if (x->raw)
			memcpy(wire, x->octets, x->len < NATPMP_MAX ? x->len : NATPMP_MAX);
		else if (!exchange_words(x, wire, &reason))
			continue;
		if (wire[1] == opcode &&
		    (opcode == NATPMP_ADDRESS || natpmp_get16(wire + 4) == port))
			return x;
	}
	return NULL;
}

static void check_epoch(struct client_datagram *a, bool asked)
{
	uint32_t before = a->server->clock[NATPMP_CLOCK_OF].epoch;

	a->clock = NATPMP_CLOCK_OF;
	a->epoch = natpmp_get32(a->octets + 4);
	a->valid = epoch_check(a->server, a->now, a->clock, a->epoch, asked);
	if (!a->valid)
		snprintf(a->restart, sizeof(a->restart),
			 "its clock shows %u s after %u s (RFC 6886 3.6)", a->epoch, before);
}

/* The address goes into every row that NAT-PMP made there: it has one external address. What PCP
 * made there has its own (RFC 6887 8.5). */
static void learn_address(struct client_datagram *a, bool asked)
{
	struct pcp_client_server *server = &a->server->pub;
	uint8_t address[PCP_ADDR_LEN];
	char old[PCP_ADDR_TEXT], new[PCP_ADDR_TEXT], reason[REASON_MAX];
	bool first = pcp_addr_is_any(server->external);
	struct client_row *row;

	a->server->ask_address = false;
	pcp_addr_any(address, true);
	memcpy(address + 12, a->octets + 8, 4);
	pcp_addr_text(server->external, old, sizeof(old));
	pcp_addr_text(address, new, sizeof(new));
	for (uint32_t id = 0; (row = idlist_after(&a->client->mappings, id));) {
		id = row->pub.id;
		if (row->server != a->server || row->pub.version != PCP_VERSION_NATPMP ||
		    row->pub.external_port == 0 ||
		    memcmp(row->pub.external, address, PCP_ADDR_LEN) == 0)
			continue;
		row_touch(row);
		memcpy(row->pub.external, address, PCP_ADDR_LEN);
		row_tell(row, a->now, "its external address is known now");
	}
	if (memcmp(server->external, address, PCP_ADDR_LEN) == 0 ||
	    (!asked && server->version != PCP_VERSION_NATPMP))
		return;
	memcpy(server->external, address, PCP_ADDR_LEN);
	snprintf(reason, sizeof(reason),
		 first ? "its external address is %s" : "its external address is %s, no longer %s",
		 new, old);
	client_tell_server(a->server, a->now, reason);
}

static const char *address_response(struct client_datagram *a, uint8_t result)
{
	struct client_exchange *x = a->multicast ? NULL : loose_for(a, NATPMP_ADDRESS, 0);

	if (result == PCP_SUCCESS && a->len != ADDRESS_LEN)
		return "an address response has 12 octets (RFC 6886 3.2)";
	if (!x && result != PCP_SUCCESS)
		return "an announcement without success says nothing";
	check_epoch(a, x != NULL);
	if (x)
		arrival_ends_loose(a, x, result, 0, NULL);
	else
		arrival_tell(a, CLIENT_UNSOLICITED, NULL, result, "announcement");
	if (result == PCP_SUCCESS)
		learn_address(a, x != NULL);
	if (!x)
		arrival_believed(a, NULL);
	return NULL;
}

static void ask_address(struct client_server *server, usec now)
{
	uint8_t *octets;
	struct client_exchange *x;
	size_t len;
	static const uint8_t request[2];

	bool known = !pcp_addr_is_any(server->pub.external) && !server->ask_address;

	if (known || server->client->config.passive)
		return;
	for (x = server->client->loose; x; x = x->loose_next)
		if (x->server == server && x->natpmp)
			return;
	octets = natpmp_lift(request, sizeof(request), server->pub.config.source.addr, &len);
	x = exchange_new(server, NULL, FOR_ITSELF, octets, len);
	if (!x)
		return; /* the next grant tries again */
	x->natpmp = true;
	exchange_start(x, now, now);
}

/* RFC 6886 knows no error lifetimes: those of RFC 6887 7.4 for the same kinds of error. */
static uint32_t error_lifetime(uint8_t result)
{
	return result == 3 || result == 4 ? 30 : 1800;
}

/* Gateways have been seen that keep the low octet of a port only. */
static const char *not_asked(struct client_datagram *a, uint8_t opcode, uint16_t port)
{
	const struct client_exchange *x = arrival_meant_for(a);
	const char *protocol = opcode == NATPMP_MAP_UDP ? "UDP" : "TCP", *reason;
	uint8_t wire[NATPMP_MAX];

	if (!x || x->raw || exchange_words(x, wire, &reason) != NATPMP_MAP_LEN)
		return "no request asked for this protocol and port";
	snprintf(a->text, sizeof(a->text), "it is about %s port %u, and %s port %u was asked for",
		 protocol, port, wire[1] == NATPMP_MAP_UDP ? "UDP" : "TCP", natpmp_get16(wire + 4));
	return a->text;
}

static const char *map_response(struct client_datagram *a, uint8_t opcode, uint8_t result)
{
	struct client_key key = { .server = a->server->pub.id,
				  .opcode = PCP_MAP,
				  .protocol = opcode == NATPMP_MAP_UDP ? PCP_UDP : PCP_TCP };
	struct client_verdict v = { .result = result, .version = PCP_VERSION_NATPMP };
	struct client_exchange *x = NULL;
	struct client_row *row;

	if (a->len != MAP_RESP_LEN)
		return "a map response has 16 octets (RFC 6886 3.3)";
	key.internal_port = natpmp_get16(a->octets + 8);
	memcpy(key.internal, a->server->pub.config.source.addr, PCP_ADDR_LEN);
	row = keytable_find(&a->client->keys, &key);
	if (row && row->exchange && row->exchange->version == PCP_VERSION_NATPMP &&
	    row->exchange->tries > 0 && !row->exchange->queued)
		x = row->exchange;
	v.external_port = natpmp_get16(a->octets + 10);
	v.lifetime = result == PCP_SUCCESS ? natpmp_get32(a->octets + 12) : error_lifetime(result);
	if (!x) {
		struct client_exchange *loose = loose_for(a, opcode, key.internal_port);
		if (!loose)
			return row ? "a late answer: this mapping is not being asked for"
				   : not_asked(a, opcode, key.internal_port);
		check_epoch(a, true);
		arrival_ends_loose(a, loose, result, v.lifetime, NULL);
		return NULL;
	}
	if (x->purpose == FOR_DELETION ? result == PCP_SUCCESS && v.lifetime > 0
				       : result == PCP_SUCCESS && v.lifetime == 0)
		return "a late answer to an earlier request";
	check_epoch(a, true);
	if (!pcp_addr_is_any(a->server->pub.external))
		v.external = a->server->pub.external;
	arrival_decides(a, row, x, &v, CLIENT_ANSWERED, NULL);
	if (result == PCP_SUCCESS && v.lifetime > 0)
		ask_address(a->server, a->now);
	return NULL;
}

const char *natpmp_receive(struct client_datagram *a)
{
	uint8_t opcode = pcp_opcode_of(a->octets);
	uint16_t result = natpmp_get16(a->octets + 2);
	uint8_t known = result > UINT8_MAX ? UINT8_MAX : (uint8_t)result;

	if (a->len < 8)
		return "NAT-PMP responses have at least 8 octets";
	if (opcode == NATPMP_ADDRESS)
		return address_response(a, known);
	if (a->multicast)
		return "only announcements come by multicast";
	if (opcode == NATPMP_MAP_UDP || opcode == NATPMP_MAP_TCP)
		return map_response(a, opcode, known);
	for (struct client_exchange *x = a->client->loose; x; x = x->loose_next)
		if (x->raw && x->server == a->server && x->len >= 2 &&
		    x->octets[0] == PCP_VERSION_NATPMP && x->octets[1] == opcode) {
			check_epoch(a, true);
			arrival_ends_loose(a, x, known, 0, NULL);
			return NULL;
		}
	return "no request has this opcode";
}
