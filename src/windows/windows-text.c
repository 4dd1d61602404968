/* What POSIX's C library has and Windows's has not: words of errors, whole paths, text in memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "windows-private.h"

char *windows_strerror(int error);
int windows_fclose(FILE *file);
int systems_fclose(FILE *file) __asm__("fclose");

char *windows_strerror(int error)
{
	/* As glibc says it. */
	static const struct {
		int error;
		const char *text;
	} words[] = {
		{ EWOULDBLOCK, "Resource temporarily unavailable" },
		{ ENOTSOCK, "Socket operation on non-socket" },
		{ EMSGSIZE, "Message too long" },
		{ EADDRINUSE, "Address already in use" },
		{ EADDRNOTAVAIL, "Cannot assign requested address" },
		{ ENETDOWN, "Network is down" },
		{ ENETUNREACH, "Network is unreachable" },
		{ ECONNABORTED, "Software caused connection abort" },
		{ ECONNRESET, "Connection reset by peer" },
		{ ENOBUFS, "No buffer space available" },
		{ EISCONN, "Transport endpoint is already connected" },
		{ ENOTCONN, "Transport endpoint is not connected" },
		{ ETIMEDOUT, "Connection timed out" },
		{ ECONNREFUSED, "Connection refused" },
		{ EHOSTUNREACH, "No route to host" },
		{ EAFNOSUPPORT, "Address family not supported by protocol" },
		{ EOPNOTSUPP, "Operation not supported" },
		{ EINPROGRESS, "Operation now in progress" },
		{ ENOSYS, "Windows has no way to do this" },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (words[i].error == error)
			return (char *)(uintptr_t)words[i].text;
	return error >= 0 && error < _sys_nerr ? _sys_errlist[error]
					       : (char *)(uintptr_t) "Unknown error";
}

char *realpath(const char *path, char *real)
{
	return _fullpath(real, path, WINDOWS_PATH);
}

/* The name ends with six X, which become what no file is called. */
int mkstemp(char *path)
{
	size_t len = strlen(path);
	int fd = -1;

	for (unsigned try = 0; try < 1000 && fd < 0; try++) {
		unsigned value;

		if (rand_s(&value))
			break;
		snprintf(path + len - 6, 7, "%06x", value & 0xffffff);
		fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	return fd;
}

/* ---- text in memory: a file that takes itself away, read when it is closed ---- */

enum { STREAMS = 8 };
static struct {
	FILE *file; /* NULL: a free place */
	char **text;
	size_t *len;
} streams[STREAMS];

FILE *open_memstream(char **text, size_t *len)
{
	for (int i = 0; i < STREAMS; i++)
		if (!streams[i].file) {
			streams[i].text = text;
			streams[i].len = len;
			return streams[i].file = tmpfile();
		}
	errno = EMFILE;
	return NULL;
}

static bool take_text(FILE *file, char **text, size_t *len)
{
	long end = fflush(file) == 0 && fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;

	*text = end < 0 ? NULL : malloc((size_t)end + 1);
	if (!*text)
		return false;
	rewind(file);
	*len = fread(*text, 1, (size_t)end, file);
	(*text)[*len] = '\0';
	return *len == (size_t)end;
}

int windows_fclose(FILE *file)
{
	bool done = true;

	for (int i = 0; i < STREAMS; i++)
		if (file && streams[i].file == file) {
			done = take_text(file, streams[i].text, streams[i].len);
			streams[i].file = NULL;
		}
	return systems_fclose(file) == 0 && done ? 0 : EOF;
}
