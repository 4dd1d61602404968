/* Reads a file to its end, but no further than it may be long. */
#include "slurp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text.h"
#include "words.h"

static char *read_all(FILE *file, const char *name, size_t max, struct pcp_why *why)
{
	char *buf = malloc(max + 2);
	size_t len = buf ? fread(buf, 1, max + 1, file) : 0;

	if (!buf)
		pcp_no_memory(why);
	else if (ferror(file))
		pcp_refuse(why, 0, "%s: %s", pcp_quoted(name).text, strerror(errno));
	else if (len > max)
		pcp_refuse(why, 0, "%s: more than %zu octets", pcp_quoted(name).text, max);
	else {
		buf[len] = '\0';
		return buf;
	}
	free(buf);
	return NULL;
}

char *slurp(const char *name, size_t max, struct pcp_why *why)
{
	bool standard = !strcmp(name, "-");
	FILE *file = standard ? stdin : fopen(name, "rb");
	char *text;

	if (!file) {
		if (errno == ENOMEM)
			pcp_no_memory(why);
		else
			pcp_refuse(why, 0, "%s: %s", pcp_quoted(name).text, strerror(errno));
		return NULL;
	}
	text = read_all(file, standard ? "standard input" : name, max, why);
	if (!standard)
		fclose(file);
	return text;
}

static bool is_terminal(const char *name)
{
	int fd = open(name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	bool terminal = fd >= 0 && isatty(fd);

	if (fd >= 0)
		close(fd);
	return terminal;
}

bool slurp_may_wait(const char *name)
{
	struct stat stat_;

	if (!strcmp(name, "-"))
		return true;
	if (stat(name, &stat_) < 0)
		return false;
	return S_ISFIFO(stat_.st_mode) || S_ISSOCK(stat_.st_mode) ||
	       (S_ISCHR(stat_.st_mode) && is_terminal(name));
}
