/* send: any opcode, by name or number, from its layout. */
#include "cmd.h"
#include "cmd-request.h"
#include "suggest.h"
#include "words.h"

#include <string.h>

static const struct command_arg args[] = {
	{ .name = "OPCODE",
	  .help = "announce, map, peer, authentication, get, or a number to 127." },
	{ .name = NULL },
};

static const struct command_option options[] = {
	OPTION_LIFETIME("Lifetime in the header. Default 0."),
	{ .name = "-no",
	  .value = "HEX",
	  .path = "body.nonce",
	  .whole = true,
	  .apply = compose_nonce,
	  .help = "Mapping nonce, 12 octets, where the opcode has one." },
	{ .name = NULL },
};

static bool begin(struct compose *compose, const struct args *args_, struct pcp_why *why)
{
	long opcode = pcp_code(pcp_opcode_names, args_->word[0]);
	unsigned long number = (unsigned long)opcode;
	struct suggest suggest;

	if (opcode < 0 && !args_number(args_->word[0], 0, 127, &number, why)) {
		suggest_begin(&suggest, args_->word[0], strlen(args_->word[0]));
		suggest_names(&suggest, pcp_opcode_names);
		return pcp_refuse(why, 0, "'%s' is no opcode%s", pcp_quoted(args_->word[0]).text,
				  suggest_text(&suggest, ": a name such as authentication, or a "
							 "number from 0 to 127"));
	}
	return compose_begin(compose, args_, (uint8_t)number, 0, why);
}

static void complete(const char *typed,
		     void (*found)(void *arg, const char *word, const char *help), void *arg)
{
	const struct pcp_layout *const *row = pcp_layouts, *last = NULL;

	(void)typed;
	for (; row < pcp_layouts + pcp_nlayouts; row++) {
		if ((*row)->kind == PCP_CLASS_BODY && (!last || strcmp(last->key, (*row)->key)))
			found(arg, (*row)->key, (*row)->purpose);
		last = *row;
	}
}

const struct command cmd_send = {
	.name = "send",
	.summary = "Send a request of any opcode, its fields given by path.",
	.help = "Fields start as zero and are set with -set, options are added by name: send "
		"authentication -set authentication.sequence=1 --eap_payload=0201000a.",
	.where = COMMAND_ANYWHERE,
	.needs_session = true,
	.begin = begin,
	.arg = args,
	.complete = complete,
	.options = options,
	.run = cmd_request,
};
