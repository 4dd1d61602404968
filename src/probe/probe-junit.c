/* The report in JUnit's XML: a case that fails is a failure, what is not decided is skipped. */
#include "probe-file.h"

#include "xml.h"

static void attribute(FILE *file, const char *name, const char *value)
{
	fprintf(file, " %s=\"", name);
	xml_text(file, value);
	fputc('"', file);
}

static void message(FILE *file, const char *element, const struct probe_line *line)
{
	fprintf(file, "><%s", element);
	attribute(file, "message", line->why[0] ? line->why : probe_verdict_name(line->verdict));
	fputs("/></testcase>\n", file);
}

static void write_case(FILE *file, const struct probe_line *line)
{
	const struct probe_case *row = line->row;
	char name[256];

	snprintf(name, sizeof name, "%s %s (%s)", row->id, line->rule ? line->rule : row->title,
		 row->ref);
	fputs("<testcase", file);
	attribute(file, "classname", line->rule ? "probe.linter" : "probe.case");
	attribute(file, "name", name);
	fprintf(file, " time=\"%.3f\"", (double)line->took / USEC_PER_SEC);
	if (line->verdict == PROBE_FAIL)
		message(file, "failure", line);
	else if (line->verdict == PROBE_SKIP || line->verdict == PROBE_OPEN)
		message(file, "skipped", line);
	else if (line->why[0]) {
		fprintf(file, "><system-out>%s: ", probe_verdict_name(line->verdict));
		xml_text(file, line->why);
		fputs("</system-out></testcase>\n", file);
	} else {
		fputs("/>\n", file);
	}
}

bool probe_write_junit(FILE *file, const struct probe_report *report)
{
	struct probe_counts counts = probe_counts(report->probe);
	size_t n = probe_nlines(report->probe);

	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"pcpscope probe\"",
	      file);
	attribute(file, "hostname", report->server);
	fprintf(file, " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\">\n", n,
		counts.verdict[PROBE_FAIL] + counts.faults,
		counts.verdict[PROBE_SKIP] + counts.verdict[PROBE_OPEN]);
	for (size_t i = 0; i < n; i++)
		write_case(file, probe_line_at(report->probe, i));
	fputs("</testsuite>\n", file);
	return fflush(file) == 0 && !ferror(file);
}
