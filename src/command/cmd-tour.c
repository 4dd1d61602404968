/* tour: the lesson inside the dashboard, which runs it itself. */
#include "cmd.h"

static const struct command_arg args_of_tour[] = {
	{ .name = "STEP",
	  .optional = true,
	  .help = "A step's number, or next: the one after, whether this one is done or not." },
	{ .name = NULL },
};

static enum exit_status run(struct command_context *context, const struct args *args)
{
	(void)args;
	cmd_error(context, "tour: the dashboard has it: start pcpscope --lab and press t");
	return EXIT_USAGE;
}

const struct command cmd_tour = {
	.name = "tour",
	.summary = "Begin the tour, PCP in ten minutes, or go on with it.",
	.help = "Each step names keys, and F8 types them. What was done before a step counts for "
		"it. "
		"tour next passes a step over, tour 5 goes to the fifth; Esc puts the tour away, "
		"and tour "
		"alone goes on where it was.",
	.where = COMMAND_PROMPT,
	.arg = args_of_tour,
	.run = run,
};
