/* What mutants break of headers, sizes, versions and the framing of options: groups A and B. */
#include <string.h>

#include "lab-mutant.h"

/* The octets at which an option's header stands behind an ANNOUNCE. */
static bool starts(const struct lab_hit *h, uint8_t code, uint32_t length)
{
	return hit_announce(h) && h->n >= 28 && h->q[24] == code && hit_get(h->q + 26, 2) == length;
}

/* ---- what becomes of an answer ---- */

static bool tell_epoch(struct lab_hit *h, int seconds)
{
	hit_put(h->a + CLIENT, 4, (uint32_t)seconds);
	return true;
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

/* clang-format off */
static bool wrong_client(const struct lab_hit *h)
{
	return h->n >= PCP_HEADER_LEN && memcmp(h->q + CLIENT, h->memory->from, PCP_ADDR_LEN) != 0;
}
static bool compatible_client(const struct lab_hit *h)
{
	static const uint8_t zero[12];

	return hit_announce(h) && wrong_client(h) && memcmp(h->q + CLIENT, zero, 12) == 0;
}
static bool a01(const struct lab_hit *h) { return hit_announce(h) && h->n == 24 && hit_result(h, 0); }
static bool a02(const struct lab_hit *h) { return hit_announce(h); }
static bool a03(const struct lab_hit *h) { return hit_announce(h) && hit_get(h->q + LIFETIME, 4) > 0; }
static bool a04(const struct lab_hit *h) { return hit_announce(h) && h->q[2]; }
static bool a05(const struct lab_hit *h) { return hit_announce(h) && hit_result(h, 0); }
static bool a06(const struct lab_hit *h)
{
	return h->q[0] == PCP_VERSION_2 && h->a && h->a[3] && h->a[3] != PCP_UNSUPP_VERSION;
}
static bool a07(const struct lab_hit *h) { return h->n == 60 && h->q[0] == 3 && !(h->q[1] & PCP_R); }
static bool a08(const struct lab_hit *h) { return h->q[0] == 255; }
static bool a09(const struct lab_hit *h) { return h->n == 2 && h->q[0] == 3; }
static bool a10(const struct lab_hit *h) { return h->n == 48 && h->q[0] == 1; }
static bool a12(const struct lab_hit *h) { return h->n == 24 && h->q[0] == 2 && h->q[1] == PCP_R; }
static bool a13(const struct lab_hit *h) { return h->q[0] == 3 && h->n > 2 && h->q[1] & PCP_R; }
static bool a14(const struct lab_hit *h) { return h->n == 1; }
static bool a15(const struct lab_hit *h) { return h->n == 23; }
static bool a16(const struct lab_hit *h) { return hit_announce(h) && h->n % 4; }
static bool a17(const struct lab_hit *h) { return hit_is(h, 63) && hit_result(h, PCP_UNSUPP_OPCODE); }
static bool a18(const struct lab_hit *h) { return hit_is(h, 127) && h->n == PCP_MAX_LEN; }
static bool a19(const struct lab_hit *h) { return hit_announce(h) && h->n > PCP_MAX_LEN; }
static bool a20(const struct lab_hit *h) { return hit_announce(h) && h->n == PCP_MAX_LEN; }
static bool a21(const struct lab_hit *h) { return hit_announce(h) && wrong_client(h) && !compatible_client(h); }
static bool a23(const struct lab_hit *h) { return hit_is(h, 63) && wrong_client(h); }
static bool a24(const struct lab_hit *h) { return hit_announce(h) && hit_result(h, PCP_UNSUPP_OPTION); }
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

static const struct lab_mutant rows[] = {
	{ "A01", a01, NULL, spoil_set_octet, 12 },
	{ "A02", a02, NULL, NULL, 0 },
	{ "A03", a03, NULL, spoil_tell_lifetime, 3600 },
	{ "A04", a04, NULL, spoil_reflect, 2 },
	{ "A05", a05, NULL, spoil_stop_clock, CLIENT },
	{ "A06", a06, NULL, tell_epoch, 0 },
	{ "A07", a07, NULL, spoil_give, PCP_UNSUPP_OPCODE },
	{ "A08", a08, NULL, spoil_set_octet, 0 },
	{ "A09", a09, NULL, spoil_keep_silent, 0 },
	{ "A10", a10, NULL, spoil_set_octet, 0 },
	{ "A11", hit_asks_address, NULL, spoil_turn_octet, 1 },
	{ "A12", a12, spoil_drop_r, NULL, 0 },
	{ "A13", a13, spoil_drop_r, NULL, 0 },
	{ "A14", a14, fill_up, NULL, 0 },
	{ "A15", a15, fill_up, NULL, 0 },
	{ "A16", a16, round_down, NULL, 0 },
	{ "A17", a17, NULL, spoil_turn_octet, 24 },
	{ "A18", a18, NULL, spoil_cut, 576 },
	{ "A19", a19, NULL, spoil_succeed, 0 },
	{ "A20", a20, NULL, spoil_give, PCP_MALFORMED_REQUEST },
	{ "A21", a21, believe_source, NULL, 0 },
	{ "A22", compatible_client, believe_source, NULL, 0 },
	{ "A23", a23, NULL, spoil_give, PCP_UNSUPP_OPCODE },
	{ "A24", a24, NULL, spoil_tell_lifetime, 0 },
	{ "B01", b01, NULL, spoil_succeed, 0 },
	{ "B02", b02, NULL, spoil_echo_body, 0 },
	{ "B03", b03, NULL, spoil_give, PCP_MALFORMED_OPTION },
	{ "B04", b04, NULL, spoil_succeed, 0 },
	{ "B05", b05, NULL, spoil_keep_silent, 0 },
	{ "B06", b06, NULL, spoil_give, PCP_MALFORMED_OPTION },
	{ "B07", b07, NULL, spoil_give, PCP_MALFORMED_OPTION },
	{ "B08", b08, NULL, spoil_succeed, 0 },
	{ "B09", b09, NULL, spoil_succeed, 0 },
	{ "B10", b10, NULL, spoil_succeed, 0 },
};
/* clang-format on */

const struct lab_mutants lab_mutants_header = { rows, sizeof rows / sizeof *rows };
