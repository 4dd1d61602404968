/* What mutants break of what needs leave: wildcards, quotas, restarts, chance: group K. */
#include <string.h>

#include "lab-mutant.h"

/* ---- which request is meant ---- */

/* clang-format off */
static bool all_of(const struct lab_hit *h, uint8_t protocol)
{
	return hit_map(h) && h->q[PROTOCOL] == protocol && hit_get(h->q + INTERNAL, 2) == 0;
}
static bool k01(const struct lab_hit *h) { return hit_made(h) && all_of(h, PCP_TCP); }
static bool k02(const struct lab_hit *h) { return hit_made(h) && all_of(h, 0); }
static bool k03(const struct lab_hit *h)
{
	return hit_deletes(h) && all_of(h, PCP_TCP) && hit_result(h, PCP_NOT_AUTHORIZED);
}
static bool k06(const struct lab_hit *h)
{
	return hit_deletes(h) && all_of(h, 0) && hit_result(h, PCP_NOT_AUTHORIZED);
}

/* Unasked. */
static bool told(const struct lab_hit *h, uint8_t opcode)
{
	return h->n == 0 && h->a && h->a[0] == PCP_VERSION_2 && pcp_opcode_of(h->a) == opcode;
}
static bool k04(const struct lab_hit *h) { return hit_makes(h) && hit_result(h, PCP_USER_EX_QUOTA); }
static bool k05(const struct lab_hit *h)
{
	return hit_made(h) && h->memory->result_before == PCP_USER_EX_QUOTA;
}
static bool k08(const struct lab_hit *h) { return hit_made(h) && hit_suggested(h); }
static bool k10(const struct lab_hit *h) { return h->memory->poisoned; }

static bool k07(const struct lab_hit *h) { return told(h, PCP_ANNOUNCE); }
static bool k09(const struct lab_hit *h) { return told(h, PCP_MAP); }
static bool k11(const struct lab_hit *h) { return h->n > 0; }

static const struct lab_mutant rows[] = {
	{ "K01", k01, NULL, spoil_tell_port, 80 },
	{ "K02", k02, NULL, spoil_tell_port, 80 },
	{ "K03", k03, NULL, spoil_succeed, 0 },
	{ "K04", k04, NULL, spoil_give, PCP_NO_RESOURCES },
	{ "K05", k05, NULL, spoil_give, PCP_USER_EX_QUOTA },
	{ "K06", k06, NULL, spoil_succeed, 0 },
	{ "K07", k07, NULL, spoil_keep_silent, 0 },
	{ "K08", k08, NULL, spoil_move, 1 },
	{ "K09", k09, NULL, spoil_keep_silent, 0 },
	{ "K10", k10, NULL, spoil_keep_silent, 0 },
	{ "K11", k11, spoil_let_in, NULL, 0 },
};
/* clang-format on */

const struct lab_mutants lab_mutants_leave = { rows, sizeof rows / sizeof *rows };
