/*
 * Every scenario of the lab, and every fault alone, in the dashboard: each request's outcome is
 * said in words, each message that came is accounted for, keys are answered, and it ends as it
 * should. Which there are is what the program itself lists.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dash.h"

enum {
	ROWS = 80, /* nothing scrolls */
	COLS = 200,
	SAYS = ROWS - 3, /* the line that tells how things went */
	EXCHANGES = 47,	 /* the column that they start at */
	QUIET_MS = 15
};

/* What holds while a frame is drawn, or before an answer that is about to come, is not enough. */
static void expect_at_rest(struct term *term, const char *what, term_test *test, void *arg)
{
	do {
		term_expect_that(term, what, test, arg);
		term_settle(term, QUIET_MS);
	} while (!test(term, arg));
}

/* ---- which there are ---- */

enum { NAMES_MAX = 128, NAME_MAX = 64 };

struct trouble {
	char name[NAME_MAX];
	bool fault;
};

/* A name stands behind two blanks: a scenario's alone; behind a word's, what it takes. Words that
 * may be for one opcode are faults. */
static bool read_trouble(const char *line, bool scenario, struct trouble *trouble)
{
	const char *name = line + 2;
	size_t len;

	if (strncmp(line, "  ", 2) || *name == ' ')
		return false;
	len = strcspn(name, "=[ \n");
	trouble->fault = !scenario;
	snprintf(trouble->name, sizeof trouble->name, "%.*s", (int)len, name);
	return len && (scenario || strstr(line, "/OPCODE]"));
}

/* Scenarios come first, then the words that they are made of. */
static size_t list_troubles(struct trouble *troubles)
{
	bool scenarios = true;
	char line[512];
	size_t n = 0;

	snprintf(line, sizeof line, "%s help scenarios", dash_program());
	FILE *help = popen(line, "r");

	while (help && fgets(line, sizeof line, help) && n < NAMES_MAX) {
		scenarios &= strncmp(line, "Words", 5) != 0;
		if (read_trouble(line, scenarios, &troubles[n]))
			n++;
	}
	if (n < NAMES_MAX)
		troubles[n] = (struct trouble){ .name = "" };
	return help && pclose(help) == 0 ? n : 0;
}

/* ---- how a request ended ---- */

struct asked {
	const char *command; /* its first word */
	unsigned last;	     /* number of the latest exchange before it */
};

/* "✓ #4  SUCCESS", or whatever else with a sentence. */
static bool tells_result(const char *line, const struct asked *asked)
{
	const char *number = strchr(line, '#');
	unsigned told;
	int end = 0;

	if (!number || sscanf(number, "#%u %n", &told, &end) != 1 || !end || told <= asked->last)
		return false;
	if (strstr(line, "✓ #"))
		return strlen(number + end) >= 7;
	/* refused, or what came was not taken, and why */
	return ((strstr(line, "✗ #") || strstr(line, "⊘ #")) && strlen(number + end) > 20) ||
	       strstr(line, "which no document assigns");
}

/* The dashboard did not send it, and says why. */
static bool tells_why_not(const char *line, const struct asked *asked)
{
	char words[64];
	const char *found;

	snprintf(words, sizeof words, " %s: ", asked->command);
	found = strstr(line, words);
	return found && strlen(found + strlen(words)) > 20;
}

/* The number at the start of a line of Exchanges; 0: it is no exchange's. */
static unsigned number_at(struct term *term, int row)
{
	unsigned number = 0;

	for (int col = EXCHANGES; col < EXCHANGES + 4; col++) {
		uint32_t c = term_cell(term, row, col).chars[0];

		if (c >= '0' && c <= '9')
			number = number * 10 + (unsigned)(c - '0');
	}
	return number;
}

/* It waits for an answer, and its row says when it asks again. */
static bool tells_wait(struct term *term, const char *line, const struct asked *asked)
{
	const char *sent = strstr(line, "◌ #");
	bool told = false;
	unsigned number;

	if (!sent || sscanf(sent, "◌ #%u", &number) != 1 || number <= asked->last)
		return false;
	for (int row = 0; row < ROWS && !told; row++) {
		char *text = term_row(term, row);

		told = number_at(term, row) == number && strstr(text, " next in ");
		free(text);
	}
	return told;
}

static bool outcome_is_told(struct term *term, void *arg)
{
	char *line = term_row(term, SAYS);
	bool told =
		tells_result(line, arg) || tells_why_not(line, arg) || tells_wait(term, line, arg);

	free(line);
	return told;
}

/* The number of the exchange that the line below tells of; `last` where it tells of none. */
static unsigned exchange_told(struct term *term, unsigned last)
{
	char *line = term_row(term, SAYS);
	const char *number = strchr(line, '#');
	unsigned told = last;

	if (number)
		sscanf(number, "#%u", &told);
	free(line);
	return told;
}

static void ask(struct term *term, struct asked *asked, const char *command, const char *rest)
{
	char line[128];

	snprintf(line, sizeof line, "%s%s", command, rest);
	asked->command = command;
	dash_command(term, line);
	expect_at_rest(term, command, outcome_is_told, asked);
	asked->last = exchange_told(term, asked->last);
}

/* ---- what came ---- */

/* What a line of Exchanges is: an exchange's, by its number; else by the sign in it. */
static bool has_line(struct term *term, int row)
{
	bool any = false;

	for (int col = EXCHANGES + 1; col < EXCHANGES + 60; col++) {
		uint32_t c = term_cell(term, row, col).chars[0];

		any |= c > ' ' && c < 0x2500;
	}
	return any;
}

/* Decode says whose it is that the cursor is on, or why it is nobody's; what happened beside the
 * datagrams has none. */
static bool line_is_accounted_for(struct term *term, void *arg)
{
	int *row = arg, at = term->cursor.row;
	unsigned number = number_at(term, at);
	char answer[48], request[48], *text;
	bool note;

	if (at <= *row || !has_line(term, at))
		return false;
	snprintf(answer, sizeof answer, "Decode  answer to #%u ", number);
	snprintf(request, sizeof request, "Decode  request #%u", number);
	if (number)
		return term_shows(term, answer) || term_shows(term, request) ||
		       term_shows(term, "Decode  ignored");
	text = term_row(term, at);
	note = strstr(text, "○") != NULL;
	free(text);
	return note || term_shows(term, "Decode  ignored") || term_shows(term, "Decode  unasked") ||
	       term_shows(term, "Decode  request #") || term_shows(term, "Decode  answer to #");
}

static bool cursor_is_first(struct term *term, void *arg)
{
	return term->cursor.row == *(int *)arg + 1; /* under the headings */
}

static void account_for_all(struct term *term)
{
	int row;

	term_send(term, "\0333g");
	assert_true(term_find(term, "3 Exchanges", &row, NULL));
	row++;
	expect_at_rest(term, "the cursor on the first line", cursor_is_first, &row);
	do {
		expect_at_rest(term, "what became of this line", line_is_accounted_for, &row);
		row = term->cursor.row;
		term_send(term, "j");
	} while (has_line(term, row + 1));
}

/* ---- the tests ---- */

/* Each fault is on, and has struck. */
static void the_lab_agrees(struct term *term, const struct trouble *trouble)
{
	char line[NAME_MAX + 16];

	term_send(term, "L");
	term_expect(term, "L Lab");
	if (trouble->fault) {
		snprintf(line, sizeof line, "■ %s ", trouble->name);
		term_expect(term, line);
		term_expect_gone(term, "struck 0");
	} else {
		snprintf(line, sizeof line, "scenario  %s", trouble->name);
		term_expect(term, line);
	}
	term_send(term, "q");
	term_expect(term, "3 Exchanges");
}

static void keys_are_answered(struct term *term)
{
	term_send(term, "?");
	term_expect(term, "Help  every key");
	term_send(term, "q");
	term_expect(term, "3 Exchanges");
}

static void is_explained(void **state)
{
	const struct trouble *trouble = *state;
	struct asked asked = { .last = 0 };
	struct termios before;
	char words[NAME_MAX + 16];

	snprintf(words, sizeof words, "%s%s", trouble->fault ? "" : "scenario=", trouble->name);
	struct term *term = dash_under_a_shell(
		&(struct dash){
			.rows = ROWS, .cols = COLS, .words = words, .option = { "--seed", "7" } },
		&before);

	ask(term, &asked, "map", " 8080 8080 tcp");
	ask(term, &asked, "peer", " 40000 0 tcp 443 198.51.100.7");
	ask(term, &asked, "announce", "");
	ask(term, &asked, "get", "");
	account_for_all(term);
	the_lab_agrees(term, trouble);
	keys_are_answered(term);
	dash_leave(term, "status 0");
	dash_given_back(term, &before);
	term_close(term);
}

/* The list was read, both halves of it. */
static void there_are_scenarios_and_faults(void **state)
{
	const struct trouble *troubles = *state;
	size_t faults = 0, n = 0;

	for (; *troubles[n].name; n++)
		faults += troubles[n].fault;
	assert_in_range(faults, 10, n - 10);
}

int main(void)
{
	static struct trouble troubles[NAMES_MAX + 1];
	static struct CMUnitTest tests[NAMES_MAX + 1];
	size_t n = list_troubles(troubles);

	for (size_t i = 0; i < n; i++)
		tests[i] = (struct CMUnitTest){ troubles[i].name, is_explained, NULL, NULL,
						&troubles[i] };
	tests[n] = (struct CMUnitTest)cmocka_unit_test_prestate(there_are_scenarios_and_faults,
								troubles);
	return _cmocka_run_group_tests("scenarios and faults", tests, n + 1, NULL, NULL);
}
