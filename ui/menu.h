/* A short list to choose from, over everything else: options, values with names, orders, forms to
 * copy. Typing narrows it. */
#ifndef MENU_H
#define MENU_H

#include <stddef.h>

#include "key.h"
#include "layout.h"
#include "list.h"

struct line;
struct ui;

struct menu_item {
	char label[64];
	const char *help; /* NULL: none */
	int value;
};
struct menu {
	const char *title;
	struct menu_item *item; /* the menu's own copy; NULL: no menu is open */
	size_t nitem;
	char typed[32];
	size_t *fit; /* which items contain it */
	size_t nfit;
	struct list list;
	struct rect inside; /* its border, as last drawn */
	void (*chosen)(struct ui *ui, int value);
};

/* Opens a menu with copies of the items; `chosen` gets the value of the chosen one. */
void ui_menu(struct ui *ui, const char *title, const struct menu_item *item, size_t nitem,
	     size_t cursor, void (*chosen)(struct ui *ui, int value));
void menu_close(struct ui *ui);
/* The one under the cursor; NULL where no menu is open or nothing fits. */
const struct menu_item *menu_current(const struct ui *ui);
/* One more character of what the list shall contain. */
void menu_type(struct ui *ui, ui_key key);
/* A bar on top of a box that stands over others; returns what is under it. */
struct rect menu_frame(const struct rect *box, struct line *left, struct line *right);
void menu_draw(struct ui *ui);
/* Takes the entry at that place of the screen, where there is one. */
void menu_click(struct ui *ui, int y, int x);

#endif
