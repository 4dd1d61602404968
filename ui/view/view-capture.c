/* Capture: what the open capture contains, in Compose's place; its findings are a list to go by. */
#include "view-capture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions.h"
#include "exchange-words.h"
#include "session-follow.h"
#include "text.h"

struct capture {
	struct survey survey;
	uint32_t number; /* of the capture that it is of: moment.number */
	struct list list;
};

static struct capture *state(struct ui *ui)
{
	return ui->state[VIEW_CAPTURE];
}

static bool open_capture(struct ui *ui)
{
	struct capture *capture = calloc(1, sizeof *capture);

	ui->state[VIEW_CAPTURE] = capture;
	return capture && survey_open(&capture->survey);
}

static void close_capture(struct ui *ui)
{
	survey_close(&state(ui)->survey);
	free(state(ui));
}

const struct survey *capture_survey(struct ui *ui)
{
	struct capture *capture = state(ui);

	if (capture->number != ui->moment.number) {
		capture->number = ui->moment.number;
		capture->list = (struct list){ 0 };
		survey_reset(&capture->survey);
	}
	survey_go_on(&capture->survey, ui);
	return &capture->survey;
}

/* ---- drawing ---- */

/* A row: its name, then parts. */
enum { VALUES = 13 };

static void draw_row(const struct rect *in, int *row, const char *name, struct line *line)
{
	draw_text(in, *row, 2, STYLE_DIM, name);
	line_fit(line, in->width - VALUES);
	line_draw(line, in, (*row)++, VALUES);
}

static void draw_requests(const struct survey *survey, const struct rect *in, int *row)
{
	struct line line = { .count = 0 };
	unsigned opcode;

	for (opcode = 0; opcode < 128; opcode++) {
		const char *name = pcp_name(pcp_opcode_names, opcode);

		if (survey->requests[opcode])
			line_add(&line, (int)line.count, line.count ? 2 : 0, STYLE_NORMAL, "%s %u",
				 name ? name : "other", survey->requests[opcode]);
	}
	if (survey->natpmp)
		line_add(&line, 1, line.count ? 2 : 0, STYLE_NORMAL, "NAT-PMP %u", survey->natpmp);
	if (!line.count)
		line_add(&line, 0, 0, STYLE_DIM, "none");
	draw_row(in, row, "Requests", &line);
}

static void add_count(struct line *line, enum style style, enum glyph glyph, size_t n)
{
	if (n)
		line_add(line, 0, line->count ? 2 : 0, style, "%s %zu", draw_glyph(glyph), n);
}

static void draw_answers(const struct survey *survey, const struct rect *in, int *row)
{
	struct line line = { .count = 0 };

	add_count(&line, STYLE_OK, GLYPH_OK, survey->fine);
	add_count(&line, STYLE_ERROR, GLYPH_REFUSED, survey->refused);
	if (survey->silent)
		line_add(&line, 0, line.count ? 2 : 0, STYLE_WAITING, "silent %zu", survey->silent);
	add_count(&line, STYLE_WARNING, GLYPH_IGNORED, survey->ignored);
	if (survey->unasked)
		line_add(&line, 1, line.count ? 2 : 0, STYLE_NORMAL, "unasked %zu",
			 survey->unasked);
	draw_row(in, row, "Answers", &line);
}

/* How often each was asked, in order, where any was asked twice. */
static void draw_tries(const struct survey *survey, const struct rect *in, int *row)
{
	struct line line = { .count = 0 };
	char curve[SURVEY_TRIES * 4 + 1] = "";
	uint32_t most = 1;
	size_t i, n = 0;

	for (i = 0; i < SURVEY_TRIES; i++)
		most = survey->tries[i] > most ? survey->tries[i] : most;
	for (i = 0; i < SURVEY_TRIES && most > 1 && !draw_plain(); i++)
		if (survey->tries[i])
			n += (size_t)snprintf(
				curve + n, sizeof curve - n, "%s",
				draw_spark((int)(7 * (survey->tries[i] - 1) / (most - 1))));
	if (*curve)
		line_add(&line, 1, 0, STYLE_MARK, "%s", curve);
	line_add(&line, 0, line.count ? 3 : 0, STYLE_NORMAL, "%zu in %zu",
		 survey->exchanges + survey->retries, survey->exchanges);
	draw_row(in, row, "Tries", &line);
}

static void draw_times(const struct survey *survey, const struct rect *in, int *row)
{
	struct line line = { .count = 0 };
	char median[24], worst[24];

	if (!survey->ntimes)
		return;
	exchange_time(survey_median(survey), median, sizeof median);
	exchange_time(survey->worst, worst, sizeof worst);
	line_add(&line, 0, 0, STYLE_NORMAL, "%s median, %s worst", median, worst);
	draw_row(in, row, "Answer in", &line);
}

static void draw_server(const struct survey *survey, const struct rect *in, int *row)
{
	struct line line = { .count = 0 };
	char clock[16];

	if (survey->fine + survey->refused + survey->unasked == 0)
		return;
	line_add(&line, 0, 0, STYLE_NORMAL, "v%u,", survey->version);
	if (survey->restarts) {
		ui_clock(survey->restart_at, 0, clock, sizeof clock);
		line_add(&line, 0, 1, STYLE_ERROR, "epoch steady until %s", clock);
		if (survey->restarts > 1)
			line_add(&line, 1, 1, STYLE_ERROR, "%s%u", draw_glyph(GLYPH_TIMES),
				 survey->restarts);
	} else {
		line_add(&line, 0, 1, STYLE_NORMAL, "epoch steady");
	}
	draw_row(in, row, "Server", &line);
}

static void draw_counts(const struct survey *survey, const struct rect *in, int *row)
{
	struct line line = { .count = 0 };
	const uint32_t *n = survey->by_severity;

	if (n[PCP_ERROR])
		line_add(&line, 0, 0, STYLE_ERROR, "%s%u against a MUST", draw_glyph(GLYPH_FINDING),
			 n[PCP_ERROR]);
	if (n[PCP_WARNING])
		line_add(&line, 1, line.count ? 2 : 0, STYLE_WARNING, "%s%u%s",
			 draw_glyph(GLYPH_FINDING), n[PCP_WARNING],
			 line.count ? "" : " against a SHOULD");
	if (n[PCP_NOTE])
		line_add(&line, 0, line.count ? 2 : 0, STYLE_REMARK, "%s%u%s",
			 draw_glyph(GLYPH_NOTE), n[PCP_NOTE],
			 n[PCP_ERROR] && n[PCP_WARNING] ? "" : " remarks");
	if (!line.count)
		line_add(&line, 0, 0, STYLE_OK, "%s no rule broken", draw_glyph(GLYPH_OK));
	draw_row(in, row, "Findings", &line);
}

static void draw_finding(const struct survey_finding *finding, const struct rect *in, int row)
{
	enum pcp_severity severity = finding->rule->severity;
	enum style style = severity == PCP_NOTE	     ? STYLE_REMARK
			   : severity == PCP_WARNING ? STYLE_WARNING
						     : STYLE_ERROR;
	struct line line = { .count = 0 };
	int col;

	draw_text(in, row, 2, style, draw_glyph(severity == PCP_NOTE ? GLYPH_NOTE : GLYPH_FINDING));
	if (finding->exchange)
		draw_format(in, row, 4, STYLE_DIM, "#%u", finding->exchange);
	col = 9;
	line_add(&line, 0, 0, STYLE_NORMAL, "%s", finding->rule->name);
	if (finding->count > 1)
		line_add(&line, 1, 2, STYLE_DIM, "%s%u", draw_glyph(GLYPH_TIMES), finding->count);
	line_fit(&line, in->width - col);
	line_draw(&line, in, row, col);
}

static void draw_findings(struct ui *ui, const struct rect *in, bool focus)
{
	struct capture *capture = state(ui);
	struct list *list = &capture->list;
	int at;

	list_fit(list, capture->survey.nfinding, in->height);
	for (at = 0; at < in->height && list->top + (size_t)at < list->count; at++) {
		draw_finding(&capture->survey.finding[list->top + (size_t)at], in, at);
		if (list->top + (size_t)at == list->cursor)
			draw_focus(in, at, focus);
	}
}

/* Where it is low, what says least goes: the room is for findings. */
static void draw(struct ui *ui, const struct rect *in, bool focus)
{
	const struct survey *survey = capture_survey(ui);
	struct rect rest = *in;
	int row = 0;

	if (!survey->messages) {
		draw_wrap(in, 0, 1, STYLE_DIM,
			  replay_reading(session_replay(ui->session))
				  ? session_follows(ui->session) ? "Nothing of PCP or NAT-PMP has "
								   "passed yet. What comes is "
								   "counted and judged here."
								 : "It is being read."
				  : "It has no PCP in it.");
		return;
	}
	draw_requests(survey, in, &row);
	draw_answers(survey, in, &row);
	draw_tries(survey, in, &row);
	draw_times(survey, in, &row);
	draw_server(survey, in, &row);
	row += in->height >= 12;
	draw_counts(survey, in, &row);
	rest.y += row;
	rest.height -= row;
	if (rest.height > 0)
		draw_findings(ui, &rest, focus);
}

static void bar(struct ui *ui, struct line *left, struct line *right)
{
	const struct survey *survey = &state(ui)->survey;
	size_t n = log_nmessages(session_log(ui->session));

	line_add(left, 2, 2, STYLE_DIM, "what is in it");
	if (!survey->complete && survey->messages < n)
		line_add(right, 1, 2, STYLE_DIM, "%zu%% judged", 100 * survey->messages / n);
	line_add_hidden(right, state(ui)->list.top, list_below(&state(ui)->list));
}

static const struct survey_finding *current(struct ui *ui)
{
	const struct capture *capture = state(ui);

	return capture->list.cursor < capture->survey.nfinding
		       ? &capture->survey.finding[capture->list.cursor]
		       : NULL;
}

static void meaning(struct ui *ui, char *buf, size_t cap)
{
	const struct survey_finding *finding = current(ui);

	if (finding)
		snprintf(buf, cap, "%s (%s): %s", finding->rule->name, finding->rule->ref,
			 finding->rule->text);
	else if (session_follows(ui->session))
		snprintf(buf, cap,
			 "Everything is live, as it comes; when it has ended, or is stopped, one "
			 "can "
			 "go back and forth in it");
	else
		snprintf(buf, cap,
			 "Everything shows this moment: mappings as they stood, later exchanges "
			 "dim; nothing is sent from here%s",
			 session_server(ui->session) ? " but by c, then s" : "");
}

/* ---- going by findings ---- */

static void moved(struct ui *ui)
{
	const struct survey_finding *finding = current(ui);

	if (finding)
		moment_choose(ui, log_message(session_log(ui->session), finding->message));
}

const char *why_not_capture_open(struct ui *ui)
{
	return current(ui) ? NULL : "the rules object to nothing in this capture";
}

void act_capture_open(struct ui *ui)
{
	moved(ui);
	ui_focus(ui, PANE_DECODE);
}

/* Where the message of the moment stands in the log. */
static long here(struct ui *ui)
{
	const struct message *first = log_message_at(session_log(ui->session), 0);

	return first && ui->moment.message >= first->id ? (long)(ui->moment.message - first->id)
							: 0;
}

static void step_finding(struct ui *ui, int by)
{
	const struct survey *survey = capture_survey(ui);
	long at = survey_next_finding(survey, here(ui) + by, by);
	const struct message *message;

	if (at < 0 && !survey->complete && by > 0) {
		ui_say(ui, STYLE_NORMAL, "the capture is still being judged: in a moment");
		return;
	}
	if (at < 0) {
		ui_say(ui, STYLE_NORMAL,
		       by > 0 ? "the rules object to nothing further on"
			      : "the rules object to nothing before");
		return;
	}
	message = log_message_at(session_log(ui->session), (size_t)at);
	moment_choose(ui, message);
}

void act_finding_on(struct ui *ui)
{
	step_finding(ui, 1);
}

void act_finding_back(struct ui *ui)
{
	step_finding(ui, -1);
}

/* ---- the view ---- */

static struct list *list(struct ui *ui)
{
	return &state(ui)->list;
}

const struct view view_capture = {
	.open = open_capture,
	.close = close_capture,
	.bar = bar,
	.draw = draw,
	.meaning = meaning,
	.list = list,
	.moved = moved,
};
