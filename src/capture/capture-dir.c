/* Where sessions are saved. Names sort by time; a session that lives holds a lock on its files. */
#include "capture-carry.h"
#include "capture-header.h"
#include "folders.h"
#include "text.h"
#include "words.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MIB ((uint64_t)1 << 20)

const struct capture_limits capture_limits = { .segment = 32 * MIB,
					       .total = 256 * MIB,
					       .files = 1000 };

bool capture_state_dir(char *buf, size_t cap, struct pcp_why *why)
{
	static const char own[] = "/pcpscope";
	const char *none;
	size_t len;

	if (!folders_state(buf, cap, &none))
		return pcp_refuse(why, 0, "the session is not saved: %s", none);
	len = strlen(buf);
	if (len + sizeof own <= cap && len + sizeof own <= CAPTURE_PATH_MAX) {
		memcpy(buf + len, own, sizeof own);
		return true;
	}
	return pcp_refuse(why, 0, "the session is not saved: the name of its folder is too long");
}

/* A directory above it that cannot be made, or not be looked at, need not matter. */
static bool is_there(const char *dir, int error)
{
	if (access(dir, W_OK) == 0)
		return true;
	errno = error;
	return false;
}

static bool make_dir(const char *dir)
{
	char part[CAPTURE_PATH_MAX];
	size_t len = strlen(dir);

	if (len >= sizeof part) {
		errno = ENAMETOOLONG;
		return false;
	}
	for (size_t i = 1; i <= len; i++) {
		if (dir[i] != '/' && dir[i] != '\0')
			continue;
		memcpy(part, dir, i);
		part[i] = '\0';
		if (mkdir(part, 0700) < 0 && errno != EEXIST && errno != EISDIR)
			return is_there(dir, errno);
	}
	return true;
}

/* Why what others could have put there, or could put, is not believed: it may hold nonces that are
 * theirs, or have them read ours. NULL: it is believed. */
static const char *distrust(const struct stat *stat)
{
	if (stat->st_uid != geteuid())
		return "it belongs to another user";
	if (stat->st_mode & (S_IWGRP | S_IWOTH))
		return "others have permission to write to it (chmod go-w)";
	return NULL;
}

bool capture_make_dir(const char *dir, const char **why)
{
	struct stat at;

	*why = NULL;
	if (!make_dir(dir) || stat(dir, &at) < 0)
		return false;
	*why = distrust(&at);
	return !*why;
}

/* ---- names: session-20261123T054022Z-PID[-lab][.old].pcap ---- */

static const char PREFIX[] = "session-", SUFFIX[] = ".pcap", LAB[] = "-lab", OLD[] = ".old";

void capture_file_name(usec wall, bool lab, char *buf, size_t cap)
{
	time_t seconds = (time_t)(wall / USEC_PER_SEC);
	struct tm tm;
	char stamp[32];

	gmtime_r(&seconds, &tm);
	strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &tm);
	snprintf(buf, cap, "%s%s-%ld%s%s", PREFIX, stamp, (long)getpid(), lab ? LAB : "", SUFFIX);
}

/* Days from 1970 to the start of a month of the proleptic Gregorian calendar. */
static int64_t days_to(int year, int month)
{
	int64_t y = month <= 2 ? year - 1 : year, m = month <= 2 ? month + 9 : month - 3;

	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 - 719468;
}

static bool read_name(const char *name, struct capture_file *file)
{
	int year, month, day, hour, minute, second, end = 0;
	long pid;
	const char *rest;

	if (strlen(name) >= sizeof file->name || strncmp(name, PREFIX, sizeof PREFIX - 1) ||
	    sscanf(name + sizeof PREFIX - 1, "%4d%2d%2dT%2d%2d%2dZ-%ld%n", &year, &month, &day,
		   &hour, &minute, &second, &pid, &end) != 7)
		return false;
	rest = name + sizeof PREFIX - 1 + end;
	*file = (struct capture_file){ .lab = !strncmp(rest, LAB, sizeof LAB - 1) };
	rest += file->lab ? sizeof LAB - 1 : 0;
	rest += !strncmp(rest, OLD, sizeof OLD - 1) ? sizeof OLD - 1 : 0;
	if (strcmp(rest, SUFFIX))
		return false;
	strcpy(file->name, name);
	file->from =
		((days_to(year, month) + day - 1) * 86400 + hour * 3600 + minute * 60 + second) *
		USEC_PER_SEC;
	return true;
}

/* ---- what is there ---- */

/* False: it is none, or is not believed, and then *why says so. */
static bool look_at(int dir, struct capture_file *file, const char **why)
{
	int fd = openat(dir, file->name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	struct stat stat;

	if (fd < 0)
		return false;
	if (fstat(fd, &stat) < 0 || !S_ISREG(stat.st_mode) || (*why = distrust(&stat)) ||
	    !capture_has_our_header(fd)) {
		close(fd);
		return false;
	}
	file->octets = (uint64_t)stat.st_size;
	file->changed = (usec)stat.st_mtime * USEC_PER_SEC;
	file->live = flock(fd, LOCK_SH | LOCK_NB) < 0;
	close(fd);
	return true;
}

static int by_time(const void *a, const void *b)
{
	const struct capture_file *x = a, *y = b;

	/* ".old.pcap" comes before ".pcap" by itself. */
	return x->from != y->from ? (x->from > y->from) - (x->from < y->from)
				  : strcmp(x->name, y->name);
}

static struct capture_file *room_for(struct capture_file *list, size_t count)
{
	struct capture_file *grown = list;

	if (count == 0 || (count >= 16 && (count & (count - 1)) == 0))
		grown = realloc(list, (count ? 2 * count : 16) * sizeof *list);
	return grown;
}

/* Told of the first alone: one is enough to go and look. */
static void tell_distrust(struct pcp_why *why, const char *path, const char *name,
			  const char *distrusted)
{
	if (distrusted && !*why->text)
		pcp_refuse(why, 0, "what %s%s%s holds is not believed: %s", pcp_quoted(path).text,
			   *name ? "/" : "", name, distrusted);
}

static bool is_believed(DIR *dir, const char *path, struct pcp_why *why)
{
	struct stat at;

	if (fstat(dirfd(dir), &at) < 0)
		return false;
	tell_distrust(why, path, "", distrust(&at));
	return !*why->text;
}

struct capture_file *capture_files(const char *path, size_t *count, struct pcp_why *why)
{
	struct capture_file *list = NULL, *grown;
	DIR *dir = opendir(path);
	struct dirent *entry;

	*count = 0;
	why->text[0] = '\0';
	if (dir && !is_believed(dir, path, why)) {
		closedir(dir);
		return NULL;
	}
	while (dir && (entry = readdir(dir))) {
		struct capture_file file;
		const char *distrusted = NULL;

		if (!read_name(entry->d_name, &file))
			continue;
		if (!look_at(dirfd(dir), &file, &distrusted)) {
			tell_distrust(why, path, file.name, distrusted);
			continue;
		}
		grown = room_for(list, *count);
		if (!grown)
			break;
		list = grown;
		list[(*count)++] = file;
	}
	if (dir)
		closedir(dir);
	if (list)
		qsort(list, *count, sizeof *list, by_time);
	return list;
}

/* ---- what is too much ---- */

/* Its age stays that of what it tells of. */
static bool replace(struct capture_carrier *carrier, const struct stat *before)
{
	const struct timespec times[2] = { { .tv_nsec = UTIME_OMIT },
					   { .tv_sec = before->st_mtime } };
	int fd = carrier_place(carrier);

	if (fd < 0)
		return false;
	(void)futimens(fd, times);
	close(fd);
	return true;
}

/* Leaves of a file what the keeper needs. False: it could not be told, or is all of it. */
static bool shrink(int fd, const char *path, const struct capture_file *file,
		   const struct capture_keeper *keeper, uint64_t *left)
{
	struct capture_carrier *carrier = carrier_begin(fd, path);
	struct stat before;
	bool told;

	if (!carrier)
		return false;
	told = fstat(fd, &before) == 0 && keeper->ended(keeper->arg, path, file->lab, carrier) &&
	       carrier_flush(carrier);
	*left = carrier_size(carrier);
	if (told && *left > sizeof capture_header && *left < file->octets)
		return replace(carrier, &before);
	carrier_drop(carrier);
	return told && *left == sizeof capture_header && unlink(path) == 0;
}

/* How many octets an ended session's file gives up; the session that takes it up meanwhile holds
 * its lock. */
static uint64_t give_way(const char *path, const struct capture_file *file,
			 const struct capture_keeper *keeper)
{
	uint64_t left = 0;
	bool done;
	int fd;

	if (!keeper || !keeper->ended)
		return unlink(path) == 0 ? file->octets : 0;
	fd = open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return 0;
	done = shrink(fd, path, file, keeper, &left);
	close(fd);
	return done ? file->octets - (left > sizeof capture_header ? left : 0) : 0;
}

void capture_make_room(const char *dir, const struct capture_limits *limits,
		       const struct capture_keeper *keeper)
{
	char path[CAPTURE_PATH_MAX + 128];
	size_t count, left;
	struct pcp_why why; /* it stays, and whoever resumes is told */
	struct capture_file *file = capture_files(dir, &count, &why);
	uint64_t octets = 0, given;

	for (size_t i = 0; i < count; i++)
		octets += file[i].octets;
	left = count;
	/* Room for the file to come, at its longest. */
	for (size_t i = 0; i < count; i++) {
		if (left < limits->files && octets + limits->segment <= limits->total)
			break;
		if (file[i].live)
			continue;
		snprintf(path, sizeof path, "%s/%s", dir, file[i].name);
		given = give_way(path, &file[i], keeper);
		octets -= given;
		left -= given == file[i].octets;
	}
	free(file);
}
