/* `:set`: a line of the configuration file, for as long as this dashboard runs. */
#include <stdio.h>
#include <string.h>

#include "actions.h"
#include "config.h"
#include "output.h"
#include "screen.h"
#include "words.h"

enum { SETTING_MAX = 256 };

/* Every setting as the file would have it: the theme, and the keys that are not the usual ones. */
static void show(struct ui *ui)
{
	struct keymap usual;
	struct writer writer;
	char keys[80], was[80];

	keymap_init(&usual);
	output_begin(ui, &writer);
	write_note(&writer, "theme = %s", ui->theme->name);
	for (size_t i = 0; i < ui_nthemes; i++)
		write_note(&writer, "    %-12s %s", ui_themes[i].name, ui_themes[i].help);
	for (size_t i = 0; i < ui_nbindings; i++) {
		const struct binding *b = &ui_bindings[i];

		ui_key_names(&ui->keys, b, KEYS_PER_BINDING, keys, sizeof keys);
		ui_key_names(&usual, b, KEYS_PER_BINDING, was, sizeof was);
		if (strcmp(keys, was) != 0)
			write_note(&writer, "key %s = %s", b->name, keys);
	}
	write_note(&writer,
		   "`:set theme = NAME` and `:set key BINDING = KEY...` last until the end;");
	write_note(&writer,
		   "as lines of the configuration file they stay. Help (?) has the bindings.");
	output_end(ui);
}

/* "theme light" is as good as "theme = light": behind a binding's name, too, keys follow. */
static bool as_line(const char *typed, char line[SETTING_MAX], struct pcp_why *why)
{
	size_t key = strncmp(typed, "key ", 4) == 0 ? 4 + strspn(typed + 4, " ") : 0;
	size_t name = key + strcspn(typed + key, " =");
	const char *value = typed + name + strspn(typed + name, " =");

	if (key && !*value)
		return pcp_refuse(why, 0, "which keys? `key BINDING = KEY...`");
	return snprintf(line, SETTING_MAX, "%.*s = %s", (int)name, typed, value) < SETTING_MAX ||
	       pcp_refuse(why, 0, "longer than %d octets", SETTING_MAX - 1);
}

static bool take(const char *typed, char line[SETTING_MAX], struct keymap *keys,
		 const struct theme **theme, struct pcp_why *why)
{
	char cut[SETTING_MAX];

	if (!as_line(typed, line, why))
		return false;
	memcpy(cut, line, sizeof cut);
	return config_setting(cut, keys, theme, why) && keymap_check(keys, why);
}

void act_set(struct ui *ui, const char *typed)
{
	struct keymap keys = ui->keys;
	const struct theme *theme = ui->theme;
	char line[SETTING_MAX];
	struct pcp_why why;

	if (!*typed) {
		show(ui);
		return;
	}
	if (!take(typed, line, &keys, &theme, &why)) {
		ui_say(ui, STYLE_ERROR, "%s", why.text);
		return;
	}
	ui->keys = keys;
	ui->theme = theme;
	theme_use(theme);
	screen_redraw();
	ui_say(ui, STYLE_NORMAL, "Until the end: %s; in the configuration file the line stays",
	       line);
}
