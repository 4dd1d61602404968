/* The time line of an open capture: when its datagrams came, what was wrong with them, and now. */
#ifndef TIME_LINE_H
#define TIME_LINE_H

struct ui;

/* Rows that it wants below the status line; 0: no capture is open. */
int time_line_rows(const struct ui *ui, int width, int height);
void time_line_draw(struct ui *ui);

#endif
