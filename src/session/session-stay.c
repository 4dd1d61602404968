/* What goes on at the servers after the session's end: counted for whoever is about to end it. */
#include "session-stay.h"

#include "session-private.h"

static bool goes_on(const struct pcp_mapping *mapping, usec now)
{
	static const bool over[] = {
		[MAPPING_ASKING] = true,  [MAPPING_LOST] = true,    [MAPPING_RECOVERING] = true,
		[MAPPING_DELETED] = true, [MAPPING_EXPIRED] = true, [MAPPING_FAILED] = false
	};

	/* What a walk found is not ours. */
	return !over[mapping->state] && !mapping->unconfirmed &&
	       mapping->expires_at != USEC_NEVER && mapping->expires_at > now;
}

/* As it was taken over it stands in the file of the session before; renewed here, it outlives that.
 */
static bool kept_before(const struct session *session, const struct pcp_mapping *mapping)
{
	return mapping->granted_at < session->resumed_at;
}

static void count(struct session_stay *stay, usec expires, const struct pcp_client_server *server)
{
	stay->server = stay->mappings && stay->server != server ? NULL : server;
	stay->mappings++;
	if (stay->first == 0 || expires < stay->first)
		stay->first = expires;
	if (expires > stay->last)
		stay->last = expires;
}

static void count_those(const struct session *session, bool lab, struct session_stay *stay)
{
	const struct pcp_client *client = session->client;
	usec now = loop_now(session->loop);
	bool own[SESSION_SERVERS_MAX + 2] = { false };

	for (uint16_t id = 1; id <= pcp_client_nservers(client) && id < sizeof own; id++)
		own[id] = session_is_own_lab(session, pcp_client_server(client, id));
	for (size_t i = 0; i < pcp_client_nmappings(client); i++) {
		const struct pcp_mapping *mapping = pcp_client_mapping_at(client, i);

		if (own[mapping->server] != lab || !goes_on(mapping, now))
			continue;
		count(stay, mapping->expires_at + session->wall_offset,
		      pcp_client_server(client, mapping->server));
		stay->peers += mapping->opcode == PCP_PEER;
		if (kept_before(session, mapping))
			stay->earlier = true;
		else
			stay->keys += !stay->saved && mapping->version != PCP_VERSION_NATPMP;
	}
}

void session_stay(const struct session *session, struct session_stay *stay)
{
	*stay = (struct session_stay){ .saved = session_file(session) };
	count_those(session, false, stay);
	if (stay->mappings || !session->lab)
		return;
	count_those(session, true, stay);
	stay->lab = stay->mappings > 0;
}

size_t session_delete_all(struct session *session)
{
	usec now = loop_now(session->loop);
	size_t n = 0;

	for (size_t i = 0; i < pcp_client_nmappings(session->client); i++) {
		const struct pcp_mapping *mapping = pcp_client_mapping_at(session->client, i);
		struct pcp_why why;

		if (goes_on(mapping, now) && mapping->state != MAPPING_DELETING)
			n += pcp_client_delete(session->client, now, mapping->id, &why) != 0;
	}
	return n;
}

size_t session_deleting(const struct session *session)
{
	size_t n = 0;

	for (size_t i = 0; i < pcp_client_nmappings(session->client); i++)
		n += pcp_client_mapping_at(session->client, i)->state == MAPPING_DELETING;
	return n;
}
