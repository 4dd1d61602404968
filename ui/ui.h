/* The dashboard: a session's face on a terminal. */
#ifndef UI_H
#define UI_H

#include "session.h"

struct theme; /* theme.h */

struct ui_config {
	const struct theme *theme; /* NULL: as the config file or the terminal says */
	const char *config_file;   /* NULL: $XDG_CONFIG_HOME/pcpscope/config, when it is there */
	bool ascii;		   /* no character beyond US-ASCII */
	bool plain;    /* no borders, countdowns coarsened to minutes: for screen readers */
	bool no_mouse; /* the mouse stays the terminal's own */
};

/* Takes the terminal of standard input and output, runs the session's loop until someone quits or
 * the terminal goes away, and gives the terminal back. Returns the program's exit status: 0, or 4
 * with a sentence on standard error when the terminal cannot be used or the config file is wrong.
 */
int ui_run(struct session *session, const struct ui_config *config);

#endif
