/* What the rules object to in a packet, and its mark beside the fields concerned. */
#include "findings.h"

#include <stdio.h>

#include "fields.h"

static void keep(struct findings *findings, size_t n)
{
	findings->n = n < PCP_FINDINGS_MAX ? n : PCP_FINDINGS_MAX;
}

void findings_of_message(struct findings *findings, const struct session *session,
			 const struct message *message, struct judge *judge)
{
	keep(findings, judge_message(judge, session_log(session), message,
				     session_dialects(session), findings->at, PCP_FINDINGS_MAX));
}

void findings_of_composed(struct findings *findings, const struct session *session,
			  const struct pcp_edit *edit, struct judge *judge)
{
	struct judge_facts facts = session_facts(session, 0);

	pcp_edit_decode(edit, &judge->packet, judge->node, PCP_NODES_MAX);
	keep(findings, judge_packet(judge, &judge->packet, &facts, findings->at, PCP_FINDINGS_MAX));
}

static bool named_before(const struct findings *findings, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (findings->at[i].rule == findings->at[at].rule)
			return true;
	return false;
}

static size_t count_remarks(const struct findings *findings)
{
	size_t remarks = 0;

	for (size_t i = 0; i < findings->n; i++)
		remarks += findings->at[i].rule->severity == PCP_NOTE;
	return remarks;
}

size_t findings_words(const struct findings *findings, char *buf, size_t cap)
{
	size_t remarks = count_remarks(findings), broken = findings->n - remarks, n = 0;
	const char *gap = ": ";

	if (broken)
		n += (size_t)snprintf(buf, cap, "%s %zu rule%s broken", draw_glyph(GLYPH_FINDING),
				      broken, pcp_s(broken));
	if (remarks)
		n += (size_t)snprintf(buf + (n < cap ? n : cap), n < cap ? cap - n : 0,
				      "%s%s %zu remark%s", n ? ", " : "", draw_glyph(GLYPH_NOTE),
				      remarks, pcp_s(remarks));
	for (size_t i = 0; i < findings->n; i++, gap = ", ")
		if (!named_before(findings, i))
			n += (size_t)snprintf(buf + (n < cap ? n : cap), n < cap ? cap - n : 0,
					      "%s%s", gap, findings->at[i].rule->name);
	return n;
}

static bool concerns(const struct pcp_finding *finding, const struct pcp_node *node)
{
	uint32_t end = finding->off + (finding->len ? finding->len : 1);

	if (node->len == 0 && (finding->off != node->off || finding->len != 0))
		return false; /* an empty tail is not what begins behind it */
	return finding->off < node->off + (node->len ? node->len : 1) && end > node->off;
}

static const struct pcp_finding *graver(const struct pcp_finding *a, const struct pcp_finding *b)
{
	return a && a->rule->severity >= b->rule->severity ? a : b;
}

const struct pcp_finding *findings_on(const struct findings *findings, const struct pcp_node *node)
{
	const struct pcp_finding *gravest = NULL;
	size_t i;

	for (i = 0; i < findings->n; i++)
		if (concerns(&findings->at[i], node))
			gravest = graver(gravest, &findings->at[i]);
	return gravest;
}

const struct pcp_finding *findings_missing(const struct findings *findings, size_t len)
{
	const struct pcp_finding *gravest = NULL;
	size_t i;

	for (i = 0; i < findings->n; i++)
		if (findings->at[i].off >= len)
			gravest = graver(gravest, &findings->at[i]);
	return gravest;
}

const struct pcp_finding *findings_worst(const struct findings *findings, size_t nth)
{
	for (int severity = PCP_ERROR; severity >= PCP_NOTE; severity--)
		for (size_t i = 0; i < findings->n; i++)
			if ((int)findings->at[i].rule->severity == severity && nth-- == 0)
				return &findings->at[i];
	return NULL;
}

bool findings_objects(const struct findings *findings, size_t octet)
{
	for (size_t i = 0; i < findings->n; i++)
		if (findings->at[i].rule->severity > PCP_NOTE && octet >= findings->at[i].off &&
		    octet < findings->at[i].off + findings->at[i].len)
			return true;
	return false;
}

enum style finding_style(const struct pcp_finding *finding)
{
	static const enum style styles[] = {
		[PCP_NOTE] = STYLE_REMARK, [PCP_WARNING] = STYLE_WARNING, [PCP_ERROR] = STYLE_ERROR
	};

	return finding ? styles[finding->rule->severity] : STYLE_NORMAL;
}

void findings_line(const struct findings *findings, int gap, struct line *line)
{
	const struct pcp_finding *worst = NULL;
	size_t remarks = count_remarks(findings);

	for (size_t i = 0; i < findings->n; i++)
		worst = graver(worst, &findings->at[i]);
	if (findings->n > remarks)
		line_add(line, 2, gap, finding_style(worst), "%s%zu", draw_glyph(GLYPH_FINDING),
			 findings->n - remarks);
	if (remarks)
		line_add(line, 3, findings->n > remarks ? 1 : gap, STYLE_REMARK, "%s%zu",
			 draw_glyph(GLYPH_NOTE), remarks);
}

void finding_mark(const struct rect *in, int row, int col, const struct pcp_finding *finding)
{
	if (finding)
		draw_text(in, row, col, finding_style(finding),
			  draw_glyph(finding->rule->severity == PCP_NOTE ? GLYPH_NOTE
									 : GLYPH_FINDING));
}

void finding_meaning(const struct pcp_finding *finding, char *buf, size_t cap)
{
	snprintf(buf, cap, "%s (%s): %s", finding->rule->name, finding->rule->ref, finding->text);
}

void findings_about(const struct findings *findings, const struct pcp_packet *packet, size_t node,
		    struct writer *writer)
{
	char text[4 * PCP_EDIT_MAX];
	size_t i;

	if (packet->node[node].field) {
		pcp_node_text(packet, node, text, sizeof text);
		fields_sentence(writer, text);
		fields_sentence(writer, "");
	}
	for (i = 0; i < findings->n; i++) {
		if (!concerns(&findings->at[i], &packet->node[node]))
			continue;
		fields_sentence(writer, findings->at[i].text);
		fields_rule(writer, findings->at[i].rule);
		fields_sentence(writer, "");
	}
	fields_layout(writer, packet->node[node].layout);
}
