#include "ui.h"

#include <ctype.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <ncurses.h>

#include "actions.h"
#include "command.h"
#include "config.h"
#include "keyboard.h"
#include "prompt.h"
#include "screen.h"
#include "status.h"
#include "view.h"
#include "waiting.h"

const struct view *const ui_views[VIEW_COUNT] = {
	[VIEW_COMPOSE] = &view_compose,
	[VIEW_MAPPINGS] = &view_mappings,
	[VIEW_EXCHANGES] = &view_exchanges,
	[VIEW_DECODE] = &view_decode,
	[VIEW_LADDER] = &view_ladder,
	[VIEW_COMPARE] = &view_compare,
	[VIEW_LAB] = &view_lab,
	[VIEW_OUTPUT] = &view_output,
	[VIEW_HELP] = &view_help,
};

/* ---- for views ---- */

enum ui_view ui_front(const struct ui *ui)
{
	return ui->page != VIEW_COUNT ? ui->page : (enum ui_view)ui->place.focus;
}

void ui_dirty(struct ui *ui)
{
	ui->dirty = true;
}

static void shown(struct ui *ui)
{
	const struct view *view = ui_views[ui_front(ui)];

	if (view->shown)
		view->shown(ui);
}

void ui_focus(struct ui *ui, enum ui_pane pane)
{
	ui->page = VIEW_COUNT;
	ui->place.focus = pane;
	if (pane != PANE_DECODE)
		ui->place.upper = pane;
	shown(ui);
}

void ui_page(struct ui *ui, enum ui_view page)
{
	ui->page = page;
	shown(ui);
}

void ui_say(struct ui *ui, enum style style, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(ui->message, sizeof ui->message, format, args);
	va_end(args);
	ui->message_style = style;
	ui->dirty = true;
}

void ui_ask(struct ui *ui, void (*yes)(struct ui *ui), const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(ui->question, sizeof ui->question, format, args);
	va_end(args);
	ui->yes = yes;
	ui->dirty = true;
}

void ui_counts_down(struct ui *ui)
{
	if (ui->session->replay)
		return;
	usec step = ui->config->plain ? 60 * USEC_PER_SEC : USEC_PER_SEC;

	if (ui->tick_at > ui->now + step)
		ui->tick_at = ui->now + step;
}

void ui_again(struct ui *ui)
{
	ui->tick_at = 0;
}

void ui_sent(struct ui *ui, uint32_t exchange, const char *what, const struct pcp_why *why)
{
	if (exchange == 0) {
		ui_say(ui, STYLE_ERROR, "%s", why->text);
		return;
	}
	select_packet(&ui->selection, SELECT_LATEST, exchange);
	exchanges_follow(ui);
	ui->awaited = exchange;
	ui_say(ui, STYLE_NORMAL, "%s as exchange #%u; Decode follows it", what, exchange);
}

void ui_notes_sent(void *arg, const struct pcp_client_event *event)
{
	if (event->kind == CLIENT_SENT)
		*(uint32_t *)arg = event->exchange;
}

void ui_began(struct ui *ui, uint32_t exchange, const char *what)
{
	if (!exchanges_by_hand(ui)) {
		ui_sent(ui, exchange, what, NULL);
		return;
	}
	ui->awaited = exchange;
	ui_say(ui, STYLE_NORMAL, "%s as exchange #%u", what, exchange);
}

uint32_t ui_send(struct ui *ui, const struct pcp_client_request *request)
{
	struct pcp_why why;
	uint32_t exchange = session_send(ui->session, request, &why);

	ui_sent(ui, exchange, "sent", &why);
	return exchange;
}

void ui_edit(struct ui *ui, struct input *input)
{
	ui->input = input;
	ui->dirty = true;
}

void ui_menu(struct ui *ui, const char *title, const struct menu_item *item, size_t nitem,
	     size_t cursor, void (*chosen)(struct ui *ui, int value))
{
	struct menu_item *copy = malloc((nitem + !nitem) * sizeof *copy);

	free(ui->menu.item);
	ui->menu = (struct menu){ 0 };
	if (!copy) {
		ui_say(ui, STYLE_ERROR, "out of memory");
		return;
	}
	memcpy(copy, item, nitem * sizeof *copy);
	ui->menu = (struct menu){ .title = title, .item = copy, .nitem = nitem, .chosen = chosen };
	ui->menu.list.count = nitem;
	ui->menu.list.cursor = cursor;
	ui->dirty = true;
}

size_t ui_clock(usec wall, int digits, char *buf, size_t cap)
{
	time_t seconds = (time_t)(wall / USEC_PER_SEC);
	struct tm tm;
	size_t n;

	if (!localtime_r(&seconds, &tm) || (n = strftime(buf, cap, "%H:%M:%S", &tm)) == 0)
		return (size_t)snprintf(buf, cap, "--:--:--");
	if (digits == 3)
		n += (size_t)snprintf(buf + n, cap - n, ".%03d", (int)(wall / 1000 % 1000));
	return n;
}

void ui_key_of(const struct ui *ui, void (*run)(struct ui *ui), char *buf, size_t cap)
{
	size_t i;

	*buf = '\0';
	for (i = 0; i < ui_nbindings && !*buf; i++)
		if (ui_bindings[i].run == run)
			ui_key_names(&ui->keys, &ui_bindings[i], 1, buf, cap);
}

bool ui_contains(const char *text, const char *wanted)
{
	size_t i, k;

	for (i = 0; text[i]; i++) {
		for (k = 0; wanted[k]; k++)
			if (tolower((unsigned char)text[i + k]) !=
			    tolower((unsigned char)wanted[k]))
				break;
		if (!wanted[k])
			return true;
	}
	return !*wanted;
}

/* ---- painting ---- */

/* "1 Compose  [2 Mappings]  3 Exchanges", where there is room; else "1 [2 Mappings] 3". */
static size_t tab_names(const struct ui *ui, enum ui_pane pane, bool whole, char *buf, size_t cap)
{
	unsigned tabs = ui->layout.tabs[pane];
	size_t n = 0;
	int i;

	if ((tabs & (tabs - 1)) == 0)
		return (size_t)snprintf(buf, cap, "%d %s", (int)pane + 1, ui_views[pane]->name);
	for (i = 0; i < PANE_COUNT; i++) {
		const char *gap = n == 0 ? "" : whole ? "  " : " ";

		if (!(tabs & 1u << i) || n >= cap)
			continue;
		if (i == (int)pane)
			n += (size_t)snprintf(buf + n, cap - n, "%s[%d %s]", gap, i + 1,
					      ui_views[i]->name);
		else
			n += (size_t)snprintf(buf + n, cap - n, "%s%d%s%s", gap, i + 1,
					      whole ? " " : "", whole ? ui_views[i]->name : "");
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
	snprintf(title, sizeof title, *more ? "%s: %s" : "%s", view->name, more);
	inside = draw_box(&ui->layout.page, 0, true, title);
	view->draw(ui, &inside, true);
}

static void draw_menu(struct ui *ui)
{
	struct menu *menu = &ui->menu;
	struct rect box = ui->layout.page, inside;
	int widest = draw_width(menu->title) + 4, label = 0, row, width;
	size_t i;

	for (i = 0; i < menu->nitem; i++) {
		width = draw_width(menu->item[i].label);
		label = width > label ? width : label;
	}
	for (i = 0; i < menu->nitem; i++) {
		width = label + 4 + (menu->item[i].help ? 2 + draw_width(menu->item[i].help) : 0);
		widest = width > widest ? width : widest;
	}
	width = widest < box.width - 2 ? widest : box.width - 2;
	row = (int)menu->nitem + 2 < box.height ? (int)menu->nitem + 2 : box.height;
	box = (struct rect){ box.y + (box.height - row) / 2, box.x + (box.width - width) / 2, row,
			     width };
	draw_blank(&box);
	inside = menu->inside = draw_box(&box, 0, true, menu->title);
	list_fit(&menu->list, menu->nitem, inside.height);
	for (row = 0; row < inside.height && menu->list.top + (size_t)row < menu->nitem; row++) {
		const struct menu_item *item = &menu->item[menu->list.top + (size_t)row];
		bool here = menu->list.top + (size_t)row == menu->list.cursor;

		draw_cell(&inside, row, 1, label, STYLE_NORMAL, item->label);
		if (item->help)
			draw_cell(&inside, row, label + 3, inside.width - label - 4, STYLE_DIM,
				  item->help);
		if (here)
			draw_focus(&inside, row);
	}
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
		draw_menu(ui);
}

/* At most so often does the screen change without a key. */
enum { FRAME = 16000 };

static void paint(void *arg, usec now)
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
	ui->now = ui->session->replay ? session_now(ui->session) : shown_moment(now);
	/* An open capture stands still, but for being read. */
	ui->tick_at = session_busy(ui->session) ? now + FRAME : USEC_NEVER;
	ui->place.width = COLS;
	ui->place.height = LINES;
	layout_compute(&ui->place, &ui->layout);
	ui->frame++;
	ui->painting = true;
	screen_begin();
	draw_all(ui);
	ui->painting = false;
	screen_end(ui->input != NULL || ui->config->plain); /* a screen reader follows it */
}

static usec next_tick(void *arg)
{
	const struct ui *ui = arg;

	return ui->tick_at;
}

static void tick(void *arg, usec now)
{
	struct ui *ui = arg;

	(void)now;
	ui->tick_at = USEC_NEVER;
	ui->dirty = true;
}

/* ---- events ---- */

static void note_restart(struct ui *ui, const struct pcp_client_event *event)
{
	ui->restart.server = event->server->id;
	ui->restart.wall = session_wall(ui->session, event->now);
	snprintf(ui->restart.reason, sizeof ui->restart.reason, "%s",
		 event->reason ? event->reason : "its epoch went back");
}

static void tell_answer(struct ui *ui, const struct pcp_client_event *event)
{
	const struct pcp_result *result = pcp_result(event->result);
	char time[32] = "";

	if (event->rtt >= 0)
		snprintf(time, sizeof time, " in %.1f ms", (double)event->rtt / 1000.0);
	if (result && result->class == PCP_RESULT_OK)
		ui_say(ui, STYLE_OK, "#%u: %s%s", event->exchange, result->name, time);
	else if (result)
		ui_say(ui, STYLE_ERROR, "#%u: %s%s: %s", event->exchange, result->name, time,
		       result->meaning);
	else
		ui_say(ui, STYLE_WARNING, "#%u: result code %u%s, which no document assigns",
		       event->exchange, event->result, time);
}

/* How the last thing sent by hand ended, and what to try where it ended badly. */
static void tell_outcome(struct ui *ui, const struct pcp_client_event *event)
{
	if (event->exchange == 0 || event->exchange != ui->awaited || ui->input)
		return;
	switch (event->kind) {
	case CLIENT_ANSWERED:
		tell_answer(ui, event);
		break;
	case CLIENT_TIMED_OUT:
		ui_say(ui, STYLE_ERROR,
		       "#%u: no answer; is there a PCP server at that address, and "
		       "does a firewall let UDP 5351 through?",
		       event->exchange);
		break;
	case CLIENT_UNREACHABLE:
		ui_say(ui, STYLE_ERROR,
		       "#%u: %s; no PCP server listens there: another -s, or --lab to "
		       "practise",
		       event->exchange, event->reason ? event->reason : "unreachable");
		break;
	default:
		return;
	}
	ui->awaited = 0;
}

static void heard(void *arg, const struct pcp_client_event *event)
{
	struct ui *ui = arg;
	size_t i;

	ui->last_at = event->now;
	tell_outcome(ui, event);
	ui->dirty = true;
	if (event->kind == CLIENT_RESTARTED)
		note_restart(ui, event);
	for (i = 0; i < VIEW_COUNT; i++)
		if (ui_views[i]->event)
			ui_views[i]->event(ui, event);
}

/* ---- keys ---- */

unsigned ui_where(struct ui *ui)
{
	const struct view *view = ui_views[ui_front(ui)];
	unsigned more = view->where ? view->where(ui) : 0;

	if (*ui->question)
		return IN_QUESTION;
	if (ui->menu.item)
		return IN_MENU;
	if (ui->input)
		return IN_TEXT;
	return more ? more : 1u << ui_front(ui);
}

static void type(struct ui *ui, ui_key key)
{
	const struct view *view = ui_views[ui_front(ui)];

	if (*ui->question || ui->menu.item || key >= UI_KEY_CURSES || key < ' ')
		return;
	if (ui->input) {
		if (input_type(ui->input, key) && ui->input->ops->changed)
			ui->input->ops->changed(ui);
	} else if (view->type) {
		view->type(ui, key);
	}
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
	ui->message[0] = '\0';
	binding = keymap_find(&ui->keys, ui_where(ui), key);
	if (!binding) {
		type(ui, key);
		return;
	}
	why = binding->why_not ? binding->why_not(ui) : NULL;
	if (why)
		ui_say(ui, STYLE_WARNING, "%s", why);
	else
		binding->run(ui);
}

static bool within(const struct rect *box, int y, int x)
{
	return y >= box->y && y < box->y + box->height && x >= box->x && x < box->x + box->width;
}

/* The pane under the pointer; PANE_COUNT where there is none, or something else takes the keys. */
static int pane_at(const struct ui *ui, int y, int x)
{
	int pane = 0;

	if (ui->page != VIEW_COUNT || ui->menu.item || ui->input || *ui->question)
		return PANE_COUNT;
	while (pane < PANE_COUNT && !within(&ui->layout.pane[pane], y, x))
		pane++;
	return pane;
}

static void click_menu(struct ui *ui, int y, int x)
{
	struct menu *menu = &ui->menu;
	size_t item = menu->list.top + (size_t)(y - menu->inside.y);

	if (!within(&menu->inside, y, x) || item >= menu->nitem)
		return;
	menu->list.cursor = item;
	act_menu_take(ui);
}

static void click(struct ui *ui, const MEVENT *event)
{
	bool wheel = event->bstate & (BUTTON4_PRESSED | BUTTON5_PRESSED);
	int pane = pane_at(ui, event->y, event->x);

	ui->dirty = ui->urgent = true;
	if (ui->layout.kind == LAYOUT_TOO_SMALL)
		return;
	if (pane < PANE_COUNT)
		ui_focus(ui, (enum ui_pane)pane);
	if (wheel) {
		press(ui, UI_KEY_CURSES | (event->bstate & BUTTON4_PRESSED ? KEY_UP : KEY_DOWN));
		return;
	}
	ui->message[0] = '\0';
	if (ui->menu.item && !*ui->question)
		click_menu(ui, event->y, event->x);
	else if (pane < PANE_COUNT && ui_views[pane]->click)
		ui_views[pane]->click(ui, event->y - ui->layout.pane[pane].y - 1,
				      event->x - ui->layout.pane[pane].x - !ui->config->plain);
}

/* Curses tells once of all that has arrived, and gives the newest first. */
static void clicks(struct ui *ui)
{
	MEVENT event[8]; /* as many as it keeps */
	size_t n = 0;

	while (n < sizeof event / sizeof *event && getmouse(&event[n]) == OK)
		n++;
	while (n)
		click(ui, &event[--n]);
}

static void hang_up(struct ui *ui)
{
	ui->hung_up = true;
	loop_stop(ui->session->loop);
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
 * filtered just now, knows its rows when it has been drawn. */
static void press_in_turn(struct ui *ui, ui_key key, usec now)
{
	const struct input *input = ui->input;
	enum ui_view front = ui_front(ui);

	press(ui, key);
	if (ui_front(ui) != front || (input && !ui->input))
		paint(ui, now);
}

static void readable(void *arg, int fd, usec now)
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
		hang_up(ui);
}

static void caught(void *arg, int signo)
{
	struct ui *ui = arg;

	ui->dirty = ui->urgent = true;
	switch (signo) {
	case SIGWINCH:
		screen_resize();
		break;
	case SIGTSTP:
		screen_suspend();
		break;
	case SIGHUP:
		hang_up(ui);
		break;
	default:
		loop_stop(ui->session->loop);
	}
}

/* ---- life ---- */

static const int signals[] = { SIGWINCH, SIGTSTP, SIGHUP, SIGINT, SIGTERM };

static bool open_views(struct ui *ui)
{
	size_t i;

	for (i = 0; i < VIEW_COUNT; i++)
		if (ui_views[i]->open && !ui_views[i]->open(ui))
			return false;
	return true;
}

static void close_views(struct ui *ui)
{
	size_t i;

	for (i = 0; i < VIEW_COUNT; i++)
		if (ui_views[i]->close && ui->state[i])
			ui_views[i]->close(ui);
	prompt_close(ui);
	free(ui->menu.item);
}

static void noticed(void *arg, const char *text)
{
	ui_say(arg, STYLE_WARNING, "%s", text);
}

static bool wire(struct ui *ui)
{
	struct loop *loop = ui->session->loop;
	bool ok = loop_watch(loop, STDIN_FILENO, readable, ui) &&
		  loop_timed(loop, next_tick, tick, ui);
	size_t i;

	for (i = 0; i < sizeof signals / sizeof *signals; i++)
		ok = ok && loop_signal(loop, signals[i], caught, ui);
	loop_idle(loop, paint, ui);
	ui->observer = (struct session_observer){ .event = heard, .arg = ui };
	session_observe(ui->session, &ui->observer);
	session_on_notice(ui->session, noticed, ui);
	return ok;
}

static void unwire(struct ui *ui)
{
	struct loop *loop = ui->session->loop;

	session_unobserve(ui->session, &ui->observer);
	session_on_notice(ui->session, NULL, NULL);
	loop_unwatch(loop, STDIN_FILENO);
	loop_untimed(loop, ui);
	loop_idle(loop, NULL, NULL);
}

static bool configure(struct ui *ui, char *why, size_t cap)
{
	keymap_init(&ui->keys);
	ui->theme = theme_default(getenv("NO_COLOR"));
	if (!config_load(ui->config->config_file, &ui->keys, &ui->theme, why, cap))
		return false;
	if (ui->config->theme)
		ui->theme = ui->config->theme;
	return true;
}

static bool begin(struct ui *ui, char *why, size_t cap)
{
	const struct screen_config screen = { .ascii = ui->config->ascii,
					      .plain = ui->config->plain,
					      .mouse = !ui->config->no_mouse };

	if (!configure(ui, why, cap))
		return false;
	if (!open_views(ui) || !prompt_open(ui)) {
		snprintf(why, cap, "out of memory");
		return false;
	}
	return screen_open(&screen, why, (unsigned)cap);
}

int ui_run(struct session *session, const struct ui_config *config)
{
	struct ui *ui = calloc(1, sizeof *ui);
	char why[512] = "out of memory";
	int status = EXIT_FAILED;

	if (!ui) {
		fprintf(stderr, "pcpscope: %s\n", why);
		return status;
	}
	ui->session = session;
	ui->config = config;
	ui->page = VIEW_COUNT;
	ui->tick_at = USEC_NEVER;
	ui->dirty = ui->urgent = true;
	if (begin(ui, why, sizeof why)) {
		theme_use(ui->theme);
		if (wire(ui))
			loop_run(session->loop, USEC_NEVER);
		unwire(ui);
		screen_close(ui->hung_up);
		status = EXIT_ANSWERED;
	} else {
		fprintf(stderr, "pcpscope: %s\n", why);
	}
	while (session_cancel(session))
		; /* what goes on writes here */
	close_views(ui);
	free(ui);
	return status;
}
