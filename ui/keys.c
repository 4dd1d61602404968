/* The keys in force: the table's, or the configuration file's. */
#include "keys.h"
#include "suggest.h"
#include "words.h"

#include <string.h>

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

		if (key == UI_KEY_NONE)
			return pcp_refuse(
				why, (size_t)(word - keys),
				"no key is called '%s'; keys are called like q, ^L, Enter, Esc, "
				"Tab, S-Tab, Space, Del, Up, PgDn, F5, M-1 (Alt with a digit)",
				pcp_quote(word, len).text);
		if (n == KEYS_PER_BINDING)
			return pcp_refuse(why, (size_t)(word - keys),
					  "more than %d keys for one binding", KEYS_PER_BINDING);
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

	key = ui_key_one_of_two(key);
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
		pcp_refuse(why, 0, "%s stands for both '%s' and '%s'", name, ui_bindings[i].name,
			   other->name);
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
		pcp_refuse(why, 0, "there is no binding called '%s'%s", pcp_quoted(name).text,
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
