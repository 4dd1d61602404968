/* How the pcap files begin that pcpscope writes: what writes and what finds them agree on it. */
#ifndef CAPTURE_HEADER_H
#define CAPTURE_HEADER_H

#include "capture.h"

#include <pcap/pcap.h>

extern const struct pcap_file_header capture_header;

/* Whether a file, open for reading, begins so, in whatever version. */
bool capture_has_our_header(int fd);

#endif
