/* Probe: what a gateway really does, as a page: it fills while it is asked, leads from a case to
 * its packets and back, goes on behind the panes, and gives back what it made however it ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "dash.h"

/* A whole probe of a lab takes 40 s, of which most are its pauses. */
enum { WHOLE = 240000 };

static struct term *open_size(int rows, int cols, const char *words)
{
	return dash_open(&(struct dash){ .rows = rows, .cols = cols, .words = words });
}

/* The row in which the text stands, as text; the caller frees it. */
static char *row_with(struct term *term, const char *text)
{
	int row;

	assert_true(term_find(term, text, &row, NULL));
	return term_row(term, row);
}

static bool beside(struct term *term, const char *first, const char *second)
{
	char *row = row_with(term, first);
	bool is = strstr(strstr(row, first), second) != NULL;

	free(row);
	return is;
}

static void leave(struct term *term)
{
	term_send(term, "q");
	term_expect(term, "q quit");
	dash_quit(term);
}

/* ---- it runs ---- */

static void a_clean_gateway_passes_all(void **state)
{
	struct term *term = open_size(40, 120, NULL);

	(void)state;
	term_send(term, "P");
	term_expect(term, "What it is");
	term_expect(term, "x stops"); /* it runs, and nobody waits for it */
	term_expect(term, "It speaks PCP and NAT-PMP.");
	term_expect(term, "so far A");
	term_send(term, "q");
	term_expect(term, "1 Compose");
	term_expect(term, "probe: "); /* it goes on */
	term_send(term, "P");
	term_expect(term, "x stops");
	if (!term_wait(term, "grade A", WHOLE))
		term_expect(term, "grade A"); /* tells what is there instead */
	assert_true(term_shows(term, " 0 fail, 0 weak, "));
	assert_true(term_shows(term, "w writes the report"));
	assert_true(term_shows(term, "PEER udp ")); /* what cannot be deleted is told */
	assert_true(beside(term, "C  MAP", "✓ "));
	assert_true(beside(term, "I  IPv6", "not asked"));
	term_send(term, "n");
	term_expect(term, "nothing is wrong so far");
	leave(term);
}

static void a_fail_leads_to_its_packets_and_back(void **state)
{
	const struct dash *size = *state;
	struct dash dash = *size;
	struct term *term;

	dash.words = "break=C05";
	term = dash_open(&dash);
	dash_command(term, "probe C05 C12");
	term_expect(term, "grade F");
	assert_true(beside(term, "C05", "another nonce"));
	term_send(term, "n");
	term_expect(term, "another nonce took the mapping over, should be NOT_AUTHORIZED");
	assert_true(term_shows(term, "fail !"));
	term_send(term, "\r");
	term_expect(term, "3 Exchanges");
	term_expect(term, "q back");
	term_expect(term, "answer to #");
	assert_true(term_shows(term, "MAP SUCCESS") || term_shows(term, "0 SUCCESS"));
	term_send(term, "q");
	term_expect(term, "another nonce took the mapping over"); /* the cursor is where it was */
	term_send(term, "\r");
	term_expect(term, "3 Exchanges");
	term_send(term, "?"); /* a page over them, and back */
	term_expect(term, "Help");
	term_send(term, "q");
	term_expect(term, "3 Exchanges");
	term_send(term, "\033");
	term_expect(term, "grade F");
	leave(term);
}

static void the_packets_of_a_case_are_gone_through(void **state)
{
	static const char first[] = "answer to #4 ", third[] = "answer to #6 ";
	struct term *term = open_size(40, 120, NULL);

	(void)state;
	dash_command(term, "probe C03");
	term_expect(term, "grade A");
	term_send(term, "jjj "); /* C and its cases */
	term_expect(term, "C03");
	term_send(term, "jjj");
	term_expect(term, "C01's octets five times");
	term_expect(term, "# time");
	term_expect(term, first);
	term_send(term, "\033[C\033[C");
	term_expect(term, third);
	term_send(term, "\033[D\033[D\033[D"); /* no further than to the first */
	term_expect(term, first);
	term_send(term, "i");
	term_expect(term, "Wanted: the same external address and port each time");
	term_send(term, "q");
	leave(term);
}

/* What was deleted by another door stands nowhere any more, and doors are opened once. */
static void it_runs_as_often_as_one_likes(void **state)
{
	struct term *term = open_size(24, 80, NULL);

	(void)state;
	dash_command(term, "probe C08");
	term_expect(term, "grade A");
	assert_false(term_shows(term, "●"));
	term_send(term, ".");
	term_expect(term, "so far A");
	term_expect(term, "grade A");
	assert_false(term_shows(term, "●"));
	dash_command(term, "servers");
	term_expect(term, " 2 127.0.0.1:");
	assert_false(term_shows(term, " 4 127.0.0.1:"));
	term_send(term, "q");
	leave(term);
}

/* ---- it ends ---- */

static void nothing_stays_mapped(struct term *term)
{
	dash_command(term, "walk");
	term_expect(term, "The list is complete: 0 mappings");
}

static void stopped_midway_it_deletes_what_it_made(void **state)
{
	struct term *term = open_size(40, 120, "delay=150ms");

	(void)state;
	dash_command(term, "probe C");
	term_expect(term, "◌ C"); /* one of these cases is under way */
	term_send(term, "x");
	term_expect(term, "it was stopped by hand; everything it made is deleted");
	assert_true(beside(term, "C  MAP", "not tried"));
	term_send(term, "q");
	nothing_stays_mapped(term);
	term_send(term, "P.");
	term_expect(term, "x stops"); /* the same once more */
	term_send(term, "q\033");     /* as all that goes on is stopped */
	term_expect(term, "it was stopped by hand; everything it made is deleted");
	dash_quit(term);
}

/* A capture of a probe, in a file of that name, which is made. */
static void capture_probe(char *path)
{
	char line[256];
	int fd = mkstemp(path);

	assert_true(fd >= 0 && close(fd) == 0 && unlink(path) == 0);
	snprintf(line, sizeof line, "%s -w %s --no-save --lab=127.0.0.1:0 probe A01 >/dev/null",
		 dash_program(), path);
	assert_int_equal(system(line), 0);
}

/* It would hear of no answer while a capture is looked at. */
static void a_capture_is_opened_when_it_has_ended(void **state)
{
	struct term *term = open_size(24, 80, "delay=150ms");
	char path[] = "/tmp/pcpscope-XXXXXX", line[64];

	(void)state;
	capture_probe(path);
	dash_command(term, "probe C");
	term_expect(term, "◌ C");
	dash_command(term, "open /nonexistent");
	term_expect(term, "/nonexistent");
	assert_true(term_shows(term, "◌ C")); /* what is not there stops nothing */
	snprintf(line, sizeof line, "open %s", path);
	dash_command(term, line);
	term_expect(term, "not opened yet: what it made is deleted first");
	term_expect(term, "not tried");
	dash_command(term, line);
	term_expect(term, "datagram 1 of");
	term_send(term, "P");
	term_expect(term, "Its packets do not say which case of a probe sent them");
	dash_command(term, "close");
	term_expect(term, "not tried"); /* what came of it is still there */
	term_send(term, "q");
	dash_quit(term);
	assert_int_equal(unlink(path), 0);
}

/* The end of the program, too: what is asked first is the probe, then what stays. */
static void the_end_of_all_ends_it_first(void **state)
{
	struct term *term = open_size(24, 80, "delay=150ms");

	(void)state;
	dash_command(term, "probe C");
	term_expect(term, "◌ C");
	term_send(term, "qq");
	term_expect(term, "End? First it stops, and what it made is deleted (probe: ");
	term_send(term, "\033");
	term_expect_gone(term, "End?");
	term_expect(term, "probe: "); /* it still goes on */
	term_send(term, "qy");
	term_expect_exit(term, 0);
	term_close(term);
}

/* A server that outlives the dashboard, and where it is. */
static struct term *serve(char at[32])
{
	const char *argv[] = { dash_program(), "--no-save",   "serve",
			       "127.0.0.1:0",  "delay=150ms", NULL };
	struct term *term = term_open(&(struct term_config){ .cols = 160, .argv = argv });
	char *row;

	term_expect(term, "serving on 127.0.0.1:");
	term_settle(term, 50);
	row = term_row(term, 0);
	assert_int_equal(sscanf(row, "serving on %31s", at), 1);
	free(row);
	return term;
}

static void a_signal_ends_it_first(void **state)
{
	char at[32];
	struct term *server = serve(at), *term;
	const char *argv[] = { dash_program(), "--no-save", "-s", at, NULL };

	(void)state;
	term = term_open(&(struct term_config){ .argv = argv });
	term_expect(term, "q quit");
	dash_command(term, "probe C");
	term_expect(term, "◌ C");
	assert_int_equal(kill(term->pid, SIGTERM), 0);
	term_expect_exit(term, 0);
	assert_non_null(strstr(term->raw, "what it made is deleted; Ctrl-C leaves it there"));
	term_close(term);
	term = term_open(&(struct term_config){ .argv = argv });
	term_expect(term, "q quit");
	nothing_stays_mapped(term);
	dash_quit(term);
	term_send(server, "\003");
	term_wait_exit(server, 60000);
	term_close(server);
}

/* ---- where there is nothing ---- */

static void a_capture_has_no_cases(void **state)
{
	char path[] = "/tmp/pcpscope-XXXXXX";
	const char *argv[] = { dash_program(), "-r", path, NULL };
	struct term *term;

	(void)state;
	capture_probe(path);
	term = term_open(&(struct term_config){ .argv = argv });
	term_expect(term, "datagram");
	term_send(term, "P");
	term_expect(term, "Its packets do not say which case of a probe sent them");
	term_expect(term, "1 goes to Capture, 3 to Exchanges");
	term_send(term, ".");
	term_expect(term, "a capture is open, and nothing is sent from there");
	dash_command(term, "probe A01");
	term_expect(term, "a capture is open, and nothing is sent from there; close it first");
	term_send(term, "3");
	term_expect(term, "q quit");
	dash_quit(term);
	assert_int_equal(unlink(path), 0);
}

static void without_a_server_it_says_what_is_lacking(void **state)
{
	const char *argv[] = { "unshare", "-rn", dash_program(), "--no-save", NULL };
	struct term *term;

	(void)state;
	if (system("unshare -rn true 2>/dev/null") != 0)
		skip();
	term = term_open(&(struct term_config){ .argv = argv });
	term_expect(term, "q quit");
	term_send(term, "P");
	term_expect(term, "Here it is tried what a gateway really does");
	term_expect(term, "there is no server: start with --lab, or -s ADDRESS");
	term_send(term, "q");
	dash_quit(term);
}

/* Its server may be anybody's: one key beside p sends nothing there. */
static void another_server_is_asked_about_first(void **state)
{
	const char *argv[] = { dash_program(), "--no-save", "-s", "127.0.0.1:9", NULL };
	struct term *term = term_open(&(struct term_config){ .argv = argv });

	(void)state;
	term_expect(term, "q quit");
	for (int i = 0; i < 3; i++) {
		term_send(term, i == 1 ? "." : "P"); /* on its page the other one, too */
		term_expect(term, "Probe 127.0.0.1:9? 1");
		term_expect(term, "a PEER stays there for two minutes");
		term_expect(term, "each deleted again");
		term_expect(term, "y yes");
		term_expect(term, "Here it is tried what a gateway really does");
		if (i == 2)
			break;
		term_send(term, "\033");
		term_expect_gone(term, "Probe 127.0.0.1:9?");
		term_expect(term, "not asked yet");
		if (i == 0)
			continue;
		term_send(term, "q");
		term_expect(term, "1 Compose");
	}
	term_send(term, "y");
	term_expect(term, "x stop");
	term_expect_gone(term, "not asked yet");
	term_close(term);
}

static void what_is_no_case_is_refused(void **state)
{
	struct term *term = open_size(24, 80, NULL);

	(void)state;
	dash_command(term, "probe C99");
	term_expect(term, "'C99' is no case and no group");
	dash_quit(term);
}

/* ---- files ---- */

static void write_as(struct term *term, const char *kind, const char *path, const char *file)
{
	char name[160], told[200];

	snprintf(name, sizeof name, "%s/%s", path, file);
	snprintf(told, sizeof told, "written to %s", name);
	term_send(term, "w");
	term_expect(term, "write the report as");
	term_type(term, kind, "\r");
	term_expect(term, "to: probe.");
	term_send(term, "\025");
	term_type(term, name, "\r");
	term_expect(term, told);
}

static void assert_holds(const char *path, const char *file, const char *text)
{
	char name[160], octets[4096];
	FILE *in;
	size_t n;

	snprintf(name, sizeof name, "%s/%s", path, file);
	in = fopen(name, "r");
	assert_non_null(in);
	n = fread(octets, 1, sizeof octets - 1, in);
	octets[n] = '\0';
	fclose(in);
	assert_non_null(strstr(octets, text));
	assert_int_equal(unlink(name), 0);
}

static void assert_still(const char *path, const char *text)
{
	char octets[64] = "";
	FILE *in = fopen(path, "r");

	assert_non_null(in);
	octets[fread(octets, 1, sizeof octets - 1, in)] = '\0';
	fclose(in);
	assert_string_equal(octets, text);
}

static void its_report_is_written(void **state)
{
	struct term *term = open_size(24, 80, "break=C12");
	char path[] = "/tmp/pcpscope-XXXXXX";

	(void)state;
	assert_non_null(mkdtemp(path));
	dash_command(term, "probe C12");
	term_expect(term, "grade D");
	write_as(term, "text", path, "p.txt");
	write_as(term, "JSON", path, "p.json");
	write_as(term, "JUnit", path, "p.xml");
	write_as(term, "HTML", path, "p.html");
	assert_holds(path, "p.txt", "fail  C12");
	assert_holds(path, "p.json", "\"case\":\"C12\"");
	assert_holds(path, "p.xml", "<testsuite");
	assert_holds(path, "p.html", "<!DOCTYPE html>");
	assert_int_equal(rmdir(path), 0);
	leave(term);
}

/* What is refused, or stopped by what cannot be, takes nothing away. */
static void an_earlier_report_stays_until_there_is_a_later_one(void **state)
{
	struct term *term = open_size(24, 80, "delay=150ms");
	char path[] = "/tmp/pcpscope-XXXXXX", line[128];
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0 && write(fd, "earlier", 7) == 7 && close(fd) == 0);
	dash_command(term, "probe C");
	term_expect(term, "◌ C");
	snprintf(line, sizeof line, "probe -html %s A01", path);
	dash_command(term, line);
	term_expect(term, "one runs already");
	assert_still(path, "earlier");
	term_send(term, "x");
	term_expect(term, "not tried");
	dash_command(term, line);
	term_expect(term, "1 case: 1 pass");
	assert_holds("", path + 1, "<!DOCTYPE html>");
	leave(term);
}

/* ---- any terminal ---- */

static void it_fits_the_smallest_screen(void **state)
{
	static const char *const no_color[] = { "NO_COLOR=1", NULL };
	struct term *term = dash_open(&(struct dash){
		.rows = 10, .cols = 40, .locale = "C", .env = no_color, .words = "break=C05" });

	(void)state;
	dash_command(term, "probe C05");
	term_expect(term, "grade F");
	assert_true(beside(term, "C  MAP", "x 1"));
	assert_true(beside(term, "x C05", "another nonce"));
	term_send(term, "n\r");
	term_expect(term, "4 Decode");
	term_send(term, "q");
	term_expect(term, "x C05");
	leave(term);
}

static void plain_leaves_out_the_bar(void **state)
{
	struct term *term =
		dash_open(&(struct dash){ .rows = 40, .cols = 120, .option = { "--plain" } });

	(void)state;
	dash_command(term, "probe C12");
	term_expect(term, "grade A");
	assert_false(term_shows(term, "━━━"));
	assert_false(term_shows(term, "│"));
	leave(term);
}

int main(void)
{
	static struct dash wide = { .rows = 40, .cols = 120 }, small = { .rows = 24, .cols = 80 };
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_clean_gateway_passes_all),
		{ "a fail leads to its packets and back", a_fail_leads_to_its_packets_and_back,
		  NULL, NULL, &wide },
		{ "the same at 80 columns", a_fail_leads_to_its_packets_and_back, NULL, NULL,
		  &small },
		cmocka_unit_test(the_packets_of_a_case_are_gone_through),
		cmocka_unit_test(it_runs_as_often_as_one_likes),
		cmocka_unit_test(stopped_midway_it_deletes_what_it_made),
		cmocka_unit_test(a_capture_is_opened_when_it_has_ended),
		cmocka_unit_test(the_end_of_all_ends_it_first),
		cmocka_unit_test(a_signal_ends_it_first),
		cmocka_unit_test(a_capture_has_no_cases),
		cmocka_unit_test(without_a_server_it_says_what_is_lacking),
		cmocka_unit_test(another_server_is_asked_about_first),
		cmocka_unit_test(what_is_no_case_is_refused),
		cmocka_unit_test(its_report_is_written),
		cmocka_unit_test(an_earlier_report_stays_until_there_is_a_later_one),
		cmocka_unit_test(it_fits_the_smallest_screen),
		cmocka_unit_test(plain_leaves_out_the_bar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
