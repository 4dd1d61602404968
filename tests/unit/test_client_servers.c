/* Several servers, several addresses of one (RFC 7488), anycast (RFC 7723). */
#include "client_rig.h"

static struct rig rig;

static void start(size_t addresses, bool renew, uint64_t seed)
{
	struct pcp_client_server_config config = { .nendpoint = addresses, .version = 2 };
	char typed[32];

	rig_start(&rig, &(struct pcp_client_config){ .renew = renew }, seed);
	for (size_t i = 0; i < addresses; i++) {
		snprintf(typed, sizeof(typed), "198.51.100.%zu", i + 1);
		config.endpoint[i] = rig_endpoint(typed);
	}
	config.source = rig.source;
	rig.server = pcp_client_add_server(rig.client, &config);
	assert_int_equal(rig.server, 2);
	rig.from = config.endpoint[0];
}

static unsigned last_octet(size_t i)
{
	return rig.sent[i].to.addr[15];
}

/* Sends at 0, 3, 9 and 21 s to each; the next after about 45 s; all silent: again after 15 minutes.
 */
static void walks_the_list(void **state)
{
	usec began;

	(void)state;
	for (uint64_t seed = 1; seed <= 100; seed++) {
		start(3, false, seed);
		began = rig.now;
		rig_map(&rig, 80, 600);
		rig_wait(&rig, 1200 * SECOND);
		assert_true(rig.nsent > 12);
		for (size_t i = 0; i < 12; i++)
			assert_int_equal(last_octet(i), i / 4 + 1);
		assert_in_range(rig.sent[4].at - began, 33 * SECOND, 60 * SECOND);
		assert_int_equal(last_octet(12), 1);
		assert_true(rig.sent[12].at - rig.sent[11].at >= 900 * SECOND);
		for (size_t i = 0; i < rig.nevent; i++)
			if (rig.event[i].kind == CLIENT_SERVER) {
				assert_string_equal(
					rig.event[i].reason,
					"no answer from 198.51.100.1:5351, going on with "
					"198.51.100.2:5351");
				break;
			}
		assert_int_equal(pcp_client_nexchanges(rig.client), 1);
		rig_stop(&rig);
	}
}

static void stays_with_the_one_that_answers(void **state)
{
	struct pcp_endpoint first = rig_endpoint("198.51.100.1");
	uint8_t late[PCP_EDIT_MAX];
	size_t len;

	(void)state;
	start(3, false, 1);
	rig_map(&rig, 80, 600);
	len = rig_response(&rig, &rig.sent[0], PCP_SUCCESS, 600, late);
	rig_wait(&rig, 62 * SECOND);
	assert_int_equal(last_octet(rig.nsent - 1), 2);
	/* A late answer from the address given up is ignored. */
	pcp_client_receive(rig.client, rig.now, &first, &rig.source, late, len);
	assert_non_null(strstr(rig_told(&rig, CLIENT_IGNORED)->reason, "given up"));
	rig.from = rig_last(&rig)->to;
	rig_answer(&rig, PCP_SUCCESS, 600);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_GRANTED);
	/* The nonce is the same for all addresses. */
	assert_memory_equal(rig.sent[0].octets, rig_last(&rig)->octets, 60);
	rig_map(&rig, 81, 600);
	assert_int_equal(last_octet(rig.nsent - 1), 2);
	/* When it fails, the list is walked from its best address. */
	rig_wait(&rig, 62 * SECOND);
	assert_int_equal(last_octet(rig.nsent - 1), 1);
	rig_stop(&rig);
}

static void unreachable_moves_on_at_once(void **state)
{
	(void)state;
	start(2, false, 1);
	rig_map(&rig, 80, 600);
	rig_map(&rig, 81, 600);
	pcp_client_unreachable(rig.client, rig.now, &rig.sent[0].to, "host unreachable");
	assert_int_equal(rig.nsent, 4);
	assert_int_equal(last_octet(2), 2);
	assert_int_equal(last_octet(3), 2);
	assert_int_equal(pcp_client_nexchanges(rig.client), 2);
	rig.from = rig.sent[3].to;
	rig_answer(&rig, PCP_SUCCESS, 600);
	assert_int_equal(rig_row(&rig, 1)->state, MAPPING_GRANTED);
	rig_stop(&rig);
}

static void other_family_is_no_candidate(void **state)
{
	struct pcp_client_server_config config = { .nendpoint = 2, .version = 2 };

	(void)state;
	rig_start(&rig, &(struct pcp_client_config){ 0 }, 1);
	config.endpoint[0] = rig_endpoint("2001:db8::1");
	config.endpoint[1] = rig_endpoint("198.51.100.1");
	config.source = rig.source;
	assert_int_equal(pcp_client_add_server(rig.client, &config), 2);
	assert_int_equal(pcp_client_server(rig.client, 2)->config.nendpoint, 1);
	config.nendpoint = 1;
	assert_int_equal(pcp_client_add_server(rig.client, &config), 0);
	config.nendpoint = 0;
	assert_int_equal(pcp_client_add_server(rig.client, &config), 0);
	rig_stop(&rig);
}

/* Each has its own nonce, epoch and rows. */
static void servers_are_apart(void **state)
{
	uint8_t octets[PCP_EDIT_MAX];
	struct pcp_endpoint other = rig_endpoint("198.51.100.1");
	size_t len;

	(void)state;
	start(1, false, 1);
	rig_map(&rig, 80, 600);
	rig.server = 1;
	rig.from = rig_endpoint("192.0.2.1");
	rig_map(&rig, 80, 600);
	assert_int_equal(pcp_client_nmappings(rig.client), 2);
	assert_memory_not_equal(rig.sent[0].octets + 24, rig.sent[1].octets + 24, 12);
	rig_answer(&rig, PCP_SUCCESS, 600);
	assert_int_equal(rig_row(&rig, 1)->state, MAPPING_GRANTED);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_ASKING);
	/* An answer of the one with the other's values is none. */
	len = rig_response(&rig, &rig.sent[1], PCP_SUCCESS, 600, octets);
	pcp_client_receive(rig.client, rig.now, &other, &rig.source, octets, len);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_ASKING);
	/* The restart of the one is none of the other. */
	rig.boot = 500;
	pcp_client_receive(rig.client, rig.now, &other, &rig.source, octets,
			   rig_response(&rig, &rig.sent[0], PCP_SUCCESS, 600, octets));
	assert_int_equal(rig_count(&rig, CLIENT_RESTARTED), 0);
	assert_int_equal(pcp_client_server(rig.client, 2)->epoch, 500);
	rig.from = other;
	rig.boot = 1000;
	rig_announced(&rig, true);
	assert_int_equal(pcp_client_server(rig.client, 2)->restarts, 1);
	assert_int_equal(pcp_client_server(rig.client, 1)->restarts, 0);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_LOST);
	assert_int_equal(rig_row(&rig, 1)->state, MAPPING_GRANTED);
	rig_stop(&rig);
}

/* Two sources towards one gateway: the answer's destination tells which. */
static void two_sources(void **state)
{
	struct pcp_client_server_config config = { .nendpoint = 1, .version = 2 };
	struct pcp_endpoint second = rig_endpoint("192.0.2.8:40001");
	uint8_t octets[PCP_EDIT_MAX];
	size_t len;

	(void)state;
	rig_start(&rig, &(struct pcp_client_config){ 0 }, 1);
	config.endpoint[0] = rig.from;
	config.source = second;
	assert_int_equal(pcp_client_add_server(rig.client, &config), 2);
	rig_map(&rig, 80, 600);
	rig.server = 2;
	rig_map(&rig, 80, 600);
	assert_memory_equal(rig.sent[1].octets + 8, second.addr, 16);
	len = rig_response(&rig, &rig.sent[1], PCP_SUCCESS, 600, octets);
	pcp_client_receive(rig.client, rig.now, &rig.from, &second, octets, len);
	assert_int_equal(rig_row(&rig, 1)->state, MAPPING_GRANTED);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_ASKING);
	rig_stop(&rig);
}

/* RFC 7723 5.1: an anycast address hears of no port before it has answered an ANNOUNCE. */
static void anycast_is_probed(void **state)
{
	struct pcp_client_server_config config = { .nendpoint = 1, .version = 2, .anycast = true };

	(void)state;
	rig_start(&rig, &(struct pcp_client_config){ 0 }, 1);
	rig.from = config.endpoint[0] = rig_endpoint("192.0.0.9");
	config.source = rig.source;
	rig.server = pcp_client_add_server(rig.client, &config);
	rig_map(&rig, 80, 600);
	rig_map(&rig, 81, 600);
	rig_wait(&rig, 2 * SECOND);
	assert_int_equal(rig.nsent, 1);
	assert_int_equal(rig.sent[0].octets[1], PCP_ANNOUNCE);
	assert_int_equal(rig.sent[0].len, 24);
	assert_memory_equal(rig.sent[0].octets + 8, rig.source.addr, 16);
	rig_answer(&rig, PCP_SUCCESS, 0);
	assert_int_equal(rig.nsent, 3);
	rig_answer(&rig, PCP_SUCCESS, 600);
	assert_int_equal(rig_row(&rig, 1)->state, MAPPING_GRANTED);
	rig_stop(&rig);
}

static void link_local_with_scope(void **state)
{
	struct pcp_client_server_config config = { .nendpoint = 1, .version = 2 };
	uint8_t octets[PCP_EDIT_MAX];
	struct pcp_endpoint other;
	size_t len;

	(void)state;
	rig_start(&rig, &(struct pcp_client_config){ 0 }, 1);
	config.endpoint[0] = rig_endpoint("fe80::1%3");
	config.source = rig_endpoint("[2001:db8::7]:40000");
	rig.server = pcp_client_add_server(rig.client, &config);
	rig_map(&rig, 80, 600);
	assert_int_equal(rig_last(&rig)->to.scope, 3);
	assert_memory_equal(rig_last(&rig)->octets + 8, config.source.addr, 16);
	len = rig_response(&rig, rig_last(&rig), PCP_SUCCESS, 600, octets);
	other = config.endpoint[0];
	other.scope = 4; /* the same address on another link is another host */
	pcp_client_receive(rig.client, rig.now, &other, &config.source, octets, len);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_ASKING);
	pcp_client_receive(rig.client, rig.now, &config.endpoint[0], &config.source, octets, len);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_GRANTED);
	rig_stop(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(walks_the_list),
		cmocka_unit_test(stays_with_the_one_that_answers),
		cmocka_unit_test(unreachable_moves_on_at_once),
		cmocka_unit_test(other_family_is_no_candidate),
		cmocka_unit_test(servers_are_apart),
		cmocka_unit_test(two_sources),
		cmocka_unit_test(anycast_is_probed),
		cmocka_unit_test(link_local_with_scope),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
