/* The configuration file: theme and keys. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slurp.h"
#include "words.h"

static bool default_path(char *buf, size_t cap)
{
	const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	int n;

	if (xdg && *xdg)
		n = snprintf(buf, cap, "%s/pcpscope/config", xdg);
	else if (home && *home)
		n = snprintf(buf, cap, "%s/.config/pcpscope/config", home);
	else
		return false;
	return n > 0 && (size_t)n < cap;
}

/* Cuts blanks off both ends, in place. */
static char *trim(char *text)
{
	size_t len;

	text += strspn(text, " \t");
	len = strlen(text);
	while (len && strchr(" \t\r\n", text[len - 1]))
		len--;
	text[len] = '\0';
	return text;
}

bool config_setting(char *line, struct keymap *keys, const struct theme **theme,
		    struct pcp_why *why)
{
	char *equals = strchr(line, '='), *name, *value;

	if (!equals) {
		pcp_refuse(why, 0,
			   "'%s' has no '='; lines read `theme = NAME` or `key BINDING = KEY...`",
			   pcp_quoted(line).text);
		return false;
	}
	*equals = '\0';
	name = trim(line);
	value = trim(equals + 1);
	if (strcmp(name, "theme") == 0)
		return (*theme = theme_named(value, why)) != NULL;
	if (strncmp(name, "key ", 4) == 0)
		return keymap_bind(keys, trim(name + 4), value, why);
	pcp_refuse(why, 0, "there is no setting '%s'; there are `theme` and `key BINDING`",
		   pcp_quoted(name).text);
	return false;
}

static bool read_file(FILE *file, const char *path, struct keymap *keys, const struct theme **theme,
		      char *why, size_t cap)
{
	char line[1024], *text;
	struct pcp_why reason;
	unsigned number;

	for (number = 1; fgets(line, sizeof line, file); number++) {
		text = trim(line);
		if (!*text || *text == '#' || config_setting(text, keys, theme, &reason))
			continue;
		snprintf(why, cap, "%s:%u: %s", path, number, reason.text);
		return false;
	}
	if (ferror(file)) {
		snprintf(why, cap, "%s: %s", path, strerror(errno));
		return false;
	}
	if (!keymap_check(keys, &reason)) {
		snprintf(why, cap, "%s: %s; give one of them another key", path, reason.text);
		return false;
	}
	return true;
}

bool config_load(const char *path, struct keymap *keys, const struct theme **theme, char *why,
		 size_t cap)
{
	char standard[1024];
	FILE *file;
	bool ok;

	if (!path && !default_path(standard, sizeof standard))
		return true;
	if (slurp_may_wait(path ? path : standard)) {
		snprintf(why, cap, "%s: it is no file", path ? path : standard);
		return false;
	}
	file = fopen(path ? path : standard, "r");
	if (!file) {
		if (!path)
			return true;
		snprintf(why, cap, "%s: %s", path, strerror(errno));
		return false;
	}
	ok = read_file(file, path ? path : standard, keys, theme, why, cap);
	fclose(file);
	return ok;
}
