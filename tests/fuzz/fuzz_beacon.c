/* Anything that comes to a beacon, as it is and with a right hash: what is taken is packed to the
 * same octets, nobody else is answered, and no octet more goes out than comes in; and anything
 * pasted as its line. */
#include <string.h>

#include "beacon.h"
#include "fuzz.h"

static const uint8_t key[BEACON_KEY_LEN] = { 1, 2, 3, 4 };

struct world {
	size_t in, out, tries;
};

static void tries(void *arg, const struct pcp_endpoint *from, const struct pcp_endpoint *to,
		  const struct beacon_message *ask)
{
	struct world *world = arg;

	(void)from;
	(void)to;
	expect(ask->port[BEACON_UDP] || ask->port[BEACON_TCP], "no port is tried");
	world->tries++;
	world->out += BEACON_UDP_COST + BEACON_TCP_COST;
}

static void sends(void *arg, const struct pcp_endpoint *from, const struct pcp_endpoint *to,
		  const uint8_t *octets, size_t len)
{
	struct beacon_message message;

	(void)from;
	(void)to;
	((struct world *)arg)->out += 40 + 8 + len;
	expect(beacon_unpack(octets, len, key, &message), "an answer that is none");
}

static void receive(struct beacon *beacon, struct world *world, const uint8_t *octets, size_t len)
{
	static const enum beacon_saw saw[BEACON_WAYS] = { BEACON_OPEN, BEACON_SILENT };
	static const struct pcp_endpoint from = { .port = 1 }, to = { .port = 2 };
	size_t before = world->tries;

	world->in += 20 + 8 + len;
	beacon_receive(beacon, (usec)world->in * USEC_PER_SEC, &from, &to, octets, len);
	if (world->tries > before)
		expect(beacon_tried(beacon, saw), "a try without an answer");
	expect(world->out <= world->in, "more out than in");
}

static void check_message(const uint8_t *octets, size_t len)
{
	uint8_t again[BEACON_ASK_LEN];
	struct beacon_message message;

	if (!beacon_unpack(octets, len, key, &message))
		return;
	expect(beacon_pack(&message, key, again) == len, "another length");
	expect(memcmp(again, octets, len) == 0, "packed otherwise");
}

/* As from somebody who has the key. */
static void put_hash(uint8_t *octets)
{
	const struct pcp_field *hash = &beacon_fields[beacon_nfields - 1];
	uint64_t value = siphash(key, octets, hash->off);

	for (size_t i = 0; i < hash->len; i++)
		octets[hash->off + i] = (uint8_t)(value >> 8 * i);
}

static void check_line(const uint8_t *data, size_t size)
{
	char typed[2101], text[BEACON_LINE_TEXT];
	struct beacon_line line, again;
	struct pcp_why why = { .text = "" };

	if (size)
		memcpy(typed, data, size);
	typed[size] = '\0';
	if (!beacon_line_parse(typed, &line, &why)) {
		expect(strstr(why.text, "ADDRESS:PORT#KEY") != NULL,
		       "refused without what is allowed");
		return;
	}
	expect(beacon_line_text(&line, text, sizeof text) < sizeof text, "a line too long");
	expect(beacon_line_parse(text, &again, &why), "a line not read back");
	expect(memcmp(line.key, again.key, sizeof line.key) == 0, "another key");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world world = { .in = 0 };
	struct beacon *beacon = beacon_new(key, (struct beacon_io){ &world, tries, sends });
	uint8_t octets[2100] = { 0 };

	if (beacon && size <= sizeof octets) {
		if (size)
			memcpy(octets, data, size);
		receive(beacon, &world, octets, size);
		expect(world.tries == 0, "an answer without the key");
		put_hash(octets);
		for (size_t len = BEACON_MESSAGE_LEN; len <= BEACON_ASK_LEN;
		     len += BEACON_ASK_LEN - BEACON_MESSAGE_LEN) {
			check_message(octets, len);
			receive(beacon, &world, octets, len);
			receive(beacon, &world, octets, len);
		}
		expect(world.tries <= 1, "an ask heeded twice");
		check_line(data, size);
	}
	beacon_free(beacon);
	return 0;
}
