/* What the gateway is and whether it helps, in words. */
#include "probe-private.h"

#include <stdio.h>

bool probe_sentence(const struct probe *probe, size_t i, char *buf, size_t cap)
{
	const struct probe_profile *p = &probe->profile;

	if (i > 0)
		return false;
	snprintf(buf, cap, "speaks %s%s%s%s", p->pcp ? "PCP" : "",
		 p->pcp && p->natpmp ? " and " : "", p->natpmp ? "NAT-PMP" : "",
		 p->pcp || p->natpmp ? "" : "neither PCP nor NAT-PMP");
	return true;
}
