/* What mutants break of MAP, PREFER_FAILURE and FILTER: groups C, D and E. */
#include <string.h>

#include "lab-mutant.h"

static bool suggests_address(const struct lab_hit *h)
{
	return hit_map(h) && !pcp_addr_is_any(h->q + ADDRESS);
}

/* ---- what becomes of an answer ---- */

static bool grant_port(struct lab_hit *h, int port)
{
	h->a[3] = PCP_SUCCESS;
	hit_put(h->a + LIFETIME, 4, 120);
	return spoil_tell_port(h, port);
}

static bool follow_suggestion(struct lab_hit *h, int value)
{
	(void)value;
	return spoil_tell_port(h, (int)hit_suggested(h));
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

/* ---- which request is meant ---- */

/* clang-format off */
static bool c02(const struct lab_hit *h) { return hit_made(h) && hit_plain(h) && !hit_suggested(h) && h->q[PROTOCOL] == PCP_UDP; }
static bool c03(const struct lab_hit *h) { return hit_made(h) && hit_plain(h) && hit_repeats(h) && !h->memory->other_port; }
static bool c04(const struct lab_hit *h)
{
	return hit_made(h) && hit_plain(h) && hit_suggested(h) >= 49152 && !suggests_address(h);
}
static bool c05(const struct lab_hit *h)
{
	return hit_makes(h) && hit_result(h, PCP_NOT_AUTHORIZED) && !hit_suggested(h);
}
static bool c06(const struct lab_hit *h)
{
	return hit_deletes(h) && hit_result(h, PCP_NOT_AUTHORIZED) && hit_opcode_before(h) == PCP_MAP;
}
static bool c07(const struct lab_hit *h)
{
	return hit_made(h) && h->memory->result_before == PCP_NOT_AUTHORIZED && hit_same_internal_before(h) &&
	       hit_get(h->memory->before + LIFETIME, 4) > 0;
}
static bool c08(const struct lab_hit *h)
{
	return hit_makes(h) && h->memory->other_port;
}
static bool c09(const struct lab_hit *h) { return hit_made(h) && h->q[RESERVED]; }
static bool c10(const struct lab_hit *h) { return hit_deletes(h) && hit_result(h, 0) && !hit_suggested(h); }
static bool c11(const struct lab_hit *h) { return hit_deletes(h) && hit_repeats(h); }
static bool c12(const struct lab_hit *h)
{
	return hit_deletes(h) && hit_plain(h) && hit_result(h, 0) && !hit_repeats(h) &&
	       h->memory->mappings == lab_nmappings(h->lab) && !hit_suggested(h);
}
static bool c13(const struct lab_hit *h) { return hit_deletes(h) && hit_suggested(h) == 7; }
static bool c14(const struct lab_hit *h) { return hit_makes(h) && !h->q[PROTOCOL] && hit_get(h->q + INTERNAL, 2); }
static bool c15(const struct lab_hit *h) { return hit_deletes(h) && !h->q[PROTOCOL] && hit_get(h->q + INTERNAL, 2); }
static bool c16(const struct lab_hit *h) { return hit_makes(h) && h->q[PROTOCOL] == 253; }
/* A mapping of UDP from the same port stands, with another nonce. */
static bool c17(const struct lab_hit *h)
{
	struct lab_mapping mapping;

	if (!hit_made(h) || h->q[PROTOCOL] != PCP_TCP)
		return false;
	for (size_t i = 0; lab_mapping_at(h->lab, i, &mapping); i++)
		if (mapping.opcode == PCP_MAP && mapping.protocol == PCP_UDP && !mapping.natpmp &&
		    mapping.internal_port == hit_get(h->q + INTERNAL, 2))
			return true;
	return false;
}
static bool c18(const struct lab_hit *h)
{
	return hit_made(h) && hit_plain(h) && suggests_address(h) && hit_suggested(h) >= 49152 &&
	       !hit_same_internal_before(h);
}
static bool c19(const struct lab_hit *h)
{
	return suggests_address(h) && hit_makes(h) && h->q[ADDRESS + 12] == 127;
}
static bool c20(const struct lab_hit *h)
{
	return suggests_address(h) && hit_makes(h) && h->q[ADDRESS + 12] == 224;
}
static bool c21(const struct lab_hit *h)
{
	return hit_made(h) && hit_plain(h) && hit_suggested(h) == 5351 && hit_get(h->q + INTERNAL, 2) != 5351;
}
static bool c22(const struct lab_hit *h) { return hit_makes(h) && hit_get(h->q + INTERNAL, 2) == 5351; }
static bool c23(const struct lab_hit *h)
{
	static const uint8_t zero[PCP_NONCE_LEN];

	return hit_makes(h) && memcmp(h->q + NONCE, zero, sizeof zero) == 0;
}
static bool c24(const struct lab_hit *h) { return hit_made(h) && hit_get(h->q + LIFETIME, 4) == 1; }
static bool c25(const struct lab_hit *h) { return hit_made(h) && hit_get(h->q + LIFETIME, 4) == UINT32_MAX; }
static bool c26(const struct lab_hit *h) { return hit_makes(h) && hit_result(h, 2) && h->memory->long_ago < 3; }
static bool c27(const struct lab_hit *h) { return hit_is(h, PCP_MAP) && h->n < OPTIONS; }
static bool c28(const struct lab_hit *h) { return hit_makes(h) && hit_result(h, 2) && !hit_suggested(h); }
static bool c29(const struct lab_hit *h) { return hit_makes(h) && hit_result(h, 2) && hit_suggested(h); }
static bool c30(const struct lab_hit *h) { return hit_made(h) && h->q[PROTOCOL] == PCP_TCP; }
static bool c31(const struct lab_hit *h)
{
	return hit_made(h) && hit_plain(h) && suggests_address(h) && hit_same_internal_before(h);
}
static bool c32(const struct lab_hit *h)
{
	return hit_makes(h) && hit_has(h, PCP_PREFER_FAILURE) && h->memory->other_address;
}
static bool c35(const struct lab_hit *h) { return hit_made(h) && h->q[PROTOCOL] == PCP_SCTP; }
static bool c36(const struct lab_hit *h) { return h->memory->announces > 40; }
static bool exact(const struct lab_hit *h) { return hit_map(h) && hit_has(h, PCP_PREFER_FAILURE); }
static bool d01(const struct lab_hit *h) { return exact(h) && !hit_suggested(h) && hit_makes(h); }
static bool d02(const struct lab_hit *h) { return exact(h) && hit_deletes(h); }
static bool d03(const struct lab_hit *h) { return exact(h) && hit_makes(h) && hit_options(h) == 2; }
static bool d04(const struct lab_hit *h) { return hit_makes(h) && hit_option_of(h, PCP_PREFER_FAILURE, 4); }
static bool d05(const struct lab_hit *h)
{
	return exact(h) && hit_makes(h) && hit_result(h, 11) && hit_options(h) == 1 && hit_suggested(h) != 5351 &&
	       !hit_same_internal_before(h) && !h->memory->other_address;
}
static bool d06(const struct lab_hit *h) { return exact(h) && hit_made(h); }
static bool d07(const struct lab_hit *h)
{
	return exact(h) && hit_result(h, 11) && hit_same_internal_before(h);
}
static bool d08(const struct lab_hit *h) { return exact(h) && hit_suggested(h) == 5351; }
static bool d09(const struct lab_hit *h)
{
	static const uint8_t zero[PCP_ADDR_LEN];

	return hit_makes(h) && hit_plain(h) && memcmp(h->q + ADDRESS, zero, sizeof zero) == 0;
}
static uint8_t prefix(const struct lab_hit *h) { return h->q[OPTIONS + PCP_TLV_LEN + 1]; }
static bool same_family(const struct lab_hit *h)
{
	return pcp_addr_is_v4(h->q + OPTIONS + 8) == pcp_addr_is_v4(h->q + CLIENT);
}
static bool e01(const struct lab_hit *h)
{
	return hit_filtered(h) && hit_made(h) && hit_options(h) == 1 && !h->q[OPTIONS + 4] && h->memory->filters < 2;
}
static bool e02(const struct lab_hit *h) { return hit_filtered(h) && hit_options(h) == 1 && prefix(h) == 129; }
static bool e03(const struct lab_hit *h) { return hit_deletes(h) && hit_has(h, PCP_FILTER); }
static bool e04(const struct lab_hit *h) { return hit_filtered(h) && hit_options(h) == 2 && hit_result(h, 6); }
static bool e05(const struct lab_hit *h) { return hit_filtered(h) && prefix(h) == 0; }
static bool e06(const struct lab_hit *h) { return hit_filtered(h) && hit_options(h) == 41; }
static bool e07(const struct lab_hit *h) { return hit_filtered(h) && h->memory->filters == 21 && same_family(h) && !h->q[OPTIONS + 4]; }
static bool e08(const struct lab_hit *h) { return hit_filtered(h) && !same_family(h); }
static bool e09(const struct lab_hit *h) { return hit_filtered(h) && h->q[OPTIONS + 4]; }

static const struct lab_mutant rows[] = {
	{ "C01", hit_made, NULL, spoil_set_octet, 12 },
	{ "C02", c02, NULL, spoil_tell_port, 5350 },
	{ "C03", c03, NULL, spoil_move, 1 },
	{ "C04", c04, NULL, follow_suggestion, 0 },
	{ "C05", c05, NULL, grant_port, 4000 },
	{ "C06", c06, NULL, spoil_succeed, 0 },
	{ "C07", c07, NULL, spoil_move, 1 },
	{ "C08", c08, NULL, spoil_give, PCP_MALFORMED_REQUEST },
	{ "C09", c09, NULL, spoil_reflect, RESERVED },
	{ "C10", c10, NULL, spoil_tell_port, 1 },
	{ "C11", c11, NULL, spoil_give, PCP_NO_RESOURCES },
	{ "C12", c12, NULL, spoil_give, PCP_NO_RESOURCES },
	{ "C13", c13, NULL, spoil_tell_port, 0 },
	{ "C14", c14, NULL, spoil_succeed, 0 },
	{ "C15", c15, NULL, spoil_succeed, 0 },
	{ "C16", c16, NULL, spoil_give, PCP_MALFORMED_REQUEST },
	{ "C17", c17, NULL, spoil_give, PCP_NOT_AUTHORIZED },
	{ "C18", c18, NULL, spoil_move, -1 },
	{ "C19", c19, NULL, spoil_give, PCP_MALFORMED_REQUEST },
	{ "C20", c20, NULL, spoil_give, PCP_MALFORMED_REQUEST },
	{ "C21", c21, NULL, spoil_tell_port, PCP_SERVER_PORT },
	{ "C22", c22, NULL, grant_port, PCP_SERVER_PORT },
	{ "C23", c23, NULL, spoil_give, PCP_MALFORMED_REQUEST },
	{ "C24", c24, NULL, spoil_tell_lifetime, 1 },
	{ "C25", c25, NULL, spoil_tell_lifetime, 100000 },
	{ "C26", c26, NULL, spoil_tell_lifetime, 3500 },
	{ "C27", c27, NULL, spoil_give, PCP_SUCCESS },
	{ "C28", c28, NULL, reflect_client, 0 },
	{ "C29", c29, NULL, spoil_move, 1 },
	{ "C30", c30, NULL, spoil_turn_octet, ADDRESS + 15 },
	{ "C31", c31, NULL, spoil_move, 1 },
	{ "C32", c32, NULL, spoil_succeed, 0 },
	{ "C35", c35, NULL, spoil_move, 1 },
	{ "C36", c36, NULL, spoil_keep_silent, 0 },
	{ "D01", d01, NULL, spoil_succeed, 0 },
	{ "D02", d02, NULL, spoil_succeed, 0 },
	{ "D03", d03, NULL, spoil_succeed, 0 },
	{ "D04", d04, NULL, spoil_succeed, 0 },
	{ "D05", d05, NULL, spoil_succeed, 0 },
	{ "D06", d06, NULL, spoil_move, 1 },
	{ "D07", d07, NULL, spoil_succeed, 0 },
	{ "D08", d08, NULL, grant_port, PCP_SERVER_PORT },
	{ "D09", d09, NULL, spoil_give, PCP_CANNOT_PROVIDE_EXTERNAL },
	{ "E01", e01, NULL, spoil_cut, OPTIONS },
	{ "E02", e02, NULL, spoil_succeed, 0 },
	{ "E03", e03, NULL, spoil_succeed, 0 },
	{ "E04", e04, NULL, spoil_succeed, 0 },
	{ "E05", e05, NULL, turn_data, 1 },
	{ "E06", e06, NULL, spoil_give, PCP_MALFORMED_REQUEST },
	{ "E07", e07, NULL, spoil_give, PCP_EXCESSIVE_REMOTE_PEERS },
	{ "E08", e08, NULL, spoil_succeed, 0 },
	{ "E09", e09, NULL, spoil_give, PCP_MALFORMED_OPTION },
};
/* clang-format on */

const struct lab_mutants lab_mutants_map = { rows, sizeof rows / sizeof *rows };
