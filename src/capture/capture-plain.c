/*
 * A pcap file without libpcap's two reads a packet. It is not mapped: a file that is made shorter
 * under a mapping kills whoever reads it.
 */
#include "capture-plain.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_HEADER = 24, RECORD_HEADER = 16, AHEAD = 256 << 10 };

struct plain {
	int fd;
	bool swapped, nanoseconds;
	uint32_t snapshot;
	uint64_t at;  /* in the file, where the piece begins */
	size_t count; /* octets of it */
	uint8_t piece[AHEAD];
};

static uint32_t number(const struct plain *plain, const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof value);
	if (!plain->swapped)
		return value;
	return value >> 24 | (value >> 8 & 0xff00) | (value & 0xff00) << 8 | value << 24;
}

/* Numbers in either order of octets, times in microseconds or nanoseconds. */
static bool read_header(struct plain *plain)
{
	static const struct {
		uint32_t magic;
		bool swapped, nanoseconds;
	} kinds[] = {
		{ 0xa1b2c3d4, false, false },
		{ 0xd4c3b2a1, true, false },
		{ 0xa1b23c4d, false, true },
		{ 0x4d3cb2a1, true, true },
	};
	uint8_t header[FILE_HEADER];
	uint16_t version[2];
	uint32_t magic;

	if (pread(plain->fd, header, sizeof header, 0) != (ssize_t)sizeof header)
		return false;
	memcpy(&magic, header, sizeof magic);
	memcpy(version, header + sizeof magic, sizeof version);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (magic != kinds[i].magic)
			continue;
		plain->swapped = kinds[i].swapped;
		plain->nanoseconds = kinds[i].nanoseconds;
		return version[0] == (plain->swapped ? 2 << 8 : 2) &&
		       version[1] == (plain->swapped ? 4 << 8 : 4);
	}
	return false;
}

struct plain *plain_new(int fd, int snapshot)
{
	struct plain *plain = malloc(sizeof *plain);

	if (!plain)
		return NULL;
	plain->fd = fd;
	plain->snapshot = (uint32_t)snapshot;
	plain->at = plain->count = 0;
	if (snapshot > 0 && read_header(plain))
		return plain;
	free(plain);
	return NULL;
}

void plain_free(struct plain *plain)
{
	free(plain);
}

/* So many octets of the file from there on; NULL: there are fewer, or they are too many. */
static const uint8_t *look(struct plain *plain, uint64_t offset, size_t len)
{
	bool inside = offset >= plain->at && offset - plain->at <= plain->count;
	size_t from = inside ? (size_t)(offset - plain->at) : 0;
	ssize_t got;

	if (inside && len <= plain->count - from)
		return plain->piece + from;
	if (len > sizeof plain->piece)
		return NULL;
	got = pread(plain->fd, plain->piece, sizeof plain->piece, (off_t)offset);
	plain->at = offset;
	plain->count = got > 0 ? (size_t)got : 0;
	return len <= plain->count ? plain->piece : NULL;
}

bool plain_record(struct plain *plain, uint64_t offset, struct pcap_pkthdr *header,
		  const uint8_t **octets)
{
	const uint8_t *record = look(plain, offset, RECORD_HEADER);
	int32_t seconds, part;
	uint32_t len;

	if (!record)
		return false;
	len = number(plain, record + 8);
	if (len > plain->snapshot || !(record = look(plain, offset, RECORD_HEADER + (size_t)len)))
		return false;
	seconds = (int32_t)number(plain, record);
	part = (int32_t)number(plain, record + 4);
	header->ts.tv_sec = seconds;
	header->ts.tv_usec = plain->nanoseconds ? part / 1000 : part;
	header->caplen = len;
	header->len = number(plain, record + 12);
	*octets = record + RECORD_HEADER;
	return true;
}
