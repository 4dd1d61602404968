/* What mutants break of NAT-PMP: group J. */
#include <string.h>

#include "lab-mutant.h"

static bool natpmp_makes(const struct lab_hit *h)
{
	return hit_natpmp(h, NATPMP_MAP_UDP) && h->n == 12 && hit_get(h->q + 8, 4) > 0;
}

static bool natpmp_deletes(const struct lab_hit *h)
{
	return hit_natpmp(h, NATPMP_MAP_UDP) && h->n == 12 && hit_get(h->q + 8, 4) == 0;
}

/* ---- what becomes of an answer ---- */

static bool natpmp_put(struct lab_hit *h, int at)
{
	hit_put(h->a + at, 2, 77);
	return true;
}

static bool natpmp_5351(struct lab_hit *h, int value)
{
	(void)value;
	hit_put(h->a + 10, 2, PCP_SERVER_PORT);
	return true;
}

static bool natpmp_follow(struct lab_hit *h, int value)
{
	(void)value;
	hit_put(h->a + 10, 2, hit_get(h->q + 6, 2));
	return true;
}

/* ---- which request is meant ---- */

/* clang-format off */
static bool j01(const struct lab_hit *h) { return hit_asks_address(h) && h->memory->addresses > 2; }
static bool j02(const struct lab_hit *h) { return hit_map(h) && h->a && h->a[0] == 0; }
static bool j03(const struct lab_hit *h) { return hit_natpmp(h, 3); }
static bool j04(const struct lab_hit *h) { return hit_natpmp(h, PCP_R); }
static bool j05(const struct lab_hit *h) { return natpmp_makes(h) && h->a && *h->len == 16; }
static bool j06(const struct lab_hit *h) { return natpmp_makes(h) && hit_get(h->q + 6, 2) >= 49152; }
static bool j07(const struct lab_hit *h) { return hit_natpmp(h, NATPMP_MAP_TCP); }
static bool j08(const struct lab_hit *h) { return natpmp_deletes(h) && hit_repeats(h); }
static bool j09(const struct lab_hit *h) { return natpmp_deletes(h) && hit_get(h->q + 6, 2) == 7; }
static bool j10(const struct lab_hit *h) { return natpmp_makes(h) && h->q[2]; }
static bool j11(const struct lab_hit *h) { return hit_asks_address(h) && h->a && *h->len == 12; }
static bool j12(const struct lab_hit *h) { return natpmp_makes(h) && hit_get(h->q + 6, 2) == 5351; }
static bool j14(const struct lab_hit *h)
{
	return natpmp_makes(h) && h->memory->other_address;
}

static const struct lab_mutant rows[] = {
	{ "J01", j01, NULL, spoil_turn_octet, 1 },
	{ "J02", j02, NULL, spoil_give, 2 },
	{ "J03", j03, NULL, spoil_give, 2 },
	{ "J04", j04, spoil_drop_r, NULL, 0 },
	{ "J05", j05, NULL, spoil_turn_octet, 9 },
	{ "J06", j06, NULL, natpmp_put, 10 },
	{ "J07", j07, NULL, natpmp_put, 10 },
	{ "J08", j08, NULL, spoil_give, 2 },
	{ "J09", j09, NULL, natpmp_put, 10 },
	{ "J10", j10, NULL, spoil_give, 2 },
	{ "J11", j11, NULL, spoil_stop_clock, 4 },
	{ "J12", j12, NULL, natpmp_5351, 0 },
	{ "J14", j14, NULL, natpmp_follow, 0 },
};
/* clang-format on */

const struct lab_mutants lab_mutants_natpmp = { rows, sizeof rows / sizeof *rows };
