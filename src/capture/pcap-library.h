/*
 * libpcap, loaded when the first capture is opened.
 *
 * Linked in, it would bring what it needs to capture from devices (on Debian D-Bus, systemd,
 * cryptography and compression: ten libraries) into every start, though files are all that is read
 * here: a fifth of the time to the first frame and a quarter of the memory. A program of one file
 * has it inside: pcap-linked.c stands in for pcap-library.c then (PCAP of the Makefile).
 */
#ifndef PCAP_LIBRARY_H
#define PCAP_LIBRARY_H

#include <pcap/pcap.h>
#include <stdio.h>

#include "endpoint.h"

/* Which of its functions; each is as pcap(3) documents it. */
/* clang-format off */
#define PCAP_FUNCTIONS(X) \
	X(fopen_offline) X(next_ex) X(datalink) X(datalink_val_to_name) X(snapshot) \
	X(geterr) X(close) X(create) X(set_snaplen) X(set_promisc) \
	X(set_immediate_mode) X(set_buffer_size) X(activate) X(compile) X(setfilter) \
	X(freecode) X(setnonblock) X(get_selectable_fd) X(dispatch) X(stats) \
	X(statustostr) X(dump_fopen) X(dump) X(dump_flush)
/* clang-format on */

struct pcap_library {
#define X(name) __typeof__(pcap_##name) *name;
	PCAP_FUNCTIONS(X)
#undef X
};

/* The library, which stays loaded to the end of the process; NULL with *why where there is none. */
const struct pcap_library *pcap_library(struct pcp_why *why);

#endif
