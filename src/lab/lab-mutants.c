/*
 * A gateway that breaks one rule: for each case of `probe` a mutant that fails it, and as little
 * else as can be. A row says which request it strikes, and what becomes of its answer.
 */
#include <string.h>

#include "lab-mutant.h"

/* ---- what stands in a packet ---- */

static uint32_t get(const uint8_t *at, size_t octets)
{
	uint32_t value = 0;

	while (octets-- > 0)
		value = value << 8 | *at++;
	return value;
}

static void put(uint8_t *at, size_t octets, uint32_t value)
{
	for (; octets > 0; value >>= 8)
		at[--octets] = (uint8_t)value;
}

enum {
	LIFETIME = 4,
	CLIENT = 8,
	NONCE = 24,
	PROTOCOL = 36,
	RESERVED = 37,
	INTERNAL = 40,
	EXTERNAL = 42,
	ADDRESS = 44,
	OPTIONS = 60,
	PEER_OPTIONS = 80
};

static bool is(const struct lab_hit *h, uint8_t opcode)
{
	return h->n >= PCP_HEADER_LEN && h->q[0] == PCP_VERSION_2 && h->q[1] == opcode;
}

static bool announce(const struct lab_hit *h)
{
	return is(h, PCP_ANNOUNCE);
}

static bool map(const struct lab_hit *h)
{
	return is(h, PCP_MAP) && h->n >= OPTIONS;
}

static bool peer(const struct lab_hit *h)
{
	return is(h, PCP_PEER) && h->n >= PEER_OPTIONS;
}

static bool makes(const struct lab_hit *h)
{
	return map(h) && get(h->q + LIFETIME, 4) > 0;
}

static bool deletes(const struct lab_hit *h)
{
	return map(h) && get(h->q + LIFETIME, 4) == 0;
}

static bool result(const struct lab_hit *h, uint8_t code)
{
	return h->a && h->a[3] == code;
}

static bool made(const struct lab_hit *h)
{
	return makes(h) && result(h, PCP_SUCCESS);
}

static bool plain(const struct lab_hit *h)
{
	return h->n == OPTIONS;
}

static uint32_t suggested(const struct lab_hit *h)
{
	return get(h->q + EXTERNAL, 2);
}

static bool suggests_address(const struct lab_hit *h)
{
	return map(h) && !pcp_addr_is_any(h->q + ADDRESS);
}

/* The nth option, and its code. */
static bool option(const struct lab_hit *h, size_t nth, uint8_t code, struct pcp_tlv *tlv)
{
	size_t start = PCP_HEADER_LEN + pcp_body_len(h->q[1] & 0x7f, PCP_VERSION_2), pos = 0;
	bool bad = false;

	if (h->n <= start)
		return false;
	while (pcp_tlv_next(h->q + start, h->n - start, &pos, tlv, &bad))
		if (nth-- == 0)
			return tlv->code == code;
	return false;
}

static size_t options(const struct lab_hit *h)
{
	size_t start = PCP_HEADER_LEN + pcp_body_len(h->q[1] & 0x7f, PCP_VERSION_2), pos = 0, n = 0;
	struct pcp_tlv tlv;
	bool bad = false;

	while (h->n > start && pcp_tlv_next(h->q + start, h->n - start, &pos, &tlv, &bad))
		n++;
	return n;
}

static bool has(const struct lab_hit *h, uint8_t code)
{
	struct pcp_tlv tlv;

	return option(h, 0, code, &tlv);
}

static bool option_of(const struct lab_hit *h, uint8_t code, size_t len)
{
	struct pcp_tlv tlv;

	return option(h, 0, code, &tlv) && tlv.len == len;
}

/* The octets at which an option's header stands behind an ANNOUNCE. */
static bool starts(const struct lab_hit *h, uint8_t code, uint32_t length)
{
	return announce(h) && h->n >= 28 && h->q[24] == code && get(h->q + 26, 2) == length;
}

static bool repeats(const struct lab_hit *h)
{
	const struct lab_mutation *m = h->memory;

	return m->before_len == h->n && h->n <= sizeof m->before &&
	       memcmp(m->before, h->q, h->n) == 0;
}

static uint8_t opcode_before(const struct lab_hit *h)
{
	return h->memory->before_len >= OPTIONS ? h->memory->before[1] : 0xff;
}

static bool same_internal_before(const struct lab_hit *h)
{
	const struct lab_mutation *m = h->memory;

	return m->before_len >= OPTIONS && memcmp(m->before + PROTOCOL, h->q + PROTOCOL, 6) == 0;
}

static bool natpmp(const struct lab_hit *h, uint8_t opcode)
{
	return h->n >= 2 && h->q[0] == PCP_VERSION_NATPMP && h->q[1] == opcode;
}

static bool natpmp_makes(const struct lab_hit *h)
{
	return natpmp(h, NATPMP_MAP_UDP) && h->n == 12 && get(h->q + 8, 4) > 0;
}

static bool natpmp_deletes(const struct lab_hit *h)
{
	return natpmp(h, NATPMP_MAP_UDP) && h->n == 12 && get(h->q + 8, 4) == 0;
}

/* ---- what becomes of an answer ---- */

static bool give(struct lab_hit *h, int value)
{
	h->a[3] = (uint8_t)value;
	if (h->a[0] == PCP_VERSION_2 && value != PCP_SUCCESS && !get(h->a + LIFETIME, 4))
		put(h->a + LIFETIME, 4, 1800);
	return true;
}

/* An ANNOUNCE's success is its header. */
static bool succeed(struct lab_hit *h, int value)
{
	(void)value;
	h->a[3] = PCP_SUCCESS;
	memset(h->a + 12, 0, 12);
	if (announce(h))
		*h->len = PCP_HEADER_LEN;
	return true;
}

static bool keep_silent(struct lab_hit *h, int value)
{
	(void)h;
	(void)value;
	return false;
}

static bool set_octet(struct lab_hit *h, int at)
{
	h->a[at] = 0xaa;
	return true;
}

static bool turn_octet(struct lab_hit *h, int at)
{
	h->a[at] ^= 1;
	return true;
}

static bool tell_lifetime(struct lab_hit *h, int seconds)
{
	put(h->a + LIFETIME, 4, (uint32_t)seconds);
	return true;
}

static bool tell_epoch(struct lab_hit *h, int seconds)
{
	put(h->a + CLIENT, 4, (uint32_t)seconds);
	return true;
}

/* The clock of the first answer that it struck. */
static bool stop_clock(struct lab_hit *h, int at)
{
	if (!h->memory->clock)
		h->memory->clock = get(h->a + at, 4);
	put(h->a + at, 4, h->memory->clock);
	return true;
}

static bool tell_port(struct lab_hit *h, int port)
{
	put(h->a + EXTERNAL, 2, (uint32_t)port);
	return true;
}

static bool grant_port(struct lab_hit *h, int port)
{
	h->a[3] = PCP_SUCCESS;
	put(h->a + LIFETIME, 4, 120);
	return tell_port(h, port);
}

static bool move(struct lab_hit *h, int by)
{
	return tell_port(h, (int)get(h->a + EXTERNAL, 2) + by);
}

static bool follow_suggestion(struct lab_hit *h, int value)
{
	(void)value;
	return tell_port(h, (int)suggested(h));
}

static bool cut(struct lab_hit *h, int len)
{
	*h->len = (size_t)len;
	return true;
}

static bool reflect(struct lab_hit *h, int at)
{
	h->a[at] = h->q[at];
	return true;
}

static bool reflect_client(struct lab_hit *h, int value)
{
	(void)value;
	memcpy(h->a + 12, h->q + 12, 12);
	return true;
}

/* Option data in the answer: MAP's first option, `at` octets into its data. */
static bool turn_data(struct lab_hit *h, int at)
{
	if (*h->len > OPTIONS + PCP_TLV_LEN + (size_t)at)
		h->a[OPTIONS + PCP_TLV_LEN + at] ^= 0xff;
	return true;
}

static bool echo_option(struct lab_hit *h, int code)
{
	size_t len = h->n - OPTIONS;

	(void)code;
	memcpy(h->a + OPTIONS, h->q + OPTIONS, len);
	*h->len = OPTIONS + len;
	return true;
}

static bool shorten_text(struct lab_hit *h, int octets)
{
	put(h->a + OPTIONS + 2, 2, (uint32_t)octets);
	*h->len = OPTIONS + PCP_TLV_LEN + ((size_t)octets + 3) / 4 * 4;
	return true;
}

static bool make_set(struct lab_hit *h, int size)
{
	put(h->a + OPTIONS + PCP_TLV_LEN, 2, (uint32_t)size);
	return true;
}

/* PREFIX64 as the request has it: ::/96. */
static bool echo_body(struct lab_hit *h, int value)
{
	(void)value;
	memcpy(h->a + PCP_HEADER_LEN, h->q + PCP_HEADER_LEN, h->n - PCP_HEADER_LEN);
	*h->len = h->n;
	return true;
}

static bool offer_session_0(struct lab_hit *h, int value)
{
	(void)value;
	h->a[3] = PCP_AUTHENTICATION_REQUEST;
	return true;
}

/* A list with one mapping, which is nobody's. */
static bool list_stranger(struct lab_hit *h, int value)
{
	uint8_t *next = h->a + 64;

	(void)value;
	memcpy(h->a, h->q, 64);
	h->a[1] |= PCP_R;
	h->a[3] = PCP_SUCCESS;
	put(h->a + CLIENT, 4, 3600);
	memset(h->a + 12, 0, 12);
	memset(next, 0, 60);
	next[0] = PCP_NEXT;
	next[3] = 56;
	next[4 + 12] = PCP_UDP;
	next[4 + 15] = 1; /* END */
	memcpy(next + 4 + 16, h->q + CLIENT, PCP_ADDR_LEN);
	memcpy(next + 4 + 32, h->lab->wan, PCP_ADDR_LEN);
	put(next + 4 + 48, 4, 60);
	put(next + 4 + 52, 2, 9);
	put(next + 4 + 54, 2, 9);
	*h->len = 124;
	return true;
}

static bool natpmp_put(struct lab_hit *h, int at)
{
	put(h->a + at, 2, 77);
	return true;
}

static bool natpmp_5351(struct lab_hit *h, int value)
{
	(void)value;
	put(h->a + 10, 2, PCP_SERVER_PORT);
	return true;
}

static bool natpmp_follow(struct lab_hit *h, int value)
{
	(void)value;
	put(h->a + 10, 2, get(h->q + 6, 2));
	return true;
}

/* ---- what the gateway takes a request for ---- */

static void drop_r(const struct lab_hit *h, uint8_t *q, size_t *len)
{
	(void)h;
	(void)len;
	q[1] &= (uint8_t)~PCP_R;
}

static void fill_up(const struct lab_hit *h, uint8_t *q, size_t *len)
{
	(void)h;
	memset(q + *len, 0, PCP_HEADER_LEN - *len);
	*len = PCP_HEADER_LEN;
}

static void round_down(const struct lab_hit *h, uint8_t *q, size_t *len)
{
	(void)h;
	(void)q;
	*len -= *len % 4;
}

static void believe_source(const struct lab_hit *h, uint8_t *q, size_t *len)
{
	(void)len;
	memcpy(q + CLIENT, h->memory->from, PCP_ADDR_LEN);
}

/* ---- which request is meant ---- */

static bool wrong_client(const struct lab_hit *h)
{
	return h->n >= PCP_HEADER_LEN && memcmp(h->q + CLIENT, h->memory->from, PCP_ADDR_LEN) != 0;
}

static bool compatible_client(const struct lab_hit *h)
{
	static const uint8_t zero[12];

	return announce(h) && wrong_client(h) && memcmp(h->q + CLIENT, zero, 12) == 0;
}

/* clang-format off */
static bool a01(const struct lab_hit *h) { return announce(h) && h->n == 24 && result(h, 0); }
static bool a02(const struct lab_hit *h) { return announce(h); }
static bool a03(const struct lab_hit *h) { return announce(h) && get(h->q + LIFETIME, 4) > 0; }
static bool a04(const struct lab_hit *h) { return announce(h) && h->q[2]; }
static bool a05(const struct lab_hit *h) { return announce(h) && result(h, 0); }
static bool a06(const struct lab_hit *h)
{
	return h->q[0] == PCP_VERSION_2 && h->a && h->a[3] && h->a[3] != PCP_UNSUPP_VERSION;
}
static bool a07(const struct lab_hit *h) { return h->n == 60 && h->q[0] == 3 && !(h->q[1] & PCP_R); }
static bool a08(const struct lab_hit *h) { return h->q[0] == 255; }
static bool a09(const struct lab_hit *h) { return h->n == 2 && h->q[0] == 3; }
static bool a10(const struct lab_hit *h) { return h->n == 48 && h->q[0] == 1; }
static bool a11(const struct lab_hit *h) { return h->n == 2 && natpmp(h, NATPMP_ADDRESS); }
static bool a12(const struct lab_hit *h) { return h->n == 24 && h->q[0] == 2 && h->q[1] == PCP_R; }
static bool a13(const struct lab_hit *h) { return h->q[0] == 3 && h->n > 2 && h->q[1] & PCP_R; }
static bool a14(const struct lab_hit *h) { return h->n == 1; }
static bool a15(const struct lab_hit *h) { return h->n == 23; }
static bool a16(const struct lab_hit *h) { return announce(h) && h->n % 4; }
static bool a17(const struct lab_hit *h) { return is(h, 63) && result(h, PCP_UNSUPP_OPCODE); }
static bool a18(const struct lab_hit *h) { return is(h, 127) && h->n == PCP_MAX_LEN; }
static bool a19(const struct lab_hit *h) { return announce(h) && h->n > PCP_MAX_LEN; }
static bool a20(const struct lab_hit *h) { return announce(h) && h->n == PCP_MAX_LEN; }
static bool a21(const struct lab_hit *h) { return announce(h) && wrong_client(h) && !compatible_client(h); }
static bool a23(const struct lab_hit *h) { return is(h, 63) && wrong_client(h); }
static bool a24(const struct lab_hit *h) { return announce(h) && result(h, PCP_UNSUPP_OPTION); }

static bool b01(const struct lab_hit *h) { return starts(h, 63, 4) && h->n == 32; }
static bool b02(const struct lab_hit *h) { return starts(h, 223, 4) && h->n == 32; }
static bool b03(const struct lab_hit *h) { return starts(h, 223, 5) && !h->q[25]; }
static bool b04(const struct lab_hit *h) { return starts(h, 223, 100); }
static bool b05(const struct lab_hit *h) { return starts(h, 63, 65535); }
static bool b06(const struct lab_hit *h) { return starts(h, 223, 5) && h->q[25]; }
static bool b07(const struct lab_hit *h) { return starts(h, 223, 4) && h->n == 40; }
static bool b08(const struct lab_hit *h) { return starts(h, 63, 4) && h->n == 36; }
static bool b09(const struct lab_hit *h) { return starts(h, PCP_PREFER_FAILURE, 0); }
static bool b10(const struct lab_hit *h) { return starts(h, 0, 4) || starts(h, 127, 4); }

static bool c02(const struct lab_hit *h) { return made(h) && plain(h) && !suggested(h) && h->q[PROTOCOL] == PCP_UDP; }
static bool c03(const struct lab_hit *h) { return made(h) && plain(h) && repeats(h) && !h->memory->other_port; }
static bool c04(const struct lab_hit *h)
{
	return made(h) && plain(h) && suggested(h) >= 49152 && !suggests_address(h);
}
static bool c05(const struct lab_hit *h)
{
	return makes(h) && result(h, PCP_NOT_AUTHORIZED) && !suggested(h);
}
static bool c06(const struct lab_hit *h)
{
	return deletes(h) && result(h, PCP_NOT_AUTHORIZED) && opcode_before(h) == PCP_MAP;
}
static bool c07(const struct lab_hit *h)
{
	return made(h) && h->memory->result_before == PCP_NOT_AUTHORIZED && same_internal_before(h) &&
	       get(h->memory->before + LIFETIME, 4) > 0;
}
static bool c08(const struct lab_hit *h)
{
	return makes(h) && h->memory->other_port;
}
static bool c09(const struct lab_hit *h) { return made(h) && h->q[RESERVED]; }
static bool c10(const struct lab_hit *h) { return deletes(h) && result(h, 0) && !suggested(h); }
static bool c11(const struct lab_hit *h) { return deletes(h) && repeats(h); }
static bool c12(const struct lab_hit *h)
{
	return deletes(h) && plain(h) && result(h, 0) && !repeats(h) &&
	       h->memory->mappings == lab_nmappings(h->lab) && !suggested(h);
}
static bool c13(const struct lab_hit *h) { return deletes(h) && suggested(h) == 7; }
static bool c14(const struct lab_hit *h) { return makes(h) && !h->q[PROTOCOL] && get(h->q + INTERNAL, 2); }
static bool c15(const struct lab_hit *h) { return deletes(h) && !h->q[PROTOCOL] && get(h->q + INTERNAL, 2); }
static bool c16(const struct lab_hit *h) { return makes(h) && h->q[PROTOCOL] == 253; }

/* A mapping of UDP from the same port stands, with another nonce. */
static bool c17(const struct lab_hit *h)
{
	struct lab_mapping mapping;

	if (!made(h) || h->q[PROTOCOL] != PCP_TCP)
		return false;
	for (size_t i = 0; lab_mapping_at(h->lab, i, &mapping); i++)
		if (mapping.opcode == PCP_MAP && mapping.protocol == PCP_UDP && !mapping.natpmp &&
		    mapping.internal_port == get(h->q + INTERNAL, 2))
			return true;
	return false;
}
static bool c18(const struct lab_hit *h)
{
	return made(h) && plain(h) && suggests_address(h) && suggested(h) >= 49152 &&
	       !same_internal_before(h);
}
static bool c19(const struct lab_hit *h)
{
	return suggests_address(h) && makes(h) && h->q[ADDRESS + 12] == 127;
}
static bool c20(const struct lab_hit *h)
{
	return suggests_address(h) && makes(h) && h->q[ADDRESS + 12] == 224;
}
static bool c21(const struct lab_hit *h)
{
	return made(h) && plain(h) && suggested(h) == 5351 && get(h->q + INTERNAL, 2) != 5351;
}
static bool c22(const struct lab_hit *h) { return makes(h) && get(h->q + INTERNAL, 2) == 5351; }
static bool c23(const struct lab_hit *h)
{
	static const uint8_t zero[PCP_NONCE_LEN];

	return makes(h) && memcmp(h->q + NONCE, zero, sizeof zero) == 0;
}
static bool c24(const struct lab_hit *h) { return made(h) && get(h->q + LIFETIME, 4) == 1; }
static bool c25(const struct lab_hit *h) { return made(h) && get(h->q + LIFETIME, 4) == UINT32_MAX; }
static bool c26(const struct lab_hit *h) { return makes(h) && result(h, 2) && h->memory->long_ago < 3; }
static bool c27(const struct lab_hit *h) { return is(h, PCP_MAP) && h->n < OPTIONS; }
static bool c28(const struct lab_hit *h) { return makes(h) && result(h, 2) && !suggested(h); }
static bool c29(const struct lab_hit *h) { return makes(h) && result(h, 2) && suggested(h); }
static bool c30(const struct lab_hit *h) { return made(h) && h->q[PROTOCOL] == PCP_TCP; }
static bool c31(const struct lab_hit *h)
{
	return made(h) && plain(h) && suggests_address(h) && same_internal_before(h);
}
static bool c32(const struct lab_hit *h)
{
	return makes(h) && has(h, PCP_PREFER_FAILURE) && h->memory->other_address;
}
static bool c35(const struct lab_hit *h) { return made(h) && h->q[PROTOCOL] == PCP_SCTP; }
static bool c36(const struct lab_hit *h) { return h->memory->announces > 40; }

static bool exact(const struct lab_hit *h) { return map(h) && has(h, PCP_PREFER_FAILURE); }
static bool d01(const struct lab_hit *h) { return exact(h) && !suggested(h) && makes(h); }
static bool d02(const struct lab_hit *h) { return exact(h) && deletes(h); }
static bool d03(const struct lab_hit *h) { return exact(h) && makes(h) && options(h) == 2; }
static bool d04(const struct lab_hit *h) { return makes(h) && option_of(h, PCP_PREFER_FAILURE, 4); }
static bool d05(const struct lab_hit *h)
{
	return exact(h) && makes(h) && result(h, 11) && options(h) == 1 && suggested(h) != 5351 &&
	       !same_internal_before(h) && !h->memory->other_address;
}
static bool d06(const struct lab_hit *h) { return exact(h) && made(h); }
static bool d07(const struct lab_hit *h)
{
	return exact(h) && result(h, 11) && same_internal_before(h);
}
static bool d08(const struct lab_hit *h) { return exact(h) && suggested(h) == 5351; }
static bool d09(const struct lab_hit *h)
{
	static const uint8_t zero[PCP_ADDR_LEN];

	return makes(h) && plain(h) && memcmp(h->q + ADDRESS, zero, sizeof zero) == 0;
}

static bool filtered(const struct lab_hit *h) { return makes(h) && option_of(h, PCP_FILTER, 20); }
static uint8_t prefix(const struct lab_hit *h) { return h->q[OPTIONS + PCP_TLV_LEN + 1]; }
static bool same_family(const struct lab_hit *h)
{
	return pcp_addr_is_v4(h->q + OPTIONS + 8) == pcp_addr_is_v4(h->q + CLIENT);
}
static bool e01(const struct lab_hit *h)
{
	return filtered(h) && made(h) && options(h) == 1 && !h->q[OPTIONS + 4] && h->memory->filters < 2;
}
static bool e02(const struct lab_hit *h) { return filtered(h) && options(h) == 1 && prefix(h) == 129; }
static bool e03(const struct lab_hit *h) { return deletes(h) && has(h, PCP_FILTER); }
static bool e04(const struct lab_hit *h) { return filtered(h) && options(h) == 2 && result(h, 6); }
static bool e05(const struct lab_hit *h) { return filtered(h) && prefix(h) == 0; }
static bool e06(const struct lab_hit *h) { return filtered(h) && options(h) == 41; }
static bool e07(const struct lab_hit *h) { return filtered(h) && h->memory->filters == 21 && same_family(h) && !h->q[OPTIONS + 4]; }
static bool e08(const struct lab_hit *h) { return filtered(h) && !same_family(h); }
static bool e09(const struct lab_hit *h) { return filtered(h) && h->q[OPTIONS + 4]; }

static bool peered(const struct lab_hit *h) { return peer(h) && result(h, 0); }
static bool query(const struct lab_hit *h) { return peer(h) && get(h->q + LIFETIME, 4) == 0; }
static bool f01(const struct lab_hit *h) { return peered(h) && !query(h); }
static bool f02(const struct lab_hit *h)
{
	return peer(h) && (!h->q[PROTOCOL] || !get(h->q + INTERNAL, 2) || !get(h->q + 60, 2));
}
static bool f03(const struct lab_hit *h) { return peer(h) && has(h, PCP_PREFER_FAILURE); }
static bool f04(const struct lab_hit *h) { return query(h) && opcode_before(h) == PCP_PEER; }
static bool f05(const struct lab_hit *h) { return peer(h) && result(h, 2); }
static bool f06(const struct lab_hit *h) { return peer(h) && result(h, 11); }
static bool f07(const struct lab_hit *h)
{
	return peer(h) && result(h, 3) && h->q[64 + 12] == 127 && options(h) == 0;
}
static bool f08(const struct lab_hit *h)
{
	return peer(h) && pcp_addr_is_v4(h->q + 64) != pcp_addr_is_v4(h->q + CLIENT);
}
static bool f09(const struct lab_hit *h) { return deletes(h) && opcode_before(h) == PCP_PEER; }
static bool f10(const struct lab_hit *h)
{
	return made(h) && opcode_before(h) == PCP_PEER && same_internal_before(h);
}
static bool f11(const struct lab_hit *h) { return peer(h) && has(h, PCP_FILTER); }
static bool f12(const struct lab_hit *h) { return peered(h) && h->q[RESERVED]; }

static bool g01(const struct lab_hit *h)
{
	return makes(h) && option_of(h, PCP_THIRD_PARTY, 16) &&
	       memcmp(h->q + OPTIONS + 4, h->q + CLIENT, PCP_ADDR_LEN) == 0;
}
static bool g02(const struct lab_hit *h) { return makes(h) && option_of(h, PCP_THIRD_PARTY, 12); }
static bool h01(const struct lab_hit *h) { return made(h) && option_of(h, PCP_DESCRIPTION, 128); }
static bool h02(const struct lab_hit *h) { return made(h) && option_of(h, PCP_DESCRIPTION, 2); }
static bool h03(const struct lab_hit *h) { return made(h) && option_of(h, PCP_DESCRIPTION, 1016); }
static bool h04(const struct lab_hit *h) { return made(h) && option_of(h, PCP_DESCRIPTION, 0); }
static bool h05(const struct lab_hit *h)
{
	return makes(h) && has(h, PCP_DESCRIPTION) && options(h) == 2;
}
static uint32_t set_size(const struct lab_hit *h) { return get(h->q + OPTIONS + PCP_TLV_LEN, 2); }
static bool sets(const struct lab_hit *h) { return makes(h) && option_of(h, PCP_PORT_SET, 5); }
static bool h06(const struct lab_hit *h) { return sets(h) && made(h) && set_size(h) == 4; }
static bool h07(const struct lab_hit *h) { return sets(h) && set_size(h) == 0; }
static bool h08(const struct lab_hit *h) { return sets(h) && made(h) && set_size(h) == 1; }
static bool h09(const struct lab_hit *h)
{
	return made(h) && plain(h) && h->memory->deleted_set == get(h->q + INTERNAL, 2);
}
static bool h16(const struct lab_hit *h)
{
	return sets(h) && made(h) && h->q[OPTIONS + PCP_TLV_LEN + 4] & 0xfe;
}
static bool h17(const struct lab_hit *h)
{
	return sets(h) && made(h) && set_size(h) == 2 &&
	       get(h->memory->before + INTERNAL, 2) + 2 == get(h->q + INTERNAL, 2);
}
static bool h11(const struct lab_hit *h) { return announce(h) && h->n > 28 && h->q[24] == PCP_PREFIX64; }
static bool h12(const struct lab_hit *h) { return makes(h) && has(h, PCP_THIRD_PARTY_ID); }
static bool h13(const struct lab_hit *h) { return is(h, PCP_AUTHENTICATION); }
static bool h14(const struct lab_hit *h)
{
	return is(h, PCP_GET) && h->n >= 64 && pcp_addr_is_any(h->q + 28);
}
static bool h15(const struct lab_hit *h)
{
	return is(h, PCP_GET) && h->n >= 64 && !pcp_addr_is_any(h->q + 28);
}

static bool j01(const struct lab_hit *h) { return a11(h) && h->memory->addresses > 2; }
static bool j02(const struct lab_hit *h) { return map(h) && h->a && h->a[0] == 0; }
static bool j03(const struct lab_hit *h) { return natpmp(h, 3); }
static bool j04(const struct lab_hit *h) { return natpmp(h, PCP_R); }
static bool j05(const struct lab_hit *h) { return natpmp_makes(h) && h->a && *h->len == 16; }
static bool j06(const struct lab_hit *h) { return natpmp_makes(h) && get(h->q + 6, 2) >= 49152; }
static bool j07(const struct lab_hit *h) { return natpmp(h, NATPMP_MAP_TCP); }
static bool j08(const struct lab_hit *h) { return natpmp_deletes(h) && repeats(h); }
static bool j09(const struct lab_hit *h) { return natpmp_deletes(h) && get(h->q + 6, 2) == 7; }
static bool j10(const struct lab_hit *h) { return natpmp_makes(h) && h->q[2]; }
static bool j11(const struct lab_hit *h) { return a11(h) && h->a && *h->len == 12; }
static bool j12(const struct lab_hit *h) { return natpmp_makes(h) && get(h->q + 6, 2) == 5351; }
static bool j14(const struct lab_hit *h)
{
	return natpmp_makes(h) && h->memory->other_address;
}

static bool all_of(const struct lab_hit *h, uint8_t protocol)
{
	return map(h) && h->q[PROTOCOL] == protocol && get(h->q + INTERNAL, 2) == 0;
}
static bool k01(const struct lab_hit *h) { return made(h) && all_of(h, PCP_TCP); }
static bool k02(const struct lab_hit *h) { return made(h) && all_of(h, 0); }
static bool k03(const struct lab_hit *h)
{
	return deletes(h) && all_of(h, PCP_TCP) && result(h, PCP_NOT_AUTHORIZED);
}
static bool k06(const struct lab_hit *h)
{
	return deletes(h) && all_of(h, 0) && result(h, PCP_NOT_AUTHORIZED);
}
/* clang-format on */

/* clang-format off */
const struct lab_mutant lab_mutants[] = {
	{ "A01", a01, NULL, set_octet, 12 },
	{ "A02", a02, NULL, NULL, 0 },
	{ "A03", a03, NULL, tell_lifetime, 3600 },
	{ "A04", a04, NULL, reflect, 2 },
	{ "A05", a05, NULL, stop_clock, CLIENT },
	{ "A06", a06, NULL, tell_epoch, 0 },
	{ "A07", a07, NULL, give, PCP_UNSUPP_OPCODE },
	{ "A08", a08, NULL, set_octet, 0 },
	{ "A09", a09, NULL, keep_silent, 0 },
	{ "A10", a10, NULL, set_octet, 0 },
	{ "A11", a11, NULL, turn_octet, 1 },
	{ "A12", a12, drop_r, NULL, 0 },
	{ "A13", a13, drop_r, NULL, 0 },
	{ "A14", a14, fill_up, NULL, 0 },
	{ "A15", a15, fill_up, NULL, 0 },
	{ "A16", a16, round_down, NULL, 0 },
	{ "A17", a17, NULL, turn_octet, 24 },
	{ "A18", a18, NULL, cut, 576 },
	{ "A19", a19, NULL, succeed, 0 },
	{ "A20", a20, NULL, give, PCP_MALFORMED_REQUEST },
	{ "A21", a21, believe_source, NULL, 0 },
	{ "A22", compatible_client, believe_source, NULL, 0 },
	{ "A23", a23, NULL, give, PCP_UNSUPP_OPCODE },
	{ "A24", a24, NULL, tell_lifetime, 0 },
	{ "B01", b01, NULL, succeed, 0 },
	{ "B02", b02, NULL, echo_body, 0 },
	{ "B03", b03, NULL, give, PCP_MALFORMED_OPTION },
	{ "B04", b04, NULL, succeed, 0 },
	{ "B05", b05, NULL, keep_silent, 0 },
	{ "B06", b06, NULL, give, PCP_MALFORMED_OPTION },
	{ "B07", b07, NULL, give, PCP_MALFORMED_OPTION },
	{ "B08", b08, NULL, succeed, 0 },
	{ "B09", b09, NULL, succeed, 0 },
	{ "B10", b10, NULL, succeed, 0 },
	{ "C01", made, NULL, set_octet, 12 },
	{ "C02", c02, NULL, tell_port, 5350 },
	{ "C03", c03, NULL, move, 1 },
	{ "C04", c04, NULL, follow_suggestion, 0 },
	{ "C05", c05, NULL, grant_port, 4000 },
	{ "C06", c06, NULL, succeed, 0 },
	{ "C07", c07, NULL, move, 1 },
	{ "C08", c08, NULL, give, PCP_MALFORMED_REQUEST },
	{ "C09", c09, NULL, reflect, RESERVED },
	{ "C10", c10, NULL, tell_port, 1 },
	{ "C11", c11, NULL, give, PCP_NO_RESOURCES },
	{ "C12", c12, NULL, give, PCP_NO_RESOURCES },
	{ "C13", c13, NULL, tell_port, 0 },
	{ "C14", c14, NULL, succeed, 0 },
	{ "C15", c15, NULL, succeed, 0 },
	{ "C16", c16, NULL, give, PCP_MALFORMED_REQUEST },
	{ "C17", c17, NULL, give, PCP_NOT_AUTHORIZED },
	{ "C18", c18, NULL, move, -1 },
	{ "C19", c19, NULL, give, PCP_MALFORMED_REQUEST },
	{ "C20", c20, NULL, give, PCP_MALFORMED_REQUEST },
	{ "C21", c21, NULL, tell_port, PCP_SERVER_PORT },
	{ "C22", c22, NULL, grant_port, PCP_SERVER_PORT },
	{ "C23", c23, NULL, give, PCP_MALFORMED_REQUEST },
	{ "C24", c24, NULL, tell_lifetime, 1 },
	{ "C25", c25, NULL, tell_lifetime, 100000 },
	{ "C26", c26, NULL, tell_lifetime, 3500 },
	{ "C27", c27, NULL, give, PCP_SUCCESS },
	{ "C28", c28, NULL, reflect_client, 0 },
	{ "C29", c29, NULL, move, 1 },
	{ "C30", c30, NULL, turn_octet, ADDRESS + 15 },
	{ "C31", c31, NULL, move, 1 },
	{ "C32", c32, NULL, succeed, 0 },
	{ "C35", c35, NULL, move, 1 },
	{ "C36", c36, NULL, keep_silent, 0 },
	{ "D01", d01, NULL, succeed, 0 },
	{ "D02", d02, NULL, succeed, 0 },
	{ "D03", d03, NULL, succeed, 0 },
	{ "D04", d04, NULL, succeed, 0 },
	{ "D05", d05, NULL, succeed, 0 },
	{ "D06", d06, NULL, move, 1 },
	{ "D07", d07, NULL, succeed, 0 },
	{ "D08", d08, NULL, grant_port, PCP_SERVER_PORT },
	{ "D09", d09, NULL, give, PCP_CANNOT_PROVIDE_EXTERNAL },
	{ "E01", e01, NULL, cut, OPTIONS },
	{ "E02", e02, NULL, succeed, 0 },
	{ "E03", e03, NULL, succeed, 0 },
	{ "E04", e04, NULL, succeed, 0 },
	{ "E05", e05, NULL, turn_data, 1 },
	{ "E06", e06, NULL, give, PCP_MALFORMED_REQUEST },
	{ "E07", e07, NULL, give, PCP_EXCESSIVE_REMOTE_PEERS },
	{ "E08", e08, NULL, succeed, 0 },
	{ "E09", e09, NULL, give, PCP_MALFORMED_OPTION },
	{ "F01", f01, NULL, set_octet, 12 },
	{ "F02", f02, NULL, succeed, 0 },
	{ "F03", f03, NULL, succeed, 0 },
	{ "F04", f04, NULL, tell_lifetime, 0 },
	{ "F05", f05, NULL, succeed, 0 },
	{ "F06", f06, NULL, succeed, 0 },
	{ "F07", f07, NULL, succeed, 0 },
	{ "F08", f08, NULL, succeed, 0 },
	{ "F09", f09, NULL, succeed, 0 },
	{ "F10", f10, NULL, move, 1 },
	{ "F11", f11, NULL, succeed, 0 },
	{ "F12", f12, NULL, reflect, RESERVED },
	{ "G01", g01, NULL, succeed, 0 },
	{ "G02", g02, NULL, succeed, 0 },
	{ "H01", h01, NULL, shorten_text, 64 },
	{ "H02", h02, NULL, echo_option, 0 },
	{ "H03", h03, NULL, shorten_text, 127 },
	{ "H04", h04, NULL, give, PCP_MALFORMED_OPTION },
	{ "H05", h05, NULL, succeed, 0 },
	{ "H06", h06, NULL, make_set, 5 },
	{ "H07", h07, NULL, succeed, 0 },
	{ "H08", h08, NULL, echo_option, 0 },
	{ "H09", h09, NULL, give, PCP_NOT_AUTHORIZED },
	{ "H11", h11, NULL, echo_body, 0 },
	{ "H12", h12, NULL, succeed, 0 },
	{ "H13", h13, NULL, offer_session_0, 0 },
	{ "H14", h14, NULL, list_stranger, 0 },
	{ "H15", h15, NULL, list_stranger, 0 },
	{ "H16", h16, NULL, reflect, OPTIONS + PCP_TLV_LEN + 4 },
	{ "H17", h17, NULL, turn_octet, ADDRESS + 15 },
	{ "J01", j01, NULL, turn_octet, 1 },
	{ "J02", j02, NULL, give, 2 },
	{ "J03", j03, NULL, give, 2 },
	{ "J04", j04, drop_r, NULL, 0 },
	{ "J05", j05, NULL, turn_octet, 9 },
	{ "J06", j06, NULL, natpmp_put, 10 },
	{ "J07", j07, NULL, natpmp_put, 10 },
	{ "J08", j08, NULL, give, 2 },
	{ "J09", j09, NULL, natpmp_put, 10 },
	{ "J10", j10, NULL, give, 2 },
	{ "J11", j11, NULL, stop_clock, 4 },
	{ "J12", j12, NULL, natpmp_5351, 0 },
	{ "J14", j14, NULL, natpmp_follow, 0 },
	{ "K01", k01, NULL, tell_port, 80 },
	{ "K02", k02, NULL, tell_port, 80 },
	{ "K03", k03, NULL, succeed, 0 },
	{ "K06", k06, NULL, succeed, 0 },
};

/* clang-format on */
const size_t lab_nmutants = sizeof lab_mutants / sizeof *lab_mutants;

/* ---- memory ---- */

/* What of the requests before has to be known. */
void lab_mutant_note(struct lab_mutation *m, const struct lab_hit *h,
		     const struct pcp_endpoint *from)
{
	memcpy(m->from, from->addr, PCP_ADDR_LEN);
	if (!m->client.port)
		m->client = *from;
	m->other_address = !pcp_endpoint_same_addr(&m->client, from);
	m->other_port = !m->other_address && m->client.port != from->port;
	m->mappings = lab_nmappings(h->lab);
	if (m->announces <= 40) /* then it is dead for good */
		m->announces = announce(h) && h->n == PCP_HEADER_LEN ? m->announces + 1 : 0;
	m->addresses += a11(h);
	m->long_ago = makes(h) && get(h->q + LIFETIME, 4) == 3600 ? 0 : m->long_ago + 1;
	if (makes(h) && !has(h, PCP_FILTER))
		m->filters = 0;
	if (filtered(h) && (options(h) == 21 || m->filters == 21))
		m->filters = 21;
	if (deletes(h) && has(h, PCP_PORT_SET))
		m->deleted_set = (uint16_t)get(h->q + INTERNAL, 2);
}
