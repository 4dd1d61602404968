/* The options before the command, and what they configure. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "args.h"

struct options {
	struct session_config config; /* points into argv and lab_spec */
	bool json, quiet, debug, help, version;
	bool ascii, plain, no_mouse;
	const char *theme, *config_file; /* of the dashboard; NULL: as it likes */
	unsigned dialects;
	usec timeout; /* for an answer */
	char lab_spec[COMMAND_LINE_MAX];
	struct args given; /* as they stood there */
};

/* Takes command_global_options from argv. The index of the first word that is none, or -1 with *why
 * naming the word that is wrong. */
int options_parse(struct options *options, int argc, char **argv, struct pcp_why *why);
/* Takes those that stand behind the command out of its words. How many words are left, or -1 with
 * *why. */
int options_behind(struct options *options, const struct command *command, int argc, char **argv,
		   struct pcp_why *why);
/* Adds to what --lab was given: an address or a word. False with *why when it is too long. */
bool options_lab(struct options *options, const char *word, struct pcp_why *why);

#endif
