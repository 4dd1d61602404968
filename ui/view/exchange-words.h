/* An exchange in words short enough for a line: what was asked, and what came of it. */
#ifndef EXCHANGE_WORDS_H
#define EXCHANGE_WORDS_H

#include "view.h"

struct judge;
struct pcp_packet;

/* "MAP tcp 8080 "web" want 5351 PF F2": a request with what is special about it. */
void exchange_request(const struct pcp_packet *packet, char *buf, size_t cap);
/* ":8080 1:00:00": what an answer gives. The usual external address is left out: the status line
 * has it. */
void exchange_answer(const struct ui *ui, const struct pcp_packet *packet, char *buf, size_t cap);
/* A datagram as one of several: "try 2", "SUCCESS 203.0.113.9:8080 1:00:00", why it was ignored. */
void exchange_message(struct judge *judge, const struct message *message, char *buf, size_t cap);
/* When a request is sent again, by the rule of its protocol. */
void exchange_tries(const struct message *message, char *buf, size_t cap);
/* "0.9ms", "0.4 s", "21 s". */
void exchange_time(usec time, char *buf, size_t cap);

#endif
