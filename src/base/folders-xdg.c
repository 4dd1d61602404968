/* XDG's folders, which systems of Unix's kind have. */
#include "folders.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

bool folders_state(char *buf, size_t cap, const char **why)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	const struct passwd *user;
	int n = -1;

	*why = "neither XDG_STATE_HOME nor HOME names a directory";
	if (!home || *home != '/') {
		user = getpwuid(getuid());
		home = user ? user->pw_dir : NULL;
	}
	if (state && *state == '/') /* the specification: others are ignored */
		n = snprintf(buf, cap, "%s", state);
	else if (home && *home == '/')
		n = snprintf(buf, cap, "%s/.local/state", home);
	return n >= 0 && (size_t)n < cap;
}
