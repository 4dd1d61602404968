/* A beacon under a fake clock: its hash against the published vectors, its messages, the line to
 * paste, whom it heeds and what that costs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "beacon.h"
#include "random.h"

static const uint8_t key[BEACON_KEY_LEN] = { 7, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };

/* ---- the hash ---- */

/* Of the octets 0, 1, 2, ... up to length 63, under the key 0, 1, ... 15, each in hexadecimal:
 * those that stand beside the authors' own code (github.com/veorq/SipHash, vectors.h). */
static const char published[] = "310e0edd47db6f72fd67dc93c539f8745a4fa9d909806c0d2d7efbd796666785"
				"b7877127e09427cf8da699cd64557618cee3fe586e46c9cb37d1018bf50002ab"
				"6224939a79f5f593b0e4a90bdf82009ef3b9dd94c5bb5d7aa7ad6b22462fb3f4"
				"fbe50e86bc8f1e75903d84c02756ea14eef27a8e90ca23f7e545be4961ca29a1"
				"db9bc2577fcc2a3f9447be2cf5e99a699cd38d96f0b3c14bbd6179a71dc96dbb"
				"98eea21af25cd6bec7673b2eb0cbf2d0883ea3e395675393c8ce5ccd8c030ca8"
				"94af49f6c650adb8eab8858ade92e1bcf315bb5bb835d817adcf6b0763612e2f"
				"a5c91da7acaa4dde716595876650a2a628ef495c53a387ad42c341d8fa92d832"
				"ce7cf2722f512771e37859f94623f3a7381205bb1ab0e012ae97a10fd434e015"
				"b4a31508beff4d3181396229f09079024d0cf49ee5d4dcca5c73336a76d8bf9a"
				"d0a704536ba93e0e925958fcd6420cada915c29bc8067318952b79f3bc0aa6d4"
				"f21df2e41d4535f987577519048f53a910a56cf5dfcd9adbeb75095ccd986cd0"
				"51a9cb9ecba312e696afadfc2ce666c772fe52975a4364ee5a1645b276d592a1"
				"b274cb8ebf87870a6f9bb4203de7b381eaecb2a30b22a87f9924a43cc1315724"
				"bd838d3aafbf8db70b1a2a3265d51aea135079a3231ce660932b2846e4d70666"
				"e1915f5cb1eca46cf325965ca16d629f575ff28e60381be5724506eb4c328a95";

static void the_hash_is_the_published_one(void **state)
{
	uint8_t counting[64], expected[8 * 64];
	size_t len;

	(void)state;
	assert_true(pcp_hex_parse(published, expected, sizeof expected, &len, NULL));
	assert_int_equal(len, sizeof expected);
	for (size_t i = 0; i < sizeof counting; i++)
		counting[i] = (uint8_t)i;
	for (size_t n = 0; n < 64; n++) {
		uint64_t value = siphash(counting, counting, n);

		for (size_t i = 0; i < 8; i++)
			assert_int_equal((uint8_t)(value >> 8 * i), expected[8 * n + i]);
	}
}

/* ---- messages ---- */

static struct beacon_message message_of(enum beacon_type type)
{
	struct beacon_message message = { .type = type,
					  .nonce = { 1, 2, 3, 4, 5, 6, 7, 8 },
					  .port = { 50000, 50001 },
					  .saw = { BEACON_OPEN, BEACON_SILENT },
					  .source = { .port = 40000 } };

	assert_true(pcp_addr_parse("192.0.2.7", message.source.addr, NULL));
	return message;
}

/* Every octet of a message belongs to one field. */
static void the_table_has_no_gap(void **state)
{
	size_t at = 0;

	(void)state;
	for (size_t i = 0; i < beacon_nfields; i++) {
		assert_int_equal(beacon_fields[i].off, at);
		at += beacon_fields[i].len;
	}
	assert_int_equal(at, BEACON_MESSAGE_LEN);
}

static void what_is_packed_is_unpacked(void **state)
{
	uint8_t octets[BEACON_ASK_LEN];
	struct beacon_message back;

	(void)state;
	for (enum beacon_type type = BEACON_ASK; type <= BEACON_ANSWER; type++) {
		struct beacon_message message = message_of(type);
		size_t len = beacon_pack(&message, key, octets);

		assert_int_equal(len, type == BEACON_ASK ? BEACON_ASK_LEN : BEACON_MESSAGE_LEN);
		assert_true(beacon_unpack(octets, len, key, &back));
		assert_int_equal(back.type, type);
		assert_memory_equal(back.nonce, message.nonce, sizeof back.nonce);
		assert_memory_equal(back.port, message.port, sizeof back.port);
		assert_memory_equal(back.saw, message.saw, sizeof back.saw);
		assert_true(pcp_endpoint_same(&back.source, &message.source));
	}
}

/* No length but the whole, no octet but its own, no key but the one. */
static void nothing_else_is_unpacked(void **state)
{
	struct beacon_message message, back;
	uint8_t octets[BEACON_ASK_LEN + 1], other[BEACON_KEY_LEN];

	(void)state;
	for (enum beacon_type type = BEACON_ASK; type <= BEACON_ANSWER; type++) {
		message = message_of(type);
		size_t len = beacon_pack(&message, key, octets);

		octets[len] = 0;
		for (size_t cut = 0; cut <= len + 1 && cut <= sizeof octets; cut++)
			assert_true(beacon_unpack(octets, cut, key, &back) == (cut == len));
		for (size_t bit = 0; bit < 8 * len; bit++) {
			octets[bit / 8] ^= (uint8_t)(1 << bit % 8);
			assert_false(beacon_unpack(octets, len, key, &back));
			octets[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
		for (size_t bit = 0; bit < 8 * sizeof other; bit++) {
			memcpy(other, key, sizeof other);
			other[bit / 8] ^= (uint8_t)(1 << bit % 8);
			assert_false(beacon_unpack(octets, len, other, &back));
		}
	}
}

/* ---- the line ---- */

static void a_line_is_read_as_it_is_printed(void **state)
{
	static const char *const at[] = { "192.0.2.1:1", "[2001:db8::1]:65535" };
	struct beacon_line line, back;
	char text[BEACON_LINE_TEXT];
	struct pcp_why why;

	(void)state;
	memcpy(line.key, key, sizeof line.key);
	for (size_t i = 0; i < 2; i++) {
		assert_true(pcp_endpoint_parse(at[i], 0, &line.at, NULL));
		assert_true(beacon_line_text(&line, text, sizeof text) < sizeof text);
		assert_true(beacon_line_parse(text, &back, &why));
		assert_true(pcp_endpoint_same(&line.at, &back.at));
		assert_memory_equal(line.key, back.key, sizeof line.key);
	}
}

static void a_bad_line_is_refused_with_what_is_allowed(void **state)
{
	static const char *const bad[] = {
		"",
		"#",
		"192.0.2.1:4000",
		"192.0.2.1:4000#",
		"192.0.2.1:4000#0123456789abcdef0123456789abcde",
		"192.0.2.1:4000#0123456789abcdef0123456789abcdef0",
		"192.0.2.1:4000#0123456789abcdef0123456789abcdeg",
		"192.0.2.1:4000#0123456789abcdef0123456789abcdef#",
		"192.0.2.1:4000 #0123456789abcdef0123456789abcdef",
		"192.0.2.1#0123456789abcdef0123456789abcdef",
		"192.0.2.1:0#0123456789abcdef0123456789abcdef",
		"192.0.2.1:70000#0123456789abcdef0123456789abcdef",
		"0.0.0.0:4000#0123456789abcdef0123456789abcdef",
		"224.0.0.1:4000#0123456789abcdef0123456789abcdef",
		"255.255.255.255:4000#0123456789abcdef0123456789abcdef",
		"[ff02::1]:4000#0123456789abcdef0123456789abcdef",
		"[::]:4000#0123456789abcdef0123456789abcdef",
		"host.example:4000#0123456789abcdef0123456789abcdef",
		"\x1b[31m:4000#0123456789abcdef0123456789abcdef",
	};
	struct beacon_line line;
	char long_one[1000];
	struct pcp_why why;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		why.text[0] = '\0';
		assert_false(beacon_line_parse(bad[i], &line, &why));
		assert_non_null(strstr(why.text, "ADDRESS:PORT#KEY"));
		assert_null(strchr(why.text, '\x1b'));
	}
	memset(long_one, '1', sizeof long_one);
	snprintf(long_one + 900, 100, "#0123456789abcdef0123456789abcdef");
	assert_false(beacon_line_parse(long_one, &line, &why));
}

/* ---- whom it heeds ---- */

struct world {
	struct beacon *beacon;
	struct pcp_rng rng;
	usec now;
	struct pcp_endpoint asker, here;
	size_t tries, answers;
	size_t in, out; /* octets, with the headers of IPv4 in, and of IPv6 out */
	struct beacon_message last_try;
	struct pcp_endpoint last_to;
	uint8_t answer[BEACON_ASK_LEN];
	size_t answer_len;
};

static void tries(void *arg, const struct pcp_endpoint *from, const struct pcp_endpoint *to,
		  const struct beacon_message *ask)
{
	struct world *world = arg;

	assert_true(pcp_endpoint_same(from, &world->here));
	world->tries++;
	world->out += BEACON_UDP_COST + BEACON_TCP_COST;
	world->last_try = *ask;
	world->last_to = *to;
}

static void sends(void *arg, const struct pcp_endpoint *from, const struct pcp_endpoint *to,
		  const uint8_t *octets, size_t len)
{
	struct world *world = arg;

	assert_true(pcp_endpoint_same(from, &world->here));
	assert_true(pcp_endpoint_same(to, &world->last_to));
	world->answers++;
	world->out += 40 + 8 + len;
	memcpy(world->answer, octets, len);
	world->answer_len = len;
}

static int set_up(void **state)
{
	static struct world world;

	world = (struct world){ .now = 1000 * USEC_PER_SEC };
	pcp_rng_seeded(&world.rng, 1);
	assert_true(pcp_endpoint_parse("192.0.2.7:40000", 0, &world.asker, NULL));
	assert_true(pcp_endpoint_parse("198.51.100.1:4000", 0, &world.here, NULL));
	world.beacon = beacon_new(key, (struct beacon_io){ &world, tries, sends });
	assert_non_null(world.beacon);
	*state = &world;
	return 0;
}

static int tear_down(void **state)
{
	beacon_free(((struct world *)*state)->beacon);
	return 0;
}

static void receive(struct world *world, const uint8_t *octets, size_t len)
{
	world->in += 20 + 8 + len;
	beacon_receive(world->beacon, world->now, &world->asker, &world->here, octets, len);
}

static void saw(struct world *world, enum beacon_saw udp, enum beacon_saw tcp)
{
	beacon_tried(world->beacon, (enum beacon_saw[]){ udp, tcp });
}

static void ask_with(struct world *world, const uint8_t *with, uint8_t octets[BEACON_ASK_LEN])
{
	struct beacon_message ask = { .type = BEACON_ASK, .port = { 50000, 50001 } };
	size_t len;

	world->rng.fill(&world->rng, ask.nonce, sizeof ask.nonce);
	len = beacon_pack(&ask, with, octets);
	receive(world, octets, len);
}

static void who_has_the_key_is_answered(void **state)
{
	struct world *world = *state;
	uint8_t octets[BEACON_ASK_LEN];
	struct beacon_message answer;

	ask_with(world, key, octets);
	assert_int_equal(world->tries, 1);
	assert_int_equal(world->answers, 0); /* nothing before it has seen something */
	assert_true(pcp_endpoint_same(&world->last_to, &world->asker));
	saw(world, BEACON_OPEN, BEACON_REFUSED);
	assert_int_equal(world->answers, 1);
	assert_true(beacon_unpack(world->answer, world->answer_len, key, &answer));
	assert_int_equal(answer.type, BEACON_ANSWER);
	assert_int_equal(answer.saw[BEACON_UDP], BEACON_OPEN);
	assert_int_equal(answer.saw[BEACON_TCP], BEACON_REFUSED);
	assert_memory_equal(answer.nonce, world->last_try.nonce, sizeof answer.nonce);
	assert_true(pcp_endpoint_same(&answer.source, &world->asker));
	saw(world, BEACON_OPEN, BEACON_OPEN); /* nothing was tried */
	assert_int_equal(world->answers, 1);
}

static void another_key_is_nobody(void **state)
{
	struct world *world = *state;
	uint8_t octets[BEACON_ASK_LEN], other[BEACON_KEY_LEN];

	for (size_t bit = 0; bit < 8 * sizeof other; bit++) {
		memcpy(other, key, sizeof other);
		other[bit / 8] ^= (uint8_t)(1 << bit % 8);
		ask_with(world, other, octets);
		world->now += 2 * USEC_PER_SEC;
	}
	assert_int_equal(world->out, 0);
	assert_int_equal(beacon_counts(world->beacon).foreign, 8 * sizeof other);
	ask_with(world, key, octets); /* and nobody stood in the way of who has it */
	assert_int_equal(world->tries, 1);
}

static void an_ask_is_heeded_once(void **state)
{
	struct world *world = *state;
	uint8_t first[BEACON_ASK_LEN], octets[BEACON_ASK_LEN];

	ask_with(world, key, first);
	saw(world, BEACON_OPEN, BEACON_OPEN);
	for (int i = 0; i < 100; i++) {
		world->now += 3 * USEC_PER_SEC;
		pcp_endpoint_parse(i % 2 ? "192.0.2.7:40000" : "203.0.113.5:7", 0, &world->asker,
				   NULL);
		receive(world, first, sizeof first);
		assert_int_equal(world->tries, 1 + (size_t)i);
		ask_with(world, key, octets); /* many others later, too */
		saw(world, BEACON_OPEN, BEACON_OPEN);
	}
	assert_int_equal(beacon_counts(world->beacon).repeated, 100);
}

/* Of asks at any rate, one a second is tried, and none while another is. */
static void one_a_second(void **state)
{
	struct world *world = *state;
	uint8_t octets[BEACON_ASK_LEN];
	usec began = world->now, last = 0;

	while (world->now < began + 60 * USEC_PER_SEC) {
		size_t before = world->tries;

		ask_with(world, key, octets);
		if (world->tries > before) {
			assert_true(!last || world->now - last >= USEC_PER_SEC);
			last = world->now;
		}
		world->now += USEC_PER_SEC / 50;
		if (pcp_rng_below(&world->rng, 4) == 0)
			saw(world, BEACON_SILENT, BEACON_SILENT);
	}
	assert_in_range(world->tries, 50, 60);
	assert_true(world->answers <= world->tries);
	assert_true(beacon_counts(world->beacon).hurried > 2000);
}

static void nobody_hurries_while_it_tries(void **state)
{
	struct world *world = *state;
	uint8_t octets[BEACON_ASK_LEN];

	ask_with(world, key, octets);
	world->now += 100 * USEC_PER_SEC;
	ask_with(world, key, octets);
	assert_int_equal(world->tries, 1);
	saw(world, BEACON_OPEN, BEACON_OPEN);
	ask_with(world, key, octets);
	assert_int_equal(world->tries, 2);
}

/* Whatever comes, in whatever order: never more octets out than in. */
static void no_octet_more_out_than_in(void **state)
{
	struct world *world = *state;
	uint8_t kept[8][BEACON_ASK_LEN], octets[BEACON_ASK_LEN + 200];

	memset(kept, 0, sizeof kept);
	for (int i = 0; i < 20000; i++) {
		uint64_t dice = pcp_rng_below(&world->rng, 10);
		size_t len = (size_t)pcp_rng_below(&world->rng, sizeof octets);

		if (dice < 3) {
			ask_with(world, key, kept[i % 8]);
		} else if (dice < 5) {
			receive(world, kept[pcp_rng_below(&world->rng, 8)], BEACON_ASK_LEN);
		} else if (dice < 7) { /* one of them, cut and broken */
			memcpy(octets, kept[i % 8], BEACON_ASK_LEN);
			octets[pcp_rng_below(&world->rng, BEACON_MESSAGE_LEN)] ^= 0x40;
			receive(world, octets, len < BEACON_ASK_LEN ? len : BEACON_ASK_LEN);
		} else if (dice < 8) {
			world->rng.fill(&world->rng, octets, sizeof octets);
			receive(world, octets, len);
		} else {
			saw(world, BEACON_OPEN, BEACON_STRANGER);
		}
		world->now += (usec)pcp_rng_below(&world->rng, (uint64_t)USEC_PER_SEC);
		assert_true(world->out <= world->in);
	}
	assert_true(world->tries > 1000 && world->answers > 1000);
}

static void other_messages_of_the_key_are_no_ask(void **state)
{
	struct world *world = *state;
	struct beacon_message message;
	uint8_t octets[BEACON_ASK_LEN];

	for (enum beacon_type type = BEACON_TRY; type <= BEACON_ANSWER; type++) {
		message = message_of(type);
		receive(world, octets, beacon_pack(&message, key, octets));
	}
	message = (struct beacon_message){ .type = BEACON_ASK }; /* and no port is nothing to try */
	receive(world, octets, beacon_pack(&message, key, octets));
	assert_int_equal(world->out, 0);
	assert_int_equal(beacon_counts(world->beacon).foreign, 4);
}

static void a_key_is_used_up(void **state)
{
	struct world *world = *state;
	uint8_t octets[BEACON_ASK_LEN];

	for (int i = 0; i < BEACON_ASKS_MAX; i++) {
		assert_false(beacon_used_up(world->beacon));
		ask_with(world, key, octets);
		saw(world, BEACON_OPEN, BEACON_OPEN);
		world->now += USEC_PER_SEC;
	}
	assert_true(beacon_used_up(world->beacon));
	ask_with(world, key, octets);
	assert_int_equal(world->tries, BEACON_ASKS_MAX);
}

int main(void)
{
#define WORLD(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_hash_is_the_published_one),
		cmocka_unit_test(the_table_has_no_gap),
		cmocka_unit_test(what_is_packed_is_unpacked),
		cmocka_unit_test(nothing_else_is_unpacked),
		cmocka_unit_test(a_line_is_read_as_it_is_printed),
		cmocka_unit_test(a_bad_line_is_refused_with_what_is_allowed),
		WORLD(who_has_the_key_is_answered),
		WORLD(another_key_is_nobody),
		WORLD(an_ask_is_heeded_once),
		WORLD(one_a_second),
		WORLD(nobody_hurries_while_it_tries),
		WORLD(no_octet_more_out_than_in),
		WORLD(other_messages_of_the_key_are_no_ask),
		WORLD(a_key_is_used_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
