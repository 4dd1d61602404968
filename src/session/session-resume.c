/* What earlier sessions left: said, and taken over. */
#include "session-private.h"

#include <poll.h>

#include "text.h"

/* What earlier sessions left is looked for when the first frame stands: it may be long to read. */
#define OFFER_AFTER (USEC_PER_SEC / 20)

static bool look_for_left(struct session *session, size_t most)
{
	if (!session->recovered && *session->state_dir) {
		session->recover = recover_begin(session->state_dir,
						 loop_now(session->loop) + session->wall_offset);
		if (session->recover && *recover_distrusted(session->recover) &&
		    !session->distrusted) {
			session->distrusted = true;
			session_notice(session, "%s; nothing of it is taken over",
				       recover_distrusted(session->recover));
		}
	}
	session->recovered = true;
	return session->recover && recover_read(session->recover, most);
}

size_t session_left(struct session *session)
{
	look_for_left(session, SIZE_MAX);
	return session->recover ? recover_count(session->recover) : 0;
}

void session_offer_on(struct session *session)
{
	struct session_turn turn = session_turn(FOLD_LOOKS);
	bool more;
	size_t n;

	do
		more = look_for_left(session, A_LOOK);
	while (more && session_turn_goes_on(&turn));
	if (more)
		return;
	session->offer_at = USEC_NEVER;
	n = session_left(session);
	if (n)
		session_notice(session,
			       "an earlier session left %zu mapping%s that still live%s: the "
			       "command resume takes %s "
			       "over",
			       n, pcp_s(n), n == 1 ? "s" : "", n == 1 ? "it" : "them");
}

void session_offer(struct session *session)
{
	if (session->recovered)
		session_offer_on(session);
	else if (!session->replay) /* whose dashboard sends nothing */
		session->offer_at = loop_now(session->loop) + OFFER_AFTER;
}

/* The server as this session knows it, or known from now on. 0 with *why. */
static uint16_t server_of(struct session *session, const struct recovered *left,
			  struct pcp_why *why)
{
	const struct pcp_client *client = session->client;
	struct pcp_client_server_config config = { .endpoint = { left->server },
						   .nendpoint = 1,
						   .source = left->source,
						   .version = left->version };

	for (size_t id = 1; id <= pcp_client_nservers(client); id++) {
		const struct pcp_client_server *server = pcp_client_server(client, (uint16_t)id);

		if (pcp_endpoint_same(&server->config.endpoint[0], &left->server) &&
		    pcp_endpoint_same_addr(&server->config.source, &left->source))
			return server->id;
	}
	pcp_endpoint_text(&left->server, config.name, sizeof config.name);
	config.source.port = 0; /* the port is no part of a mapping: RFC 6887 8.1 */
	return session_add_server(session, &config, why) ? (uint16_t)pcp_client_nservers(client)
							 : 0;
}

static bool take_over(struct session *session, const struct recovered *left, struct pcp_why *why)
{
	struct pcp_mapping mapping = left->mapping;
	usec offset = session->wall_offset;

	mapping.server = server_of(session, left, why);
	if (!mapping.server)
		return false;
	mapping.created_at -= offset;
	mapping.granted_at -= offset;
	mapping.expires_at -= offset;
	return pcp_client_adopt(session->client, loop_now(session->loop), &mapping, true) ||
	       pcp_refuse(why, 0, "the mapping table is full");
}

/* A session that was killed a moment ago takes a while to be gone, and holds its files till then.
 */
enum { LOOKS = 6, BETWEEN = 25 }; /* milliseconds */

size_t session_resume_first(struct session *session)
{
	for (unsigned i = 1; i < LOOKS; i++) {
		if (session_left(session) || !session->recover || !recover_held(session->recover))
			break;
		recover_free(session->recover);
		session->recover = NULL;
		session->recovered = false;
		poll(NULL, 0, BETWEEN);
	}
	return session_resume(session);
}

size_t session_resume(struct session *session)
{
	size_t n = session_left(session), taken = 0;
	struct pcp_why why = { .text = "" };

	session->resumed_at = n ? loop_now(session->loop) : session->resumed_at;
	for (size_t i = 0; i < n; i++)
		taken += take_over(session, recover_at(session->recover, i), &why);
	if (taken < n)
		session_notice(session,
			       "%zu mapping%s of earlier sessions could not be taken over: %s",
			       n - taken, pcp_s(n - taken), why.text);
	recover_free(session->recover);
	session->recover = NULL;
	return taken;
}
