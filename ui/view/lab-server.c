/* Server: what the answers of a server that is no lab have told of it. */
#include <stdio.h>
#include <string.h>

#include "lab-panel.h"
#include "out.h"
#include "text.h"
#include "words.h"

enum { HONOURED = 1, REFUSED = 2 }; /* bits of an opcode or option */
enum { HEAD = 12 };

/* ---- learning ---- */

static void learn_address(struct panel_known *known, const struct pcp_mapping *mapping)
{
	size_t i = 0;

	if (!mapping || !pcp_mapping_stands(mapping) || pcp_addr_is_any(mapping->external))
		return;
	while (i < known->nexternal &&
	       memcmp(known->external[i], mapping->external, PCP_ADDR_LEN) != 0)
		i++;
	if (i == known->nexternal && i < PANEL_KNOWN_ADDRESSES)
		memcpy(known->external[known->nexternal++], mapping->external, PCP_ADDR_LEN);
}

static void learn_granted(struct panel_known *known, uint32_t seconds)
{
	if (seconds == 0)
		return;
	known->least = known->most && known->least < seconds ? known->least : seconds;
	known->most = known->most > seconds ? known->most : seconds;
}

static void learn_pcp(struct panel *panel, const struct pcp_client_event *event)
{
	struct panel_known *known = &panel->known;
	uint8_t opcode = pcp_opcode_of(event->octets);
	struct pcp_packet packet;

	if (event->result == PCP_UNSUPP_OPCODE)
		known->opcode[opcode] |= REFUSED;
	if (event->result != PCP_SUCCESS || event->len < PCP_HEADER_LEN)
		return;
	known->opcode[opcode] |= HONOURED;
	if (opcode == PCP_MAP || opcode == PCP_PEER)
		learn_granted(known, pcp_get(&pcp_response_fields[HDR_LIFETIME], event->octets));
	pcp_decode(&packet, event->octets, event->len, PCP_DIRECTION_GUESS, 0, panel->node,
		   PCP_NODES_MAX);
	for (size_t i = 0; i < packet.nnode; i++) /* what comes back in an answer was processed */
		if (!packet.node[i].field && packet.node[i].layout->kind == PCP_CLASS_OPTION)
			known->option[packet.node[i].layout->code] |= HONOURED;
}

void panel_learn(struct ui *ui, const struct pcp_client_event *event)
{
	struct panel *panel = panel_of(ui);
	uint16_t server = session_server(ui->session);

	if (event->kind != CLIENT_ANSWERED || !event->server || event->server->id != server ||
	    event->len < 2)
		return;
	if (panel->known.server != server)
		panel->known = (struct panel_known){ .server = server };
	if (event->octets[0] <= PCP_VERSION_2)
		panel->known.versions |= 1u << event->octets[0];
	learn_address(&panel->known, event->mapping);
	if (event->octets[0] == PCP_VERSION_2)
		learn_pcp(panel, event);
}

/* ---- telling ---- */

static int head(const struct rect *in, int at, const char *what)
{
	draw_text(in, at, 2, STYLE_DIM, what);
	return HEAD;
}

/* The names that have that bit, over as many rows as they need; returns the row after them. */
static int draw_names(const struct rect *in, int at, const char *what, const struct pcp_name *names,
		      const uint8_t *bits, size_t n)
{
	char text[600] = "";
	struct pcp_out out;

	pcp_out_begin(&out, text, sizeof text);
	for (size_t code = 0; code < n; code++) {
		const char *name = pcp_name(names, (uint32_t)code);

		if (bits[code])
			pcp_out_format(&out, "%s%s%s", out.len ? " " : "",
				       bits[code] & HONOURED ? "" : "no ", name ? name : "another");
	}
	if (!*text)
		return at;
	return draw_wrap(in, at, head(in, at, what), STYLE_NORMAL, text);
}

static int draw_versions(const struct rect *in, int at, unsigned versions)
{
	int col = head(in, at, "speaks");

	for (unsigned version = PCP_VERSION_2 + 1; version-- > 0;)
		if (versions & 1u << version)
			col = version ? draw_format(in, at, col, STYLE_NORMAL, "PCP %u  ", version)
				      : draw_text(in, at, col, STYLE_NORMAL, "NAT-PMP  ");
	return at + 1;
}

static int draw_granted(const struct rect *in, int at, const struct panel_known *known)
{
	char least[48], most[48];

	if (known->most == 0)
		return at;
	pcp_seconds_text(known->least, least, sizeof least);
	pcp_seconds_text(known->most, most, sizeof most);
	if (known->least == known->most)
		draw_format(in, at, head(in, at, "grants"), STYLE_NORMAL, "%s", most);
	else
		draw_format(in, at, head(in, at, "grants"), STYLE_NORMAL, "%s to %s", least, most);
	return at + 1;
}

static int draw_external(const struct rect *in, int at, const struct panel_known *known)
{
	char address[PCP_ADDR_TEXT];

	for (size_t i = 0; i < known->nexternal; i++, at++) {
		pcp_addr_text(known->external[i], address, sizeof address);
		draw_text(in, at, i ? HEAD : head(in, at, "gives"), STYLE_NORMAL, address);
	}
	return at;
}

static int draw_clock(const struct rect *in, int at, const struct pcp_client_server *server)
{
	char epoch[48];

	if (!server->have_epoch)
		return at;
	pcp_seconds_text(server->epoch, epoch, sizeof epoch);
	draw_format(in, at, head(in, at, "epoch"), STYLE_NORMAL, "%s%s", epoch,
		    server->epoch_valid ? "" : "  went wrong");
	return at + 1;
}

void panel_draw_server(struct ui *ui, const struct rect *in)
{
	const struct pcp_client_server *server =
		pcp_client_server(session_client(ui->session), session_server(ui->session));
	const struct panel_known *known = &panel_of(ui)->known;
	char address[ENDPOINT_TEXT];
	int at = 0;

	if (!server)
		return;
	pcp_endpoint_text(&server->config.endpoint[server->current], address, sizeof address);
	draw_text(in, at, head(in, at, "server"), STYLE_NORMAL, address);
	at = draw_clock(in, at + 1, server);
	if (known->server != server->id) {
		draw_wrap(in, at + 1, 2, STYLE_DIM,
			  "Nothing is known of it yet: s asks it. What it honours, grants and "
			  "gives will stand here.");
		return;
	}
	at = draw_versions(in, at, known->versions);
	at = draw_names(in, at, "opcodes", pcp_opcode_names, known->opcode, 128);
	at = draw_names(in, at, "options", pcp_option_names, known->option, 256);
	at = draw_granted(in, at, known);
	draw_external(in, at, known);
}
