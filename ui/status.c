/* The lines around the panes: status, meaning and footer. */
#include "status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "actions.h"
#include "session-capture.h"
#include "session-task.h"
#include "view.h"

/* The parts of the status line from left to right; where there is no room for all, those of the
 * highest `rank` go first. */
struct part {
	char text[200];
	enum style style;
	int rank;
};

struct parts {
	struct part part[10];
	size_t count;
};

static void add(struct parts *parts, int rank, enum style style, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
static void add(struct parts *parts, int rank, enum style style, const char *format, ...)
{
	struct part *part = &parts->part[parts->count++];
	va_list args;

	part->rank = rank;
	part->style = style;
	va_start(args, format);
	vsnprintf(part->text, sizeof part->text, format, args);
	va_end(args);
}

static void add_server(const struct ui *ui, const struct pcp_client_server *server,
		       struct parts *parts)
{
	const struct pcp_client_server_config *config = &server->config;
	char address[ENDPOINT_TEXT], me[PCP_ADDR_TEXT], epoch[48];

	pcp_endpoint_text(&config->endpoint[server->current], address, sizeof address);
	add(parts, 0, STYLE_STATUS, "%s %s", session_lab(ui->session) ? "lab" : "server", address);
	pcp_addr_text(config->source.addr, me, sizeof me);
	add(parts, 4, STYLE_NORMAL, "me %s", me);
	if (server->have_epoch) {
		pcp_seconds_text(server->epoch, epoch, sizeof epoch);
		add(parts, 2, server->epoch_valid ? STYLE_NORMAL : STYLE_ERROR, "epoch %s %s",
		    epoch, server->epoch_valid ? "ok" : "BAD");
	}
	if (server->have_epoch && server->rtt >= 0)
		add(parts, 3, STYLE_NORMAL, "rtt %.1f ms", (double)server->rtt / 1000.0);
}

static void add_replay(const struct session *session, struct parts *parts)
{
	const struct replay *replay = session_replay(session);
	char clock[16];

	add(parts, 0, STYLE_STATUS, "%.120s", replay_path(replay));
	if (!replay_reading(replay))
		add(parts, 0, session_seeking(session) ? STYLE_WAITING : STYLE_NORMAL,
		    "moment %llu/%llu", (unsigned long long)replay_at(replay),
		    (unsigned long long)replay_count(replay));
	if (replay_at(replay)) {
		ui_clock(replay_now(replay), 3, clock, sizeof clock);
		add(parts, 1, STYLE_NORMAL, "%s", clock);
	}
}

/* How far what takes long is, and the key that ends it. */
static void add_task(const struct ui *ui, struct parts *parts)
{
	const struct session_task *task = session_task(ui->session);
	char progress[128], key[32];

	if (!task)
		return;
	task->progress(task->arg, progress, sizeof progress);
	ui_key_of(ui, act_dismiss, key, sizeof key);
	add(parts, 0, STYLE_WAITING, "%s, %s stops it", progress, key);
}

static void add_counts(const struct ui *ui, const struct pcp_client_server *server,
		       struct parts *parts)
{
	const struct pcp_client *client = session_client(ui->session);
	size_t maps = server ? server->mappings : pcp_client_nmappings(client);
	size_t waiting = pcp_client_nexchanges(client);

	add(parts, 1, STYLE_NORMAL, "%zu map%s", maps, pcp_s(maps));
	if (waiting)
		add(parts, 1, STYLE_WAITING, "%zu waiting", waiting);
}

static int total_width(const struct parts *parts)
{
	int width = 0;
	size_t i;

	for (i = 0; i < parts->count; i++)
		width += 2 + draw_width(parts->part[i].text);
	return width;
}

static void drop_last_ranked(struct parts *parts)
{
	size_t i, last = 0;

	for (i = 1; i < parts->count; i++)
		if (parts->part[i].rank >= parts->part[last].rank)
			last = i;
	memmove(&parts->part[last], &parts->part[last + 1],
		(parts->count - last - 1) * sizeof *parts->part);
	parts->count--;
}

/* A server restarted: what that means now and what can be done; why, where there is room. */
static bool draw_banner(const struct ui *ui, const struct rect *in)
{
	const struct pcp_client_server *server =
		pcp_client_server(session_client(ui->session), ui->restart.server);
	char text[400], recover[32], dismiss[32], clock[16];
	size_t n;

	if (!server || session_replay(ui->session))
		return false;
	ui_key_of(ui, act_recover, recover, sizeof recover);
	ui_key_of(ui, act_dismiss, dismiss, sizeof dismiss);
	ui_clock(ui->restart.wall, 0, clock, sizeof clock);
	if (server->nlost)
		n = (size_t)snprintf(text, sizeof text,
				     "SERVER RESTARTED, %u mapping%s lost: %s makes %s again, %s "
				     "hides this",
				     server->nlost, pcp_s(server->nlost), recover,
				     server->nlost == 1 ? "it" : "them", dismiss);
	else
		n = (size_t)snprintf(
			text, sizeof text,
			"SERVER RESTARTED at %s; no mapping is lost now. %s hides this", clock,
			dismiss);
	snprintf(text + n, sizeof text - n, " (%s)", ui->restart.reason);
	if (draw_width(text) > in->width)
		text[n] = '\0';
	draw_cell(in, 0, 0, in->width, STYLE_BANNER, text);
	return true;
}

void status_draw(struct ui *ui, const struct rect *in)
{
	const struct pcp_client_server *server =
		pcp_client_server(session_client(ui->session), session_server(ui->session));
	struct parts parts = { .count = 0 };
	char clock[16];
	size_t i;
	int col = 1;

	if (draw_banner(ui, in))
		return;
	add(&parts, 5, STYLE_TITLE, "pcpscope");
	if (session_replay(ui->session))
		add_replay(ui->session, &parts);
	if (server)
		add_server(ui, server, &parts);
	else if (!session_replay(ui->session))
		add(&parts, 0, STYLE_ERROR, "no server: start with --lab, or -s ADDRESS");
	add_task(ui, &parts);
	add_counts(ui, server, &parts);
	if (ui->last_at) {
		ui_clock(session_wall(ui->session, ui->last_at), 0, clock, sizeof clock);
		add(&parts, 6, STYLE_DIM, "last %s", clock);
	}
	while (parts.count > 1 && total_width(&parts) > in->width)
		drop_last_ranked(&parts);
	for (i = 0; i < parts.count; i++)
		col = draw_text(in, 0, col, parts.part[i].style, parts.part[i].text) + 2;
}

void status_draw_meaning(struct ui *ui, const struct rect *in)
{
	const struct view *view = ui_views[ui_front(ui)];
	char text[512] = "";

	if (*ui->question) {
		draw_wrap(in, 0, 0, STYLE_WARNING, ui->question);
		return;
	}
	if (*ui->message) {
		draw_wrap(in, 0, 0, ui->message_style, ui->message);
		return;
	}
	if (ui->menu.item && ui->menu.item[ui->menu.list.cursor].help)
		snprintf(text, sizeof text, "%s: %s", ui->menu.item[ui->menu.list.cursor].label,
			 ui->menu.item[ui->menu.list.cursor].help);
	else if (view->meaning)
		view->meaning(ui, text, sizeof text);
	draw_wrap(in, 0, 0, STYLE_NORMAL, text);
}

/* Where keys are looked up now; the same order as in dispatch. */
static bool applies(struct ui *ui, const struct binding *binding)
{
	return binding->footer && binding->where & ui_where(ui) &&
	       !(binding->why_not && binding->why_not(ui));
}

/* What is particular to the place comes first: bindings that work in fewer places. */
static bool particular(const struct binding *binding)
{
	return (binding->where & IN_VIEWS) != IN_PANES && (binding->where & IN_PANES) != IN_PANES;
}

/* Columns that it takes in the footer, the gap behind it included; 0: no key stands for it. */
static int footer_width(struct ui *ui, const struct binding *binding, char keys[32])
{
	ui_key_names(&ui->keys, binding, 1, keys, 32);
	return *keys ? draw_width(keys) + 1 + draw_width(binding->footer) + 2 : 0;
}

/* Those that are particular to the place, or the others, as far as there is room besides `keep`
 * columns; returns the column after them. */
static int draw_bindings(struct ui *ui, const struct rect *in, int col, bool first, int keep)
{
	char keys[32];
	size_t i;

	for (i = 0; i < ui_nbindings; i++) {
		const struct binding *binding = &ui_bindings[i];
		int width;

		if (particular(binding) != first || !applies(ui, binding))
			continue;
		width = footer_width(ui, binding, keys);
		if (width == 0 || col + width - 2 + keep >= in->width)
			continue;
		col = draw_text(in, 0, col, STYLE_KEY, keys);
		col = draw_text(in, 0, col + 1, STYLE_NORMAL, binding->footer) + 2;
	}
	return col;
}

/* The first binding of those that are not particular leads out, and must never be missing. */
static int way_out_width(struct ui *ui)
{
	char keys[32];
	size_t i;

	for (i = 0; i < ui_nbindings; i++)
		if (!particular(&ui_bindings[i]) && applies(ui, &ui_bindings[i]))
			return footer_width(ui, &ui_bindings[i], keys);
	return 0;
}

void status_draw_footer(struct ui *ui, const struct rect *in)
{
	int col = draw_bindings(ui, in, 0, true, way_out_width(ui));

	draw_bindings(ui, in, col, false, 0);
}
