/* Probe: what there is to say of one row: what a case sends, what it wants, what it saw, and why.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "probe-page.h"
#include "probe-text.h"

/* ---- signs ---- */

static const struct {
	enum glyph glyph;
	enum style style;
} signs[PROBE_NVERDICTS] = {
	[PROBE_PASS] = { GLYPH_OK, STYLE_OK },
	[PROBE_INFO] = { GLYPH_NOTE, STYLE_REMARK },
	[PROBE_SKIP] = { GLYPH_SKIPPED, STYLE_DIM },
	[PROBE_OPEN] = { GLYPH_COUNT, STYLE_WAITING }, /* a question mark */
	[PROBE_WEAK] = { GLYPH_FINDING, STYLE_WARNING },
	[PROBE_FAIL] = { GLYPH_REFUSED, STYLE_ERROR },
};

const char *probe_verdict_sign(enum probe_verdict verdict, enum style *style)
{
	*style = signs[verdict].style;
	return signs[verdict].glyph == GLYPH_COUNT ? "?" : draw_glyph(signs[verdict].glyph);
}

const char *probe_sign(const struct probe_page *page, const struct probe_row *row,
		       enum style *style)
{
	const struct probe_line *line = probe_row_line(page, row);
	enum probe_stage stage;

	if (line)
		return probe_verdict_sign(line->verdict, style);
	stage = probe_stage(page->probe, probe_row_case(page, row));
	*style = stage == PROBE_RUNNING ? STYLE_WAITING : STYLE_FAINT;
	return stage == PROBE_UNASKED	? " "
	       : stage == PROBE_RUNNING ? draw_glyph(GLYPH_WAITING)
					: draw_glyph(GLYPH_TO_COME);
}

/* What the report has between its parts is beyond US-ASCII. */
static void in_ascii(char *text)
{
	char *dot;

	while ((dot = strstr(text, "\u00b7"))) {
		*dot = '-';
		memmove(dot + 1, dot + 2, strlen(dot + 2) + 1);
	}
}

void probe_end_text(const struct probe_page *page, char *buf, size_t cap)
{
	const char *stopped = probe_stopped(page->probe);
	const struct probe_case *row;
	size_t done, all;
	char left[128];

	probe_progress(page->probe, &done, &all, &row);
	if (stopped)
		snprintf(buf, cap, "%zu of %zu cases, then: %s%s", done, all, stopped,
			 probe_left_at(page->probe, 0, page->ended, left, sizeof left)
				 ? ""
				 : "; everything it made is deleted");
	else
		probe_summary_text(page->probe, page->ended, buf, cap);
	if (!strcmp(draw_glyph(GLYPH_ELLIPSIS), "~"))
		in_ascii(buf);
}

/* ---- pieces ---- */

/* Counts the pieces that there are: true at the one that is wanted. */
struct pieces {
	size_t wanted;
	struct probe_piece *piece;
};

__attribute__((format(printf, 4, 5))) static bool say(struct pieces *pieces, const char *label,
						      enum style style, const char *format, ...)
{
	struct probe_piece *piece = pieces->piece;
	va_list args;

	if (pieces->wanted--)
		return false;
	piece->label = label;
	piece->style = style;
	va_start(args, format);
	vsnprintf(piece->text, sizeof piece->text, format, args);
	va_end(args);
	return true;
}

static const char *grade_means(char grade)
{
	switch (grade) {
	case 'A':
		return "no case failed, and at most two are weak";
	case 'B':
		return "no case failed";
	case 'C':
		return "what fails are options, optional opcodes, extensions or NAT-PMP";
	case 'D':
		return "MAP or the header fails";
	case 'F':
		return "what fails endangers others";
	default:
		return "no case is decided";
	}
}

static bool say_profile(const struct probe_page *page, usec now, struct pieces *pieces)
{
	const struct probe *probe = page->probe;
	char text[PROBE_SENTENCE], grade = probe_grade(probe);

	if (!page->profiled && say(pieces, "Gateway", STYLE_WAITING, "being asked what it is"))
		return true;
	for (size_t i = 0; page->profiled && probe_sentence(probe, i, text, sizeof text); i++)
		if (say(pieces, i ? "" : "Gateway", STYLE_NORMAL, "%s", text))
			return true;
	if (grade && say(pieces, page->prober ? "So far" : "Grade", STYLE_TITLE, "%c: %s", grade,
			 grade_means(grade)))
		return true;
	if (probe_stopped(probe) &&
	    say(pieces, "Stopped", STYLE_WARNING, "%s", probe_stopped(probe)))
		return true;
	for (size_t i = 0; !page->prober && probe_left_at(probe, i, now, text, sizeof text); i++)
		if (say(pieces, i ? "" : "Left there", STYLE_WARNING, "%s", text))
			return true;
	return !page->prober && !probe_left_at(probe, 0, now, text, sizeof text) &&
	       say(pieces, "Left there", STYLE_OK, "nothing: everything it made is deleted");
}

static bool say_group(const struct probe_page *page, char letter, struct pieces *pieces)
{
	struct probe_tally tally = probe_tally(page, letter);
	const char *flag = probe_flag_word(tally.flags);
	size_t decided = 0;

	for (size_t v = 0; v < PROBE_NVERDICTS; v++)
		decided += tally.verdict[v];
	return say(pieces, "Cases", STYLE_NORMAL, "%zu decided, %zu %s, %zu not asked", decided,
		   tally.to_come, page->prober ? "to come" : "not tried", tally.unasked) ||
	       (tally.running && say(pieces, "Runs", STYLE_WAITING, "%s  %s", tally.running->id,
				     tally.running->title)) ||
	       (tally.faults &&
		say(pieces, "Rules", STYLE_ERROR, "%zu of the linter broken in what it answered",
		    tally.faults)) ||
	       (tally.unasked && flag &&
		say(pieces, "Not asked", STYLE_DIM, "some wait for %s: :probe %c %s%s", flag,
		    letter, flag, tally.flags & PROBE_INTRUSIVE ? " -yes" : "")) ||
	       (tally.unasked && !flag &&
		say(pieces, "Not asked", STYLE_DIM, ":probe %c asks them", letter));
}

static const char *seen(const struct probe_page *page, const struct probe_case *row,
			const struct probe_line *line)
{
	if (line)
		return *line->why		     ? line->why
		       : line->verdict == PROBE_PASS ? "what was wanted"
						     : probe_verdict_name(line->verdict);
	switch (probe_stage(page->probe, row)) {
	case PROBE_RUNNING:
		return "it is being asked";
	case PROBE_TO_COME:
		return page->prober ? "nothing yet: it comes" : "nothing: the probe ended before";
	default:
		return "nothing: it was not asked";
	}
}

static bool say_case(const struct probe_page *page, const struct probe_row *at,
		     struct pieces *pieces)
{
	const struct probe_line *line = probe_row_line(page, at);
	const struct probe_case *row = probe_row_case(page, at);
	enum style style = STYLE_DIM;

	if (line)
		probe_verdict_sign(line->verdict, &style);
	return say(pieces, "Sent", STYLE_NORMAL, "%s", row->sends) ||
	       say(pieces, "Wanted", STYLE_NORMAL, "%s", row->passes) ||
	       say(pieces, "Seen", style, "%s", seen(page, row, line)) ||
	       say(pieces, "Why", STYLE_NORMAL, "%s%s%s", row->ref, row->demand ? ": " : "",
		   row->demand ? row->demand : "") ||
	       (row->flags & PROBE_ENDANGERS &&
		say(pieces, "So what", probe_row_is_fault(page, at) ? STYLE_ERROR : STYLE_DIM,
		    "a gateway that fails here endangers others")) ||
	       (row->effect && say(pieces, "Makes", STYLE_DIM, "%s", row->effect));
}

static bool say_rule(const struct probe_page *page, const struct probe_row *at,
		     struct pieces *pieces)
{
	const struct probe_line *line = probe_row_line(page, at);

	return say(pieces, "Rule", STYLE_NORMAL, "%s, of the linter", line->rule) ||
	       say(pieces, "Seen", STYLE_ERROR, "%s", line->why) ||
	       say(pieces, "In", STYLE_NORMAL, "an answer to %s: %s", line->row->id,
		   line->row->sends);
}

bool probe_piece(struct probe_page *page, const struct probe_row *row, usec now, size_t i,
		 struct probe_piece *piece)
{
	struct pieces pieces = { i, piece };

	switch (row->kind) {
	case PROBE_ROW_PROFILE:
		return say_profile(page, now, &pieces);
	case PROBE_ROW_GROUP:
		return say_group(page, (char)row->at, &pieces);
	case PROBE_ROW_CASE:
		return say_case(page, row, &pieces);
	default:
		return say_rule(page, row, &pieces);
	}
}
