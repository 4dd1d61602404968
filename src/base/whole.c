/* Files that are replaced as a whole, so that no reader sees half of one: written beside, and then
 * renamed. */
#include "whole.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "words.h"

static bool fail(struct pcp_why *why, const char *path)
{
	return pcp_refuse(why, 0, "cannot write '%s': %s", pcp_quoted(path).text, strerror(errno));
}

/* The file itself, where the path names a link to one. */
static void behind_links(const char *path, char real[PATH_MAX])
{
	char *found = realpath(path, NULL);

	snprintf(real, PATH_MAX, "%s", found ? found : path);
	free(found);
}

static bool write_all(int fd, const char *octets, size_t len)
{
	while (len) {
		ssize_t n = write(fd, octets, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		octets += n;
		len -= (size_t)n;
	}
	return true;
}

/* What stands there and is no file, a pipe or a device, cannot be replaced without harm. */
static bool is_replaceable(const char *real, unsigned *mode)
{
	struct stat there;

	if (lstat(real, &there) < 0)
		return errno == ENOENT && *real;
	*mode = there.st_mode & 0777;
	errno = S_ISDIR(there.st_mode) ? EISDIR : EINVAL;
	return S_ISREG(there.st_mode);
}

static int open_beside(const char *real, char beside[PATH_MAX], unsigned mode)
{
	int fd;

	if (snprintf(beside, PATH_MAX, "%s.XXXXXX", real) >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkstemp(beside);
	if (fd >= 0) {
		fcntl(fd, F_SETFD, FD_CLOEXEC);
		(void)fchmod(fd, (mode_t)mode);
	}
	return fd;
}

bool whole_write(const char *path, const void *octets, size_t len, unsigned mode,
		 struct pcp_why *why)
{
	char real[PATH_MAX], beside[PATH_MAX];
	int fd, error;
	bool done;

	behind_links(path, real);
	if (!is_replaceable(real, &mode) || (fd = open_beside(real, beside, mode)) < 0)
		return fail(why, path);
	done = write_all(fd, octets, len);
	error = errno;
	if (close(fd) < 0 && done) {
		done = false;
		error = errno;
	}
	if (done && rename(beside, real) == 0)
		return true;
	errno = done ? errno : error;
	fail(why, path);
	unlink(beside);
	return false;
}

bool whole_possible(const char *path, struct pcp_why *why)
{
	char real[PATH_MAX], beside[PATH_MAX];
	unsigned mode = 0600;
	int fd;

	behind_links(path, real);
	if (!is_replaceable(real, &mode) || (fd = open_beside(real, beside, mode)) < 0)
		return fail(why, path);
	close(fd);
	unlink(beside);
	return true;
}

/* ---- what is asked for long before ---- */

struct whole {
	char *path, *folder; /* folder: of the file, behind links; NULL: a pipe or a device */
	FILE *file;
	char *text; /* what waits in memory, unless it is a pipe or a device */
	size_t len;
};

static bool is_stream(const char *path)
{
	struct stat there;

	return stat(path, &there) == 0 && !S_ISREG(there.st_mode) && !S_ISDIR(there.st_mode);
}

/* NULL without memory. */
static char *folder_of(const char *path)
{
	char real[PATH_MAX], *slash;

	behind_links(path, real);
	slash = strrchr(real, '/');
	if (!slash)
		return strdup(".");
	slash[slash == real] = '\0';
	return strdup(real);
}

static bool begin(struct whole *whole, const char *path, struct pcp_why *why)
{
	whole->path = strdup(path);
	if (is_stream(path)) {
		whole->file = fopen(path, "we");
		if (!whole->file)
			return fail(why, path);
	} else {
		if (!whole_possible(path, why))
			return false;
		whole->folder = folder_of(path);
		whole->file = open_memstream(&whole->text, &whole->len);
		if (!whole->folder || !whole->file)
			return pcp_no_memory(why);
	}
	return whole->path || pcp_no_memory(why);
}

struct whole *whole_begin(const char *path, struct pcp_why *why)
{
	struct whole *whole = calloc(1, sizeof *whole);

	if (!whole)
		pcp_no_memory(why);
	else if (!begin(whole, path, why)) {
		whole_drop(whole);
		return NULL;
	}
	return whole;
}

FILE *whole_file(struct whole *whole)
{
	return whole->file;
}

const char *whole_folder(const struct whole *whole)
{
	return whole->folder;
}

/* As open() makes a new file. */
static unsigned usual_mode(void)
{
	unsigned mask = (unsigned)umask(0);

	umask((mode_t)mask);
	return 0666 & ~mask;
}

bool whole_end(struct whole *whole, struct pcp_why *why)
{
	bool good = !ferror(whole->file);

	good = fclose(whole->file) == 0 && good;
	whole->file = NULL;
	good = good && (whole->text || !whole->folder); /* NULL: closing it took memory, too */
	if (good && whole->folder)
		good = whole_write(whole->path, whole->text, whole->len, usual_mode(), why);
	else if (!good && whole->folder)
		pcp_no_memory(why);
	else if (!good)
		fail(why, whole->path);
	whole_drop(whole);
	return good;
}

void whole_drop(struct whole *whole)
{
	if (!whole)
		return;
	if (whole->file)
		fclose(whole->file);
	free(whole->text);
	free(whole->folder);
	free(whole->path);
	free(whole);
}
