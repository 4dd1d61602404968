/* fields: the reference, printed from the tables. */
#include "cmd.h"
#include "fields.h"

static const struct command_arg args[] = {
	{ .name = "NAME",
	  .optional = true,
	  .help = "An opcode, option, result code or rule; or layouts, results, protocols, "
		  "rules." },
	{ .name = NULL },
};

static enum exit_status run(struct command_context *context, const struct args *args_)
{
	struct pcp_why why;

	if (fields_write(context->out, args_->nword ? args_->word[0] : NULL, &why))
		return EXIT_ANSWERED;
	return cmd_usage(context, args_, &why);
}

static void complete(const char *typed,
		     void (*found)(void *arg, const char *word, const char *help), void *arg)
{
	(void)typed;
	fields_names(found, arg);
}

const struct command cmd_fields = {
	.name = "fields",
	.summary = "Explain layouts, options, result codes and the linter's rules.",
	.where = COMMAND_ANYWHERE,
	.arg = args,
	.complete = complete,
	.run = run,
};
