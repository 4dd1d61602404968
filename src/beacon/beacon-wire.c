/* A beacon's messages: one table, from which they are packed and unpacked; and the line to paste.
 */
#include "beacon-wire.h"
#include "words.h"

#include <stdio.h>
#include <string.h>

static const struct pcp_name types[] = {
	{ BEACON_ASK, "ask", "To a beacon: try the ports of the address that this comes from." },
	{ BEACON_TRY, "try", "A beacon to the ports: are you there?" },
	{ BEACON_ECHO, "echo", "The ports to a beacon: yes." },
	{ BEACON_ANSWER, "answer", "A beacon to who asked: what came of it." },
	{ 0, NULL, NULL },
};

static const struct pcp_name saws[] = {
	{ BEACON_UNTRIED, "untried", "It was not to be tried." },
	{ BEACON_OPEN, "open", "An echo came." },
	{ BEACON_STRANGER, "stranger", "Somebody answered without the key." },
	{ BEACON_REFUSED, "refused", "A reset came, or ICMP's word that there is no way." },
	{ BEACON_SILENT, "silent", "Nothing came in time." },
	{ BEACON_UNABLE, "unable", "The beacon could not try." },
	{ 0, NULL, NULL },
};

enum {
	FIELD_MAGIC,
	FIELD_VERSION,
	FIELD_TYPE,
	FIELD_UDP_SAW,
	FIELD_TCP_SAW,
	FIELD_NONCE,
	FIELD_UDP_PORT,
	FIELD_TCP_PORT,
	FIELD_SOURCE,
	FIELD_SOURCE_PORT,
	FIELD_RESERVED,
	FIELD_HASH,
};

#define MAGIC	     UINT32_C(0x70637062) /* "pcpb" */
#define WIRE_VERSION 1

const struct pcp_field beacon_fields[] = {
	[FIELD_MAGIC] = { "magic", "Magic", "The four letters pcpb.", PCP_UINT, 0, 4, 0, NULL },
	[FIELD_VERSION] = { "version", "Version", "1.", PCP_UINT, 4, 1, 0, NULL },
	[FIELD_TYPE] = { "type", "Type", "Who says this to whom.", PCP_NAMED, 5, 1, 0, types },
	[FIELD_UDP_SAW] = { "udp_saw", "UDP",
			    "Of an answer, otherwise 0: what the try over UDP saw.", PCP_NAMED, 6,
			    1, 0, saws },
	[FIELD_TCP_SAW] = { "tcp_saw", "TCP", "The same of TCP.", PCP_UINT, 7, 1, 0, NULL },
	[FIELD_NONCE] = { "nonce", "Nonce",
			  "Of the ask, new for each, and repeated in all that follows from it.",
			  PCP_OCTETS, 8, BEACON_NONCE_LEN, 0, NULL },
	[FIELD_UDP_PORT] = { "udp_port", "UDP port",
			     "The external port; 0: it is not tried, or this is not sent over UDP.",
			     PCP_UINT, 16, 2, 0, NULL },
	[FIELD_TCP_PORT] = { "tcp_port", "TCP port", "The same of TCP.", PCP_UINT, 18, 2, 0, NULL },
	[FIELD_SOURCE] = { "source", "Source",
			   "Of an answer: the address that the ask came from; otherwise 0.",
			   PCP_ADDR, 20, PCP_ADDR_LEN, 0, NULL },
	[FIELD_SOURCE_PORT] = { "source_port", "Source port", "And its port.", PCP_UINT, 36, 2, 0,
				NULL },
	[FIELD_RESERVED] = { "reserved", "Reserved", "0.", PCP_RESERVED, 38, 2, 0, NULL },
	[FIELD_HASH] = { "hash", "Hash",
			 "SipHash-2-4 of all octets before it under the key, little-endian.",
			 PCP_OCTETS, 40, 8, 0, NULL },
};
const size_t beacon_nfields = sizeof beacon_fields / sizeof *beacon_fields;

_Static_assert(2 * BEACON_UDP_COST + BEACON_TCP_COST <= BEACON_ASK_WORTH,
	       "an ask makes the beacon send no more than it brought");

const char *beacon_way_name(enum beacon_way way)
{
	return way == BEACON_UDP ? "UDP" : "TCP";
}

const char *beacon_saw_name(enum beacon_saw saw)
{
	return pcp_name(saws, saw);
}

static size_t length_of(enum beacon_type type)
{
	return type == BEACON_ASK ? BEACON_ASK_LEN : BEACON_MESSAGE_LEN;
}

static uint32_t get(const uint8_t *octets, unsigned field)
{
	return pcp_get(&beacon_fields[field], octets);
}

static void put(uint8_t *octets, unsigned field, uint32_t value)
{
	pcp_put(&beacon_fields[field], octets, value);
}

static void put_hash(const uint8_t key[BEACON_KEY_LEN], const uint8_t *octets, uint8_t hash[8])
{
	uint64_t value = siphash(key, octets, beacon_fields[FIELD_HASH].off);

	for (size_t i = 0; i < 8; i++)
		hash[i] = (uint8_t)(value >> 8 * i);
}

size_t beacon_pack(const struct beacon_message *message, const uint8_t key[BEACON_KEY_LEN],
		   uint8_t octets[BEACON_ASK_LEN])
{
	memset(octets, 0, BEACON_ASK_LEN);
	put(octets, FIELD_MAGIC, MAGIC);
	put(octets, FIELD_VERSION, WIRE_VERSION);
	put(octets, FIELD_TYPE, message->type);
	put(octets, FIELD_UDP_SAW, message->saw[BEACON_UDP]);
	put(octets, FIELD_TCP_SAW, message->saw[BEACON_TCP]);
	put(octets, FIELD_UDP_PORT, message->port[BEACON_UDP]);
	put(octets, FIELD_TCP_PORT, message->port[BEACON_TCP]);
	put(octets, FIELD_SOURCE_PORT, message->source.port);
	memcpy(octets + beacon_fields[FIELD_NONCE].off, message->nonce, BEACON_NONCE_LEN);
	memcpy(octets + beacon_fields[FIELD_SOURCE].off, message->source.addr, PCP_ADDR_LEN);
	put_hash(key, octets, octets + beacon_fields[FIELD_HASH].off);
	return length_of(message->type);
}

/* One loop over all of it, whatever it finds. */
static bool same(const uint8_t *a, const uint8_t *b, size_t len)
{
	volatile uint8_t differs = 0;

	for (size_t i = 0; i < len; i++)
		differs = (uint8_t)(differs | (a[i] ^ b[i]));
	return differs == 0;
}

static bool is_authentic(const uint8_t *octets, const uint8_t key[BEACON_KEY_LEN])
{
	uint8_t hash[8];

	put_hash(key, octets, hash);
	return same(hash, octets + beacon_fields[FIELD_HASH].off, sizeof hash);
}

static bool is_zero(const uint8_t *octets, size_t len)
{
	while (len && octets[len - 1] == 0)
		len--;
	return len == 0;
}

/* Numbers in their range, and nothing but zeros where nothing is meant. */
static bool is_sound(const uint8_t *octets, size_t len)
{
	uint32_t type = get(octets, FIELD_TYPE);

	return get(octets, FIELD_MAGIC) == MAGIC && get(octets, FIELD_VERSION) == WIRE_VERSION &&
	       pcp_name(types, type) && len == length_of((enum beacon_type)type) &&
	       get(octets, FIELD_UDP_SAW) < BEACON_NSAW &&
	       get(octets, FIELD_TCP_SAW) < BEACON_NSAW && get(octets, FIELD_RESERVED) == 0 &&
	       is_zero(octets + BEACON_MESSAGE_LEN, len - BEACON_MESSAGE_LEN);
}

bool beacon_unpack(const uint8_t *octets, size_t len, const uint8_t key[BEACON_KEY_LEN],
		   struct beacon_message *message)
{
	if (len < BEACON_MESSAGE_LEN || !is_sound(octets, len) || !is_authentic(octets, key))
		return false;
	*message = (struct beacon_message){
		.type = (enum beacon_type)get(octets, FIELD_TYPE),
		.port = { (uint16_t)get(octets, FIELD_UDP_PORT),
			  (uint16_t)get(octets, FIELD_TCP_PORT) },
		.saw = { (enum beacon_saw)get(octets, FIELD_UDP_SAW),
			 (enum beacon_saw)get(octets, FIELD_TCP_SAW) },
		.source = { .port = (uint16_t)get(octets, FIELD_SOURCE_PORT) },
	};
	memcpy(message->nonce, octets + beacon_fields[FIELD_NONCE].off, BEACON_NONCE_LEN);
	memcpy(message->source.addr, octets + beacon_fields[FIELD_SOURCE].off, PCP_ADDR_LEN);
	return true;
}

/* ---- the line to paste ---- */

size_t beacon_line_text(const struct beacon_line *line, char *buf, size_t cap)
{
	char at[ENDPOINT_TEXT], key[2 * BEACON_KEY_LEN + 1];

	pcp_endpoint_text(&line->at, at, sizeof at);
	for (size_t i = 0; i < BEACON_KEY_LEN; i++)
		snprintf(key + 2 * i, 3, "%02x", line->key[i]);
	return (size_t)snprintf(buf, cap, "%s#%s", at, key);
}

static int digit(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

static bool parse_key(const char *typed, uint8_t key[BEACON_KEY_LEN])
{
	if (strlen(typed) != 2 * (size_t)BEACON_KEY_LEN)
		return false;
	for (size_t i = 0; i < BEACON_KEY_LEN; i++) {
		int high = digit(typed[2 * i]), low = digit(typed[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		key[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

/* Somebody may sit there: no group of hosts, no wildcard. */
static bool is_one_host(const uint8_t addr[PCP_ADDR_LEN])
{
	bool group = pcp_addr_is_v4(addr) ? addr[12] >= 224 : addr[0] == 0xff;

	return !group && !pcp_addr_is_any(addr);
}

bool beacon_line_parse(const char *typed, struct beacon_line *line, struct pcp_why *why)
{
	/* First, since what was typed may fill the sentence. */
	static const char wanted[] = "it is ADDRESS:PORT#KEY, as 'pcpscope beacon' prints it";
	size_t len = strcspn(typed, "#");
	char at[ENDPOINT_TEXT];
	struct pcp_why first;

	snprintf(at, sizeof at, "%.*s", len < sizeof at ? (int)len : 0, typed);
	if (!typed[len])
		return pcp_refuse(why, len, "%s; behind '%s' stands no #KEY", wanted,
				  pcp_quoted(typed).text);
	if (!parse_key(typed + len + 1, line->key))
		return pcp_refuse(why, len + 1, "%s; the key is %d hexadecimal digits, not '%s'",
				  wanted, 2 * BEACON_KEY_LEN, pcp_quoted(typed + len + 1).text);
	if (!pcp_endpoint_parse(at, 0, &line->at, &first))
		return pcp_refuse(why, first.at, "%s; '%s' is no ADDRESS: %s", wanted,
				  pcp_quoted(at).text, first.text);
	if (line->at.port == 0)
		return pcp_refuse(why, len, "%s; behind '%s' stands no PORT", wanted,
				  pcp_quoted(at).text);
	return is_one_host(line->at.addr) ||
	       pcp_refuse(why, 0, "%s; '%s' is not one host's address", wanted,
			  pcp_quoted(at).text);
}
