/* The probe's report as it goes to a writer: text for people, or JSON lines. */
#ifndef PROBE_TEXT_H
#define PROBE_TEXT_H

#include "demand.h"
#include "probe.h"
#include "writer.h"

/* What the gateway is, in words. */
void probe_write_profile(struct writer *out, const struct probe *probe);
/* A case's line. */
void probe_write_line(struct writer *out, const struct probe_line *line);
/* Counts, grade, and what could not be given back. */
void probe_write_summary(struct writer *out, const struct probe *probe, usec now);
/* Its last line: "131 cases: 125 pass, ...", in at most PROBE_SENTENCE octets. */
void probe_summary_text(const struct probe *probe, usec now, char *buf, size_t cap);
/* All of it, one behind the other: the report of a probe that is over. */
void probe_write_report(struct writer *out, const struct probe *probe, usec now);
/* The table of cases; config: of those that it wants, NULL: of all. */
void probe_write_list(struct writer *out, const struct probe_config *config);
/* The sentences of the documents, and which cases try them; config: those that these try. */
void probe_write_demands(struct writer *out, const struct probe_config *config);

/* The same in JSON: probe-json.c. */
void probe_json_profile(struct writer *out, const struct probe *probe);
void probe_json_line(struct writer *out, const struct probe_line *line);
void probe_json_summary(struct writer *out, const struct probe *probe, usec now);
void probe_json_row(struct writer *out, const struct probe_case *row);
void probe_json_demand(struct writer *out, const char *document, const struct probe_demand *demand);

#endif
