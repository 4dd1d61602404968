/* What files and folders there are, and their names. */
#include <winsock2.h>

#include <errno.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "windows-private.h"

/* As in posix/dirent.h and posix/sys/stat.h. */
enum { FOLDER = 0040700, FILE_ = 0100600, DEVICE = 0020600, PIPE = 0010600 };
struct dirent {
	char name[260];
};
struct windows_folder {
	HANDLE search;
	WIN32_FIND_DATAA found;
	bool fresh; /* found was not told yet */
	struct dirent entry;
	char *path;
	int fd;
};
struct windows_stat {
	uint64_t dev, ino;
	unsigned mode, uid;
	int64_t size;
	time_t mtime;
};

struct windows_folder *windows_opendir(const char *path);
struct dirent *windows_readdir(struct windows_folder *folder);
int windows_dirfd(struct windows_folder *folder);
int windows_closedir(struct windows_folder *folder);
int windows_stat(const char *path, struct windows_stat *stat);
int windows_fstat(int fd, struct windows_stat *stat);
int windows_futimens(int fd, const struct timespec times[2]);
int windows_mkdir(const char *path, unsigned mode);
int windows_rename(const char *from, const char *to);
int windows_unlinkat(int folder, const char *name, int flags);

#define UNIX_EPOCH 116444736000000000LL /* in tenths of a microsecond, of 1601 */
#define PER_SECOND 10000000LL

/* ---- what it is ---- */

static time_t time_of(FILETIME time)
{
	long long tenths = (long long)((uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime);

	return (time_t)((tenths - UNIX_EPOCH) / PER_SECOND);
}

int windows_stat(const char *path, struct windows_stat *stat)
{
	WIN32_FILE_ATTRIBUTE_DATA data;

	if (!GetFileAttributesExA(path, GetFileExInfoStandard, &data)) {
		errno = ENOENT;
		return -1;
	}
	*stat = (struct windows_stat){
		.mode = data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY ? FOLDER : FILE_,
		.size = (int64_t)((uint64_t)data.nFileSizeHigh << 32 | data.nFileSizeLow),
		.mtime = time_of(data.ftLastWriteTime),
	};
	return 0;
}

static int stat_of_place(int fd, struct windows_stat *stat)
{
	const struct windows_place *place = windows_place(fd);

	if (place && place->folder)
		return windows_stat(place->folder, stat);
	*stat = (struct windows_stat){ .mode = PIPE };
	return place ? 0 : -1;
}

int windows_fstat(int fd, struct windows_stat *stat)
{
	BY_HANDLE_FILE_INFORMATION data;
	HANDLE file;

	if (fd >= WINDOWS_FIRST)
		return stat_of_place(fd, stat);
	file = (HANDLE)_get_osfhandle(fd);
	if (file == INVALID_HANDLE_VALUE) {
		errno = EBADF;
		return -1;
	}
	if (GetFileType(file) != FILE_TYPE_DISK || !GetFileInformationByHandle(file, &data)) {
		*stat = (struct windows_stat){ .mode = GetFileType(file) == FILE_TYPE_CHAR ? DEVICE
											   : PIPE };
		return 0;
	}
	*stat = (struct windows_stat){
		.dev = data.dwVolumeSerialNumber,
		.ino = (uint64_t)data.nFileIndexHigh << 32 | data.nFileIndexLow,
		.mode = FILE_,
		.size = (int64_t)((uint64_t)data.nFileSizeHigh << 32 | data.nFileSizeLow),
		.mtime = time_of(data.ftLastWriteTime),
	};
	return 0;
}

int windows_futimens(int fd, const struct timespec times[2])
{
	uint64_t tenths = (uint64_t)(times[1].tv_sec * PER_SECOND + UNIX_EPOCH);
	FILETIME changed = { .dwLowDateTime = (DWORD)(tenths & 0xffffffff),
			     .dwHighDateTime = (DWORD)(tenths >> 32) };

	return SetFileTime((HANDLE)_get_osfhandle(fd), NULL, NULL, &changed) ? 0 : -1;
}

/* ---- names ---- */

int windows_mkdir(const char *path, unsigned mode)
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

int windows_unlinkat(int folder, const char *name, int flags)
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

struct windows_folder *windows_opendir(const char *path)
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

struct dirent *windows_readdir(struct windows_folder *folder)
{
	if (!folder->fresh && !FindNextFileA(folder->search, &folder->found))
		return NULL;
	folder->fresh = false;
	snprintf(folder->entry.name, sizeof folder->entry.name, "%s", folder->found.cFileName);
	return &folder->entry;
}

int windows_dirfd(struct windows_folder *folder)
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

int windows_closedir(struct windows_folder *folder)
{
	if (folder->fd >= 0)
		windows_take(folder->fd);
	FindClose(folder->search);
	free(folder->path);
	free(folder);
	return 0;
}
