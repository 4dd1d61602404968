/* The dashboard's life: it takes the terminal, listens to the session, and gives the terminal back.
 */
#include "ui.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "config.h"
#include "leave.h"
#include "paint.h"
#include "press.h"
#include "prompt.h"
#include "screen.h"
#include "session-task.h"
#include "view.h"

/* ---- events ---- */

static void note_restart(struct ui *ui, const struct pcp_client_event *event)
{
	if (session_undoing(ui->session) && !event->server->nlost)
		return; /* what asks odd things gets odd answers; nothing was lost by it */
	ui->restart.server = event->server->id;
	ui->restart.wall = session_wall(ui->session, event->now);
	snprintf(ui->restart.reason, sizeof ui->restart.reason, "%s",
		 event->reason ? event->reason : "its epoch went back");
	if (!ui->input)
		ui_unsay(ui); /* it is what came of :lab restart, too */
}

/* How the last thing sent by hand ended takes the place of what was said meanwhile. */
static void tell_outcome(struct ui *ui, const struct pcp_client_event *event)
{
	if (event->exchange == 0 || event->exchange != ui->awaited)
		return;
	switch (event->kind) {
	case CLIENT_ANSWERED:
	case CLIENT_TIMED_OUT:
	case CLIENT_UNREACHABLE:
		ui->told.exchange = event->exchange;
		ui->awaited = 0;
		if (!ui->input)
			ui_unsay(ui);
		break;
	default:
		break;
	}
}

/* What the status line says of the server. */
static void note_server(struct ui *ui, const struct pcp_client_event *event)
{
	const struct pcp_mapping *m = event->mapping;
	size_t most = sizeof ui->server.rtt / sizeof *ui->server.rtt;

	if (m && pcp_mapping_stands(m) && !pcp_addr_is_any(m->external)) {
		memcpy(ui->server.external, m->external, PCP_ADDR_LEN);
		ui->server.known = true;
	}
	if (event->kind != CLIENT_ANSWERED || event->rtt < 0)
		return;
	if (ui->server.nrtt == most)
		memmove(ui->server.rtt, ui->server.rtt + 1,
			--ui->server.nrtt * sizeof *ui->server.rtt);
	ui->server.rtt[ui->server.nrtt++] = event->rtt < INT_MAX ? (int)event->rtt : INT_MAX;
}

static void heard(void *arg, const struct pcp_client_event *event)
{
	struct ui *ui = arg;
	size_t i;

	ui->last_at = event->now;
	tell_outcome(ui, event);
	note_server(ui, event);
	ui->counted.stale |= event->mapping != NULL || event->kind == CLIENT_MAPPING_GONE;
	ui->dirty = true;
	if (event->kind == CLIENT_RESTARTED)
		note_restart(ui, event);
	for (i = 0; i < VIEW_COUNT; i++)
		if (ui_views[i]->event)
			ui_views[i]->event(ui, event);
	tour_heard(ui, event);
	leave_heard(ui);
}

static void caught(void *arg, int signo)
{
	struct ui *ui = arg;

	if (ui->closed && (signo == SIGWINCH || signo == SIGTSTP))
		return;
	ui->dirty = ui->urgent = true;
	switch (ui->closed ? SIGTERM : signo) {
	case SIGWINCH:
		screen_resize();
		break;
	case SIGTSTP:
		(void)screen_suspend();
		break;
	case SIGHUP:
		press_hang_up(ui);
		break;
	default:
		ui->hurry = true;
		loop_stop(session_loop(ui->session));
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
	menu_close(ui);
}

static void noticed(void *arg, const char *text)
{
	struct ui *ui = arg;

	ui_say(ui, STYLE_WARNING, "%s", text);
	ui->said.unasked = true;
}

/* Its counters are on the screen. */
static void lab_did(void *arg, usec now, const char *line)
{
	(void)now;
	(void)line;
	ui_dirty(arg);
}

static bool wire(struct ui *ui)
{
	struct loop *loop = session_loop(ui->session);
	bool ok = loop_watch(loop, STDIN_FILENO, press_readable, ui) &&
		  loop_timed(loop, paint_due, paint_tick, ui);
	size_t i;

	for (i = 0; i < sizeof signals / sizeof *signals; i++)
		ok = ok && loop_signal(loop, signals[i], caught, ui);
	loop_idle(loop, paint_frame, ui);
	ui->observer = (struct session_observer){ .event = heard, .arg = ui };
	session_observe(ui->session, &ui->observer);
	session_on_notice(ui->session, noticed, ui);
	session_on_lab(ui->session, lab_did, ui);
	return ok;
}

static void unwire(struct ui *ui)
{
	struct loop *loop = session_loop(ui->session);

	session_unobserve(ui->session, &ui->observer);
	session_on_notice(ui->session, NULL, NULL);
	session_on_lab(ui->session, NULL, NULL);
	loop_unwatch(loop, STDIN_FILENO);
	loop_unwatch_room(loop, screen_fd());
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
					      .mouse = !ui->config->no_mouse,
					      .no_memory = EXIT_FAILED };

	if (!configure(ui, why, cap))
		return false;
	if (!open_views(ui) || !prompt_open(ui)) {
		snprintf(why, cap, "out of memory");
		return false;
	}
	return screen_open(&screen, why, (unsigned)cap);
}

static void complain(const char *why)
{
	char safe[2048];

	pcp_safe_line(why, safe, sizeof safe);
	fprintf(stderr, "pcpscope: %s\n", safe);
}

static int run(struct ui *ui)
{
	bool wired;

	theme_use(ui->theme);
	tour_offer(ui);
	wired = wire(ui);
	if (wired)
		loop_run(session_loop(ui->session), USEC_NEVER);
	unwire(ui);
	ui->hung_up |= !screen_close(ui->hurry || ui->hung_up);
	if (!wired)
		complain("out of memory");
	return wired ? EXIT_ANSWERED : EXIT_FAILED;
}

int ui_run(struct session *session, const struct ui_config *config)
{
	struct ui *ui = calloc(1, sizeof *ui);
	char why[512] = "out of memory";
	int status = EXIT_FAILED;

	if (!ui) {
		complain(why);
		return status;
	}
	ui->session = session;
	ui->config = config;
	ui->page = VIEW_COUNT;
	ui->tick_at = USEC_NEVER;
	ui->dirty = ui->urgent = true;
	if (begin(ui, why, sizeof why)) {
		status = run(ui);
	} else {
		complain(why);
	}
	leave_finish(ui); /* before the views close: what goes on writes there */
	if (status == EXIT_ANSWERED && !ui->hung_up)
		leave_tell(session);
	close_views(ui);
	free(ui);
	return status;
}
