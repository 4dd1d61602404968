/* What a folder holds. */
#ifndef WINDOWS_DIRENT_H
#define WINDOWS_DIRENT_H

struct dirent {
	char d_name[260];
};
typedef struct windows_folder DIR;
DIR *opendir(const char *path) __asm__("windows_opendir");
struct dirent *readdir(DIR *dir) __asm__("windows_readdir");
int dirfd(DIR *dir) __asm__("windows_dirfd");
int closedir(DIR *dir) __asm__("windows_closedir");

#endif
