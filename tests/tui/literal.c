/* Somebody who does literally what a text says. */
#include "literal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *name, *octets;
} keys[] = {
	{ "Enter", "\r" },    { "Esc", "\033" },    { "Space", " " },	   { "Tab", "\t" },
	{ "Up", "\033OA" },   { "Down", "\033OB" }, { "Right", "\033OC" }, { "Left", "\033OD" },
	{ "F2", "\033OQ" },   { "F3", "\033OR" },   { "F4", "\033OS" },	   { "F5", "\033[15~" },
	{ "F8", "\033[19~" },
};

void literal_type(struct term *term, const char *what)
{
	char one[2] = { what[0], '\0' };

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (!strcmp(keys[i].name, what)) {
			term_send(term, keys[i].octets);
			return;
		}
	if (what[0] == ':' && what[1]) {
		term_send(term, what);
		return;
	}
	if (what[0] == '^' && what[1] && !what[2])
		one[0] = (char)(what[1] & 0x1f);
	else if (strlen(what) != 1)
		fail_msg("'%s' is no key and no command", what);
	term_send(term, one);
}
