/* An earlier report, to see what is better and what is worse. Its text may be anybody's. */
#include "probe-file.h"

#include <stdlib.h>
#include <string.h>

#include "json-read.h"
#include "slurp.h"
#include "text.h"
#include "words.h"

enum { REPORT_MAX = 4 << 20 }; /* octets */

static bool verdict_of(const char *name, enum probe_verdict *verdict)
{
	for (int v = 0; name && v < PROBE_NVERDICTS; v++)
		if (strcmp(name, probe_verdict_name((enum probe_verdict)v)) == 0) {
			*verdict = (enum probe_verdict)v;
			return true;
		}
	return false;
}

/* Whether the line tells a case's verdict. */
static bool take_verdict(struct probe_baseline *baseline, const json_t *object)
{
	const char *id = json_string_value(json_object_get(object, "case"));
	const struct probe_case *row = id ? probe_case_named(id) : NULL;
	enum probe_verdict verdict;

	if (!row || json_object_get(object, "rule") ||
	    !verdict_of(json_string_value(json_object_get(object, "verdict")), &verdict))
		return false;
	baseline->known[probe_case_index(row)] = true;
	baseline->verdict[probe_case_index(row)] = verdict;
	return true;
}

/* A line that is no JSON, as of what else was printed there, tells nothing. False with *why without
 * memory. */
static bool take_line(struct probe_baseline *baseline, const char *line, size_t *n,
		      struct pcp_why *why)
{
	json_t *object = json_read(line, why);

	if (!object)
		return why->code != PCP_WHY_MEMORY;
	*n += take_verdict(baseline, object);
	json_read_end(object);
	return true;
}

/* How many lines of cases it has. False with *why without memory. */
static bool take_lines(struct probe_baseline *baseline, char *text, size_t *n, struct pcp_why *why)
{
	char *end;

	for (*n = 0; *text; text = end) {
		end = text + strcspn(text, "\n");
		if (*end)
			*end++ = '\0';
		if (!take_line(baseline, text, n, why))
			return false;
	}
	return true;
}

bool probe_read_baseline(const char *name, struct probe_baseline *baseline, struct pcp_why *why)
{
	char *text = slurp(name, REPORT_MAX, why);
	size_t n;
	bool read;

	if (!text)
		return false;
	memset(baseline, 0, sizeof *baseline);
	read = take_lines(baseline, text, &n, why);
	free(text);
	if (!read)
		return false;
	return n > 0 || pcp_refuse(why, 0,
				   "'%s' is no earlier report: it has no line of a case as "
				   "probe --json writes them",
				   pcp_quoted(name).text);
}

bool probe_change(const struct probe *probe, const struct probe_baseline *baseline, size_t i,
		  char *buf, size_t cap)
{
	const struct probe_case *row = probe_case_at(i);

	if (!baseline->known[i])
		return false;
	for (size_t n = 0; n < probe_nlines(probe); n++) {
		const struct probe_line *line = probe_line_at(probe, n);

		if (line->row != row || line->rule || line->verdict == baseline->verdict[i])
			continue;
		snprintf(buf, cap, "%s was %s, is %s", row->id,
			 probe_verdict_name(baseline->verdict[i]),
			 probe_verdict_name(line->verdict));
		return true;
	}
	return false;
}
