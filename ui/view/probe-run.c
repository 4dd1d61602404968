/* Probe: the run behind the page: its start, what it tells, its end, and its report in files. */
#include <stdio.h>

#include "leave.h"
#include "menu.h"
#include "probe-page.h"
#include "probe-text.h"
#include "prompt.h"
#include "save.h"
#include "view-exchanges.h"

/* ---- what it tells ---- */

static void told_line(void *arg, const struct probe_line *line)
{
	struct ui *ui = arg;
	struct probe_page *page = probe_page(ui);
	const struct probe_case *under = probe_row_case(page, &page->at);

	/* What the cursor waited for is in Decode as soon as it is there. */
	if (ui->page == VIEW_PROBE && under == line->row && !line->rule && line->nexchange)
		exchanges_choose(ui, line->exchange[0]);
	ui_dirty(ui);
}

static void told_profile(void *arg, const struct probe_profile *profile)
{
	struct ui *ui = arg;

	(void)profile;
	probe_page(ui)->profiled = true;
	ui_dirty(ui);
}

static void told_plea(void *arg, const char *plea)
{
	ui_say(arg, STYLE_WARNING, "please %s now; it is waited for up to five minutes", plea);
}

/* One line of what a file or a comparison has to say. */
static void note(void *arg, const char *line)
{
	ui_say(arg, STYLE_NORMAL, "%s", line);
}

static void write_files(struct ui *ui)
{
	struct probe_page *page = probe_page(ui);
	struct writer writer = { .to = { .arg = ui, .line = note } };
	struct probe_report_text text;
	struct pcp_why why;

	probe_report_of(&text, page->probe, ui->session, &page->endpoint);
	if (!probe_wish_write(&page->wish, &text.report, &why))
		ui_say(ui, STYLE_ERROR, "%s", why.text);
	else
		probe_wish_compare(&page->wish, page->probe, &writer);
}

/* Its sockets and ports are given back; what came of it stays. */
static void done(void *arg)
{
	struct ui *ui = arg;
	struct probe_page *page = probe_page(ui);
	char text[PROBE_SENTENCE];

	page->probe = prober_leave(page->prober);
	page->prober = NULL;
	page->ended = loop_now(session_loop(ui->session));
	probe_end_text(page, text, sizeof text);
	if (ui->page != VIEW_PROBE)
		ui_say(ui, STYLE_NORMAL, "probe: %s", text);
	write_files(ui);
	ui_dirty(ui);
	leave_heard(ui);
}

/* ---- its start ---- */

void probe_forget(struct probe_page *page)
{
	if (page->prober)
		prober_free(page->prober);
	else
		probe_free(page->probe);
	page->prober = NULL;
	page->probe = NULL;
	probe_wish_drop(&page->wish);
}

static void note_server(struct ui *ui, struct probe_page *page)
{
	uint16_t id = page->wish.config.server[PROBE_MAIN];

	page->endpoint = pcp_client_server(session_client(ui->session), id)->config.endpoint[0];
	pcp_endpoint_text(&page->endpoint, page->server, sizeof page->server);
}

bool probe_run(struct ui *ui, const struct probe_wish *wish, struct pcp_why *why)
{
	const struct prober_listener listener = { ui, told_line, told_profile, told_plea, done };
	struct probe_page *page = probe_page(ui);
	struct probe_wish mine = *wish;
	struct prober *prober;

	if (page->prober)
		return pcp_refuse(why, 0, "one runs already; x on its page stops it");
	prober = prober_start(ui->session, &mine.config, &listener, why);
	if (!prober)
		return false;
	probe_forget(page);
	page->wish = mine;
	page->prober = prober;
	page->probe = prober_probe(prober);
	page->profiled = false;
	page->began = loop_now(session_loop(ui->session));
	page->list = (struct list){ 0 };
	page->at = (struct probe_row){ PROBE_ROW_PROFILE, 0 };
	page->packet = 0;
	note_server(ui, page);
	ui_dirty(ui);
	return true;
}

/* ---- reports in files ---- */

static void into_file(void *arg, const char *line)
{
	fprintf(arg, "%s\n", line);
}

static bool write_lines(struct ui *ui, FILE *file, bool json)
{
	struct probe_page *page = probe_page(ui);
	struct writer writer = { .to = { .arg = file, .line = into_file }, .json = json };

	probe_write_report(&writer, page->probe, page->ended);
	return true;
}

static bool write_text(struct ui *ui, FILE *file, const void *arg)
{
	(void)arg;
	return write_lines(ui, file, false);
}

static bool write_json(struct ui *ui, FILE *file, const void *arg)
{
	(void)arg;
	return write_lines(ui, file, true);
}

static bool write_junit(struct ui *ui, FILE *file, const void *arg)
{
	struct probe_report_text text;

	(void)arg;
	probe_report_of(&text, probe_page(ui)->probe, ui->session, &probe_page(ui)->endpoint);
	return probe_write_junit(file, &text.report);
}

static bool write_html(struct ui *ui, FILE *file, const void *arg)
{
	struct probe_report_text text;

	(void)arg;
	probe_report_of(&text, probe_page(ui)->probe, ui->session, &probe_page(ui)->endpoint);
	return probe_write_html(file, &text.report);
}

static const struct {
	const char *label, *help, *ask, *file;
	bool (*write)(struct ui *ui, FILE *file, const void *arg);
} reports[] = {
	{ "text", "a line a case, for mails and reports", "write text to: ", "probe.txt",
	  write_text },
	{ "JSON", "a line a case, for programs, and to compare with later",
	  "write JSON to: ", "probe.json", write_json },
	{ "JUnit", "XML, for machines that build", "write JUnit to: ", "probe.xml", write_junit },
	{ "HTML", "one page with every packet, for people", "write HTML to: ", "probe.html",
	  write_html },
};

enum { REPORTS = sizeof reports / sizeof *reports };

static void named(struct ui *ui, const char *name)
{
	save_as(ui, name, reports[probe_page(ui)->report].write, NULL);
}

static void chosen(struct ui *ui, int value)
{
	probe_page(ui)->report = (size_t)value;
	prompt_ask_new(ui, reports[value].ask, reports[value].file, named);
}

void probe_ask_report(struct ui *ui)
{
	struct menu_item item[REPORTS] = { { .value = 0 } };

	for (int i = 0; i < REPORTS; i++) {
		snprintf(item[i].label, sizeof item[i].label, "%s", reports[i].label);
		item[i].help = reports[i].help;
		item[i].value = i;
	}
	ui_menu(ui, "write the report as", item, REPORTS, 0, chosen);
}
