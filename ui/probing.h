/* A probe that a command of the `:` prompt asks for. */
#ifndef PROBING_H
#define PROBING_H

#include "command.h"

/* Runs it and puts its page in front: struct command_face's, with the struct ui for arg. */
bool probing_begin(void *ui, const struct probe_wish *wish, struct pcp_why *why);

#endif
