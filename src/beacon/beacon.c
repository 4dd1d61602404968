/* Whom a beacon heeds, and what it answers. */
#include "beacon.h"

#include <stdlib.h>
#include <string.h>

struct beacon {
	uint8_t key[BEACON_KEY_LEN];
	struct beacon_io io;
	struct beacon_counts counts;
	usec last; /* when an ask was heeded */
	bool trying;
	struct pcp_endpoint asked_at; /* the address here that was asked */
	struct beacon_message answer; /* of the try under way, or the last one */
	uint8_t seen[BEACON_ASKS_MAX][BEACON_NONCE_LEN];
};

struct beacon *beacon_new(const uint8_t key[BEACON_KEY_LEN], struct beacon_io io)
{
	struct beacon *beacon = calloc(1, sizeof *beacon);

	if (!beacon)
		return NULL;
	memcpy(beacon->key, key, sizeof beacon->key);
	beacon->io = io;
	return beacon;
}

void beacon_free(struct beacon *beacon)
{
	free(beacon);
}

static bool is_repeated(const struct beacon *beacon, const uint8_t nonce[BEACON_NONCE_LEN])
{
	for (uint64_t i = 0; i < beacon->counts.heeded; i++)
		if (memcmp(beacon->seen[i], nonce, BEACON_NONCE_LEN) == 0)
			return true;
	return false;
}

static bool is_hurried(const struct beacon *beacon, usec now)
{
	return beacon->trying || (beacon->counts.heeded && now - beacon->last < BEACON_PACE);
}

static void heed(struct beacon *beacon, usec now, const struct pcp_endpoint *from,
		 const struct pcp_endpoint *to, const struct beacon_message *ask)
{
	memcpy(beacon->seen[beacon->counts.heeded++], ask->nonce, BEACON_NONCE_LEN);
	beacon->last = now;
	beacon->trying = true;
	beacon->asked_at = *to;
	beacon->answer = *ask;
	beacon->answer.type = BEACON_ANSWER;
	beacon->answer.source = *from;
	beacon->io.try(beacon->io.arg, to, from, ask);
}

void beacon_receive(struct beacon *beacon, usec now, const struct pcp_endpoint *from,
		    const struct pcp_endpoint *to, const uint8_t *octets, size_t len)
{
	struct beacon_message ask;

	if (!beacon_unpack(octets, len, beacon->key, &ask) || ask.type != BEACON_ASK ||
	    (!ask.port[BEACON_UDP] && !ask.port[BEACON_TCP]))
		beacon->counts.foreign++;
	else if (is_repeated(beacon, ask.nonce))
		beacon->counts.repeated++;
	else if (is_hurried(beacon, now) || beacon_used_up(beacon))
		beacon->counts.hurried++;
	else
		heed(beacon, now, from, to, &ask);
}

const struct beacon_message *beacon_tried(struct beacon *beacon,
					  const enum beacon_saw saw[BEACON_WAYS])
{
	uint8_t octets[BEACON_ASK_LEN];
	size_t len;

	if (!beacon->trying)
		return NULL;
	beacon->trying = false;
	memcpy(beacon->answer.saw, saw, sizeof beacon->answer.saw);
	len = beacon_pack(&beacon->answer, beacon->key, octets);
	beacon->io.send(beacon->io.arg, &beacon->asked_at, &beacon->answer.source, octets, len);
	return &beacon->answer;
}

bool beacon_used_up(const struct beacon *beacon)
{
	return beacon->counts.heeded == BEACON_ASKS_MAX;
}

struct beacon_counts beacon_counts(const struct beacon *beacon)
{
	return beacon->counts;
}
