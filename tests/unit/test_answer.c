/* What came of a request, in one sentence: each kind of outcome, at 120, 80 and 40 columns. */
#include "client_rig.h"

#include "answer.h"
#include "edit.h"
#include "text.h"

static struct rig rig;
static struct log *history;
static struct answer answer;

static void keep(struct rig *kept, const struct pcp_client_event *event)
{
	(void)kept;
	assert_true(log_event(history, event, event->now));
}

static void start(uint8_t version)
{
	struct pcp_client_server_config config = { .nendpoint = 1,
						   .version = version,
						   .fixed_version = true };

	rig_start(&rig, &(struct pcp_client_config){ 0 }, 1);
	rig.hook = keep;
	history = log_new(0);
	assert_non_null(history);
	config.endpoint[0] = rig.from = rig_endpoint("192.0.2.2");
	config.source = rig.source;
	rig.server = pcp_client_add_server(rig.client, &config);
	answer = (struct answer){ .log = history, .client = rig.client, .example = true };
}

static void stop(void)
{
	rig_stop(&rig);
	log_free(history);
}

/* The request's time until its answer: 1.4 ms. */
static void asked(uint32_t exchange)
{
	assert_true(exchange > 0);
	answer.exchange = exchange;
	rig_wait(&rig, 1400);
}

static void map(uint16_t port, uint32_t lifetime)
{
	asked(rig_map(&rig, port, lifetime));
}

static void put_v4(uint8_t *at, const char *address)
{
	assert_true(pcp_addr_parse(address, at, NULL));
}

/* A grant of another address (NULL: the usual one), port and lifetime. */
static void grants(const char *address, uint16_t port, uint32_t lifetime)
{
	uint8_t octets[PCP_EDIT_MAX], *body = octets + PCP_HEADER_LEN;
	size_t len = rig_response(&rig, rig_last(&rig), PCP_SUCCESS, lifetime, octets);

	pcp_put(&pcp_map_fields[MAP_EXTERNAL_PORT], body, port);
	if (address)
		put_v4(body + pcp_map_fields[MAP_EXTERNAL_ADDRESS].off, address);
	rig_receive(&rig, octets, len);
}

static void receive_hex(const char *hex)
{
	uint8_t octets[PCP_EDIT_MAX];
	size_t len;

	assert_true(pcp_hex_parse(hex, octets, sizeof octets, &len, NULL));
	rig_receive(&rig, octets, len);
}

static void send_hex(const char *hex)
{
	uint8_t octets[PCP_EDIT_MAX];
	size_t len;

	assert_true(pcp_hex_parse(hex, octets, sizeof octets, &len, NULL));
	asked(rig_submit(&rig, octets, len));
}

/* ---- granted ---- */

static void as_asked(void)
{
	map(8080, 3600);
	rig_answer(&rig, PCP_SUCCESS, 3600);
}

static void other_port(void)
{
	map(53, 3600);
	grants(NULL, 24307, 3600);
}

static void other_lifetime(void)
{
	map(53, 3600);
	grants(NULL, 53, 120);
}

static void all_other(void)
{
	uint8_t octets[60];

	rig_map_octets(octets, 53, 3600);
	put_v4(octets + PCP_HEADER_LEN + pcp_map_fields[MAP_EXTERNAL_ADDRESS].off, "198.51.100.1");
	asked(rig_submit(&rig, octets, sizeof octets));
	grants("203.0.113.9", 24307, 120);
}

static void behind_another_nat(void)
{
	map(8080, 3600);
	grants("192.168.1.4", 8080, 3600);
}

static void firewall_only(void)
{
	map(8080, 3600);
	grants("192.0.2.7", 8080, 3600);
}

static void exactly(const char *option)
{
	uint8_t octets[64];

	rig_map_octets(octets, 8080, 3600);
	memcpy(octets + 60, option, 4);
	asked(rig_submit(&rig, octets, sizeof octets));
}

/* The first such answer may be a stale update; the one to the next try is not. */
static void disobeyed_once(void)
{
	exactly("\2\0\0\0");
	grants(NULL, 24307, 3600);
}

static void disobeyed(void)
{
	disobeyed_once();
	rig_wait(&rig, 4 * SECOND);
	grants(NULL, 24307, 3600);
}

static void obeyed(void)
{
	exactly("\2\0\0\0");
	grants(NULL, 8080, 3600);
}

static void deleted(void)
{
	as_asked();
	map(8080, 0);
	rig_answer(&rig, PCP_SUCCESS, 0);
}

/* RFC 6887 11.2.1: four seconds after the last request for its mapping. */
static void held(void)
{
	struct pcp_why why;

	as_asked();
	answer.exchange = pcp_client_renew(rig.client, rig.now, 1, &why);
	assert_true(answer.exchange > 0);
}

static void all_deleted(void)
{
	map(0, 0);
	rig_answer(&rig, PCP_SUCCESS, 0);
}

/* RFC 6887 15.1: what the mapping's traffic needs. */
static void kept_by_traffic(void)
{
	uint8_t octets[PCP_EDIT_MAX];
	size_t len;

	map(8080, 0);
	len = rig_response(&rig, rig_last(&rig), PCP_SUCCESS, 0, octets);
	pcp_put(&pcp_response_fields[HDR_LIFETIME], octets, 120);
	rig_receive(&rig, octets, len);
}

static void mapped_by_natpmp(void)
{
	map(8080, 3600);
	receive_hex("0082000000000064 1f90 1f90 00000e10");
}

static void announced(void)
{
	asked(rig_announce(&rig));
	rig_answer(&rig, PCP_SUCCESS, 0);
}

static void announced_by_natpmp(void)
{
	send_hex("0000");
	receive_hex("00800000 00000e10 0a000001");
}

/* ---- GET ---- */

#define ANY	"00000000000000000000ffff00000000"
#define INSIDE	"00000000000000000000ffffc0000207"
#define GET	"02620000 00000000 00000000000000000000ffffc0000207 "
#define GOT	"02e20000 00000000 000003e8 000000000000000000000000 "
#define FILTER	"00000000 " ANY ANY "00000000 "
#define LOCATOR "000000000000000000000000 00000000 " ANY ANY "00000000 0000 0000 "
#define ENTRY(protocol, end, port)                                                                 \
	"010203040506070809101112 " protocol "0000" end INSIDE INSIDE "00000e10 " port port

static void list_whole(void)
{
	send_hex(GET FILTER "83000038 " LOCATOR);
	receive_hex(GOT FILTER
		    "83000040" ENTRY("06", "00", "1f90") "80000003 77656200"
							 "83000038" ENTRY("11", "01", "1388"));
}

/* Of many, some are named where there is room, and how many more there are. */
static void list_of(unsigned n)
{
	char hex[4096] = GOT FILTER;

	send_hex(GET FILTER "83000038 " LOCATOR);
	for (unsigned i = 1; i <= n; i++) {
		char port[8], *end = hex + strlen(hex);

		snprintf(port, sizeof port, "%04x", 8079 + i);
		snprintf(end, sizeof hex - strlen(hex),
			 "83000038 010203040506070809101112 060000%s" INSIDE INSIDE "00000e10 %s%s",
			 i == n ? "01" : "00", port, port);
	}
	receive_hex(hex);
}

static void list_of_four(void)
{
	list_of(4);
}

static void list_of_ten(void)
{
	list_of(10);
}

static void list_goes_on(void)
{
	send_hex(GET FILTER "83000038 " LOCATOR);
	receive_hex(GOT FILTER "83000038" ENTRY("06", "00", "1f90"));
}

static void list_ends(void)
{
	send_hex(GET FILTER "83000038 " ENTRY("06", "00", "1f90"));
	receive_hex(GOT FILTER "83000038" ENTRY("06", "01", "1f90"));
}

static void such_stand(void)
{
	send_hex(GET FILTER);
	receive_hex(GOT FILTER);
}

static void get_unknown(void)
{
	send_hex(GET FILTER);
	receive_hex("02e20004 00000708 000003e8 000000000000000000000000 " FILTER);
}

/* ---- refused, and what is no answer ---- */

static void refused_version(void)
{
	map(8080, 3600);
	rig_answer(&rig, PCP_UNSUPP_VERSION, 529804800);
}

static void refused(void)
{
	map(8080, 3600);
	rig_answer(&rig, PCP_NOT_AUTHORIZED, 1800);
}

/* Which port it was, and before that what the lab knows of it. */
static void refused_port(void)
{
	exactly("\2\0\0\0");
	rig_answer(&rig, PCP_CANNOT_PROVIDE_EXTERNAL, 1800);
}

static void refused_port_by_lab(void)
{
	refused_port();
	answer.lab_why = "UDP port 5351 is the gateway's own";
}

static void refused_later(void)
{
	refused();
	rig_wait(&rig, 900 * SECOND);
}

static void refused_by_natpmp(void)
{
	map(8080, 3600);
	receive_hex("0082000300000064 1f90 0000 00000000");
}

static void refused_unknown(void)
{
	map(8080, 3600);
	rig_answer(&rig, 77, 0);
}

static void other_nonce(void)
{
	uint8_t octets[PCP_EDIT_MAX];
	size_t len;

	map(8080, 3600);
	len = rig_response(&rig, rig_last(&rig), PCP_SUCCESS, 3600, octets);
	octets[PCP_HEADER_LEN] ^= 1;
	rig_receive(&rig, octets, len);
}

static void other_nonce_over(void)
{
	other_nonce();
	answer.over = true;
}

static void other_source(void)
{
	uint8_t octets[PCP_EDIT_MAX];
	struct pcp_endpoint stranger = rig_endpoint("192.0.2.77");
	size_t len;

	map(8080, 3600);
	len = rig_response(&rig, rig_last(&rig), PCP_SUCCESS, 3600, octets);
	pcp_client_receive(rig.client, rig.now, &stranger, &rig.source, octets, len);
	answer.over = true;
}

static void waited(void)
{
	map(8080, 3600);
}

static void waited_long(void)
{
	map(8080, 3600);
	rig_wait(&rig, 6 * SECOND);
}

static void silent(void)
{
	waited_long();
	answer.over = true;
}

static void unreachable(void)
{
	map(8080, 3600);
	pcp_client_unreachable(rig.client, rig.now, &rig.from, "port unreachable");
}

static void host_unreachable(void)
{
	map(8080, 3600);
	pcp_client_unreachable(rig.client, rig.now, &rig.from, "host unreachable");
}

static void cancelled(void)
{
	map(8080, 3600);
	pcp_client_cancel(rig.client, rig.now, answer.exchange);
}

static void unheard_of(void)
{
	answer.exchange = 99;
}

/* ---- the sentences ---- */

/* NULL: as where there is more room. */
static const struct outcome {
	const char *name;
	void (*happens)(void);
	uint8_t version;
	enum answer_verdict verdict;
	const char *whole, *at_120, *at_80, *at_40;
} outcomes[] = {
	{ "as asked", as_asked, PCP_VERSION_2, ANSWER_GRANTED,
	  "203.0.113.9:8080 → 192.0.2.7:8080 tcp for 1:00:00, as asked  1.4 ms", NULL, NULL,
	  "203.0.113.9:8080 tcp 1:00:00" },
	{ "other port", other_port, PCP_VERSION_2, ANSWER_GRANTED,
	  "203.0.113.9:24307 → 192.0.2.7:53 tcp for 1:00:00 ≠ asked :53  1.4 ms", NULL, NULL,
	  "203.0.113.9:24307 tcp 1:00:00 ≠ asked" },
	{ "other lifetime", other_lifetime, PCP_VERSION_2, ANSWER_GRANTED,
	  "203.0.113.9:53 → 192.0.2.7:53 tcp for 0:02:00 ≠ asked 1:00:00  1.4 ms", NULL, NULL,
	  "203.0.113.9:53 tcp 0:02:00 ≠ asked" },
	{ "all other", all_other, PCP_VERSION_2, ANSWER_GRANTED,
	  "203.0.113.9:24307 → 192.0.2.7:53 tcp for 0:02:00 ≠ asked "
	  "198.51.100.1:53, 1:00:00  1.4 ms",
	  NULL, "203.0.113.9:24307 tcp 0:02:00 ≠ asked 198.51.100.1:53, 1:00:00",
	  "203.0.113.9:24307 tcp 0:02:00 ≠ asked" },
	{ "behind another nat", behind_another_nat, PCP_VERSION_2, ANSWER_GRANTED,
	  "192.168.1.4:8080 → 192.0.2.7:8080 tcp for 1:00:00, as asked; nobody "
	  "outside gets in: private (RFC 1918): another NAT stands outside this "
	  "one, or the network is private by design  1.4 ms",
	  "192.168.1.4:8080 → 192.0.2.7:8080 tcp for 1:00:00; nobody outside "
	  "gets in: private (RFC 1918)",
	  "192.168.1.4:8080 tcp 1:00:00; nobody outside gets in: private (RFC "
	  "1918)",
	  "192.168.1.4:8080; nobody outside gets in" },
	{ "firewall only", firewall_only, PCP_VERSION_2, ANSWER_GRANTED,
	  "192.0.2.7:8080 → 192.0.2.7:8080 tcp for 1:00:00, as asked; a firewall "
	  "opened, no NAT  1.4 ms",
	  NULL,
	  "192.0.2.7:8080 → 192.0.2.7:8080 tcp for 1:00:00; a firewall opened, "
	  "no NAT",
	  "192.0.2.7:8080 tcp 1:00:00" },
	{ "disobeyed once", disobeyed_once, PCP_VERSION_2, ANSWER_IGNORED,
	  "1 answer ignored: PREFER_FAILURE, and yet another port or address "
	  "(RFC 6887 13.2); still waiting",
	  NULL, "1 answer ignored: PREFER_FAILURE, and yet another port or address (RFC 6887…",
	  "1 answer ignored" },
	{ "disobeyed", disobeyed, PCP_VERSION_2, ANSWER_OTHERWISE,
	  "203.0.113.9:24307 → 192.0.2.7:8080 tcp for 1:00:00, though exactly "
	  "8080 was asked for: the server does not heed PREFER_FAILURE, and this "
	  "mapping stands now  4.0 s, 2 tries",
	  "203.0.113.9:24307 → 192.0.2.7:8080 tcp for 1:00:00, though exactly "
	  "8080 was asked for",
	  "203.0.113.9:24307 tcp 1:00:00, though exactly 8080 was asked for",
	  "203.0.113.9:24307, though exactly 8080 was asked for" },
	{ "obeyed", obeyed, PCP_VERSION_2, ANSWER_GRANTED,
	  "203.0.113.9:8080 → 192.0.2.7:8080 tcp for 1:00:00, as asked  1.4 ms", NULL, NULL,
	  "203.0.113.9:8080 tcp 1:00:00" },
	{ "deleted", deleted, PCP_VERSION_2, ANSWER_GRANTED, "tcp 192.0.2.7:8080 deleted  1.4 ms",
	  NULL, NULL, NULL },
	{ "held", held, PCP_VERSION_2, ANSWER_HELD,
	  "not sent yet: it goes in 4 s, since renewals are at least four seconds apart (11.2.1)",
	  NULL, "not sent yet: it goes in 4 s", "not sent yet: it goes in 4 s" },
	{ "all deleted", all_deleted, PCP_VERSION_2, ANSWER_GRANTED,
	  "all tcp mappings of 192.0.2.7 deleted  1.4 ms", NULL, NULL,
	  "all tcp mappings of 192.0.2.7 deleted" },
	{ "kept by traffic", kept_by_traffic, PCP_VERSION_2, ANSWER_GRANTED,
	  "tcp 192.0.2.7:8080 is kept for 0:02:00 by its traffic, then deleted  "
	  "1.4 ms",
	  NULL, NULL, "tcp 192.0.2.7:8080 is kept for 0:02:00 by its traffic, then deleted" },
	{ "announced", announced, PCP_VERSION_2, ANSWER_GRANTED,
	  "192.0.2.2:5351 speaks PCP; its state is 0:16:40 old  1.4 ms", NULL, NULL,
	  "192.0.2.2:5351 speaks PCP" },
	{ "list whole", list_whole, PCP_VERSION_2, ANSWER_GRANTED,
	  "2 mappings stand: tcp 8080 \"web\", udp 5000; the list is whole  1.4 ms", NULL, NULL,
	  "2 mappings stand; the list is whole" },
	{ "list of four", list_of_four, PCP_VERSION_2, ANSWER_GRANTED,
	  "4 mappings stand: tcp 8080, tcp 8081, tcp 8082, tcp 8083; the list is whole  1.4 ms",
	  NULL, "4 mappings stand: tcp 8080, tcp 8081, tcp 8082, tcp 8083; the list is whole",
	  "4 mappings stand; the list is whole" },
	{ "list of ten", list_of_ten, PCP_VERSION_2, ANSWER_GRANTED,
	  "10 mappings stand: tcp 8080, tcp 8081, tcp 8082, tcp 8083, tcp 8084, tcp 8085, tcp "
	  "8086, "
	  "tcp 8087 and 2 more; the list is whole  1.4 ms",
	  "10 mappings stand: tcp 8080, tcp 8081, tcp 8082 and 7 more; the list is whole", NULL,
	  "10 mappings stand; the list is whole" },
	{ "list goes on", list_goes_on, PCP_VERSION_2, ANSWER_GRANTED,
	  "1 mapping stands: tcp 8080; the list goes on, walk follows it  1.4 ms", NULL, NULL,
	  "1 mapping stands" },
	{ "list ends", list_ends, PCP_VERSION_2, ANSWER_GRANTED,
	  "1 mapping stands: tcp 8080; the list ends here  1.4 ms", NULL, NULL,
	  "1 mapping stands; the list ends here" },
	{ "such stand", such_stand, PCP_VERSION_2, ANSWER_GRANTED,
	  "such mappings stand; get -next lists them, walk all of them  1.4 ms", NULL, NULL,
	  "such mappings stand" },
	{ "get unknown", get_unknown, PCP_VERSION_2, ANSWER_REFUSED,
	  "UNSUPP_OPCODE: GET is a draft, not known there; ask again in 0:30:00", NULL, NULL,
	  "UNSUPP_OPCODE; ask again in 0:30:00" },
	{ "refused", refused, PCP_VERSION_2, ANSWER_REFUSED,
	  "NOT_AUTHORIZED: Refused by policy, or the mapping belongs to another "
	  "nonce: it may be tried again when the lifetime of the error is over; "
	  "ask again in 0:30:00",
	  "NOT_AUTHORIZED: Refused by policy, or the mapping belongs to another "
	  "nonce; ask again in 0:30:00",
	  "NOT_AUTHORIZED: Refused by policy, or the mapping…; ask again in 0:30:00",
	  "NOT_AUTHORIZED; ask again in 0:30:00" },
	{ "refused version", refused_version, PCP_VERSION_2, ANSWER_REFUSED,
	  "UNSUPP_VERSION: the server refuses the version that was set; ask again in 0:30:00", NULL,
	  "UNSUPP_VERSION: the server refuses the version that was…; ask again in 0:30:00",
	  "UNSUPP_VERSION; ask again in 0:30:00" },
	{ "refused later", refused_later, PCP_VERSION_2, ANSWER_REFUSED,
	  "NOT_AUTHORIZED: Refused by policy, or the mapping belongs to another "
	  "nonce: it may be tried again when the lifetime of the error is over; "
	  "ask again in 0:15:00",
	  "NOT_AUTHORIZED: Refused by policy, or the mapping belongs to another "
	  "nonce; ask again in 0:15:00",
	  "NOT_AUTHORIZED: Refused by policy, or the mapping…; ask again in 0:15:00",
	  "NOT_AUTHORIZED; ask again in 0:15:00" },
	{ "refused port", refused_port, PCP_VERSION_2, ANSWER_REFUSED,
	  "CANNOT_PROVIDE_EXTERNAL: tcp 8080 is not to be had; ask again in 0:30:00", NULL, NULL,
	  "CANNOT_PROVIDE_EXTERNAL" },
	{ "refused port, by the lab", refused_port_by_lab, PCP_VERSION_2, ANSWER_REFUSED,
	  "CANNOT_PROVIDE_EXTERNAL: tcp 8080 is not to be had (lab: UDP port 5351 is the gateway's "
	  "own); ask again in 0:30:00",
	  NULL, "CANNOT_PROVIDE_EXTERNAL: tcp 8080 is not to be had; ask again in 0:30:00",
	  "CANNOT_PROVIDE_EXTERNAL" },
	{ "refused unknown", refused_unknown, PCP_VERSION_2, ANSWER_REFUSED,
	  "result 77, which no document knows", NULL, NULL, NULL },
	{ "other nonce", other_nonce, PCP_VERSION_2, ANSWER_IGNORED,
	  "1 answer ignored: its nonce is not that of the mapping; still waiting", NULL, NULL,
	  "1 answer ignored" },
	{ "other nonce over", other_nonce_over, PCP_VERSION_2, ANSWER_IGNORED,
	  "1 answer ignored: its nonce is not that of the mapping", NULL, NULL,
	  "1 answer ignored" },
	{ "other source", other_source, PCP_VERSION_2, ANSWER_IGNORED,
	  "1 answer ignored: it comes from 192.0.2.77:5351, and 192.0.2.2:5351 "
	  "was asked; -s 192.0.2.77:5351 asks that address",
	  NULL,
	  "1 answer ignored: it comes from 192.0.2.77:5351, and 192.0.2.2:5351 "
	  "was asked",
	  "1 answer ignored" },
	{ "waited", waited, PCP_VERSION_2, ANSWER_WAITING,
	  "192.0.2.2:5351 says nothing: 1 try in 0 s, the next in 3 s", NULL, NULL,
	  "192.0.2.2:5351 says nothing: 1 try" },
	{ "waited long", waited_long, PCP_VERSION_2, ANSWER_WAITING,
	  "192.0.2.2:5351 says nothing: 2 tries in 6 s, the next in 3 s; no NAT "
	  "or firewall, or it does not speak PCP; from here the two look alike",
	  "192.0.2.2:5351 says nothing: 2 tries in 6 s, the next in 3 s; no NAT "
	  "or firewall, or it does not speak PCP",
	  "192.0.2.2:5351 says nothing: 2 tries in 6 s, the next in 3 s",
	  "192.0.2.2:5351 says nothing: 2 tries" },
	{ "silent", silent, PCP_VERSION_2, ANSWER_SILENT,
	  "No answer from 192.0.2.2:5351: no NAT or firewall, or it does not "
	  "speak PCP; from here the two look alike",
	  NULL,
	  "No answer from 192.0.2.2:5351: no NAT or firewall, or it does not "
	  "speak PCP",
	  "No answer from 192.0.2.2:5351" },
	{ "unreachable", unreachable, PCP_VERSION_2, ANSWER_UNREACHABLE,
	  "192.0.2.2:5351: port unreachable. There is a host, but no PCP or "
	  "NAT-PMP on it",
	  NULL, NULL, "192.0.2.2:5351: port unreachable" },
	{ "host unreachable", host_unreachable, PCP_VERSION_2, ANSWER_UNREACHABLE,
	  "192.0.2.2:5351: host unreachable", NULL, NULL, NULL },
	{ "cancelled", cancelled, PCP_VERSION_2, ANSWER_CANCELLED, "given up by hand", NULL, NULL,
	  NULL },
	{ "unheard of", unheard_of, PCP_VERSION_2, ANSWER_UNKNOWN, "", NULL, NULL, NULL },
	{ "mapped by natpmp", mapped_by_natpmp, PCP_VERSION_NATPMP, ANSWER_GRANTED,
	  "0.0.0.0:8080 → 192.0.2.7:8080 tcp for 1:00:00, as asked; the gateway "
	  "told no external address  1.4 ms",
	  NULL, "0.0.0.0:8080 tcp 1:00:00; the gateway told no external address", "0.0.0.0:8080" },
	{ "announced by natpmp", announced_by_natpmp, PCP_VERSION_NATPMP, ANSWER_GRANTED,
	  "192.0.2.2:5351 speaks NAT-PMP; its state is 1:00:00 old; external "
	  "address 10.0.0.1; nobody outside gets in: private (RFC 1918): another "
	  "NAT stands outside this one, or the network is private by design  1.4 "
	  "ms",
	  "192.0.2.2:5351 speaks NAT-PMP; its state is 1:00:00 old; external "
	  "address 10.0.0.1; nobody outside gets in",
	  "192.0.2.2:5351 speaks NAT-PMP; external address 10.0.0.1; nobody "
	  "outside gets in",
	  "192.0.2.2:5351 speaks NAT-PMP; nobody outside gets in" },
	{ "refused by natpmp", refused_by_natpmp, PCP_VERSION_NATPMP, ANSWER_REFUSED,
	  "NETWORK_FAILURE: The gateway has no external address yet", NULL, NULL,
	  "NETWORK_FAILURE: The gateway has no…" },
	{ "waited long, NAT-PMP", waited_long, PCP_VERSION_NATPMP, ANSWER_WAITING,
	  "192.0.2.2:5351 says nothing: 5 tries in 6 s, the next in 2 s; no NAT, "
	  "or it does not speak NAT-PMP; without --nat-pmp, PCP is tried first",
	  "192.0.2.2:5351 says nothing: 5 tries in 6 s, the next in 2 s; no NAT, "
	  "or it does not speak NAT-PMP",
	  "192.0.2.2:5351 says nothing: 5 tries in 6 s, the next in 2 s",
	  "192.0.2.2:5351 says nothing: 5 tries" },
	{ "silent, NAT-PMP", silent, PCP_VERSION_NATPMP, ANSWER_SILENT,
	  "No answer from 192.0.2.2:5351: no NAT, or it does not speak NAT-PMP; "
	  "without --nat-pmp, PCP is tried first",
	  NULL, "No answer from 192.0.2.2:5351: no NAT, or it does not speak NAT-PMP",
	  "No answer from 192.0.2.2:5351" },
};

static void says(const struct outcome *outcome, unsigned width, const char *sentence)
{
	char text[ANSWER_TEXT];
	size_t len = answer_sentence(&answer, width, text, sizeof text);

	if (strcmp(text, sentence) != 0)
		fail_msg("%s, %u columns: \"%s\" instead of \"%s\"", outcome->name, width, text,
			 sentence);
	assert_int_equal(len, strlen(text));
}

static void test_outcome(void **state)
{
	const struct outcome *outcome = *state;
	const char *sentence = outcome->whole;

	start(outcome->version);
	outcome->happens();
	answer.now = rig.now;
	assert_string_equal(answer_verdict_name(answer_verdict(&answer)),
			    answer_verdict_name(outcome->verdict));
	says(outcome, 0, sentence);
	says(outcome, 120, sentence = outcome->at_120 ? outcome->at_120 : sentence);
	says(outcome, 80, sentence = outcome->at_80 ? outcome->at_80 : sentence);
	says(outcome, 40, outcome->at_40 ? outcome->at_40 : sentence);
	stop();
}

/* Every width: whole pieces, never more than fits but for what stays, and no buffer too small. */
static void test_widths(void **state)
{
	char text[ANSWER_TEXT], cut[8];

	(void)state;
	start(PCP_VERSION_2);
	all_other();
	answer.ascii = true;
	answer.now = rig.now;
	for (unsigned width = 1; width < 120; width++) {
		size_t len = answer_sentence(&answer, width, text, sizeof text);

		assert_true(len <= width || strcmp(text, "203.0.113.9:24307") == 0);
		assert_memory_equal(text, "203.0.113.9:24307", 17);
		assert_int_equal(answer_sentence(&answer, width, cut, sizeof cut), len);
		assert_string_equal(cut, "203.0.1");
		assert_int_equal(answer_sentence(&answer, width, NULL, 0), len);
	}
	assert_string_equal(text, "203.0.113.9:24307 -> 192.0.2.7:53 tcp for 0:02:00 != asked "
				  "198.51.100.1:53, 1:00:00  1.4 ms");
	stop();
}

static void test_example(void **state)
{
	char text[ANSWER_TEXT];

	(void)state;
	start(PCP_VERSION_2);
	as_asked();
	answer.now = rig.now;
	answer.example = false;
	answer_sentence(&answer, 0, text, sizeof text);
	assert_non_null(strstr(text, "documentation"));
	stop();
	start(PCP_VERSION_2);
	other_port();
	answer.now = rig.now;
	answer.example = false;
	answer_sentence(&answer, 80, text, sizeof text); /* what was not as asked is worth more */
	assert_string_equal(text, "203.0.113.9:24307 → 192.0.2.7:53 tcp for 1:00:00 ≠ asked :53");
	stop();
}

enum { OUTCOMES = sizeof outcomes / sizeof *outcomes };

int main(void)
{
	struct CMUnitTest tests[OUTCOMES + 2];

	for (size_t i = 0; i < OUTCOMES; i++)
		tests[i] = (struct CMUnitTest){ outcomes[i].name, test_outcome, NULL, NULL,
						(void *)(uintptr_t)&outcomes[i] };
	tests[OUTCOMES] = (struct CMUnitTest)cmocka_unit_test(test_widths);
	tests[OUTCOMES + 1] = (struct CMUnitTest)cmocka_unit_test(test_example);
	return cmocka_run_group_tests_name("answer", tests, NULL, NULL);
}
