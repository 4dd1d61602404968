/* A mapping a port: free, asked for, or standing; each request waits for its answer until patience
 * is over. */
#include "load.h"

#include <stdlib.h>
#include <string.h>

#include "epoch.h"
#include "schema.h"

enum { LEN = 60, CLEAR_TRIES = 4, LOST_ENOUGH = 16 };

const char *const load_kind_names[] = { "map", "renew", "delete" };

struct slot {
	usec due, sent;
	enum load_kind kind;
	uint8_t tries;
	bool waiting, stands;
};

/* Slot numbers in any order. */
struct set {
	unsigned *number;
	unsigned count;
};

struct load {
	struct load_config config;
	struct load_phase phase;
	struct load_io io;
	struct pcp_rng *rng;
	uint8_t nonce[PCP_NONCE_LEN];
	struct slot *slot;
	struct set unused, standing;
	/* Those that were sent, in order; what was answered since is passed over. */
	struct asked {
		unsigned slot;
		usec sent;
	} * asked;
	size_t first, nasked, cap;
	unsigned under_way;
	usec began, end, due; /* due: the next request, at a rate */
	usec gone;	      /* of those that were due */
	bool stopped;
	unsigned lost_in_a_row;
	uint32_t epoch; /* of the last answer, */
	usec heard;	/* and when it came; USEC_NEVER: none has */
	uint8_t full;
	struct load_result result;
};

/* ---- sets ---- */

static void put(struct set *set, unsigned number)
{
	set->number[set->count++] = number;
}

static unsigned take(struct set *set, uint64_t at)
{
	unsigned number = set->number[at];

	set->number[at] = set->number[--set->count];
	return number;
}

/* ---- life ---- */

struct load *load_new(const struct load_config *config, struct pcp_rng *rng, struct load_io io)
{
	struct load *load = calloc(1, sizeof *load);
	size_t n = config->ports;

	if (!load)
		return NULL;
	load->config = *config;
	load->rng = rng;
	load->io = io;
	load->slot = calloc(n, sizeof *load->slot);
	load->unused.number = calloc(n, sizeof *load->unused.number);
	load->standing.number = calloc(n, sizeof *load->standing.number);
	load->result.point = calloc(n, sizeof *load->result.point);
	if (!load->slot || !load->unused.number || !load->standing.number || !load->result.point) {
		load_free(load);
		return NULL;
	}
	for (unsigned i = config->ports; i-- > 0;)
		put(&load->unused, i);
	rng->fill(rng, load->nonce, sizeof load->nonce);
	load->stopped = true;
	load->heard = USEC_NEVER;
	return load;
}

static void free_samples(struct load_result *result)
{
	for (size_t i = 0; i < LOAD_KINDS; i++)
		samples_free(&result->took[i]);
	samples_free(&result->all);
}

void load_free(struct load *load)
{
	if (!load)
		return;
	free_samples(&load->result);
	free(load->result.point);
	free(load->slot);
	free(load->unused.number);
	free(load->standing.number);
	free(load->asked);
	free(load);
}

struct load_result *load_result(struct load *load)
{
	return &load->result;
}

unsigned load_standing(const struct load *load)
{
	unsigned n = 0;

	for (unsigned i = 0; i < load->config.ports; i++)
		n += load->slot[i].stands;
	return n;
}

uint8_t load_full(const struct load *load)
{
	return load->full;
}

/* ---- sending ---- */

static void compose(const struct load *load, unsigned slot, uint8_t octets[LEN])
{
	uint8_t *map = octets + PCP_HEADER_LEN;
	bool deletes = load->slot[slot].kind == LOAD_DELETE;

	memset(octets, 0, LEN);
	octets[0] = PCP_VERSION_2;
	octets[1] = PCP_MAP;
	pcp_put(&pcp_request_fields[REQ_LIFETIME], octets, deletes ? 0 : load->config.lifetime);
	memcpy(octets + pcp_request_fields[REQ_CLIENT].off, load->config.source, PCP_ADDR_LEN);
	memcpy(map + pcp_map_fields[MAP_NONCE].off, load->nonce, PCP_NONCE_LEN);
	pcp_put(&pcp_map_fields[MAP_PROTOCOL], map, load->config.protocol);
	pcp_put(&pcp_map_fields[MAP_INTERNAL_PORT], map, load->config.first + slot);
	pcp_addr_any(map + pcp_map_fields[MAP_EXTERNAL_ADDRESS].off,
		     pcp_addr_is_v4(load->config.source));
}

static bool remember(struct load *load, unsigned slot, usec sent)
{
	if (load->first + load->nasked == load->cap) {
		size_t cap = load->cap ? 2 * load->cap : 256;
		struct asked *more;

		if (load->first)
			memmove(load->asked, load->asked + load->first,
				load->nasked * sizeof *more);
		load->first = 0;
		if (load->nasked > load->cap / 2 || !load->cap) {
			more = realloc(load->asked, cap * sizeof *more);
			if (!more)
				return false;
			load->asked = more;
			load->cap = cap;
		}
	}
	load->asked[load->first + load->nasked++] = (struct asked){ slot, sent };
	return true;
}

static void ask(struct load *load, usec now, usec due, unsigned number, enum load_kind kind)
{
	struct slot *slot = &load->slot[number];
	uint8_t octets[LEN];

	slot->kind = kind;
	slot->due = due;
	slot->sent = now;
	slot->waiting = true;
	load->under_way++;
	load->result.sent++;
	if (!remember(load, number, now)) {
		load->result.failed = true;
		load_stop(load);
	}
	compose(load, number, octets);
	load->io.send(load->io.arg, octets, sizeof octets);
}

/* The weights of what can be done now. */
static unsigned possible(const struct load *load, unsigned weight[LOAD_KINDS])
{
	unsigned busy = load->config.ports - load->unused.count, all = 0;

	memcpy(weight, load->phase.weight, LOAD_KINDS * sizeof *weight);
	if (!load->unused.count || busy >= load->phase.most)
		weight[LOAD_MAP] = 0;
	if (!load->standing.count)
		weight[LOAD_RENEW] = weight[LOAD_DELETE] = 0;
	for (size_t i = 0; i < LOAD_KINDS; i++)
		all += weight[i];
	return all;
}

/* Sends one more. False: there is nothing that could be. */
static bool ask_one(struct load *load, usec now, usec due)
{
	unsigned weight[LOAD_KINDS], all = possible(load, weight), kind = 0;
	uint64_t drawn;

	if (!all)
		return false;
	drawn = pcp_rng_below(load->rng, all);
	while (drawn >= weight[kind])
		drawn -= weight[kind++];
	if (kind == LOAD_MAP)
		ask(load, now, due, take(&load->unused, load->unused.count - 1), kind);
	else
		ask(load, now, due,
		    take(&load->standing, pcp_rng_below(load->rng, load->standing.count)), kind);
	return true;
}

/* ---- what became of it ---- */

static void settle(struct load *load, unsigned number)
{
	struct slot *slot = &load->slot[number];

	slot->waiting = false;
	load->under_way--;
	if (load->phase.clears && slot->stands && ++slot->tries >= CLEAR_TRIES)
		return; /* the server will not have it deleted */
	put(slot->stands ? &load->standing : &load->unused, number);
}

/* A deletion at the end is tried again; of what is never answered the server keeps what it keeps.
 */
static void lose(struct load *load, usec now, unsigned number)
{
	struct slot *slot = &load->slot[number];

	load->result.lost++;
	if (!load->phase.clears && ++load->lost_in_a_row == LOST_ENOUGH &&
	    load->heard == USEC_NEVER)
		load_stop(load);
	slot->waiting = false;
	load->under_way--;
	if (slot->kind == LOAD_MAP) /* it may have been made: the end deletes it */
		slot->stands = true;
	if (load->phase.clears && ++slot->tries < CLEAR_TRIES)
		ask(load, now, now, number, LOAD_DELETE);
	else if (!load->phase.clears)
		put(&load->standing, number);
}

static void note(struct load *load, enum load_kind kind, usec took)
{
	struct load_result *result = &load->result;

	if (!samples_add(&result->took[kind], took) || !samples_add(&result->all, took))
		result->failed = true;
}

static void granted(struct load *load, usec now, struct slot *slot)
{
	struct load_result *result = &load->result;

	note(load, slot->kind, now - slot->due);
	slot->stands = slot->kind != LOAD_DELETE;
	if (slot->kind == LOAD_MAP && result->npoint < load->config.ports)
		result->point[result->npoint++] =
			(struct load_point){ load->config.ports - load->unused.count -
						     load->under_way + 1,
					     now - slot->due };
}

static void refused(struct load *load, struct slot *slot, uint8_t code)
{
	load->result.refused++;
	if (slot->kind == LOAD_MAP)
		slot->stands = false;
	if (load->phase.grows) {
		load->full = code;
		load_stop(load);
	}
}

/* Whether the server has lost its state since the answer before (RFC 6887 8.5). */
static void note_epoch(struct load *load, usec now, uint32_t epoch)
{
	struct load_result *result = &load->result;
	bool first = load->heard == USEC_NEVER;

	if (!first && !pcp_epoch_goes_on(load->epoch, epoch, (now - load->heard) / USEC_PER_SEC)) {
		result->restarted = true;
		result->outage = now - load->heard;
		if (load->phase.watches)
			load_stop(load);
	}
	load->epoch = epoch;
	load->heard = now;
}

void load_receive(struct load *load, usec now, const uint8_t *octets, size_t len)
{
	const uint8_t *map = octets + PCP_HEADER_LEN;
	struct slot *slot;
	uint32_t number;
	uint8_t code;

	if (len < LEN || octets[0] != PCP_VERSION_2 || octets[1] != (PCP_MAP | PCP_R) ||
	    memcmp(map + pcp_map_fields[MAP_NONCE].off, load->nonce, PCP_NONCE_LEN) != 0 ||
	    pcp_get(&pcp_map_fields[MAP_PROTOCOL], map) != load->config.protocol)
		return;
	number = pcp_get(&pcp_map_fields[MAP_INTERNAL_PORT], map) - load->config.first;
	if (number >= load->config.ports || !load->slot[number].waiting)
		return;
	slot = &load->slot[number];
	code = octets[3];
	note_epoch(load, now, pcp_get(&pcp_response_fields[HDR_EPOCH], octets));
	load->lost_in_a_row = 0;
	load->result.answered++;
	load->result.result[code]++;
	if (code == PCP_SUCCESS)
		granted(load, now, slot);
	else
		refused(load, slot, code);
	settle(load, number);
}

/* ---- time ---- */

void load_begin(struct load *load, usec now, const struct load_phase *phase)
{
	struct load_point *point = load->result.point;

	free_samples(&load->result);
	load->result = (struct load_result){ .point = point };
	load->phase = *phase;
	if (phase->grows || phase->clears)
		memset(load->phase.weight, 0, sizeof load->phase.weight);
	if (phase->grows)
		load->phase.weight[LOAD_MAP] = 1;
	if (phase->clears)
		load->phase.weight[LOAD_DELETE] = 1;
	load->end = phase->duration == USEC_NEVER ? USEC_NEVER : now + phase->duration;
	load->began = load->due = now;
	load->gone = 0;
	load->stopped = false;
	load->full = 0;
	load->lost_in_a_row = 0;
	for (unsigned i = 0; i < load->config.ports; i++)
		load->slot[i].tries = 0;
}

void load_stop(struct load *load)
{
	load->stopped = true;
}

static bool may_ask(const struct load *load)
{
	unsigned weight[LOAD_KINDS];

	return !load->stopped && load->under_way < load->phase.window && possible(load, weight);
}

/* Nothing is under way, and nothing will be. */
bool load_over(const struct load *load)
{
	return !load->under_way && !may_ask(load);
}

static usec next_loss(const struct load *load)
{
	return load->nasked ? load->asked[load->first].sent + load->config.patience : USEC_NEVER;
}

usec load_next(const struct load *load)
{
	usec loss = next_loss(load), due = may_ask(load) ? load->due : USEC_NEVER;

	if (!load->stopped && load->end < due)
		due = load->end;
	return loss < due ? loss : due;
}

/* Those whose patience is over, and those that were answered since. */
static void forget(struct load *load, usec now)
{
	while (load->nasked) {
		struct asked asked = load->asked[load->first];
		const struct slot *slot = &load->slot[asked.slot];
		bool waits = slot->waiting && slot->sent == asked.sent;

		if (waits && asked.sent + load->config.patience > now)
			return;
		load->first++;
		load->nasked--;
		if (waits)
			lose(load, now, asked.slot);
	}
}

/* Asks for what is due. At a rate that is what was due before the end, too, however late we come:
 * to leave out what should have gone while something held us up would hide just the worst moments.
 */
static void ask_due(struct load *load, usec now)
{
	while (may_ask(load) && load->due <= now && load->due < load->end) {
		if (!load->phase.rate && now >= load->end)
			return;
		if (!ask_one(load, now, load->phase.rate ? load->due : now))
			return;
		if (load->phase.rate)
			load->due = load->began + ++load->gone * USEC_PER_SEC / load->phase.rate;
	}
}

void load_tick(struct load *load, usec now)
{
	forget(load, now);
	ask_due(load, now);
	if (now >= load->end)
		load_stop(load);
}
