/* fields: the reference, printed from the tables. */
#include "cmd.h"
#include "fields.h"
#include "wireshark.h"

static const struct command_arg args[] = {
	{ .name = "NAME",
	  .optional = true,
	  .help = "An opcode, option, result code or rule; or layouts, results, protocols, "
		  "rules." },
	{ .name = NULL },
};

static const struct command_option options[] = {
	{ .name = "--wireshark",
	  .help = "A dissector in Lua, made from all of this: wireshark -X lua_script:FILE." },
	{ .name = NULL },
};

/* The script is one thing, and no JSON. */
static enum exit_status wireshark(struct command_context *context, const struct args *args_)
{
	struct pcp_why why;

	if (!args_->nword && !context->out->json) {
		wireshark_write(context->out);
		return EXIT_ANSWERED;
	}
	pcp_refuse(&why, 0,
		   "--wireshark prints a whole script in Lua: neither one NAME of it nor JSON");
	return cmd_usage(context, args_, &why);
}

static enum exit_status run(struct command_context *context, const struct args *args_)
{
	struct pcp_why why;

	if (args_value(args_, "--wireshark"))
		return wireshark(context, args_);
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
	.options = options,
	.complete = complete,
	.run = run,
};
