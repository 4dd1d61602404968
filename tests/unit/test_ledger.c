/* Whatever a session goes through, the last of its segments alone gives every mapping that lives:
 * client and lab with a network between them that loses, and segments of a few datagrams, by seed.
 */
#include "capture_rig.h"

#include "lab.h"
#include "ledger.h"
#include "recover.h"
#include "random.h"
#include "worlds.h"

enum { WORLDS = 300, STEPS = 120, FIRST = 1000, PORTS = 12, FLIGHTS = 64 };
#define START (INT64_C(1700000000) * USEC_PER_SEC)

struct flight {
	bool to_lab;
	struct pcp_endpoint from, to;
	size_t len;
	uint8_t octets[1200];
};

struct world {
	struct pcp_rng rng, client_rng, lab_rng;
	struct pcp_client *client;
	struct lab *lab;
	struct ledger *ledger;
	struct capture_writer *writer;
	struct pcp_endpoint self, gateway;
	uint16_t server;
	usec now;
	bool deleted[PORTS]; /* the server said so last */
	struct flight flight[FLIGHTS];
	size_t nflights;
	unsigned turns;
};

static bool happens(struct world *world, unsigned percent)
{
	return pcp_rng_below(&world->rng, 100) < percent;
}

static void fly(struct world *world, bool to_lab, const struct pcp_endpoint *from,
		const struct pcp_endpoint *to, const uint8_t *octets, size_t len)
{
	struct flight *flight = &world->flight[world->nflights];

	if (happens(world, 15) || world->nflights == FLIGHTS || len > sizeof flight->octets)
		return; /* lost */
	*flight = (struct flight){ to_lab, *from, *to, len, { 0 } };
	memcpy(flight->octets, octets, len);
	world->nflights++;
}

static bool client_sends(void *arg, const struct pcp_client_server *server,
			 const struct pcp_endpoint *to, const uint8_t *octets, size_t len)
{
	struct world *world = arg;

	fly(world, true, &server->config.source, to, octets, len);
	return true;
}

static void lab_sends(void *arg, const struct pcp_endpoint *from, const struct pcp_endpoint *to,
		      const uint8_t *octets, size_t len)
{
	fly(arg, false, from, to, octets, len);
}

/* As a session does. */
static void record(void *arg, const struct pcp_client_event *event)
{
	struct world *world = arg;
	uint64_t where = 0;

	switch (event->kind) {
	case CLIENT_SENT:
	case CLIENT_RESENT:
	case CLIENT_ANSWERED:
	case CLIENT_UNSOLICITED:
		assert_true(capture_write(world->writer, event->now, &event->from, &event->to,
					  event->octets, event->len));
		where = capture_last(world->writer);
		break;
	case CLIENT_IGNORED:
		assert_true(capture_write(world->writer, event->now, &event->from, &event->to,
					  event->octets, event->len));
		break;
	default:
		break;
	}
	if (event->kind == CLIENT_MAPPING &&
	    (event->mapping->state == MAPPING_DELETED || event->mapping->state == MAPPING_GRANTED))
		world->deleted[event->mapping->internal_port - FIRST] =
			event->mapping->state == MAPPING_DELETED;
	ledger_event(world->ledger, event, where);
}

static bool carry(void *arg, struct capture_carrier *carrier)
{
	struct world *world = arg;

	world->turns++;
	return ledger_carry(world->ledger, world->client, world->now, false, carrier);
}

static void turned(void *arg)
{
	ledger_turned(((struct world *)arg)->ledger);
}

static void open_world(struct world *world, uint64_t seed)
{
	const struct capture_limits limits = { .segment = 1500, .total = 1 << 30, .files = 1000 };
	const struct capture_keeper keeper = { .arg = world, .full = carry, .turned = turned };
	struct pcp_client_config config = { .renew = seed % 2 };
	struct pcp_client_server_config server = { .nendpoint = 1,
						   .version = seed % 5 == 4 ? 0 : PCP_VERSION_2 };

	memset(world, 0, sizeof *world);
	pcp_rng_seeded(&world->rng, seed);
	pcp_rng_seeded(&world->client_rng, seed + 1000);
	pcp_rng_seeded(&world->lab_rng, seed + 2000);
	world->now = START;
	world->self = at("192.0.2.7:40000");
	world->gateway = at("192.0.2.1:5351");
	world->ledger = ledger_new();
	world->writer = capture_write_session(dir, false, &limits, &keeper);
	world->client = pcp_client_new(
		&config, &world->client_rng,
		(struct pcp_client_io){ .arg = world, .send = client_sends, .event = record });
	world->lab = lab_new(world->now, &world->lab_rng,
			     (struct lab_io){ .arg = world, .send = lab_sends });
	assert_true(world->client && world->lab && world->ledger && world->writer);
	lab_listens(world->lab, &world->gateway);
	server.endpoint[0] = world->gateway;
	server.source = world->self;
	world->server = pcp_client_add_server(world->client, &server);
	assert_true(world->server);
}

static void close_world(struct world *world)
{
	capture_writer_free(world->writer);
	ledger_free(world->ledger);
	pcp_client_free(world->client);
	lab_free(world->lab);
}

/* ---- what happens ---- */

static void ask(struct world *world)
{
	uint8_t octets[60] = { PCP_VERSION_2, PCP_MAP }, *map = octets + PCP_HEADER_LEN;
	struct pcp_client_request request = { .server = world->server,
					      .octets = octets,
					      .len = sizeof octets,
					      .insist = happens(world, 50),
					      .mrc = 3 };
	uint16_t port = (uint16_t)(FIRST + pcp_rng_below(&world->rng, PORTS));
	struct pcp_why why;

	pcp_put(&pcp_request_fields[REQ_LIFETIME], octets,
		happens(world, 10) ? 0 : (uint32_t)pcp_rng_below(&world->rng, 7200));
	pcp_put(&pcp_map_fields[MAP_PROTOCOL], map, 6);
	pcp_put(&pcp_map_fields[MAP_INTERNAL_PORT], map, port);
	pcp_addr_any(map + pcp_map_fields[MAP_EXTERNAL_ADDRESS].off, true);
	(void)pcp_client_submit(world->client, world->now, &request, &why);
}

static const struct pcp_mapping *any(struct world *world)
{
	size_t n = pcp_client_nmappings(world->client);

	return n ? pcp_client_mapping_at(world->client,
					 (size_t)pcp_rng_below(&world->rng, (uint32_t)n))
		 : NULL;
}

static void act(struct world *world)
{
	static const char *const words[] = { "result=NO_RESOURCES", "result=none", "drop=1",
					     "drop=0", "reboot" };
	const struct pcp_mapping *mapping = any(world);
	unsigned what = (unsigned)pcp_rng_below(&world->rng, 10);
	struct pcp_why why;

	if (what < 5 || !mapping)
		ask(world);
	else if (what == 5)
		(void)pcp_client_renew(world->client, world->now, mapping->id, &why);
	else if (what == 6)
		(void)pcp_client_delete(world->client, world->now, mapping->id, &why);
	else if (what == 7 && happens(world, 30))
		lab_restart(world->lab, world->now, happens(world, 50));
	else if (what == 8)
		(void)lab_set(world->lab, world->now, words[pcp_rng_below(&world->rng, 5)], &why);
	else if (what == 9 && happens(world, 30))
		(void)pcp_client_recover(world->client, world->now, world->server);
}

static void deliver(struct world *world)
{
	while (world->nflights) {
		struct flight flight = world->flight[0];

		memmove(world->flight, world->flight + 1,
			--world->nflights * sizeof *world->flight);
		world->now += 100;
		if (flight.to_lab)
			lab_receive(world->lab, world->now, &flight.from, &flight.to, flight.octets,
				    flight.len);
		else
			pcp_client_receive(world->client, world->now, &flight.from, &flight.to,
					   flight.octets, flight.len);
		if (happens(world, 50))
			capture_turn(world->writer);
	}
}

static void pass_time(struct world *world, usec duration)
{
	usec until = world->now + duration, client, lab, next;

	for (;;) {
		deliver(world);
		client = pcp_client_next(world->client);
		lab = lab_next(world->lab);
		next = client < lab ? client : lab;
		if (next > until)
			break;
		world->now = next > world->now ? next : world->now;
		lab_tick(world->lab, world->now);
		pcp_client_tick(world->client, world->now);
		capture_turn(world->writer);
	}
	world->now = until > world->now ? until : world->now;
}

/* ---- what is left ---- */

static const struct pcp_mapping *left_over(const struct recover *recover,
					   const struct pcp_mapping *mapping)
{
	for (size_t i = 0; i < recover_count(recover); i++) {
		const struct pcp_mapping *left = &recover_at(recover, i)->mapping;

		if (left->internal_port == mapping->internal_port &&
		    left->protocol == mapping->protocol &&
		    (mapping->version == PCP_VERSION_NATPMP || /* which has none */
		     !memcmp(left->nonce, mapping->nonce, PCP_NONCE_LEN)))
			return left;
	}
	return NULL;
}

static void compare(const struct world *world, uint64_t seed, const char *of, unsigned *lives)
{
	struct recover *recover = recover_begin(dir, world->now);

	assert_non_null(recover);
	while (recover_read(recover, 100))
		;
	for (size_t i = 0; i < pcp_client_nmappings(world->client); i++) {
		const struct pcp_mapping *mapping = pcp_client_mapping_at(world->client, i), *left;

		if (!pcp_mapping_stands(mapping) || !ledger_may_live(mapping, world->now))
			continue;
		left = left_over(recover, mapping);
		if (!left)
			fail_msg("seed %llu: port %u (%s) is lost with %s",
				 (unsigned long long)seed, mapping->internal_port,
				 pcp_mapping_state_name(mapping->state), of);
		if (left->external_port != mapping->external_port ||
		    left->expires_at != mapping->expires_at)
			fail_msg("seed %llu: port %u (%s) is another with %s: external %u for %u, "
				 "%lld s longer",
				 (unsigned long long)seed, mapping->internal_port,
				 pcp_mapping_state_name(mapping->state), of, left->external_port,
				 mapping->external_port,
				 (long long)(left->expires_at - mapping->expires_at) /
					 USEC_PER_SEC);
		++*lives;
	}
	for (size_t i = 0; i < recover_count(recover); i++) {
		uint16_t port = recover_at(recover, i)->mapping.internal_port;

		if (world->deleted[port - FIRST])
			fail_msg("seed %llu: port %u was deleted, and is offered with %s",
				 (unsigned long long)seed, port, of);
	}
	recover_free(recover);
}

static bool carry_ended(void *arg, const char *file, bool lab, struct capture_carrier *carrier)
{
	return ledger_carry_ended(file, lab, ((struct world *)arg)->now, carrier);
}

static uint64_t octets_saved(void)
{
	size_t count;
	struct pcp_why why;
	struct capture_file *file = capture_files(dir, &count, &why);
	uint64_t octets = 0;

	for (size_t i = 0; i < count; i++)
		octets += file[i].octets;
	free(file);
	return octets;
}

/* As if a later session had no room for any of it. */
static void make_room(struct world *world)
{
	const struct capture_limits limits = { .segment = 1, .total = 1, .files = 1 };
	const struct capture_keeper keeper = { .arg = world, .ended = carry_ended };
	uint64_t before = octets_saved();

	capture_make_room(dir, &limits, &keeper);
	assert_true(octets_saved() <= before);
}

static void live(uint64_t seed, unsigned *lives, unsigned *turns)
{
	struct world world;
	char name[CAPTURE_PATH_MAX];

	open_world(&world, seed);
	for (unsigned i = 0; i < STEPS; i++) {
		act(&world);
		pass_time(&world, (usec)pcp_rng_below(&world.rng, happens(&world, 10) ? 900 : 8) *
					  USEC_PER_SEC);
	}
	*turns += world.turns;
	snprintf(name, sizeof name, "%s", capture_path(world.writer));
	capture_writer_free(world.writer); /* a session that is over is offered */
	world.writer = capture_write_session(dir, false, NULL, NULL);
	compare(&world, seed, "both segments", lives);
	strcpy(name + strlen(name) - strlen(".pcap"), ".old.pcap");
	unlink(name);
	compare(&world, seed, "the last segment alone", lives);
	make_room(&world);
	compare(&world, seed, "what is left when room was made", lives);
	close_world(&world);
}

static void the_last_segment_is_enough(void **state)
{
	unsigned lives = 0, turns = 0, count = worlds(WORLDS);

	(void)state;
	for (uint64_t seed = 1; seed <= count; seed++) {
		live(seed, &lives, &turns);
		assert_int_equal(end(NULL), 0);
		assert_int_equal(begin(NULL), 0);
	}
	printf("%u mappings found again, %u segments begun\n", lives, turns);
	assert_true(lives > 2 * count && turns > 2 * count);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(the_last_segment_is_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
