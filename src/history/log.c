/* The log: datagrams in order of coming, tied into exchanges; the oldest go first. */
#include "log.h"

#include <stdlib.h>
#include <string.h>

#include "grants.h"
#include "pool.h"
#include "queue.h"
#include "shelf.h"

enum {
	AROUND = 16, /* octets that an item takes beside its own */
	ENDS = 8,    /* endpoints of late messages, each kept once for all of them */
};

/* What is known of a server, by its number. */
struct heard {
	uint32_t clock[CLOCKS]; /* its last answers that were believed */
	uint32_t nwaiting;	/* exchanges that wait for it, */
	uint64_t waiting;	/* and the sum of their ids: of one alone, its id */
};

struct log {
	struct queue messages; /* ids without a gap: the index follows from the id */
	struct shelf shelf;    /* where they lie */
	const struct pcp_endpoint
		*end[ENDS];	/* on the shelf's last board; the latest is end[ends - 1] */
	unsigned ends;		/* so many so far; the place is the remainder by ENDS */
	struct queue exchanges; /* ids ascending, with gaps */
	struct pool pool;	/* where they lie */
	size_t octets, max_octets;
	size_t ignored_octets; /* kept of a datagram that was ignored */
	uint32_t last_id;
	struct grants grants;
	struct heard *heard; /* by server */
	size_t nheard;
	uint64_t dropped;
	struct {
		uint32_t exchange, mapping; /* mapping 0: none waits for its successor */
	} replaced;			    /* the last that another took the place of */
};

/* ---- look-ups ---- */

/* Where the exchange stands, or would. */
static size_t exchange_index(const struct log *log, uint32_t id)
{
	size_t lo = 0, hi = log->exchanges.count;
	const struct exchange *first = queue_at(&log->exchanges, 0), *guess;

	/* Mostly one follows the other. */
	guess = first && id >= first->id ? queue_at(&log->exchanges, id - first->id) : NULL;
	if (guess && guess->id == id)
		return id - first->id;
	if (hi && ((const struct exchange *)queue_at(&log->exchanges, hi - 1))->id < id)
		return hi;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct exchange *exchange = queue_at(&log->exchanges, mid);

		if (exchange->id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static struct exchange *find_exchange(const struct log *log, uint32_t id)
{
	struct exchange *exchange = queue_at(&log->exchanges, exchange_index(log, id));

	return exchange && exchange->id == id ? exchange : NULL;
}

static struct message *find_message(const struct log *log, uint32_t id)
{
	const struct message *first = queue_at(&log->messages, 0);

	return first && id >= first->id ? queue_at(&log->messages, id - first->id) : NULL;
}

const struct message *log_message(const struct log *log, uint32_t id)
{
	return find_message(log, id);
}

const struct exchange *log_exchange(const struct log *log, uint32_t id)
{
	return find_exchange(log, id);
}

size_t log_nmessages(const struct log *log)
{
	return log->messages.count;
}

size_t log_nexchanges(const struct log *log)
{
	return log->exchanges.count;
}

const struct message *log_message_at(const struct log *log, size_t i)
{
	return queue_at(&log->messages, i);
}

const struct exchange *log_exchange_at(const struct log *log, size_t i)
{
	return queue_at(&log->exchanges, i);
}

uint64_t log_dropped(const struct log *log)
{
	return log->dropped;
}

/* ---- servers ---- */

/* Room for what is known of the server; NULL without memory, and then nothing is. */
static struct heard *heard_of(struct log *log, uint16_t server)
{
	size_t n = (size_t)server + server / 2 + 8;
	struct heard *heard;

	if (server < log->nheard)
		return &log->heard[server];
	heard = realloc(log->heard, n * sizeof *heard);
	if (!heard)
		return NULL;
	memset(heard + log->nheard, 0, (n - log->nheard) * sizeof *heard);
	log->heard = heard;
	log->nheard = n;
	return &heard[server];
}

static void count_waiting(struct log *log, const struct exchange *exchange, int by)
{
	struct heard *heard = exchange->server < log->nheard ? &log->heard[exchange->server] : NULL;

	if (!heard)
		return;
	heard->nwaiting += (uint32_t)by;
	heard->waiting += (uint64_t)((int64_t)by * exchange->id);
}

static void set_state(struct log *log, struct exchange *exchange, enum exchange_state state)
{
	count_waiting(log, exchange,
		      (state == EXCHANGE_WAITING) - (exchange->state == EXCHANGE_WAITING));
	exchange->state = state;
}

/* ---- forgetting ---- */

/* Octets of a reason as it is kept: none for none. */
static size_t reason_size(const char *reason)
{
	return reason && *reason ? strlen(reason) + 1 : 0;
}

static size_t cost(const struct message *message)
{
	return sizeof *message + message->len + reason_size(message->reason) + AROUND;
}

static void drop_exchange(struct log *log, struct exchange *exchange)
{
	queue_remove(&log->exchanges, exchange_index(log, exchange->id));
	set_state(log, exchange, EXCHANGE_CANCELLED); /* so that nothing waits for it */
	log->octets -= sizeof *exchange + AROUND;
	free(exchange->what);
	pool_give(&log->pool, exchange);
}

static void drop_oldest(struct log *log)
{
	struct message *message = queue_at(&log->messages, 0);
	struct exchange *exchange =
		message->exchange ? find_exchange(log, message->exchange) : NULL;

	queue_remove(&log->messages, 0);
	log->dropped++;
	log->octets -= cost(message);
	/* It is the oldest of all, so it is the first of its exchange. */
	if (exchange) {
		exchange->first = message->next;
		if (!exchange->first)
			drop_exchange(log, exchange);
	}
	shelf_drop(&log->shelf);
}

/* ---- taking in ---- */

static struct exchange *add_exchange(struct log *log, const struct pcp_client_event *event)
{
	struct exchange *exchange =
		queue_room(&log->exchanges) ? pool_take(&log->pool, sizeof *exchange) : NULL;

	if (!exchange)
		return NULL;
	*exchange = (struct exchange){ .id = event->exchange,
				       .server = event->server ? event->server->id : 0,
				       .next_at = USEC_NEVER };
	queue_insert(&log->exchanges, exchange_index(log, exchange->id), exchange);
	log->octets += sizeof *exchange + AROUND;
	if (heard_of(log, exchange->server))
		count_waiting(log, exchange, 1);
	return exchange;
}

/* The same endpoint, as a message before had it; NULL: none of late. */
static const struct pcp_endpoint *known_end(const struct log *log, const struct pcp_endpoint *end)
{
	unsigned n = log->ends < ENDS ? log->ends : ENDS;

	for (unsigned i = 1; i <= n; i++) {
		const struct pcp_endpoint *known = log->end[(log->ends - i) % ENDS];

		if (known->scope == end->scope && pcp_endpoint_same(known, end))
			return known;
	}
	return NULL;
}

static const struct pcp_endpoint *keep_end(struct log *log, struct pcp_endpoint *place,
					   const struct pcp_endpoint *end)
{
	*place = *end;
	log->end[log->ends++ % ENDS] = place;
	return place;
}

/* Its memory: the message, its octets, what is noted about it, and the ends that no message before
 * it has. */
static struct message *shelve(struct log *log, const struct pcp_client_event *event, size_t len,
			      size_t reason)
{
	size_t own = (sizeof(struct message) + len + reason + 7) & ~(size_t)7;
	size_t most = own + 2 * sizeof(struct pcp_endpoint);
	const struct pcp_endpoint *from, *to;
	struct pcp_endpoint *place;
	struct message *message;

	if (!shelf_beside(&log->shelf, most))
		log->ends = 0;
	from = known_end(log, &event->from);
	to = known_end(log, &event->to);
	message = shelf_take(&log->shelf, from && to ? own : most);
	if (!message)
		return NULL;
	place = (struct pcp_endpoint *)((char *)message + own);
	*message = (struct message){ .from = from ? from : keep_end(log, place, &event->from),
				     .to = to ? to : keep_end(log, place + 1, &event->to) };
	return message;
}

static struct message *add_message(struct log *log, struct exchange *exchange,
				   enum message_kind kind, const struct pcp_client_event *event,
				   usec wall)
{
	size_t reason = reason_size(event->reason), len = event->len;
	struct message *message;

	if (kind == MESSAGE_IGNORED && len > log->ignored_octets)
		len = log->ignored_octets;
	message = queue_room(&log->messages) ? shelve(log, event, len, reason) : NULL;
	if (!message)
		return NULL;
	queue_insert(&log->messages, log->messages.count, message);
	if (len)
		memcpy(message->octets, event->octets, len);
	message->id = ++log->last_id;
	message->exchange = exchange ? exchange->id : 0;
	message->kind = kind;
	message->at = event->now;
	message->wall = wall;
	message->rtt = kind == MESSAGE_RESPONSE ? event->rtt : -1;
	message->tries = event->tries & 0xffffff;
	message->len = (uint32_t)len;
	message->whole = (uint32_t)event->len;
	message->reason = reason ? memcpy(message->octets + len, event->reason, reason) : "";
	log->octets += cost(message);
	return message;
}

static void chain(const struct log *log, struct exchange *exchange, const struct message *message)
{
	struct message *last = find_message(log, exchange->last);

	if (last && exchange->first)
		last->next = message->id;
	else
		exchange->first = message->id;
	exchange->last = message->id;
}

/* ---- the clocks of servers ---- */

/* Ties the answer to the server's one before, and is the one before for the next if the client
 * believes it. */
static void note_clock(struct message *message, struct heard *heard)
{
	uint32_t ignored;
	enum clock clock = message_clock(message->octets, message->len, &ignored);

	if (clock == NO_CLOCK)
		return;
	message->before = heard->clock[clock];
	if (message->kind != MESSAGE_IGNORED)
		heard->clock[clock] = message->id;
}

/* Ties a plain grant to the one before of, most likely, the same mapping. What the client does not
 * believe is none for the next. */
static void note_grant(struct log *log, struct message *message)
{
	const struct message *oldest = queue_at(&log->messages, 0);
	uint32_t about;

	if (!message_is_plain_grant(message))
		return;
	about = message_about(message);
	message->earlier = grants_last(&log->grants, about);
	if (message->kind != MESSAGE_IGNORED)
		grants_note(&log->grants, about, message->id, oldest->id);
}

/* Whether it can be an answer to what alone waits for one, though the client did not take it so.
 * News of the server's own can come at any time, and so can an old answer after a deletion was
 * asked. */
static bool may_answer(const struct message *message, const struct message *request,
		       bool of_mapping)
{
	bool deletes = request->len >= PCP_HEADER_LEN &&
		       pcp_get(&pcp_request_fields[REQ_LIFETIME], request->octets) == 0;
	bool news = message->len > 1 && (message->octets[1] & ~PCP_R) == PCP_ANNOUNCE &&
		    message->octets[0] != PCP_VERSION_NATPMP;

	if (!pcp_endpoint_same(request->from, message->to) ||
	    !pcp_endpoint_same(request->to, message->from))
		return false;
	if (news && (request->len < 2 || request->octets[1] != PCP_ANNOUNCE))
		return false;
	return !of_mapping || (message->kind == MESSAGE_IGNORED && !deletes);
}

static const struct message *sole_request(const struct log *log, const struct heard *heard)
{
	const struct exchange *exchange =
		heard->nwaiting == 1 ? find_exchange(log, (uint32_t)heard->waiting) : NULL;

	return exchange ? find_message(log, exchange->first) : NULL;
}

/* How many messages are looked through for what a late answer is about. */
enum { LOOK_BACK = 64 };

/* Whether it is the answer to an earlier request, come late or twice: then it is none to what waits
 * now. */
static bool is_late(const struct log *log, const struct message *message)
{
	const struct message *before = message;

	for (int i = 0; i < LOOK_BACK && before; i++) {
		before = find_message(log, before->id - 1);
		if (before && message_sent(before) && message_answers(message, before))
			return true;
	}
	return false;
}

static void tie_answer(struct log *log, struct message *message, const struct exchange *exchange,
		       const struct pcp_client_event *event)
{
	struct heard *heard = event->server ? heard_of(log, event->server->id) : NULL;
	const struct message *request;

	if (message_sent(message))
		return;
	if (heard) {
		note_clock(message, heard);
		note_grant(log, message);
	}
	if (exchange)
		request = find_message(log, exchange->first);
	else
		request = heard ? sole_request(log, heard) : NULL;
	if ((!exchange || message->kind == MESSAGE_IGNORED) && request &&
	    !may_answer(message, request, event->mapping != NULL))
		request = NULL;
	if (!exchange && request && !message_answers(message, request) && is_late(log, message))
		request = NULL;
	message->asked = request && message_sent(request) ? request->id : 0;
}

/* ---- taking in, a datagram or the end of an exchange ---- */

/* The exchange that it took the place of is told by whom. */
static void name_successor(struct log *log, const struct exchange *exchange)
{
	struct exchange *before;

	if (!exchange->mapping || log->replaced.mapping != exchange->mapping)
		return;
	before = find_exchange(log, log->replaced.exchange);
	if (before)
		before->replaced_by = exchange->id;
	log->replaced.mapping = 0;
}

static bool take_datagram(struct log *log, enum message_kind kind,
			  const struct pcp_client_event *event, usec wall)
{
	struct exchange *exchange = event->exchange ? find_exchange(log, event->exchange) : NULL;

	if (!exchange && event->exchange)
		exchange = add_exchange(log, event);
	if (!exchange && event->exchange)
		return false;
	struct message *message = add_message(log, exchange, kind, event, wall);

	if (!message) {
		if (exchange && !exchange->first)
			drop_exchange(log, exchange);
		return false;
	}
	tie_answer(log, message, exchange, event);
	if (exchange)
		chain(log, exchange, message);
	if (!exchange)
		return true;
	if (event->mapping)
		exchange->mapping = event->mapping->id;
	if (kind == MESSAGE_REQUEST)
		name_successor(log, exchange);
	if (kind == MESSAGE_RESPONSE) {
		exchange->answers++;
		exchange->result = event->result;
		set_state(log, exchange, EXCHANGE_ANSWERED);
		exchange->next_at = USEC_NEVER;
	} else if (!message_sent(message)) {
		exchange->ignored++;
		exchange->ignored_last = message->id;
	} else {
		exchange->sends++;
		exchange->unsent += event->unsent;
		set_state(log, exchange, EXCHANGE_WAITING);
		exchange->next_at = event->next_at;
	}
	return true;
}

static void end_exchange(struct log *log, enum exchange_state state,
			 const struct pcp_client_event *event)
{
	struct exchange *exchange = event->exchange ? find_exchange(log, event->exchange) : NULL;

	if (!exchange)
		return;
	set_state(log, exchange, state);
	exchange->next_at = USEC_NEVER;
	if (event->replaced && event->mapping) {
		log->replaced.exchange = exchange->id;
		log->replaced.mapping = event->mapping->id;
	}
	free(exchange->what);
	exchange->what = reason_size(event->reason) ? strdup(event->reason) : NULL;
}

static bool take(struct log *log, const struct pcp_client_event *event, usec wall)
{
	struct exchange *exchange;

	switch (event->kind) {
	case CLIENT_SENT:
		return take_datagram(log, MESSAGE_REQUEST, event, wall);
	case CLIENT_RESENT:
		return take_datagram(log, MESSAGE_RESENT, event, wall);
	case CLIENT_ANSWERED:
		return take_datagram(log, MESSAGE_RESPONSE, event, wall);
	case CLIENT_UNSOLICITED:
		return take_datagram(log, MESSAGE_UNSOLICITED, event, wall);
	case CLIENT_IGNORED:
		return take_datagram(log, MESSAGE_IGNORED, event, wall);
	case CLIENT_TIMED_OUT:
		end_exchange(log, EXCHANGE_TIMED_OUT, event);
		return true;
	case CLIENT_CANCELLED:
		end_exchange(log, EXCHANGE_CANCELLED, event);
		return true;
	case CLIENT_UNREACHABLE:
		/* The server's next address, if it has one, is tried by a CLIENT_RESENT. */
		end_exchange(log, EXCHANGE_UNREACHABLE, event);
		return true;
	case CLIENT_MAPPING:
		exchange = event->exchange ? find_exchange(log, event->exchange) : NULL;
		if (exchange && event->mapping)
			exchange->mapping = event->mapping->id;
		return true;
	default:
		return true;
	}
}

/* The newest message stays, however large it is. */
static void make_room(struct log *log)
{
	while (log->octets > log->max_octets && log->messages.count > 1)
		drop_oldest(log);
}

bool log_event(struct log *log, const struct pcp_client_event *event, usec wall)
{
	bool taken = take(log, event, wall);

	make_room(log);
	return taken;
}

void log_left_out(struct log *log, const struct pcp_client_event *event)
{
	struct exchange *exchange = event->exchange ? find_exchange(log, event->exchange) : NULL;

	if (exchange)
		exchange->ignored++;
}

void log_bound(struct log *log, size_t max_octets, size_t ignored_octets)
{
	log->max_octets = max_octets;
	log->ignored_octets = ignored_octets;
	make_room(log);
}

void log_came_as(struct log *log, uint32_t datagram)
{
	struct message *last = find_message(log, log->last_id);

	if (last && !last->datagram)
		last->datagram = datagram;
}

size_t log_before(const struct log *log, uint64_t datagram)
{
	size_t low = 0, high = log_nmessages(log);

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (log_message_at(log, mid)->datagram < datagram)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

void log_was_cut(struct log *log, size_t whole)
{
	struct message *last = find_message(log, log->last_id);

	if (last)
		last->whole = (uint32_t)whole;
}

/* ---- a message ---- */

bool message_shows_restart(const struct log *log, const struct message *message, uint32_t *expected)
{
	const struct message *before = log_message(log, message->before);
	uint32_t now, then;
	enum clock clock = message_clock(message->octets, message->len, &now);

	if (!before || clock == NO_CLOCK ||
	    clock != message_clock(before->octets, before->len, &then))
		return false;
	*expected = then + (uint32_t)((message->at - before->at) / USEC_PER_SEC);
	return now + 1 < then;
}

/* ---- life ---- */

struct log *log_new(size_t max_octets)
{
	struct log *log = calloc(1, sizeof *log);

	if (log)
		log_bound(log, max_octets ? max_octets : LOG_DEFAULT, SIZE_MAX);
	return log;
}

void log_free(struct log *log)
{
	if (!log)
		return;
	for (size_t i = 0; i < log->exchanges.count; i++)
		free(((struct exchange *)queue_at(&log->exchanges, i))->what);
	shelf_free(&log->shelf);
	pool_free(&log->pool);
	grants_free(&log->grants);
	queue_free(&log->messages);
	queue_free(&log->exchanges);
	free(log->heard);
	free(log);
}

const struct message *log_answer(const struct log *log, const struct exchange *exchange)
{
	const struct message *message, *answer = NULL;

	for (message = log_message(log, exchange->first); message;
	     message = log_message(log, message->next))
		if (message->kind == MESSAGE_RESPONSE)
			answer = message;
	return answer;
}
