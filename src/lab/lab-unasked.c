/* What the lab tells its clients unasked: restarts and new addresses (RFC 6887 14). */
#include <string.h>

#include "lab-fault-private.h"
#include "lab-request-private.h"

enum {
	FIRST_GAP = 250000,  /* usec: RFC 6887 14.1.3, 14.2 */
	UPDATE_CHUNK = 256,  /* mappings told at once, so that many clients do not mean a burst */
	UPDATE_PAUSE = 1000, /* usec between chunks */
};

/* ---- announcements: RFC 6887 14.1.3, RFC 6886 3.2.1 ---- */

static size_t announcement(const struct lab *lab, usec now, uint8_t version, uint8_t octets[64])
{
	if (version == PCP_VERSION_NATPMP)
		return lab_natpmp_address(lab, now, octets);
	memset(octets, 0, PCP_HEADER_LEN);
	pcp_put(&pcp_response_fields[HDR_VERSION], octets, version);
	pcp_put(&pcp_response_fields[HDR_R], octets, 1);
	pcp_put(&pcp_response_fields[HDR_OPCODE], octets, PCP_ANNOUNCE);
	pcp_put(&pcp_response_fields[HDR_EPOCH], octets, lab_epoch(lab, now));
	return PCP_HEADER_LEN;
}

static void announce_to(struct lab *lab, usec now, const struct pcp_endpoint *from,
			const struct pcp_endpoint *to, uint8_t version)
{
	uint8_t octets[64];
	size_t len;

	if (!lab_speaks(lab, version) || (lab->announce_natpmp && version != PCP_VERSION_NATPMP))
		return;
	len = announcement(lab, now, version, octets);
	lab->counters.announced++;
	lab_fault_send(lab, now, from, to, octets, len);
}

static void announce_multicast(struct lab *lab, usec now)
{
	static const char *const groups[] = { "ff02::1", "224.0.0.1" };

	for (int v4 = 0; v4 < 2; v4++) {
		struct pcp_endpoint to = { .port = PCP_CLIENT_PORT, .scope = lab->self[v4].scope };

		if (!lab->have_self[v4])
			continue;
		pcp_addr_parse(groups[v4], to.addr, &(struct pcp_why){ .at = 0 });
		for (uint8_t version = v4 ? 0 : 1; version <= PCP_VERSION_2; version++)
			announce_to(lab, now, &lab->self[v4], &to, version);
	}
}

/* Each gap is at least double the one before, however late that one's end was told (14.1.3). */
static usec next_gap(const struct lab *lab, usec now)
{
	usec gap = (usec)FIRST_GAP << (lab->announced - 1);
	usec before = lab->announced > 1 ? now - lab->announced_at : 0;

	return gap > 2 * before ? gap : 2 * before;
}

static void announce_round(struct timer *timer, void *arg, usec now)
{
	struct lab *lab = arg;

	if (lab->set.announce == ANNOUNCE_UNICAST || lab->set.announce == ANNOUNCE_BOTH)
		for (size_t i = 0; i < lab->nclient; i++)
			announce_to(lab, now, &lab->client[i].server, &lab->client[i].client,
				    lab->client[i].version);
	if (lab->set.announce == ANNOUNCE_MULTICAST || lab->set.announce == ANNOUNCE_BOTH)
		announce_multicast(lab, now);
	if (++lab->announced < LAB_ANNOUNCEMENTS)
		timer_arm(&lab->timers, timer, now + next_gap(lab, now));
	lab->announced_at = now;
}

static void announce(struct lab *lab, usec now, bool natpmp)
{
	lab->announced = 0;
	lab->announce_natpmp = natpmp;
	if (lab->set.announce != ANNOUNCE_NONE)
		announce_round(&lab->announce_timer, lab, now);
}

void lab_announce(struct lab *lab, usec now)
{
	lab_note(lab, now, "announces its epoch %u", (unsigned)lab_epoch(lab, now));
	announce(lab, now, false);
}

/* ---- mapping updates: RFC 6887 14.2 ---- */

static void update(const struct lab *lab, usec now, const struct lab_entry *entry,
		   struct lab_reply *reply)
{
	uint8_t body[64];
	size_t len = pcp_body_len(entry->key.opcode, entry->version);
	size_t skipped = pcp_nonce_skipped(entry->version);

	memset(reply->octets, 0, PCP_HEADER_LEN);
	pcp_put(&pcp_response_fields[HDR_VERSION], reply->octets, entry->version);
	pcp_put(&pcp_response_fields[HDR_R], reply->octets, 1);
	pcp_put(&pcp_response_fields[HDR_OPCODE], reply->octets, entry->key.opcode);
	pcp_put(&pcp_response_fields[HDR_RESULT], reply->octets,
		entry->doomed ? PCP_CANNOT_PROVIDE_EXTERNAL : PCP_SUCCESS);
	pcp_put(&pcp_response_fields[HDR_LIFETIME], reply->octets,
		entry->doomed ? lab_error_lifetime(lab, PCP_CANNOT_PROVIDE_EXTERNAL)
			      : lab_remaining(entry, now));
	pcp_put(&pcp_response_fields[HDR_EPOCH], reply->octets, lab_epoch(lab, now));
	lab_mapping_body(entry, body);
	memcpy(reply->octets + PCP_HEADER_LEN, body + skipped, len);
	reply->len = PCP_HEADER_LEN + len;
	lab_entry_options(reply, lab, entry, PCP_THIRD_PARTY);
	lab_entry_options(reply, lab, entry, PCP_THIRD_PARTY_ID);
	lab_entry_options(reply, lab, entry, PCP_FILTER);
	/* Without it the update would speak of one port: RFC 7753 4.2. */
	lab_entry_options(reply, lab, entry, PCP_PORT_SET);
}

static void update_client(struct lab *lab, usec now, const struct lab_entry *entry)
{
	const struct pcp_endpoint *self = lab_self(lab, entry->client.addr);
	struct lab_reply reply;

	if (!self || entry->version == PCP_VERSION_NATPMP)
		return;
	update(lab, now, entry, &reply);
	lab->counters.updated++;
	lab_fault_send(lab, now, self, &entry->client, reply.octets, reply.len);
}

static void bury(struct lab *lab, usec now)
{
	struct tree_node *node = tree_nth(&lab->by_key, 0);

	while (node) {
		struct lab_entry *entry = tree_record(node, struct lab_entry, by_key);

		node = tree_after(&lab->by_key, node);
		entry->update = false;
		if (entry->doomed)
			lab_store_remove(lab, now, entry, false);
	}
}

/* Three rounds over the mappings, each in chunks: the second at least 250 ms after the first, the
 * third 500 ms after the second, however late that was. */
static void update_round(struct timer *timer, void *arg, usec now)
{
	struct lab *lab = arg;
	struct tree_node *node = tree_nth(&lab->by_owner, lab->update_at);

	for (int i = 0; node && i < UPDATE_CHUNK; i++, lab->update_at++) {
		struct lab_entry *entry = tree_record(node, struct lab_entry, by_owner);

		if (entry->update)
			update_client(lab, now, entry);
		node = tree_after(&lab->by_owner, node);
	}
	if (node) {
		timer_arm(&lab->timers, timer, now + UPDATE_PAUSE);
		return;
	}
	lab->update_at = 0;
	if (++lab->updated == LAB_UPDATES) {
		bury(lab, now);
		return;
	}
	timer_arm(&lab->timers, timer, now + ((usec)FIRST_GAP << (lab->updated - 1)));
}

static bool is_natted(const struct lab_entry *entry)
{
	return !entry->fixed && memcmp(entry->external, entry->key.internal, PCP_ADDR_LEN) != 0;
}

/* The same port on the new address, if nobody else has it. */
static void move(struct lab *lab, usec now, struct lab_entry *entry, size_t count)
{
	uint8_t addr[PCP_ADDR_LEN];
	const struct lab_entry *other;
	size_t which;

	if (!is_natted(entry) || lab_is_wan(lab, entry->external, &which))
		return;
	lab_wan(lab, count % lab->wan_count, addr);
	other = lab_external_owner(lab, addr, entry->key.protocol, entry->external_port);
	entry->update = true;
	entry->doomed =
		entry->prefer_failure ||
		(other && memcmp(other->key.internal, entry->key.internal, PCP_ADDR_LEN) != 0);
	if (!entry->doomed)
		lab_store_rekey(lab, entry, addr, entry->external_port, entry->nonce,
				entry->client.addr);
	else
		lab_note(lab, now, "cannot move a mapping of internal port %u to the new address",
			 entry->key.internal_port);
}

static void drop_holds(struct lab *lab, usec now)
{
	struct tree_node *node;

	while ((node = tree_nth(&lab->held, 0)))
		lab_store_remove(lab, now, tree_record(node, struct lab_entry, by_owner), false);
}

void lab_renumber(struct lab *lab, usec now)
{
	struct tree_node *node;

	lab_pool_forget(lab);
	drop_holds(lab, now);
	for (node = tree_nth(&lab->by_key, 0); node; node = tree_after(&lab->by_key, node)) {
		struct lab_entry *entry = tree_record(node, struct lab_entry, by_key);

		move(lab, now, entry, entry->host ? entry->host->wan : 0);
	}
	lab->epoch_at = now; /* RFC 6887 8.5 */
	lab_note(lab, now, "its external address changed: tells the clients of %zu mapping%s",
		 lab_nmappings(lab), pcp_s(lab_nmappings(lab)));
	lab->updated = 0;
	lab->update_at = 0;
	timer_arm(&lab->timers, &lab->update_timer, now);
	/* NAT-PMP has no updates, but announces a new address: RFC 6886 3.2.1. */
	announce(lab, now, true);
}

void lab_restart(struct lab *lab, usec now, bool keep_state)
{
	if (!keep_state) {
		lab_store_clear(lab, true);
		lab->epoch_at = now;
	}
	if (lab->update_timer.pos)
		bury(lab, now);
	timer_stop(&lab->timers, &lab->update_timer);
	lab_note(lab, now,
		 keep_state ? "restarted and kept its mappings"
			    : "restarted and lost its mappings");
	lab_announce(lab, now);
}

void lab_unasked_start(struct lab *lab)
{
	lab->announce_timer = (struct timer){ .fire = announce_round, .arg = lab };
	lab->update_timer = (struct timer){ .fire = update_round, .arg = lab };
}
