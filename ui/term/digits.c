/* Countdowns cheaply: a few plain characters, moved to in the fewest octets. */
#include "digits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <ncurses.h>
#include <term.h>

enum { CELLS_MAX = 160, LINE_MAX_CELLS = 512 };

struct cell {
	int y, x;
	char c;
};

static bool able;

void digits_init(void)
{
	const char *down = tigetstr("cud1"), *address = tigetstr("cup"), *left = tigetstr("cub1");

	able = down && down != (char *)-1 && strcmp(down, "\n") == 0 && left &&
	       left != (char *)-1 && strcmp(left, "\b") == 0 && address && address != (char *)-1 &&
	       strcmp(address, "\033[%i%p1%d;%p2%dH") == 0;
}

/* A plain character, alone in its cell; 0: anything else. */
static char plain(const cchar_t *cell)
{
	wchar_t text[CCHARW_MAX + 1];
	attr_t attr;
	short pair;

	if (getcchar(cell, text, &attr, &pair, NULL) != OK || attr != A_NORMAL || pair != 0)
		return 0;
	return text[0] >= ' ' && text[0] < 0x7f && text[1] == 0 ? (char)text[0] : 0;
}

/* The cells of one line that differ; false when one of them is no plain character, or too many. */
static bool compare_line(int y, struct cell *cell, size_t *n)
{
	cchar_t before[LINE_MAX_CELLS + 1], after[LINE_MAX_CELLS + 1];
	int x;

	if (mvwin_wchnstr(curscr, y, 0, before, COLS) != OK ||
	    mvwin_wchnstr(newscr, y, 0, after, COLS) != OK)
		return false;
	for (x = 0; x < COLS; x++) {
		if (memcmp(&before[x], &after[x], sizeof *before) == 0)
			continue;
		if (*n == CELLS_MAX || !plain(&before[x]) || !plain(&after[x]))
			return false;
		cell[(*n)++] = (struct cell){ y, x, plain(&after[x]) };
	}
	return true;
}

/* What differs on the whole screen, in order; the windows' cursors stay where they are. */
static bool compare(struct cell *cell, size_t *n)
{
	int old_y, old_x, new_y, new_x, y;
	bool ok;

	getyx(curscr, old_y, old_x);
	getyx(newscr, new_y, new_x);
	*n = 0;
	ok = old_y == new_y && old_x == new_x && COLS <= LINE_MAX_CELLS;
	for (y = 0; ok && y < LINES; y++)
		if (is_linetouched(newscr, y))
			ok = compare_line(y, cell, n);
	wmove(curscr, old_y, old_x);
	wmove(newscr, new_y, new_x);
	return ok;
}

struct digits_out {
	char text[CELLS_MAX * 12 + 32];
	size_t len;
	int y, x;
};

static void put(struct digits_out *out, char c)
{
	out->text[out->len++] = c;
}

static void address(struct digits_out *out, int y, int x)
{
	out->len += (size_t)snprintf(out->text + out->len, sizeof out->text - out->len,
				     "\033[%d;%dH", y + 1, x + 1);
	out->y = y;
	out->x = x;
}

/* To the cell in the fewest octets: down and left where they are near, else by address. */
static void go(struct digits_out *out, int y, int x)
{
	int down = y - out->y, left = out->x - x;

	if (down == 0 && left == 0)
		return;
	if (down < 0 || down > 3 || left < 0 || left > 4 || out->x >= COLS) {
		address(out, y, x);
		return;
	}
	while (down-- > 0)
		put(out, '\v');
	while (left-- > 0)
		put(out, '\b');
	out->y = y;
	out->x = x;
}

static bool send(const struct digits_out *out)
{
	size_t done = 0;
	ssize_t n;

	for (; done < out->len; done += (size_t)n) {
		n = write(STDOUT_FILENO, out->text + done, out->len - done);
		if (n <= 0)
			return false;
	}
	return true;
}

bool digits_write(void)
{
	struct cell cell[CELLS_MAX];
	struct digits_out out = { .y = -1 };
	size_t n, i;
	int y, x;

	if (!able || is_cleared(curscr) || is_cleared(newscr) || !compare(cell, &n))
		return false;
	if (n == 0)
		return true;
	getyx(curscr, y, x);
	address(&out, cell[0].y, cell[0].x);
	for (i = 0; i < n; i++) {
		go(&out, cell[i].y, cell[i].x);
		put(&out, cell[i].c);
		out.x++;
	}
	address(&out, y, x);
	if (!send(&out))
		return false;
	for (i = 0; i < n; i++) /* what curses believes is on the screen */
		mvwaddch(curscr, cell[i].y, cell[i].x, (chtype)(unsigned char)cell[i].c);
	wmove(curscr, y, x);
	return true;
}
