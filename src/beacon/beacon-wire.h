/*
 * What a beacon and those who ask it say to each other, and the line that a person carries from one
 *to the other. One layout serves all four messages; beacon_fields is its table, and the manual's.
 *
 *	ask     asker -> beacon       try these ports of the address that this comes from
 *	try     beacon -> the ports   over UDP and over TCP: are you there?
 *	echo    the ports -> beacon   yes
 *	answer  beacon -> asker       what came of it
 *
 * Each ends with SipHash-2-4 of what stands before it, under the beacon's key: without it a message
 *is nothing, and is answered with nothing. An ask is padded, so that all that it makes the beacon
 *send is less than what it brought.
 */
#ifndef BEACON_WIRE_H
#define BEACON_WIRE_H

#include "endpoint.h"
#include "schema.h"
#include "siphash.h"

enum beacon_type { BEACON_ASK = 1, BEACON_TRY, BEACON_ECHO, BEACON_ANSWER };

/* What is tried; the index of arrays of two. */
enum beacon_way { BEACON_UDP, BEACON_TCP, BEACON_WAYS };

/* What a try saw. */
enum beacon_saw {
	BEACON_UNTRIED,
	BEACON_OPEN,	 /* an echo under the key: whoever asked was reached */
	BEACON_STRANGER, /* somebody answered who has not the key */
	BEACON_REFUSED,	 /* a reset, or ICMP's word that there is no way */
	BEACON_SILENT,	 /* nothing came in time */
	BEACON_UNABLE,	 /* the beacon's own system did not let it try */
	BEACON_NSAW,
};
const char *beacon_way_name(enum beacon_way way); /* "UDP" */
const char *beacon_saw_name(enum beacon_saw saw); /* "open" */

enum {
	BEACON_MESSAGE_LEN = 48, /* octets of each but the ask */
	BEACON_ASK_LEN = 1024,	 /* with its padding */
	BEACON_KEY_LEN = SIPHASH_KEY_LEN,
	BEACON_NONCE_LEN = 8,
};

/* Octets on the wire, headers of IPv6 and all (IPv4's are smaller), that an ask brings, and that
 * one makes the beacon send at most: a datagram and a connection that is tried, and an answer. Of
 * TCP: SYN, ACK, the try, sent three times where nobody acknowledges it, ACK of the echo, and a
 * reset. */
enum {
	BEACON_UDP_COST = 40 + 8 + BEACON_MESSAGE_LEN,
	BEACON_TCP_COST = 80 + 72 + 3 * (72 + BEACON_MESSAGE_LEN) + 72 + 72,
	BEACON_ASK_WORTH = 20 + 8 + BEACON_ASK_LEN, /* over IPv4: the smaller */
};

struct beacon_message {
	enum beacon_type type;
	uint8_t nonce[BEACON_NONCE_LEN];
	uint16_t port[BEACON_WAYS];	  /* 0: that way is not tried */
	enum beacon_saw saw[BEACON_WAYS]; /* of an answer */
	struct pcp_endpoint source; /* of an answer: whom the beacon sees; its scope is not sent */
};

/* The table: off, len and what is there. */
extern const struct pcp_field beacon_fields[];
extern const size_t beacon_nfields;

/* The message with its hash, and padding; its length, at most BEACON_ASK_LEN. */
size_t beacon_pack(const struct beacon_message *message, const uint8_t key[BEACON_KEY_LEN],
		   uint8_t octets[BEACON_ASK_LEN]);
/* False for what is not whole, not as beacon_pack makes it, or not made with that key. Takes as
 * long whichever octet of the hash differs. */
bool beacon_unpack(const uint8_t *octets, size_t len, const uint8_t key[BEACON_KEY_LEN],
		   struct beacon_message *message);

/* ---- the line to paste ---- */

struct beacon_line {
	struct pcp_endpoint at;
	uint8_t key[BEACON_KEY_LEN];
};

enum { BEACON_LINE_TEXT = ENDPOINT_TEXT + 1 + 2 * BEACON_KEY_LEN };

/* "192.0.2.1:40000#0123...": the length as snprintf. */
size_t beacon_line_text(const struct beacon_line *line, char *buf, size_t cap);
/* The same back; false with *why that says what is allowed. */
bool beacon_line_parse(const char *typed, struct beacon_line *line, struct pcp_why *why);

#endif
