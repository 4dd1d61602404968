/* Painting: bars, panes, pages, and when a frame is due. */
#include "paint.h"

#include "foot.h"
#include "line.h"
#include "prompt.h"
#include "screen.h"
#include "session-capture.h"
#include "session-follow.h"
#include "status.h"
#include "time-line.h"
#include "view.h"
#include "waiting.h"

/* "[2 Mappings 6]": its key, its name, and how many rows it has, in the colour of the worst. */
static void add_name(struct ui *ui, struct line *line, enum ui_pane pane, const char *before,
		     const char *after)
{
	enum ui_view number = ui_in_pane(ui, pane);
	const struct view *view = ui_views[number];
	enum style worst = STYLE_NORMAL;
	size_t count = view->count ? view->count(ui, &worst) : 0;

	line_add(line, 0, 0, STYLE_TITLE, "%s%d", before, (int)pane + 1);
	line_add(line, 0, 1, STYLE_NORMAL, "%s", ui_view_names[number]);
	if (count)
		line_add(line, 0, 1, worst, "%zu", count);
	line_add(line, 0, 0, STYLE_TITLE, "%s", after);
}

static bool in_front(const struct ui *ui, enum ui_pane pane)
{
	return ui->layout.bar[pane].height > 0;
}

/* Panes that share a place; returns which parts are the one in front. Where names have no room,
 * numbers do. */
static struct line_span add_tabs(struct ui *ui, enum ui_pane pane, struct line *line)
{
	bool marks = !theme_has_grounds();
	struct line_span front = { 0, 0 };
	int i;

	for (i = 0; i < PANE_COUNT; i++) {
		if (!(ui->layout.tabs[pane] & 1u << i))
			continue;
		if (i == (int)pane)
			front.first = line->count;
		add_name(ui, line, (enum ui_pane)i, i == (int)pane && marks ? "[" : " ",
			 i == (int)pane && marks ? "]" : " ");
		if (i == (int)pane)
			front.count = line->count - front.first;
	}
	if (line_width(line) < ui->layout.bar[pane].width)
		return front;
	*line = (struct line){ .count = 0 };
	for (i = 0; i < PANE_COUNT; i++)
		if (i != (int)pane && ui->layout.tabs[pane] & 1u << i)
			line_add(line, 0, 1, STYLE_TITLE, "%d", i + 1);
	front.first = line->count;
	add_name(ui, line, pane, marks ? " [" : " ", marks ? "]" : " ");
	front.count = line->count - front.first;
	return front;
}

static void draw_bar(struct ui *ui, enum ui_pane pane, bool focus)
{
	const struct rect *bar = &ui->layout.bar[pane];
	const struct view *view = ui_views[ui_in_pane(ui, pane)];
	unsigned tabs = ui->layout.tabs[pane];
	struct line left = { .count = 0 }, right = { .count = 0 };
	struct line_span tab = { 0, 0 };

	if (tabs & (tabs - 1))
		tab = add_tabs(ui, pane, &left);
	else
		add_name(ui, &left, pane, " ", "");
	if (view->bar)
		view->bar(ui, &left, &right);
	line_draw_bar(&left, &right, bar, focus, tab);
}

static void draw_pane(struct ui *ui, enum ui_pane pane)
{
	const struct rect *in = &ui->layout.pane[pane];
	bool focus = ui_front(ui) == ui_in_pane(ui, pane);

	if (!in_front(ui, pane))
		return;
	if (in->height > 0 && in->width > 0)
		ui_views[ui_in_pane(ui, pane)]->draw(
			ui, in, focus); /* before its bar, which tells what is hidden */
	draw_bar(ui, pane, focus);
}

/* The panel beside Exchanges; where it has a column of its own, it is in sight without focus. */
static void draw_dock(struct ui *ui)
{
	const struct view *view = ui_views[VIEW_LAB];
	struct line left = { .count = 0 }, right = { .count = 0 };
	bool focus = ui_front(ui) == VIEW_LAB;

	if (ui->layout.dock_bar.height == 0)
		return;
	if (ui->layout.dock.height > 0)
		view->draw(ui, &ui->layout.dock, focus);
	view->bar(ui, &left, &right);
	line_draw_bar(&left, &right, &ui->layout.dock_bar, focus, (struct line_span){ 0, 0 });
}

static void draw_spine(const struct rect *in)
{
	int row;

	for (row = 0; row < in->height; row++)
		draw_text(in, row, 0, STYLE_FAINT, draw_glyph(GLYPH_RAIL));
}

/* The pane with the focus comes last: its cursor is the one that stays. */
static void draw_panes(struct ui *ui)
{
	size_t i;
	int pane;

	for (i = 0; !ui->config->plain && i < sizeof ui->layout.spine / sizeof *ui->layout.spine;
	     i++)
		draw_spine(&ui->layout.spine[i]);
	for (pane = 0; pane < PANE_COUNT; pane++)
		if ((enum ui_pane)pane != ui->place.focus)
			draw_pane(ui, (enum ui_pane)pane);
	if (ui_front(ui) == VIEW_LAB)
		draw_pane(ui, ui->place.focus);
	draw_dock(ui);
	if (ui_front(ui) != VIEW_LAB)
		draw_pane(ui, ui->place.focus);
}

static void draw_page(struct ui *ui)
{
	const struct view *view = ui_views[ui->page];
	struct rect in = ui->layout.page, bar = layout_bar(&in);
	struct line left = { .count = 0 }, right = { .count = 0 };

	if (view->above_decode && ui->layout.kind >= view->above_decode) {
		in.height = ui->layout.bar[PANE_DECODE].y - in.y;
		draw_pane(ui, PANE_DECODE);
	}
	line_add(&left, 0, 1, STYLE_TITLE, "%s", ui_view_names[ui->page]);
	view->draw(ui, &in, true);
	if (view->bar)
		view->bar(ui, &left, &right);
	line_draw_bar(&left, &right, &bar, true, (struct line_span){ 0, 0 });
}

static void draw_too_small(const struct ui *ui)
{
	static const char *const say[] = { "too small: at least 40x10; q quits",
					   "too small, q quits", "q quits", "q" };
	struct rect all = { 0, 0, ui->place.height, ui->place.width };
	size_t i = 0;

	while (i + 1 < sizeof say / sizeof *say && draw_width(say[i]) > all.width)
		i++;
	draw_text(&all, all.height / 2, (all.width - draw_width(say[i])) / 2, STYLE_NORMAL, say[i]);
}

static void draw_all(struct ui *ui)
{
	if (ui->layout.kind == LAYOUT_TOO_SMALL) {
		draw_too_small(ui);
		return;
	}
	status_draw(ui, &ui->layout.status);
	if (ui->page != VIEW_COUNT)
		draw_page(ui);
	else
		draw_panes(ui);
	time_line_draw(ui);
	tour_draw(ui);
	foot_draw(ui);
	if (ui->menu.item)
		menu_draw(ui);
}

static int larger(int a, int b)
{
	return a > b ? a : b;
}

static int wanted_by(struct ui *ui, enum ui_view view)
{
	return ui_views[view]->wants ? ui_views[view]->wants(ui) : ui->place.height;
}

/* The bands grow with their rows, and never shrink while the terminal keeps its size: nothing
 * jumps. */
static void grow(struct ui *ui, int width, int height)
{
	struct layout_state *place = &ui->place;

	if (width != place->width || height != place->height)
		place->rows = place->middle = 0;
	place->width = width;
	place->height = height;
	place->rows = larger(place->rows, (int)pcp_client_nmappings(session_client(ui->session)));
	place->middle = larger(place->middle, wanted_by(ui, ui_in_pane(ui, PANE_COMPOSE)));
	place->middle = larger(place->middle, wanted_by(ui, ui_in_pane(ui, PANE_EXCHANGES)));
}

/* A page above Decode takes what Mappings might have, too; a panel what it can get: both for as
 * long as they are there. */
static void place_all(struct ui *ui)
{
	struct layout_state state;
	int width, height;

	screen_size(&width, &height);
	grow(ui, width, height);
	ui->place.below_status = time_line_rows(ui, width, height);
	ui->place.above_answer = tour_rows(ui, width, height);
	state = ui->place;
	if (ui->page != VIEW_COUNT)
		state.rows = state.middle = height;
	if (state.dock)
		state.middle = height;
	layout_compute(&state, &ui->layout);
}

/* At most so often does the screen change without a key. */
enum { FRAME = 16000 };

/* What changed meanwhile is drawn in one frame. */
static void terminal_has_room(void *arg, int fd, usec now)
{
	struct ui *ui = arg;

	(void)now;
	if (!screen_room())
		return;
	loop_unwatch_room(session_loop(ui->session), fd);
	ui->dirty = ui->urgent = true;
}

/* Without memory for that it is tried again in the next frame. */
static void wait_for_room(struct ui *ui, usec now)
{
	if (!loop_watch_room(session_loop(ui->session), screen_fd(), terminal_has_room, ui))
		ui->tick_at = now + FRAME;
}

void paint_frame(void *arg, usec now)
{
	struct ui *ui = arg;
	bool whole;

	if (!ui->dirty || ui->hung_up)
		return;
	if (screen_waits()) {
		wait_for_room(ui, now);
		return; /* frames that nobody takes are left out */
	}
	if (!ui->urgent && now - ui->painted_at < FRAME) {
		ui->tick_at = ui->painted_at + FRAME; /* a flood of packets is no reason to hurry */
		return;
	}
	ui->dirty = ui->urgent = false;
	ui->painted_at = now;
	/* An open capture stands still, but for being read and for being played. */
	ui->tick_at = session_busy(ui->session) ? now + FRAME : USEC_NEVER;
	moment_frame(ui, now);
	ui->now = session_replay(ui->session) ? session_now(ui->session) : now;
	if (!session_stands(ui->session))
		ui->now = shown_moment(ui->now);
	tour_look(ui);
	place_all(ui);
	ui->frame++;
	ui->painting = true;
	whole = screen_begin();
	draw_all(ui);
	ui->painting = false;
	if (!screen_end(ui->input != NULL || ui->config->plain) || /* a screen reader follows it */
	    !whole)
		ui_again(ui);
	if (screen_waits())
		wait_for_room(ui, now);
}

usec paint_due(void *arg)
{
	const struct ui *ui = arg;

	return ui->tick_at;
}

void paint_tick(void *arg, usec now)
{
	struct ui *ui = arg;

	(void)now;
	ui->tick_at = USEC_NEVER;
	ui->dirty = true;
}
