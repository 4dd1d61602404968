/* A pcap file's records, read ahead in large pieces: for capture-read.c. */
#ifndef CAPTURE_PLAIN_H
#define CAPTURE_PLAIN_H

#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdint.h>

struct plain;

/* A file that begins as pcap's version 2.4 does; fd stays the caller's. snapshot: octets of a
 * packet at most. NULL: it is none, or cannot be read at any place (a pipe), or memory is out. */
struct plain *plain_new(int fd, int snapshot);
void plain_free(struct plain *plain);
/* The record at that octet of the file, with the header that libpcap would give it; *octets until
 * the next call. False where no whole and sound one stands: then libpcap says what is there. */
bool plain_record(struct plain *plain, uint64_t offset, struct pcap_pkthdr *header,
		  const uint8_t **octets);

#endif
