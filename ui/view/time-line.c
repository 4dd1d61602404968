/* The time line of an open capture: a bar with the moment, the line itself, and words below the
 * marks that matter. */
#include "time-line.h"

#include <stdio.h>
#include <string.h>

#include "actions.h"
#include "session-follow.h"
#include "view-capture.h"

enum { BAR_ONLY = 1, WITH_LINE = 2, WITH_WORDS = 3, EDGE = 1 };

int time_line_rows(const struct ui *ui, int width, int height)
{
	if (!session_replay(ui->session) || width < LAYOUT_MIN_WIDTH || height < LAYOUT_MIN_HEIGHT)
		return 0;
	if (session_follows(ui->session) || ui->config->plain || height < LAYOUT_STACK_HEIGHT)
		return BAR_ONLY;
	return height < LAYOUT_WIDE_HEIGHT - 6 ? WITH_LINE : WITH_WORDS;
}

/* ---- the bar ---- */

static void add_key(struct ui *ui, struct line *line, int rank, const char *first,
		    const char *second, const char *word)
{
	char one[32], two[32] = "";

	ui_key_of(ui, first, one, sizeof one);
	if (second)
		ui_key_of(ui, second, two, sizeof two);
	line_add(line, rank, line->count ? 3 : 0, STYLE_TITLE, "%s%s%s", one, *two ? " " : "", two);
	line_add(line, rank, 1, STYLE_NORMAL, "%s", word);
}

/* While it grows there is no going back and forth. */
static void draw_live_bar(struct ui *ui, const struct rect *in)
{
	struct line left = { .count = 0 }, right = { .count = 0 };
	char clock[16];

	ui_clock(session_now(ui->session), 0, clock, sizeof clock);
	line_add(&left, 0, 1, STYLE_NORMAL, "Time");
	line_add(&left, 0, 2, STYLE_TITLE, "%s", clock);
	line_add(&left, 0, 3, STYLE_OK, "live");
	add_key(ui, &right, 1, "dismiss", NULL, "stops it, to go back and forth");
	line_draw_bar(&left, &right, in, false, (struct line_span){ 0, 0 });
}

static void draw_bar(struct ui *ui, const struct rect *in)
{
	const struct replay *replay = session_replay(ui->session);
	struct line left = { .count = 0 }, right = { .count = 0 };
	char clock[16], plays[24];

	line_add(&left, 0, 1, STYLE_NORMAL, "Time");
	if (replay_at(replay)) {
		ui_clock(replay_now(replay), 3, clock, sizeof clock);
		line_add(&left, 0, 2, STYLE_TITLE, "%s", clock);
	}
	if (!replay_reading(replay))
		line_add(&left, 0, 3, STYLE_TITLE, "datagram %llu of %llu",
			 (unsigned long long)replay_at(replay),
			 (unsigned long long)replay_count(replay));
	snprintf(plays, sizeof plays, "plays %s1", draw_glyph(GLYPH_TIMES));
	add_key(ui, &right, 1, "play", NULL, ui->moment.playing ? "stops" : plays);
	add_key(ui, &right, 2, "moment-back", "moment-on", "datagram");
	add_key(ui, &right, 3, "exchange-back", "exchange-on", "exchange");
	add_key(ui, &right, 4, "finding-on", NULL, "finding");
	line_draw_bar(&left, &right, in, false, (struct line_span){ 0, 0 });
}

/* ---- the line ---- */

static const struct {
	enum glyph glyph;
	enum style style;
} marks[MARK_COUNT] = {
	[MARK_NONE] = { GLYPH_LINE, STYLE_MARK },
	[MARK_PLAIN] = { GLYPH_TICK, STYLE_OK },
	[MARK_TRY] = { GLYPH_TICK, STYLE_WAITING },
	[MARK_IGNORED] = { GLYPH_TICK, STYLE_WARNING },
	[MARK_REFUSED] = { GLYPH_TICK, STYLE_ERROR },
	[MARK_RESTART] = { GLYPH_GONE, STYLE_ERROR },
};

/* The worst of the places that a column stands for. */
static enum survey_mark mark_at(const struct survey *survey, int col, int width)
{
	size_t place = (size_t)col * SURVEY_PLACES / (size_t)width;
	size_t end = (size_t)(col + 1) * SURVEY_PLACES / (size_t)width;
	uint8_t worst = MARK_NONE;

	for (; place < end || place == (size_t)col * SURVEY_PLACES / (size_t)width; place++)
		worst = survey->place[place] > worst ? survey->place[place] : worst;
	return (enum survey_mark)worst;
}

static int column_of(const struct survey *survey, usec wall, int width)
{
	usec span = survey->last - survey->first, since = wall - survey->first;

	if (span <= 0 || since <= 0)
		return 0;
	return since < span ? (int)((double)since / (double)span * width) : width - 1;
}

static void draw_line(const struct survey *survey, const struct rect *in, int now)
{
	int col, width = in->width - 2 * EDGE;

	for (col = 0; col < width; col++) {
		enum survey_mark mark = mark_at(survey, col, width);

		draw_text(in, 0, EDGE + col, col > now ? STYLE_FAINT : marks[mark].style,
			  draw_glyph(marks[mark].glyph));
	}
	draw_text(in, 0, EDGE + now, STYLE_MARK, draw_glyph(GLYPH_NOW));
}

/* ---- words below it ---- */

/* Which columns are taken already. */
struct words {
	const struct rect *in;
	bool taken[512];
};

static void put(struct words *words, int col, enum style style, const char *text)
{
	int width = draw_width(text), i;

	if (col + width > words->in->width)
		col = words->in->width - width;
	if (col < 0)
		return;
	for (i = col > 0 ? col - 1 : 0; i < col + width + 1 && i < 512; i++)
		if (words->taken[i])
			return;
	for (i = col; i < col + width && i < 512; i++)
		words->taken[i] = true;
	draw_text(words->in, 0, col, style, text);
}

static void put_marks(struct words *words, const struct survey *survey, enum survey_mark wanted)
{
	int col, width = words->in->width - 2 * EDGE;
	char text[32];

	for (col = 0; col < width; col++) {
		size_t place = (size_t)col * SURVEY_PLACES / (size_t)width;

		if (mark_at(survey, col, width) != wanted)
			continue;
		if (wanted == MARK_RESTART)
			snprintf(text, sizeof text, "%s restart", draw_glyph(GLYPH_GONE));
		else if (wanted == MARK_REFUSED)
			snprintf(text, sizeof text, "refused");
		else if (wanted == MARK_IGNORED)
			snprintf(text, sizeof text, "%s", draw_glyph(GLYPH_IGNORED));
		else if (survey->most_tries[place] > 1)
			snprintf(text, sizeof text, "%s%u", draw_glyph(GLYPH_TIMES),
				 survey->most_tries[place]);
		else
			continue;
		put(words, EDGE + col, marks[wanted].style, text);
	}
}

static void draw_words(const struct survey *survey, const struct rect *in, int now)
{
	struct words words = { .in = in };
	char clock[16], text[16];
	int mark;

	snprintf(text, sizeof text, "%s now", draw_glyph(GLYPH_MORE_ABOVE));
	put(&words, EDGE + now, STYLE_TITLE, text);
	put_marks(&words, survey, MARK_RESTART);
	ui_clock(survey->first, 0, clock, sizeof clock);
	put(&words, EDGE, STYLE_DIM, clock);
	ui_clock(survey->last, 0, clock, sizeof clock);
	put(&words, in->width - EDGE - draw_width(clock), STYLE_DIM, clock);
	for (mark = MARK_REFUSED; mark >= MARK_TRY; mark--)
		put_marks(&words, survey, (enum survey_mark)mark);
}

void time_line_draw(struct ui *ui)
{
	struct rect in = ui->layout.below_status, bar = layout_bar(&in);
	const struct survey *survey;
	int now;

	if (bar.height == 0)
		return;
	if (session_follows(ui->session))
		draw_live_bar(ui, &bar);
	else
		draw_bar(ui, &bar);
	survey = capture_survey(ui);
	if (in.height == 0 || !survey->messages)
		return;
	now = column_of(survey, replay_now(session_replay(ui->session)), in.width - 2 * EDGE);
	draw_line(survey, &in, now);
	if (in.height > 1)
		draw_words(survey, &(struct rect){ in.y + 1, in.x, 1, in.width }, now);
}
