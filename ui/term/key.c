/* The names of keys, and which codes of curses stand for one key. */
#include "key.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <ncurses.h>

/* Keys that are called by a name. The first name of a key is the one shown. */
static const struct {
	const char *name;
	ui_key key;
} named[] = {
	{ "Enter", '\r' },
	{ "Enter", UI_KEY_CURSES | KEY_ENTER },
	{ "Esc", UI_KEY_ESC },
	{ "Tab", '\t' },
	{ "S-Tab", UI_KEY_CURSES | KEY_BTAB },
	{ "Space", ' ' },
	{ "Backspace", UI_KEY_CURSES | KEY_BACKSPACE },
	{ "Backspace", 0x7f },
	{ "Del", UI_KEY_CURSES | KEY_DC },
	{ "Ins", UI_KEY_CURSES | KEY_IC },
	{ "Up", UI_KEY_CURSES | KEY_UP },
	{ "Down", UI_KEY_CURSES | KEY_DOWN },
	{ "Left", UI_KEY_CURSES | KEY_LEFT },
	{ "Right", UI_KEY_CURSES | KEY_RIGHT },
	{ "PgUp", UI_KEY_CURSES | KEY_PPAGE },
	{ "PgDn", UI_KEY_CURSES | KEY_NPAGE },
	{ "Home", UI_KEY_CURSES | KEY_HOME },
	{ "End", UI_KEY_CURSES | KEY_END },
};

ui_key ui_key_one_of_two(ui_key key)
{
	if (key == '\n' || key == (UI_KEY_CURSES | KEY_ENTER))
		return '\r';
	if (key == 0x7f)
		return UI_KEY_CURSES | KEY_BACKSPACE;
	return key;
}

ui_key ui_key_parse(const char *name, size_t len)
{
	size_t i;
	int number, used;
	char text[16];

	if (len == 1 && (unsigned char)*name > ' ')
		return (unsigned char)*name;
	if (len == 2 && *name == '^' && name[1] >= '@' && name[1] <= '_')
		return ui_key_one_of_two((ui_key)(name[1] & 0x1f));
	if (len == 3 && name[0] == 'M' && name[1] == '-' && isdigit((unsigned char)name[2]))
		return UI_KEY_ALT | (ui_key)name[2];
	for (i = 0; i < sizeof named / sizeof *named; i++)
		if (strlen(named[i].name) == len && strncasecmp(named[i].name, name, len) == 0)
			return named[i].key;
	if (len >= sizeof text)
		return UI_KEY_NONE;
	memcpy(text, name, len);
	text[len] = '\0';
	if (sscanf(text, "F%d%n", &number, &used) == 1 && (size_t)used == len && number >= 1 &&
	    number <= 12)
		return UI_KEY_CURSES | (ui_key)KEY_F(number);
	return UI_KEY_NONE;
}

size_t ui_key_name(ui_key key, char *buf, size_t cap)
{
	size_t i;
	int n;

	for (i = 0; i < sizeof named / sizeof *named; i++)
		if (named[i].key == key)
			return (size_t)snprintf(buf, cap, "%s", named[i].name);
	if (key & UI_KEY_ALT)
		n = snprintf(buf, cap, "M-%c", (int)(key & ~(ui_key)UI_KEY_ALT));
	else if (key < ' ')
		n = snprintf(buf, cap, "^%c", (int)key + '@');
	else if (key > (UI_KEY_CURSES | KEY_F0) && key <= (UI_KEY_CURSES | KEY_F(12)))
		n = snprintf(buf, cap, "F%d", (int)(key & ~(ui_key)UI_KEY_CURSES) - KEY_F0);
	else if (key < 0x7f)
		n = snprintf(buf, cap, "%c", (int)key);
	else
		n = snprintf(buf, cap, "?");
	return (size_t)n;
}
