/* Settings that are more than a number or a switch: how each is read and shown. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab-request-private.h"
#include "lab-word-private.h"

bool lab_set_wan(struct lab *lab, usec now, const char *value, struct pcp_why *why)
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
	if (!lab_next_part(&rest, "/", addr, sizeof(addr)) || !pcp_addr_parse(addr, wan, why) ||
	    !pcp_addr_is_v4(wan) || pcp_addr_is_any(wan))
		return pcp_refuse(why, 0, "'%s' is not an IPv4 address (or 'down')", value);
	if (*rest) {
		count = strtoul(rest, &end, 10);
		if (*end || count < 1 || count > LAB_WAN_MAX)
			return pcp_refuse(why, 0, "the pool has 1 to %d addresses, not '%s'",
					  LAB_WAN_MAX, rest);
	}
	lab->wan_down = false;
	change = lab->wan_count > 0 &&
		 (memcmp(lab->wan, wan, PCP_ADDR_LEN) != 0 || lab->wan_count != count);
	memcpy(lab->wan, wan, PCP_ADDR_LEN);
	lab->wan_count = (uint16_t)count;
	if (change)
		lab_renumber(lab, now);
	return true;
}

size_t lab_text_wan(const struct lab *lab, char *buf, size_t cap)
{
	char addr[PCP_ADDR_TEXT];

	pcp_addr_text(lab->wan, addr, sizeof(addr));
	return (size_t)snprintf(buf, cap, lab->wan_down ? "down" : "%s/%u", addr, lab->wan_count);
}

bool lab_set_ports(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	char *end;
	unsigned long first = strtoul(value, &end, 10), last = first;

	(void)now;
	if (end != value && *end == '-')
		last = strtoul(end + 1, &end, 10);
	if (end == value || *end || first < 1 || last > UINT16_MAX || first > last)
		return pcp_refuse(why, 0, "'%s' is no range of ports like 1024-65535", value);
	lab->first_port = (uint16_t)first;
	lab->last_port = (uint16_t)last;
	lab_pool_forget(lab);
	return true;
}

size_t lab_text_ports(const struct lab *lab, char *buf, size_t cap)
{
	return (size_t)snprintf(buf, cap, "%u-%u", lab->first_port, lab->last_port);
}

static bool take_version(void *into, const char *part, struct pcp_why *why)
{
	uint32_t *versions = into;

	if (part[0] < '0' || part[0] > '0' + PCP_VERSION_2 || part[1])
		return pcp_refuse(why, 0, "'%s' is no version: 0 (NAT-PMP), 1 or 2", part);
	*versions |= 1u << (part[0] - '0');
	return true;
}

bool lab_set_versions(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	uint32_t versions = 0;

	(void)now;
	if (!lab_each_part(value, take_version, &versions, why))
		return false;
	if (!versions)
		return pcp_refuse(why, 0, "versions are 0 (NAT-PMP), 1 or 2, like 2+0");
	lab->versions = versions;
	return true;
}

size_t lab_text_versions(const struct lab *lab, char *buf, size_t cap)
{
	static const struct pcp_name numbers[] = { { 0 } };
	size_t len = 0;

	for (unsigned i = PCP_VERSION_2 + 1; i-- > 0;)
		if (lab->versions >> i & 1)
			len = lab_put_code(buf, cap, len, numbers, i);
	return len;
}

static bool take_protocol(void *into, const char *part, struct pcp_why *why)
{
	uint8_t *bits = into;
	long code = lab_code_of(pcp_protocol_names, part, UINT8_MAX);

	if (code < 1)
		return pcp_refuse(why, 0, "'%s' is no protocol: a name like tcp, or 1-255", part);
	bits[code / 8] |= (uint8_t)(1 << (code % 8));
	return true;
}

bool lab_set_protocols(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	uint8_t bits[sizeof(lab->protocol)] = { 0 };

	(void)now;
	if (!lab_each_part(value, take_protocol, bits, why))
		return false;
	memcpy(lab->protocol, bits, sizeof(bits));
	return true;
}

size_t lab_text_protocols(const struct lab *lab, char *buf, size_t cap)
{
	size_t len = 0;

	for (unsigned i = 0; i <= UINT8_MAX; i++)
		if (lab->protocol[i / 8] >> (i % 8) & 1)
			len = lab_put_code(buf, cap, len, pcp_protocol_names, i);
	return len ? len : lab_put_text(buf, cap, 0, "none");
}

/* "MAP", "FILTER", "98": an opcode or an option by name; a bare number is an option. */
static bool feature(const char *name, bool *opcode, long *code)
{
	*code = pcp_code(pcp_opcode_names, name);
	*opcode = *code >= 0 && *code < 128 && lab_knows_opcode((uint8_t)*code);
	if (!*opcode)
		*code = lab_code_of(pcp_option_names, name, UINT8_MAX);
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

bool lab_set_without(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	struct without without = { { false }, { false } };

	(void)now;
	if (!lab_each_part(value, take_without, &without, why))
		return false;
	memcpy(lab->no_opcode, without.opcode, sizeof(without.opcode));
	memcpy(lab->no_option, without.option, sizeof(without.option));
	return true;
}

size_t lab_text_without(const struct lab *lab, char *buf, size_t cap)
{
	size_t len = 0;

	for (unsigned i = 0; i < 128; i++)
		if (lab->no_opcode[i])
			len = lab_put_code(buf, cap, len, pcp_opcode_names, i);
	for (unsigned i = 0; i < 256; i++)
		if (lab->no_option[i])
			len = lab_put_code(buf, cap, len, pcp_option_names, i);
	return len ? len : lab_put_text(buf, cap, 0, "none");
}

bool lab_set_third_party(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	struct lab_prefix prefix = { .bits = 0 };

	(void)now;
	if (strcmp(value, "on") != 0 && strcmp(value, "off") != 0 &&
	    !lab_prefix_parse(value, &prefix, why))
		return pcp_refuse(why, 0, "'%s' is neither on, off nor a prefix of clients", value);
	lab->no_third_party = strcmp(value, "off") == 0;
	lab->third_party = prefix;
	return true;
}

size_t lab_text_third_party(const struct lab *lab, char *buf, size_t cap)
{
	if (lab->no_third_party)
		return lab_put_text(buf, cap, 0, "off");
	return lab->third_party.bits ? lab_prefix_text(&lab->third_party, buf, cap)
				     : lab_put_text(buf, cap, 0, "on");
}

struct realms {
	struct lab_realm realm[LAB_REALMS_MAX];
	size_t n;
};

static bool take_realm(void *into, const char *part, struct pcp_why *why)
{
	struct realms *realms = into;
	struct lab_realm *realm = &realms->realm[realms->n];
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

bool lab_set_realms(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	struct realms realms = { .n = 0 };

	(void)now;
	if (!lab_each_part(value, take_realm, &realms, why))
		return false;
	memcpy(lab->realm, realms.realm, sizeof(realms.realm));
	lab->nrealm = realms.n;
	return true;
}

size_t lab_text_realms(const struct lab *lab, char *buf, size_t cap)
{
	char hex[2 * sizeof(lab->realm[0].id) + 1];
	size_t len = 0;

	for (size_t i = 0; i < lab->nrealm; i++) {
		pcp_hex_text(lab->realm[i].id, lab->realm[i].len, hex, sizeof(hex));
		len = lab_put_item(buf, cap, len, hex);
	}
	return len ? len : lab_put_text(buf, cap, 0, "none");
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
	if (!lab_prefix_parse(part, prefix, why))
		return false;
	if (!is_nat64(prefix))
		return pcp_refuse(why, 0, "'%s' is no NAT64 prefix: /32, 40, 48, 56, 64 or 96",
				  part);
	memset(prefix->addr + prefix->bits / 8, 0, PCP_ADDR_LEN - prefix->bits / 8u);
	prefixes->n++;
	return true;
}

bool lab_set_prefix64(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	struct prefixes prefixes = { .n = 0 };

	(void)now;
	if (!lab_each_part(value, take_prefix64, &prefixes, why))
		return false;
	memcpy(lab->prefix64, prefixes.prefix, sizeof(prefixes.prefix));
	lab->nprefix64 = prefixes.n;
	return true;
}

size_t lab_text_prefix64(const struct lab *lab, char *buf, size_t cap)
{
	char text[PCP_ADDR_TEXT + 8];
	size_t len = 0;

	for (size_t i = 0; i < lab->nprefix64; i++) {
		lab_prefix_text(&lab->prefix64[i], text, sizeof(text));
		len = lab_put_item(buf, cap, len, text);
	}
	return len ? len : lab_put_text(buf, cap, 0, "none");
}

bool lab_set_serve(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	(void)now;
	return lab_prefix_parse(value, &lab->serve, why);
}

size_t lab_text_serve(const struct lab *lab, char *buf, size_t cap)
{
	return lab_prefix_text(&lab->serve, buf, cap);
}

bool lab_set_behind(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	(void)now;
	if (strcmp(value, "off") != 0 && !pcp_addr_parse(value, lab->behind, why))
		return false;
	lab->is_behind = strcmp(value, "off") != 0;
	return true;
}

size_t lab_text_behind(const struct lab *lab, char *buf, size_t cap)
{
	if (!lab->is_behind)
		return lab_put_text(buf, cap, 0, "off");
	return pcp_addr_text(lab->behind, buf, cap);
}

static bool take_dialect(void *into, const char *part, struct pcp_why *why)
{
	unsigned *dialects = into;
	long bit = pcp_code(pcp_dialect_names, part);

	if (bit < 0)
		return pcp_refuse(why, 0, "'%s' is no dialect: libpcp, miniupnpd, pypcpc or none",
				  part);
	*dialects |= (unsigned)bit;
	return true;
}

bool lab_set_dialects(struct lab *lab, usec now, const char *value, struct pcp_why *why)
{
	unsigned dialects = PCP_STANDARD;

	(void)now;
	if (!lab_each_part(value, take_dialect, &dialects, why))
		return false;
	lab->dialects = dialects;
	return true;
}

size_t lab_text_dialects(const struct lab *lab, char *buf, size_t cap)
{
	size_t len = 0;

	for (unsigned bit = 1; bit <= PCP_DIALECT_PYPCPC; bit <<= 1)
		if (lab->dialects & bit)
			len = lab_put_code(buf, cap, len, pcp_dialect_names, bit);
	return len ? len : lab_put_text(buf, cap, 0, "none");
}
