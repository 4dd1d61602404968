/* What files and folders there are, and their names. */
#include <winsock2.h>

#include <dirent.h>
#include <errno.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "windows-private.h"

int windows_rename(const char *from, const char *to);

enum { FOLDER = S_IFDIR | 0700, REGULAR = S_IFREG | 0600, DEVICE = S_IFCHR | 0600 };
enum { PIPE = S_IFIFO | 0600 };

struct windows_folder {
	HANDLE search;
	WIN32_FIND_DATAA found;
	bool fresh; /* found was not told yet */
	struct dirent entry;
	char *path;
	int fd;
};

#define UNIX_EPOCH 116444736000000000LL /* in tenths of a microsecond, of 1601 */
#define PER_SECOND 10000000LL

/* ---- what it is ---- */

static time_t time_of(FILETIME time)
{
	long long tenths = (long long)((uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime);

	return (time_t)((tenths - UNIX_EPOCH) / PER_SECOND);
}

int stat(const char *path, struct stat *to)
{
	WIN32_FILE_ATTRIBUTE_DATA data;

	if (!GetFileAttributesExA(path, GetFileExInfoStandard, &data)) {
		errno = ENOENT;
		return -1;
	}
	*to = (struct stat){
		.st_mode = data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY ? FOLDER : REGULAR,
		.st_size = (int64_t)((uint64_t)data.nFileSizeHigh << 32 | data.nFileSizeLow),
		.st_mtime = time_of(data.ftLastWriteTime),
	};
	return 0;
}

static int stat_of_place(int fd, struct stat *to)
{
	const struct windows_place *place = windows_place(fd);

	if (place && place->folder)
		return stat(place->folder, to);
	*to = (struct stat){ .st_mode = PIPE };
	return place ? 0 : -1;
}

int fstat(int fd, struct stat *to)
{
	BY_HANDLE_FILE_INFORMATION data;
	HANDLE file;

	if (fd >= WINDOWS_FIRST)
		return stat_of_place(fd, to);
	file = (HANDLE)_get_osfhandle(fd);
	if (file == INVALID_HANDLE_VALUE) {
		errno = EBADF;
		return -1;
	}
	if (GetFileType(file) != FILE_TYPE_DISK || !GetFileInformationByHandle(file, &data)) {
		*to = (struct stat){ .st_mode =
					     GetFileType(file) == FILE_TYPE_CHAR ? DEVICE : PIPE };
		return 0;
	}
	*to = (struct stat){
		.st_dev = data.dwVolumeSerialNumber,
		.st_ino = (uint64_t)data.nFileIndexHigh << 32 | data.nFileIndexLow,
		.st_mode = REGULAR,
		.st_size = (int64_t)((uint64_t)data.nFileSizeHigh << 32 | data.nFileSizeLow),
		.st_mtime = time_of(data.ftLastWriteTime),
	};
	return 0;
}

int futimens(int fd, const struct timespec times[2])
{
	uint64_t tenths = (uint64_t)(times[1].tv_sec * PER_SECOND + UNIX_EPOCH);
	FILETIME changed = { .dwLowDateTime = (DWORD)(tenths & 0xffffffff),
			     .dwHighDateTime = (DWORD)(tenths >> 32) };

	return SetFileTime((HANDLE)_get_osfhandle(fd), NULL, NULL, &changed) ? 0 : -1;
}

/* ---- names ---- */

int mkdir(const char *path, unsigned mode)
{
	size_t len = strlen(path);

	(void)mode;
	if ((len && path[len - 1] == ':') || CreateDirectoryA(path, NULL)) {
		errno = EEXIST;
		return len && path[len - 1] == ':' ? -1 : 0;
	}
	errno = GetLastError() == ERROR_ALREADY_EXISTS	 ? EEXIST
		: GetLastError() == ERROR_PATH_NOT_FOUND ? ENOENT
							 : EACCES;
	return -1;
}

int windows_rename(const char *from, const char *to)
{
	if (MoveFileExA(from, to, MOVEFILE_REPLACE_EXISTING))
		return 0;
	errno = GetLastError() == ERROR_FILE_NOT_FOUND ? ENOENT : EACCES;
	return -1;
}

int unlinkat(int folder, const char *name, int flags)
{
	const struct windows_place *place = windows_place(folder);
	char path[WINDOWS_PATH];

	(void)flags;
	if (!place || !place->folder)
		return -1;
	snprintf(path, sizeof path, "%s/%s", place->folder, name);
	return remove(path);
}

/* ---- what is in a folder ---- */

DIR *opendir(const char *path)
{
	struct windows_folder *folder = calloc(1, sizeof *folder);
	char pattern[WINDOWS_PATH];

	if (!folder || !(folder->path = _strdup(path))) {
		free(folder);
		errno = ENOMEM;
		return NULL;
	}
	snprintf(pattern, sizeof pattern, "%s/*", path);
	folder->search = FindFirstFileA(pattern, &folder->found);
	folder->fd = -1;
	folder->fresh = true;
	if (folder->search != INVALID_HANDLE_VALUE)
		return folder;
	free(folder->path);
	free(folder);
	errno = ENOENT;
	return NULL;
}

struct dirent *readdir(DIR *folder)
{
	if (!folder->fresh && !FindNextFileA(folder->search, &folder->found))
		return NULL;
	folder->fresh = false;
	snprintf(folder->entry.d_name, sizeof folder->entry.d_name, "%s", folder->found.cFileName);
	return &folder->entry;
}

int dirfd(DIR *folder)
{
	char *path;

	if (folder->fd >= 0)
		return folder->fd;
	path = _strdup(folder->path);
	folder->fd = path ? windows_put((uintptr_t)INVALID_SOCKET, path) : -1;
	if (folder->fd < 0)
		free(path);
	return folder->fd;
}

int closedir(DIR *folder)
{
	if (folder->fd >= 0)
		windows_take(folder->fd);
	FindClose(folder->search);
	free(folder->path);
	free(folder);
	return 0;
}
