/* Probe: what a gateway really does, case by case, as a page that fills while it is asked. */
#include <stdio.h>
#include <stdlib.h>

#include "actions.h"
#include "fields.h"
#include "probe-page.h"
#include "probe-text.h"
#include "probing.h"
#include "text.h"
#include "view-exchanges.h"

static bool open_probe(struct ui *ui)
{
	ui->state[VIEW_PROBE] = calloc(1, sizeof(struct probe_page));
	return ui->state[VIEW_PROBE] != NULL;
}

static void close_probe(struct ui *ui)
{
	probe_forget(probe_page(ui));
	free(probe_page(ui));
}

/* ---- without a run ---- */

static bool is_capture(const struct ui *ui)
{
	return session_replay(ui->session) != NULL;
}

/* Whether there is a probe to show. */
static bool shows_run(const struct ui *ui)
{
	return probe_page(ui)->probe && !is_capture(ui);
}

/* The i-th paragraph of what stands there then; false beyond the last. */
static bool paragraph(struct ui *ui, size_t i, char *buf, size_t cap)
{
	static const char *const of_capture[] = {
		"A capture is open. Its packets do not say which case of a probe sent them, so no "
		"verdict can be had from them.",
		"What can: the rules that the server's answers break, in Capture, and every packet "
		"of the probe, in Exchanges."
	};
	char again[32], capture[32], exchanges[32], back[32];

	ui_key_of(ui, "probe-again", again, sizeof again);
	ui_key_of(ui, "compose", capture, sizeof capture);
	ui_key_of(ui, "exchanges", exchanges, sizeof exchanges);
	ui_key_of(ui, "close", back, sizeof back);
	if (is_capture(ui) && i < 2)
		snprintf(buf, cap, "%s", of_capture[i]);
	else if (is_capture(ui))
		snprintf(buf, cap,
			 "%s goes to Capture, %s to Exchanges, %s back; :close closes it.", capture,
			 exchanges, back);
	else if (i == 0)
		snprintf(buf, cap,
			 "Here it is tried what a gateway really does: what it is, then %zu cases, "
			 "each of a sentence of the documents, in about a minute. At most four "
			 "mappings at a time, of ports that nobody listens on, each deleted again.",
			 probe_ncases());
	else if (why_not_probe_again(ui))
		snprintf(buf, cap, "%s", why_not_probe_again(ui));
	else
		snprintf(buf, cap,
			 "%s begins; :probe -quick only says what it is, :probe C12 J tries some.",
			 again);
	return i < (is_capture(ui) ? 3 : 2);
}

/* ---- drawing ---- */

static void draw(struct ui *ui, const struct rect *in, bool focus)
{
	char text[400];
	int row = 0;

	if (shows_run(ui)) {
		probe_rows(probe_page(ui));
		probe_draw(ui, in, focus);
		return;
	}
	for (size_t i = 0; paragraph(ui, i, text, sizeof text); i++)
		row = 1 + draw_wrap(in, row, 1, i ? STYLE_DIM : STYLE_NORMAL, text);
}

static void bar(struct ui *ui, struct line *left, struct line *right)
{
	const struct probe_page *page = probe_page(ui);
	char taken[32], key[32];
	usec end;

	if (!shows_run(ui)) {
		line_add(left, 1, 2, STYLE_DIM, "what a gateway does, and where it errs");
		return;
	}
	end = page->prober ? ui->now : page->ended;
	pcp_seconds_text((uint32_t)((end > page->began ? end - page->began : 0) / USEC_PER_SEC),
			 taken, sizeof taken);
	line_add(left, 1, 2, STYLE_DIM, "%s", page->server);
	line_add(left, 3, 2, STYLE_DIM, "what it does, and where it errs");
	line_add(right, 0, 2, STYLE_NORMAL, "%zu of %zu", page->done, page->all);
	line_add(right, 2, 2, STYLE_DIM, "%s", taken);
	ui_key_of(ui, page->prober ? "probe-stop" : "probe-write", key, sizeof key);
	line_add(right, 4, 2, STYLE_KEY, "%s", key);
	line_add(right, 4, 1, STYLE_NORMAL, page->prober ? "stops" : "writes the report");
}

static void say_so_far(const struct probe_page *page, struct view_answer *answer)
{
	struct probe_counts counts = probe_counts(page->probe);

	if (probe_stopped(page->probe))
		snprintf(answer->text, sizeof answer->text,
			 "it stops; what it made is deleted first");
	else
		snprintf(answer->text, sizeof answer->text,
			 "%s%zu passed, %zu failed, %zu weak so far",
			 page->profiled ? "" : "first it is asked what it is: ",
			 counts.verdict[PROBE_PASS], counts.verdict[PROBE_FAIL],
			 counts.verdict[PROBE_WEAK]);
}

static enum style answer(struct ui *ui, struct view_answer *answer)
{
	const struct probe_page *page = probe_page(ui);
	char grade;

	if (!shows_run(ui))
		return STYLE_COUNT;
	grade = probe_grade(page->probe);
	if (page->prober) {
		snprintf(answer->badge, sizeof answer->badge, "%s", draw_glyph(GLYPH_WAITING));
		say_so_far(page, answer);
		return STYLE_BADGE_WAITING;
	}
	snprintf(answer->badge, sizeof answer->badge, "%c", grade ? grade : '-');
	probe_end_text(page, answer->text, sizeof answer->text);
	return !grade ? STYLE_BADGE_WAITING : grade <= 'B' ? STYLE_BADGE_OK : STYLE_BADGE_ERROR;
}

static void meaning(struct ui *ui, char *buf, size_t cap)
{
	const struct probe_page *page = probe_page(ui);
	const struct probe_line *line = page->probe ? probe_row_line(page, &page->at) : NULL;
	const struct probe_case *row = page->probe ? probe_row_case(page, &page->at) : NULL;

	if (!shows_run(ui))
		return;
	if (line && line->why[0])
		snprintf(buf, cap, "%s: %s", row->id, line->why);
	else if (row)
		snprintf(buf, cap, "%s: %s", row->id, row->title);
	else if (page->at.kind == PROBE_ROW_GROUP)
		snprintf(buf, cap,
			 "Space shows the group's cases; what is wrong stands there always");
	else
		snprintf(buf, cap,
			 "at most 4 mappings of unused ports at a time; each is deleted again; "
			 "nothing else is touched");
}

static void about(struct ui *ui, struct writer *writer)
{
	struct probe_page *page = probe_page(ui);
	usec now = page->prober ? ui->now : page->ended;
	struct probe_piece piece;
	char text[1300];

	for (size_t i = 0; shows_run(ui) && probe_piece(page, &page->at, now, i, &piece); i++) {
		snprintf(text, sizeof text, "%s%s%s", piece.label, *piece.label ? ": " : "",
			 piece.text);
		fields_sentence(writer, text);
	}
	for (size_t i = 0; !shows_run(ui) && paragraph(ui, i, text, sizeof text); i++)
		fields_sentence(writer, text);
}

/* ---- moving ---- */

static struct list *list(struct ui *ui)
{
	probe_rows(probe_page(ui));
	return &probe_page(ui)->list;
}

/* Decode shows the packet that decided it. */
static void show_packet(struct ui *ui)
{
	const struct probe_page *page = probe_page(ui);
	const struct probe_line *line = probe_row_line(page, &page->at);

	if (line && page->packet < line->nexchange)
		exchanges_choose(ui, line->exchange[page->packet]);
}

static void moved(struct ui *ui)
{
	struct probe_page *page = probe_page(ui);

	if (page->list.cursor >= page->nrow || !shows_run(ui))
		return;
	page->at = page->row[page->list.cursor];
	page->packet = 0;
	show_packet(ui);
}

/* ---- keys ---- */

const char *why_not_probe(struct ui *ui)
{
	(void)ui;
	return NULL; /* without a server the page says what is lacking */
}

static void run_again(struct ui *ui)
{
	struct probe_wish wish = probe_page(ui)->wish;
	struct pcp_why why;

	if (probe_page(ui)->probe)
		probe_wish_again(&wish, ui->session);
	else
		probe_wish_default(&wish, ui->session);
	if (!probe_run(ui, &wish, &why))
		ui_say(ui, STYLE_ERROR, "%s", why.text);
}

/* A server of others is not probed by one key. */
static void ask_first(struct ui *ui, const struct pcp_client_server *server)
{
	struct question question = { .yes = run_again };
	char address[ENDPOINT_TEXT];

	pcp_endpoint_text(&server->config.endpoint[server->current], address, sizeof address);
	snprintf(question.text, sizeof question.text,
		 "Probe %s? %zu cases, and a PEER stays there for two minutes.", address,
		 probe_ncases());
	snprintf(question.more, sizeof question.more,
		 "About a minute; at most 4 mappings of unused ports at a time, each deleted "
		 "again.");
	ui_ask(ui, &question);
}

/* The first time it begins; later on it is come back to. */
void act_probe(struct ui *ui)
{
	ui_page(ui, VIEW_PROBE);
	if (!probe_page(ui)->probe && !why_not_probe_again(ui))
		act_probe_again(ui);
}

const char *why_not_probe_again(struct ui *ui)
{
	if (is_capture(ui))
		return "a capture is open, and nothing is sent from there; :close closes it";
	if (probe_page(ui)->prober)
		return "it runs; x stops it";
	return session_server(ui->session) ? NULL
					   : "there is no server: start with --lab, or -s ADDRESS";
}

void act_probe_again(struct ui *ui)
{
	const struct pcp_client_server *server =
		pcp_client_server(session_client(ui->session), session_server(ui->session));

	if (probe_page(ui)->probe || !server || session_is_own_lab(ui->session, server))
		run_again(ui);
	else
		ask_first(ui, server);
}

bool probing_begin(void *arg, const struct probe_wish *wish, struct pcp_why *why)
{
	if (!probe_run(arg, wish, why))
		return false;
	ui_page(arg, VIEW_PROBE);
	return true;
}

const char *why_not_probe_stop(struct ui *ui)
{
	const struct probe_page *page = probe_page(ui);

	if (!page->prober)
		return "none runs";
	return probe_stopped(page->probe) ? "it was told to stop, and deletes what it made" : NULL;
}

void act_probe_stop(struct ui *ui)
{
	prober_stop(probe_page(ui)->prober, "it was stopped by hand");
}

static const char *why_not_probe_run(struct ui *ui)
{
	return is_capture(ui)		? "a capture is open: it has no cases"
	       : !probe_page(ui)->probe ? "there are no cases yet"
					: NULL;
}

/* The letter of the group that the row is, or is in; 0: neither. */
static char letter_of(const struct probe_page *page)
{
	const struct probe_case *row = probe_row_case(page, &page->at);

	return row ? row->id[0] : page->at.kind == PROBE_ROW_GROUP ? (char)page->at.at : '\0';
}

const char *why_not_probe_fold(struct ui *ui)
{
	if (why_not_probe_run(ui))
		return why_not_probe_run(ui);
	return letter_of(probe_page(ui)) ? NULL : "this is no group of cases: they stand below";
}

void act_probe_fold(struct ui *ui)
{
	struct probe_page *page = probe_page(ui);
	char letter = letter_of(page);

	page->open[letter - 'A'] = !page->open[letter - 'A'];
	probe_rows(page);
}

const char *why_not_probe_open(struct ui *ui)
{
	const struct probe_page *page = probe_page(ui);
	const struct probe_line *line;

	if (why_not_probe_run(ui))
		return why_not_probe_run(ui);
	if (page->at.kind == PROBE_ROW_GROUP)
		return NULL;
	line = probe_row_line(page, &page->at);
	if (line && line->nexchange)
		return NULL;
	return page->at.kind == PROBE_ROW_PROFILE
		       ? "Enter opens the packets of a case, further down"
	       : line ? "nothing was sent for this case"
		      : "nothing is known of this case yet";
}

void act_probe_open(struct ui *ui)
{
	const struct probe_page *page = probe_page(ui);

	if (page->at.kind == PROBE_ROW_GROUP) {
		act_probe_fold(ui);
		return;
	}
	show_packet(ui);
	ui_visit(ui, PANE_EXCHANGES); /* it stands beside Decode, or above */
	ui_focus(ui, PANE_DECODE);
}

static size_t fault_from(struct ui *ui, int by)
{
	probe_rows(probe_page(ui));
	return probe_next_fault(probe_page(ui), by);
}

const char *why_not_probe_fault(struct ui *ui)
{
	const struct probe_page *page = probe_page(ui);

	if (why_not_probe_run(ui))
		return why_not_probe_run(ui);
	return fault_from(ui, 1) < page->nrow || fault_from(ui, -1) < page->nrow ||
			       probe_row_is_fault(page, &page->at)
		       ? NULL
		       : "nothing is wrong so far";
}

static void step_fault(struct ui *ui, int by)
{
	struct probe_page *page = probe_page(ui);
	size_t i = fault_from(ui, by);

	if (i >= page->nrow) {
		ui_say(ui, STYLE_NORMAL,
		       by > 0 ? "nothing further down is wrong" : "nothing further up is wrong");
		return;
	}
	page->list.cursor = i;
	moved(ui);
}

void act_probe_next_fault(struct ui *ui)
{
	step_fault(ui, 1);
}

void act_probe_previous_fault(struct ui *ui)
{
	step_fault(ui, -1);
}

const char *why_not_probe_packet(struct ui *ui)
{
	return why_not_probe_open(ui)			    ? why_not_probe_open(ui)
	       : probe_page(ui)->at.kind == PROBE_ROW_GROUP ? "a group has no packets of its own"
							    : NULL;
}

static void step_packet(struct ui *ui, size_t by)
{
	struct probe_page *page = probe_page(ui);
	const struct probe_line *line = probe_row_line(page, &page->at);

	if (page->packet + by < line->nexchange) /* before the first it is beyond the last */
		page->packet += by;
	show_packet(ui);
}

void act_probe_packet_on(struct ui *ui)
{
	step_packet(ui, 1);
}

void act_probe_packet_back(struct ui *ui)
{
	step_packet(ui, (size_t)-1);
}

const char *why_not_probe_write(struct ui *ui)
{
	if (why_not_probe_run(ui))
		return why_not_probe_run(ui);
	return probe_page(ui)->prober ? "it runs still; x stops it" : NULL;
}

void act_probe_write(struct ui *ui)
{
	probe_ask_report(ui);
}

const struct view view_probe = {
	.open = open_probe,
	.close = close_probe,
	.above_decode = LAYOUT_WIDE,
	.bar = bar,
	.draw = draw,
	.answer = answer,
	.meaning = meaning,
	.about = about,
	.list = list,
	.moved = moved,
};
