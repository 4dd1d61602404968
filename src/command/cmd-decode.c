/* decode: packets from anywhere, shown field by field and judged. */
#include "capture.h"
#include "cmd.h"
#include "sandbox.h"
#include "slurp.h"
#include "words.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>
#include <stdlib.h>
#include <string.h>

enum { INPUT_MAX = 16 << 20, DECODE_MAX = 65535 }; /* octets: of the text, of a UDP datagram */

static const struct command_arg args[] = {
	{ .name = "HEX",
	  .optional = true,
	  .many = true,
	  .help = "A packet in hex; - or nothing reads standard input, a packet a line or hexdumps "
		  "with empty lines between; the headers of a frame or an IP packet are left "
		  "out." },
	{ .name = NULL },
};

static const struct command_option options[] = {
	{ .name = "-request",
	  .value = "HEX",
	  .help = "The request that the packet answers: it is held against it." },
	{ .name = "-r",
	  .alias = "--read",
	  .value = "FILE",
	  .help = "The packets of a capture (pcap, pcapng), with their exchanges; - is standard "
		  "input." },
	{ .name = "--follow",
	  .help = "Go on as the capture grows, until a pipe is closed or a signal comes." },
	{ .name = "--listen",
	  .value = "INTERFACE,...",
	  .help = "The packets that pass on an interface, or several, or any, until a signal "
		  "comes." },
	{ .name = "--port",
	  .value = "PORT",
	  .repeat = true,
	  .help = "In the capture, a port that servers use; default: 5351 and 5350." },
	{ .name = "-check",
	  .alias = "--check",
	  .help = "Exit status 1 when a packet breaks a rule of severity error: a MUST; 4 when "
		  "there "
		  "was no packet." },
	{ .name = "-direction",
	  .value = "request|response",
	  .help = "Which of the two the octets are; default: what their R bit says." },
	{ .name = NULL },
};

struct decoding {
	struct command_context *context;
	enum pcp_direction direction;
	uint8_t *octets; /* DECODE_MAX */
	struct pcp_node node[PCP_NODES_MAX];
	uint8_t asked[PCP_EDIT_MAX];
	struct judge_facts facts; /* the same for each packet */
};

/* A command of its own needs nothing but what is open by now; the shell and the dashboard do. */
static void give_up_rights(const struct command_context *context)
{
	struct sandbox sandbox = sandbox_of(SANDBOX_DECODE, NULL, 0);

	if (context->where == COMMAND_LINE)
		sandbox_enter(&sandbox);
}

/* What tcpdump and tshark print begins with the headers around the datagram. */
static bool leave_out_headers(struct decoding *decoding, const uint8_t **octets, size_t *len,
			      struct capture_datagram *datagram)
{
	if (!capture_pasted(*octets, *len, datagram))
		return false;
	write_note(decoding->context->out,
		   "%zu octet%s of headers left out around this UDP payload:", *len - datagram->len,
		   pcp_s(*len - datagram->len));
	*octets = datagram->octets;
	*len = datagram->len;
	return true;
}

static bool decode_one(struct decoding *decoding, const char *hex, struct pcp_why *why)
{
	struct judge_facts facts = decoding->facts;
	const uint8_t *octets = decoding->octets;
	struct capture_datagram datagram;
	struct pcp_packet packet;
	size_t len;

	if (!pcp_hex_parse(hex, decoding->octets, DECODE_MAX, &len, why))
		return false;
	if (leave_out_headers(decoding, &octets, &len, &datagram)) {
		facts.source = datagram.from.addr;
		facts.whole = datagram.whole;
	}
	pcp_decode(&packet, octets, len, decoding->direction, decoding->context->out->dialects,
		   decoding->node, PCP_NODES_MAX);
	write_packet(decoding->context->out, &packet, &facts);
	return true;
}

/* "0000  02 01 ...", "0x0000:  0201 ...": a dump starts with the offset 0 in a word of its own. */
static bool starts_hexdump(const char *line)
{
	line += strspn(line, " \t");
	line += strncmp(line, "0x", 2) ? 0 : 2;
	size_t zeros = strspn(line, "0"), colon = line[zeros] == ':';

	return zeros >= 4 && strchr(" \t:", line[zeros]) && line[zeros] &&
	       line[zeros + colon + strspn(line + zeros + colon, " \t")] > ' ';
}

/* "0010  02 01 ..." */
static bool goes_on(const char *line)
{
	line += strspn(line, " \t");
	line += strncmp(line, "0x", 2) ? 0 : 2;
	size_t digits = strspn(line, "0123456789abcdefABCDEF");

	return digits >= 4 && digits <= 8 && strchr(" \t:\r\n", line[digits]);
}

/* The newline behind a hexdump, whose lines each have an offset; NULL at the end of the text. */
static char *dump_end(char *start)
{
	char *end = strchr(start, '\n');

	while (end && goes_on(end + 1) && !starts_hexdump(end + 1))
		end = strchr(end + 1, '\n');
	return end;
}

/* tcpdump writes a line of its own in front of each dump. */
static bool is_heading(const char *line)
{
	const char *end = strchr(line, '\n');

	return end && starts_hexdump(end + 1) && !starts_hexdump(line) && strchr(line, ' ') < end &&
	       line[strspn(line, "0123456789abcdefABCDEF \t")] != '\n';
}

/* A list of numbers may be printed a number a line. */
static char *literal_end(char *start, char *end)
{
	char *close = strpbrk(start, "]}");
	char *open = strpbrk(start, "[{");

	if (!open || !end || open > end || (close && close < end && close > open + 1))
		return end;
	close = strpbrk(open + 1, "]}");
	return close && close > end ? strchr(close, '\n') : end;
}

/* Cuts the next packet's text off *text: a line, a hexdump, or a list. NULL at the end. */
static char *next_text(char **text, size_t *line)
{
	char *start, *end;

	while (**text && strchr(" \t\r\n", **text))
		*line += *(*text)++ == '\n';
	if (!**text)
		return NULL;
	if (is_heading(*text)) {
		*text = strchr(*text, '\n') + 1;
		++*line;
	}
	start = *text;
	end = starts_hexdump(start) ? dump_end(start) : literal_end(start, strchr(start, '\n'));
	*text = end ? end + 1 : start + strlen(start);
	if (end)
		*end = '\0';
	return start;
}

static enum exit_status decode_input(struct decoding *decoding, const struct args *args_)
{
	struct command_context *context = decoding->context;
	struct pcp_why why;
	char *input = slurp("-", INPUT_MAX, &why), *rest = input, *text;
	enum exit_status status = EXIT_ANSWERED;
	size_t line = 1, packets = 0;

	if (!input) {
		cmd_error(context, "%s: %s", args_->command->name, why.text);
		return EXIT_FAILED;
	}
	while ((text = next_text(&rest, &line))) {
		size_t at = line;

		for (char *p = text; *p; p++)
			line += *p == '\n';
		line++;
		packets += *text != '#';
		if (*text == '#' || decode_one(decoding, text, &why))
			continue;
		cmd_error(context, "decode: line %zu: %s", at, why.text);
		status = EXIT_USAGE;
	}
	free(input);
	if (!packets) {
		cmd_error(context, "decode: standard input holds no packet");
		status = EXIT_USAGE;
	}
	return status;
}

/* ---- captures ---- */

enum { LOOK = 250 }; /* milliseconds */

/* What is looked at. */
struct look {
	const struct args *args;
	const char *path; /* or the interfaces */
	uint16_t port[CAPTURE_PORTS_MAX];
	size_t nport;
	struct capture_interfaces interfaces;
};

static bool take_look(struct look *look, const struct args *args_, struct pcp_why *why)
{
	const char *listen = args_value(args_, "--listen");

	*look = (struct look){ .args = args_, .path = listen ? listen : args_value(args_, "-r") };
	for (size_t i = 0; i < args_->noption; i++)
		if (args_->option[i].row && !strcmp(args_->option[i].row->name, "--port") &&
		    !args_port(args_->option[i].value, look->port, &look->nport, why))
			return false;
	return !listen || capture_interfaces_parse(listen, &look->interfaces, why);
}

/* What an ICMP error ended. */
static void note_end(void *arg, const struct pcp_client_event *event)
{
	if (event->kind == CLIENT_UNREACHABLE)
		write_event(arg, event);
}

/* Nothing else is to be done: a file is looked at again a little later. */
static void wait_for_more(struct writer *out, const struct replay *replay)
{
	int fd = capture_fd(replay_capture(replay));
	struct pollfd poll_ = { .fd = fd, .events = POLLIN };

	writer_let_go(out);
	poll(&poll_, fd >= 0, fd >= 0 ? -1 : LOOK);
	writer_hold(out);
}

/* The capture that grows, opened. NULL with *why. */
static struct replay *follow(const struct look *look, struct log *log, struct pcp_why *why)
{
	bool standard = !strcmp(look->path, "-");
	int fd = standard ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)
			  : open(look->path, O_RDONLY | O_NOCTTY | O_CLOEXEC);

	if (fd >= 0)
		return replay_follow(fd, standard ? "standard input" : look->path, look->port,
				     look->nport, log, why);
	pcp_refuse(why, 0, "cannot open %s: %s", pcp_quoted(look->path).text, strerror(errno));
	return NULL;
}

static struct replay *listen_to(const struct look *look, struct log *log, struct pcp_why *why)
{
	struct capture_listening listening; /* the child ends with us */
	struct replay *replay;

	if (!capture_listen(&look->interfaces, look->port, look->nport, &listening, why))
		return NULL;
	replay = replay_follow(listening.capture, look->path, look->port, look->nport, log, why);
	if (!replay)
		capture_listen_end(&listening);
	return replay;
}

/* NULL with *why. */
static struct replay *open_look(const struct look *look, struct log *log, struct pcp_why *why)
{
	if (look->interfaces.count)
		return listen_to(look, log, why);
	return args_value(look->args, "--follow")
		       ? follow(look, log, why)
		       : replay_open(look->path, look->port, look->nport, log, why);
}

/* Prints each datagram as soon as it is read, so that the file may be of any length. */
static void write_datagrams(struct writer *out, struct replay *replay, const struct log *log)
{
	uint32_t last = 0;

	while (replay_reading(replay)) {
		replay_read(replay, 1);
		if (replay_waits(replay))
			wait_for_more(out, replay);
		size_t n = log_nmessages(log);
		const struct message *message = n ? log_message_at(log, n - 1) : NULL;

		if (message && message->id != last)
			write_message(out, log, message);
		last = message ? message->id : 0;
	}
}

static enum exit_status decode_capture(struct command_context *context, const struct args *args_)
{
	enum exit_status status = EXIT_ANSWERED;
	char remarks[CAPTURE_TEXT];
	struct replay *replay = NULL;
	struct pcp_why why = { .text = "out of memory" };
	struct look look;
	uint64_t packets;
	struct log *log;

	if (!take_look(&look, args_, &why))
		return cmd_usage(context, args_, &why);
	log = log_new(LOG_SHORT);
	if (log)
		replay = open_look(&look, log, &why);
	if (!replay) {
		write_error(context->out, "%s", why.text);
		log_free(log);
		return EXIT_FAILED;
	}
	give_up_rights(context);
	replay_listen(replay, note_end, context->out);
	writer_hold(context->out);
	write_datagrams(context->out, replay, log);
	writer_let_go(context->out);
	packets = replay_count(replay);
	if (replay_missed(replay)) {
		writer_no_memory(context->out);
		status = EXIT_FAILED;
	}
	if (capture_remarks(replay_capture(replay), remarks, sizeof remarks))
		write_error(context->out, "%s: %s", look.path, remarks);
	if (*capture_broken(replay_capture(replay))) {
		write_error(context->out, "%s", capture_broken(replay_capture(replay)));
		status = EXIT_FAILED;
	}
	replay_free(replay);
	log_free(log);
	if (!packets && args_value(args_, "-check") && !status) {
		write_error(context->out, "%s: there is nothing of PCP or NAT-PMP to check",
			    look.path);
		status = EXIT_FAILED;
	}
	return status;
}

static bool join(const struct args *args_, char **hex, struct pcp_why *why)
{
	size_t len = 1, at = 0;

	for (size_t i = 0; i < args_->nword; i++)
		len += strlen(args_->word[i]) + 1;
	*hex = malloc(len);
	if (!*hex)
		return pcp_no_memory(why);
	for (size_t i = 0; i < args_->nword; i++)
		at += (size_t)sprintf(*hex + at, "%s ", args_->word[i]);
	return true;
}

static bool take_options(struct decoding *decoding, const struct args *args_, struct pcp_why *why)
{
	const char *direction = args_value(args_, "-direction"),
		   *hex = args_value(args_, "-request");

	decoding->facts.dialects = decoding->context->out->dialects;
	if (direction && !strcmp(direction, "request"))
		decoding->direction = PCP_REQUEST;
	else if (direction && !strcmp(direction, "response"))
		decoding->direction = PCP_RESPONSE;
	else if (direction)
		return pcp_refuse(why, 0, "-direction: '%s' is neither request nor response",
				  pcp_quoted(direction).text);
	if (!hex)
		return true;
	decoding->facts.asked = decoding->asked;
	return pcp_hex_parse(hex, decoding->asked, sizeof decoding->asked,
			     &decoding->facts.asked_len, why);
}

static enum exit_status decode(struct decoding *decoding, const struct args *args_)
{
	struct pcp_why why;
	char *hex = NULL;
	bool done;

	if (!take_options(decoding, args_, &why))
		return cmd_usage(decoding->context, args_, &why);
	if (args_value(args_, "-r") || args_value(args_, "--listen"))
		return decode_capture(decoding->context, args_);
	give_up_rights(decoding->context);
	if (!args_->nword || (args_->nword == 1 && !strcmp(args_->word[0], "-"))) {
		if (decoding->context->script)
			return decode_input(decoding, args_);
		pcp_refuse(&why, 0, "HEX is missing; standard input is the keyboard here");
		return cmd_usage(decoding->context, args_, &why);
	}
	done = join(args_, &hex, &why) && decode_one(decoding, hex, &why);
	free(hex);
	return done ? EXIT_ANSWERED : cmd_usage(decoding->context, args_, &why);
}

static enum exit_status run(struct command_context *context, const struct args *args_)
{
	struct decoding *decoding = calloc(1, sizeof *decoding);
	enum exit_status status = EXIT_FAILED;

	if (decoding)
		decoding->octets = malloc(DECODE_MAX);
	if (decoding && decoding->octets) {
		size_t errors = context->out->errors;

		decoding->context = context;
		status = decode(decoding, args_);
		if (args_value(args_, "-check") && !status && context->out->errors > errors)
			status = EXIT_REFUSED;
		free(decoding->octets);
	} else {
		cmd_error(context, "decode: out of memory");
	}
	free(decoding);
	return status;
}

const struct command cmd_decode = {
	.name = "decode",
	.summary = "Show a packet field by field, and which rules it breaks.",
	.help = "Takes any octets, malformed ones too. With -r FILE it shows the packets of a "
		"capture.",
	.where = COMMAND_ANYWHERE,
	.arg = args,
	.options = options,
	.run = run,
};
