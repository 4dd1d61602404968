/* The probe's report as text for people and as JSON lines. */
#ifndef PROBE_TEXT_H
#define PROBE_TEXT_H

#include "probe.h"
#include "writer.h"

/* What the gateway is, in words. */
void probe_write_profile(struct writer *out, const struct probe *probe);
/* A case's line. */
void probe_write_line(struct writer *out, const struct probe_line *line);
/* Counts, grade, and what could not be given back. */
void probe_write_summary(struct writer *out, const struct probe *probe, usec now);
/* The table of cases. */
void probe_write_list(struct writer *out);

#endif
