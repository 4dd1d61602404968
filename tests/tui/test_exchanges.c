/* The list of exchanges: what gives way in a row, and what can be done from it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dash.h"

/* ---- long addresses ---- */

#define LONG_ADDRESS "2001:db8:1111:2222:3333:4444:5555:6666"

/* In Exchanges other things give way, last the address as a whole: never a port or a number. */
static void a_long_address_costs_no_port(void **state)
{
	struct term *term = dash_open(&(struct dash){ .rows = 40, .cols = 120 });

	(void)state;
	dash_command(term, "map 80 80 tcp");
	term_expect(term, "✓ #1");
	dash_command(term, "map 8080 8080 tcp -tp " LONG_ADDRESS);
	term_expect(term, "✓ #2");
	term_expect(term, "tcp  [" LONG_ADDRESS "]:8080 [" LONG_ADDRESS "]:8080 "); /* Mappings */
	dash_command(term, "map 81 81 tcp");
	term_expect(term, "✓ #3");
	term_send(term, "\033OSk");
	term_expect(term, " MAP tcp 8080 3P ✓ [" LONG_ADDRESS "]:8080 ");
	term_send(term, " "); /* its datagrams have all of it */
	term_expect(term, "← MAP SUCCESS [" LONG_ADDRESS "]:8080 ");
	dash_command(term, "map 9090 9090 tcp -des \"the office printer\" -tp " LONG_ADDRESS);
	term_expect(term, "✓ #4");
	dash_command(term, "map 82 82 tcp");
	term_expect(term, "✓ #5");
	term_expect(term, "MAP tcp 9090 \"the office printer\" 3P ✓ […]:9090 1:00:00");
	dash_command(term, "peer 40000 40000 tcp 443 " LONG_ADDRESS " -tp 2001:db8::1");
	term_expect(term, "PEER 40000→[" LONG_ADDRESS "]:443 ");
	term_resize(term, 24, 80);
	term_expect(term, "[" LONG_ADDRESS "]:8080 1:00:00");
	dash_quit(term);
}

/* As wide as a panel leaves it: the lifetime goes, not half of it. */
static void a_lifetime_goes_whole(void **state)
{
	struct term *term = dash_open(&(struct dash){ .words = NULL });

	(void)state;
	dash_command(term, "map 8080 8080 tcp -pf");
	term_expect(term, "✓ #1");
	term_send(term, "L");
	term_expect(term, "L Lab");
	term_expect(term, "MAP tcp 8080 PF ▲1 ✓ :8080");
	term_settle(term, 50);
	assert_false(term_shows(term, "✓ :8080 1:"));
	assert_false(term_shows(term, "…"));
	term_send(term, "L");
	term_expect_gone(term, "L Lab");
	dash_quit(term);
}

/* ---- silence ---- */

/* What it may mean and what to press stand in the row, below it and in the last line. */
static void a_silent_server_can_be_asked_otherwise(void **state)
{
	struct term *term = dash_open(&(struct dash){ .words = "silence=1h" });

	(void)state;
	term_send(term, "s\033OS");
	term_expect(term, "P probe  x give up  N NAT-PMP");
	term_expect(term, "says nothing: 2 tries in 3 s, the next in ");
	term_expect(term,
		    "RFC 6887 8.1.1: tries after 3, 6, 12 ... s (a renewal: 4 s first), +-10 %");
	term_send(term, "N");
	term_expect(term, "RFC 6886 3.1: tries after 0.25, 0.5, 1 ... s");
	dash_command(term, "map 8080 8080 tcp");
	term_expect(term, "#3  127.0.0.1");
	dash_command(term, "lab silence=off");
	term_send(term, "N");
	term_expect(term, "NAT-PMP tcp 8080 ");
	term_expect(term, "✓ :8080 1:00:00");
	term_expect_gone(term, "x give up");
	term_send(term, "N");
	term_expect(term, "this exchange is over");
	dash_command(term, "lab silence=1h");
	dash_command(term, "peer 40000 40000 tcp 443 198.51.100.7");
	term_expect(term, "P probe  x give up  Enter decode");
	term_send(term, "N");
	term_expect(term, "NAT-PMP has no PEER");
	dash_quit(term);
}

/* ---- filters ---- */

/* Esc takes it away, and then does what it did without one. */
static void esc_takes_a_filter_away(void **state)
{
	static const char *const panes[] = { "\033OR", "\033OS" };
	struct term *term = dash_open(&(struct dash){ .words = NULL });

	(void)state;
	dash_command(term, "map 80 80 tcp");
	dash_command(term, "map 81 81 udp");
	term_expect(term, "✓ #2");
	for (size_t i = 0; i < sizeof panes / sizeof *panes; i++) {
		term_send(term, panes[i]);
		term_send(term, "z/udp\r");
		term_expect(term, "1 with 'udp'");
		term_send(term, "\033");
		term_expect_gone(term, "with 'udp'");
		term_expect(term, "tcp");
		assert_false(term_shows(term, "Decode  answer")); /* as large as it was */
		term_send(term, "/nothing\r");
		term_expect(term, "contains this; Esc shows all.");
		term_send(term, "\033\033");
		term_expect(term, "Decode  answer");
	}
	dash_quit(term);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_long_address_costs_no_port),
		cmocka_unit_test(a_lifetime_goes_whole),
		cmocka_unit_test(a_silent_server_can_be_asked_otherwise),
		cmocka_unit_test(esc_takes_a_filter_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
