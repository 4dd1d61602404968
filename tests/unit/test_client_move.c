/* The engine of a host whose address, gateway or way out changes. */
#include "client_rig.h"

#include <errno.h>

static struct rig rig;

static void start(bool renew)
{
	rig_start(&rig, &(struct pcp_client_config){ .renew = renew }, 1);
}

static uint16_t port_of(const struct rig_datagram *datagram, const struct pcp_field *field)
{
	return (uint16_t)pcp_get(field, datagram->octets + PCP_HEADER_LEN);
}

static size_t set_source(const char *address)
{
	rig.source = rig_endpoint(address);
	return pcp_client_set_source(rig.client, rig.now, rig.server, &rig.source,
				     "this host has lost its address 192.0.2.7");
}

/* 16.4: what goes out names the new address; 11.4: there it is a mapping of its own, with a nonce
 * of its own, and wishes for the external port that it had. */
static void mappings_follow(void **state)
{
	uint8_t nonce[PCP_NONCE_LEN];

	(void)state;
	start(true);
	rig_map(&rig, 8080, 600);
	rig_answer(&rig, PCP_SUCCESS, 600);
	memcpy(nonce, rig_row(&rig, 0)->nonce, sizeof nonce);
	rig_wait(&rig, 10 * SECOND);
	assert_int_equal(set_source("192.0.2.33:40001"), 1);
	assert_int_equal(rig.nsent, 2);
	assert_memory_equal(rig_last(&rig)->octets + pcp_request_fields[REQ_CLIENT].off,
			    rig.source.addr, PCP_ADDR_LEN);
	assert_int_equal(port_of(rig_last(&rig), &pcp_map_fields[MAP_EXTERNAL_PORT]), 8080);
	assert_memory_not_equal(rig_last(&rig)->octets + PCP_HEADER_LEN, nonce, sizeof nonce);
	rig_answer(&rig, PCP_SUCCESS, 600);
	assert_int_equal(rig_row(&rig, 1)->state, MAPPING_GRANTED);
	assert_memory_equal(rig_row(&rig, 1)->internal, rig.source.addr, PCP_ADDR_LEN);
	assert_true(rig_row(&rig, 1)->auto_renew);
	rig_stop(&rig);
}

/* The old one stands until it runs out, is never renewed, and nothing can be done for it. */
static void old_ones_are_stranded(void **state)
{
	uint32_t id;

	(void)state;
	start(true);
	rig_map(&rig, 8080, 600);
	rig_answer(&rig, PCP_SUCCESS, 600);
	id = rig_row(&rig, 0)->id;
	set_source("192.0.2.33:40001");
	rig_answer(&rig, PCP_SUCCESS, 600);
	assert_true(rig_row(&rig, 0)->stranded);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_GRANTED);
	assert_false(rig_row(&rig, 1)->stranded);
	assert_int_equal(pcp_client_renew(rig.client, rig.now, id, &rig.why), 0);
	assert_non_null(strstr(rig.why.text, "lost"));
	assert_int_equal(pcp_client_delete(rig.client, rig.now, id, &rig.why), 0);
	assert_false(pcp_client_auto_renew(rig.client, rig.now, id, true));
	for (int i = 0; i < 10; i++) { /* the new one alone is renewed */
		size_t before = rig.nsent;

		rig_wait(&rig, 100 * SECOND);
		if (rig.nsent > before) {
			assert_memory_equal(rig_last(&rig)->octets +
						    pcp_request_fields[REQ_CLIENT].off,
					    rig.source.addr, PCP_ADDR_LEN);
			rig_answer(&rig, PCP_SUCCESS, 600);
		}
	}
	assert_null(pcp_client_mapping(rig.client, id));
	rig_stop(&rig);
}

/* What was asked and not answered goes on from the new address, renewed or not; what others asked
 * for themselves ends. */
static void what_was_under_way(void **state)
{
	(void)state;
	start(false);
	rig_map(&rig, 8080, 600);
	rig_announce(&rig);
	assert_int_equal(set_source("192.0.2.33:40001"), 1);
	assert_int_equal(rig_count(&rig, CLIENT_CANCELLED), 2);
	rig_answer(&rig, PCP_SUCCESS, 600);
	assert_int_equal(rig_row(&rig, 1)->state, MAPPING_GRANTED);
	assert_false(rig_row(&rig, 1)->auto_renew);
	rig_stop(&rig);
}

static void another_family_is_no_source(void **state)
{
	(void)state;
	start(true);
	rig_map(&rig, 8080, 600);
	rig_answer(&rig, PCP_SUCCESS, 600);
	assert_int_equal(set_source("[2001:db8::7]:40001"), 0);
	assert_false(rig_row(&rig, 0)->stranded);
	rig_stop(&rig);
}

/* A mapping for another host does not hang on this one's address. */
static void third_party_stays(void **state)
{
	uint8_t octets[80] = { 0 };
	size_t len = rig_map_octets(octets, 22, 600);

	(void)state;
	start(true);
	octets[len] = PCP_THIRD_PARTY;
	octets[len + 3] = PCP_ADDR_LEN;
	memcpy(octets + len + 4, rig_endpoint("192.0.2.99").addr, PCP_ADDR_LEN);
	rig_submit(&rig, octets, sizeof octets);
	rig_answer(&rig, PCP_SUCCESS, 600);
	assert_int_equal(set_source("192.0.2.33:40001"), 0);
	assert_int_equal(pcp_client_nmappings(rig.client), 1);
	rig_stop(&rig);
}

/* Another gateway: asked for there, deleted at the old one while it can be. */
static void another_server(void **state)
{
	struct pcp_client_server_config config = { .nendpoint = 1, .version = PCP_VERSION_2 };
	uint16_t other;

	(void)state;
	start(true);
	rig_map(&rig, 8080, 600);
	rig_answer(&rig, PCP_SUCCESS, 600);
	config.endpoint[0] = rig_endpoint("198.51.100.1");
	config.source = rig_endpoint("198.51.100.7:40002");
	other = pcp_client_add_server(rig.client, &config);
	assert_int_equal(pcp_client_move(rig.client, rig.now, rig.server, other, true,
					 "the default route goes to 198.51.100.1 now"),
			 1);
	assert_int_equal(rig.nsent, 3);
	assert_int_equal(rig.sent[1].server, other);
	assert_int_equal(rig.sent[2].server, rig.server);
	assert_int_equal(pcp_get(&pcp_request_fields[REQ_LIFETIME], rig.sent[2].octets), 0);
	rig_answer(&rig, PCP_SUCCESS, 0);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_DELETED);
	assert_int_equal(rig_row(&rig, 1)->server, other);
	assert_int_equal(pcp_client_move(rig.client, rig.now, rig.server, rig.server, true, ""), 0);
	assert_int_equal(pcp_client_move(rig.client, rig.now, 9, other, true, ""), 0);
	rig_stop(&rig);
}

/* Minutes of silence have slowed the retransmissions down; when the way is open again, none of that
 * is waited for. */
static void the_way_is_open_again(void **state)
{
	size_t before;

	(void)state;
	start(true);
	rig_map(&rig, 8080, 600);
	rig_answer(&rig, PCP_SUCCESS, 600);
	rig_map(&rig, 8081, 600);
	rig_wait(&rig, 250 * SECOND); /* asked many times, and soon not for minutes */
	before = rig.nsent;
	assert_int_equal(pcp_client_reached(rig.client, rig.now, rig.server), 2);
	rig_wait(&rig, 4 * SECOND); /* renewals are never closer */
	assert_true(rig.nsent >= before + 2);
	assert_int_equal(pcp_client_reached(rig.client, rig.now, 9), 0);
	rig_stop(&rig);
}

static bool refuse_send(void *arg, const struct pcp_client_server *server,
			const struct pcp_endpoint *to, const uint8_t *octets, size_t len)
{
	(void)arg, (void)server, (void)to, (void)octets, (void)len;
	errno = ENETUNREACH;
	return false;
}

static unsigned unsent;
static char failure[320];

static void note_unsent(void *arg, const struct pcp_client_event *event)
{
	(void)arg;
	if (!event->unsent)
		return;
	unsent++;
	snprintf(failure, sizeof failure, "%s", event->reason);
}

/* What could not be sent is told as such, with the system's reason. */
static void nothing_could_be_sent(void **state)
{
	struct pcp_client_server_config config = { .nendpoint = 1, .version = PCP_VERSION_2 };
	struct pcp_client_io io = { .send = refuse_send, .event = note_unsent };

	(void)state;
	start(false);
	pcp_client_free(rig.client);
	rig.client = pcp_client_new(&(struct pcp_client_config){ 0 }, &rig.rng, io);
	config.endpoint[0] = rig.from;
	config.source = rig.source;
	rig.server = pcp_client_add_server(rig.client, &config);
	rig_map(&rig, 8080, 600);
	assert_int_equal(unsent, 1);
	assert_string_equal(failure, "it could not be sent: Network is unreachable");
	rig_stop(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mappings_follow),
		cmocka_unit_test(old_ones_are_stranded),
		cmocka_unit_test(what_was_under_way),
		cmocka_unit_test(another_family_is_no_source),
		cmocka_unit_test(third_party_stays),
		cmocka_unit_test(another_server),
		cmocka_unit_test(the_way_is_open_again),
		cmocka_unit_test(nothing_could_be_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
