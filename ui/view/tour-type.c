/* The tour's one key: what the text names is typed for whoever reads it, key by key. */
#include <stdio.h>
#include <string.h>

#include "actions.h"
#include "press.h"
#include "tour-steps.h"

const char *why_not_tour_type(struct ui *ui)
{
	return ui->tour.on ? NULL : "the tour is not in sight: t or :tour begins it";
}

/* A command that was begun by hand is typed afresh. */
static void type_text(struct ui *ui, const char *text)
{
	if (*text == ':' && ui_where(ui) == IN_TEXT) {
		act_text_erase(ui);
		text++;
	}
	for (; *text; text++)
		press_key(ui, (unsigned char)*text);
}

static size_t cursor_of(struct ui *ui)
{
	const struct view *view = ui_views[ui_front(ui)];
	const struct list *list = view->list ? view->list(ui) : NULL;

	return list ? list->cursor : 0;
}

static void keep_typed(struct ui *ui, const char *text)
{
	struct tour *tour = &ui->tour;
	size_t front = ui_front(ui), cursor = cursor_of(ui);
	bool again = !strcmp(tour->typed.text, text) && tour->typed.front == front &&
		     tour->typed.cursor == cursor;

	tour->typed.times = again ? tour->typed.times + 1 : 1;
	tour->typed.front = front;
	tour->typed.cursor = cursor;
	snprintf(tour->typed.text, sizeof tour->typed.text, "%s", text);
}

void act_tour_type(struct ui *ui)
{
	char text[TOUR_TEXT];
	const char *from = text;
	struct tour_piece piece;
	bool any = false;

	tour_text(ui, false, text, sizeof text);
	for (; tour_piece(ui, &from, &piece); any |= piece.key)
		if (piece.key && piece.press != UI_KEY_NONE)
			press_key(ui, piece.press);
		else if (piece.key)
			type_text(ui, piece.text);
	if (any)
		keep_typed(ui, text);
}
