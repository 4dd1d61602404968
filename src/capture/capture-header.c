/* How the pcap files begin that pcpscope writes, and whether one does. */
#include "capture-header.h"

#include <unistd.h>

enum { LINKTYPE_RAW = 101 }; /* in files; DLT_RAW is what systems call it in memory */

const struct pcap_file_header capture_header = {
	.magic = 0xa1b2c3d4U, /* times in microseconds, numbers in this machine's order */
	.version_major = PCAP_VERSION_MAJOR,
	.version_minor = PCAP_VERSION_MINOR,
	.snaplen = CAPTURE_SNAPLEN,
	.linktype = LINKTYPE_RAW,
};

bool capture_has_our_header(int fd)
{
	struct pcap_file_header header;

	return pread(fd, &header, sizeof header, 0) == (ssize_t)sizeof header &&
	       header.magic == capture_header.magic && header.linktype == capture_header.linktype &&
	       header.snaplen == capture_header.snaplen;
}
