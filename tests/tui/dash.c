#include "dash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

const char *dash_program(void)
{
	const char *program = getenv("PCPSCOPE");

	return program ? program : "./pcpscope";
}

static struct term *start(const struct dash *dash, const char *const *before)
{
	const char *argv[16];
	char lab[256];
	size_t n = 0;

	snprintf(lab, sizeof lab, "--lab=127.0.0.1:0%s%s", dash->words ? "," : "",
		 dash->words ? dash->words : "");
	while (before && *before)
		argv[n++] = *before++;
	argv[n++] = dash_program();
	argv[n++] = "--no-save";
	argv[n++] = lab;
	for (size_t i = 0; i < sizeof dash->option / sizeof *dash->option && dash->option[i]; i++)
		argv[n++] = dash->option[i];
	argv[n] = NULL;
	/* Nobody's configuration but the test's. */
	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	setenv("XDG_STATE_HOME", "/nonexistent", 1);
	return term_open(&(struct term_config){ .rows = dash->rows,
						.cols = dash->cols,
						.term = dash->term,
						.locale = dash->locale,
						.env = dash->env,
						.argv = argv });
}

struct term *dash_start(const struct dash *dash)
{
	return start(dash, NULL);
}

struct term *dash_open(const struct dash *dash)
{
	struct term *term = dash_start(dash);

	term_expect(term, "q quit");
	return term;
}

struct term *dash_under_a_shell(const struct dash *dash, struct termios *before)
{
	const char *const shell[] = { "sh", "-c", "read go; \"$@\"; echo status $?; read end", "sh",
				      NULL };
	struct term *term = start(dash, shell);

	assert_int_equal(tcgetattr(term->fd, before), 0);
	term_send(term, "\r");
	term_expect(term, "q quit");
	assert_true(term->altscreen);
	return term;
}

void dash_given_back(struct term *term, const struct termios *before)
{
	struct termios after;

	assert_false(term->altscreen);
	assert_true(term->cursor_visible);
	assert_false(term_mouse(term));
	assert_int_equal(tcgetattr(term->fd, &after), 0);
	assert_int_equal(after.c_lflag, before->c_lflag);
	assert_int_equal(after.c_iflag, before->c_iflag);
	assert_int_equal(after.c_oflag, before->c_oflag);
}

void dash_command(struct term *term, const char *line)
{
	term_send(term, ":");
	term_type(term, line, "\r");
}

static bool over(struct term *term, const char *last)
{
	return last ? term_shows(term, last) : term_ended(term);
}

static bool over_or_asks(struct term *term, void *last)
{
	return over(term, last) || term_shows(term, "y yes");
}

static bool over_or_answered(struct term *term, void *last)
{
	return over(term, last) || !term_shows(term, "y yes");
}

/* What goes on asks first, then what stays. */
void dash_leave(struct term *term, const char *last)
{
	void *arg = (void *)last;

	term_send(term, "q");
	term_expect_that(term, "the end, or the question before it", over_or_asks, arg);
	while (!over(term, last)) {
		term_send(term, "y");
		term_expect_that(term, "what the answer brings", over_or_answered, arg);
		term_expect_that(term, "the end, or the next question", over_or_asks, arg);
	}
}

void dash_quit(struct term *term)
{
	dash_leave(term, NULL);
	term_expect_exit(term, 0);
	term_close(term);
}
