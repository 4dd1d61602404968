/* Files by descriptor: opened so that others may rename and remove them, read and locked as POSIX
 * does. */
#include <winsock2.h>

#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "windows-private.h"

static int system_failed(void)
{
	switch (GetLastError()) {
	case ERROR_FILE_NOT_FOUND:
	case ERROR_PATH_NOT_FOUND:
	case ERROR_INVALID_NAME:
		errno = ENOENT;
		break;
	case ERROR_FILE_EXISTS:
	case ERROR_ALREADY_EXISTS:
		errno = EEXIST;
		break;
	case ERROR_ACCESS_DENIED:
	case ERROR_SHARING_VIOLATION:
		errno = EACCES;
		break;
	case ERROR_LOCK_VIOLATION:
	case ERROR_IO_PENDING:
		errno = EWOULDBLOCK;
		break;
	case ERROR_DISK_FULL:
		errno = ENOSPC;
		break;
	default:
		errno = EIO;
	}
	return -1;
}

/* ---- opening ---- */

static const char *named(const char *path)
{
	if (!strcmp(path, "/dev/null"))
		return "NUL";
	return strcmp(path, "/dev/tty") ? path : "CONIN$";
}

static DWORD rights_of(int flags)
{
	switch (flags & (O_RDONLY | O_WRONLY | O_RDWR)) {
	case O_RDONLY:
		return GENERIC_READ;
	case O_WRONLY:
		return GENERIC_WRITE;
	default:
		return GENERIC_READ | GENERIC_WRITE;
	}
}

static DWORD manner_of(int flags)
{
	if (flags & O_CREAT)
		return flags & O_EXCL ? CREATE_NEW : flags & O_TRUNC ? CREATE_ALWAYS : OPEN_ALWAYS;
	return flags & O_TRUNC ? TRUNCATE_EXISTING : OPEN_EXISTING;
}

static bool is_folder(const char *path)
{
	DWORD attributes = GetFileAttributesA(path);

	return attributes != INVALID_FILE_ATTRIBUTES && attributes & FILE_ATTRIBUTE_DIRECTORY;
}

static int open_named(const char *path, int flags)
{
	HANDLE file;
	int fd;

	if (is_folder(path)) {
		errno = EISDIR;
		return -1;
	}
	file = CreateFileA(path, rights_of(flags),
			   FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
			   manner_of(flags), FILE_ATTRIBUTE_NORMAL, NULL);
	if (file == INVALID_HANDLE_VALUE)
		return system_failed();
	fd = _open_osfhandle((intptr_t)file,
			     (flags & (O_RDONLY | O_WRONLY | O_RDWR | O_APPEND)) | O_BINARY);
	if (fd < 0)
		CloseHandle(file);
	return fd;
}

int open(const char *path, int flags, ...)
{
	return open_named(named(path), flags);
}

int openat(int folder, const char *name, int flags, ...)
{
	const struct windows_place *place = windows_place(folder);
	char path[WINDOWS_PATH];

	if (!place || !place->folder)
		return -1;
	snprintf(path, sizeof path, "%s/%s", place->folder, name);
	return open_named(path, flags);
}

int close(int fd)
{
	struct windows_place *place;

	if (fd < WINDOWS_FIRST) {
		windows_input_end(fd);
		return _close(fd);
	}
	place = windows_place(fd);
	if (!place)
		return -1;
	if (!place->folder)
		closesocket(place->socket);
	windows_take(fd);
	return 0;
}

/* ---- fcntl() ---- */

static int set_waiting(int fd, int flags)
{
	struct windows_place *place = windows_place(fd);
	u_long on = (flags & O_NONBLOCK) != 0;

	if (!place) /* of files and of standard input nobody knows another way */
		return fd < WINDOWS_FIRST ? 0 : -1;
	place->waits = !on;
	return ioctlsocket(place->socket, (long)FIONBIO, &on) == SOCKET_ERROR ? windows_failed()
									      : 0;
}

static int status_of(int fd)
{
	const struct windows_place *place = fd < WINDOWS_FIRST ? NULL : windows_place(fd);

	if (!place)
		return fd < WINDOWS_FIRST ? O_RDWR : -1;
	return O_RDWR | (place->waits ? 0 : O_NONBLOCK);
}

/* The lowest free one that is not below `least`. */
static int another(int fd, int least)
{
	int copy = _dup(fd), next;

	if (copy < 0 || copy >= least)
		return copy;
	next = another(fd, least);
	_close(copy);
	return next;
}

int fcntl(int fd, int what, ...)
{
	va_list ap;
	int value;

	va_start(ap, what);
	value = what == F_GETFL || what == F_GETFD ? 0 : va_arg(ap, int);
	va_end(ap);
	switch (what) {
	case F_DUPFD_CLOEXEC:
		return another(fd, value);
	case F_SETFL:
		return set_waiting(fd, value);
	case F_GETFL:
		return status_of(fd);
	default: /* no child inherits anything */
		return 0;
	}
}

/* ---- octets ---- */

ssize_t read(int fd, void *buf, size_t cap)
{
	int got;

	if (fd >= WINDOWS_FIRST)
		return windows_recv(fd, buf, cap, 0);
	if (!windows_input_is(fd))
		return _read(fd, buf, cap > INT_MAX ? INT_MAX : (unsigned)cap);
	got = recv(windows_input(fd), buf, cap > INT_MAX ? INT_MAX : (int)cap, 0);
	return got == SOCKET_ERROR ? windows_failed() : got;
}

ssize_t write(int fd, const void *buf, size_t len)
{
	if (fd >= WINDOWS_FIRST)
		return windows_send(fd, buf, len, 0);
	return _write(fd, buf, len > INT_MAX ? INT_MAX : (unsigned)len);
}

/* Windows moves the file's place along: it is put back. */
ssize_t pread(int fd, void *buf, size_t cap, off_t at)
{
	OVERLAPPED where = { .Offset = (DWORD)(at & 0xffffffff), .OffsetHigh = (DWORD)(at >> 32) };
	HANDLE file = (HANDLE)_get_osfhandle(fd);
	long long before = _lseeki64(fd, 0, SEEK_CUR);
	DWORD got = 0;
	bool done;

	if (before < 0)
		return -1;
	done = ReadFile(file, buf, cap > INT_MAX ? INT_MAX : (DWORD)cap, &got, &where) ||
	       GetLastError() == ERROR_HANDLE_EOF;
	if (!done)
		system_failed();
	(void)_lseeki64(fd, before, SEEK_SET);
	return done ? (long long)got : -1;
}

/* Locks of Windows keep others from the octets: so one octet is locked that no file has. */
int flock(int fd, int how)
{
	OVERLAPPED where = { .Offset = 0xffffffff, .OffsetHigh = 0x7fffffff };
	DWORD flags = (how & LOCK_EX ? LOCKFILE_EXCLUSIVE_LOCK : 0) |
		      (how & LOCK_NB ? LOCKFILE_FAIL_IMMEDIATELY : 0);

	return LockFileEx((HANDLE)_get_osfhandle(fd), flags, 0, 1, 0, &where) ? 0 : system_failed();
}
