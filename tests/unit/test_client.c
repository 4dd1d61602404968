/* The client's main road: ask, retransmit, match, hold, delete, expire. */
#include "client_rig.h"

static struct rig rig;

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

static void asks_and_is_granted(void **state)
{
	uint32_t exchange = rig_map(&rig, 8080, 3600);
	const struct pcp_mapping *m = rig_row(&rig, 0);

	(void)state;
	assert_int_not_equal(exchange, 0);
	assert_int_equal(rig.nsent, 1);
	assert_int_equal(m->state, MAPPING_ASKING);
	assert_true(pcp_client_exchange(rig.client, exchange));
	/* The engine filled in the client's address and a nonce. */
	assert_memory_equal(rig.sent[0].octets + 8, rig.source.addr, 16);
	assert_memory_equal(rig.sent[0].octets + 24, m->nonce, PCP_NONCE_LEN);
	assert_memory_not_equal(m->nonce, (uint8_t[PCP_NONCE_LEN]){ 0 }, PCP_NONCE_LEN);
	rig.now += 1500;
	rig_answer(&rig, PCP_SUCCESS, 3600);
	assert_false(pcp_client_exchange(rig.client, exchange));
	assert_int_equal(m->state, MAPPING_GRANTED);
	assert_int_equal(m->external_port, 8080);
	assert_int_equal(m->lifetime, 3600);
	assert_true(m->expires_at == rig.now + 3600 * SECOND);
	assert_int_equal(rig_told(&rig, CLIENT_ANSWERED)->rtt, 1500);
	assert_int_equal(rig_told(&rig, CLIENT_ANSWERED)->exchange, exchange);
	assert_int_equal(pcp_client_server(rig.client, 1)->mappings, 1);
	assert_int_equal(pcp_client_server(rig.client, 1)->rtt, 1500);
}

static void runs_out_and_leaves(void **state)
{
	(void)state;
	rig_map(&rig, 8080, 120);
	rig_answer(&rig, PCP_SUCCESS, 120);
	rig_wait(&rig, 119 * SECOND);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_GRANTED);
	rig_wait(&rig, 2 * SECOND);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_EXPIRED);
	assert_int_equal(pcp_client_server(rig.client, 1)->mappings, 0);
	rig_wait(&rig, 6 * SECOND);
	assert_int_equal(pcp_client_nmappings(rig.client), 0);
	assert_int_equal(rig_count(&rig, CLIENT_MAPPING_GONE), 1);
	assert_int_equal(rig.nsent, 1); /* auto-renewal is off by default */
	assert_true(pcp_client_next(rig.client) == USEC_NEVER);
}

static void deletes(void **state)
{
	const struct pcp_mapping *m;
	const uint8_t *sent;

	(void)state;
	rig_map(&rig, 8080, 3600);
	rig_answer(&rig, PCP_SUCCESS, 3600);
	m = rig_row(&rig, 0);
	assert_int_not_equal(pcp_client_delete(rig.client, rig.now, m->id, NULL), 0);
	assert_int_equal(m->state, MAPPING_DELETING);
	sent = rig_last(&rig)->octets;
	assert_memory_equal(sent + 24, m->nonce, PCP_NONCE_LEN);
	assert_int_equal(pcp_get(&pcp_request_fields[REQ_LIFETIME], sent), 0);
	assert_int_equal(pcp_get(&pcp_map_fields[MAP_EXTERNAL_PORT], sent + 24), 0);
	assert_true(pcp_addr_is_v4(sent + 44) && pcp_addr_is_any(sent + 44));
	rig_answer(&rig, PCP_SUCCESS, 0);
	assert_int_equal(m->state, MAPPING_DELETED);
	rig_wait(&rig, 6 * SECOND);
	assert_int_equal(pcp_client_nmappings(rig.client), 0);
}

static void same_key_same_nonce(void **state)
{
	uint8_t first[PCP_NONCE_LEN];

	(void)state;
	rig_map(&rig, 8080, 3600);
	memcpy(first, rig.sent[0].octets + 24, PCP_NONCE_LEN);
	rig_answer(&rig, PCP_SUCCESS, 3600);
	rig_map(&rig, 8080, 7200);
	assert_memory_equal(rig_last(&rig)->octets + 24, first, PCP_NONCE_LEN);
	rig_map(&rig, 8081, 7200);
	assert_memory_not_equal(rig_last(&rig)->octets + 24, first, PCP_NONCE_LEN);
	assert_int_equal(pcp_client_nmappings(rig.client), 2);
	/* Typed as a deletion it takes the row's nonce, too. */
	rig_map(&rig, 8080, 0);
	assert_memory_equal(rig_last(&rig)->octets + 24, first, PCP_NONCE_LEN);
	rig_answer(&rig, PCP_SUCCESS, 0);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_DELETED);
}

static void nonce_of_the_users(void **state)
{
	uint8_t octets[60];
	struct pcp_client_request request = {
		.server = 1, .octets = octets, .len = 60, .keep_nonce = true
	};

	(void)state;
	rig_map_octets(octets, 8080, 600);
	assert_int_not_equal(pcp_client_submit(rig.client, rig.now, &request, NULL), 0);
	assert_memory_equal(rig_last(&rig)->octets + 24, (uint8_t[12]){ 0 }, 12);
	rig_answer(&rig, PCP_SUCCESS, 600);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_GRANTED);
	/* Another nonce is not the row's mapping: the row stays as it is, whatever the answer. */
	octets[24] = 1;
	pcp_client_submit(rig.client, rig.now, &request, NULL);
	rig_answer(&rig, PCP_NOT_AUTHORIZED, 500);
	assert_int_equal(pcp_client_nmappings(rig.client), 1);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_GRANTED);
	/* A server that does not check it makes the mapping its own. */
	rig.now += 600 * SECOND;
	pcp_client_submit(rig.client, rig.now, &request, NULL);
	rig_answer(&rig, PCP_SUCCESS, 600);
	assert_int_equal(pcp_client_nmappings(rig.client), 1);
	assert_int_equal(rig_row(&rig, 0)->nonce[0], 1);
}

static void refused_row_holds(void **state)
{
	const struct pcp_mapping *m;

	(void)state;
	rig_map(&rig, 22, 600);
	rig_answer(&rig, PCP_NOT_AUTHORIZED, 1800);
	m = rig_row(&rig, 0);
	assert_int_equal(m->state, MAPPING_HOLDING);
	assert_int_equal(m->result, PCP_NOT_AUTHORIZED);
	assert_true(m->hold_until == rig.now + 1800 * SECOND);
	/* 8.3: not the same request within that time ... */
	assert_int_equal(rig_map(&rig, 22, 600), 0);
	assert_non_null(strstr(rig.why.text, "1800 s"));
	assert_non_null(strstr(rig.why.text, "NOT_AUTHORIZED"));
	/* ... another one may go, and a key always works. */
	assert_int_not_equal(rig_map(&rig, 22, 300), 0);
	rig_answer(&rig, PCP_NOT_AUTHORIZED, 0);
	assert_true(m->hold_until == rig.now + 30 * SECOND); /* the floor */
	assert_int_not_equal(pcp_client_renew(rig.client, rig.now, m->id, NULL), 0);
	rig_wait(&rig, 4 * SECOND);
	rig_answer(&rig, PCP_SUCCESS, 300);
	assert_int_equal(m->state, MAPPING_GRANTED);
}

static void absurd_lifetime_is_capped(void **state)
{
	(void)state;
	rig_map(&rig, 22, 600);
	rig_answer(&rig, PCP_SUCCESS, UINT32_MAX);
	assert_true(rig_row(&rig, 0)->lifetime == UINT32_MAX);
	assert_true(rig_row(&rig, 0)->expires_at == rig.now + 24 * 3600 * SECOND);
}

static void several_at_once(void **state)
{
	uint8_t answer[3][PCP_EDIT_MAX];

	(void)state;
	for (uint16_t i = 0; i < 3; i++)
		assert_int_not_equal(rig_map(&rig, (uint16_t)(100 + i), 600), 0);
	assert_int_equal(pcp_client_nexchanges(rig.client), 3);
	for (size_t i = 0; i < 3; i++)
		rig_response(&rig, &rig.sent[i], PCP_SUCCESS, 600, answer[i]);
	for (size_t i = 3; i-- > 0;) {
		rig_receive(&rig, answer[i], 60);
		assert_int_equal(rig_row(&rig, i)->state, MAPPING_GRANTED);
		assert_int_equal(pcp_client_nexchanges(rig.client), i);
	}
}

static void announce_and_silence(void **state)
{
	uint32_t exchange = rig_announce(&rig);

	(void)state;
	rig_answer(&rig, PCP_SUCCESS, 0);
	assert_false(pcp_client_exchange(rig.client, exchange));
	assert_true(pcp_client_server(rig.client, 1)->have_epoch);
	exchange = pcp_client_submit(
		rig.client, rig.now,
		&(struct pcp_client_request){
			.server = 1, .octets = rig.sent[0].octets, .len = 24, .mrc = 3 },
		NULL);
	rig_wait(&rig, 60 * SECOND);
	assert_false(pcp_client_exchange(rig.client, exchange));
	assert_int_equal(rig.nsent, 4);
	assert_int_equal(rig_told(&rig, CLIENT_TIMED_OUT)->exchange, exchange);
}

static void unreachable_at_once(void **state)
{
	uint32_t exchange = rig_map(&rig, 80, 600);

	(void)state;
	pcp_client_unreachable(rig.client, rig.now, &rig.from, "port unreachable");
	assert_false(pcp_client_exchange(rig.client, exchange));
	assert_string_equal(rig_told(&rig, CLIENT_UNREACHABLE)->reason, "port unreachable");
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_FAILED);
	assert_true(pcp_client_next(rig.client) == USEC_NEVER);
}

static void raw_goes_untouched(void **state)
{
	static const uint8_t odd[] = { 2, 1, 0xff, 0xff, 9 };
	uint32_t exchange = pcp_client_submit(
		rig.client, rig.now,
		&(struct pcp_client_request){
			.server = 1, .octets = odd, .len = sizeof(odd), .raw = true },
		NULL);

	(void)state;
	assert_int_not_equal(exchange, 0);
	assert_int_equal(rig_last(&rig)->len, sizeof(odd));
	assert_memory_equal(rig_last(&rig)->octets, odd, sizeof(odd));
	pcp_client_cancel(rig.client, rig.now, exchange);
	assert_false(pcp_client_exchange(rig.client, exchange));
	assert_int_equal(rig_told(&rig, CLIENT_CANCELLED)->exchange, exchange);
}

#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(asks_and_is_granted),	      T(runs_out_and_leaves), T(deletes),
		T(same_key_same_nonce),	      T(nonce_of_the_users),  T(refused_row_holds),
		T(absurd_lifetime_is_capped), T(several_at_once),     T(announce_and_silence),
		T(unreachable_at_once),	      T(raw_goes_untouched),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
