/*
 * The configuration file: theme and keys.
 *
 *	# comment
 *	theme = light
 *	key renew = r F8
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

#endif
