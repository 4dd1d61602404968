/* Descriptors of sockets and folders: places of a table, since Windows has other handles for them.
 */
#include "windows-private.h"

#include <errno.h>
#include <stdlib.h>

static struct windows_place places[WINDOWS_MAX];
static bool taken[WINDOWS_MAX];

struct windows_place *windows_place(int fd)
{
	if (fd >= WINDOWS_FIRST && fd < WINDOWS_FIRST + WINDOWS_MAX && taken[fd - WINDOWS_FIRST])
		return &places[fd - WINDOWS_FIRST];
	errno = EBADF;
	return NULL;
}

int windows_put(uintptr_t socket, char *folder)
{
	for (int i = 0; i < WINDOWS_MAX; i++)
		if (!taken[i]) {
			taken[i] = true;
			places[i] = (struct windows_place){ .socket = socket,
							    .folder = folder,
							    .waits = true };
			return WINDOWS_FIRST + i;
		}
	errno = EMFILE;
	return -1;
}

void windows_take(int fd)
{
	free(places[fd - WINDOWS_FIRST].folder);
	taken[fd - WINDOWS_FIRST] = false;
}
