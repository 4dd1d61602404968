#include "replay.h"

#include <stdlib.h>
#include <string.h>

/* ---- the fold ---- */

struct fold {
	struct client *client;
	struct log *log;
	struct rng rng;
	usec now;
	usec wall; /* of the datagram at hand, which may be older than the one before */
};

static bool send_nothing(void *arg, const struct client_server *server, const struct endpoint *to,
			 const uint8_t *octets, size_t len)
{
	(void)arg, (void)server, (void)to, (void)octets, (void)len;
	return false;
}

static void note(void *arg, const struct client_event *event)
{
	struct fold *fold = arg;

	if (fold->log)
		log_event(fold->log, event, fold->wall);
}

struct fold *fold_new(struct log *log)
{
	struct fold *fold = calloc(1, sizeof *fold);

	if (!fold)
		return NULL;
	fold->log = log;
	rng_seeded(&fold->rng, 1); /* a passive client draws nothing that could be seen */
	fold->client =
		client_new(&(struct client_config){ .passive = true }, &fold->rng,
			   (struct client_io){ .arg = fold, .send = send_nothing, .event = note });
	if (!fold->client) {
		free(fold);
		return NULL;
	}
	return fold;
}

void fold_free(struct fold *fold)
{
	if (!fold)
		return;
	client_free(fold->client);
	free(fold);
}

void fold_advance(struct fold *fold, usec wall)
{
	usec due;

	while ((due = client_next(fold->client)) <= wall) {
		fold->now = due > fold->now ? due : fold->now;
		client_tick(fold->client, fold->now);
	}
	fold->now = wall > fold->now ? wall : fold->now;
}

void fold_take(struct fold *fold, const struct capture_datagram *datagram)
{
	fold->wall = datagram->wall;
	fold_advance(fold, datagram->wall);
	if (datagram->sent)
		client_replay_sent(fold->client, fold->now, &datagram->from, &datagram->to,
				   datagram->octets, datagram->len);
	else
		client_receive(fold->client, fold->now, &datagram->from, &datagram->to,
			       datagram->octets, datagram->len);
}

struct client *fold_client(const struct fold *fold)
{
	return fold->client;
}

usec fold_now(const struct fold *fold)
{
	return fold->now;
}

/* ---- the capture ---- */

struct replay {
	char *path;
	uint16_t port[CAPTURE_PORTS_MAX];
	size_t nport;
	struct capture *first; /* the pass that the log heard of */
	struct capture *again; /* the pass that a seek is on; NULL: still the first */
	struct fold *fold;
	uint64_t count, at;
	bool reading;
	struct pcp_why why; /* of the last seek */
};

struct replay *replay_open(const char *path, const uint16_t *port, size_t nport, struct log *log,
			   struct pcp_why *why)
{
	struct replay *replay = calloc(1, sizeof *replay);

	if (!replay || !(replay->path = strdup(path)) || !(replay->fold = fold_new(log))) {
		*why = (struct pcp_why){ .text = "out of memory" };
		replay_free(replay);
		return NULL;
	}
	replay->nport = nport < CAPTURE_PORTS_MAX ? nport : CAPTURE_PORTS_MAX;
	if (nport)
		memcpy(replay->port, port, replay->nport * sizeof *port);
	replay->first = capture_open(path, port, nport, why);
	if (!replay->first) {
		replay_free(replay);
		return NULL;
	}
	replay->reading = true;
	return replay;
}

void replay_free(struct replay *replay)
{
	if (!replay)
		return;
	capture_close(replay->first);
	capture_close(replay->again);
	fold_free(replay->fold);
	free(replay->path);
	free(replay);
}

/* One packet of the pass. False at its end. */
static bool step(struct replay *replay, struct capture *capture)
{
	struct capture_datagram datagram;

	switch (capture_next(capture, &datagram)) {
	case CAPTURE_DATAGRAM:
		fold_take(replay->fold, &datagram);
		replay->at++;
		return true;
	case CAPTURE_PASSED:
		return true;
	case CAPTURE_END:
	case CAPTURE_BROKEN:
		return false;
	}
	return false;
}

bool replay_read(struct replay *replay, size_t packets)
{
	while (replay->reading && packets-- > 0) {
		replay->reading = step(replay, replay->first);
		replay->count = replay->at;
	}
	return replay->reading;
}

bool replay_reading(const struct replay *replay)
{
	return replay->reading;
}

/* Back to before the first datagram. The log has heard it all and hears nothing again. */
static bool rewind_to_start(struct replay *replay)
{
	struct capture *again =
		capture_open(replay->path, replay->port, replay->nport, &replay->why);
	struct fold *fold = fold_new(NULL);

	if (!again || !fold) {
		capture_close(again);
		fold_free(fold);
		return false;
	}
	capture_close(replay->again);
	fold_free(replay->fold);
	replay->again = again;
	replay->fold = fold;
	replay->at = 0;
	return true;
}

bool replay_seek(struct replay *replay, uint64_t at, size_t packets)
{
	at = at < replay->count ? at : replay->count;
	replay->why.text[0] = '\0';
	if (at < replay->at && !rewind_to_start(replay))
		return true; /* where it was, with replay_trouble() */
	while (replay->at < at && packets-- > 0)
		if (!step(replay, replay->again))
			return true; /* the file has become shorter since */
	return replay->at == at;
}

const char *replay_path(const struct replay *replay)
{
	return replay->path;
}

uint64_t replay_count(const struct replay *replay)
{
	return replay->count;
}

uint64_t replay_at(const struct replay *replay)
{
	return replay->at;
}

struct client *replay_client(const struct replay *replay)
{
	return fold_client(replay->fold);
}

usec replay_now(const struct replay *replay)
{
	return fold_now(replay->fold);
}

const struct capture *replay_capture(const struct replay *replay)
{
	return replay->first;
}

const char *replay_trouble(const struct replay *replay)
{
	return replay->why.text;
}
