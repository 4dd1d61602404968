/* The `:` prompt: Tab, what fits in sight, Esc, and what the lab says to a change. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dash.h"

static struct term *open_prompt(void)
{
	struct term *term = dash_open(&(struct dash){ 0 });

	term_send(term, ":");
	return term;
}

static void leave(struct term *term)
{
	term_send(term, "\025\033"); /* the line may be anything: erase it first */
	term_settle(term, 100);
	dash_quit(term);
}

/* The prompt's row begins so, whatever stands behind. */
static void expect_line(struct term *term, const char *text)
{
	char *row;

	term_expect(term, text);
	term_settle(term, 50);
	row = term_row(term, term->rows - 3);
	if (strncmp(row, text, strlen(text)) != 0)
		fail_msg("the prompt is '%s', not '%s'", row, text);
	free(row);
}

static void tab_completes_and_cycles(void **state)
{
	struct term *term = open_prompt();

	(void)state;
	term_type(term, "lab sc", "\t");
	expect_line(term, ":lab scenario=");
	term_send(term, "re");
	term_send(term, "\t"); /* restart, renumber: they have "re" in common */
	term_expect(term, "2: Tab takes");
	expect_line(term, ":lab scenario=re");
	term_send(term, "\t");
	expect_line(term, ":lab scenario=restart");
	term_expect(term, "1 of 2");
	term_send(term, "\t");
	expect_line(term, ":lab scenario=renumber");
	term_send(term, "\t");
	expect_line(term, ":lab scenario=restart");
	term_send(term, "\033[Z\033[Z");
	expect_line(term, ":lab scenario=restart");
	term_send(term, "\033[B");
	expect_line(term, ":lab scenario=renumber");
	/* What it does stands whole below the line. */
	term_expect(term, "The external address changes every 15 seconds: updates arrive unasked");
	leave(term);
}

/* Esc takes back what Tab did, then ends the prompt; a letter keeps it. */
static void esc_takes_tab_back(void **state)
{
	struct term *term = open_prompt();

	(void)state;
	term_type(term, "lab scenario=re", "\t");
	term_expect(term, "2: Tab takes");
	term_send(term, "\t");
	expect_line(term, ":lab scenario=restart");
	term_send(term, "\033");
	term_expect_gone(term, "1 of 2");
	expect_line(term, ":lab scenario=re");
	term_send(term, "\t\tx");
	term_expect_gone(term, "1 of 2");
	expect_line(term, ":lab scenario=restartx");
	leave(term);
}

static void a_value_without_names_is_described(void **state)
{
	struct term *term = open_prompt();

	(void)state;
	term_type(term, "lab drop=", "\t");
	term_expect(term, "RATE[/OPCODE]: loses requests on their way in");
	leave(term);
}

static void what_fits_nothing_is_said(void **state)
{
	struct term *term = open_prompt();

	(void)state;
	term_type(term, "xyzzy", "\t");
	term_expect(term, "nothing completes this");
	leave(term);
}

/* Commands of the shell alone are not offered here; more than fit scroll. */
static void the_list_scrolls(void **state)
{
	struct term *term = open_prompt();

	(void)state;
	term_send(term, "\t");
	term_expect(term, "map ");
	assert_false(term_shows(term, "serve "));
	term_send(term, "\033[Z");
	expect_line(term, ":quit");
	term_send(term, "\r");
	term_expect_exit(term, 0);
	term_close(term);
}

static void the_lab_confirms(void **state)
{
	struct term *term = dash_open(&(struct dash){ 0 });

	(void)state;
	dash_command(term, "lab scenario=lossy");
	term_expect(term, "lossy: Requests and answers get lost");
	dash_command(term, "lab scenario=off quota=3");
	term_expect(term, "In force: quota=3");
	dash_command(term, "lab scenario=losy");
	term_expect(term, "did you mean 'lossy'?");
	dash_command(term, "lab");
	term_expect(term, "In force: quota=3");
	term_expect(term, "* quota=3");
	term_send(term, "q");
	dash_quit(term);
}

static void a_mistyped_command_is_guessed(void **state)
{
	struct term *term = dash_open(&(struct dash){ 0 });

	(void)state;
	dash_command(term, "wlak");
	term_expect(term, "did you mean 'walk'?");
	dash_quit(term);
}

/* There may be no room but for a row or two of what fits. */
static void small_screens_have_it_too(void **state)
{
	struct term *term = dash_open(&(struct dash){ .rows = 10, .cols = 40 });

	(void)state;
	term_send(term, ":");
	term_type(term, "lab ", "\t");
	term_send(term, "\t\t");
	term_expect(term, ":lab ports=");
	term_expect(term, "2 of ");
	term_resize(term, 24, 80);
	term_expect(term, "external ports given out");
	leave(term);
}

/* A line of the configuration file, now: what it says, what is wrong, and what it does. */
static void set_is_a_line_of_the_configuration(void **state)
{
	struct term *term = dash_open(&(struct dash){ 0 });

	(void)state;
	dash_command(term, "set theme light");
	term_expect(term, "Until the end: theme = light");
	dash_command(term, "set theme = purple");
	term_expect(term, "no theme is called 'purple'; there are dark, light");
	dash_command(term, "set key renew = F8");
	term_expect(term, "F8 stands for both");
	dash_command(term, "set key quit");
	term_expect(term, "which keys?");
	dash_command(term, "set colour red");
	term_expect(term, "there is no setting 'colour'");
	dash_command(term, "set key quit = F12");
	term_expect(term, "Until the end: key quit = F12");
	dash_command(term, "set key mappings = 2 F11");
	term_expect(term, "Until the end: key mappings = 2 F11");
	term_send(term, "2"); /* on a field: it is told by the keys in force */
	term_expect(term, "types into Internal port; Esc leaves it, F11 goes to Mappings");
	term_send(term, "\033");
	term_expect_gone(term, "types into");
	dash_command(term, "set");
	term_expect(term, "theme = light");
	term_expect(term, "key quit = F12");
	term_send(term, "\033");
	term_expect_gone(term, "key quit = F12");
	term_send(term, "\033[24~");
	term_expect_exit(term, 0);
	term_close(term);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tab_completes_and_cycles),
		cmocka_unit_test(esc_takes_tab_back),
		cmocka_unit_test(a_value_without_names_is_described),
		cmocka_unit_test(what_fits_nothing_is_said),
		cmocka_unit_test(the_list_scrolls),
		cmocka_unit_test(the_lab_confirms),
		cmocka_unit_test(a_mistyped_command_is_guessed),
		cmocka_unit_test(small_screens_have_it_too),
		cmocka_unit_test(set_is_a_line_of_the_configuration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
