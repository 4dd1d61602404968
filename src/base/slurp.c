/* Reads a file to its end, but no further than it may be long. */
#include "slurp.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

static char *read_all(FILE *file, const char *name, size_t max, struct pcp_why *why)
{
	char *buf = malloc(max + 2);
	size_t len = buf ? fread(buf, 1, max + 1, file) : 0;

	if (!buf)
		pcp_refuse(why, 0, "out of memory");
	else if (ferror(file))
		pcp_refuse(why, 0, "%.80s: %s", name, strerror(errno));
	else if (len > max)
		pcp_refuse(why, 0, "%.80s: more than %zu octets", name, max);
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
		pcp_refuse(why, 0, "%.80s: %s", name, strerror(errno));
		return NULL;
	}
	text = read_all(file, standard ? "standard input" : name, max, why);
	if (!standard)
		fclose(file);
	return text;
}
