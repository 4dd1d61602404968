/* The probe's report as text: a line a case. */
#include "probe-text.h"

#include <stdio.h>
#include <string.h>

#include "out.h"
#include "text.h"

/* "RFC 6887 15.1" as a reader of this table needs it: RFC 6887 goes without saying. */
static const char *section(const struct probe_case *row)
{
	if (strncmp(row->ref, "RFC ", 4) != 0)
		return "draft";
	return strncmp(row->ref, "RFC 6887 ", 9) == 0 ? row->ref + 9 : row->ref + 4;
}

void probe_write_line(struct writer *out, const struct probe_line *line)
{
	const struct probe_case *row = line->row;
	char number[16] = "";

	if (out->json) {
		probe_json_line(out, line);
		return;
	}
	if (line->nexchange)
		snprintf(number, sizeof number, "  #%u", line->exchange[0]);
	write_note(out, "%-4s  %s  %-11s  %-9s  %s%s%s%s", probe_verdict_name(line->verdict),
		   row->id, row->level, section(row), line->rule ? line->rule : row->title,
		   line->why[0] ? ": " : "", line->why, number);
}

void probe_write_profile(struct writer *out, const struct probe *probe)
{
	char sentence[PROBE_SENTENCE];

	if (out->json)
		probe_json_profile(out, probe);
	for (size_t i = 0; !out->json && probe_sentence(probe, i, sentence, sizeof sentence); i++)
		write_note(out, "%s", sentence);
}

void probe_summary_text(const struct probe *probe, usec now, char *buf, size_t cap)
{
	static const enum probe_verdict order[] = { PROBE_PASS, PROBE_FAIL, PROBE_WEAK,
						    PROBE_INFO, PROBE_SKIP, PROBE_OPEN };
	struct probe_counts counts = probe_counts(probe);
	char text[160], left[128];
	struct pcp_out out;
	size_t all = 0;
	char grade = probe_grade(probe);

	pcp_out_begin(&out, text, sizeof text);
	for (size_t i = 0; i < PROBE_NVERDICTS; i++) {
		all += counts.verdict[order[i]];
		pcp_out_format(&out, "%s%zu %s", i ? ", " : "", counts.verdict[order[i]],
			       probe_verdict_name(order[i]));
	}
	snprintf(buf, cap, "%zu case%s: %s \u00b7 grade %c%s", all, pcp_s(all), text,
		 grade ? grade : '-',
		 probe_left_at(probe, 0, now, left, sizeof left)
			 ? ""
			 : " \u00b7 everything it made is deleted");
}

void probe_write_summary(struct writer *out, const struct probe *probe, usec now)
{
	struct probe_counts counts = probe_counts(probe);
	char text[PROBE_SENTENCE], left[128];

	if (out->json) {
		probe_json_summary(out, probe, now);
		return;
	}
	if (probe_stopped(probe))
		write_note(out, "stopped: %s", probe_stopped(probe));
	for (size_t i = 0; probe_left_at(probe, i, now, left, sizeof left); i++)
		write_note(out, "left on the gateway: %s", left);
	if (counts.faults)
		write_note(out, "%zu rule%s of the linter broken besides", counts.faults,
			   pcp_s(counts.faults));
	probe_summary_text(probe, now, text, sizeof text);
	write_note(out, "%s", text);
}

void probe_write_report(struct writer *out, const struct probe *probe, usec now)
{
	probe_write_profile(out, probe);
	for (size_t i = 0; i < probe_nlines(probe); i++)
		probe_write_line(out, probe_line_at(probe, i));
	probe_write_summary(out, probe, now);
}

static void write_row(struct writer *out, const struct probe_case *row)
{
	const char *flag = probe_flag_word(row->flags);

	if (out->json)
		probe_json_row(out, row);
	else
		write_note(out, "%s  %-11s  %-16s  %s%s%s%s", row->id, row->level, row->ref,
			   row->title, row->flags & PROBE_ENDANGERS ? " (endangers others)" : "",
			   flag ? ", " : "", flag ? flag : "");
}

void probe_write_list(struct writer *out, const struct probe_config *config)
{
	for (size_t i = 0; i < probe_ncases(); i++)
		if (!config || config->wanted[i])
			write_row(out, probe_case_at(i));
}

static void write_demand(struct writer *out, const char *document,
			 const struct probe_demand *demand)
{
	const char *rule = demand->rule ? demand->rule : "", *why = demand->why ? demand->why : "";

	if (out->json) {
		probe_json_demand(out, document, demand);
		return;
	}
	write_note(out, "%s %-6s  %s", document, demand->section, demand->text);
	write_note(out, "%17s%s%s%s%s%s", "", demand->cases ? demand->cases : "",
		   demand->cases && demand->rule ? ", " : "", rule,
		   (demand->cases || demand->rule) && demand->why ? "; " : "", why);
}

static bool is_tried(const struct probe_demand *demand, const struct probe_config *config)
{
	for (size_t i = 0; i < probe_ncases(); i++)
		if (config->wanted[i] && probe_demand_names(demand, probe_case_at(i)->id))
			return true;
	return false;
}

void probe_write_demands(struct writer *out, const struct probe_config *config)
{
	struct probe_demand_counts counts = probe_demand_counts(NULL);

	for (size_t d = 0; d < probe_ndocuments; d++)
		for (size_t i = 0; i < probe_documents[d]->nrow; i++)
			if (!config || is_tried(&probe_documents[d]->row[i], config))
				write_demand(out, probe_documents[d]->name,
					     &probe_documents[d]->row[i]);
	if (!out->json && !config)
		write_note(out,
			   "%zu sentences: %zu tried, %zu bind the client, %zu cannot be seen "
			   "from here",
			   counts.all, counts.tried, counts.client, counts.not_here);
}
