#include "vocabulary.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <curses.h>
#include <term.h>

/* A control sequence without its numbers: "\033[H" for "\033[7;7H". */
struct shape {
	char text[24];
};

enum { SHAPES_MAX = 600 };
static struct shape shapes[SHAPES_MAX];
static size_t nshapes;

static bool known(const char *text)
{
	for (size_t i = 0; i < nshapes; i++)
		if (!strcmp(shapes[i].text, text))
			return true;
	return false;
}

/* Strings (to change the palette, for one) are nobody's business here. */
static void learn(const char *text)
{
	if (strchr("]P_^X", text[1]) || known(text))
		return;
	if (nshapes == SHAPES_MAX || strlen(text) >= sizeof shapes[0].text)
		abort();
	strcpy(shapes[nshapes++].text, text);
}

/* Past one parameter operation of terminfo(5), which stands behind a %. */
static const char *past_operation(const char *at)
{
	if (*at == '{')
		return at + strcspn(at, "}") + 1;
	if (*at == '\'')
		return at + 3;
	if (*at == 'p' || *at == 'P' || *at == 'g')
		return at + 2;
	if (*at == ':')
		at += strspn(at, ":-+# ");
	return at + strspn(at, "0123456789.") + 1;
}

/* Takes the next control sequence off *octets, its numbers left out; false when it begins with
 * none. Strings (OSC, DCS and the like) are a shape of their own, since their end may never come.
 */
static bool next_shape(const char **octets, char shape[24], bool is_capability)
{
	const char *at = *octets;
	size_t n = 0;

	if (*at != '\033')
		return false;
	shape[n++] = *at++;
	shape[n++] = *at++;
	if (strchr("[(", shape[1]))
		for (bool final = false; *at && !final && n < 23; at++) {
			if (is_capability && *at == '%') {
				at = past_operation(at + 1) - 1;
				continue;
			}
			final = *at >= '@' || shape[1] == '(';
			if (!strchr("0123456789;", *at) || shape[1] == '(')
				shape[n++] = *at;
		}
	shape[n] = '\0';
	*octets = at;
	return true;
}

static void learn_capability(const char *octets)
{
	char shape[24];

	if (!octets || octets == (char *)-1)
		return;
	while (*octets)
		if (next_shape(&octets, shape, true))
			learn(shape);
		else
			octets++;
}

bool vocabulary_learn(const char *terminal)
{
	static const char *const more[] = { "BE", "BD", "XM" };
	int error;

	if (setupterm(terminal, STDOUT_FILENO, &error) != OK)
		return false;
	for (size_t i = 0; strnames[i]; i++)
		learn_capability(tigetstr(strnames[i]));
	for (size_t i = 0; i < sizeof more / sizeof *more; i++)
		learn_capability(tigetstr(more[i]));
	return known("\033[H") && known("\033[m") && !known("\033]");
}

/* A character that moves nothing but the cursor, by what it takes: no control, no mark of
 * direction, nothing invisible. */
static bool harmless_character(uint32_t c)
{
	static const uint32_t bad[][2] = {
		{ 0, 0x1f },	    { 0x7f, 0x9f },	{ 0xad, 0xad },	       { 0x61c, 0x61c },
		{ 0x180e, 0x180e }, { 0x200b, 0x200f }, { 0x2028, 0x202e },    { 0x2060, 0x206f },
		{ 0xd800, 0xf8ff }, { 0xfdd0, 0xfdef }, { 0xfe00, 0xfe0f },    { 0xfeff, 0xfeff },
		{ 0xfff9, 0xfffb }, { 0xfffe, 0xffff }, { 0xe0000, 0x1fffff },
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (c >= bad[i][0] && c <= bad[i][1])
			return false;
	return true;
}

/* Length of the UTF-8 sequence, 0 when it is none; *c is its character. */
static size_t utf8(const unsigned char *at, uint32_t *c)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = *at < 0x80 ? 1 : *at < 0xc0 ? 0 : *at < 0xe0 ? 2 : *at < 0xf0 ? 3 : 4;

	*c = n == 1 ? *at : *at & (0xffu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (at[i] & 0x3f);
	}
	return n && *c >= least[n] ? n : 0;
}

const char *vocabulary_stray(const char *octets, bool ascii)
{
	const char *at = octets;
	char shape[24];
	uint32_t c;

	while (*at) {
		const char *start = at;
		size_t n;

		if (next_shape(&at, shape, false)) {
			if (!known(shape))
				return start;
			continue;
		}
		if (strchr("\r\n\b", *at)) {
			at++;
			continue;
		}
		n = utf8((const unsigned char *)at, &c);
		if (!n || !harmless_character(c) || (ascii && c > 0x7e))
			return start;
		at += n;
	}
	return NULL;
}

const char *vocabulary_key(const char *name)
{
	static const struct {
		const char *name, *capability, *octets;
	} keys[] = {
		{ "Enter", NULL, "\r" },       { "Esc", NULL, "\033" },
		{ "Tab", NULL, "\t" },	       { "Space", NULL, " " },
		{ "Backspace", NULL, "\177" }, { "S-Tab", "kcbt", NULL },
		{ "Del", "kdch1", NULL },      { "Ins", "kich1", NULL },
		{ "Up", "kcuu1", NULL },       { "Down", "kcud1", NULL },
		{ "Left", "kcub1", NULL },     { "Right", "kcuf1", NULL },
		{ "PgUp", "kpp", NULL },       { "PgDn", "knp", NULL },
		{ "Home", "khome", NULL },     { "End", "kend", NULL },
	};
	static char octets[3], capability[8];

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (!strcmp(keys[i].name, name))
			return keys[i].octets ? keys[i].octets
					      : tigetstr((char *)(uintptr_t)keys[i].capability);
	if (name[0] == 'F' && name[1]) {
		snprintf(capability, sizeof capability, "k%.5s", name);
		capability[1] = 'f';
		return tigetstr(capability);
	}
	if (name[0] == 'M' && name[1] == '-') { /* with Alt */
		octets[0] = '\033';
		octets[1] = name[2];
		return octets;
	}
	octets[1] = '\0';
	octets[0] = name[0] == '^' && name[1] ? (char)(name[1] & 0x1f) : name[0];
	return name[0] == '^' || !name[1] ? octets : NULL;
}
