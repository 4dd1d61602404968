/* An exchange in words short enough for a line: what was asked, and what came of it. */
#ifndef EXCHANGE_WORDS_H
#define EXCHANGE_WORDS_H

#include "view.h"

struct judge;
struct pcp_packet;

/* "MAP tcp 8080 "web" want 5351 PF F2": a request with what is special about it. How many octets
 * come before that. */
size_t exchange_request(const struct pcp_packet *packet, char *buf, size_t cap);
/* What an answer gives: ":8080" or another result, for how long, and where that is, "" where it is
 * the usual external address: the status line has that. */
struct exchange_given {
	char address[PCP_ADDR_TEXT + 2], what[300], lifetime[48];
};
void exchange_answer(const struct ui *ui, const struct pcp_packet *packet,
		     struct exchange_given *given);
/* A datagram as one of several: "try 2", "SUCCESS 203.0.113.9:8080 1:00:00", why it was ignored. */
void exchange_message(struct judge *judge, const struct message *message, char *buf, size_t cap);
/* When a request is sent again, by the rule of its protocol. */
void exchange_tries(const struct message *message, char *buf, size_t cap);
/* "0.9ms", "0.4 s", "21 s". */
void exchange_time(usec time, char *buf, size_t cap);

#endif
