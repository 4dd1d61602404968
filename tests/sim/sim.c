/*
 * sim [--seeds N] [--from SEED] [--jobs N]: N worlds, one a seed. sim --seed N: one of them, told
 * as it goes. Each is hours of virtual time: chaos first, then the network heals and the tables
 * must agree, then the gateway restarts and they must agree again.
 */
#include "sim.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the longest thing under way when the network heals needs: an orphan's lifetime, after the
 * latest datagram has arrived, and some more. */
#define SETTLE	    (4500 * SECOND)
#define CHAOS_LEAST (1.5 * 3600)
#define CHAOS_MOST  (4.0 * 3600)

static const char *program;

double chance(struct world *world)
{
	return pcp_rng_uniform(&world->rng, 0, 1);
}

void trace(const struct world *world, const char *format, ...)
{
	va_list args;

	if (!world->verbose)
		return;
	printf("%12.6f  ", (double)world->now / (double)SECOND);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

void broken(struct world *world, const char *format, ...)
{
	va_list args;

	if (world->failed)
		return;
	world->failed = true;
	printf("seed %llu at %.3f s: ", (unsigned long long)world->seed,
	       (double)world->now / (double)SECOND);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n  again: %s --seed %llu\n", program, (unsigned long long)world->seed);
}

/* ---- the world ---- */

static bool client_sends(void *arg, const struct pcp_client_server *server,
			 const struct pcp_endpoint *to, const uint8_t *octets, size_t len)
{
	struct host *host = arg;

	(void)server;
	if (!pcp_endpoint_same(to, &host->world->gateway))
		broken(host->world, "something was sent to another address than the gateway's");
	net_from_host(host, to, octets, len);
	return true;
}

static void tell(const struct host *host, const struct pcp_client_event *event)
{
	static const char *const kinds[] = { "sent",	"resent",	"answered",  "unsolicited",
					     "ignored", "timed out",	"cancelled", "unreachable",
					     "mapping", "mapping gone", "restarted", "server" };
	char summary[160] = "";
	struct pcp_node nodes[64];
	struct pcp_packet packet;

	if (!host->world->verbose)
		return;
	if (event->octets) {
		pcp_decode(&packet, event->octets, event->len, PCP_DIRECTION_GUESS, 0, nodes, 64);
		pcp_summary(&packet, summary, sizeof(summary));
	}
	trace(host->world, "%u: %-12s #%u %s%s%s%s%s", host->self.addr[15], kinds[event->kind],
	      event->exchange, summary, event->mapping ? " | " : "",
	      event->mapping ? pcp_mapping_state_name(event->mapping->state) : "",
	      event->reason ? ": " : "", event->reason ? event->reason : "");
}

static void client_tells(void *arg, const struct pcp_client_event *event)
{
	struct host *host = arg;

	tell(host, event);
	watch_event(host, event);
}

static void lab_sends(void *arg, const struct pcp_endpoint *from, const struct pcp_endpoint *to,
		      const uint8_t *octets, size_t len)
{
	net_from_lab(arg, from, to, octets, len);
}

static struct pcp_endpoint v4(const char *typed)
{
	struct pcp_endpoint endpoint = { .port = 0 };

	if (!pcp_endpoint_parse(typed, PCP_SERVER_PORT, &endpoint, NULL))
		abort();
	return endpoint;
}

static void start_host(struct world *world, struct host *host, unsigned nth)
{
	struct pcp_client_config config = { .max_lifetime = world->max_lifetime * SECOND };
	struct pcp_client_server_config server = { .nendpoint = 1, .version = PCP_VERSION_2 };

	*host = (struct host){ .world = world, .self = v4("192.0.2.100:40000") };
	host->self.addr[15] = (uint8_t)(100 + nth);
	pcp_rng_seeded(&host->rng, world->seed * 4 + 1 + nth);
	host->old_nonces = calloc(NONCES_MAX, PCP_NONCE_LEN);
	host->exchange = calloc(EXCHANGES_MAX, sizeof(*host->exchange));
	host->client = pcp_client_new(
		&config, &host->rng,
		(struct pcp_client_io){ .arg = host, .send = client_sends, .event = client_tells });
	if (!host->client || !host->old_nonces || !host->exchange)
		abort();
	server.endpoint[0] = world->gateway;
	server.source = host->self;
	host->server = pcp_client_add_server(host->client, &server);
}

static void start(struct world *world)
{
	world->now = 1000 * SECOND;
	world->max_lifetime = 3600;
	pcp_rng_seeded(&world->rng, world->seed * 4);
	pcp_rng_seeded(&world->lab_rng, world->seed * 4 + 3);
	world->gateway = v4("192.0.2.1");
	world->stranger = v4("192.0.2.66");
	world->heals_at =
		world->now + (usec)(pcp_rng_uniform(&world->rng, CHAOS_LEAST, CHAOS_MOST) * 1e6);
	world->lab = lab_new(world->now, &world->lab_rng,
			     (struct lab_io){ .arg = world, .send = lab_sends });
	if (!world->lab)
		abort();
	lab_listens(world->lab, &world->gateway);
	net_start(world);
	world->nhost = 1 + (size_t)pcp_rng_below(&world->rng, HOSTS_MAX);
	for (unsigned i = 0; i < world->nhost; i++)
		start_host(world, &world->host[i], i);
	hand_start(world);
}

static void stop(struct world *world)
{
	world->counts->hours += (double)world->now / 3600e6;
	for (size_t i = 0; i < world->nhost; i++) {
		pcp_client_free(world->host[i].client);
		free(world->host[i].old_nonces);
		free(world->host[i].exchange);
	}
	net_stop(world);
	lab_free(world->lab);
}

/* ---- time ---- */

static usec soonest(const struct world *world, usec until)
{
	usec next = until, at;

	if (!world->gateway_down && (at = lab_next(world->lab)) < next)
		next = at;
	if ((at = timers_next(&world->flights)) < next)
		next = at;
	for (size_t i = 0; i < world->nhost; i++)
		if ((at = pcp_client_next(world->host[i].client)) < next)
			next = at;
	if (world->now < world->heals_at && world->next_action < next)
		next = world->next_action;
	return next > world->now ? next : world->now;
}

static void step(struct world *world, usec until)
{
	world->now = soonest(world, until);
	if (!world->gateway_down && lab_next(world->lab) <= world->now)
		lab_tick(world->lab, world->now);
	timers_run(&world->flights, world->now);
	for (size_t i = 0; i < world->nhost; i++)
		if (pcp_client_next(world->host[i].client) <= world->now)
			pcp_client_tick(world->host[i].client, world->now);
	if (world->now < world->heals_at && world->next_action <= world->now)
		hand_act(world);
	watch_bounds(world);
}

static void run_until(struct world *world, usec until)
{
	while (world->now < until && !world->failed)
		step(world, until);
}

/* A moment when nothing is under way, so that the two tables can be held against each other. */
static void run_until_quiet(struct world *world)
{
	usec limit = world->now + 300 * SECOND;

	while (!world->failed && world->nflights > 0) {
		step(world, limit);
		if (world->now >= limit)
			broken(world, "the network does not fall silent");
	}
}

static void heal(struct world *world)
{
	trace(world, "the network heals");
	net_heal(world);
	if (world->gateway_down) {
		world->gateway_down = false;
		lab_restart(world->lab, world->now, false);
	}
}

static uint32_t restarts_seen(const struct host *host)
{
	return pcp_client_server(host->client, host->server)->restarts;
}

/* A restart in a good network: noticed, and healed where auto-renewal is on. */
static void last_restart(struct world *world)
{
	uint32_t before[HOSTS_MAX];

	for (size_t i = 0; i < world->nhost; i++)
		before[i] = restarts_seen(&world->host[i]);
	watch_remember(world);
	trace(world, "the gateway restarts in a good network");
	lab_restart(world->lab, world->now, false);
	/* An announcement: 5 s and an exchange. Without: at the next renewal. */
	run_until(world, world->now + (world->multicast ? 8 * SECOND : SETTLE));
	run_until_quiet(world);
	for (size_t i = 0; i < world->nhost && world->multicast; i++)
		if (restarts_seen(&world->host[i]) == before[i])
			broken(world, "a restart was announced, but not noticed");
	watch_agreement(world, "after the last restart");
	watch_return(world);
}

static bool run(uint64_t seed, bool verbose, struct counts *counts)
{
	struct world world = { .seed = seed, .verbose = verbose, .counts = counts };

	start(&world);
	run_until(&world, world.heals_at);
	heal(&world);
	run_until(&world, world.heals_at + SETTLE);
	run_until_quiet(&world);
	if (!world.failed)
		watch_agreement(&world, "after the network healed");
	if (!world.failed)
		last_restart(&world);
	stop(&world);
	return !world.failed;
}

/* ---- many of them ---- */

static void report(uint64_t seeds, uint64_t failed, const struct counts *c)
{
	printf("%llu seeds, %.0f hours: %llu datagrams sent, %llu lost, %llu copied, %llu "
	       "corrupted, "
	       "%llu forged; %llu keys pressed, %llu restarts, %llu noticed; %llu answers "
	       "believed, %llu "
	       "datagrams ignored, %llu renewals, %llu by NAT-PMP, %llu unreachable, %llu ran out; "
	       "%llu "
	       "rows compared\n",
	       (unsigned long long)seeds, c->hours, (unsigned long long)c->sent,
	       (unsigned long long)c->lost, (unsigned long long)c->copied,
	       (unsigned long long)c->corrupted, (unsigned long long)c->forged,
	       (unsigned long long)c->actions, (unsigned long long)c->restarts,
	       (unsigned long long)c->noticed, (unsigned long long)c->answered,
	       (unsigned long long)c->ignored, (unsigned long long)c->renewals,
	       (unsigned long long)c->natpmp, (unsigned long long)c->unreachable,
	       (unsigned long long)c->expired, (unsigned long long)c->rows);
	printf("%llu passed, %llu failed\n", (unsigned long long)(seeds - failed),
	       (unsigned long long)failed);
}

enum { SHOW_FAILURES = 3 };

static int run_share(uint64_t from, uint64_t seeds, uint64_t nth, uint64_t jobs)
{
	struct counts counts = { 0 };
	uint64_t failed = 0, done = 0;

	for (uint64_t seed = from + nth; seed < from + seeds && failed < SHOW_FAILURES;
	     seed += jobs) {
		failed += !run(seed, false, &counts);
		done++;
	}
	report(done, failed, &counts);
	fflush(stdout);
	return failed != 0;
}

static int run_all(uint64_t from, uint64_t seeds, uint64_t jobs)
{
	int failed = 0, status;

	for (uint64_t nth = 1; nth < jobs; nth++)
		if (fork() == 0)
			_exit(run_share(from, seeds, nth, jobs));
	failed = run_share(from, seeds, 0, jobs);
	while (wait(&status) > 0)
		failed |= status != 0;
	return failed;
}

int main(int argc, char **argv)
{
	uint64_t seeds = 10000, from = 1, jobs = 1;
	struct counts counts = { 0 };

	program = argv[0];
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (int i = 1; i + 1 < argc; i += 2) {
		uint64_t value = strtoull(argv[i + 1], NULL, 10);
		if (strcmp(argv[i], "--seed") == 0)
			return !run(value, true, &counts);
		if (strcmp(argv[i], "--seeds") == 0)
			seeds = value;
		else if (strcmp(argv[i], "--from") == 0)
			from = value;
		else if (strcmp(argv[i], "--jobs") == 0 && value > 0 && value <= 16)
			jobs = value;
		else
			return fprintf(stderr,
				       "usage: sim [--seed N | --seeds N --from N --jobs N]\n"),
			       2;
	}
	return run_all(from, seeds, jobs);
}
