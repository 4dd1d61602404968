/* The lines of a run: each is kept, and told as it comes, or once more when it changes. */
#include "probe-private.h"

#include <stdio.h>
#include <stdlib.h>

struct probe_line *probe_add_line(struct probe *probe)
{
	struct probe_line *lines = realloc(probe->line, (probe->nline + 1) * sizeof *lines);

	if (!lines)
		return NULL;
	probe->line = lines;
	lines[probe->nline] = (struct probe_line){ .row = NULL };
	return &lines[probe->nline++];
}

void probe_tell_line(struct probe *probe, const struct probe_line *line)
{
	if (line && probe->io.line)
		probe->io.line(probe->io.arg, line);
}

/* The gateway has not answered since this case, which may be decided already. */
void probe_accuse(struct probe *probe, const struct probe_case *row)
{
	static const char why[] = "from here on the gateway answers nothing more";

	for (size_t i = 0; i < probe->nline; i++) {
		struct probe_line *line = &probe->line[i];

		if (line->row != row || line->rule)
			continue;
		line->verdict = PROBE_FAIL;
		snprintf(line->why, sizeof line->why, "%s", why);
		probe_tell_line(probe, line);
		return;
	}
	probe->accused = row;
}
