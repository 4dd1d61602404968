/* Other people's packets: each length is checked against what is there before it is believed. */
#include "capture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture-gate.h"
#include "capture-inside.h"
#include "capture-plain.h"
#include "pcap-library.h"
#include "words.h"

enum { RECORD_HEADER = 16, BUFFER = 1 << 16 };
#define LAST_SECOND INT64_C(253402300799) /* of the year 9999 */

struct capture {
	const struct pcap_library *library;
	pcap_t *pcap;
	FILE *file; /* pcap's */
	const struct link *link;
	uint16_t port[CAPTURE_PORTS_MAX];
	size_t nport;
	bool ours, any_port, over;
	struct gate *gate;   /* NULL: it does not grow */
	struct plain *plain; /* a pcap file, in which one record follows another; NULL: another */
	int snapshot; /* octets of a packet at most; of longer ones the rest is passed over */
	struct pcap_pkthdr record; /* of plain's */
	struct capture_counts counts;
	char name[CAPTURE_TEXT / 4];
	char broken[CAPTURE_TEXT];
};

static uint16_t be16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
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

/* Tunnels that UDP carries, by the port that they go to. */
static const char *tunnel(uint16_t port)
{
	static const struct {
		uint16_t port;
		const char *name;
	} tunnels[] = {
		{ 1701, "L2TP" },	{ 2152, "GTP" },	 { 3544, "Teredo" },
		{ 4500, "ESP in UDP" }, { 4754, "GRE in UDP" },	 { 4789, "VXLAN" },
		{ 6081, "Geneve" },	{ 6635, "MPLS in UDP" }, { 8472, "VXLAN" },
		{ 51820, "WireGuard" },
	};

	for (size_t i = 0; i < sizeof tunnels / sizeof *tunnels; i++)
		if (tunnels[i].port == port)
			return tunnels[i].name;
	return NULL;
}

static void count_unread(struct capture_counts *counts, const char *name)
{
	size_t i = 0;

	while (i < CAPTURE_UNREAD_MAX - 1 && counts->unread[i].name &&
	       strcmp(counts->unread[i].name, name))
		i++;
	counts->unread[i].name = name;
	counts->unread[i].packets++;
}

static bool other_port(struct capture *capture, const struct capture_datagram *datagram)
{
	const char *name;

	if (capture->any_port || asked_for(capture, datagram->from.port) ||
	    asked_for(capture, datagram->to.port))
		return false;
	name = tunnel(datagram->to.port);
	if (name)
		count_unread(&capture->counts, name);
	else
		capture->counts.other_ports++;
	return true;
}

static bool take_udp(struct capture *capture, struct slice slice, bool whole,
		     struct capture_datagram *datagram)
{
	const uint8_t *udp = slice.at;
	size_t len = slice.len < 8 ? 0 : be16(udp + 4);

	if (slice.len < 8 && !whole) {
		capture->counts.cut++;
		return false;
	}
	if (len < 8) {
		capture->counts.malformed++;
		return false;
	}
	slice.at += 8;
	slice.len -= 8;
	datagram->from.port = be16(udp);
	datagram->to.port = be16(udp + 2);
	if (other_port(capture, datagram))
		return false;
	if (whole && slice.len < len - 8) { /* all is there, and yet it is not enough */
		capture->counts.malformed++;
		return false;
	}
	datagram->octets = slice.at;
	datagram->whole = len - 8;
	datagram->len = slice.len < datagram->whole ? slice.len : datagram->whole;
	datagram->sent = is_sent(capture, datagram);
	capture->counts.cut += datagram->len < datagram->whole;
	capture->counts.datagrams++;
	return true;
}

/* RFC 792, RFC 4443 2.4: an error quotes the IP header of what it is about, and at least eight
 * octets behind it. */
static bool take_error(struct capture *capture, struct slice slice, const char *what,
		       struct capture_datagram *datagram)
{
	struct found found = { .quoted = true };

	if (capture_inside_ip(&slice, 0, &found) != INSIDE_UDP || slice.len < 4)
		return false;
	datagram->from = found.from;
	datagram->to = found.to;
	datagram->from.port = be16(slice.at);
	datagram->to.port = be16(slice.at + 2);
	if (!capture->any_port && !asked_for(capture, datagram->to.port))
		return false;
	datagram->sent = true;
	datagram->unreachable = what;
	capture->counts.errors++;
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
	bool whole = header->caplen >= header->len;
	struct found found = { .unread = NULL };
	enum inside inside = capture_inside(capture->link, &slice, &found);

	*datagram = (struct capture_datagram){ .packet = counts->packets,
					       .wall = wall_of(header),
					       .from = found.from,
					       .to = found.to };
	switch (inside) {
	case INSIDE_UDP:
		return take_udp(capture, slice, whole, datagram);
	case INSIDE_ICMP:
		datagram->by = found.from;
		return take_error(capture, slice, found.error, datagram);
	case INSIDE_FRAGMENT:
		if (!counts->fragments++)
			counts->first_fragment = counts->packets;
		return false;
	case INSIDE_MALFORMED: /* unless the capture cut it there */
		counts->malformed += whole;
		counts->cut += !whole;
		return false;
	case INSIDE_UNREAD:
		count_unread(counts, found.unread);
		return false;
	case INSIDE_OTHER:
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

/* As pcap_next_ex(), and counts the packet. What is odd, and the end, is left to libpcap. */
static int next_record(struct capture *capture, struct pcap_pkthdr **header, const uint8_t **octets)
{
	struct capture_counts *counts = &capture->counts;
	int got;

	*header = &capture->record;
	if (capture->plain && plain_record(capture->plain, counts->offset, *header, octets)) {
		counts->packets++;
		counts->offset += RECORD_HEADER + (*header)->caplen;
		return 1;
	}
	if (capture->plain)
		(void)fseeko(capture->file, (off_t)counts->offset, SEEK_SET);
	got = capture->library->next_ex(capture->pcap, header, octets);
	if (got == 1) {
		counts->packets++;
		note_offset(capture);
	}
	return got;
}

static enum capture_result at_gate(struct capture *capture);

enum capture_result capture_next(struct capture *capture, struct capture_datagram *datagram)
{
	uint64_t offset = capture->counts.offset;
	struct pcap_pkthdr *header;
	const uint8_t *octets;
	int got;

	if (capture->over)
		return *capture->broken ? CAPTURE_BROKEN : CAPTURE_END;
	if (!capture->pcap)
		return at_gate(capture);
	got = next_record(capture, &header, &octets);
	if (got == 1)
		return take_packet(capture, header, octets, datagram) ? CAPTURE_DATAGRAM
								      : CAPTURE_PASSED;
	if (got == PCAP_ERROR_BREAK && capture->gate)
		return at_gate(capture);
	capture->over = true;
	note_offset(capture);
	if (got == PCAP_ERROR_BREAK)
		return CAPTURE_END;
	note_damage(capture, offset);
	return CAPTURE_BROKEN;
}

static bool begin_followed(struct capture *capture);

/* What stands between the last packet and the next one of a capture that grows: time, or the end.
 */
static enum capture_result at_gate(struct capture *capture)
{
	struct gate *gate = capture->gate;

	if (!gate_fill(gate) && !gate_over(gate))
		return CAPTURE_WAITS;
	/* Opening it reads ahead: what the gate had may all be there now, also when it is over. */
	if (!capture->pcap && gate_begun(gate))
		return begin_followed(capture) ? CAPTURE_PASSED : CAPTURE_BROKEN;
	if (!gate_over(gate)) {
		clearerr(capture->file);
		return CAPTURE_PASSED;
	}
	capture->over = true;
	if (gate_broken(gate))
		snprintf(capture->broken, sizeof capture->broken, "%s: %s", capture->name,
			 gate_broken(gate));
	return *capture->broken ? CAPTURE_BROKEN : CAPTURE_END;
}

static bool refuse(struct pcp_why *why, const char *path, const char *what)
{
	pcp_refuse(why, 0, "cannot open %s: %s", pcp_quoted(path).text, what);
	return false;
}

static bool no_memory(struct pcp_why *why, const char *path)
{
	refuse(why, path, "out of memory");
	if (why)
		why->code = PCP_WHY_MEMORY;
	return false;
}

/* What unpacks the file, by its first octet, which no capture has; NULL: nothing need. */
static const char *compression(FILE *file)
{
	int first = getc(file);

	ungetc(first, file);
	return first == 0x1f   ? "gzip"
	       : first == 0x28 ? "zstd"
	       : first == 0xfd ? "xz"
	       : first == 'B'  ? "bzip2"
			       : NULL;
}

static bool is_standard(const char *path)
{
	return strcmp(path, "-") == 0;
}

/* The file is open. */
static bool open_pcap(struct capture *capture, const char *path, struct pcp_why *why)
{
	char error[PCAP_ERRBUF_SIZE];
	struct pcp_why none;

	if (compression(capture->file)) {
		snprintf(none.text, sizeof none.text,
			 "it is compressed (%s): unpack it first, %s -dc "
			 "| pcpscope decode -r -",
			 compression(capture->file), compression(capture->file));
		return refuse(why, path, none.text);
	}
	capture->library = pcap_library(&none);
	if (!capture->library)
		return none.code == PCP_WHY_MEMORY ? no_memory(why, path)
						   : refuse(why, path, none.text);
	errno = 0;
	capture->pcap = capture->library->fopen_offline(capture->file, error);
	if (!capture->pcap && errno == ENOMEM)
		return no_memory(why, path);
	if (!capture->pcap) {
		pcp_refuse(&none, 0, "it is no capture (%s)", error);
		return refuse(why, path, none.text);
	}
	capture->snapshot = capture->library->snapshot(capture->pcap);
	if (!capture->gate)
		capture->plain = plain_new(fileno(capture->file), capture->snapshot);
	note_offset(capture);
	return true;
}

static bool open_file(struct capture *capture, const char *path, struct pcp_why *why)
{
	struct stat stat;

	capture->file = is_standard(path) ? fdopen(dup(STDIN_FILENO), "rb") : fopen(path, "rb");
	if (!capture->file || fstat(fileno(capture->file), &stat) < 0)
		return refuse(why, path, strerror(errno));
	if (S_ISDIR(stat.st_mode))
		return refuse(why, path, "it is a directory");
	if (S_ISREG(stat.st_mode) && stat.st_size == 0)
		return refuse(why, path, "it is empty");
	capture->counts.size = S_ISREG(stat.st_mode) ? (uint64_t)stat.st_size : 0;
	setvbuf(capture->file, NULL, _IOFBF, BUFFER);
	return open_pcap(capture, path, why);
}

static bool find_link(struct capture *capture, const char *path, struct pcp_why *why)
{
	int dlt = capture->library->datalink(capture->pcap);
	const char *name = capture->library->datalink_val_to_name(dlt);
	char what[100];

	for (size_t i = 0; i < capture_nlinks; i++)
		if (capture_links[i].dlt == dlt)
			capture->link = &capture_links[i];
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

	capture->ours = capture->library->datalink(capture->pcap) == DLT_RAW &&
			capture->snapshot == CAPTURE_SNAPLEN;
	capture->any_port = !nport && capture->ours;
	if (!nport) {
		port = usual;
		nport = sizeof usual / sizeof *usual;
	}
	capture->nport = nport < CAPTURE_PORTS_MAX ? nport : CAPTURE_PORTS_MAX;
	memmove(capture->port, port, capture->nport * sizeof *port);
}

static bool begin_followed(struct capture *capture)
{
	struct pcp_why why = { .text = "" };

	capture->file = gate_open(capture->gate);
	if (capture->file && open_pcap(capture, capture->name, &why) &&
	    find_link(capture, capture->name, &why)) {
		set_ports(capture, capture->port, capture->nport);
		return true;
	}
	snprintf(capture->broken, sizeof capture->broken, "%s",
		 capture->file ? why.text : "captures that grow are not read on this system");
	capture->over = true;
	return false;
}

struct capture *capture_open(const char *path, const uint16_t *port, size_t nport,
			     struct pcp_why *why)
{
	struct capture *capture = calloc(1, sizeof *capture);

	if (!capture) {
		no_memory(why, path);
		return NULL;
	}
	snprintf(capture->name, sizeof capture->name, "%s",
		 is_standard(path) ? "standard input" : path);
	if (!open_file(capture, path, why) || !find_link(capture, path, why)) {
		capture_close(capture);
		return NULL;
	}
	set_ports(capture, port, nport);
	return capture;
}

struct capture *capture_follow(int fd, const char *name, const uint16_t *port, size_t nport,
			       struct pcp_why *why)
{
	struct capture *capture = calloc(1, sizeof *capture);
	struct gate *gate = gate_new(fd);

	if (!capture || !gate) {
		no_memory(why, name);
		free(capture);
		gate_free(gate);
		return NULL;
	}
	snprintf(capture->name, sizeof capture->name, "%s", name);
	capture->gate = gate;
	capture->library = pcap_library(why); /* now: later there may be no right to */
	if (!capture->library) {
		capture_close(capture);
		return NULL;
	}
	capture->nport = nport < CAPTURE_PORTS_MAX ? nport : CAPTURE_PORTS_MAX;
	if (nport)
		memcpy(capture->port, port, capture->nport * sizeof *port);
	/* A file tells at once what it is. */
	if (!gate_fill(gate) || begin_followed(capture))
		return capture;
	pcp_refuse(why, 0, "%s", capture->broken);
	capture_close(capture);
	return NULL;
}

int capture_fd(const struct capture *capture)
{
	return capture->gate && gate_tells(capture->gate) ? gate_fd(capture->gate) : -1;
}

void capture_close(struct capture *capture)
{
	if (!capture)
		return;
	if (capture->pcap)
		capture->library->close(capture->pcap); /* and with it the file */
	else if (capture->file)
		fclose(capture->file);
	plain_free(capture->plain);
	gate_free(capture->gate);
	free(capture);
}

bool capture_return(struct capture *capture, uint64_t packet, uint64_t offset)
{
	if (!capture->plain)
		return false;
	capture->counts.packets = packet;
	capture->counts.offset = offset;
	capture->over = false;
	return true;
}

bool capture_is_ours(const struct capture *capture)
{
	return capture->ours;
}

const struct capture_counts *capture_counts(const struct capture *capture)
{
	return &capture->counts;
}

const char *capture_broken(const struct capture *capture)
{
	return capture->broken;
}
