/* Versions: RFC 6887 9 and appendix A, and NAT-PMP (RFC 6886) as a full second protocol. */
#include "client_rig.h"

static struct rig rig;
static const uint8_t external[4] = { 203, 0, 113, 9 };

/* A server of version 0 in place of the rig's own: "--nat-pmp". */
static void start_natpmp_only(uint64_t seed, bool renew)
{
	struct pcp_client_server_config config = { .nendpoint = 1, .version = 0 };

	rig_start(&rig, &(struct pcp_client_config){ .renew = renew }, seed);
	rig.from = rig_endpoint("192.0.2.2");
	config.endpoint[0] = rig.from;
	config.source = rig.source;
	rig.server = pcp_client_add_server(rig.client, &config);
}

static int setup(void **state)
{
	(void)state;
	rig_start(&rig, &(struct pcp_client_config){ 0 }, 1);
	return 0;
}

static int setup_only(void **state)
{
	(void)state;
	start_natpmp_only(1, false);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rig_stop(&rig);
	return 0;
}

static void put_epoch(uint8_t *octets)
{
	uint32_t epoch = (uint32_t)(rig.now / SECOND) - rig.boot;

	for (unsigned i = 0; i < 4; i++)
		octets[4 + i] = (uint8_t)(epoch >> (24 - 8 * i));
}

/* RFC 6886 3.5; r: 0x80 as deployed servers set it, 0 as the RFC draws it. */
static void refuse_version(uint8_t r)
{
	uint8_t octets[8] = { 0, r, 0, 1 };

	put_epoch(octets);
	rig_receive(&rig, octets, sizeof(octets));
}

static void answer_map(uint8_t result, uint16_t port, uint32_t lifetime)
{
	const struct rig_datagram *sent = rig_last(&rig);
	uint8_t octets[16] = { 0, (uint8_t)(0x80 | sent->octets[1]), 0, result };

	assert_int_equal(sent->len, 12);
	put_epoch(octets);
	memcpy(octets + 8, sent->octets + 4, 2);
	octets[10] = (uint8_t)(port >> 8);
	octets[11] = (uint8_t)port;
	for (unsigned i = 0; i < 4; i++)
		octets[12 + i] = (uint8_t)(lifetime >> (24 - 8 * i));
	rig_receive(&rig, octets, sizeof(octets));
}

static void answer_address(bool multicast)
{
	uint8_t octets[12] = { 0, 0x80 };
	struct pcp_endpoint group = rig_endpoint("224.0.0.1:5350");

	put_epoch(octets);
	memcpy(octets + 8, external, 4);
	pcp_client_receive(rig.client, rig.now, &rig.from, multicast ? &group : &rig.source, octets,
			   12);
}

static void assert_sent(size_t i, const char *octets, size_t len)
{
	assert_true(i < rig.nsent);
	assert_int_equal(rig.sent[i].len, len);
	assert_memory_equal(rig.sent[i].octets, octets, len);
}

static void falls_back(uint8_t r)
{
	uint32_t exchange = rig_map(&rig, 8080, 7200);

	assert_int_equal(rig.sent[0].octets[0], 2);
	refuse_version(r);
	assert_true(pcp_client_exchange(rig.client, exchange));
	assert_int_equal(pcp_client_server(rig.client, 1)->version, 0);
	assert_sent(1, "\0\x02\0\0\x1f\x90\x1f\x90\0\0\x1c\x20", 12);
	answer_map(0, 8080, 3600);
	assert_false(pcp_client_exchange(rig.client, exchange));
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_GRANTED);
	assert_int_equal(rig_row(&rig, 0)->version, 0);
	assert_int_equal(rig_row(&rig, 0)->lifetime, 3600);
	/* It asks for the external address by itself. */
	assert_sent(2, "\0\0", 2);
	answer_address(false);
	assert_memory_equal(rig_row(&rig, 0)->external + 12, external, 4);
	assert_memory_equal(pcp_client_server(rig.client, 1)->external + 12, external, 4);
	/* 1.1: the next request tries PCP again. */
	rig_map(&rig, 8081, 7200);
	assert_int_equal(rig_last(&rig)->octets[0], 2);
	refuse_version(r);
	assert_int_equal(rig_last(&rig)->octets[0], 0);
	answer_map(0, 8081, 3600);
	assert_memory_equal(rig_row(&rig, 1)->external + 12, external, 4);
	assert_int_equal(pcp_client_nexchanges(rig.client), 0);
}

static void falls_back_with_r(void **state)
{
	(void)state;
	falls_back(0x80);
}

static void falls_back_without_r(void **state)
{
	(void)state;
	falls_back(0);
}

static void back_to_pcp(void **state)
{
	(void)state;
	rig_map(&rig, 80, 600);
	refuse_version(0);
	answer_map(0, 80, 600);
	answer_address(false);
	rig_map(&rig, 81, 600);
	rig_answer(&rig, PCP_SUCCESS, 600); /* the gateway was updated */
	assert_int_equal(pcp_client_server(rig.client, 1)->version, 2);
	assert_non_null(strstr(rig_told(&rig, CLIENT_SERVER)->reason, "PCP"));
}

static void what_natpmp_cannot_say(void **state)
{
	static const struct {
		const char *option;
		uint8_t opcode, protocol;
		uint16_t port;
		const char *reason;
	} rows[] = {
		{ NULL, PCP_PEER, 6, 80, "no PEER" },
		{ NULL, PCP_GET, 0, 0, "address request" },
		{ NULL, PCP_MAP, 132, 80, "TCP and UDP" },
		{ NULL, PCP_MAP, 6, 0, "all ports" },
		{ "\x02\0\0\0", PCP_MAP, 6, 80, "options" },
	};

	(void)state;
	teardown(NULL);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t octets[84] = { 0 };
		size_t len = rows[i].opcode == PCP_PEER ? 80 : rows[i].opcode == PCP_GET ? 64 : 60;
		uint32_t exchange;
		rig_map_octets(octets, rows[i].port, 600);
		octets[1] = rows[i].opcode;
		octets[36] = rows[i].protocol;
		if (rows[i].option) {
			memcpy(octets + len, rows[i].option, 4);
			len += 4;
		}
		setup(NULL);
		exchange = rig_submit(&rig, octets, len);
		assert_int_not_equal(exchange, 0);
		refuse_version(0x80);
		assert_false(pcp_client_exchange(rig.client, exchange));
		assert_int_equal(rig.nsent, 1);
		assert_non_null(strstr(rig_told(&rig, CLIENT_ANSWERED)->reason, rows[i].reason));
		if (pcp_client_nmappings(rig.client)) {
			assert_int_equal(rig_row(&rig, 0)->state, MAPPING_HOLDING);
			assert_int_equal(rig_row(&rig, 0)->result, PCP_UNSUPP_VERSION);
		}
		teardown(NULL);
		start_natpmp_only(1, false);
		/* Port 0 means any port to VPN gateways, where NAT-PMP was asked for. */
		assert_int_equal(rig_submit(&rig, octets, len) != 0,
				 rows[i].opcode == PCP_MAP && !rows[i].port);
		if (rows[i].port || rows[i].opcode != PCP_MAP)
			assert_non_null(strstr(rig.why.text, rows[i].reason));
		teardown(NULL);
	}
	setup(NULL);
}

/* A PCP response with UNSUPP_VERSION, offering a version. */
static void offer(uint8_t version, uint32_t lifetime)
{
	uint8_t octets[PCP_EDIT_MAX];
	size_t len = rig_response(&rig, rig_last(&rig), PCP_UNSUPP_VERSION, lifetime, octets);

	octets[0] = version;
	rig_receive(&rig, octets, len);
}

static void unusable_offers(void **state)
{
	static const struct {
		uint8_t version;
		const char *reason;
		uint32_t lifetime, hold;
	} rows[] = {
		{ 1, "version 1", 100, 100 },
		{ 3, "versions that this client does not", 86400, 1800 },
		{ 2, "version that it offers", 0, 30 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		rig_map(&rig, (uint16_t)(80 + i), 600);
		offer(rows[i].version, rows[i].lifetime);
		assert_int_equal(rig_row(&rig, i)->state, MAPPING_HOLDING);
		assert_non_null(strstr(rig_told(&rig, CLIENT_ANSWERED)->reason, rows[i].reason));
		assert_true(rig_row(&rig, i)->hold_until ==
			    rig.now + rows[i].hold * SECOND); /* 9 step 5 */
	}
	assert_int_equal(rig.nsent, 3);
}

/* A server that refuses each version in favour of the other is not followed for ever. */
static void refusals_in_a_circle(void **state)
{
	static const uint8_t pcp[24] = { 2, 0x80, 0, 1 };

	(void)state;
	rig_map(&rig, 80, 600);
	for (unsigned i = 0; i < 10; i++) {
		refuse_version(0x80);
		rig_receive(&rig, pcp, sizeof(pcp));
	}
	assert_in_range(rig.nsent, 2, 3);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_HOLDING);
}

/* The network's copy of a refusal does not end the exchange that the refusal started. */
static void refusal_comes_twice(void **state)
{
	uint32_t exchange = rig_map(&rig, 80, 600);

	(void)state;
	refuse_version(0);
	refuse_version(0);
	assert_true(pcp_client_exchange(rig.client, exchange));
	assert_non_null(strstr(rig_told(&rig, CLIENT_IGNORED)->reason, "no request is waiting"));
	rig_wait(&rig, SECOND); /* nor after a retransmission */
	refuse_version(0);
	assert_true(pcp_client_exchange(rig.client, exchange));
	answer_map(0, 80, 600);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_GRANTED);
}

static void set_version_stays(void **state)
{
	struct pcp_client_server_config config = { .nendpoint = 1,
						   .version = 2,
						   .fixed_version = true };
	uint8_t octets[60];
	uint32_t exchange;

	(void)state;
	rig.from = config.endpoint[0] = rig_endpoint("192.0.2.3");
	config.source = rig.source;
	rig.server = pcp_client_add_server(rig.client, &config);
	exchange = rig_submit(&rig, octets, rig_map_octets(octets, 80, 600));
	refuse_version(0x80);
	assert_false(pcp_client_exchange(rig.client, exchange));
	assert_int_equal(rig.nsent, 1);
	assert_non_null(strstr(rig_told(&rig, CLIENT_ANSWERED)->reason, "was set"));
}

/* 8.3: the result counts whatever the length is; but NAT-PMP is refused with a whole header, and
 * what is shorter was NAT-PMP's own refusal before a bit of it flipped. */
static void short_refusals(void **state)
{
	static const uint8_t octets[PCP_HEADER_LEN] = { 2, 0x81, 0, 1 };

	for (size_t len = 4; len <= PCP_HEADER_LEN; len++) {
		rig_map(&rig, 80, 600);
		rig_receive(&rig, octets, len); /* to a request in PCP */
		assert_int_equal(rig_row(&rig, 0)->state, MAPPING_HOLDING);
		assert_int_equal(rig_row(&rig, 0)->result, PCP_UNSUPP_VERSION);
		teardown(state);
		setup(state);
		rig_map(&rig, 80, 600);
		refuse_version(0x80);
		assert_int_equal(rig_last(&rig)->octets[0], 0);
		rig_receive(&rig, octets, len); /* to one in NAT-PMP */
		if (len < PCP_HEADER_LEN) {
			assert_non_null(strstr(rig_told(&rig, CLIENT_IGNORED)->reason, "shorter"));
			answer_map(0, 80, 600);
			assert_int_equal(rig_row(&rig, 0)->state, MAPPING_GRANTED);
		} else {
			assert_int_equal(rig_row(&rig, 0)->state, MAPPING_HOLDING);
		}
		teardown(state);
		setup(state);
	}
}

static void no_refusal_without_request(void **state)
{
	(void)state;
	rig_announce(&rig);
	rig_answer(&rig, PCP_SUCCESS, 0);
	refuse_version(0);
	assert_non_null(strstr(rig_told(&rig, CLIENT_IGNORED)->reason, "no request is waiting"));
}

/* A server that speaks PCP only refuses NAT-PMP; what reads as its clock is a lifetime. */
static void natpmp_to_a_pcp_server(void **state)
{
	static const uint8_t pcp[24] = { 2, 0x80, 0, 1, 0, 0, 7, 8 };
	uint8_t octets[60];

	(void)state;
	rig_submit(&rig, octets, rig_map_octets(octets, 80, 600));
	assert_int_equal(rig_last(&rig)->octets[0], 0);
	rig_receive(&rig, pcp, sizeof(pcp));
	assert_int_equal(rig_last(&rig)->octets[0], 2);
	assert_false(pcp_client_server(rig.client, rig.server)->have_epoch);
	rig_answer(&rig, PCP_SUCCESS, 600);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_GRANTED);
	assert_int_equal(rig_row(&rig, 0)->version, 2);
}

/* ---- the second protocol ---- */

static void its_schedule(void **state)
{
	(void)state;
	rig_map(&rig, 80, 7200);
	rig_wait(&rig, 300 * SECOND);
	assert_int_equal(rig.nsent, 9);
	for (size_t i = 1; i < 9; i++)
		assert_true(rig.sent[i].at - rig.sent[i - 1].at == 250000 << (i - 1));
	assert_true(rig_told(&rig, CLIENT_TIMED_OUT)->now - rig.sent[0].at == 127750000);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_FAILED);
}

/* With PCP first each time, its own schedule stays what it is. */
static void schedule_after_falling_back(void **state)
{
	usec began;

	(void)state;
	rig_map(&rig, 80, 7200);
	refuse_version(0);
	began = rig.now;
	for (unsigned i = 0; i < 2000; i++) {
		size_t before = rig.nsent;
		rig_wait(&rig, 100000);
		if (rig.nsent > before && rig_last(&rig)->octets[0] == 2)
			refuse_version(0);
	}
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_FAILED);
	assert_in_range(rig.nsent, 13,
			16); /* nine of NAT-PMP, and PCP before those where 8.1.1 lets it */
	assert_in_range(rig_told(&rig, CLIENT_TIMED_OUT)->now - began, 127 * SECOND, 130 * SECOND);
}

static void one_at_a_time(void **state)
{
	(void)state;
	for (uint16_t i = 0; i < 4; i++)
		rig_map(&rig, (uint16_t)(80 + i), 7200);
	assert_int_equal(rig.nsent, 1);
	for (uint16_t i = 0; i < 4; i++) {
		assert_int_equal(rig_last(&rig)->octets[5], 80 + i);
		answer_map(0, (uint16_t)(80 + i), 7200);
		if (i == 0) /* the address request queues as well */
			assert_int_equal(pcp_client_nexchanges(rig.client), 4);
	}
	assert_sent(4, "\0\0", 2);
	answer_address(false);
	for (size_t i = 0; i < 4; i++)
		assert_memory_equal(rig_row(&rig, i)->external + 12, external, 4);
	assert_int_equal(pcp_client_nexchanges(rig.client), 0);
}

static void renews_and_deletes(void **state)
{
	usec granted;

	(void)state;
	teardown(NULL);
	start_natpmp_only(3, true);
	rig_map(&rig, 80, 7200);
	answer_map(0, 1234, 3600);
	granted = rig.now;
	answer_address(false);
	rig.nsent = 0;
	while (rig.nsent == 0)
		rig_wait(&rig, SECOND);
	assert_in_range(rig.sent[0].at - granted, 1800 * SECOND, 2250 * SECOND);
	assert_sent(0, "\0\x02\0\0\0\x50\x04\xd2\0\0\x1c\x20", 12); /* suggests what it got */
	answer_map(0, 1234, 3600);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_GRANTED);
	rig.nsent = 0;
	pcp_client_delete(rig.client, rig.now, 1, NULL);
	assert_sent(0, "\0\x02\0\0\0\x50\0\0\0\0\0\0", 12);
	answer_map(0, 0, 0);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_DELETED);
}

static void unanswered_renewals_keep_to_windows(void **state)
{
	usec granted;

	(void)state;
	teardown(NULL);
	start_natpmp_only(4, true);
	rig_map(&rig, 80, 7200);
	answer_map(0, 80, 7200);
	answer_address(false);
	granted = rig.now;
	rig.nsent = 0;
	rig_run(&rig, granted + 5000 * SECOND);
	assert_int_equal(rig.nsent, 9); /* one round of nine, then the next window */
	rig_run(&rig, granted + 6000 * SECOND);
	assert_int_equal(rig.nsent, 18);
	assert_in_range(rig.sent[9].at - granted, 5400 * SECOND, 5850 * SECOND);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_GRANTED);
}

/* "natpmpc -a 1 0 udp 60", as VPN gateways want it: the wire allows port 0 with a lifetime. */
static void port_0(void **state)
{
	uint8_t octets[60],
		answer[16] = { 0, 0x81, 0, 0, 0, 0, 0, 9, 0, 0, 0x9c, 0xbb, 0, 0, 0, 60 };

	(void)state;
	rig_map_octets(octets, 0, 60);
	octets[PCP_HEADER_LEN + 12] = PCP_UDP;
	pcp_put(&pcp_map_fields[MAP_EXTERNAL_PORT], octets + PCP_HEADER_LEN, 1);
	assert_true(rig_submit(&rig, octets, sizeof octets) > 0);
	assert_sent(0, "\0\x01\0\0\0\0\0\x01\0\0\0\x3c", 12);
	rig_receive(&rig, answer, sizeof answer);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_GRANTED);
	assert_int_equal(rig_row(&rig, 0)->external_port, 40123);
	assert_int_equal(rig_row(&rig, 0)->lifetime, 60);
}

static void refusals(void **state)
{
	(void)state;
	rig_map(&rig, 80, 7200);
	answer_map(2, 0, 0);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_HOLDING);
	assert_int_equal(rig_row(&rig, 0)->result, 2);
	assert_true(rig_row(&rig, 0)->hold_until == rig.now + 1800 * SECOND);
	rig_map(&rig, 81, 7200);
	answer_map(4, 0, 0); /* out of resources: not PCP's UNSUPP_OPCODE */
	assert_int_equal(rig_map(&rig, 82, 7200), 0);
	assert_non_null(strstr(rig.why.text, "NO_RESOURCES"));
}

static void restarts(void **state)
{
	(void)state;
	rig_map(&rig, 80, 7200);
	answer_map(0, 80, 7200);
	answer_address(false);
	pcp_client_auto_renew(rig.client, rig.now, 1, true);
	rig_wait(&rig, 100 * SECOND);
	/* 7/8 of the time is enough (RFC 6886 3.6) ... */
	rig.boot += 14;
	answer_address(true);
	assert_int_equal(rig_count(&rig, CLIENT_RESTARTED), 0);
	/* ... and a clock that runs ahead is no restart. */
	rig.boot -= 14;
	answer_address(true);
	assert_int_equal(rig_count(&rig, CLIENT_RESTARTED), 0);
	rig.boot = (uint32_t)(rig.now / SECOND);
	answer_address(true);
	assert_int_equal(rig_count(&rig, CLIENT_RESTARTED), 1);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_LOST);
	rig.nsent = 0;
	rig_wait(&rig, 5 * SECOND + 1);
	assert_sent(0, "\0\x02\0\0\0\x50\0\x50\0\0\x1c\x20", 12);
	answer_map(0, 80, 7200);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_GRANTED);
}

static void composed_as_natpmp(void **state)
{
	uint32_t exchange =
		rig_submit(&rig, (const uint8_t *)"\0\x01\0\0\0\x50\0\x50\0\0\x1c\x20", 12);

	(void)state; /* towards a server that is asked in PCP otherwise */
	assert_sent(0, "\0\x01\0\0\0\x50\0\x50\0\0\x1c\x20", 12);
	answer_map(0, 80, 7200);
	assert_false(pcp_client_exchange(rig.client, exchange));
	assert_int_equal(rig_row(&rig, 0)->protocol, 17);
	answer_address(false);
	exchange = rig_submit(&rig, (const uint8_t *)"\0\0", 2);
	answer_address(false);
	assert_false(pcp_client_exchange(rig.client, exchange));
	exchange =
		rig_submit(&rig, (const uint8_t *)"\0\x09\0\0", 4); /* no such opcode: as it is */
	assert_sent(rig.nsent - 1, "\0\x09\0\0", 4);
	rig_receive(&rig, (const uint8_t *)"\0\x89\0\x05\0\0\0\x09", 8);
	assert_false(pcp_client_exchange(rig.client, exchange));
	/* A renewal stays NAT-PMP; so does the deletion of all UDP mappings. */
	rig_wait(&rig, 10 * SECOND);
	pcp_client_renew(rig.client, rig.now, 1, NULL);
	assert_int_equal(rig_last(&rig)->octets[0], 0);
	exchange = rig_submit(&rig, (const uint8_t *)"\0\x01\0\0\0\0\0\0\0\0\0\0", 12);
	answer_map(0, 80, 7200);
	rig_wait(&rig, SECOND);
	answer_map(0, 0, 0);
	assert_false(pcp_client_exchange(rig.client, exchange));
}

static void odd_datagrams(void **state)
{
	static const struct {
		const char *octets;
		size_t len;
	} rows[] = {
		{ "\0\x80\0\0", 4 },
		{ "\0\x80\0\0\0\0\0\x01", 8 },
		{ "\0\x82\0\0\0\0\0\x01\0\x50\0\x50\0\0\x0e", 15 },
		{ "\0\x82\0\0\0\0\0\x01\0\x51\0\x50\0\0\x0e\0", 16 },
		{ "\0\x81\0\0\0\0\0\x01\0\x50\0\x50\0\0\x0e\0", 16 },
		{ "\0\x85\0\0\0\0\0\x01\0\x50\0\x50\0\0\x0e\0", 16 },
		{ "\0\x02\0\0\0\0\0\x01\0\x50\0\x50\0\0\x0e\0", 16 },
	};

	(void)state;
	rig_map(&rig, 80, 7200);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		rig_receive(&rig, (const uint8_t *)rows[i].octets, rows[i].len);
		assert_int_equal(rig_count(&rig, CLIENT_IGNORED), i + 1);
	}
	assert_false(pcp_client_server(rig.client, rig.server)->have_epoch);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_ASKING);
}

#define T(test)	   cmocka_unit_test_setup_teardown(test, setup, teardown)
#define ONLY(test) cmocka_unit_test_setup_teardown(test, setup_only, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(falls_back_with_r),
		T(falls_back_without_r),
		T(back_to_pcp),
		T(what_natpmp_cannot_say),
		T(unusable_offers),
		T(refusals_in_a_circle),
		T(refusal_comes_twice),
		T(set_version_stays),
		T(short_refusals),
		T(no_refusal_without_request),
		ONLY(natpmp_to_a_pcp_server),
		ONLY(its_schedule),
		T(schedule_after_falling_back),
		ONLY(one_at_a_time),
		ONLY(renews_and_deletes),
		ONLY(unanswered_renewals_keep_to_windows),
		ONLY(refusals),
		ONLY(port_0),
		ONLY(restarts),
		T(composed_as_natpmp),
		ONLY(odd_datagrams),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
