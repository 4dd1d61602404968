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
	ROWS = 50, /* so large that no row that is read here is cut off */
	COLS = 200,
	SAYS = ROWS - 3, /* the line that tells how things went */
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
	unsigned number;
	int end = 0;

	if (sscanf(line, "#%u: %n", &number, &end) != 1 || !end || number <= asked->last)
		return false;
	return !strncmp(line + end, "SUCCESS in ", 11) || strstr(line + end, " ms: ") ||
	       strstr(line + end, "which no document assigns");
}

/* The dashboard did not send it, and says why. */
static bool tells_why_not(const char *line, const struct asked *asked)
{
	size_t len = strlen(asked->command);

	return !strncmp(line, asked->command, len) && !strncmp(line + len, ": ", 2) &&
	       strlen(line + len + 2) > 20;
}

/* It waits for an answer, and its row says when it asks again. */
static bool tells_wait(struct term *term, const char *line, const struct asked *asked)
{
	char mark[32];
	unsigned number;
	int row;

	if (sscanf(line, "sent as exchange #%u", &number) != 1 || number <= asked->last)
		return false;
	snprintf(mark, sizeof mark, "→  #%u ", number);
	if (!term_find(term, mark, &row, NULL))
		return false;
	char *text = term_row(term, row);
	bool told = strstr(text, " try in ") != NULL;

	free(text);
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

/* One message of Exchanges, as its row shows it: "→  #1 ", "←  #1 ", or "←" without an exchange. */
struct message {
	int row;
	bool sent;
	unsigned exchange;
};

/* False where that row holds none. */
static bool read_message(struct term *term, int row, struct message *message)
{
	char *text = term_row(term, row);
	const char *sent = strstr(text, "→  #"), *came = strstr(text, "← ");
	const char *arrow = sent ? sent : came;

	*message = (struct message){ .row = row, .sent = sent != NULL };
	if (arrow)
		sscanf(arrow + strlen("→"), " #%u", &message->exchange);
	free(text);
	return arrow != NULL;
}

/* What stands below, whole, about the message under the cursor: "" unless it was dropped. */
static void read_why_ignored(struct term *term, char *why, size_t cap)
{
	char *line = term_row(term, SAYS);
	const char *found = strstr(line, "; ignored: ");

	snprintf(why, cap, "%s", found ? found + strlen("; ignored: ") : "");
	free(line);
}

/* The cursor is on the message below that row, or on the last, where it goes along with what comes.
 */
static bool cursor_went_down(struct term *term, int row, struct message *message)
{
	struct message next;

	return term->cursor.row > row && read_message(term, term->cursor.row, message) &&
	       (message->row == row + 1 || !read_message(term, message->row + 1, &next));
}

/* Decode says whose it is, or why it is nobody's. */
static bool next_is_accounted_for(struct term *term, void *arg)
{
	struct message message;
	char title[64], why[COLS * 4];

	if (!cursor_went_down(term, *(int *)arg, &message))
		return false;
	read_why_ignored(term, why, sizeof why);
	if (message.exchange)
		snprintf(title, sizeof title, "Decode: %s #%u%s",
			 message.sent ? "request of" : "response to", message.exchange,
			 message.sent ? "," : " ");
	else
		snprintf(title, sizeof title, "Decode: %s ", *why ? "ignored" : "unsolicited");
	return term_shows(term, title) && !(message.exchange && *why);
}

static bool cursor_is_below(struct term *term, void *arg)
{
	return term->cursor.row == *(int *)arg + 1;
}

static void account_for_all(struct term *term)
{
	struct message next;
	int row;

	term_send(term, "3g");
	assert_true(term_find(term, "3 Exchanges: ", &row, NULL));
	expect_at_rest(term, "the cursor on the first message", cursor_is_below, &row);
	do {
		expect_at_rest(term, "what became of this message", next_is_accounted_for, &row);
		row = term->cursor.row;
		term_send(term, "j");
	} while (read_message(term, row + 1, &next));
}

/* ---- the tests ---- */

/* Each fault is on, and has struck. */
static void the_lab_agrees(struct term *term, const struct trouble *trouble)
{
	char line[NAME_MAX + 16];

	term_send(term, "L");
	term_expect(term, "Lab: what the gateway knows");
	if (trouble->fault) {
		snprintf(line, sizeof line, "fault %s", trouble->name);
		term_expect(term, line);
		term_expect_gone(term, "struck 0 times");
	}
	term_send(term, "q");
	term_expect(term, "3 Exchanges: ");
}

static void keys_are_answered(struct term *term)
{
	term_send(term, "?");
	term_expect(term, "Help: every key");
	term_send(term, "q");
	term_expect(term, "3 Exchanges: ");
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
