/* The machine that holds mappings: what each port is asked for, and what is told of it, and when.
 */
#include "keep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "out.h"
#include "schema.h"

/* A loss is told after this long: after a restart a client waits up to 5 s (RFC 6887 14.1.3), and a
 * request that got lost is sent again after 3 s. What is back by then as it was has not changed. */
#define GRACE	  (10 * USEC_PER_SEC)
#define ASK_AGAIN (30 * USEC_PER_SEC)

#define BATCH_GAP (USEC_PER_SEC / 200)

enum { ALIGN_TRIES = 3, BATCH = 64 };

struct keep {
	struct keep_io io;
	struct keep_hold **hold; /* by port and server, from keep_begin on */
	size_t n, cap, mapped;
	struct timers timers;
	bool begun, ending, erasing, troubled;
};

/* ---- the list ---- */

struct keep *keep_new(const struct keep_io *io)
{
	struct keep *keep = calloc(1, sizeof *keep);

	if (!keep)
		return NULL;
	keep->io = *io;
	timers_init(&keep->timers);
	return keep;
}

void keep_free(struct keep *keep)
{
	if (!keep)
		return;
	for (size_t i = 0; i < keep->n; i++)
		free(keep->hold[i]);
	free(keep->hold);
	timers_free(&keep->timers);
	free(keep);
}

static void on_timer(struct timer *timer, void *arg, usec now);

static struct keep_hold *new_hold(struct keep *keep)
{
	struct keep_hold *hold = calloc(1, sizeof *hold);

	if (keep->n == keep->cap) {
		size_t cap = keep->cap ? 2 * keep->cap : 16;
		struct keep_hold **more = realloc(keep->hold, cap * sizeof *more);

		if (!more) {
			free(hold);
			return NULL;
		}
		keep->hold = more;
		keep->cap = cap;
	}
	if (!hold || !timers_reserve(&keep->timers, keep->n + 1)) {
		free(hold);
		return NULL;
	}
	*hold = (struct keep_hold){
		.tell_at = USEC_NEVER,
		.ask_at = USEC_NEVER,
		.keep = keep,
		.timer = { .fire = on_timer, .arg = hold },
	};
	return keep->hold[keep->n++] = hold;
}

bool keep_add(struct keep *keep, uint16_t server, uint16_t port, uint16_t wish,
	      const uint8_t *protocol, size_t nprotocol, struct pcp_why *why)
{
	struct keep_hold *hold = new_hold(keep);

	if (!hold)
		return pcp_no_memory(why);
	hold->server = server;
	hold->port = port;
	hold->wish = wish;
	hold->nleg = nprotocol;
	for (size_t i = 0; i < nprotocol; i++)
		hold->leg[i] =
			(struct keep_leg){ .protocol = protocol[i], .expires_at = USEC_NEVER };
	return true;
}

static int order(const void *a, const void *b)
{
	const struct keep_hold *one = *(struct keep_hold *const *)a;
	const struct keep_hold *other = *(struct keep_hold *const *)b;

	return one->port != other->port ? (one->port < other->port ? -1 : 1)
					: (int)one->server - (int)other->server;
}

/* The first with that port or a greater one. */
static size_t at_port(const struct keep *keep, uint16_t port)
{
	size_t low = 0, high = keep->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (keep->hold[middle]->port < port)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static uint16_t heir(const struct keep *keep, uint16_t server)
{
	return keep->io.heir ? keep->io.heir(keep->io.arg, server) : server;
}

static struct keep_leg *leg_of(struct keep_hold *hold, uint8_t protocol)
{
	for (size_t i = 0; i < hold->nleg; i++)
		if (hold->leg[i].protocol == protocol)
			return &hold->leg[i];
	return NULL;
}

/* The hold that the mapping belongs to, which is asked of the server that it stands on now. */
static struct keep_hold *find(const struct keep *keep, const struct pcp_mapping *mapping,
			      struct keep_leg **leg)
{
	if (mapping->opcode != PCP_MAP || mapping->third_party || mapping->unconfirmed ||
	    mapping->stranded)
		return NULL;
	for (size_t i = at_port(keep, mapping->internal_port);
	     i < keep->n && keep->hold[i]->port == mapping->internal_port; i++) {
		struct keep_hold *hold = keep->hold[i];

		if (heir(keep, hold->server) == mapping->server &&
		    (*leg = leg_of(hold, mapping->protocol))) {
			hold->server = mapping->server;
			return hold;
		}
	}
	return NULL;
}

size_t keep_count(const struct keep *keep)
{
	return keep->n;
}

struct keep_hold *keep_at(const struct keep *keep, size_t i)
{
	return i < keep->n ? keep->hold[i] : NULL;
}

size_t keep_mapped(const struct keep *keep)
{
	return keep->mapped;
}

const char *keep_state_name(enum keep_state state)
{
	static const char *const names[] = { [KEEP_UNMAPPED] = "unmapped",
					     [KEEP_PARTLY] = "partly mapped",
					     [KEEP_MAPPED] = "mapped" };

	return names[state];
}

size_t keep_protocols(const struct keep_hold *hold, char *buf, size_t cap)
{
	struct pcp_out out;

	pcp_out_begin(&out, buf, cap);
	for (size_t i = 0; i < hold->nleg; i++)
		pcp_out_format(&out, "%s%s", i ? "+" : "",
			       pcp_protocol_text(hold->leg[i].protocol).text);
	return out.len;
}

usec keep_expires(const struct keep_hold *hold)
{
	usec first = USEC_NEVER;

	for (size_t i = 0; i < hold->nleg; i++)
		if (hold->leg[i].up && hold->leg[i].expires_at < first)
			first = hold->leg[i].expires_at;
	return first;
}

/* ---- when something is due ---- */

static void schedule(struct keep_hold *hold)
{
	usec at = hold->tell_at < hold->ask_at ? hold->tell_at : hold->ask_at;

	if (at == USEC_NEVER)
		timer_stop(&hold->keep->timers, &hold->timer);
	else
		(void)timer_arm(&hold->keep->timers, &hold->timer, at); /* room was reserved */
}

usec keep_next(const struct keep *keep)
{
	return timers_next(&keep->timers);
}

void keep_tick(struct keep *keep, usec now)
{
	timers_run(&keep->timers, now);
}

/* ---- asking ---- */

static void ask(struct keep_hold *hold, struct keep_leg *leg, uint16_t external_port, usec now)
{
	struct keep *keep = hold->keep;
	struct pcp_why why;

	leg->again = leg->settled = false;
	if (keep->io.ask(keep->io.arg, hold, leg, external_port, &why)) {
		keep->troubled = false;
		return;
	}
	hold->ask_at = now + ASK_AGAIN;
	schedule(hold);
	if (!keep->troubled && keep->io.trouble)
		keep->io.trouble(keep->io.arg, hold, why.text);
	keep->troubled = true;
}

/* Its other protocol; NULL: it has one alone. */
static struct keep_leg *other_leg(struct keep_hold *hold, const struct keep_leg *leg)
{
	return hold->nleg < KEEP_LEGS ? NULL : &hold->leg[leg == &hold->leg[0]];
}

/* Asks for what is not in the table: the second protocol when it is known which port the first
 * got. */
static void ask_missing(struct keep_hold *hold, usec now)
{
	struct keep_leg *first = &hold->leg[0], *second = other_leg(hold, first);

	hold->ask_at = USEC_NEVER;
	if (hold->keep->ending)
		return;
	if (!first->mapping)
		ask(hold, first, second && second->up ? second->external_port : hold->wish, now);
	if (second && !second->mapping && hold->ask_at == USEC_NEVER &&
	    (first->up || first->settled))
		ask(hold, second, first->up ? first->external_port : hold->wish, now);
	schedule(hold);
}

void keep_begin(struct keep *keep, usec now)
{
	qsort(keep->hold, keep->n, sizeof *keep->hold, order);
	keep->begun = true;
	for (size_t i = 0; i < keep->n; i++)
		keep->hold[i]->index = i;
	/* So many at once and the rest a little later, so that the network does not choke. */
	for (size_t i = 0; i < keep->n; i++) {
		keep->hold[i]->ask_at = now + (usec)(i / BATCH) * BATCH_GAP;
		if (i < BATCH)
			ask_missing(keep->hold[i], now);
		else
			schedule(keep->hold[i]);
	}
}

void keep_retry(struct keep *keep, usec now)
{
	for (size_t i = 0; i < keep->n; i++)
		if (keep->hold[i]->ask_at != USEC_NEVER)
			ask_missing(keep->hold[i], now);
}

/* The two got different ports: one of them is made anew with the other's, by turns. */
static bool align(struct keep_hold *hold)
{
	struct keep *keep = hold->keep;
	struct keep_leg *leg = &hold->leg[(hold->aligned + 1) % KEEP_LEGS];

	if (hold->nleg < KEEP_LEGS || hold->leg[0].external_port == hold->leg[1].external_port) {
		hold->aligned = 0;
		return false;
	}
	if (hold->aligned == ALIGN_TRIES || keep->ending)
		return false;
	hold->aligned++;
	leg->again = true;
	keep->io.erase(keep->io.arg, leg->mapping);
	return true;
}

/* ---- telling ---- */

static struct keep_value value_of(const struct keep_hold *hold)
{
	struct keep_value value = { .state = KEEP_UNMAPPED };
	size_t up = 0;

	for (size_t i = 0; i < hold->nleg; i++) {
		up += hold->leg[i].up;
		value.external_port[i] = hold->leg[i].up ? hold->leg[i].external_port : 0;
	}
	if (!up)
		return value;
	value.state = up == hold->nleg ? KEEP_MAPPED : KEEP_PARTLY;
	memcpy(value.internal, hold->internal, PCP_ADDR_LEN);
	memcpy(value.external, hold->external, PCP_ADDR_LEN);
	return value;
}

bool keep_same_value(const struct keep_value *a, const struct keep_value *b)
{
	return a->state == b->state && !memcmp(a->internal, b->internal, PCP_ADDR_LEN) &&
	       !memcmp(a->external, b->external, PCP_ADDR_LEN) &&
	       !memcmp(a->external_port, b->external_port, sizeof a->external_port);
}

/* True: something has changed for whoever reads it. */
static bool tell(struct keep_hold *hold, usec now)
{
	struct keep *keep = hold->keep;
	struct keep_value value = value_of(hold);
	bool first = !*hold->reason; /* nothing was said yet, not even that there is nothing */
	bool changed = !keep_same_value(&value, &hold->told);

	hold->tell_at = USEC_NEVER;
	schedule(hold);
	if (!changed && (!first || value.state != KEEP_UNMAPPED)) {
		hold->pending[0] = '\0';
		return false;
	}
	keep->mapped -= hold->told.state == KEEP_MAPPED;
	keep->mapped += value.state == KEEP_MAPPED;
	hold->told = value;
	hold->changes += changed;
	snprintf(hold->reason, sizeof hold->reason, "%s",
		 *hold->pending			? hold->pending
		 : value.state == KEEP_UNMAPPED ? "it is not mapped"
						: "granted");
	hold->pending[0] = '\0';
	keep->io.changed(keep->io.arg, now, hold);
	return true;
}

static bool is_known(const struct keep_hold *hold)
{
	return !pcp_addr_is_any(hold->external);
}

static bool is_up(const struct keep_hold *hold)
{
	return hold->leg[0].up || (hold->nleg == KEEP_LEGS && hold->leg[1].up);
}

/* Looks at a hold of which something is new. */
static void look(struct keep_hold *hold, usec now)
{
	struct keep *keep = hold->keep;
	bool all = true, settled = true;

	for (size_t i = 0; i < hold->nleg; i++) {
		all = all && hold->leg[i].up;
		settled = settled && (hold->leg[i].up || hold->leg[i].settled);
	}
	if (keep->ending ? is_up(hold) : all && align(hold))
		return;
	if ((all && is_known(hold)) || (!all && settled)) {
		if (!tell(hold, now) && all && keep->io.renewed)
			keep->io.renewed(keep->io.arg, now, hold);
		return;
	}
	if (hold->tell_at == USEC_NEVER)
		hold->tell_at = now + GRACE;
	schedule(hold);
}

static void on_timer(struct timer *timer, void *arg, usec now)
{
	struct keep_hold *hold = arg;

	(void)timer;
	if (hold->ask_at <= now)
		ask_missing(hold, now);
	if (hold->tell_at <= now)
		tell(hold, now);
	schedule(hold);
}

/* ---- what the client tells ---- */

static void take_grant(struct keep_hold *hold, struct keep_leg *leg,
		       const struct pcp_mapping *mapping, const struct pcp_client_server *server)
{
	leg->up = true;
	leg->settled = false;
	leg->external_port = mapping->external_port;
	leg->lifetime = mapping->lifetime;
	leg->expires_at = mapping->expires_at;
	memcpy(hold->internal, mapping->internal, PCP_ADDR_LEN);
	/* NAT-PMP tells the address apart from the port. */
	memcpy(hold->external,
	       pcp_addr_is_any(mapping->external) ? server->external : mapping->external,
	       PCP_ADDR_LEN);
}

/* Why it does not stand: the server's own word, or what happened. */
static void note(struct keep_hold *hold, const struct pcp_client_event *event)
{
	const char *meaning = NULL, *name = NULL;

	if (event->mapping->state == MAPPING_HOLDING)
		name = pcp_mapping_result_name(event->mapping, &meaning);
	if (name)
		snprintf(hold->pending, sizeof hold->pending, "%s", name);
	else if (event->reason)
		snprintf(hold->pending, sizeof hold->pending, "%s", event->reason);
}

static void take_loss(struct keep_hold *hold, struct keep_leg *leg,
		      const struct pcp_client_event *event)
{
	enum pcp_mapping_state state = event->mapping->state;

	leg->up = false;
	leg->expires_at = USEC_NEVER;
	leg->settled = state == MAPPING_HOLDING || state == MAPPING_FAILED ||
		       (state == MAPPING_DELETED && hold->keep->ending);
	if (!leg->again)
		note(hold, event);
	if (state == MAPPING_DELETED && leg->again)
		ask(hold, leg, other_leg(hold, leg)->external_port, event->now);
}

static void take_row(struct keep_hold *hold, struct keep_leg *leg,
		     const struct pcp_client_event *event)
{
	const struct pcp_mapping *mapping = event->mapping;

	leg->mapping = mapping->id;
	if (mapping->state == MAPPING_DELETING)
		return;
	if (pcp_mapping_stands(mapping) && hold->told.state != KEEP_UNMAPPED && event->reason &&
	    !*hold->pending)
		note(hold, event);
	if (pcp_mapping_stands(mapping))
		take_grant(hold, leg, mapping, event->server);
	else
		take_loss(hold, leg, event);
	if (hold->keep->ending && mapping->state == MAPPING_DELETED)
		snprintf(hold->pending, sizeof hold->pending, "ended");
	if (hold->nleg == KEEP_LEGS && !hold->leg[1].mapping)
		ask_missing(hold, event->now);
	look(hold, event->now);
}

/* What has left the table is made anew, but not in a circle. */
static void take_away(struct keep_hold *hold, struct keep_leg *leg, usec now)
{
	leg->mapping = 0;
	leg->up = false;
	if (!hold->keep->ending && hold->ask_at == USEC_NEVER)
		hold->ask_at = now + ASK_AGAIN;
	look(hold, now);
}

void keep_event(struct keep *keep, const struct pcp_client_event *event)
{
	struct keep_leg *leg;
	struct keep_hold *hold =
		event->mapping && keep->begun ? find(keep, event->mapping, &leg) : NULL;

	if (!hold)
		return;
	if (event->kind == CLIENT_MAPPING)
		take_row(hold, leg, event);
	else if (event->kind == CLIENT_MAPPING_GONE && leg->mapping == event->mapping->id)
		take_away(hold, leg, event->now);
}

/* ---- the end ---- */

void keep_end(struct keep *keep, usec now, bool erase)
{
	(void)now;
	keep->ending = true;
	keep->erasing = erase;
	for (size_t i = 0; i < keep->n; i++) {
		struct keep_hold *hold = keep->hold[i];

		hold->tell_at = hold->ask_at = USEC_NEVER;
		schedule(hold);
		for (size_t j = 0; erase && j < hold->nleg; j++)
			if (hold->leg[j].up)
				keep->io.erase(keep->io.arg, hold->leg[j].mapping);
	}
}

bool keep_ending(const struct keep *keep)
{
	for (size_t i = 0; keep->erasing && i < keep->n; i++)
		for (size_t j = 0; j < keep->hold[i]->nleg; j++)
			if (keep->hold[i]->leg[j].up)
				return true;
	return false;
}

void keep_give_up(struct keep *keep, usec now)
{
	for (size_t i = 0; i < keep->n; i++) {
		struct keep_hold *hold = keep->hold[i];

		for (size_t j = 0; j < hold->nleg; j++)
			hold->leg[j].up = false;
		snprintf(hold->pending, sizeof hold->pending, "ended");
		tell(hold, now);
	}
}
