/*
 * Files of captures without libpcap, as its functions would read them: pcap in all its versions,
 * and pcapng (draft-ietf-opsawg-pcapng) as far as it has packets of one kind of link. Interfaces
 * are not listened to.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "pcap-library.h"

enum {
	FILE_HEADER = 24,
	RECORD_HEADER = 16,
	BLOCK_HEADER = 8,
	PACKET_MAX = 262144, /* octets of a packet: libpcap's own bound */
	BLOCK_MAX = 16 << 20,
	INTERFACES_MAX = 256,
	NANOSECONDS = 9, /* resolutions by their power of ten */
	MICROSECONDS = 6,
};
enum block { PACKET_BLOCK = 2, SIMPLE = 3, ENHANCED = 6, INTERFACE = 1 };
#define SECTION	 UINT32_C(0x0a0d0d0a) /* the same in either order */
#define IN_ORDER UINT32_C(0x1a2b3c4d)

/* What an interface of a pcapng section says of the times of its packets. */
struct clock {
	bool binary;
	unsigned power; /* of 10 or 2 */
	int64_t offset; /* seconds */
};

struct pcap {
	FILE *file;
	bool ng, swapped, captured_last, captured_less;
	unsigned power; /* of ten: of what a pcap file's times are in */
	int linktype, snapshot;
	struct clock clock[INTERFACES_MAX];
	size_t nclock;
	struct pcap_pkthdr header;
	uint8_t *octets; /* of the block or packet that was read last */
	size_t cap;
	char error[PCAP_ERRBUF_SIZE];
};

/* ---- reading ---- */

static uint16_t number16(const struct pcap *pcap, const uint8_t *at)
{
	uint16_t value;

	memcpy(&value, at, sizeof value);
	return pcap->swapped ? __builtin_bswap16(value) : value;
}

static uint32_t number(const struct pcap *pcap, const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof value);
	return pcap->swapped ? __builtin_bswap32(value) : value;
}

static int fail(struct pcap *pcap, const char *format, size_t a, size_t b)
	__attribute__((format(printf, 2, 0)));
static int fail(struct pcap *pcap, const char *format, size_t a, size_t b)
{
	snprintf(pcap->error, sizeof pcap->error, format, a, b);
	return PCAP_ERROR;
}

/* 1: it is read; 0: the file ended before it; PCAP_ERROR: within it. */
static int take(struct pcap *pcap, void *to, size_t len)
{
	size_t got = fread(to, 1, len, pcap->file);

	if (got == len)
		return 1;
	if (ferror(pcap->file))
		return fail(pcap, "error reading dump file", 0, 0);
	if (got == 0)
		return 0;
	return fail(pcap, "truncated dump file; tried to read %zu bytes, only got %zu", len, got);
}

/* The same into the octets; an end before it is one within something. */
static int take_octets(struct pcap *pcap, size_t len)
{
	int got;

	if (len > pcap->cap) {
		uint8_t *more = realloc(pcap->octets, len);

		if (!more)
			return fail(pcap, "out of memory", 0, 0);
		pcap->octets = more;
		pcap->cap = len;
	}
	got = len ? take(pcap, pcap->octets, len) : 1;
	return got ? got
		   : fail(pcap, "truncated dump file; tried to read %zu bytes, only got %zu", len,
			  0);
}

/* ---- links ---- */

/* In files some have other numbers than in memory. */
static int link_of(uint32_t linktype)
{
	return linktype == 101 ? DLT_RAW : (int)linktype;
}

static int set_link(struct pcap *pcap, uint32_t linktype, uint32_t snapshot)
{
	if (pcap->linktype >= 0 && pcap->linktype != link_of(linktype))
		return fail(pcap,
			    "an interface has a type %zu different from the type of the first "
			    "interface",
			    linktype, 0);
	if (pcap->linktype < 0)
		pcap->snapshot = snapshot && snapshot <= INT32_MAX ? (int)snapshot : PACKET_MAX;
	pcap->linktype = link_of(linktype);
	return 1;
}

/* ---- pcap ---- */

static int begin_plain(struct pcap *pcap, const uint8_t magic[4])
{
	uint8_t header[FILE_HEADER];
	unsigned major, minor;

	memcpy(header, magic, 4);
	if (take(pcap, header + 4, sizeof header - 4) != 1)
		return fail(pcap, "truncated dump file; it has not the %zu bytes of a header",
			    sizeof header, 0);
	major = number16(pcap, header + 4);
	minor = number16(pcap, header + 6);
	if (major < PCAP_VERSION_MAJOR)
		return fail(pcap, "archaic pcap savefile format", 0, 0);
	if (!(major == 2 && minor <= 4) && major != 543)
		return fail(pcap, "unsupported pcap savefile version %zu.%zu", major, minor);
	/* Until 2.3 the two lengths stood the other way round, and in 2.3 in either. */
	pcap->captured_last = major == 543 || minor < 3;
	pcap->captured_less = major == 2 && minor == 3;
	/* The upper bits tell of checksums. */
	return set_link(pcap, number(pcap, header + 20) & 0x03ffffff, number(pcap, header + 16));
}

static void set_time(struct pcap_pkthdr *header, int64_t seconds, uint64_t microseconds)
{
	header->ts.tv_sec = (__typeof__(header->ts.tv_sec))seconds;
	header->ts.tv_usec = (__typeof__(header->ts.tv_usec))microseconds;
}

static int next_plain(struct pcap *pcap)
{
	uint8_t record[RECORD_HEADER];
	struct pcap_pkthdr *header = &pcap->header;
	uint32_t part;
	int got = take(pcap, record, sizeof record);

	if (got != 1)
		return got ? got : PCAP_ERROR_BREAK;
	header->caplen = number(pcap, record + 8);
	header->len = number(pcap, record + 12);
	if (pcap->captured_last || (pcap->captured_less && header->caplen > header->len)) {
		header->caplen = number(pcap, record + 12);
		header->len = number(pcap, record + 8);
	}
	part = number(pcap, record + 4);
	set_time(header, (int32_t)number(pcap, record),
		 pcap->power == NANOSECONDS ? part / 1000 : part);
	if (header->caplen > PACKET_MAX)
		return fail(pcap, "invalid packet capture length %zu, bigger than snaplen of %zu",
			    header->caplen, (size_t)pcap->snapshot);
	return take_octets(pcap, header->caplen);
}

/* ---- pcapng ---- */

/* What a section begins with says in which order its numbers are, and ends what was known of the
 * one before. */
static int take_order(struct pcap *pcap)
{
	uint32_t order;
	int got = take(pcap, &order, sizeof order);

	pcap->swapped = got == 1 && order != IN_ORDER;
	pcap->nclock = 0;
	if (got == 1 && order != IN_ORDER && order != __builtin_bswap32(IN_ORDER))
		return fail(pcap, "a section has no mark of its order of octets", 0, 0);
	return got ? got : fail(pcap, "a section ends in its header", 0, 0);
}

/* 1.0, and 1.2, which some wrote and is the same. */
static int check_version(struct pcap *pcap)
{
	unsigned major = number16(pcap, pcap->octets), minor = number16(pcap, pcap->octets + 2);

	if (major == 1 && (minor == 0 || minor == 2))
		return 1;
	return fail(pcap, "unsupported pcapng savefile version %zu.%zu", major, minor);
}

/* A block: its type, and its body in the octets, of a section without the mark of its order. At the
 * file's end PCAP_ERROR_BREAK. magic: four octets that were read already, or NULL. */
static int take_block(struct pcap *pcap, const uint8_t *magic, uint32_t *type, size_t *len)
{
	uint8_t header[BLOCK_HEADER];
	size_t begun = magic ? 4 : 0, least = BLOCK_HEADER + 4, gone = 0;
	uint32_t whole;
	int got;

	if (magic)
		memcpy(header, magic, begun);
	got = take(pcap, header + begun, sizeof header - begun);
	if (got != 1)
		return got ? got : PCAP_ERROR_BREAK;
	*type = number(pcap, header);
	if (*type == SECTION) {
		gone = 4;
		least += 16;
		got = take_order(pcap);
		if (got != 1)
			return got;
	}
	whole = number(pcap, header + 4);
	if (whole < least || whole % 4 || whole > BLOCK_MAX)
		return fail(pcap, "a block has a length of %zu, which cannot be", whole, 0);
	*len = whole - BLOCK_HEADER - gone - 4;
	got = take_octets(pcap, *len + 4);
	if (got == 1 && number(pcap, pcap->octets + *len) != whole)
		return fail(pcap, "the two lengths of a block differ", 0, 0);
	return got == 1 && *type == SECTION ? check_version(pcap) : got;
}

/* if_tsresol (9) and if_tsoffset (14) among the options of an interface. */
static struct clock clock_of(const struct pcap *pcap, const uint8_t *at, size_t len)
{
	struct clock clock = { .power = MICROSECONDS };
	uint64_t offset;

	while (len >= 4) {
		unsigned code = number16(pcap, at), size = number16(pcap, at + 2);
		size_t padded = 4 + ((size_t)size + 3) / 4 * 4;

		if (code == 0 || padded > len)
			break;
		if (code == 9 && size == 1) {
			clock.binary = at[4] & 0x80;
			clock.power = at[4] & 0x7f;
		}
		if (code == 14 && size == 8) {
			memcpy(&offset, at + 4, sizeof offset);
			clock.offset =
				(int64_t)(pcap->swapped ? __builtin_bswap64(offset) : offset);
		}
		at += padded;
		len -= padded;
	}
	return clock;
}

static int take_interface(struct pcap *pcap, size_t len)
{
	const uint8_t *at = pcap->octets;

	if (len < 8 || pcap->nclock == INTERFACES_MAX)
		return fail(pcap, "an interface is cut short, or there are more than %zu of them",
			    INTERFACES_MAX, 0);
	pcap->clock[pcap->nclock] = clock_of(pcap, at + 8, len - 8);
	if (pcap->clock[pcap->nclock].power > (pcap->clock[pcap->nclock].binary ? 63 : 19))
		return fail(pcap, "an interface has a time resolution that cannot be", 0, 0);
	pcap->nclock++;
	return set_link(pcap, number16(pcap, at), number(pcap, at + 4));
}

static void set_clock_time(struct pcap *pcap, const struct clock *clock, uint64_t time)
{
	uint64_t unit = 1, part;

	for (unsigned i = 0; i < clock->power; i++)
		unit *= clock->binary ? 2 : 10;
	part = time % unit;
	while (unit > UINT64_MAX / 1000000 / 2) { /* finer than is kept */
		unit /= clock->binary ? 2 : 10;
		part /= clock->binary ? 2 : 10;
	}
	set_time(&pcap->header, (int64_t)(time / unit) + clock->offset, part * 1000000 / unit);
}

/* Where each block of packets has what; interface: 0, 16 bits or 32 of them. */
static int take_packet(struct pcap *pcap, enum block type, size_t len)
{
	const uint8_t *at = pcap->octets;
	size_t head = type == SIMPLE ? 4 : 20;
	struct pcap_pkthdr *header = &pcap->header;
	uint32_t interface = 0;

	if (len < head)
		return fail(pcap, "a block of a packet is cut short", 0, 0);
	if (type != SIMPLE)
		interface = type == ENHANCED ? number(pcap, at) : number16(pcap, at);
	if (interface >= pcap->nclock)
		return fail(pcap, "a packet is of interface %zu, of which there is no description",
			    interface, 0);
	header->len = number(pcap, at + head - 4);
	header->caplen = type == SIMPLE ? header->len : number(pcap, at + 12);
	if (type == SIMPLE && header->caplen > (uint32_t)pcap->snapshot)
		header->caplen = (uint32_t)pcap->snapshot;
	if (header->caplen > len - head || header->caplen > PACKET_MAX)
		return fail(pcap, "invalid packet capture length %zu", header->caplen, 0);
	if (type == SIMPLE)
		set_time(header, 0, 0);
	else
		set_clock_time(pcap, &pcap->clock[interface],
			       (uint64_t)number(pcap, at + 4) << 32 | number(pcap, at + 8));
	memmove(pcap->octets, at + head, header->caplen);
	return 1;
}

/* The next packet, or, with `first`, the first interface: a file tells its link before. */
static int next_block(struct pcap *pcap, bool first)
{
	uint32_t type;
	size_t len;

	for (;;) {
		int got = take_block(pcap, NULL, &type, &len);

		if (got == 1 && type == INTERFACE)
			got = take_interface(pcap, len);
		if (got != 1 || (first && type == INTERFACE))
			return got;
		if (!first && (type == ENHANCED || type == SIMPLE || type == PACKET_BLOCK))
			return take_packet(pcap, (enum block)type, len);
	}
}

static int begin_blocks(struct pcap *pcap, const uint8_t magic[4])
{
	uint32_t type;
	size_t len;
	int got = take_block(pcap, magic, &type, &len);

	pcap->ng = true;
	if (got == 1)
		got = next_block(pcap, true);
	return got == PCAP_ERROR_BREAK ? fail(pcap, "the capture file has no interface", 0, 0)
				       : got;
}

/* ---- as libpcap has it ---- */

static int begin(struct pcap *pcap)
{
	static const struct {
		uint32_t magic;
		bool swapped;
		unsigned power;
	} kinds[] = { { UINT32_C(0xa1b2c3d4), false, MICROSECONDS },
		      { UINT32_C(0xd4c3b2a1), true, MICROSECONDS },
		      { UINT32_C(0xa1b23c4d), false, NANOSECONDS },
		      { UINT32_C(0x4d3cb2a1), true, NANOSECONDS } };
	uint8_t octets[4];
	uint32_t magic;

	if (take(pcap, octets, sizeof octets) != 1)
		return fail(pcap, "truncated dump file; it has not the %zu bytes of a mark",
			    sizeof octets, 0);
	memcpy(&magic, octets, sizeof magic);
	if (magic == SECTION)
		return begin_blocks(pcap, octets);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i].magic == magic) {
			pcap->swapped = kinds[i].swapped;
			pcap->power = kinds[i].power;
			return begin_plain(pcap, octets);
		}
	return fail(pcap, "unknown file format", 0, 0);
}

static pcap_t *files_open(FILE *file, char *error)
{
	struct pcap *pcap = calloc(1, sizeof *pcap);

	snprintf(error, PCAP_ERRBUF_SIZE, "out of memory");
	if (!pcap)
		return NULL;
	pcap->file = file;
	pcap->linktype = -1;
	if (begin(pcap) == 1)
		return pcap;
	snprintf(error, PCAP_ERRBUF_SIZE, "%s", pcap->error);
	free(pcap->octets);
	free(pcap);
	return NULL;
}

static int files_next(pcap_t *pcap, struct pcap_pkthdr **header, const u_char **octets)
{
	int got = pcap->ng ? next_block(pcap, false) : next_plain(pcap);

	if (got == 1 && pcap->header.caplen > (uint32_t)pcap->snapshot)
		pcap->header.caplen = (uint32_t)pcap->snapshot;
	*header = &pcap->header;
	*octets = pcap->octets;
	return got;
}

static int files_datalink(pcap_t *pcap)
{
	return pcap->linktype;
}

/* Of links that are not read those that a capture program of today may be set to. */
static const char *files_link_name(int dlt)
{
	static const struct {
		int dlt;
		const char *name;
	} names[] = { { 9, "PPP" },
		      { 105, "IEEE802_11" },
		      { 127, "IEEE802_11_RADIO" },
		      { 187, "BLUETOOTH_HCI_H4" },
		      { 189, "USB_LINUX" },
		      { 220, "USB_LINUX_MMAPPED" },
		      { 249, "USBPCAP" } };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].dlt == dlt)
			return names[i].name;
	return NULL;
}

static int files_snapshot(pcap_t *pcap)
{
	return pcap->snapshot;
}

static char *files_error(pcap_t *pcap)
{
	return pcap->error;
}

static void files_close(pcap_t *pcap)
{
	fclose(pcap->file);
	free(pcap->octets);
	free(pcap);
}

static pcap_t *files_create(const char *interface, char *error)
{
	(void)interface;
	snprintf(error, PCAP_ERRBUF_SIZE, "this build reads files alone");
	return NULL;
}

const struct pcap_library *pcap_library(struct pcp_why *why)
{
	/* What needs an interface is never called: files_create() gives none. */
	static const struct pcap_library library = {
		.fopen_offline = files_open,
		.next_ex = files_next,
		.datalink = files_datalink,
		.datalink_val_to_name = files_link_name,
		.snapshot = files_snapshot,
		.geterr = files_error,
		.close = files_close,
		.create = files_create,
	};

	(void)why;
	return &library;
}
