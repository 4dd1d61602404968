/* encode: the inverse of decode --json. */
#include "cmd.h"
#include "packet-json.h"

static const struct command_arg args[] = {
	{ .name = "FILE",
	  .optional = true,
	  .help = "An object that decode --json printed, edited or not; - or nothing reads "
		  "standard input." },
	{ .name = NULL },
};

static enum exit_status run(struct command_context *context, const struct args *args_)
{
	char hex[2 * PCP_EDIT_MAX + 1];
	struct pcp_edit edit = { .dialects = context->out->dialects };
	struct pcp_why why;

	if (!packet_from_json_file(args_->nword ? args_->word[0] : "-", &edit, &why))
		return cmd_usage(context, args_, &why);
	if (context->out->json)
		return cmd_show(context, &edit, NULL);
	pcp_hex_text(edit.octets, edit.len, hex, sizeof hex);
	write_note(context->out, "%s", hex);
	return EXIT_ANSWERED;
}

const struct command cmd_encode = {
	.name = "encode",
	.summary = "Build a packet from its JSON fields and print it in hex.",
	.help = "The inverse of decode --json: untouched fields give the same octets; where a "
		"value became longer or shorter, Length and padding follow. raw -from-json sends "
		"it.",
	.where = COMMAND_LINE | COMMAND_SHELL,
	.arg = args,
	.run = run,
};
