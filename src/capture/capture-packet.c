/* A datagram as a record of a pcap file: an IP packet with its checksums. */
#include "capture-header.h"

#include <netinet/in.h>
#include <string.h>

#include "text.h"

enum { V4_HEADER = 20, V6_HEADER = 40, UDP_HEADER = 8, HOPS = 64 };

static void put16(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* RFC 1071: the sum of 16-bit words, not yet folded. */
static uint32_t add_words(uint32_t sum, const uint8_t *at, size_t len)
{
	for (size_t i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)(at[i] << 8 | at[i + 1]);
	return len % 2 ? sum + ((uint32_t)at[len - 1] << 8) : sum;
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static size_t put_v4(uint16_t id, uint8_t *ip, const struct pcp_endpoint *from,
		     const struct pcp_endpoint *to, size_t payload)
{
	memset(ip, 0, V4_HEADER);
	ip[0] = 0x45;
	put16(ip + 2, V4_HEADER + payload);
	put16(ip + 4, id);
	ip[8] = HOPS;
	ip[9] = IPPROTO_UDP;
	memcpy(ip + 12, from->addr + 12, 4);
	memcpy(ip + 16, to->addr + 12, 4);
	put16(ip + 10, fold(add_words(0, ip, V4_HEADER)));
	return V4_HEADER;
}

static size_t put_v6(uint8_t *ip, const struct pcp_endpoint *from, const struct pcp_endpoint *to,
		     size_t payload)
{
	memset(ip, 0, V6_HEADER);
	ip[0] = 0x60;
	put16(ip + 4, payload);
	ip[6] = IPPROTO_UDP;
	ip[7] = HOPS;
	memcpy(ip + 8, from->addr, PCP_ADDR_LEN);
	memcpy(ip + 24, to->addr, PCP_ADDR_LEN);
	return V6_HEADER;
}

/* RFC 768, RFC 8200 8.1. The addresses stand right before the UDP header in both versions. */
static void put_udp(uint8_t *udp, size_t addresses, uint16_t from, uint16_t to, size_t len)
{
	uint32_t sum = IPPROTO_UDP + (uint32_t)(UDP_HEADER + len);
	uint16_t checksum;

	put16(udp, from);
	put16(udp + 2, to);
	put16(udp + 4, UDP_HEADER + len);
	put16(udp + 6, 0);
	sum = add_words(sum, udp - addresses, addresses);
	checksum = fold(add_words(sum, udp, UDP_HEADER + len));
	put16(udp + 6, checksum ? checksum : 0xffff);
}

size_t capture_put_record(uint8_t *buf, uint16_t id, usec wall, const struct pcp_endpoint *from,
			  const struct pcp_endpoint *to, const uint8_t *octets, size_t len,
			  size_t whole)
{
	bool v4 = pcp_addr_is_v4(from->addr) || pcp_addr_is_v4(to->addr);
	uint8_t *ip = buf + sizeof(struct capture_record);
	size_t most = CAPTURE_SNAPLEN - V6_HEADER - UDP_HEADER - (v4 ? V4_HEADER : 0), at;
	uint8_t *udp;
	struct capture_record record;

	whole = whole < most ? whole : most; /* no socket brings more */
	len = len < whole ? len : whole;
	at = v4 ? put_v4(id, ip, from, to, UDP_HEADER + whole)
		: put_v6(ip, from, to, UDP_HEADER + whole);
	udp = ip + at;
	if (len)
		memcpy(udp + UDP_HEADER, octets, len);
	put_udp(udp, v4 ? 8 : 2 * PCP_ADDR_LEN, from->port, to->port, len);
	if (len < whole) { /* what the sum was of is not all there: none is told */
		put16(udp + 4, UDP_HEADER + whole);
		put16(udp + 6, 0);
	}
	record.seconds = (uint32_t)(wall / USEC_PER_SEC);
	record.useconds = (uint32_t)(wall % USEC_PER_SEC);
	record.kept = (uint32_t)(at + UDP_HEADER + len);
	record.len = (uint32_t)(at + UDP_HEADER + whole);
	memcpy(buf, &record, sizeof record);
	return sizeof record + record.kept;
}
