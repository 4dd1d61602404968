/*
 * From a link's first octet to UDP, through what carrier networks put between: VLAN tags (IEEE
 * 802.1Q, 802.1ad), MPLS (RFC 3032), PPPoE (RFC 2516), IP in IP (RFC 2003, 2473, 4213), GRE (RFC
 * 2784, 2890). Each length is checked against what is there before it is believed.
 */
#include "capture-inside.h"

#include <pcap/pcap.h>
#include <string.h>

enum { NEXT_ICMP = 1, NEXT_V4 = 4, NEXT_UDP = 17, NEXT_V6 = 41, NEXT_GRE = 47, NEXT_ICMP6 = 58 };
enum {
	ETHERTYPE_V4 = 0x0800,
	ETHERTYPE_V6 = 0x86dd,
	ETHERTYPE_BRIDGED = 0x6558, /* RFC 1701: an Ethernet frame */
	ETHERTYPE_MPLS = 0x8847,
	ETHERTYPE_MPLS_UPSTREAM = 0x8848, /* RFC 5332 */
	ETHERTYPE_PPPOE = 0x8864,	  /* its session stage */
};
enum { PPP_V4 = 0x0021, PPP_V6 = 0x0057, PPP_MPLS = 0x0281 };
enum { LAYERS_MAX = 16 }; /* around each other; nobody has as many */

const struct link capture_links[] = {
	{ DLT_EN10MB, 14, 12 },	   { DLT_RAW, 0, -1 },	      { DLT_IPV4, 0, -1 },
	{ DLT_IPV6, 0, -1 },	   { DLT_LINUX_SLL, 16, 14 },
#ifdef DLT_LINUX_SLL2
	{ DLT_LINUX_SLL2, 20, 0 },
#endif
	{ DLT_NULL, 4, -1 },	   { DLT_LOOP, 4, -1 },
};
const size_t capture_nlinks = sizeof capture_links / sizeof *capture_links;

static uint16_t be16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static bool skip(struct slice *slice, size_t len)
{
	if (slice->len < len)
		return false;
	slice->at += len;
	slice->len -= len;
	return true;
}

/* Keeps what the packet's own length says: behind it a link may have padded. */
static void clip(struct slice *slice, size_t len)
{
	if (len && slice->len > len)
		slice->len = len;
}

static enum inside unread(struct found *found, const char *name)
{
	found->unread = name;
	return INSIDE_UNREAD;
}

static enum inside by_ethertype(unsigned ethertype, struct slice *slice, unsigned depth,
				struct found *found);

/* ---- what stands before IP ---- */

static enum inside in_vlan(struct slice *slice, unsigned depth, struct found *found)
{
	const uint8_t *tag = slice->at;

	return skip(slice, 4) ? by_ethertype(be16(tag + 2), slice, depth, found) : INSIDE_MALFORMED;
}

/* Nothing says what the labels carry: IP shows by its version. A pseudowire begins with 0. */
static enum inside in_mpls(struct slice *slice, unsigned depth, struct found *found)
{
	const uint8_t *label;

	do {
		label = slice->at;
		if (!skip(slice, 4))
			return INSIDE_MALFORMED;
	} while (!(label[2] & 1)); /* the bottom of the stack */
	if (slice->len && (*slice->at >> 4 == 4 || *slice->at >> 4 == 6))
		return capture_inside_ip(slice, depth + 1, found);
	return unread(found, "MPLS without IP");
}

static enum inside in_pppoe(struct slice *slice, unsigned depth, struct found *found)
{
	const uint8_t *header = slice->at;

	if (!skip(slice, 6))
		return INSIDE_MALFORMED;
	clip(slice, be16(header + 4));
	if (header[0] != 0x11 || header[1] != 0 || !skip(slice, 2))
		return INSIDE_MALFORMED;
	switch (be16(header + 6)) {
	case PPP_V4:
	case PPP_V6:
		return capture_inside_ip(slice, depth + 1, found);
	case PPP_MPLS:
		return in_mpls(slice, depth + 1, found);
	default:
		return INSIDE_OTHER; /* the link's own talk: LCP, authentication */
	}
}

static enum inside by_ethertype(unsigned ethertype, struct slice *slice, unsigned depth,
				struct found *found)
{
	if (depth > LAYERS_MAX)
		return unread(found, "too many layers");
	switch (ethertype) {
	case ETHERTYPE_V4:
	case ETHERTYPE_V6:
		return capture_inside_ip(slice, depth, found);
	case 0x8100: /* 802.1Q, 802.1ad and the older QinQ */
	case 0x88a8:
	case 0x9100:
		return in_vlan(slice, depth + 1, found);
	case ETHERTYPE_MPLS:
	case ETHERTYPE_MPLS_UPSTREAM:
		return in_mpls(slice, depth + 1, found);
	case ETHERTYPE_PPPOE:
		return in_pppoe(slice, depth + 1, found);
	case ETHERTYPE_BRIDGED:
		return skip(slice, 14) ? by_ethertype(be16(slice->at - 2), slice, depth + 1, found)
				       : INSIDE_MALFORMED;
	case 0x88e5:
		return unread(found, "MACsec");
	case 0x88e7:
		return unread(found, "802.1ah");
	default:
		return INSIDE_OTHER;
	}
}

/* ---- what stands behind IP ---- */

/* RFC 2784, 2890: checksum, key and sequence number are there or not. */
static enum inside in_gre(struct slice *slice, unsigned depth, struct found *found)
{
	const uint8_t *gre = slice->at;
	size_t more;

	if (!skip(slice, 4))
		return INSIDE_MALFORMED;
	if (gre[1] & 7)
		return unread(found, "GRE of version 1 (PPTP)");
	if (gre[0] & 0x40)
		return unread(found, "GRE with a route"); /* RFC 1701 */
	more = 4U * (size_t)(!!(gre[0] & 0x80) + !!(gre[0] & 0x20) + !!(gre[0] & 0x10));
	if (!skip(slice, more))
		return INSIDE_MALFORMED;
	return by_ethertype(be16(gre + 2), slice, depth + 1, found);
}

/* RFC 792: 3 is unreachable, by its codes. RFC 4443: 1. */
static const char *error_of(bool v6, unsigned type, unsigned code)
{
	static const char *const v4_codes[] = { "network unreachable", "host unreachable",
						"protocol unreachable", "port unreachable",
						"too large for the way" };
	static const char *const v6_codes[] = { "no route", "forbidden by a filter", "out of scope",
						"host unreachable", "port unreachable" };
	const char *const *names = v6 ? v6_codes : v4_codes;

	if (type != (v6 ? 1 : 3))
		return NULL;
	if (!v6 && (code == 9 || code == 10 || code == 13))
		return "forbidden by a filter";
	return code < 5 ? names[code] : "unreachable";
}

static enum inside in_icmp(bool v6, struct slice *slice, struct found *found)
{
	const uint8_t *icmp = slice->at;

	if (!skip(slice, 8))
		return INSIDE_MALFORMED;
	found->error = error_of(v6, icmp[0], icmp[1]);
	return found->error && slice->len && !found->quoted ? INSIDE_ICMP : INSIDE_OTHER;
}

static enum inside by_protocol(unsigned next, struct slice *slice, unsigned depth,
			       struct found *found)
{
	switch (next) {
	case NEXT_UDP:
		return INSIDE_UDP;
	case NEXT_ICMP:
	case NEXT_ICMP6:
		return in_icmp(next == NEXT_ICMP6, slice, found);
	case NEXT_V4:
	case NEXT_V6:
		return capture_inside_ip(slice, depth + 1, found);
	case NEXT_GRE:
		return in_gre(slice, depth, found);
	case 50:
		return unread(found, "ESP (encrypted)");
	case 97:
		return unread(found, "EtherIP");
	case 115:
		return unread(found, "L2TP");
	case 137:
		return unread(found, "MPLS in IP");
	default:
		return INSIDE_OTHER;
	}
}

/* Whether pieces of it would have mattered. */
static bool carries(unsigned next)
{
	return next == NEXT_UDP || next == NEXT_V4 || next == NEXT_V6 || next == NEXT_GRE;
}

static enum inside in_v4(struct slice *slice, unsigned depth, struct found *found)
{
	const uint8_t *ip = slice->at;
	size_t header, total;

	if (slice->len < 20)
		return INSIDE_MALFORMED;
	header = (size_t)(ip[0] & 0xf) * 4;
	total = be16(ip + 2); /* 0 where the network card cut large packets up */
	if (header < 20 || (total && total < header))
		return INSIDE_MALFORMED;
	if (be16(ip + 6) & 0x3fff) /* more fragments, or an offset */
		return carries(ip[9]) ? INSIDE_FRAGMENT : INSIDE_OTHER;
	pcp_addr_any(found->from.addr, true);
	pcp_addr_any(found->to.addr, true);
	memcpy(found->from.addr + 12, ip + 12, 4);
	memcpy(found->to.addr + 12, ip + 16, 4);
	clip(slice, total);
	return skip(slice, header) ? by_protocol(ip[9], slice, depth, found) : INSIDE_MALFORMED;
}

/* RFC 8200 4: the octets of the extension header at the slice's start; 0: none such. */
static size_t extension_len(unsigned next, const struct slice *slice)
{
	switch (next) {
	case 0:	  /* hop-by-hop options */
	case 43:  /* routing */
	case 60:  /* destination options: RFC 2473 has one */
	case 135: /* mobility */
		return slice->len < 2 ? 0 : (size_t)(slice->at[1] + 1) * 8;
	case 51: /* authentication */
		return slice->len < 2 ? 0 : (size_t)(slice->at[1] + 2) * 4;
	case 44: /* fragment */
		return 8;
	default:
		return 0;
	}
}

static enum inside in_v6(struct slice *slice, unsigned depth, struct found *found)
{
	const uint8_t *ip = slice->at;
	unsigned next;
	size_t len;

	if (!skip(slice, 40))
		return INSIDE_MALFORMED;
	clip(slice, be16(ip + 4));
	memcpy(found->from.addr, ip + 8, PCP_ADDR_LEN);
	memcpy(found->to.addr, ip + 24, PCP_ADDR_LEN);
	for (next = ip[6]; (len = extension_len(next, slice)); next = ip[0]) {
		ip = slice->at;
		if (!skip(slice, len))
			return INSIDE_MALFORMED;
		/* An atomic fragment is whole (RFC 6946); behind others no header need be. */
		if (next == 44 && be16(ip + 2) & 0xfff9)
			return carries(ip[0]) ? INSIDE_FRAGMENT : INSIDE_OTHER;
	}
	return by_protocol(next, slice, depth, found);
}

enum inside capture_inside_ip(struct slice *slice, unsigned depth, struct found *found)
{
	if (depth > LAYERS_MAX)
		return unread(found, "too many layers");
	switch (slice->len ? *slice->at >> 4 : 0) {
	case 4:
		return in_v4(slice, depth, found);
	case 6:
		return in_v6(slice, depth, found);
	default:
		return INSIDE_OTHER;
	}
}

enum inside capture_inside(const struct link *link, struct slice *slice, struct found *found)
{
	const uint8_t *header = slice->at;

	if (!skip(slice, link->header))
		return INSIDE_OTHER;
	if (link->ethertype < 0)
		return capture_inside_ip(slice, 0, found);
	return by_ethertype(be16(header + link->ethertype), slice, 0, found);
}
