/* What the gateway is, whether it helps, and what to do next, in words. */
#include "probe-private.h"

#include <stdio.h>
#include <string.h>

#include "reach.h"

/* One sentence; false when there is nothing to say. */
typedef bool (*sentence)(const struct probe_profile *p, char *buf, size_t cap);

static bool speaks(const struct probe_profile *p, char *buf, size_t cap)
{
	if (p->from_outside) {
		snprintf(buf, cap,
			 "This host asks from outside, where a gateway has to be silent.");
		return true;
	}
	if (!p->pcp && !p->natpmp) {
		snprintf(buf, cap,
			 "Neither PCP nor NAT-PMP is spoken there: it may be switched off "
			 "in the router's settings, or the router may not have it.");
		return true;
	}
	snprintf(buf, cap, "It speaks %s%s%s%s.", p->pcp ? "PCP" : "NAT-PMP only, PCP's forerunner",
		 p->pcp && p->version1 ? ", also the drafts' version 1" : "",
		 p->pcp && p->natpmp ? " and NAT-PMP" : "",
		 p->pcp && p->natpmp_asked && !p->natpmp ? ", not NAT-PMP" : "");
	return true;
}

/* It names a place outside where the mapping comes out. */
static bool comes_out(const struct probe_profile *p)
{
	return p->map && p->external_port && !pcp_addr_is_any(p->external);
}

static bool maps(const struct probe_profile *p, char *buf, size_t cap)
{
	char addr[PCP_ADDR_TEXT];

	if (!p->map_asked)
		return false;
	pcp_addr_text(p->external, addr, sizeof addr);
	if (p->map && !comes_out(p))
		snprintf(buf, cap,
			 "It says that it maps ports for this host, but not to which address and "
			 "port outside.");
	else if (p->map)
		snprintf(buf, cap, "It maps ports for this host: the first came out at %s port %u.",
			 addr, p->external_port);
	else
		snprintf(buf, cap, "It maps no port for this host: %s (%u).",
			 p->map_refusal ? p->map_refusal : "an unknown result", p->map_result);
	return true;
}

static bool reached(const struct probe_profile *p, char *buf, size_t cap)
{
	const struct pcp_reach *reach = pcp_reach(p->external);

	if (pcp_addr_is_any(p->external))
		return false;
	if (reach)
		snprintf(buf, cap, "Nobody on the Internet reaches that address: it is %s: %s.",
			 reach->what, reach->meaning);
	else
		snprintf(buf, cap, "Its outside address is one that the Internet can reach%s.",
			 p->outside.answered ? ""
					     : "; whether the port is open only somebody outside "
					       "can see");
	return true;
}

static void add(char *list, size_t cap, bool has, const char *name)
{
	size_t len = strlen(list);

	if (has && len < cap)
		snprintf(list + len, cap - len, "%s%s", len ? ", " : "", name);
}

static void add_options(const struct probe_profile *p, char *list, size_t cap)
{
	add(list, cap, p->prefer_failure, "PREFER_FAILURE");
	add(list, cap, p->filter, "FILTER");
	add(list, cap, p->third_party, "THIRD_PARTY");
	add(list, cap, p->description, "DESCRIPTION");
	add(list, cap, p->port_set, "PORT_SET");
	add(list, cap, p->prefix64, "PREFIX64");
}

static bool honours(const struct probe_profile *p, char *buf, size_t cap)
{
	char list[160] = "";

	if (!p->pcp || !p->map_asked)
		return false;
	add(list, sizeof list, p->map, "MAP");
	add(list, sizeof list, p->peer, "PEER");
	add(list, sizeof list, p->get, "GET");
	if (!p->echoes)
		add_options(p, list, sizeof list);
	snprintf(buf, cap, "Beside ANNOUNCE it honours %s%s.", list[0] ? list : "nothing",
		 p->echoes ? "; it returns any option whatever, so which it knows does not show"
			   : "");
	return true;
}

static bool lasts(const struct probe_profile *p, char *buf, size_t cap)
{
	char shortest[32], longest[32];

	if (!p->max_lifetime)
		return false;
	pcp_seconds_text(p->min_lifetime, shortest, sizeof shortest);
	pcp_seconds_text(p->max_lifetime, longest, sizeof longest);
	snprintf(buf, cap, "Mappings last from %s to %s.", shortest, longest);
	return true;
}

/* As far as has been seen; and where nobody has, as far as its address tells. */
static bool lets_in(const struct probe_profile *p)
{
	if (p->outside.answered && !inquiry_untried(&p->outside))
		return !inquiry_none_open(&p->outside);
	return !pcp_reach(p->external);
}

static bool speaks_igd(const struct probe_profile *p, char *buf, size_t cap)
{
	char addr[PCP_ADDR_TEXT];
	bool tells = !pcp_addr_is_any(p->igd.external);

	pcp_addr_text(p->igd.external, addr, sizeof addr);
	if (p->igd.state == IGD_UNKNOWN)
		return false;
	if (p->igd.state == IGD_SILENT)
		snprintf(buf, cap, "It does not answer as a UPnP router.");
	else if (!tells)
		snprintf(buf, cap, "It is a UPnP router, too, which tells no outside address.");
	else if (pcp_addr_is_any(p->external) ||
		 !memcmp(p->external, p->igd.external, sizeof p->external))
		snprintf(buf, cap, "It is a UPnP router, too, with %s outside.", addr);
	else
		snprintf(buf, cap, "It is a UPnP router, too, and tells another address there: %s.",
			 addr);
	return true;
}

static bool advises(const struct probe_profile *p, char *buf, size_t cap)
{
	if (p->map && !comes_out(p))
		snprintf(buf, cap, "So nothing outside can be told where to come in.");
	else if (p->map && lets_in(p))
		snprintf(buf, cap, "So `pcpscope map PORT PORT tcp -renew` lets others in.");
	else if (p->map && !pcp_reach(p->external) && !probe_reach_another(p))
		snprintf(buf, cap,
			 "So look for a firewall: in the router's settings beside its mappings, or "
			 "at "
			 "the provider.");
	else if (p->map)
		snprintf(buf, cap,
			 "Mappings work here and end at this gateway: the next one towards "
			 "the Internet has to be asked, too, or the provider.");
	else if (p->pcp && p->map_asked)
		snprintf(buf, cap,
			 "Look in the router's settings for PCP, NAT-PMP or UPnP, and "
			 "whether this host may use it.");
	else
		return false;
	return true;
}

bool probe_sentence(const struct probe *probe, size_t i, char *buf, size_t cap)
{
	static const sentence sentences[] = {
		speaks, maps,	    reached, probe_say_outside, probe_say_hairpin, honours,
		lasts,	speaks_igd, advises
	};

	if (probe_knows_nothing(probe)) {
		snprintf(buf, cap,
			 "What is spoken there is not known: it was stopped before that showed.");
		return i == 0;
	}
	for (size_t n = 0; n < sizeof sentences / sizeof *sentences; n++)
		if (sentences[n](&probe->profile, buf, cap) && i-- == 0)
			return true;
	return false;
}
