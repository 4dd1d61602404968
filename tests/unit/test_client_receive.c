/* RFC 6887 8.3: what is believed, what is ignored and why. One test a row, then the cases with a
 * story. */
#include "client_rig.h"

static struct rig rig;

/* What is done to a perfect answer before it comes. */
struct change {
	const char *name;
	const char *reason; /* part of why it is ignored */
	const char *from, *to;
	size_t len; /* not 0: cut or lengthened to this */
	int at;	    /* octet to change; 0: none */
	uint8_t xor ;
};

static const struct change changes[] = {
	{ "another address", "192.0.2.1:5351 was asked", .from = "192.0.2.99" },
	{ "another port", "not from its port", .from = "192.0.2.1:5352" },
	{ "3 octets", "shorter than 4", .len = 3 },
	{ "4 octets", "header of 24", .len = 4 },
	{ "20 octets", "header of 24", .len = 20 },
	{ "R clear", "R bit is clear", .at = 1, .xor = 0x80 },
	{ "R clear and short", "shorter than 4", .len = 2, .at = 1, .xor = 0x80 },
	{ "1104 octets", "longer than 1100", .len = 1104 },
	{ "61 octets", "multiple of 4", .len = 61 },
	{ "opcode of no request", "opcode", .at = 1, .xor = 0x63 },
	{ "PEER for a MAP", "opcode", .at = 1, .xor = 0x03 },
	{ "another protocol", "no request", .at = 24 + 12, .xor = 1 },
	{ "another internal port", "no request", .at = 24 + 17, .xor = 1 },
	{ "another nonce", "nonce", .at = 24 + 5, .xor = 1 },
	{ "to another address", "no request", .to = "192.0.2.8" },
	{ "to a group", "only announcements", .to = "224.0.0.1:5350" },
	{ "to a group, IPv6", "only announcements", .to = "[ff02::1]:5350" },
	{ "body cut off", "opcode", .len = 56 },
	{ "another version", "no request", .at = 0, .xor = 3 },
};

static void ignored(void **state)
{
	const struct change *change = *state;
	uint8_t octets[PCP_EDIT_MAX] = { 0 };
	struct pcp_endpoint from, to;
	size_t len;

	rig_start(&rig, &(struct pcp_client_config){ 0 }, 1);
	from = change->from ? rig_endpoint(change->from) : rig.from;
	to = change->to ? rig_endpoint(change->to) : rig.source;
	rig_map(&rig, 80, 600);
	len = rig_response(&rig, rig_last(&rig), PCP_SUCCESS, 600, octets);
	if (change->at)
		octets[change->at] ^= change->xor ;
	else if (change->xor)
		octets[0] ^= change->xor ;
	rig.nevent = 0;
	pcp_client_receive(rig.client, rig.now, &from, &to, octets,
			   change->len ? change->len : len);
	assert_int_equal(rig.nevent, 1);
	assert_int_equal(rig.event[0].kind, CLIENT_IGNORED);
	if (!strstr(rig.event[0].reason, change->reason))
		fail_msg("\"%s\" does not say \"%s\"", rig.event[0].reason, change->reason);
	/* Nothing has changed: not the row, not the epoch, and the right answer still counts. */
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_ASKING);
	assert_false(pcp_client_server(rig.client, 1)->have_epoch);
	rig_answer(&rig, PCP_SUCCESS, 600);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_GRANTED);
	rig_stop(&rig);
}

static int setup(void **state)
{
	(void)state;
	rig_start(&rig, &(struct pcp_client_config){ 0 }, 1);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rig_stop(&rig);
	return 0;
}

static void nothing_sent_yet(void **state)
{
	(void)state;
	rig_announced(&rig, true);
	assert_non_null(strstr(rig_told(&rig, CLIENT_IGNORED)->reason, "nothing has been sent"));
	assert_false(pcp_client_server(rig.client, 1)->have_epoch);
}

/* Each earlier test of 8.3 speaks before the later ones. */
static void in_order(void **state)
{
	uint8_t octets[2000] = { 5, 0x63 };
	struct pcp_endpoint stranger = rig_endpoint("198.51.100.1");
	static const struct {
		size_t len;
		uint8_t second;
		const char *reason;
	} rows[] = {
		{ 2, 0x63, "shorter than 4" }, { 7, 0x63, "R bit" },
		{ 7, 0xe3, "header" },	       { 1999, 0xe3, "1100" },
		{ 1001, 0xe3, "multiple" },    { 1000, 0xe3, "version, 5" },
	};

	(void)state;
	pcp_client_receive(rig.client, rig.now, &stranger, &rig.source, octets, 2);
	assert_non_null(strstr(rig_told(&rig, CLIENT_IGNORED)->reason, "server of this client"));
	rig_map(&rig, 80, 600);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		octets[1] = rows[i].second;
		rig_receive(&rig, octets, rows[i].len);
		assert_non_null(strstr(rig_told(&rig, CLIENT_IGNORED)->reason, rows[i].reason));
	}
}

static void another_answer_to_a_retransmission(void **state)
{
	uint8_t octets[PCP_EDIT_MAX];
	size_t len;

	(void)state;
	rig_map(&rig, 80, 600);
	rig_wait(&rig, 4 * SECOND);
	assert_int_equal(rig.nsent, 2);
	len = rig_response(&rig, &rig.sent[0], PCP_SUCCESS, 600, octets);
	rig_receive(&rig, octets, len);
	rig_receive(&rig, octets, len); /* the network's copy */
	assert_int_equal(rig_count(&rig, CLIENT_ANSWERED), 2);
	assert_non_null(strstr(rig_told(&rig, CLIENT_ANSWERED)->reason, "again"));
	rig_wait(&rig, 2 * SECOND);
	/* The verdict may change (8.3). */
	rig_answer(&rig, PCP_NOT_AUTHORIZED, 1800);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_HOLDING);
	assert_int_equal(rig_told(&rig, CLIENT_ANSWERED)->result, PCP_NOT_AUTHORIZED);
	assert_int_equal(rig_told(&rig, CLIENT_ANSWERED)->exchange, 1);
}

static void reordered(void **state)
{
	uint8_t old[PCP_EDIT_MAX];
	size_t len;

	(void)state;
	rig_map(&rig, 80, 600);
	len = rig_response(&rig, &rig.sent[0], PCP_NO_RESOURCES, 30, old);
	rig_wait(&rig, 4 * SECOND);
	old[11]++; /* a second before the answer to come would be enough */
	rig_answer(&rig, PCP_SUCCESS, 600);
	pcp_put(&pcp_response_fields[HDR_EPOCH], old, (uint32_t)(rig.now / SECOND) - 1);
	rig_receive(&rig, old, len);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_GRANTED);
	assert_non_null(strstr(rig_told(&rig, CLIENT_IGNORED)->reason, "older"));
	assert_int_equal(rig_count(&rig, CLIENT_RESTARTED), 0);
}

/* A second answer of the kind, to a second try, is no stale one: the server does not heed the
 * option, and what it gave stands. */
static void prefer_failure_broken(void **state)
{
	uint8_t octets[64], answer[PCP_EDIT_MAX];
	size_t len = rig_map_octets(octets, 80, 600);

	(void)state;
	memcpy(octets + len, "\x02\0\0\0", 4);
	rig_submit(&rig, octets, len + 4);
	len = rig_response(&rig, rig_last(&rig), PCP_SUCCESS, 600, answer);
	answer[24 + 19]++;
	rig_receive(&rig, answer, len);
	rig_receive(&rig, answer, len); /* the same again, to the same try */
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_ASKING);
	rig_wait(&rig, 4 * SECOND);
	assert_int_equal(rig.nsent, 2);
	rig_receive(&rig, answer, len);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_GRANTED);
	assert_int_equal(rig_row(&rig, 0)->external_port, 81);
	assert_int_equal(pcp_client_nexchanges(rig.client), 0);
}

static void prefer_failure(void **state)
{
	uint8_t octets[64], answer[PCP_EDIT_MAX];
	size_t len = rig_map_octets(octets, 80, 600);

	(void)state;
	memcpy(octets + len, "\x02\0\0\0", 4);
	rig_submit(&rig, octets, len + 4);
	len = rig_response(&rig, rig_last(&rig), PCP_SUCCESS, 600, answer);
	answer[24 + 19]++;
	rig_receive(&rig, answer, len);
	assert_non_null(strstr(rig_told(&rig, CLIENT_IGNORED)->reason, "PREFER_FAILURE"));
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_ASKING);
	answer[24 + 19]--;
	rig_receive(&rig, answer, len);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_GRANTED);
	/* A deletion leaves the option out: with lifetime 0 it is an error (11.3). */
	pcp_client_delete(rig.client, rig.now, 1, NULL);
	assert_int_equal(rig_last(&rig)->len, 60);
}

static void deletion_and_late_answers(void **state)
{
	uint8_t late[PCP_EDIT_MAX], gone[PCP_EDIT_MAX];
	size_t len;

	(void)state;
	rig_map(&rig, 80, 600);
	len = rig_response(&rig, rig_last(&rig), PCP_SUCCESS, 600, late);
	rig_receive(&rig, late, len);
	rig_wait(&rig, 60 * SECOND);
	pcp_client_delete(rig.client, rig.now, 1, NULL);
	rig_receive(&rig, late, len); /* and a late one looks like a restart, too: RFC 6887 8.5 */
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_DELETING);
	assert_non_null(strstr(rig_told(&rig, CLIENT_IGNORED)->reason, "earlier request"));
	rig_response(&rig, rig_last(&rig), PCP_SUCCESS, 0, gone);
	rig_receive(&rig, gone, len);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_DELETED);
	rig_wait(&rig, SECOND);
	pcp_put(&pcp_response_fields[HDR_EPOCH], late, (uint32_t)(rig.now / SECOND));
	rig_receive(&rig, late, len);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_DELETED);
	/* Asked for again in that moment: the answer to the deletion says nothing about it. */
	rig_map(&rig, 80, 600);
	pcp_put(&pcp_response_fields[HDR_EPOCH], gone, (uint32_t)(rig.now / SECOND));
	rig_receive(&rig, gone, len);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_ASKING);
	assert_non_null(strstr(rig_told(&rig, CLIENT_IGNORED)->reason, "earlier deletion"));
	rig_answer(&rig, PCP_SUCCESS, 600);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_GRANTED);
}

/* 15.1: traffic may keep it for a while; the answer repeats the deletion's zeros. */
static void deletion_refused_by_traffic(void **state)
{
	uint8_t kept[PCP_EDIT_MAX];
	size_t len;

	(void)state;
	rig_map(&rig, 80, 600);
	rig_answer(&rig, PCP_SUCCESS, 600);
	rig_wait(&rig, 60 * SECOND);
	pcp_client_delete(rig.client, rig.now, 1, NULL);
	len = rig_response(&rig, rig_last(&rig), PCP_SUCCESS, 0, kept);
	pcp_put(&pcp_response_fields[HDR_LIFETIME], kept, 90);
	rig_receive(&rig, kept, len);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_GRANTED);
	assert_int_equal(rig_row(&rig, 0)->lifetime, 90);
	assert_int_equal(rig_row(&rig, 0)->external_port, 80);
	pcp_client_delete(rig.client, rig.now, 1, NULL);
	rig_answer(&rig, PCP_NOT_AUTHORIZED, 90);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_GRANTED);
	assert_int_equal(rig_row(&rig, 0)->result, PCP_NOT_AUTHORIZED);
}

static void deletion_unanswered(void **state)
{
	(void)state;
	rig_map(&rig, 80, 600);
	rig_answer(&rig, PCP_SUCCESS, 600);
	pcp_client_delete(rig.client, rig.now, 1, NULL);
	rig_wait(&rig, 601 * SECOND);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_DELETED); /* it has run out by itself */
	rig_wait(&rig, 6 * SECOND);
	assert_int_equal(pcp_client_nmappings(rig.client), 0);
	assert_int_equal(pcp_client_nexchanges(rig.client), 0);
}

/* 11.4: NO_RESOURCES silences more than the request that it answers. */
static void no_resources(void **state)
{
	uint32_t standing;
	size_t sent;

	(void)state;
	rig_map(&rig, 80, 6000);
	rig_answer(&rig, PCP_SUCCESS, 6000);
	standing = rig_row(&rig, 0)->id;
	rig_map(&rig, 81, 600); /* stays unanswered for now */
	rig_map(&rig, 82, 600);
	rig_answer(&rig, PCP_NO_RESOURCES, 100);
	sent = rig.nsent;
	assert_int_equal(rig_map(&rig, 83, 600), 0);
	assert_non_null(strstr(rig.why.text, "NO_RESOURCES"));
	assert_int_not_equal(rig_announce(&rig), 0);
	pcp_client_renew(rig.client, rig.now, standing, NULL); /* no new mapping: allowed, in 4 s */
	rig_wait(&rig, 5 * SECOND);
	assert_int_equal(rig.nsent,
			 sent + 3); /* ANNOUNCE twice, the renewal; nothing for port 81 */
	rig_answer(&rig, PCP_SUCCESS, 6000);
	rig_wait(&rig, 97 * SECOND);
	assert_int_equal(pcp_client_mapping(rig.client, 2)->state, MAPPING_ASKING);
	assert_true(rig.nsent > sent + 3);
	/* To a deletion it means: nothing of any kind. */
	pcp_client_delete(rig.client, rig.now, standing, NULL);
	rig_answer(&rig, PCP_NO_RESOURCES, 100);
	sent = rig.nsent;
	assert_int_equal(rig_announce(&rig), 0);
	assert_int_equal(pcp_client_renew(rig.client, rig.now, standing, &rig.why), 0);
	assert_non_null(strstr(rig.why.text, "any kind"));
	rig_wait(&rig, 99 * SECOND);
	assert_int_equal(rig.nsent, sent);
	assert_int_not_equal(
		pcp_client_submit(rig.client, rig.now,
				  &(struct pcp_client_request){ .server = 1,
								.octets = rig.sent[0].octets,
								.len = 60,
								.insist = true },
				  NULL),
		0);
}

static void errors_hold_loose_requests(void **state)
{
	(void)state;
	rig_announce(&rig);
	rig_answer(&rig, PCP_ADDRESS_MISMATCH, 1800);
	assert_non_null(strstr(rig_told(&rig, CLIENT_ANSWERED)->reason, "192.0.2.7"));
	assert_non_null(strstr(rig_told(&rig, CLIENT_ANSWERED)->reason, "NAT"));
	assert_int_equal(rig_announce(&rig), 0);
	assert_non_null(strstr(rig.why.text, "ADDRESS_MISMATCH"));
	rig_wait(&rig, 1800 * SECOND);
	assert_int_not_equal(rig_announce(&rig), 0);
}

/* GET and opcodes without a row: by their body. */
static void get_and_unknown(void **state)
{
	uint8_t get[64] = { 2, PCP_GET }, odd[28] = { 2, 77 }, answer[PCP_EDIT_MAX];
	size_t len;
	uint32_t exchange;

	(void)state;
	get[24] = 6;
	exchange = rig_submit(&rig, get, sizeof(get));
	len = rig_response(&rig, rig_last(&rig), PCP_SUCCESS, 0, answer);
	answer[24] = 17;
	rig_receive(&rig, answer, len);
	assert_true(pcp_client_exchange(rig.client, exchange));
	answer[24] = 6;
	rig_receive(&rig, answer, len);
	assert_false(pcp_client_exchange(rig.client, exchange));
	rig_receive(&rig, answer, len); /* again: it belongs to the exchange that is over */
	assert_int_equal(rig_told(&rig, CLIENT_ANSWERED)->exchange, exchange);
	assert_non_null(strstr(rig_told(&rig, CLIENT_ANSWERED)->reason, "another answer"));
	exchange = rig_submit(&rig, odd, sizeof(odd));
	rig_answer(&rig, PCP_UNSUPP_OPCODE, 60);
	assert_false(pcp_client_exchange(rig.client, exchange));
}

/* A raw MAP has no row before it succeeds; then it has. */
static void raw_map_makes_its_row(void **state)
{
	uint8_t octets[60];
	struct pcp_client_request raw = { .server = 1, .octets = octets, .len = 60, .raw = true };

	(void)state;
	rig_map_octets(octets, 80, 600);
	memcpy(octets + 8, rig.source.addr, 16);
	octets[30] = 9;
	pcp_client_submit(rig.client, rig.now, &raw, NULL);
	assert_int_equal(pcp_client_nmappings(rig.client), 0);
	rig_answer(&rig, PCP_SUCCESS, 600);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_GRANTED);
	assert_memory_equal(rig_row(&rig, 0)->nonce, octets + 24, 12);
	pcp_put(&pcp_request_fields[REQ_LIFETIME], octets, 0);
	pcp_client_submit(rig.client, rig.now, &raw, NULL);
	rig_answer(&rig, PCP_SUCCESS, 0);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_DELETED);
}

/* Observers may act on what they hear: here they forget every row at once, and ask again. */
static void forget_from_event(struct rig *r, const struct pcp_client_event *event)
{
	if (event->mapping && event->kind != CLIENT_MAPPING_GONE)
		pcp_client_forget(r->client, r->now, event->mapping->id);
	if (event->kind == CLIENT_MAPPING_GONE && r->nsent < 40)
		rig_map(r, 80, 600);
}

static void observers_may_act(void **state)
{
	(void)state;
	rig.hook = forget_from_event;
	rig_map(&rig, 80, 600);
	rig_answer(&rig, PCP_SUCCESS, 600);
	rig_wait(&rig, 30 * SECOND);
	rig.hook = NULL;
	rig_map(&rig, 81, 600);
	rig_answer(&rig, PCP_SUCCESS, 600);
	rig.hook = forget_from_event;
	rig.boot = 900;
	rig_announced(&rig, true);
	pcp_client_unreachable(rig.client, rig.now, &rig.from, "port unreachable");
	rig_wait(&rig, 700 * SECOND);
}

/* Memory is bounded: loose exchanges, rows. */
static void bounded(void **state)
{
	uint32_t i;

	(void)state;
	rig_stop(&rig);
	rig_start(&rig, &(struct pcp_client_config){ .max_mappings = 10 }, 1);
	for (i = 0; rig_announce(&rig); i++)
		assert_in_range(i, 0, 2000);
	assert_non_null(strstr(rig.why.text, "waiting"));
	for (i = 0; rig_map(&rig, (uint16_t)(1 + i), 600); i++)
		assert_in_range(i, 0, 20);
	assert_int_equal(i, 10);
	assert_non_null(strstr(rig.why.text, "full"));
}

#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	enum { N = sizeof(changes) / sizeof(changes[0]) };
	const struct CMUnitTest rest[] = {
		T(nothing_sent_yet),
		T(in_order),
		T(another_answer_to_a_retransmission),
		T(reordered),
		T(prefer_failure),
		T(prefer_failure_broken),
		T(deletion_and_late_answers),
		T(deletion_refused_by_traffic),
		T(deletion_unanswered),
		T(no_resources),
		T(errors_hold_loose_requests),
		T(get_and_unknown),
		T(raw_map_makes_its_row),
		T(observers_may_act),
		T(bounded),
	};
	struct CMUnitTest tests[N + sizeof(rest) / sizeof(rest[0])];

	for (size_t i = 0; i < N; i++)
		tests[i] = (struct CMUnitTest){ changes[i].name, ignored, NULL, NULL,
						(void *)&changes[i] };
	memcpy(tests + N, rest, sizeof(rest));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
