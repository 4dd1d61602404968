/* The lab as a panel of switches: beside what they bring about, and nothing to type from memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dash.h"
#include "stranger.h"

#define LEFT  "\033[D"
#define RIGHT "\033[C"

static struct term *open_size(int rows, int cols, const char *words)
{
	return dash_open(&(struct dash){ .rows = rows, .cols = cols, .words = words });
}

/* q closes the panel first. */
static void leave(struct term *term)
{
	term_send(term, "\033OQ");
	term_expect_gone(term, "L close");
	dash_quit(term);
}

/* ---- where it stands ---- */

static void it_takes_the_place_of_compose(void **state)
{
	struct term *term = open_size(40, 120, NULL);
	int row, lab, exchanges;

	(void)state;
	term_send(term, "L");
	term_expect(term, "L Lab");
	term_expect_gone(term, "1 Compose");
	assert_true(term_find(term, "L Lab", &row, &lab));
	assert_true(term_find(term, "3 Exchanges", &row, &exchanges));
	assert_int_equal(lab, 1);
	assert_int_equal(exchanges, 48);
	term_expect(term, "4 Decode");
	term_expect(term, "2 Mappings");
	term_expect(term, "asked 0  silent to 0  sent 0  unasked 0");
	term_expect(term, "quota 100000  min 0:02:00");
	term_expect(term, "last refusal none so far");
	term_send(term, "L");
	term_expect(term, "1 Compose");
	term_expect_gone(term, "L Lab");
	leave(term);
}

static void it_shares_the_upper_half_at_80_columns(void **state)
{
	struct term *term = open_size(24, 80, NULL);
	int above, right, decode;

	(void)state;
	term_send(term, "sL");
	term_expect(term, "L Lab");
	term_expect(term, "✓ :8080 1:00:");
	assert_true(term_find(term, "3 Exchanges 1", &above, &right));
	assert_int_equal(above, 1);
	assert_int_equal(right, 48);
	assert_true(term_find(term, "4 Decode", &decode, NULL));
	term_send(term, "\033OR"); /* mappings have all of it */
	term_expect(term, "in order of coming");
	term_expect_gone(term, "L Lab");
	term_send(term, "\033OS");
	term_expect(term, "L Lab");
	term_send(term, "\033OQ");
	term_expect_gone(term, "L Lab");
	leave(term);
}

static void it_has_a_column_of_its_own(void **state)
{
	struct term *term = open_size(50, 160, NULL);
	int col;

	(void)state;
	term_expect(term, "L Lab");
	assert_true(term_find(term, "L Lab", NULL, &col));
	assert_int_equal(col, 122);
	term_send(term, "L ");
	term_expect(term, "■ drop");
	assert_true(term_shows(term, "1 Compose"));
	term_send(term, "\033");
	term_expect(term, "q quit");
	assert_true(term_shows(term, "■ drop"));
	leave(term);
}

/* ---- switches ---- */

static void a_fault_goes_on_and_off(void **state)
{
	struct term *term = open_size(40, 120, NULL);

	(void)state;
	term_send(term, "L");
	term_expect(term, "drop: loses requests");
	term_send(term, " ");
	term_expect(term, "■ drop            20% ━━────────   struck 0");
	term_send(term, RIGHT);
	term_expect(term, "■ drop            30% ━━━───────");
	term_send(term, LEFT LEFT LEFT);
	term_expect(term, "□ drop            off");
	term_send(term, LEFT);
	term_expect(term, "drop is off");
	term_send(term, " ");
	term_expect(term, "■ drop            10%"); /* as it was before it went off */
	term_send(term, "\r");
	term_expect(term, ":lab drop=");
	term_send(term, "50%\r");
	term_expect(term, "■ drop            50%");
	term_send(term, "0");
	term_expect(term, "all faults are off");
	term_expect(term, "□ drop            off");
	leave(term);
}

/* The cursor opens on the first of them, on where any is; and is where it was when it comes again.
 */
static void it_opens_on_the_first_fault(void **state)
{
	struct term *term = open_size(24, 80, "jitter=400ms");

	(void)state;
	term_send(term, "L");
	term_expect(term, "▌ ■ jitter");
	term_send(term, "jLL");
	term_expect(term, "▌ □ drop ");
	leave(term);
}

/* The cursor stays with the fault, which goes up to those that are on. */
static void those_that_are_on_come_first(void **state)
{
	struct term *term = open_size(40, 120, NULL);
	char *row;

	(void)state;
	term_send(term, "LG");
	term_expect(term, "break: breaks the rule");
	term_send(term, "k");
	term_expect(term, "other-address: answers");
	term_send(term, " ");
	term_expect(term, "■ other-address");
	term_settle(term, 50);
	row = term_row(term, term->cursor.row);
	assert_non_null(strstr(row, "■ other-address"));
	free(row);
	term_send(term, "gjjj");
	term_expect(term, "drop: loses requests");
	leave(term);
}

/* ---- what struck is told ---- */

static void a_fault_is_told_where_it_struck(void **state)
{
	struct term *term = open_size(40, 120, "drop=1,wrong-opcode=0");

	(void)state;
	term_send(term, "Ls");
	term_expect(term, "╳  drop: the lab never saw it");
	term_expect(term, "struck 1");
	term_expect(term, "asked 1  silent to 1");
	term_send(term, " "); /* off: the second try gets through */
	term_expect(term, "□ drop");
	term_expect(term, "✓ :8080 1:00:00");
	assert_true(term_shows(term, "╳  drop: the lab never saw it"));
	leave(term);
}

static void a_lost_answer_is_told_too(void **state)
{
	struct term *term = open_size(24, 80, "drop-reply=1,jitter=1ms");

	(void)state;
	term_send(term, "Ls");
	term_expect(term, "╳ its answer was lost");
	term_expect(term, "i its answer comes later");
	leave(term);
}

static void the_last_refusal_has_its_reason(void **state)
{
	struct term *term = open_size(40, 120, "quota=0");

	(void)state;
	term_send(term, "Ls");
	term_expect(term, "✗ USER_EX_QUOTA");
	term_expect_gone(term, "none so far");
	assert_true(term_shows(term, "last refusal"));
	term_send(term, "i"); /* all that the gateway knows */
	term_expect(term, "Output");
	assert_true(term_shows(term, "set quota=0"));
	assert_true(term_shows(term, "refused 127.0.0.1"));
	term_send(term, "q");
	leave(term);
}

/* ---- scenarios ---- */

static void a_scenario_is_picked(void **state)
{
	struct term *term = open_size(40, 120, NULL);

	(void)state;
	term_send(term, "LS");
	term_expect(term, "Scenario");
	term_send(term, "los");
	term_expect(term, "fit");
	term_send(term, "\r");
	term_expect(term, "scenario  lossy  requests and answers lost");
	term_expect(term, "■ jitter        400ms ━━━━──────");
	term_send(term, "Snone\r");
	term_expect(term, "scenario  none");
	term_expect(term, "□ drop            off");
	leave(term);
}

static void the_words_that_people_try_are_understood(void **state)
{
	struct term *term = open_size(40, 120, NULL);

	(void)state;
	term_send(term, "L");
	dash_command(term, "lab drop=50%");
	term_expect(term, "■ drop            50%");
	dash_command(term, "lab reset");
	term_expect(term, "□ drop            off");
	dash_command(term, "lab lossy");
	term_expect(term, "scenario  lossy");
	dash_command(term, "lab scenario=none");
	term_expect(term, "scenario  none");
	dash_command(term, "lab drop=150%");
	term_expect(term, "a rate is a number from 0 to 1, or 0% to 100%, not '150%'");
	term_send(term, "fdro\t");
	term_expect(term, ":lab drop");
	term_send(term, "\033\033");
	leave(term);
}

static void it_restarts(void **state)
{
	struct term *term = open_size(40, 120, NULL);

	(void)state;
	term_send(term, "Ls");
	term_expect(term, "tcp 1 of 64512 ports");
	term_send(term, "b");
	term_expect(term, "restarted with its mappings");
	term_send(term, "r");
	term_expect(term, "1 mapping lost"); /* the restart is heard at once, and says so itself */
	term_expect_gone(term, "tcp 1 of 64512 ports");
	term_send(term, "q");
	leave(term);
}

/* ---- another server ---- */

static struct stranger stranger;

static void a_server_that_is_no_lab(void **state)
{
	char server[32];
	const char *argv[] = { dash_program(), "--no-save", "-s", server, NULL };

	(void)state;
	snprintf(server, sizeof server, "127.0.0.1:%u", stranger.port);
	struct term *term =
		term_open(&(struct term_config){ .rows = 40, .cols = 120, .argv = argv });

	term_expect(term, "q quit");
	term_send(term, "L");
	term_expect(term, "L Server");
	term_expect(term, "Nothing is known of it yet");
	term_send(term, " ");
	term_expect(term, "this server is no lab");
	term_send(term, "s");
	term_expect(term, "✓ #1");
	term_expect(term, "speaks    PCP 2");
	assert_true(term_shows(term, "opcodes   MAP"));
	assert_true(term_shows(term, "grants    "));
	leave(term);
}

static int start_stranger(void **state)
{
	(void)state;
	return stranger_start(&stranger) ? 0 : -1;
}

static int stop_stranger(void **state)
{
	(void)state;
	stranger_stop(&stranger);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_takes_the_place_of_compose),
		cmocka_unit_test(it_shares_the_upper_half_at_80_columns),
		cmocka_unit_test(it_has_a_column_of_its_own),
		cmocka_unit_test(a_fault_goes_on_and_off),
		cmocka_unit_test(it_opens_on_the_first_fault),
		cmocka_unit_test(those_that_are_on_come_first),
		cmocka_unit_test(a_fault_is_told_where_it_struck),
		cmocka_unit_test(a_lost_answer_is_told_too),
		cmocka_unit_test(the_last_refusal_has_its_reason),
		cmocka_unit_test(a_scenario_is_picked),
		cmocka_unit_test(the_words_that_people_try_are_understood),
		cmocka_unit_test(it_restarts),
		cmocka_unit_test(a_server_that_is_no_lab),
	};
	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	return cmocka_run_group_tests(tests, start_stranger, stop_stranger);
}
