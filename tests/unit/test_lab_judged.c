/*
 * Ten thousand requests by seed, most of them nearly right, to labs of many settings; the linter
 * judges each answer. What it finds is a fault of the lab's or its own.
 */
#include "judged.h"

enum { LABS = 200, REQUESTS = 50, FAULTS_SHOWN = 12 };

static struct rig rig;

static uint32_t below(uint32_t n)
{
	return (uint32_t)pcp_rng_below(&rig.rng, n);
}

static bool one_in(uint32_t n)
{
	return below(n) == 0;
}

/* ---- requests ---- */

struct draft {
	uint8_t octets[1600];
	size_t len;
};

static void put(struct draft *draft, const void *octets, size_t len)
{
	memcpy(draft->octets + draft->len, octets, len);
	draft->len += len;
}

static void put_number(struct draft *draft, uint32_t value, size_t len)
{
	while (len-- > 0) {
		uint32_t octets = len < sizeof value ? value >> (8 * len) : 0;

		draft->octets[draft->len++] = (uint8_t)octets;
	}
}

static void put_zeros(struct draft *draft, size_t len)
{
	memset(draft->octets + draft->len, 0, len);
	draft->len += len;
}

static void put_addr(struct draft *draft, const char *typed)
{
	uint8_t addr[PCP_ADDR_LEN];

	assert_true(pcp_addr_parse(typed, addr, NULL));
	put(draft, addr, sizeof(addr));
}

#define ANY_OF(list) (list)[below(sizeof(list) / sizeof(*(list)))]

static const char *client_of(bool v4)
{
	return v4 ? "192.168.5.100" : "2001:db8:1::10";
}

static void put_outside(struct draft *draft, bool v4)
{
	static const char *const addresses[] = {
		"203.0.113.9", "203.0.113.10", "8.8.8.8",	 "127.0.0.1",
		"::1",	       "224.0.0.1",    "2001:db8:1::10", "::"
	};

	if (one_in(3))
		put_addr(draft, ANY_OF(addresses));
	else
		put_addr(draft, v4 ? "0.0.0.0" : "::");
}

static uint32_t port(void)
{
	static const uint16_t ports[] = { 0, 22, 80, 5350, 5351, 8080, 8081, 8082, 65535 };

	return one_in(3) ? below(65536) : ANY_OF(ports);
}

static void put_mapping(struct draft *draft, bool v4, bool peer)
{
	static const uint8_t protocols[] = { 6, 6, 6, 17, 17, 132, 1, 0, 47, 200, 33 };
	uint32_t inside = port();

	put_number(draft, below(2) ? 0xa0a1a2a3 : 0xb0b1b2b3, 4);
	put_number(draft, 1, 8);
	put_number(draft, ANY_OF(protocols), 1);
	put_number(draft, one_in(20) ? 0xffffff : 0, 3);
	put_number(draft, inside, 2);
	put_number(draft, one_in(2) ? 0 : one_in(2) ? inside : port(), 2);
	put_outside(draft, v4);
	if (!peer)
		return;
	put_number(draft, one_in(10) ? 0 : 443, 2);
	put_number(draft, one_in(20) ? 0xffff : 0, 2);
	put_addr(draft, one_in(10) ? "127.0.0.1" : v4 ? "198.51.100.7" : "2001:db8:9::7");
}

static void put_filter_of_get(struct draft *draft, bool v4)
{
	const char *none = v4 ? "0.0.0.0" : "::";

	put_number(draft, one_in(2) ? 0 : 6, 1);
	put_zeros(draft, 3);
	put_addr(draft, one_in(3) ? client_of(v4) : none);
	put_addr(draft, one_in(4) ? "203.0.113.9" : none);
	put_number(draft, one_in(4) ? 8080 : 0, 2);
	put_number(draft, 0, 2);
}

static void put_tlv(struct draft *draft, uint32_t code, const struct draft *data)
{
	put_number(draft, code, 1);
	put_number(draft, one_in(30) ? 0xff : 0, 1);
	put_number(draft, (uint32_t)data->len, 2);
	put(draft, data->octets, data->len);
	put_zeros(draft, (4 - data->len % 4) % 4);
}

static void put_option(struct draft *draft, bool v4, uint32_t inside)
{
	static const uint8_t codes[] = { 1,   2,   3,	3,   4,	  13,  64,  99,	 126, 128,
					 128, 129, 130, 130, 131, 132, 132, 200, 254, 255 };
	uint32_t code = ANY_OF(codes);
	struct draft data = { .len = 0 };
	bool broken;

	switch (code) {
	case PCP_THIRD_PARTY:
		put_addr(&data, one_in(6) ? client_of(v4)
				: v4	  ? "192.168.5.101"
					  : "2001:db8:1::11");
		break;
	case PCP_FILTER:
		put_number(&data, one_in(20) ? 0xff : 0, 1);
		put_number(&data, one_in(5) ? below(256) : v4 ? 96 + 24 : 64, 1);
		put_number(&data, one_in(2) ? 0 : 443, 2);
		put_addr(&data, one_in(8) ? "::1" : v4 ? "198.51.100.0" : "2001:db8:9::");
		break;
	case PCP_PREFIX64:
		put_number(&data, 12, 2);
		put_zeros(&data, 12);
		break;
	case PCP_PORT_SET:
		put_number(&data, one_in(8) ? 0 : 1 + below(40), 2);
		put_number(&data, one_in(8) ? port() : inside, 2);
		put_number(&data, one_in(8) ? below(256) : below(2), 1);
		break;
	case PCP_NEXT:
		put_zeros(&data, 15);
		put_number(&data, below(2), 1);
		put_addr(&data, v4 ? "0.0.0.0" : "::");
		put_addr(&data, v4 ? "0.0.0.0" : "::");
		put_zeros(&data, 8);
		put_number(&data, 0x0380, one_in(2) ? 2 : 0);
		break;
	case PCP_DESCRIPTION:
		broken = one_in(6);
		put(&data, broken ? "\xff\xfe" : "web server", broken ? 2 : 10);
		break;
	case PCP_PREFER_FAILURE:
	case PCP_PORT_RESERVATION:
		break;
	default:
		put_number(&data, below(UINT16_MAX), 4);
		break;
	}
	if (one_in(30) && data.len > 0)
		data.len--;
	put_tlv(draft, code, &data);
}

static void draft_pcp(struct draft *draft, bool v4)
{
	static const uint32_t lifetimes[] = { 0, 0, 1, 60, 3600, 3600, 86400, UINT32_MAX };
	static const uint8_t opcodes[] = { 1, 1, 1, 1, 1, 2, 2, 0, 98, 98, 3, 77 };
	uint32_t opcode = ANY_OF(opcodes), inside = 0;

	put_number(draft, one_in(20) ? below(5) : 2, 1);
	put_number(draft, opcode, 1);
	put_number(draft, one_in(30) ? 0xffff : 0, 2);
	put_number(draft, ANY_OF(lifetimes), 4);
	put_addr(draft, one_in(30) ? "10.0.0.1" : client_of(v4));
	if (opcode == PCP_MAP || opcode == PCP_PEER) {
		put_mapping(draft, v4, opcode == PCP_PEER);
		inside = (uint32_t)draft->octets[40] << 8 | draft->octets[41];
	} else if (opcode == PCP_GET) {
		put_filter_of_get(draft, v4);
	}
	for (uint32_t n = opcode == PCP_GET ? 2 : below(4); n > 0; n--)
		put_option(draft, v4, inside);
	if (one_in(25))
		draft->len = 2 + below((uint32_t)draft->len - 2);
	else if (one_in(60))
		put_zeros(draft, 1100 - draft->len % 4);
}

static void draft_natpmp(struct draft *draft)
{
	static const uint8_t opcodes[] = { 0, 1, 1, 2, 2, 3, 9 };
	uint32_t opcode = ANY_OF(opcodes);

	put_number(draft, opcode, 2);
	if (opcode == 0)
		return;
	put_number(draft, one_in(20) ? 0xffff : 0, 2);
	put_number(draft, port(), 2);
	put_number(draft, port(), 2);
	put_number(draft, one_in(3) ? 0 : 7200, 4);
}

/* ---- labs ---- */

static void furnish(void)
{
	static const char *const words[] = {
		"",
		"quota=3",
		"ports=8080-8089",
		"wan=203.0.113.9/4",
		"max-filters=1",
		"hold=0",
		"active=2m",
		"versions=2",
		"versions=2+1+0",
		"nonce-check=off",
		"third-party=off",
		"without=FILTER+DESCRIPTION",
		"wildcards=off",
		"ipv4=firewall",
		"ipv6=nat64",
		"ipv6=firewall",
		"prefix64=none",
		"auth=on",
		"overload=refuse",
		"protocols=tcp",
		"wan=down",
		"no-family=refuse",
		"hints=off",
		"port-zero=any",
		"refusal=deployed",
		"refusal=erratum",
		"third-party-id=abcd+01",
		"static=tcp/192.168.5.100:80/203.0.113.9:80",
		"implicit=tcp/192.168.5.100:22/198.51.100.7:443",
		"max-mappings=4",
		"scenario=minimal",
		"scenario=cgn-ports",
	};

	struct pcp_why why;

	for (int i = 0; i < 3; i++) {
		const char *word = ANY_OF(words);

		if (*word) /* two of them may not go together */
			lab_set(rig.lab, rig.now, word, &why);
	}
}

static size_t answers, wrong;

static void judge(const struct draft *draft, uint64_t seed)
{
	char said[400], hex[2][3300];

	for (size_t k = 0; k < rig.nsent && k < RIG_KEPT; k++, answers++) {
		const struct rig_sent *sent = &rig.sent[k];

		if (judged(sent, draft->octets, draft->len, said, sizeof(said)) ||
		    wrong++ >= FAULTS_SHOWN)
			continue;
		pcp_hex_text(draft->octets, draft->len, hex[0], sizeof(hex[0]));
		pcp_hex_text(sent->octets, sent->len, hex[1], sizeof(hex[1]));
		print_message("seed %u: %s\n  asked    %s\n  answered %s\n", (unsigned)seed, said,
			      hex[0], hex[1]);
	}
}

static void ask_anything(uint64_t seed)
{
	bool v4 = !one_in(4);
	struct pcp_endpoint client = rig_endpoint(v4 ? "A" : "C");
	struct pcp_endpoint server = rig_endpoint(v4 ? "S" : "S6");
	struct draft draft = { .len = 0 };

	if (one_in(8))
		draft_natpmp(&draft);
	else
		draft_pcp(&draft, v4);
	rig_until(&rig, rig.now + below(3) * USEC_PER_SEC);
	rig_clear(&rig);
	lab_receive(rig.lab, rig.now, &client, &server, draft.octets, draft.len);
	judge(&draft, seed);
}

static void answers_are_right(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= LABS; seed++) {
		rig_open(&rig, seed);
		furnish();
		for (int i = 0; i < REQUESTS; i++)
			ask_anything(seed);
		rig_close(&rig);
	}
	assert_true(answers > LABS * REQUESTS / 2);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(answers_are_right) };

	return cmocka_run_group_tests_name("lab judged", tests, NULL, NULL);
}
