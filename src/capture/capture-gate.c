/*
 * Lets through what is whole of a capture that still grows. libpcap takes a record that is there in
 * part for damage; here it meets the end of the file at the end of the last whole record, and goes
 * on from there when there are more. Only the lengths of records are looked at.
 */
#include "capture-gate.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "stream.h"

enum {
	PIECE = 1 << 16,
	RECORD_MAX = 1 << 20, /* octets; larger ones are no captured packets */
	FILE_HEADER = 24,
	RECORD_HEADER = 16,
	BLOCK_HEADER = 12,
};
#define SECTION	 UINT32_C(0x0a0d0d0a) /* the same in either order */
#define IN_ORDER UINT32_C(0x1a2b3c4d)

struct gate {
	struct stream stream;
	int fd;
	bool tells, over, begun, ng, swapped;
	enum lengths {
		CAPTURED_FIRST,
		CAPTURED_LAST,
		CAPTURED_LESS
	} lengths;	 /* which of a record's two counts its octets */
	uint8_t *octets; /* those that nobody has read yet */
	size_t len, cap; /* len: that are there, */
	size_t whole;	 /* of them in whole records, */
	size_t read;	 /* of them read */
	const char *broken;
};

static uint32_t number(const struct gate *gate, const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof value);
	return gate->swapped ? __builtin_bswap32(value) : value;
}

/* ---- lengths ---- */

/* Octets of the record at `at`; 0: it cannot be told yet. */
static size_t record_len(struct gate *gate, const uint8_t *at, size_t len)
{
	uint32_t first, last;

	if (len < RECORD_HEADER)
		return 0;
	first = number(gate, at + 8);
	last = number(gate, at + 12);
	if (gate->lengths == CAPTURED_LAST || (gate->lengths == CAPTURED_LESS && last < first))
		first = last;
	return RECORD_HEADER + (size_t)first;
}

/* Until version 2.3 the two lengths stood the other way round, and in 2.3 in either: libpcap reads
 * them so. */
static enum lengths lengths_of(const struct gate *gate)
{
	uint16_t version[2];

	memcpy(version, gate->octets + 4, sizeof version);
	if (gate->swapped) {
		version[0] = __builtin_bswap16(version[0]);
		version[1] = __builtin_bswap16(version[1]);
	}
	if (version[0] == 543 || (version[0] == 2 && version[1] < 3))
		return CAPTURED_LAST;
	return version[0] == 2 && version[1] == 3 ? CAPTURED_LESS : CAPTURED_FIRST;
}

/* The same of a pcapng block; a section says in which order its numbers are. */
static size_t block_len(struct gate *gate, const uint8_t *at, size_t len)
{
	uint32_t order;
	size_t block;

	if (len < BLOCK_HEADER)
		return 0;
	if (number(gate, at) == SECTION) {
		memcpy(&order, at + 8, sizeof order);
		gate->swapped = order != IN_ORDER;
	}
	block = number(gate, at + 4);
	return block < BLOCK_HEADER || block % 4 ? RECORD_MAX + 1 : block;
}

/* The first octets tell which of the formats it is, and in which order. */
static bool begin(struct gate *gate)
{
	uint32_t magic;

	if (gate->len < sizeof magic)
		return false;
	memcpy(&magic, gate->octets, sizeof magic);
	gate->ng = magic == SECTION;
	gate->swapped = magic == UINT32_C(0xd4c3b2a1) || magic == UINT32_C(0x4d3cb2a1);
	if (!gate->ng && !gate->swapped && magic != UINT32_C(0xa1b2c3d4) &&
	    magic != UINT32_C(0xa1b23c4d)) {
		gate->broken = "it is no capture: it begins with none of their marks";
		gate->over = true;
		return false;
	}
	return true;
}

/* libpcap wants to see the first interface of a pcapng file when it is opened. */
static void pass_whole(struct gate *gate)
{
	size_t at = gate->whole, len;

	if (at == 0 && !gate->begun && !begin(gate))
		return;
	if (!gate->ng && !gate->begun) {
		if (gate->len < FILE_HEADER)
			return;
		at = FILE_HEADER;
		gate->lengths = lengths_of(gate);
		gate->begun = true;
	}
	for (;;) {
		const uint8_t *record = gate->octets + at;

		len = gate->ng ? block_len(gate, record, gate->len - at)
			       : record_len(gate, record, gate->len - at);
		if (len > RECORD_MAX) {
			gate->broken = "a record has a length that cannot be";
			gate->over = true;
		}
		if (!len || len > gate->len - at || gate->over)
			break;
		at += len;
		gate->begun = gate->begun || number(gate, record) == 1;
	}
	if (gate->begun)
		gate->whole = at;
}

/* ---- reading ---- */

static bool has_room(struct gate *gate)
{
	uint8_t *more;

	if (gate->read) {
		memmove(gate->octets, gate->octets + gate->read, gate->len - gate->read);
		gate->len -= gate->read;
		gate->whole -= gate->read;
		gate->read = 0;
	}
	if (gate->cap - gate->len >= PIECE)
		return true;
	more = realloc(gate->octets, gate->len + 2 * PIECE);
	if (!more)
		return false;
	gate->octets = more;
	gate->cap = gate->len + 2 * PIECE;
	return true;
}

/* Whether there is something to read without waiting; of a file there is always its end. */
static bool is_ready(const struct gate *gate)
{
	struct pollfd poll_ = { .fd = gate->fd, .events = POLLIN };

	return !gate->tells || poll(&poll_, 1, 0) > 0;
}

bool gate_fill(struct gate *gate)
{
	ssize_t n;

	if (gate->whole > gate->read)
		return true;
	while (!gate->over && gate->whole == gate->read && is_ready(gate) && has_room(gate)) {
		n = read(gate->fd, gate->octets + gate->len, PIECE);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			gate->over = gate->tells && (n == 0 || errno != EAGAIN);
			break;
		}
		gate->len += (size_t)n;
		pass_whole(gate);
	}
	if (gate->over && gate->len > gate->whole && !gate->broken)
		gate->broken = "it ended in the middle of a packet";
	return gate->whole > gate->read;
}

/* ---- as a file ---- */

static size_t take(struct stream *stream, char *buf, size_t cap)
{
	struct gate *gate = (struct gate *)(void *)stream; /* its first member */
	size_t n = gate->whole - gate->read;

	n = n < cap ? n : cap;
	memcpy(buf, gate->octets + gate->read, n);
	gate->read += n;
	return n;
}

FILE *gate_open(struct gate *gate)
{
	gate->stream.take = take;
	return stream_open(&gate->stream);
}

/* ---- life ---- */

struct gate *gate_new(int fd)
{
	struct gate *gate = calloc(1, sizeof *gate);
	struct stat stat;

	if (!gate) {
		close(fd);
		return NULL;
	}
	gate->fd = fd;
	gate->tells = fstat(fd, &stat) < 0 || !S_ISREG(stat.st_mode);
	return gate;
}

void gate_free(struct gate *gate)
{
	if (!gate)
		return;
	close(gate->fd);
	free(gate->octets);
	free(gate);
}

bool gate_begun(const struct gate *gate)
{
	return gate->begun;
}

bool gate_over(const struct gate *gate)
{
	return gate->over && gate->whole == gate->read;
}

const char *gate_broken(const struct gate *gate)
{
	return gate->broken;
}

bool gate_tells(const struct gate *gate)
{
	return gate->tells;
}

int gate_fd(const struct gate *gate)
{
	return gate->fd;
}
