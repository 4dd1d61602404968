/* A network that loses, copies, delays, reorders and corrupts. */
#include "sim.h"

#include <stdlib.h>
#include <string.h>

struct flight {
	struct timer timer;
	struct world *world;
	struct pcp_endpoint from, to;
	bool forged;
	size_t len;
	uint8_t octets[PCP_EDIT_MAX];
};

void net_start(struct world *world)
{
	static const struct weather kinds[] = {
		{ .delay = 2000, .jitter = 1000 },
		{ .lose = 0.1, .copy = 0.05, .delay = 20000, .jitter = 20000 },
		{ .lose = 0.3, .copy = 0.2, .corrupt = 0.03, .delay = 50000, .jitter = 400000 },
		{ .lose = 0.15,
		  .copy = 0.3,
		  .late = 0.1,
		  .delay = 10000,
		  .jitter = 3000000,
		  .lateness = 60 * SECOND },
		{ .lose = 0.6,
		  .copy = 0.1,
		  .corrupt = 0.1,
		  .late = 0.05,
		  .delay = 100000,
		  .jitter = 1000000,
		  .lateness = 600 * SECOND },
	};

	timers_init(&world->flights);
	world->weather = kinds[pcp_rng_below(&world->rng, sizeof(kinds) / sizeof(kinds[0]))];
}

void net_heal(struct world *world)
{
	world->weather = (struct weather){ .delay = 5000, .jitter = 1000 };
}

void net_stop(struct world *world)
{
	while (world->flights.count) {
		struct flight *flight = world->flights.heap[1].timer->arg;
		timer_stop(&world->flights, &flight->timer);
		free(flight);
	}
	timers_free(&world->flights);
}

static bool is_group(const struct pcp_endpoint *to)
{
	return pcp_addr_is_v4(to->addr) && (to->addr[12] & 0xf0) == 0xe0;
}

/* A forged datagram must be ignored, and leave everything as it was. */
static void deliver(struct host *host, const struct flight *flight)
{
	struct world *world = host->world;
	uint64_t before = flight->forged ? watch_digest(host) : 0;

	pcp_client_receive(host->client, world->now, &flight->from, &flight->to, flight->octets,
			   flight->len);
	if (flight->forged && watch_digest(host) != before)
		broken(world,
		       "a datagram from another address or with another nonce changed something");
}

static void arrive(struct timer *timer, void *arg, usec now)
{
	struct flight *flight = arg;
	struct world *world = flight->world;

	(void)timer;
	(void)now;
	world->nflights--;
	for (size_t i = 0; i < world->nhost; i++)
		if (is_group(&flight->to) || pcp_endpoint_same(&flight->to, &world->host[i].self))
			deliver(&world->host[i], flight);
	if (pcp_endpoint_same(&flight->to, &world->gateway)) {
		if (!world->gateway_down) {
			lab_receive(world->lab, world->now, &flight->from, &flight->to,
				    flight->octets, flight->len);
		} else if (chance(world) < 0.5) {
			for (size_t i = 0; i < world->nhost; i++)
				if (pcp_endpoint_same(&flight->from, &world->host[i].self)) {
					world->counts->unreachable++;
					pcp_client_unreachable(world->host[i].client, world->now,
							       &world->gateway, "port unreachable");
				}
		}
	}
	free(flight);
}

/* NAT-PMP tells its external address once. A flipped bit in it (that UDP's checksum let pass) would
 * stay, and no client could know. Everything else is told again. */
static bool can_heal(const uint8_t *octets, size_t len)
{
	return !(len == 12 && octets[0] == PCP_VERSION_NATPMP && octets[1] == PCP_R);
}

static void send(struct world *world, const struct pcp_endpoint *from,
		 const struct pcp_endpoint *to, const uint8_t *octets, size_t len, bool forged)
{
	const struct weather *weather = &world->weather;
	struct flight *flight = malloc(sizeof(*flight));
	usec delay = weather->delay + (usec)(chance(world) * (double)weather->jitter);

	if (chance(world) < weather->late)
		delay += (usec)(chance(world) * (double)weather->lateness);
	*flight = (struct flight){
		.world = world, .from = *from, .to = *to, .forged = forged, .len = len
	};
	flight->timer = (struct timer){ .fire = arrive, .arg = flight };
	memcpy(flight->octets, octets, len);
	if (!forged && len > 0 && can_heal(octets, len) && chance(world) < weather->corrupt) {
		flight->octets[pcp_rng_below(&world->rng, len)] ^=
			(uint8_t)(1U << pcp_rng_below(&world->rng, 8));
		if (chance(world) < 0.2)
			flight->len = (size_t)pcp_rng_below(&world->rng, len + 1);
		if (!can_heal(flight->octets, flight->len)) { /* a map answer became one */
			memcpy(flight->octets, octets, len);
			flight->len = len;
		}
		world->counts->corrupted++;
	}
	world->nflights++;
	timer_arm(&world->flights, &flight->timer, world->now + delay);
}

static void carry(struct world *world, const struct pcp_endpoint *from,
		  const struct pcp_endpoint *to, const uint8_t *octets, size_t len)
{
	world->counts->sent++;
	if (chance(world) < world->weather.lose)
		world->counts->lost++;
	else
		send(world, from, to, octets, len, false);
	if (chance(world) < world->weather.copy) {
		world->counts->copied++;
		send(world, from, to, octets, len, false);
	}
}

void net_from_host(struct host *host, const struct pcp_endpoint *to, const uint8_t *octets,
		   size_t len)
{
	carry(host->world, &host->self, to, octets, len);
}

/* A forger who saw the answer: the same octets from elsewhere, or with a nonce that he guessed. */
static void imitate(struct world *world, const struct pcp_endpoint *to, const uint8_t *octets,
		    size_t len)
{
	uint8_t copy[PCP_EDIT_MAX];
	struct pcp_endpoint from = world->stranger;

	memcpy(copy, octets, len);
	if (chance(world) < 0.3 && len >= 60) {
		from = world->gateway;
		copy[24 + pcp_rng_below(&world->rng, PCP_NONCE_LEN)] ^= 0x55;
	} else if (chance(world) < 0.3) {
		from = world->gateway;
		from.port++;
	}
	if (len >= 24)
		copy[8 + pcp_rng_below(&world->rng, 4)] ^=
			0x10; /* another epoch would look like a restart */
	world->counts->forged++;
	send(world, &from, to, copy, len, true);
}

void net_from_lab(struct world *world, const struct pcp_endpoint *from,
		  const struct pcp_endpoint *to, const uint8_t *octets, size_t len)
{
	if (is_group(to) && !world->multicast)
		return;
	carry(world, from, to, octets, len);
	if (world->now < world->heals_at && !is_group(to) && octets[0] == PCP_VERSION_2 &&
	    octets[1] == (PCP_R | PCP_MAP) && octets[3] != PCP_UNSUPP_VERSION &&
	    chance(world) < 0.1)
		imitate(world, to, octets, len);
}

void net_forge(struct world *world)
{
	struct host *host = &world->host[pcp_rng_below(&world->rng, world->nhost)];
	uint8_t octets[128];
	struct pcp_endpoint group = { .port = PCP_CLIENT_PORT };
	size_t len = (size_t)pcp_rng_below(&world->rng, sizeof(octets));

	pcp_addr_any(group.addr, true);
	memcpy(group.addr + 12, "\xe0\0\0\1", 4);
	world->rng.fill(&world->rng, octets, sizeof(octets));
	octets[0] = chance(world) < 0.2 ? 0 : 2;
	octets[1] = (uint8_t)(PCP_R | pcp_rng_below(&world->rng, 4));
	octets[3] = (uint8_t)pcp_rng_below(&world->rng, 3);
	world->counts->forged++;
	send(world, &world->stranger, chance(world) < 0.3 ? &group : &host->self, octets, len,
	     true);
}
