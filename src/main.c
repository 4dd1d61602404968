/* Options before the command, then one command, the shell or the dashboard. */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <string.h>
#include <unistd.h>

#include "args.h"
#include "cmd.h"
#include "options.h"
#include "report.h"
#include "sandbox.h"
#include "session-capture.h"
#include "session-resume.h"
#include "theme.h"
#include "ui.h"
#include "words.h"

static enum exit_status run_command(struct options *options, struct session *session,
				    struct writer *out, int argc, char **argv)
{
	struct command_script script = { .report = NULL };
	struct command_context context = { .session = session,
					   .out = out,
					   .timeout = options->timeout,
					   .where = COMMAND_LINE,
					   .script = &script };
	struct report report;
	enum exit_status status;

	if (!session)
		return command_run(&context, argc, argv);
	script.report = &report;
	script.renew = options->config.client.renew;
	report_start(&report, session, out,
		     options->quiet   ? REPORT_QUIET
		     : options->debug ? REPORT_EVENTS
				      : REPORT_MESSAGES);
	status = command_run(&context, argc, argv);
	status = command_first(status, cmd_wait_jobs(&context));
	report_stop(&report);
	return out->failed ? EXIT_FAILED : status;
}

/* serve takes the lab's words as its own. */
static bool take_serve(struct options *options, int argc, char **argv, struct pcp_why *why)
{
	struct args args;

	if (!args_parse(&cmd_serve, argc, argv, &args, why))
		return false;
	for (size_t i = 0; i < args.nword; i++)
		if (!options_lab(options, args.word[i], why))
			return false;
	options->config.no_save = true; /* it asks nobody, and holds no mapping of its own */
	return options_lab(options, "", why);
}

/* Whether the words can be run without a session: no command, a wrong one, one that needs none, or
 * one that is only asked about. */
static bool needs_session(int argc, char **argv)
{
	const struct command *command = argc ? command_find(argv[0]) : NULL;
	struct pcp_why why;
	struct args args;

	return command && command->needs_session && args_parse(command, argc, argv, &args, &why) &&
	       !args.help;
}

static enum exit_status fail(struct writer *out, enum exit_status status, const struct pcp_why *why)
{
	write_error(out, "%s", why->text);
	return status;
}

static const enum exit_status fault_status[] = {
	[SESSION_FAILED] = EXIT_FAILED,
	[SESSION_USAGE] = EXIT_USAGE,
	[SESSION_UNREACHABLE] = EXIT_NO_ANSWER,
};

/* What cannot be held is no answer that did not come. */
static enum exit_status status_of(enum session_fault fault, const char *name)
{
	bool keeps = command_find(name) == &cmd_keep;

	return keeps && fault == SESSION_UNREACHABLE ? EXIT_FAILED : fault_status[fault];
}

static void say_notice(void *arg, const char *text)
{
	write_error(arg, "%s", text);
}

/* At a capture, or at what others send. */
static bool is_looking(const struct options *options)
{
	return options->config.read_file || options->config.listen;
}

/* Who looks at a capture sends nothing; files are still opened and saved. */
static void give_up_rights(enum sandbox_mode mode)
{
	struct sandbox sandbox = sandbox_of(mode, NULL, 0);

	sandbox_enter(&sandbox);
}

static enum exit_status with_session(struct options *options, struct writer *out, int argc,
				     char **argv)
{
	enum session_fault fault = SESSION_FAILED;
	struct session *session = NULL;
	enum exit_status status;
	struct pcp_why why;

	if (argc && command_find(argv[0]) == &cmd_serve && needs_session(argc, argv) &&
	    !take_serve(options, argc, argv, &why))
		return fail(out, EXIT_USAGE, &why);
	options->config.fault = &fault;
	if (needs_session(argc, argv)) {
		session = session_new(&options->config, &why);
		if (!session)
			return fail(out, status_of(fault, argv[0]), &why);
		if (is_looking(options))
			give_up_rights(SANDBOX_CAPTURE);
		session_on_notice(session, say_notice, out);
		session_read(session);
		if (command_find(argv[0]) == &cmd_shell && isatty(STDIN_FILENO)) {
			session_left(session); /* now: before its prompt stands there */
			session_offer(session);
		}
	}
	status = run_command(options, session, out, argc, argv);
	session_free(session);
	return status;
}

/* The dashboard's memory goes with the process: nobody shall wait while 100,000 mappings are freed
 * one by one. From here it is still reached, so that a leak checker tells what is really lost;
 * volatile, as nothing reads it. */
static struct session *volatile left;

static enum exit_status dashboard(struct options *options, const struct theme *theme,
				  struct writer *out)
{
	struct ui_config config = { .theme = theme,
				    .config_file = options->config_file,
				    .ascii = options->ascii,
				    .plain = options->plain,
				    .no_mouse = options->no_mouse };
	enum session_fault fault = SESSION_FAILED;
	struct session *session;
	enum exit_status status;
	struct pcp_why why;

	options->config.fault = &fault;
	session = session_new(&options->config, &why);
	if (!session)
		return fail(out, fault_status[fault], &why);
	give_up_rights(is_looking(options) ? SANDBOX_CAPTURE : SANDBOX_DASHBOARD);
	session_offer(session);
	status = (enum exit_status)ui_run(session, &config);
	session_leave(session);
	left = session;
	return status;
}

/* What people look for first comes first: how, what, examples; all options stand behind. */
static enum exit_status usage(struct writer *out)
{
	static const char *const lines[] = {
		"pcpscope [OPTIONS]              the dashboard",
		"pcpscope [OPTIONS] COMMAND ...  one command, plain output, no screen",
		"Commands:",
	};
	static const char *const examples[] = {
		"Examples:",
		"  pcpscope --lab                  the dashboard, with a gateway to practise on",
		"  pcpscope probe -quick           what does my router speak, and does it help me?",
		"  pcpscope map 8080/tcp -lt 2h    let the Internet reach port 8080 for two hours",
		"  pcpscope keep 8080 tcp          the same, held until it is told to end",
		"  pcpscope decode -r FILE         what is in a capture, and what is wrong in it",
	};
	struct command_context context = { .out = out, .where = COMMAND_LINE };
	char *topics[] = { "help", "options" };

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		write_note(out, "%s", lines[i]);
	command_run(&context, 1, topics);
	for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
		write_note(out, "%s", examples[i]);
	return command_run(&context, 2, topics);
}

/* -r opens a capture for what looks at a session; a command that looks at none would pass over it.
 */
static bool reads_capture(const struct options *options, int argc, char **argv, struct pcp_why *why)
{
	if ((!options->config.read_file && !options->config.listen) || needs_session(argc, argv) ||
	    !command_find(argv[0]))
		return true;
	return pcp_refuse(why, 0,
			  "%s looks at no capture; 'decode -r FILE' and 'decode --listen "
			  "INTERFACE' print one",
			  argv[0]);
}

/* What could not be written was not said, whatever the server answered. */
static int finish(enum exit_status status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status == EXIT_SENT ? EXIT_ANSWERED : (int)status;
	fprintf(stderr, "pcpscope: the output could not be written\n");
	return EXIT_FAILED;
}

/* A stream that was closed becomes the end of a pipe that nobody writes to: else a socket gets its
 * number, and is read as commands or written to. What is written there fails as it did. No file is
 * needed for it, not even /dev/null. */
static bool fill_streams(void)
{
	int ends[2] = { -1, -1 };

	while (pipe(ends) == 0 && ends[0] <= STDERR_FILENO)
		close(ends[1]);
	return ends[0] > STDERR_FILENO && close(ends[0]) == 0 && close(ends[1]) == 0;
}

/* Options of the program that stand behind the command. */
static bool take_behind(struct options *options, int first, int *argc, char **argv,
			struct pcp_why *why)
{
	const struct command *command = first < *argc ? command_find(argv[first]) : NULL;
	int words =
		command ? options_behind(options, command, *argc - first, argv + first, why) : 0;

	if (command && words >= 0)
		*argc = first + words;
	return words >= 0;
}

/* The capture comes through standard input; keys then come from the terminal itself, if there is
 * one. */
static bool take_stdin(struct options *options, struct pcp_why *why)
{
	int keys = open("/dev/tty", O_RDWR);

	options->config.read_fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (options->config.read_fd < 0)
		return pcp_refuse(why, 0, "standard input cannot be read");
	if (keys < 0)
		keys = open("/dev/null", O_RDONLY);
	return keys >= 0 && dup2(keys, STDIN_FILENO) == STDIN_FILENO && close(keys) == 0;
}

/* And no more of it: numbers keep their point in JSON and text. False without memory, as far as the
 * C library tells: where it took that for a locale that is not there, ours is C's. */
static bool take_locale(void)
{
	errno = 0;
	return setlocale(LC_CTYPE, "") || errno != ENOMEM;
}

/* Who holds lines back has them go out in pieces of that size, where nobody watches them come. */
static void take_output(void)
{
	static char piece[1 << 16];

	if (!isatty(STDOUT_FILENO))
		setvbuf(stdout, piece, _IOFBF, sizeof piece);
}

int main(int argc, char **argv)
{
	char *shell[] = { "shell" }, *watch[] = { "watch" };
	const struct theme *theme = NULL;
	struct options options;
	struct writer out;
	struct pcp_why why;
	bool memory;
	int first;

	if (!fill_streams())
		return EXIT_FAILED;
	memory = take_locale();
	take_output();
	first = options_parse(&options, argc, argv, &why);
	if (first >= 0 && !take_behind(&options, first, &argc, argv, &why))
		first = -1;
	writer_stdio(&out, stdout, options.json);
	out.dialects = options.dialects;
	if (!memory && !pcp_no_memory(&why))
		return (int)fail(&out, EXIT_FAILED, &why);
	if (first < 0)
		return (int)fail(&out, EXIT_USAGE, &why);
	if (options.help)
		return finish(usage(&out));
	if (options.version) {
		write_note(&out, "pcpscope %s", PCPSCOPE_VERSION);
		return finish(EXIT_ANSWERED);
	}
	if (options.theme && !(theme = theme_named(options.theme, &why)))
		return (int)fail(&out, EXIT_USAGE, &why);
	if (options.config.follow && !strcmp(options.config.read_file, "-") &&
	    !take_stdin(&options, &why))
		return (int)fail(&out, EXIT_FAILED, &why);
	if (first < argc && !reads_capture(&options, argc - first, argv + first, &why))
		return (int)fail(&out, EXIT_USAGE, &why);
	if (first < argc)
		return finish(with_session(&options, &out, argc - first, argv + first));
	if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
		return (int)dashboard(&options, theme, &out);
	/* What is followed was on standard input, or is what there is to see. */
	if (options.config.follow || options.config.listen)
		return finish(with_session(&options, &out, 1, watch));
	/* pypcpc read its commands from standard input; without a terminal so do we. */
	return finish(with_session(&options, &out, 1, shell));
}
