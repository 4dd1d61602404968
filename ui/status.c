#include "status.h"

#include <stdio.h>
#include <string.h>

#include "session.h"

/* The parts of the status line from left to right, the first the last to give way. */
struct part {
	char text[200];
	enum style style;
};

enum { PARTS_MAX = 10 };

static struct part *add(struct part part[PARTS_MAX], size_t *n, enum style style)
{
	part[*n].style = style;
	part[*n].text[0] = '\0';
	return &part[(*n)++];
}

static void add_server(const struct ui *ui, const struct client_server *server,
		       struct part part[PARTS_MAX], size_t *n)
{
	const struct client_server_config *config = &server->config;
	char address[ENDPOINT_TEXT], me[PCP_ADDR_TEXT], epoch[48];
	struct part *at = add(part, n, STYLE_STATUS);

	endpoint_text(&config->endpoint[server->current], address, sizeof address);
	snprintf(at->text, sizeof at->text, "%s %s", ui->session->lab ? "lab" : "server", address);
	pcp_addr_text(config->source.addr, me, sizeof me);
	at = add(part, n, STYLE_NORMAL);
	snprintf(at->text, sizeof at->text, "me %s", me);
	if (!server->have_epoch)
		return;
	pcp_seconds_text(server->epoch, epoch, sizeof epoch);
	at = add(part, n, server->epoch_valid ? STYLE_NORMAL : STYLE_ERROR);
	snprintf(at->text, sizeof at->text, "epoch %s %s", epoch,
		 server->epoch_valid ? "ok" : "BAD");
	if (server->rtt >= 0) {
		at = add(part, n, STYLE_NORMAL);
		snprintf(at->text, sizeof at->text, "rtt %.1f ms", (double)server->rtt / 1000.0);
	}
}

static void add_counts(const struct ui *ui, struct part part[PARTS_MAX], size_t *n)
{
	const struct client *client = ui->session->client;
	const struct client_server *server = client_server(client, ui->session->server);
	size_t maps = server ? server->mappings : client_nmappings(client),
	       waiting = client_npending(client);
	struct part *at = add(part, n, STYLE_NORMAL);

	snprintf(at->text, sizeof at->text, "%zu map%s", maps, maps == 1 ? "" : "s");
	if (waiting) {
		at = add(part, n, STYLE_WAITING);
		snprintf(at->text, sizeof at->text, "%zu waiting", waiting);
	}
}

void status_draw(struct ui *ui, const struct rect *in)
{
	const struct client_server *server =
		client_server(ui->session->client, ui->session->server);
	struct part part[PARTS_MAX];
	char last[24] = "", clock[16];
	size_t n = 0, i;
	int col = 1;

	if (*ui->banner) {
		draw_cell(in, 0, 0, in->width, STYLE_BANNER, ui->banner);
		return;
	}
	snprintf(add(part, &n, STYLE_TITLE)->text, sizeof part->text, "pcpscope");
	if (ui->config->opened)
		snprintf(add(part, &n, STYLE_NORMAL)->text, sizeof part->text, "%.150s",
			 ui->config->opened);
	if (server)
		add_server(ui, server, part, &n);
	else if (!ui->config->opened)
		snprintf(add(part, &n, STYLE_ERROR)->text, sizeof part->text,
			 "no server: start with --lab, or -s ADDRESS");
	add_counts(ui, part, &n);
	for (i = 0; i < n; i++) {
		if (col + draw_width(part[i].text) > in->width)
			continue;
		col = draw_text(in, 0, col, part[i].style, part[i].text) + 2;
	}
	if (ui->last_at) {
		ui_clock(session_wall(ui->session, ui->last_at), 0, clock, sizeof clock);
		snprintf(last, sizeof last, "last %s", clock);
		if (col + (int)strlen(last) < in->width)
			draw_text(in, 0, in->width - (int)strlen(last) - 1, STYLE_DIM, last);
	}
}

void status_draw_meaning(struct ui *ui, const struct rect *in)
{
	const struct view *view = ui_views[ui_front(ui)];
	char text[512] = "";

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

void status_draw_footer(struct ui *ui, const struct rect *in)
{
	int col = 0, pass;
	size_t i;

	for (pass = 0; pass < 2; pass++)
		for (i = 0; i < ui_nbindings; i++) {
			const struct binding *binding = &ui_bindings[i];
			char keys[32];

			if (particular(binding) != (pass == 0) || !applies(ui, binding))
				continue;
			ui_key_names(&ui->keys, binding, 1, keys, sizeof keys);
			if (!*keys ||
			    col + draw_width(keys) + 1 + draw_width(binding->footer) >= in->width)
				continue;
			col = draw_text(in, 0, col, STYLE_KEY, keys);
			col = draw_text(in, 0, col + 1, STYLE_NORMAL, binding->footer) + 2;
		}
}
