/* Keys, clicks and pasted text: what came from the terminal, and who gets it. */
#include "press.h"

#include "actions.h"
#include "keyboard.h"
#include "paint.h"
#include "screen.h"
#include "view.h"

static void type(struct ui *ui, ui_key key)
{
	const struct view *view = ui_views[ui_front(ui)];

	if (key >= UI_KEY_CURSES || key < ' ')
		return;
	if (ui->menu.item) {
		menu_type(ui, key);
		return;
	}
	if (ui->input) {
		if (input_type(ui->input, key) && ui->input->ops->changed)
			ui->input->ops->changed(ui);
	} else if (view->type) {
		view->type(ui, key);
	}
}

/* The key answers what was said, if there was time to read it. */
static void was_read(struct ui *ui)
{
	enum { NEWS = 2 * USEC_PER_SEC };
	usec now = loop_now(session_loop(ui->session));

	if (now - ui->said.at >= NEWS)
		ui->message[0] = '\0';
	else if (!ui->said.until)
		ui->said.until = ui->said.at + NEWS;
}

static void press(struct ui *ui, ui_key key)
{
	const struct binding *binding;
	const char *why;

	ui->dirty = ui->urgent = true;
	if (ui->layout.kind == LAYOUT_TOO_SMALL) {
		if (key == 'q')
			act_quit_now(ui); /* as the line says; there is no place to ask */
		return;
	}
	was_read(ui);
	ui->pressed = key;
	binding = keymap_find(&ui->keys, ui_where(ui), key);
	why = binding && binding->why_not ? binding->why_not(ui) : NULL;
	if (*ui->question.text && (!binding || why))
		act_no(ui); /* no answer that was offered */
	else if (!binding)
		type(ui, key);
	else if (why)
		ui_say(ui, STYLE_WARNING, "%s", why);
	else
		binding->run(ui);
}

/* The pane under the pointer; PANE_COUNT where there is none, or something else takes the keys. */
static int pane_at(const struct ui *ui, int y, int x)
{
	int pane = 0;

	if (ui->page != VIEW_COUNT || ui->menu.item || ui->input || *ui->question.text)
		return PANE_COUNT;
	while (pane < PANE_COUNT && !layout_within(&ui->layout.pane[pane], y, x) &&
	       !layout_within(&ui->layout.bar[pane], y, x))
		pane++;
	return pane;
}

/* The panel has the pointer: it gets the focus, the cursor, and on the cursor's row what Enter
 * does.
 */
static bool on_dock(struct ui *ui, const struct keyboard_click *click)
{
	if (ui->page != VIEW_COUNT || ui->menu.item || ui->input || *ui->question.text ||
	    (!layout_within(&ui->layout.dock, click->y, click->x) &&
	     !layout_within(&ui->layout.dock_bar, click->y, click->x)))
		return false;
	ui_dock(ui);
	if (!click->wheel)
		ui_views[VIEW_LAB]->click(ui, click->y - ui->layout.dock.y,
					  click->x - ui->layout.dock.x);
	return true;
}

static void click(struct ui *ui, const struct keyboard_click *click)
{
	bool dock = on_dock(ui, click);
	int pane = dock ? PANE_COUNT : pane_at(ui, click->y, click->x);

	ui->dirty = ui->urgent = true;
	if (ui->layout.kind == LAYOUT_TOO_SMALL)
		return;
	if (pane < PANE_COUNT)
		ui_focus(ui, (enum ui_pane)pane);
	if (click->wheel) {
		press(ui, click->wheel < 0 ? ui_key_parse("Up", 2) : ui_key_parse("Down", 4));
		return;
	}
	was_read(ui);
	if (ui->menu.item && !*ui->question.text)
		menu_click(ui, click->y, click->x);
	else if (pane < PANE_COUNT && ui_views[ui_front(ui)]->click)
		ui_views[ui_front(ui)]->click(ui, click->y - ui->layout.pane[pane].y,
					      click->x - ui->layout.pane[pane].x);
}

static void clicks(struct ui *ui)
{
	struct keyboard_click event[KEYBOARD_CLICKS];
	size_t n = keyboard_clicks(event);

	while (n)
		click(ui, &event[--n]);
}

void press_hang_up(struct ui *ui)
{
	ui->hung_up = true;
	loop_stop(session_loop(ui->session));
}

static void pasted(struct ui *ui, ui_key key)
{
	unsigned where = ui_where(ui);

	ui->dirty = ui->urgent = true;
	if (key < ' ')
		key = ' '; /* the end of a line ends no entry: there may be more */
	if (where == IN_TEXT || (where == IN_HEX && key != ' '))
		type(ui, key);
	else if (where == IN_HEX)
		return; /* octets may be pasted with blanks between them */
	else
		ui_say(ui, STYLE_WARNING,
		       "pasted text goes into a field, a prompt or octets: begin to type there "
		       "first");
}

/* Keys that come faster than frames act on what they would have met: a list that was hidden, or
 * filtered just now, or of another moment, knows its rows when it has been drawn. */
static void press_in_turn(struct ui *ui, ui_key key, usec now)
{
	const struct input *input = ui->input;
	enum ui_view front = ui_front(ui);
	uint32_t moment = ui->moment.message;

	press(ui, key);
	tour_look(ui);
	if (ui_front(ui) != front || (input && !ui->input) || ui->moment.message != moment)
		paint_frame(ui, now);
}

void press_key(struct ui *ui, ui_key key)
{
	press_in_turn(ui, key, loop_now(session_loop(ui->session)));
}

void press_readable(void *arg, int fd, usec now)
{
	struct ui *ui = arg;
	enum keyboard_event event;
	ui_key key;
	bool any = false;

	(void)fd;
	for (; (event = keyboard_read(&key)) != KEYBOARD_NOTHING; any = true) {
		if (event == KEYBOARD_KEY)
			press_in_turn(ui, key, now);
		else if (event == KEYBOARD_PASTED)
			pasted(ui, key);
		else if (event == KEYBOARD_MOUSE)
			clicks(ui);
		else if (event == KEYBOARD_RESIZED)
			ui->dirty = true;
	}
	if (!any && screen_hung_up())
		press_hang_up(ui);
}
