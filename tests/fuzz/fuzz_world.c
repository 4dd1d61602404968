/*
 * Engine, lab and log together under a virtual clock, the input as script: requests of any octets,
 * keys on mappings, time, words to the lab, ICMP, forged datagrams, and what the network does to
 * each datagram on its way. Whatever comes, the clock goes on, tables keep their bounds, and what
 * is told can be shown.
 */
#include <string.h>

#include "client.h"
#include "fuzz.h"
#include "judge.h"
#include "lab.h"
#include "tiling.h"

enum { FLIGHTS = 64, FRAME = 1500, MAPPINGS = 48, SERVERS = 4, LOG_OCTETS = 1 << 15 };
/* Ticks and datagrams that one wait may take; most take a few. */
enum { STEPS_MAX = 100000 };

struct flight {
	usec at; /* 0: a free place */
	bool to_lab;
	struct pcp_endpoint from, to;
	size_t len;
	uint8_t octets[FRAME];
};

struct world {
	struct feed feed;
	usec now;
	struct pcp_client *client;
	struct lab *lab;
	struct log *log;
	struct pcp_rng rng, lab_rng;
	struct pcp_endpoint gateway, self, other, stranger;
	struct flight flight[FLIGHTS];
	struct flight last; /* that the lab sent */
	bool healed;
};

static struct judge judge;

/* ---- the network ---- */

static struct flight *a_place(struct world *world)
{
	for (size_t i = 0; i < FLIGHTS; i++)
		if (world->flight[i].at == 0)
			return &world->flight[i];
	return NULL;
}

static void put(struct world *world, const struct flight *like, usec delay)
{
	struct flight *flight = a_place(world);

	if (!flight)
		return; /* lost */
	*flight = *like;
	flight->at = world->now + 1 + delay;
}

/* One octet of the script is what becomes of a datagram: it arrives, or is lost, doubled, late or
 * damaged. */
static void carry(struct world *world, struct flight *flight)
{
	uint8_t fate = world->healed ? 0 : feed_octet(&world->feed);
	usec delay = (usec)(fate >> 4) * (fate >> 4) * 50000;

	if ((fate & 15) == 1)
		return;
	if ((fate & 15) == 2)
		put(world, flight, 3 * delay);
	if ((fate & 15) == 3 && flight->len)
		flight->octets[feed_octet(&world->feed) % flight->len] ^= feed_octet(&world->feed);
	if ((fate & 15) == 4)
		flight->len = flight->len * feed_octet(&world->feed) / 256;
	put(world, flight, delay);
}

static bool client_sends(void *arg, const struct pcp_client_server *server,
			 const struct pcp_endpoint *to, const uint8_t *octets, size_t len)
{
	struct world *world = arg;
	struct flight flight = { .to_lab = true, .from = server->config.source, .to = *to };

	expect(len > 0 && len <= PCP_MAX_LEN, "a request of a length that cannot be");
	flight.len = len;
	memcpy(flight.octets, octets, len);
	carry(world, &flight);
	return world->healed || world->feed.left % 31 != 30;
}

static void lab_sends(void *arg, const struct pcp_endpoint *from, const struct pcp_endpoint *to,
		      const uint8_t *octets, size_t len)
{
	struct world *world = arg;
	struct flight flight = { .from = *from, .to = *to, .len = len };

	expect(len <= FRAME, "an answer longer than a frame");
	memcpy(flight.octets, octets, len);
	world->last = flight;
	carry(world, &flight);
}

static void arrive(struct world *world, struct flight *flight)
{
	struct flight here = *flight;

	flight->at = 0;
	if (here.to_lab)
		lab_receive(world->lab, world->now, &here.from, &here.to, here.octets, here.len);
	else
		pcp_client_receive(world->client, world->now, &here.from, &here.to, here.octets,
				   here.len);
}

/* ---- what is told ---- */

static void fit(const char *text)
{
	const char *fault = text ? text_fault(text) : NULL;

	expect(!fault, fault);
}

static void client_tells(void *arg, const struct pcp_client_event *event)
{
	struct world *world = arg;
	struct pcp_finding finding[PCP_FINDINGS_MAX];
	char summary[256];
	size_t n;

	fit(event->reason);
	expect(log_event(world->log, event, event->now), "no memory for the log");
	if (!event->octets)
		return;
	n = log_nmessages(world->log);
	expect(n > 0, "a datagram that the log does not have");
	n = judge_message(&judge, world->log, log_message_at(world->log, n - 1), 0, finding,
			  PCP_FINDINGS_MAX);
	for (size_t i = 0; i < n && i < PCP_FINDINGS_MAX; i++)
		fit(finding[i].text);
	pcp_summary(&judge.packet, summary, sizeof summary);
	fit(summary);
}

static void lab_tells(void *arg, usec now, const char *line)
{
	(void)arg, (void)now;
	fit(line);
}

static void struck(void *arg, usec now, const struct lab_strike *strike)
{
	(void)arg, (void)now;
	expect(strike->fault && strike->told, "a strike without its name");
}

/* ---- time ---- */

static struct flight *first_flight(struct world *world)
{
	struct flight *first = NULL;

	for (size_t i = 0; i < FLIGHTS; i++)
		if (world->flight[i].at && (!first || world->flight[i].at < first->at))
			first = &world->flight[i];
	return first;
}

static usec earlier(usec a, usec b)
{
	return a < b ? a : b;
}

static void wait_for(struct world *world, usec duration)
{
	usec until = world->now + duration;

	for (int steps = 0;; steps++) {
		struct flight *flight = first_flight(world);
		usec client = pcp_client_next(world->client), lab = lab_next(world->lab);
		usec due = earlier(earlier(client, lab), flight ? flight->at : USEC_NEVER);

		expect(steps < STEPS_MAX, "the clock does not go on");
		if (due > until)
			break;
		world->now = due > world->now ? due : world->now;
		if (client <= world->now)
			pcp_client_tick(world->client, world->now);
		else if (lab <= world->now)
			lab_tick(world->lab, world->now);
		else
			arrive(world, flight);
	}
	world->now = until;
}

/* ---- acts ---- */

static uint16_t some_server(struct world *world)
{
	return (uint16_t)(1 + feed_octet(&world->feed) % pcp_client_nservers(world->client));
}

static uint32_t some_mapping(struct world *world)
{
	size_t n = pcp_client_nmappings(world->client);
	size_t i = feed_octet(&world->feed);

	return n ? pcp_client_mapping_at(world->client, i % n)->id : (uint32_t)i;
}

static void submit(struct world *world, const uint8_t *octets, size_t len)
{
	uint8_t how = feed_octet(&world->feed);
	struct pcp_why why = { .text = "" };
	struct pcp_client_request request = { .server = some_server(world),
					      .octets = octets,
					      .len = len,
					      .raw = how & 1,
					      .keep_nonce = how & 2,
					      .keep_address = how & 4,
					      .insist = how & 8,
					      .renew = (how >> 4 & 3) - 1,
					      .mrc = how >> 6 };

	if (len && !pcp_client_submit(world->client, world->now, &request, &why)) {
		expect(*why.text, "a request refused without a reason");
		fit(why.text);
	}
}

static void any_request(struct world *world)
{
	size_t len, wanted = feed_octet(&world->feed);
	const uint8_t *octets = feed_octets(&world->feed, wanted, &len);

	submit(world, octets, len);
}

/* A MAP or PEER, sound but for what the script says. */
static void map_or_peer(struct world *world)
{
	uint8_t octets[80] = { 2 }, kind = feed_octet(&world->feed);

	octets[1] = kind & 1 ? PCP_PEER : PCP_MAP;
	octets[6] = kind & 2 ? feed_octet(&world->feed) : 0x0e; /* lifetime, seconds */
	octets[7] = kind & 2 ? feed_octet(&world->feed) : 0x10;
	memcpy(octets + 8, world->self.addr, PCP_ADDR_LEN);
	octets[36] = kind & 4 ? 17 : 6;
	octets[41] = feed_octet(&world->feed);
	octets[43] = kind & 8 ? feed_octet(&world->feed) : octets[41];
	pcp_addr_any(octets + 44, !(kind & 16));
	octets[61] = 80;
	memcpy(octets + 64, world->stranger.addr, PCP_ADDR_LEN);
	submit(world, octets, octets[1] == PCP_PEER ? 80 : 60);
}

static void announce_or_natpmp(struct world *world)
{
	uint8_t kind = feed_octet(&world->feed);
	uint8_t octets[24] = { kind & 1 ? 0 : 2, kind & 1 ? kind >> 1 & 3 : PCP_ANNOUNCE };

	if (!(kind & 1))
		memcpy(octets + 8, world->self.addr, PCP_ADDR_LEN);
	octets[5] = octets[7] = feed_octet(&world->feed);
	if (kind & 1)
		octets[10] = 1;
	submit(world, octets, kind & 1 ? (octets[1] ? 12 : 2) : 24);
}

static void press(struct world *world)
{
	uint8_t key = feed_octet(&world->feed);
	uint32_t id = some_mapping(world);
	struct pcp_why why = { .text = "" };

	switch (key % 6) {
	case 0:
		if (!pcp_client_renew(world->client, world->now, id, &why))
			expect(*why.text, "no renewal and no reason");
		break;
	case 1:
		if (!pcp_client_delete(world->client, world->now, id, &why))
			expect(*why.text, "no deletion and no reason");
		break;
	case 2:
		pcp_client_auto_renew(world->client, world->now, id, key & 8);
		break;
	case 3:
		pcp_client_forget(world->client, world->now, id);
		break;
	case 4:
		pcp_client_cancel(world->client, world->now, id);
		break;
	default:
		pcp_client_recover(world->client, world->now, some_server(world));
	}
	fit(why.text);
}

static void forge(struct world *world)
{
	uint8_t how = feed_octet(&world->feed);
	size_t len, wanted = feed_octet(&world->feed);
	const uint8_t *octets = feed_octets(&world->feed, wanted, &len);
	struct flight flight = { .to_lab = how & 1, .len = len };

	flight.from = how & 2 ? world->stranger : how & 1 ? world->self : world->gateway;
	flight.to = how & 1 ? world->gateway : world->self;
	if (len)
		memcpy(flight.octets, octets, len);
	put(world, &flight, 0);
}

/* The lab's last datagram once more, with octets changed. */
static void imitate(struct world *world)
{
	struct flight flight = world->last;

	for (uint8_t n = feed_octet(&world->feed) % 4; n && flight.len; n--)
		flight.octets[feed_octet(&world->feed) % flight.len] = feed_octet(&world->feed);
	put(world, &flight, 0);
}

static void unreachable(struct world *world)
{
	pcp_client_unreachable(world->client, world->now,
			       feed_octet(&world->feed) & 1 ? &world->stranger : &world->gateway,
			       "port unreachable");
}

static void tell_lab(struct world *world)
{
	uint8_t kind = feed_octet(&world->feed);
	struct pcp_why why = { .text = "" };
	struct lab_switch row;
	char word[256];
	size_t len;

	if (kind == 0) {
		lab_restart(world->lab, world->now, feed_octet(&world->feed) & 1);
	} else if (kind < 64) {
		if (lab_switch_at(world->lab, world->now, kind % 40u, &row)) {
			lab_switch_word(world->lab, kind % 40u, word, sizeof word);
			expect(lab_set(world->lab, world->now, word, &why), "a switch is refused");
		}
	} else if (kind < 128) {
		snprintf(word, sizeof word, "scenario=%s",
			 lab_scenarios[kind % lab_nscenarios].name);
		expect(lab_set(world->lab, world->now, word, &why), "a scenario is refused");
	} else {
		const uint8_t *typed = feed_octets(&world->feed, kind & 63u, &len);

		if (len)
			memcpy(word, typed, len);
		word[len] = '\0';
		if (!lab_set(world->lab, world->now, word, &why))
			expect(*why.text, "a word refused without a reason");
	}
}

static void move(struct world *world)
{
	uint8_t how = feed_octet(&world->feed);
	uint16_t server = some_server(world);
	struct pcp_client_server_config another = { .endpoint = { world->gateway },
						    .nendpoint = 1,
						    .source = world->other,
						    .version = how & 8 ? 0 : 2 };

	switch (how % 4) {
	case 0:
		pcp_client_set_source(world->client, world->now, server,
				      how & 4 ? &world->other : &world->self, "roamed");
		break;
	case 1:
		pcp_client_reached(world->client, world->now, server);
		break;
	case 2:
		if (pcp_client_nservers(world->client) < SERVERS)
			pcp_client_add_server(world->client, &another);
		break;
	default:
		pcp_client_move(world->client, world->now, server, some_server(world), how & 4,
				"moved");
	}
}

/* One that is known from elsewhere: as the lab has it, or changed. */
static void adopt(struct world *world)
{
	uint8_t how = feed_octet(&world->feed);
	struct lab_mapping there;
	struct pcp_mapping mapping = { .server = some_server(world), .expires_at = USEC_NEVER };

	if (!lab_mapping_at(world->lab, how & 15, &there))
		return;
	mapping.version = there.natpmp ? 0 : 2;
	mapping.opcode = how & 64 ? 0 : there.opcode;
	mapping.protocol = there.protocol;
	memcpy(mapping.internal, there.internal, PCP_ADDR_LEN);
	memcpy(mapping.external, there.external, PCP_ADDR_LEN);
	memcpy(mapping.remote, there.remote, PCP_ADDR_LEN);
	memcpy(mapping.nonce, there.nonce, PCP_NONCE_LEN);
	mapping.internal_port = there.internal_port;
	mapping.external_port = there.external_port;
	mapping.remote_port = there.remote_port;
	if (!(how & 32))
		mapping.nonce[0] ^= feed_octet(&world->feed);
	mapping.expires_at = world->now + (1 + feed_octet(&world->feed)) * USEC_PER_SEC;
	pcp_client_adopt(world->client, world->now, &mapping, how & 16);
}

static void let_time_pass(struct world *world)
{
	usec unit = (usec[]){ 1000, 100000, USEC_PER_SEC,
			      60 * USEC_PER_SEC }[feed_octet(&world->feed) % 4];

	wait_for(world, (1 + feed_octet(&world->feed)) * unit);
}

static void (*const acts[])(struct world *world) = {
	any_request, map_or_peer, map_or_peer, announce_or_natpmp, press,	  press, forge,
	imitate,     unreachable, tell_lab,    let_time_pass,	   let_time_pass, move,	 adopt,
};

/* ---- what must hold ---- */

static void check_client(const struct world *world)
{
	size_t n = pcp_client_nmappings(world->client);

	expect(n <= MAPPINGS, "more mappings than there may be");
	for (size_t i = 0; i < n; i++) {
		const struct pcp_mapping *row = pcp_client_mapping_at(world->client, i);

		expect(row && pcp_client_mapping(world->client, row->id) == row,
		       "a row that its number does not find");
		expect(pcp_client_server(world->client, row->server) != NULL, "no server");
		expect(pcp_mapping_state_name(row->state) != NULL, "a state without a name");
		fit(row->description);
	}
}

static void check_lab(const struct world *world)
{
	struct lab_mapping row;
	struct lab_refusal refusal;
	char text[512];
	size_t n = 0;

	while (lab_mapping_at(world->lab, n, &row)) {
		fit(row.description);
		n++;
	}
	expect(n == lab_nmappings(world->lab), "mappings of the lab miscounted");
	for (size_t i = 0; lab_refusal_at(world->lab, i, &refusal); i++) {
		lab_refusal_text(&refusal, text, sizeof text);
		fit(text);
	}
}

static void begin(struct world *world)
{
	struct pcp_client_config config = { .max_mappings = MAPPINGS };
	struct pcp_client_server_config server = { .nendpoint = 1, .version = PCP_VERSION_2 };

	world->now = 1000 * USEC_PER_SEC;
	pcp_endpoint_parse("192.0.2.1:5351", 0, &world->gateway, NULL);
	pcp_endpoint_parse("192.0.2.100:40000", 0, &world->self, NULL);
	pcp_endpoint_parse("192.0.2.101:40001", 0, &world->other, NULL);
	pcp_endpoint_parse("192.0.2.66:5351", 0, &world->stranger, NULL);
	pcp_rng_seeded(&world->rng, 1);
	pcp_rng_seeded(&world->lab_rng, 2);
	config.renew = feed_octet(&world->feed) & 1;
	world->log = log_new(LOG_OCTETS);
	world->lab = lab_new(
		world->now, &world->lab_rng,
		(struct lab_io){
			.arg = world, .send = lab_sends, .note = lab_tells, .struck = struck });
	world->client =
		pcp_client_new(&config, &world->rng,
			       (struct pcp_client_io){
				       .arg = world, .send = client_sends, .event = client_tells });
	expect(world->log && world->lab && world->client, "no memory");
	server.endpoint[0] = world->gateway;
	server.source = world->self;
	expect(pcp_client_add_server(world->client, &server) == 1, "no server");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct world world;

	memset(&world, 0, sizeof world);
	world.feed = (struct feed){ data, size };
	begin(&world);
	while (world.feed.left) {
		acts[feed_octet(&world.feed) % (sizeof acts / sizeof *acts)](&world);
		wait_for(&world, 1000);
		check_client(&world);
	}
	check_lab(&world);
	world.healed = true;
	wait_for(&world, 3600 * USEC_PER_SEC);
	check_client(&world);
	check_lab(&world);
	pcp_client_free(world.client);
	lab_free(world.lab);
	log_free(world.log);
	return 0;
}
