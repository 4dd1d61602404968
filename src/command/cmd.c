/* What a command says about itself and its words. */
#include "cmd.h"
#include "words.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void put_option(struct pcp_out *out, const struct command_option *option)
{
	pcp_out_format(out, " [%s", option->name);
	if (option->value)
		pcp_out_format(out, "%s%s%s%s", command_option_joint(option), option->value,
			       option->maybe ? "]" : "", option->many ? " ..." : "");
	for (const struct command_option *rest = option->rest; rest && rest->name; rest++)
		put_option(out, rest);
	pcp_out_text(out, "]");
}

static void put_arg(struct pcp_out *out, const struct command_arg *arg)
{
	pcp_out_format(out, arg->optional ? " [%s%s]" : " %s%s", arg->name,
		       arg->many ? " ..." : "");
}

size_t command_usage(const struct command *command, char *buf, size_t cap)
{
	struct pcp_out out;

	pcp_out_begin(&out, buf, cap);
	pcp_out_text(&out, command->name);
	for (const struct command_arg *arg = command->arg; arg && arg->name; arg++)
		put_arg(&out, arg);
	for (const struct command_option *o = command->options; o && o->name; o++)
		put_option(&out, o);
	if (command->begin)
		pcp_out_text(&out, " [OPTIONS OF REQUESTS]");
	return out.len;
}

/* ---- errors ---- */

void cmd_error(struct command_context *context, const char *format, ...)
{
	size_t line = context->script ? context->script->line : 0;
	char sentence[1024];
	va_list ap;

	va_start(ap, format);
	if (vsnprintf(sentence, sizeof sentence, format, ap) >= (int)sizeof sentence)
		pcp_end_whole(sentence);
	va_end(ap);
	if (line)
		write_error(context->out, "line %zu: %s", line, sentence);
	else
		write_error(context->out, "%s", sentence);
}

enum exit_status command_first(enum exit_status first, enum exit_status later)
{
	return first > EXIT_ANSWERED ? first : later;
}

enum exit_status cmd_usage(struct command_context *context, const struct args *args,
			   const struct pcp_why *why)
{
	char usage[COMMAND_USAGE_MAX];

	cmd_error(context, "%s: %s", args->command->name, why->text);
	if (args->miscounted) {
		command_usage(args->command, usage, sizeof usage);
		cmd_error(context, "usage: %s", usage);
	}
	/* Then it was not what was typed. */
	return why->code == PCP_WHY_MEMORY ? EXIT_FAILED : EXIT_USAGE;
}

/* ---- signals ---- */

static const int ending[] = { SIGINT, SIGTERM };

bool cmd_catch(struct command_context *context, struct loop *loop,
	       void (*caught)(void *arg, int signo), void *arg)
{
	for (size_t i = 0; i < sizeof ending / sizeof *ending; i++)
		if (!loop_signal(loop, ending[i], caught, arg)) {
			loop_unsignal(loop, arg);
			cmd_error(context, "out of memory");
			return false;
		}
	return true;
}

/* A shell goes on, and its signals are what they were. The one command of a command line is
 * followed by the end alone: a signal that comes twice, as timeout(1) sends it, must not break that
 * off. */
void cmd_uncatch(struct command_context *context, struct loop *loop, const void *arg)
{
	for (size_t i = 0; context->where == COMMAND_LINE && i < sizeof ending / sizeof *ending;
	     i++)
		loop_signal(loop, ending[i], NULL, context);
	loop_unsignal(loop, arg);
}

void cmd_stop(void *arg, int signo)
{
	(void)signo;
	loop_stop(arg);
}
