/* The lines below the panes: answer, meaning, keys. */
#include "foot.h"

#include <stdio.h>
#include <string.h>

#include "actions.h"
#include "line.h"
#include "prompt.h"
#include "screen.h"
#include "view.h"

/* ---- the answer ---- */

/* What was said is news until the next key, and two seconds at least; then the answer is back. */
static bool is_news(struct ui *ui)
{
	if (!*ui->message)
		return false;
	if (ui->said.until && loop_now(session_loop(ui->session)) >= ui->said.until) {
		ui->message[0] = '\0';
		return false;
	}
	if (ui->said.until && ui->tick_at > ui->said.until)
		ui->tick_at = ui->said.until;
	return true;
}

static enum style badge_of(enum style style)
{
	switch (style) {
	case STYLE_OK:
		return STYLE_BADGE_OK;
	case STYLE_ERROR:
		return STYLE_BADGE_ERROR;
	case STYLE_WARNING:
	case STYLE_WAITING:
		return STYLE_BADGE_WAITING;
	default:
		return STYLE_BADGE;
	}
}

/* What stands in the answer line now. A long sentence goes on in the line of meaning. */
struct said {
	const char *text, *badge;
	enum style style; /* of the badge */
	const char *time; /* taken, at the right edge; "": none */
};

/* A server restarted: what that means now, and what can be done. */
static const char *restart_text(struct ui *ui)
{
	const struct pcp_client_server *server =
		pcp_client_server(session_client(ui->session), ui->restart.server);
	char recover[32], dismiss[32];
	size_t cap = sizeof ui->restart.text;

	if (!server)
		return "";
	ui_key_of(ui, "recover", recover, sizeof recover);
	ui_key_of(ui, "dismiss", dismiss, sizeof dismiss);
	if (server->nlost)
		snprintf(ui->restart.text, cap,
			 "The gateway restarted (%s): %u mapping%s lost; %s makes %s again, %s "
			 "hides this",
			 ui->restart.reason, server->nlost, pcp_s(server->nlost), recover,
			 server->nlost == 1 ? "it" : "them", dismiss);
	else
		snprintf(ui->restart.text, cap,
			 "The gateway restarted (%s); no mapping is lost now. %s hides this",
			 ui->restart.reason, dismiss);
	return ui->restart.text;
}

static const struct {
	enum glyph glyph;
	enum style style;
} badges[] = {
	[ANSWER_GRANTED] = { GLYPH_OK, STYLE_BADGE_OK },
	[ANSWER_OTHERWISE] = { GLYPH_DIFFERS, STYLE_BADGE_WAITING },
	[ANSWER_REFUSED] = { GLYPH_REFUSED, STYLE_BADGE_ERROR },
	[ANSWER_WAITING] = { GLYPH_WAITING, STYLE_BADGE_WAITING },
	[ANSWER_IGNORED] = { GLYPH_IGNORED, STYLE_BADGE_WAITING },
	[ANSWER_SILENT] = { GLYPH_REFUSED, STYLE_BADGE_ERROR },
	[ANSWER_UNREACHABLE] = { GLYPH_REFUSED, STYLE_BADGE_ERROR },
	[ANSWER_HELD] = { GLYPH_WAITING, STYLE_BADGE_WAITING },
	[ANSWER_CANCELLED] = { GLYPH_GONE, STYLE_BADGE },
};

/* What came of what was asked last, as wide as the line is. */
static bool tell(struct ui *ui, int width, struct said *said)
{
	const struct answer answer = { .log = session_log(ui->session),
				       .client = session_client(ui->session),
				       .exchange = ui->told.exchange,
				       .now = session_now(ui->session),
				       .ascii = !strcmp(draw_glyph(GLYPH_DIFFERS), "#"),
				       .example = session_lab(ui->session) != NULL,
				       .lab_why = session_lab_why(ui->session, ui->told.exchange) };
	enum answer_verdict verdict = answer_verdict(&answer);
	char *time;

	if (verdict == ANSWER_UNKNOWN)
		return false;
	if (verdict == ANSWER_WAITING || verdict == ANSWER_IGNORED || verdict == ANSWER_HELD)
		ui_counts_down(ui);
	snprintf(ui->told.badge, sizeof ui->told.badge, "%s #%u", draw_glyph(badges[verdict].glyph),
		 ui->told.exchange);
	width -= draw_width(ui->told.badge) + 4;
	answer_sentence(&answer, width > 0 ? (unsigned)width : 1, ui->told.text,
			sizeof ui->told.text);
	time = strstr(ui->told.text, "  "); /* it stands apart, at the right edge */
	if (time)
		*time = '\0';
	*said = (struct said){ ui->told.text, ui->told.badge, badges[verdict].style,
			       time ? time + 2 : "" };
	return true;
}

/* What the view in front tells there. */
static bool view_tells(struct ui *ui, struct said *said)
{
	const struct view *view = ui_views[ui_front(ui)];
	struct view_answer answer = { "", "" };
	enum style style = view->answer ? view->answer(ui, &answer) : STYLE_COUNT;

	if (style == STYLE_COUNT)
		return false;
	snprintf(ui->told.text, sizeof ui->told.text, "%s", answer.text);
	snprintf(ui->told.badge, sizeof ui->told.badge, "%s", answer.badge);
	*said = (struct said){ ui->told.text, ui->told.badge, style, "" };
	return true;
}

static struct said what_is_said(struct ui *ui, int width)
{
	struct said said;

	if (*ui->question.text)
		return (struct said){ ui->question.text, "?", STYLE_BADGE_WAITING, "" };
	if (ui->editing.label[0] && ui->input)
		return (struct said){ ui->message, "edit", STYLE_BADGE, "" };
	if (is_news(ui) && !ui->said.below) {
		const char *badge = ui->message_style == STYLE_OK	 ? draw_glyph(GLYPH_OK)
				    : ui->message_style == STYLE_ERROR	 ? draw_glyph(GLYPH_REFUSED)
				    : ui->message_style == STYLE_WARNING ? draw_glyph(GLYPH_FINDING)
									 : draw_glyph(GLYPH_NOTE);
		return (struct said){ ui->message, badge, badge_of(ui->message_style), "" };
	}
	if (view_tells(ui, &said))
		return said;
	if (ui->restart.server)
		return (struct said){ restart_text(ui), draw_glyph(GLYPH_GONE), STYLE_BADGE_ERROR,
				      "" };
	if (ui->told.exchange && tell(ui, width, &said))
		return said;
	return (struct said){ ui->hello, *ui->hello ? "hello" : "", STYLE_BADGE_OK, "" };
}

/* " edit  Remote address: 198.51.10  IPv4 or IPv6 address of the peer". */
static void draw_edit(struct ui *ui, const struct rect *in)
{
	int col = draw_text(in, 0, 0, STYLE_BADGE, " edit ");

	col = draw_format(in, 0, col + 1, STYLE_NORMAL, "%s: ", ui->editing.label);
	col = draw_text(in, 0, col, STYLE_TITLE, ui->input->text) + 2;
	if (*ui->message)
		draw_prose(in, 0, col, in->width - col, ui->message_style, ui->message);
	else
		draw_prose(in, 0, col, in->width - col, STYLE_DIM, ui->editing.help);
}

/* Returns whether it needed the line of meaning, too. */
static bool draw_answer(struct ui *ui, const struct rect *in, const struct rect *meaning)
{
	struct said said = what_is_said(ui, in->width);
	struct rect both = { in->y, in->x, 1 + meaning->height, in->width };
	int col = 1, time = draw_width(said.time);

	if (ui->editing.label[0] && ui->input) {
		draw_edit(ui, in);
		return false;
	}
	if (*ui->question.text) /* what is asked has the focus */
		draw_cursor(in, 0, 0);
	if (*said.badge)
		col = draw_format(in, 0, 0, said.style, " %s ", said.badge) + 1;
	if (col + draw_width(said.text) > in->width)
		return draw_wrap(&both, 0, col, STYLE_NORMAL, said.text) > 1;
	draw_text(in, 0, col, STYLE_NORMAL, said.text);
	if (time && col + draw_width(said.text) + 2 + time < in->width)
		draw_text(in, 0, in->width - 1 - time, STYLE_DIM, said.time);
	return false;
}

/* ---- the meaning ---- */

/* Where there is no room for all, whole clauses: half of one may mean the contrary. */
static void cut_clauses(char *text, size_t cap, int width)
{
	size_t i, end = 0;

	if (draw_width(text) <= width)
		return;
	for (i = 2; text[0] && text[1] && text[i] && (int)i <= width - 2; i++)
		if (text[i] == ' ' &&
		    (text[i - 1] == ';' || (text[i - 1] == '.' && text[i - 2] != '.')))
			end = i - (text[i - 1] == ';');
	if (end) /* a clause was there: the mark has room */
		snprintf(text + end, cap - end, " %s", draw_glyph(GLYPH_ELLIPSIS));
}

static void draw_meaning(struct ui *ui, const struct rect *in)
{
	const struct view *view = ui_views[ui_front(ui)];
	const struct menu_item *item = menu_current(ui);
	char text[sizeof ui->question.more] = "";

	if (*ui->question.text)
		snprintf(text, sizeof text, "%s", ui->question.more);
	else if (is_news(ui) && ui->said.below)
		snprintf(text, sizeof text, "%s", ui->message);
	else if (item && item->help)
		snprintf(text, sizeof text, "%s: %s", item->label, item->help);
	else if (view->meaning)
		view->meaning(ui, text, sizeof text);
	if (!*ui->question.text) /* of a question each word counts */
		cut_clauses(text, sizeof text, in->width - 1);
	draw_prose(in, 0, 1, in->width - 1, STYLE_DIM, text);
}

/* ---- the keys ---- */

/* Whether its first key does this now: looked up as in dispatch, where another may come before. */
static bool applies(struct ui *ui, const struct binding *binding)
{
	unsigned where = ui_where(ui);
	ui_key first = ui->keys.key[binding - ui_bindings][0];

	return binding->footer && binding->where & where &&
	       !(binding->why_not && binding->why_not(ui)) &&
	       (!first || keymap_find(&ui->keys, where, first) == binding);
}

/* These stand at the right edge. */
static bool at_edge(const struct binding *binding)
{
	return binding->run == act_help || binding->run == act_prompt || binding->run == act_quit ||
	       binding->run == act_close || binding->run == act_return;
}

/* What is particular to the place comes first: bindings that work in fewer places. */
static bool particular(struct ui *ui, const struct binding *binding)
{
	if (binding->run == act_send)
		return ui_front(ui) == VIEW_COMPOSE || ui_front(ui) == VIEW_LAB;
	if (binding->run == act_about) /* the line above says most of it */
		return false;
	if (binding->run == act_probe) /* what waits may wait in vain */
		return ui_front(ui) == VIEW_EXCHANGES && !why_not_cancel(ui);
	return (binding->where & IN_PANES) != IN_PANES;
}

static void add_key(struct ui *ui, struct line *line, int rank, const struct binding *binding)
{
	char keys[32];

	ui_key_names(&ui->keys, binding, 1, keys, sizeof keys);
	if (!*keys)
		return;
	line_add(line, rank, line->count ? 2 : 0, STYLE_KEY, "%s", keys);
	line_add(line, rank, 1, STYLE_NORMAL, "%s", binding->footer);
}

enum { KEYS_AT_MOST = 8 };

static size_t add_keys(struct ui *ui, struct line *line, bool first, size_t room)
{
	size_t i;

	for (i = 0; i < ui_nbindings && room; i++)
		if (!at_edge(&ui_bindings[i]) && particular(ui, &ui_bindings[i]) == first &&
		    applies(ui, &ui_bindings[i])) {
			add_key(ui, line, 1 + (int)(KEYS_AT_MOST - room), &ui_bindings[i]);
			room--;
		}
	return room;
}

static void add_edge(struct ui *ui, struct line *line, void (*run)(struct ui *ui), int rank)
{
	size_t i;

	for (i = 0; i < ui_nbindings; i++)
		if (ui_bindings[i].run == run && applies(ui, &ui_bindings[i]))
			add_key(ui, line, rank, &ui_bindings[i]);
}

static void draw_keys(struct ui *ui, const struct rect *in)
{
	struct line left = { .count = 0 }, right = { .count = 0 };
	size_t room;

	add_edge(ui, &right, act_help, 1);
	if (in->width >= LAYOUT_WIDE_WIDTH)
		add_edge(ui, &right, act_prompt, 2);
	add_edge(ui, &right, act_quit, 0);
	add_edge(ui, &right, act_close, 0);
	add_edge(ui, &right, act_return, 0);
	room = add_keys(ui, &left, true, KEYS_AT_MOST);
	add_keys(ui, &left, false, room);
	line_fit(&right, in->width - 2);
	line_fit(&left, in->width - line_width(&right) - 4);
	line_draw(&left, in, 0, screen_addresses());
	line_draw(&right, in, 0, in->width - 1 - line_width(&right));
	draw_ground(in, 0, 0, in->width, STYLE_BAR);
}

void foot_draw(struct ui *ui)
{
	const struct layout *at = &ui->layout;
	struct rect both = { at->answer.y, at->answer.x, 1 + at->meaning.height, at->answer.width };

	draw_keys(ui, &at->keys);
	if (prompt_draw(ui, &both))
		return;
	if (!draw_answer(ui, &at->answer, &at->meaning))
		draw_meaning(ui, &at->meaning);
}
