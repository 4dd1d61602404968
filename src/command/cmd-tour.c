/* tour: the lesson inside the dashboard, which runs it itself. */
#include "cmd.h"

static enum exit_status run(struct command_context *context, const struct args *args)
{
	(void)args;
	cmd_error(context, "tour: the dashboard has it: start pcpscope --lab and press t");
	return EXIT_USAGE;
}

const struct command cmd_tour = {
	.name = "tour",
	.summary = "Begin the tour, PCP in ten minutes, or go on with it.",
	.where = COMMAND_PROMPT,
	.run = run,
};
