/* Other people's packets: each length is checked against what is there before it is believed. */
#include "capture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pcap-library.h"
#include "words.h"

enum { ETHERTYPE_V4 = 0x0800, ETHERTYPE_V6 = 0x86dd, NEXT_UDP = 17 };
enum { RECORD_HEADER = 16, BUFFER = 1 << 16 };
#define LAST_SECOND INT64_C(253402300799) /* of the year 9999 */

struct capture {
	const struct pcap_library *library;
	pcap_t *pcap;
	FILE *file; /* pcap's */
	const struct link *link;
	uint16_t port[CAPTURE_PORTS_MAX];
	size_t nport;
	bool any_port, over;
	bool plain;   /* a pcap file, in which one record follows another */
	int snapshot; /* octets of a packet at most; of longer ones the rest is passed over */
	struct capture_counts counts;
	char name[CAPTURE_TEXT / 4];
	char broken[CAPTURE_TEXT];
};

/* Octets still to be looked at. */
struct slice {
	const uint8_t *at;
	size_t len;
};

/* What lies between the link's first octet and IP. */
struct link {
	int dlt;
	uint8_t header;	  /* octets */
	int8_t ethertype; /* where it stands in them; -1: an address family, or nothing, before IP
			   */
};

static const struct link links[] = {
	{ DLT_EN10MB, 14, 12 },	   { DLT_RAW, 0, -1 },	      { DLT_IPV4, 0, -1 },
	{ DLT_IPV6, 0, -1 },	   { DLT_LINUX_SLL, 16, 14 },
#ifdef DLT_LINUX_SLL2
	{ DLT_LINUX_SLL2, 20, 0 },
#endif
	{ DLT_NULL, 4, -1 },	   { DLT_LOOP, 4, -1 },
};

static uint16_t be16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static bool skip(struct slice *slice, size_t len)
{
	if (slice->len < len)
		return false;
	slice->at += len;
	slice->len -= len;
	return true;
}

/* ---- the link ---- */

/* IEEE 802.1Q, 802.1ad and the older QinQ: four octets a tag. */
static bool is_vlan(unsigned ethertype)
{
	return ethertype == 0x8100 || ethertype == 0x88a8 || ethertype == 0x9100;
}

/* Leaves the slice at the IP header. False: something else is there. */
static bool skip_link(const struct link *link, struct slice *slice)
{
	const uint8_t *header = slice->at;
	unsigned ethertype;

	if (!skip(slice, link->header))
		return false;
	if (link->ethertype < 0)
		return slice->len > 0;
	ethertype = be16(header + link->ethertype);
	while (is_vlan(ethertype)) {
		header = slice->at;
		if (!skip(slice, 4))
			return false;
		ethertype = be16(header + 2);
	}
	return slice->len > 0 && (ethertype == ETHERTYPE_V4 || ethertype == ETHERTYPE_V6);
}

/* ---- IP ---- */

enum network { NETWORK_UDP, NETWORK_FRAGMENT, NETWORK_OTHER, NETWORK_MALFORMED };

/* Keeps what the packet's own length says: behind it a link may have padded. */
static void clip(struct slice *slice, size_t len)
{
	if (len && slice->len > len)
		slice->len = len;
}

static enum network skip_v4(struct slice *slice, struct capture_datagram *datagram)
{
	const uint8_t *ip = slice->at;
	size_t header, total;

	if (slice->len < 20)
		return NETWORK_MALFORMED;
	header = (size_t)(ip[0] & 0xf) * 4;
	total = be16(ip + 2); /* 0 where the network card cut large packets up */
	if (header < 20 || (total && total < header))
		return NETWORK_MALFORMED;
	if (ip[9] != NEXT_UDP)
		return NETWORK_OTHER;
	if (be16(ip + 6) & 0x3fff) /* more fragments, or an offset */
		return NETWORK_FRAGMENT;
	pcp_addr_any(datagram->from.addr, true);
	pcp_addr_any(datagram->to.addr, true);
	memcpy(datagram->from.addr + 12, ip + 12, 4);
	memcpy(datagram->to.addr + 12, ip + 16, 4);
	clip(slice, total);
	return skip(slice, header) ? NETWORK_UDP : NETWORK_MALFORMED;
}

/* RFC 8200 4: the octets of the extension header at the slice's start; 0: none such. */
static size_t extension_len(unsigned next, const struct slice *slice)
{
	switch (next) {
	case 0:	  /* hop-by-hop options */
	case 43:  /* routing */
	case 60:  /* destination options */
	case 135: /* mobility */
		return slice->len < 2 ? 0 : (size_t)(slice->at[1] + 1) * 8;
	case 51: /* authentication */
		return slice->len < 2 ? 0 : (size_t)(slice->at[1] + 2) * 4;
	case 44: /* fragment */
		return 8;
	default:
		return 0;
	}
}

static enum network skip_v6(struct slice *slice, struct capture_datagram *datagram)
{
	const uint8_t *ip = slice->at;
	bool fragment = false;
	unsigned next;
	size_t len;

	if (!skip(slice, 40))
		return NETWORK_MALFORMED;
	clip(slice, be16(ip + 4));
	memcpy(datagram->from.addr, ip + 8, PCP_ADDR_LEN);
	memcpy(datagram->to.addr, ip + 24, PCP_ADDR_LEN);
	for (next = ip[6]; (len = extension_len(next, slice)); next = ip[0]) {
		ip = slice->at;
		if (!skip(slice, len))
			return NETWORK_MALFORMED;
		/* An atomic fragment is whole (RFC 6946); behind others no UDP header need be. */
		fragment = fragment || (next == 44 && be16(ip + 2) & 0xfff9);
		if (fragment)
			return ip[0] == NEXT_UDP ? NETWORK_FRAGMENT : NETWORK_OTHER;
	}
	return next == NEXT_UDP ? NETWORK_UDP : NETWORK_OTHER;
}

static enum network skip_ip(struct slice *slice, struct capture_datagram *datagram)
{
	switch (slice->at[0] >> 4) {
	case 4:
		return skip_v4(slice, datagram);
	case 6:
		return skip_v6(slice, datagram);
	default:
		return NETWORK_OTHER;
	}
}

/* ---- UDP ---- */

static bool asked_for(const struct capture *capture, uint16_t port)
{
	for (size_t i = 0; i < capture->nport; i++)
		if (capture->port[i] == port)
			return true;
	return false;
}

/* Requests go to a server's port, answers come from it. Where both ends or neither have one, and in
 * announcements to the clients' port, the octets themselves must tell: RFC 6887 7, RFC 6886 3. */
static bool is_sent(const struct capture *capture, const struct capture_datagram *datagram)
{
	bool to = datagram->to.port != PCP_CLIENT_PORT && asked_for(capture, datagram->to.port);
	bool from =
		datagram->from.port != PCP_CLIENT_PORT && asked_for(capture, datagram->from.port);

	if (to != from)
		return to;
	return datagram->len < 2 || !pcp_is_response(datagram->octets);
}

static bool take_udp(struct capture *capture, struct slice slice, bool whole,
		     struct capture_datagram *datagram)
{
	const uint8_t *udp = slice.at;
	size_t len;

	if (!skip(&slice, 8) || (len = be16(udp + 4)) < 8) {
		capture->counts.malformed++;
		return false;
	}
	datagram->from.port = be16(udp);
	datagram->to.port = be16(udp + 2);
	if (!capture->any_port && !asked_for(capture, datagram->from.port) &&
	    !asked_for(capture, datagram->to.port)) {
		capture->counts.other_ports++;
		return false;
	}
	if (whole && slice.len < len - 8) { /* all is there, and yet it is not enough */
		capture->counts.malformed++;
		return false;
	}
	datagram->cut = slice.len < len - 8;
	datagram->octets = slice.at;
	datagram->len = datagram->cut ? slice.len : len - 8;
	datagram->sent = is_sent(capture, datagram);
	capture->counts.cut += datagram->cut;
	capture->counts.datagrams++;
	return true;
}

/* ---- the file ---- */

static usec wall_of(const struct pcap_pkthdr *header)
{
	int64_t seconds = header->ts.tv_sec, part = header->ts.tv_usec;

	seconds = seconds < 0 ? 0 : seconds > LAST_SECOND ? LAST_SECOND : seconds;
	part = part < 0 || part >= USEC_PER_SEC ? 0 : part;
	return seconds * USEC_PER_SEC + part;
}

static bool take_packet(struct capture *capture, const struct pcap_pkthdr *header,
			const uint8_t *octets, struct capture_datagram *datagram)
{
	struct slice slice = { octets, header->caplen };
	struct capture_counts *counts = &capture->counts;

	*datagram = (struct capture_datagram){ .packet = counts->packets, .wall = wall_of(header) };
	if (!skip_link(capture->link, &slice))
		return false;
	switch (skip_ip(&slice, datagram)) {
	case NETWORK_UDP:
		return take_udp(capture, slice, header->caplen >= header->len, datagram);
	case NETWORK_FRAGMENT:
		if (!counts->fragments++)
			counts->first_fragment = counts->packets;
		return false;
	case NETWORK_MALFORMED:
		counts->malformed++;
		return false;
	case NETWORK_OTHER:
		return false;
	}
	return false;
}

static void note_offset(struct capture *capture)
{
	off_t at = ftello(capture->file);

	if (at >= 0)
		capture->counts.offset = (uint64_t)at;
}

/* Asking the system where the file is costs as much as reading the packet. */
static void count_packet(struct capture *capture, const struct pcap_pkthdr *header)
{
	capture->counts.packets++;
	if (capture->plain && header->caplen < (uint32_t)capture->snapshot)
		capture->counts.offset += RECORD_HEADER + header->caplen;
	else
		note_offset(capture);
}

static void note_damage(struct capture *capture, uint64_t offset)
{
	unsigned long long packet = capture->counts.packets + 1, at = offset;

	if (feof(capture->file))
		snprintf(capture->broken, sizeof capture->broken,
			 "%s ends in the middle of packet %llu, at octet %llu: it was cut off, or "
			 "is still being written",
			 capture->name, packet, at);
	else
		snprintf(capture->broken, sizeof capture->broken,
			 "%s can be read up to octet %llu only, packet %llu: %s", capture->name, at,
			 packet, capture->library->geterr(capture->pcap));
}

enum capture_result capture_next(struct capture *capture, struct capture_datagram *datagram)
{
	uint64_t offset = capture->counts.offset;
	struct pcap_pkthdr *header;
	const uint8_t *octets;
	int got;

	if (capture->over)
		return *capture->broken ? CAPTURE_BROKEN : CAPTURE_END;
	got = capture->library->next_ex(capture->pcap, &header, &octets);
	if (got == 1) {
		count_packet(capture, header);
		return take_packet(capture, header, octets, datagram) ? CAPTURE_DATAGRAM
								      : CAPTURE_PASSED;
	}
	capture->over = true;
	note_offset(capture);
	if (got == PCAP_ERROR_BREAK)
		return CAPTURE_END;
	note_damage(capture, offset);
	return CAPTURE_BROKEN;
}

static bool refuse(struct pcp_why *why, const char *path, const char *what)
{
	pcp_refuse(why, 0, "cannot open %s: %s", pcp_quoted(path).text, what);
	return false;
}

/* Numbers in either order of octets, times in microseconds or nanoseconds. */
static bool is_plain(FILE *file)
{
	static const uint32_t magic[] = { 0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1 };
	uint32_t first;

	if (pread(fileno(file), &first, sizeof first, 0) != (ssize_t)sizeof first)
		return false; /* too short, or a pipe */
	for (size_t i = 0; i < sizeof magic / sizeof *magic; i++)
		if (first == magic[i])
			return true;
	return false;
}

static bool open_file(struct capture *capture, const char *path, struct pcp_why *why)
{
	char error[PCAP_ERRBUF_SIZE];
	struct pcp_why none;
	struct stat stat;

	capture->file = fopen(path, "rb");
	if (!capture->file || fstat(fileno(capture->file), &stat) < 0)
		return refuse(why, path, strerror(errno));
	if (S_ISDIR(stat.st_mode))
		return refuse(why, path, "it is a directory");
	if (S_ISREG(stat.st_mode) && stat.st_size == 0)
		return refuse(why, path, "it is empty");
	capture->counts.size = S_ISREG(stat.st_mode) ? (uint64_t)stat.st_size : 0;
	capture->plain = is_plain(capture->file);
	setvbuf(capture->file, NULL, _IOFBF, BUFFER);
	capture->library = pcap_library(&none);
	if (!capture->library)
		return refuse(why, path, none.text);
	capture->pcap = capture->library->fopen_offline(capture->file, error);
	if (!capture->pcap) {
		pcp_refuse(&none, 0, "it is no capture (%s)", error);
		return refuse(why, path, none.text);
	}
	capture->snapshot = capture->library->snapshot(capture->pcap);
	note_offset(capture);
	return true;
}

static bool find_link(struct capture *capture, const char *path, struct pcp_why *why)
{
	int dlt = capture->library->datalink(capture->pcap);
	const char *name = capture->library->datalink_val_to_name(dlt);
	char what[100];

	for (size_t i = 0; i < sizeof links / sizeof *links; i++)
		if (links[i].dlt == dlt)
			capture->link = &links[i];
	if (capture->link)
		return true;
	snprintf(what, sizeof what,
		 "its link type is %s (%d); Ethernet, raw IP, Linux cooked and loopback are read",
		 name ? name : "unknown", dlt);
	return refuse(why, path, what);
}

static void set_ports(struct capture *capture, const uint16_t *port, size_t nport)
{
	static const uint16_t usual[] = { PCP_SERVER_PORT, PCP_CLIENT_PORT };

	capture->any_port = !nport && capture->library->datalink(capture->pcap) == DLT_RAW &&
			    capture->snapshot == CAPTURE_SNAPLEN;
	if (!nport) {
		port = usual;
		nport = sizeof usual / sizeof *usual;
	}
	capture->nport = nport < CAPTURE_PORTS_MAX ? nport : CAPTURE_PORTS_MAX;
	memcpy(capture->port, port, capture->nport * sizeof *port);
}

struct capture *capture_open(const char *path, const uint16_t *port, size_t nport,
			     struct pcp_why *why)
{
	struct capture *capture = calloc(1, sizeof *capture);

	if (!capture) {
		refuse(why, path, "out of memory");
		return NULL;
	}
	snprintf(capture->name, sizeof capture->name, "%s", path);
	if (!open_file(capture, path, why) || !find_link(capture, path, why)) {
		capture_close(capture);
		return NULL;
	}
	set_ports(capture, port, nport);
	return capture;
}

void capture_close(struct capture *capture)
{
	if (!capture)
		return;
	if (capture->pcap)
		capture->library->close(capture->pcap); /* and with it the file */
	else if (capture->file)
		fclose(capture->file);
	free(capture);
}

bool capture_return(struct capture *capture, uint64_t packet, uint64_t offset)
{
	if (!capture->plain || fseeko(capture->file, (off_t)offset, SEEK_SET) < 0)
		return false;
	capture->counts.packets = packet;
	capture->counts.offset = offset;
	capture->over = false;
	return true;
}

const struct capture_counts *capture_counts(const struct capture *capture)
{
	return &capture->counts;
}

const char *capture_broken(const struct capture *capture)
{
	return capture->broken;
}

/* ---- remarks ---- */

struct text {
	char *at;
	size_t cap, len;
};

static void remark(struct text *text, uint64_t count, const char *one, const char *many)
{
	size_t used = text->len < text->cap ? text->len : text->cap;

	if (count)
		text->len += (size_t)snprintf(text->at + used, text->cap - used, "%s%llu %s",
					      text->len ? "; " : "", (unsigned long long)count,
					      count == 1 ? one : many);
}

size_t capture_remarks(const struct capture *capture, char *buf, size_t cap)
{
	const struct capture_counts *counts = &capture->counts;
	struct text text = { buf, cap, 0 };
	char first[96];

	if (cap)
		*buf = '\0';
	snprintf(first, sizeof first,
		 "fragments of UDP datagrams, from packet %llu on, are not put together",
		 (unsigned long long)counts->first_fragment);
	remark(&text, counts->fragments, "fragment of a UDP datagram is not put together", first);
	remark(&text, counts->cut, "datagram was cut short when it was captured",
	       "datagrams were cut short when they were captured");
	remark(&text, counts->malformed, "packet has lengths that cannot be",
	       "packets have lengths that cannot be");
	if (!counts->datagrams)
		remark(&text, counts->other_ports,
		       "UDP datagram is on another port (name it with --port)",
		       "UDP datagrams are on other ports (name them with --port)");
	return text.len;
}
