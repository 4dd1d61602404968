/* Phases: load, the table grown, a restart watched; after each, its mappings are deleted. */
#include "bencher.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "burst.h"
#include "pcp.h"
#include "sock.h"

enum {
	FIRST_PORT = 49152, /* of those that nobody is assigned: RFC 6335 6 */
	UDP = 17,
	LIFETIME = 1800,
	LOAD_PORTS = 256, /* mappings that the load uses at most */
	CLEAR_WINDOW = 8,
	WATCH_RATE = 20,
	WATCH_PORTS = 32,
};
#define PATIENCE (3 * USEC_PER_SEC)

enum step {
	BENCH_LOAD,
	BENCH_CLEAR,
	BENCH_GROW,
	BENCH_CLEAR_TABLE,
	BENCH_WATCH,
	BENCH_CLEAR_WATCHED,
	BENCH_OVER
};
enum { KEPT = 3 };

struct bencher {
	struct loop *loop;
	struct bench_config config;
	struct load *load;
	int fd;
	enum step step;
	bool stopped, met, told;
	struct load_result kept[KEPT]; /* of load, growth, restart, with memory of their own */
	bool have[KEPT];
	unsigned largest, left;
	uint8_t full;
	uint64_t deleted;
	void (*done)(void *arg);
	void *arg;
};

static void send_it(void *arg, const uint8_t *octets, size_t len)
{
	struct bencher *bencher = arg;

	/* What the system does not take is lost, as on the way. */
	(void)pcp_sock_send(bencher->fd, NULL, &bencher->config.server, octets, len);
}

static void arrived(void *arg, int fd, usec now)
{
	struct bencher *bencher = arg;
	struct burst burst = { .fd = fd };
	uint8_t octets[PCP_MAX_LEN];
	const char *what;
	ssize_t len;

	while (burst_error(&burst, &what))
		; /* no answer, as any other */
	while ((len = burst_receive(&burst, octets, sizeof octets)) >= 0)
		if (pcp_endpoint_same(&burst.from, &bencher->config.server))
			load_receive(bencher->load, pcp_clock_monotonic(), octets, (size_t)len);
	(void)now;
}

/* ---- phases ---- */

static void begin(struct bencher *bencher, usec now)
{
	const struct bench_config *config = &bencher->config;
	bool strangers = config->rate && config->rate <= BENCH_STRANGERS_RATE;
	struct load_phase phase = { .duration = USEC_NEVER, .window = 1 };

	switch (bencher->step) {
	case BENCH_LOAD:
		phase.rate = config->rate;
		phase.window = config->rate ? LOAD_PORTS : config->window;
		phase.duration = config->duration;
		phase.most = LOAD_PORTS;
		memcpy(phase.weight, config->weight, sizeof phase.weight);
		break;
	case BENCH_GROW:
		phase.rate = strangers ? config->rate : 0;
		phase.most = config->table;
		phase.grows = true;
		break;
	case BENCH_WATCH:
		phase.rate = strangers ? config->rate : WATCH_RATE;
		phase.window = LOAD_PORTS;
		phase.duration = config->restart;
		phase.most = WATCH_PORTS;
		phase.weight[LOAD_MAP] = phase.weight[LOAD_RENEW] = 1;
		phase.watches = true;
		break;
	case BENCH_CLEAR:
	case BENCH_CLEAR_TABLE:
	case BENCH_CLEAR_WATCHED:
		phase.rate = strangers ? config->rate : 0;
		phase.window = CLEAR_WINDOW;
		phase.clears = true;
		break;
	case BENCH_OVER:
		return;
	}
	load_begin(bencher->load, now, &phase);
	if (bencher->stopped && !phase.clears)
		load_stop(bencher->load);
}

/* Takes the result over from the load, of which the next phase begins one of its own. */
static void keep(struct bencher *bencher, size_t i)
{
	struct load_result *result = load_result(bencher->load), *kept = &bencher->kept[i];
	struct load_point *point = malloc((result->npoint + 1) * sizeof *point);

	*kept = *result;
	kept->point = point;
	if (point)
		memcpy(point, result->point, result->npoint * sizeof *point);
	else
		kept->npoint = 0;
	kept->failed |= !point;
	for (size_t kind = 0; kind < LOAD_KINDS; kind++)
		result->took[kind] = (struct samples){ 0 };
	result->all = (struct samples){ 0 };
	bencher->have[i] = true;
}

static void end_step(struct bencher *bencher)
{
	struct load_result *result = load_result(bencher->load);

	bencher->met |= result->answered > 0;
	switch (bencher->step) {
	case BENCH_LOAD:
		keep(bencher, 0);
		break;
	case BENCH_GROW:
		bencher->largest = load_standing(bencher->load);
		bencher->full = load_full(bencher->load);
		keep(bencher, 1);
		break;
	case BENCH_WATCH:
		keep(bencher, 2);
		break;
	case BENCH_CLEAR:
	case BENCH_CLEAR_TABLE:
	case BENCH_CLEAR_WATCHED:
		bencher->deleted += result->result[PCP_SUCCESS];
		break;
	case BENCH_OVER:
		break;
	}
}

static bool skipped(const struct bencher *bencher)
{
	bool nobody = (bencher->have[0] || bencher->have[1] || bencher->have[2]) && !bencher->met;

	switch (bencher->step) {
	case BENCH_LOAD:
		return !bencher->config.duration;
	case BENCH_GROW:
		return !bencher->config.table || bencher->stopped || nobody;
	case BENCH_WATCH:
		return !bencher->config.restart || bencher->stopped || nobody;
	case BENCH_CLEAR:
	case BENCH_CLEAR_TABLE:
	case BENCH_CLEAR_WATCHED:
		return nobody;
	case BENCH_OVER:
		return false;
	}
	return false;
}

static usec next(void *arg)
{
	const struct bencher *bencher = arg;

	if (bencher->step == BENCH_OVER)
		return bencher->told ? USEC_NEVER : 0;
	return load_over(bencher->load) ? 0 : load_next(bencher->load);
}

static void tick(void *arg, usec now)
{
	struct bencher *bencher = arg;

	(void)now; /* the time at which a turn began; latencies are finer than that */
	if (bencher->step != BENCH_OVER)
		load_tick(bencher->load, pcp_clock_monotonic());
	while (bencher->step != BENCH_OVER && load_over(bencher->load)) {
		end_step(bencher);
		do
			bencher->step++;
		while (skipped(bencher));
		begin(bencher, pcp_clock_monotonic());
	}
	if (bencher->step != BENCH_OVER || bencher->told)
		return;
	bencher->told = true;
	bencher->left = load_standing(bencher->load);
	bencher->done(bencher->arg);
}

/* ---- life ---- */

void bencher_stop(struct bencher *bencher)
{
	bencher->stopped = true;
	if (bencher->step == BENCH_LOAD || bencher->step == BENCH_GROW ||
	    bencher->step == BENCH_WATCH)
		load_stop(bencher->load);
}

void bencher_free(struct bencher *bencher)
{
	if (!bencher)
		return;
	loop_untimed(bencher->loop, bencher);
	if (bencher->fd >= 0) {
		loop_unwatch(bencher->loop, bencher->fd);
		close(bencher->fd);
	}
	for (size_t i = 0; i < KEPT; i++) {
		for (size_t kind = 0; kind < LOAD_KINDS; kind++)
			samples_free(&bencher->kept[i].took[kind]);
		samples_free(&bencher->kept[i].all);
		free(bencher->kept[i].point);
	}
	load_free(bencher->load);
	free(bencher);
}

struct bencher *bencher_start(struct loop *loop, struct pcp_rng *rng,
			      const struct bench_config *config, void (*done)(void *arg), void *arg,
			      struct pcp_why *why)
{
	struct bencher *bencher = calloc(1, sizeof *bencher);
	struct load_config load = { .first = FIRST_PORT,
				    .ports =
					    config->table > LOAD_PORTS ? config->table : LOAD_PORTS,
				    .protocol = UDP,
				    .lifetime = LIFETIME,
				    .patience = PATIENCE };
	struct pcp_endpoint local = config->source;

	if (!bencher) {
		pcp_no_memory(why);
		return NULL;
	}
	*bencher = (struct bencher){
		.loop = loop, .config = *config, .fd = -1, .done = done, .arg = arg
	};
	local.port = 0;
	memcpy(load.source, local.addr, PCP_ADDR_LEN);
	bencher->fd = pcp_sock_open(&local, NULL, why);
	if (bencher->fd >= 0 &&
	    (!(bencher->load = load_new(&load, rng, (struct load_io){ bencher, send_it })) ||
	     !loop_watch(loop, bencher->fd, arrived, bencher) ||
	     !loop_timed(loop, next, tick, bencher))) {
		pcp_no_memory(why);
		bencher_free(bencher);
		return NULL;
	}
	if (bencher->fd < 0) {
		free(bencher);
		return NULL;
	}
	while (skipped(bencher))
		bencher->step++;
	begin(bencher, pcp_clock_monotonic());
	return bencher;
}

struct bench_report bencher_report(struct bencher *bencher)
{
	return (struct bench_report){ .config = &bencher->config,
				      .load = bencher->have[0] ? &bencher->kept[0] : NULL,
				      .table = bencher->have[1] ? &bencher->kept[1] : NULL,
				      .restart = bencher->have[2] ? &bencher->kept[2] : NULL,
				      .largest = bencher->largest,
				      .full = bencher->full,
				      .met = bencher->met,
				      .stopped = bencher->stopped,
				      .deleted = bencher->deleted,
				      .left = bencher->left };
}
