/* The first line: whom we talk to, how it is there, and what stands. Nothing in it runs by itself
 * but waiting. */
#include "status.h"

#include <stdio.h>
#include <string.h>

#include "out.h"
#include "session-capture.h"
#include "session-task.h"
#include "actions.h"
#include "line.h"
#include "text.h"
#include "waiting.h"
#include "words.h"

/* ---- the server ---- */

static void add_address(const struct ui *ui, const struct pcp_client_server *server,
			struct line *line)
{
	char address[ENDPOINT_TEXT], external[PCP_ADDR_TEXT];

	pcp_endpoint_text(&server->config.endpoint[server->current], address, sizeof address);
	line_add(line, 0, 2, STYLE_TITLE, "%s%s", session_lab(ui->session) ? "lab " : "", address);
	if (!ui->server.known)
		return;
	pcp_addr_text(ui->server.external, external, sizeof external);
	line_add(line, 5, 1, STYLE_DIM, "%s", draw_glyph(GLYPH_REQUEST));
	line_add(line, 5, 1, STYLE_NORMAL, "%s", external);
}

static void add_epoch(const struct ui *ui, const struct pcp_client_server *server,
		      struct line *line)
{
	char epoch[48];

	if (!server->have_epoch) {
		if (log_nmessages(session_log(ui->session)) == 0)
			line_add(line, 3, 2, STYLE_DIM, "not asked yet");
		return;
	}
	pcp_seconds_text(server->epoch, epoch, sizeof epoch);
	line_add(line, 4, 2, STYLE_DIM, "epoch");
	line_add(line, 4, 1, STYLE_NORMAL, "%s", epoch);
	if (!server->epoch_valid)
		line_add(line, 2, 1, STYLE_ERROR, "BAD");
	else if (ui->place.width >= LAYOUT_WIDE_WIDTH)
		line_add(line, 7, 1, STYLE_OK, "ok");
}

/* The last round trip, and those before it as a curve. */
static void add_times(const struct ui *ui, struct line *line)
{
	char curve[8 * 4 + 1] = "";
	struct pcp_out out;
	int most = 1, rtt;
	size_t i;

	if (ui->server.nrtt == 0 || ui->place.width < LAYOUT_WIDE_WIDTH)
		return;
	for (i = 0; i < ui->server.nrtt; i++)
		most = ui->server.rtt[i] > most ? ui->server.rtt[i] : most;
	pcp_out_begin(&out, curve, sizeof curve);
	for (i = 0; i < ui->server.nrtt; i++)
		pcp_out_text(&out, draw_spark((int)(7LL * ui->server.rtt[i] / most)));
	rtt = ui->server.rtt[ui->server.nrtt - 1];
	line_add(line, 8, 2, STYLE_DIM, "rtt");
	line_add(line, 8, 1, STYLE_NORMAL, "%.1f ms", rtt / 1000.0);
	if (!ui->config->plain)
		line_add(line, 9, 1, STYLE_MARK, "%s", curve);
}

/* ---- what there is else ---- */

/* How long it is, and between whom. */
static void add_span(const struct log *log, struct line *line)
{
	const struct message *first = log_message_at(log, 0);
	const struct message *last = log_message_at(log, log_nmessages(log) - 1);
	char from[PCP_ADDR_TEXT], to[PCP_ADDR_TEXT], span[48];

	if (!first || !last || last->wall < first->wall)
		return;
	pcp_seconds_text((uint32_t)((last->wall - first->wall) / USEC_PER_SEC), span, sizeof span);
	line_add(line, 3, 0, STYLE_DIM, ", %s", span);
	pcp_addr_text(first->from->addr, from, sizeof from);
	pcp_addr_text(first->to->addr, to, sizeof to);
	line_add(line, 4, 2, STYLE_DIM, "from");
	line_add(line, 4, 1, STYLE_NORMAL, "%s", from);
	line_add(line, 4, 1, STYLE_DIM, "to");
	line_add(line, 4, 1, STYLE_NORMAL, "%s", to);
}

static void add_replay(const struct session *session, struct line *line)
{
	const struct replay *replay = session_replay(session);
	const struct log *log = session_log(session);
	const char *name = strrchr(replay_path(replay), '/');

	line_add(line, 5, 2, STYLE_BADGE_WAITING, " capture ");
	line_add(line, 0, 1, STYLE_TITLE, "%s",
		 pcp_quoted(name ? name + 1 : replay_path(replay)).text);
	if (session_seeking(session))
		line_add(line, 0, 1, STYLE_WAITING, "%s", draw_glyph(GLYPH_WAITING));
	if (replay_reading(replay))
		return;
	line_add(line, 2, 2, STYLE_DIM, "%llu datagram%s", (unsigned long long)replay_count(replay),
		 pcp_s(replay_count(replay)));
	line_add(line, 2, 0, STYLE_DIM, ", %zu exchange%s", log_nexchanges(log),
		 pcp_s(log_nexchanges(log)));
	add_span(log, line);
}

/* How far what takes long is, and the key that ends it. */
static void add_task(const struct ui *ui, struct line *line)
{
	const struct session_task *task = session_task(ui->session);
	char progress[128], key[32];

	if (!task)
		return;
	task->progress(task->arg, progress, sizeof progress);
	ui_key_of(ui, "dismiss", key, sizeof key);
	if (ui->page == VIEW_COUNT && !ui_visits(ui)) /* elsewhere it leads back */
		line_add(line, 0, 2, STYLE_WAITING, "%s, %s stops it", progress, key);
	else
		line_add(line, 0, 2, STYLE_WAITING, "%s", progress);
}

/* Beyond so many they are counted once a second. */
enum { MANY = 20000 };

static void count_one(struct ui *ui, const struct pcp_mapping *m)
{
	struct ui_counted *counts = &ui->counted;

	if (!ui->server.known && pcp_mapping_stands(m)) { /* of a capture, too */
		memcpy(ui->server.external, m->external, PCP_ADDR_LEN);
		ui->server.known = !pcp_addr_is_any(m->external);
	}
	switch (m->state) {
	case MAPPING_GRANTED:
		counts->stands++;
		break;
	case MAPPING_ASKING:
	case MAPPING_RENEWING:
	case MAPPING_RECOVERING:
	case MAPPING_DELETING:
		counts->waiting++;
		break;
	case MAPPING_HOLDING:
	case MAPPING_FAILED:
		counts->refused++;
		break;
	case MAPPING_LOST:
	case MAPPING_DELETED:
	case MAPPING_EXPIRED:
		counts->lost++;
		break;
	}
}

void status_count(struct ui *ui, struct ui_counted *counts)
{
	size_t i, n = pcp_client_nmappings(session_client(ui->session));
	bool due = ui->counted.stale || session_replay(ui->session);

	if (due && (n <= MANY || ui->now - ui->counted.at >= USEC_PER_SEC)) {
		ui->counted = (struct ui_counted){ .at = ui->now };
		for (i = 0; i < n; i++)
			count_one(ui, pcp_client_mapping_at(session_client(ui->session), i));
	}
	*counts = ui->counted;
}

static void add_count(struct line *line, enum style style, enum glyph glyph, size_t n)
{
	if (n)
		line_add(line, 1, line->count && line->part[line->count - 1].rank == 1 ? 1 : 2,
			 style, "%s %zu", draw_glyph(glyph), n);
}

static void add_counts(struct ui *ui, struct line *line)
{
	struct ui_counted counts;

	status_count(ui, &counts);
	add_count(line, STYLE_OK, GLYPH_GRANTED, counts.stands);
	add_count(line, STYLE_WAITING, GLYPH_WAITING, counts.waiting);
	add_count(line, STYLE_ERROR, GLYPH_REFUSED, counts.refused);
	add_count(line, STYLE_ERROR, GLYPH_GONE, counts.lost);
}

/* The time of the last datagram, at the right edge where the line has room. */
static void draw_last(const struct ui *ui, const struct rect *in, int col)
{
	char clock[16];
	int at;

	if (!ui->last_at)
		return;
	ui_clock(session_wall(ui->session, ui->last_at), 0, clock, sizeof clock);
	at = in->width >= LAYOUT_WIDE_WIDTH ? in->width - 1 - 13 : col + 2;
	if (at >= col + 2 && at + 13 <= in->width)
		draw_format(in, 0, at, STYLE_DIM, "last %s", clock);
}

void status_draw(struct ui *ui, const struct rect *in)
{
	const struct pcp_client_server *server =
		pcp_client_server(session_client(ui->session), session_server(ui->session));
	struct line line = { .count = 0 };
	int col;

	line_add(&line, 6, 0, STYLE_BUTTON, " pcpscope ");
	if (session_replay(ui->session))
		add_replay(ui->session, &line);
	if (server && !session_replay(ui->session)) {
		add_address(ui, server, &line);
		add_epoch(ui, server, &line);
		add_times(ui, &line);
	} else if (!session_replay(ui->session)) {
		line_add(&line, 0, 2, STYLE_ERROR, "no server: start with --lab, or -s ADDRESS");
	}
	add_task(ui, &line);
	add_counts(ui, &line);
	line_fit(&line, in->width);
	col = line_draw(&line, in, 0, 0);
	draw_last(ui, in, col);
}
