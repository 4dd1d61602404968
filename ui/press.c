/* Keys, clicks and pasted text: what came from the terminal, and who gets it. */
#include "press.h"

#include <stdio.h>
#include <string.h>

#include "actions.h"
#include "keyboard.h"
#include "paint.h"
#include "screen.h"
#include "view.h"

/* "Mappings", "Compose, Decode and Lab", "the panes": the views of those bits. */
static void put_places(unsigned where, char *buf, size_t cap)
{
	unsigned left = where & IN_VIEWS;
	size_t n = 0;

	*buf = '\0';
	if ((left & IN_PANES) == IN_PANES) {
		n = (size_t)snprintf(buf, cap, "the panes");
		left &= ~(unsigned)(IN_DESK);
	}
	for (unsigned view = 0; view < VIEW_COUNT && n < cap; view++) {
		if (!(left & 1u << view))
			continue;
		left &= ~(1u << view);
		n += (size_t)snprintf(buf + n, cap - n, "%s%s",
				      !n     ? ""
				      : left ? ", "
					     : " and ",
				      ui_view_names[view]);
	}
}

/* A key that nothing is bound to here: what it does elsewhere, if it does. */
static void say_nothing_done(struct ui *ui, ui_key key)
{
	const struct binding *elsewhere = keymap_find(&ui->keys, IN_VIEWS, key);
	const char *here = ui_view_names[ui_front(ui)];
	char name[16], places[160], help[32];

	ui_key_name(key, name, sizeof name);
	if (!strcmp(name, "?")) /* none that has a name: a terminal's own */
		return;
	ui_key_of(ui, "help", help, sizeof help);
	if (elsewhere) {
		put_places(elsewhere->where, places, sizeof places);
		ui_say(ui, STYLE_NORMAL, "%s does nothing in %s. In %s: %s", name, here, places,
		       elsewhere->help);
	} else {
		ui_say(ui, STYLE_NORMAL, "%s does nothing here; %s lists the keys", name, help);
	}
}

static void type(struct ui *ui, ui_key key)
{
	const struct view *view = ui_views[ui_front(ui)];

	if (!(ui_where(ui) & (IN_TEXT | IN_MENU | IN_HEX)))
		say_nothing_done(ui, key);
	else if (key >= UI_KEY_CURSES || key < ' ')
		return;
	else if (ui->menu.item)
		menu_type(ui, key);
	else if (!ui->input)
		view->type(ui, key);
	else if (input_type(ui->input, key) && ui->input->ops->changed)
		ui->input->ops->changed(ui);
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
