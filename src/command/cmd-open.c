/* open, moment, close: a capture in place of the session; resume: what earlier sessions left. */
#include "cmd.h"
#include "session-capture.h"
#include "session-resume.h"

#include <stdlib.h>
#include <string.h>

static void say_moment(struct command_context *context)
{
	struct replay *replay = session_replay(context->session);

	if (session_seeking(context->session))
		write_note(context->out, "on the way there");
	else
		write_moment(context->out, replay_at(replay), replay_count(replay),
			     pcp_client_nmappings(session_client(context->session)));
}

/* ---- open ---- */

static enum exit_status run_open(struct command_context *context, const struct args *args)
{
	struct pcp_why why;

	if (!session_open(context->session, args->word[0], &why)) {
		write_error(context->out, "%s", why.text);
		return EXIT_FAILED;
	}
	if (context->timeout) { /* not in the dashboard, which shows how far it is */
		session_read(context->session);
		say_moment(context);
	}
	return EXIT_ANSWERED;
}

static const struct command_arg open_args[] = {
	{ .name = "FILE", .help = "A capture: pcap or pcapng, of pcpscope's or anybody's." },
	{ .name = NULL },
};

const struct command cmd_open = {
	.name = "open",
	.summary = "Look at a capture as if it were live.",
	.help = "Exchanges and mappings are the capture's until it is closed; the session goes on "
		"behind it.",
	.where = COMMAND_SHELL | COMMAND_PROMPT,
	.needs_session = true,
	.no_server = true,
	.arg = open_args,
	.run = run_open,
};

/* ---- moment ---- */

/* "12", "+1", "-1". */
static bool parse_moment(const char *typed, const struct replay *replay, uint64_t *moment,
			 struct pcp_why *why)
{
	uint64_t at = replay_at(replay), count = replay_count(replay);
	bool back = *typed == '-', on = *typed == '+';
	unsigned long number;

	if (!args_number(typed + (back || on), 0, UINT32_MAX, &number, why))
		return false;
	if (back)
		*moment = at > number ? at - number : 0;
	else
		*moment = on ? at + number : number;
	*moment = *moment < count ? *moment : count;
	return true;
}

static enum exit_status run_moment(struct command_context *context, const struct args *args)
{
	struct session *session = context->session;
	struct pcp_why why;
	uint64_t moment;

	if (!session_replay(session) || replay_reading(session_replay(session))) {
		write_error(context->out, session_replay(session)
						  ? "moment: the capture is being read"
						  : "moment: no capture is open");
		return EXIT_FAILED;
	}
	if (args->nword) {
		if (!parse_moment(args->word[0], session_replay(session), &moment, &why))
			return cmd_usage(context, args, &why);
		session_seek(session, moment);
		while (context->timeout && session_seeking(session))
			session_seek(session, moment);
	}
	say_moment(context);
	return EXIT_ANSWERED;
}

static const struct command_arg moment_args[] = {
	{ .name = "N",
	  .optional = true,
	  .dashed = true,
	  .help = "After that datagram of the capture; +N and -N: so many on or back; nothing: "
		  "tell." },
	{ .name = NULL },
};

const struct command cmd_moment = {
	.name = "moment",
	.summary = "Step through the time of an open capture.",
	.help = "Mappings are shown as they stood after that datagram.",
	.where = COMMAND_SHELL | COMMAND_PROMPT,
	.needs_session = true,
	.no_server = true,
	.arg = moment_args,
	.run = run_moment,
};

/* ---- close ---- */

static enum exit_status run_close(struct command_context *context, const struct args *args)
{
	(void)args;
	if (!session_replay(context->session)) {
		write_error(context->out, "close: no capture is open");
		return EXIT_FAILED;
	}
	session_close(context->session);
	return EXIT_ANSWERED;
}

const struct command cmd_close = {
	.name = "close",
	.summary = "Close the capture and go back to the session.",
	.where = COMMAND_SHELL | COMMAND_PROMPT,
	.needs_session = true,
	.no_server = true,
	.run = run_close,
};

/* ---- resume ---- */

static enum exit_status run_resume(struct command_context *context, const struct args *args)
{
	struct session *session = context->session;
	size_t taken;

	(void)args;
	if (session_replay(session)) {
		write_error(context->out, "resume: a capture is open; close it first");
		return EXIT_FAILED;
	}
	if (!session_left(session)) {
		write_note(context->out, "no earlier session left a mapping that still lives");
		return EXIT_ANSWERED;
	}
	taken = session_resume(session);
	write_note(context->out, "%zu mapping%s taken over; mappings lists them", taken,
		   pcp_s(taken));
	return taken ? EXIT_ANSWERED : EXIT_FAILED;
}

const struct command cmd_resume = {
	.name = "resume",
	.summary = "Take over the mappings that earlier sessions left.",
	.help = "Saved sessions hold the nonces, without which a mapping can be neither renewed "
		"nor "
		"deleted.",
	.where = COMMAND_SHELL | COMMAND_PROMPT,
	.needs_session = true,
	.no_server = true,
	.run = run_resume,
};
