/* The lab's storage: the tree against a plain list, allocation under random requests, walks of up
 * to 100,000 mappings while others come and go, and floods. */
#include "lab_rig.h"

#include <time.h>

#include "tree.h"

/* ---- the tree ---- */

enum { ITEMS = 400, KEYS = 60 };

struct item {
	struct tree_node node;
	unsigned key;
	bool in;
};

static int compare_items(const struct tree_node *a, const struct tree_node *b)
{
	unsigned x = tree_record(a, struct item, node)->key;
	unsigned y = tree_record(b, struct item, node)->key;

	return (x > y) - (x < y);
}

static void check_tree(const struct tree *tree, struct item *items)
{
	size_t n = 0, i = 0;
	unsigned last = 0;

	for (size_t j = 0; j < ITEMS; j++)
		n += items[j].in;
	assert_int_equal(tree_size(tree), n);
	for (const struct tree_node *node = tree_nth(tree, 0); node;
	     node = tree_after(tree, node)) {
		const struct item *item = tree_record(node, struct item, node);
		assert_true(item->in && item->key >= last);
		assert_ptr_equal(tree_nth(tree, i++), node);
		last = item->key;
	}
	assert_int_equal(i, n);
	assert_null(tree_nth(tree, n));
	for (unsigned key = 0; key < KEYS; key++) {
		struct item probe = { .key = key };
		const struct tree_node *low = tree_at_most(tree, &probe.node);
		const struct tree_node *high = tree_at_least(tree, &probe.node);
		unsigned below = UINT32_MAX, above = UINT32_MAX;

		for (size_t j = 0; j < ITEMS; j++) {
			if (items[j].in && items[j].key <= key &&
			    (below == UINT32_MAX || items[j].key > below))
				below = items[j].key;
			if (items[j].in && items[j].key >= key && items[j].key < above)
				above = items[j].key;
		}
		assert_int_equal(low ? tree_record(low, struct item, node)->key : UINT32_MAX,
				 below);
		assert_int_equal(high ? tree_record(high, struct item, node)->key : UINT32_MAX,
				 above);
	}
}

static void the_tree_agrees_with_a_list(void **state)
{
	static struct item items[ITEMS];
	struct tree tree;
	struct pcp_rng rng;

	(void)state;
	pcp_rng_seeded(&rng, 3);
	tree_init(&tree, compare_items);
	for (unsigned step = 0; step < 20000; step++) {
		struct item *item = &items[pcp_rng_below(&rng, ITEMS)];

		if (item->in) {
			tree_remove(&tree, &item->node);
		} else {
			item->key = (unsigned)pcp_rng_below(&rng, KEYS);
			tree_insert(&tree, &item->node);
		}
		item->in = !item->in;
		if (step % 100 == 0)
			check_tree(&tree, items);
	}
}

static size_t depth(const struct tree_node *node)
{
	size_t left = node ? depth(node->left) : 0, right = node ? depth(node->right) : 0;

	return node ? 1 + (left > right ? left : right) : 0;
}

/* Keys in order are the worst that a plain search tree can meet. */
static void the_tree_stays_shallow(void **state)
{
	enum { MANY = 100000 };
	struct item *items = calloc(MANY, sizeof(*items));
	struct tree tree;

	(void)state;
	assert_non_null(items);
	tree_init(&tree, compare_items);
	for (unsigned i = 0; i < MANY; i++) {
		items[i].key = i;
		tree_insert(&tree, &items[i].node);
	}
	assert_in_range(depth(tree.root), 17, 60);
	free(items);
}

/* ---- random requests ---- */

static struct rig rig;

static void put16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value & 0xffff);
}

static struct pcp_endpoint client(unsigned host)
{
	struct pcp_endpoint endpoint = rig_endpoint("192.168.0.0:40000");

	put16(endpoint.addr + 14, host);
	return endpoint;
}

struct wish {
	unsigned host, protocol, port, external, nonce, set, remote;
	uint32_t lifetime;
	bool peer, exact, pair;
};

static size_t write_wish(const struct wish *wish, uint8_t *octets)
{
	struct pcp_endpoint from = client(wish->host);
	size_t len = wish->peer ? 80 : 60;

	memset(octets, 0, 128);
	octets[0] = 2;
	octets[1] = wish->peer ? 2 : 1;
	put32(octets + 4, wish->lifetime);
	memcpy(octets + 8, from.addr, 16);
	put16(octets + 24, wish->nonce);
	octets[36] = (uint8_t)wish->protocol;
	put16(octets + 40, wish->port);
	put16(octets + 42, wish->external);
	octets[54] = octets[55] = 0xff;
	if (wish->peer) {
		put16(octets + 60, wish->remote);
		memcpy(octets + 64, octets + 44, 12);
		put32(octets + 76, 0xc6336407);
		return len;
	}
	if (wish->set) {
		memcpy(octets + len, "\x82\0\0\5", 4);
		put16(octets + len + 4, wish->set);
		put16(octets + len + 6, wish->port);
		len += 12;
	}
	if (wish->exact) {
		memcpy(octets + len, "\2\0\0\0", 4);
		len += 4;
	}
	if (wish->pair) {
		memcpy(octets + len, "\x84\0\0\0", 4);
		len += 4;
	}
	return len;
}

/* The result code of the (last) answer. */
static unsigned grant(const struct wish *wish)
{
	struct pcp_endpoint from = client(wish->host), to = rig_endpoint("S");
	uint8_t octets[128];
	size_t len = write_wish(wish, octets);

	rig_clear(&rig);
	lab_receive(rig.lab, rig.now, &from, &to, octets, len);
	assert_true(rig.nsent > 0);
	assert_int_equal(rig.sent[0].octets[1], octets[1] | 0x80);
	return rig.sent[0].octets[3];
}

static void natpmp(unsigned host, unsigned opcode, unsigned port, uint32_t lifetime)
{
	struct pcp_endpoint from = client(host), to = rig_endpoint("S");
	uint8_t octets[12] = { 0, (uint8_t)opcode };

	put16(octets + 4, port);
	put32(octets + 8, lifetime);
	lab_receive(rig.lab, rig.now, &from, &to, octets, sizeof(octets));
}

/* No external port leads to two internal ones, each host's ports add up, the pools agree. */
static void check_state(uint32_t quota)
{
	enum { BASE = 30000, SPAN = 64 };
	static int owner[2][2][65536]; /* address, protocol, port: host and internal port, or 0 */
	uint32_t used[2][2] = { { 0 } }, hosts[8] = { 0 };
	struct lab_mapping mapping;
	struct lab_host host;
	struct lab_pool pool;

	memset(owner, 0, sizeof(owner));
	for (size_t i = 0; lab_mapping_at(rig.lab, i, &mapping); i++) {
		unsigned n = mapping.internal[15], wan = mapping.external[15] - 9u;
		unsigned protocol = mapping.protocol == 17;

		assert_true(wan < 2 && n < 8);
		hosts[n] += mapping.port_set_size;
		for (uint32_t j = 0; j < mapping.port_set_size; j++) {
			int mine = (int)(n << 16 | (mapping.internal_port + j));
			int *at = &owner[wan][protocol][mapping.external_port + j];

			assert_true(mapping.external_port + j >= BASE &&
				    mapping.external_port + j < BASE + SPAN);
			assert_true(*at == 0 || *at == mine);
			used[wan][protocol] += *at == 0;
			*at = mine;
		}
	}
	for (size_t i = 0; lab_host_at(rig.lab, i, &host); i++) {
		assert_int_equal(host.ports, hosts[host.address[15]]);
		assert_true(host.ports <= quota);
	}
	for (size_t i = 0; lab_pool_at(rig.lab, i, &pool); i++) {
		assert_int_equal(pool.size, SPAN);
		assert_true(pool.taken >= used[pool.address[15] - 9][pool.protocol == 17]);
		if (lab_nheld(rig.lab) == 0 && lab_nmappings(rig.lab) == 0)
			assert_int_equal(pool.taken, 0);
	}
}

static void random_requests_keep_it_sound(void **state)
{
	enum { QUOTA = 44 };
	size_t results[256] = { 0 };
	struct pcp_rng rng;

	(void)state;
	rig_open(&rig, 5);
	rig_set(&rig, "ports=30000-30063 wan=203.0.113.9/2 quota=44 min-lifetime=1 hold=20");
	pcp_rng_seeded(&rng, 9);
	for (unsigned step = 0; step < 30000; step++) {
		struct wish wish = {
			.host = (unsigned)pcp_rng_below(&rng, 6),
			.protocol = pcp_rng_below(&rng, 2) ? 17 : 6,
			.port = 100 + (unsigned)pcp_rng_below(&rng, 40),
			.external = pcp_rng_below(&rng, 2)
					    ? 29990 + (unsigned)pcp_rng_below(&rng, 80)
					    : 0,
			.nonce = (unsigned)pcp_rng_below(&rng, 20) == 0,
			.set = pcp_rng_below(&rng, 8) == 0 ? 1 + (unsigned)pcp_rng_below(&rng, 20)
							   : 0,
			.remote = 1 + (unsigned)pcp_rng_below(&rng, 3),
			.lifetime = (uint32_t)pcp_rng_below(&rng, 60),
			.peer = pcp_rng_below(&rng, 4) == 0,
			.exact = pcp_rng_below(&rng, 5) == 0,
			.pair = pcp_rng_below(&rng, 5) == 0,
		};
		if (pcp_rng_below(&rng, 6) == 0)
			natpmp(wish.host, wish.protocol == 17 ? 1 : 2, wish.port, wish.lifetime);
		else
			results[grant(&wish)]++;
		if (pcp_rng_below(&rng, 12) == 0)
			rig_until(&rig, rig.now + USEC_PER_SEC);
		if (pcp_rng_below(&rng, 3000) == 0)
			lab_restart(rig.lab, rig.now, false);
		if (step % 50 == 0)
			check_state(QUOTA);
	}
	assert_true(results[0] > 3000 && results[2] > 100 && results[6] > 100 && results[8] > 20 &&
		    results[10] > 5 && results[11] > 100);
	rig_until(&rig, rig.now + 200 * USEC_PER_SEC);
	assert_int_equal(lab_nmappings(rig.lab), 0);
	assert_int_equal(lab_nheld(rig.lab), 0);
	assert_int_equal(lab_nhosts(rig.lab), 0);
	check_state(QUOTA);
	rig_close(&rig);
}

/* Whoever drives the lab may be late: a gap that was long because of it makes the next one longer,
 * since each is to be at least double the one before (RFC 6887 14.1.3). */
static void gaps_double_however_late(void **state)
{
	usec last = 0, gap = 0, due;

	(void)state;
	rig_open(&rig, 5);
	rig_ask(&rig, "A",
		"02000000"
		"00000000"
		"00000000000000000000ffffc0a80564");
	rig_clear(&rig);
	lab_restart(rig.lab, rig.now, false);
	for (size_t seen = 0; (due = lab_next(rig.lab)) != USEC_NEVER && rig.nsent < 10;) {
		rig.now = due + (rig.nsent % 2 ? 20000 : 1000);
		lab_tick(rig.lab, rig.now);
		for (; seen < rig.nsent; seen++) {
			if (seen > 1)
				assert_true(rig.sent[seen].at - last >= 2 * gap);
			gap = seen ? rig.sent[seen].at - last : 0;
			last = rig.sent[seen].at;
		}
	}
	assert_int_equal(rig.nsent, 10);
	rig_close(&rig);
}

/* The same of updates: 250 ms, then 500 ms, from one to the next (14.2). */
static void updates_keep_their_gaps_however_late(void **state)
{
	static const usec least[] = { 0, 250000, 500000 };
	usec due;

	(void)state;
	rig_open(&rig, 5);
	rig_ask(&rig, "A",
		"0201000000000e1000000000000000000000ffffc0a80564"
		"0102030405060708090a0b0c06000000"
		"1f90000000000000000000000000ffff00000000");
	rig_clear(&rig);
	rig_set(&rig, "wan=203.0.113.77");
	while ((due = lab_next(rig.lab)) != USEC_NEVER && rig.nsent < 3) {
		rig.now = due + (rig.nsent == 1 ? 400000 : 1000);
		lab_tick(rig.lab, rig.now);
	}
	assert_int_equal(rig.nsent, 3);
	for (size_t i = 1; i < 3; i++)
		assert_true(rig.sent[i].at - rig.sent[i - 1].at >= least[i]);
	rig_close(&rig);
}

static void every_port_can_be_had_once(void **state)
{
	struct wish wish = { .protocol = 6, .lifetime = 3600 };
	struct lab_pool pool;
	unsigned result = 0;

	(void)state;
	rig_open(&rig, 5);
	for (wish.port = 1; wish.port <= 65535; wish.port++) {
		result = grant(&wish);
		if (result != 0)
			break;
	}
	assert_int_equal(wish.port, 65536 - 1024 + 1);
	assert_int_equal(result, 8);
	assert_true(lab_pool_at(rig.lab, 0, &pool));
	assert_int_equal(pool.taken, pool.size);
	rig_close(&rig);
}

/* ---- walks: draft-boucadair-pcp-failure-06 B.6, as a client does it ---- */

enum { ENTRY = 60, FIRST_ENTRY = 64 };

static size_t page(uint8_t locator[56], bool first)
{
	struct pcp_endpoint from = client(1), to = rig_endpoint("S");
	uint8_t octets[124] = { 2, 98 };

	memcpy(octets + 8, from.addr, 16);
	octets[38] = octets[39] = octets[58 - 4] = octets[58 - 3] = 0;
	memcpy(octets + 64, "\x83\0\0\x38", 4);
	if (!first) {
		memcpy(octets + 68, locator, 56);
		octets[68 + 15] = 0;
		put32(octets + 68 + 48, 0);
	}
	rig_clear(&rig);
	lab_receive(rig.lab, rig.now, &from, &to, octets, sizeof(octets));
	assert_int_equal(rig.nsent, 1);
	return rig.sent[0].octets[3] == 0 ? (rig.sent[0].len - FIRST_ENTRY) / ENTRY : 0;
}

static unsigned identity(const uint8_t *entry)
{
	return (entry[12] == 17) * 65536u + entry[52] * 256u + entry[53];
}

static double seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec + 1e-9 * (double)ts.tv_nsec;
}

/* Mappings that stay are at even internal ports of 2 to 50000 of both protocols; odd ones come and
 * go. */
static struct wish staying(unsigned i)
{
	return (struct wish){
		.host = 1, .protocol = i % 2 ? 17 : 6, .port = 1 + i / 2, .lifetime = 86400
	};
}

static void churn(unsigned turn)
{
	struct wish wish = { .host = 1,
			     .protocol = turn % 2 ? 17 : 6,
			     .port = 60000 + turn % 2000,
			     .lifetime = 130 };

	if (turn % 3 == 0)
		wish.port -=
			9000 + turn % 1000; /* between the staying ones when there are 100,000 */
	grant(&wish);
	rig_until(&rig, rig.now + USEC_PER_SEC);
}

static double walk(unsigned many, size_t *pages)
{
	static uint8_t seen[2 * 65536];
	uint8_t locator[56] = { 0 };
	bool end = false;
	double busy = 0;

	memset(seen, 0, sizeof(seen));
	for (*pages = 0; !end; ++*pages) {
		double before = seconds();
		size_t n = page(locator, *pages == 0);

		busy += seconds() - before;
		assert_true(n > 0);
		for (size_t i = 0; i < n; i++) {
			const uint8_t *entry = rig.sent[0].octets + FIRST_ENTRY + i * ENTRY + 4;

			if (i == 0 && *pages > 0 && identity(entry) == identity(locator))
				continue; /* the locator's own stays first */
			assert_int_equal(seen[identity(entry)]++, 0);
			end = entry[15] != 0;
		}
		memcpy(locator, rig.sent[0].octets + FIRST_ENTRY + (n - 1) * ENTRY + 4, 56);
		churn((unsigned)*pages);
	}
	for (unsigned i = 0; i < many; i++) {
		struct wish wish = staying(i);
		assert_int_equal(seen[(wish.protocol == 17) * 65536u + wish.port], 1);
	}
	return busy;
}

static void walks_see_every_mapping_once(void **state)
{
	static const unsigned sizes[] = { 1000, 10000, 100000 };
	double each[3];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		double made;
		size_t pages;

		rig_open(&rig, 5);
		rig_set(&rig, "quota=200000");
		made = seconds();
		for (unsigned j = 0; j < sizes[i]; j++) {
			struct wish wish = staying(j);
			assert_int_equal(grant(&wish), 0);
		}
		made = seconds() - made;
		each[i] = walk(sizes[i], &pages) / (double)pages;
		print_message("%6u mappings: made in %.1f us each, %zu pages of %.1f us\n",
			      sizes[i], 1e6 * made / sizes[i], pages, 1e6 * each[i]);
		assert_in_range(pages, sizes[i] / 17, sizes[i] / 15 + 400);
		rig_close(&rig);
	}
	/* A logarithm and the caches, not a factor of 100. */
	assert_true(each[2] < 10 * each[0] + 1e-4);
}

/* ---- floods ---- */

static void garbage(struct pcp_rng *rng, uint8_t *octets, size_t *len)
{
	*len = (size_t)pcp_rng_below(rng, 1400);
	rng->fill(rng, octets, *len);
	if (*len > 1 && pcp_rng_below(rng, 2)) {
		octets[0] = (uint8_t)pcp_rng_below(rng, 4);
		octets[1] &= 0x7f;
	}
	if (*len > 1 && pcp_rng_below(rng, 2))
		octets[1] =
			(uint8_t)pcp_rng_below(rng, 4) == 3 ? 98 : (uint8_t)pcp_rng_below(rng, 3);
}

static void a_flood_fills_no_more_than_the_tables(void **state)
{
	enum { LIMIT = 2000 };
	size_t results[256] = { 0 };
	uint8_t octets[1400];
	struct pcp_rng rng;

	(void)state;
	rig_open(&rig, 5);
	rig_set(&rig, "max-mappings=2000 quota=100 delay=1s@0.01");
	pcp_rng_seeded(&rng, 9);
	for (unsigned step = 0; step < 200000; step++) {
		struct pcp_endpoint from = client((unsigned)pcp_rng_below(&rng, 60000));
		struct pcp_endpoint to = rig_endpoint("S");
		struct wish wish = { .host = (unsigned)pcp_rng_below(&rng, 60),
				     .protocol = 6,
				     .port = 1 + (unsigned)pcp_rng_below(&rng, 60000),
				     .lifetime = 1 + (uint32_t)pcp_rng_below(&rng, 200) };
		size_t len;

		rig_clear(&rig);
		garbage(&rng, octets, &len);
		if (len >= 24 && pcp_rng_below(&rng, 2))
			memcpy(octets + 8, from.addr, 16);
		lab_receive(rig.lab, rig.now, &from, &to, octets, len);
		rig_clear(&rig);
		len = write_wish(&wish, octets);
		from = client(wish.host);
		lab_receive(rig.lab, rig.now, &from, &to, octets, len);
		if (rig.nsent)
			results[rig.sent[0].octets[3]]++;
		assert_true(lab_nmappings(rig.lab) + lab_nheld(rig.lab) <= LIMIT);
		assert_true(lab_nhosts(rig.lab) <= LIMIT);
		if (step % 100 == 0)
			rig_until(&rig, rig.now + USEC_PER_SEC);
	}
	assert_true(results[0] > 10000 && results[8] > 1000);
	/* And it still serves. */
	rig_set(&rig, "max-mappings=3000 faults=off");
	assert_int_equal(
		grant(&(struct wish){ .host = 5000, .protocol = 17, .port = 9, .lifetime = 9 }), 0);
	rig_close(&rig);
}

static void one_host_cannot_take_it_all(void **state)
{
	struct wish wish = { .host = 1, .protocol = 6, .lifetime = 3600 };
	size_t results[256] = { 0 };

	(void)state;
	rig_open(&rig, 5);
	rig_set(&rig, "quota=100");
	for (wish.port = 1; wish.port < 1000; wish.port++)
		results[grant(&wish)]++;
	assert_int_equal(results[0], 100);
	assert_int_equal(results[10], 899);
	wish.host = 2;
	assert_int_equal(grant(&wish), 0);
	rig_close(&rig);
}

/* A new address with many mappings: every client is told three times, and nothing is lost. */
static void renumbering_many(void **state)
{
	struct lab_counters counters;
	struct lab_mapping mapping;

	(void)state;
	rig_open(&rig, 5);
	for (unsigned i = 0; i < 5000; i++) {
		struct wish wish = staying(i);
		wish.host = i % 50;
		grant(&wish);
	}
	rig_set(&rig, "wan=203.0.113.20/2");
	rig_until(&rig, rig.now + 5 * USEC_PER_SEC);
	lab_count(rig.lab, &counters);
	assert_int_equal(counters.updated, 3 * 5000);
	assert_int_equal(lab_nmappings(rig.lab), 5000);
	for (size_t i = 0; lab_mapping_at(rig.lab, i, &mapping); i++)
		assert_in_range(mapping.external[15], 20, 21);
	rig_close(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_tree_agrees_with_a_list),
		cmocka_unit_test(the_tree_stays_shallow),
		cmocka_unit_test(random_requests_keep_it_sound),
		cmocka_unit_test(gaps_double_however_late),
		cmocka_unit_test(updates_keep_their_gaps_however_late),
		cmocka_unit_test(every_port_can_be_had_once),
		cmocka_unit_test(walks_see_every_mapping_once),
		cmocka_unit_test(a_flood_fills_no_more_than_the_tables),
		cmocka_unit_test(one_host_cannot_take_it_all),
		cmocka_unit_test(renumbering_many),
	};

	return cmocka_run_group_tests_name("lab storage", tests, NULL, NULL);
}
