/* Follows a client's events, and keeps where the datagrams stand that its rows come from. */
#include "ledger.h"

#include <stdlib.h>
#include <string.h>

#include "replay.h"

/* KEPT: the deletion upon which it was kept for a while (RFC 6887 15), after it was granted. */
enum place {
	GRANT_REQUEST,
	GRANT_ANSWER,
	KEPT_REQUEST,
	KEPT_ANSWER,
	LAST_REQUEST,
	LAST_ANSWER,
	PLACES
};

/* Of one row of the mapping table. */
struct entry {
	uint32_t mapping;
	bool gone;	 /* the row has left the table */
	bool adopted;	 /* an earlier session's file says that it lives */
	bool deletion;	 /* LAST_REQUEST is one */
	usec granted_at; /* by GRANT_ANSWER or KEPT_ANSWER; USEC_NEVER: it was not, as far as this
			    file knows */
	usec until;	 /* of what was adopted and deleted: so long the deletion must be told */
	uint64_t at[PLACES];
};

/* A request without a row, that waits for its answer. */
struct loose {
	uint32_t exchange;
	uint64_t at;
};

/* A record that is to be carried over, and who points to it. */
struct carried {
	uint64_t from, to;
	uint64_t *place;
};

struct ledger {
	struct entry *entry; /* by mapping, ascending */
	size_t n, cap, ngone;
	struct loose *loose;
	size_t nloose, loose_cap;
	struct { /* the answer that came last, and what it answers */
		usec now;
		bool asked; /* it answers a request */
		uint64_t request, answer;
	} hand;
	struct carried *carried;
	size_t ncarried;
	bool failed; /* something could not be noted */
};

struct ledger *ledger_new(void)
{
	return calloc(1, sizeof(struct ledger));
}

void ledger_free(struct ledger *ledger)
{
	if (!ledger)
		return;
	free(ledger->entry);
	free(ledger->loose);
	free(ledger->carried);
	free(ledger);
}

bool ledger_may_live(const struct pcp_mapping *mapping, usec now)
{
	return mapping->granted_at != USEC_NEVER && mapping->expires_at != USEC_NEVER &&
	       mapping->expires_at > now && mapping->state != MAPPING_DELETED &&
	       mapping->state != MAPPING_EXPIRED;
}

/* ---- entries ---- */

/* The first that is not below `mapping`. */
static size_t find(const struct ledger *ledger, uint32_t mapping)
{
	size_t low = 0, high = ledger->n;

	if (high && ledger->entry[high - 1].mapping < mapping) /* the newest */
		return high;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (ledger->entry[middle].mapping < mapping)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool have_room(void **list, size_t *cap, size_t n, size_t size)
{
	size_t more = *cap ? 2 * *cap : 64;
	void *grown;

	if (n < *cap)
		return true;
	grown = realloc(*list, more * size);
	if (!grown)
		return false;
	*list = grown;
	*cap = more;
	return true;
}

/* Those that are gone and have nothing to tell. */
static void forget_gone(struct ledger *ledger, usec now)
{
	size_t kept = 0;

	ledger->ngone = 0;
	for (size_t i = 0; i < ledger->n; i++) {
		const struct entry *entry = &ledger->entry[i];

		if (entry->gone && entry->until <= now)
			continue;
		ledger->ngone += entry->gone;
		ledger->entry[kept++] = *entry;
	}
	ledger->n = kept;
}

/* The mapping's, made if need be; NULL without memory. */
static struct entry *entry_of(struct ledger *ledger, uint32_t mapping)
{
	size_t i = find(ledger, mapping);

	if (i < ledger->n && ledger->entry[i].mapping == mapping)
		return &ledger->entry[i];
	if (!have_room((void **)&ledger->entry, &ledger->cap, ledger->n, sizeof *ledger->entry)) {
		ledger->failed = true;
		return NULL;
	}
	memmove(&ledger->entry[i + 1], &ledger->entry[i], (ledger->n - i) * sizeof *ledger->entry);
	ledger->n++;
	ledger->entry[i] = (struct entry){ .mapping = mapping, .granted_at = USEC_NEVER };
	return &ledger->entry[i];
}

/* ---- requests without a row: few, as the client bounds them ---- */

static void note_loose(struct ledger *ledger, uint32_t exchange, uint64_t at)
{
	size_t i = 0;

	while (i < ledger->nloose && ledger->loose[i].exchange != exchange)
		i++;
	if (i == ledger->nloose) {
		if (!have_room((void **)&ledger->loose, &ledger->loose_cap, i,
			       sizeof *ledger->loose)) {
			ledger->failed = true;
			return;
		}
		ledger->nloose++;
	}
	ledger->loose[i] = (struct loose){ exchange, at };
}

/* Where it stands, for the last time. */
static uint64_t take_loose(struct ledger *ledger, uint32_t exchange)
{
	for (size_t i = 0; i < ledger->nloose; i++)
		if (ledger->loose[i].exchange == exchange) {
			uint64_t at = ledger->loose[i].at;

			ledger->loose[i] = ledger->loose[--ledger->nloose];
			return at;
		}
	return 0;
}

/* ---- events ---- */

static void note_sent(struct ledger *ledger, const struct pcp_client_event *event, uint64_t at)
{
	struct entry *entry;

	if (!at) /* what could not be sent, or saved, is not what an answer is for */
		return;
	if (!event->mapping) {
		note_loose(ledger, event->exchange, at);
		return;
	}
	entry = entry_of(ledger, event->mapping->id);
	if (!entry)
		return;
	entry->at[LAST_REQUEST] = at;
	entry->at[LAST_ANSWER] = 0;
	entry->deletion = event->mapping->state == MAPPING_DELETING;
}

static void note_answer(struct ledger *ledger, const struct pcp_client_event *event, uint64_t at)
{
	struct entry *entry = event->mapping ? entry_of(ledger, event->mapping->id) : NULL;

	ledger->hand.now = event->now;
	ledger->hand.asked = event->kind == CLIENT_ANSWERED && !(entry && entry->deletion);
	ledger->hand.answer = at;
	ledger->hand.request =
		entry ? entry->at[LAST_REQUEST] : take_loose(ledger, event->exchange);
	if (entry)
		entry->at[LAST_ANSWER] = at;
}

/* A deletion is told as long as another session's file says that the mapping lives. */
static void note_deleted(struct entry *entry, const struct pcp_mapping *mapping)
{
	if (entry->adopted && mapping->state == MAPPING_DELETED &&
	    mapping->expires_at != USEC_NEVER)
		entry->until = mapping->expires_at;
}

/* What was granted upon an update, or kept upon a deletion, has the request that made it. */
static void note_mapping(struct ledger *ledger, const struct pcp_client_event *event)
{
	const struct pcp_mapping *mapping = event->mapping;
	struct entry *entry = entry_of(ledger, mapping->id);

	if (!entry)
		return;
	entry->adopted |= mapping->adopted;
	note_deleted(entry, mapping);
	if (mapping->granted_at == USEC_NEVER || mapping->granted_at == entry->granted_at ||
	    mapping->granted_at != ledger->hand.now || !ledger->hand.answer)
		return;
	entry->granted_at = mapping->granted_at;
	if (entry->deletion) {
		entry->at[KEPT_REQUEST] = ledger->hand.request;
		entry->at[KEPT_ANSWER] = ledger->hand.answer;
		return;
	}
	entry->at[KEPT_REQUEST] = entry->at[KEPT_ANSWER] = 0;
	if (ledger->hand.asked || !entry->at[GRANT_REQUEST])
		entry->at[GRANT_REQUEST] = ledger->hand.request;
	entry->at[GRANT_ANSWER] = ledger->hand.answer;
}

static void note_gone(struct ledger *ledger, const struct pcp_client_event *event)
{
	size_t i = find(ledger, event->mapping->id);

	if (i == ledger->n || ledger->entry[i].mapping != event->mapping->id)
		return;
	ledger->entry[i].gone = true;
	if (++ledger->ngone > 1024 && ledger->ngone > ledger->n / 2)
		forget_gone(ledger, event->now);
}

void ledger_event(struct ledger *ledger, const struct pcp_client_event *event, uint64_t at)
{
	switch (event->kind) {
	case CLIENT_SENT:
	case CLIENT_RESENT:
		note_sent(ledger, event, at);
		return;
	case CLIENT_ANSWERED:
	case CLIENT_UNSOLICITED:
		note_answer(ledger, event, at);
		return;
	case CLIENT_TIMED_OUT:
	case CLIENT_CANCELLED:
	case CLIENT_UNREACHABLE:
		if (!event->mapping)
			take_loose(ledger, event->exchange);
		return;
	case CLIENT_MAPPING:
		note_mapping(ledger, event);
		return;
	case CLIENT_MAPPING_GONE:
		note_gone(ledger, event);
		return;
	case CLIENT_IGNORED:
	case CLIENT_RESTARTED:
	case CLIENT_SERVER:
		return;
	}
}

/* ---- what is needed ---- */

static void want(struct ledger *ledger, uint64_t *place)
{
	if (*place)
		ledger->carried[ledger->ncarried++] =
			(struct carried){ .from = *place, .place = place };
}

static void want_last(struct ledger *ledger, struct entry *entry)
{
	want(ledger, &entry->at[LAST_REQUEST]);
	want(ledger, &entry->at[LAST_ANSWER]);
}

/* What stands, and what still may again: a deletion may be followed by another, which is refused.
 */
static bool is_needed(const struct pcp_mapping *mapping, usec now, bool ended)
{
	return ledger_may_live(mapping, now) ||
	       (!ended && mapping->granted_at != USEC_NEVER && mapping->expires_at > now);
}

static void want_entry(struct ledger *ledger, struct entry *entry, const struct pcp_client *client,
		       usec now, bool ended)
{
	const struct pcp_mapping *mapping = pcp_client_mapping(client, entry->mapping);

	if (mapping && is_needed(mapping, now, ended)) {
		for (size_t place = 0; place < PLACES; place++)
			want(ledger, &entry->at[place]);
	} else if (entry->until > now ||
		   (mapping && !ended && pcp_client_exchange(client, mapping->exchange))) {
		want_last(ledger, entry);
	}
}

static int by_place(const void *a, const void *b)
{
	const struct carried *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

static bool choose(struct ledger *ledger, const struct pcp_client *client, usec now, bool ended)
{
	size_t most = PLACES * ledger->n + ledger->nloose;

	free(ledger->carried);
	ledger->ncarried = 0;
	ledger->carried = malloc((most ? most : 1) * sizeof *ledger->carried);
	if (!ledger->carried)
		return false;
	for (size_t i = 0; i < ledger->n; i++)
		want_entry(ledger, &ledger->entry[i], client, now, ended);
	for (size_t i = 0; i < ledger->nloose && !ended; i++)
		if (pcp_client_exchange(client, ledger->loose[i].exchange))
			want(ledger, &ledger->loose[i].at);
	qsort(ledger->carried, ledger->ncarried, sizeof *ledger->carried, by_place);
	return true;
}

/* In the order in which they were written, and each once, whoever points to it. */
static bool carry(struct ledger *ledger, struct capture_carrier *carrier)
{
	struct carried *before = NULL;

	for (size_t i = 0; i < ledger->ncarried; i++) {
		struct carried *record = &ledger->carried[i];

		record->to = before && before->from == record->from
				     ? before->to
				     : capture_carry(carrier, record->from);
		if (!record->to)
			return false;
		before = record;
	}
	return true;
}

bool ledger_carry(struct ledger *ledger, const struct pcp_client *client, usec now, bool ended,
		  struct capture_carrier *carrier)
{
	forget_gone(ledger, now);
	return !ledger->failed && choose(ledger, client, now, ended) && carry(ledger, carrier);
}

/* What was not carried over is in no file any more. */
void ledger_turned(struct ledger *ledger)
{
	for (size_t i = 0; i < ledger->n; i++)
		memset(ledger->entry[i].at, 0, sizeof ledger->entry[i].at);
	for (size_t i = 0; i < ledger->nloose; i++)
		ledger->loose[i].at = 0;
	ledger->hand.request = ledger->hand.answer = 0;
	for (size_t i = 0; i < ledger->ncarried; i++)
		*ledger->carried[i].place = ledger->carried[i].to;
	free(ledger->carried);
	ledger->carried = NULL;
	ledger->ncarried = 0;
}

/* ---- of a session that has ended ---- */

struct reading {
	struct ledger *ledger;
	uint64_t at; /* of the datagram at hand */
};

static void listen(void *arg, const struct pcp_client_event *event)
{
	const struct reading *reading = arg;

	ledger_event(reading->ledger, event, reading->at);
}

static void read_all(struct capture *capture, struct fold *fold, struct reading *reading, bool lab,
		     usec now)
{
	struct capture_datagram datagram;
	enum capture_result result;

	do {
		reading->at = capture_counts(capture)->offset;
		result = capture_next(capture, &datagram);
		if (result != CAPTURE_DATAGRAM || (lab && pcp_addr_is_loopback(datagram.from.addr)))
			continue;
		datagram.wall = datagram.wall < now ? datagram.wall : now;
		fold_take(fold, &datagram);
	} while (result == CAPTURE_DATAGRAM || result == CAPTURE_PASSED);
	reading->at = 0;
	fold_advance(fold, now);
}

bool ledger_carry_ended(const char *path, bool lab, usec now, struct capture_carrier *carrier)
{
	struct pcp_why why;
	struct reading reading = { .ledger = ledger_new() };
	struct fold *fold = fold_new(NULL, false);
	struct capture *capture = capture_open(path, NULL, 0, &why);
	bool done = false;

	if (reading.ledger && fold && capture) {
		fold_listen(fold, listen, &reading);
		read_all(capture, fold, &reading, lab, now);
		done = ledger_carry(reading.ledger, fold_client(fold), now, true, carrier);
	}
	capture_close(capture);
	fold_free(fold);
	ledger_free(reading.ledger);
	return done;
}
