/* The desk: what is in front, what is said, asked and sent. Views reach each other through here. */
#include "desk.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "actions.h"
#include "session-follow.h"
#include "view.h"

enum ui_view ui_in_pane(const struct ui *ui, enum ui_pane pane)
{
	bool capture = session_replay(ui->session) && !ui->moment.live;

	return pane == PANE_COMPOSE && capture ? VIEW_CAPTURE : (enum ui_view)pane;
}

enum ui_view ui_front(const struct ui *ui)
{
	if (ui->page == VIEW_COUNT && ui->place.dock && ui->place.focus == PANE_COMPOSE)
		return VIEW_LAB;
	return ui->page != VIEW_COUNT ? ui->page : ui_in_pane(ui, ui->place.focus);
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

bool ui_visits(const struct ui *ui)
{
	return ui->page == VIEW_COUNT && ui->nunder > 0;
}

void ui_focus(struct ui *ui, enum ui_pane pane)
{
	if (ui->page != VIEW_COUNT)
		ui->nunder = 0; /* the page closes, and what is under it */
	ui->page = VIEW_COUNT;
	ui->place.focus = pane;
	if (pane == PANE_COMPOSE)
		ui->place.dock = false;
	if (pane != PANE_DECODE)
		ui->place.upper = pane;
	shown(ui);
}

void ui_page(struct ui *ui, enum ui_view page)
{
	size_t i = 0;

	while (i < ui->nunder && ui->under[i] != page)
		i++;
	if (i == ui->nunder && (ui->page != VIEW_COUNT || ui->nunder) && ui->page != page)
		ui->under[ui->nunder++] = ui->page;
	else
		ui->nunder = i;
	ui->page = page;
	shown(ui);
}

void ui_visit(struct ui *ui, enum ui_pane pane)
{
	ui->under[ui->nunder++] = ui->page;
	ui->page = VIEW_COUNT;
	ui_focus(ui, pane);
}

void ui_dock(struct ui *ui)
{
	if (ui_front(ui) != VIEW_LAB)
		ui->dock_from = ui->place.focus;
	ui_focus(ui, PANE_COMPOSE);
	ui->place.dock = true;
	shown(ui);
}

void ui_back(struct ui *ui)
{
	if (ui_front(ui) == VIEW_LAB) {
		ui->place.dock = false;
		ui_focus(ui, ui->dock_from);
		return;
	}
	ui->page = ui->nunder ? ui->under[--ui->nunder] : VIEW_COUNT;
	shown(ui);
}

void ui_say(struct ui *ui, enum style style, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(ui->message, sizeof ui->message, format, args);
	va_end(args);
	ui->message_style = style;
	ui->said.at = loop_now(session_loop(ui->session));
	ui->said.until = 0;
	ui->said.unasked = ui->said.below = false;
	ui->dirty = true;
}

void ui_unsay(struct ui *ui)
{
	if (ui->said.unasked)
		ui->said.below = true;
	else
		ui->message[0] = '\0';
}

void ui_ask(struct ui *ui, const struct question *question)
{
	ui->question = *question;
	ui->dirty = true;
}

void ui_counts_down(struct ui *ui)
{
	usec step = ui->config->plain ? 60 * USEC_PER_SEC : USEC_PER_SEC, now, due;

	if (session_stands(ui->session))
		return;
	now = session_replay(ui->session) ? session_now(ui->session) : ui->painted_at;
	due = ui->painted_at - now % USEC_PER_SEC + step;
	if (ui->tick_at > due)
		ui->tick_at = due;
}

void ui_again(struct ui *ui)
{
	ui->tick_at = 0;
}

void ui_sent(struct ui *ui, uint32_t exchange, const struct pcp_why *why)
{
	if (exchange == 0) {
		ui_say(ui, STYLE_ERROR, "%s", why ? why->text : "not sent");
		return;
	}
	select_packet(&ui->selection, SELECT_LATEST, exchange);
	ui->selection.follow = true;
	ui->awaited = exchange;
	ui->restart.server = 0;
	ui->told.exchange = exchange;
	ui_unsay(ui);
}

void ui_notes_sent(void *arg, const struct pcp_client_event *event)
{
	if (event->kind == CLIENT_SENT)
		*(uint32_t *)arg = event->exchange;
}

void ui_began(struct ui *ui, uint32_t exchange)
{
	if (!select_by_hand(&ui->selection)) {
		ui_sent(ui, exchange, NULL);
		return;
	}
	ui->awaited = ui->told.exchange = exchange;
}

uint32_t ui_send(struct ui *ui, const struct pcp_client_request *request)
{
	struct pcp_why why;
	uint32_t exchange = session_send(ui->session, request, &why);

	ui_sent(ui, exchange, &why);
	return exchange;
}

void ui_edit(struct ui *ui, struct input *input)
{
	ui->input = input;
	ui->editing.label[0] = '\0';
	ui->dirty = true;
}

void ui_key_of(const struct ui *ui, const char *name, char *buf, size_t cap)
{
	size_t i;

	*buf = '\0';
	for (i = 0; i < ui_nbindings && !*buf; i++)
		if (strcmp(ui_bindings[i].name, name) == 0)
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

/* What comes before the keys of a view: an explained step of the tour, the way back to a page, an
 * open capture. */
static unsigned before_view(const struct ui *ui)
{
	const struct replay *replay = session_replay(ui->session);
	bool capture = replay && !replay_reading(replay) && 1 << ui_front(ui) & IN_PANES;

	return (ui->tour.on && ui->tour.explained ? IN_TOUR : 0u) |
	       (ui_visits(ui) ? IN_VISIT : 0u) |
	       (capture && ui_front(ui) != VIEW_COMPOSE ? IN_REPLAY : 0u);
}

unsigned ui_where(struct ui *ui)
{
	const struct view *view = ui_views[ui_front(ui)];
	unsigned more = view->where ? view->where(ui) : 0;

	if (*ui->question.text)
		return IN_QUESTION;
	if (ui->menu.item)
		return IN_MENU;
	if (ui->input)
		return IN_TEXT;
	if (more & IN_HEX)
		return more;
	return 1u << ui_front(ui) | before_view(ui) | more;
}
