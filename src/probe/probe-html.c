/*
 * The report as one HTML file without anything from outside: profile, verdicts, and with each case
 * its packets as a ladder, as octets and as fields. All is folded; on paper what is wrong is not.
 */
#include "probe-file.h"

#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "text.h"
#include "xml.h"

static const char head[] =
	"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	"<style>\n"
	":root{color-scheme:light dark}\n"
	"body{font:16px/1.45 system-ui,sans-serif;margin:1em auto;max-width:62em;padding:0 .8em}\n"
	"h1{font-size:1.4em}h2{font-size:1.15em;margin-top:1.6em}\n"
	"details{border-top:1px solid #8886;padding:.35em 0}summary{cursor:pointer}\n"
	".v{display:inline-block;min-width:3em;font-weight:bold}\n"
	".fail{color:#c02020}.weak{color:#a06000}.open,.skip{color:#777}.pass{color:#187818}\n"
	".info{color:#2060a0}.grade{font-size:2.4em;font-weight:bold;float:right}\n"
	"blockquote{margin:.4em 0;padding-left:.8em;border-left:3px solid "
	"#8886;font-style:italic}\n"
	"pre{overflow-x:auto;font-size:.8em;line-height:1.35}\n"
	"svg{width:100%;max-width:40em;height:auto;font:11px sans-serif;overflow:visible}\n"
	"svg line{stroke:currentColor}svg text{fill:currentColor}\n"
	"table{border-collapse:collapse;font-size:.85em}td{padding:0 .6em 0 0;vertical-align:top}\n"
	"td:last-child{overflow-wrap:anywhere}@media(max-width:30em){svg{font-size:15px}}\n"
	"@media print{body{font-size:10pt;max-width:none}details{break-inside:avoid}}\n"
	"</style>\n";

/* On paper what is wrong is seen with its ladder. All packets would be hundreds of pages: those are
 * printed that the reader has unfolded. */
static const char tail[] =
	"<script>addEventListener('beforeprint',function(){document.querySelectorAll('#wrong>"
	"details').forEach(function(d){d.open=true})})</script>\n</body></html>\n";

static void element(FILE *file, const char *tag, const char *text)
{
	fprintf(file, "<%s>", tag);
	xml_text(file, text);
	fprintf(file, "</%s>\n", tag);
}

/* ---- packets ---- */

static void write_hex(FILE *file, const struct message *message)
{
	fputs("<pre>", file);
	for (uint32_t i = 0; i < message->len; i++) {
		if (i % 16 == 0)
			fprintf(file, "%s%04x ", i ? "\n" : "", i);
		fprintf(file, " %02x", message->octets[i]);
	}
	fputs("</pre>\n", file);
}

static void write_fields(FILE *file, const struct pcp_packet *packet)
{
	char path[128], text[512];

	fputs("<table>\n", file);
	for (size_t i = 0; i < packet->nnode; i++) {
		const struct pcp_node *node = &packet->node[i];

		if (!node->field)
			continue;
		pcp_node_path(packet, i, path, sizeof path);
		pcp_node_text(packet, i, text, sizeof text);
		fprintf(file, "<tr><td>%u</td><td>", node->off);
		xml_text(file, path);
		fputs("</td><td>", file);
		xml_text(file, text);
		fputs("</td></tr>\n", file);
	}
	fputs("</table>\n", file);
}

static void write_packet(FILE *file, const struct message *message, struct pcp_node *node)
{
	struct pcp_packet packet;
	char summary[256];

	pcp_decode(&packet, message->octets, message->len,
		   message_sent(message) ? PCP_REQUEST : PCP_RESPONSE, 0, node, PCP_NODES_MAX);
	pcp_summary(&packet, summary, sizeof summary);
	fprintf(file, "<details><summary>%s ", message_sent(message) ? "sent:" : "came:");
	xml_text(file, summary);
	fprintf(file, " (%u octets)</summary>\n", message->len);
	write_hex(file, message);
	write_fields(file, &packet);
	fputs("</details>\n", file);
}

/* ---- the ladder ---- */

enum { LEFT = 60, RIGHT = 540, STEP = 26, TOP = 24 };

static void write_rung(FILE *file, const struct message *message, usec start, unsigned nth,
		       struct pcp_node *node)
{
	bool sent = message_sent(message);
	unsigned y = TOP + STEP * (nth + 1);
	struct pcp_packet packet;
	char summary[256];
	int from = sent ? LEFT : RIGHT, to = sent ? RIGHT : LEFT, back = sent ? -7 : 7;

	pcp_decode(&packet, message->octets, message->len, sent ? PCP_REQUEST : PCP_RESPONSE, 0,
		   node, PCP_NODES_MAX);
	pcp_summary(&packet, summary, sizeof summary);
	fprintf(file,
		"<line x1=\"%d\" y1=\"%u\" x2=\"%d\" y2=\"%u\"/>"
		"<line x1=\"%d\" y1=\"%u\" x2=\"%d\" y2=\"%u\"/>"
		"<line x1=\"%d\" y1=\"%u\" x2=\"%d\" y2=\"%u\"/>"
		"<text x=\"0\" y=\"%u\">%.3f s</text><text x=\"%d\" y=\"%u\" "
		"text-anchor=\"middle\">",
		from, y, to, y, to, y, to + back, y - 4, to, y, to + back, y + 4, y + 4,
		(double)(message->at - start) / USEC_PER_SEC, (LEFT + RIGHT) / 2, y - 4);
	xml_text(file, summary);
	fputs("</text>\n", file);
}

struct rungs {
	const struct message *message[64];
	size_t n;
};

static void collect(struct rungs *rungs, const struct log *log, uint32_t exchange)
{
	const struct exchange *x = log_exchange(log, exchange);
	const struct message *message = x ? log_message(log, x->first) : NULL;

	while (message && rungs->n < sizeof rungs->message / sizeof *rungs->message) {
		rungs->message[rungs->n++] = message;
		message = message->next ? log_message(log, message->next) : NULL;
	}
}

static int earlier(const void *a, const void *b)
{
	const struct message *x = *(const struct message *const *)a;
	const struct message *y = *(const struct message *const *)b;

	return (x->id > y->id) - (x->id < y->id);
}

static void write_ladder(FILE *file, const struct rungs *rungs, struct pcp_node *node)
{
	unsigned height = TOP + STEP * ((unsigned)rungs->n + 1);

	fprintf(file,
		"<svg viewBox=\"0 0 600 %u\" role=\"img\" aria-label=\"ladder\">"
		"<text x=\"%d\" y=\"12\" text-anchor=\"middle\">this host</text>"
		"<text x=\"%d\" y=\"12\" text-anchor=\"middle\">gateway</text>"
		"<line x1=\"%d\" y1=\"18\" x2=\"%d\" y2=\"%u\"/>"
		"<line x1=\"%d\" y1=\"18\" x2=\"%d\" y2=\"%u\"/>\n",
		height, LEFT, RIGHT, LEFT, LEFT, height, RIGHT, RIGHT, height);
	for (size_t i = 0; i < rungs->n; i++)
		write_rung(file, rungs->message[i], rungs->message[0]->at, (unsigned)i, node);
	fputs("</svg>\n", file);
}

/* ---- cases ---- */

static void write_packets(FILE *file, const struct probe_report *report,
			  const struct probe_line *line, struct pcp_node *node)
{
	struct rungs rungs = { .n = 0 };

	for (size_t i = 0; i < line->nexchange; i++)
		collect(&rungs, report->log, line->exchange[i]);
	if (rungs.n == 0)
		return;
	qsort(rungs.message, rungs.n, sizeof *rungs.message, earlier);
	write_ladder(file, &rungs, node);
	for (size_t i = 0; i < rungs.n; i++)
		write_packet(file, rungs.message[i], node);
}

static void write_case(FILE *file, const struct probe_report *report, const struct probe_line *line,
		       struct pcp_node *node)
{
	const struct probe_case *row = line->row;
	const char *verdict = probe_verdict_name(line->verdict);

	fprintf(file, "<details id=\"%s%s\"><summary><span class=\"v %s\">%s</span> %s %s ",
		row->id, line->rule ? "-rule" : "", verdict, verdict, row->id, row->level);
	xml_text(file, line->rule ? line->rule : row->title);
	if (line->why[0])
		fputs(": ", file);
	xml_text(file, line->why);
	fputs("</summary>\n", file);
	if (row->demand)
		element(file, "blockquote", row->demand);
	element(file, "p", row->ref);
	fputs("<table><tr><td>sends</td><td>", file);
	xml_text(file, row->sends);
	fputs("</td></tr><tr><td>passes</td><td>", file);
	xml_text(file, row->passes);
	fputs("</td></tr><tr><td>fails</td><td>", file);
	xml_text(file, row->fails);
	fputs("</td></tr></table>\n", file);
	write_packets(file, report, line, node);
	fputs("</details>\n", file);
}

static void write_part(FILE *file, const struct probe_report *report, const char *title, bool bad,
		       struct pcp_node *node)
{
	fprintf(file, "<section id=\"%s\">\n", bad ? "wrong" : "rest");
	element(file, "h2", title);
	for (size_t i = 0; i < probe_nlines(report->probe); i++) {
		const struct probe_line *line = probe_line_at(report->probe, i);

		if ((line->verdict >= PROBE_WEAK) == bad)
			write_case(file, report, line, node);
	}
	fputs("</section>\n", file);
}

/* PEER mappings for the most part, and many: they stand behind what was found. */
static void write_left(FILE *file, const struct probe_report *report)
{
	char left[128];

	if (!probe_left_at(report->probe, 0, report->now, left, sizeof left))
		return;
	fputs("<section id=\"left\">\n", file);
	element(file, "h2", "Left on the gateway");
	fputs("<ul>\n", file);
	for (size_t i = 0; probe_left_at(report->probe, i, report->now, left, sizeof left); i++)
		element(file, "li", left);
	fputs("</ul></section>\n", file);
}

static size_t nleft(const struct probe_report *report)
{
	char left[128];
	size_t n = 0;

	while (probe_left_at(report->probe, n, report->now, left, sizeof left))
		n++;
	return n;
}

static void write_top(FILE *file, const struct probe_report *report)
{
	struct probe_counts counts = probe_counts(report->probe);
	char sentence[PROBE_SENTENCE];
	size_t left = nleft(report);
	char grade = probe_grade(report->probe);

	fputs(head, file);
	fputs("<title>pcpscope probe of ", file);
	xml_text(file, report->server);
	fprintf(file,
		"</title></head>\n<body><div class=\"grade\">%c</div>\n<h1>pcpscope probe of ",
		grade ? grade : '-');
	xml_text(file, report->server);
	fputs("</h1>\n", file);
	element(file, "p", report->when);
	for (size_t i = 0; probe_sentence(report->probe, i, sentence, sizeof sentence); i++)
		element(file, "p", sentence);
	fputs("<p>", file);
	for (int v = PROBE_FAIL; v >= 0; v--)
		fprintf(file, "<span class=\"%s\">%zu %s</span> ",
			probe_verdict_name((enum probe_verdict)v), counts.verdict[v],
			probe_verdict_name((enum probe_verdict)v));
	fputs("</p>\n", file);
	if (left)
		fprintf(file, "<p><a href=\"#left\">%zu mapping%s left on the gateway</a></p>\n",
			left, left == 1 ? " is" : "s are");
	else
		element(file, "p", "Everything it made is deleted.");
}

bool probe_write_html(FILE *file, const struct probe_report *report)
{
	struct pcp_node *node = calloc(PCP_NODES_MAX, sizeof *node);

	if (!node)
		return false;
	write_top(file, report);
	write_part(file, report, "What is wrong", true, node);
	write_part(file, report, "Everything else", false, node);
	write_left(file, report);
	fputs(tail, file);
	free(node);
	return fflush(file) == 0 && !ferror(file);
}
