/*
 * Mappings that are held, under virtual time, against the lab: a day at a VPN's gateway, one port
 * for both protocols, refusals, a server that deletes, and the end. What is told must be what the
 * gateway has, once a change.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "keep.h"
#include "lab.h"

#define SECOND USEC_PER_SEC
#define HOUR   (3600 * SECOND)
#define FLIGHT (SECOND / 100)

enum { FLIGHTS = 64 };

struct flight {
	bool to_lab;
	struct pcp_endpoint from, to;
	uint8_t octets[PCP_EDIT_MAX];
	size_t len;
	usec at;
};

static struct bench {
	struct pcp_client *client;
	struct lab *lab;
	struct keep *keep;
	struct pcp_rng rng, lab_rng;
	struct pcp_endpoint source, gateway;
	struct flight flight[FLIGHTS];
	size_t nflight;
	usec now;
	uint16_t server;
	bool natpmp;
	/* what was told */
	size_t changes, renewals, troubles, last;
	struct keep_value told;
	char reason[KEEP_REASON];
	/* what the gateway had, as seen at each moment */
	uint32_t epoch;
	usec restarted_at, lost_at, longest;
	size_t restarts;
} bench;

/* ---- the network between them ---- */

static void fly(bool to_lab, const struct pcp_endpoint *from, const struct pcp_endpoint *to,
		const uint8_t *octets, size_t len)
{
	struct flight *flight = &bench.flight[bench.nflight++];

	assert_true(bench.nflight < FLIGHTS && len <= sizeof flight->octets);
	*flight = (struct flight){
		.to_lab = to_lab, .from = *from, .to = *to, .len = len, .at = bench.now + FLIGHT
	};
	memcpy(flight->octets, octets, len);
}

static bool client_send(void *arg, const struct pcp_client_server *server,
			const struct pcp_endpoint *to, const uint8_t *octets, size_t len)
{
	(void)arg;
	fly(true, &server->config.source, to, octets, len);
	return true;
}

static void lab_send(void *arg, const struct pcp_endpoint *from, const struct pcp_endpoint *to,
		     const uint8_t *octets, size_t len)
{
	(void)arg;
	fly(false, from, to, octets, len);
}

static void land(void)
{
	struct flight flight = bench.flight[0];

	memmove(bench.flight, bench.flight + 1, --bench.nflight * sizeof flight);
	if (flight.to_lab)
		lab_receive(bench.lab, bench.now, &flight.from, &flight.to, flight.octets,
			    flight.len);
	else
		pcp_client_receive(bench.client, bench.now, &flight.from, &flight.to, flight.octets,
				   flight.len);
}

/* ---- what the machine asks and tells ---- */

static bool ask(void *arg, const struct keep_hold *hold, const struct keep_leg *leg,
		uint16_t external_port, struct pcp_why *why)
{
	uint8_t octets[60] = { PCP_VERSION_2, PCP_MAP }, *map = octets + PCP_HEADER_LEN;

	(void)arg;
	pcp_put(&pcp_request_fields[REQ_LIFETIME], octets, 3600);
	pcp_put(&pcp_map_fields[MAP_PROTOCOL], map, leg->protocol);
	pcp_put(&pcp_map_fields[MAP_INTERNAL_PORT], map, hold->port);
	pcp_put(&pcp_map_fields[MAP_EXTERNAL_PORT], map, external_port);
	pcp_addr_any(map + pcp_map_fields[MAP_EXTERNAL_ADDRESS].off, true);
	return pcp_client_submit(bench.client, bench.now,
				 &(struct pcp_client_request){ .server = hold->server,
							       .octets = octets,
							       .len = sizeof octets,
							       .renew = 1 },
				 why) != 0;
}

static void erase(void *arg, uint32_t mapping)
{
	(void)arg;
	assert_true(pcp_client_delete(bench.client, bench.now, mapping, NULL) != 0);
}

static void changed(void *arg, usec now, struct keep_hold *hold)
{
	(void)arg, (void)now;
	if (hold->index == bench.last && hold->changes)
		assert_false(keep_same_value(&bench.told, &hold->told));
	bench.last = hold->index;
	bench.changes += hold->changes > 0;
	bench.told = hold->told;
	snprintf(bench.reason, sizeof bench.reason, "%s", hold->reason);
}

static void renewed(void *arg, usec now, struct keep_hold *hold)
{
	(void)arg, (void)now, (void)hold;
	bench.renewals++;
}

static void trouble(void *arg, const struct keep_hold *hold, const char *why)
{
	(void)arg, (void)hold, (void)why;
	bench.troubles++;
}

static void event(void *arg, const struct pcp_client_event *event_)
{
	(void)arg;
	keep_event(bench.keep, event_);
}

/* ---- life ---- */

static struct pcp_endpoint endpoint(const char *typed)
{
	struct pcp_endpoint parsed;

	assert_true(pcp_endpoint_parse(typed, PCP_SERVER_PORT, &parsed, NULL));
	return parsed;
}

static void words(const char *list)
{
	struct pcp_why why;
	char word[128];

	for (size_t len; *list; list += len + (list[len] == ' ')) {
		len = strcspn(list, " ");
		snprintf(word, sizeof word, "%.*s", (int)len, list);
		if (!lab_set(bench.lab, bench.now, word, &why))
			fail_msg("%s: %s", word, why.text);
	}
}

static void start(const char *lab_words, uint64_t seed)
{
	struct pcp_client_server_config config = { .nendpoint = 1, .version = PCP_VERSION_2 };
	struct keep_io io = { .ask = ask,
			      .erase = erase,
			      .changed = changed,
			      .renewed = renewed,
			      .trouble = trouble };

	memset(&bench, 0, sizeof bench);
	bench.now = 1000 * SECOND;
	pcp_rng_seeded(&bench.rng, seed);
	pcp_rng_seeded(&bench.lab_rng, seed + 1);
	bench.gateway = config.endpoint[0] = endpoint("192.0.2.1");
	bench.source = config.source = endpoint("192.0.2.7:40000");
	bench.lab = lab_new(bench.now, &bench.lab_rng, (struct lab_io){ .send = lab_send });
	bench.client =
		pcp_client_new(&(struct pcp_client_config){ 0 }, &bench.rng,
			       (struct pcp_client_io){ .send = client_send, .event = event });
	bench.keep = keep_new(&io);
	assert_true(bench.lab && bench.client && bench.keep);
	lab_listens(bench.lab, &bench.gateway);
	bench.server = pcp_client_add_server(bench.client, &config);
	words(lab_words);
}

static void stop(void)
{
	keep_free(bench.keep);
	pcp_client_free(bench.client);
	lab_free(bench.lab);
}

static void hold(uint16_t port, bool tcp, bool udp)
{
	uint8_t protocol[2];
	size_t n = 0;

	if (tcp)
		protocol[n++] = PCP_TCP;
	if (udp)
		protocol[n++] = PCP_UDP;
	assert_true(keep_add(bench.keep, bench.server, port, port, protocol, n, NULL));
}

static usec earlier(usec a, usec b)
{
	return a < b ? a : b;
}

/* Outages begin with a restart; how long was the longest? */
static void watch(void)
{
	uint32_t epoch = lab_epoch(bench.lab, bench.now);

	if (epoch < bench.epoch) {
		bench.restarts++;
		bench.restarted_at = bench.now;
	}
	bench.epoch = epoch;
	if (lab_nmappings(bench.lab)) {
		if (bench.lost_at && bench.now - bench.lost_at > bench.longest)
			bench.longest = bench.now - bench.lost_at;
		bench.lost_at = 0;
	} else if (!bench.lost_at && bench.changes) {
		bench.lost_at = bench.now;
		if (bench.now != bench.restarted_at)
			fail_msg("the mapping went at %lld s, and no restart took it",
				 (long long)(bench.now / SECOND));
	}
}

static void run(usec duration, bool watched)
{
	usec until = bench.now + duration, next;

	for (;;) {
		next = earlier(pcp_client_next(bench.client),
			       earlier(lab_next(bench.lab), keep_next(bench.keep)));
		if (bench.nflight)
			next = earlier(next, bench.flight[0].at);
		if (next > until)
			break;
		bench.now = next > bench.now ? next : bench.now;
		if (lab_next(bench.lab) <= bench.now)
			lab_tick(bench.lab, bench.now);
		if (bench.nflight && bench.flight[0].at <= bench.now)
			land();
		pcp_client_tick(bench.client, bench.now);
		keep_tick(bench.keep, bench.now);
		if (watched)
			watch();
	}
	bench.now = until;
}

/* What was told is what the gateway has. */
static void agrees(void)
{
	struct lab_mapping mapping;
	bool any = lab_mapping_at(bench.lab, 0, &mapping);

	assert_int_equal(any, bench.told.state != KEEP_UNMAPPED);
	if (!any)
		return;
	assert_int_equal(mapping.external_port, bench.told.external_port[0]);
	assert_memory_equal(mapping.external, bench.told.external, PCP_ADDR_LEN);
	assert_memory_equal(mapping.internal, bench.told.internal, PCP_ADDR_LEN);
}

/* ---- a day at a VPN's gateway ---- */

/* 60 seconds at most, NAT-PMP alone, every three minutes a restart without a word and another port.
 * The client cannot know before its next renewal, at 37 s at the latest, and waits up to 5 s before
 * it asks again (RFC 6886 3.7). Nothing else ever takes the mapping away. */
static void a_day_at_a_vpn(void **state)
{
	size_t restarts = 0, changes = 0;
	usec longest = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 3; seed++) {
		start("scenario=vpn-gateway", seed);
		hold(8080, true, false);
		keep_begin(bench.keep, bench.now);
		run(24 * HOUR, true);
		run(80 * SECOND, true); /* a restart just now is known by then, if none follows */
		assert_true(bench.restarts >= 480);
		assert_true(bench.longest <= 44 * SECOND);
		/* Once a change: the first, and the port after each restart. */
		assert_in_range(bench.changes, bench.restarts, bench.restarts + 1);
		assert_true(bench.renewals > 24 * 60);
		assert_int_equal(bench.troubles, 0);
		restarts += bench.restarts;
		changes += bench.changes;
		longest = bench.longest > longest ? bench.longest : longest;
		if (!bench.lost_at)
			agrees();
		stop();
	}
	print_message("3 days: %zu restarts, %zu changes told, the longest outage %.1f s\n",
		      restarts, changes, (double)longest / (double)SECOND);
}

/* The same over a bad network: a request in ten and an answer in ten are lost. */
static void a_day_of_losses(void **state)
{
	(void)state;
	start("max-lifetime=120s drop=0.1 drop-reply=0.1", 7);
	hold(8080, true, false);
	keep_begin(bench.keep, bench.now);
	run(24 * HOUR, true); /* watch() fails where the mapping goes, as nothing restarts */
	assert_int_equal(bench.changes, 1);
	assert_int_equal(bench.restarts, 0);
	agrees();
	stop();
}

/* ---- what is told ---- */

static void told_once(void **state)
{
	(void)state;
	start("restart-every=0", 1);
	hold(8080, true, false);
	keep_begin(bench.keep, bench.now);
	run(HOUR, false);
	assert_int_equal(bench.changes, 1);
	assert_string_equal(bench.reason, "granted");
	assert_int_equal(bench.told.external_port[0], 8080);
	assert_true(bench.renewals >= 1);
	agrees();
	words("restart"); /* which announces itself: the same port is had again, and nothing is told
			   */
	run(20 * SECOND, false);
	assert_int_equal(bench.changes, 1);
	agrees();
	words("renumber-every=10s");
	run(11 * SECOND, false);
	words("renumber-every=off");
	run(20 * SECOND, false);
	assert_int_equal(bench.changes, 2);
	agrees();
	stop();
}

static void a_refusal_is_told_with_its_name(void **state)
{
	(void)state;
	start("result=NOT_AUTHORIZED", 1);
	hold(8080, true, true);
	keep_begin(bench.keep, bench.now);
	run(60 * SECOND, false);
	assert_int_equal(bench.changes, 0); /* it never was mapped: nothing has changed */
	assert_string_equal(bench.reason, "NOT_AUTHORIZED");
	words("result=NOT_AUTHORIZED@0"); /* asked for again when the server's half an hour is over
					   */
	run(HOUR, false);
	assert_int_equal(bench.told.state, KEEP_MAPPED);
	stop();
}

/* A server that is gone for long: told after a while, and again when it is back. */
static void a_silent_server(void **state)
{
	(void)state;
	start("max-lifetime=120s", 1);
	hold(8080, true, false);
	keep_begin(bench.keep, bench.now);
	run(SECOND, false);
	words("silence");
	run(10 * 60 * SECOND, false);
	assert_int_equal(bench.changes, 2);
	assert_int_equal(bench.told.state, KEEP_UNMAPPED);
	words("silence=off");
	run(HOUR, false);
	assert_int_equal(bench.changes, 3);
	agrees();
	stop();
}

/* ---- both protocols ---- */

static void both_get_one_port(void **state)
{
	(void)state;
	start("restart-every=0", 1);
	hold(8080, true, true);
	keep_begin(bench.keep, bench.now);
	run(SECOND, false);
	assert_int_equal(bench.changes, 1);
	assert_int_equal(bench.told.state, KEEP_MAPPED);
	assert_int_equal(bench.told.external_port[0], 8080);
	assert_int_equal(bench.told.external_port[1], 8080);
	stop();
}

static void taken_by_another(uint8_t protocol, uint16_t port)
{
	uint8_t octets[60] = { PCP_VERSION_2, PCP_MAP }, *map = octets + PCP_HEADER_LEN;
	struct pcp_endpoint other = endpoint("192.0.2.50:40000");
	size_t before;

	memcpy(octets + pcp_request_fields[REQ_CLIENT].off, other.addr, PCP_ADDR_LEN);
	pcp_put(&pcp_request_fields[REQ_LIFETIME], octets, 3600);
	pcp_put(&pcp_map_fields[MAP_PROTOCOL], map, protocol);
	pcp_put(&pcp_map_fields[MAP_INTERNAL_PORT], map, port);
	pcp_put(&pcp_map_fields[MAP_EXTERNAL_PORT], map, port);
	pcp_addr_any(map + pcp_map_fields[MAP_EXTERNAL_ADDRESS].off, true);
	before = lab_nmappings(bench.lab);
	lab_receive(bench.lab, bench.now, &other, &bench.gateway, octets, sizeof octets);
	assert_int_equal(lab_nmappings(bench.lab), before + 1);
}

/* Somebody else has the port of one of them: the other moves there. */
static void one_port_where_one_is_taken(void **state)
{
	for (int taken = 0; taken <= 1; taken++) {
		(void)state;
		start("restart-every=0", 1);
		taken_by_another(taken ? PCP_UDP : PCP_TCP, 8080);
		hold(8080, true, true);
		keep_begin(bench.keep, bench.now);
		run(60 * SECOND, false);
		assert_int_equal(bench.told.state, KEEP_MAPPED);
		assert_int_not_equal(bench.told.external_port[0], 8080);
		assert_int_equal(bench.told.external_port[0], bench.told.external_port[1]);
		assert_int_equal(bench.changes, 1);
		stop();
	}
}

/* No port is free in both: both are held, with two ports, and it is not asked for ever. */
static void two_ports_where_one_cannot_be_had(void **state)
{
	(void)state;
	start("restart-every=0 ports=20000-20001", 1);
	taken_by_another(PCP_TCP, 20000);
	taken_by_another(PCP_UDP, 20001);
	hold(8080, true, true);
	keep_begin(bench.keep, bench.now);
	run(60 * SECOND, false);
	assert_int_equal(bench.told.state, KEEP_MAPPED);
	assert_int_not_equal(bench.told.external_port[0], bench.told.external_port[1]);
	assert_int_equal(bench.changes, 1);
	run(24 * HOUR, false);
	assert_int_equal(bench.changes, 1);
	stop();
}

/* ---- the end ---- */

static void deleted_at_the_end(void **state)
{
	(void)state;
	start("restart-every=0", 1);
	hold(8080, true, true);
	hold(9000, false, true);
	keep_begin(bench.keep, bench.now);
	run(SECOND, false);
	assert_int_equal(keep_mapped(bench.keep), 2);
	assert_int_equal(lab_nmappings(bench.lab), 3);
	keep_end(bench.keep, bench.now, true);
	assert_true(keep_ending(bench.keep));
	run(SECOND, false);
	assert_false(keep_ending(bench.keep));
	assert_int_equal(lab_nmappings(bench.lab), 0);
	assert_int_equal(bench.changes, 4);
	assert_string_equal(bench.reason, "ended");
	run(HOUR, false);
	assert_int_equal(bench.changes, 4);
	stop();
}

static void left_at_the_end(void **state)
{
	(void)state;
	start("restart-every=0", 1);
	hold(8080, true, false);
	keep_begin(bench.keep, bench.now);
	run(SECOND, false);
	keep_end(bench.keep, bench.now, false);
	assert_false(keep_ending(bench.keep));
	run(SECOND, false);
	assert_int_equal(bench.changes, 1);
	assert_int_equal(lab_nmappings(bench.lab), 1);
	stop();
}

static void an_end_that_nobody_answers(void **state)
{
	(void)state;
	start("restart-every=0", 1);
	hold(8080, true, false);
	keep_begin(bench.keep, bench.now);
	run(SECOND, false);
	words("silence");
	keep_end(bench.keep, bench.now, true);
	run(3 * SECOND, false);
	assert_true(keep_ending(bench.keep));
	keep_give_up(bench.keep, bench.now);
	assert_false(keep_ending(bench.keep));
	assert_int_equal(bench.told.state, KEEP_UNMAPPED);
	assert_string_equal(bench.reason, "ended");
	stop();
}

/* ---- many ---- */

static void each_port_is_its_own(void **state)
{
	(void)state;
	start("restart-every=0", 1);
	for (uint16_t port = 30; port > 0; port--) /* FLIGHTS are all that may be under way */
		hold((uint16_t)(5000 + port), false, true);
	keep_begin(bench.keep, bench.now);
	run(SECOND, false);
	assert_int_equal(keep_count(bench.keep), 30);
	assert_int_equal(keep_mapped(bench.keep), 30);
	for (size_t i = 0; i < 30; i++) {
		assert_int_equal(keep_at(bench.keep, i)->port, 5001 + i);
		assert_int_equal(keep_at(bench.keep, i)->told.external_port[0], 5001 + i);
		assert_int_equal(keep_at(bench.keep, i)->changes, 1);
	}
	assert_null(keep_at(bench.keep, 30));
	stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(told_once),
		cmocka_unit_test(a_refusal_is_told_with_its_name),
		cmocka_unit_test(a_silent_server),
		cmocka_unit_test(both_get_one_port),
		cmocka_unit_test(one_port_where_one_is_taken),
		cmocka_unit_test(two_ports_where_one_cannot_be_had),
		cmocka_unit_test(deleted_at_the_end),
		cmocka_unit_test(left_at_the_end),
		cmocka_unit_test(an_end_that_nobody_answers),
		cmocka_unit_test(each_port_is_its_own),
		cmocka_unit_test(a_day_of_losses),
		cmocka_unit_test(a_day_at_a_vpn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
