/* From the words of a command to the octets of a request. */
#ifndef COMPOSE_H
#define COMPOSE_H

#include "args.h"

struct compose {
	struct pcp_edit *edit;
	struct pcp_client_request *request;
	const struct session *session; /* NULL: nothing is known of servers */
	int option;		       /* index of the PCP option last added; -1: none */
};

/* Builds the request that the sorted words mean; see command_compose. */
bool compose_args(const struct args *args, const struct session *session, struct pcp_edit *edit,
		  struct pcp_client_request *request, struct pcp_why *why);
/* Starts with header and body of the opcode; addresses are the zero of the source's family, since
 * :: would ask for IPv6 (RFC 6887 5, 11.1). */
bool compose_begin(struct compose *compose, const struct args *args, uint8_t opcode,
		   uint32_t lifetime, struct pcp_why *why);
/* The server that a person means by its number, its address or the name that was typed for it; 0
 * with *why when there is none. */
uint16_t compose_server(const struct session *session, const char *typed, struct pcp_why *why);

/* What words do that a path cannot say; values of command_arg.apply. PORT[/PROTOCOL]: the external
 * port wished for is the same, the protocol tcp, until words behind it say otherwise. */
bool compose_internal_port(struct compose *compose, const char *typed, struct pcp_why *why);
/* PORT, or ADDRESS:PORT with [ADDRESS]:PORT for IPv6. */
bool compose_remote(struct compose *compose, const char *typed, struct pcp_why *why);

/* What options do that a path or code cannot say; values of command_option.apply. */
bool compose_filter(struct compose *compose, const char *value, struct pcp_why *why);
bool compose_port_set(struct compose *compose, const char *value, struct pcp_why *why);
bool compose_nonce(struct compose *compose, const char *value, struct pcp_why *why);
bool compose_client(struct compose *compose, const char *value, struct pcp_why *why);
bool compose_any_option(struct compose *compose, const char *value, struct pcp_why *why);
bool compose_set(struct compose *compose, const char *value, struct pcp_why *why);
bool compose_exact(struct compose *compose, const char *value, struct pcp_why *why);
bool compose_to(struct compose *compose, const char *value, struct pcp_why *why);
bool compose_tries(struct compose *compose, const char *value, struct pcp_why *why);
bool compose_renew(struct compose *compose, const char *value, struct pcp_why *why);
bool compose_no_renew(struct compose *compose, const char *value, struct pcp_why *why);

#endif
