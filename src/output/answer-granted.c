/* What was granted: who is reachable where, for how long, and whether that is what was asked. */
#include "answer-private.h"

#include <stdio.h>
#include <string.h>

#include "reach.h"
#include "reading.h"

/* NAT-PMP tells the address apart from the mapping. */
static void complete_outside(struct scene *scene)
{
	const uint8_t *known = scene->mapping ? scene->mapping->external : NULL;

	if (!scene->got.natpmp)
		return;
	if ((!known || pcp_addr_is_any(known)) && scene->server)
		known = scene->server->external;
	if (known && !pcp_addr_is_any(known))
		memcpy(scene->got.outside.addr, known, PCP_ADDR_LEN);
}

static void add_outside(struct pieces *pieces, const struct scene *scene)
{
	char text[ENDPOINT_TEXT];

	pcp_endpoint_text(&scene->got.outside, text, sizeof text);
	pieces_add(pieces, PIECE_KEEP, "%s", text);
	if (scene->got.ports > 1)
		pieces_add(pieces, PIECE_KEEP, "-%u",
			   scene->got.outside.port + scene->got.ports - 1);
}

static void add_differences(struct pieces *pieces, const struct scene *scene)
{
	char addr[PCP_ADDR_TEXT], lifetime[32];
	bool port = scene_port_differs(scene), address = scene_address_differs(scene);
	bool time = scene->asked.lifetime != scene->got.lifetime;

	if (!port && !address && !time) {
		pieces_add(pieces, PIECE_AS_ASKED, ", as asked");
		return;
	}
	pieces_add(pieces, PIECE_UNIT, scene->answer->ascii ? " != asked" : " ≠ asked");
	pcp_addr_text(scene->asked.outside.addr, addr, sizeof addr);
	if (address)
		pieces_add(pieces, PIECE_DETAIL, " %s", addr);
	if (port)
		pieces_add(pieces, PIECE_DETAIL, "%s:%u", address ? "" : " ",
			   scene->asked.outside.port);
	pcp_seconds_text(scene->asked.lifetime, lifetime, sizeof lifetime);
	if (time)
		pieces_add(pieces, PIECE_DETAIL, "%s %s", port || address ? "," : "", lifetime);
}

/* RFC 6887 13.2: exactly that, or an error. */
static void add_disobedience(struct pieces *pieces, const struct scene *scene)
{
	char exactly[ENDPOINT_TEXT];

	if (scene_address_differs(scene))
		pcp_endpoint_text(&scene->asked.outside, exactly, sizeof exactly);
	else
		snprintf(exactly, sizeof exactly, "%u", scene->asked.outside.port);
	pieces_add(pieces, PIECE_KEEP, ", though exactly %s was asked for", exactly);
	pieces_add(pieces, PIECE_ADVICE,
		   ": the server does not heed PREFER_FAILURE, and this mapping stands now");
}

/* Mapped, and yet nobody gets in by it. */
static void add_reach(struct pieces *pieces, const struct scene *scene)
{
	const struct pcp_reach *reach = pcp_reach(scene->got.outside.addr);

	if (memcmp(scene->got.outside.addr, scene->got.inside.addr, PCP_ADDR_LEN) == 0 &&
	    (!reach || reach->severity != PCP_ERROR)) {
		pieces_add(pieces, PIECE_ADVICE, "; a firewall opened, no NAT");
		return;
	}
	if (!reach || (reach->example && scene->answer->example))
		return;
	if (scene->got.natpmp && pcp_addr_is_any(scene->got.outside.addr)) {
		pieces_add(pieces, PIECE_LIFETIME, "; the gateway told no external address");
		return;
	}
	if (reach->severity == PCP_NOTE) {
		pieces_add(pieces, PIECE_ADVICE, "; that address is %s: %s", reach->what,
			   reach->meaning);
		return;
	}
	pieces_add(pieces, PIECE_KEEP, "; nobody outside gets in");
	pieces_add(pieces, PIECE_DETAIL, ": %s", reach->what);
	pieces_add(pieces, PIECE_ADVICE, ": %s", reach->meaning);
}

static void add_skipped(struct pieces *pieces, const struct scene *scene)
{
	for (size_t i = 0; scene->mapping && i < scene->mapping->nskipped && i < 3; i++)
		pieces_add(pieces, PIECE_DETAIL, "%s %s", i ? "," : "; without",
			   pcp_mapping_skipped_name(scene->mapping, i));
}

static void add_time_taken(struct pieces *pieces, const struct scene *scene)
{
	const struct exchange *exchange = scene->exchange;

	if (!scene->reply || scene->reply->rtt < 0)
		return;
	if (exchange->sends > 1)
		pieces_add(pieces, PIECE_TIME_TAKEN, "  %.1f s, %u tries",
			   (double)(scene->reply->at - scene->request->at) / USEC_PER_SEC,
			   exchange->sends);
	else
		pieces_add(pieces, PIECE_TIME_TAKEN, "  %.1f ms",
			   (double)scene->reply->rtt / 1000.0);
}

static void mapped(struct pieces *pieces, struct scene *scene)
{
	char inside[ENDPOINT_TEXT], lifetime[32];

	complete_outside(scene);
	pcp_endpoint_text(&scene->got.inside, inside, sizeof inside);
	pcp_seconds_text(scene->got.lifetime, lifetime, sizeof lifetime);
	add_outside(pieces, scene);
	pieces_add(pieces, PIECE_INSIDE, scene->answer->ascii ? " -> %s" : " → %s", inside);
	pieces_add(pieces, PIECE_UNIT, " %s", pcp_protocol_text(scene->got.protocol).text);
	pieces_add(pieces, PIECE_INSIDE, " for");
	pieces_add(pieces, PIECE_LIFETIME, " %s", lifetime);
	if (scene_verdict(scene) == ANSWER_OTHERWISE)
		add_disobedience(pieces, scene);
	else
		add_differences(pieces, scene);
	add_reach(pieces, scene);
	add_skipped(pieces, scene);
}

/* Port 0 means all of the protocol, protocol 0 all of them (RFC 6887 15.1, RFC 6886 3.4). */
static void add_what_was_deleted(struct pieces *pieces, const struct scene *scene)
{
	const struct terms *asked = &scene->asked;
	struct pcp_protocol_text protocol = pcp_protocol_text(asked->protocol);
	char inside[ENDPOINT_TEXT];

	pcp_endpoint_text(&asked->inside, inside, sizeof inside);
	if (asked->inside.port || (asked->protocol && !pcp_has_ports(asked->protocol))) {
		pieces_add(pieces, PIECE_KEEP, "%s %s ", protocol.text, inside);
		return;
	}
	pcp_addr_text(asked->inside.addr, inside, sizeof inside);
	pieces_add(pieces, PIECE_KEEP, "all %s%smappings of %s ",
		   asked->protocol ? protocol.text : "", asked->protocol ? " " : "", inside);
}

static void deleted(struct pieces *pieces, const struct scene *scene)
{
	char lifetime[32];

	add_what_was_deleted(pieces, scene);
	pcp_seconds_text(scene->got.lifetime, lifetime, sizeof lifetime);
	if (scene->got.lifetime)
		pieces_add(pieces, PIECE_KEEP, "is kept for %s by its traffic, then deleted",
			   lifetime);
	else
		pieces_add(pieces, PIECE_KEEP, "deleted");
}

/* A sign of life: who it is, and how old its state is. */
static void alive(struct pieces *pieces, struct scene *scene)
{
	char server[ENDPOINT_TEXT], up[32], addr[PCP_ADDR_TEXT];
	uint32_t epoch = 0;

	pcp_endpoint_text(scene->request->to, server, sizeof server);
	message_clock(scene->reply->octets, scene->reply->len, &epoch);
	pcp_seconds_text(epoch, up, sizeof up);
	pieces_add(pieces, PIECE_KEEP, "%s speaks %s", server,
		   scene->got.natpmp ? "NAT-PMP" : "PCP");
	pieces_add(pieces, PIECE_UNIT, "; its state is %s old", up);
	if (!scene->got.natpmp || scene->reply->len < 12)
		return;
	uint8_t external[PCP_ADDR_LEN];

	pcp_addr_any(external, true);
	memcpy(external + 12, scene->reply->octets + 8, 4);
	pcp_addr_text(external, addr, sizeof addr);
	pieces_add(pieces, PIECE_LIFETIME, "; external address %s", addr);
	memcpy(scene->got.outside.addr, external, PCP_ADDR_LEN);
	add_reach(pieces, scene);
}

/* What no sentence is made for here, as its octets say it. */
static void summarized(struct pieces *pieces, const struct message *message)
{
	struct reading reading;
	char text[PIECE_TEXT];

	reading_open(&reading, message->octets, message->len, PCP_RESPONSE, 0);
	pcp_summary(&reading.packet, text, sizeof text);
	pieces_add(pieces, PIECE_KEEP, "%s", text);
	reading_close(&reading);
}

void answer_granted(struct pieces *pieces, struct scene *scene)
{
	if (!scene->reply)
		pieces_add(pieces, PIECE_KEEP, "granted");
	else if (scene->got.of_mapping && scene_deletes(scene))
		deleted(pieces, scene);
	else if (scene->got.of_mapping && scene->got.lifetime)
		mapped(pieces, scene);
	else if (!scene->got.of_mapping && scene->got.opcode == PCP_ANNOUNCE)
		alive(pieces, scene);
	else if (!scene->got.natpmp && scene->got.opcode == PCP_GET)
		answer_list(pieces, scene);
	else
		summarized(pieces, scene->reply);
	add_time_taken(pieces, scene);
}
