/* What terminals send beyond letters: sequences known and unknown, Esc, pasted text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dash.h"

/* ---- sequences that vt100's description does not have ---- */

struct sequence {
	const char *name, *octets, *shows; /* typed in Compose, after Down */
};

static struct sequence sequences[] = {
	{ "End, as xterm sends it", "\033[F", "Enter or s sends exactly" },
	{ "End, as tmux and screen send it", "\033[4~", "Enter or s sends exactly" },
	{ "End, as rxvt sends it", "\033[8~", "Enter or s sends exactly" },
	{ "End in application mode", "\033OF", "Enter or s sends exactly" },
	{ "Up, when it is not in application mode", "\033[A", "Internal port (RFC 6887 11.1)" },
	{ "S-Tab", "\033[Z", "Enter fold" },
	{ "F1, as xterm sends it", "\033OP", "/ search" },
	{ "F1, as the Linux console sends it", "\033[[A", "/ search" },
	{ "F3, as rxvt sends it", "\033[13~", "Nothing is mapped yet" },
};

static struct term *vt100(void)
{
	struct term *term = dash_open(&(struct dash){ .term = "vt100", .locale = "C" });

	term_send(term, "j");
	term_expect(term, "Suggested port (RFC 6887 11.1)");
	return term;
}

static void a_sequence_is_its_key(void **state)
{
	const struct sequence *sequence = *state;
	struct term *term = vt100();

	term_send(term, sequence->octets);
	term_expect(term, sequence->shows);
	term_send(term, "\033");
	dash_quit(term);
}

/* ---- sequences that nobody knows ---- */

/* Each holds letters that would send, quit, or go elsewhere if they were taken for keys. */
static const char *unknown[] = { "\033[99q", "\033[1;5:3s", "\033[?7;1$q", "\033Oq", "\033Os" };

static void an_unknown_sequence_does_nothing(void **state)
{
	const char *const *octets = *state;
	struct term *term = dash_open(&(struct dash){ 0 });
	char *before, *after;

	term_send(term, "j");
	term_expect(term, "Suggested port (RFC 6887 11.1)");
	term_settle(term, 50);
	before = term_text(term);
	term_send(term, *octets);
	term_settle(term, 100);
	after = term_text(term);
	assert_string_equal(before, after);
	free(before);
	free(after);
	dash_quit(term);
}

/* A terminal puts Esc before a key that Alt is held with: two keys, as vi has it; but for the
 * digits of the panes, which a field would take for its value. */
static void esc_and_a_letter_are_two_keys(void **state)
{
	struct term *term = dash_open(&(struct dash){ 0 });

	(void)state;
	term_send(term, "\r");
	term_expect(term, "Enter done");
	term_send(term, "\033x");
	term_expect_gone(term, "Enter done");
	term_send(term, "7");
	term_expect(term, "types into Internal port; Esc leaves it");
	term_send(term, "\0332");
	term_expect(term, "Nothing is mapped yet");
	term_send(term, "\0331");
	term_expect(term, "Internal port     7 ");
	dash_quit(term);
}

/* Esc and Down, typed by a quick hand: the field is left, and the cursor moves. */
static void esc_and_an_arrow_are_two_keys(void **state)
{
	struct term *term = dash_open(&(struct dash){ 0 });

	(void)state;
	term_send(term, "\r");
	term_expect(term, "Enter done");
	term_send(term, "\033\033OB");
	term_expect(term, "Suggested port (RFC 6887 11.1)");
	dash_quit(term);
}

/* ---- pasted text ---- */

#define PASTED(text) "\033[200~" text "\033[201~"

static void pasted_text_presses_no_key(void **state)
{
	struct term *term = dash_open(&(struct dash){ 0 });

	(void)state;
	assert_non_null(strstr(term->raw, "\033[?2004h"));
	term_send(term, PASTED("sssq\033[B\033OP\r"));
	term_expect(term, "pasted text goes into a field");
	term_expect(term, "not asked yet");
	dash_quit(term);
}

static void pasted_text_goes_into_a_field(void **state)
{
	struct term *term = dash_open(&(struct dash){ 0 });

	(void)state;
	term_send(term, ":");
	term_send(term, PASTED("map 1234 0 tcp\n -lt 77q\003"));
	term_expect(term, ":map 1234 0 tcp  -lt 77q");
	term_send(term, "\177\177\r");
	term_expect(term, "● 1");
	dash_quit(term);
}

static void pasted_octets_may_have_blanks(void **state)
{
	struct term *term = dash_open(&(struct dash){ 0 });

	(void)state;
	term_send(term, "h"); /* RAW */
	term_expect(term, "legal or not");
	term_send(term, "\r");
	term_send(term, PASTED("02 00 00 00\n00 00 00 63\tfe"));
	term_expect(term, "02 00 00 00 00 00 00 63");
	term_send(term, "\r");
	dash_quit(term);
}

static void the_mark_is_taken_back(void **state)
{
	struct term *term = dash_open(&(struct dash){ 0 });

	(void)state;
	term_send(term, "q");
	term_expect_exit(term, 0);
	assert_non_null(strstr(term->raw, "\033[?2004l"));
	term_close(term);
}

#define ROW(test, row)                                                                             \
	{                                                                                          \
		(row).name, test, NULL, NULL, &(row)                                               \
	}
#define T(test) cmocka_unit_test(test)

int main(void)
{
	struct CMUnitTest tests[32];
	size_t n = 0, i;

	for (i = 0; i < sizeof sequences / sizeof *sequences; i++)
		tests[n++] = (struct CMUnitTest)ROW(a_sequence_is_its_key, sequences[i]);
	for (i = 0; i < sizeof unknown / sizeof *unknown; i++)
		tests[n++] = (struct CMUnitTest){ "an unknown sequence does nothing",
						  an_unknown_sequence_does_nothing, NULL, NULL,
						  &unknown[i] };
	const struct CMUnitTest rest[] = {
		T(esc_and_a_letter_are_two_keys), T(esc_and_an_arrow_are_two_keys),
		T(pasted_text_presses_no_key),	  T(pasted_text_goes_into_a_field),
		T(pasted_octets_may_have_blanks), T(the_mark_is_taken_back),
	};

	memcpy(tests + n, rest, sizeof rest);
	n += sizeof rest / sizeof *rest;
	return _cmocka_run_group_tests("keyboard", tests, n, NULL, NULL);
}
