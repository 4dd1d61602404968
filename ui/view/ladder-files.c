/* The ladder in files: as text in ASCII, and as SVG. */
#include <stdio.h>

#include "ladder.h"
#include "xml.h"

enum { CLOCK_WIDTH = 13, TEXT_WIDTH = 64 };

bool ladder_write_text(struct ui *ui, FILE *file, const void *judge)
{
	static const struct ladder_strokes ascii = { "-", ".", "|", "<", ">", "X", "~" };
	char client[ENDPOINT_TEXT], server[ENDPOINT_TEXT], line[1200];
	const struct message *message, *before = NULL;
	struct ladder_rung rung[LADDER_RUNGS];
	size_t i, k, n;

	ladder_ends(ui, client, server, sizeof client);
	fprintf(file, "%*s%s%*s\n", CLOCK_WIDTH, "", client, TEXT_WIDTH + 2 - draw_width(client),
		server);
	for (i = 0; (message = ladder_message(ui, i)); i++, before = message) {
		n = ladder_rungs(ui, *(struct judge *const *)judge, message, before, rung);
		for (k = 0; k < n; k++) {
			ladder_arrow(&rung[k], TEXT_WIDTH, &ascii, line, sizeof line);
			fprintf(file, "%12s %s %s%s%s\n", rung[k].clock, line, rung[k].number,
				*rung[k].number && *rung[k].note ? " " : "", rung[k].note);
		}
	}
	return true;
}

static void svg_text(FILE *file, int x, size_t y, const char *anchor, const char *text)
{
	fprintf(file, "<text x=\"%d\" y=\"%zu\" text-anchor=\"%s\">", x, y, anchor);
	xml_text(file, text);
	fputs("</text>\n", file);
}

enum { LEFT = 110, RIGHT = 690, WIDTH = 900, STEP = 34, TOP = 50 };

static void svg_arrow(FILE *file, const struct ladder_rung *rung, size_t y)
{
	int from = rung->to_client ? RIGHT : LEFT, to = rung->to_client ? LEFT : RIGHT;
	bool lost = *rung->lost != '\0';

	if (lost) /* ends where it was lost */
		to = from + (to - from) * 3 / 4;
	fprintf(file, "<path d=\"M%d %zuH%d\" stroke=\"%s\"%s%s/>\n", from, y, to,
		rung->style == STYLE_ERROR || lost ? "#c00"
		: rung->style == STYLE_OK	   ? "#080"
						   : "black",
		rung->waiting || rung->kind == RUNG_BREAK ? " stroke-dasharray=\"6 3\"" : "",
		lost || rung->kind == RUNG_BREAK ? "" : " marker-end=\"url(#tip)\"");
	if (lost) {
		fprintf(file, "<path d=\"M%d %zul8 8m0 -8l-8 8\" stroke=\"#c00\"/>\n", to - 4,
			y - 4);
		svg_text(file, to + (rung->to_client ? -10 : 10), y + 4,
			 rung->to_client ? "end" : "start", rung->lost);
	}
}

static void svg_rung(FILE *file, const struct ladder_rung *rung, size_t y)
{
	char note[120];

	svg_text(file, 10, y, "start", rung->clock);
	if (rung->kind == RUNG_PAUSE)
		return;
	svg_text(file, (LEFT + RIGHT) / 2, y - 5, "middle", rung->text);
	snprintf(note, sizeof note, "%s%s%s", rung->number, *rung->number && *rung->note ? " " : "",
		 rung->note);
	svg_text(file, RIGHT + 10, y, "start", note);
	svg_arrow(file, rung, y);
}

bool ladder_write_svg(struct ui *ui, FILE *file, const void *judge)
{
	char client[ENDPOINT_TEXT], server[ENDPOINT_TEXT];
	const struct message *message, *before = NULL;
	struct ladder_rung rung[LADDER_RUNGS];
	size_t i, k, n, rows = 0, y = TOP;

	for (i = 0; (message = ladder_message(ui, i)); i++, before = message)
		rows += ladder_count(ui, message, before);
	ladder_ends(ui, client, server, sizeof client);
	fprintf(file,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%zu\" "
		"font-family=\"sans-serif\" font-size=\"12\">\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n"
		"<defs><marker id=\"tip\" orient=\"auto\" markerWidth=\"8\" markerHeight=\"8\" "
		"refX=\"8\" "
		"refY=\"4\"><path d=\"M0 0L8 4L0 8z\"/></marker></defs>\n",
		WIDTH, rows * STEP + TOP + 20);
	svg_text(file, LEFT, 20, "middle", client);
	svg_text(file, RIGHT, 20, "middle", server);
	fprintf(file, "<path d=\"M%d 28V%zuM%d 28V%zu\" stroke=\"gray\"/>\n", LEFT,
		rows * STEP + TOP, RIGHT, rows * STEP + TOP);
	for (i = 0, before = NULL; (message = ladder_message(ui, i)); i++, before = message) {
		n = ladder_rungs(ui, *(struct judge *const *)judge, message, before, rung);
		for (k = 0; k < n; k++, y += STEP)
			svg_rung(file, &rung[k], y);
	}
	fputs("</svg>\n", file);
	return true;
}
