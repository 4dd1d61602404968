/* One write() a datagram: a session that is killed loses none that it had shown. */
#include "capture-carry.h"
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
	PATIENCE = 1000,     /* milliseconds for a reader, when the session ends */
	PIPE_KEPT = 1 << 20, /* octets for a reader that is slow */
};

struct capture_writer {
	char dir[CAPTURE_PATH_MAX]; /* of saved sessions; "" for a file that was named */
	char path[CAPTURE_PATH_MAX + 128];
	bool lab;
	struct capture_limits limits;
	struct capture_keeper keeper;
	uint64_t full_at;   /* octets at which the next segment begins */
	int fd, old_fd;	    /* -1: none; open for their locks, which say that the session lives */
	struct outlet pipe; /* in place of fd where the named file is none that can be cut */
	uint64_t size;	    /* octets of whole records */
	uint64_t last;	    /* where the last of them begins; 0: nowhere */
	uint64_t missing;
	const char *distrust; /* why its directory is not written to; NULL */
	uint16_t id;	      /* of the IPv4 header */
	char trouble[CAPTURE_PATH_MAX + CAPTURE_TEXT];
	uint8_t buf[sizeof(struct capture_record) + CAPTURE_SNAPLEN];
};

/* ---- the file ---- */

static void close_pipe(struct capture_writer *writer)
{
	int error = errno;

	outlet_end(&writer->pipe);
	errno = error;
}

/* A reader that is gone gets nothing more, and what was on its way to it is missing; the next one
 * begins with the file's header. */
static bool append_to_pipe(struct capture_writer *writer, const void *octets, size_t len)
{
	bool done = outlet_put(&writer->pipe, octets, len);

	if (writer->pipe.error) {
		writer->missing += outlet_pieces(&writer->pipe);
		close_pipe(writer);
	}
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
	struct capture_record record;

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
	if (stat.st_size > 0 && !capture_has_our_header(writer->fd)) {
		errno = EEXIST;
		return false;
	}
	/* Nonces are keys: also of a file that was there, nobody else is to read it. Some file
	 * systems have no modes; another's file is not for nonces. */
	if ((stat.st_mode & 077) && fchmod(writer->fd, 0600) < 0 && stat.st_uid != geteuid())
		return false;
	if (stat.st_size == 0)
		return put_file_header(writer);
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
	carrier_sweep(writer->dir);
	capture_make_room(writer->dir, &writer->limits, &writer->keeper);
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

static bool is_carried(const struct capture_writer *writer, struct capture_carrier *carrier)
{
	return (!writer->keeper.full || writer->keeper.full(writer->keeper.arg, carrier)) &&
	       carrier_flush(carrier);
}

/* The present segment takes the old one's name, and the new one takes its own: each in one step,
 * and each has all that is needed of what was before it. */
static bool change_names(struct capture_writer *writer, struct capture_carrier *carrier)
{
	char old_path[sizeof writer->path + 8];
	int fd;

	snprintf(old_path, sizeof old_path, "%.*s.old.pcap",
		 (int)(strlen(writer->path) - strlen(".pcap")), writer->path);
	if (rename(writer->path, old_path) < 0) {
		carrier_drop(carrier);
		return false;
	}
	fd = carrier_place(carrier);
	if (fd < 0) {
		(void)rename(old_path, writer->path);
		return false;
	}
	close_fd(&writer->old_fd);
	writer->old_fd = writer->fd;
	writer->fd = fd;
	return true;
}

/* A quarter of what it began with at least, so that a large table is not written anew all the time.
 */
static void set_full(struct capture_writer *writer)
{
	uint64_t segment = writer->limits.segment, quarter = writer->size / 4;

	writer->full_at = writer->size + (quarter > segment ? quarter : segment);
}

static bool ready(struct capture_writer *writer, usec wall)
{
	if (!*writer->dir)
		return writer->fd >= 0 || writer->pipe.fd >= 0 || open_path(writer, 0);
	if (writer->fd < 0)
		return *writer->path ? open_path(writer, 0) : open_session(writer, wall);
	return true;
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
					     const struct capture_limits *limits,
					     const struct capture_keeper *keeper)
{
	struct capture_writer *writer = new_writer();

	if (!writer)
		return NULL;
	snprintf(writer->dir, sizeof writer->dir, "%s", dir);
	writer->lab = lab;
	writer->limits = limits ? *limits : capture_limits;
	writer->full_at = writer->limits.segment;
	writer->keeper = keeper ? *keeper : (struct capture_keeper){ 0 };
	return writer;
}

static bool fail(struct capture_writer *writer)
{
	bool slow = writer->pipe.fd >= 0 && errno == EAGAIN;

	writer->last = 0;
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
	size = capture_put_record(writer->buf, ++writer->id, wall, from, to, octets, len, whole);
	writer->last = writer->size;
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

bool capture_is_full(const struct capture_writer *writer)
{
	return *writer->dir && writer->fd >= 0 && writer->size >= writer->full_at;
}

/* Where it cannot be, the segment grows: nothing is given up. */
void capture_turn(struct capture_writer *writer)
{
	struct capture_carrier *carrier;
	uint64_t size = 0;
	bool done = false;

	if (!capture_is_full(writer))
		return;
	capture_make_room(writer->dir, &writer->limits, &writer->keeper);
	carrier = carrier_begin(writer->fd, writer->path);
	if (carrier && is_carried(writer, carrier)) {
		size = carrier_size(carrier);
		done = change_names(writer, carrier);
	} else if (carrier) {
		carrier_drop(carrier);
	}
	if (done)
		writer->size = size;
	if (done && writer->keeper.turned)
		writer->keeper.turned(writer->keeper.arg);
	set_full(writer);
}

const char *capture_trouble(const struct capture_writer *writer)
{
	return writer->trouble;
}

uint64_t capture_missing(const struct capture_writer *writer)
{
	return writer->missing;
}

uint64_t capture_last(const struct capture_writer *writer)
{
	return writer->last;
}

const char *capture_path(const struct capture_writer *writer)
{
	return writer->path;
}

void capture_finish(struct capture_writer *writer)
{
	size_t lost;

	if (writer->pipe.fd < 0)
		return;
	outlet_drain(&writer->pipe, PATIENCE);
	lost = outlet_pieces(&writer->pipe);
	writer->missing += lost;
	if (lost)
		tell_trouble(writer, writer->pipe.error ? error_text(writer->pipe.error)
							: "its reader does not keep up");
	close_pipe(writer);
}

void capture_writer_free(struct capture_writer *writer)
{
	if (!writer)
		return;
	capture_finish(writer);
	close_fd(&writer->fd);
	close_fd(&writer->old_fd);
	free(writer);
}
