/* What mutants break of PEER, THIRD_PARTY and the extensions: groups F, G and H. */
#include <string.h>

#include "lab-mutant.h"

static bool peer(const struct lab_hit *h)
{
	return hit_is(h, PCP_PEER) && h->n >= PEER_OPTIONS;
}

/* ---- what becomes of an answer ---- */

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
	hit_put(h->a + OPTIONS + 2, 2, (uint32_t)octets);
	*h->len = OPTIONS + PCP_TLV_LEN + ((size_t)octets + 3) / 4 * 4;
	return true;
}

static bool make_set(struct lab_hit *h, int size)
{
	hit_put(h->a + OPTIONS + PCP_TLV_LEN, 2, (uint32_t)size);
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
	hit_put(h->a + CLIENT, 4, 3600);
	memset(h->a + 12, 0, 12);
	memset(next, 0, 60);
	next[0] = PCP_NEXT;
	next[3] = 56;
	next[4 + 12] = PCP_UDP;
	next[4 + 15] = 1; /* END */
	memcpy(next + 4 + 16, h->q + CLIENT, PCP_ADDR_LEN);
	memcpy(next + 4 + 32, h->lab->wan, PCP_ADDR_LEN);
	hit_put(next + 4 + 48, 4, 60);
	hit_put(next + 4 + 52, 2, 9);
	hit_put(next + 4 + 54, 2, 9);
	*h->len = 124;
	return true;
}

/* ---- which request is meant ---- */

/* clang-format off */
static bool peered(const struct lab_hit *h) { return peer(h) && hit_result(h, 0); }
static bool query(const struct lab_hit *h) { return peer(h) && hit_get(h->q + LIFETIME, 4) == 0; }
static bool f01(const struct lab_hit *h) { return peered(h) && !query(h); }
static bool f02(const struct lab_hit *h)
{
	return peer(h) && (!h->q[PROTOCOL] || !hit_get(h->q + INTERNAL, 2) || !hit_get(h->q + 60, 2));
}
static bool f03(const struct lab_hit *h) { return peer(h) && hit_has(h, PCP_PREFER_FAILURE); }
static bool f04(const struct lab_hit *h) { return query(h) && hit_opcode_before(h) == PCP_PEER; }
static bool f05(const struct lab_hit *h) { return peer(h) && hit_result(h, 2); }
static bool f06(const struct lab_hit *h) { return peer(h) && hit_result(h, 11); }
static bool f07(const struct lab_hit *h)
{
	return peer(h) && hit_result(h, 3) && h->q[64 + 12] == 127 && hit_options(h) == 0;
}
static bool f08(const struct lab_hit *h)
{
	return peer(h) && pcp_addr_is_v4(h->q + 64) != pcp_addr_is_v4(h->q + CLIENT);
}
static bool f09(const struct lab_hit *h) { return hit_deletes(h) && hit_opcode_before(h) == PCP_PEER; }
static bool f10(const struct lab_hit *h)
{
	return hit_made(h) && hit_opcode_before(h) == PCP_PEER && hit_same_internal_before(h);
}
static bool f11(const struct lab_hit *h) { return peer(h) && hit_has(h, PCP_FILTER); }
static bool f12(const struct lab_hit *h) { return peered(h) && h->q[RESERVED]; }
static bool g01(const struct lab_hit *h)
{
	return hit_makes(h) && hit_option_of(h, PCP_THIRD_PARTY, 16) &&
	       memcmp(h->q + OPTIONS + 4, h->q + CLIENT, PCP_ADDR_LEN) == 0;
}
static bool g02(const struct lab_hit *h) { return hit_makes(h) && hit_option_of(h, PCP_THIRD_PARTY, 12); }
static bool h01(const struct lab_hit *h) { return hit_made(h) && hit_option_of(h, PCP_DESCRIPTION, 128); }
static bool h02(const struct lab_hit *h) { return hit_made(h) && hit_option_of(h, PCP_DESCRIPTION, 2); }
static bool h03(const struct lab_hit *h) { return hit_made(h) && hit_option_of(h, PCP_DESCRIPTION, 1016); }
static bool h04(const struct lab_hit *h) { return hit_made(h) && hit_option_of(h, PCP_DESCRIPTION, 0); }
static bool h05(const struct lab_hit *h)
{
	return hit_makes(h) && hit_has(h, PCP_DESCRIPTION) && hit_options(h) == 2;
}
static uint32_t set_size(const struct lab_hit *h) { return hit_get(h->q + OPTIONS + PCP_TLV_LEN, 2); }
static bool sets(const struct lab_hit *h) { return hit_makes(h) && hit_option_of(h, PCP_PORT_SET, 5); }
static bool h06(const struct lab_hit *h) { return sets(h) && hit_made(h) && set_size(h) == 4; }
static bool h07(const struct lab_hit *h) { return sets(h) && set_size(h) == 0; }
static bool h08(const struct lab_hit *h) { return sets(h) && hit_made(h) && set_size(h) == 1; }
static bool h09(const struct lab_hit *h)
{
	return hit_made(h) && hit_plain(h) && h->memory->deleted_set == hit_get(h->q + INTERNAL, 2);
}
static bool h16(const struct lab_hit *h)
{
	return sets(h) && hit_made(h) && h->q[OPTIONS + PCP_TLV_LEN + 4] & 0xfe;
}
static bool h17(const struct lab_hit *h)
{
	return sets(h) && hit_made(h) && set_size(h) == 2 &&
	       hit_get(h->memory->before + INTERNAL, 2) + 2 == hit_get(h->q + INTERNAL, 2);
}
static bool h11(const struct lab_hit *h) { return hit_announce(h) && h->n > 28 && h->q[24] == PCP_PREFIX64; }
static bool h12(const struct lab_hit *h) { return hit_makes(h) && hit_has(h, PCP_THIRD_PARTY_ID); }
static bool h13(const struct lab_hit *h) { return hit_is(h, PCP_AUTHENTICATION); }
static bool h14(const struct lab_hit *h)
{
	return hit_is(h, PCP_GET) && h->n >= 64 && pcp_addr_is_any(h->q + 28);
}
static bool h15(const struct lab_hit *h)
{
	return hit_is(h, PCP_GET) && h->n >= 64 && !pcp_addr_is_any(h->q + 28);
}

static const struct lab_mutant rows[] = {
	{ "F01", f01, NULL, spoil_set_octet, 12 },
	{ "F02", f02, NULL, spoil_succeed, 0 },
	{ "F03", f03, NULL, spoil_succeed, 0 },
	{ "F04", f04, NULL, spoil_tell_lifetime, 0 },
	{ "F05", f05, NULL, spoil_succeed, 0 },
	{ "F06", f06, NULL, spoil_succeed, 0 },
	{ "F07", f07, NULL, spoil_succeed, 0 },
	{ "F08", f08, NULL, spoil_succeed, 0 },
	{ "F09", f09, NULL, spoil_succeed, 0 },
	{ "F10", f10, NULL, spoil_move, 1 },
	{ "F11", f11, NULL, spoil_succeed, 0 },
	{ "F12", f12, NULL, spoil_reflect, RESERVED },
	{ "G01", g01, NULL, spoil_succeed, 0 },
	{ "G02", g02, NULL, spoil_succeed, 0 },
	{ "H01", h01, NULL, shorten_text, 64 },
	{ "H02", h02, NULL, echo_option, 0 },
	{ "H03", h03, NULL, shorten_text, 127 },
	{ "H04", h04, NULL, spoil_give, PCP_MALFORMED_OPTION },
	{ "H05", h05, NULL, spoil_succeed, 0 },
	{ "H06", h06, NULL, make_set, 5 },
	{ "H07", h07, NULL, spoil_succeed, 0 },
	{ "H08", h08, NULL, echo_option, 0 },
	{ "H09", h09, NULL, spoil_give, PCP_NOT_AUTHORIZED },
	{ "H11", h11, NULL, spoil_echo_body, 0 },
	{ "H12", h12, NULL, spoil_succeed, 0 },
	{ "H13", h13, NULL, offer_session_0, 0 },
	{ "H14", h14, NULL, list_stranger, 0 },
	{ "H15", h15, NULL, list_stranger, 0 },
	{ "H16", h16, NULL, spoil_reflect, OPTIONS + PCP_TLV_LEN + 4 },
	{ "H17", h17, NULL, spoil_turn_octet, ADDRESS + 15 },
};
/* clang-format on */

const struct lab_mutants lab_mutants_peer = { rows, sizeof rows / sizeof *rows };
