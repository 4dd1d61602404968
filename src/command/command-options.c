/* What the commands take besides their own options. */
#include "compose.h"

const struct command_option command_request_options[] = {
	{ .name = "-opt",
	  .alias = "--option",
	  .value = "CODE:HEX",
	  .repeat = true,
	  .whole = true,
	  .apply = compose_any_option,
	  .help = "Any PCP option: CODE:HEX or NAME:HEX as it stands, NAME=VALUE or "
		  "NAME=KEY=VALUE,KEY=VALUE by its fields; --NAME=VALUE does the same." },
	{ .name = "-set",
	  .value = "PATH=VALUE",
	  .repeat = true,
	  .whole = true,
	  .apply = compose_set,
	  .help = "Any field by its path, as decode --json names it: -set header.reserved=1." },
	{ .name = "-exact",
	  .whole = true,
	  .apply = compose_exact,
	  .help = "From here on -set leaves Length fields and padding as they are." },
	{ .name = "-version",
	  .value = "N",
	  .whole = true,
	  .help = "PCP version of the request: 2, 1 for the drafts' bodies without nonces, or "
		  "another to see UNSUPP_VERSION." },
	{ .name = "-client",
	  .value = "ADDRESS",
	  .whole = true,
	  .apply = compose_client,
	  .help = "Client address in the header; default: the address that the request leaves "
		  "from." },
	{ .name = "-to",
	  .value = "SERVER",
	  .whole = true,
	  .apply = compose_to,
	  .help = "Which server, by number, address or name; default: the one in use." },
	{ .name = "-tries",
	  .value = "N",
	  .whole = true,
	  .apply = compose_tries,
	  .help = "Send it at most N times (MRC of RFC 6887 8.1.1); default: until the timeout." },
	{ .name = "-renew",
	  .whole = true,
	  .apply = compose_renew,
	  .help = "Keep the mapping alive until it is deleted." },
	{ .name = "-norenew",
	  .whole = true,
	  .apply = compose_no_renew,
	  .help = "Let the mapping run out." },
	{ .name = "-b",
	  .alias = "--background",
	  .whole = true,
	  .help = "Do not wait for the answer; wait does." },
	{ .name = "-dry-run",
	  .alias = "--dry-run",
	  .whole = true,
	  .help = "Show the request and send nothing." },
	{ .name = NULL },
};

const struct command_option command_common_options[] = {
	{ .name = "--json",
	  .whole = true,
	  .help = "One JSON object a line instead of text, as --json before the command." },
	{ .name = NULL },
};

const struct command_option *command_option_row(const struct command_option *table, size_t *i)
{
	for (; table && table->name; table++)
		if ((*i)-- == 0)
			return table;
	return NULL;
}

const struct command_option *command_option_at(const struct command *command, size_t i)
{
	const struct command_option *row = command_option_row(command->options, &i);

	if (!row && command->begin)
		row = command_option_row(command_request_options, &i);
	return row ? row : command_option_row(command_common_options, &i);
}

const char *command_option_joint(const struct command_option *option)
{
	return !option->value ? "" : option->fits ? " [" : option->maybe ? "[=" : " ";
}
