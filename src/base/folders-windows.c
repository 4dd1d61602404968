/* Windows's folder of what stays on this machine. */
#include "folders.h"

#include <stdio.h>
#include <stdlib.h>

bool folders_state(char *buf, size_t cap, const char **why)
{
	const char *local = getenv("LOCALAPPDATA");
	int n = local && *local ? snprintf(buf, cap, "%s", local) : -1;

	*why = "LOCALAPPDATA names no folder";
	if (n < 0 || (size_t)n >= cap)
		return false;
	for (char *at = buf; *at; at++)
		if (*at == '\\')
			*at = '/';
	return true;
}
