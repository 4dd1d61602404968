/*
 * The linter: for every rule a packet that breaks it and a near miss that does not, and the habits
 * of other implementations judged as they should be.
 *
 * A packet is written as a sample's name and changes to it, separated by blanks:
 *	PATH=VALUE  a field, as a person types it      PATH:=NUMBER  a number, past what names allow
 *	@OFF=HEX    octets as they are                 +CODE[:HEX]   an option behind the others
 *	-N          option N removed                   <N            cut to N octets
 *	>HEX        octets appended
 * What stands behind a field in the packet keeps Length and padding right, unless octets are set.
 */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lint.h"
#include "vectors.h"

struct row {
	const char *rule;
	const char *breaks, *near_miss; /* packets */
	const char *request;		/* what both answer; NULL: alone */
	const char *source;		/* where both come from; NULL: unknown */
	const char *holder;		/* the mapping was granted before to this request */
	bool epoch;			/* the last answer had epoch 100, 10 seconds ago */
	enum pcp_direction direction;	/* decode so, whatever the R bit says */
	enum pcp_direction went;	/* read by the R bit, but it travels so */
	unsigned dialects;
};

#define V4ANY	"00000000000000000000ffff00000000"
#define MAPREQ	"map_req_tcp_v4"
#define MAPRESP "map_resp_tcp_v4"
#define GETRESP "get_req_continue @1=e2 @8=000000000000000000000000 @12=000000000000000000000000"

#define AUTHRESP "auth_init @1=83 @3=16 @24=00000001"
#define FILTER24 "+3:0078000000000000000000000000ffffc0000200"
/* A response with one NEXT that has so many octets of options. */
#define NEXTWITH                                                                                   \
	GETRESP " -0 +131:000000000000000000000000"                                                \
		"00000000" V4ANY V4ANY "00000000"                                                  \
		"00000000"

#define ROW(r, b, n) .rule = r, .breaks = b, .near_miss = n

static const struct row rows[] = {
	/* header */
	{ ROW("length-too-short", "announce_req <23", "announce_req") },
	{ ROW("length-too-long", MAPREQ " +200:x1040", MAPREQ " +200:x1036") },
	{ ROW("length-not-multiple-of-4", MAPREQ " >00", MAPREQ " >00000000") },
	{ ROW("body-too-short", MAPREQ " <56", MAPREQ) },
	{ ROW("version-unknown", "announce_req @0=03", "announce_req") },
	{ ROW("version-1", "announce_req @0=01", "announce_req") },
	{ ROW("reserved-nonzero", MAPREQ " @2=01", MAPREQ) },
	{ ROW("reserved-nonzero", "map_req_portset_p64_v6 @68=02",
	      "map_req_portset_p64_v6 @68=01") },
	{ ROW("response-reserved-nonzero", MAPRESP " @23=01", MAPRESP) },
	{ ROW("response-reserved-nonzero", "map_err_not_authorized @12=000000000000ffffc0a80564",
	      "map_err_not_authorized @3=03 @12=000000000000ffffc0a80564") },
	{ ROW("response-reserved-nonzero", "map_err_not_authorized @3=07 @12=01",
	      "map_err_not_authorized @3=08 @12=01") },
	{ ROW("response-reserved-nonzero", "map_err_not_authorized @3=83 @12=01",
	      "map_err_not_authorized @3=4d @12=01") },
	{ ROW("opcode-reserved", "announce_req @1=40", "announce_req @1=3f") },
	{ ROW("opcode-unknown", "announce_req @1=05", "announce_req") },
	{ ROW("opcode-private", "get_req_first", MAPREQ) },
	{ ROW("opcode-two-meanings", "auth_init", MAPREQ) },
	{ ROW("response-r-clear", "announce_resp @1=00", "announce_resp"),
	  .direction = PCP_RESPONSE },
	{ ROW("request-r-set", "announce_req @1=80", "announce_req"), .direction = PCP_REQUEST },
	{ ROW("response-r-clear", "announce_resp @1=00", "announce_resp"), .went = PCP_RESPONSE },
	{ ROW("request-r-set", "announce_req @1=80", "announce_req"), .went = PCP_REQUEST },
	{ ROW("client-address-mismatch", MAPREQ " header.client_address=192.168.5.101", MAPREQ),
	  .source = "192.168.5.100" },
	{ ROW("client-address-any", MAPREQ " header.client_address=0.0.0.0", MAPREQ) },
	{ ROW("client-address-invalid", MAPREQ " header.client_address=224.0.0.5",
	      MAPREQ " header.client_address=127.0.0.1") },
	{ ROW("client-address-invalid", MAPREQ " header.client_address=255.255.255.255",
	      MAPREQ " header.client_address=192.0.2.1") },
	{ ROW("client-address-invalid", MAPREQ " header.client_address=ff02::1",
	      MAPREQ " header.client_address=::1") },
	{ ROW("ipv4-not-mapped", MAPREQ " header.client_address=::10.2.0.2",
	      MAPREQ " header.client_address=::1") },
	{ ROW("ipv4-not-mapped", MAPREQ " map.suggested_external_address=::192.0.2.1",
	      MAPREQ " map.suggested_external_address=::") },
	{ ROW("ipv4-not-mapped", MAPREQ " +1:000000000000000000000000c0a80565",
	      MAPREQ " +1:00000000000000000000ffffc0a80565") },
	{ ROW("ipv4-not-mapped", MAPREQ " +3:0078000000000000000000000000000000c00002",
	      MAPREQ " " FILTER24) },
	{ ROW("ipv4-not-mapped", "peer_req_v4 peer.remote_address=::198.51.100.7",
	      "peer_resp_v4 peer.remote_address=::198.51.100.7") },
	{ ROW("ipv4-not-mapped", MAPRESP " map.assigned_external_address=::8.8.4.4",
	      MAPRESP " +1:000000000000000000000000c0a80565") },
	{ ROW("client-address-scope", MAPREQ " header.client_address=fd00::1",
	      MAPREQ " header.client_address=fbff::1") },
	{ ROW("client-address-scope", MAPREQ " header.client_address=fe80::1",
	      MAPREQ " header.client_address=fec0::1") },
	{ ROW("announce-lifetime", "announce_req @7=01", "announce_req") },
	{ ROW("announce-answer-lifetime", "announce_resp @7=01", "announce_resp @3=07 @7=1e") },
	{ ROW("lifetime-turned", MAPREQ " @4=201c0000", MAPREQ " @4=ffffffff") },
	{ ROW("lifetime-turned", MAPRESP " @4=100e0000", MAPRESP " @4=00015180") },
	{ ROW("lifetime-turned", "natpmp_map_req @8=201c0000", "natpmp_map_req @8=00001c20") },
	{ ROW("lifetime-turned", "natpmp_map_resp @12=58020000", "natpmp_map_resp @12=58020001") },
	{ ROW("authentication-lifetime", "auth_init @7=01", "auth_init") },
	{ ROW("get-lifetime", "get_req_first @7=01", "get_req_first") },
	{ ROW("result-unknown", "map_err_not_authorized @3=63", "map_err_not_authorized") },
	{ ROW("result-wrong-opcode", "map_err_not_authorized @3=82", "get_err_nonexist") },
	{ ROW("result-wrong-opcode", "map_err_not_authorized @3=16",
	      "map_err_not_authorized @3=14") },
	{ ROW("result-wrong-opcode", "announce_resp @3=18", "map_err_not_authorized @3=18") },
	{ ROW("result-client-only", "auth_ack @1=83 @3=0e", "auth_ack @1=83 @3=16") },
	{ ROW("error-lifetime-zero", "map_err_unsupp_option @4=00000000",
	      "map_err_unsupp_option") },
	{ ROW("error-lifetime-unusual", "map_err_unsupp_option @4=00000709",
	      "map_err_unsupp_option") },
	{ ROW("error-lifetime-unusual", "map_err_unsupp_option @3=08", "map_err_not_authorized") },
	{ ROW("lifetime-absurd", MAPRESP " @4=00015181", MAPRESP " @4=00015180") },
	{ ROW("lifetime-forever", MAPRESP " @4=ffffffff", MAPRESP " @4=fffffffe") },
	{ ROW("epoch-invalid", MAPRESP " @8=00000062", MAPRESP " @8=0000006c"), .epoch = true },
	{ ROW("epoch-invalid", MAPRESP " @8=00000071", MAPRESP " @8=00000070"), .epoch = true },

	/* bodies */
	{ ROW("nonce-zero", MAPREQ " map.nonce=000000000000000000000000",
	      MAPREQ " map.nonce=000000000000000000000001") },
	{ ROW("map-protocol-zero-port", MAPREQ " map.protocol=0",
	      MAPREQ " map.protocol=0 map.internal_port=0") },
	{ ROW("map-wildcard", MAPREQ " map.internal_port=0", MAPREQ " map.internal_port=1") },
	{ ROW("map-wildcard", MAPREQ " map.protocol=0 map.internal_port=0",
	      MAPREQ " map.protocol=50 map.internal_port=0") },
	{ ROW("map-portless-protocol", MAPREQ " map.protocol=50",
	      MAPREQ " map.protocol=50 map.internal_port=0") },
	{ ROW("map-delete-suggests", "map_delete_req map.suggested_external_port=1",
	      MAPREQ " map.suggested_external_port=1") },
	{ ROW("map-delete-suggests", "map_delete_req map.suggested_external_address=192.0.2.1",
	      "map_delete_req") },
	{ ROW("map-lifetime-short", MAPREQ " header.lifetime=119", MAPREQ " header.lifetime=120") },
	{ ROW("suggested-family", MAPREQ " map.suggested_external_address=::", MAPREQ) },
	{ ROW("map-suggests-pcp-port", MAPREQ " map.protocol=udp map.suggested_external_port=5351",
	      MAPREQ " map.suggested_external_port=5351") },
	{ ROW("map-assigned-pcp-port", MAPRESP " map.protocol=udp map.assigned_external_port=5350",
	      MAPRESP " map.assigned_external_port=5350") },
	{ ROW("sctp-port", MAPRESP " map.protocol=sctp map.assigned_external_port=8081",
	      MAPRESP " map.protocol=sctp map.assigned_external_port=8080") },
	{ ROW("suggested-address-invalid", MAPREQ " map.suggested_external_address=127.0.0.1",
	      MAPREQ " map.suggested_external_address=128.0.0.1") },
	{ ROW("suggested-address-invalid", "peer_req_v4 peer.suggested_external_address=ff02::1",
	      "peer_req_v4 peer.suggested_external_address=2001:db8::1") },
	{ ROW("assigned-nothing", MAPRESP " map.assigned_external_port=0",
	      MAPRESP " map.assigned_external_port=0 @4=00000000") },
	{ ROW("assigned-nothing", MAPRESP " map.assigned_external_address=0.0.0.0",
	      "map_err_not_authorized") },
	{ ROW("peer-zero", "peer_req_v4 peer.protocol=0", "peer_req_v4") },
	{ ROW("peer-zero", "peer_req_v4 peer.internal_port=0",
	      "peer_req_v4 peer.internal_port=1") },
	{ ROW("peer-zero", "peer_req_v4 peer.remote_port=0", "peer_req_v4 peer.remote_port=1") },
	{ ROW("peer-remote-invalid", "peer_req_v4 peer.remote_address=224.0.0.1", "peer_req_v4") },
	{ ROW("peer-remote-family", "peer_req_v4 peer.remote_address=2001:db8::1", "peer_req_v4") },
	{ ROW("peer-query", "peer_req_v4 header.lifetime=0", "peer_req_v4 header.lifetime=1") },
	{ ROW("get-port-of-any-protocol", "get_req_first get.external_port=1",
	      "get_req_first get.external_port=1 get.protocol=6") },
	{ ROW("authentication-request-result", "auth_init @3=0f", "auth_init @3=11") },
	{ ROW("authentication-session-zero", "auth_init @1=83 @3=16", AUTHRESP) },
	{ ROW("authentication-offer", AUTHRESP, AUTHRESP " +8:00000005 +9:0000000c") },
	{ ROW("authentication-offer", AUTHRESP " +9:0000000c", AUTHRESP " @31=01") },
	{ ROW("authentication-succeeded", "auth_init @1=83 @3=11",
	      "auth_init @1=83 @3=11 +10:00000e10 +6:x20") },
	{ ROW("authentication-succeeded", "auth_init @1=83 @3=11 +10:00000e10",
	      "auth_init @1=83 @3=12 +10:00000e10") },
	{ ROW("authentication-algorithms", AUTHRESP " +8:00000006 +9:0000000c",
	      AUTHRESP " +8:00000006 +8:00000005 +9:0000000c") },
	{ ROW("authentication-initiation", "auth_init @27=01", "auth_client_eap") },
	{ ROW("authentication-initiation-nonce", "auth_init -0", "auth_init") },
	{ ROW("sadscp-tolerance", "auth_init <24 >0102030405060708090a0b0cc0020000",
	      "auth_init <24 >0102030405060708090a0b0c80020000"),
	  .dialects = PCP_DIALECT_LIBPCP },

	/* any option */
	{ ROW("option-overrun", MAPREQ " >02000004", MAPREQ " >0200000400000000") },
	{ ROW("option-overrun", MAPREQ " >0200", MAPREQ " >02000000") },
	{ ROW("option-padding-nonzero", MAPREQ " >8000000161000100", MAPREQ " >8000000161000000") },
	{ ROW("option-unknown", MAPREQ " +200", MAPREQ " +128") },
	{ ROW("option-unknown-mandatory", MAPREQ " +50", MAPREQ " +200") },
	{ ROW("option-unknown-returned", MAPRESP " +200:61626364", MAPRESP " +128:616263") },
	{ ROW("option-unknown-returned", MAPRESP " +50:61626364",
	      "map_err_not_authorized +50:61626364") },
	{ ROW("option-code-reserved", MAPREQ " +127", MAPREQ " +126") },
	{ ROW("option-code-reserved", MAPREQ " +0", MAPREQ " +1:" V4ANY) },
	{ ROW("option-wrong-opcode", "peer_req_v4 +2", MAPREQ " +2") },
	{ ROW("option-wrong-opcode", "peer_req_v4 +3:00000000" V4ANY,
	      "peer_req_v4 +1:00000000000000000000ffffc0000201") },
	{ ROW("option-wrong-direction", "auth_init +10:00000e10", "auth_init @1=83 +10:00000e10") },
	{ ROW("option-repeated", MAPREQ " +2 +2", MAPREQ " +2") },
	{ ROW("option-repeated", "get_req_first +131", "get_req_first") },
	{ ROW("option-length", MAPREQ " >0100000400000000", MAPREQ " +1") },
	{ ROW("option-length", MAPREQ " >0200000400000000", MAPREQ " +2") },
	{ ROW("option-draft", MAPREQ " +132", MAPREQ " +130") },
	{ ROW("option-experimental", MAPREQ " +64:61", MAPREQ " +128:61") },
	{ ROW("option-two-meanings", "auth_init", MAPREQ " +128:61") },
	{ ROW("tag-not-last", "announce_req +5:000000000000000000000000 +200",
	      "announce_req +200 +5:000000000000000000000000") },

	{ ROW("tag-length", "announce_req +5:x22", "announce_req +5:x24") },
	{ ROW("tag-length", "auth_init +6:x21", "auth_init +6:x20") },

	/* single options */
	{ ROW("third-party-self", MAPREQ " +1:00000000000000000000ffffc0a80564",
	      MAPREQ " +1:00000000000000000000ffffc0a80565") },
	{ ROW("third-party-invalid", MAPREQ " +1:" V4ANY,
	      MAPREQ " +1:00000000000000000000ffffc0a80565") },
	{ ROW("third-party-invalid", MAPREQ " +1:00000000000000000000ffffe0000009",
	      MAPRESP " +1:00000000000000000000ffffe0000009") },
	{ ROW("third-party-invalid", MAPREQ " +1:ff020000000000000000000000000001",
	      MAPREQ " +1:20010db8000000000000000000000001") },
	{ ROW("third-party-id-alone", MAPREQ " +13:01", "peer_req_v6_tpid") },
	{ ROW("prefer-failure-port-zero", MAPREQ " +2",
	      MAPREQ " map.suggested_external_port=1 +2") },
	{ ROW("prefer-failure-address-zero", MAPREQ " map.suggested_external_port=1 +2",
	      "map_req_tp_pf_filter_v4") },
	{ ROW("option-in-delete", "map_delete_req +2",
	      MAPREQ " map.suggested_external_port=1 +2") },
	{ ROW("option-in-delete", "map_delete_req +3:00000000" V4ANY, "map_delete_req +128:61") },
	{ ROW("prefer-failure-port-set", MAPREQ " map.suggested_external_port=1 +130:00021f9000 +2",
	      MAPREQ " +130:00021f9000") },
	{ ROW("prefer-failure-port-set", MAPREQ " +130:00021f9000 +2",
	      "map_delete_req +130:00021f9000 +2") },
	{ ROW("prefer-failure-use", MAPREQ " +2", MAPREQ) },
	{ ROW("filter-prefix-length", MAPREQ " +3:0018000000000000000000000000ffffc0000200",
	      MAPREQ " +3:0078000000000000000000000000ffffc0000200") },
	{ ROW("filter-prefix-length", MAPREQ " +3:0040000000000000000000000000ffffc0000200",
	      MAPREQ " +3:0000000000000000000000000000ffffc0000200") },
	{ ROW("filter-prefix-length",
	      "map_req_udp_v6_desc +3:0081000020010db8000000000000000000000001",
	      "map_req_udp_v6_desc +3:0080000020010db8000000000000000000000001") },
	{ ROW("filter-family", MAPREQ " +3:0080000020010db8000000000000000000000001",
	      "map_req_udp_v6_desc +3:0080000020010db8000000000000000000000001") },
	{ ROW("filter-host-bits", MAPREQ " +3:0078000000000000000000000000ffffc0000201",
	      MAPREQ " +3:0080000000000000000000000000ffffc0000201") },
	{ ROW("filter-erase-names", MAPREQ " +3:000001bb" V4ANY, MAPREQ " +3:00000000" V4ANY) },
	{ ROW("filter-erase-names",
	      "map_req_udp_v6_desc +3:0000000020010db8000000000000000000000000",
	      "map_req_udp_v6_desc +3:0001000000000000000000000000000000000000") },
	{ ROW("filter-erase-late",
	      MAPREQ " +3:0080000000000000000000000000ffffc0000201 +3:00000000" V4ANY,
	      "map_req_tp_pf_filter_v4") },
	{ ROW("description-not-utf8", MAPREQ " +128:c328", MAPREQ " +128:c3a9") },
	{ ROW("description-nul", MAPREQ " +128:6100", MAPREQ " +128:61") },
	{ ROW("prefix64-length",
	      MAPRESP " >8100000e000b000000000000000000000000"
		      "0000",
	      MAPRESP " >8100000e000c000000000000000000000000"
		      "0000") },
	{ ROW("prefix64-request", "map_req_portset_p64_v6 options[1].prefix64.prefix=64:ff9b::/96",
	      "map_req_portset_p64_v6") },
	{ ROW("prefix64-request", "map_req_portset_p64_v6 +129", "map_req_portset_p64_v6 +128") },
	{ ROW("prefix64-list",
	      MAPRESP " >81000016000c0064ff9b00000000000000000001002100000000"
		      "0000",
	      MAPRESP " >81000016000c0064ff9b00000000000000000001002000000000"
		      "0000") },
	{ ROW("prefix64-list",
	      MAPRESP " >81000016000c0064ff9b00000000000000000002002000000000"
		      "0000",
	      MAPRESP " >81000010000c0064ff9b00000000000000000000") },
	{ ROW("prefix64-u-octet", MAPRESP " >8100000e000c0064ff9b00000000010000000000",
	      MAPRESP " >8100000e000c0064ff9b00000001000000000000") },
	{ ROW("prefix64-u-octet", MAPRESP " >8100000e000420010db801000000000000000000",
	      MAPRESP " >8100000e000420010db800010000000000000000") },
	{ ROW("port-set-zero", MAPREQ " +130:00001f9000", MAPREQ " +130:00021f9000") },
	{ ROW("port-set-zero", MAPREQ " +130:00001f9000", "map_delete_req +130:00001f9000") },
	{ ROW("port-set-first-port", MAPREQ " +130:00021f9100", MAPREQ " +130:00021f9000") },
	{ ROW("port-set-single", MAPREQ " +130:00011f9000", MAPREQ " +130:00021f9000") },
	{ ROW("port-set-single-answer", MAPRESP " +130:00011f9000", MAPRESP " +130:00021f9000") },
	{ ROW("port-set-parity", MAPRESP " +130:00021f9101", MAPRESP " +130:00021f9001") },
	{ ROW("port-set-past-end", MAPRESP " map.assigned_external_port=65535 +130:00021f9000",
	      MAPRESP " map.assigned_external_port=65534 +130:00021f9000") },
	{ ROW("port-set-past-end", MAPREQ " +130:e0721f9000", MAPREQ " +130:e0701f9000") },
	{ ROW("port-set-past-end", MAPREQ " +130:f0001f9000", MAPREQ " +130:ffff1f9000") },
	{ ROW("port-reservation-last-port", MAPREQ " map.internal_port=65535 +132",
	      MAPREQ " map.internal_port=65534 +132") },
	{ ROW("port-reservation-pair", MAPRESP " map.assigned_external_port=40081 +132",
	      MAPRESP " map.assigned_external_port=40080 +132") },
	{ ROW("port-reservation-pair",
	      MAPRESP " map.internal_port=8081 map.assigned_external_port=65535 +132",
	      MAPRESP " map.internal_port=8081 map.assigned_external_port=65533 +132") },
	{ ROW("next-overrun", NEXTWITH "82000001", NEXTWITH "82000000") },
	{ ROW("next-overrun", NEXTWITH "82000005", NEXTWITH "8000000161000000") },
	{ ROW("next-locator-half", "get_req_continue options[0].next.internal_port=0",
	      "get_req_continue") },
	{ ROW("next-locator-half", "get_req_next_v1 options[0].next.protocol=6",
	      "get_req_next_v1") },
	{ ROW("next-lifetime", "get_req_continue options[0].next.lifetime=1", "get_req_continue") },
	{ ROW("next-end-value", "get_req_continue @83=02", "get_req_continue @83=01") },
	{ ROW("next-after-end", GETRESP " @83=01 +131", GETRESP " @83=00 +131") },
	{ ROW("next-code-unknown", "get_req_first @124=3c", "get_req_first") },

	/* pairs */
	{ ROW("opcode-changed", "announce_resp @1=81", "announce_resp"),
	  .request = "announce_req" },
	{ ROW("version-changed", "announce_resp @0=01", "announce_resp"),
	  .request = "announce_req" },
	{ ROW("version-offered-again", "announce_resp @3=01", "announce_resp @0=01 @3=01"),
	  .request = "announce_req" },
	{ ROW("result-unexpected", "map_err_not_authorized @3=0b", "map_err_not_authorized"),
	  .request = MAPREQ },
	{ ROW("result-unexpected", "map_err_not_authorized @3=0d", "map_err_not_authorized"),
	  .request = MAPREQ },
	{ ROW("version-not-refused", "announce_resp @3=03", "announce_resp @3=01"),
	  .request = "announce_req @0=03" },
	{ ROW("other-protocol", "unsupp_version_resp", "natpmp_addr_resp <8 @3=01"),
	  .request = "natpmp_addr_req" },
	{ ROW("other-protocol", "natpmp_addr_resp <8 @1=00 @3=01", "announce_resp @3=01"),
	  .request = "announce_req" },
	{ ROW("result-unexpected", "peer_resp_v4 @3=0b", "peer_resp_v4 @3=08"),
	  .request = "peer_req_v4 peer.suggested_external_port=0" },
	{ ROW("result-without-cause", "map_err_not_authorized @3=18",
	      "map_err_not_authorized @3=08"),
	  .request = MAPREQ },
	{ ROW("result-without-cause", "map_err_not_authorized @3=05",
	      "map_err_not_authorized @3=03"),
	  .request = MAPREQ },
	{ ROW("result-without-cause", "map_err_not_authorized @3=05 +128:776562",
	      "map_err_not_authorized @3=06 +128:776562"),
	  .request = MAPREQ " +128:776562" },
	{ ROW("result-without-cause", "map_err_not_authorized @3=06",
	      "map_err_not_authorized @3=02"),
	  .request = MAPREQ },
	{ ROW("result-without-cause", "map_delete_resp @3=0a", "map_delete_resp @3=08"),
	  .request = "map_delete_req" },
	{ ROW("result-without-cause", "map_delete_resp @3=09", "map_delete_resp @3=02"),
	  .request = "map_delete_req" },
	{ ROW("result-without-cause", "map_err_not_authorized @3=19 +1 +13:01",
	      "map_err_not_authorized @3=18 +1 +13:01"),
	  .request = MAPREQ " +1 +13:01" },
	{ ROW("optional-refused", "map_err_not_authorized @3=06 +128:776562",
	      "map_err_not_authorized @3=02 +128:776562"),
	  .request = MAPREQ " +128:776562" },
	{ ROW("optional-refused", "map_err_not_authorized @3=06 +200:00000000",
	      "map_err_not_authorized @3=03 +200:00000000"),
	  .request = MAPREQ " +200:00000000" },
	{ ROW("optional-refused", "map_err_not_authorized @3=06 +129", MAPRESP),
	  .request = MAPREQ " +129:000c000000000000000000000000" },
	{ ROW("malformed-accepted", MAPRESP " map.protocol=0",
	      "map_err_not_authorized map.protocol=0 @3=03"),
	  .request = MAPREQ " map.protocol=0" },
	{ ROW("malformed-accepted", MAPRESP " +2", MAPRESP " @3=06 +2"), .request = MAPREQ " +2" },
	{ ROW("refused-otherwise", "map_err_not_authorized map.protocol=0 @3=06",
	      "map_err_not_authorized map.protocol=0 @3=03"),
	  .request = MAPREQ " map.protocol=0" },
	{ ROW("refused-otherwise", "map_err_not_authorized @3=03", "map_err_not_authorized @3=05"),
	  .request = MAPREQ },
	{ ROW("reserved-not-copied", "map_err_not_authorized @23=01",
	      "map_err_not_authorized @12=000000000000ffffc0a80564"),
	  .request = MAPREQ },
	{ ROW("nonce-changed", MAPRESP " map.nonce=000000000000000000000001", MAPRESP),
	  .request = MAPREQ },
	{ ROW("field-changed", MAPRESP " map.protocol=udp", MAPRESP), .request = MAPREQ },
	{ ROW("field-changed", MAPRESP " map.internal_port=8081", MAPRESP), .request = MAPREQ },
	{ ROW("field-changed", "peer_resp_v4 peer.remote_port=444", "peer_resp_v4"),
	  .request = "peer_req_v4" },
	{ ROW("field-changed", "peer_resp_v4 peer.remote_address=198.51.100.21", "peer_resp_v4"),
	  .request = "peer_req_v4" },
	{ ROW("field-changed", MAPRESP " map.internal_port=9", MAPRESP " map.internal_port=8085"),
	  .request = MAPREQ " +130:000a1f9000" },
	{ ROW("get-filter-changed", "get_err_ambiguous @24=06", "get_err_ambiguous"),
	  .request = "get_req_first header.lifetime=0 -0" },
	{ ROW("error-not-copied", "map_err_not_authorized map.assigned_external_port=8080",
	      "map_err_not_authorized"),
	  .request = MAPREQ },
	{ ROW("error-not-copied", "map_err_not_authorized <56", "map_err_not_authorized"),
	  .request = MAPREQ },
	{ ROW("error-not-copied", "map_err_unsupp_option -1", "map_err_unsupp_option"),
	  .request = "map_req_resv_desc64" },
	{ ROW("delete-not-copied", "map_delete_resp map.assigned_external_port=1",
	      "map_delete_resp"),
	  .request = "map_delete_req" },
	{ ROW("delete-lifetime", "map_delete_resp @7=1e", "map_delete_resp"),
	  .request = "map_delete_req" },
	{ ROW("grant-of-nothing", MAPRESP " @4=00000000", MAPRESP), .request = MAPREQ },
	{ ROW("lifetime-differs", MAPRESP " @4=00000e0f", MAPRESP), .request = MAPREQ },
	{ ROW("lifetime-below-minimum", MAPRESP " @4=00000077", MAPRESP " @4=00000078"),
	  .request = MAPREQ },
	{ ROW("prefer-failure-ignored", MAPRESP " +2",
	      MAPRESP " map.assigned_external_port=8080 +2"),
	  .request = MAPREQ " map.suggested_external_port=8080 +2" },
	{ ROW("external-differs", "peer_resp_v4", "peer_resp_v4 peer.assigned_external_port=9"),
	  .request = "peer_req_v4 peer.suggested_external_port=9" },
	{ ROW("mapping-taken-over", MAPRESP " @24=0f", MAPRESP), .request = MAPREQ " @24=0f",
	  .holder = "map_req_tcp_v4" },
	{ ROW("external-impossible", MAPRESP " map.assigned_external_address=127.0.0.1",
	      MAPRESP " map.assigned_external_address=8.8.4.4") },
	{ ROW("external-impossible", MAPRESP " map.assigned_external_address=224.0.0.9",
	      "map_err_not_authorized map.assigned_external_address=224.0.0.9") },
	{ ROW("external-impossible", MAPRESP " map.assigned_external_address=240.0.0.1",
	      MAPRESP " map.assigned_external_address=223.255.255.1") },
	{ ROW("external-impossible", MAPRESP " map.assigned_external_address=0.1.2.3",
	      MAPRESP " map.assigned_external_address=1.2.3.4") },
	{ ROW("external-impossible", "peer_resp_v4 peer.assigned_external_address=ff0e::1",
	      "peer_resp_v4 peer.assigned_external_address=2600::1") },
	{ ROW("external-impossible", "natpmp_addr_resp @8=00000000",
	      "natpmp_addr_resp @8=08080404") },
	{ ROW("external-impossible", "natpmp_addr_resp @8=7f000001",
	      "natpmp_addr_resp @3=03 @8=00000000") },
	{ ROW("external-unreachable", MAPRESP " map.assigned_external_address=10.0.0.1",
	      MAPRESP " map.assigned_external_address=11.0.0.1") },
	{ ROW("external-unreachable", MAPRESP " map.assigned_external_address=172.31.0.1",
	      MAPRESP " map.assigned_external_address=172.32.0.1") },
	{ ROW("external-unreachable", MAPRESP " map.assigned_external_address=192.168.1.11",
	      MAPRESP " map.assigned_external_address=192.169.1.11") },
	{ ROW("external-unreachable", MAPRESP " map.assigned_external_address=100.127.255.1",
	      MAPRESP " map.assigned_external_address=100.128.0.1") },
	{ ROW("external-unreachable", MAPRESP " map.assigned_external_address=192.0.0.2",
	      MAPRESP " map.assigned_external_address=192.0.1.2") },
	{ ROW("external-unreachable", MAPRESP " map.assigned_external_address=192.0.0.9",
	      MAPRESP " map.assigned_external_address=192.0.1.9") },
	{ ROW("external-unreachable", MAPRESP " map.assigned_external_address=169.254.3.4",
	      MAPRESP " map.assigned_external_address=169.253.3.4") },
	{ ROW("external-unreachable", MAPRESP " map.assigned_external_address=198.19.0.1",
	      MAPRESP " map.assigned_external_address=198.20.0.1") },
	{ ROW("external-unreachable", MAPRESP " map.assigned_external_address=fe80::2",
	      MAPRESP " map.assigned_external_address=2600::2") },
	{ ROW("external-unreachable", MAPRESP " map.assigned_external_address=fd77::2",
	      "map_err_not_authorized map.assigned_external_address=fd77::2") },
	{ ROW("external-unreachable", MAPRESP " map.assigned_external_address=fec0::2",
	      MAPRESP " map.assigned_external_address=fe00::2") },
	{ ROW("external-unreachable", MAPRESP " map.assigned_external_address=64:ff9b::1.2.3.4",
	      MAPRESP " map.assigned_external_address=65:ff9b::1.2.3.4") },
	{ ROW("external-unreachable", MAPRESP " map.assigned_external_address=64:ff9b:1::1",
	      MAPRESP " map.assigned_external_address=64:ff9b:2::1") },
	{ ROW("external-unreachable", MAPRESP " map.assigned_external_address=100::1",
	      MAPRESP " map.assigned_external_address=100:0:0:1::1") },
	{ ROW("external-unreachable", MAPRESP " map.assigned_external_address=2001:2::1",
	      MAPRESP " map.assigned_external_address=2001:3::1") },
	{ ROW("external-unreachable", "natpmp_addr_resp @8=c0a8010b",
	      "natpmp_addr_resp @8=08080404") },
	{ ROW("external-special", MAPRESP " map.assigned_external_address=192.0.2.7",
	      MAPRESP " map.assigned_external_address=192.0.3.7") },
	{ ROW("external-special", MAPRESP " map.assigned_external_address=2001::1",
	      MAPRESP " map.assigned_external_address=2001:1::1") },
	{ ROW("external-special", MAPRESP " map.assigned_external_address=2002::1",
	      MAPRESP " map.assigned_external_address=2003::1") },
	{ ROW("external-special", MAPRESP " map.assigned_external_address=2001:db8::1",
	      MAPRESP " map.assigned_external_address=2001:db9::1") },
	{ ROW("external-special", MAPRESP " map.assigned_external_address=3fff::1",
	      MAPRESP " map.assigned_external_address=3fff:1000::1") },
	{ ROW("external-is-internal", MAPRESP " map.assigned_external_address=192.168.5.100",
	      MAPRESP " map.assigned_external_address=192.168.5.101"),
	  .request = MAPREQ },
	{ ROW("filter-any-address", MAPREQ " +3:0060000000000000000000000000ffff00000000",
	      MAPREQ " +3:0061000000000000000000000000ffff00000000") },
	{ ROW("prefix64-placeholder", MAPRESP " +129:000c000000000000000000000000",
	      MAPRESP " +129:000c0064ff9b0000000000000000") },
	{ ROW("port-set-all-ports", MAPREQ " map.internal_port=0 +130:000a000000",
	      MAPREQ " +130:000a1f9000") },
	{ ROW("port-set-outside", MAPRESP " +130:000a0fa000", MAPRESP " +130:000a1f9200"),
	  .request = MAPREQ " +130:000a1f9000" },
	{ ROW("port-set-outside", MAPRESP " +130:00011f9a00", MAPRESP " +130:00011f9900"),
	  .request = MAPREQ " +130:000a1f9000" },
	{ ROW("id-indicator-not-utf8", AUTHRESP " +12:ff", AUTHRESP " +12:6a") },
	{ ROW("natpmp-not-returned", "natpmp_map_req @0=00830005000000ff",
	      "natpmp_map_req @0=00830005"),
	  .request = "natpmp_map_req @1=03", .direction = PCP_RESPONSE },
	{ ROW("natpmp-error-address", "natpmp_addr_resp @3=03 @8=cb007109",
	      "natpmp_addr_resp @3=03 @8=00000000") },
	{ ROW("natpmp-error-fields", "natpmp_map_resp @3=02",
	      "natpmp_map_resp @3=02 @10=000000000000"),
	  .request = "natpmp_map_req" },
	{ ROW("natpmp-error-fields", "natpmp_map_resp @3=04 @10=000000000e10",
	      "natpmp_map_resp @3=02 @12=00000000") },
	{ ROW("natpmp-port-zero", "natpmp_map_resp @10=0000", "natpmp_map_resp") },
	{ ROW("natpmp-any-port", "natpmp_map_req @4=0000", "natpmp_map_req @4=0000 @8=00000000") },
	{ ROW("natpmp-delete-external", "natpmp_map_resp @10=0000",
	      "natpmp_map_resp @10=000000000000"),
	  .request = "natpmp_map_req @8=00000000" },
	{ ROW("natpmp-length", "natpmp_addr_resp @0=00800003 >000000000000000000000000",
	      "natpmp_addr_resp @0=00800003 <8") },
	{ ROW("external-differs", MAPRESP, MAPRESP " map.assigned_external_port=8080"),
	  .request = MAPREQ " map.suggested_external_port=8080" },
	{ ROW("external-family", MAPRESP " map.assigned_external_address=2001:db8::1", MAPRESP),
	  .request = MAPREQ },
	{ ROW("option-not-processed", MAPRESP, MAPRESP " +1:00000000000000000000ffffc0a80565"),
	  .request = MAPREQ " +1:00000000000000000000ffffc0a80565" },
	{ ROW("option-not-processed", MAPRESP " " FILTER24, MAPRESP " " FILTER24 " " FILTER24),
	  .request = MAPREQ " " FILTER24 " " FILTER24 },
	{ ROW("option-changed", MAPRESP " +3:0078000000000000000000000000ffffc0000300",
	      MAPRESP " " FILTER24),
	  .request = MAPREQ " " FILTER24 },
	{ ROW("option-skipped", MAPRESP, MAPRESP " +128:61"), .request = MAPREQ " +128:61" },
	{ ROW("option-unasked", MAPRESP " +128:61", MAPRESP " +129"), .request = MAPREQ },
	{ ROW("third-party-changed", MAPRESP " +1:00000000000000000000ffffc0a80566",
	      MAPRESP " +1:00000000000000000000ffffc0a80565"),
	  .request = MAPREQ " +1:00000000000000000000ffffc0a80565" },
	{ ROW("description-changed", MAPRESP " +128:6162", MAPRESP " +128:616263"),
	  .request = MAPREQ " +128:616263" },
	{ ROW("port-set-grew", MAPRESP " +130:00031f9000", MAPRESP " +130:00021f9000"),
	  .request = MAPREQ " +130:00021f9000" },
	{ ROW("port-set-smaller", MAPRESP " +130:00021f9000", MAPRESP " +130:00031f9000"),
	  .request = MAPREQ " +130:00031f9000" },
	{ ROW("next-missing", GETRESP " -0", GETRESP), .request = "get_req_continue" },
	{ ROW("next-more-than-one", GETRESP " +131", GETRESP),
	  .request = "get_req_continue @83=01" },
	{ ROW("next-option-unasked", NEXTWITH "82000000", NEXTWITH "80000000"),
	  .request = "get_req_first" },
	{ ROW("next-unasked", GETRESP, GETRESP " -0"), .request = "get_req_continue -0" },
	{ ROW("next-outside-filter", GETRESP, GETRESP " options[0].next.protocol=17"),
	  .request = "get_req_continue get.protocol=17" },
	{ ROW("next-outside-filter", GETRESP,
	      GETRESP " options[0].next.external_address=192.0.2.1"),
	  .request = "get_req_continue get.external_address=192.0.2.1" },
	{ ROW("next-locator-gone", GETRESP " options[0].next.internal_port=9", GETRESP),
	  .request = "get_req_continue" },
	{ ROW("authentication-nonce", AUTHRESP " @36=00000000", AUTHRESP), .request = "auth_init" },
	{ ROW("authentication-nonce", AUTHRESP " -0", AUTHRESP " @3=10 -0"),
	  .request = "auth_init" },
	{ ROW("authentication-session-changed", "auth_client_eap @1=83 @24=01020305",
	      "auth_client_eap @1=83"),
	  .request = "auth_client_eap" },

	/* NAT-PMP */
	{ ROW("natpmp-length", "natpmp_map_req >00", "natpmp_map_req") },
	{ ROW("natpmp-opcode-unknown", "natpmp_addr_req @1=03", "natpmp_addr_req") },
	{ ROW("natpmp-opcode-unknown", "natpmp_addr_resp @1=83", "natpmp_version_resp @1=e2") },
	{ ROW("natpmp-result-unknown", "natpmp_map_resp @3=06", "natpmp_map_resp @3=05") },
	{ ROW("natpmp-refusal-r-clear", "natpmp_addr_resp <8 @1=00 @3=01",
	      "natpmp_addr_resp <8 @3=01") },
	{ ROW("natpmp-delete-suggests", "natpmp_map_req @8=00000000 @6=0001",
	      "natpmp_map_req @6=0001") },
	{ ROW("natpmp-delete-all", "natpmp_map_req @8=00000000 @4=0000",
	      "natpmp_map_req @8=00000000") },
	{ ROW("natpmp-opcode-changed", "natpmp_map_resp @1=82", "natpmp_map_resp"),
	  .request = "natpmp_map_req" },
	{ ROW("natpmp-epoch", "natpmp_map_resp @4=0000006a", "natpmp_map_resp @4=0000006b"),
	  .epoch = true },
	{ ROW("natpmp-internal-port-changed", "natpmp_map_resp @8=1389", "natpmp_map_resp"),
	  .request = "natpmp_map_req" },
	{ ROW("natpmp-lifetime-longer", "natpmp_map_resp @15=21", "natpmp_map_resp"),
	  .request = "natpmp_map_req" },
	{ ROW("natpmp-delete-external", "natpmp_map_resp @12=00000000",
	      "natpmp_map_resp @12=00000000 @10=0000"),
	  .request = "natpmp_map_req @8=00000000" },
};

/* ---- making packets ---- */

static struct vector samples[VECTORS_MAX];
static size_t nsamples;

static void change(struct pcp_edit *edit, char *word)
{
	struct pcp_why why;
	uint8_t octets[PCP_EDIT_MAX];
	size_t len = 0;
	char *equals = strchr(word, '='), *colon = strchr(word, ':');

	if (word[0] == '@') {
		size_t off = strtoul(word + 1, NULL, 10);

		assert_true(pcp_hex_parse(equals + 1, octets, sizeof octets, &len, &why));
		assert_true(off + len <= edit->len);
		memcpy(edit->octets + off, octets, len);
	} else if (word[0] == '>') {
		assert_true(pcp_hex_parse(word + 1, octets, sizeof octets, &len, &why));
		memcpy(edit->octets + edit->len, octets, len);
		edit->len += len;
	} else if (word[0] == '<') {
		edit->len = strtoul(word + 1, NULL, 10);
	} else if (word[0] == '-') {
		assert_true(pcp_edit_remove_option(edit, strtoul(word + 1, NULL, 10)));
	} else if (word[0] == '+') {
		uint8_t code = (uint8_t)strtoul(word + 1, NULL, 10);

		if (colon && colon[1] == 'x') { /* so many zeros */
			len = strtoul(colon + 2, NULL, 10);
			memset(octets, 0, len);
		} else if (colon) {
			assert_true(pcp_hex_parse(colon + 1, octets, sizeof octets, &len, &why));
		}
		assert_true(pcp_edit_add_option(edit, code, colon ? octets : NULL, len) >= 0);
	} else {
		*equals = '\0';
		if (!pcp_edit_set(edit, word, equals + 1, &why))
			fail_msg("%s: %s", word, why.text);
	}
}

static enum pcp_direction make(struct pcp_edit *edit, const char *recipe)
{
	char words[512], *word, *rest;
	enum pcp_direction direction = PCP_DIRECTION_GUESS;

	assert_true(strlen(recipe) < sizeof words);
	strcpy(words, recipe);
	word = strtok_r(words, " ", &rest);
	*edit = (struct pcp_edit){ 0 };
	for (size_t i = 0; i < nsamples; i++)
		if (strcmp(samples[i].name, word) == 0) {
			assert_true(pcp_edit_load(edit, samples[i].octets, samples[i].len));
			direction = samples[i].direction;
		}
	if (edit->len == 0)
		fail_msg("no sample is called %s", word);
	while ((word = strtok_r(NULL, " ", &rest)))
		change(edit, word);
	return edit->len > 1 && edit->octets[0] && edit->octets[1] & PCP_R ? PCP_RESPONSE
									   : direction;
}

struct made {
	struct pcp_edit edit;
	struct pcp_packet packet;
	struct pcp_node node[PCP_NODES_MAX];
};

static void decode(struct made *made, const char *recipe, const struct row *row)
{
	enum pcp_direction direction = make(&made->edit, recipe);

	pcp_decode(&made->packet, made->edit.octets, made->edit.len,
		   row->direction ? row->direction : direction, row->dialects, made->node,
		   PCP_NODES_MAX);
}

/* How often the row's rule is broken. Findings stay within the packet and are printable on the way.
 */
static size_t broken(const char *recipe, const struct row *row)
{
	static struct made made, request;
	static struct pcp_finding finding[PCP_FINDINGS_MAX];
	struct pcp_lint_context context = {
		.went = row->went, .have_epoch = row->epoch, .epoch = 100, .elapsed = 10
	};
	static struct pcp_edit holder;
	uint8_t source[PCP_ADDR_LEN];
	struct pcp_why why;
	size_t count = 0;

	decode(&made, recipe, row);
	if (row->request) {
		struct row alone = { .dialects = row->dialects };

		decode(&request, row->request, &alone);
		context.request = &request.packet;
	}
	if (row->source) {
		assert_true(pcp_addr_parse(row->source, source, &why));
		context.source = source;
	}
	if (row->holder) {
		make(&holder, row->holder);
		context.holder = holder.octets + PCP_HEADER_LEN;
	}
	size_t n = pcp_lint(&made.packet, &context, finding, PCP_FINDINGS_MAX);

	assert_true(n <= PCP_FINDINGS_MAX);
	for (size_t i = 0; i < n; i++) {
		assert_true(finding[i].off + finding[i].len <= made.packet.len);
		assert_true(i == 0 || finding[i].off >= finding[i - 1].off);
		assert_true(strlen(finding[i].text) > 10 &&
			    strlen(finding[i].text) < PCP_FINDING_TEXT - 1);
		for (const char *c = finding[i].text; *c; c++)
			assert_true(isprint((unsigned char)*c));
		count += strcmp(finding[i].rule->name, row->rule) == 0;
	}
	return count;
}

static void check_row(void **state)
{
	const struct row *row = *state;

	if (broken(row->breaks, row) == 0)
		fail_msg("%s: not found in %s", row->rule, row->breaks);
	if (broken(row->near_miss, row) != 0)
		fail_msg("%s: found in %s", row->rule, row->near_miss);
}

static void every_rule_has_a_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < pcp_nrules(); i++) {
		const struct pcp_rule *rule = pcp_rule_at(i);
		bool there = false;

		assert_true(rule->name && rule->ref && rule->text && rule->check);
		/* An error is a MUST of a document in force; drafts and habits are none. */
		assert_true(rule->severity != PCP_ERROR || strncmp(rule->ref, "RFC ", 4) == 0);
		for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
			there = there || strcmp(rows[r].rule, rule->name) == 0;
		if (!there)
			fail_msg("no packet breaks %s", rule->name);
		for (size_t j = 0; j < i; j++)
			if (strcmp(pcp_rule_at(j)->name, rule->name) == 0)
				fail_msg("two rules are called %s", rule->name);
	}
	assert_null(pcp_rule_at(pcp_nrules()));
	for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
		bool there = false;

		for (size_t i = 0; i < pcp_nrules(); i++)
			there = there || strcmp(rows[r].rule, pcp_rule_at(i)->name) == 0;
		if (!there)
			fail_msg("there is no rule %s", rows[r].rule);
	}
}

/* ---- whole packets: the findings of weight, and no others ---- */

/* Names of the warnings and errors, in order, separated by blanks. */
static void judge(const char *recipe, const char *request, const char *expected)
{
	static struct made made, asked;
	static struct pcp_finding finding[PCP_FINDINGS_MAX];
	struct pcp_lint_context context = { 0 };
	struct row alone = { 0 };
	char names[512] = "";

	decode(&made, recipe, &alone);
	if (request) {
		decode(&asked, request, &alone);
		context.request = &asked.packet;
	}
	size_t n = pcp_lint(&made.packet, &context, finding, PCP_FINDINGS_MAX);

	for (size_t i = 0; i < n; i++)
		if (finding[i].rule->severity != PCP_NOTE)
			snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s",
				 *names ? " " : "", finding[i].rule->name);
	if (strcmp(names, expected) != 0)
		fail_msg("%s: \"%s\" instead of \"%s\"", recipe, names, expected);
}

/* The samples are good packets, but for those that show a habit. */
static void samples_are_judged(void **state)
{
	static const struct {
		const char *name, *findings;
	} odd[] = {
		{ "map_req_resv_desc64", "option-experimental" },
		{ "map_resp_resv", "option-experimental" },
		{ "get_req_next_v1", "version-1" },
		{ "map_req_v1", "version-1" },
		{ "map_req_libpcp", "option-experimental option-experimental option-experimental "
				    "option-experimental" },
	};

	(void)state;
	for (size_t i = 0; i < nsamples; i++) {
		const char *expected = "";

		for (size_t o = 0; o < sizeof odd / sizeof *odd; o++)
			if (strcmp(odd[o].name, samples[i].name) == 0)
				expected = odd[o].findings;
		judge(samples[i].name, NULL, expected);
	}
}

static void pairs_are_judged(void **state)
{
	static const char *const pair[][2] = {
		{ "announce_resp", "announce_req" },
		{ "map_resp_tcp_v4", "map_req_tcp_v4" },
		{ "map_resp_udp_v6_desc", "map_req_udp_v6_desc" },
		{ "map_err_cannot_provide", "map_req_tp_pf_filter_v4" },
		{ "map_err_not_authorized", "map_req_tcp_v4" },
		{ "map_delete_resp", "map_delete_req" },
		{ "peer_resp_v4", "peer_req_v4" },
		{ "natpmp_addr_resp", "natpmp_addr_req" },
		{ "natpmp_map_resp", "natpmp_map_req" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof pair / sizeof *pair; i++)
		judge(pair[i][0], pair[i][1], "");
}

/* What other implementations send, as their sources show. */
static void habits_are_judged(void **state)
{
	(void)state;
	/* pypcpc: DESCRIPTION by 64, PORT_SET by 255, GET with lifetime 3600, plain IPv4 prefix
	 * lengths */
	judge(MAPREQ " +64:776562", NULL, "option-experimental");
	judge(MAPREQ " +255:00021f9000", NULL, "option-code-reserved option-experimental");
	judge("get_req_first header.lifetime=3600", NULL, "");
	judge(MAPREQ " +3:0018000000000000000000000000ffffc0000200", NULL, "filter-prefix-length");
	/* libpcp: version 1, its own options in the private mandatory range */
	judge("announce_req @0=01", NULL, "version-1");
	judge(MAPREQ " +96:x32", NULL, "option-experimental");
	/* miniupnpd: error bodies with altered external values, error lifetime 0, FILTER echoed */
	judge("map_err_not_authorized map.assigned_external_port=8080 @4=00000000", MAPREQ,
	      "error-lifetime-zero error-not-copied");
	/* and answers to a delete of nothing and to PREFER_FAILURE with port 0 */
	judge("map_delete_resp @3=08 @7=1e", "map_delete_req", "");
	judge(MAPRESP " +2", MAPREQ " +2", "malformed-accepted");
	/* repcpd: MALFORMED_REQUEST to a version that it does not know */
	judge("announce_resp @3=03 @4=00000708", "announce_req @0=03",
	      "version-changed version-not-refused");
	/* a server that returns options it did not process, or leaves a mandatory one out */
	judge(MAPRESP, MAPREQ " +3:0078000000000000000000000000ffffc0000200",
	      "option-not-processed");
}

static void little_room(void **state)
{
	static struct made made;
	struct pcp_finding all[PCP_FINDINGS_MAX], few[3];
	struct row alone = { 0 };

	(void)state;
	decode(&made, MAPREQ " @2=01 map.protocol=0 +127 +50 +2 +2 >01", &alone);
	size_t n = pcp_lint(&made.packet, NULL, all, PCP_FINDINGS_MAX);

	assert_true(n > 6);
	assert_int_equal(pcp_lint(&made.packet, NULL, few, 3), n);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(few[i].text, all[i].text); /* the first by offset */
	assert_int_equal(pcp_lint(&made.packet, NULL, NULL, 0), n);
}

/* Whatever its length is, a packet is judged within its octets: each sample cut everywhere, in
 * memory that ends where the packet does, as its own answer. */
static void any_length_is_judged(void **state)
{
	static struct pcp_node ours[PCP_NODES_MAX], theirs[PCP_NODES_MAX];
	struct pcp_finding finding[PCP_FINDINGS_MAX];

	(void)state;
	for (size_t i = 0; i < nsamples; i++)
		for (size_t len = 0; len <= samples[i].len; len++) {
			uint8_t *octets = malloc(len ? len : 1);
			struct pcp_packet request, response;
			struct pcp_lint_context context = { .request = &request };

			assert_non_null(octets);
			memcpy(octets, samples[i].octets, len);
			pcp_decode(&request, octets, len, PCP_REQUEST, 0, ours, PCP_NODES_MAX);
			pcp_decode(&response, octets, len, PCP_RESPONSE, 0, theirs, PCP_NODES_MAX);
			size_t n = pcp_lint(&response, &context, finding, PCP_FINDINGS_MAX);

			for (size_t f = 0; f < n && f < PCP_FINDINGS_MAX; f++)
				assert_true(finding[f].off + finding[f].len <= len);
			free(octets);
		}
}

/* ---- for tests/suites/rules ---- */

static void print_packet(const char *recipe)
{
	struct pcp_edit edit;
	enum pcp_direction direction = recipe ? make(&edit, recipe) : PCP_DIRECTION_GUESS;

	if (!recipe)
		edit.len = 0;
	printf("\t%d:", direction);
	for (size_t i = 0; i < edit.len; i++)
		printf("%02x", edit.octets[i]);
}

/* A line a row: the rule, the way that the packets go if it is told, dialects, whether an answer
 * came before, the source; then direction and octets of what breaks it, of what does not, and of
 * the request and of the one that holds the mapping. */
static void print_rows(void)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *row = &rows[i];

		printf("%s\t%d\t%u\t%d\t%s", row->rule, row->went ? row->went : row->direction,
		       row->dialects, row->epoch, row->source ? row->source : "");
		print_packet(row->breaks);
		print_packet(row->near_miss);
		print_packet(row->request);
		print_packet(row->holder);
		printf("\n");
	}
}

int main(int argc, char **argv)
{
	enum { ROWS = sizeof rows / sizeof *rows };
	static const struct CMUnitTest whole[] = {
		cmocka_unit_test(every_rule_has_a_row), cmocka_unit_test(samples_are_judged),
		cmocka_unit_test(pairs_are_judged),	cmocka_unit_test(habits_are_judged),
		cmocka_unit_test(little_room),		cmocka_unit_test(any_length_is_judged),
	};
	enum { WHOLE = sizeof whole / sizeof *whole };
	static struct CMUnitTest tests[ROWS + WHOLE];
	static char names[ROWS][64];

	nsamples = vectors_load(samples);
	if (argc > 1 && strcmp(argv[1], "--rows") == 0) {
		print_rows();
		return 0;
	}
	for (size_t i = 0; i < ROWS; i++) {
		snprintf(names[i], sizeof names[i], "%zu %s", i, rows[i].rule);
		tests[i] = (struct CMUnitTest){ .name = names[i],
						.test_func = check_row,
						.initial_state = (void *)(uintptr_t)&rows[i] };
	}
	memcpy(tests + ROWS, whole, sizeof whole);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
