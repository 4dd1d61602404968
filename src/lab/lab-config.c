/*
 * The words that set the lab up and change it while it runs: one table of settings, which also
 * yields their help, their present values and their bounds; the faults' table beside it; and
 * actions.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab-private.h"
#include "suggest.h"

enum { WORD_MAX = 256, PART_MAX = 96 };

enum setting_kind { NUMBER, TIME, SWITCH, SWITCH_OFF, CHOICE, SPECIAL };

struct lab_setting {
	const char *name, *normal, *values, *help; /* normal: the value it starts with */
	enum setting_kind kind;
	size_t offset; /* of the member in struct lab */
	uint32_t min, max;
	const char *const *choices; /* CHOICE: by value, ends with NULL */
	bool (*set)(struct lab *lab, usec now, const char *value,
		    struct pcp_why *why); /* SPECIAL */
	size_t (*text)(const struct lab *lab, char *buf, size_t cap);
};

bool lab_duration_parse(const char *typed, usec *duration, struct pcp_why *why)
{
	uint32_t seconds;
	char *end;
	unsigned long long ms = strtoull(typed, &end, 10);

	if (isdigit((unsigned char)*typed) && strcmp(end, "ms") == 0 && ms <= 86400000) {
		*duration = (usec)ms * 1000;
		return true;
	}
	if (!pcp_seconds_parse(typed, &seconds, why))
		return false;
	if (seconds > 86400)
		return pcp_refuse(why, 0, "at most a day");
	*duration = (usec)seconds * USEC_PER_SEC;
	return true;
}

/* ---- lists: parts of a value between separators ---- */

/* Of lists. --lab=WORD,WORD leaves only the first of them; both work elsewhere. */
static const char separators[] = "+,";

/* Copies the part before a separator and moves on behind it; false when there is none left or it is
 * too long. */
static bool next_part(const char **value, const char *between, char *part, size_t cap)
{
	size_t len = strcspn(*value, between);

	if (!**value || len >= cap)
		return false;
	memcpy(part, *value, len);
	part[len] = '\0';
	*value += len + ((*value)[len] != '\0');
	return true;
}

static size_t put_text(char *buf, size_t cap, size_t len, const char *text)
{
	int n = snprintf(len < cap ? buf + len : NULL, len < cap ? cap - len : 0, "%s", text);

	return len + (size_t)n;
}

/* Hands each part of a list to `take`; "none" has no parts. */
static bool each_part(const char *value,
		      bool (*take)(void *into, const char *part, struct pcp_why *why), void *into,
		      struct pcp_why *why)
{
	char part[PART_MAX];

	if (strcmp(value, "none") == 0)
		return true;
	while (next_part(&value, separators, part, sizeof(part)))
		if (!take(into, part, why))
			return false;
	return !*value || pcp_refuse(why, 0, "'%.40s' is too long", value);
}

static size_t put_item(char *buf, size_t cap, size_t len, const char *item)
{
	return put_text(buf, cap, len ? put_text(buf, cap, len, "+") : len, item);
}

static size_t put_code(char *buf, size_t cap, size_t len, const struct pcp_name *names,
		       unsigned code)
{
	const char *name = pcp_name(names, code);
	char number[12];

	snprintf(number, sizeof(number), "%u", code);
	return put_item(buf, cap, len, name ? name : number);
}

static bool parse_prefix(const char *typed, struct lab_prefix *prefix, struct pcp_why *why)
{
	char addr[PCP_ADDR_TEXT];
	const char *rest = typed;
	char *end;
	long bits;

	if (strcmp(typed, "any") == 0) {
		*prefix = (struct lab_prefix){ .bits = 0 };
		return true;
	}
	if (!next_part(&rest, "/", addr, sizeof(addr)) || !pcp_addr_parse(addr, prefix->addr, why))
		return pcp_refuse(why, 0, "'%s' is no address or prefix", typed);
	bits = pcp_addr_is_v4(prefix->addr) ? 32 : 128;
	if (*rest) {
		long typed_bits = strtol(rest, &end, 10);
		if (*end || typed_bits < 0 || typed_bits > bits)
			return pcp_refuse(why, 0, "a prefix length is 0 to %ld, not '%s'", bits,
					  rest);
		bits = typed_bits;
	}
	prefix->bits = (uint8_t)(bits + (pcp_addr_is_v4(prefix->addr) ? 96 : 0));
	return true;
}

static size_t prefix_text(const struct lab_prefix *prefix, char *buf, size_t cap)
{
	char addr[PCP_ADDR_TEXT];
	int n;

	if (prefix->bits == 0)
		return put_text(buf, cap, 0, "any");
	pcp_addr_text(prefix->addr, addr, sizeof(addr));
	n = snprintf(buf, cap, "%s/%d", addr,
		     prefix->bits - (pcp_addr_is_v4(prefix->addr) ? 96 : 0));
	return (size_t)n;
}

/* ---- settings of their own kind ---- */

static bool set_wan(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	char addr[PCP_ADDR_TEXT];
	uint8_t wan[PCP_ADDR_LEN];
	const char *rest = value;
	unsigned long count = 1;
	bool change;
	char *end;

	if (strcmp(value, "down") == 0) {
		lab->wan_down = true;
		return true;
	}
	if (!next_part(&rest, "/", addr, sizeof(addr)) || !pcp_addr_parse(addr, wan, why) ||
	    !pcp_addr_is_v4(wan) || pcp_addr_is_any(wan))
		return pcp_refuse(why, 0, "'%s' is not an IPv4 address (or 'down')", value);
	if (*rest) {
		count = strtoul(rest, &end, 10);
		if (*end || count < 1 || count > LAB_WAN_MAX)
			return pcp_refuse(why, 0, "the pool has 1 to %d addresses, not '%s'",
					  LAB_WAN_MAX, rest);
	}
	lab->wan_down = false;
	change = lab->config.wan_count > 0 && (memcmp(lab->config.wan, wan, PCP_ADDR_LEN) != 0 ||
					       lab->config.wan_count != count);
	memcpy(lab->config.wan, wan, PCP_ADDR_LEN);
	lab->config.wan_count = (uint16_t)count;
	if (change)
		lab_renumber(lab, now);
	return true;
}

static size_t wan_text(const struct lab *lab, char *buf, size_t cap)
{
	char addr[PCP_ADDR_TEXT];

	pcp_addr_text(lab->config.wan, addr, sizeof(addr));
	return (size_t)snprintf(buf, cap, lab->wan_down ? "down" : "%s/%u", addr,
				lab->config.wan_count);
}

static bool set_ports(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	char *end;
	unsigned long first = strtoul(value, &end, 10), last = first;

	(void)now;
	if (end != value && *end == '-')
		last = strtoul(end + 1, &end, 10);
	if (end == value || *end || first < 1 || last > UINT16_MAX || first > last)
		return pcp_refuse(why, 0, "'%s' is no range of ports like 1024-65535", value);
	lab->config.first_port = (uint16_t)first;
	lab->config.last_port = (uint16_t)last;
	lab_pool_forget(lab);
	return true;
}

static size_t ports_text(const struct lab *lab, char *buf, size_t cap)
{
	return (size_t)snprintf(buf, cap, "%u-%u", lab->config.first_port, lab->config.last_port);
}

static bool take_version(void *into, const char *part, struct pcp_why *why)
{
	uint32_t *versions = into;

	if (part[0] < '0' || part[0] > '0' + PCP_VERSION_2 || part[1])
		return pcp_refuse(why, 0, "'%s' is no version: 0 (NAT-PMP), 1 or 2", part);
	*versions |= 1u << (part[0] - '0');
	return true;
}

static bool set_versions(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	uint32_t versions = 0;

	(void)now;
	if (!each_part(value, take_version, &versions, why))
		return false;
	if (!versions)
		return pcp_refuse(why, 0, "versions are 0 (NAT-PMP), 1 or 2, like 2+0");
	lab->versions = versions;
	return true;
}

static size_t versions_text(const struct lab *lab, char *buf, size_t cap)
{
	static const struct pcp_name numbers[] = { { 0 } };
	size_t len = 0;

	for (unsigned i = PCP_VERSION_2 + 1; i-- > 0;)
		if (lab->versions >> i & 1)
			len = put_code(buf, cap, len, numbers, i);
	return len;
}

static long code_of(const struct pcp_name *names, const char *typed, long max)
{
	long code = pcp_code(names, typed);
	char *end;

	if (code < 0 && isdigit((unsigned char)*typed)) {
		code = strtol(typed, &end, 0);
		if (*end)
			code = -1;
	}
	return code <= max ? code : -1;
}

static bool take_protocol(void *into, const char *part, struct pcp_why *why)
{
	uint8_t *bits = into;
	long code = code_of(pcp_protocol_names, part, UINT8_MAX);

	if (code < 1)
		return pcp_refuse(why, 0, "'%s' is no protocol: a name like tcp, or 1-255", part);
	bits[code / 8] |= (uint8_t)(1 << (code % 8));
	return true;
}

static bool set_protocols(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	uint8_t bits[sizeof(lab->protocol)] = { 0 };

	(void)now;
	if (!each_part(value, take_protocol, bits, why))
		return false;
	memcpy(lab->protocol, bits, sizeof(bits));
	return true;
}

static size_t protocols_text(const struct lab *lab, char *buf, size_t cap)
{
	size_t len = 0;

	for (unsigned i = 0; i <= UINT8_MAX; i++)
		if (lab->protocol[i / 8] >> (i % 8) & 1)
			len = put_code(buf, cap, len, pcp_protocol_names, i);
	return len ? len : put_text(buf, cap, 0, "none");
}

/* "MAP", "FILTER", "98": an opcode or an option by name; a bare number is an option. */
static bool feature(const char *name, bool *opcode, long *code)
{
	*code = pcp_code(pcp_opcode_names, name);
	*opcode = *code >= 0 && *code < 128 && lab_knows_opcode((uint8_t)*code);
	if (!*opcode)
		*code = code_of(pcp_option_names, name, UINT8_MAX);
	return *opcode || (*code >= 0 && lab_knows_option((uint8_t)*code));
}

struct without {
	bool opcode[128], option[256];
};

static bool take_without(void *into, const char *part, struct pcp_why *why)
{
	struct without *without = into;
	bool opcode;
	long code;

	if (!feature(part, &opcode, &code))
		return pcp_refuse(
			why, 0, "'%s' is no opcode or option that the lab knows (or 'none')", part);
	(opcode ? without->opcode : without->option)[code] = true;
	return true;
}

static bool set_without(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	struct without without = { { false }, { false } };

	(void)now;
	if (!each_part(value, take_without, &without, why))
		return false;
	memcpy(lab->no_opcode, without.opcode, sizeof(without.opcode));
	memcpy(lab->no_option, without.option, sizeof(without.option));
	return true;
}

static size_t without_text(const struct lab *lab, char *buf, size_t cap)
{
	size_t len = 0;

	for (unsigned i = 0; i < 128; i++)
		if (lab->no_opcode[i])
			len = put_code(buf, cap, len, pcp_opcode_names, i);
	for (unsigned i = 0; i < 256; i++)
		if (lab->no_option[i])
			len = put_code(buf, cap, len, pcp_option_names, i);
	return len ? len : put_text(buf, cap, 0, "none");
}

static bool set_third_party(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	struct lab_prefix prefix = { .bits = 0 };

	(void)now;
	if (strcmp(value, "on") != 0 && strcmp(value, "off") != 0 &&
	    !parse_prefix(value, &prefix, why))
		return pcp_refuse(why, 0, "'%s' is neither on, off nor a prefix of clients", value);
	lab->config.no_third_party = strcmp(value, "off") == 0;
	lab->third_party = prefix;
	return true;
}

static size_t third_party_text(const struct lab *lab, char *buf, size_t cap)
{
	if (lab->config.no_third_party)
		return put_text(buf, cap, 0, "off");
	return lab->third_party.bits ? prefix_text(&lab->third_party, buf, cap)
				     : put_text(buf, cap, 0, "on");
}

struct realms {
	struct realm realm[LAB_REALMS_MAX];
	size_t n;
};

static bool take_realm(void *into, const char *part, struct pcp_why *why)
{
	struct realms *realms = into;
	struct realm *realm = &realms->realm[realms->n];
	size_t len;

	if (realms->n == LAB_REALMS_MAX)
		return pcp_refuse(why, 0, "at most %d identifiers", LAB_REALMS_MAX);
	if (!pcp_hex_parse(part, realm->id, sizeof(realm->id), &len, why) || len == 0)
		return pcp_refuse(why, 0, "'%s' is no identifier: 1 to %zu octets in hex", part,
				  sizeof(realm->id));
	realm->len = (uint8_t)len;
	realms->n++;
	return true;
}

static bool set_realms(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	struct realms realms = { .n = 0 };

	(void)now;
	if (!each_part(value, take_realm, &realms, why))
		return false;
	memcpy(lab->realm, realms.realm, sizeof(realms.realm));
	lab->nrealm = realms.n;
	return true;
}

static size_t realms_text(const struct lab *lab, char *buf, size_t cap)
{
	char hex[2 * sizeof(lab->realm[0].id) + 1];
	size_t len = 0;

	for (size_t i = 0; i < lab->nrealm; i++) {
		pcp_hex_text(lab->realm[i].id, lab->realm[i].len, hex, sizeof(hex));
		len = put_item(buf, cap, len, hex);
	}
	return len ? len : put_text(buf, cap, 0, "none");
}

struct prefixes {
	struct lab_prefix prefix[LAB_PREFIX64_MAX];
	size_t n;
};

/* RFC 6052 2.2 has these lengths and no others. */
static bool is_nat64(const struct lab_prefix *prefix)
{
	return !pcp_addr_is_v4(prefix->addr) && prefix->bits % 8 == 0 && prefix->bits >= 32 &&
	       (prefix->bits <= 64 || prefix->bits == 96);
}

static bool take_prefix64(void *into, const char *part, struct pcp_why *why)
{
	struct prefixes *prefixes = into;
	struct lab_prefix *prefix = &prefixes->prefix[prefixes->n];

	if (prefixes->n == LAB_PREFIX64_MAX)
		return pcp_refuse(why, 0, "at most %d prefixes", LAB_PREFIX64_MAX);
	if (!parse_prefix(part, prefix, why))
		return false;
	if (!is_nat64(prefix))
		return pcp_refuse(why, 0, "'%s' is no NAT64 prefix: /32, 40, 48, 56, 64 or 96",
				  part);
	memset(prefix->addr + prefix->bits / 8, 0, PCP_ADDR_LEN - prefix->bits / 8u);
	prefixes->n++;
	return true;
}

static bool set_prefix64(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	struct prefixes prefixes = { .n = 0 };

	(void)now;
	if (!each_part(value, take_prefix64, &prefixes, why))
		return false;
	memcpy(lab->prefix64, prefixes.prefix, sizeof(prefixes.prefix));
	lab->nprefix64 = prefixes.n;
	return true;
}

static size_t prefix64_text(const struct lab *lab, char *buf, size_t cap)
{
	char text[PCP_ADDR_TEXT + 8];
	size_t len = 0;

	for (size_t i = 0; i < lab->nprefix64; i++) {
		prefix_text(&lab->prefix64[i], text, sizeof(text));
		len = put_item(buf, cap, len, text);
	}
	return len ? len : put_text(buf, cap, 0, "none");
}

static bool set_serve(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	(void)now;
	return parse_prefix(value, &lab->serve, why);
}

static size_t serve_text(const struct lab *lab, char *buf, size_t cap)
{
	return prefix_text(&lab->serve, buf, cap);
}

static bool set_behind(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	(void)now;
	if (strcmp(value, "off") != 0 && !pcp_addr_parse(value, lab->behind, why))
		return false;
	lab->is_behind = strcmp(value, "off") != 0;
	return true;
}

static size_t behind_text(const struct lab *lab, char *buf, size_t cap)
{
	if (!lab->is_behind)
		return put_text(buf, cap, 0, "off");
	return pcp_addr_text(lab->behind, buf, cap);
}

/* ---- mappings that PCP did not make ---- */

static bool parse_protocol(const char *typed, uint8_t *protocol, struct pcp_why *why)
{
	long code = code_of(pcp_protocol_names, typed, UINT8_MAX);

	if (code < 1)
		return pcp_refuse(why, 0, "'%s' is no protocol", typed);
	*protocol = (uint8_t)code;
	return true;
}

/* PORT alone is a port of 127.0.0.1, where the clients of a lab on loopback are. */
static bool parse_internal(const char *typed, struct pcp_endpoint *internal, struct pcp_why *why)
{
	char full[ENDPOINT_TEXT + 16];

	if (!strpbrk(typed, ".:")) {
		snprintf(full, sizeof(full), "127.0.0.1:%s", typed);
		typed = full;
	}
	return pcp_endpoint_parse(typed, 0, internal, why);
}

/* PROTOCOL/INTERNAL/OTHER */
static bool parse_made(const char *value, struct key *key, struct pcp_endpoint *other,
		       struct pcp_why *why)
{
	char protocol[32], internal[ENDPOINT_TEXT];
	struct pcp_endpoint inside;

	if (!next_part(&value, "/", protocol, sizeof(protocol)) ||
	    !next_part(&value, "/", internal, sizeof(internal)) || !*value)
		return pcp_refuse(why, 0,
				  "a mapping is PROTOCOL/[ADDRESS:]PORT/ADDRESS:PORT, like "
				  "tcp/127.0.0.1:22/203.0.113.9:22");
	if (!parse_protocol(protocol, &key->protocol, why) ||
	    !parse_internal(internal, &inside, why) || !pcp_endpoint_parse(value, 0, other, why))
		return false;
	if (inside.port == 0 || other->port == 0)
		return pcp_refuse(why, 0, "a mapping needs both ports");
	memcpy(key->internal, inside.addr, PCP_ADDR_LEN);
	key->internal_port = inside.port;
	return true;
}

static bool add_static(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	struct lab_entry like = { .key.opcode = PCP_MAP, .ports = 1, .fixed = true };
	struct pcp_endpoint outside;

	(void)now;
	if (!parse_made(value, &like.key, &outside, why))
		return false;
	if (lab_covering(lab, &like.key))
		return pcp_refuse(why, 0, "that internal port is mapped already");
	if (lab_external_owner(lab, outside.addr, like.key.protocol, outside.port))
		return pcp_refuse(why, 0, "that external port is taken");
	memcpy(like.external, outside.addr, PCP_ADDR_LEN);
	memcpy(like.client.addr, like.key.internal, PCP_ADDR_LEN);
	like.external_port = outside.port;
	return lab_store_add(lab, &like, USEC_NEVER) || pcp_refuse(why, 0, "the table is full");
}

/* As if traffic had made it: lasts for the idle time, 120 s unless `active` says otherwise. */
static bool add_implicit(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	static const uint8_t no_nonce[PCP_NONCE_LEN];
	struct lab_entry like = { .key.opcode = PCP_PEER, .ports = 1, .implicit = true };
	uint32_t idle = lab->config.active ? lab->config.active : LAB_TIME_WAIT;
	struct pcp_endpoint remote;
	uint8_t any[PCP_ADDR_LEN];
	struct want want = { .key = &like.key,
			     .nonce = no_nonce,
			     .owner = like.client.addr,
			     .suggested = any,
			     .ports = 1 };
	struct grant grant;

	if (!parse_made(value, &like.key, &remote, why))
		return false;
	memcpy(like.key.remote, remote.addr, PCP_ADDR_LEN);
	like.key.remote_port = remote.port;
	memcpy(like.client.addr, like.key.internal, PCP_ADDR_LEN);
	pcp_addr_any(any, pcp_addr_is_v4(like.key.internal));
	if (lab_find(lab, &like.key))
		return pcp_refuse(why, 0, "that connection has a mapping already");
	if (lab_allocate(lab, &want, &grant) != PCP_SUCCESS)
		return pcp_refuse(why, 0, "no external port is left");
	memcpy(like.external, grant.external, PCP_ADDR_LEN);
	like.external_port = grant.external_port;
	return lab_store_add(lab, &like, now + (usec)idle * USEC_PER_SEC) ||
	       pcp_refuse(why, 0, "the table is full");
}

/* ---- the table of settings ---- */

static const char *const overloads[] = {
	[OVERLOAD_OFF] = "off", [OVERLOAD_SILENCE] = "silence", [OVERLOAD_REFUSE] = "refuse", NULL
};
static const char *const announcements[] = { [ANNOUNCE_UNICAST] = "unicast",
					     [ANNOUNCE_MULTICAST] = "multicast",
					     [ANNOUNCE_BOTH] = "both",
					     [ANNOUNCE_NONE] = "off",
					     NULL };
static const char *const ipv4_ways[] = {
	[FAMILY_NAT] = "nat44", [FAMILY_FIREWALL] = "firewall", [FAMILY_OFF] = "off", NULL
};
static const char *const ipv6_ways[] = { [FAMILY_NAT] = "nat64",
					 [FAMILY_FIREWALL] = "firewall",
					 [FAMILY_OFF] = "off",
					 [FAMILY_BOTH] = "both",
					 NULL };

#define AT(m)	    .offset = offsetof(struct lab, m)
#define RANGE(a, b) .min = (a), .max = (b)
#define OWN(s, t)   .kind = SPECIAL, .set = (s), .text = (t)

static const struct lab_setting settings[] = {
	{ "wan", "203.0.113.9/1", "ADDRESS[/COUNT]|down",
	  "external IPv4 addresses; a change renumbers the mappings", OWN(set_wan, wan_text) },
	{ "ports", "1024-65535", "FIRST-LAST", "external ports given out",
	  OWN(set_ports, ports_text) },
	{ "min-lifetime", "120", "TIME", "shortest lifetime granted by PCP", TIME,
	  AT(config.min_lifetime), RANGE(0, UINT32_MAX) },
	{ "max-lifetime", "86400", "TIME", "longest lifetime granted", TIME,
	  AT(config.max_lifetime), RANGE(1, UINT32_MAX) },
	{ "quota", "100000", "0-16777216", "ports that one internal address may have", NUMBER,
	  AT(config.quota), RANGE(0, 1 << 24) },
	{ "max-mappings", "1000000", "0-16777216", "mappings and held ports in all", NUMBER,
	  AT(config.max_mappings), RANGE(0, 1 << 24) },
	{ "max-filters", "8", "1-255", "filters that one mapping may have", NUMBER,
	  AT(config.max_filters), RANGE(1, 255) },
	{ "max-port-set", "1024", "1-65535", "ports that one PORT_SET is given at most", NUMBER,
	  AT(config.max_port_set), RANGE(1, 65535) },
	{ "hold", "120", "TIME", "how long a freed port is kept for its former client", TIME,
	  AT(config.hold), RANGE(0, 86400) },
	{ "active", "0", "TIME", "idle time for which traffic keeps deleted and unrenewed mappings",
	  TIME, AT(config.active), RANGE(0, 86400) },
	{ "max-rate", "0", "0-1000000", "requests a second before it falls silent; 0: any number",
	  NUMBER, AT(config.max_rate), RANGE(0, 1000000) },
	{ "versions", "2+0", "VERSION+VERSION...",
	  "protocol versions spoken: 2, 1, and 0 for NAT-PMP", OWN(set_versions, versions_text) },
	{ "protocols", "icmp+tcp+udp+dccp+41+gre+esp+ah+icmpv6+sctp+udplite",
	  "PROTOCOL+PROTOCOL...", "transport protocols that it maps",
	  OWN(set_protocols, protocols_text) },
	{ "without", "none", "OPCODE+OPTION...|none", "opcodes and options that it does not know",
	  OWN(set_without, without_text) },
	{ "nonce-check", "on", "on|off", "whether another nonce is refused", SWITCH_OFF,
	  AT(config.no_nonce_check) },
	{ "third-party", "on", "on|off|PREFIX", "who may map for other hosts",
	  OWN(set_third_party, third_party_text) },
	{ "third-party-id", "none", "HEX+HEX...|none", "identifiers that THIRD_PARTY_ID may name",
	  OWN(set_realms, realms_text) },
	{ "wildcards", "on", "on|off", "whether all ports or all protocols can be mapped", SWITCH,
	  AT(wildcards) },
	{ "ipv4", "nat44", "nat44|firewall|off", "what it does with internal IPv4", CHOICE,
	  AT(ipv4), .choices = ipv4_ways },
	{ "ipv6", "both", "both|firewall|nat64|off", "what it does with internal IPv6", CHOICE,
	  AT(ipv6), .choices = ipv6_ways },
	{ "prefix64", "64:ff9b::/96", "PREFIX+PREFIX...|none", "NAT64 prefixes that PREFIX64 tells",
	  OWN(set_prefix64, prefix64_text) },
	{ "announce", "unicast", "unicast|multicast|both|off", "how it announces a restart", CHOICE,
	  AT(announce), .choices = announcements },
	{ "auth", "off", "on|off",
	  "whether requests need an authentication tag (none is ever right)", SWITCH, AT(auth) },
	{ "overload", "off", "off|silence|refuse",
	  "what it does to every request, as if overloaded", CHOICE, AT(overload),
	  .choices = overloads },
	{ "serve", "any", "PREFIX|any", "whom it answers at all", OWN(set_serve, serve_text) },
	{ "behind", "off", "ADDRESS|off",
	  "takes every request as coming from this address, as behind another NAT",
	  OWN(set_behind, behind_text) },
};

enum { NSETTINGS = sizeof(settings) / sizeof(*settings) };

static void *member(const struct lab *lab, const struct lab_setting *setting)
{
	return (char *)lab + setting->offset;
}

static bool set_number(void *at, const struct lab_setting *setting, const char *value,
		       struct pcp_why *why)
{
	char *end;
	unsigned long long number = strtoull(value, &end, 10);

	if (!isdigit((unsigned char)*value) || *end || number < setting->min ||
	    number > setting->max)
		return pcp_refuse(why, 0, "%s is %llu to %llu, not '%s'", setting->name,
				  (unsigned long long)setting->min,
				  (unsigned long long)setting->max, value);
	*(uint32_t *)at = (uint32_t)number;
	return true;
}

static bool set_time(void *at, const struct lab_setting *setting, const char *value,
		     struct pcp_why *why)
{
	uint32_t seconds;

	if (!pcp_seconds_parse(value, &seconds, why))
		return false;
	if (seconds < setting->min || seconds > setting->max)
		return pcp_refuse(why, 0, "%s is %llu to %llu seconds", setting->name,
				  (unsigned long long)setting->min,
				  (unsigned long long)setting->max);
	*(uint32_t *)at = seconds;
	return true;
}

static bool set_switch(void *at, const struct lab_setting *setting, const char *value,
		       struct pcp_why *why)
{
	bool on = strcmp(value, "on") == 0;

	if (!on && strcmp(value, "off") != 0)
		return pcp_refuse(why, 0, "%s is on or off, not '%s'", setting->name, value);
	*(bool *)at = setting->kind == SWITCH ? on : !on;
	return true;
}

static bool set_choice(void *at, const struct lab_setting *setting, const char *value,
		       struct pcp_why *why)
{
	for (uint32_t i = 0; setting->choices[i]; i++) {
		if (strcmp(setting->choices[i], value) == 0) {
			*(uint32_t *)at = i;
			return true;
		}
	}
	return pcp_refuse(why, 0, "%s is %s, not '%s'", setting->name, setting->values, value);
}

static bool set_setting(struct lab *lab, usec now, const struct lab_setting *setting,
			const char *value, struct pcp_why *why)
{
	void *at = member(lab, setting);

	switch (setting->kind) {
	case NUMBER:
		return set_number(at, setting, value, why);
	case TIME:
		return set_time(at, setting, value, why);
	case SWITCH:
	case SWITCH_OFF:
		return set_switch(at, setting, value, why);
	case CHOICE:
		return set_choice(at, setting, value, why);
	case SPECIAL:
		return setting->set(lab, now, value, why);
	}
	return false;
}

static size_t value_text(const struct lab *lab, const struct lab_setting *setting, char *buf,
			 size_t cap)
{
	const void *at = member(lab, setting);
	bool on;

	switch (setting->kind) {
	case NUMBER:
	case TIME:
		return (size_t)snprintf(buf, cap, "%u", (unsigned)*(const uint32_t *)at);
	case SWITCH:
	case SWITCH_OFF:
		on = *(const bool *)at == (setting->kind == SWITCH);
		return put_text(buf, cap, 0, on ? "on" : "off");
	case CHOICE:
		return put_text(buf, cap, 0, setting->choices[*(const uint32_t *)at]);
	case SPECIAL:
		return setting->text(lab, buf, cap);
	}
	return 0;
}

static void set_normal(struct lab *lab, usec now)
{
	for (size_t i = 0; i < NSETTINGS; i++)
		set_setting(lab, now, &settings[i], settings[i].normal, NULL);
}

/* The numbers that lab_new's caller gave, over the normal ones. */
static void take_numbers(struct lab *lab, const struct lab_config *given)
{
	for (size_t i = 0; i < NSETTINGS; i++) {
		uint32_t *at = member(lab, &settings[i]);
		const void *from =
			(const char *)given + settings[i].offset - offsetof(struct lab, config);

		if ((settings[i].kind == NUMBER || settings[i].kind == TIME) &&
		    *(const uint32_t *)from)
			*at = *(const uint32_t *)from;
	}
}

void lab_config_start(struct lab *lab, usec now, const struct lab_config *given)
{
	static const uint8_t none[PCP_ADDR_LEN];
	struct lab_config *config = &lab->config;

	set_normal(lab, now);
	if (!given)
		return;
	take_numbers(lab, given);
	if (memcmp(given->wan, none, PCP_ADDR_LEN) != 0)
		memcpy(config->wan, given->wan, PCP_ADDR_LEN);
	if (given->wan_count)
		config->wan_count = given->wan_count;
	if (given->first_port)
		config->first_port = given->first_port;
	if (given->last_port)
		config->last_port = given->last_port;
	config->no_third_party = given->no_third_party;
	config->no_nonce_check = given->no_nonce_check;
	lab->no_opcode[PCP_GET] = given->no_get;
	if (given->no_pcp)
		lab->versions &= 1u << PCP_VERSION_NATPMP;
	if (given->no_natpmp)
		lab->versions &= ~(1u << PCP_VERSION_NATPMP);
}

/* ---- actions ---- */

struct lab_action {
	const char *name, *values, *help;
	bool (*act)(struct lab *lab, usec now, const char *value, struct pcp_why *why);
};

static bool restart(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	if (*value && strcmp(value, "keep") != 0 && strcmp(value, "lose") != 0)
		return pcp_refuse(why, 0, "a restart may keep or lose the mappings");
	lab_restart(lab, now, strcmp(value, "keep") == 0);
	return true;
}

static void restart_again(struct timer *timer, void *arg, usec now)
{
	struct lab *lab = arg;

	lab_restart(lab, now, false);
	timer_arm(&lab->timers, timer, now + lab->restart_every);
}

static bool restart_every(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	usec every = 0;

	if (strcmp(value, "off") != 0 && !lab_duration_parse(value, &every, why))
		return false;
	timer_stop(&lab->timers, &lab->restart_timer);
	lab->restart_every = every;
	lab->restart_timer = (struct timer){ .fire = restart_again, .arg = lab };
	if (every > 0)
		timer_arm(&lab->timers, &lab->restart_timer, now + every);
	return true;
}

static bool forget(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	(void)value;
	(void)why;
	lab_store_clear(lab, true);
	lab->epoch_at = now;
	return true;
}

static bool set_epoch(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	uint32_t seconds;

	if (!pcp_seconds_parse(value, &seconds, why))
		return false;
	lab->epoch_at = now - (usec)seconds * USEC_PER_SEC;
	return true;
}

static bool announce(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	(void)value;
	(void)why;
	lab_announce(lab, now);
	return true;
}

static bool seed(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	char *end;
	unsigned long long number = strtoull(value, &end, 0);

	(void)now;
	if (!isdigit((unsigned char)*value) || *end)
		return pcp_refuse(why, 0, "a seed is a number, not '%s'", value);
	pcp_rng_seeded(&lab->fault_rng, number);
	return true;
}

static bool faults(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	if (strcmp(value, "off") != 0)
		return pcp_refuse(why, 0, "faults can only be switched off all at once");
	lab_fault_clear(lab);
	return restart_every(lab, now, "off", why);
}

static bool scenario(struct lab *lab, usec now, const char *value, struct pcp_why *why);

static const struct lab_action actions[] = {
	{ "restart", "[keep|lose]", "restarts, with or without its mappings, and announces itself",
	  restart },
	{ "restart-every", "TIME|off", "loses its mappings again and again", restart_every },
	{ "forget", "", "loses its mappings without a word", forget },
	{ "epoch", "TIME", "goes on as if it had run so long, and keeps its mappings", set_epoch },
	{ "announce-now", "", "announces itself although nothing happened", announce },
	{ "static", "PROTOCOL/[ADDRESS:]PORT/ADDRESS:PORT", "adds a mapping made outside PCP",
	  add_static },
	{ "implicit", "PROTOCOL/[ADDRESS:]PORT/ADDRESS:PORT",
	  "adds the mapping of an outbound connection to a peer", add_implicit },
	{ "faults", "off", "switches all faults off", faults },
	{ "seed", "NUMBER", "makes the faults' chance repeat", seed },
	{ "scenario", "SCENARIO|off", "sets the words of a scenario after the defaults", scenario },
};

enum { NACTIONS = sizeof(actions) / sizeof(*actions) };

static const struct lab_scenario *find_scenario(const char *name)
{
	for (size_t i = 0; i < lab_nscenarios; i++)
		if (strcmp(lab_scenarios[i].name, name) == 0)
			return &lab_scenarios[i];
	return NULL;
}

static bool no_scenario(const char *name, struct pcp_why *why)
{
	struct suggest suggest;

	suggest_begin(&suggest, name, strlen(name));
	for (size_t i = 0; i < lab_nscenarios; i++)
		suggest_offer(&suggest, lab_scenarios[i].name);
	return pcp_refuse(why, 0, "there is no scenario '%s'%s", name, suggest_text(&suggest, ""));
}

static bool scenario(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	const struct lab_scenario *found = find_scenario(value);
	const char *words;
	char word[WORD_MAX];

	if (!found && strcmp(value, "off") != 0)
		return no_scenario(value, why);
	set_normal(lab, now);
	faults(lab, now, "off", why);
	if (!found)
		return true;
	words = found->words;
	while (next_part(&words, " ", word, sizeof(word)))
		if (!lab_set(lab, now, word, why))
			return false;
	lab_note(lab, now, "scenario %s: %s", found->name, found->look);
	return true;
}

/* ---- words ---- */

bool lab_word_at(size_t i, struct lab_word *word)
{
	if (i < NSETTINGS) {
		*word = (struct lab_word){ LAB_SETTING, settings[i].name, settings[i].values,
					   settings[i].help };
		return true;
	}
	i -= NSETTINGS;
	if (lab_fault_word(i, word))
		return true;
	i -= lab_nfaults;
	if (i >= NACTIONS)
		return false;
	*word = (struct lab_word){ LAB_ACTION, actions[i].name, actions[i].values,
				   actions[i].help };
	return true;
}

size_t lab_word_text(const struct lab *lab, size_t i, char *buf, size_t cap)
{
	size_t len;

	if (i >= NSETTINGS)
		return i - NSETTINGS < lab_nfaults ? lab_fault_text(lab, i - NSETTINGS, buf, cap)
						   : put_text(buf, cap, 0, "");
	len = put_text(buf, cap, put_text(buf, cap, 0, settings[i].name), "=");
	return len < cap ? len + value_text(lab, &settings[i], buf + len, cap - len) : len;
}

bool lab_word_changed(const struct lab *lab, size_t i)
{
	char text[WORD_MAX];

	if (i < NSETTINGS) {
		value_text(lab, &settings[i], text, sizeof(text));
		return strcmp(text, settings[i].normal) != 0;
	}
	return lab_word_text(lab, i, text, sizeof(text)) > 0;
}

static bool set_word(struct lab *lab, usec now, size_t i, const char *value, struct pcp_why *why)
{
	if (i < NSETTINGS)
		return set_setting(lab, now, &settings[i], value, why);
	i -= NSETTINGS;
	if (i < lab_nfaults)
		return lab_fault_set(lab, now, i, value, why);
	return actions[i - lab_nfaults].act(lab, now, value, why);
}

/* A scenario's name may stand alone where a person types (labspec.h), so it may be meant. */
static bool no_word(const char *typed, size_t len, struct pcp_why *why)
{
	struct suggest suggest;
	struct lab_word row;

	suggest_begin(&suggest, typed, len);
	for (size_t i = 0; lab_word_at(i, &row); i++)
		suggest_offer(&suggest, row.name);
	for (size_t i = 0; !typed[len] && i < lab_nscenarios; i++)
		suggest_offer(&suggest, lab_scenarios[i].name);
	return pcp_refuse(why, 0, "'%.*s' is no setting, fault or action of the lab%s",
			  (int)(len < 60 ? len : 60), typed, suggest_text(&suggest, ""));
}

bool lab_set(struct lab *lab, usec now, const char *word, struct pcp_why *why)
{
	struct lab_word row;
	size_t len = strcspn(word, "=@/"), at = len + (word[len] == '='); /* "corrupt@0.1" */

	for (size_t i = 0; lab_word_at(i, &row); i++) {
		if (strlen(row.name) != len || strncmp(row.name, word, len) != 0)
			continue;
		if (set_word(lab, now, i, word + at, why))
			return true;
		if (why)
			why->at += at;
		return false;
	}
	return no_word(word, len, why);
}

/* Without blanks at its ends and what follows a #. */
static void strip(char *line)
{
	size_t len, blanks = strspn(line, " \t\r");

	line[strcspn(line, "#")] = '\0';
	len = strlen(line);
	if (blanks > len)
		blanks = len;
	memmove(line, line + blanks, len - blanks + 1);
	for (len = strlen(line); len > 0 && strchr(" \t\r", line[len - 1]);)
		line[--len] = '\0';
}

bool lab_load(struct lab *lab, usec now, const char *text, struct pcp_why *why)
{
	char line[WORD_MAX];
	struct pcp_why inner;

	for (unsigned number = 1; *text; number++) {
		size_t len = strcspn(text, "\n");

		if (len >= sizeof(line))
			return pcp_refuse(why, 0, "line %u is too long", number);
		memcpy(line, text, len);
		line[len] = '\0';
		text += len + (text[len] == '\n');
		strip(line);
		if (*line && !lab_set(lab, now, line, &inner))
			return pcp_refuse(why, inner.at, "line %u: %s", number, inner.text);
	}
	return true;
}
