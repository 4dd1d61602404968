/* Countdowns cheaply: a few plain characters, moved to in the fewest octets. */
#include "digits.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <ncurses.h>
#include <term.h>

enum { CELLS_MAX = 160, LINE_MAX_CELLS = 512 };

struct cell {
	int y, x;
	char c;
	attr_t attr; /* of a ground that it stands on, else A_NORMAL and pair 0 */
	short pair;
};

static bool able;

void digits_init(void)
{
	const char *down = tigetstr("cud1"), *address = tigetstr("cup"), *left = tigetstr("cub1");

	able = down && down != (char *)-1 && strcmp(down, "\n") == 0 && left &&
	       left != (char *)-1 && strcmp(left, "\b") == 0 && address && address != (char *)-1 &&
	       strcmp(address, "\033[%i%p1%d;%p2%dH") == 0;
}

/* The ground of the row under the cursor: a background and nothing else, or reverse video alone. */
static bool is_ground(attr_t attr, short pair)
{
	short fore, back;

	if (pair == 0)
		return attr == A_NORMAL || attr == A_REVERSE;
	if (pair_content(pair, &fore, &back) != OK || fore >= 0)
		return false;
	return attr == A_NORMAL || (attr == A_REVERSE && back < 0);
}

/* A plain character, alone in its cell and on a ground at most; 0: anything else. */
static char plain(const cchar_t *from, struct cell *cell)
{
	wchar_t text[CCHARW_MAX + 1];

	if (getcchar(from, text, &cell->attr, &cell->pair, NULL) != OK)
		return 0;
	cell->attr &= ~(attr_t)A_COLOR;
	if (!is_ground(cell->attr, cell->pair))
		return 0;
	return text[0] >= ' ' && text[0] < 0x7f && text[1] == 0 ? (char)text[0] : 0;
}

/* The cells of one line that differ; false when one of them differs in more than a plain character,
 * or too many do. */
static bool compare_line(int y, struct cell *cell, size_t *n)
{
	static cchar_t before[LINE_MAX_CELLS + 1], after[LINE_MAX_CELLS + 1]; /* 28 kB */
	struct cell old;
	int x;

	if (mvwin_wchnstr(curscr, y, 0, before, COLS) != OK ||
	    mvwin_wchnstr(newscr, y, 0, after, COLS) != OK)
		return false;
	for (x = 0; x < COLS; x++) {
		struct cell *now = &cell[*n];

		if (memcmp(&before[x], &after[x], sizeof *before) == 0)
			continue;
		if (*n == CELLS_MAX || !plain(&before[x], &old) ||
		    !(now->c = plain(&after[x], now)) || old.attr != now->attr ||
		    old.pair != now->pair)
			return false;
		now->y = y;
		now->x = x;
		(*n)++;
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
	char text[CELLS_MAX * 48 + 32];
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

static void say(struct digits_out *out, const char *sequence)
{
	size_t len = sequence && sequence != (const char *)-1 ? strlen(sequence) : 0;

	if (len < 32)
		memcpy(out->text + out->len, sequence, len);
	out->len += len < 32 ? len : 0;
}

/* The character on its ground, which ends behind it (ECMA-48 8.3.117). */
static void put_on_ground(struct digits_out *out, const struct cell *cell)
{
	short fore = 0, back = -1;

	if (cell->pair && pair_content(cell->pair, &fore, &back) == OK && back >= 0)
		say(out, tparm(tigetstr("setab"), (long)back));
	if (cell->attr & A_REVERSE)
		say(out, "\033[7m");
	put(out, cell->c);
	if (back >= 0)
		say(out, "\033[49m");
	if (cell->attr & A_REVERSE)
		say(out, "\033[27m");
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
	struct cell cell[CELLS_MAX + 1];
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
		put_on_ground(&out, &cell[i]);
		out.x++;
	}
	address(&out, y, x);
	if (!send(&out))
		return false;
	for (i = 0; i < n; i++) /* what curses believes is on the screen */
		mvwaddch(curscr, cell[i].y, cell[i].x,
			 (chtype)(unsigned char)cell[i].c | (chtype)cell[i].attr |
				 (chtype)COLOR_PAIR(cell[i].pair));
	wmove(curscr, y, x);
	return true;
}
