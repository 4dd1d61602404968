/* What a GET found: how many mappings, which, and whether these are all
 * (draft-boucadair-pcp-failure-06 B). */
#include "answer-private.h"
#include "reading.h"

#include <stdio.h>
#include <string.h>

enum { DESCRIPTION_SHOWN = 24 };

static bool is_entry(const struct pcp_node *node)
{
	return pcp_is_option(node) && node->layout->code == PCP_NEXT;
}

/* A field of the entry's own; PCP_NO_NODE in an entry that is cut. */
static size_t own(const struct pcp_packet *packet, size_t entry, const char *key)
{
	for (size_t i = entry + 1; i < packet->node[entry].end; i++)
		if (packet->node[i].parent == entry && packet->node[i].field &&
		    strcmp(packet->node[i].field->key, key) == 0)
			return i;
	return PCP_NO_NODE;
}

static uint32_t own_uint(const struct pcp_packet *packet, size_t entry, const char *key)
{
	size_t at = own(packet, entry, key);

	return at == PCP_NO_NODE ? 0 : pcp_node_uint(packet, at);
}

static void describe(const struct pcp_packet *packet, size_t entry, char *buf, size_t cap)
{
	char text[4 * DESCRIPTION_SHOWN + 1];

	*buf = '\0';
	for (size_t i = entry + 1; i < packet->node[entry].end; i++) {
		const struct pcp_node *node = &packet->node[i];
		size_t shown = node->len < DESCRIPTION_SHOWN ? node->len : DESCRIPTION_SHOWN;

		if (!node->field || node->field->kind != PCP_TEXT || !node->len)
			continue;
		pcp_safe_text(packet->octets + node->off, shown, text, sizeof text);
		snprintf(buf, cap, " \"%s%s\"", text, shown < node->len ? "..." : "");
		return;
	}
}

/* The first stays longest where there is little room. */
static void add_entry(struct pieces *pieces, enum piece_rank rank, const struct pcp_packet *packet,
		      size_t entry, unsigned nth)
{
	char description[4 * DESCRIPTION_SHOWN + 8];

	describe(packet, entry, description, sizeof description);
	pieces_add(pieces, rank, "%s %s %u%s", nth ? "," : ":",
		   pcp_protocol_text(own_uint(packet, entry, "protocol")).text,
		   own_uint(packet, entry, "internal_port"), description);
}

/* How many are named where a rank stands and the next has given way: in a list, ranks are no more
 * than an order. */
static const struct {
	enum piece_rank rank, below;
	unsigned named;
} tiers[] = {
	{ PIECE_DETAIL, PIECE_INSIDE, 1 },
	{ PIECE_INSIDE, PIECE_ADVICE, 2 },
	{ PIECE_ADVICE, PIECE_AS_ASKED, 3 },
	{ PIECE_AS_ASKED, PIECE_RANKS, 8 },
};

/* The n entries, as many as there is room for. */
static void add_entries(struct pieces *pieces, const struct pcp_packet *packet, unsigned n)
{
	const size_t last = sizeof tiers / sizeof *tiers - 1;
	unsigned nth = 0;
	size_t tier = 0;

	for (size_t i = 0; i < packet->nnode && nth < tiers[last].named; i = packet->node[i].end) {
		if (!is_entry(&packet->node[i]))
			continue;
		tier += nth == tiers[tier].named;
		add_entry(pieces, tiers[tier].rank, packet, i, nth++);
	}
	for (tier = 0; tier <= last; tier++)
		if (n > tiers[tier].named)
			pieces_add_for(pieces, tiers[tier].rank, tiers[tier].below, " and %u more",
				       n - tiers[tier].named);
}

/* Whether the request asked from the beginning: B.4. */
static bool starts_anew(const struct pcp_packet *packet)
{
	for (size_t i = 0; i < packet->nnode; i++) {
		size_t address = is_entry(&packet->node[i]) ? own(packet, i, "internal_address")
							    : PCP_NO_NODE;

		if (address != PCP_NO_NODE)
			return pcp_addr_is_any(packet->octets + packet->node[address].off) &&
			       !own_uint(packet, i, "internal_port");
	}
	return true;
}

static bool from_the_beginning(const struct message *request)
{
	struct reading reading;
	bool anew = reading_open(&reading, request->octets, request->len, PCP_REQUEST, 0) &&
		    starts_anew(&reading.packet);

	reading_close(&reading);
	return anew;
}

static void listed(struct pieces *pieces, const struct scene *scene,
		   const struct pcp_packet *packet)
{
	const struct pcp_node *node = packet->node;
	unsigned n = 0;
	bool end = false;

	for (size_t i = 0; i < packet->nnode; i = node[i].end) {
		n += is_entry(&node[i]);
		end = is_entry(&node[i]) ? own_uint(packet, i, "end") != 0 : end;
	}
	if (n == 0) {
		pieces_add(pieces, PIECE_KEEP, "such mappings stand");
		pieces_add(pieces, PIECE_ADVICE, "; get -next lists them, walk all of them");
		return;
	}
	pieces_add(pieces, PIECE_KEEP, "%u mapping%s stand%s", n, pcp_s(n), n == 1 ? "s" : "");
	add_entries(pieces, packet, n);
	if (!end)
		pieces_add(pieces, PIECE_LIFETIME, "; the list goes on, walk follows it");
	else
		pieces_add(pieces, PIECE_LIFETIME, "; the list %s",
			   from_the_beginning(scene->request) ? "is whole" : "ends here");
}

void answer_list(struct pieces *pieces, const struct scene *scene)
{
	const struct message *reply = scene->reply;
	struct reading reading;

	if (reading_open(&reading, reply->octets, reply->len, PCP_RESPONSE, 0))
		listed(pieces, scene, &reading.packet);
	else
		pieces_add(pieces, PIECE_KEEP, "mappings stand, and memory is out to list them");
	reading_close(&reading);
}
