/* One line of text being typed. */
#include "input.h"

#include <string.h>

#include "draw.h"

void input_set(struct input *input, const char *text)
{
	size_t len = strlen(text);

	if (len >= INPUT_MAX)
		len = INPUT_MAX - 1;
	memcpy(input->text, text, len);
	input->text[len] = '\0';
	input->len = input->cursor = len;
	input->scroll = 0;
	input->fresh = false;
}

static size_t utf8(unsigned long c, char out[4])
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

bool input_type(struct input *input, unsigned long character)
{
	char octets[4];
	size_t n = utf8(character, octets);

	if (input->fresh)
		input_erase(input);
	if (input->len + n >= INPUT_MAX)
		return false;
	memmove(input->text + input->cursor + n, input->text + input->cursor,
		input->len - input->cursor + 1);
	memcpy(input->text + input->cursor, octets, n);
	input->len += n;
	input->cursor += n;
	return true;
}

static bool continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

void input_left(struct input *input)
{
	input->fresh = false;
	if (input->cursor == 0)
		return;
	do
		input->cursor--;
	while (input->cursor && continues(input->text[input->cursor]));
}

void input_right(struct input *input)
{
	input->fresh = false;
	if (input->cursor == input->len)
		return;
	do
		input->cursor++;
	while (input->cursor < input->len && continues(input->text[input->cursor]));
}

void input_start(struct input *input)
{
	input->fresh = false;
	input->cursor = 0;
}

void input_end(struct input *input)
{
	input->fresh = false;
	input->cursor = input->len;
}

/* Takes the octets from `from` to the cursor out. */
static bool take(struct input *input, size_t from)
{
	size_t n = input->cursor - from;

	input->fresh = false;
	memmove(input->text + from, input->text + input->cursor, input->len - input->cursor + 1);
	input->len -= n;
	input->cursor = from;
	return n > 0;
}

bool input_backspace(struct input *input)
{
	size_t end = input->cursor, from;

	input_left(input);
	from = input->cursor;
	input->cursor = end;
	return take(input, from);
}

bool input_delete(struct input *input)
{
	size_t from = input->cursor;

	input_right(input);
	return take(input, from);
}

bool input_erase(struct input *input)
{
	input->cursor = input->len;
	return take(input, 0);
}

bool input_erase_word(struct input *input)
{
	size_t from = input->cursor;

	while (from && input->text[from - 1] == ' ')
		from--;
	while (from && input->text[from - 1] != ' ')
		from--;
	return take(input, from);
}

bool input_cut(struct input *input)
{
	size_t from = input->cursor;

	input->cursor = input->len;
	return take(input, from);
}

/* Columns from octet `from` to the cursor. */
static int columns_to_cursor(const struct input *input, size_t from)
{
	char before[INPUT_MAX];
	size_t n = input->cursor - from;

	memcpy(before, input->text + from, n);
	before[n] = '\0';
	return draw_width(before);
}

void input_draw(struct input *input, const struct rect *in, int row, int col, int width,
		enum style style)
{
	struct rect line = { in->y + row, in->x + col, 1, width };
	int used;

	if (row < 0 || row >= in->height || width <= 0)
		return;
	if (col + width > in->width)
		line.width = in->width - col;
	if (input->scroll > input->cursor)
		input->scroll = input->cursor;
	while (columns_to_cursor(input, input->scroll) >= line.width)
		do
			input->scroll++;
		while (continues(input->text[input->scroll]));
	used = draw_text(&line, 0, 0, style, input->text + input->scroll);
	for (; used < line.width; used++)
		draw_text(&line, 0, used, style, " ");
	draw_cursor(&line, 0, columns_to_cursor(input, input->scroll));
}
