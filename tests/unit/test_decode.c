#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "decode.h"
#include "tiling.h"
#include "vectors.h"

static struct vector vectors[VECTORS_MAX];
static size_t nvectors;
static struct pcp_node nodes[PCP_NO_NODE];

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static const struct vector *vector_named(const char *name)
{
	for (size_t i = 0; i < nvectors; i++)
		if (strcmp(vectors[i].name, name) == 0)
			return &vectors[i];
	fail_msg("no vector %s", name);
	return NULL;
}

static struct pcp_packet decode(const uint8_t *octets, size_t len, size_t cap)
{
	struct pcp_packet packet;

	pcp_decode(&packet, octets, len, PCP_DIRECTION_GUESS, PCP_STANDARD, nodes, cap);
	return packet;
}

static void assert_sound(const struct pcp_packet *packet, const char *what)
{
	const char *fault = tiling_fault(packet);
	char summary[256];

	if (fault)
		fail_msg("%s: %s", what, fault);
	pcp_summary(packet, summary, sizeof summary);
	fault = text_fault(summary);
	if (fault)
		fail_msg("%s: summary has %s", what, fault);
}

static void assert_text(const struct pcp_packet *packet, const char *path, const char *want)
{
	size_t node = pcp_node_find(packet, path);
	char text[512];

	if (node == PCP_NO_NODE)
		fail_msg("no %s", path);
	pcp_node_text(packet, node, text, sizeof text);
	if (strcmp(text, want) != 0)
		fail_msg("%s is \"%s\", not \"%s\"", path, text, want);
}

/* ---- each packet of the file ---- */

static void vector_tiles(void **state)
{
	const struct vector *v = *state;
	struct pcp_packet packet = decode(v->octets, v->len, PCP_NODES_MAX);

	assert_sound(&packet, v->name);
	assert_int_equal(packet.direction, v->direction);
	assert_false(packet.cut);
	for (size_t i = 0; i < packet.nnode; i++)
		if (packet.node[i].field && packet.node[i].field->kind == PCP_RAW)
			fail_msg("%s has raw octets at %u", v->name, packet.node[i].off);
}

static void vector_cut_anywhere(void **state)
{
	const struct vector *v = *state;

	for (size_t len = 0; len < v->len; len++) {
		struct pcp_packet packet = decode(v->octets, len, PCP_NODES_MAX);

		assert_sound(&packet, v->name);
	}
}

static void vector_any_bit_flipped(void **state)
{
	const struct vector *v = *state;
	uint8_t octets[PCP_EDIT_MAX];

	for (size_t bit = 0; bit < 8 * v->len; bit++) {
		struct pcp_packet packet;

		memcpy(octets, v->octets, v->len);
		octets[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
		packet = decode(octets, v->len, PCP_NODES_MAX);
		assert_sound(&packet, v->name);
	}
}

static void vector_fits_any_array(void **state)
{
	const struct vector *v = *state;
	size_t whole = decode(v->octets, v->len, PCP_NODES_MAX).nnode;

	for (size_t cap = 2; cap <= whole + 1; cap++) {
		struct pcp_packet packet = decode(v->octets, v->len, cap);

		assert_true(packet.nnode <= cap);
		assert_int_equal(packet.cut, cap <= whole);
		assert_sound(&packet, v->name);
	}
}

/* The dialects change what octets mean, never whether they decode. */
static void vector_in_any_dialect(void **state)
{
	const struct vector *v = *state;

	for (unsigned dialects = 0; dialects < 8; dialects++)
		for (int direction = PCP_DIRECTION_GUESS; direction <= PCP_RESPONSE; direction++) {
			struct pcp_packet packet;

			pcp_decode(&packet, v->octets, v->len, (enum pcp_direction)direction,
				   dialects, nodes, PCP_NODES_MAX);
			assert_sound(&packet, v->name);
			assert_int_not_equal(packet.direction, PCP_DIRECTION_GUESS);
		}
}

/* ---- what the fields of the sample packets say ---- */

static const struct {
	const char *vector, *path, *text;
} values[] = {
	{ "announce_req", "header.version", "2" },
	{ "announce_req", "header.r", "0 request" },
	{ "announce_req", "header.opcode", "0 ANNOUNCE" },
	{ "announce_req", "header.client_address", "192.168.5.100" },
	{ "announce_resp", "header.r", "1 response" },
	{ "announce_resp", "header.epoch", "3661 s = 1:01:01" },
	{ "announce_resp", "header.result", "0 SUCCESS" },
	{ "announce_resp", "header.reserved_96", "0" },
	{ "map_req_tcp_v4", "header.lifetime", "3600 s = 1:00:00" },
	{ "map_req_tcp_v4", "header.reserved", "0" },
	{ "map_req_tcp_v4", "map.nonce", "a0a1a2a3a4a5a6a7a8a9aaab" },
	{ "map_req_tcp_v4", "map.protocol", "6 tcp" },
	{ "map_req_tcp_v4", "map.reserved", "0" },
	{ "map_req_tcp_v4", "map.internal_port", "8080" },
	{ "map_req_tcp_v4", "map.suggested_external_port", "0" },
	{ "map_req_tcp_v4", "map.suggested_external_address", "0.0.0.0" },
	{ "map_resp_tcp_v4", "header.epoch", "120 s = 0:02:00" },
	{ "map_resp_tcp_v4", "map.assigned_external_port", "40080" },
	{ "map_resp_tcp_v4", "map.assigned_external_address", "203.0.113.5" },
	{ "map_req_udp_v6_desc", "header.client_address", "2001:db8:1::10" },
	{ "map_req_udp_v6_desc", "map.protocol", "17 udp" },
	{ "map_req_udp_v6_desc", "map.suggested_external_address", "::" },
	{ "map_req_udp_v6_desc", "options[0].code", "128 DESCRIPTION" },
	{ "map_req_udp_v6_desc", "options[0].reserved", "0" },
	{ "map_req_udp_v6_desc", "options[0].length", "7" },
	{ "map_req_udp_v6_desc", "options[0].description.text", "Cam\xc3\xa9ra" },
	{ "map_req_udp_v6_desc", "options[0].padding", "0" },
	{ "map_req_udp_v6_desc", "options[0]", "DESCRIPTION" },
	{ "map_req_tp_pf_filter_v4", "options[0].third_party.internal_address", "192.168.5.200" },
	{ "map_req_tp_pf_filter_v4", "options[1].code", "2 PREFER_FAILURE" },
	{ "map_req_tp_pf_filter_v4", "options[2].filter.prefix_length", "0 erases all filters" },
	{ "map_req_tp_pf_filter_v4", "options[3].filter.prefix_length", "24 (120 on the wire)" },
	{ "map_req_tp_pf_filter_v4", "options[3].filter.remote_port", "443" },
	{ "map_req_tp_pf_filter_v4", "options[3].filter.remote_address", "198.51.100.0" },
	{ "map_req_tp_pf_filter_v4", "map.suggested_external_port", "2222" },
	{ "map_err_cannot_provide", "header.result", "11 CANNOT_PROVIDE_EXTERNAL" },
	{ "map_err_not_authorized", "header.lifetime", "1777 s = 0:29:37" },
	{ "map_req_portset_p64_v6", "map.internal_port", "50000" },
	{ "map_req_portset_p64_v6", "options[0].port_set.size", "100" },
	{ "map_req_portset_p64_v6", "options[0].port_set.first_internal_port", "50000" },
	{ "map_req_portset_p64_v6", "options[0].port_set.parity", "1 preserve" },
	{ "map_req_portset_p64_v6", "options[0].padding", "0" },
	{ "map_req_portset_p64_v6", "options[1].prefix64.prefix_length", "12" },
	{ "map_req_portset_p64_v6", "options[1].prefix64.prefix", "::/96" },
	{ "map_req_portset_p64_v6", "options[1].prefix64.suffix", "" },
	{ "map_req_resv_desc64", "options[0].description_64.text", "rtp" },
	{ "map_req_resv_desc64", "options[1].code", "132 PORT_RESERVATION" },
	{ "peer_req_v4", "peer.remote_address", "198.51.100.20" },
	{ "peer_req_v4", "peer.remote_port", "443" },
	{ "peer_req_v4", "peer.reserved_2", "0" },
	{ "peer_resp_v4", "peer.assigned_external_port", "61001" },
	{ "peer_req_v6_tpid", "options[1].third_party_id.id", "0abcd0" },
	{ "get_req_first", "get.protocol", "0 all" },
	{ "get_req_first", "get.internal_address", "0.0.0.0" },
	{ "get_req_first", "options[0].next.end", "0 MORE" },
	{ "get_req_first", "options[0].next.wanted", "3 FILTER, 128 DESCRIPTION" },
	{ "get_req_continue", "options[0].next.nonce", "a0a1a2a3a4a5a6a7a8a9aaab" },
	{ "get_req_continue", "options[0].next.internal_address", "192.168.5.100" },
	{ "get_req_continue", "options[0].next.external_port", "40080" },
	{ "get_req_continue", "options[0].next.wanted", "none" },
	{ "get_err_nonexist", "header.result", "130 NONEXIST_MAP" },
	{ "get_err_nonexist", "get.internal_address", "2001:db8:1::10" },
	{ "get_err_ambiguous", "header.result", "131 AMBIGUOUS" },
	{ "get_req_next_v1", "options[0].next.protocol", "0 all" },
	{ "get_req_next_v1", "options[0].next.external_address", "0.0.0.0" },
	{ "auth_init", "header.result", "14 INITIATION" },
	{ "auth_init", "authentication.session_id", "0" },
	{ "auth_init", "options[0].nonce.nonce", "cafef00d" },
	{ "auth_client_eap", "header.result", "23 AUTHENTICATION_REPLY" },
	{ "auth_client_eap", "options[0].prf.prf", "5 PRF_HMAC_SHA2_256" },
	{ "auth_client_eap", "options[1].mac_algorithm.algorithm", "12 AUTH_HMAC_SHA2_256_128" },
	{ "auth_client_eap", "options[2].eap_payload.eap", "0201000a01616c696365" },
	{ "auth_ack", "options[0].received_pak.sequence", "0" },
	{ "unsupp_version_resp", "header.result", "1 UNSUPP_VERSION" },
	{ "natpmp_addr_req", "natpmp.opcode", "0 ADDRESS" },
	{ "natpmp_addr_resp", "natpmp.result", "0 SUCCESS" },
	{ "natpmp_addr_resp", "natpmp.epoch", "170 s = 0:02:50" },
	{ "natpmp_addr_resp", "natpmp.external_address", "203.0.113.5" },
	{ "natpmp_map_req", "natpmp.internal_port", "5000" },
	{ "natpmp_map_req", "natpmp.suggested_external_port", "0" },
	{ "natpmp_map_req", "natpmp.lifetime", "7200 s = 2:00:00" },
	{ "natpmp_map_resp", "natpmp.mapped_external_port", "40000" },
};

static void sample_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(values); i++) {
		const struct vector *v = vector_named(values[i].vector);
		struct pcp_packet packet = decode(v->octets, v->len, PCP_NODES_MAX);

		assert_text(&packet, values[i].path, values[i].text);
	}
}

static const struct {
	const char *vector, *text;
} summaries[] = {
	{ "announce_req", "ANNOUNCE" },
	{ "announce_resp", "ANNOUNCE SUCCESS epoch 3661" },
	{ "map_req_tcp_v4", "MAP tcp 8080 3600 s" },
	{ "map_resp_tcp_v4", "MAP SUCCESS 203.0.113.5:40080 3600 s" },
	{ "map_resp_udp_v6_desc", "MAP SUCCESS [2001:db8:1::10]:5000 7200 s" },
	{ "map_err_not_authorized", "MAP NOT_AUTHORIZED 1777 s" },
	{ "map_delete_req", "MAP tcp 8080 delete" },
	{ "map_delete_resp", "MAP SUCCESS deleted" },
	{ "peer_req_v4", "PEER tcp 49152 to 198.51.100.20:443 900 s" },
	{ "peer_resp_v4", "PEER SUCCESS 203.0.113.5:61001 900 s" },
	{ "get_req_first", "GET MORE" },
	{ "get_req_next_v1", "GET MORE (version 1)" },
	{ "get_err_nonexist", "GET NONEXIST_MAP 30 s" },
	{ "auth_init", "AUTHENTICATION INITIATION session 00000000 seq 0" },
	{ "natpmp_map_resp", "NAT-PMP MAP_UDP SUCCESS 5000 as 40000 7200 s" },
	{ "natpmp_addr_resp", "NAT-PMP ADDRESS SUCCESS 203.0.113.5" },
};

static void sample_summaries(void **state)
{
	char text[256];

	(void)state;
	for (size_t i = 0; i < COUNT(summaries); i++) {
		const struct vector *v = vector_named(summaries[i].vector);
		struct pcp_packet packet = decode(v->octets, v->len, PCP_NODES_MAX);

		pcp_summary(&packet, text, sizeof text);
		assert_string_equal(text, summaries[i].text);
	}
}

/* ---- what no sample shows ---- */

#define HEADER(op) "02" op "0000 00000000 00000000000000000000ffffc0a80564 "
#define ANSWER(op) "02" op "0000 00000000 00000000 000000000000000000000000 "
#define NONCE	   "a0a1a2a3a4a5a6a7a8a9aaab "
#define MAP_BODY   NONCE "06000000 1f90 0000 00000000000000000000ffff00000000 "
#define GET_BODY                                                                                   \
	"00000000 00000000000000000000ffff00000000 00000000000000000000ffff00000000 00000000 "
#define NEXT_FIXED                                                                                 \
	NONCE "06 0000 01 00000000000000000000ffffc0a80564 00000000000000000000ffffcb007105 "      \
	      "00000e10 1f90 9c90 "
#define LIBPCP PCP_DIALECT_LIBPCP
#define MINI   PCP_DIALECT_MINIUPNPD

static const struct {
	const char *hex;
	enum pcp_direction direction;
	unsigned dialects;
	const char *path, *text;
} cases[] = {
	/* unknown, short, long, overrun: raw and never refused */
	{ "02", 0, 0, "header.version", "2" },
	{ "0201", 0, 0, "header.opcode", "1 MAP" },
	{ "020100", 0, 0, "raw.octets", "00" },
	{ HEADER("4d") "01020304", 0, 0, "raw.octets", "01020304" },
	{ HEADER("4d") "01020304", 0, 0, "header.opcode", "77" },
	{ "03010000 00000000 00000000000000000000ffffc0a80564 ff", 0, 0, "raw.octets", "ff" },
	{ HEADER("01") NONCE "0600", 0, 0, "map.protocol", "6 tcp" },
	{ HEADER("01") NONCE "0600", 0, 0, "raw.octets", "00" },
	{ HEADER("00") "4d000003 01020300", 0, 0, "options[0].raw.octets", "010203" },
	{ HEADER("00") "4d000003 01020300", 0, 0, "options[0].code", "77" },
	{ HEADER("00") "4d000003 01020300", 0, 0, "options[0]", "option 77" },
	{ HEADER("00") "4d000000", 0, 0, "options[0].raw.octets", "" },
	{ HEADER("01") MAP_BODY "01000014 0102", 0, 0, "options[0].length", "20" },
	{ HEADER("01") MAP_BODY "01000014 0102", 0, 0, "options[0].raw.octets", "0102" },
	{ HEADER("01") MAP_BODY "0300000a 0078 01bb 00000000 0000 0000", 0, 0,
	  "options[0].filter.remote_port", "443" },
	{ HEADER("01") MAP_BODY "0300000a 0078 01bb 00000000 0000 0000", 0, 0,
	  "options[0].raw.octets", "000000000000" },
	{ HEADER("01") MAP_BODY "02000004 deadbeef", 0, 0, "options[0].raw.octets", "deadbeef" },
	{ HEADER("01") MAP_BODY "02000000 01", 0, 0, "raw.octets", "01" },
	{ HEADER("01") MAP_BODY "80000001 41 01", 0, 0, "options[0].padding", "01" },
	{ HEADER("01") MAP_BODY "80000001 41 000100", 0, 0, "options[0].padding", "000100" },
	/* FILTER's prefix lengths */
	{ HEADER("01") MAP_BODY "03000014 0018 0000 00000000000000000000ffffc6336400", 0, 0,
	  "options[0].filter.prefix_length", "24, not a prefix length of IPv4" },
	{ HEADER("01") MAP_BODY "03000014 0081 0000 20010db8000000000000000000000000", 0, 0,
	  "options[0].filter.prefix_length", "129, not a prefix length of IPv6" },
	{ HEADER("01") MAP_BODY "03000014 0040 0000 20010db8000000000000000000000000", 0, 0,
	  "options[0].filter.prefix_length", "64" },
	{ HEADER("01") MAP_BODY "03000014 0080 0000 00000000000000000000ffffc6336401", 0, 0,
	  "options[0].filter.prefix_length", "32 (128 on the wire)" },
	{ "01010000 00000000 00000000000000000000ffffc0a80564 "
	  "06000000 1f90 0000 00000000000000000000ffff00000000 "
	  "03000014 0018 0000 00000000000000000000ffffc6336400",
	  0, 0, "options[0].filter.prefix_length", "24" },
	/* version 1 bodies */
	{ "01010000 00000e10 00000000000000000000ffffc0a80564 "
	  "11000000 1388 1770 00000000000000000000ffff00000000",
	  0, 0, "map.suggested_external_port", "6000" },
	{ "01820000 00000e10 0000000a 000000000000000000000000 11000000 1388 1770 "
	  "00000000000000000000ffffcb007105 01bb 0000 00000000000000000000ffffc6336414",
	  0, 0, "peer.remote_address", "198.51.100.20" },
	{ "0203000e 0000", 0, 0, "header.result", "14 INITIATION" },
	/* a refusal of the version carries a body of another one */
	{ "01810001 00000708 0000000a 000000000000000000000000 " MAP_BODY, 0, 0, "raw.octets",
	  "a0a1a2a3a4a5a6a7a8a9aaab060000001f90000000000000000000000000ffff00000000" },
	/* options of RFC 7652 that the samples lack */
	{ HEADER("00") "0500001c 01020304 00000007 00000001 000102030405060708090a0b0c0d0e0f", 0, 0,
	  "options[0].authentication_tag.authentication_data", "000102030405060708090a0b0c0d0e0f" },
	{ HEADER("00") "0500001c 01020304 00000007 00000001 000102030405060708090a0b0c0d0e0f", 0, 0,
	  "options[0].authentication_tag.sequence", "7" },
	{ ANSWER("83") "01020304 00000002 06000014 00000001 000102030405060708090a0b0c0d0e0f", 0, 0,
	  "options[0].pa_authentication_tag.key_id", "1" },
	{ ANSWER("83") "01020304 00000002 0a000004 00000e10", 0, 0,
	  "options[0].session_lifetime.lifetime", "3600 s = 1:00:00" },
	{ ANSWER("83") "01020304 00000002 0c000005 6372656473 000000", 0, 0,
	  "options[0].id_indicator.id", "creds" },
	/* PREFIX64 */
	{ ANSWER("80") "8100001c 0004 20010db8 0000000000000000 0002 0018 c0000200 0000 00000000",
	  0, 0, "options[0].prefix64.prefix", "2001:db8::/32" },
	{ ANSWER("80") "8100001c 0004 20010db8 0000000000000000 0002 0018 c0000200 0000 00000000",
	  0, 0, "options[0].prefix64.suffix", "0000000000000000" },
	{ ANSWER("80") "8100001c 0004 20010db8 0000000000000000 0002 0018 c0000200 0000 00000000",
	  0, 0, "options[0].prefix64.ipv4_prefix_length[0]", "24" },
	{ ANSWER("80") "8100001c 0004 20010db8 0000000000000000 0002 0018 c0000200 0008 0a000000",
	  0, 0, "options[0].prefix64.ipv4_address[1]", "10.0.0.0" },
	{ ANSWER("80") "8100000e 000c 0064ff9b0000000000000000 0000", 0, 0,
	  "options[0].prefix64.prefix", "64:ff9b::/96" },
	{ ANSWER("80") "8100000e 000c 00000000000000000000ffff 0000", 0, 0,
	  "options[0].prefix64.prefix", "::ffff:0:0/96" },
	{ ANSWER("80") "8100000e 000d 0064ff9b0000000000000000 0000", 0, 0, "options[0].raw.octets",
	  "0064ff9b0000000000000000" },
	{ ANSWER("80") "81000014 000c 0064ff9b0000000000000000 0002 01020304", 0, 0,
	  "options[0].raw.octets", "01020304" },
	/* NEXT: nested options in answers, both versions */
	{ ANSWER("e2") GET_BODY
	  "83000058 " NEXT_FIXED
	  "03000014 0078 01bb 00000000000000000000ffffc6336400 80000003 77656200",
	  0, 0, "options[0].next.options[0].filter.prefix_length", "24 (120 on the wire)" },
	{ ANSWER("e2") GET_BODY
	  "83000058 " NEXT_FIXED
	  "03000014 0078 01bb 00000000000000000000ffffc6336400 80000003 77656200",
	  0, 0, "options[0].next.options[1].description.text", "web" },
	{ ANSWER("e2") GET_BODY "83000038 " NEXT_FIXED, 0, 0, "options[0].next.options", "" },
	{ ANSWER("e2") GET_BODY "8300003a " NEXT_FIXED "0102 0000", 0, 0, "options[0].raw.octets",
	  "0102" },
	{ ANSWER("e2") GET_BODY "8300000f " NONCE "060000 00", 0, 0, "options[0].next.reserved",
	  "0" },
	{ "01e20000 00000000 00000000 000000000000000000000000 " GET_BODY
	  "83000030 06000001 00000000000000000000ffffc0a80564 00000000000000000000ffffcb007105 "
	  "00000e10 1f909c90 84000000",
	  0, 0, "options[0].next.options[0].code", "132 PORT_RESERVATION" },
	/* codes with two meanings */
	{ HEADER("03") "01020304 00000000", 0, 0, "authentication.session_id", "16909060" },
	{ HEADER("03") NONCE "64 06 736b79706500 02000000", 0, LIBPCP, "sadscp.name",
	  "skype\\x00" },
	{ HEADER("03") NONCE "64 06 736b79706500 02000000", 0, MINI, "sadscp.delay_tolerance",
	  "1" },
	{ HEADER("03") NONCE "64 06 736b79706500 02000000", 0, MINI, "sadscp.loss_tolerance", "2" },
	{ HEADER("03") NONCE "64 06 736b79706500 02000000", 0, MINI, "sadscp.jitter_tolerance",
	  "1" },
	{ HEADER("03") NONCE "64 06 736b79706500 02000000", 0, MINI, "header.reserved", "0" },
	{ HEADER("03") NONCE "64 06 736b79706500 02000000", 0, MINI, "options[0].code",
	  "2 PREFER_FAILURE" },
	{ HEADER("03") NONCE "64 ff 736b7970", 0, LIBPCP, "sadscp.name", "skyp" },
	{ ANSWER("83") NONCE "ae000000", 0, LIBPCP, "sadscp.dscp", "46" },
	{ ANSWER("83") NONCE "ae000000", 0, LIBPCP, "sadscp.matched", "1 yes" },
	{ HEADER("01") MAP_BODY "04000004 2e2a0080", 0, 0, "options[0].nonce.nonce", "2e2a0080" },
	{ HEADER("01") MAP_BODY "04000004 2e2a0080", 0, MINI, "options[0].flow_priority.dscp_up",
	  "46" },
	{ HEADER("01") MAP_BODY "63000004 2e2a0080", 0, 0, "options[0].flow_priority.dscp_down",
	  "42" },
	{ HEADER("01") MAP_BODY "63000004 2e2a0080", 0, 0, "options[0].flow_priority.response",
	  "1 response" },
	{ HEADER("01") MAP_BODY "ff000005 0064c35001 000000", 0, 0, "options[0].port_set_255.size",
	  "100" },
	{ HEADER("01") MAP_BODY
	  "6000 0020 6d79626f78000000000000000000000000000000000000000000000000000000",
	  0, 0, "options[0].deviceid.id", "mybox" },
	{ HEADER("01") MAP_BODY "64000008 00000007 76616c00", 0, 0, "options[0].metadata.value",
	  "76616c00" },
	/* NAT-PMP */
	{ "0000000100000064", 0, 0, "natpmp.result", "1 UNSUPPORTED_VERSION" },
	{ "0000000100000064", 0, 0, "natpmp", "UNSUPPORTED_VERSION" },
	{ "0000000100000064", PCP_RESPONSE, 0, "natpmp.epoch", "100 s = 0:01:40" },
	{ "0080000100000064", 0, 0, "natpmp.result", "1 UNSUPPORTED_VERSION" },
	{ "0002000000160050 00000000", 0, 0, "natpmp.suggested_external_port", "80" },
	{ "0082000000000064 00160050 00001c20", 0, 0, "natpmp.mapped_external_port", "80" },
	{ "00830005", 0, 0, "natpmp.result", "5 UNSUPPORTED_OPCODE" },
	{ "0003aabb", 0, 0, "raw.octets", "aabb" },
	{ "0003aabb", 0, 0, "natpmp.opcode", "3" },
	/* text from the network */
	{ HEADER("01") MAP_BODY "80000004 1b5b324a", 0, 0, "options[0].description.text",
	  "\\x1b[2J" },
	{ HEADER("01") MAP_BODY "80000004 e280ae41", 0, 0, "options[0].description.text",
	  "\\xe2\\x80\\xaeA" },
	{ HEADER("01") MAP_BODY "80000002 c328 0000", 0, 0, "options[0].description.text",
	  "\\xc3(" },
	/* a hint where the R bit says otherwise */
	{ HEADER("01") MAP_BODY, PCP_RESPONSE, 0, "map.assigned_external_port", "0" },
	{ ANSWER("81") MAP_BODY, PCP_REQUEST, 0, "map.suggested_external_port", "0" },
	/* numbers at their ends */
	{ "02010000 ffffffff 00000000000000000000ffffc0a80564 " MAP_BODY, 0, 0, "header.lifetime",
	  "4294967295 s = infinite" },
	{ ANSWER("c9") "ff", 0, 0, "header.opcode", "73" },
};

static void odd_packets(void **state)
{
	static uint8_t octets[PCP_EDIT_MAX];
	struct pcp_packet packet;
	struct pcp_why why;
	size_t len;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		if (!pcp_hex_parse(cases[i].hex, octets, sizeof octets, &len, &why))
			fail_msg("%s: %s", cases[i].hex, why.text);
		pcp_decode(&packet, octets, len, cases[i].direction, cases[i].dialects, nodes,
			   PCP_NODES_MAX);
		assert_sound(&packet, cases[i].hex);
		assert_text(&packet, cases[i].path, cases[i].text);
	}
}

static void no_octets(void **state)
{
	struct pcp_packet packet = decode((const uint8_t *)"", 0, PCP_NODES_MAX);

	(void)state;
	assert_int_equal(packet.nnode, 0);
	assert_sound(&packet, "nothing");
	assert_int_equal(pcp_node_at(&packet, 0), PCP_NO_NODE);
}

/* NEXT in NEXT in NEXT: below PCP_DEPTH_MAX the options stay octets. */
static void nesting_has_an_end(void **state)
{
	static uint8_t octets[PCP_MAX_LEN];
	size_t off = PCP_HEADER_LEN + 40, levels = 0;
	struct pcp_packet packet;

	(void)state;
	octets[0] = 2;
	octets[1] = PCP_R | PCP_GET;
	for (; off + 60 <= sizeof octets; off += 60) {
		octets[off] = PCP_NEXT;
		octets[off + 2] = (uint8_t)((sizeof octets - off - 4) >> 8);
		octets[off + 3] = (uint8_t)(sizeof octets - off - 4);
	}
	packet = decode(octets, sizeof octets, PCP_NODES_MAX);
	assert_sound(&packet, "nested");
	for (size_t i = 0; i < packet.nnode; i++)
		if (!packet.node[i].field && packet.node[i].layout->code == PCP_NEXT)
			levels++;
	assert_int_equal(levels, PCP_DEPTH_MAX + 1);
}

/* The densest legal packets fit PCP_NODES_MAX nodes. */
static void legal_packets_fit(void **state)
{
	static const char *const option[] = { "02000000", "80000001 41000000",
					      "63000004 2e2a0080" };
	static uint8_t octets[PCP_MAX_LEN];
	struct pcp_why why;
	size_t n;

	(void)state;
	for (size_t i = 0; i < COUNT(option); i++) {
		uint8_t one[16];

		memset(octets, 0, sizeof octets);
		octets[0] = 2;
		assert_true(pcp_hex_parse(option[i], one, sizeof one, &n, &why));
		for (size_t off = PCP_HEADER_LEN; off + n <= sizeof octets; off += n)
			memcpy(octets + off, one, n);
		assert_false(decode(octets, sizeof octets, PCP_NODES_MAX).cut);
	}
}

static void largest_datagram(void **state)
{
	static uint8_t octets[65535];
	struct pcp_packet packet;

	(void)state;
	for (unsigned fill = 0; fill < 256; fill += 85) {
		memset(octets, (int)fill, sizeof octets);
		octets[0] = 2;
		octets[1] = 0;
		packet = decode(octets, sizeof octets, PCP_NODES_MAX);
		assert_sound(&packet, "65535 octets, few nodes");
		packet = decode(octets, sizeof octets, SIZE_MAX);
		assert_sound(&packet, "65535 octets, many nodes");
	}
}

static void finding_nodes(void **state)
{
	const struct vector *v = vector_named("map_req_tp_pf_filter_v4");
	struct pcp_packet packet = decode(v->octets, v->len, PCP_NODES_MAX);
	char path[128];

	(void)state;
	for (size_t octet = 0; octet < v->len; octet++) {
		size_t node = pcp_node_at(&packet, octet);

		assert_int_not_equal(node, PCP_NO_NODE);
		assert_in_range(octet, nodes[node].off, nodes[node].off + nodes[node].len - 1);
	}
	assert_int_equal(pcp_node_at(&packet, v->len), PCP_NO_NODE);
	for (size_t i = 0; i < packet.nnode; i++) {
		pcp_node_path(&packet, i, path, sizeof path);
		assert_int_equal(pcp_node_find(&packet, path), i);
	}
	assert_int_equal(pcp_node_find(&packet, "map.nothing"), PCP_NO_NODE);
	assert_int_equal(pcp_node_find(&packet, ""), PCP_NO_NODE);
	pcp_node_path(&packet, pcp_node_at(&packet, 1), path, sizeof path);
	assert_string_equal(path, "header.r");
}

/* ---- walking options without a tree ---- */

static void tlv_walk_agrees_with_the_tree(void **state)
{
	(void)state;
	for (size_t i = 0; i < nvectors; i++) {
		const struct vector *v = &vectors[i];
		struct pcp_packet packet = decode(v->octets, v->len, PCP_NODES_MAX);
		size_t start = PCP_HEADER_LEN + pcp_body_len(packet.opcode, packet.version),
		       pos = 0;
		size_t count = 0;
		struct pcp_tlv tlv;
		bool bad = false;

		if (packet.protocol != PCP_PROTOCOL_PCP)
			continue;
		while (pcp_tlv_next(v->octets + start, v->len - start, &pos, &tlv, &bad)) {
			char path[32];
			size_t node;

			snprintf(path, sizeof path, "options[%zu]", count++);
			node = pcp_node_find(&packet, path);
			assert_int_not_equal(node, PCP_NO_NODE);
			assert_int_equal(nodes[node].off, start + tlv.off);
			assert_int_equal(v->octets[nodes[node].off], tlv.code);
			assert_ptr_equal(tlv.data, v->octets + start + tlv.off + PCP_TLV_LEN);
		}
		assert_false(bad);
		assert_int_equal(pos, v->len - start);
	}
}

static const struct {
	const char *hex;
	size_t count;
	bool bad;
} walks[] = {
	{ "", 0, false },
	{ "02000000", 1, false },
	{ "02000000 02000000", 2, false },
	{ "80000001 41", 1, false }, /* padding missing at the end */
	{ "80000001 41000000 02000000", 2, false },
	{ "020000", 0, true },
	{ "02000000 0200", 1, true },
	{ "02000001", 0, true },
	{ "0200ffff 01020304", 0, true },
};

static void tlv_walk_ends(void **state)
{
	uint8_t octets[32];
	struct pcp_why why;

	(void)state;
	for (size_t i = 0; i < COUNT(walks); i++) {
		size_t len, pos = 0, count = 0;
		struct pcp_tlv tlv;
		bool bad = false;

		assert_true(pcp_hex_parse(walks[i].hex, octets, sizeof octets, &len, &why));
		while (pcp_tlv_next(octets, len, &pos, &tlv, &bad))
			count++;
		assert_int_equal(count, walks[i].count);
		assert_int_equal(bad, walks[i].bad);
	}
}

static void body_lengths(void **state)
{
	(void)state;
	assert_int_equal(pcp_body_len(PCP_ANNOUNCE, 2), 0);
	assert_int_equal(pcp_body_len(PCP_MAP, 2), 36);
	assert_int_equal(pcp_body_len(PCP_MAP, 1), 24);
	assert_int_equal(pcp_body_len(PCP_PEER, 2), 56);
	assert_int_equal(pcp_body_len(PCP_PEER, 1), 44);
	assert_int_equal(pcp_body_len(PCP_AUTHENTICATION, 2), 8);
	assert_int_equal(pcp_body_len(PCP_GET, 2), 40);
	assert_int_equal(pcp_body_len(77, 2), 0);
	assert_int_equal(pcp_body_len(PCP_MAP, 3), 0);
}

/* Every vector gets a test of its own for each of these. */
static const struct {
	const char *name;
	CMUnitTestFunction run;
} per_vector[] = {
	{ "tiles", vector_tiles },
	{ "cut anywhere", vector_cut_anywhere },
	{ "any bit flipped", vector_any_bit_flipped },
	{ "fits any array", vector_fits_any_array },
	{ "in any dialect", vector_in_any_dialect },
};

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(sample_values),
		cmocka_unit_test(sample_summaries),
		cmocka_unit_test(odd_packets),
		cmocka_unit_test(no_octets),
		cmocka_unit_test(nesting_has_an_end),
		cmocka_unit_test(legal_packets_fit),
		cmocka_unit_test(largest_datagram),
		cmocka_unit_test(finding_nodes),
		cmocka_unit_test(tlv_walk_agrees_with_the_tree),
		cmocka_unit_test(tlv_walk_ends),
		cmocka_unit_test(body_lengths),
	};
	int failed = 0;

	nvectors = vectors_load(vectors);
	for (size_t k = 0; k < COUNT(per_vector); k++) {
		static struct CMUnitTest tests[VECTORS_MAX];

		for (size_t i = 0; i < nvectors; i++)
			tests[i] = (struct CMUnitTest){ .name = vectors[i].name,
							.test_func = per_vector[k].run,
							.initial_state = &vectors[i] };
		failed += _cmocka_run_group_tests(per_vector[k].name, tests, nvectors, NULL, NULL);
	}
	return failed + cmocka_run_group_tests(others, NULL, NULL);
}
