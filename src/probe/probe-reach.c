/* What the tries of a mapped port tell, in words. */
#include "out.h"
#include "probe-private.h"

#include <stdio.h>
#include <string.h>

void probe_reach_text(const struct inquiry_result *result, char *buf, size_t cap)
{
	char text[INQUIRY_WAY_TEXT];
	struct pcp_out out;

	pcp_out_begin(&out, buf, cap);
	for (unsigned way = 0; way < BEACON_WAYS; way++) {
		inquiry_way_text(result, (enum beacon_way)way, text, sizeof text);
		pcp_out_format(&out, "%s%s", way ? ", " : "", text);
	}
}

bool probe_reach_another(const struct probe_profile *p)
{
	return p->outside.answered && memcmp(p->outside.source.addr, p->tried, PCP_ADDR_LEN) != 0;
}

/* What the beacon saw; false: it was not asked. */
bool probe_say_outside(const struct probe_profile *p, char *buf, size_t cap)
{
	char text[PROBE_WHY], given[PCP_ADDR_TEXT], seen[PCP_ADDR_TEXT];

	probe_reach_text(&p->outside, text, sizeof text);
	pcp_addr_text(p->tried, given, sizeof given);
	pcp_addr_text(p->outside.source.addr, seen, sizeof seen);
	if (!p->outside.asked)
		return false;
	if (!p->outside.answered)
		snprintf(
			buf, cap,
			"The beacon answered nothing: is it still there, does UDP reach it, and is "
			"the line the one that it printed? So nothing is known from outside.");
	else if (probe_reach_another(p))
		snprintf(buf, cap,
			 "Another NAT stands outside, or the way to the beacon is another, as a "
			 "VPN's: the gateway gives %s, the beacon sees this host at %s, and there "
			 "the port answered %s.",
			 given, seen, text);
	else if (inquiry_untried(&p->outside))
		snprintf(
			buf, cap,
			"The beacon's own system let it try nothing (%s), so nothing is known from "
			"outside.",
			text);
	else if (inquiry_all_open(&p->outside))
		snprintf(buf, cap, "Seen from outside the mapped port is open: %s.", text);
	else if (inquiry_none_open(&p->outside))
		snprintf(buf, cap,
			 "Seen from outside the mapped port is closed: %s. The address is the "
			 "right one, so a filter, in the gateway or before it, lets nothing in.",
			 text);
	else
		snprintf(buf, cap, "Seen from outside the mapped port is open in part: %s.", text);
	return true;
}

bool probe_say_hairpin(const struct probe_profile *p, char *buf, size_t cap)
{
	char text[PROBE_WHY];

	if (!p->hairpin.asked)
		return false;
	probe_reach_text(&p->hairpin, text, sizeof text);
	snprintf(buf, cap,
		 "From this host to its own outside port (hairpin): %s; that proves nothing about "
		 "outside%s.",
		 text,
		 p->outside.asked ? ""
				  : ", which only a second machine with `pcpscope beacon` sees");
	return true;
}
