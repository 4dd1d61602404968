/* What mutants break of what needs leave: wildcards, quotas: group K. */
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

static const struct lab_mutant rows[] = {
	{ "K01", k01, NULL, spoil_tell_port, 80 },
	{ "K02", k02, NULL, spoil_tell_port, 80 },
	{ "K03", k03, NULL, spoil_succeed, 0 },
	{ "K06", k06, NULL, spoil_succeed, 0 },
};
/* clang-format on */

const struct lab_mutants lab_mutants_leave = { rows, sizeof rows / sizeof *rows };
