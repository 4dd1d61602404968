/* libpcap inside the program, for one that shall need no other file. */
#include <stddef.h>

#include "pcap-library.h"

const struct pcap_library *pcap_library(struct pcp_why *why)
{
	static const struct pcap_library library = {
#define X(name) .name = pcap_##name,
		PCAP_FUNCTIONS(X)
#undef X
	};

	(void)why;
	return &library;
}
