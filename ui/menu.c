/* Menus: a short list to choose from, over everything else. */
#include "menu.h"

#include <stdlib.h>
#include <string.h>

#include "actions.h"
#include "desk.h"
#include "line.h"

void act_menu_leave(struct ui *ui)
{
	free(ui->menu.item);
	ui->menu.item = NULL;
}

void act_menu_take(struct ui *ui)
{
	int value = ui->menu.item[ui->menu.list.cursor].value;

	act_menu_leave(ui);
	ui->menu.chosen(ui, value);
}

void ui_menu(struct ui *ui, const char *title, const struct menu_item *item, size_t nitem,
	     size_t cursor, void (*chosen)(struct ui *ui, int value))
{
	struct menu_item *copy = malloc((nitem + !nitem) * sizeof *copy);

	free(ui->menu.item);
	ui->menu = (struct menu){ 0 };
	if (!copy) {
		ui_say(ui, STYLE_ERROR, "out of memory");
		return;
	}
	memcpy(copy, item, nitem * sizeof *copy);
	ui->menu = (struct menu){ .title = title, .item = copy, .nitem = nitem, .chosen = chosen };
	ui->menu.list.count = nitem;
	ui->menu.list.cursor = cursor;
	ui->dirty = true;
}

struct rect menu_frame(const struct rect *box, const char *title)
{
	struct rect in = *box, bar = layout_bar(&in);
	struct line left = { .count = 0 }, right = { .count = 0 };

	draw_blank(box);
	line_add(&left, 0, 1, STYLE_TITLE, "%s", title);
	line_draw_bar(&left, &right, &bar, true, (struct line_span){ 0, 0 });
	return in;
}

void menu_draw(struct ui *ui)
{
	struct menu *menu = &ui->menu;
	struct rect box = ui->layout.page, inside;
	int widest = draw_width(menu->title) + 4, label = 0, row, width;
	size_t i;

	for (i = 0; i < menu->nitem; i++) {
		width = draw_width(menu->item[i].label);
		label = width > label ? width : label;
	}
	for (i = 0; i < menu->nitem; i++) {
		width = label + 4 + (menu->item[i].help ? 2 + draw_width(menu->item[i].help) : 0);
		widest = width > widest ? width : widest;
	}
	width = widest < box.width - 2 ? widest : box.width - 2;
	row = (int)menu->nitem + 1 < box.height ? (int)menu->nitem + 1 : box.height;
	box = (struct rect){ box.y + (box.height - row) / 2, box.x + (box.width - width) / 2, row,
			     width };
	inside = menu->inside = menu_frame(&box, menu->title);
	list_fit(&menu->list, menu->nitem, inside.height);
	for (row = 0; row < inside.height && menu->list.top + (size_t)row < menu->nitem; row++) {
		const struct menu_item *item = &menu->item[menu->list.top + (size_t)row];
		bool here = menu->list.top + (size_t)row == menu->list.cursor;

		draw_cell(&inside, row, 2, label, STYLE_NORMAL, item->label);
		if (item->help)
			draw_cell(&inside, row, label + 4, inside.width - label - 4, STYLE_DIM,
				  item->help);
		if (here)
			draw_focus(&inside, row, true);
	}
}

void menu_click(struct ui *ui, int y, int x)
{
	struct menu *menu = &ui->menu;
	size_t item = menu->list.top + (size_t)(y - menu->inside.y);

	if (!layout_within(&menu->inside, y, x) || item >= menu->nitem)
		return;
	menu->list.cursor = item;
	act_menu_take(ui);
}
