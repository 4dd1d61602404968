/* The cells of a frame, of which those are written, or curses is told of, that differ from the
 * frame before. */
#include "canvas.h"

#include <stdlib.h>
#include <string.h>
#include <ncurses.h>

#include "pen.h"
#include "theme.h"

/* The second half of a wide character has no text of its own. */
struct cell {
	wchar_t text[CCHARW_MAX];
	attr_t attributes;
};

static struct {
	struct cell *now, *before; /* `before`: as curses has it */
	int width, height;
	attr_t own;
} canvas;

static struct cell *row_of(struct cell *cells, int y)
{
	return cells + (size_t)y * (size_t)canvas.width;
}

static struct cell *cell_at(int y, int x)
{
	return row_of(canvas.now, y) + x;
}

static bool lies_within(int y, int x, int columns)
{
	return y >= 0 && y < canvas.height && x >= 0 && x + columns <= canvas.width;
}

void canvas_forget(void)
{
	free(canvas.now);
	free(canvas.before);
	canvas.now = canvas.before = NULL;
	canvas.width = canvas.height = 0;
}

/* What curses has of another size is nothing that was drawn: no cell has its look. */
static void resize(void)
{
	size_t n = (size_t)COLS * (size_t)LINES;

	canvas_forget();
	canvas.now = calloc(n, sizeof *canvas.now);
	canvas.before = calloc(n, sizeof *canvas.before);
	if (!canvas.now || !canvas.before) {
		canvas_forget();
		return;
	}
	canvas.width = COLS;
	canvas.height = LINES;
}

bool canvas_begin(unsigned long own)
{
	const struct cell blank = { L" ", (attr_t)own };
	size_t row;

	if (canvas.width != COLS || canvas.height != LINES)
		resize();
	canvas.own = (attr_t)own;
	row = (size_t)canvas.width * sizeof *canvas.now;
	for (int x = 0; canvas.height && x < canvas.width; x++)
		canvas.now[x] = blank;
	for (int y = 1; y < canvas.height; y++)
		memcpy(row_of(canvas.now, y), canvas.now, row);
	return canvas.now != NULL;
}

static void join(int y, int x, wchar_t character)
{
	wchar_t *text;
	size_t n;

	while (x > 0 && !cell_at(y, x)->text[0])
		x--; /* that of a wide one is in its first half */
	text = cell_at(y, x)->text;
	n = wcsnlen(text, CCHARW_MAX);
	if (n < CCHARW_MAX)
		text[n] = character;
}

static void set(struct cell *cell, wchar_t character)
{
	if (cell->text[1])
		memset(cell->text, 0, sizeof cell->text);
	cell->text[0] = character;
}

/* A wide character of which one half is covered is gone: the other half is blank. */
static void uncover(struct cell *cell, int x, int columns)
{
	if (x > 0 && !cell->text[0])
		set(cell - 1, L' ');
	if (x + columns < canvas.width && !cell[columns].text[0])
		set(cell + columns, L' ');
}

static attr_t with_own(unsigned long attributes)
{
	attr_t attr = (attr_t)attributes;

	return attr | (canvas.own & ~(attr & A_COLOR ? (attr_t)A_COLOR : 0));
}

void canvas_put(int y, int x, wchar_t character, int columns, unsigned long attributes)
{
	struct cell *cell;

	if (columns == 0 && lies_within(y, x - 1, 1))
		join(y, x - 1, character);
	if (columns == 0 || !lies_within(y, x, columns))
		return;
	cell = cell_at(y, x);
	uncover(cell, x, columns);
	for (int i = 0; i < columns; i++) {
		set(cell + i, i ? 0 : character);
		cell[i].attributes = with_own(attributes);
	}
}

int canvas_put_ascii(int y, int x, const char *text, int width, unsigned long attributes)
{
	attr_t attr = with_own(attributes);
	struct cell *cell;
	int n = 0;

	while (n < width && text[n] >= ' ' && text[n] < 0x7f)
		n++;
	if (n == 0 || !lies_within(y, x, n))
		return n;
	cell = cell_at(y, x);
	uncover(cell, x, n);
	for (int i = 0; i < n; i++) {
		set(cell + i, (wchar_t)text[i]);
		cell[i].attributes = attr;
	}
	return n;
}

void canvas_blank(int y, int x, int width, unsigned long attributes)
{
	attr_t attr = with_own(attributes);
	struct cell *cell;

	if (width > canvas.width - x)
		width = canvas.width - x;
	if (width <= 0 || !lies_within(y, x, width))
		return;
	cell = cell_at(y, x);
	uncover(cell, x, width);
	for (int i = 0; i < width; i++) {
		set(cell + i, L' ');
		cell[i].attributes = attr;
	}
}

unsigned long canvas_attributes(int y, int x)
{
	return lies_within(y, x, 1) ? cell_at(y, x)->attributes : A_NORMAL;
}

bool canvas_is_blank(int y, int x)
{
	return lies_within(y, x, 1) && cell_at(y, x)->text[0] == L' ';
}

void canvas_restyle(int y, int x, int width, unsigned long attributes)
{
	if (!lies_within(y, x, width))
		return;
	for (int i = 0; i < width; i++)
		cell_at(y, x)[i].attributes = (attr_t)attributes;
}

/* ---- curses ---- */

/* So many characters are told at once. */
enum { A_RUN = 64 };

static cchar_t as_curses_has(const struct cell *cell)
{
	wchar_t text[CCHARW_MAX + 1];
	cchar_t character;

	memcpy(text, cell->text, sizeof cell->text);
	text[CCHARW_MAX] = 0;
	setcchar(&character, text, cell->attributes & ~(attr_t)A_COLOR,
		 (short)PAIR_NUMBER(cell->attributes), NULL);
	return character;
}

static void tell(int y, int x, int to)
{
	const struct cell *row = row_of(canvas.now, y);
	cchar_t run[A_RUN];
	int n, from;

	while (x < to) {
		for (n = 0, from = x; x < to && n < A_RUN; x++)
			if (row[x].text[0])
				run[n++] = as_curses_has(&row[x]);
		mvadd_wchnstr(y, from, run, n);
	}
}

static bool is_blank(const struct cell *cell)
{
	return cell->text[0] == L' ' && !cell->text[1];
}

/* Whether both look alike. */
static bool is_same(const struct cell *a, const struct cell *b)
{
	if (a->attributes != b->attributes)
		return is_blank(a) && is_blank(b) && theme_same_blank(a->attributes, b->attributes);
	return a->text[0] == b->text[0] &&
	       ((!a->text[1] && !b->text[1]) || !wmemcmp(a->text, b->text, CCHARW_MAX));
}

/* Where the next character begins that covers no half of one that is, or was, before it; *same:
 * whether nothing changes up to there. */
static int next_whole(const struct cell *now, const struct cell *before, int x, bool *same)
{
	*same = is_same(&now[x], &before[x]);
	for (x++; x < canvas.width && (!now[x].text[0] || !before[x].text[0]); x++)
		*same = *same && is_same(&now[x], &before[x]);
	return x;
}

/* Characters are told whole, and with them what they cover of one that was there before. */
static void tell_row(int y)
{
	const struct cell *now = row_of(canvas.now, y), *before = row_of(canvas.before, y);
	int from = -1, to;
	bool same;

	for (int x = 0; x < canvas.width; x = to) {
		to = next_whole(now, before, x, &same);
		if (same && from >= 0)
			tell(y, from, x);
		from = same ? -1 : from < 0 ? x : from;
	}
	if (from >= 0)
		tell(y, from, canvas.width);
}

/* ---- the pen ---- */

/* Blanks that look like the one there, from it on. */
static int blanks(const struct cell *row, int x)
{
	int n = 0;

	while (x + n < canvas.width && is_blank(&row[x + n]) &&
	       theme_same_blank(row[x].attributes, row[x + n].attributes))
		n++;
	return n;
}

/* Of so many cells those up to the last that changes. */
static int changing(const struct cell *now, const struct cell *before, int n)
{
	while (n > 0 && is_same(&now[n - 1], &before[n - 1]))
		n--;
	return n;
}

/* What lies between the pen and the cell is written again where that is the shorter way. */
static void reach(int y, int x)
{
	const struct cell *row = row_of(canvas.now, y);
	int n = pen_columns_to(y, x);
	bool over = n > 0 && n < 4;

	for (int i = x - n; over && i < x; i++)
		over = row[i].text[0] > 0 && row[i].text[0] < 0x80 && !row[i].text[1] &&
		       pen_has(row[i].attributes);
	for (int i = x - n; over && i < x; i++)
		pen_put(row[i].text, 1, 1, row[i].attributes);
	if (pen_columns_to(y, x) != 0)
		pen_go(y, x);
}

/* The cells from one that begins a character to where the next begins. */
static void write_cells(const struct cell *row, int x, int to)
{
	for (int end; x < to; x = end) {
		for (end = x + 1; end < to && !row[end].text[0];)
			end++;
		pen_put(row[x].text, CCHARW_MAX, end - x, row[x].attributes);
	}
}

static void write_row(int y)
{
	const struct cell *now = row_of(canvas.now, y), *before = row_of(canvas.before, y);
	bool same;

	for (int x = 0, to, n; x < canvas.width; x = to) {
		to = next_whole(now, before, x, &same);
		if (same)
			continue;
		reach(y, x);
		n = to == x + 1 ? blanks(now, x) : 0;
		if (n == 0) {
			write_cells(now, x, to);
			continue;
		}
		to = x + changing(now + x, before + x, n);
		pen_blank(to - x, x + n == canvas.width, now[x].attributes);
	}
}

/* ---- both ---- */

static void each_changed_row(void (*row)(int y))
{
	size_t octets = (size_t)canvas.width * sizeof *canvas.now;

	for (int y = 0; y < canvas.height; y++) {
		if (memcmp(row_of(canvas.now, y), row_of(canvas.before, y), octets) == 0)
			continue;
		row(y);
		memcpy(row_of(canvas.before, y), row_of(canvas.now, y), octets);
	}
}

void canvas_show(void)
{
	each_changed_row(tell_row);
}

void canvas_write(void)
{
	each_changed_row(write_row);
}

void canvas_show_all(void)
{
	for (int y = 0; y < canvas.height; y++)
		tell(y, 0, canvas.width);
	if (canvas.height)
		memcpy(canvas.before, canvas.now,
		       (size_t)canvas.width * (size_t)canvas.height * sizeof *canvas.now);
}
