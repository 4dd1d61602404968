/*
 * One table of commands for the command line, the shell and the dashboard's prompt; dispatch, help,
 * completion and the manual come from its rows. A row stands in its own file, cmd-NAME.c.
 */
#ifndef COMMAND_H
#define COMMAND_H

#include "session.h"
#include "writer.h"

enum exit_status {
	EXIT_SENT = -1, /* and not waited for: how it ends is not known. To the system 0 */
	EXIT_ANSWERED = 0,
	EXIT_REFUSED = 1,
	EXIT_USAGE = 2,
	EXIT_NO_ANSWER = 3,
	EXIT_FAILED = 4,
};

enum { COMMAND_WORDS_MAX = 64, COMMAND_LINE_MAX = 8192, COMMAND_USAGE_MAX = 1024 };

/* Where a command works. */
enum { COMMAND_LINE = 1, COMMAND_SHELL = 2, COMMAND_PROMPT = 4, COMMAND_ANYWHERE = 7 };

struct suggest;	   /* suggest.h */
struct compose;	   /* a request in the making: compose.h */
struct args;	   /* a command's words, sorted: args.h */
struct report;	   /* prints what happens: report.h */
struct probe_wish; /* what is asked for with a probe: probe-wish.h */

/* One positional word. `path`: the field it sets; "body." stands for the opcode's own layout. NULL
 * where the command's code takes the word. */
struct command_arg {
	const char *name; /* "INTERNAL_PORT" */
	const char *path;
	const char *help;
	bool optional; /* it and those after it may be left out */
	/* Does what path cannot say; NULL: it says it all. */
	bool (*apply)(struct compose *compose, const char *typed, struct pcp_why *why);
	bool many;   /* takes all the words that are left */
	bool dashed; /* --WORD is the same as WORD: what is no option of the command is such a word
		      */
};

struct command_option {
	const char *name;  /* "-lt" */
	const char *alias; /* "--lifetime", or NULL */
	const char *value; /* "SECONDS"; NULL: a flag */
	bool maybe;	   /* the value may be missing; then it comes only behind "=" */
	bool (*fits)(const char *word); /* with maybe: also as the next word, when this says that it
					   is such a value; NULL: only so */
	const char *path; /* the field it sets ("header.lifetime", "body.nonce"; ".protocol" is of
			     the  PCP option last added), or NULL */
	uint8_t option;	  /* PCP option code it adds; 0: none */
	bool repeat;	  /* may be given more than once; otherwise the last one counts */
	bool many;	  /* takes words up to the next option, as pypcpc's -f does */
	bool whole;	  /* never abbreviated, so that pypcpc's abbreviations keep their meaning */
	const char *help;
	/* Does what path and option cannot say; NULL: they say it all, or the command's code asks.
	 */
	bool (*apply)(struct compose *compose, const char *value, struct pcp_why *why);
	/* The words after it belong to these options (-next), which end with a NULL name. */
	const struct command_option *rest;
};

enum { COMMAND_JOBS_MAX = 1024 };

/* What the command line and the shell keep from command to command; the dashboard has none. */
struct command_script {
	struct report *report;
	bool renew;   /* --renew: mappings are to be kept alive */
	bool stop;    /* end at the first command that fails */
	bool quit;    /* `quit` was read */
	size_t line;  /* of the script, from 1; 0: a command line */
	size_t njobs; /* requests in the background (-b) */
	uint32_t job[COMMAND_JOBS_MAX];
};

/* What the dashboard shows in its own way. */
struct command_face {
	void *arg;
	/* Runs the probe, and *wish, with its files, is the face's from then on. False with *why:
	 * it is not run. */
	bool (*probe)(void *arg, const struct probe_wish *wish, struct pcp_why *why);
};

struct command_context {
	struct session *session; /* NULL for commands that need none (decode, fields, help) */
	struct writer *out;
	usec timeout; /* for an answer; 0: do not wait, the face observes (dashboard) */
	const struct command_face *face; /* NULL: the command shows it itself */
	unsigned where;			 /* COMMAND_LINE, _SHELL or _PROMPT; 0: _PROMPT */
	struct command_script *script;	 /* NULL in the dashboard */
};

struct command {
	const char *name, *summary, *help;
	unsigned where;
	bool needs_session; /* and with it a server to talk to, unless no_server */
	bool no_server;
	/* Starts the request that the words mean; NULL: the command composes none. */
	bool (*begin)(struct compose *compose, const struct args *args, struct pcp_why *why);
	uint8_t opcode;
	const struct command_arg *arg;	      /* ends with a NULL name; NULL: none */
	const struct command_option *options; /* ends with a NULL name; NULL: none */
	/* Calls `found` for each word that can stand behind the command; `typed` has begun it.
	 * NULL: those that the fields of its arguments have names for. */
	void (*complete)(const char *typed,
			 void (*found)(void *arg, const char *word, const char *help), void *arg);
	enum exit_status (*run)(struct command_context *context, const struct args *args);
};

extern const struct command *const commands[]; /* ends with NULL */
extern const size_t ncommands;
/* What every composing command takes besides its own options; ends with a NULL name. */
extern const struct command_option command_request_options[];
/* What every command takes; ends with a NULL name. */
extern const struct command_option command_common_options[];
/* The row *i of a table that a NULL name ends; beyond it NULL, and *i less the rows of the table.
 */
const struct command_option *command_option_row(const struct command_option *table, size_t *i);
/* The option of the command, or the request option, in row i; NULL beyond. */
const struct command_option *command_option_at(const struct command *command, size_t i);
/* What stands between the option's name and its value: " ", "[=" or " [", which a ] ends; ""
 * without a value. */
const char *command_option_joint(const struct command_option *option);
/* Options before the command; main.c acts on them. */
extern const struct command_option command_global_options[];

/* "map INTERNAL_PORT EXTERNAL_PORT PROTOCOL [-lt SECONDS] ...", from the row. Length as snprintf.
 */
size_t command_usage(const struct command *command, char *buf, size_t cap);
/* Splits a line into words: blanks separate, '...', "..." and \ keep them as sh and pypcpc do; #
 * starts a comment where it is the line's first character or a word of its own. Words point into
 * `line`, which is changed. Returns the count, or -1 with *why. */
int command_split(char *line, char *words[COMMAND_WORDS_MAX], struct pcp_why *why);
/* NULL when no command has that name (or unambiguous beginning). */
const struct command *command_find(const char *name);
/* "in the shell and the dashboard": the places in which it works, to be followed by "only". NULL:
 * it works anywhere. */
const char *command_places(const struct command *command);
/* How a message about an unknown command ends: the one that was likely meant, of those that work
 * `where`, or `otherwise`. */
const char *command_suggest(struct suggest *suggest, const char *typed, unsigned where,
			    const char *otherwise);
/* Composes the request that a map, peer, announce, get or raw command line means, without sending
 * it. Also what the dashboard previews. flags of the request (raw, keep_nonce, mrc) are set too. */
bool command_compose(int argc, char **argv, const struct session *session, struct pcp_edit *edit,
		     struct pcp_client_request *request, struct pcp_why *why);
/* Of two, one after the other: the first that went wrong, else the later. */
enum exit_status command_first(enum exit_status first, enum exit_status later);
/* Runs one command line; what is wrong with it goes to out as an error naming the word. */
enum exit_status command_run(struct command_context *context, int argc, char **argv);
/* What could stand at the end of `line`, of what works `where` (COMMAND_LINE, ...): calls `found`
 * for each. */
void command_complete(const char *line, unsigned where,
		      void (*found)(void *arg, const char *word, const char *help), void *arg);
/* The command line that composes the packet again ("map 8080 8080 tcp -lt 600"); RAW as "raw HEX".
 * Length as snprintf. */
size_t command_of_packet(const struct pcp_packet *packet, char *buf, size_t cap);

#endif
