/* Files that the dashboard writes: new ones, never over another. */
#include "save.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { NAMES_MAX = 1000, PATH_LEN = 512 };

/* "ladder.txt" as "ladder-2.txt"; a dot that begins a file's name begins no ending. */
static void number_name(const char *name, unsigned number, char buf[PATH_LEN])
{
	const char *slash = strrchr(name, '/'), *file = slash ? slash + 1 : name;
	const char *dot = strrchr(file, '.');
	size_t len = dot && dot > file ? (size_t)(dot - name) : strlen(name);

	snprintf(buf, PATH_LEN, "%.*s-%u%s", (int)len, name, number, name + len);
}

/* For the owner's eyes: a packet holds the nonce of its mapping. NULL with errno. */
static FILE *create(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

	if (fd >= 0 && !file)
		close(fd);
	return file;
}

/* The file, new; NULL with errno. */
static FILE *open_new(const char *name, char path[PATH_LEN])
{
	unsigned number = 1;
	FILE *file;

	if (snprintf(path, PATH_LEN, "%s", name) >= PATH_LEN - 8) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	while (!(file = create(path)) && errno == EEXIST && number++ < NAMES_MAX)
		number_name(name, number, path);
	return file;
}

void save_as(struct ui *ui, const char *name,
	     bool (*write)(struct ui *ui, FILE *file, const void *arg), const void *arg)
{
	char path[PATH_LEN];
	FILE *file;
	bool bad;

	if (!*name)
		return;
	file = open_new(name, path);
	if (!file) {
		ui_say(ui, STYLE_ERROR, "%s: %s", path, strerror(errno));
		return;
	}
	bad = !write(ui, file, arg) || ferror(file);
	if (fclose(file) != 0 || bad)
		ui_say(ui, STYLE_ERROR, "%s: could not be written in full", path);
	else if (strcmp(path, name) != 0)
		ui_say(ui, STYLE_NORMAL, "written to %s: there was a %s already", path, name);
	else
		ui_say(ui, STYLE_NORMAL, "written to %s", path);
}
