/* What keys do that belong to no view: moving, panes, text. */
#include "actions.h"

#include "prompt.h"
#include "screen.h"
#include "view.h"

/* ---- the program ---- */

static void answer(struct ui *ui, void (*run)(struct ui *ui))
{
	ui->question.text[0] = '\0';
	if (run)
		run(ui);
}

void act_yes(struct ui *ui)
{
	answer(ui, ui->question.yes);
}

void act_also(struct ui *ui)
{
	answer(ui, ui->question.also);
}

void act_no(struct ui *ui)
{
	answer(ui, NULL);
}

const char *why_not_also(struct ui *ui)
{
	return ui->question.also ? NULL : "there is nothing to delete";
}

void act_redraw(struct ui *ui)
{
	(void)ui;
	screen_redraw();
}

void act_suspend(struct ui *ui)
{
	if (!screen_suspend())
		ui_say(ui, STYLE_WARNING, "nothing stops a program here and continues it later");
}

void act_theme(struct ui *ui)
{
	size_t next = (size_t)(ui->theme - ui_themes) + 1;

	ui->theme = &ui_themes[next < ui_nthemes ? next : 0];
	theme_use(ui->theme);
	screen_redraw();
	ui_say(ui, STYLE_NORMAL, "theme %s: %s; `theme = %s` in the configuration file keeps it",
	       ui->theme->name, ui->theme->help, ui->theme->name);
}

/* ---- panes and pages ---- */

void act_compose(struct ui *ui)
{
	ui_focus(ui, PANE_COMPOSE);
}

void act_mappings(struct ui *ui)
{
	ui_focus(ui, PANE_MAPPINGS);
}

void act_exchanges(struct ui *ui)
{
	ui_focus(ui, PANE_EXCHANGES);
}

void act_decode(struct ui *ui)
{
	ui_focus(ui, PANE_DECODE);
}

/* In turn, and the panel where it has Compose's. */
static void step_pane(struct ui *ui, unsigned by)
{
	enum ui_pane next = (enum ui_pane)((ui->place.focus + by) % PANE_COUNT);

	if (next == PANE_COMPOSE && ui->place.dock)
		ui_dock(ui);
	else
		ui_focus(ui, next);
}

void act_next_pane(struct ui *ui)
{
	step_pane(ui, 1);
}

void act_previous_pane(struct ui *ui)
{
	step_pane(ui, PANE_COUNT - 1);
}

void act_zoom(struct ui *ui)
{
	ui->place.zoom = !ui->place.zoom;
}

void act_dismiss(struct ui *ui)
{
	const struct view *view = ui_views[ui_front(ui)];

	if (ui->restart.server)
		ui->restart.server = 0;
	else if (session_cancel(ui->session) || (view->unfilter && view->unfilter(ui)))
		return;
	else if (ui->place.zoom)
		ui->place.zoom = false;
	else if (moment_back_from_live(ui))
		ui_focus(ui, PANE_COMPOSE);
	else
		tour_pause(ui);
}

void act_close(struct ui *ui)
{
	ui_back(ui);
}

/* A banner that says so is hidden first. */
void act_return(struct ui *ui)
{
	const struct binding *elsewhere = keymap_find(&ui->keys, IN_PANES, ui->pressed);

	if (ui->restart.server && elsewhere && elsewhere->run == act_dismiss)
		ui->restart.server = 0;
	else
		ui_back(ui);
}

void act_help(struct ui *ui)
{
	ui_page(ui, VIEW_HELP);
}

void act_lab(struct ui *ui)
{
	ui_dock(ui);
}

const char *why_not_lab(struct ui *ui)
{
	if (session_replay(ui->session))
		return "a capture is open: there is no server to look at";
	return session_server(ui->session) || session_lab(ui->session)
		       ? NULL
		       : "there is no server: start with --lab, or -s ADDRESS";
}

/* ---- moving ---- */

static struct list *front_list(struct ui *ui)
{
	const struct view *view = ui_views[ui_front(ui)];

	if (ui->menu.item)
		return &ui->menu.list;
	return view->list ? view->list(ui) : NULL;
}

static void move_by(struct ui *ui, long by)
{
	struct list *list = front_list(ui);
	const struct view *view = ui_views[ui_front(ui)];

	if (!ui->menu.item && view->step && view->step(ui, by))
		return;
	if (!list)
		return;
	list_move(list, by);
	if (!ui->menu.item && view->moved)
		view->moved(ui);
}

static long page(struct ui *ui)
{
	struct list *list = front_list(ui);

	return list && list->height > 1 ? (long)list->height - 1 : 1;
}

void act_down(struct ui *ui)
{
	move_by(ui, 1);
}

void act_up(struct ui *ui)
{
	move_by(ui, -1);
}

void act_page_down(struct ui *ui)
{
	move_by(ui, page(ui));
}

void act_page_up(struct ui *ui)
{
	move_by(ui, -page(ui));
}

void act_top(struct ui *ui)
{
	move_by(ui, -(1L << 30));
}

void act_bottom(struct ui *ui)
{
	move_by(ui, 1L << 30);
}

void act_filter(struct ui *ui)
{
	const struct view *view = ui_views[ui_front(ui)];

	if (view->filter)
		view->filter(ui);
}

/* ---- text ---- */

static void text_changed(struct ui *ui, bool changed)
{
	if (changed && ui->input->ops->changed)
		ui->input->ops->changed(ui);
}

void act_text_accept(struct ui *ui)
{
	ui->input->ops->accept(ui);
}

void act_text_cancel(struct ui *ui)
{
	ui->input->ops->cancel(ui);
}

void act_text_pane(struct ui *ui)
{
	const struct binding *elsewhere = keymap_find(&ui->keys, IN_DESK, ui->pressed);

	if (ui->input->ops->leave)
		ui->input->ops->leave(ui);
	else
		ui->input->ops->cancel(ui);
	if (!ui->input && elsewhere)
		elsewhere->run(ui);
}

void act_text_down(struct ui *ui)
{
	if (ui->input->ops->step)
		ui->input->ops->step(ui, 1);
}

void act_text_up(struct ui *ui)
{
	if (ui->input->ops->step)
		ui->input->ops->step(ui, -1);
}

void act_text_complete(struct ui *ui)
{
	if (ui->input->ops->complete)
		ui->input->ops->complete(ui, 1);
}

void act_text_complete_back(struct ui *ui)
{
	if (ui->input->ops->complete)
		ui->input->ops->complete(ui, -1);
}

void act_text_left(struct ui *ui)
{
	input_left(ui->input);
}

void act_text_right(struct ui *ui)
{
	input_right(ui->input);
}

void act_text_start(struct ui *ui)
{
	input_start(ui->input);
}

void act_text_end(struct ui *ui)
{
	input_end(ui->input);
}

void act_text_backspace(struct ui *ui)
{
	text_changed(ui, input_backspace(ui->input));
}

void act_text_delete(struct ui *ui)
{
	text_changed(ui, input_delete(ui->input));
}

void act_text_erase(struct ui *ui)
{
	text_changed(ui, input_erase(ui->input));
}

void act_text_erase_word(struct ui *ui)
{
	text_changed(ui, input_erase_word(ui->input));
}

void act_text_cut(struct ui *ui)
{
	text_changed(ui, input_cut(ui->input));
}
