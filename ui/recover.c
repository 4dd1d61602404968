/* What the key for it does with all mappings that a server lost: asks for each again. */
#include "actions.h"
#include "desk.h"

const char *why_not_recover(struct ui *ui)
{
	const struct pcp_client *client = session_client(ui->session);
	size_t i;

	for (i = 0; i < pcp_client_nmappings(client); i++) {
		const struct pcp_mapping *m = pcp_client_mapping_at(client, i);

		if (m->state == MAPPING_LOST && !m->unconfirmed)
			return NULL;
	}
	return "no mapping is lost: this makes them again after the server restarted";
}

void act_recover(struct ui *ui)
{
	uint32_t exchange = 0;
	struct session_observer observer = { .event = ui_notes_sent, .arg = &exchange };
	size_t n;

	session_observe(ui->session, &observer);
	n = pcp_client_recover(session_client(ui->session), session_now(ui->session),
			       session_server(ui->session));
	session_unobserve(ui->session, &observer);
	if (exchange)
		ui_began(ui, exchange);
	ui->awaited = 0; /* many answers: the rows tell them */
	ui->restart.server = 0;
	ui_say(ui, STYLE_NORMAL, "%zu request%s sent to make them again", n, pcp_s(n));
}
