/*
 * What can be set about the lab: a row each, and nowhere else. Whoever includes this says what a
 * row becomes.
 *
 * PLAIN(kind, member, name, normal, values, help, min, max): a member of struct lab_settings. kind
 * is NUMBER or TIME (seconds), both from min to max; SWITCH; or CHOICE, whose value is the place of
 * the word among `values`. OWN(stem, name, normal, values, help): read by lab_set_STEM, shown by
 * lab_text_STEM (lab-special.c).
 */
#ifndef LAB_SETTINGS_H
#define LAB_SETTINGS_H

/* clang-format off */
#define LAB_SETTINGS(PLAIN, OWN) \
	OWN(wan, "wan", "203.0.113.9/1", "ADDRESS[/COUNT]|down", \
	    "external IPv4 addresses; a change renumbers the mappings") \
	OWN(ports, "ports", "1024-65535", "FIRST-LAST", "external ports given out") \
	PLAIN(TIME, min_lifetime, "min-lifetime", "120", "TIME", \
	      "shortest lifetime granted by PCP", 0, UINT32_MAX) \
	PLAIN(TIME, max_lifetime, "max-lifetime", "86400", "TIME", \
	      "longest lifetime granted", 1, UINT32_MAX) \
	PLAIN(NUMBER, quota, "quota", "100000", "0-16777216", \
	      "ports that one internal address may have", 0, 1 << 24) \
	PLAIN(NUMBER, max_mappings, "max-mappings", "1000000", "0-16777216", \
	      "mappings and held ports in all", 0, 1 << 24) \
	PLAIN(NUMBER, max_filters, "max-filters", "8", "1-255", \
	      "filters that one mapping may have", 1, 255) \
	PLAIN(NUMBER, max_port_set, "max-port-set", "1024", "1-65535", \
	      "ports that one PORT_SET is given at most", 1, 65535) \
	PLAIN(TIME, hold, "hold", "120", "TIME", \
	      "how long a freed port is kept for its former client", 0, 86400) \
	PLAIN(TIME, active, "active", "0", "TIME", \
	      "idle time for which traffic keeps deleted and unrenewed mappings", 0, 86400) \
	PLAIN(TIME, long_error, "long-error", "1800", "TIME", \
	      "how long errors last that do not go away by themselves", 0, UINT32_MAX) \
	PLAIN(TIME, short_error, "short-error", "30", "TIME", \
	      "how long errors last that may go away soon", 0, UINT32_MAX) \
	PLAIN(NUMBER, max_rate, "max-rate", "0", "0-1000000", \
	      "requests a second before it falls silent; 0: any number", 0, 1000000) \
	PLAIN(NUMBER, source_rate, "source-rate", "0", "0-1000000", \
	      "requests a second of one address before it gets silence; 0: any number", 0, 1000000) \
	OWN(versions, "versions", "2+0", "VERSION+VERSION...", \
	    "protocol versions spoken: 2, 1, and 0 for NAT-PMP") \
	OWN(dialects, "dialect", "none", "DIALECT+DIALECT...|none", \
	    "implementations whose own codes it knows, beside the standards") \
	PLAIN(CHOICE, refusal, "refusal", "deployed", "deployed|erratum|drawn|swapped|short", \
	      "how NAT-PMP refuses another version: its opcode kept and R set, opcode 0 and R set " \
	      "(erratum 3618), R clear (as RFC 6886 draws it), the result turned round, 4 octets", 0, 0) \
	PLAIN(SWITCH, hints, "hints", "on", "on|off", \
	      "whether a suggested port is given where it can be had", 0, 0) \
	PLAIN(CHOICE, port_zero, "port-zero", "refuse", "refuse|any", \
	      "internal port 0 in NAT-PMP: refused, or any port, as VPN gateways take it", 0, 0) \
	PLAIN(CHOICE, no_family, "no-family", "give", "give|refuse", \
	      "a suggested zero address of a family that there is not outside: the one that there is, " \
	      "or NO_RESOURCES", 0, 0) \
	PLAIN(SWITCH, brief, "brief", "off", "on|off", \
	      "whether unknown versions and opcodes are answered by a header alone, and less than a " \
	      "header by nothing", 0, 0) \
	OWN(protocols, "protocols", "icmp+tcp+udp+dccp+41+gre+esp+ah+icmpv6+sctp+udplite", \
	    "PROTOCOL+PROTOCOL...", "transport protocols that it maps") \
	OWN(without, "without", "none", "OPCODE+OPTION...|none", \
	    "opcodes and options that it does not know") \
	PLAIN(SWITCH, nonce_check, "nonce-check", "on", "on|off", \
	      "whether another nonce is refused", 0, 0) \
	OWN(third_party, "third-party", "on", "on|off|PREFIX", "who may map for other hosts") \
	OWN(realms, "third-party-id", "none", "HEX+HEX...|none", \
	    "identifiers that THIRD_PARTY_ID may name") \
	PLAIN(SWITCH, wildcards, "wildcards", "on", "on|off", \
	      "whether all ports or all protocols can be mapped", 0, 0) \
	PLAIN(CHOICE, ipv4, "ipv4", "nat44", "nat44|firewall|off", \
	      "what it does with internal IPv4", 0, 0) \
	PLAIN(CHOICE, ipv6, "ipv6", "both", "nat64|firewall|off|both", \
	      "what it does with internal IPv6", 0, 0) \
	OWN(prefix64, "prefix64", "64:ff9b::/96", "PREFIX+PREFIX...|none", \
	    "NAT64 prefixes that PREFIX64 tells") \
	PLAIN(CHOICE, announce, "announce", "unicast", "unicast|multicast|both|off", \
	      "how it announces a restart", 0, 0) \
	PLAIN(SWITCH, auth, "auth", "off", "on|off", \
	      "whether requests need an authentication tag (none is ever right)", 0, 0) \
	PLAIN(CHOICE, overload, "overload", "off", "off|silence|refuse", \
	      "what it does to every request, as if overloaded", 0, 0) \
	OWN(serve, "serve", "any", "PREFIX|any", "whom it answers at all") \
	OWN(behind, "behind", "off", "ADDRESS|off", \
	    "takes every request as coming from this address, as behind another NAT")
/* clang-format on */

#define LAB_TYPE_NUMBER uint32_t
#define LAB_TYPE_TIME	uint32_t
#define LAB_TYPE_SWITCH bool
#define LAB_TYPE_CHOICE uint32_t
#define LAB_NOTHING(...)

#define LAB_MEMBER(kind, member, ...) LAB_TYPE_##kind member;
struct lab_settings {
	LAB_SETTINGS(LAB_MEMBER, LAB_NOTHING)
};
#undef LAB_MEMBER

#endif
