/* The tour's one key: what the text names is typed for whoever reads it, key by key. */
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

void act_tour_type(struct ui *ui)
{
	char text[TOUR_TEXT];
	const char *from = text;
	struct tour_piece piece;

	tour_text(ui, false, text, sizeof text);
	while (tour_piece(ui, &from, &piece))
		if (piece.key && piece.press != UI_KEY_NONE)
			press_key(ui, piece.press);
		else if (piece.key)
			type_text(ui, piece.text);
}
