/* raw: octets as they are, legal or not. */
#include "cmd.h"
#include "cmd-request.h"
#include "packet-json.h"

#include <string.h>

static const struct command_arg args[] = {
	{ .name = "HEX",
	  .optional = true,
	  .many = true,
	  .help = "The octets in hex, blanks and colons where you like." },
	{ .name = NULL },
};

static const struct command_option options[] = {
	{ .name = "-from-json",
	  .alias = "--from-json",
	  .value = "FILE",
	  .whole = true,
	  .help = "Build the octets from an object that decode --json printed; - is standard "
		  "input." },
	{ .name = "-fill",
	  .whole = true,
	  .help = "Let the engine fill in nonce and client address and follow the mapping." },
	{ .name = NULL },
};

/* The words joined by blanks, as if they had been one. */
static bool join(const struct args *words, char *buf, size_t cap, struct pcp_why *why)
{
	size_t at = 0;

	for (size_t i = 0; i < words->nword; i++) {
		size_t len = strlen(words->word[i]);

		if (at + len + 2 > cap)
			return pcp_refuse(why, 0, "more than %d octets", PCP_EDIT_MAX);
		memcpy(buf + at, words->word[i], len);
		at += len;
		buf[at++] = ' ';
	}
	buf[at] = '\0';
	return true;
}

static bool begin(struct compose *compose, const struct args *words, struct pcp_why *why)
{
	const char *json = args_value(words, "-from-json");
	char hex[4 * PCP_EDIT_MAX];
	struct pcp_edit *edit = compose->edit;

	compose->request->raw = !args_value(words, "-fill");
	edit->exact = true;
	if (json && words->nword)
		return pcp_refuse(why, 0, "HEX and -from-json do not go together");
	if (json)
		return packet_from_json_file(json, edit, why);
	if (!words->nword)
		return pcp_refuse(why, 0, "HEX is missing");
	return join(words, hex, sizeof hex, why) &&
	       pcp_hex_parse(hex, edit->octets, sizeof edit->octets, &edit->len, why);
}

const struct command cmd_raw = {
	.name = "raw",
	.summary = "Send octets as they are, legal or not.",
	.help = "Answers are matched if the octets make sense as a request. -set and --NAME=VALUE "
		"change and add to what was given.",
	.where = COMMAND_ANYWHERE,
	.needs_session = true,
	.begin = begin,
	.arg = args,
	.options = options,
	.run = cmd_request,
};
