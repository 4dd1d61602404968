/* Asks carried to a beacon, or tried from this host, while a listener waits behind the port. */
#include "asker.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "burst.h"
#include "sock.h"
#include "target.h"
#include "trial.h"

/* From try to try by hairpin: nobody else's time is taken. */
#define HAIRPIN_PACE (USEC_PER_SEC / 10)

struct asker {
	struct loop *loop;
	struct pcp_rng *rng;
	void (*done)(void *arg, usec now, const struct inquiry_result *result);
	void *arg;
	bool asking;
	struct asker_question question;
	struct beacon_line beacon;
	struct inquiry inquiry;
	struct target target;
	uint8_t own_key[BEACON_KEY_LEN];
	struct trial hairpin;
	int fd; /* to the beacon; -1: none */
};

/* ---- asks and answers ---- */

static void ask_beacon(struct asker *asker, const struct beacon_message *ask)
{
	uint8_t octets[BEACON_ASK_LEN];
	size_t len = beacon_pack(ask, asker->beacon.key, octets);

	pcp_sock_send(asker->fd, NULL, &asker->beacon.at, octets, len);
}

static void ask(void *arg, const struct beacon_message *ask)
{
	struct asker *asker = arg;
	struct pcp_endpoint to = { .port = 0 };

	target_expect(&asker->target, ask);
	if (asker->question.beacon) {
		ask_beacon(asker, ask);
		return;
	}
	memcpy(to.addr, asker->question.external, sizeof to.addr);
	trial_begin(&asker->hairpin, &asker->question.from, &to, ask);
}

static void datagram(void *arg, int fd, usec now)
{
	struct asker *asker = arg;
	uint8_t octets[BEACON_MESSAGE_LEN + 1];
	struct beacon_message answer;
	struct burst burst = { .fd = fd };
	const char *what;
	ssize_t len;

	while (burst_error(&burst, &what))
		; /* a beacon that is not there is silent */
	while ((len = burst_receive(&burst, octets, sizeof octets)) >= 0)
		if (pcp_endpoint_same(&burst.from, &asker->beacon.at) &&
		    beacon_unpack(octets, (size_t)len, asker->beacon.key, &answer))
			inquiry_answer(&asker->inquiry, now, &answer);
}

static void tried_hairpin(void *arg, const enum beacon_saw saw[BEACON_WAYS])
{
	struct asker *asker = arg;
	struct beacon_message answer = asker->inquiry.ask;

	answer.type = BEACON_ANSWER;
	memcpy(answer.saw, saw, sizeof answer.saw);
	inquiry_answer(&asker->inquiry, loop_now(asker->loop), &answer);
}

static void came(void *arg, enum beacon_way way)
{
	inquiry_came(&((struct asker *)arg)->inquiry, way);
}

/* ---- time ---- */

static usec next(void *arg)
{
	const struct asker *asker = arg;

	if (!asker->asking)
		return USEC_NEVER;
	return asker->inquiry.over ? 0 : inquiry_next(&asker->inquiry);
}

static void tick(void *arg, usec now)
{
	struct asker *asker = arg;

	inquiry_tick(&asker->inquiry, now);
	if (!asker->inquiry.over)
		return;
	asker_drop(asker);
	asker->done(asker->arg, now, &asker->inquiry.result);
}

/* ---- life ---- */

struct asker *asker_new(struct loop *loop, struct pcp_rng *rng,
			void (*done)(void *arg, usec now, const struct inquiry_result *result),
			void *arg)
{
	struct asker *asker = calloc(1, sizeof *asker);

	if (!asker)
		return NULL;
	*asker = (struct asker){ .loop = loop, .rng = rng, .done = done, .arg = arg, .fd = -1 };
	rng->fill(rng, asker->own_key, sizeof asker->own_key);
	if (trial_init(&asker->hairpin, loop, asker->own_key, tried_hairpin, asker) &&
	    loop_timed(loop, next, tick, asker))
		return asker;
	asker_free(asker);
	return NULL;
}

void asker_free(struct asker *asker)
{
	if (!asker)
		return;
	asker_drop(asker);
	trial_free(&asker->hairpin);
	loop_untimed(asker->loop, asker);
	free(asker);
}

static bool open_socket(struct asker *asker)
{
	struct pcp_endpoint from = asker->question.from;
	struct pcp_why why;

	from.port = 0;
	asker->fd = pcp_sock_open(&from, NULL, &why);
	return asker->fd >= 0 && loop_watch(asker->loop, asker->fd, datagram, asker);
}

bool asker_begin(struct asker *asker, const struct asker_question *question)
{
	const uint8_t *key = question->beacon ? question->beacon->key : asker->own_key;

	asker->question = *question;
	asker->asking = true;
	if (question->beacon)
		asker->beacon = *question->beacon;
	if (!target_begin(&asker->target, asker->loop, question->fd, key, came, asker) ||
	    (question->beacon && !open_socket(asker))) {
		asker_drop(asker);
		return false;
	}
	inquiry_begin(&asker->inquiry, question->port,
		      question->beacon ? INQUIRY_PACE : HAIRPIN_PACE, asker->rng,
		      (struct inquiry_io){ asker, ask }, loop_now(asker->loop));
	return true;
}

void asker_drop(struct asker *asker)
{
	if (!asker->asking)
		return;
	asker->asking = false;
	target_end(&asker->target);
	trial_stop(&asker->hairpin);
	if (asker->fd < 0)
		return;
	loop_unwatch(asker->loop, asker->fd);
	close(asker->fd);
	asker->fd = -1;
}
