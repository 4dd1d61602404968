/* Menus: a short list to choose from, over everything else, which typing narrows. */
#include "menu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions.h"
#include "desk.h"
#include "line.h"

/* ---- what fits ---- */

static bool begins(const char *label, const char *typed)
{
	char start[sizeof((struct menu *)0)->typed];

	snprintf(start, sizeof start, "%.*s", (int)strlen(typed), label);
	return *typed && ui_contains(start, typed);
}

/* Those that contain what was typed, in their label or what it means; the cursor goes to the first
 * that begins with it. */
static void narrow(struct menu *menu)
{
	size_t i, at = 0;

	menu->nfit = 0;
	for (i = 0; i < menu->nitem; i++) {
		const struct menu_item *item = &menu->item[i];

		if (!ui_contains(item->label, menu->typed) &&
		    !(item->help && ui_contains(item->help, menu->typed)))
			continue;
		if (at == 0 && begins(item->label, menu->typed))
			at = menu->nfit + 1;
		menu->fit[menu->nfit++] = i;
	}
	menu->list.count = menu->nfit;
	menu->list.cursor = at ? at - 1 : 0;
	menu->list.top = 0;
}

const struct menu_item *menu_current(const struct ui *ui)
{
	const struct menu *menu = &ui->menu;

	return menu->item && menu->list.cursor < menu->nfit
		       ? &menu->item[menu->fit[menu->list.cursor]]
		       : NULL;
}

void menu_type(struct ui *ui, ui_key key)
{
	struct menu *menu = &ui->menu;
	size_t len = strlen(menu->typed);

	if (key < ' ' || key > 0x7e || len + 1 >= sizeof menu->typed)
		return;
	menu->typed[len] = (char)key;
	menu->typed[len + 1] = '\0';
	narrow(menu);
}

void act_menu_erase(struct ui *ui)
{
	size_t len = strlen(ui->menu.typed);

	if (len)
		ui->menu.typed[len - 1] = '\0';
	narrow(&ui->menu);
}

/* ---- opening and taking ---- */

void ui_menu(struct ui *ui, const char *title, const struct menu_item *item, size_t nitem,
	     size_t cursor, void (*chosen)(struct ui *ui, int value))
{
	struct menu_item *copy = malloc((nitem + !nitem) * sizeof *copy);
	size_t *fit = malloc((nitem + !nitem) * sizeof *fit);

	menu_close(ui);
	if (!copy || !fit) {
		free(copy);
		free(fit);
		ui_say(ui, STYLE_ERROR, "out of memory");
		return;
	}
	memcpy(copy, item, nitem * sizeof *copy);
	ui->menu = (struct menu){
		.title = title, .item = copy, .fit = fit, .nitem = nitem, .chosen = chosen
	};
	narrow(&ui->menu);
	ui->menu.list.cursor = cursor;
	ui->dirty = true;
}

void menu_close(struct ui *ui)
{
	free(ui->menu.item);
	free(ui->menu.fit);
	ui->menu = (struct menu){ 0 };
}

void act_menu_leave(struct ui *ui)
{
	menu_close(ui);
}

/* Nothing is taken where nothing fits. */
void act_menu_take(struct ui *ui)
{
	const struct menu_item *item = menu_current(ui);
	void (*chosen)(struct ui * ui, int value) = ui->menu.chosen;
	int value;

	if (!item) {
		ui_say(ui, STYLE_WARNING, "nothing of this list contains '%s'", ui->menu.typed);
		return;
	}
	value = item->value;
	menu_close(ui);
	chosen(ui, value);
}

void menu_click(struct ui *ui, int y, int x)
{
	struct menu *menu = &ui->menu;
	size_t row = menu->list.top + (size_t)(y - menu->inside.y);

	if (!layout_within(&menu->inside, y, x) || row >= menu->nfit)
		return;
	menu->list.cursor = row;
	act_menu_take(ui);
}

/* ---- drawing ---- */

struct rect menu_frame(const struct rect *box, struct line *left, struct line *right)
{
	struct rect in = *box, bar = layout_bar(&in);

	draw_blank(box);
	line_draw_bar(left, right, &bar, true, (struct line_span){ 0, 0 });
	return in;
}

/* Columns for the labels, and for all of it. */
static int measure(const struct menu *menu, int *label)
{
	int widest = draw_width(menu->title) + 30, width;
	size_t i;

	*label = 0;
	for (i = 0; i < menu->nitem; i++) {
		width = draw_width(menu->item[i].label);
		*label = width > *label ? width : *label;
	}
	for (i = 0; i < menu->nitem; i++) {
		width = *label + 5 + (menu->item[i].help ? 2 + draw_width(menu->item[i].help) : 0);
		widest = width > widest ? width : widest;
	}
	return widest;
}

enum { MARGIN = 4 };

static struct rect frame_of(struct menu *menu, const struct rect *page, int *label)
{
	int width = measure(menu, label), rows = (int)(menu->nfit ? menu->nfit : 1) + 1;
	struct line left = { .count = 0 }, right = { .count = 0 };
	int most = (int)menu->nitem + 1, top;
	struct rect box;

	most = most < page->height ? most : page->height;
	/* Beside it there is more than the marks of the rows below, or nothing. */
	width = width < page->width - 2 * MARGIN ? width : page->width;
	rows = rows < page->height ? rows : page->height;
	top = page->y +
	      (page->height - most) / 2; /* rows that go leave the others where they are */
	box = (struct rect){ top, page->x + (page->width - width) / 2, rows, width };
	line_add(&left, 0, 1, STYLE_TITLE, "%s", menu->title);
	if (*menu->typed) {
		line_add(&left, 0, 3, STYLE_TITLE, "%s", menu->typed);
		line_add(&right, 1, 2, STYLE_NORMAL, "%zu of %zu fit", menu->nfit, menu->nitem);
	} else {
		line_add(&right, 1, 2, STYLE_NORMAL, "type to narrow");
	}
	return menu_frame(&box, &left, &right);
}

void menu_draw(struct ui *ui)
{
	struct menu *menu = &ui->menu;
	struct rect inside;
	int label, row;

	inside = menu->inside = frame_of(menu, &ui->layout.page, &label);
	list_fit(&menu->list, menu->nfit, inside.height);
	for (row = 0; row < inside.height && menu->list.top + (size_t)row < menu->nfit; row++) {
		size_t i = menu->list.top + (size_t)row;
		const struct menu_item *item = &menu->item[menu->fit[i]];

		draw_cell(&inside, row, 2, label,
			  begins(item->label, menu->typed) ? STYLE_KEY : STYLE_NORMAL, item->label);
		if (item->help)
			draw_cell(&inside, row, label + 4, inside.width - label - 4, STYLE_DIM,
				  item->help);
		if (i == menu->list.cursor)
			draw_focus(&inside, row, true);
	}
}
