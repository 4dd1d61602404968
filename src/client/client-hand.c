/* What a key or a command asks for a mapping: renewal, deletion, auto-renewal, forgetting. */
#include "client-private.h"

size_t pcp_client_nmappings(const struct pcp_client *client)
{
	return client->mappings.live;
}

const struct pcp_mapping *pcp_client_mapping_at(const struct pcp_client *client, size_t i)
{
	/* Closing the holes that removals left changes nothing that can be seen. */
	struct client_row *row = idlist_at(&((struct pcp_client *)client)->mappings, i);

	return row ? &row->pub : NULL;
}

const struct pcp_mapping *pcp_client_mapping(const struct pcp_client *client, uint32_t id)
{
	struct client_row *row = idlist_find(&client->mappings, id);

	return row ? &row->pub : NULL;
}

/* The mapping that a key is pressed on; NULL with *why when nothing can be sent for it. */
static struct client_row *handled(struct pcp_client *client, usec now, uint32_t id,
				  struct pcp_why *why)
{
	struct client_row *row = idlist_find(&client->mappings, id);

	if (!row) {
		pcp_refuse(why, 0, "There is no mapping %u in the table.", id);
		return NULL;
	}
	if (client->config.passive) {
		pcp_refuse(why, 0, "A capture is being read; nothing is sent.");
		return NULL;
	}
	if (row->pub.unconfirmed) {
		pcp_refuse(why, 0, "This mapping is the server's; adopt it first.");
		return NULL;
	}
	if (row->pub.stranded) {
		pcp_refuse(why, 0,
			   "This mapping is of an address that this host has lost, and only from "
			   "there "
			   "could it be renewed or deleted (RFC 6887 8.1).");
		return NULL;
	}
	if (row->server->pub.mute_until > now) {
		pcp_refuse(
			why, 0,
			"The server answered a deletion with NO_RESOURCES: no request of any kind "
			"for another %lld s (RFC 6887 11.4).",
			(long long)((row->server->pub.mute_until - now) / USEC_PER_SEC + 1));
		return NULL;
	}
	return row;
}

static uint32_t ask_by_hand(struct client_row *row, usec now, enum purpose purpose,
			    struct pcp_why *why)
{
	/* 11.2.1: MUST NOT be less than four seconds apart. */
	usec at = purpose == FOR_RENEWAL ? usec_later(now, row->sent_at + RENEWAL_GAP) : now;
	struct client_exchange *x;

	if (row->exchange)
		exchange_replace(row->exchange, now);
	if (row->gone) {
		pcp_refuse(why, 0, "The mapping was forgotten meanwhile.");
		return 0;
	}
	row->pub.hold_until = USEC_NEVER;
	x = row_ask(row, now, purpose, at);
	if (!x) {
		pcp_refuse(why, 0, "Out of memory.");
		row_unanswered(row, now, purpose, "out of memory");
		return 0;
	}
	return x->id;
}

uint32_t pcp_client_renew(struct pcp_client *client, usec now, uint32_t mapping,
			  struct pcp_why *why)
{
	struct client_row *row = handled(client, now, mapping, why);
	enum purpose purpose;
	uint32_t id;

	if (!row)
		return 0;
	if (row_stands(row))
		purpose = FOR_RENEWAL;
	else
		purpose = row_state_lost(row->pub.state) ? FOR_RECOVERY : FOR_MAKING;
	client_enter(client);
	id = ask_by_hand(row, now, purpose, why);
	client_leave(client);
	return id;
}

uint32_t pcp_client_delete(struct pcp_client *client, usec now, uint32_t mapping,
			   struct pcp_why *why)
{
	struct client_row *row = handled(client, now, mapping, why);
	uint32_t id;

	if (!row)
		return 0;
	if (row->pub.opcode == PCP_PEER) {
		pcp_client_auto_renew(client, now, mapping, false);
		pcp_refuse(why, 0,
			   "A PEER mapping cannot be deleted (RFC 6887 12.1); without renewal it "
			   "runs out by itself.");
		return 0;
	}
	client_enter(client);
	row->pub.auto_renew = false;
	id = ask_by_hand(row, now, FOR_DELETION, why);
	client_leave(client);
	return id;
}

bool pcp_client_auto_renew(struct pcp_client *client, usec now, uint32_t mapping, bool on)
{
	struct client_row *row = idlist_find(&client->mappings, mapping);

	if (!row || client->config.passive || (on && (row->pub.unconfirmed || row->pub.stranded)))
		return false;
	if (row->pub.auto_renew == on)
		return true;
	client_enter(client);
	row->pub.auto_renew = on;
	if (on && row->pub.state == MAPPING_GRANTED && !row->exchange) {
		row->window = 0;
		row->renew_at = row_next_renewal(row, now);
	} else if (on && !row->exchange && row->pub.hold_until == USEC_NEVER) {
		row->pub.hold_until = now; /* refused, lost or unanswered: its time has come */
	}
	row_schedule(row);
	row_tell(row, now, NULL);
	client_leave(client);
	return true;
}

bool pcp_client_forget(struct pcp_client *client, usec now, uint32_t mapping)
{
	struct client_row *row = idlist_find(&client->mappings, mapping);

	if (!row)
		return false;
	client_enter(client);
	row_remove(row, now);
	client_leave(client);
	return true;
}
