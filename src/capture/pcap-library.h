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
	pcap_t *(*create)(const char *source, char *error);
	int (*set_snaplen)(pcap_t *pcap, int octets);
	int (*set_promisc)(pcap_t *pcap, int on);
	int (*set_immediate_mode)(pcap_t *pcap, int on);
	int (*set_buffer_size)(pcap_t *pcap, int octets);
	int (*activate)(pcap_t *pcap);
	int (*compile)(pcap_t *pcap, struct bpf_program *program, const char *text, int optimize,
		       bpf_u_int32 netmask);
	int (*setfilter)(pcap_t *pcap, struct bpf_program *program);
	void (*freecode)(struct bpf_program *program);
	int (*setnonblock)(pcap_t *pcap, int on, char *error);
	int (*get_selectable_fd)(pcap_t *pcap);
	int (*dispatch)(pcap_t *pcap, int count, pcap_handler handler, u_char *arg);
	int (*stats)(pcap_t *pcap, struct pcap_stat *stats);
	const char *(*statustostr)(int status);
	pcap_dumper_t *(*dump_fopen)(pcap_t *pcap, FILE *file);
	void (*dump)(u_char *dumper, const struct pcap_pkthdr *header, const u_char *octets);
	int (*dump_flush)(pcap_dumper_t *dumper);
};

/* The library, which stays loaded to the end of the process; NULL with *why where there is none. */
const struct pcap_library *pcap_library(struct pcp_why *why);

#endif
