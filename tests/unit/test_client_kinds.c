/* Kinds of mappings: PEER, THIRD_PARTY, wildcards, PORT_SET, pairs; PREFIX64; adopting; captures.
 */
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

/* A MAP with option octets after it. */
static uint32_t map_with(uint16_t port, const char *option, size_t len)
{
	uint8_t octets[PCP_EDIT_MAX];

	rig_map_octets(octets, port, 600);
	memcpy(octets + 60, option, len);
	return rig_submit(&rig, octets, 60 + len);
}

/* Answers the last request with other options than its own. */
static void answer_with(const char *option, size_t len)
{
	uint8_t octets[PCP_EDIT_MAX];

	rig_response(&rig, rig_last(&rig), PCP_SUCCESS, 600, octets);
	memcpy(octets + 60, option, len);
	rig_receive(&rig, octets, 60 + len);
}

#define TP(last) "\x01\0\0\x10\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\x02" last

static void third_parties_by_owner(void **state)
{
	(void)state;
	rig_map(&rig, 80, 600);
	map_with(80, TP("\x63"), 20);
	map_with(80, TP("\x64"), 20);
	assert_int_equal(pcp_client_nmappings(rig.client), 3);
	assert_true(rig_row(&rig, 1)->third_party && !rig_row(&rig, 0)->third_party);
	assert_int_equal(rig_row(&rig, 2)->internal[15], 0x64);
	assert_memory_equal(rig.sent[2].octets + 8, rig.source.addr, 16);
	rig_answer(&rig, PCP_SUCCESS, 600);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_ASKING);
	assert_int_equal(rig_row(&rig, 1)->state, MAPPING_ASKING);
	assert_int_equal(rig_row(&rig, 2)->state, MAPPING_GRANTED);
	/* Renewal and deletion name the owner (13.1). */
	pcp_client_delete(rig.client, rig.now, rig_row(&rig, 2)->id, NULL);
	assert_int_equal(rig_last(&rig)->len, 80);
	assert_memory_equal(rig_last(&rig)->octets + 60, TP("\x64"), 20);
	rig_answer(&rig, PCP_SUCCESS, 0);
	assert_int_equal(rig_row(&rig, 2)->state, MAPPING_DELETED);
}

/* RFC 7843 5.2: the same address in another realm is another owner. */
static void third_parties_by_realm(void **state)
{
	(void)state;
	map_with(80,
		 TP("\x63") "\x0d\0\0\x04"
			    "AAAA",
		 28);
	map_with(80,
		 TP("\x63") "\x0d\0\0\x04"
			    "BBBB",
		 28);
	assert_int_equal(pcp_client_nmappings(rig.client), 2);
	rig_answer(&rig, PCP_SUCCESS, 600);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_ASKING);
	assert_int_equal(rig_row(&rig, 1)->state, MAPPING_GRANTED);
}

static void peer(void **state)
{
	uint8_t octets[80] = { 0 };
	struct pcp_why why;

	(void)state;
	rig_map_octets(octets, 4000, 600);
	memset(octets + 60, 0, 20);
	octets[1] = PCP_PEER;
	pcp_put(&pcp_peer_fields[PEER_REMOTE_PORT], octets + 24, 443);
	memcpy(octets + 64, rig.from.addr, 16);
	rig_submit(&rig, octets, 80);
	octets[24 + 37]++; /* another remote port: another mapping */
	rig_submit(&rig, octets, 80);
	assert_int_equal(pcp_client_nmappings(rig.client), 2);
	rig_answer(&rig, PCP_SUCCESS, 600);
	assert_int_equal(rig_row(&rig, 1)->state, MAPPING_GRANTED);
	assert_int_equal(rig_row(&rig, 1)->remote_port, 444);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_ASKING);
	assert_int_equal(pcp_client_delete(rig.client, rig.now, 2, &why), 0);
	assert_non_null(strstr(why.text, "12.1"));
	assert_true(pcp_client_forget(rig.client, rig.now, 2));
	assert_int_equal(pcp_client_nmappings(rig.client), 1);
	assert_false(pcp_client_forget(rig.client, rig.now, 2));
}

static void wildcards(void **state)
{
	uint8_t octets[60];

	(void)state;
	rig_map(&rig, 0, 600);
	rig_map_octets(octets, 0, 600);
	octets[24 + 12] = 0;
	rig_submit(&rig, octets, 60);
	rig_answer(&rig, PCP_UNSUPP_PROTOCOL, 1800);
	assert_int_equal(rig_row(&rig, 1)->state, MAPPING_HOLDING);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_ASKING);
}

static void port_set(void **state)
{
	(void)state;
	map_with(5000, "\x82\0\0\x05\0\x08\x13\x88\x01\0\0\0", 12);
	answer_with("\x82\0\0\x05\0\x06\x13\x88\x01\0\0\0", 12);
	assert_int_equal(pcp_client_nmappings(rig.client), 1);
	assert_int_equal(rig_row(&rig, 0)->port_set_size, 6);
	pcp_client_delete(rig.client, rig.now, 1, NULL); /* RFC 7753 4.4: MUST carry it */
	assert_memory_equal(rig_last(&rig)->octets + 60, "\x82\0\0\x05\0\x08\x13\x88\x01\0\0\0",
			    12);
	assert_int_equal(rig_last(&rig)->len, 72);
}

/* RTP05 5: both ports stand, and each is renewed and deleted by itself. */
static void pair(void **state)
{
	(void)state;
	map_with(5000, "\x84\0\0\0", 4);
	answer_with("\x84\0\0\0", 4);
	assert_int_equal(pcp_client_nmappings(rig.client), 2);
	assert_true(rig_row(&rig, 0)->pair && rig_row(&rig, 1)->pair);
	assert_int_equal(rig_row(&rig, 1)->internal_port, 5001);
	assert_int_equal(rig_row(&rig, 1)->external_port, 5001);
	assert_memory_equal(rig_row(&rig, 1)->nonce, rig_row(&rig, 0)->nonce, 12);
	assert_int_equal(rig_row(&rig, 1)->state, MAPPING_GRANTED);
	pcp_client_delete(rig.client, rig.now, 2, NULL);
	assert_int_equal(rig_last(&rig)->len, 60);
	rig_answer(&rig, PCP_SUCCESS, 0);
	assert_int_equal(rig_row(&rig, 1)->state, MAPPING_DELETED);
	assert_int_equal(rig_row(&rig, 0)->state, MAPPING_GRANTED);
	/* Without the echo there is one. */
	map_with(6000, "\x84\0\0\0", 4);
	answer_with("", 0);
	assert_int_equal(pcp_client_nmappings(rig.client), 3);
	assert_false(rig_row(&rig, 2)->pair);
}

static void description_is_what_was_stored(void **state)
{
	(void)state;
	map_with(80,
		 "\x80\0\0\x04"
		 "web\x1b",
		 8);
	answer_with("\x80\0\0\x04we\x1b[", 8);
	assert_string_equal(rig_row(&rig, 0)->description, "we\\x1b[");
	pcp_client_delete(rig.client, rig.now, 1, NULL);
	assert_int_equal(rig_last(&rig)->len, 60);
}

/* RFC 6887 7.3: what is not in the answer was not processed. */
static void skipped_options_are_known(void **state)
{
	(void)state;
	map_with(80, "\2\0\0\0\x80\0\0\x04web!", 12);
	answer_with("\2\0\0\0", 4);
	assert_int_equal(rig_row(&rig, 0)->nskipped, 1);
	assert_string_equal(pcp_mapping_skipped_name(rig_row(&rig, 0), 0), "DESCRIPTION");
	pcp_client_renew(rig.client, rig.now += 5 * SECOND, 1, NULL);
	answer_with("\2\0\0\0\x80\0\0\x04web!", 12);
	assert_int_equal(rig_row(&rig, 0)->nskipped, 0);
}

/* RFC 7225 4.3: what the server tells replaces what it told before. */
static void prefixes(void **state)
{
	static const char one[] = "\x81\0\0\x0e\0\x0c\0\x64\xff\x9b\0\0\0\0\0\0\0\0\0\0";
	static const char both[] = "\x81\0\0\x0e\0\x0c\0\x64\xff\x9b\0\0\0\0\0\0\0\0\0\0"
				   "\x81\0\0\x0e\0\x0c\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0";
	const struct pcp_client_server *server = pcp_client_server(rig.client, 1);

	(void)state;
	rig_map(&rig, 80, 600);
	answer_with(both, 40);
	assert_int_equal(server->nprefix64, 2);
	assert_int_equal(server->prefix64[1].octets[2], 0x20);
	rig_map(&rig, 81, 600);
	answer_with("", 0);
	assert_int_equal(server->nprefix64, 2);
	rig_map(&rig, 82, 600);
	answer_with(one, 20);
	assert_int_equal(server->nprefix64, 1);
	assert_int_equal(server->prefix64[0].len, 14);
}

#define PREFIX(length, text)                                                                       \
	"\x81\0\0\x0e\0" length text "\0\0\0\0\0\0\0\0"                                            \
	"\0\0" /* padding */

/* What names no prefix teaches nothing, wherever it stands: RFC 7225 4.1 to 4.3. */
static void no_prefixes(void **state)
{
	static const char none[][21] = {
		PREFIX("\x0c", "\0\0\0\0"),	  /* ::/96, a request's placeholder */
		PREFIX("\x04", "\0\0\0\0"),	  /* ::/32 */
		PREFIX("\x09", "\0\x64\xff\x9b"), /* no prefix is 72 bits long */
		PREFIX("\x03", "\x20\x01\x0d\xb8"),
	};
	const struct pcp_client_server *server = pcp_client_server(rig.client, 1);
	uint8_t octets[PCP_EDIT_MAX];
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		rig_map(&rig, (uint16_t)(80 + i), 600);
		answer_with(none[i], 18 + 2);
		assert_int_equal(rig_row(&rig, i)->state, MAPPING_GRANTED);
		assert_int_equal(server->nprefix64, 0);
	}
	for (unsigned result = 1; result <= 13; result++) { /* a copy of the request's */
		map_with((uint16_t)(8000 + result), PREFIX("\x0c", "\0\x64\xff\x9b"), 20);
		len = rig_response(&rig, rig_last(&rig), (uint8_t)result, 30, octets);
		rig_receive(&rig, octets, len);
		assert_int_equal(server->nprefix64, 0);
	}
	assert_int_equal(rig_count(&rig, CLIENT_SERVER), 0);
}

static struct pcp_mapping found_by_walk(void)
{
	struct pcp_mapping found = { .server = 1,
				     .opcode = PCP_MAP,
				     .protocol = 17,
				     .internal_port = 9000,
				     .external_port = 9001,
				     .lifetime = 300,
				     .granted_at = USEC_NEVER,
				     .expires_at = rig.now + 300 * SECOND };

	memcpy(found.internal, rig.source.addr, 16);
	memcpy(found.external, rig.from.addr, 16);
	memset(found.nonce, 7, 12);
	return found;
}

static void adopts(void **state)
{
	struct pcp_mapping found = found_by_walk();
	struct pcp_why why;
	uint32_t id = pcp_client_adopt(rig.client, rig.now, &found, false);
	const struct pcp_mapping *m = pcp_client_mapping(rig.client, id);

	(void)state;
	assert_non_null(m);
	assert_true(m->unconfirmed && m->adopted);
	assert_int_equal(m->state, MAPPING_GRANTED);
	assert_int_equal(pcp_client_renew(rig.client, rig.now, id, &why), 0);
	assert_non_null(strstr(why.text, "adopt"));
	assert_int_equal(pcp_client_adopt(rig.client, rig.now, &found, true), id);
	assert_false(m->unconfirmed);
	assert_int_not_equal(pcp_client_renew(rig.client, rig.now, id, NULL), 0);
	assert_memory_equal(rig_last(&rig)->octets + 24, found.nonce, 12);
	assert_int_equal(pcp_get(&pcp_map_fields[MAP_EXTERNAL_PORT], rig_last(&rig)->octets + 24),
			 9001);
	assert_int_equal(pcp_get(&pcp_request_fields[REQ_LIFETIME], rig_last(&rig)->octets), 300);
	rig_answer(&rig, PCP_SUCCESS, 300);
	assert_int_equal(m->state, MAPPING_GRANTED);
	/* A listing does not overrule what this session knows. */
	found.external_port = 1;
	assert_int_equal(pcp_client_adopt(rig.client, rig.now, &found, false), id);
	assert_int_equal(m->external_port, 9001);
	/* Somebody else's goes with THIRD_PARTY. */
	found.internal[15] = 99;
	id = pcp_client_adopt(rig.client, rig.now, &found, true);
	pcp_client_delete(rig.client, rig.now, id, NULL);
	assert_int_equal(rig_last(&rig)->len, 80);
	/* Left alone it runs out. */
	found.internal_port++;
	found.expires_at = rig.now + 10 * SECOND;
	id = pcp_client_adopt(rig.client, rig.now, &found, false);
	rig_wait(&rig, 16 * SECOND);
	assert_null(pcp_client_mapping(rig.client, id));
	assert_int_equal(
		pcp_client_adopt(rig.client, rig.now, &(struct pcp_mapping){ .server = 9 }, true),
		0);
	assert_int_equal(pcp_client_adopt(rig.client, rig.now,
					  &(struct pcp_mapping){ .server = 1, .opcode = 9 }, true),
			 0);
}

/* A listing of what the row of `m` is, as a NEXT tells it: without opcode and remote peer. */
static struct pcp_mapping listing_of(const struct pcp_mapping *m)
{
	struct pcp_mapping listed = found_by_walk();

	listed.opcode = 0;
	listed.protocol = m->protocol;
	listed.internal_port = m->internal_port;
	memcpy(listed.nonce, m->nonce, sizeof listed.nonce);
	return listed;
}

static void send_peer(uint16_t remote_port)
{
	uint8_t octets[80];

	rig_map_octets(octets, 4000, 600);
	memset(octets + 60, 0, 20);
	octets[1] = PCP_PEER;
	pcp_put(&pcp_peer_fields[PEER_REMOTE_PORT], octets + 24, remote_port);
	memcpy(octets + 64, rig.from.addr, 16);
	rig_submit(&rig, octets, 80);
	rig_answer(&rig, PCP_SUCCESS, 600);
}

/* An entry of a walk is the row with its nonce, protocol and inside, whatever the opcode. */
static void listings_find_their_rows(void **state)
{
	struct pcp_mapping listed;

	(void)state;
	rig_map(&rig, 4000, 600);
	rig_answer(&rig, PCP_SUCCESS, 600);
	for (uint16_t port = 1; port <= 3; port++)
		send_peer(port);
	assert_int_equal(pcp_client_nmappings(rig.client), 4);
	for (size_t i = 0; i < 4; i++) {
		listed = listing_of(rig_row(&rig, i));
		assert_int_equal(pcp_client_adopt(rig.client, rig.now, &listed, i % 2),
				 rig_row(&rig, i)->id);
	}
	assert_int_equal(pcp_client_nmappings(rig.client), 4);
	assert_int_equal(rig_row(&rig, 3)->opcode, PCP_PEER);
	assert_false(rig_row(&rig, 3)->unconfirmed);
	/* Version 1 tells no nonce. */
	listed.version = PCP_VERSION_1;
	memset(listed.nonce, 0, sizeof listed.nonce);
	assert_int_not_equal(pcp_client_adopt(rig.client, rig.now, &listed, false), 0);
	assert_int_equal(pcp_client_nmappings(rig.client), 4);
}

/* What nobody here asked for has a row of its own for each nonce, and is found again. */
static void listings_stay_apart(void **state)
{
	struct pcp_mapping listed = found_by_walk();
	uint32_t one, two;

	(void)state;
	listed.opcode = 0;
	one = pcp_client_adopt(rig.client, rig.now, &listed, false);
	listed.nonce[0]++;
	two = pcp_client_adopt(rig.client, rig.now, &listed, false);
	assert_int_not_equal(one, two);
	assert_int_equal(pcp_client_adopt(rig.client, rig.now, &listed, false), two);
	assert_string_equal(pcp_mapping_opcode_name(pcp_client_mapping(rig.client, two)), "MAP?");
	/* Adopted it keeps its number and is a MAP; there can be one only. */
	assert_int_equal(pcp_client_adopt(rig.client, rig.now, &listed, true), two);
	assert_int_equal(pcp_client_mapping(rig.client, two)->opcode, PCP_MAP);
	assert_int_not_equal(pcp_client_renew(rig.client, rig.now, two, NULL), 0);
	assert_memory_equal(rig_last(&rig)->octets + 24, listed.nonce, 12);
	rig_answer(&rig, PCP_SUCCESS, 300);
	assert_int_equal(pcp_client_mapping(rig.client, two)->state, MAPPING_GRANTED);
	listed.nonce[0]--;
	assert_int_equal(pcp_client_adopt(rig.client, rig.now, &listed, true), 0);
	assert_true(pcp_client_mapping(rig.client, one)->unconfirmed);
	assert_int_equal(pcp_client_nmappings(rig.client), 2);
}

/* What was listed and is then asked for, with its nonce, has one row again. */
static void asking_takes_the_listing_up(void **state)
{
	struct pcp_mapping listed = found_by_walk();
	uint8_t octets[60];
	uint32_t id;

	(void)state;
	listed.opcode = 0;
	id = pcp_client_adopt(rig.client, rig.now, &listed, false);
	rig_map_octets(octets, listed.internal_port, 300);
	octets[24 + 12] = listed.protocol;
	memcpy(octets + 24, listed.nonce, sizeof listed.nonce);
	pcp_client_submit(rig.client, rig.now,
			  &(struct pcp_client_request){
				  .server = 1, .octets = octets, .len = 60, .keep_nonce = true },
			  &rig.why);
	assert_int_equal(pcp_client_nmappings(rig.client), 2);
	rig_answer(&rig, PCP_SUCCESS, 300);
	assert_int_equal(pcp_client_nmappings(rig.client), 1);
	assert_null(pcp_client_mapping(rig.client, id));
	assert_int_equal(rig_row(&rig, 0)->opcode, PCP_MAP);
}

/* What one session sent and heard, replayed to another that must not send. */
static void replay(struct rig *from, struct rig *to)
{
	struct pcp_endpoint server = from->from;

	for (size_t i = 0; i < from->nsent; i++) {
		const struct rig_datagram *sent = &from->sent[i];
		to->now = sent->at;
		pcp_client_tick(to->client, to->now);
		pcp_client_replay_sent(to->client, to->now, &from->source, &server, sent->octets,
				       sent->len);
	}
}

/* What a capture shows is nothing to a client that sends, and it has no copy, whose two would send.
 */
static void only_passive_clients_replay(void **state)
{
	struct pcp_rng rng;
	uint8_t octets[60];

	(void)state;
	rig_map_octets(octets, 80, 300);
	pcp_client_replay_sent(rig.client, rig.now, &rig.source, &rig.from, octets, 60);
	assert_int_equal(pcp_client_nmappings(rig.client), 0);
	pcp_rng_seeded(&rng, 1);
	assert_null(pcp_client_copy(rig.client, &rng, (struct pcp_client_io){ 0 }));
}

static void captures_replay(void **state)
{
	static struct rig reader;
	uint8_t answer[PCP_EDIT_MAX];
	size_t len;
	const struct pcp_mapping *m;

	(void)state;
	rig_map(&rig, 80, 600);
	rig_wait(&rig, 10 * SECOND); /* and its retransmissions */
	rig_map(&rig, 81, 600);
	rig_submit(&rig, (const uint8_t *)"\0\x01\0\0\0\x52\0\x52\0\0\x1c\x20", 12);
	rig_start(&reader, &(struct pcp_client_config){ .passive = true, .renew = true }, 2);
	replay(&rig, &reader);
	assert_int_equal(reader.nsent, 0);
	assert_int_equal(rig_count(&reader, CLIENT_SENT), 3);
	assert_int_equal(rig_count(&reader, CLIENT_RESENT), rig.nsent - 3);
	assert_int_equal(pcp_client_nmappings(reader.client), 3);
	/* The server was met at its own endpoint: the reader's configured one. */
	assert_int_equal(pcp_client_nservers(reader.client), 1);
	len = rig_response(&rig, &rig.sent[0], PCP_SUCCESS, 600, answer);
	pcp_client_receive(reader.client, reader.now, &rig.from, &rig.source, answer, len);
	m = rig_row(&reader, 0);
	assert_int_equal(m->state, MAPPING_GRANTED);
	assert_memory_equal(m->nonce, rig.sent[0].octets + 24, 12);
	assert_int_equal(pcp_client_renew(reader.client, reader.now, m->id, NULL), 0);
	/* Recovery after a crash: another session takes the row over, nonce and options included.
	 */
	rig_stop(&rig);
	rig_start(&rig, &(struct pcp_client_config){ 0 }, 3);
	rig.now = reader.now;
	assert_int_equal(pcp_client_adopt(rig.client, rig.now, m, true), 1);
	pcp_client_delete(rig.client, rig.now, 1, NULL);
	assert_memory_equal(rig_last(&rig)->octets + 24, m->nonce, 12);
	rig_wait(&reader, 600 * SECOND);
	assert_int_equal(rig_row(&reader, 0)->state, MAPPING_EXPIRED);
	assert_int_equal(reader.nsent, 0);
	rig_stop(&reader);
}

#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(third_parties_by_owner),
		T(third_parties_by_realm),
		T(peer),
		T(wildcards),
		T(port_set),
		T(pair),
		T(prefixes),
		T(no_prefixes),
		T(adopts),
		T(listings_find_their_rows),
		T(listings_stay_apart),
		T(asking_takes_the_listing_up),
		T(only_passive_clients_replay),
		T(captures_replay),
		T(description_is_what_was_stored),
		T(skipped_options_are_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
