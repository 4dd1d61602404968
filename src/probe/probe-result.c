/* What came of a run: lines, counts, grade. */
#include "probe-private.h"

#include <string.h>

const char *probe_verdict_name(enum probe_verdict verdict)
{
	static const char *const names[] = {
		[PROBE_PASS] = "pass", [PROBE_INFO] = "info", [PROBE_SKIP] = "skip",
		[PROBE_OPEN] = "open", [PROBE_WEAK] = "weak", [PROBE_FAIL] = "fail",
	};

	return names[verdict];
}

size_t probe_nlines(const struct probe *probe)
{
	return probe->nline;
}

const struct probe_line *probe_line_at(const struct probe *probe, size_t i)
{
	return i < probe->nline ? &probe->line[i] : NULL;
}

const struct probe_profile *probe_profile(const struct probe *probe)
{
	return &probe->profile;
}

struct probe_counts probe_counts(const struct probe *probe)
{
	struct probe_counts counts = { .faults = 0 };

	for (size_t i = 0; i < probe->nline; i++) {
		if (probe->line[i].rule)
			counts.faults++;
		else
			counts.verdict[probe->line[i].verdict]++;
	}
	return counts;
}

const char *probe_stopped(const struct probe *probe)
{
	return probe->stopping ? probe->stopped : NULL;
}

bool probe_knows_nothing(const struct probe *probe)
{
	return !probe->heard && probe->stopping && probe->silences < PROBE_SILENCES_MAX;
}

bool probe_met_nobody(const struct probe *probe)
{
	return !probe->heard && !probe_knows_nothing(probe) && !probe->profile.from_outside;
}

size_t probe_nrequests(const struct probe *probe)
{
	return probe->nrequests;
}

void probe_progress(const struct probe *probe, size_t *done, size_t *all,
		    const struct probe_case **row)
{
	*done = probe->ndone;
	*all = 0;
	for (size_t i = 0; i < probe_ncases(); i++)
		*all += probe->config.wanted[i];
	*row = probe->current ? probe->current->row : NULL;
}

enum probe_stage probe_stage(const struct probe *probe, const struct probe_case *row)
{
	size_t i = probe_case_index(row);

	if (probe->outcome[i].done)
		return PROBE_DECIDED;
	if (!probe->config.wanted[i])
		return PROBE_UNASKED;
	return !probe->begun[i] ? PROBE_TO_COME : probe->over ? PROBE_DECIDED : PROBE_RUNNING;
}

/* A no fail, at most two weak; B no fail; C fails in options, optional opcodes, extensions or
 * NAT-PMP only; D fails in MAP or the header; F fails that endanger others. */
char probe_grade(const struct probe *probe)
{
	size_t decided = 0, weak = 0, fails = 0, basic = 0, grave = 0;

	for (size_t i = 0; i < probe->nline; i++) {
		const struct probe_line *line = &probe->line[i];
		bool fail = line->verdict == PROBE_FAIL;

		decided += line->verdict == PROBE_PASS || line->verdict == PROBE_WEAK || fail;
		weak += line->verdict == PROBE_WEAK;
		fails += fail;
		basic += fail && strchr("ACIK", line->row->id[0]) != NULL;
		grave += fail && !line->rule && (line->row->flags & PROBE_ENDANGERS);
	}
	if (!decided)
		return 0;
	if (grave)
		return 'F';
	if (basic)
		return 'D';
	if (fails)
		return 'C';
	return weak > 2 ? 'B' : 'A';
}
