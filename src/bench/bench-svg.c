/* Latency against the number of mappings, as a picture. */
#include "bencher.h"

enum { WIDTH = 640, HEIGHT = 360, LEFT = 70, BOTTOM = 40, TOP = 30, RIGHT = 20 };

static double x_of(double mappings, double most)
{
	return LEFT + (WIDTH - LEFT - RIGHT) * mappings / most;
}

static double y_of(double took, double most)
{
	return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * took / most;
}

/* Lines at quarters of both axes, with their numbers. */
static void axes(FILE *file, double mappings, double took)
{
	for (unsigned i = 0; i <= 4; i++) {
		double x = x_of(i, 4), y = y_of(i, 4);

		fprintf(file,
			"<path class=\"g\" d=\"M%.1f %d V%d M%d %.1f H%d\"/>"
			"<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.0f</text>"
			"<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.2f</text>\n",
			x, TOP, HEIGHT - BOTTOM, LEFT, y, WIDTH - RIGHT, x, HEIGHT - BOTTOM + 16,
			mappings * i / 4, LEFT - 6, y + 4, took * i / 4000);
	}
}

bool bench_write_svg(FILE *file, const struct bench_report *report)
{
	struct load_point step[BENCH_STEPS];
	size_t n = report->table ? bench_steps(report->table, step) : 0;
	double took = 1;

	for (size_t i = 0; i < n; i++)
		took = (double)step[i].took > took ? (double)step[i].took : took;
	fprintf(file,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-size=\"11\" "
		"font-family=\"sans-serif\">\n<style>.g{stroke:#8886;fill:none}.l{stroke:#2060a0;"
		"stroke-width:2;fill:none}</style>\n<rect width=\"%d\" height=\"%d\" "
		"fill=\"#fff\"/>\n"
		"<text x=\"%d\" y=\"18\">Milliseconds for a MAP, by the mappings that "
		"stand</text>\n",
		WIDTH, HEIGHT, WIDTH, HEIGHT, LEFT);
	axes(file, n ? step[n - 1].mappings : 1, took);
	fprintf(file, "<path class=\"l\" d=\"");
	for (size_t i = 0; i < n; i++)
		fprintf(file, "%c%.1f %.1f", i ? 'L' : 'M',
			x_of(step[i].mappings, step[n - 1].mappings),
			y_of((double)step[i].took, took));
	fprintf(file, "\"/>\n</svg>\n");
	return !ferror(file);
}
