/* Painting: titles, panes, pages, and when a frame is due. */
#include "paint.h"

#include <stdio.h>

#include "prompt.h"
#include "screen.h"
#include "session-capture.h"
#include "status.h"
#include "view.h"
#include "waiting.h"

/* "1 Compose  [2 Mappings]  3 Exchanges", where there is room; else "1 [2 Mappings] 3". */
static size_t tab_names(const struct ui *ui, enum ui_pane pane, bool whole, char *buf, size_t cap)
{
	unsigned tabs = ui->layout.tabs[pane];
	size_t n = 0;
	int i;

	if ((tabs & (tabs - 1)) == 0)
		return (size_t)snprintf(buf, cap, "%d %s", (int)pane + 1, ui_view_names[pane]);
	for (i = 0; i < PANE_COUNT; i++) {
		const char *gap = n == 0 ? "" : whole ? "  " : " ";

		if (!(tabs & 1u << i) || n >= cap)
			continue;
		if (i == (int)pane)
			n += (size_t)snprintf(buf + n, cap - n, "%s[%d %s]", gap, i + 1,
					      ui_view_names[i]);
		else
			n += (size_t)snprintf(buf + n, cap - n, "%s%d%s%s", gap, i + 1,
					      whole ? " " : "", whole ? ui_view_names[i] : "");
	}
	return n;
}

static void pane_title(struct ui *ui, enum ui_pane pane, char *buf, size_t cap)
{
	const struct view *view = ui_views[pane];
	char more[160] = "";
	size_t n;

	if (view->title)
		view->title(ui, more, sizeof more);
	n = tab_names(ui, pane, true, buf, cap);
	if ((int)n + draw_width(more) + 6 > ui->layout.pane[pane].width)
		n = tab_names(ui, pane, false, buf, cap);
	if (*more && n < cap)
		snprintf(buf + n, cap - n, ": %s", more);
}

static void draw_pane(struct ui *ui, enum ui_pane pane)
{
	const struct rect *box = &ui->layout.pane[pane];
	bool focus = ui->page == VIEW_COUNT && ui->place.focus == pane;
	char title[256];
	struct rect inside;

	if (box->height < 2)
		return;
	pane_title(ui, pane, title, sizeof title);
	inside = draw_box(box, ui->layout.edges[pane], focus, title);
	if (inside.height > 0 && inside.width > 0)
		ui_views[pane]->draw(ui, &inside, focus);
}

/* The pane with the focus comes last: its cursor is the one that stays. */
static void draw_panes(struct ui *ui)
{
	int pane;

	for (pane = 0; pane < PANE_COUNT; pane++)
		if ((enum ui_pane)pane != ui->place.focus)
			draw_pane(ui, (enum ui_pane)pane);
	draw_pane(ui, ui->place.focus);
}

static void draw_page(struct ui *ui)
{
	const struct view *view = ui_views[ui->page];
	char title[256], more[200] = "";
	struct rect inside;

	if (view->title)
		view->title(ui, more, sizeof more);
	snprintf(title, sizeof title, *more ? "%s: %s" : "%s", ui_view_names[ui->page], more);
	inside = draw_box(&ui->layout.page, 0, true, title);
	view->draw(ui, &inside, true);
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
	status_draw_footer(ui, &ui->layout.footer);
	if (!prompt_draw(ui, &ui->layout.meaning))
		status_draw_meaning(ui, &ui->layout.meaning);
	if (ui->menu.item)
		menu_draw(ui);
}

/* At most so often does the screen change without a key. */
enum { FRAME = 16000 };

void paint_frame(void *arg, usec now)
{
	struct ui *ui = arg;

	if (!ui->dirty || ui->hung_up)
		return;
	if (!ui->urgent && now - ui->painted_at < FRAME) {
		ui->tick_at = ui->painted_at + FRAME; /* a flood of packets is no reason to hurry */
		return;
	}
	ui->dirty = ui->urgent = false;
	ui->painted_at = now;
	ui->now = session_replay(ui->session) ? session_now(ui->session) : shown_moment(now);
	/* An open capture stands still, but for being read. */
	ui->tick_at = session_busy(ui->session) ? now + FRAME : USEC_NEVER;
	screen_size(&ui->place.width, &ui->place.height);
	layout_compute(&ui->place, &ui->layout);
	ui->frame++;
	ui->painting = true;
	screen_begin();
	draw_all(ui);
	ui->painting = false;
	screen_end(ui->input != NULL || ui->config->plain); /* a screen reader follows it */
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
