/*
 * One question on its way: sent when the pace allows it, repeated by the engine, and its answer,
 * its silence, or what came in its place.
 */
#include "probe-private.h"

#include <stdio.h>
#include <string.h>

void probe_wake(struct probe *probe, usec at)
{
	if (at < probe->due)
		probe->due = at;
}

static uint16_t server_of(const struct probe *probe, enum probe_door door)
{
	uint16_t id = probe->config.server[door];

	return id ? id : probe->config.server[PROBE_MAIN];
}

/* 0: as a client does that does not know its server. */
static usec first_wait(const struct probe *probe)
{
	usec more = 4 * probe->spread > PROBE_GRAIN ? 4 * probe->spread : PROBE_GRAIN;
	usec wait = probe->trip + more;

	return probe->ntrips >= PROBE_TRIPS && wait < PROBE_IRT ? wait : 0;
}

/* What an answer to a first sending took: the estimator of RFC 6298 2. */
static void measure(struct probe *probe, usec took)
{
	usec off = took < probe->trip ? probe->trip - took : took - probe->trip;

	if (probe->ntrips++ == 0) {
		probe->trip = took;
		probe->spread = took / 2;
		return;
	}
	probe->spread += (off - probe->spread) / 4;
	probe->trip += (took - probe->trip) / 8;
}

/* 0 with *why. */
static uint32_t send(struct probe *probe, enum probe_door door, const uint8_t *octets, size_t len,
		     uint32_t sendings, struct pcp_why *why)
{
	probe->may_send_at = probe->now + PROBE_PACE;
	return pcp_client_submit(probe->client, probe->now,
				 &(struct pcp_client_request){ .server = server_of(probe, door),
							       .octets = octets,
							       .len = len,
							       .raw = true,
							       .irt = first_wait(probe),
							       .mrc = sendings,
							       .renew = -1 },
				 why);
}

/* Is it alive? What asks changes nothing there (14.1.2; RFC 6886 3.2). */
static uint32_t send_check(struct probe *probe, enum probe_door door, uint32_t sendings)
{
	const struct pcp_client_server *server =
		pcp_client_server(probe->client, server_of(probe, door));
	uint8_t octets[PCP_HEADER_LEN] = { PCP_VERSION_2, PCP_ANNOUNCE };
	size_t len = sizeof octets;
	struct pcp_why why;

	if (probe->config.natpmp_only || (probe->profile.natpmp && !probe->profile.pcp)) {
		octets[0] = PCP_VERSION_NATPMP;
		len = 2;
	}
	memcpy(octets + pcp_request_fields[REQ_CLIENT].off, server->config.source.addr,
	       PCP_ADDR_LEN);
	probe->nrequests++;
	return send(probe, door, octets, len, sendings, &why);
}

static bool paced(struct probe *probe)
{
	if (probe->now >= probe->may_send_at)
		return true;
	probe_wake(probe, probe->may_send_at);
	return false;
}

static void begin_trial(struct probe *probe, struct probe_step *step)
{
	const struct probe_io *io = &probe->io;

	step->answer.silent = true; /* the gateway is not asked */
	step->phase = io->try && io->try(io->arg, &step->trial) ? PHASE_ASKING : PHASE_DONE;
}

/* The same is asked of people once in a run, whichever cases wait for it. */
static void begin_listening(struct probe *probe, struct probe_step *step)
{
	const char *plea = probe->current->row->plea;
	const struct probe_io *io = &probe->io;

	step->answer.silent = true; /* the gateway is not asked */
	probe->current->listens = true;
	if (plea && io->plead && (!probe->plea || strcmp(plea, probe->plea) != 0))
		io->plead(io->arg, plea);
	probe->plea = plea;
}

static void begin(struct probe *probe, struct probe_step *step)
{
	static const uint32_t sendings[] = { [STEP_ASK] = PROBE_TRIES,
					     [STEP_FORM] = PROBE_TRIES,
					     [STEP_FIRM] = 1,
					     [STEP_QUIET] = 1,
					     [STEP_SHOT] = 1 };
	struct pcp_why why;

	if (step->kind == STEP_WAIT || step->kind == STEP_LISTEN) {
		step->until += probe->now;
		step->phase = PHASE_ASKING;
		if (step->kind == STEP_LISTEN)
			begin_listening(probe, step);
		return;
	}
	if (step->kind == STEP_REACH) {
		begin_trial(probe, step);
		return;
	}
	if (!paced(probe))
		return;
	probe->nrequests +=
		step->rounds + step->resent == 0 && probe->current && probe->current->attempt == 0;
	step->phase = PHASE_ASKING;
	step->answer.sent_at = probe->now;
	step->until = step->kind == STEP_QUIET	? probe->now + PROBE_QUIET
		      : step->kind == STEP_SHOT ? probe->now + step->until
						: USEC_NEVER;
	step->exchange =
		send(probe, step->door, step->octets, step->len, sendings[step->kind], &why);
	step->answer.exchange = step->exchange;
	if (!step->exchange) {
		step->answer.silent = true;
		snprintf(step->answer.reason, sizeof step->answer.reason, "%.*s",
			 (int)sizeof step->answer.reason - 1, why.text);
		step->phase = PHASE_DONE;
	}
}

/* ---- what comes ---- */

static void take(struct probe_step *step, const struct pcp_client_event *event)
{
	struct probe_answer *a = &step->answer;

	a->from = event->from;
	a->at = event->now;
	a->len = event->len;
	memset(a->octets, 0, sizeof a->octets);
	memcpy(a->octets, event->octets,
	       event->len < sizeof a->octets ? event->len : sizeof a->octets);
}

static void answered(struct probe *probe, struct probe_step *step,
		     const struct pcp_client_event *event)
{
	probe->heard = true;
	probe->retried |= event->tries > 1;
	probe->silences = 0;
	take(step, event);
	if (event->tries == 1)
		measure(probe, event->now - step->answer.sent_at);
	step->answer.refused = NULL;
	step->answer.silent = false;
	step->answer.tries = event->tries;
	step->phase = PHASE_DONE;
}

/* A datagram that the engine does not take for the answer, though nothing else was asked. */
static void other(struct probe_step *step, const struct pcp_client_event *event)
{
	struct probe_answer *a = &step->answer;
	const char *reason = event->reason ? event->reason : "nobody asked for it";

	step->alike =
		step->alike &&
		(step->others == 0 ||
		 (a->len == event->len && strncmp(a->reason, reason, sizeof a->reason - 1) == 0));
	step->others++;
	take(step, event);
	snprintf(a->reason, sizeof a->reason, "%s", reason);
	if (step->kind == STEP_QUIET || step->kind == STEP_SHOT) {
		a->refused = a->reason;
		step->phase = PHASE_DONE;
	} else if (step->until == USEC_NEVER) {
		step->until = event->now + PROBE_SETTLE;
	}
}

/* Over without an answer. What came each time in its place is one. */
static void unanswered(struct probe_step *step, const struct pcp_client_event *event)
{
	struct probe_answer *a = &step->answer;

	a->tries += event->tries;
	if (step->others >= event->tries && step->others > 0 && step->alike) {
		a->refused = a->reason;
		step->phase = PHASE_DONE;
		return;
	}
	a->silent = true;
	if (event->kind == CLIENT_UNREACHABLE && event->reason)
		snprintf(a->reason, sizeof a->reason, "%s", event->reason);
	else if (step->others)
		snprintf(a->reason, sizeof a->reason,
			 "%u datagrams came that are no answer to it, none like the other",
			 step->others);
	step->phase = step->kind == STEP_SHOT ? PHASE_DONE : PHASE_CHECKING;
}

static void checked(struct probe *probe, struct probe_step *step, bool alive, bool at_once)
{
	step->check = 0;
	step->alive = step->alive && alive && (at_once || step->kind != STEP_FIRM);
	if (alive) {
		probe->heard = true;
		probe->silences = 0;
	} else {
		probe->silences++;
	}
	if (step->kind == STEP_FIRM && step->alive && ++step->rounds < PROBE_FIRM_TRIES)
		step->phase = PHASE_NEW;
	else
		step->phase = PHASE_DONE;
}

static bool ends(const struct pcp_client_event *event)
{
	return event->kind == CLIENT_TIMED_OUT || event->kind == CLIENT_UNREACHABLE ||
	       event->kind == CLIENT_CANCELLED;
}

void probe_step_event(struct probe *probe, struct probe_step *step,
		      const struct pcp_client_event *event)
{
	bool asking = step->phase == PHASE_ASKING && step->exchange;

	if (asking && event->exchange == step->exchange && event->kind == CLIENT_ANSWERED)
		answered(probe, step, event);
	else if (asking && event->exchange == step->exchange && ends(event))
		unanswered(step, event);
	else if (step->check && event->exchange == step->check && event->kind == CLIENT_ANSWERED)
		checked(probe, step, true, event->tries == 1);
	else if (step->check && event->exchange == step->check && ends(event))
		checked(probe, step, false, false);
	else if ((asking || (step->check && step->kind == STEP_QUIET)) && event->octets &&
		 (event->kind == CLIENT_IGNORED || event->kind == CLIENT_UNSOLICITED))
		other(step, event);
}

/* An announcement is one only when nobody asked; a mapping update that repeats another within a
 * second looks to the client like an answer that came twice. */
static bool is_told(const struct pcp_client_event *event)
{
	bool update = event->len >= 2 && (event->octets[1] == (PCP_R | PCP_MAP) ||
					  event->octets[1] == (PCP_R | PCP_PEER));

	return event->kind == CLIENT_UNSOLICITED || event->kind == CLIENT_IGNORED ||
	       (event->kind == CLIENT_ANSWERED && update);
}

void probe_step_hear(struct probe *probe, struct probe_test *test,
		     const struct pcp_client_event *event)
{
	const struct pcp_client_server *server =
		pcp_client_server(probe->client, server_of(probe, PROBE_MAIN));
	struct probe_step *step = probe_test_step(test);
	struct probe_heard *heard;

	if (!test->listens || test->nheard == PROBE_HEARD_MAX || !event->octets ||
	    !is_told(event) || !pcp_endpoint_same_addr(&event->from, &server->config.endpoint[0]) ||
	    (step && step->exchange && step->exchange == event->exchange))
		return;
	heard = &test->heard[test->nheard++];
	*heard = (struct probe_heard){
		.at = event->now, .from = event->from, .to = event->to, .len = event->len
	};
	memcpy(heard->octets, event->octets,
	       event->len < sizeof heard->octets ? event->len : sizeof heard->octets);
	if (step && step->kind == STEP_LISTEN && step->phase == PHASE_ASKING &&
	    step->until > event->now + PROBE_TELLING)
		step->until = event->now + PROBE_TELLING;
	probe_wake(probe, event->now);
}

/* ---- going on ---- */

/* The time in which silence was expected is over. */
static void stayed_quiet(struct probe *probe, struct probe_step *step)
{
	step->answer.silent = true;
	step->answer.tries = 1;
	step->phase = PHASE_CHECKING; /* first: the engine tells of the end at once */
	pcp_client_cancel(probe->client, probe->now, step->exchange);
}

static void missed(struct probe *probe, struct probe_step *step)
{
	step->answer.silent = true;
	step->answer.tries = 1;
	step->phase = PHASE_DONE; /* first, as above */
	pcp_client_cancel(probe->client, probe->now, step->exchange);
}

/* What came was not taken, and the answer did not follow it: the same twice is the answer. */
static void settle(struct probe *probe, struct probe_step *step)
{
	uint32_t exchange = step->exchange;
	bool again = step->others < 2 || !step->alike;

	step->answer.refused = again ? NULL : step->answer.reason;
	step->phase = !again			     ? PHASE_DONE
		      : ++step->resent < PROBE_TRIES ? PHASE_NEW
						     : PHASE_CHECKING;
	step->answer.silent = step->phase == PHASE_CHECKING;
	step->answer.tries++;
	pcp_client_cancel(probe->client, probe->now, exchange);
}

/* The last silence before the gateway is called dead has to be sure. */
static uint32_t check_sendings(const struct probe *probe, const struct probe_step *step)
{
	if (probe->heard && probe->silences + 1 == PROBE_SILENCES_MAX)
		return PROBE_FIRM_TRIES;
	return step->kind == STEP_QUIET ? PROBE_TRIES : 1;
}

bool probe_step_go(struct probe *probe, struct probe_step *step)
{
	if (step->phase == PHASE_NEW)
		begin(probe, step);
	if (step->phase == PHASE_ASKING && step->until != USEC_NEVER) {
		if (probe->now < step->until)
			probe_wake(probe, step->until);
		else if (step->kind == STEP_WAIT || step->kind == STEP_LISTEN)
			step->phase = PHASE_DONE;
		else if (step->kind == STEP_SHOT)
			missed(probe, step);
		else if (step->kind == STEP_QUIET)
			stayed_quiet(probe, step);
		else
			settle(probe, step);
	}
	if (step->phase == PHASE_NEW)
		begin(probe, step);
	if (step->phase == PHASE_CHECKING && !step->check && paced(probe)) {
		step->check = send_check(probe, step->door, check_sendings(probe, step));
		if (!step->check)
			checked(probe, step, false, false);
	}
	return step->phase == PHASE_DONE;
}

void probe_step_stop(struct probe *probe, struct probe_step *step)
{
	uint32_t exchange = step->check ? step->check : step->exchange;
	bool going = step->phase == PHASE_ASKING || step->phase == PHASE_CHECKING;

	step->phase = PHASE_DONE;
	step->answer.silent = true;
	if (going && step->kind == STEP_REACH && probe->io.drop_try)
		probe->io.drop_try(probe->io.arg);
	if (going && exchange)
		pcp_client_cancel(probe->client, probe->now, exchange);
}
