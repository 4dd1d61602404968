/*
 * Where in a capture stands what its mappings hang on: of each the request and the answer that
 * granted it, and what was asked and answered about it last. So that the rest can go, and the table
 * is the same as before when what was kept is read again.
 */
#ifndef LEDGER_H
#define LEDGER_H

#include "capture.h"
#include "client.h"

struct ledger;

struct ledger *ledger_new(void); /* NULL when memory is out */
void ledger_free(struct ledger *ledger);
/* An event of the client whose datagrams the capture has. at: where the event's datagram stands in
 * the file; 0: it has none, or is in no file. */
void ledger_event(struct ledger *ledger, const struct pcp_client_event *event, uint64_t at);
/* Carries over what is still needed at `now`, a time of the client. ended: no answer comes any
 * more, so what waits for one is not needed. False when memory was out, now or earlier, or the
 * records cannot be had: then the old file must stay. */
bool ledger_carry(struct ledger *ledger, const struct pcp_client *client, usec now, bool ended,
		  struct capture_carrier *carrier);
/* The new file has taken the old one's place. */
void ledger_turned(struct ledger *ledger);
/* Granted at one time, not deleted since, and its time not yet over. Where an answer to the last
 * request is missing, the mapping may live or not: deleting it harms nothing. */
bool ledger_may_live(const struct pcp_mapping *mapping, usec now);

/* For capture_keeper: the same of a saved session that has ended, at the wall's time `now`. lab: of
 * one that had its own lab, which is gone. */
bool ledger_carry_ended(const char *path, bool lab, usec now, struct capture_carrier *carrier);

#endif
