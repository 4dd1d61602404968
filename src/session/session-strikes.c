/* What the lab's faults did to requests of this session, told where one looks for it: beside the
 * request that was struck. */
#include <stdlib.h>
#include <string.h>

#include "session-private.h"

/* How far back the request may be: the lab hears it right after it was sent. */
enum { LOOKED_AT = 256 };

/* The newest request that is the one struck; NULL: it was another client's. */
static const struct message *struck_message(const struct session *session,
					    const struct lab_strike *strike)
{
	const struct log *log = session->log;
	size_t n = log_nmessages(log);

	for (size_t i = n; i > 0 && n - i < LOOKED_AT; i--) {
		const struct message *message = log_message_at(log, i - 1);

		if (message_sent(message) && message->len == strike->asked_len &&
		    pcp_endpoint_same(message->from, strike->client) &&
		    memcmp(message->octets, strike->asked, strike->asked_len) == 0)
			return message;
	}
	return NULL;
}

/* Room for one more; false when memory is out. */
static bool make_room(struct session *session)
{
	size_t cap = session->strike_cap ? 2 * session->strike_cap : 32;
	struct session_strike *grown;

	if (session->nstrike < session->strike_cap)
		return true;
	if (session->nstrike == SESSION_STRIKES_MAX) {
		session->nstrike /= 2;
		memmove(session->strike, session->strike + session->nstrike,
			session->nstrike * sizeof *session->strike);
		return true;
	}
	grown = realloc(session->strike, cap * sizeof *grown);
	if (!grown)
		return false;
	session->strike = grown;
	session->strike_cap = cap;
	return true;
}

void session_keep_strike(void *arg, usec now, const struct lab_strike *strike)
{
	struct session *session = arg;
	const struct message *message = struck_message(session, strike);
	size_t i;

	if (!message || !make_room(session))
		return;
	for (i = session->nstrike; i > 0 && session->strike[i - 1].message > message->id; i--)
		session->strike[i] = session->strike[i - 1];
	session->strike[i] = (struct session_strike){ .message = message->id,
						      .at = now,
						      .fault = strike->fault,
						      .told = strike->told,
						      .answer = strike->answer,
						      .lost = strike->lost };
	session->nstrike++;
}

size_t session_strikes(const struct session *session, uint32_t message,
		       const struct session_strike **first)
{
	size_t low = 0, high = session->nstrike, n = 0;

	if (session->replay || !session->nstrike)
		return 0;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (session->strike[mid].message < message)
			low = mid + 1;
		else
			high = mid;
	}
	while (low + n < session->nstrike && session->strike[low + n].message == message)
		n++;
	*first = session->strike + low;
	return n;
}
