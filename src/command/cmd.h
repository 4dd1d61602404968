/* The rows of the command table, each in its own file, and what they share. */
#ifndef CMD_H
#define CMD_H

#include "args.h"

extern const struct command cmd_map, cmd_peer, cmd_announce, cmd_get, cmd_send, cmd_raw;
extern const struct command cmd_walk, cmd_mappings, cmd_renew, cmd_delete, cmd_auto, cmd_forget,
	cmd_adopt, cmd_recover;
extern const struct command cmd_complete, cmd_open, cmd_moment, cmd_close, cmd_resume;
extern const struct command cmd_servers, cmd_use, cmd_lab, cmd_serve, cmd_watch, cmd_probe,
	cmd_beacon, cmd_bench, cmd_keep;
extern const struct command cmd_decode, cmd_encode, cmd_fields, cmd_help;
extern const struct command cmd_shell, cmd_wait, cmd_sleep, cmd_set, cmd_tour, cmd_quit;

/* Sends what the words compose, or only shows it (-dry-run), and waits for the answer. */
enum exit_status cmd_request(struct command_context *context, const struct args *args);
/* The same, and which exchange it was; 0: none. */
enum exit_status cmd_request_as(struct command_context *context, const struct args *args,
				uint32_t *exchange);
/* The packet as composed, judged with what is known of its way; NULL: it is not judged. */
enum exit_status cmd_show(struct command_context *context, const struct pcp_edit *edit,
			  const struct judge_facts *facts);
/* Waits for the exchange as the context says; how it ended. Without a timeout: EXIT_SENT. */
enum exit_status cmd_await(struct command_context *context, uint32_t exchange);
/* How the exchange ended: EXIT_ANSWERED, _REFUSED or _NO_ANSWER. */
enum exit_status cmd_outcome(const struct session *session, uint32_t exchange);
/* An error, after the line of the script that it stands in. */
void cmd_error(struct command_context *context, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Says what is wrong with a command's words and gives EXIT_USAGE. */
enum exit_status cmd_usage(struct command_context *context, const struct args *args,
			   const struct pcp_why *why);
/* SIGINT and SIGTERM call `caught` from the loop, until cmd_uncatch with the same arg. False, with
 * a message: memory is out. */
bool cmd_catch(struct command_context *context, struct loop *loop,
	       void (*caught)(void *arg, int signo), void *arg);
void cmd_uncatch(struct command_context *context, struct loop *loop, const void *arg);
/* The way that most such commands end by a signal; arg is the loop. */
void cmd_stop(void *arg, int signo);
/* Waits for every request in the background; the first status that is not 0. */
enum exit_status cmd_wait_jobs(struct command_context *context);

#endif
