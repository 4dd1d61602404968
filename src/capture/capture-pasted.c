/* Octets that somebody pasted, as a capture of one packet: what the dumps of tcpdump and tshark
 * show. */
#include "capture-inside.h"

#include <string.h>

enum { UDP_HEADER = 8 };

static uint16_t be16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static bool is_server_port(uint16_t port)
{
	return port == 5351 || port == 5350;
}

/* Whether the slice is a UDP datagram. One that the capture cut must at least name a port of ours:
 * a length that is wrong may also be a packet's own octets. */
static bool take_udp(const struct slice *slice, struct capture_datagram *datagram)
{
	size_t len;

	if (slice->len < UDP_HEADER)
		return false;
	len = be16(slice->at + 4);
	datagram->from.port = be16(slice->at);
	datagram->to.port = be16(slice->at + 2);
	if (len < UDP_HEADER || (len > slice->len && !is_server_port(datagram->from.port) &&
				 !is_server_port(datagram->to.port)))
		return false;
	datagram->octets = slice->at + UDP_HEADER;
	datagram->whole = len - UDP_HEADER;
	datagram->len = (len < slice->len ? len : slice->len) - UDP_HEADER;
	return true;
}

bool capture_pasted(const uint8_t *octets, size_t len, struct capture_datagram *datagram)
{
	for (size_t i = 0; i < capture_nlinks; i++) {
		struct slice slice = { octets, len };
		struct found found = { 0 };

		*datagram = (struct capture_datagram){ 0 };
		if (capture_inside(&capture_links[i], &slice, &found) != INSIDE_UDP ||
		    !take_udp(&slice, datagram))
			continue;
		memcpy(datagram->from.addr, found.from.addr, PCP_ADDR_LEN);
		memcpy(datagram->to.addr, found.to.addr, PCP_ADDR_LEN);
		return true;
	}
	return false;
}
