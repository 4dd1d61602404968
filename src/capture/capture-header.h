/* How the pcap files begin that pcpscope writes: what writes and what finds them agree on it. */
#ifndef CAPTURE_HEADER_H
#define CAPTURE_HEADER_H

#include "capture.h"

#include <pcap/pcap.h>

extern const struct pcap_file_header capture_header;

/* What stands before each packet in the file. */
struct capture_record {
	uint32_t seconds, useconds, kept, len;
};

/* A datagram of `whole` octets, of which `len` are kept, as a record: into buf, which has room for
 * sizeof(struct capture_record) + CAPTURE_SNAPLEN. Its length. id: of the IPv4 header. */
size_t capture_put_record(uint8_t *buf, uint16_t id, usec wall, const struct pcp_endpoint *from,
			  const struct pcp_endpoint *to, const uint8_t *octets, size_t len,
			  size_t whole);

/* Whether a file, open for reading, begins so, in whatever version. */
bool capture_has_our_header(int fd);

#endif
