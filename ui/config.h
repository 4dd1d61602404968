/*
 * The configuration file: theme and keys.
 *
 *	# comment
 *	theme = light
 *	key renew = r F12
 */
#ifndef CONFIG_H
#define CONFIG_H

#include <stdbool.h>

#include "keys.h"
#include "theme.h"

/* Reads `path`; NULL: $XDG_CONFIG_HOME/pcpscope/config (or ~/.config/...), which may be missing.
 * False with a sentence that names file, line and what is allowed. */
bool config_load(const char *path, struct keymap *keys, const struct theme **theme, char *why,
		 size_t cap);
/* One line of it, "NAME = VALUE", which is cut to pieces. False with *why, and nothing changed. */
bool config_setting(char *line, struct keymap *keys, const struct theme **theme,
		    struct pcp_why *why);

#endif
