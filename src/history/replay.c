/* Steps through a capture: forwards by its next datagram, backwards by undoing the last, and where
 * that is not remembered any more by folding it again. */
#include "replay.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- the fold ---- */

struct fold {
	struct pcp_client *client;
	struct log *log;
	struct pcp_rng rng;
	usec now;
	usec wall;	 /* of the datagram at hand, which may be older than the one before */
	uint32_t taken;	 /* datagrams so far, the one at hand included */
	uint64_t missed; /* of which something is missing, as memory was out */
	const struct capture_datagram *datagram; /* at hand; NULL: time passes */
	void (*listener)(void *arg, const struct pcp_client_event *event);
	void *listener_arg;
};

static bool send_nothing(void *arg, const struct pcp_client_server *server,
			 const struct pcp_endpoint *to, const uint8_t *octets, size_t len)
{
	(void)arg, (void)server, (void)to, (void)octets, (void)len;
	return false;
}

static void note(void *arg, const struct pcp_client_event *event)
{
	struct fold *fold = arg;

	const struct capture_datagram *datagram = fold->datagram;

	if (fold->log && !log_event(fold->log, event, fold->wall)) {
		fold->missed++;
	} else if (fold->log && event->octets && datagram) {
		log_came_as(fold->log, fold->taken);
		if (datagram->whole > datagram->len)
			log_was_cut(fold->log, datagram->whole);
	}
	if (fold->listener)
		fold->listener(fold->listener_arg, event);
}

static struct pcp_client_io io_of(struct fold *fold)
{
	return (struct pcp_client_io){ .arg = fold, .send = send_nothing, .event = note };
}

struct fold *fold_new(struct log *log, bool foreign)
{
	struct fold *fold = calloc(1, sizeof *fold);

	if (!fold)
		return NULL;
	fold->log = log;
	pcp_rng_seeded(&fold->rng, 1); /* a passive client draws nothing that could be seen */
	fold->client =
		pcp_client_new(&(struct pcp_client_config){ .passive = true, .foreign = foreign },
			       &fold->rng, io_of(fold));
	if (fold->client)
		return fold;
	free(fold);
	return NULL;
}

/* The same state, without the log. NULL when memory is out. */
static struct fold *fold_copy(const struct fold *from)
{
	struct fold *fold = malloc(sizeof *fold);

	if (!fold)
		return NULL;
	*fold = *from;
	fold->log = NULL;
	fold->listener = NULL;
	fold->client = pcp_client_copy(from->client, &fold->rng, io_of(fold));
	if (fold->client)
		return fold;
	free(fold);
	return NULL;
}

void fold_free(struct fold *fold)
{
	if (!fold)
		return;
	pcp_client_free(fold->client);
	free(fold);
}

void fold_listen(struct fold *fold, void (*event)(void *arg, const struct pcp_client_event *event),
		 void *arg)
{
	fold->listener = event;
	fold->listener_arg = arg;
}

void fold_advance(struct fold *fold, usec wall)
{
	usec due;

	while ((due = pcp_client_next(fold->client)) <= wall) {
		fold->now = due > fold->now ? due : fold->now;
		pcp_client_tick(fold->client, fold->now);
	}
	fold->now = wall > fold->now ? wall : fold->now;
}

void fold_take(struct fold *fold, const struct capture_datagram *datagram)
{
	fold->wall = datagram->wall;
	fold->taken++;
	fold_advance(fold, datagram->wall);
	fold->datagram = datagram;
	if (datagram->unreachable)
		pcp_client_replay_unreachable(fold->client, fold->now, &datagram->from,
					      &datagram->to, datagram->unreachable);
	else if (datagram->sent)
		fold->missed +=
			!pcp_client_replay_sent(fold->client, fold->now, &datagram->from,
						&datagram->to, datagram->octets, datagram->len);
	else
		pcp_client_receive(fold->client, fold->now, &datagram->from, &datagram->to,
				   datagram->octets, datagram->len);
	fold->datagram = NULL;
}

struct pcp_client *fold_client(const struct fold *fold)
{
	return fold->client;
}

usec fold_now(const struct fold *fold)
{
	return fold->now;
}

/* ---- one step back ---- */

/* What a fold has beside its client, and where in the file the step's packet begins. */
struct before {
	struct pcp_rng rng;
	usec now;
	uint32_t taken;
	uint64_t packet, offset;
};

static void begin_step(struct fold *fold, uint64_t packet, uint64_t offset)
{
	struct before before = { fold->rng, fold->now, fold->taken, packet, offset };

	pcp_client_step(fold->client, &before, sizeof before);
}

static bool undo_step(struct fold *fold, struct before *before)
{
	if (!pcp_client_back(fold->client, before, sizeof *before))
		return false;
	fold->log = NULL; /* it has heard it all, and hears nothing again */
	fold->listener = NULL;
	fold->rng = before->rng;
	fold->now = before->now;
	fold->taken = before->taken;
	return true;
}

/* ---- moments that are remembered, so that going back does not begin at the start ---- */

enum {
	MOMENTS_MAX = 64,
	FIRST_SPACING = 4096, /* datagrams from one to the next; doubled when there is no room */
	READ_A_COPY = 8,      /* at least so many are read for each mapping that is copied then */
	/* Packets that are passed over in the time in which one is understood. */
	QUICKER = 16,
};
#define MOMENTS_OCTETS ((size_t)32 << 20)
/* Of steps that can be undone, some 10,000; and so far before where a way ends they are begun. */
#define STEPS_OCTETS ((size_t)16 << 20)
#define LAST_OCTETS  ((uint64_t)1 << 20) /* of the file, */
#define LAST_STEPS   ((uint64_t)10000)	 /* or datagrams */

struct moment {
	uint64_t at;		 /* datagrams */
	uint64_t packet, offset; /* in the file, behind them */
	struct fold *fold;	 /* NULL: none is remembered here */
	size_t octets;		 /* that fold takes */
};

struct moments {
	struct moment moment[MOMENTS_MAX]; /* ascending; the first is the start */
	size_t count;
	size_t octets;
	uint64_t spacing, next_at;
};

static void forget(struct moment *moment)
{
	fold_free(moment->fold);
	*moment = (struct moment){ 0 };
}

static void forget_all(struct moments *moments)
{
	for (size_t i = 0; i < moments->count; i++)
		forget(&moments->moment[i]);
}

static struct moment moment_of(const struct fold *fold, uint64_t at, const struct capture *capture)
{
	const struct capture_counts *counts = capture_counts(capture);

	return (struct moment){ .at = at,
				.packet = counts->packets,
				.offset = counts->offset,
				.fold = fold_copy(fold),
				.octets = pcp_client_octets(fold->client) };
}

/* Every second one goes, but not the start. */
static void thin_out(struct moments *moments)
{
	size_t kept = 1;

	for (size_t i = 1; i < moments->count; i++) {
		if (i % 2) {
			moments->octets -= moments->moment[i].octets;
			forget(&moments->moment[i]);
		} else {
			moments->moment[kept++] = moments->moment[i];
		}
	}
	moments->count = kept;
	moments->spacing *= 2;
}

/* Remembering costs a fraction of reading, however many mappings stand. */
static uint64_t spacing(const struct moments *moments, const struct fold *fold)
{
	uint64_t copying = pcp_client_nmappings(fold->client) * (uint64_t)READ_A_COPY;

	return moments->spacing > copying ? moments->spacing : copying;
}

/* Where there is no memory there is one moment less to go back to. */
static void remember(struct moments *moments, const struct fold *fold, uint64_t at,
		     const struct capture *capture)
{
	size_t octets = pcp_client_octets(fold->client);
	struct moment moment;

	while (moments->count > 1 &&
	       (moments->count == MOMENTS_MAX || moments->octets + octets > MOMENTS_OCTETS))
		thin_out(moments);
	moments->next_at = at + spacing(moments, fold);
	if (octets > MOMENTS_OCTETS)
		return;
	moment = moment_of(fold, at, capture);
	if (!moment.fold)
		return;
	moments->octets += moment.octets;
	moments->moment[moments->count++] = moment;
}

/* The last one that is not behind `at`. */
static const struct moment *nearest(const struct moments *moments, uint64_t at)
{
	size_t i = moments->count - 1;

	while (i > 0 && moments->moment[i].at > at)
		i--;
	return &moments->moment[i];
}

/* ---- the capture ---- */

struct replay {
	char *path;
	uint16_t port[CAPTURE_PORTS_MAX];
	size_t nport;
	struct capture *first; /* the pass that the log heard of */
	struct capture *again; /* the pass that a seek is on; NULL: still the first */
	struct capture *spare; /* open for it: the file may have gone from its place by then */
	uint64_t resume;       /* packets of it that the fold knows already */
	uint64_t offset;       /* where they end in the file, */
	bool elsewhere;	       /* and that is not where `again` stands */
	struct fold *fold;
	uint64_t count, at;
	struct moments moments;
	bool reading, waits, grows;
	bool steps;	    /* are undone: somebody goes back */
	struct pcp_why why; /* of the last seek */
};

/* fd: of a capture that grows; -1: it is whole. */
static struct replay *begin(int fd, const char *path, const uint16_t *port, size_t nport,
			    struct log *log, struct pcp_why *why)
{
	struct replay *replay = calloc(1, sizeof *replay);

	if (!replay || !(replay->path = strdup(path))) {
		pcp_no_memory(why);
		if (fd >= 0)
			close(fd);
		replay_free(replay);
		return NULL;
	}
	replay->nport = nport < CAPTURE_PORTS_MAX ? nport : CAPTURE_PORTS_MAX;
	if (nport)
		memcpy(replay->port, port, replay->nport * sizeof *port);
	replay->first = fd < 0 ? capture_open(path, port, nport, why)
			       : capture_follow(fd, path, port, nport, why);
	if (!replay->first) {
		replay_free(replay);
		return NULL;
	}
	replay->fold = fold_new(log, !capture_is_ours(replay->first));
	if (!replay->fold) {
		pcp_no_memory(why);
		replay_free(replay);
		return NULL;
	}
	replay->moments.spacing = FIRST_SPACING;
	remember(&replay->moments, replay->fold, 0, replay->first);
	if (replay->moments.count == 0) {
		pcp_no_memory(why);
		replay_free(replay);
		return NULL;
	}
	replay->reading = true;
	replay->grows = fd >= 0;
	return replay;
}

struct replay *replay_open(const char *path, const uint16_t *port, size_t nport, struct log *log,
			   struct pcp_why *why)
{
	return begin(-1, path, port, nport, log, why);
}

struct replay *replay_follow(int fd, const char *name, const uint16_t *port, size_t nport,
			     struct log *log, struct pcp_why *why)
{
	return begin(fd, name, port, nport, log, why);
}

void replay_free(struct replay *replay)
{
	if (!replay)
		return;
	capture_close(replay->first);
	capture_close(replay->again);
	capture_close(replay->spare);
	forget_all(&replay->moments);
	fold_free(replay->fold);
	free(replay->path);
	free(replay);
}

/* One packet of the pass. undone: it may be, soon. False at its end. */
static bool step(struct replay *replay, struct capture *capture, bool undone)
{
	const struct capture_counts *counts = capture_counts(capture);
	uint64_t packet = counts->packets, offset = counts->offset;
	struct capture_datagram datagram;

	switch (capture_next(capture, &datagram)) {
	case CAPTURE_DATAGRAM:
		if (undone)
			begin_step(replay->fold, packet, offset);
		fold_take(replay->fold, &datagram);
		replay->at++;
		return true;
	case CAPTURE_PASSED:
		return true;
	case CAPTURE_WAITS:
		replay->waits = true;
		return true;
	case CAPTURE_END:
	case CAPTURE_BROKEN:
		return false;
	}
	return false;
}

void replay_listen(struct replay *replay,
		   void (*event)(void *arg, const struct pcp_client_event *event), void *arg)
{
	fold_listen(replay->fold, event, arg);
}

static struct capture *open_again(const struct replay *replay, struct pcp_why *why)
{
	return capture_open(replay->path, replay->port, replay->nport, why);
}

void replay_steps(struct replay *replay)
{
	struct pcp_why why; /* who seeks is told */

	if (!replay->grows && !replay->again && !replay->spare)
		replay->spare = open_again(replay, &why);
	/* Without memory one goes back by moments. */
	replay->steps = pcp_client_remember(fold_client(replay->fold), STEPS_OCTETS);
}

/* Where it ends is known of a whole file. */
static bool at_the_last(const struct replay *replay)
{
	const struct capture_counts *counts = capture_counts(replay->first);

	return replay->steps && counts->size < counts->offset + LAST_OCTETS;
}

bool replay_read(struct replay *replay, size_t packets)
{
	replay->waits = false;
	while (replay->reading && !replay->waits && packets-- > 0) {
		replay->reading = step(replay, replay->first, at_the_last(replay));
		replay->count = replay->at;
		if (replay->at >= replay->moments.next_at)
			remember(&replay->moments, replay->fold, replay->at, replay->first);
	}
	return replay->reading && !replay->waits;
}

bool replay_waits(const struct replay *replay)
{
	return replay->reading && replay->waits;
}

void replay_advance(struct replay *replay, usec wall)
{
	fold_advance(replay->fold, wall);
}

usec replay_next(const struct replay *replay)
{
	return pcp_client_next(fold_client(replay->fold));
}

void replay_stop(struct replay *replay)
{
	replay->reading = false;
}

bool replay_reading(const struct replay *replay)
{
	return replay->reading;
}

/* The file, open behind so many packets, or at its start and with them to be passed over. */
static bool place(struct replay *replay, uint64_t packets, uint64_t offset)
{
	struct capture *again = replay->again;

	if (!again || !capture_return(again, packets, offset)) {
		again = replay->spare ? replay->spare : open_again(replay, &replay->why);
		replay->spare = NULL;
		if (!again)
			return false;
		capture_close(replay->again);
		replay->again = again;
		(void)capture_return(again, packets, offset);
	}
	replay->resume = packets;
	replay->elsewhere = false;
	return true;
}

/* Goes on from a remembered moment. The log has heard it all and hears nothing again. */
static bool start_from(struct replay *replay, const struct moment *moment)
{
	struct fold *fold = fold_copy(moment->fold);

	if (!fold || !place(replay, moment->packet, moment->offset)) {
		fold_free(fold);
		return false;
	}
	fold_free(replay->fold);
	replay->fold = fold;
	replay->at = moment->at;
	if (replay->steps)
		replay_steps(replay);
	return true;
}

/* False: not there yet, or the file has become shorter (then *packets is left). */
static bool pass_over(struct replay *replay, size_t *packets)
{
	struct capture_datagram datagram;
	const struct capture_counts *counts = capture_counts(replay->again);
	size_t quick = *packets * QUICKER;

	while (counts->packets < replay->resume && quick > 0) {
		if (capture_next(replay->again, &datagram) >= CAPTURE_END)
			return false;
		quick--;
	}
	*packets = quick / QUICKER;
	return counts->packets >= replay->resume;
}

/* Back by steps that are remembered. *packets: at most so many. */
static void go_back(struct replay *replay, uint64_t at, size_t *packets)
{
	struct before before;

	while (replay->at > at && *packets > 0 && undo_step(replay->fold, &before)) {
		replay->at--;
		(*packets)--;
		replay->resume = before.packet;
		replay->offset = before.offset;
		replay->elsewhere = true;
	}
}

/* Makes ready for going on to `at` from where that is nearest. False with replay_trouble(). */
static bool turn(struct replay *replay, uint64_t at)
{
	const struct moment *moment = nearest(&replay->moments, at);

	if (at < replay->at || moment->at > replay->at)
		return start_from(replay, moment);
	return !replay->elsewhere || place(replay, replay->resume, replay->offset);
}

bool replay_seek(struct replay *replay, uint64_t at, size_t packets)
{
	at = at < replay->count ? at : replay->count;
	replay->why.text[0] = '\0';
	if (at < replay->at && replay->at - at <= pcp_client_steps(fold_client(replay->fold)))
		go_back(replay, at, &packets);
	if (at == replay->at || packets == 0)
		return at == replay->at;
	if (!turn(replay, at))
		return true; /* where it was */
	if (!pass_over(replay, &packets))
		return packets > 0; /* the file has become shorter since */
	while (replay->at < at && packets-- > 0)
		if (!step(replay, replay->again, replay->steps && at - replay->at < LAST_STEPS))
			return true; /* likewise */
	return replay->at == at;
}

const char *replay_path(const struct replay *replay)
{
	return replay->path;
}

uint64_t replay_missed(const struct replay *replay)
{
	return replay->fold->missed;
}

uint64_t replay_count(const struct replay *replay)
{
	return replay->count;
}

uint64_t replay_at(const struct replay *replay)
{
	return replay->at;
}

struct pcp_client *replay_client(const struct replay *replay)
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
