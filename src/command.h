/*
 * One table of commands for the command line, the shell and the dashboard's prompt; dispatch, help,
 * completion and the manual come from its rows.
 */
#ifndef COMMAND_H
#define COMMAND_H

#include "session.h"
#include "writer.h"

enum exit_status { EXIT_ANSWERED = 0, EXIT_REFUSED = 1, EXIT_USAGE = 2, EXIT_NO_ANSWER = 3, EXIT_FAILED = 4 };

enum { COMMAND_WORDS_MAX = 64, COMMAND_LINE_MAX = 8192 };

/* Where a command works. */
enum { COMMAND_LINE = 1, COMMAND_SHELL = 2, COMMAND_PROMPT = 4 };

struct command_option {
	const char *name;     /* "-lt" */
	const char *alias;    /* "--lifetime", or NULL */
	const char *value;    /* "SECONDS"; NULL: a flag */
	const char *path;     /* the field it sets ("header.lifetime"), or NULL when the command's code acts on it */
	uint8_t option;       /* PCP option code it adds; 0: none */
	bool repeat;
	const char *help;
};

struct command_context {
	struct session *session; /* NULL for commands that need none (decode, fields, help) */
	struct writer *out;
	usec timeout;            /* for an answer; 0: do not wait, the face observes (dashboard, -b) */
	void *face;              /* of the dashboard: for ui commands; NULL elsewhere */
};

struct command {
	const char *name, *usage, *summary, *help;
	unsigned where;
	bool needs_session;
	const struct command_option *options; /* ends with a NULL name */
	enum exit_status (*run)(struct command_context *context, int argc, char **argv);
};

extern const struct command commands[];
extern const size_t ncommands;

/* Splits a line into words: blanks separate, '...' and "..." keep them, # starts a comment. Words point
 * into `line`, which is changed. Returns the count, or -1 with *why. */
int command_split(char *line, char *words[COMMAND_WORDS_MAX], struct pcp_why *why);
/* NULL when no command has that name (or unambiguous beginning). */
const struct command *command_find(const char *name);
/* Composes the request that a map, peer, announce, get or raw command line means, without sending it.
 * Also what the dashboard previews. flags of the request (raw, keep_nonce, mrc) are set too. */
bool command_compose(int argc, char **argv, const struct session *session, struct pcp_edit *edit,
                     struct client_request *request, struct pcp_why *why);
/* Runs one command line; what is wrong with it goes to out as an error naming the word. */
enum exit_status command_run(struct command_context *context, int argc, char **argv);
/* What could stand at the end of `line`: calls `found` for each. */
void command_complete(const char *line, void (*found)(void *arg, const char *word, const char *help), void *arg);
/* The command line that composes the packet again ("map 8080 8080 tcp -lt 600"); RAW as "raw HEX". */
size_t command_of_packet(const struct pcp_packet *packet, char *buf, size_t cap);

#endif
