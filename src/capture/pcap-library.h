/*
 * libpcap, loaded when the first capture is opened.
 *
 * Linked in, it would bring what it needs to capture from devices (on Debian D-Bus, systemd,
 * cryptography and compression: ten libraries) into every start, though files are all that is read
 * here: a fifth of the time to the first frame and a quarter of the memory.
 */
#ifndef PCAP_LIBRARY_H
#define PCAP_LIBRARY_H

#include <pcap/pcap.h>
#include <stdio.h>

#include "endpoint.h"

/* Each as pcap(3) documents the function of its name. */
struct pcap_library {
	pcap_t *(*fopen_offline)(FILE *file, char *error);
	int (*next_ex)(pcap_t *pcap, struct pcap_pkthdr **header, const u_char **octets);
	int (*datalink)(pcap_t *pcap);
	const char *(*datalink_val_to_name)(int dlt);
	int (*snapshot)(pcap_t *pcap);
	char *(*geterr)(pcap_t *pcap);
	void (*close)(pcap_t *pcap);
};

/* The library, which stays loaded to the end of the process; NULL with *why where there is none. */
const struct pcap_library *pcap_library(struct pcp_why *why);

#endif
