/*
 * The conformance table: a row for each rule of the server, with requests and the exact answers,
 * octet by octet. Its order is that of validation, replies, MAP, PEER, FILTER, epoch, GET,
 * PORT_SET, PORT_RESERVATION, NAT-PMP. References are to RFC 6887 unless they name another
 * document.
 */
#include "judged.h"

struct step {
	unsigned at;	   /* seconds since the lab began */
	const char *from;  /* client; "=": `ask` is words; "tick": only time passes */
	const char *ask;   /* hex */
	const char *reply; /* hex; several answers separated by |, each with "@ENDPOINT " in front
			    * where its destination matters; NULL: silence */
};

struct row {
	const char *name;
	const char *words;
	struct step step[10];
};

/* clang-format off */
#define SCTP "84"
#define V6ONE "00000000000000000000000000000001"
#define C6R  "20010db8000200000000000000000007"
#define UNPARSED(opcode, result, lifetime) \
	"02" opcode "00" result lifetime "<epoch>" "000000000000ffffc0a80564"
#define ANNOUNCED REPLY("80", "00", NEVER)
#define AT(epoch) "02800000" NEVER epoch NO_NONCE
#define REST1 BODY(NONCE1, TCP, "1f90", "0000", ANY4)
#define MAP1 MAP(HOUR, A4) REST1
#define MAPPED1 MAPPED(HOUR) BODY(NONCE1, TCP, "1f90", "1f90", WAN)
#define MOVED1 BODY(NONCE1, TCP, "1f90", "1f90", V4("cb00710a"))
#define BODY80 BODY(NONCE1, TCP, "0050", "2328", WAN)
#define MAP80(lifetime) MAP(lifetime, A4) BODY80
#define PREST1 REST1 REMOTE("01bb", PEER4)
#define PEER1 PEER(HOUR, A4) PREST1
#define PEERED1 PEERED(HOUR) BODY(NONCE1, TCP, "1f90", "1f90", WAN) REMOTE("01bb", PEER4)
#define REST6 BODY(NONCE1, TCP, "1f90", "0000", ANY6)
#define MAP6 MAP(HOUR, C6) REST6
#define UNKNOWN "7e000004deadbeef"  /* option 126: mandatory, private */
#define OPTIONAL "fe000004deadbeef" /* option 254: optional, private */
#define TAG "0500001c{28:00}"
#define WEB "8000000377656200"
#define FILTER443 FILTER("0078", "01bb", V4("c6336400"))
#define PREFIX64_ASK "8100000e000c{12:00}0000"
#define TPID "0d00000300abcd00"
#define TPID2 "0d00000300abce00"
#define ANYTHING FIND("00", ANY4, ANY4, "0000", "0000")
#define NEXT_FILTER_DESCRIPTION "8300003a" UNDEFINED4("00") "03800000"
#define SET(size) MAP1 PORT_SET(size, "1f90", "00")
#define SET_OK(size) MAPPED1 PORT_SET(size, "1f90", "00")
#define THREE \
	{ 1, "A", MAP(HOUR, A4) BODY(NONCE1, UDP, "1f92", "0000", ANY4), MAPPED(HOUR) BODY(NONCE1, UDP, "1f92", "1f92", WAN) }, \
	{ 1, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f91", "0000", ANY4), MAPPED(HOUR) BODY(NONCE1, TCP, "1f91", "1f91", WAN) }, \
	{ 1, "A", MAP1, MAPPED1 }
#define FIRST(end) LOCATOR(NONCE1, TCP, end, A4, WAN, "00000e0f", "1f90", "1f90")
#define SECOND(end) LOCATOR(NONCE1, TCP, end, A4, WAN, "00000e0f", "1f91", "1f91")
#define THIRD(end) LOCATOR(NONCE1, UDP, end, A4, WAN, "00000e0f", "1f92", "1f92")

static const struct row rows[] = {
	/* ---- 6.1: the order of validation (8.2) ---- */
	{ "6.1 row 1: another interface's client: silence", "serve=10.0.0.0/8", { { 1, "A", MAP1, NULL } } },
	{ "6.1 row 2: less than two octets: silence", "", { { 1, "A", "02", NULL } } },
	{ "6.1 row 2: R set: silence", "", { { 1, "A", MAPPED1, NULL } } },
	{ "6.1 row 2: NAT-PMP response: silence", "", { { 1, "A", "0080", NULL } } },
	{ "6.1 row 3: version 3: version 2 is offered", "", { { 1, "A", "0301000000000e10" A4 REST1, UNPARSED("81", "01", LONG) REST1 } } },
	{ "6.1 row 3: a PCP-only server's answer to NAT-PMP", "versions=2", { { 160, "A", "0000", REPLY("80", "01", LONG) } } },
	{ "6.1 row 3: version 2 at a server of version 1", "versions=1", { { 1, "A", "02000000", "01800001" LONG "<epoch>" NO_NONCE } } },
	{ "6.1 row 3: version 1 at a server of 0 and 2: the lowest above", "", { { 1, "A", "01000000", REPLY("80", "01", LONG) } } },
	{ "6.1 row 3: version 2 at a server of 0 and 1: the highest below", "versions=0+1", { { 1, "A", "02000000", "01800001" LONG "<epoch>" NO_NONCE } } },
	{ "6.1 row 3: PCP at a NAT-PMP server: its refusal as deployed, opcode kept", "versions=0", { { 7, "A", MAP1, "00810001<epoch>" }, { 8, "A", PEER1, "00820001<epoch>" }, { 9, "A", ANNOUNCE(A4), "00800001<epoch>" } } },
	{ "6.1 row 3: its refusal as the erratum has it (RFC 6886 erratum 3618)", "versions=0 refusal=erratum", { { 7, "A", MAP1, "00800001<epoch>" } } },
	{ "6.1 row 3: its refusal as drawn, R clear (RFC 6886 3.5)", "versions=0 refusal=drawn", { { 7, "A", PEER1, "00000001<epoch>" } } },
	{ "6.1 row 3: its refusal with the result turned round", "versions=0 refusal=swapped", { { 7, "A", MAP1, "00800100<epoch>" } } },
	{ "6.1 row 3: its refusal of four octets", "versions=0 refusal=short", { { 7, "A", MAP1, "00810001" } } },
	{ "6.1 row 3: PCP over IPv6 at a NAT-PMP server, which has IPv4 only: silence", "versions=0", { { 7, "C", MAP6, NULL } } },
	{ "6.1 row 3: version 0 where there is no NAT: silence (RFC 6886 3.8)", "ipv4=firewall", { { 1, "A", "0000", NULL }, { 1, "A", "000200001388000000001c20", NULL }, { 1, "A", "000500001388000000001c20", NULL }, { 1, "A", MAP1, MAPPED(HOUR) BODY(NONCE1, TCP, "1f90", "1f90", A4) } } },
	{ "6.1 row 3: version 0 where IPv4 is off: silence", "ipv4=off", { { 1, "A", "0000", NULL } } },
	{ "6.1 row 3: version 0 without a NAT at a server of PCP alone: silence", "ipv4=firewall versions=2", { { 1, "A", "0000", NULL } } },
	{ "6.1 row 3: version 0 is not offered where there is no NAT", "ipv4=firewall versions=0", { { 1, "A", MAP1, NULL } } },
	{ "6.1 row 3: in brief: a header alone, and nothing to less", "brief=on", { { 1, "A", "0301000000000e10" A4 REST1, UNPARSED("81", "01", LONG) }, { 1, "A", "0301", NULL }, { 1, "A", ASK("05", HOUR, A4) "01020304", REPLY("85", "04", LONG) }, { 1, "A", MAP1, MAPPED1 } } },
	{ "6.1 row 4: less than 24 octets: silence", "", { { 1, "A", "02000000000000000000000000000000", NULL } } },
	{ "6.1 row 5: overload: silence", "overload=silence", { { 1, "A", MAP1, NULL } } },
	{ "6.1 row 5: overload: NO_RESOURCES", "overload=refuse", { { 1, "A", MAP1, NOT_MAPPED("08", SHORT) REST1 } } },
	{ "6.1 row 5: overload: NAT-PMP, too", "overload=refuse", { { 1, "A", "000200001f901f9000000e10", "0082000400000001" "1f90000000000000" }, { 1, "A", "0000", "008000040000000100000000" } } },
	{ "6.1 row 5: overload: silence to NAT-PMP, too", "overload=silence", { { 1, "A", "000200001f901f9000000e10", NULL } } },
	{ "6.1 row 5: too many of one address: silence to that one", "source-rate=1", {
		{ 1, "A", ANNOUNCE(A4), ANNOUNCED },
		{ 1, "a", ANNOUNCE(A4), NULL },
		{ 1, "B", ANNOUNCE(B4), ANNOUNCED },
		{ 2, "a", ANNOUNCE(A4), ANNOUNCED } } },
	{ "6.1 row 5: too many in a second: silence", "max-rate=1", {
		{ 1, "A", ANNOUNCE(A4), ANNOUNCED },
		{ 1, "A", ANNOUNCE(A4), NULL },
		{ 2, "A", ANNOUNCE(A4), ANNOUNCED } } },
	{ "6.1 row 6: over 1100 octets: as much as fits comes back", "", { { 1, "A", MAP1 "{1044:00}", UNPARSED("81", "03", LONG) REST1 "{1040:00}" } } },
	{ "6.1 row 6: not a multiple of 4: padded", "", { { 1, "A", MAP1 "feff", UNPARSED("81", "03", LONG) REST1 "feff0000" } } },
	{ "6.1 row 6: shorter than its body", "", { { 1, "A", MAP(HOUR, A4) NONCE1, UNPARSED("81", "03", LONG) NONCE1 } } },
	{ "6.1 row 7: another source than the header says: MAP", "", { { 1, "B", MAP1, NOT_MAPPED("0c", LONG) REST1 } } },
	{ "6.1 row 7: another source than the header says: ANNOUNCE (14.1.1)", "", { { 1, "B", ANNOUNCE(A4), REPLY("80", "0c", LONG) } } },
	{ "6.1 row 7: another source than the header says: all 96 bits count (5)", "", { { 1, "A", MAP(HOUR, "00000000000000000000fffec0a80564") REST1, NOT_MAPPED("0c", LONG) REST1 } } },
	{ "6.1 row 8: unknown opcode, the rest back verbatim", "", { { 1, "A", ASK("05", HOUR, A4) "01020304", REPLY("85", "04", LONG) "01020304" } } },
	{ "6.1 row 8: AUTHENTICATION is not served", "", { { 1, "A", ASK("03", NEVER, A4) "0000000000000000", REPLY("83", "04", LONG) "0000000000000000" } } },
	{ "6.1 row 8: disabled opcode", "without=PEER", { { 1, "A", PEER1, NOT_PEERED("04", LONG) PREST1 } } },
	{ "6.1 row 9: tag demanded and missing (RFC 7652 3.1.2)", "auth=on", { { 153, "A", MAP1, NOT_MAPPED("0f", SHORT) REST1 } } },
	{ "6.1 row 9: tag of an unknown session (RFC 7652 3.2)", "auth=on", { { 1, "A", MAP1 TAG, NOT_MAPPED("14", SHORT) REST1 TAG } } },
	{ "6.1 row 9: NAT-PMP has no tag: refused", "auth=on", { { 1, "A", "000200001f901f9000000e10", "0082000200000001" "1f90000000000000" } } },
	{ "6.1 row 10: Length past the end, mandatory class", "", { { 1, "A", MAP1 "03000014" "00000000", NOT_MAPPED("06", LONG) REST1 "03000014" "00000000" } } },
	{ "6.1 row 10: Length past the end, optional class", "", { { 1, "A", MAP1 "fe000008" "00000000", NOT_MAPPED("06", LONG) REST1 "fe000008" "00000000" } } },
	{ "6.1 row 10: before an earlier option's own fault", "", { { 1, "A", MAP1 UNKNOWN "fe000008" "00000000", NOT_MAPPED("06", LONG) REST1 UNKNOWN "fe000008" "00000000" } } },
	{ "6.1 row 11: unknown mandatory option", "", { { 1, "A", MAP1 UNKNOWN, NOT_MAPPED("05", LONG) REST1 UNKNOWN } } },
	{ "6.1 row 11: unimplemented: a tag where none is demanded", "", { { 1, "A", MAP1 TAG, NOT_MAPPED("05", LONG) REST1 TAG } } },
	{ "6.1 row 11: disabled", "without=FILTER", { { 1, "A", MAP1 FILTER443, NOT_MAPPED("05", LONG) REST1 FILTER443 } } },
	{ "6.1 row 11: THIRD_PARTY prohibited (13.1)", "third-party=off", { { 1, "A", MAP1 THIRD_PARTY(B4), NOT_MAPPED("05", LONG) REST1 THIRD_PARTY(B4) } } },
	{ "6.1 row 11: THIRD_PARTY prohibited, whatever it holds", "third-party=off", { { 1, "A", MAP1 "010000040a020009", NOT_MAPPED("05", LONG) REST1 "010000040a020009" }, { 1, "A", MAP1 THIRD_PARTY(A4), NOT_MAPPED("05", LONG) REST1 THIRD_PARTY(A4) }, { 1, "A", MAP1 THIRD_PARTY(B4) THIRD_PARTY(B4), NOT_MAPPED("05", LONG) REST1 THIRD_PARTY(B4) THIRD_PARTY(B4) } } },
	{ "6.1 row 11: THIRD_PARTY prohibited, also where it would be senseless", "third-party=off", { { 1, "A", ANNOUNCE(A4) THIRD_PARTY(B4), REPLY("80", "05", LONG) THIRD_PARTY(B4) } } },
	{ "6.1 row 11: THIRD_PARTY without the right and of a wrong length", "third-party=192.168.5.101", { { 1, "A", MAP1 "01000004c0a80565", NOT_MAPPED("05", LONG) REST1 "01000004c0a80565" } } },
	{ "6.1 row 11: THIRD_PARTY_ID where none is known, too long", "", { { 1, "A", MAP1 THIRD_PARTY(B4) "0d000029{41:00}000000", NOT_MAPPED("05", LONG) REST1 THIRD_PARTY(B4) "0d000029{41:00}000000" }, { 1, "A", MAP1 "0d000000", NOT_MAPPED("05", LONG) REST1 "0d000000" } } },
	{ "6.1 row 11: another implementation's option of the mandatory class", "", { { 1, "A", MAP1 "4000000377656200", NOT_MAPPED("05", LONG) REST1 "4000000377656200" }, { 1, "A", MAP1 "6300000401020304", NOT_MAPPED("05", LONG) REST1 "6300000401020304" } } },
	{ "6.1 row 12: another implementation's option of the optional class", "", { { 1, "A", MAP1 "ff00000500041f9000000000", MAPPED1 } } },
	{ "6.1 row 12: the same with a word for its dialect", "dialect=pypcpc", { { 1, "A", MAP1 "ff00000500041f9000000000", MAPPED1 "ff00000500041f9000000000" } } },
	{ "6.1 row 11: another dialect's word", "dialect=libpcp", { { 1, "A", MAP1 "4000000377656200", NOT_MAPPED("05", LONG) REST1 "4000000377656200" } } },
	{ "6.1 row 11: THIRD_PARTY from a host without the right (13.1)", "third-party=192.168.5.101", { { 1, "A", MAP1 THIRD_PARTY(B4), NOT_MAPPED("05", LONG) REST1 THIRD_PARTY(B4) } } },
	{ "6.1 row 12: unknown optional option: skipped, not echoed", "", { { 1, "A", MAP1 OPTIONAL, MAPPED1 } } },
	{ "6.1 row 12: disabled optional option: skipped, not echoed", "without=DESCRIPTION", { { 1, "A", MAP1 WEB, MAPPED1 } } },
	{ "6.1 row 13: bad content: FILTER prefix 95 over IPv4 (13.3)", "", { { 1, "A", MAP1 FILTER("005f", "01bb", PEER4), NOT_MAPPED("06", LONG) REST1 FILTER("005f", "01bb", PEER4) } } },
	{ "6.1 row 13: bad content: FILTER prefix 129 over IPv6 (13.3)", "", { { 1, "C", MAP6 FILTER("0081", "01bb", C6), NOT_MAPPED("06", LONG) REST6 FILTER("0081", "01bb", C6) } } },
	{ "6.1 row 13: bad content: FILTER of the other family (10)", "", { { 1, "A", MAP1 FILTER("0080", "01bb", C6), NOT_MAPPED("06", LONG) REST1 FILTER("0080", "01bb", C6) } } },
	{ "6.1 row 13: FILTER of the third party's family, whatever the order (10)", "", {
		{ 1, "A", MAP1 FILTER("0078", "01bb", V4("c6336400")) THIRD_PARTY(C6), NOT_MAPPED("06", LONG) REST1 FILTER("0078", "01bb", V4("c6336400")) THIRD_PARTY(C6) },
		{ 1, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f90", "0000", ANY6) FILTER("0080", "01bb", C6) THIRD_PARTY(C6), MAPPED(HOUR) BODY(NONCE1, TCP, "1f90", "1f90", C6) FILTER("0080", "01bb", C6) THIRD_PARTY(C6) },
		{ 1, "A", MAP1 FILTER("0078", "01bb", V4("c6336400")) THIRD_PARTY(B4), MAPPED1 FILTER("0078", "01bb", V4("c6336400")) THIRD_PARTY(B4) } } },
	{ "6.1 row 13: wrong length: THIRD_PARTY of 4 octets", "", { { 1, "A", MAP1 "01000004c0a80565", NOT_MAPPED("06", LONG) REST1 "01000004c0a80565" } } },
	{ "6.1 row 13: wrong length: PREFER_FAILURE with data", "", { { 1, "A", MAP80(HOUR) "0200000400000000", NOT_MAPPED("06", LONG) BODY80 "0200000400000000" } } },
	{ "6.1 row 13: a max-1 option twice: PREFER_FAILURE", "", { { 1, "A", MAP80(HOUR) PREFER_FAILURE PREFER_FAILURE, NOT_MAPPED("06", LONG) BODY80 PREFER_FAILURE PREFER_FAILURE } } },
	{ "6.1 row 13: a max-1 option twice: DESCRIPTION, of the optional class", "", { { 1, "A", MAP1 WEB WEB, NOT_MAPPED("06", LONG) REST1 WEB WEB } } },
	{ "6.1 row 13: two port sets (RFC 7753 4.2)", "", { { 1, "A", MAP1 PORT_SET("0004", "1f90", "00") PORT_SET("0004", "1f90", "00"), NOT_MAPPED("06", LONG) REST1 PORT_SET("0004", "1f90", "00") PORT_SET("0004", "1f90", "00") } } },
	{ "6.1 row 14: PREFER_FAILURE in a delete (11.3)", "", { { 1, "A", MAP80(NEVER) PREFER_FAILURE, NOT_MAPPED("06", LONG) BODY80 PREFER_FAILURE } } },
	{ "6.1 row 14: FILTER in a delete (13.3)", "", { { 1, "A", MAP(NEVER, A4) REST1 FILTER443, NOT_MAPPED("06", LONG) REST1 FILTER443 } } },
	{ "6.1 row 14: PREFER_FAILURE in PEER (12.1)", "", { { 1, "A", PEER1 PREFER_FAILURE, NOT_PEERED("03", LONG) PREST1 PREFER_FAILURE } } },
	{ "6.1 row 14: FILTER in PEER", "", { { 1, "A", PEER1 FILTER443, NOT_PEERED("06", LONG) PREST1 FILTER443 } } },
	{ "6.1 row 14: THIRD_PARTY in ANNOUNCE (13)", "", { { 1, "A", ANNOUNCE(A4) THIRD_PARTY(B4), REPLY("80", "06", LONG) THIRD_PARTY(B4) } } },
	{ "6.1 row 14: an optional option of another opcode: skipped", "", { { 1, "A", PEER1 PORT_SET("0004", "1f90", "00"), PEERED1 } } },
	{ "6.1 row 15: PEER for all protocols", "", { { 1, "A", PEER(HOUR, A4) BODY(NONCE1, "00", "1f90", "0000", ANY4) REMOTE("01bb", PEER4), NOT_PEERED("03", LONG) BODY(NONCE1, "00", "1f90", "0000", ANY4) REMOTE("01bb", PEER4) } } },
	{ "6.1 row 15: PEER without an internal port", "", { { 1, "A", PEER(HOUR, A4) BODY(NONCE1, TCP, "0000", "0000", ANY4) REMOTE("01bb", PEER4), NOT_PEERED("03", LONG) BODY(NONCE1, TCP, "0000", "0000", ANY4) REMOTE("01bb", PEER4) } } },
	{ "6.1 row 15: PEER without a remote port", "", { { 1, "A", PEER(HOUR, A4) REST1 REMOTE("0000", PEER4), NOT_PEERED("03", LONG) REST1 REMOTE("0000", PEER4) } } },
	{ "6.1 row 15: PEER to 127.0.0.1 (12.3)", "", { { 1, "A", PEER(HOUR, A4) REST1 REMOTE("01bb", V4("7f000001")), NOT_PEERED("03", LONG) REST1 REMOTE("01bb", V4("7f000001")) } } },
	{ "6.1 row 15: PEER to a group (12.3)", "", { { 1, "A", PEER(HOUR, A4) REST1 REMOTE("01bb", V4("e0000001")), NOT_PEERED("03", LONG) REST1 REMOTE("01bb", V4("e0000001")) } } },
	{ "6.1 row 15: PEER to the other family (12.1)", "", { { 1, "A", PEER(HOUR, A4) REST1 REMOTE("01bb", C6), NOT_PEERED("03", LONG) REST1 REMOTE("01bb", C6) } } },
	{ "6.1 row 16: the answer would exceed 1100 octets", "prefix64=64:ff9b::/96+2001:db8::/32+2001:db8:1::/48+2001:db8:2::/64", {
		{ 1, "C", MAP6 "{42:" FILTER("0000", "0000", ANY6) "}" PREFIX64_ASK, NOT_MAPPED("03", LONG) REST6 "{42:" FILTER("0000", "0000", ANY6) "}" PREFIX64_ASK },
		{ 1, "C", GET(C6) FIND("00", ANY6, ANY6, "0000", "0000"), NOT_GOT("82", SHORT) FIND("00", ANY6, ANY6, "0000", "0000") } } },
	{ "6.1: an error changes nothing (7.3)", "max-filters=1", {
		{ 1, "A", MAP1, MAPPED1 },
		{ 2, "A", MAP(MINUTES2, A4) REST1 WEB FILTER443 FILTER("0080", "0050", PEER4), NOT_MAPPED("0d", LONG) REST1 WEB FILTER443 FILTER("0080", "0050", PEER4) },
		{ 2, "A", GET(A4) ANYTHING NEXT_FILTER_DESCRIPTION, GOT ANYTHING NEXT_PLAIN(LOCATOR(NONCE1, TCP, "01", A4, WAN, "00000e0f", "1f90", "1f90")) } } },

	/* ---- 6.2: replies (8.2) ---- */
	{ "6.2: an error copies the request, suggested values included", "wan=down", { { 1, "A", MAP80(HOUR) WEB OPTIONAL, NOT_MAPPED("07", SHORT) BODY80 WEB OPTIONAL } } },
	{ "6.2: reserved octets of the header are ignored and sent as zero", "", { { 1, "A", "0201ffff" HOUR A4 REST1, MAPPED1 } } },
	{ "6.2: reserved octets of the body are ignored and sent as zero", "", { { 1, "A", MAP(HOUR, A4) NONCE1 TCP "ffffff" "1f90" "0000" ANY4, MAPPED1 } } },
	{ "6.2: an error is never shorter than 24 octets", "versions=2", { { 1, "A", "0001", REPLY("81", "01", LONG) } } },
	{ "6.2: success echoes what was processed, in the request's order", "", { { 1, "A", MAP80(HOUR) OPTIONAL WEB FILTER443 PREFER_FAILURE, MAPPED(HOUR) BODY80 WEB FILTER443 PREFER_FAILURE } } },
	{ "6.2: THIRD_PARTY comes back when processed (11.3)", "", { { 1, "A", MAP1 THIRD_PARTY(B4), MAPPED1 THIRD_PARTY(B4) } } },
	{ "6.2: the answer goes where the request came from", "", { { 1, "a", MAP1, "@a " MAPPED1 } } },

	/* ---- 6.3: MAP (11.3) ---- */
	{ "6.3 1: create", "", { { 120, "A", MAP1, MAPPED1 } } },
	{ "6.3 1: all protocols, but one port", "", { { 1, "A", MAP(HOUR, A4) BODY(NONCE1, "00", "1f90", "0000", ANY4), NOT_MAPPED("03", LONG) BODY(NONCE1, "00", "1f90", "0000", ANY4) } } },
	{ "6.3 1: all protocols, but one port, in a delete (15.1)", "", { { 1, "A", MAP(NEVER, A4) BODY(NONCE1, "00", "1f90", "0000", ANY4), NOT_MAPPED("03", LONG) BODY(NONCE1, "00", "1f90", "0000", ANY4) } } },
	{ "6.3 1: unsupported protocol", "protocols=tcp", { { 1, "A", MAP(HOUR, A4) BODY(NONCE1, UDP, "1f90", "0000", ANY4), NOT_MAPPED("09", LONG) BODY(NONCE1, UDP, "1f90", "0000", ANY4) } } },
	{ "6.3 1: a protocol without ports, and a port (11.2)", "", { { 1, "A", MAP(HOUR, A4) BODY(NONCE1, "2f", "1f90", "0000", ANY4), NOT_MAPPED("09", LONG) BODY(NONCE1, "2f", "1f90", "0000", ANY4) } } },
	{ "6.3 1: a protocol without ports (11.2)", "", { { 1, "A", MAP(HOUR, A4) BODY(NONCE1, "2f", "0000", "0000", ANY4), MAPPED(HOUR) BODY(NONCE1, "2f", "0000", "0000", WAN) } } },
	{ "6.3 1: whole protocol", "", {
		{ 1, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "0000", "0000", ANY4), MAPPED(HOUR) BODY(NONCE1, TCP, "0000", "0000", WAN) },
		{ 2, "B", MAP(HOUR, B4) REST1, NOT_MAPPED("08", SHORT) REST1 },
		{ 2, "B", MAP(HOUR, B4) BODY(NONCE1, UDP, "1f90", "0000", ANY4), MAPPED(HOUR) BODY(NONCE1, UDP, "1f90", "1f90", WAN) } } },
	{ "6.3 1: whole protocol, but another host has a port of it", "", {
		{ 1, "B", MAP(HOUR, B4) REST1, MAPPED1 },
		{ 2, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "0000", "0000", ANY4), NOT_MAPPED("09", LONG) BODY(NONCE1, TCP, "0000", "0000", ANY4) } } },
	{ "6.3 1: whole protocol, switched off", "wildcards=off", { { 1, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "0000", "0000", ANY4), NOT_MAPPED("09", LONG) BODY(NONCE1, TCP, "0000", "0000", ANY4) } } },
	{ "6.3 1: DMZ host", "", {
		{ 1, "A", MAP(HOUR, A4) BODY(NONCE1, "00", "0000", "0000", ANY4), MAPPED(HOUR) BODY(NONCE1, "00", "0000", "0000", WAN) },
		{ 2, "B", MAP(HOUR, B4) REST1, NOT_MAPPED("08", SHORT) REST1 } } },
	{ "6.3 1: DMZ host, but another host has a port", "", {
		{ 1, "B", MAP(HOUR, B4) REST1, MAPPED1 },
		{ 2, "A", MAP(HOUR, A4) BODY(NONCE1, "00", "0000", "0000", ANY4), NOT_MAPPED("09", LONG) BODY(NONCE1, "00", "0000", "0000", ANY4) } } },
	{ "6.3 1: DMZ deleted, with its nonce (15.1)", "", {
		{ 1, "A", MAP(HOUR, A4) BODY(NONCE1, "00", "0000", "0000", ANY4), MAPPED(HOUR) BODY(NONCE1, "00", "0000", "0000", WAN) },
		{ 2, "A", MAP(NEVER, A4) BODY(NONCE2, "00", "0000", "0000", ANY4), NOT_MAPPED("02", "00000e0f") BODY(NONCE2, "00", "0000", "0000", ANY4) },
		{ 2, "A", MAP(NEVER, A4) BODY(NONCE1, "00", "0000", "0000", ANY4), MAPPED(NEVER) BODY(NONCE1, "00", "0000", "0000", ANY4) },
		{ 3, "B", MAP(HOUR, B4) REST1, MAPPED1 } } },
	{ "6.3 2: another nonce: NOT_AUTHORIZED for the time that is left", "", {
		{ 1, "A", MAP1, MAPPED1 },
		{ 1824, "A", MAP(HOUR, A4) BODY(NONCE2, TCP, "1f90", "0000", ANY4), NOT_MAPPED("02", "000006f1") BODY(NONCE2, TCP, "1f90", "0000", ANY4) } } },
	{ "6.3 2: another nonce in a delete", "", {
		{ 1, "A", MAP1, MAPPED1 },
		{ 1824, "A", MAP(NEVER, A4) BODY(NONCE2, TCP, "1f90", "0000", ANY4), NOT_MAPPED("02", "000006f1") BODY(NONCE2, TCP, "1f90", "0000", ANY4) } } },
	{ "6.3 2: another nonce, not checked", "nonce-check=off", {
		{ 1, "A", MAP1, MAPPED1 },
		{ 2, "A", MAP(HOUR, A4) BODY(NONCE2, TCP, "1f90", "0000", ANY4), MAPPED(HOUR) BODY(NONCE2, TCP, "1f90", "1f90", WAN) } } },
	{ "6.3 2: an all-zero nonce is one like any other", "", {
		{ 1, "A", MAP(HOUR, A4) BODY(NO_NONCE, TCP, "1f90", "0000", ANY4), MAPPED(HOUR) BODY(NO_NONCE, TCP, "1f90", "1f90", WAN) },
		{ 2, "A", MAP1, NOT_MAPPED("02", "00000e0f") REST1 } } },
	{ "6.3 3: stateless: the computed translation", "ipv4=firewall", { { 1, "A", MAP80(HOUR), MAPPED(HOUR) BODY(NONCE1, TCP, "0050", "0050", A4) } } },
	{ "6.3 3: stateless, PREFER_FAILURE for other values", "ipv4=firewall", { { 1, "A", MAP80(HOUR) PREFER_FAILURE, NOT_MAPPED("0b", LONG) BODY80 PREFER_FAILURE } } },
	{ "6.3 4: existing, PREFER_FAILURE for another port", "", {
		{ 1, "A", MAP1, MAPPED1 },
		{ 2, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f90", "1f91", WAN) PREFER_FAILURE, NOT_MAPPED("0b", "00000e87") BODY(NONCE1, TCP, "1f90", "1f91", WAN) PREFER_FAILURE } } },
	{ "6.3 4: existing, PREFER_FAILURE for another address", "", {
		{ 1, "A", MAP1, MAPPED1 },
		{ 2, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f90", "1f90", V4("cb00710a")) PREFER_FAILURE, NOT_MAPPED("0b", "00000e87") BODY(NONCE1, TCP, "1f90", "1f90", V4("cb00710a")) PREFER_FAILURE } } },
	{ "6.3 4: existing, PREFER_FAILURE for its own values", "", {
		{ 1, "A", MAP1, MAPPED1 },
		{ 2, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f90", "1f90", WAN) PREFER_FAILURE, MAPPED1 PREFER_FAILURE } } },
	{ "6.3 4: an outbound mapping has other values than PREFER_FAILURE names (13.2)", "", {
		{ 1, "A", PEER1, PEERED1 },
		{ 2, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f90", "1f91", WAN) PREFER_FAILURE, NOT_MAPPED("0b", LONG) BODY(NONCE1, TCP, "1f90", "1f91", WAN) PREFER_FAILURE } } },
	{ "6.3 5: static: its values, the request's nonce, 2^32-1 seconds", "static=tcp/192.168.5.100:8080/203.0.113.9:80", {
		{ 1, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f90", "1f90", WAN), MAPPED(FOREVER) BODY(NONCE1, TCP, "1f90", "0050", WAN) },
		{ 2, "A", MAP(HOUR, A4) BODY(NONCE2, TCP, "1f90", "1f90", WAN), MAPPED(FOREVER) BODY(NONCE2, TCP, "1f90", "0050", WAN) } } },
	{ "6.3 5: static, and PREFER_FAILURE for other values", "static=tcp/192.168.5.100:8080/203.0.113.9:80", { { 1, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f90", "1f90", WAN) PREFER_FAILURE, NOT_MAPPED("0b", FOREVER) BODY(NONCE1, TCP, "1f90", "1f90", WAN) PREFER_FAILURE } } },
	{ "6.3 5: static takes no filters", "static=tcp/192.168.5.100:8080/203.0.113.9:80", { { 1, "A", MAP1 FILTER443, NOT_MAPPED("02", LONG) REST1 FILTER443 } } },
	{ "6.3 5: static stores no description", "static=tcp/192.168.5.100:8080/203.0.113.9:80", { { 1, "A", MAP1 WEB, MAPPED(FOREVER) BODY(NONCE1, TCP, "1f90", "0050", WAN) } } },
	{ "6.3 6: existing: same values, whatever is suggested", "", {
		{ 1, "A", MAP1, MAPPED1 },
		{ 2, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f90", "2328", V4("cb00710a")), MAPPED1 } } },
	{ "6.3 6: existing: the lifetime is updated, shorter too", "", {
		{ 1, "A", MAP1, MAPPED1 },
		{ 2, "A", MAP(MINUTES2, A4) REST1, MAPPED(MINUTES2) BODY(NONCE1, TCP, "1f90", "1f90", WAN) },
		{ 122, "A", GET(A4) ANYTHING, NOT_GOT("82", SHORT) ANYTHING } } },
	{ "6.3 7: over an outbound mapping: its port is copied", "", {
		{ 1, "A", PEER(HOUR, A4) BODY(NONCE1, TCP, "1f90", "2328", WAN) REMOTE("01bb", PEER4), PEERED(HOUR) BODY(NONCE1, TCP, "1f90", "2328", WAN) REMOTE("01bb", PEER4) },
		{ 2, "A", MAP1, MAPPED(HOUR) BODY(NONCE1, TCP, "1f90", "2328", WAN) },
		{ 3, "A", MAP(NEVER, A4) REST1, MAPPED(NEVER) REST1 },
		{ 4, "A", PEER(NEVER, A4) BODY(NONCE1, TCP, "1f90", "0000", ANY4) REMOTE("01bb", PEER4), PEERED("00000e0d") BODY(NONCE1, TCP, "1f90", "2328", WAN) REMOTE("01bb", PEER4) } } },
	{ "6.3 7: over an implicit mapping: its port is copied", "implicit=tcp/192.168.5.100:8080/198.51.100.7:443", { { 2, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f90", "2328", WAN), MAPPED1 } } },
	{ "6.3 8: the suggestion, when it can be had", "", { { 1, "A", MAP80(HOUR), MAPPED(HOUR) BODY80 } } },
	{ "6.3 8: a port alone", "", { { 1, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f90", "2328", ANY4), MAPPED(HOUR) BODY(NONCE1, TCP, "1f90", "2328", WAN) } } },
	{ "6.3 8: an address alone", "wan=203.0.113.9/4", { { 1, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f90", "0000", V4("cb00710b")), MAPPED(HOUR) BODY(NONCE1, TCP, "1f90", "1f90", V4("cb00710b")) } } },
	{ "6.3 8: taken: another one, never an error", "ports=8080-8081", {
		{ 1, "B", MAP(HOUR, B4) REST1, MAPPED1 },
		{ 2, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f90", "1f90", WAN), MAPPED(HOUR) BODY(NONCE1, TCP, "1f90", "1f91", WAN) } } },
	{ "6.3 8: taken, and PREFER_FAILURE: what is left of its rival and TIME_WAIT (13.2)", "", {
		{ 1, "B", MAP(HOUR, B4) REST1, MAPPED1 },
		{ 2, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f90", "1f90", WAN) PREFER_FAILURE, NOT_MAPPED("0b", "00000e87") BODY(NONCE1, TCP, "1f90", "1f90", WAN) PREFER_FAILURE } } },
	{ "6.3 8: outside the pool's ports: another one", "ports=8081-8081", { { 1, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f90", "0050", WAN), MAPPED(HOUR) BODY(NONCE1, TCP, "1f90", "1f91", WAN) } } },
	{ "6.3 8: foreign address: the gateway's own", "", { { 1, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f90", "1f90", V4("08080808")), MAPPED1 } } },
	{ "6.3 8: foreign address, and PREFER_FAILURE", "", { { 1, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f90", "1f90", V4("08080808")) PREFER_FAILURE, NOT_MAPPED("0b", LONG) BODY(NONCE1, TCP, "1f90", "1f90", V4("08080808")) PREFER_FAILURE } } },
	{ "6.3 8: never external UDP 5351", "ports=5350-5352", {
		{ 1, "A", MAP(HOUR, A4) BODY(NONCE1, UDP, "14e7", "14e7", WAN), MAPPED(HOUR) BODY(NONCE1, UDP, "14e7", "14e8", WAN) },
		{ 1, "A", MAP(HOUR, A4) BODY(NONCE1, UDP, "14e6", "14e6", WAN), NOT_MAPPED("08", SHORT) BODY(NONCE1, UDP, "14e6", "14e6", WAN) } } },
	{ "6.3 8: external TCP 5351 is a port like any other", "", { { 1, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "14e7", "14e7", WAN), MAPPED(HOUR) BODY(NONCE1, TCP, "14e7", "14e7", WAN) } } },
	{ "6.3 8: PREFER_FAILURE for external UDP 5351", "", { { 1, "A", MAP(HOUR, A4) BODY(NONCE1, UDP, "14e7", "14e7", WAN) PREFER_FAILURE, NOT_MAPPED("0b", LONG) BODY(NONCE1, UDP, "14e7", "14e7", WAN) PREFER_FAILURE } } },
	{ "6.3 8: the pool is empty", "ports=8080-8080", {
		{ 1, "B", MAP(HOUR, B4) REST1, MAPPED1 },
		{ 2, "A", MAP1, NOT_MAPPED("08", SHORT) REST1 } } },
	{ "6.3 8: the table is full", "max-mappings=1", {
		{ 1, "B", MAP(HOUR, B4) REST1, MAPPED1 },
		{ 2, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f91", "0000", ANY4), NOT_MAPPED("08", SHORT) BODY(NONCE1, TCP, "1f91", "0000", ANY4) } } },
	{ "6.3 9: the twin protocol stays free", "", {
		{ 1, "A", MAP1, MAPPED1 },
		{ 2, "B", MAP(HOUR, B4) BODY(NONCE2, UDP, "1f90", "1f90", WAN) PREFER_FAILURE, MAPPED(HOUR) BODY(NONCE2, UDP, "1f90", "1f90", WAN) PREFER_FAILURE } } },
	{ "6.3 9: quota, by internal address", "quota=1", {
		{ 1, "A", MAP1, MAPPED1 },
		{ 2, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f91", "0000", ANY4), NOT_MAPPED("0a", SHORT) BODY(NONCE1, TCP, "1f91", "0000", ANY4) },
		{ 2, "A", MAP1, MAPPED1 },
		{ 3, "B", MAP(HOUR, B4) BODY(NONCE1, TCP, "1f91", "0000", ANY4), MAPPED(HOUR) BODY(NONCE1, TCP, "1f91", "1f91", WAN) } } },
	{ "6.3 9: quota counts what was made for a third party", "quota=1", {
		{ 1, "A", MAP1 THIRD_PARTY(B4), MAPPED1 THIRD_PARTY(B4) },
		{ 2, "B", MAP(HOUR, B4) BODY(NONCE1, TCP, "1f91", "0000", ANY4), NOT_MAPPED("0a", SHORT) BODY(NONCE1, TCP, "1f91", "0000", ANY4) } } },
	{ "6.3 9: quota: a delete makes room", "quota=1", {
		{ 1, "A", MAP1, MAPPED1 },
		{ 2, "A", MAP(NEVER, A4) REST1, MAPPED(NEVER) REST1 },
		{ 3, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f91", "0000", ANY4), MAPPED(HOUR) BODY(NONCE1, TCP, "1f91", "1f91", WAN) } } },
	{ "6.3 lifetime: not below the minimum", "", { { 1, "A", MAP("00000001", A4) REST1, MAPPED(MINUTES2) BODY(NONCE1, TCP, "1f90", "1f90", WAN) } } },
	{ "6.3 lifetime: not above the maximum", "", { { 1, "A", MAP(FOREVER, A4) REST1, MAPPED("00015180") BODY(NONCE1, TCP, "1f90", "1f90", WAN) } } },
	{ "6.3 lifetime: as configured", "min-lifetime=10 max-lifetime=20", {
		{ 1, "A", MAP("00000001", A4) REST1, MAPPED("0000000a") BODY(NONCE1, TCP, "1f90", "1f90", WAN) },
		{ 1, "A", MAP(HOUR, A4) REST1, MAPPED("00000014") BODY(NONCE1, TCP, "1f90", "1f90", WAN) } } },
	{ "6.3 lifetime: over, the mapping is gone", "", {
		{ 1, "A", MAP(MINUTES2, A4) REST1, MAPPED(MINUTES2) BODY(NONCE1, TCP, "1f90", "1f90", WAN) },
		{ 120, "A", GET(A4) ANYTHING, GOT ANYTHING },
		{ 121, "A", GET(A4) ANYTHING, NOT_GOT("82", SHORT) ANYTHING } } },
	{ "6.3 hold: a freed port is kept for two minutes", "ports=8080-8080", {
		{ 1, "A", MAP1, MAPPED1 },
		{ 2, "A", MAP(NEVER, A4) REST1, MAPPED(NEVER) REST1 },
		{ 121, "B", MAP(HOUR, B4) REST1, NOT_MAPPED("08", SHORT) REST1 },
		{ 122, "B", MAP(HOUR, B4) REST1, MAPPED1 } } },
	{ "6.3 hold: returned to the same address, port and nonce", "ports=8080-8080", {
		{ 1, "A", MAP1, MAPPED1 },
		{ 2, "A", MAP(NEVER, A4) REST1, MAPPED(NEVER) REST1 },
		{ 3, "A", MAP(HOUR, A4) BODY(NONCE2, TCP, "1f90", "0000", ANY4), NOT_MAPPED("08", SHORT) BODY(NONCE2, TCP, "1f90", "0000", ANY4) },
		{ 3, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f91", "0000", ANY4), NOT_MAPPED("08", SHORT) BODY(NONCE1, TCP, "1f91", "0000", ANY4) },
		{ 3, "A", MAP1, MAPPED1 } } },
	{ "6.3 hold: an expired mapping's port too, and without asking for it", "", {
		{ 1, "A", MAP(MINUTES2, A4) BODY(NONCE1, TCP, "1f90", "2328", ANY4), MAPPED(MINUTES2) BODY(NONCE1, TCP, "1f90", "2328", WAN) },
		{ 200, "A", MAP1, MAPPED(HOUR) BODY(NONCE1, TCP, "1f90", "2328", WAN) } } },
	{ "6.3 hold: as long as configured", "ports=8080-8080 hold=0", {
		{ 1, "A", MAP1, MAPPED1 },
		{ 2, "A", MAP(NEVER, A4) REST1, MAPPED(NEVER) REST1 },
		{ 2, "B", MAP(HOUR, B4) REST1, MAPPED1 } } },
	{ "6.3 delete (15.1): the suggested values are copied, whatever they are", "", {
		{ 1, "A", MAP1, MAPPED1 },
		{ 2, "A", MAP80(NEVER), NOT_MAPPED("00", NEVER) BODY80 },
		{ 3, "A", MAP(NEVER, A4) BODY(NONCE1, TCP, "1f90", "1234", V4("01020304")), MAPPED(NEVER) BODY(NONCE1, TCP, "1f90", "1234", V4("01020304")) },
		{ 3, "A", GET(A4) ANYTHING, NOT_GOT("82", SHORT) ANYTHING } } },
	{ "6.3 delete: absent: success", "", { { 1, "A", MAP(NEVER, A4) REST1, MAPPED(NEVER) REST1 } } },
	{ "6.3 delete: again: the same success", "", {
		{ 1, "A", MAP1, MAPPED1 },
		{ 2, "A", MAP(NEVER, A4) REST1, MAPPED(NEVER) REST1 },
		{ 3, "A", MAP(NEVER, A4) REST1, MAPPED(NEVER) REST1 } } },
	{ "6.3 delete: static", "static=tcp/192.168.5.100:8080/203.0.113.9:80", { { 1, "A", MAP(NEVER, A4) REST1, NOT_MAPPED("02", LONG) REST1 } } },
	{ "6.3 delete: implicit", "implicit=tcp/192.168.5.100:8080/198.51.100.7:443", { { 1, "A", MAP(NEVER, A4) REST1, NOT_MAPPED("02", LONG) REST1 } } },
	{ "6.3 delete: made by PEER", "", {
		{ 1, "A", PEER1, PEERED1 },
		{ 2, "A", MAP(NEVER, A4) REST1, NOT_MAPPED("02", LONG) REST1 } } },
	{ "6.3 delete: traffic keeps it for its idle time (15)", "active=30", {
		{ 1, "A", MAP1, MAPPED1 },
		{ 2, "A", MAP(NEVER, A4) REST1, MAPPED(SHORT) REST1 },
		{ 31, "A", GET(A4) ANYTHING, GOT ANYTHING },
		{ 32, "A", GET(A4) ANYTHING, NOT_GOT("82", SHORT) ANYTHING } } },
	{ "6.3 SCTP: external is internal (16.3.3)", "", { { 1, "A", MAP(HOUR, A4) BODY(NONCE1, SCTP, "1f90", "2328", WAN), MAPPED(HOUR) BODY(NONCE1, SCTP, "1f90", "1f90", WAN) } } },
	{ "6.3 SCTP: or CANNOT_PROVIDE_EXTERNAL", "", {
		{ 1, "B", MAP(HOUR, B4) BODY(NONCE1, SCTP, "1f90", "0000", ANY4), MAPPED(HOUR) BODY(NONCE1, SCTP, "1f90", "1f90", WAN) },
		{ 2, "A", MAP(HOUR, A4) BODY(NONCE1, SCTP, "1f90", "0000", ANY4), NOT_MAPPED("0b", "00000e87") BODY(NONCE1, SCTP, "1f90", "0000", ANY4) } } },
	{ "6.3 SCTP: no trouble without translation", "ipv4=firewall", { { 1, "A", MAP(HOUR, A4) BODY(NONCE1, SCTP, "1f90", "0000", ANY4), MAPPED(HOUR) BODY(NONCE1, SCTP, "1f90", "1f90", A4) } } },
	{ "6.3 IPv6 firewall: external is internal", "", { { 1, "C", MAP6, MAPPED(HOUR) BODY(NONCE1, TCP, "1f90", "1f90", C6) } } },
	{ "6.3 NAT64: an IPv6 host's IPv4 port (10)", "", { { 1, "C", MAP(HOUR, C6) REST1, MAPPED1 } } },
	{ "6.3 9: NAT64, where there is none: the family that there is", "ipv6=firewall", { { 1, "C", MAP(HOUR, C6) REST1, MAPPED(HOUR) BODY(NONCE1, TCP, "1f90", "1f90", C6) } } },
	{ "6.3 9: NAT64, where there is none, and a word for it: NO_RESOURCES", "ipv6=firewall no-family=refuse", { { 1, "C", MAP(HOUR, C6) REST1, NOT_MAPPED("08", SHORT) REST1 } } },
	{ "6.3 9: an IPv6 wish where there is NAT64 only", "ipv6=nat64", { { 1, "C", MAP6, MAPPED(HOUR) BODY(NONCE1, TCP, "1f90", "1f90", WAN) } } },
	{ "6.3 9: an IPv4 host's IPv6 port: the family that there is", "", { { 1, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f90", "0000", ANY6), MAPPED1 } } },
	{ "6.3 9: an IPv4 host's IPv6 port, and a word for it: NO_RESOURCES", "no-family=refuse", { { 1, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f90", "0000", ANY6), NOT_MAPPED("08", SHORT) BODY(NONCE1, TCP, "1f90", "0000", ANY6) } } },
	{ "6.3 8: an address of a family that there is not is a hint", "no-family=refuse", { { 1, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f90", "0000", C6), MAPPED1 }, { 1, "B", MAP(HOUR, B4) BODY(NONCE2, TCP, "0016", "2328", V6ONE), MAPPED(HOUR) BODY(NONCE2, TCP, "0016", "2328", WAN) } } },
	{ "6.3 8: an address of a family that there is not, and PREFER_FAILURE", "", { { 1, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f90", "1f90", C6) PREFER_FAILURE, NOT_MAPPED("0b", LONG) BODY(NONCE1, TCP, "1f90", "1f90", C6) PREFER_FAILURE } } },
	{ "6.3 8: a zero address of that family, and PREFER_FAILURE for the port", "", { { 1, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f90", "2328", ANY6) PREFER_FAILURE, MAPPED(HOUR) BODY(NONCE1, TCP, "1f90", "2328", WAN) PREFER_FAILURE } } },
	{ "6.3 8: PEER: an address of a family that there is not (12.1)", "", { { 1, "A", PEER(HOUR, A4) BODY(NONCE1, TCP, "1f90", "0000", C6) REMOTE("01bb", PEER4), NOT_PEERED("0b", LONG) BODY(NONCE1, TCP, "1f90", "0000", C6) REMOTE("01bb", PEER4) }, { 1, "A", PEER(HOUR, A4) BODY(NONCE1, TCP, "1f90", "0000", ANY6) REMOTE("01bb", PEER4), PEERED1 } } },
	{ "6.3 no family outside at all: NO_RESOURCES", "ipv4=off", { { 1, "A", MAP1, NOT_MAPPED("08", SHORT) REST1 } } },
	{ "6.3 key: one port in both families, each deleted alone (erratum 3621)", "hold=0", {
		{ 1, "C", MAP6, MAPPED(HOUR) BODY(NONCE1, TCP, "1f90", "1f90", C6) },
		{ 1, "C", MAP(HOUR, C6) REST1, MAPPED(HOUR) BODY(NONCE1, TCP, "1f90", "1f90", WAN) },
		{ 2, "C", MAP(NEVER, C6) REST1, MAPPED(NEVER) REST1 },
		{ 2, "C", GET(C6) ANYTHING NEXT_PLAIN(UNDEFINED4("00")), GOT ANYTHING NEXT_PLAIN(LOCATOR(NONCE1, TCP, "01", C6, C6, "00000e0f", "1f90", "1f90")) },
		{ 3, "C", MAP(HOUR, C6) REST1, MAPPED(HOUR) BODY(NONCE1, TCP, "1f90", "1f90", WAN) },
		{ 4, "C", MAP(NEVER, C6) REST6, MAPPED(NEVER) REST6 },
		{ 4, "C", GET(C6) ANYTHING NEXT_PLAIN(UNDEFINED4("00")), GOT ANYTHING NEXT_PLAIN(LOCATOR(NONCE1, TCP, "01", C6, WAN, "00000e0f", "1f90", "1f90")) } } },
	{ "6.3 key: a nonce guards its own family only", "", {
		{ 1, "C", MAP6, MAPPED(HOUR) BODY(NONCE1, TCP, "1f90", "1f90", C6) },
		{ 1, "C", MAP(HOUR, C6) BODY(NONCE2, TCP, "1f90", "0000", ANY4), MAPPED(HOUR) BODY(NONCE2, TCP, "1f90", "1f90", WAN) },
		{ 1, "C", MAP(HOUR, C6) BODY(NONCE2, TCP, "1f90", "0000", ANY6), NOT_MAPPED("02", HOUR) BODY(NONCE2, TCP, "1f90", "0000", ANY6) } } },
	{ "6.3 key: renewed in its family", "", {
		{ 1, "C", MAP6, MAPPED(HOUR) BODY(NONCE1, TCP, "1f90", "1f90", C6) },
		{ 1, "C", MAP(HOUR, C6) BODY(NONCE1, TCP, "1f90", "2328", ANY4), MAPPED(HOUR) BODY(NONCE1, TCP, "1f90", "2328", WAN) },
		{ 9, "C", MAP(HOUR, C6) BODY(NONCE1, TCP, "1f90", "2328", WAN), MAPPED(HOUR) BODY(NONCE1, TCP, "1f90", "2328", WAN) },
		{ 9, "C", MAP(HOUR, C6) BODY(NONCE1, TCP, "1f90", "1f90", C6), MAPPED(HOUR) BODY(NONCE1, TCP, "1f90", "1f90", C6) } } },
	{ "6.3 key: with one family outside, a delete's wish is ignored", "hold=0", {
		{ 1, "A", MAP1, MAPPED1 },
		{ 2, "A", MAP(NEVER, A4) BODY(NONCE1, TCP, "1f90", "0000", ANY6), MAPPED(NEVER) BODY(NONCE1, TCP, "1f90", "0000", ANY6) },
		{ 2, "A", GET(A4) ANYTHING, NOT_GOT("82", SHORT) ANYTHING } } },
	{ "6.3 10: UDP 5351 and 5350 through a firewall (11.3)", "ipv4=firewall", {
		{ 1, "A", MAP(HOUR, A4) BODY(NONCE1, UDP, "14e7", "14e7", ANY4), NOT_MAPPED("02", LONG) BODY(NONCE1, UDP, "14e7", "14e7", ANY4) },
		{ 1, "A", MAP(HOUR, A4) BODY(NONCE1, UDP, "14e6", "0000", ANY4), NOT_MAPPED("02", LONG) BODY(NONCE1, UDP, "14e6", "0000", ANY4) },
		{ 1, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "14e7", "0000", ANY4), MAPPED(HOUR) BODY(NONCE1, TCP, "14e7", "14e7", A4) } } },
	{ "6.3 10: UDP 5351 of an IPv6 host", "", { { 1, "C", MAP(HOUR, C6) BODY(NONCE1, UDP, "14e7", "0000", ANY6), NOT_MAPPED("02", LONG) BODY(NONCE1, UDP, "14e7", "0000", ANY6) }, { 1, "C", MAP(HOUR, C6) BODY(NONCE1, UDP, "14e8", "0000", ANY6), MAPPED(HOUR) BODY(NONCE1, UDP, "14e8", "14e8", C6) } } },
	{ "6.3 10: PEER from UDP 5351 through a firewall", "ipv4=firewall", { { 1, "A", PEER(HOUR, A4) BODY(NONCE1, UDP, "14e7", "0000", ANY4) REMOTE("01bb", PEER4), NOT_PEERED("02", LONG) BODY(NONCE1, UDP, "14e7", "0000", ANY4) REMOTE("01bb", PEER4) } } },
	{ "6.3 10: a port set through a firewall ends before 5350", "ipv4=firewall", { { 1, "A", MAP(HOUR, A4) BODY(NONCE1, UDP, "14e4", "0000", ANY4) PORT_SET("0008", "14e4", "00"), MAPPED(HOUR) BODY(NONCE1, UDP, "14e4", "14e4", A4) PORT_SET("0002", "14e4", "00") } } },
	{ "6.3 8: the address of the host's static mappings (10)", "static=tcp/192.168.5.100:80/203.0.113.11:80 wan=203.0.113.9/4", {
		{ 1, "A", MAP(HOUR, A4) BODY(NONCE1, UDP, "1388", "0000", ANY4), MAPPED(HOUR) BODY(NONCE1, UDP, "1388", "1388", V4("cb00710b")) },
		{ 1, "A", MAP(HOUR, A4) BODY(NONCE1, UDP, "1389", "0000", V4("cb00710c")), MAPPED(HOUR) BODY(NONCE1, UDP, "1389", "1389", V4("cb00710c")) },
		{ 1, "A", MAP(HOUR, A4) BODY(NONCE1, UDP, "138a", "0000", ANY4), MAPPED(HOUR) BODY(NONCE1, UDP, "138a", "138a", V4("cb00710b")) } } },
	{ "6.3 delete of a protocol that is not mapped: nothing is found (15.1)", "", {
		{ 1, "A", MAP(NEVER, A4) BODY(NONCE1, "c8", "1388", "0000", ANY4), MAPPED(NEVER) BODY(NONCE1, "c8", "1388", "0000", ANY4) },
		{ 1, "A", MAP(NEVER, A4) BODY(NONCE1, "2f", "1388", "0000", ANY4), MAPPED(NEVER) BODY(NONCE1, "2f", "1388", "0000", ANY4) },
		{ 1, "A", MAP(HOUR, A4) BODY(NONCE1, "c8", "1388", "0000", ANY4), NOT_MAPPED("09", LONG) BODY(NONCE1, "c8", "1388", "0000", ANY4) } } },
	{ "6.3 delete of all protocols with a port (15.1)", "", { { 1, "A", MAP(NEVER, A4) BODY(NONCE1, "00", "1388", "0000", ANY4), NOT_MAPPED("03", LONG) BODY(NONCE1, "00", "1388", "0000", ANY4) } } },
	{ "6.2 reserved bits are zero in a success: body", "", {
		{ 1, "A", MAP(HOUR, A4) NONCE1 TCP "ffffff" "1f90" "0000" ANY4, MAPPED1 },
		{ 2, "A", MAP(NEVER, A4) NONCE1 TCP "ffffff" "1f90" "0000" ANY4, MAPPED(NEVER) REST1 },
		{ 2, "A", PEER(HOUR, A4) REST1 "01bb" "ffff" PEER4, PEERED1 } } },
	{ "6.2 reserved bits are zero in a success: FILTER (13.3), an option's header (7.3), PORT_SET (RFC 7753 4)", "", {
		{ 1, "A", MAP1 "03ff0014" "ff78" "01bb" V4("c6336400"), MAPPED1 FILTER443 },
		{ 1, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "2328", "0000", ANY4) "82ff0005" "0002" "2328" "fe" "000000", MAPPED(HOUR) BODY(NONCE1, TCP, "2328", "2328", WAN) PORT_SET("0002", "2328", "00") } } },
	{ "error lifetimes by a word", "long-error=10m short-error=0 quota=0", {
		{ 1, "A", MAP1, NOT_MAPPED("0a", NEVER) REST1 },
		{ 1, "A", MAP1 UNKNOWN, NOT_MAPPED("05", "00000258") REST1 UNKNOWN } } },
	{ "hints that are not taken", "hints=off ports=30000-30000", {
		{ 1, "A", MAP1, MAPPED(HOUR) BODY(NONCE1, TCP, "1f90", "7530", WAN) },
		{ 1, "A", MAP(HOUR, A4) BODY(NONCE1, UDP, "1f90", "7530", WAN) PREFER_FAILURE, NOT_MAPPED("0b", LONG) BODY(NONCE1, UDP, "1f90", "7530", WAN) PREFER_FAILURE } } },
	{ "6.3 THIRD_PARTY (13.1): a mapping for another host", "", {
		{ 1, "A", MAP1 THIRD_PARTY(B4), MAPPED1 THIRD_PARTY(B4) },
		{ 2, "B", MAP(HOUR, B4) BODY(NONCE2, TCP, "1f90", "0000", ANY4), NOT_MAPPED("02", "00000e0f") BODY(NONCE2, TCP, "1f90", "0000", ANY4) },
		{ 3, "A", MAP(NEVER, A4) REST1 THIRD_PARTY(B4), MAPPED(NEVER) REST1 THIRD_PARTY(B4) },
		{ 3, "B", MAP(HOUR, B4) BODY(NONCE2, TCP, "1f90", "2328", ANY4), MAPPED(HOUR) BODY(NONCE2, TCP, "1f90", "2328", WAN) } } },
	{ "6.3 THIRD_PARTY: naming the sender", "", { { 1, "A", MAP1 THIRD_PARTY(A4), NOT_MAPPED("03", LONG) REST1 THIRD_PARTY(A4) } } },
	{ "6.3 THIRD_PARTY: naming nobody", "", { { 1, "A", MAP1 THIRD_PARTY(ANY4), NOT_MAPPED("06", LONG) REST1 THIRD_PARTY(ANY4) } } },
	{ "6.3 THIRD_PARTY: in PEER", "", { { 1, "A", PEER1 THIRD_PARTY(B4), PEERED1 THIRD_PARTY(B4) } } },
	{ "6.3 THIRD_PARTY_ID (RFC 7843 5.2): not known to the server at all", "", { { 1, "A", MAP1 THIRD_PARTY(B4) TPID, NOT_MAPPED("05", LONG) REST1 THIRD_PARTY(B4) TPID } } },
	{ "6.3 THIRD_PARTY_ID: two realms, one address", "third-party-id=00abcd+00abce", {
		{ 1, "A", MAP1 THIRD_PARTY(B4) TPID, MAPPED1 THIRD_PARTY(B4) TPID },
		{ 2, "A", MAP(HOUR, A4) BODY(NONCE2, TCP, "1f90", "2328", ANY4) THIRD_PARTY(B4) TPID2, MAPPED(HOUR) BODY(NONCE2, TCP, "1f90", "2328", WAN) THIRD_PARTY(B4) TPID2 } } },
	{ "6.3 THIRD_PARTY_ID: unknown", "third-party-id=00abce", { { 1, "A", MAP1 THIRD_PARTY(B4) TPID, NOT_MAPPED("18", LONG) REST1 THIRD_PARTY(B4) TPID } } },
	{ "6.3 THIRD_PARTY_ID: alone", "third-party-id=00abcd", { { 1, "A", MAP1 TPID, NOT_MAPPED("19", LONG) REST1 TPID } } },
	{ "6.3 THIRD_PARTY_ID: of another length", "third-party-id=abcd", { { 1, "A", MAP1 THIRD_PARTY(B4) TPID, NOT_MAPPED("1a", LONG) REST1 THIRD_PARTY(B4) TPID } } },
	{ "6.3 PREFER_FAILURE (13.2): exactly", "", { { 1, "A", MAP80(HOUR) PREFER_FAILURE, MAPPED(HOUR) BODY80 PREFER_FAILURE } } },
	{ "6.3 PREFER_FAILURE: without a port", "", { { 1, "A", MAP1 PREFER_FAILURE, NOT_MAPPED("06", LONG) REST1 PREFER_FAILURE } } },
	{ "6.3 PREFER_FAILURE beside PORT_SET (RFC 7753 4.2)", "", { { 1, "A", MAP80(HOUR) PREFER_FAILURE PORT_SET("0004", "0050", "00"), NOT_MAPPED("06", LONG) BODY80 PREFER_FAILURE PORT_SET("0004", "0050", "00") } } },
	{ "6.3 DESCRIPTION (RFC 7220 3): stored and echoed", "", {
		{ 1, "A", MAP1 WEB, MAPPED1 WEB },
		{ 2, "A", GET(A4) ANYTHING NEXT_FILTER_DESCRIPTION, GOT ANYTHING "83000040" LOCATOR(NONCE1, TCP, "01", A4, WAN, "00000e0f", "1f90", "1f90") WEB } } },
	{ "6.3 DESCRIPTION: the pre-RFC code", "dialect=pypcpc", { { 1, "A", MAP1 "4000000377656200", MAPPED1 "4000000377656200" } } },
	{ "6.3 DESCRIPTION: cut to what is stored, at a character", "", { { 1, "A", MAP1 "80000081{127:61}c3a9000000", MAPPED1 "8000007f{127:61}00" } } },
	{ "6.3 DESCRIPTION: empty clears", "", {
		{ 1, "A", MAP1 WEB, MAPPED1 WEB },
		{ 2, "A", MAP1 "80000000", MAPPED1 "80000000" },
		{ 2, "A", GET(A4) ANYTHING NEXT_FILTER_DESCRIPTION, GOT ANYTHING NEXT_PLAIN(LOCATOR(NONCE1, TCP, "01", A4, WAN, HOUR, "1f90", "1f90")) } } },
	{ "6.3 DESCRIPTION: no UTF-8: ignored, not echoed", "", { { 1, "A", MAP1 "80000002c3280000", MAPPED1 } } },
	{ "6.3 DESCRIPTION: a renewal without it leaves it", "", {
		{ 1, "A", MAP1 WEB, MAPPED1 WEB },
		{ 2, "A", MAP1, MAPPED1 },
		{ 2, "A", GET(A4) ANYTHING NEXT_FILTER_DESCRIPTION, GOT ANYTHING "83000040" LOCATOR(NONCE1, TCP, "01", A4, WAN, HOUR, "1f90", "1f90") WEB } } },
	{ "6.3 DESCRIPTION: in PEER", "", { { 1, "A", PEER1 WEB, PEERED1 WEB } } },
	{ "6.3 PREFIX64 (RFC 7225 4.2): told when asked", "", { { 1, "C", MAP(HOUR, C6) REST1 PREFIX64_ASK, MAPPED1 "8100000e000c0064ff9b00000000000000000000" } } },
	{ "6.3 PREFIX64: several, and in ANNOUNCE", "prefix64=64:ff9b::/96+2001:db8:1::/48", { { 1, "C", ANNOUNCE(C6) PREFIX64_ASK, ANNOUNCED "8100000e000c0064ff9b000000000000000000008100000e000620010db80001000000000000" "0000" } } },
	{ "6.3 PREFIX64: a request that names a prefix: skipped", "", { { 1, "C", MAP(HOUR, C6) REST1 "8100000e000c0064ff9b00000000000000000000", MAPPED1 } } },
	{ "6.3 PREFIX64: no NAT64 here: skipped", "ipv6=firewall", { { 1, "C", MAP6 PREFIX64_ASK, MAPPED(HOUR) BODY(NONCE1, TCP, "1f90", "1f90", C6) } } },

	/* ---- 6.4: PEER (12.3) ---- */
	{ "6.4 absent, no suggestion: created", "", { { 1, "A", PEER1, PEERED1 } } },
	{ "6.4 absent, suggestion honoured", "", { { 1, "A", PEER(HOUR, A4) BODY(NONCE1, TCP, "1f90", "2328", WAN) REMOTE("01bb", PEER4), PEERED(HOUR) BODY(NONCE1, TCP, "1f90", "2328", WAN) REMOTE("01bb", PEER4) } } },
	{ "6.4 absent, suggestion taken: CANNOT_PROVIDE_EXTERNAL", "", {
		{ 1, "B", MAP(HOUR, B4) REST1, MAPPED1 },
		{ 2, "A", PEER(HOUR, A4) BODY(NONCE1, TCP, "1f90", "1f90", WAN) REMOTE("01bb", PEER4), NOT_PEERED("0b", "00000e87") BODY(NONCE1, TCP, "1f90", "1f90", WAN) REMOTE("01bb", PEER4) } } },
	{ "6.4 absent, foreign address suggested", "", { { 2, "A", PEER(HOUR, A4) BODY(NONCE1, TCP, "1f90", "0000", V4("08080808")) REMOTE("01bb", PEER4), NOT_PEERED("0b", LONG) BODY(NONCE1, TCP, "1f90", "0000", V4("08080808")) REMOTE("01bb", PEER4) } } },
	{ "6.4 absent, but a MAP of the same port: its external port", "", {
		{ 1, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f90", "2328", WAN), MAPPED(HOUR) BODY(NONCE1, TCP, "1f90", "2328", WAN) },
		{ 2, "A", PEER1, PEERED(HOUR) BODY(NONCE1, TCP, "1f90", "2328", WAN) REMOTE("01bb", PEER4) } } },
	{ "6.4 absent, but a MAP with another port than suggested", "", {
		{ 1, "A", MAP1, MAPPED1 },
		{ 2, "A", PEER(HOUR, A4) BODY(NONCE1, TCP, "1f90", "2328", WAN) REMOTE("01bb", PEER4), NOT_PEERED("0b", LONG) BODY(NONCE1, TCP, "1f90", "2328", WAN) REMOTE("01bb", PEER4) } } },
	{ "6.4 a second remote: the same external port", "", {
		{ 1, "A", PEER1, PEERED1 },
		{ 2, "A", PEER(HOUR, A4) REST1 REMOTE("0050", PEER4), PEERED(HOUR) BODY(NONCE1, TCP, "1f90", "1f90", WAN) REMOTE("0050", PEER4) } } },
	{ "6.4 implicit: suggestion ignored, nonce adopted, extended", "implicit=tcp/192.168.5.100:8080/198.51.100.7:443", {
		{ 1, "A", PEER(HOUR, A4) BODY(NONCE1, TCP, "1f90", "2328", WAN) REMOTE("01bb", PEER4), PEERED1 },
		{ 2, "A", PEER(HOUR, A4) BODY(NONCE2, TCP, "1f90", "0000", ANY4) REMOTE("01bb", PEER4), NOT_PEERED("02", "00000e0f") BODY(NONCE2, TCP, "1f90", "0000", ANY4) REMOTE("01bb", PEER4) } } },
	{ "6.4 another nonce: NOT_AUTHORIZED for the time that is left", "", {
		{ 1, "A", PEER1, PEERED1 },
		{ 2, "A", PEER(HOUR, A4) BODY(NONCE2, TCP, "1f90", "0000", ANY4) REMOTE("01bb", PEER4), NOT_PEERED("02", "00000e0f") BODY(NONCE2, TCP, "1f90", "0000", ANY4) REMOTE("01bb", PEER4) } } },
	{ "6.4 never shortened: lifetime 0 asks", "", {
		{ 1, "A", PEER1, PEERED1 },
		{ 11, "A", PEER(NEVER, A4) PREST1, PEERED("00000e06") BODY(NONCE1, TCP, "1f90", "1f90", WAN) REMOTE("01bb", PEER4) } } },
	{ "6.4 extended", "", {
		{ 1, "A", PEER1, PEERED1 },
		{ 11, "A", PEER("00001c20", A4) PREST1, PEERED("00001c20") BODY(NONCE1, TCP, "1f90", "1f90", WAN) REMOTE("01bb", PEER4) } } },
	{ "6.4 unrenewed, with traffic: an implicit mapping again, whose nonce is open", "active=60", {
		{ 1, "A", PEER(MINUTES2, A4) PREST1, PEERED(MINUTES2) BODY(NONCE1, TCP, "1f90", "1f90", WAN) REMOTE("01bb", PEER4) },
		{ 130, "A", GET(A4) ANYTHING, NOT_GOT("82", SHORT) ANYTHING },
		{ 130, "A", PEER(HOUR, A4) BODY(NONCE2, TCP, "1f90", "0000", ANY4) REMOTE("01bb", PEER4), PEERED(HOUR) BODY(NONCE2, TCP, "1f90", "1f90", WAN) REMOTE("01bb", PEER4) } } },
	{ "6.4 unrenewed, without traffic: gone", "", {
		{ 1, "A", PEER(MINUTES2, A4) PREST1, PEERED(MINUTES2) BODY(NONCE1, TCP, "1f90", "1f90", WAN) REMOTE("01bb", PEER4) },
		{ 121, "A", GET(A4) ANYTHING, NOT_GOT("82", SHORT) ANYTHING } } },
	{ "6.4 quota", "quota=1", {
		{ 1, "A", PEER1, PEERED1 },
		{ 2, "A", PEER(HOUR, A4) REST1 REMOTE("0050", PEER4), NOT_PEERED("0a", SHORT) REST1 REMOTE("0050", PEER4) } } },
	{ "6.4 unsupported protocol", "protocols=udp", { { 1, "A", PEER1, NOT_PEERED("09", LONG) PREST1 } } },
	{ "6.4 IPv6 firewall", "", { { 1, "C", PEER(HOUR, C6) REST6 REMOTE("01bb", C6R), PEERED(HOUR) BODY(NONCE1, TCP, "1f90", "1f90", C6) REMOTE("01bb", C6R) } } },

	/* ---- 6.5: FILTER (13.3) ---- */
	{ "6.5 one filter", "", { { 1, "A", MAP1 FILTER443, MAPPED1 FILTER443 } } },
	{ "6.5 filters accumulate over requests", "", {
		{ 1, "A", MAP1 FILTER443, MAPPED1 FILTER443 },
		{ 1, "A", MAP1 FILTER("0080", "0050", PEER4), MAPPED1 FILTER("0080", "0050", PEER4) },
		{ 1, "A", GET(A4) ANYTHING NEXT_FILTER_DESCRIPTION, GOT ANYTHING "83000068" LOCATOR(NONCE1, TCP, "01", A4, WAN, HOUR, "1f90", "1f90") FILTER443 FILTER("0080", "0050", PEER4) } } },
	{ "6.5 prefix 0 erases, then the next ones count", "", {
		{ 1, "A", MAP1 FILTER443, MAPPED1 FILTER443 },
		{ 1, "A", MAP1 FILTER("0000", "0000", ANY4) FILTER("0080", "0050", PEER4), MAPPED1 FILTER("0000", "0000", ANY4) FILTER("0080", "0050", PEER4) },
		{ 1, "A", GET(A4) ANYTHING NEXT_FILTER_DESCRIPTION, GOT ANYTHING "83000050" LOCATOR(NONCE1, TCP, "01", A4, WAN, HOUR, "1f90", "1f90") FILTER("0080", "0050", PEER4) } } },
	{ "6.5 prefix 0 after others erases them too", "", {
		{ 1, "A", MAP1 FILTER443 FILTER("0000", "0000", ANY6), MAPPED1 FILTER443 FILTER("0000", "0000", ANY6) },
		{ 1, "A", GET(A4) ANYTHING NEXT_FILTER_DESCRIPTION, GOT ANYTHING NEXT_PLAIN(LOCATOR(NONCE1, TCP, "01", A4, WAN, HOUR, "1f90", "1f90")) } } },
	{ "6.5 a renewal without FILTER leaves them alone", "", {
		{ 1, "A", MAP1 FILTER443, MAPPED1 FILTER443 },
		{ 1, "A", MAP1, MAPPED1 },
		{ 1, "A", GET(A4) ANYTHING NEXT_FILTER_DESCRIPTION, GOT ANYTHING "83000050" LOCATOR(NONCE1, TCP, "01", A4, WAN, HOUR, "1f90", "1f90") FILTER443 } } },
	{ "6.5 too many: EXCESSIVE_REMOTE_PEERS", "max-filters=1", { { 1, "A", MAP1 FILTER443 FILTER("0080", "0050", PEER4), NOT_MAPPED("0d", LONG) REST1 FILTER443 FILTER("0080", "0050", PEER4) } } },
	{ "6.5 too many with the ones before: nothing changed", "max-filters=1", {
		{ 1, "A", MAP1 FILTER443, MAPPED1 FILTER443 },
		{ 1, "A", MAP1 FILTER("0080", "0050", PEER4), NOT_MAPPED("0d", LONG) REST1 FILTER("0080", "0050", PEER4) },
		{ 1, "A", GET(A4) ANYTHING NEXT_FILTER_DESCRIPTION, GOT ANYTHING "83000050" LOCATOR(NONCE1, TCP, "01", A4, WAN, HOUR, "1f90", "1f90") FILTER443 } } },
	{ "6.5 the same again (a retransmission) is no other filter; masked bits do not count", "max-filters=1", {
		{ 1, "A", MAP1 FILTER("0078", "01bb", V4("c6336401")), MAPPED1 FILTER("0078", "01bb", V4("c6336401")) },
		{ 1, "A", MAP1 FILTER("0078", "01bb", V4("c63364fe")), MAPPED1 FILTER("0078", "01bb", V4("c63364fe")) } } },
	{ "6.5 any IPv4 address, one port: prefix 96", "", { { 1, "A", MAP1 FILTER("0060", "01bb", ANY4), MAPPED1 FILTER("0060", "01bb", ANY4) } } },

	/* ---- 6.6: epoch, restart, updates (8.5, 14) ---- */
	{ "6.6 the epoch is in errors too, in whole seconds", "", { { 3661, "A", ASK("05", NEVER, A4), "028500040000070800000e4d" NO_NONCE } } },
	{ "6.6 ANNOUNCE: alive, lifetime 0 whatever was sent (14.1.1)", "", { { 9, "A", ASK("00", HOUR, A4), ANNOUNCED } } },
	{ "6.6 a restart: epoch 0, and the schedule of 14.1.3", "", {
		{ 10, "A", MAP1, MAPPED1 },
		{ 10, "=", "restart", "@A 02800000" NEVER "00000000" NO_NONCE },
		{ 10, "A", GET(A4) ANYTHING, NOT_GOT("82", SHORT) ANYTHING },
		{ 138, "tick", "", "@A " AT("00000000") "|@A " AT("00000000") "|@A " AT("00000001") "|@A " AT("00000003") "|@A " AT("00000007") "|@A " AT("0000000f") "|@A " AT("0000001f") "|@A " AT("0000003f") "|@A " AT("0000007f") },
		{ 1000, "tick", "", NULL } } },
	{ "6.6 a restart that keeps its state keeps its epoch", "", {
		{ 10, "A", MAP1, MAPPED1 },
		{ 11, "=", "restart=keep", "@A 02800000" NEVER "0000000b" NO_NONCE },
		{ 11, "A", GET(A4) ANYTHING, GOT ANYTHING } } },
	{ "6.6 multicast: to both groups, port 5350", "announce=multicast", {
		{ 1, "A", ANNOUNCE(A4), ANNOUNCED },
		{ 1, "C", ANNOUNCE(C6), ANNOUNCED },
		{ 2, "=", "versions=2", NULL },
		{ 2, "=", "restart", "@[ff02::1]:5350 " AT("00000000") "|@224.0.0.1:5350 " AT("00000000") } } },
	{ "6.6 multicast: NAT-PMP's too (RFC 6886 3.2.1)", "announce=multicast", {
		{ 1, "A", ANNOUNCE(A4), ANNOUNCED },
		{ 2, "=", "restart", "@224.0.0.1:5350 0080000000000000cb007109|@224.0.0.1:5350 " AT("00000000") } } },
	{ "6.6 unicast: to each client in its version", "", {
		{ 1, "A", "0000", "0080000000000001cb007109" },
		{ 1, "B", ANNOUNCE(B4), ANNOUNCED },
		{ 2, "=", "restart", "@A 0080000000000000cb007109|@B " AT("00000000") } } },
	{ "6.6 a new external address: epoch 0 and an update, three times (14.2)", "", {
		{ 10, "A", MAP1 WEB FILTER443, MAPPED1 WEB FILTER443 },
		{ 20, "=", "wan=203.0.113.10", NULL },
		{ 20, "tick", "", "@A 02810000" "00000e06" "00000000" NO_NONCE MOVED1 FILTER443 },
		{ 21, "tick", "", "@A 02810000" "00000e06" "00000000" NO_NONCE MOVED1 FILTER443 "|@A 02810000" "00000e06" "00000000" NO_NONCE MOVED1 FILTER443 },
		{ 100, "tick", "", NULL } } },
	{ "6.6 updates stop when the mapping is refreshed", "", {
		{ 10, "A", MAP1, MAPPED1 },
		{ 20, "=", "wan=203.0.113.10", NULL },
		{ 20, "tick", "", "@A 02810000" "00000e06" "00000000" NO_NONCE MOVED1 },
		{ 20, "A", MAP1, MAPPED(HOUR) MOVED1 },
		{ 30, "tick", "", NULL } } },
	{ "6.6 an update goes to the endpoint last answered (14.2)", "", {
		{ 10, "A", MAP1, MAPPED1 },
		{ 11, "a", MAP1, MAPPED1 },
		{ 20, "=", "wan=203.0.113.10", NULL },
		{ 20, "tick", "", "@a 02810000" "00000e07" "00000000" NO_NONCE MOVED1 } } },
	{ "6.6 an update repeats THIRD_PARTY (14.2)", "", {
		{ 10, "A", MAP1 THIRD_PARTY(B4), MAPPED1 THIRD_PARTY(B4) },
		{ 20, "=", "wan=203.0.113.10", NULL },
		{ 20, "tick", "", "@A 02810000" "00000e06" "00000000" NO_NONCE MOVED1 THIRD_PARTY(B4) } } },
	{ "6.6 an update of PEER", "", {
		{ 10, "A", PEER1, PEERED1 },
		{ 20, "=", "wan=203.0.113.10", NULL },
		{ 20, "tick", "", "@A 02820000" "00000e06" "00000000" NO_NONCE MOVED1 REMOTE("01bb", PEER4) } } },
	{ "6.6 PREFER_FAILURE cannot move: CANNOT_PROVIDE_EXTERNAL, and gone (14.2)", "", {
		{ 10, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f90", "1f90", WAN) PREFER_FAILURE, MAPPED1 PREFER_FAILURE },
		{ 20, "=", "wan=203.0.113.10", NULL },
		{ 20, "tick", "", "@A 0281000b" SHORT "00000000" NO_NONCE BODY(NONCE1, TCP, "1f90", "1f90", WAN) },
		{ 21, "tick", "", "@A 0281000b" SHORT "00000000" NO_NONCE BODY(NONCE1, TCP, "1f90", "1f90", WAN) "|@A 0281000b" SHORT "00000000" NO_NONCE BODY(NONCE1, TCP, "1f90", "1f90", WAN) },
		{ 21, "A", MAP1, MAPPED(HOUR) MOVED1 } } },

	{ "6.6 PREFER_FAILURE cannot move: asked for again meanwhile, made anew", "", {
		{ 10, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f90", "1f90", WAN) PREFER_FAILURE, MAPPED1 PREFER_FAILURE },
		{ 20, "=", "wan=203.0.113.10", NULL },
		{ 20, "tick", "", "@A 0281000b" SHORT "00000000" NO_NONCE BODY(NONCE1, TCP, "1f90", "1f90", WAN) },
		{ 20, "A", MAP1, MAPPED(HOUR) MOVED1 },
		{ 30, "tick", "", NULL },
		{ 30, "A", GET(A4) ANYTHING, GOT ANYTHING } } },

	/* ---- 6.7: GET and NEXT (draft-boucadair-pcp-failure-06 B) ---- */
	{ "6.7 nothing: NONEXIST_MAP, no NEXT", "", { { 1, "A", GET(A4) ANYTHING NEXT_PLAIN(UNDEFINED4("00")), NOT_GOT("82", SHORT) ANYTHING NEXT_PLAIN(UNDEFINED4("00")) } } },
	{ "6.7 without NEXT: there is one", "", { { 1, "A", MAP1, MAPPED1 }, { 1, "A", GET(A4) ANYTHING, GOT ANYTHING } } },
	{ "6.7 filter: matches", "", { { 1, "A", MAP1, MAPPED1 }, { 1, "A", GET(A4) FIND(TCP, A4, WAN, "1f90", "1f90"), GOT FIND(TCP, A4, WAN, "1f90", "1f90") } } },
	{ "6.7 filter: another protocol", "", { { 1, "A", MAP1, MAPPED1 }, { 1, "A", GET(A4) FIND(UDP, ANY4, ANY4, "0000", "0000"), NOT_GOT("82", SHORT) FIND(UDP, ANY4, ANY4, "0000", "0000") } } },
	{ "6.7 filter: another internal port", "", { { 1, "A", MAP1, MAPPED1 }, { 1, "A", GET(A4) FIND(TCP, ANY4, ANY4, "1f91", "0000"), NOT_GOT("82", SHORT) FIND(TCP, ANY4, ANY4, "1f91", "0000") } } },
	{ "6.7 filter: another external port", "", { { 1, "A", MAP1, MAPPED1 }, { 1, "A", GET(A4) FIND(TCP, ANY4, ANY4, "0000", "1f91"), NOT_GOT("82", SHORT) FIND(TCP, ANY4, ANY4, "0000", "1f91") } } },
	{ "6.7 filter: another external address", "", { { 1, "A", MAP1, MAPPED1 }, { 1, "A", GET(A4) FIND(TCP, ANY4, V4("cb00710a"), "0000", "0000"), NOT_GOT("82", SHORT) FIND(TCP, ANY4, V4("cb00710a"), "0000", "0000") } } },
	{ "6.7 filter: an external address and port", "", { THREE,
		{ 2, "A", GET(A4) FIND(TCP, ANY4, WAN, "0000", "1f91") NEXT_PLAIN(UNDEFINED4("00")), GOT FIND(TCP, ANY4, WAN, "0000", "1f91") NEXT_PLAIN(SECOND("01")) },
		{ 2, "A", GET(A4) FIND(TCP, ANY4, WAN, "0000", "1f92"), NOT_GOT("82", SHORT) FIND(TCP, ANY4, WAN, "0000", "1f92") } } },
	{ "6.7 filter: an external port that is another client's", "", {
		{ 1, "B", MAP(HOUR, B4) REST1, MAPPED1 },
		{ 1, "A", GET(A4) FIND(TCP, ANY4, WAN, "0000", "1f90"), NOT_GOT("82", SHORT) FIND(TCP, ANY4, WAN, "0000", "1f90") } } },
	{ "6.7 filter: :: is any, too", "", { { 1, "A", MAP1, MAPPED1 }, { 1, "A", GET(A4) FIND("00", ANY6, ANY6, "0000", "0000"), GOT FIND("00", ANY6, ANY6, "0000", "0000") } } },
	{ "6.7 filter: a port of any protocol", "", { { 1, "A", GET(A4) FIND("00", ANY4, ANY4, "1f90", "0000"), NOT_GOT("03", LONG) FIND("00", ANY4, ANY4, "1f90", "0000") } } },
	{ "6.7 only the client's own; the filter's reserved octets come back bit for bit", "", {
		{ 1, "A", MAP1, MAPPED1 },
		{ 1, "B", GET(B4) ANYTHING, NOT_GOT("82", SHORT) ANYTHING },
		{ 1, "A", GET(A4) "00abcdef" ANY4 ANY4 "00000000", GOT "00abcdef" ANY4 ANY4 "00000000" } } },
	{ "6.7 what it made for a third party is its own, not that one's", "", {
		{ 1, "A", MAP1 THIRD_PARTY(B4), MAPPED1 THIRD_PARTY(B4) },
		{ 1, "B", GET(B4) ANYTHING, NOT_GOT("82", SHORT) ANYTHING },
		{ 1, "A", GET(A4) ANYTHING NEXT_PLAIN(UNDEFINED4("00")), GOT ANYTHING NEXT_PLAIN(LOCATOR(NONCE1, TCP, "01", B4, WAN, HOUR, "1f90", "1f90")) } } },
	{ "6.7 static and implicit mappings are nobody's own", "static=tcp/192.168.5.100:8080/203.0.113.9:80 implicit=udp/192.168.5.100:5000/198.51.100.7:443", { { 1, "A", GET(A4) ANYTHING, NOT_GOT("82", SHORT) ANYTHING } } },
	{ "6.7 MORE: all of them, the last one END", "", { THREE,
		{ 2, "A", GET(A4) ANYTHING NEXT_PLAIN(UNDEFINED4("00")), GOT ANYTHING NEXT_PLAIN(FIRST("00")) NEXT_PLAIN(SECOND("00")) NEXT_PLAIN(THIRD("01")) } } },
	{ "6.7 END: one, flagged MORE", "", { THREE,
		{ 2, "A", GET(A4) ANYTHING NEXT_PLAIN(UNDEFINED4("01")), GOT ANYTHING NEXT_PLAIN(FIRST("00")) } } },
	{ "6.7 END: the only one left is flagged END", "", { THREE,
		{ 2, "A", GET(A4) ANYTHING NEXT_PLAIN(THIRD("01")), GOT ANYTHING NEXT_PLAIN(THIRD("01")) } } },
	{ "6.7 the locator's own mapping stays first", "", { THREE,
		{ 2, "A", GET(A4) ANYTHING NEXT_PLAIN(SECOND("00")), GOT ANYTHING NEXT_PLAIN(SECOND("00")) NEXT_PLAIN(THIRD("01")) } } },
	{ "6.7 the locator's nonce may be missing", "", { THREE,
		{ 2, "A", GET(A4) ANYTHING NEXT_PLAIN(LOCATOR(NO_NONCE, TCP, "00", A4, WAN, NEVER, "1f91", "1f91")), GOT ANYTHING NEXT_PLAIN(SECOND("00")) NEXT_PLAIN(THIRD("01")) } } },
	{ "6.7 a locator never heard of: nothing is dropped", "", { THREE,
		{ 2, "A", GET(A4) ANYTHING NEXT_PLAIN(LOCATOR(NONCE1, TCP, "00", A4, WAN, NEVER, "1f91", "1f99")), GOT ANYTHING NEXT_PLAIN(FIRST("00")) NEXT_PLAIN(SECOND("00")) NEXT_PLAIN(THIRD("01")) } } },
	{ "6.7 a locator outside the filter: nothing is dropped", "", { THREE,
		{ 2, "A", GET(A4) FIND(TCP, ANY4, ANY4, "0000", "0000") NEXT_PLAIN(THIRD("00")), GOT FIND(TCP, ANY4, ANY4, "0000", "0000") NEXT_PLAIN(FIRST("00")) NEXT_PLAIN(SECOND("01")) } } },
	{ "6.7 a locator deleted meanwhile: on from where it stood", "", { THREE,
		{ 1, "A", MAP(NEVER, A4) BODY(NONCE1, TCP, "1f91", "0000", ANY4), MAPPED(NEVER) BODY(NONCE1, TCP, "1f91", "0000", ANY4) },
		{ 2, "A", GET(A4) ANYTHING NEXT_PLAIN(SECOND("00")), GOT ANYTHING NEXT_PLAIN(THIRD("01")) } } },
	{ "6.7 the last locator deleted meanwhile: nothing is left", "", { THREE,
		{ 1, "A", MAP(NEVER, A4) BODY(NONCE1, UDP, "1f92", "0000", ANY4), MAPPED(NEVER) BODY(NONCE1, UDP, "1f92", "0000", ANY4) },
		{ 2, "A", GET(A4) ANYTHING NEXT_PLAIN(THIRD("00")), NOT_GOT("82", SHORT) ANYTHING NEXT_PLAIN(THIRD("00")) } } },
	{ "6.7 a half-filled locator: an address alone", "", { { 2, "A", GET(A4) ANYTHING NEXT_PLAIN(LOCATOR(NO_NONCE, "00", "00", A4, ANY4, NEVER, "0000", "0000")), NOT_GOT("06", LONG) ANYTHING NEXT_PLAIN(LOCATOR(NO_NONCE, "00", "00", A4, ANY4, NEVER, "0000", "0000")) } } },
	{ "6.7 a half-filled locator: a port alone", "", { { 2, "A", GET(A4) ANYTHING NEXT_PLAIN(LOCATOR(NO_NONCE, "00", "00", ANY4, ANY4, NEVER, "0001", "0000")), NOT_GOT("06", LONG) ANYTHING NEXT_PLAIN(LOCATOR(NO_NONCE, "00", "00", ANY4, ANY4, NEVER, "0001", "0000")) } } },
	{ "6.7 a second NEXT", "", { { 2, "A", GET(A4) ANYTHING NEXT_PLAIN(UNDEFINED4("00")) NEXT_PLAIN(UNDEFINED4("00")), NOT_GOT("06", LONG) ANYTHING NEXT_PLAIN(UNDEFINED4("00")) NEXT_PLAIN(UNDEFINED4("00")) } } },
	{ "6.7 NEXT without its fixed part", "", { { 2, "A", GET(A4) ANYTHING "8300000800000000" "00000000", NOT_GOT("06", LONG) ANYTHING "8300000800000000" "00000000" } } },
	{ "6.7 nested options: only those wanted, all of a kind", "", {
		{ 1, "A", MAP1 FILTER443 WEB FILTER("0080", "0050", PEER4), MAPPED1 FILTER443 WEB FILTER("0080", "0050", PEER4) },
		{ 1, "A", GET(A4) ANYTHING "83000039" UNDEFINED4("00") "03000000", GOT ANYTHING "83000068" LOCATOR(NONCE1, TCP, "01", A4, WAN, HOUR, "1f90", "1f90") FILTER443 FILTER("0080", "0050", PEER4) },
		{ 1, "A", GET(A4) ANYTHING "8300003a" UNDEFINED4("00") "80800000", GOT ANYTHING "83000040" LOCATOR(NONCE1, TCP, "01", A4, WAN, HOUR, "1f90", "1f90") WEB } } },
	{ "6.7 nested THIRD_PARTY and PORT_SET", "", {
		{ 1, "A", MAP1 THIRD_PARTY(B4) PORT_SET("0002", "1f90", "00"), MAPPED1 THIRD_PARTY(B4) PORT_SET("0002", "1f90", "00") },
		{ 1, "A", GET(A4) ANYTHING "8300003a" UNDEFINED4("00") "01820000", GOT ANYTHING "83000058" LOCATOR(NONCE1, TCP, "01", B4, WAN, HOUR, "1f90", "1f90") THIRD_PARTY(B4) PORT_SET("0002", "1f90", "00") } } },
	{ "6.7 MAP before PEER; PEERs that NEXT cannot tell apart are one", "", {
		{ 1, "A", PEER1, PEERED1 },
		{ 1, "A", PEER(HOUR, A4) REST1 REMOTE("0050", PEER4), PEERED(HOUR) BODY(NONCE1, TCP, "1f90", "1f90", WAN) REMOTE("0050", PEER4) },
		{ 1, "A", MAP1, MAPPED1 },
		{ 1, "A", GET(A4) ANYTHING NEXT_PLAIN(UNDEFINED4("00")), GOT ANYTHING NEXT_PLAIN(LOCATOR(NONCE1, TCP, "00", A4, WAN, HOUR, "1f90", "1f90")) NEXT_PLAIN(LOCATOR(NONCE1, TCP, "01", A4, WAN, HOUR, "1f90", "1f90")) } } },
	{ "6.7 version 1: NEXT without nonce, and MAP too", "versions=2+1", {
		{ 1, "A", "01010000" HOUR A4 TCP "000000" "1f90" "0000" ANY4, "01810000" HOUR "<epoch>" NO_NONCE TCP "000000" "1f90" "1f90" WAN },
		{ 1, "A", "01620000" NEVER A4 ANYTHING "8300002c" LOCATOR("", "00", "00", ANY4, ANY4, NEVER, "0000", "0000"), "01e20000" NEVER "<epoch>" NO_NONCE ANYTHING "8300002c" LOCATOR("", TCP, "01", A4, WAN, HOUR, "1f90", "1f90") },
		{ 2, "A", "01010000" NEVER A4 TCP "000000" "1f90" "0000" ANY4, "01810000" NEVER "<epoch>" NO_NONCE TCP "000000" "1f90" "0000" ANY4 } } },
	{ "6.7 version 1: PEER without nonce", "versions=1", { { 1, "A", "01020000" HOUR A4 TCP "000000" "1f90" "0000" ANY4 REMOTE("01bb", PEER4), "01820000" HOUR "<epoch>" NO_NONCE TCP "000000" "1f90" "1f90" WAN REMOTE("01bb", PEER4) } } },

	/* ---- 6.8: PORT_SET (RFC 7753 4) ---- */
	{ "6.8 a set", "", { { 1, "A", SET("0064"), SET_OK("0064") } } },
	{ "6.8 pypcpc's code", "dialect=pypcpc", { { 1, "A", MAP1 "ff0000050064" "1f90" "00000000", MAPPED1 "ff0000050064" "1f90" "00000000" } } },
	{ "6.8 size 0", "", { { 1, "A", SET("0000"), NOT_MAPPED("06", LONG) REST1 PORT_SET("0000", "1f90", "00") } } },
	{ "6.8 size 0 in a delete is not looked at", "", { { 1, "A", MAP(NEVER, A4) REST1 PORT_SET("0000", "1f90", "00"), MAPPED(NEVER) REST1 } } },
	{ "6.8 a set that does not start at the internal port", "", { { 1, "A", MAP1 PORT_SET("0064", "1f91", "00"), NOT_MAPPED("06", LONG) REST1 PORT_SET("0064", "1f91", "00") } } },
	{ "6.8 a set of all ports", "", { { 1, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "0000", "0000", ANY4) PORT_SET("0064", "0000", "00"), NOT_MAPPED("06", LONG) BODY(NONCE1, TCP, "0000", "0000", ANY4) PORT_SET("0064", "0000", "00") } } },
	{ "6.8 as many as the pool has in a row", "ports=8080-8089", { { 1, "A", SET("0064"), SET_OK("000a") } } },
	{ "6.8 as many as the quota leaves", "quota=3", { { 1, "A", SET("0064"), SET_OK("0003") } } },
	{ "6.8 as many as configured: 0xffff is all that can be had", "max-port-set=16", { { 1, "A", SET("ffff"), SET_OK("0010") } } },
	{ "6.8 as many as there are internal ports", "", { { 1, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "fffe", "0000", ANY4) PORT_SET("0064", "fffe", "00"), MAPPED(HOUR) BODY(NONCE1, TCP, "fffe", "fffe", WAN) PORT_SET("0002", "fffe", "00") } } },
	{ "6.8 exactly one: told without the option", "quota=1", { { 1, "A", SET("0064"), MAPPED1 } } },
	{ "6.8 one asked: the option is ignored", "", { { 1, "A", SET("0001"), MAPPED1 } } },
	{ "6.8 the longest run, not the first", "ports=8080-8089", {
		{ 1, "B", MAP(HOUR, B4) BODY(NONCE2, TCP, "1f93", "1f93", WAN), MAPPED(HOUR) BODY(NONCE2, TCP, "1f93", "1f93", WAN) },
		{ 1, "A", SET("000a"), MAPPED(HOUR) BODY(NONCE1, TCP, "1f90", "1f94", WAN) PORT_SET("0006", "1f90", "00") } } },
	{ "6.8 parity: of the first internal port", "ports=8081-8089", { { 1, "A", MAP1 PORT_SET("0004", "1f90", "01"), MAPPED(HOUR) BODY(NONCE1, TCP, "1f90", "1f92", WAN) PORT_SET("0004", "1f90", "01") } } },
	{ "6.8 no parity asked: the first port there is", "ports=8081-8089", { { 1, "A", MAP1 PORT_SET("0009", "1f90", "00"), MAPPED(HOUR) BODY(NONCE1, TCP, "1f90", "1f91", WAN) PORT_SET("0009", "1f90", "00") } } },
	{ "6.8 overlap from above: the set that is there (RFC 7753 6.3)", "", {
		{ 1, "A", SET("000a"), SET_OK("000a") },
		{ 2, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f94", "0000", ANY4) PORT_SET("000a", "1f94", "00"), MAPPED(HOUR) BODY(NONCE1, TCP, "1f94", "1f90", WAN) PORT_SET("000a", "1f90", "00") } } },
	{ "6.8 overlap from below: the set that is there", "", {
		{ 1, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f94", "0000", ANY4) PORT_SET("000a", "1f94", "00"), MAPPED(HOUR) BODY(NONCE1, TCP, "1f94", "1f94", WAN) PORT_SET("000a", "1f94", "00") },
		{ 2, "A", SET("000a"), MAPPED(HOUR) BODY(NONCE1, TCP, "1f90", "1f94", WAN) PORT_SET("000a", "1f94", "00") } } },
	{ "6.8 a single-port request inside a set refreshes it", "", {
		{ 1, "A", SET("000a"), SET_OK("000a") },
		{ 2, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f94", "0000", ANY4), MAPPED(HOUR) BODY(NONCE1, TCP, "1f94", "1f90", WAN) } } },
	{ "6.8 overlap with two mappings: one answer each", "", {
		{ 1, "A", MAP1, MAPPED1 },
		{ 1, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f92", "0000", ANY4), MAPPED(HOUR) BODY(NONCE1, TCP, "1f92", "1f92", WAN) },
		{ 2, "A", SET("0004"), MAPPED1 "|" MAPPED(HOUR) BODY(NONCE1, TCP, "1f92", "1f92", WAN) } } },
	{ "6.8 overlap with another nonce's mapping", "", {
		{ 1, "A", MAP(HOUR, A4) BODY(NONCE2, TCP, "1f92", "0000", ANY4), MAPPED(HOUR) BODY(NONCE2, TCP, "1f92", "1f92", WAN) },
		{ 1, "A", SET("0004"), NOT_MAPPED("02", HOUR) REST1 PORT_SET("0004", "1f90", "00") } } },
	{ "6.8 deleted as a whole", "ports=8080-8083 hold=0", {
		{ 1, "A", SET("0004"), SET_OK("0004") },
		{ 2, "A", MAP(NEVER, A4) REST1 PORT_SET("0004", "1f90", "00"), MAPPED(NEVER) REST1 PORT_SET("0004", "1f90", "00") },
		{ 3, "B", MAP(HOUR, B4) BODY(NONCE2, TCP, "1f93", "1f93", WAN) PREFER_FAILURE, MAPPED(HOUR) BODY(NONCE2, TCP, "1f93", "1f93", WAN) PREFER_FAILURE } } },
	{ "6.8 counted against the quota port by port", "quota=4", {
		{ 1, "A", SET("0004"), SET_OK("0004") },
		{ 2, "A", MAP(HOUR, A4) BODY(NONCE1, UDP, "1f90", "0000", ANY4), NOT_MAPPED("0a", SHORT) BODY(NONCE1, UDP, "1f90", "0000", ANY4) } } },

	/* ---- 6.9: PORT_RESERVATION (draft-boucadair-pcp-rtp-rtcp-05 5) ---- */
	{ "6.9 a pair: N for P, N+1 for P+1, both told", "", {
		{ 1, "A", MAP1 RESERVATION, MAPPED1 RESERVATION },
		{ 1, "A", GET(A4) ANYTHING NEXT_PLAIN(UNDEFINED4("00")), GOT ANYTHING NEXT_PLAIN(LOCATOR(NONCE1, TCP, "00", A4, WAN, HOUR, "1f90", "1f90")) NEXT_PLAIN(LOCATOR(NONCE1, TCP, "01", A4, WAN, HOUR, "1f91", "1f91")) } } },
	{ "6.9 parity kept", "ports=8081-8083", { { 1, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f90", "1f93", WAN) RESERVATION, MAPPED(HOUR) BODY(NONCE1, TCP, "1f90", "1f92", WAN) RESERVATION } } },
	{ "6.9 no pair to be had: one port, no echo", "ports=8080-8080", { { 1, "A", MAP1 RESERVATION, MAPPED1 } } },
	{ "6.9 no pair to be had, and PREFER_FAILURE", "ports=8080-8080", { { 1, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f90", "1f90", WAN) RESERVATION PREFER_FAILURE, NOT_MAPPED("0b", LONG) BODY(NONCE1, TCP, "1f90", "1f90", WAN) RESERVATION PREFER_FAILURE } } },
	{ "6.9 a pair with PREFER_FAILURE", "", { { 1, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f90", "1f90", WAN) RESERVATION PREFER_FAILURE, MAPPED1 RESERVATION PREFER_FAILURE } } },
	{ "6.9 P+1 is mapped already: one port", "", {
		{ 1, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1f91", "2328", WAN), MAPPED(HOUR) BODY(NONCE1, TCP, "1f91", "2328", WAN) },
		{ 1, "A", MAP1 RESERVATION, MAPPED1 } } },
	{ "6.9 existing: the companion is added", "", {
		{ 1, "A", MAP1, MAPPED1 },
		{ 2, "A", MAP1 RESERVATION, MAPPED1 RESERVATION },
		{ 3, "A", MAP1 RESERVATION, MAPPED1 RESERVATION } } },
	{ "6.9 existing: the companion's port is taken", "", {
		{ 1, "A", MAP1, MAPPED1 },
		{ 1, "B", MAP(HOUR, B4) BODY(NONCE2, TCP, "1f91", "0000", ANY4), MAPPED(HOUR) BODY(NONCE2, TCP, "1f91", "1f91", WAN) },
		{ 2, "A", MAP1 RESERVATION, MAPPED1 } } },
	{ "6.9 quota for one only", "quota=1", { { 1, "A", MAP1 RESERVATION, MAPPED1 } } },
	{ "6.9 deleted separately", "", {
		{ 1, "A", MAP1 RESERVATION, MAPPED1 RESERVATION },
		{ 2, "A", MAP(NEVER, A4) REST1 RESERVATION, MAPPED(NEVER) REST1 },
		{ 2, "A", GET(A4) ANYTHING NEXT_PLAIN(UNDEFINED4("00")), GOT ANYTHING NEXT_PLAIN(LOCATOR(NONCE1, TCP, "01", A4, WAN, "00000e0f", "1f91", "1f91")) } } },
	{ "6.9 no odd man out: port 65535 has no next one", "", { { 1, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "ffff", "0000", ANY4) RESERVATION, MAPPED(HOUR) BODY(NONCE1, TCP, "ffff", "ffff", WAN) } } },

	/* ---- NAT-PMP (RFC 6886 3) ---- */
	{ "NAT-PMP external address (3.2)", "", { { 170, "A", "0000", "00800000000000aacb007109" } } },
	{ "NAT-PMP external address, without one: network failure", "wan=down", { { 1, "A", "0000", "008000030000000100000000" } } },
	{ "NAT-PMP map (3.3)", "", { { 171, "A", "000100001388000000001c20", "00810000000000ab1388138800001c20" } } },
	{ "NAT-PMP map: suggested port", "", { { 1, "A", "0002000013889c4000001c20", "008200000000000113889c4000001c20" } } },
	{ "NAT-PMP map: not lengthened", "", { { 1, "A", "00020000138800000000000a", "0082000000000001138813880000000a" } } },
	{ "NAT-PMP map: shortened", "max-lifetime=60", { { 1, "A", "000200001388000000001c20", "0082000000000001138813880000003c" } } },
	{ "NAT-PMP map: no lifetime, no port: refused", "", { { 1, "A", "000200000000000000001c20", "00820002000000010000000000000000" } } },
	{ "NAT-PMP map: out of resources", "quota=0", { { 1, "A", "000200001388000000001c20", "00820004000000011388000000000000" } } },
	{ "NAT-PMP map: network failure", "wan=down", { { 1, "A", "000200001388000000001c20", "00820003000000011388000000000000" } } },
	{ "NAT-PMP renewal: the port that it has, whatever is suggested", "", {
		{ 1, "A", "000200001388000000001c20", "00820000000000011388138800001c20" },
		{ 2, "A", "0002000013889c4000001c20", "00820000000000021388138800001c20" } } },
	{ "NAT-PMP delete (3.4)", "", {
		{ 1, "A", "000200001388000000001c20", "00820000000000011388138800001c20" },
		{ 2, "A", "000200001388000000000000", "00820000000000021388000000000000" },
		{ 3, "A", "000200001388000000000000", "00820000000000031388000000000000" } } },
	{ "NAT-PMP delete: static: refused", "static=tcp/192.168.5.100:5000/203.0.113.9:80", { { 1, "A", "000200001388000000000000", "00820002000000011388000000000000" } } },
	{ "NAT-PMP delete: PCP's mapping: refused, since it knows no nonce", "", {
		{ 1, "A", MAP(HOUR, A4) BODY(NONCE1, TCP, "1388", "0000", ANY4), MAPPED(HOUR) BODY(NONCE1, TCP, "1388", "1388", WAN) },
		{ 2, "A", "000200001388000000000000", "00820002000000021388000000000000" } } },
	{ "NAT-PMP delete all of a protocol (3.4)", "", {
		{ 1, "A", "000200001388000000001c20", "00820000000000011388138800001c20" },
		{ 1, "A", "000200001389000000001c20", "00820000000000011389138900001c20" },
		{ 1, "A", "000100001388000000001c20", "00810000000000011388138800001c20" },
		{ 2, "A", "000200000000000000000000", "00820000000000020000000000000000" },
		{ 2, "A", GET(A4) ANYTHING NEXT_PLAIN(UNDEFINED4("00")), GOT ANYTHING NEXT_PLAIN(LOCATOR(NO_NONCE, UDP, "01", A4, WAN, "00001c1f", "1388", "1388")) } } },
	{ "NAT-PMP delete all: as many as can be, and refused for the rest", "static=tcp/192.168.5.100:5000/203.0.113.9:80", {
		{ 1, "A", "000200001389000000001c20", "00820000000000011389138900001c20" },
		{ 2, "A", "000200000000000000000000", "00820002000000020000000000000000" },
		{ 2, "A", GET(A4) ANYTHING, NOT_GOT("82", SHORT) ANYTHING } } },
	{ "NAT-PMP companion port: kept for the same host (3.3)", "", {
		{ 1, "A", "000200001388000000001c20", "00820000000000011388138800001c20" },
		{ 2, "B", MAP(HOUR, B4) BODY(NONCE2, UDP, "1388", "1388", WAN) PREFER_FAILURE, NOT_MAPPED("0b", LONG) BODY(NONCE2, UDP, "1388", "1388", WAN) PREFER_FAILURE },
		{ 3, "A", MAP(HOUR, A4) BODY(NONCE1, UDP, "1388", "1388", WAN) PREFER_FAILURE, MAPPED(HOUR) BODY(NONCE1, UDP, "1388", "1388", WAN) PREFER_FAILURE } } },
	{ "NAT-PMP companion port: free again with the mapping", "hold=0", {
		{ 1, "A", "000200001388000000001c20", "00820000000000011388138800001c20" },
		{ 2, "A", "000200001388000000000000", "00820000000000021388000000000000" },
		{ 2, "B", MAP(HOUR, B4) BODY(NONCE2, UDP, "1388", "1388", WAN) PREFER_FAILURE, MAPPED(HOUR) BODY(NONCE2, UDP, "1388", "1388", WAN) PREFER_FAILURE } } },
	{ "NAT-PMP's mapping taken over by PCP: its nonce from there on", "", {
		{ 1, "A", "000200001f90000000001c20", "00820000000000011f901f9000001c20" },
		{ 2, "A", MAP1, MAPPED1 },
		{ 3, "A", MAP(HOUR, A4) BODY(NONCE2, TCP, "1f90", "0000", ANY4), NOT_MAPPED("02", "00000e0f") BODY(NONCE2, TCP, "1f90", "0000", ANY4) } } },
	{ "NAT-PMP unknown opcode: the whole request back (3.5)", "", { { 1, "A", "000500001388000000001c20", "008500051388000000001c20" } } },
	{ "NAT-PMP request cut off: silence", "", { { 1, "A", "000100001388", NULL } } },
	{ "NAT-PMP: what a fault forces", "result=NOT_AUTHORIZED", { { 1, "A", "000200001388000000001c20", "00820002000000011388000000000000" }, { 1, "A", "0000", "008000020000000100000000" } } },
	{ "NAT-PMP: a forced result that it does not have: refused", "result=MALFORMED_OPTION", { { 1, "A", "000100001388000000001c20", "00810002000000011388000000000000" } } },
	{ "NAT-PMP: a forced UNSUPP_VERSION", "result=UNSUPP_VERSION", { { 1, "A", "000100001388000000001c20", "0081000100000001" } } },
	{ "NAT-PMP: internal port 0, as a VPN gateway takes it: any port, the same for both protocols", "port-zero=any hints=off ports=30000-30001", {
		{ 1, "A", "000100000000000000000e10", "0081000000000001" "0000" "7530" "00000e10" },
		{ 2, "A", "000200000000000100000e10", "0082000000000002" "0000" "7530" "00000e10" },
		{ 9, "A", "000100000000000100000e10", "0081000000000009" "0000" "7530" "00000e10" },
		{ 9, "A", "000100001388000000000e10", "0081000000000009" "1388" "7531" "00000e10" },
		{ 9, "A", "000100000000000000000000", "0081000000000009" "0000" "0000" "00000000" } } },
	{ "NAT-PMP: where nobody chooses the port, both protocols of an internal port have one", "hints=off ports=30000-30999", {
		{ 1, "A", "000100000001000000000e10", "0081000000000001" "0001" "773a" "00000e10" },
		{ 1, "A", "000200000001000000000e10", "0082000000000001" "0001" "773a" "00000e10" } } },
	{ "NAT-PMP: a protocol that is not mapped", "protocols=tcp", { { 1, "A", "000100001388000000001c20", "00810002000000011388000000000000" } } },
	{ "NAT-PMP from behind another NAT: that one's address is mapped", "behind=192.168.5.101 ports=5000-5001", {
		{ 1, "A", "000200001388000000001c20", "00820000000000011388138800001c20" },
		{ 1, "=", "behind=off", NULL },
		{ 1, "B", "000200001388000000001c20", "00820000000000011388138800001c20" },
		{ 1, "A", "000200001388000000001c20", "0082000000000001" "1388" "1389" "00001c20" } } },
	{ "NAT-PMP over IPv6: silence", "", { { 1, "C", "0000", NULL } } },
};
/* clang-format on */

enum { NROWS = sizeof(rows) / sizeof(*rows) };

static void check_destination(const struct rig *rig, size_t i, const char *name)
{
	struct pcp_endpoint expected = rig_endpoint(name);

	assert_true(i < rig->nsent);
	if (!pcp_endpoint_same(&rig->sent[i].to, &expected))
		fail_msg("answer %zu did not go to %s", i, name);
}

static void check_replies(struct rig *rig, const char *replies)
{
	char hex[6000], to[64];
	size_t n = 0;

	for (; replies && *replies; n++) {
		size_t len = strcspn(replies, "|");

		if (*replies == '@') {
			size_t name = strcspn(replies, " ") - 1;
			assert_true(name < sizeof(to));
			memcpy(to, replies + 1, name);
			to[name] = '\0';
			check_destination(rig, n, to);
			replies += name + 2;
			len -= name + 2;
		}
		assert_true(len < sizeof(hex));
		memcpy(hex, replies, len);
		hex[len] = '\0';
		rig_check(rig, n, hex);
		replies += len + (replies[len] == '|');
	}
	if (rig->nsent != n)
		fail_msg("%zu answers instead of %zu; notes: %s", rig->nsent, n, rig->notes);
}

/* Each answer is right by the linter's rules, too, but where a fault was ordered. */
static void judge_replies(const struct rig *rig, const struct step *step, const char *words)
{
	static const char *const orders[] = { "result=",       "dialect=", "refusal=swapped",
					      "refusal=short", "brief=on", "max-lifetime=20",
					      "short-error=0" };
	uint8_t octets[RIG_OCTETS];
	size_t len = 0;
	bool asked = strcmp(step->from, "=") != 0 && strcmp(step->from, "tick") != 0;

	for (size_t i = 0; i < sizeof(orders) / sizeof(*orders); i++)
		if (strstr(words, orders[i]))
			return;
	if (asked)
		rig_hex(step->ask, '\0', 0, octets, &len);
	for (size_t i = 0; i < rig->nsent; i++)
		check_judged(&rig->sent[i], asked ? octets : NULL, len);
}

static void holds(void **state)
{
	const struct row *row = *state;
	struct rig *rig = malloc(sizeof(*rig));

	assert_non_null(rig);
	rig_open(rig, 1);
	rig_set(rig, row->words);
	for (const struct step *step = row->step; step->from; step++) {
		usec at = (usec)step->at * USEC_PER_SEC;
		if (strcmp(step->from, "tick") != 0)
			rig_until(rig, at);
		rig_clear(rig);
		if (strcmp(step->from, "=") == 0)
			rig_set(rig, step->ask);
		else if (strcmp(step->from, "tick") == 0)
			rig_until(rig, at);
		else
			rig_ask(rig, step->from, step->ask);
		check_replies(rig, step->reply);
		judge_replies(rig, step, row->words);
	}
	rig_close(rig);
	free(rig);
}

int main(void)
{
	static struct CMUnitTest tests[NROWS];

	for (size_t i = 0; i < NROWS; i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].name,
						.test_func = holds,
						.initial_state = (void *)(uintptr_t)&rows[i] };
	return cmocka_run_group_tests_name("lab", tests, NULL, NULL);
}
