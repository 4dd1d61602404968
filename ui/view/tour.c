/* The tour's life, and how it looks: a bar and the text of a step, whose keys can be typed for
 * whoever reads it. */
#include "tour.h"

#include <stdio.h>
#include <string.h>

#include "actions.h"
#include "press.h"
#include "tour-steps.h"

static const struct tour_step *step_of(const struct ui *ui)
{
	return &tour_steps[ui->tour.step];
}

/* ---- life ---- */

static void begin_step(struct ui *ui, size_t step)
{
	const struct log *log = session_log(ui->session);
	size_t n = log_nexchanges(log);

	ui->tour = (struct tour){ .on = true,
				  .begun = true,
				  .step = step,
				  .mapping = ui->tour.mapping,
				  .exchange = n ? log_exchange_at(log, n - 1)->id : 0 };
	ui_dirty(ui);
}

const char *why_not_tour(struct ui *ui)
{
	return session_lab(ui->session)
		       ? NULL
		       : "the tour needs a gateway to practise on: start pcpscope with --lab";
}

void act_tour(struct ui *ui)
{
	const char *why = why_not_tour(ui);

	if (why)
		ui_say(ui, STYLE_WARNING, "%s", why);
	else if (!ui->tour.begun)
		begin_step(ui, 0);
	else
		ui->tour.on = true;
	ui_dirty(ui);
}

void act_tour_next(struct ui *ui)
{
	if (ui->tour.step + 1 < tour_nsteps) {
		begin_step(ui, ui->tour.step + 1);
		return;
	}
	ui->tour = (struct tour){ .on = false };
	ui_say(ui, STYLE_OK, "the tour is over; :tour begins it anew");
}

void tour_pause(struct ui *ui)
{
	if (!ui->tour.on)
		return;
	ui->tour.on = false;
	ui_say(ui, STYLE_NORMAL, "the tour waits at step %zu: t or :tour goes on",
	       ui->tour.step + 1);
}

void tour_offer(struct ui *ui)
{
	char send[32], tour[32];

	if (!session_lab(ui->session) || session_replay(ui->session))
		return;
	ui_key_of(ui, "send", send, sizeof send);
	ui_key_of(ui, "tour", tour, sizeof tour);
	snprintf(ui->hello, sizeof ui->hello,
		 "%s begins the tour, PCP in ten minutes; %s sends what Compose holds", tour, send);
}

static void done(struct ui *ui)
{
	ui->tour.explained = true;
	ui_dirty(ui);
}

/* Who deleted what the lesson is about asks for another. */
static void take_another(struct ui *ui, const struct pcp_client_event *event)
{
	const struct pcp_mapping *ours = tour_mapping(ui);

	if (event->kind == CLIENT_MAPPING && event->mapping->state == MAPPING_GRANTED &&
	    event->mapping->opcode == PCP_MAP && !(ours && pcp_mapping_stands(ours)))
		ui->tour.mapping = event->mapping->id;
}

void tour_heard(struct ui *ui, const struct pcp_client_event *event)
{
	if (!ui->tour.on || ui->tour.explained)
		return;
	take_another(ui, event);
	if (step_of(ui)->heard && step_of(ui)->heard(ui, event))
		done(ui);
}

void tour_look(struct ui *ui)
{
	if (ui->tour.on && !ui->tour.explained && step_of(ui)->seen && step_of(ui)->seen(ui))
		done(ui);
}

/* ---- what it says now ---- */

/* The place of a step's text {name}, with what it stands for. */
static void put_values(struct ui *ui, const char *from, char *buf, size_t cap)
{
	size_t n = 0;

	while (*from && n + 1 < cap) {
		char value[PCP_ADDR_TEXT + 8];
		const char *end = *from == '{' ? strchr(from, '}') : NULL;

		if (!end) {
			buf[n++] = *from++;
			continue;
		}
		tour_value(ui, from + 1, (size_t)(end - from - 1), value, sizeof value);
		n += (size_t)snprintf(buf + n, cap - n, "%s", value);
		from = end + 1;
	}
	buf[n < cap ? n : cap - 1] = '\0';
}

static void what_to_do(struct ui *ui, const char **why, const char **act)
{
	const struct tour_step *step = step_of(ui);
	const char *back = tour_way_back(ui, step);

	*why = step->why;
	*act = back ? back : step->wait && tour_waiting(ui) ? step->wait : step->act;
}

/* Where there is little room, what to do comes first. */
static void text_of(struct ui *ui, bool narrow, char *buf, size_t cap)
{
	char text[TOUR_TEXT];
	const char *why, *act;

	if (ui->tour.explained) {
		snprintf(text, sizeof text, "%s `<tour-next>` %s.", step_of(ui)->saw,
			 ui->tour.step + 1 < tour_nsteps ? "goes on" : "ends the tour");
	} else {
		what_to_do(ui, &why, &act);
		snprintf(text, sizeof text, "%s %s", narrow ? act : why, narrow ? why : act);
	}
	put_values(ui, text, buf, cap);
}

/* The key of a binding, by preference one that a form's field does not take for a value. */
static ui_key key_of(const struct ui *ui, const char *name, size_t len)
{
	size_t i, k;

	for (i = 0; i < ui_nbindings; i++) {
		const ui_key *key = ui->keys.key[i];

		if (strlen(ui_bindings[i].name) != len || strncmp(ui_bindings[i].name, name, len))
			continue;
		for (k = 0; k < KEYS_PER_BINDING && key[k]; k++)
			if (key[k] < '0' || key[k] > '9')
				return key[k];
		return key[0];
	}
	return UI_KEY_NONE;
}

/* One piece of the text: plain, or what is to be typed. */
struct piece {
	bool key;
	char text[200];
	ui_key press; /* UI_KEY_NONE: the text as it stands */
};

/* Takes the next piece off; false at the end. */
static bool next_piece(struct ui *ui, const char **from, struct piece *piece)
{
	bool key = **from == '`';
	const char *start = *from + key;
	size_t len = strcspn(start, "`");

	if (!*start)
		return false;
	*from = start + len + (key && start[len]);
	piece->key = key;
	piece->press = UI_KEY_NONE;
	if (key && len > 2 && start[0] == '<' && start[len - 1] == '>') {
		piece->press = key_of(ui, start + 1, len - 2);
		ui_key_name(piece->press, piece->text, sizeof piece->text);
	} else {
		snprintf(piece->text, sizeof piece->text, "%.*s", (int)len, start);
	}
	return true;
}

/* ---- how it looks ---- */

/* A pen that goes on to the next row where a word does not fit; it draws nothing where `in` is high
 * as nothing. */
struct pen {
	const struct rect *in;
	int row, col;
	bool cut;
};

enum { INDENT = 2 };

static void put_word(struct pen *pen, enum style style, const char *word, bool blank)
{
	int width = draw_width(word), most = pen->in->width - (blank || width > 1);

	/* A full stop stays with its key. */
	if (pen->col + blank + width > most && pen->col > INDENT) {
		pen->row++;
		pen->col = INDENT;
		blank = false;
	}
	if (pen->row >= pen->in->height) {
		pen->cut = true;
		return;
	}
	pen->col = draw_text(pen->in, pen->row, pen->col + blank, style, word);
}

/* Breaks at blanks; what is to be typed stays whole where a row has room for it. */
static void put_piece(struct pen *pen, const struct piece *piece, bool glued)
{
	enum style style = piece->key ? STYLE_KEY : STYLE_NORMAL;
	bool whole = piece->key && draw_width(piece->text) < pen->in->width - 1 - INDENT;
	const char *at = piece->text;
	char word[sizeof piece->text];

	while (*at) {
		size_t blanks = strspn(at, " "), len;

		at += blanks;
		len = whole ? strlen(at) : strcspn(at, " ");
		snprintf(word, sizeof word, "%.*s", (int)len, at);
		if (len)
			put_word(pen, style, word, blanks && !glued);
		glued = false;
		at += len;
	}
}

static void draw_words(struct ui *ui, const char *text, struct pen *pen)
{
	struct piece piece;
	bool blank = false; /* the piece before ended with one */

	while (next_piece(ui, &text, &piece)) {
		size_t len = strlen(piece.text);

		if (blank && *piece.text != ' ') {
			memmove(piece.text + 1, piece.text,
				len < sizeof piece.text - 1 ? len + 1 : len);
			piece.text[0] = ' ';
		}
		blank = len && !piece.key && piece.text[strlen(piece.text) - 1] == ' ';
		put_piece(pen, &piece, pen->col == INDENT);
	}
}

/* Rows that the longest text of a step takes, roughly: three of a wide terminal. */
int tour_rows(struct ui *ui, int width, int height)
{
	enum { LINES = 3, COLUMNS = 78, PAGE_LEAST = 3 };
	int lines = LINES, most = height - 4 - (height >= LAYOUT_MEANING_HEIGHT) - PAGE_LEAST;

	if (!ui->tour.on || width < LAYOUT_MIN_WIDTH || height < LAYOUT_MIN_HEIGHT)
		return 0;
	if (width < COLUMNS + INDENT)
		lines = (LINES * COLUMNS + width - 1) / (width - INDENT - 1);
	return 1 + (lines < most ? lines : most);
}

static void draw_bar(struct ui *ui, const struct rect *in)
{
	struct line left = { .count = 0 }, right = { .count = 0 };
	char next[32], type[32], pause[32];
	bool marks = !theme_has_grounds(), away = ui->page == VIEW_COUNT && !ui->restart.server &&
						  !session_task(ui->session) && !ui->place.zoom;
	size_t i;

	ui_key_of(ui, "tour-next", next, sizeof next);
	ui_key_of(ui, "tour-type", type, sizeof type);
	ui_key_of(ui, "dismiss", pause, sizeof pause);
	line_add(&left, 0, 0, STYLE_BADGE, marks ? "[Tour]" : " Tour ");
	line_add(&left, 1, 2, STYLE_DIM, "%zu of %zu", ui->tour.step + 1, tour_nsteps);
	line_add(&left, 0, 2, STYLE_TITLE, "%s", step_of(ui)->title);
	for (i = 0; i < tour_nsteps && !draw_plain(); i++)
		line_add(&left, 2, i ? 0 : 3, i < ui->tour.step + 1 ? STYLE_OK : STYLE_FAINT, "%s",
			 draw_glyph(i < ui->tour.step + 1 ? GLYPH_BAR_LEFT : GLYPH_BAR_USED));
	line_add(&right, 1, 0, STYLE_KEY, "%s", ui->tour.explained ? next : type);
	line_add(&right, 1, 1, STYLE_NORMAL, "%s", ui->tour.explained ? "next" : "types it");
	if (away) {
		line_add(&right, 2, 2, STYLE_KEY, "%s", pause);
		line_add(&right, 2, 1, STYLE_NORMAL, "pause");
	}
	line_draw_bar(&left, &right, in, false, (struct line_span){ 0, 0 });
}

void tour_draw(struct ui *ui)
{
	struct rect in = ui->layout.above_answer, bar = layout_bar(&in);
	struct pen pen = { .in = &in, .col = INDENT };
	char text[TOUR_TEXT];

	if (!ui->tour.on || bar.height == 0)
		return;
	draw_bar(ui, &bar);
	if (ui->tour.explained)
		pen.col = draw_format(&in, 0, INDENT, STYLE_OK, "%s ", draw_glyph(GLYPH_OK));
	text_of(ui, in.width < 78, text, sizeof text);
	draw_words(ui, text, &pen);
	if (pen.cut)
		draw_text(&in, in.height - 1, in.width - 1, STYLE_DIM, draw_glyph(GLYPH_ELLIPSIS));
}

/* ---- typing it for somebody ---- */

const char *why_not_tour_type(struct ui *ui)
{
	return ui->tour.on ? NULL : "the tour is not in sight: t or :tour begins it";
}

/* A command that was begun by hand is typed afresh. */
static void type_text(struct ui *ui, const char *text)
{
	if (*text == ':' && ui_where(ui) == IN_TEXT) {
		press_key(ui, key_of(ui, "erase-line", strlen("erase-line")));
		text++;
	}
	for (; *text; text++)
		press_key(ui, (unsigned char)*text);
}

void act_tour_type(struct ui *ui)
{
	char text[TOUR_TEXT];
	const char *from = text;
	struct piece piece;

	text_of(ui, false, text, sizeof text);
	while (next_piece(ui, &from, &piece))
		if (piece.key && piece.press != UI_KEY_NONE)
			press_key(ui, piece.press);
		else if (piece.key)
			type_text(ui, piece.text);
}
