/* The tour's life, and how it looks: a bar and the text of a step. */
#include "tour.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions.h"
#include "tour-steps.h"
#include "words.h"

static const struct tour_step *step_of(const struct ui *ui)
{
	return &tour_steps[ui->tour.step];
}

/* ---- life ---- */

/* A mapping from before the tour is as good as one of its own. */
static void take_any(struct ui *ui)
{
	const struct pcp_client *client = session_client(ui->session);

	for (size_t i = pcp_client_nmappings(client); i-- > 0 && !ui->tour.mapping;) {
		const struct pcp_mapping *m = pcp_client_mapping_at(client, i);

		if (m->opcode == PCP_MAP && !m->unconfirmed && pcp_mapping_stands(m))
			ui->tour.mapping = m->id;
	}
}

/* What was done before counts: it cannot be done again. */
static void take_stock(struct ui *ui)
{
	struct tour *tour = &ui->tour;

	tour->on = true;
	ui->hello[0] = '\0'; /* it offered this */
	if (!tour->mapping)
		take_any(ui);
	if (tour->explained)
		return;
	tour->before = tour_done_before(ui, step_of(ui));
	tour->explained = tour->before != 0;
}

static void begin_step(struct ui *ui, size_t step)
{
	const struct log *log = session_log(ui->session);
	size_t n = log_nexchanges(log);

	ui->tour = (struct tour){ .begun = true,
				  .step = step,
				  .mapping = ui->tour.mapping,
				  .exchange = n ? log_exchange_at(log, n - 1)->id : 0 };
	take_stock(ui);
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
		take_stock(ui);
	ui_dirty(ui);
}

void tour_go(struct ui *ui, const char *typed)
{
	const char *why = why_not_tour(ui);
	unsigned long step;
	char *end;

	errno = 0;
	step = strtoul(typed, &end, 10);
	if (why || !*typed || (!ui->tour.begun && !strcmp(typed, "next")))
		act_tour(ui);
	else if (!strcmp(typed, "next"))
		act_tour_next(ui);
	else if (*end || errno || typed[0] == '-' || step < 1 || step > tour_nsteps)
		ui_say(ui, STYLE_ERROR, "tour: '%s' is neither next nor a step from 1 to %zu",
		       pcp_quoted(typed).text, tour_nsteps);
	else
		begin_step(ui, step - 1);
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
	ui_say(ui, STYLE_NORMAL,
	       "the tour waits at step %zu: t or :tour goes on, :tour next with the one after",
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
	if ((step_of(ui)->heard && step_of(ui)->heard(ui, event)) ||
	    (step_of(ui)->refusal && event->kind == CLIENT_ANSWERED &&
	     event->result == step_of(ui)->refusal))
		done(ui);
}

void tour_look(struct ui *ui)
{
	if (ui->tour.on && !ui->tour.explained && step_of(ui)->seen && step_of(ui)->seen(ui))
		done(ui);
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
static void put_piece(struct pen *pen, const struct tour_piece *piece, bool glued)
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
	struct tour_piece piece;
	bool blank = false; /* the piece before ended with one */

	while (tour_piece(ui, &text, &piece)) {
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
	tour_text(ui, in.width < 78, text, sizeof text);
	draw_words(ui, text, &pen);
	if (pen.cut)
		draw_text(&in, in.height - 1, in.width - 1, STYLE_DIM, draw_glyph(GLYPH_ELLIPSIS));
}
