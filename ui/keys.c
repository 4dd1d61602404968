#include "keys.h"
#include "suggest.h"

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

/* Terminals send some keys in two ways; they are one key here. */
static ui_key one_of_two(ui_key key)
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
		return one_of_two((ui_key)(name[1] & 0x1f));
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
	if (key < ' ')
		n = snprintf(buf, cap, "^%c", (int)key + '@');
	else if (key > (UI_KEY_CURSES | KEY_F0) && key <= (UI_KEY_CURSES | KEY_F(12)))
		n = snprintf(buf, cap, "F%d", (int)(key & ~(ui_key)UI_KEY_CURSES) - KEY_F0);
	else if (key < 0x7f)
		n = snprintf(buf, cap, "%c", (int)key);
	else
		n = snprintf(buf, cap, "?");
	return (size_t)n;
}

/* The next blank-separated word; its length, 0 at the end. */
static size_t next_word(const char **text)
{
	*text += strspn(*text, " \t");
	return strcspn(*text, " \t");
}

/* Parses a list of keys into row[]; false with the bad word in *why. */
static bool parse_keys(const char *keys, ui_key row[KEYS_PER_BINDING], struct pcp_why *why)
{
	const char *word = keys;
	size_t n = 0, len;

	memset(row, 0, KEYS_PER_BINDING * sizeof *row);
	for (; (len = next_word(&word)) > 0; word += len) {
		ui_key key = ui_key_parse(word, len);

		why->at = (size_t)(word - keys);
		if (key == UI_KEY_NONE) {
			snprintf(why->text, sizeof why->text,
				 "no key is called '%.*s'; keys are called like q, ^L, Enter, Esc, "
				 "Tab, "
				 "S-Tab, Space, Del, Up, PgDn, F5",
				 (int)len, word);
			return false;
		}
		if (n == KEYS_PER_BINDING) {
			snprintf(why->text, sizeof why->text, "more than %d keys for one binding",
				 KEYS_PER_BINDING);
			return false;
		}
		row[n++] = key;
	}
	return true;
}

void keymap_init(struct keymap *map)
{
	struct pcp_why why;
	size_t i;

	memset(map, 0, sizeof *map);
	for (i = 0; i < ui_nbindings; i++)
		parse_keys(ui_bindings[i].keys, map->key[i], &why);
}

static bool has(const ui_key row[KEYS_PER_BINDING], ui_key key)
{
	size_t i;

	for (i = 0; i < KEYS_PER_BINDING && row[i]; i++)
		if (row[i] == key)
			return true;
	return false;
}

const struct binding *keymap_find(const struct keymap *map, unsigned where, ui_key key)
{
	size_t i;

	key = one_of_two(key);
	for (i = 0; i < ui_nbindings; i++)
		if (ui_bindings[i].where & where && has(map->key[i], key))
			return &ui_bindings[i];
	return NULL;
}

/* The binding other than `self` that a key of row[] stands for already, in a place of self's. */
static const struct binding *taken(const struct keymap *map, size_t self,
				   const ui_key row[KEYS_PER_BINDING], ui_key *key)
{
	size_t i, k;

	for (i = 0; i < ui_nbindings; i++)
		for (k = 0; i != self && k < KEYS_PER_BINDING && row[k]; k++)
			if (ui_bindings[i].where & ui_bindings[self].where &&
			    has(map->key[i], row[k])) {
				*key = row[k];
				return &ui_bindings[i];
			}
	return NULL;
}

bool keymap_check(const struct keymap *map, struct pcp_why *why)
{
	size_t i;
	ui_key key;

	for (i = 0; i < ui_nbindings; i++) {
		const struct binding *other = taken(map, i, map->key[i], &key);
		char name[16];

		if (!other)
			continue;
		ui_key_name(key, name, sizeof name);
		snprintf(why->text, sizeof why->text, "%s stands for both '%s' and '%s'", name,
			 ui_bindings[i].name, other->name);
		return false;
	}
	return true;
}

bool keymap_bind(struct keymap *map, const char *name, const char *keys, struct pcp_why *why)
{
	ui_key row[KEYS_PER_BINDING];
	struct suggest suggest;
	size_t i;

	for (i = 0; i < ui_nbindings; i++)
		if (strcmp(ui_bindings[i].name, name) == 0)
			break;
	if (i == ui_nbindings) {
		suggest_begin(&suggest, name, strlen(name));
		for (i = 0; i < ui_nbindings; i++)
			suggest_offer(&suggest, ui_bindings[i].name);
		snprintf(why->text, sizeof why->text, "there is no binding called '%.60s'%s", name,
			 suggest_text(&suggest, "; ? in the dashboard lists their names"));
		return false;
	}
	if (!parse_keys(keys, row, why))
		return false;
	memcpy(map->key[i], row, sizeof row);
	return true;
}

size_t ui_key_names(const struct keymap *map, const struct binding *binding, size_t most, char *buf,
		    size_t cap)
{
	const ui_key *row = map->key[binding - ui_bindings];
	size_t i, n = 0;

	if (cap)
		*buf = '\0';
	for (i = 0; i < KEYS_PER_BINDING && i < most && row[i] && n + 16 < cap; i++) {
		if (i)
			buf[n++] = ' ';
		n += ui_key_name(row[i], buf + n, cap - n);
	}
	return n;
}
