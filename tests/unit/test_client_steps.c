/* Steps of a passive client, and the way back: every octet that a client has is again what it was,
 * whatever a capture shows, by seed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "client-private.h"
#include "worlds.h"

enum { STEPS = 3000, SEEDS = 12, HOSTS = 2, PORTS = 40 };

/* ---- what a client has, in one number ---- */

static uint64_t mix(uint64_t hash, const void *octets, size_t len)
{
	const uint8_t *at = octets;
	uint64_t word;

	for (; len > 0; len -= len < sizeof word ? len : sizeof word, at += sizeof word) {
		word = 0;
		memcpy(&word, at, len < sizeof word ? len : sizeof word);
		hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 29;
	}
	return hash;
}

static uint64_t of_row(uint64_t hash, const struct pcp_client *client, const struct client_row *row)
{
	struct client_row *copy = malloc(sizeof *copy);

	memcpy(copy, row, sizeof *copy); /* with what lies between its members */
	copy->touched = 0;
	hash = mix(hash, copy, offsetof(struct client_row, by_key));
	hash = mix(hash, row->request, row->pub.request_len);
	hash = mix(hash, &row->timer.pos, sizeof row->timer.pos);
	free(copy);
	assert_ptr_equal(keytable_find(&client->keys, &row->key), row);
	assert_non_null(keytable_inside(&client->insides, &row->key, NULL));
	assert_ptr_equal(idlist_find(&client->mappings, row->pub.id), row);
	return hash;
}

static uint64_t of_exchange(uint64_t hash, const struct client_exchange *x)
{
	struct client_exchange *copy = malloc(sizeof *copy);

	memcpy(copy, x, sizeof *copy);
	copy->touched = 0;
	hash = mix(hash, copy, sizeof *copy);
	free(copy);
	return mix(hash, x->octets, x->len);
}

static uint64_t of_server(uint64_t hash, const struct client_server *server)
{
	struct client_server *copy = malloc(sizeof *copy);

	memcpy(copy, server, sizeof *copy);
	copy->touched = 0;
	hash = mix(hash, copy, sizeof *copy);
	free(copy);
	return hash;
}

static uint64_t of_client(const struct pcp_client *client)
{
	const struct client_row *row;
	const struct client_exchange *x;
	uint64_t hash = 1;

	hash = mix(hash, &client->nserver,
		   (size_t)((const char *)&client->mappings - (const char *)&client->nserver));
	hash = mix(hash, &client->timers.count, sizeof client->timers.count);
	for (size_t i = 1; i <= client->timers.count; i++) {
		hash = mix(hash, &client->timers.heap[i].timer,
			   sizeof client->timers.heap[i].timer);
		hash = mix(hash, &client->timers.heap[i].at, sizeof(usec));
		assert_int_equal(client->timers.heap[i].timer->pos, i);
	}
	for (uint32_t id = 0; (row = idlist_after(&client->mappings, id)); id = row->pub.id)
		hash = of_row(hash, client, row);
	for (uint32_t id = 0; (x = idlist_after(&client->exchanges, id)); id = x->id)
		hash = of_exchange(hash, x);
	for (x = client->loose; x; x = x->loose_next)
		hash = mix(hash, &x->id, sizeof x->id);
	for (size_t i = 0; i < client->nserver; i++)
		hash = of_server(hash, client->server[i]);
	hash = mix(hash, client->finished, sizeof client->finished);
	for (size_t i = 0; i < FINISHED_MAX; i++)
		hash = mix(hash, client->finished[i].octets,
			   client->finished[i].octets ? client->finished[i].len : 0);
	hash = mix(hash, &client->mappings.live, sizeof client->mappings.live);
	hash = mix(hash, &client->exchanges.live, sizeof client->exchanges.live);
	hash = mix(hash, &client->keys.count, sizeof client->keys.count);
	return mix(hash, &client->insides.count, sizeof client->insides.count);
}

/* ---- a capture, by its seed: what comes n-th depends on seed and n alone ---- */

static void put16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static struct pcp_endpoint end_of(bool server, uint32_t n)
{
	struct pcp_endpoint end;

	pcp_endpoint_parse(server ? n ? "192.0.2.253" : "192.0.2.254"
			   : n	  ? "192.0.2.2:4000"
				  : "192.0.2.1:4000",
			   PCP_SERVER_PORT, &end, NULL);
	return end;
}

/* A MAP or PEER, with options now and then, some of which only an answer has. */
static size_t compose_mapping(struct pcp_rng *rng, uint8_t *octets, bool answer,
			      const struct pcp_endpoint *client)
{
	bool peer = pcp_rng_below(rng, 6) == 0;
	unsigned port = (unsigned)pcp_rng_below(rng, PORTS);
	size_t len = PCP_HEADER_LEN + (peer ? 56 : 36);
	unsigned lifetime = pcp_rng_below(rng, 6) ? 30 + (unsigned)pcp_rng_below(rng, 900) : 0;

	octets[0] = 2;
	octets[1] = (uint8_t)((peer ? PCP_PEER : PCP_MAP) | (answer ? PCP_R : 0));
	put16(octets + 6, lifetime);
	if (answer)
		octets[3] = (uint8_t)(pcp_rng_below(rng, 5) ? 0 : pcp_rng_below(rng, 14));
	else
		memcpy(octets + 8, client->addr, 16);
	put16(octets + 24, port + 1 + (pcp_rng_below(rng, 9) == 0)); /* its nonce, or another */
	octets[36] = 6;
	put16(octets + 40, port);
	put16(octets + 42, 2000 + port);
	pcp_addr_any(octets + 44, true);
	if (answer)
		memcpy(octets + 56, (uint8_t[]){ 203, 0, 113, (uint8_t)pcp_rng_below(rng, 2) }, 4);
	if (peer)
		put16(octets + 60, 53);
	if (pcp_rng_below(rng, 5) == 0) {
		octets[len] = pcp_rng_below(rng, 2) ? PCP_PREFER_FAILURE : PCP_PORT_RESERVATION;
		len += 4;
	}
	if (pcp_rng_below(rng, 5) == 0) {
		octets[len] = PCP_PREFIX64;
		put16(octets + len + 2, 16);
		put16(octets + len + 4, 12);
		octets[len + 6] = (uint8_t)pcp_rng_below(rng, 3);
		len += 20;
	}
	return len;
}

static size_t compose(struct pcp_rng *rng, uint8_t *octets, bool answer,
		      const struct pcp_endpoint *client)
{
	memset(octets, 0, 200);
	switch (pcp_rng_below(rng, 12)) {
	case 0: /* ANNOUNCE */
		octets[0] = 2;
		octets[1] = answer ? PCP_R : 0;
		if (!answer)
			memcpy(octets + 8, client->addr, 16);
		return PCP_HEADER_LEN;
	case 1: /* NAT-PMP's address */
		octets[1] = answer ? PCP_R : 0;
		octets[11] = (uint8_t)(1 + pcp_rng_below(rng, 2));
		return answer ? 12 : 2;
	case 2: /* and its mappings */
		octets[1] = (uint8_t)(2 | (answer ? PCP_R : 0));
		put16(octets + (answer ? 8 : 4), (unsigned)pcp_rng_below(rng, PORTS));
		put16(octets + (answer ? 10 : 6), 3000);
		put16(octets + (answer ? 14 : 10), (unsigned)pcp_rng_below(rng, 3) * 300);
		return answer ? 16 : 12;
	case 3: /* refused, in either version */
		octets[0] = pcp_rng_below(rng, 2) ? 2 : 0;
		octets[1] = (uint8_t)(PCP_MAP | PCP_R);
		octets[3] = PCP_UNSUPP_VERSION;
		return octets[0] ? PCP_HEADER_LEN : 8;
	case 4: /* noise */
		for (size_t i = 0; i < 64; i++)
			octets[i] = (uint8_t)pcp_rng_below(rng, 256);
		return 1 + (size_t)pcp_rng_below(rng, 64);
	default:
		return compose_mapping(rng, octets, answer, client);
	}
}

static void put_epoch(struct pcp_rng *rng, uint8_t *octets, usec now)
{
	uint32_t epoch = (uint32_t)(now / USEC_PER_SEC) % 2000; /* it restarts now and then */
	size_t at = octets[0] ? 8 : 4;

	if (pcp_rng_below(rng, 60) == 0)
		epoch = 0;
	put16(octets + at + 2, epoch);
}

struct run {
	struct pcp_client *client;
	struct pcp_rng rng;
	usec now;
	uint32_t seed;
};

static bool send_nothing(void *arg, const struct pcp_client_server *server,
			 const struct pcp_endpoint *to, const uint8_t *octets, size_t len)
{
	(void)arg, (void)server, (void)to, (void)octets, (void)len;
	return false;
}

static void let_pass(struct run *run, usec wait)
{
	usec until = run->now + wait, due;

	while ((due = pcp_client_next(run->client)) <= until) {
		run->now = due > run->now ? due : run->now;
		pcp_client_tick(run->client, run->now);
	}
	run->now = until;
}

static void datagram(struct run *run, uint32_t n)
{
	struct pcp_rng rng;
	uint8_t octets[200];
	struct pcp_endpoint client, server;
	bool answer;
	size_t len;

	pcp_rng_seeded(&rng, (uint64_t)run->seed << 32 | n);
	client = end_of(false, pcp_rng_below(&rng, 5) == 0);
	server = end_of(true, pcp_rng_below(&rng, 5) == 0);
	let_pass(run, pcp_rng_below(&rng, 300) ? (usec)pcp_rng_below(&rng, 8 * USEC_PER_SEC)
					       : (usec)pcp_rng_below(&rng, 3000) * USEC_PER_SEC);
	if (pcp_rng_below(&rng, 40) == 0) {
		pcp_client_replay_unreachable(run->client, run->now, &client, &server, "nobody");
		return;
	}
	answer = pcp_rng_below(&rng, 2);
	len = compose(&rng, octets, answer, &client);
	if (answer)
		put_epoch(&rng, octets, run->now);
	if (answer)
		pcp_client_receive(run->client, run->now, &server, &client, octets, len);
	else
		pcp_client_replay_sent(run->client, run->now, &client, &server, octets, len);
}

static struct run *begin(uint32_t seed)
{
	struct run *run = calloc(1, sizeof *run);

	run->seed = seed;
	pcp_rng_seeded(&run->rng, seed);
	run->client =
		pcp_client_new(&(struct pcp_client_config){ .passive = true, .foreign = seed % 2 },
			       &run->rng, (struct pcp_client_io){ .send = send_nothing });
	assert_non_null(run->client);
	return run;
}

static void end(struct run *run)
{
	pcp_client_free(run->client);
	free(run);
}

static void step(struct run *run, uint32_t n)
{
	pcp_client_step(run->client, &run->now, sizeof run->now);
	datagram(run, n);
}

static void back(struct run *run)
{
	assert_true(pcp_client_back(run->client, &run->now, sizeof run->now));
}

/* ---- the tests ---- */

static void every_octet_is_what_it_was(void **state)
{
	uint64_t *was = malloc((STEPS + 1) * sizeof *was);
	size_t most = 0;

	(void)state;
	for (uint32_t seed = 1; seed <= worlds(SEEDS); seed++) {
		struct run *run = begin(seed);

		assert_true(pcp_client_remember(run->client, 64 << 20));
		for (uint32_t n = 0; n < STEPS; n++) {
			was[n] = of_client(run->client);
			step(run, n);
			if (n % 100 == 0) /* as a screen does, which closes gaps in the list */
				(void)pcp_client_mapping_at(run->client, 0);
			most = run->client->mappings.live > most ? run->client->mappings.live
								 : most;
		}
		assert_int_equal(pcp_client_steps(run->client), STEPS);
		for (uint32_t n = STEPS; n-- > 0;) {
			back(run);
			if (of_client(run->client) != was[n])
				fail_msg("seed %u: not what was before step %u", seed, n);
		}
		assert_int_equal(run->client->mappings.live, 0);
		assert_false(pcp_client_back(run->client, &run->now, sizeof run->now));
		end(run);
	}
	assert_true(most > PORTS); /* it was no empty life */
	free(was);
}

static void assert_same_rows(const struct pcp_client *a, const struct pcp_client *b)
{
	const struct client_row *one, *other;

	assert_int_equal(a->mappings.live, b->mappings.live);
	assert_int_equal(a->exchanges.live, b->exchanges.live);
	assert_int_equal(a->nserver, b->nserver);
	assert_true(pcp_client_next(a) == pcp_client_next(b));
	for (uint32_t id = 0; (one = idlist_after(&a->mappings, id)); id = one->pub.id) {
		struct pcp_mapping left = one->pub, right;

		other = idlist_find(&b->mappings, one->pub.id);
		assert_non_null(other);
		right = other->pub;
		assert_int_equal(left.request_len, right.request_len);
		assert_memory_equal(left.request, right.request, left.request_len);
		left.request = right.request = NULL;
		assert_memory_equal(&left, &right, sizeof left);
	}
}

/* Back and on again, at random: as if one had never gone back. */
static void back_and_on_is_as_straight_on(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= worlds(SEEDS); seed++) {
		struct run *run = begin(seed), *straight = begin(seed);
		struct pcp_rng rng;
		uint32_t at = 0;

		pcp_rng_seeded(&rng, seed);
		assert_true(pcp_client_remember(run->client, 64 << 20));
		while (at < STEPS) {
			uint64_t on = pcp_rng_below(&rng, 200), left = pcp_rng_below(&rng, 100);

			for (; on-- > 0 && at < STEPS; at++)
				step(run, at);
			for (; at < STEPS && left-- > 0 && at > 0; at--)
				back(run);
		}
		for (uint32_t n = 0; n < STEPS; n++)
			datagram(straight, n);
		assert_true(run->now == straight->now);
		assert_same_rows(run->client, straight->client);
		end(run);
		end(straight);
	}
}

static void only_a_passive_client_remembers(void **state)
{
	struct pcp_rng rng;
	struct pcp_client *client;

	(void)state;
	pcp_rng_seeded(&rng, 1);
	client = pcp_client_new(&(struct pcp_client_config){ 0 }, &rng,
				(struct pcp_client_io){ .send = send_nothing });
	assert_false(pcp_client_remember(client, 1 << 20));
	pcp_client_step(client, NULL, 0);
	assert_int_equal(pcp_client_steps(client), 0);
	assert_false(pcp_client_back(client, NULL, 0));
	pcp_client_free(client);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_octet_is_what_it_was),
		cmocka_unit_test(back_and_on_is_as_straight_on),
		cmocka_unit_test(only_a_passive_client_remembers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
