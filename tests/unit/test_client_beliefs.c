/* What a client believes, and what it does not: RFC 6887 8.3, 9, 14; RFC 7225 4.3; RFC 6886 3.5. */
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

static void granted(void)
{
	rig_map(&rig, 80, 600);
	rig_answer(&rig, PCP_SUCCESS, 600);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_GRANTED);
	rig_wait(&rig, 20 * SECOND);
}

/* The answer to the last request again, with another result and lifetime, unasked. */
static void news(uint8_t version, uint8_t opcode, uint8_t result, uint32_t lifetime)
{
	uint8_t octets[PCP_EDIT_MAX];
	size_t len = rig_response(&rig, rig_last(&rig), result, lifetime, octets);

	octets[0] = version;
	octets[1] = opcode;
	rig_receive(&rig, octets, opcode == (PCP_R | PCP_ANNOUNCE) ? PCP_HEADER_LEN : len);
}

/* Whatever opcode, R bit and length, while PCP is out. */
static void refusals_in_natpmp(void **state)
{
	static const struct {
		uint8_t second;
		size_t len;
	} forms[] = { { 0x00, 8 },  { 0x80, 8 }, { 0x81, 8 },  { 0x82, 8 },  { 0x81, 4 },
		      { 0x81, 16 }, { 0x01, 8 }, { 0x80, 24 }, { 0xff, 61 }, { 0x81, 5 } };

	(void)state;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		uint8_t octets[64] = { 0, forms[i].second, 0, 1 };

		teardown(NULL);
		setup(NULL);
		rig_map(&rig, 80, 600);
		rig_receive(&rig, octets, forms[i].len);
		assert_int_equal(rig.nsent, 2);
		assert_int_equal(rig_last(&rig)->octets[0], PCP_VERSION_NATPMP);
	}
}

static void unknown_versions(void **state)
{
	(void)state;
	granted();
	for (unsigned version = 1; version < 256; version += version == 1 ? 2 : 21) {
		news((uint8_t)version, PCP_R | PCP_ANNOUNCE, PCP_SUCCESS, 0);
		assert_non_null(strstr(rig_told(&rig, CLIENT_IGNORED)->reason, "its version"));
	}
	assert_int_equal(rig_count(&rig, CLIENT_RESTARTED), 0);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_GRANTED);
	assert_int_equal(pcp_client_server(rig.client, 1)->version, PCP_VERSION_2);
}

static void deleted_by_the_server(void **state)
{
	(void)state;
	granted();
	news(PCP_VERSION_2, PCP_R | PCP_MAP, PCP_SUCCESS, 0);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_DELETED);
}

static void taken_back(void **state)
{
	(void)state;
	granted();
	news(PCP_VERSION_2, PCP_R | PCP_MAP, PCP_CANNOT_PROVIDE_EXTERNAL, 30);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_HOLDING);
	assert_int_equal(rig_row(&rig, 0)->external_port, 0);
	assert_true(pcp_addr_is_any(rig_row(&rig, 0)->external));
	assert_true(rig_row(&rig, 0)->expires_at == USEC_NEVER);
}

static void another_clock(void **state)
{
	uint8_t octets[12] = { 0, 0x80, 0, 0, 0, 0, 0, 1, 203, 0, 113, 200 };

	(void)state;
	granted();
	rig_receive(&rig, octets, sizeof octets);
	assert_int_equal(rig_count(&rig, CLIENT_RESTARTED), 0);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_GRANTED);
	assert_int_not_equal(rig_row(&rig, 0)->external[15], 200);
}

static void counted_where_meant(void **state)
{
	uint8_t octets[PCP_EDIT_MAX];
	size_t len;
	struct pcp_endpoint stranger = rig_endpoint("192.0.2.77");

	(void)state;
	rig_map(&rig, 80, 600);
	len = rig_response(&rig, rig_last(&rig), PCP_SUCCESS, 600, octets);
	pcp_client_receive(rig.client, rig.now, &stranger, &rig.source, octets, len);
	assert_int_equal(rig_told(&rig, CLIENT_IGNORED)->exchange, 1);
	octets[24] ^= 1; /* another nonce */
	rig_receive(&rig, octets, len);
	assert_int_equal(rig_told(&rig, CLIENT_IGNORED)->exchange, 1);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_ASKING);
}

/* A server that knows another version alone says no in it: the refusal counts, and tells why. */
static void errors_in_another_version(void **state)
{
	static const uint8_t results[] = { PCP_MALFORMED_REQUEST, PCP_UNSUPP_OPCODE,
					   PCP_NOT_AUTHORIZED };
	uint8_t octets[PCP_EDIT_MAX];
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof results; i++) {
		for (unsigned version = 1; version <= 3; version += 2) {
			teardown(NULL);
			setup(NULL);
			rig_map(&rig, 80, 600);
			len = rig_response(&rig, rig_last(&rig), results[i], 30, octets);
			octets[0] = (uint8_t)version;
			rig_receive(&rig, octets, len);
			assert_int_equal(pcp_client_nexchanges(rig.client), 0);
			assert_int_equal(rig_told(&rig, CLIENT_ANSWERED)->result, results[i]);
			assert_int_not_equal(rig_row(&rig, 0)->state, MAPPING_GRANTED);
		}
	}
}

/* A gateway may announce itself from another of its addresses, which nobody asked: it is no news of
 * the server's until one of its own tells the same. */
static void announced_from_elsewhere(void **state)
{
	struct pcp_endpoint group = rig_endpoint("224.0.0.1:5350"),
			    other = rig_endpoint("192.0.2.9");
	uint8_t octets[PCP_HEADER_LEN] = { PCP_VERSION_2, PCP_R | PCP_ANNOUNCE };

	(void)state;
	granted();
	pcp_client_receive(rig.client, rig.now, &other, &group, octets, sizeof octets);
	assert_int_equal(rig_count(&rig, CLIENT_RESTARTED), 0);
	assert_non_null(strstr(rig_told(&rig, CLIENT_IGNORED)->reason, "server of this client"));
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_GRANTED);
	rig.boot = (uint32_t)(rig.now / SECOND);
	rig_announced(&rig, true);
	assert_int_equal(rig_count(&rig, CLIENT_RESTARTED), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(refusals_in_natpmp, setup, teardown),
		cmocka_unit_test_setup_teardown(unknown_versions, setup, teardown),
		cmocka_unit_test_setup_teardown(deleted_by_the_server, setup, teardown),
		cmocka_unit_test_setup_teardown(taken_back, setup, teardown),
		cmocka_unit_test_setup_teardown(another_clock, setup, teardown),
		cmocka_unit_test_setup_teardown(counted_where_meant, setup, teardown),
		cmocka_unit_test_setup_teardown(errors_in_another_version, setup, teardown),
		cmocka_unit_test_setup_teardown(announced_from_elsewhere, setup, teardown),
	};
	return cmocka_run_group_tests_name("client beliefs", tests, NULL, NULL);
}
