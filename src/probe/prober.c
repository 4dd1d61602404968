/* A probe in a session: other sockets to ask from, ports that are held, time and events. */
#include "prober.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "asker.h"
#include "hold.h"
#include "interface.h"
#include "route.h"
#include "session-task.h"
#include "text.h"

_Static_assert((int)HOLD_MAX > (int)PROBE_MAPPINGS_MAX, "K04 maps as many ports, and holds them");

struct prober {
	struct session *session;
	struct probe *probe;
	struct session_observer observer;
	struct session_task task;
	struct prober_listener listener;
	struct pcp_endpoint own, held_on; /* ports are held on every address */
	struct hold hold;
	struct igd *igd;	   /* NULL: the router is not asked for UPnP */
	struct asker *asker;	   /* NULL: no ports are tried */
	struct beacon_line beacon; /* whom it asks */
	bool told;
};

/* ---- what the probe asks of us ---- */

static uint16_t port(void *arg, unsigned count)
{
	struct prober *prober = arg;

	return hold_ports(&prober->hold, &prober->held_on, count);
}

static bool bind_port(void *arg, uint16_t wanted)
{
	struct prober *prober = arg;

	return hold_port(&prober->hold, &prober->held_on, wanted);
}

static void release(void *arg, uint16_t first, unsigned count)
{
	struct prober *prober = arg;

	hold_release(&prober->hold, first, count);
}

static bool try_ports(void *arg, const struct probe_trial *trial)
{
	struct prober *prober = arg;
	struct asker_question question = { .from = prober->own };
	int *fd = question.fd;

	question.beacon = trial->by_beacon ? &prober->beacon : NULL;
	memcpy(question.external, trial->external, sizeof question.external);
	memcpy(question.port, trial->port, sizeof question.port);
	return hold_listen(&prober->hold, trial->internal, &fd[BEACON_UDP], &fd[BEACON_TCP]) &&
	       asker_begin(prober->asker, &question);
}

static void drop_try(void *arg)
{
	asker_drop(((struct prober *)arg)->asker);
}

static void line(void *arg, const struct probe_line *told)
{
	struct prober *prober = arg;

	if (prober->listener.line)
		prober->listener.line(prober->listener.arg, told);
}

static void profile(void *arg, const struct probe_profile *told)
{
	struct prober *prober = arg;

	if (prober->listener.profile)
		prober->listener.profile(prober->listener.arg, told);
}

static void plead(void *arg, const char *plea)
{
	struct prober *prober = arg;

	if (prober->listener.plea)
		prober->listener.plea(prober->listener.arg, plea);
}

/* ---- what the session brings ---- */

static void happened(void *arg, const struct pcp_client_event *event)
{
	struct prober *prober = arg;

	probe_event(prober->probe, event);
}

static void tried(void *arg, usec now, const struct inquiry_result *result)
{
	probe_tried(((struct prober *)arg)->probe, now, result);
}

static void told_igd(void *arg, usec now, const struct igd_answer *answer)
{
	probe_told_igd(((struct prober *)arg)->probe, now, answer);
}

static usec next(void *arg)
{
	struct prober *prober = arg;

	return probe_next(prober->probe);
}

static void tick(void *arg, usec now)
{
	struct prober *prober = arg;

	probe_tick(prober->probe, now);
	if (!probe_over(prober->probe) || prober->told)
		return;
	prober->told = true;
	if (prober->listener.done)
		prober->listener.done(prober->listener.arg);
}

static void progress(void *arg, char *buf, size_t cap)
{
	struct prober *prober = arg;
	const struct probe_case *row;
	size_t done, all;

	probe_progress(prober->probe, &done, &all, &row);
	snprintf(buf, cap, "probe: %zu of %zu cases%s%s", done, all, row ? ", at " : "",
		 row ? row->id : "");
}

static void cancel(void *arg)
{
	prober_stop(arg, "it was stopped by hand");
}

void prober_stop(struct prober *prober, const char *why)
{
	probe_stop(prober->probe, loop_now(session_loop(prober->session)), why);
}

/* ---- life ---- */

struct probe *prober_leave(struct prober *prober)
{
	struct probe *probe = prober->probe;

	session_task_end(prober->session, &prober->task);
	session_unobserve(prober->session, &prober->observer);
	loop_untimed(session_loop(prober->session), prober);
	igd_free(prober->igd);
	asker_free(prober->asker); /* before what it listens on is closed */
	hold_free(&prober->hold);
	free(prober);
	return probe;
}

void prober_free(struct prober *prober)
{
	if (prober)
		probe_free(prober_leave(prober));
}

/* Without another socket or address the cases that want one are skipped. */
static void open_doors(struct prober *prober, struct probe_config *config)
{
	struct session *session = prober->session;
	uint16_t main = config->server[PROBE_FROM_OUTSIDE];
	struct pcp_endpoint source;
	struct pcp_why why;

	main = main ? main : session_server(session);
	config->server[PROBE_MAIN] = main;
	source = pcp_client_server(session_client(session), main)->config.source;
	prober->own = source;
	pcp_addr_any(prober->held_on.addr, pcp_addr_is_v4(source.addr));
	source.port = 0;
	config->server[PROBE_OTHER_PORT] = session_add_door(session, main, &source, &why);
	if (interface_other(&prober->own, &source))
		config->server[PROBE_OTHER_ADDRESS] =
			session_add_door(session, main, &source, &why);
}

/* The IPv6 router: the server itself, when it is asked over IPv6. */
static void open_six(struct prober *prober, struct probe_config *config)
{
	struct route_way route;
	struct pcp_why why;

	if (!pcp_addr_is_v4(prober->own.addr))
		config->server[PROBE_SIX] = config->server[PROBE_MAIN];
	else if ((config->granted & PROBE_IPV6) && route_out(false, 0, &route) && route.has_gateway)
		config->server[PROBE_SIX] =
			session_add_address(prober->session, &route.gateway, "IPv6 router", &why);
}

struct probe *prober_probe(struct prober *prober)
{
	return prober->probe;
}

/* Where this host stands outside, no other door leads to the gateway. */
static bool open_outside(struct prober *prober, struct probe_config *config, struct pcp_why *why)
{
	if (!(config->granted & PROBE_OUTSIDE))
		return true;
	config->server[PROBE_FROM_OUTSIDE] =
		session_add_address(prober->session, &config->outside, "from outside", why);
	return config->server[PROBE_FROM_OUTSIDE] != 0;
}

/* A host outside is no neighbour of the router's. */
static void ask_igd(struct prober *prober, struct probe_config *config)
{
	const struct pcp_client *client = session_client(prober->session);
	const struct pcp_endpoint *router =
		&pcp_client_server(client, config->server[PROBE_MAIN])->config.endpoint[0];

	if (!config->no_igd && !(config->granted & PROBE_OUTSIDE))
		prober->igd = igd_ask(session_loop(prober->session), prober->own.addr, router->addr,
				      told_igd, prober);
	config->igd = prober->igd != NULL;
}

static bool begin(struct prober *prober, struct probe_config *config)
{
	struct session *session = prober->session;
	struct probe_io io = { .arg = prober,
			       .port = port,
			       .bind = bind_port,
			       .release = release,
			       .line = line,
			       .profile = profile,
			       .plead = plead };

	if (config->granted & PROBE_REACH) {
		prober->beacon = config->beacon;
		prober->asker =
			asker_new(session_loop(session), session_rng(session), tried, prober);
		if (!prober->asker)
			return false;
		io.try = try_ports;
		io.drop_try = drop_try;
	}
	ask_igd(prober, config);
	prober->probe = probe_new(config, session_client(session), session_rng(session), io);
	return prober->probe && loop_timed(session_loop(session), next, tick, prober);
}

struct prober *prober_start(struct session *session, struct probe_config *config,
			    const struct prober_listener *listener, struct pcp_why *why)
{
	struct prober *prober = calloc(1, sizeof *prober);

	if (!prober) {
		pcp_no_memory(why);
		return NULL;
	}
	prober->session = session;
	prober->listener = *listener;
	prober->observer = (struct session_observer){ .event = happened, .arg = prober };
	prober->task = (struct session_task){ .progress = progress,
					      .cancel = cancel,
					      .arg = prober,
					      .undoes = "what it made is deleted" };
	hold_init(&prober->hold, (uint16_t)(49152 + pcp_rng_below(session_rng(session), 16000)));
	if (!open_outside(prober, config, why)) {
		free(prober);
		return NULL;
	}
	open_doors(prober, config);
	open_six(prober, config);
	if (!begin(prober, config)) {
		igd_free(prober->igd);
		asker_free(prober->asker);
		probe_free(prober->probe);
		free(prober);
		pcp_no_memory(why);
		return NULL;
	}
	session_observe(session, &prober->observer);
	session_task_begin(session, &prober->task);
	return prober;
}
