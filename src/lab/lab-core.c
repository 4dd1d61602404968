/* What every file of the lab may ask for: its notes, its clock, its own addresses, its clients. */
#include "lab-private.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void lab_note(struct lab *lab, usec now, const char *format, ...)
{
	char line[512];
	va_list args;

	if (!lab->io.note)
		return;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	lab->io.note(lab->io.arg, now, line);
}

uint32_t lab_epoch(const struct lab *lab, usec now)
{
	return (uint32_t)((now - lab->epoch_at) / USEC_PER_SEC);
}

void lab_listens(struct lab *lab, const struct pcp_endpoint *self)
{
	bool v4 = pcp_addr_is_v4(self->addr);

	if (!lab->have_self[v4])
		lab->self[v4] = *self;
	lab->have_self[v4] = true;
}

const struct pcp_endpoint *lab_self(const struct lab *lab, const uint8_t addr[PCP_ADDR_LEN])
{
	bool v4 = pcp_addr_is_v4(addr);

	return lab->have_self[v4] ? &lab->self[v4] : NULL;
}

/* Round-robin: a flood of clients pushes out the ones remembered longest. */
void lab_remember(struct lab *lab, const struct pcp_endpoint *client,
		  const struct pcp_endpoint *server, uint8_t version)
{
	struct lab_client *place = NULL;

	for (size_t i = 0; i < lab->nclient && !place; i++)
		if (pcp_endpoint_same(&lab->client[i].client, client))
			place = &lab->client[i];
	if (!place && lab->nclient < LAB_CLIENTS_MAX)
		place = &lab->client[lab->nclient++];
	else if (!place)
		place = &lab->client[lab->oldest++ % LAB_CLIENTS_MAX];
	*place = (struct lab_client){ *client, *server, version };
}

/* RFC 6886 3.8: where there is no NAT, NAT-PMP is not even refused. */
bool lab_has_nat(const struct lab *lab)
{
	return lab->set.ipv4 == FAMILY_NAT;
}

bool lab_speaks(const struct lab *lab, uint8_t version)
{
	return version <= PCP_VERSION_2 && (lab->versions >> version & 1) &&
	       (version != PCP_VERSION_NATPMP || lab_has_nat(lab));
}

bool lab_prefix_matches(const struct lab_prefix *prefix, const uint8_t addr[PCP_ADDR_LEN])
{
	size_t whole = prefix->bits / 8, rest = prefix->bits % 8;

	if (memcmp(prefix->addr, addr, whole) != 0)
		return false;
	return rest == 0 || (prefix->addr[whole] ^ addr[whole]) >> (8 - rest) == 0;
}
