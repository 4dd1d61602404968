/* What other views ask of Exchanges. */
#ifndef VIEW_EXCHANGES_H
#define VIEW_EXCHANGES_H

#include "view.h"

struct message;

/* The two marked messages; false when there are not two. */
bool exchanges_marks(struct ui *ui, const struct message *message[2]);
/* Whether the message is one of them. */
bool exchanges_is_marked(struct ui *ui, const struct message *message);

/* What exchanges shall contain to be shown, here and in the ladder; "": all are. */
const char *exchanges_filter(struct ui *ui);
/* Another number: it is another filter. */
uint32_t exchanges_filter_number(struct ui *ui);
/* Whether the filter lets the message pass: any of its exchange contains what is looked for. */
bool exchanges_pass(struct ui *ui, const struct message *message);
/* Whether it is this one, just come, that lets its exchange pass: what went before is to be shown
 * now, too. */
bool exchanges_pass_late(struct ui *ui, const struct message *message);
/* The exchanges of those numbers as its lines have them, under its headings, in another view's
 * rectangle; what is no longer kept is left out. */
void exchanges_draw_these(struct ui *ui, const struct rect *in, const uint32_t *exchange,
			  size_t count, size_t chosen);
/* Puts the cursor on the exchange, and it into Decode. */
void exchanges_choose(struct ui *ui, uint32_t exchange);
/* Asks for the filter; takes it away, false: there was none. */
void exchanges_ask_filter(struct ui *ui);
bool exchanges_show_all(struct ui *ui);

#endif
