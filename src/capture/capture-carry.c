/* Takes what is still needed of a capture into the file that comes after it, in one step. */
#include "capture-carry.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "capture-header.h"

enum { WINDOW = 2 * CAPTURE_SNAPLEN, PATH_ROOM = CAPTURE_PATH_MAX + 128 };

static const char SUFFIX[] = ".new";

struct capture_carrier {
	int from, to;
	char path[PATH_ROOM];			  /* of the file that it replaces */
	char own_path[PATH_ROOM + sizeof SUFFIX]; /* until then */
	uint64_t size;				  /* of the new file, with what is in out[] */
	struct {				  /* what was read of the old one last */
		uint64_t at;
		size_t len;
		uint8_t octets[WINDOW];
	} in;
	struct { /* what is to be written next */
		size_t len;
		uint8_t octets[WINDOW];
	} out;
};

static bool write_all(struct capture_carrier *carrier, const uint8_t *octets, size_t len)
{
	while (len) {
		ssize_t wrote = write(carrier->to, octets, len);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0) {
			errno = wrote < 0 ? errno : ENOSPC;
			return false;
		}
		octets += wrote;
		len -= (size_t)wrote;
	}
	return true;
}

bool carrier_flush(struct capture_carrier *carrier)
{
	size_t len = carrier->out.len;

	carrier->out.len = 0;
	return write_all(carrier, carrier->out.octets, len);
}

static bool append(struct capture_carrier *carrier, const void *octets, size_t len)
{
	if (carrier->out.len + len > WINDOW && !carrier_flush(carrier))
		return false;
	memcpy(carrier->out.octets + carrier->out.len, octets, len);
	carrier->out.len += len;
	carrier->size += len;
	return true;
}

struct capture_carrier *carrier_begin(int old_fd, const char *path)
{
	struct capture_carrier *carrier = malloc(sizeof *carrier);
	int error;

	if (!carrier) {
		errno = ENOMEM;
		return NULL;
	}
	carrier->from = old_fd;
	carrier->size = carrier->in.at = carrier->in.len = carrier->out.len = 0;
	snprintf(carrier->path, sizeof carrier->path, "%s", path);
	snprintf(carrier->own_path, sizeof carrier->own_path, "%s%s", carrier->path, SUFFIX);
	carrier->to = open(carrier->own_path,
			   O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
	/* The header at once: what has none is not ours to sweep away. */
	if (carrier->to >= 0 &&
	    (flock(carrier->to, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) &&
	    append(carrier, &capture_header, sizeof capture_header) && carrier_flush(carrier))
		return carrier;
	error = errno;
	if (carrier->to < 0)
		free(carrier);
	else
		carrier_drop(carrier);
	errno = error;
	return NULL;
}

/* `len` octets of the old file at `at`; NULL where it has not as many. */
static const uint8_t *look(struct capture_carrier *carrier, uint64_t at, size_t len)
{
	ssize_t got;

	if (at >= carrier->in.at && at + len <= carrier->in.at + carrier->in.len)
		return carrier->in.octets + (at - carrier->in.at);
	got = pread(carrier->from, carrier->in.octets, WINDOW, (off_t)at);
	carrier->in.at = at;
	carrier->in.len = got > 0 ? (size_t)got : 0;
	return carrier->in.len >= len ? carrier->in.octets : NULL;
}

uint64_t capture_carry(struct capture_carrier *carrier, uint64_t offset)
{
	struct capture_record record;
	const uint8_t *octets = look(carrier, offset, sizeof record);
	uint64_t at = carrier->size;

	if (!octets)
		return 0;
	memcpy(&record, octets, sizeof record);
	if (record.kept > CAPTURE_SNAPLEN)
		return 0;
	octets = look(carrier, offset, sizeof record + record.kept);
	return octets && append(carrier, octets, sizeof record + record.kept) ? at : 0;
}

uint64_t carrier_size(const struct capture_carrier *carrier)
{
	return carrier->size;
}

int carrier_place(struct capture_carrier *carrier)
{
	int fd = carrier->to;

	if (rename(carrier->own_path, carrier->path) < 0) {
		int error = errno;

		carrier_drop(carrier);
		errno = error;
		return -1;
	}
	free(carrier);
	return fd;
}

void carrier_drop(struct capture_carrier *carrier)
{
	unlink(carrier->own_path);
	close(carrier->to);
	free(carrier);
}

static bool is_carrier(const char *name)
{
	static const char before[] = ".pcap.new", session[] = "session-";
	size_t len = strlen(name);

	return !strncmp(name, session, sizeof session - 1) && len >= sizeof before &&
	       !strcmp(name + len - (sizeof before - 1), before);
}

/* Whoever still writes one holds its lock. */
static void sweep(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0 && capture_has_our_header(fd))
		unlinkat(dir, name, 0);
	close(fd);
}

void carrier_sweep(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (is_carrier(entry->d_name))
			sweep(dirfd(dir), entry->d_name);
	if (dir)
		closedir(dir);
}
