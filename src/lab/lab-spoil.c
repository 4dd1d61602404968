/* What becomes of a request or an answer that a mutant strikes, where several have the same use for
 * it. */
#include <string.h>

#include "lab-mutant.h"

/* ---- answers ---- */

bool spoil_give(struct lab_hit *h, int value)
{
	h->a[3] = (uint8_t)value;
	if (h->a[0] == PCP_VERSION_2 && value != PCP_SUCCESS && !hit_get(h->a + LIFETIME, 4))
		hit_put(h->a + LIFETIME, 4, 1800);
	return true;
}

/* An ANNOUNCE's success is its header. */
bool spoil_succeed(struct lab_hit *h, int value)
{
	(void)value;
	h->a[3] = PCP_SUCCESS;
	memset(h->a + 12, 0, 12);
	if (hit_announce(h))
		*h->len = PCP_HEADER_LEN;
	return true;
}

bool spoil_keep_silent(struct lab_hit *h, int value)
{
	(void)h;
	(void)value;
	return false;
}

bool spoil_set_octet(struct lab_hit *h, int at)
{
	h->a[at] = 0xaa;
	return true;
}

bool spoil_turn_octet(struct lab_hit *h, int at)
{
	h->a[at] ^= 1;
	return true;
}

bool spoil_tell_lifetime(struct lab_hit *h, int seconds)
{
	hit_put(h->a + LIFETIME, 4, (uint32_t)seconds);
	return true;
}

/* The clock of the first answer that it struck. */
bool spoil_stop_clock(struct lab_hit *h, int at)
{
	if (!h->memory->clock)
		h->memory->clock = hit_get(h->a + at, 4);
	hit_put(h->a + at, 4, h->memory->clock);
	return true;
}

bool spoil_tell_port(struct lab_hit *h, int port)
{
	hit_put(h->a + EXTERNAL, 2, (uint32_t)port);
	return true;
}

bool spoil_move(struct lab_hit *h, int by)
{
	return spoil_tell_port(h, (int)hit_get(h->a + EXTERNAL, 2) + by);
}

bool spoil_cut(struct lab_hit *h, int len)
{
	*h->len = (size_t)len;
	return true;
}

bool spoil_reflect(struct lab_hit *h, int at)
{
	h->a[at] = h->q[at];
	return true;
}

/* PREFIX64 as the request has it: ::/96. */
bool spoil_echo_body(struct lab_hit *h, int value)
{
	(void)value;
	memcpy(h->a + PCP_HEADER_LEN, h->q + PCP_HEADER_LEN, h->n - PCP_HEADER_LEN);
	*h->len = h->n;
	return true;
}

/* ---- what the gateway takes a request for ---- */

void spoil_let_in(const struct lab_hit *h, uint8_t *q, size_t *len)
{
	(void)h;
	(void)q;
	(void)len;
}

void spoil_drop_r(const struct lab_hit *h, uint8_t *q, size_t *len)
{
	(void)h;
	(void)len;
	q[1] &= (uint8_t)~PCP_R;
}
