/* Each fault and each scenario does what its name says; the words that set the lab up. */
#include "lab_rig.h"

#define ANNOUNCED REPLY("80", "00", NEVER)
#define REST1	  BODY(NONCE1, TCP, "1f90", "0000", ANY4)
#define MAP1	  MAP(HOUR, A4) REST1
#define MAPPED1	  MAPPED(HOUR) BODY(NONCE1, TCP, "1f90", "1f90", WAN)
#define PEER1	  PEER(HOUR, A4) BODY(NONCE1, TCP, "1f90", "0000", ANY4) REMOTE("01bb", PEER4)
#define ANYTHING  FIND("00", ANY4, ANY4, "0000", "0000")

static struct rig rig;

static int open_rig(void **state)
{
	(void)state;
	rig_open(&rig, 7);
	return 0;
}

static int close_rig(void **state)
{
	(void)state;
	rig_close(&rig);
	return 0;
}

static const struct rig_sent *only(void)
{
	assert_int_equal(rig.nsent, 1);
	return &rig.sent[0];
}

static const struct rig_sent *ask(const char *hex)
{
	rig_clear(&rig);
	rig_ask(&rig, "A", hex);
	return &rig.sent[0];
}

static void ask_map(unsigned port)
{
	char hex[256];

	snprintf(hex, sizeof(hex), MAP(HOUR, A4) NONCE1 TCP "000000%04x0000" ANY4, port);
	rig_ask(&rig, "A", hex);
}

static unsigned internal_port(const struct rig_sent *sent)
{
	return (unsigned)sent->octets[40] << 8 | sent->octets[41];
}

static uint32_t word_at(const struct rig_sent *sent, size_t off)
{
	return (uint32_t)sent->octets[off] << 24 | (uint32_t)sent->octets[off + 1] << 16 |
	       (uint32_t)sent->octets[off + 2] << 8 | sent->octets[off + 3];
}

/* ---- faults ---- */

static void drop(void **state)
{
	(void)state;
	rig_set(&rig, "drop=1/map");
	rig_ask(&rig, "A", MAP1);
	assert_int_equal(rig.nsent, 0);
	assert_int_equal(lab_nmappings(rig.lab), 0);
	rig_ask(&rig, "A", ANNOUNCE(A4));
	rig_check(&rig, 0, ANNOUNCED);
	rig_set(&rig, "drop=0");
	ask(MAP1);
	rig_check(&rig, 0, MAPPED1);
}

static size_t answered(const char *words, uint64_t seed, char pattern[1000])
{
	struct rig *other = malloc(sizeof(*other));
	size_t n = 0;

	assert_non_null(other);
	rig_open(other, seed);
	rig_set(other, words);
	for (size_t i = 0; i < 1000; i++) {
		rig_clear(other);
		rig_ask(other, "A", ANNOUNCE(A4));
		pattern[i] = other->nsent > 0;
		n += other->nsent > 0;
	}
	rig_close(other);
	free(other);
	return n;
}

static void rates_repeat_by_seed(void **state)
{
	char first[1000], again[1000], other[1000];
	size_t n = answered("seed=5 drop=0.3", 1, first);

	(void)state;
	assert_in_range(n, 640, 760);
	/* The faults' seed alone decides, not the lab's own. */
	assert_int_equal(answered("seed=5 drop=0.3", 2, again), n);
	assert_memory_equal(first, again, sizeof(first));
	answered("seed=6 drop=0.3", 1, other);
	assert_memory_not_equal(first, other, sizeof(first));
}

static void drop_reply(void **state)
{
	(void)state;
	rig_set(&rig, "drop-reply");
	rig_ask(&rig, "A", MAP1);
	assert_int_equal(rig.nsent, 0);
	assert_int_equal(lab_nmappings(rig.lab), 1);
}

static void silence(void **state)
{
	(void)state;
	rig_set(&rig, "silence=10s");
	rig_until(&rig, 10 * USEC_PER_SEC - 1);
	rig_ask(&rig, "A", ANNOUNCE(A4));
	assert_int_equal(rig.nsent, 0);
	rig_until(&rig, 10 * USEC_PER_SEC);
	rig_ask(&rig, "A", ANNOUNCE(A4));
	rig_check(&rig, 0, ANNOUNCED);
	rig_set(&rig, "silence");
	rig_until(&rig, 1000 * USEC_PER_SEC);
	ask(ANNOUNCE(A4));
	assert_int_equal(rig.nsent, 0);
	rig_set(&rig, "silence=off");
	ask(ANNOUNCE(A4));
	rig_check(&rig, 0, ANNOUNCED);
}

static void result(void **state)
{
	(void)state;
	rig_set(&rig, "result=user-ex-quota/map");
	rig_ask(&rig, "A", MAP1);
	rig_check(&rig, 0, NOT_MAPPED("0a", SHORT) REST1);
	assert_int_equal(lab_nmappings(rig.lab), 0);
	ask(ANNOUNCE(A4));
	rig_check(&rig, 0, ANNOUNCED);
	rig_set(&rig, "result=250");
	ask(ANNOUNCE(A4));
	rig_check(&rig, 0, REPLY("80", "fa", SHORT));
}

static void unsolicited(void **state)
{
	bool announce = false, update = false;

	(void)state;
	rig_set(&rig, "unsolicited");
	for (int i = 0; i < 30; i++) {
		const struct rig_sent *sent = ask(ANNOUNCE(A4));
		assert_int_equal(rig.nsent, 2);
		assert_int_equal(sent->octets[3], 0);
		announce |= sent->octets[1] == 0x80 && sent->len == 24;
		update |= sent->octets[1] == 0x81 && sent->len == 60;
		rig_check(&rig, 1, ANNOUNCED);
	}
	assert_true(announce && update);
	assert_int_equal(lab_nmappings(rig.lab), 0);
}

static void duplicate(void **state)
{
	(void)state;
	rig_set(&rig, "duplicate");
	rig_ask(&rig, "A", MAP1);
	assert_int_equal(rig.nsent, 2);
	rig_check(&rig, 0, MAPPED1);
	rig_check(&rig, 1, MAPPED1);
}

static void delay(void **state)
{
	(void)state;
	rig_set(&rig, "delay=200ms/announce");
	rig_ask(&rig, "A", ANNOUNCE(A4));
	rig_until(&rig, 199999);
	assert_int_equal(rig.nsent, 0);
	rig_until(&rig, 200000);
	rig_check(&rig, 0, ANNOUNCED);
	ask(MAP1);
	rig_check(&rig, 0, MAPPED1);
}

static void jitter(void **state)
{
	usec least = USEC_NEVER, most = 0;

	(void)state;
	rig_set(&rig, "jitter=100ms");
	for (int i = 0; i < 100; i++)
		rig_ask(&rig, "A", ANNOUNCE(A4));
	rig_until(&rig, 100000);
	assert_int_equal(rig.nsent, 100);
	for (size_t i = 0; i < rig.nsent; i++) {
		least = rig.sent[i].at < least ? rig.sent[i].at : least;
		most = rig.sent[i].at > most ? rig.sent[i].at : most;
	}
	assert_true(least < 20000 && most > 80000);
}

static void reorder(void **state)
{
	unsigned seen[20] = { 0 }, inversions = 0;

	(void)state;
	rig_set(&rig, "reorder");
	for (unsigned port = 1; port <= 20; port++)
		ask_map(port);
	rig_until(&rig, USEC_PER_SEC);
	assert_int_equal(rig.nsent, 20);
	for (size_t i = 0; i < 20; i++) {
		seen[internal_port(&rig.sent[i]) - 1]++;
		inversions += i && internal_port(&rig.sent[i]) < internal_port(&rig.sent[i - 1]);
	}
	for (size_t i = 0; i < 20; i++)
		assert_int_equal(seen[i], 1);
	assert_true(inversions > 0);
}

static void wrong_nonce(void **state)
{
	const struct rig_sent *sent;

	(void)state;
	ask(MAP1);
	rig_set(&rig, "wrong-nonce");
	sent = ask(MAP1);
	assert_int_equal(only()->len, 60);
	assert_memory_not_equal(sent->octets + 24, "\xa0\xa1\xa2\xa3\xa4\xa5\xa6\xa7\xa8\xa9\xaa",
				11);
	assert_int_equal(internal_port(sent), 0x1f90);
	ask(ANNOUNCE(A4));
	rig_check(&rig, 0, ANNOUNCED);
}

static void wrong_opcode(void **state)
{
	(void)state;
	rig_set(&rig, "wrong-opcode");
	assert_int_equal(ask(MAP1)->octets[1], 0x82);
	assert_int_equal(ask(PEER1)->octets[1], 0x81);
}

static void absurd_lifetime(void **state)
{
	struct lab_mapping mapping;

	(void)state;
	rig_set(&rig, "absurd-lifetime");
	assert_int_equal(word_at(ask(MAP1), 4), UINT32_MAX);
	assert_true(lab_mapping_at(rig.lab, 0, &mapping));
	assert_true(mapping.expires_at == 3600 * USEC_PER_SEC);
	rig_set(&rig, "absurd-lifetime=1");
	assert_int_equal(word_at(ask(MAP1), 4), 1);
}

static void epochs(void **state)
{
	(void)state;
	rig_until(&rig, 1000 * USEC_PER_SEC);
	rig_set(&rig, "epoch-back=100");
	assert_int_equal(word_at(ask(ANNOUNCE(A4)), 8), 900);
	assert_int_equal(word_at(ask("0000"), 4), 900);
	rig_set(&rig, "faults=off epoch-jump=100");
	assert_int_equal(word_at(ask(ANNOUNCE(A4)), 8), 1100);
	rig_set(&rig, "faults=off");
	assert_int_equal(word_at(ask(ANNOUNCE(A4)), 8), 1000);
}

static void absurd_lifetimes_in_natpmp(void **state)
{
	(void)state;
	rig_set(&rig, "absurd-lifetime=7");
	assert_int_equal(word_at(ask("000200001388000000001c20"), 12), 7);
	rig_ask(&rig, "A", "0000");
	assert_int_equal(rig.sent[0].len, 16);
}

static const char *why(size_t i)
{
	struct pcp_endpoint client = rig_endpoint("A");

	return lab_why(rig.lab, &client, rig.sent[i].octets, rig.sent[i].len);
}

/* What holds without a word survives a scenario, and a word still changes it. */
static void defaults_outlast_scenarios(void **state)
{
	struct pcp_why said;

	(void)state;
	assert_true(lab_default(rig.lab, rig.now, "third-party=off", &said));
	assert_false(lab_default(rig.lab, rig.now, "quota=-1", &said));
	rig_set(&rig, "scenario=traffic");
	ask(MAP1 THIRD_PARTY(B4));
	rig_check(&rig, 0, NOT_MAPPED("05", LONG) REST1 THIRD_PARTY(B4));
	rig_set(&rig, "third-party=on");
	ask(MAP1 THIRD_PARTY(B4));
	rig_check(&rig, 0, MAPPED1 THIRD_PARTY(B4));
	rig_set(&rig, "scenario=off");
	ask(MAP1 THIRD_PARTY(B4));
	assert_int_equal(rig.sent[0].octets[3], 5);
}

/* The exact reason, found again by the answer, for its client alone, and in the last refusals. */
static void reasons_are_kept(void **state)
{
	struct pcp_endpoint other = rig_endpoint("B");
	struct lab_refusal refusal;

	(void)state;
	ask(MAP1 "20000630{12:00}");
	assert_string_equal(why(0), "option 32 says 1584 octets, 12 are left");
	assert_null(lab_why(rig.lab, &other, rig.sent[0].octets, rig.sent[0].len));
	assert_true(lab_refusal_at(rig.lab, 0, &refusal));
	assert_int_equal(refusal.result, 6);
	assert_int_equal(refusal.opcode, 1);
	assert_true(refusal.answered);
	assert_non_null(strstr(rig.notes, "option 32 says 1584 octets, 12 are left"));
	ask(MAP1 "7e000000");
	assert_string_equal(why(0), "option 126 is mandatory and not known here");
	ask(MAP1 "0300");
	assert_string_equal(why(0), "62 octets are not a multiple of 4");
	ask("000500001388000000001c20");
	assert_string_equal(why(0), "NAT-PMP has no opcode 5");
	ask(MAP1);
	assert_null(why(0));
	assert_true(lab_refusal_at(rig.lab, 3, &refusal));
	assert_false(lab_refusal_at(rig.lab, 4, &refusal));
}

static void silence_has_a_reason(void **state)
{
	static const uint8_t announce[] = { 0, 0 };
	struct pcp_endpoint client = rig_endpoint("A");
	struct lab_refusal refusal;

	(void)state;
	rig_set(&rig, "ipv4=firewall");
	rig_ask(&rig, "A", "0000");
	assert_string_equal(lab_why(rig.lab, &client, announce, sizeof(announce)),
			    "NAT-PMP is for NATs, and this is none");
	assert_true(lab_refusal_at(rig.lab, 0, &refusal));
	assert_false(refusal.answered);
	rig_set(&rig, "drop");
	rig_ask(&rig, "A", MAP1);
	assert_true(lab_refusal_at(rig.lab, 0, &refusal));
	assert_string_equal(refusal.why, "fault drop: a request is not heard");
	assert_non_null(strstr(rig.notes, "no answer"));
}

/* As many as are remembered, the oldest forgotten first. */
static void reasons_are_bounded(void **state)
{
	struct lab_refusal refusal;
	size_t n = 0;

	(void)state;
	for (int i = 0; i < 1000; i++)
		ask(i ? MAP1 "7e000000" : MAP1 "7f000000");
	while (lab_refusal_at(rig.lab, n, &refusal))
		assert_string_equal((n++, refusal.why),
				    "option 126 is mandatory and not known here");
	assert_int_equal(n, 64);
}

static void unknown_option(void **state)
{
	(void)state;
	rig_set(&rig, "unknown-option");
	rig_ask(&rig, "A", MAP1);
	rig_check(&rig, 0, MAPPED1 "7e0000080000000000000000");
}

static void oversize(void **state)
{
	(void)state;
	rig_set(&rig, "oversize");
	assert_in_range(ask(MAP1)->len, 1101, 1200);
	assert_int_equal(rig.sent[0].len % 4, 0);
	assert_in_range(ask("0000")->len, 1101, 1200);
}

static void truncates(void **state)
{
	size_t shortest = 60, longest = 0;

	(void)state;
	rig_set(&rig, "truncate");
	for (int i = 0; i < 200; i++) {
		size_t len = ask(MAP1)->len;
		shortest = len < shortest ? len : shortest;
		longest = len > longest ? len : longest;
	}
	assert_true(shortest >= 1 && shortest < 10 && longest > 50 && longest < 60);
}

static void corrupts(void **state)
{
	(void)state;
	ask(MAP1);
	rig_set(&rig, "corrupt");
	for (int i = 0; i < 50; i++) {
		struct rig_sent truth;
		size_t changed = 0;

		rig_set(&rig, "corrupt=off");
		truth = *ask(MAP1);
		rig_set(&rig, "corrupt");
		ask(MAP1);
		assert_int_equal(only()->len, truth.len);
		for (size_t j = 0; j < truth.len; j++)
			changed += truth.octets[j] != rig.sent[0].octets[j];
		assert_true(changed <= 4);
		rig.sent[1].len += changed;
	}
	assert_true(rig.sent[1].len > 50);
}

static void other_endpoints(void **state)
{
	struct pcp_endpoint server = rig_endpoint("S"), address = rig_endpoint("192.168.5.2:5351");

	(void)state;
	rig_set(&rig, "other-port");
	ask(ANNOUNCE(A4));
	assert_int_equal(only()->from.port, 5352);
	assert_true(pcp_endpoint_same_addr(&only()->from, &server));
	rig_set(&rig, "faults=off other-address");
	ask(ANNOUNCE(A4));
	assert_true(pcp_endpoint_same(&only()->from, &address));
}

static void restarts_again_and_again(void **state)
{
	(void)state;
	rig_set(&rig, "restart-every=60s announce=off");
	for (unsigned i = 1; i < 5; i++) {
		ask(MAP1);
		assert_int_equal(lab_nmappings(rig.lab), 1);
		rig_until(&rig, (usec)(60 * i + 1) * USEC_PER_SEC);
		assert_int_equal(lab_nmappings(rig.lab), 0);
		assert_int_equal(lab_epoch(rig.lab, rig.now), 1);
	}
	rig_set(&rig, "faults=off");
	assert_true(lab_next(rig.lab) == USEC_NEVER);
}

static void faults_are_counted(void **state)
{
	struct lab_counters counters;

	(void)state;
	rig_set(&rig, "duplicate drop=1/map");
	ask(MAP1);
	ask(ANNOUNCE(A4));
	lab_count(rig.lab, &counters);
	assert_int_equal(counters.received, 2);
	assert_int_equal(counters.unanswered, 1);
	assert_int_equal(counters.faulted, 2);
	assert_int_equal(counters.sent, 2);
	assert_int_equal(counters.result[0], 1);
	assert_non_null(strstr(rig.notes, "fault duplicate"));
}

static void waiting_is_bounded(void **state)
{
	(void)state;
	rig_set(&rig, "delay=1h");
	for (int i = 0; i < 20000; i++)
		rig_ask(&rig, "A", ANNOUNCE(A4));
	rig_until(&rig, 7200 * USEC_PER_SEC);
	assert_int_equal(rig.nsent, 1024);
}

/* ---- scenarios: what somebody sees who asks for a while ---- */

struct seen {
	size_t announced[256], mapped[256], peered[256], got[256]; /* by result */
	size_t natpmp, refused_version, silent, unasked, restarts, longest, asked;
	uint32_t shortest_lifetime, longest_lifetime;
	uint8_t external[4];
	bool other_port;
};

static void look(struct seen *seen, const struct rig_sent *sent)
{
	uint32_t lifetime = word_at(sent, 4);
	const struct pcp_endpoint server = rig_endpoint("S");

	seen->other_port |= sent->from.port != server.port;
	seen->longest = sent->len > seen->longest ? sent->len : seen->longest;
	if (sent->octets[0] == 0) {
		seen->natpmp++;
		seen->refused_version += sent->octets[3] == 1;
		return;
	}
	if (sent->len < 24)
		return;
	seen->refused_version += sent->octets[3] == 1;
	seen->announced[sent->octets[3]] += sent->octets[1] == 0x80;
	seen->peered[sent->octets[3]] += sent->octets[1] == 0x82;
	seen->got[sent->octets[3]] += sent->octets[1] == 0xe2;
	if (sent->octets[1] != 0x81)
		return;
	seen->mapped[sent->octets[3]]++;
	if (sent->octets[3] == 0 && sent->len >= 60) {
		memcpy(seen->external, sent->octets + 56, 4);
		seen->shortest_lifetime =
			lifetime < seen->shortest_lifetime ? lifetime : seen->shortest_lifetime;
		seen->longest_lifetime =
			lifetime > seen->longest_lifetime ? lifetime : seen->longest_lifetime;
	}
}

static void watch(struct seen *seen)
{
	static const char *const asks[] = { ANNOUNCE(A4), MAP1, PEER1, GET(A4) ANYTHING, "0000" };
	uint32_t epoch = 0;

	memset(seen, 0, sizeof(*seen));
	seen->shortest_lifetime = UINT32_MAX;
	for (unsigned i = 0; i < 200; i++) {
		for (size_t j = 0; j < 6; j++) {
			rig_clear(&rig);
			seen->asked++;
			if (j < 5)
				rig_ask(&rig, "A", asks[j]);
			else
				ask_map(1 + i % 20);
			seen->silent += rig.nsent == 0;
			for (size_t k = 0; k < rig.nsent; k++)
				look(seen, &rig.sent[k]);
		}
		rig_clear(&rig);
		rig_until(&rig, rig.now + USEC_PER_SEC);
		for (size_t k = 0; k < rig.nsent; k++)
			look(seen, &rig.sent[k]);
		seen->unasked += rig.nsent;
		seen->restarts += lab_epoch(rig.lab, rig.now) < epoch;
		epoch = lab_epoch(rig.lab, rig.now);
	}
}

static bool see_restarts(const struct seen *seen)
{
	return seen->restarts == 3 && seen->unasked >= 20 && seen->mapped[0] == 400;
}

static bool see_silent_restarts(const struct seen *seen)
{
	return seen->restarts == 3 && seen->unasked == 0;
}

static bool see_renumbering(const struct seen *seen)
{
	return seen->restarts == 13 && seen->unasked >= 39 &&
	       memcmp(seen->external, "\xcb\x00\x71\x16", 4) == 0;
}

/* The port is given for both protocols and kept, whatever is suggested, until a restart. */
static bool see_vpn_gateway(const struct seen *seen)
{
	uint8_t port[2];

	ask("0001"
	    "0000"
	    "0000"
	    "0001"
	    "00000e10");
	memcpy(port, rig.sent[0].octets + 10, 2);
	assert_int_equal(word_at(&rig.sent[0], 12), 60);
	ask("0002"
	    "0000"
	    "0000"
	    "1388"
	    "00000e10");
	assert_memory_equal(rig.sent[0].octets + 8, "\0\0", 2);
	assert_memory_equal(rig.sent[0].octets + 10, port, 2);
	rig_until(&rig, rig.now + 180 * USEC_PER_SEC);
	ask("0001"
	    "0000"
	    "0000"
	    "0001"
	    "00000e10");
	assert_memory_not_equal(rig.sent[0].octets + 10, port, 2);
	return seen->restarts == 1 && seen->unasked == 0 && seen->refused_version == 1000;
}

static bool see_quota(const struct seen *seen)
{
	return seen->mapped[10] > 150 && seen->mapped[0] > 0 && seen->longest_lifetime == 600 &&
	       seen->mapped[2] == 0;
}

static bool see_few_ports(const struct seen *seen)
{
	return seen->mapped[8] > 0 && seen->mapped[0] > 300;
}

static bool see_losses(const struct seen *seen)
{
	return seen->silent > 500 && seen->mapped[0] > 100 && seen->mapped[0] < 400 &&
	       lab_nmappings(rig.lab) == 22;
}

static bool see_slowness(const struct seen *seen)
{
	return seen->silent == seen->asked && seen->unasked > 1000;
}

static bool see_double_nat(const struct seen *seen)
{
	return seen->mapped[0] == 400 && memcmp(seen->external, "\x64\x40\x00\x09", 4) == 0;
}

static bool see_mismatch(const struct seen *seen)
{
	return seen->mapped[12] == 400 && seen->announced[12] == 200 && seen->got[12] == 200;
}

static bool see_natpmp_only(const struct seen *seen)
{
	return seen->natpmp == 1200 && seen->refused_version == 1000;
}

static bool see_pcp_only(const struct seen *seen)
{
	return seen->natpmp == 0 && seen->refused_version == 200 && seen->mapped[0] == 400;
}

static bool see_old_draft(const struct seen *seen)
{
	return seen->refused_version == 1200;
}

static bool see_disabled(const struct seen *seen)
{
	assert_int_equal(ask("0001"
			     "0000"
			     "1388"
			     "0000"
			     "00000e10")
				 ->octets[3],
			 2);
	return seen->mapped[2] == 400 && seen->peered[2] == 200 && seen->announced[2] == 200;
}

static bool see_minimal(const struct seen *seen)
{
	ask(MAP1 THIRD_PARTY(B4));
	rig_check(&rig, 0, NOT_MAPPED("05", LONG) REST1 THIRD_PARTY(B4));
	ask(MAP1 "8000000377656200");
	rig_check(&rig, 0, MAPPED1);
	return seen->mapped[0] == 400 && seen->peered[4] == 200 && seen->got[4] == 200;
}

static bool see_no_uplink(const struct seen *seen)
{
	return seen->mapped[7] == 400 && seen->announced[0] == 200;
}

static bool see_overload(const struct seen *seen)
{
	assert_int_equal(ask("0000")->octets[3], 4);
	return seen->mapped[8] == 400 && seen->announced[8] == 200;
}

static bool see_firewall(const struct seen *seen)
{
	return seen->mapped[0] == 400 && seen->natpmp == 0 &&
	       memcmp(seen->external, "\xc0\xa8\x05\x64", 4) == 0;
}

static bool see_authentication(const struct seen *seen)
{
	return seen->mapped[15] == 400 && seen->announced[15] == 200;
}

static bool see_traffic(const struct seen *seen)
{
	ask(MAP(NEVER, A4) REST1);
	rig_check(&rig, 0, MAPPED(MINUTES2) REST1);
	return seen->mapped[0] == 400;
}

static bool see_unstable_epoch(const struct seen *seen)
{
	size_t behind = 0;

	rig_until(&rig, 1000 * USEC_PER_SEC);
	for (int i = 0; i < 100; i++) {
		uint32_t epoch = word_at(ask(ANNOUNCE(A4)), 8);
		assert_true(epoch == 1000 || epoch == 500);
		behind += epoch == 500;
	}
	return seen->mapped[0] == 400 && behind > 10 && behind < 60;
}

static bool see_hostility(const struct seen *seen)
{
	struct lab_mapping mapping;

	for (size_t i = 0; lab_mapping_at(rig.lab, i, &mapping); i++)
		assert_true(mapping.expires_at <= rig.now + 3600 * USEC_PER_SEC);
	return seen->other_port && seen->longest > 1100 && seen->longest_lifetime == UINT32_MAX &&
	       seen->mapped[0] > 100;
}

static bool see_nothing(const struct seen *seen)
{
	return seen->silent == seen->asked && seen->unasked == 0;
}

static const struct expectation {
	const char *scenario;
	bool (*seen)(const struct seen *seen);
} expectations[] = {
	{ "restart", see_restarts },
	{ "silent-restart", see_silent_restarts },
	{ "renumber", see_renumbering },
	{ "vpn-gateway", see_vpn_gateway },
	{ "cgn-quota", see_quota },
	{ "cgn-ports", see_few_ports },
	{ "lossy", see_losses },
	{ "slow", see_slowness },
	{ "double-nat", see_double_nat },
	{ "address-mismatch", see_mismatch },
	{ "nat-pmp-only", see_natpmp_only },
	{ "pcp-only", see_pcp_only },
	{ "old-draft", see_old_draft },
	{ "disabled", see_disabled },
	{ "minimal", see_minimal },
	{ "no-uplink", see_no_uplink },
	{ "overload", see_overload },
	{ "firewall", see_firewall },
	{ "authentication", see_authentication },
	{ "traffic", see_traffic },
	{ "unstable-epoch", see_unstable_epoch },
	{ "hostile", see_hostility },
	{ "dead", see_nothing },
};

enum { NEXPECTATIONS = sizeof(expectations) / sizeof(*expectations) };

static void scenario_shows_it(void **state)
{
	const struct expectation *expectation = *state;
	struct seen seen;
	char word[64];

	rig_open(&rig, 7);
	snprintf(word, sizeof(word), "scenario=%s", expectation->scenario);
	rig_set(&rig, word);
	watch(&seen);
	assert_true(expectation->seen(&seen));
	/* Off, everything is as it was. */
	rig_set(&rig, "scenario=off");
	rig_until(&rig, rig.now + 400 * USEC_PER_SEC);
	ask(ANNOUNCE(A4));
	assert_int_equal(rig.nsent, 1);
	rig_check(&rig, 0, ANNOUNCED);
	rig_close(&rig);
}

static void every_scenario_is_expected(void **state)
{
	(void)state;
	assert_int_equal(lab_nscenarios, NEXPECTATIONS);
	for (size_t i = 0; i < lab_nscenarios; i++) {
		assert_string_equal(lab_scenarios[i].name, expectations[i].scenario);
		assert_true(strlen(lab_scenarios[i].look) > 40);
	}
}

/* ---- words ---- */

static void words_say_what_they_set(void **state)
{
	struct lab_word word;
	char before[512], after[512];

	(void)state;
	for (size_t i = 0; lab_word_at(i, &word); i++) {
		size_t len = lab_word_text(rig.lab, i, before, sizeof(before));
		assert_true(strlen(word.help) > 10);
		assert_int_equal(len, strlen(before));
		if (word.group == LAB_SETTING)
			rig_set(&rig, before);
		else
			assert_string_equal(before, "");
		lab_word_text(rig.lab, i, after, sizeof(after));
		assert_string_equal(before, after);
		assert_false(lab_word_changed(rig.lab, i)); /* nothing is but what was said */
	}
}

static void the_epoch_is_set(void **state)
{
	(void)state;
	rig_set(&rig, "epoch=1d");
	assert_int_equal(lab_epoch(rig.lab, rig.now), 86400);
	assert_int_equal(lab_epoch(rig.lab, rig.now + 5 * USEC_PER_SEC), 86405);
	rig_set(&rig, "restart");
	assert_int_equal(lab_epoch(rig.lab, rig.now), 0);
}

static void words_set(void **state)
{
	static const char *const words[] = {
		"wan=198.51.100.1/16",
		"wan=down",
		"ports=5000-5999",
		"min-lifetime=60",
		"quota=0",
		"max-filters=1",
		"versions=1",
		"versions=2+1+0",
		"protocols=tcp+99",
		"without=GET+FILTER",
		"without=none",
		"nonce-check=off",
		"third-party=off",
		"third-party=10.0.0.0/8",
		"third-party=2001:db8::/32",
		"third-party-id=00abcd+ff",
		"third-party-id=none",
		"wildcards=off",
		"ipv4=firewall",
		"ipv6=nat64",
		"prefix64=2001:db8::/32+64:ff9b::/96",
		"prefix64=none",
		"announce=multicast",
		"auth=on",
		"overload=refuse",
		"serve=10.0.0.0/8",
		"behind=192.0.2.1",
		"drop=0.25",
		"drop=0.25/map",
		"delay=1500ms@0.5/get",
		"result=8@0.125/natpmp",
		"epoch-back=100",
		"corrupt=0.5/99",
		"hold=60",
	};
	char text[512];
	struct lab_word word;

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		bool found = false;

		rig_set(&rig, words[i]);
		for (size_t j = 0; lab_word_at(j, &word) && !found; j++) {
			lab_word_text(rig.lab, j, text, sizeof(text));
			found = strcasecmp(text, words[i]) == 0;
			if (found && strcmp(words[i], "without=none") != 0 &&
			    strcmp(words[i], "third-party-id=none") != 0)
				assert_true(lab_word_changed(rig.lab, j));
		}
		if (!found)
			fail_msg("%s is not told back", words[i]);
	}
}

static void bad_words_change_nothing(void **state)
{
	static const struct {
		const char *word, *says;
		size_t at;
	} bad[] = {
		{ "", "no setting", 0 },
		{ "qouta=3", "'qouta' is no setting", 0 },
		{ "qouta=3", "did you mean 'quota'?", 0 },
		{ "losy", "did you mean 'lossy'?", 0 },
		{ "scenario=rneumber", "did you mean 'renumber'?", 9 },
		{ "quota", "0 to 16777216", 5 },
		{ "quota=-1", "0 to 16777216", 6 },
		{ "quota=99999999", "0 to 16777216", 6 },
		{ "max-filters=0", "1 to 255", 12 },
		{ "max-lifetime=0", "1 to", 13 },
		{ "third-party=maybe", "neither on, off", 12 },
		{ "wildcards=yes", "on or off", 10 },
		{ "ipv4=nat64", "nat44|firewall|off", 5 },
		{ "wan=2001:db8::1", "IPv4", 4 },
		{ "wan=203.0.113.9/0", "1 to 256", 4 },
		{ "ports=9-1", "range", 6 },
		{ "ports=0-10", "range", 6 },
		{ "versions=3", "no version", 9 },
		{ "versions=", "it is versions=", 9 },
		{ "drop=", "it is drop=RATE", 5 },
		{ "delay=", "it is delay=TIME", 6 },
		{ "result=", "it is result=RESULT", 7 },
		{ "dialect=", "it is dialect=", 8 },
		{ "reset=", "reset takes no value", 6 },
		{ "protocols=nope", "no protocol", 10 },
		{ "without=nothing", "no opcode or option", 8 },
		{ "prefix64=64:ff9b::/95", "NAT64 prefix", 9 },
		{ "prefix64=10.0.0.0/8", "NAT64 prefix", 9 },
		{ "third-party-id=xyz", "identifier", 15 },
		{ "drop=2", "0 to 1", 5 },
		{ "drop=nan", "0 to 1", 5 },
		{ "drop=0.5/nope", "no opcode", 5 },
		{ "delay=soon", "", 6 },
		{ "result=nope", "number", 7 },
		{ "restart=maybe", "keep or lose", 8 },
		{ "static=tcp", "a mapping is", 7 },
		{ "static=tcp/22/203.0.113.9", "both ports", 7 },
		{ "scenario=nope", "no scenario", 9 },
		{ "seed=x", "number", 5 },
		{ "faults=on", "off", 7 },
	};
	char before[4000], after[4000];
	struct pcp_why why;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		for (int side = 0; side < 2; side++) {
			char *text = side ? after : before;
			size_t used = 0;
			struct lab_word word;

			for (size_t j = 0; lab_word_at(j, &word); j++)
				used += lab_word_text(rig.lab, j, text + used, 4000 - used);
			if (side == 0 && lab_set(rig.lab, 0, bad[i].word, &why))
				fail_msg("'%s' was taken", bad[i].word);
		}
		assert_string_equal(before, after);
		if (!strstr(why.text, bad[i].says))
			fail_msg("'%s' says: %s", bad[i].word, why.text);
		assert_true(why.text[0]);
		assert_in_range(why.at, bad[i].at, strlen(bad[i].word));
	}
}

static void static_mappings_do_not_collide(void **state)
{
	struct pcp_why why;

	(void)state;
	rig_set(&rig, "static=tcp/22/203.0.113.9:22");
	assert_false(lab_set(rig.lab, 0, "static=tcp/22/203.0.113.9:23", &why));
	assert_false(lab_set(rig.lab, 0, "static=tcp/23/203.0.113.9:22", &why));
	rig_set(&rig, "restart");
	assert_int_equal(lab_nmappings(rig.lab), 1); /* an administrator's survive */
}

static void files_are_words(void **state)
{
	struct pcp_why why;

	(void)state;
	assert_true(lab_load(rig.lab, 0,
			     "# a small carrier\n\n  quota=5   # ports\r\nmin-lifetime=10m\n"
			     "\t\nthird-party=off",
			     &why));
	assert_false(lab_load(rig.lab, 0, "quota=6\nmin-lifetime=x\nquota=7\n", &why));
	assert_non_null(strstr(why.text, "line 2"));
	for (unsigned port = 1; port <= 7; port++)
		ask_map(port);
	for (size_t i = 0; i < 7; i++)
		assert_int_equal(rig.sent[i].octets[3], i < 6 ? 0 : 10);
	assert_int_equal(word_at(&rig.sent[0], 4), 3600);
}

#define FAULT(f) cmocka_unit_test_setup_teardown(f, open_rig, close_rig)

/* ---- switches ---- */

static struct lab_switch switch_of(const char *name, size_t *at)
{
	struct lab_switch row;

	for (*at = 0; lab_switch_at(rig.lab, rig.now, *at, &row); ++*at)
		if (strcmp(row.name, name) == 0)
			return row;
	fail_msg("there is no switch '%s'", name);
	return row;
}

/* Turns it and says how it stands then; by 0: switches it. */
static struct lab_switch turn(const char *name, int by)
{
	char word[96];
	size_t at;

	switch_of(name, &at);
	if (by)
		lab_switch_step(rig.lab, rig.now, at, by, word, sizeof word);
	else
		lab_switch_word(rig.lab, at, word, sizeof word);
	rig_set(&rig, word);
	return switch_of(name, &at);
}

static void switches_go_by_steps(void **state)
{
	static const struct {
		const char *name;
		int by;
		const char *value;
		unsigned level;
	} turns[] = {
		{ "drop", 0, "20%", 20 },
		{ "drop", 1, "30%", 30 },
		{ "drop", -1, "20%", 20 },
		{ "drop", 0, "off", 0 },
		{ "drop", 1, "10%", 10 },
		{ "drop", -1, "off", 0 },
		{ "jitter", 0, "500ms", 50 },
		{ "jitter", 1, "600ms", 60 },
		{ "delay", 1, "100ms", 10 },
		{ "delay", -1, "off", 0 },
		{ "silence", 0, "on", 100 },
		{ "silence", -1, "1h", 100 },
		{ "silence", -1, "30m", 100 },
		{ "absurd-lifetime", 0, "136y", 100 },
		{ "absurd-lifetime", -1, "7d", 100 },
		{ "result", 0, "8 NO_RESOURCES", 100 },
		{ "result", 1, "9 UNSUPP_PROTOCOL", 100 },
		{ "epoch-back", 0, "1h", 100 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
		struct lab_switch row = turn(turns[i].name, turns[i].by);

		assert_string_equal(row.value, turns[i].value);
		assert_int_equal(row.level, turns[i].level);
		assert_int_equal(row.on, strcmp(row.value, "off") != 0);
	}
}

static void the_highest_step_is_the_last(void **state)
{
	(void)state;
	rig_set(&rig, "drop=1/map result=255 delay=10s");
	assert_string_equal(turn("drop", 1).value, "100%");
	assert_string_equal(turn("drop", -1).only, "/MAP"); /* the opcode stays what it is */
	assert_string_equal(turn("result", 1).value, "255");
	assert_string_equal(turn("delay", 1).value, "10s");
	rig_set(&rig, "drop=55%");
	assert_string_equal(turn("drop", 1).value, "60%"); /* onto the scale */
}

/* Off, it keeps how often it struck. */
static void switches_count_on(void **state)
{
	size_t at;

	(void)state;
	rig_set(&rig, "drop=1");
	ask(MAP1);
	ask(MAP1);
	rig_set(&rig, "drop=off");
	assert_int_equal(switch_of("drop", &at).struck, 2);
	ask(MAP1);
	assert_int_equal(switch_of("drop", &at).struck, 2);
}

static void scenarios_are_known_by_name(void **state)
{
	(void)state;
	assert_null(lab_scenario_on(rig.lab));
	rig_set(&rig, "scenario=lossy");
	assert_string_equal(lab_scenario_on(rig.lab)->name, "lossy");
	rig_set(&rig, "reset");
	assert_null(lab_scenario_on(rig.lab));
	rig_set(&rig, "scenario=dead scenario=none");
	assert_null(lab_scenario_on(rig.lab));
	ask(MAP1);
	rig_check(&rig, 0, MAPPED1);
}

/* ---- what struck is told ---- */

static void each_strike_is_told(void **state)
{
	(void)state;
	rig_set(&rig, "drop=1");
	ask(MAP1);
	assert_string_equal(rig.strikes, "drop lost\n");
	rig_set(&rig, "drop=off drop-reply=1 jitter=1ms");
	ask(MAP1);
	assert_string_equal(rig.strikes, "drop lost\ndrop-reply lost\njitter\n");
	rig_set(&rig, "restart"); /* what nobody asked for strikes no request */
	assert_string_equal(rig.strikes, "drop lost\ndrop-reply lost\njitter\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FAULT(drop),
		FAULT(rates_repeat_by_seed),
		FAULT(drop_reply),
		FAULT(silence),
		FAULT(result),
		FAULT(unsolicited),
		FAULT(duplicate),
		FAULT(delay),
		FAULT(jitter),
		FAULT(reorder),
		FAULT(wrong_nonce),
		FAULT(wrong_opcode),
		FAULT(absurd_lifetime),
		FAULT(epochs),
		FAULT(unknown_option),
		FAULT(oversize),
		FAULT(absurd_lifetimes_in_natpmp),
		FAULT(defaults_outlast_scenarios),
		FAULT(reasons_are_kept),
		FAULT(silence_has_a_reason),
		FAULT(reasons_are_bounded),
		FAULT(truncates),
		FAULT(corrupts),
		FAULT(other_endpoints),
		FAULT(restarts_again_and_again),
		FAULT(faults_are_counted),
		FAULT(waiting_is_bounded),
		FAULT(words_say_what_they_set),
		FAULT(words_set),
		FAULT(the_epoch_is_set),
		FAULT(bad_words_change_nothing),
		FAULT(static_mappings_do_not_collide),
		FAULT(files_are_words),
		FAULT(switches_go_by_steps),
		FAULT(the_highest_step_is_the_last),
		FAULT(switches_count_on),
		FAULT(scenarios_are_known_by_name),
		FAULT(each_strike_is_told),
		cmocka_unit_test(every_scenario_is_expected),
	};
	struct CMUnitTest scenarios[NEXPECTATIONS];
	int failed = cmocka_run_group_tests_name("faults and words", tests, NULL, NULL);

	for (size_t i = 0; i < NEXPECTATIONS; i++)
		scenarios[i] = (struct CMUnitTest){
			.name = expectations[i].scenario,
			.test_func = scenario_shows_it,
			.initial_state = (void *)(uintptr_t)&expectations[i],
		};
	return failed + cmocka_run_group_tests_name("scenarios", scenarios, NULL, NULL);
}
