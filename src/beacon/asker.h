/* Has a mapped port of this host tried, by a beacon or by hairpin: the listener behind the port,
 * the asks and their answers. */
#ifndef ASKER_H
#define ASKER_H

#include "inquiry.h"
#include "loop.h"

struct asker;

struct asker_question {
	const struct beacon_line *beacon; /* NULL: by hairpin */
	struct pcp_endpoint from;	  /* the address of this host that asks */
	uint8_t external[PCP_ADDR_LEN];	  /* what hairpin tries; a beacon tries whom it sees */
	uint16_t port[BEACON_WAYS];	  /* outside; 0: none */
	int fd[BEACON_WAYS];		  /* what the ports lead to: target.h */
};

/* NULL when memory is out. The rng must outlive it. */
struct asker *asker_new(struct loop *loop, struct pcp_rng *rng,
			void (*done)(void *arg, usec now, const struct inquiry_result *result),
			void *arg);
void asker_free(struct asker *asker);
/* One question at a time. False: it cannot be asked. */
bool asker_begin(struct asker *asker, const struct asker_question *question);
/* It is not wanted any more: done is not called. */
void asker_drop(struct asker *asker);

#endif
