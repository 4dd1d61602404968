/* The words of one command line, sorted by its row: which options with which values, which words.
 */
#ifndef ARGS_H
#define ARGS_H

#include "command.h"
#include "whole.h"

struct args_option {
	const struct command_option *row; /* NULL: `layout` was named instead */
	const struct pcp_layout *layout;  /* a PCP option by its RFC name (--third-party-id=HEX) */
	const char *typed;		  /* the option's word, for messages */
	const char *value;		  /* "" for a flag */
};

struct args {
	const struct command *command;
	bool help;	 /* -h or --help stood there: nothing was checked */
	bool miscounted; /* words are missing, or there are too many */
	size_t noption, nword;
	struct args_option option[COMMAND_WORDS_MAX];
	const char *word[COMMAND_WORDS_MAX]; /* positional, in the order of command->arg */
};

/* Sorts argv[1..] as pypcpc's argparse does: options anywhere, "-lt 600", "-lt=600",
 * "-f1.2.3.0/24/80", unambiguous abbreviations, "--" before words that start with "-". Everything
 * in *args points into argv or the tables. False with *why naming the word that is wrong. */
bool args_parse(const struct command *command, int argc, char **argv, struct args *args,
		struct pcp_why *why);
/* The same for a bare table of options (those before the command); stops at the first word that is
 * no option and returns its index, or -1 with *why. */
int args_parse_global(const struct command_option *options, int argc, char **argv,
		      struct args *args, struct pcp_why *why);
/* Takes options of the table out of a command's words, wherever they stand behind it: whole, and
 * only such as the command has not itself. They are added to *args; the number of words that are
 * left in argv, or -1 with *why. */
int args_take_global(const struct command_option *options, const struct command *command, int argc,
		     char **argv, struct args *args, struct pcp_why *why);
/* The last value given for the option of that name; "" for a flag, NULL when it is not there. */
const char *args_value(const struct args *args, const char *name);

/* The typed number in [low, high]. */
bool args_number(const char *typed, unsigned long low, unsigned long high, unsigned long *number,
		 struct pcp_why *why);

/* Seconds, "2" or "0.5", above 0 and at most a day. */
bool args_timeout(const char *typed, usec *timeout, struct pcp_why *why);

/* "tcp", "udp", "tcp+udp": protocols by name or number, at most `cap` and none twice. How many; 0
 * with *why. */
size_t args_protocols(const char *typed, uint8_t *protocol, size_t cap, struct pcp_why *why);

/* The file that the option names, if it is there, to be written at the command's end. False with
 * *why. */
bool args_file(const struct args *args, const char *option, struct whole **file,
	       struct pcp_why *why);

/* Adds a UDP port to the list. */
bool args_port(const char *typed, uint16_t port[CAPTURE_PORTS_MAX], size_t *nport,
	       struct pcp_why *why);

#endif
