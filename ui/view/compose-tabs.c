/* Compose: what each kind of request starts with, and what is filled in for the person. */
#include <string.h>

#include "actions.h"
#include "compose-tab.h"

const struct tab_kind compose_kinds[TAB_COUNT] = {
	[TAB_MAP] = { "MAP",
		      PCP_MAP,
		      0,
		      false,
		      { { "map.protocol", "tcp" },
			{ "map.internal_port", "8080" },
			{ "map.suggested_external_port", "8080" },
			{ "header.lifetime", "3600" } } },
	[TAB_PEER] = { "PEER",
		       PCP_PEER,
		       0,
		       false,
		       { { "peer.protocol", "tcp" },
			 { "peer.internal_port", "40000" },
			 { "peer.remote_port", "443" },
			 { "header.lifetime", "3600" } } },
	[TAB_GET] = { "GET", PCP_GET, 0, false, { { NULL, NULL } } },
	[TAB_NEXT] = { "NEXT",
		       PCP_GET,
		       PCP_NEXT,
		       false,
		       { { "options[0].next.wanted", "FILTER/DESCRIPTION" } } },
	[TAB_ANNOUNCE] = { "ANNOUNCE", PCP_ANNOUNCE, 0, false, { { NULL, NULL } } },
	[TAB_RAW] = { "RAW", PCP_ANNOUNCE, 0, true, { { NULL, NULL } } },
};

struct ui_compose *compose_of(struct ui *ui)
{
	return ui->state[VIEW_COMPOSE];
}

struct tab *compose_tab(struct ui_compose *compose)
{
	return &compose->tab[compose->at];
}

bool compose_is_raw(const struct ui_compose *compose)
{
	return compose_kinds[compose->at].raw;
}

/* ---- what is filled in: addresses, nonce ---- */

static void source(const struct ui *ui, uint8_t addr[PCP_ADDR_LEN])
{
	const struct pcp_client_server *server =
		pcp_client_server(session_client(ui->session), session_server(ui->session));

	if (server)
		memcpy(addr, server->config.source.addr, PCP_ADDR_LEN);
	else
		pcp_addr_any(addr, true);
}

/* The nonce of the mapping that the request names, so that it renews instead of being refused. */
static const struct pcp_mapping *same_mapping(const struct ui *ui, const struct pcp_packet *packet)
{
	const struct pcp_client *client = session_client(ui->session);
	const uint8_t *body = packet->octets + PCP_HEADER_LEN;
	size_t i;

	if (packet->opcode != PCP_MAP && packet->opcode != PCP_PEER)
		return NULL;
	if (packet->version != PCP_VERSION_2 ||
	    packet->len < PCP_HEADER_LEN + pcp_body_len(packet->opcode, packet->version))
		return NULL;
	for (i = 0; i < pcp_client_nmappings(client); i++) {
		const struct pcp_mapping *m = pcp_client_mapping_at(client, i);

		if (m->server != session_server(ui->session) || m->opcode != packet->opcode ||
		    m->third_party || m->version != packet->version ||
		    m->protocol != pcp_get(&pcp_map_fields[MAP_PROTOCOL], body) ||
		    m->internal_port != pcp_get(&pcp_map_fields[MAP_INTERNAL_PORT], body))
			continue;
		if (packet->opcode == PCP_PEER &&
		    (m->remote_port != pcp_get(&pcp_peer_fields[PEER_REMOTE_PORT], body) ||
		     memcmp(m->remote, pcp_at(&pcp_peer_fields[PEER_REMOTE_ADDRESS], body),
			    PCP_ADDR_LEN) != 0))
			continue;
		return m;
	}
	return NULL;
}

static void fill_nonce(struct ui *ui, struct ui_compose *compose)
{
	const struct pcp_packet *packet = &compose->form.packet;
	const struct pcp_mapping *mapping;
	char path[FORM_PATH];
	uint8_t nonce[PCP_NONCE_LEN];
	size_t node = pcp_body_leaf(packet, "nonce");

	if (compose_tab(compose)->own_nonce || node == PCP_NO_NODE)
		return;
	mapping = same_mapping(ui, packet);
	if (!mapping && compose_tab(compose)->have_nonce)
		return; /* keeps standing while one types */
	if (mapping)
		memcpy(nonce, mapping->nonce, sizeof nonce);
	else
		session_rng(ui->session)->fill(session_rng(ui->session), nonce, sizeof nonce);
	compose_tab(compose)->have_nonce = !mapping;
	pcp_node_path(packet, node, path, sizeof path);
	pcp_edit_set_octets(&compose_tab(compose)->edit, path, nonce, sizeof nonce);
}

void compose_fill(struct ui *ui)
{
	struct ui_compose *compose = compose_of(ui);
	uint8_t addr[PCP_ADDR_LEN];

	compose->stale = false;
	if (compose_is_raw(compose))
		return;
	source(ui, addr);
	if (!compose_tab(compose)->own_address)
		pcp_edit_set_octets(&compose_tab(compose)->edit, "header.client_address", addr,
				    sizeof addr);
	fill_nonce(ui, compose);
	form_load(&compose->form, &compose_tab(compose)->edit, &compose_tab(compose)->list, false);
}

void compose_refresh(struct ui *ui)
{
	struct ui_compose *compose = compose_of(ui);

	if (compose->stale && ui->input != &compose->input)
		compose_fill(ui);
}

/* ---- starting ---- */

/* Addresses that mean "any" are of the family in use (RFC 6887 5). */
static void set_family(struct ui_compose *compose, bool v4)
{
	struct pcp_packet *packet = &compose->form.packet;
	struct pcp_edit *edit = &compose_tab(compose)->edit;
	char path[FORM_PATH];
	uint8_t any[PCP_ADDR_LEN];
	size_t i;

	pcp_addr_any(any, v4);
	for (i = 0; i < packet->nnode; i++)
		if (packet->node[i].field && packet->node[i].field->kind == PCP_ADDR) {
			pcp_node_path(packet, i, path, sizeof path);
			pcp_edit_set_octets(edit, path, any, sizeof any);
		}
}

/* The cursor starts where typing is useful: on the port, where there is one. */
static void first_row(struct ui_compose *compose)
{
	size_t port = pcp_body_leaf(&compose->form.packet, "internal_port");
	char path[FORM_PATH];

	if (port == PCP_NO_NODE)
		return;
	pcp_node_path(&compose->form.packet, port, path, sizeof path);
	form_go(&compose->form, path);
}

void compose_start(struct ui *ui)
{
	struct ui_compose *compose = compose_of(ui);
	const struct tab_kind *kind = &compose_kinds[compose->at];
	struct tab *now = compose_tab(compose);
	struct pcp_why why;
	uint8_t addr[PCP_ADDR_LEN];
	size_t i;

	memset(now, 0, sizeof *now);
	source(ui, addr);
	pcp_edit_begin(&now->edit, PCP_VERSION_2, kind->opcode);
	now->edit.dialects = session_dialects(ui->session);
	if (kind->option)
		pcp_edit_add_option(&now->edit, kind->option, NULL, 0);
	form_load(&compose->form, &now->edit, &now->list, true);
	set_family(compose, pcp_addr_is_v4(addr));
	for (i = 0; i < sizeof kind->start / sizeof *kind->start && kind->start[i].path; i++)
		pcp_edit_set(&now->edit, kind->start[i].path, kind->start[i].typed, &why);
	if (kind->opcode == PCP_PEER)
		pcp_edit_set(&now->edit, "peer.remote_address",
			     pcp_addr_is_v4(addr) ? "198.51.100.7" : "2001:db8::7", &why);
	compose_fill(ui);
	if (kind->raw)
		form_load(&compose->form, &now->edit, &now->list, true);
	now->begun = true;
	first_row(compose);
}

/* ---- the cursor and what it lights ---- */

void compose_light(struct ui *ui)
{
	struct ui_compose *compose = compose_of(ui);
	const struct form_row *row = form_at(&compose->form);

	select_preview(&ui->selection);
	if (compose_is_raw(compose))
		select_octets(&ui->selection, compose->hex.nibble / 2, 1);
	else if (row && (row->kind == FORM_FIELD || row->kind == FORM_OPTION))
		select_octets(&ui->selection, compose->form.node[row->node].off,
			      compose->form.node[row->node].len);
	else
		select_octets(&ui->selection, 0, 0);
}

void compose_move(struct ui *ui, int by)
{
	list_move(&compose_tab(compose_of(ui))->list, by);
	compose_light(ui);
}

const char *why_not_form(struct ui *ui)
{
	return compose_is_raw(compose_of(ui))
		       ? "RAW has octets and no form: the tabs to its left have"
		       : NULL;
}
