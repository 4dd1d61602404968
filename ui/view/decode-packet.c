/* Decode: the packet that is shown: its parts, which of them are open, and what is said of a row.
 */
#include "decode-packet.h"

#include "view-decode.h"

const struct message *decode_message(struct ui *ui)
{
	const struct log *log = session_log(ui->session);
	const struct exchange *exchange;
	const struct message *answer;

	switch (ui->selection.kind) {
	case SELECT_MESSAGE:
		return log_message(log, ui->selection.id);
	case SELECT_LATEST:
		exchange = log_exchange(log, ui->selection.id);
		answer = exchange ? log_answer(log, exchange) : NULL;
		return answer ? answer : exchange ? log_message(log, exchange->last) : NULL;
	case SELECT_PREVIEW:
		break;
	}
	return NULL;
}

static bool within(const struct pcp_node *part, size_t off)
{
	return off >= part->off && off < part->off + part->len;
}

/* Open by itself is the body, where options do not need its room; the part that is looked at, which
 * has the first finding; of a refusal the header, which says why; and on a high screen the header
 * of what has no options. */
static bool open_by_itself(struct ui *ui, size_t i, size_t parts)
{
	struct decode *decode = decode_of(ui);
	const struct pcp_packet *packet = &decode->judge->packet;
	const struct pcp_node *part = &packet->node[i];
	bool plain = parts <= 2, high = ui->layout.pane[PANE_DECODE].height >= 12;
	bool refused = packet->len > 3 && packet->version != 0 && pcp_is_response(packet->octets) &&
		       packet->octets[3] != PCP_SUCCESS;

	if (part->depth > 0)
		return true;
	if (ui->selection.len && within(part, ui->selection.off))
		return true;
	if (decode->findings.n && decode->findings.at[0].rule->severity > PCP_NOTE &&
	    within(part, decode->findings.at[0].off))
		return true;
	if (part->layout->kind == PCP_CLASS_HEADER)
		return refused || parts == 1 || (plain && high);
	if (part->layout->kind == PCP_CLASS_BODY)
		return plain || packet->opcode != PCP_GET;
	return parts <= 4 || i < 2 * (size_t)PCP_HEADER_LEN;
}

static size_t count_parts(const struct pcp_packet *packet)
{
	size_t i, n = 0;

	for (i = 0; i < packet->nnode; i++)
		n += !packet->node[i].field && packet->node[i].depth == 0;
	return n;
}

void decode_make_rows(struct ui *ui)
{
	struct decode *decode = decode_of(ui);
	const struct pcp_packet *packet = &decode->judge->packet;
	size_t i, parts = count_parts(packet);

	decode->nrow = 0;
	for (i = 0; i < packet->nnode;) {
		decode->shut[i] =
			!packet->node[i].field &&
			(decode->fold[i] == FOLD_BY_ITSELF ? !open_by_itself(ui, i, parts)
							   : decode->fold[i] == FOLD_SHUT);
		decode->row[decode->nrow++] = (uint16_t)i;
		i = decode->shut[i] ? packet->node[i].end : i + 1;
	}
	decode->list.count = decode->nrow;
}

size_t decode_row_of(const struct decode *decode, size_t node)
{
	size_t row = 0, i;

	for (i = 0; i < decode->nrow && decode->row[i] <= node; i++)
		row = i;
	return row;
}

const struct pcp_node *decode_at(const struct decode *decode)
{
	return decode->list.cursor < decode->nrow
		       ? &decode->judge->node[decode->row[decode->list.cursor]]
		       : NULL;
}

const struct pcp_finding *decode_finding(const struct decode *decode, size_t node)
{
	const struct pcp_finding *missing =
		node == 0 ? findings_missing(&decode->findings, decode->judge->packet.len) : NULL;

	if (missing || !(decode->judge->node[node].field || decode->shut[node]))
		return missing;
	return findings_on(&decode->findings, &decode->judge->node[node]);
}
