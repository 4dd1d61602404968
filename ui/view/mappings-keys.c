/* Mappings: what keys do with the one under the cursor. */
#include <stdio.h>

#include "actions.h"
#include "mappings-table.h"
#include "view-compose.h"

const char *why_not_mapping(struct ui *ui)
{
	return mappings_current(ui) ? NULL
				    : "there is no mapping here: s in Compose (1) asks for one";
}

static usec now(struct ui *ui)
{
	return session_now(ui->session);
}

void act_renew(struct ui *ui)
{
	struct pcp_why why;
	uint32_t exchange = pcp_client_renew(session_client(ui->session), now(ui),
					     mappings_current(ui)->id, &why);

	ui_sent(ui, exchange, &why);
}

void act_delete(struct ui *ui)
{
	struct pcp_why why;
	uint32_t exchange = pcp_client_delete(session_client(ui->session), now(ui),
					      mappings_current(ui)->id, &why);

	ui_sent(ui, exchange, &why);
}

void act_auto_renew(struct ui *ui)
{
	const struct pcp_mapping *m = mappings_current(ui);
	bool on = !m->auto_renew;

	if (pcp_client_auto_renew(session_client(ui->session), now(ui), m->id, on))
		ui_say(ui, STYLE_NORMAL,
		       on ? "it renews by itself from now on, between half and five "
			    "eighths of its lifetime first"
			  : "it is left to run out");
	else
		ui_say(ui, STYLE_WARNING, "this mapping cannot renew by itself");
}

const char *why_not_adopt(struct ui *ui)
{
	const struct pcp_mapping *m = mappings_current(ui);

	if (!m)
		return why_not_mapping(ui);
	return m->unconfirmed ? NULL : "this mapping is ours already";
}

void act_adopt(struct ui *ui)
{
	struct pcp_mapping copy = *mappings_current(ui);

	if (pcp_client_adopt(session_client(ui->session), now(ui), &copy, true))
		ui_say(ui, STYLE_NORMAL, "it can be renewed and deleted as ours now%s",
		       copy.opcode ? "" : ", as a MAP; what is a PEER there, the server refuses");
	else
		ui_say(ui, STYLE_ERROR,
		       "there is a MAP of ours for this protocol, address and port with another "
		       "nonce (F forgets it), or the table is full");
}

void act_forget(struct ui *ui)
{
	pcp_client_forget(session_client(ui->session), now(ui), mappings_current(ui)->id);
	ui_say(ui, STYLE_NORMAL, "forgotten here; on the server it stands until its lifetime ends");
}

void act_mapping_compose(struct ui *ui)
{
	const struct pcp_mapping *m = mappings_current(ui);

	if (m->request_len)
		compose_load(ui, m->request, m->request_len);
	else
		ui_say(ui, STYLE_WARNING, "its request is not known");
}

/* ---- the order ---- */

static void order_chosen(struct ui *ui, int order)
{
	mappings_sort(ui, (enum mappings_order)order);
}

void act_order(struct ui *ui)
{
	struct menu_item item[MAPPINGS_ORDERS];
	size_t i, at = (size_t)mappings_order(ui);

	for (i = 0; i < MAPPINGS_ORDERS; i++) {
		snprintf(item[i].label, sizeof item[i].label, "%s", mappings_order_names[i]);
		item[i].help = i == at ? "again: turns it around" : NULL;
		item[i].value = (int)i;
	}
	ui_menu(ui, "order by", item, MAPPINGS_ORDERS, at, order_chosen);
}
