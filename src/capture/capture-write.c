/* One write() a datagram: a session that is killed loses none that it had shown. */
#include "capture-header.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "outlet.h"
#include "text.h"
#include "words.h"

enum {
	V4_HEADER = 20,
	V6_HEADER = 40,
	UDP_HEADER = 8,
	HOPS = 64,
	PATIENCE = 1000,     /* milliseconds for a reader, when the session ends */
	PIPE_KEPT = 1 << 20, /* octets for a reader that is slow */
};

struct record {
	uint32_t seconds, useconds, kept, len;
};

struct capture_writer {
	char dir[CAPTURE_PATH_MAX]; /* of saved sessions; "" for a file that was named */
	char path[CAPTURE_PATH_MAX + 128];
	char old_path[CAPTURE_PATH_MAX + 128]; /* the segment before; "" without */
	bool lab;
	struct capture_limits limits;
	int fd, old_fd;	    /* -1: none; open for their locks, which say that the session lives */
	struct outlet pipe; /* in place of fd where the named file is none that can be cut */
	uint64_t size;	    /* octets of whole records */
	uint64_t missing;
	const char *distrust; /* why its directory is not written to; NULL */
	uint16_t id;	      /* of the IPv4 header */
	char trouble[CAPTURE_PATH_MAX + CAPTURE_TEXT];
	uint8_t buf[sizeof(struct record) + CAPTURE_SNAPLEN];
};

/* ---- packets ---- */

static void put16(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* RFC 1071: the sum of 16-bit words, not yet folded. */
static uint32_t add_words(uint32_t sum, const uint8_t *at, size_t len)
{
	for (size_t i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)(at[i] << 8 | at[i + 1]);
	return len % 2 ? sum + ((uint32_t)at[len - 1] << 8) : sum;
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static size_t put_v4(struct capture_writer *writer, uint8_t *ip, const struct pcp_endpoint *from,
		     const struct pcp_endpoint *to, size_t payload)
{
	memset(ip, 0, V4_HEADER);
	ip[0] = 0x45;
	put16(ip + 2, V4_HEADER + payload);
	put16(ip + 4, ++writer->id);
	ip[8] = HOPS;
	ip[9] = IPPROTO_UDP;
	memcpy(ip + 12, from->addr + 12, 4);
	memcpy(ip + 16, to->addr + 12, 4);
	put16(ip + 10, fold(add_words(0, ip, V4_HEADER)));
	return V4_HEADER;
}

static size_t put_v6(uint8_t *ip, const struct pcp_endpoint *from, const struct pcp_endpoint *to,
		     size_t payload)
{
	memset(ip, 0, V6_HEADER);
	ip[0] = 0x60;
	put16(ip + 4, payload);
	ip[6] = IPPROTO_UDP;
	ip[7] = HOPS;
	memcpy(ip + 8, from->addr, PCP_ADDR_LEN);
	memcpy(ip + 24, to->addr, PCP_ADDR_LEN);
	return V6_HEADER;
}

/* RFC 768, RFC 8200 8.1. The addresses stand right before the UDP header in both versions. */
static void put_udp(uint8_t *udp, size_t addresses, uint16_t from, uint16_t to, size_t len)
{
	uint32_t sum = IPPROTO_UDP + (uint32_t)(UDP_HEADER + len);
	uint16_t checksum;

	put16(udp, from);
	put16(udp + 2, to);
	put16(udp + 4, UDP_HEADER + len);
	put16(udp + 6, 0);
	sum = add_words(sum, udp - addresses, addresses);
	checksum = fold(add_words(sum, udp, UDP_HEADER + len));
	put16(udp + 6, checksum ? checksum : 0xffff);
}

/* Into writer->buf; the record's length. */
static size_t put_record(struct capture_writer *writer, usec wall, const struct pcp_endpoint *from,
			 const struct pcp_endpoint *to, const uint8_t *octets, size_t len,
			 size_t whole)
{
	bool v4 = pcp_addr_is_v4(from->addr) || pcp_addr_is_v4(to->addr);
	uint8_t *ip = writer->buf + sizeof(struct record);
	size_t most = CAPTURE_SNAPLEN - V6_HEADER - UDP_HEADER - (v4 ? V4_HEADER : 0), at;
	uint8_t *udp;
	struct record record;

	whole = whole < most ? whole : most; /* no socket brings more */
	len = len < whole ? len : whole;
	at = v4 ? put_v4(writer, ip, from, to, UDP_HEADER + whole)
		: put_v6(ip, from, to, UDP_HEADER + whole);
	udp = ip + at;
	if (len)
		memcpy(udp + UDP_HEADER, octets, len);
	put_udp(udp, v4 ? 8 : 2 * PCP_ADDR_LEN, from->port, to->port, len);
	if (len < whole) { /* what the sum was of is not all there: none is told */
		put16(udp + 4, UDP_HEADER + whole);
		put16(udp + 6, 0);
	}
	record.seconds = (uint32_t)(wall / USEC_PER_SEC);
	record.useconds = (uint32_t)(wall % USEC_PER_SEC);
	record.kept = (uint32_t)(at + UDP_HEADER + len);
	record.len = (uint32_t)(at + UDP_HEADER + whole);
	memcpy(writer->buf, &record, sizeof record);
	return sizeof record + record.kept;
}

/* ---- the file ---- */

static void close_pipe(struct capture_writer *writer)
{
	int error = errno;

	outlet_end(&writer->pipe);
	errno = error;
}

/* A reader that is gone gets nothing more; the next one begins with the file's header. */
static bool append_to_pipe(struct capture_writer *writer, const void *octets, size_t len)
{
	bool done = outlet_put(&writer->pipe, octets, len);

	if (writer->pipe.error)
		close_pipe(writer);
	return done;
}

/* All or nothing: what a full disk took of a record is cut off again. */
static bool append(struct capture_writer *writer, const void *octets, size_t len)
{
	if (writer->pipe.fd >= 0)
		return append_to_pipe(writer, octets, len);
	ssize_t wrote = write(writer->fd, octets, len);
	int error = wrote < 0 ? errno : ENOSPC;

	if (wrote == (ssize_t)len) {
		writer->size += len;
		return true;
	}
	if (wrote > 0 && ftruncate(writer->fd, (off_t)writer->size) < 0)
		error = errno;
	errno = error;
	return false;
}

static bool put_file_header(struct capture_writer *writer)
{
	return append(writer, &capture_header, sizeof capture_header);
}

/* The end of the last whole record: what a crash left behind it is cut off. */
static uint64_t whole_records(int fd, uint64_t size)
{
	uint64_t at = sizeof capture_header;
	struct record record;

	while (pread(fd, &record, sizeof record, (off_t)at) == (ssize_t)sizeof record &&
	       record.kept <= CAPTURE_SNAPLEN && at + sizeof record + record.kept <= size)
		at += sizeof record + record.kept;
	return at;
}

/* Goes on with a file of ours, begins an empty one. False with errno; EEXIST: it is another's. */
static bool begin(struct capture_writer *writer)
{
	struct stat stat;

	if (fstat(writer->fd, &stat) < 0)
		return false;
	writer->size = 0;
	if (stat.st_size == 0)
		return put_file_header(writer);
	if (!capture_has_our_header(writer->fd)) {
		errno = EEXIST;
		return false;
	}
	writer->size = whole_records(writer->fd, (uint64_t)stat.st_size);
	return writer->size == (uint64_t)stat.st_size ||
	       ftruncate(writer->fd, (off_t)writer->size) == 0;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Nobody holds a saved session's lock for longer than it takes to look (capture_files), but a named
 * file may be another session's. Where there are no locks, we go on without. */
static bool lock(struct capture_writer *writer)
{
	int how = *writer->dir ? LOCK_EX : LOCK_EX | LOCK_NB;

	return flock(writer->fd, how) == 0 || errno != EWOULDBLOCK;
}

static bool is_pipe(const struct capture_writer *writer)
{
	struct stat stat_;

	return !*writer->dir && stat(writer->path, &stat_) == 0 && !S_ISREG(stat_.st_mode) &&
	       !S_ISDIR(stat_.st_mode);
}

static bool open_pipe(struct capture_writer *writer)
{
	return outlet_open(&writer->pipe, writer->path, PIPE_KEPT) && put_file_header(writer);
}

static bool open_path(struct capture_writer *writer, int flags)
{
	int error;

	if (is_pipe(writer))
		return open_pipe(writer);
	flags |= *writer->dir ? O_NOFOLLOW : 0;
	writer->fd = open(writer->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | flags, 0600);
	if (writer->fd >= 0 && lock(writer) && begin(writer))
		return true;
	error = errno;
	close_fd(&writer->fd);
	errno = error;
	return false;
}

static const char *error_text(int error)
{
	switch (error) {
	case EEXIST:
		return "it is there already and is no capture of pcpscope's; it is left as it is";
	case EWOULDBLOCK:
		return "another pcpscope is writing it";
	case ENXIO:
		return "nobody reads it";
	case EPIPE:
		return "whoever read it is gone";
	default:
		return strerror(error);
	}
}

/* ---- sessions ---- */

/* Made anew: whatever has that name already, a link to elsewhere too, is left alone, and the next
 * datagram tries the name of its own second. */
static bool open_session(struct capture_writer *writer, usec wall)
{
	char name[64];
	int error;

	if (!capture_make_dir(writer->dir, &writer->distrust))
		return false;
	capture_make_room(writer->dir, &writer->limits);
	capture_file_name(wall, writer->lab, name, sizeof name);
	snprintf(writer->path, sizeof writer->path, "%s/%s", writer->dir, name);
	if (open_path(writer, O_EXCL))
		return true;
	error = errno;
	if (error != EEXIST)
		unlink(writer->path); /* empty: there was no room for its header */
	writer->path[0] = '\0';
	errno = error;
	return false;
}

/* The segment is full: it stays as the old one, and the old one before it goes. */
static bool next_segment(struct capture_writer *writer)
{
	snprintf(writer->old_path, sizeof writer->old_path, "%.*s.old.pcap",
		 (int)(strlen(writer->path) - strlen(".pcap")), writer->path);
	if (rename(writer->path, writer->old_path) < 0)
		return false;
	close_fd(&writer->old_fd);
	writer->old_fd = writer->fd;
	writer->fd = -1;
	capture_make_room(writer->dir, &writer->limits);
	return open_path(writer, 0);
}

static bool ready(struct capture_writer *writer, usec wall)
{
	if (!*writer->dir)
		return writer->fd >= 0 || writer->pipe.fd >= 0 || open_path(writer, 0);
	if (writer->fd < 0)
		return *writer->path ? open_path(writer, 0) : open_session(writer, wall);
	return writer->size < writer->limits.segment || next_segment(writer);
}

/* ---- the interface ---- */

static struct capture_writer *new_writer(void)
{
	struct capture_writer *writer = calloc(1, sizeof *writer);

	if (writer)
		writer->fd = writer->old_fd = writer->pipe.fd = -1;
	return writer;
}

static void tell_trouble(struct capture_writer *writer, const char *what)
{
	snprintf(writer->trouble, sizeof writer->trouble,
		 "%s cannot be written: %s; %llu datagram%s missing in it",
		 *writer->path ? writer->path : writer->dir, what,
		 (unsigned long long)writer->missing, writer->missing == 1 ? " is" : "s are");
}

struct capture_writer *capture_write_file(const char *path, struct pcp_why *why)
{
	struct capture_writer *writer = new_writer();
	int error = ENOMEM;

	if (writer && strlen(path) < sizeof writer->path) {
		strcpy(writer->path, path);
		if (open_path(writer, 0))
			return writer;
		error = errno;
		if (error == ENXIO) { /* a pipe: its reader may come yet */
			tell_trouble(writer, error_text(error));
			return writer;
		}
	} else if (writer) {
		error = ENAMETOOLONG;
	}
	capture_writer_free(writer);
	pcp_refuse(why, 0, "cannot write to %s: %s", pcp_quoted(path).text, error_text(error));
	return NULL;
}

struct capture_writer *capture_write_session(const char *dir, bool lab,
					     const struct capture_limits *limits)
{
	struct capture_writer *writer = new_writer();

	if (!writer)
		return NULL;
	snprintf(writer->dir, sizeof writer->dir, "%s", dir);
	writer->lab = lab;
	writer->limits = limits ? *limits : capture_limits;
	return writer;
}

static bool fail(struct capture_writer *writer)
{
	bool slow = writer->pipe.fd >= 0 && errno == EAGAIN;

	writer->missing++;
	tell_trouble(writer, slow		? "its reader does not keep up"
			     : writer->distrust ? writer->distrust
						: error_text(errno));
	return false;
}

bool capture_write_cut(struct capture_writer *writer, usec wall, const struct pcp_endpoint *from,
		       const struct pcp_endpoint *to, const uint8_t *octets, size_t len,
		       size_t whole)
{
	size_t size;

	if (!ready(writer, wall))
		return fail(writer);
	size = put_record(writer, wall, from, to, octets, len, whole);
	if (!append(writer, writer->buf, size))
		return fail(writer);
	writer->trouble[0] = '\0';
	return true;
}

bool capture_write(struct capture_writer *writer, usec wall, const struct pcp_endpoint *from,
		   const struct pcp_endpoint *to, const uint8_t *octets, size_t len)
{
	return capture_write_cut(writer, wall, from, to, octets, len, len);
}

const char *capture_trouble(const struct capture_writer *writer)
{
	return writer->trouble;
}

uint64_t capture_missing(const struct capture_writer *writer)
{
	return writer->missing;
}

const char *capture_path(const struct capture_writer *writer)
{
	return writer->path;
}

void capture_writer_free(struct capture_writer *writer)
{
	if (!writer)
		return;
	if (writer->pipe.fd >= 0)
		outlet_drain(&writer->pipe, PATIENCE);
	close_pipe(writer);
	close_fd(&writer->fd);
	close_fd(&writer->old_fd);
	free(writer);
}
