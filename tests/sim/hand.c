/* The hand that presses keys and pulls plugs. */
#include "sim.h"

#include <stdio.h>
#include <string.h>

static const struct pcp_mapping *some_row(struct host *host)
{
	size_t n = pcp_client_nmappings(host->client);

	return n ? pcp_client_mapping_at(host->client, (size_t)pcp_rng_below(&host->world->rng, n))
		 : NULL;
}

static uint32_t some_lifetime(struct world *world)
{
	static const uint32_t lifetimes[] = { 120, 300, 600, 1200, 1800, 3600, 7200 };

	return lifetimes[pcp_rng_below(&world->rng, sizeof(lifetimes) / sizeof(lifetimes[0]))];
}

/* Keys are few, so that requests meet rows that are there already, in every state. */
static void press_map(struct host *host)
{
	struct world *world = host->world;
	uint8_t octets[PCP_HEADER_LEN + 56] = { PCP_VERSION_2, PCP_MAP },
					*map = octets + PCP_HEADER_LEN;
	size_t len = 60;
	struct pcp_client_request request = { .server = host->server, .octets = octets };

	pcp_put(&pcp_request_fields[REQ_LIFETIME], octets,
		chance(world) < 0.1 ? 0 : some_lifetime(world));
	pcp_put(&pcp_map_fields[MAP_PROTOCOL], map, chance(world) < 0.5 ? 6 : 17);
	pcp_put(&pcp_map_fields[MAP_INTERNAL_PORT], map,
		(uint32_t)(5000 + pcp_rng_below(&world->rng, KEYS / 2)));
	pcp_put(&pcp_map_fields[MAP_EXTERNAL_PORT], map,
		(uint32_t)(5000 + pcp_rng_below(&world->rng, KEYS / 2)));
	pcp_addr_any(map + pcp_map_fields[MAP_EXTERNAL_ADDRESS].off, true);
	request.len = len;
	request.renew = chance(world) < 0.8 ? 1 : -1;
	watch_by_hand(host, pcp_client_submit(host->client, world->now, &request, NULL));
}

static void press_announce(struct host *host)
{
	uint8_t octets[PCP_HEADER_LEN] = { PCP_VERSION_2, PCP_ANNOUNCE };

	pcp_client_submit(
		host->client, host->world->now,
		&(struct pcp_client_request){
			.server = host->server, .octets = octets, .len = sizeof(octets), .mrc = 5 },
		NULL);
}

static void press_row_key(struct host *host)
{
	struct world *world = host->world;
	const struct pcp_mapping *row = some_row(host);

	if (!row)
		return;
	switch (pcp_rng_below(&world->rng, 8)) {
	case 0:
	case 1:
		watch_by_hand(host, pcp_client_delete(host->client, world->now, row->id, NULL));
		return;
	case 2:
	case 3:
		watch_by_hand(host, pcp_client_renew(host->client, world->now, row->id, NULL));
		return;
	case 4:
		pcp_client_auto_renew(host->client, world->now, row->id, true);
		return;
	case 5:
		pcp_client_auto_renew(host->client, world->now, row->id, false);
		return;
	case 6:
		if (chance(world) < 0.3)
			pcp_client_forget(host->client, world->now, row->id);
		return;
	default:
		pcp_client_recover(host->client, world->now, host->server);
		return;
	}
}

static void lab_word(struct world *world, const char *word)
{
	struct pcp_why why;

	if (!lab_set(world->lab, world->now, word, &why))
		broken(world, "the lab does not know \"%s\": %s", word, why.text);
}

static void pull_a_plug(struct world *world)
{
	char word[64];

	switch (pcp_rng_below(&world->rng, 5)) {
	case 0:
	case 1:
		trace(world, "the gateway restarts and forgets");
		world->counts->restarts++;
		lab_restart(world->lab, world->now, false);
		return;
	case 2:
		lab_word(world, "forget");
		trace(world, "the gateway forgets without a word");
		world->counts->restarts++;
		return;
	case 3:
		snprintf(word, sizeof(word), "wan=203.0.113.%u",
			 (unsigned)(10 + pcp_rng_below(&world->rng, 200)));
		trace(world, "the gateway is renumbered: %s", word);
		lab_word(world, word);
		return;
	default:
		world->gateway_down = !world->gateway_down;
		trace(world, "the gateway is %s", world->gateway_down ? "down" : "up again");
		if (!world->gateway_down)
			lab_restart(world->lab, world->now, false);
		return;
	}
}

void hand_act(struct world *world)
{
	struct host *host = &world->host[pcp_rng_below(&world->rng, world->nhost)];
	double dice = chance(world);

	world->counts->actions++;
	world->next_action =
		world->now + (usec)(chance(world) * chance(world) * 900.0 * (double)SECOND);
	host->in_hand = true;
	if (dice < 0.45)
		press_map(host);
	else if (dice < 0.55)
		press_announce(host);
	else if (dice < 0.80)
		press_row_key(host);
	host->in_hand = false;
	if (dice >= 0.80 && dice < 0.9)
		net_forge(world);
	else if (dice >= 0.97)
		pull_a_plug(world);
}

static void configure_lab(struct world *world)
{
	static const char *const versions[] = { "versions=2,0", "versions=2", "versions=0" };

	lab_word(world, "max-lifetime=1h");
	lab_word(world, versions[pcp_rng_below(&world->rng, 8) % 3]);
	world->multicast = chance(world) < 0.7;
	lab_word(world, world->multicast      ? "announce=both"
			: chance(world) < 0.5 ? "announce=unicast"
					      : "announce=off");
	world->tight = chance(world) < 0.15;
	lab_word(world, world->tight ? "ports=5000-5003" : "ports=4900-5400");
	if (world->tight && chance(world) < 0.5)
		lab_word(world, "quota=3");
}

void hand_start(struct world *world)
{
	configure_lab(world);
	for (size_t i = 0; i < world->nhost; i++) {
		world->host[i].in_hand = true;
		press_map(&world->host[i]);
		world->host[i].in_hand = false;
	}
	world->next_action = world->now + SECOND;
}
