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

struct term *dash_start(const struct dash *dash)
{
	char lab[256];
	const char *argv[] = {
		dash_program(),	 "--no-save",	  lab, dash->option[0], dash->option[1],
		dash->option[2], dash->option[3], NULL
	};

	snprintf(lab, sizeof lab, "--lab=127.0.0.1:0%s%s", dash->words ? "," : "",
		 dash->words ? dash->words : "");
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

struct term *dash_open(const struct dash *dash)
{
	struct term *term = dash_start(dash);

	term_expect(term, "q quit");
	return term;
}

void dash_command(struct term *term, const char *line)
{
	term_send(term, ":");
	term_type(term, line, "\r");
}

void dash_quit(struct term *term)
{
	term_send(term, "q");
	term_expect_exit(term, 0);
	term_close(term);
}
