/*
 * The run of a probe: which case is next, when, and what was said of it. A state machine without
 * I/O; probe.h says how it is fed.
 */
#include "probe-private.h"
#include "words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- life ---- */

static void shuffle(struct probe *probe)
{
	for (size_t i = probe->norder; i > 1; i--) {
		size_t j = (size_t)pcp_rng_below(probe->rng, i);
		const struct probe_case *row = probe->order[i - 1];

		probe->order[i - 1] = probe->order[j];
		probe->order[j] = row;
	}
}

/* Those that make the profile come first, and those that wait for minutes last, together. */
static void put_in_order(struct probe *probe)
{
	static const struct {
		unsigned with, without;
	} turns[] = { { PROBE_QUICK, PROBE_FOLD },
		      { PROBE_WAITS, PROBE_FOLD },
		      { 0, PROBE_QUICK | PROBE_WAITS | PROBE_FOLD | PROBE_LONG | PROBE_FUZZ |
				   PROBE_REBOOT },
		      { PROBE_LONG, PROBE_FOLD },
		      { PROBE_FUZZ, PROBE_FOLD },
		      { PROBE_REBOOT, PROBE_FOLD } };

	for (size_t turn = 0; turn < sizeof turns / sizeof *turns; turn++)
		for (size_t i = 0; i < probe_ncases(); i++) {
			const struct probe_case *row = probe_case_at(i);

			if (probe->config.wanted[i] &&
			    (row->flags & turns[turn].with) == turns[turn].with &&
			    !(row->flags & turns[turn].without))
				probe->order[probe->norder++] = row;
		}
	if (probe->config.shuffle)
		shuffle(probe);
}

static uint32_t newest_mapping(const struct pcp_client *client)
{
	uint32_t newest = 0;

	for (size_t i = 0; i < pcp_client_nmappings(client); i++) {
		const struct pcp_mapping *m = pcp_client_mapping_at(client, i);

		newest = m->id > newest ? m->id : newest;
	}
	return newest;
}

struct probe *probe_new(const struct probe_config *config, struct pcp_client *client,
			struct pcp_rng *rng, struct probe_io io)
{
	struct probe *probe = calloc(1, sizeof *probe);

	if (!probe)
		return NULL;
	probe->config = *config;
	probe->igd_awaited = config->igd;
	probe->client = client;
	probe->rng = rng;
	probe->io = io;
	probe->earlier = newest_mapping(client);
	probe_want_needed(&probe->config);
	put_in_order(probe);
	return probe;
}

void probe_free(struct probe *probe)
{
	if (!probe)
		return;
	if (probe->current)
		probe_test_free(probe->current);
	for (size_t i = 0; i < probe->nparked; i++)
		probe_test_free(probe->parked[i]);
	free(probe->sweep);
	free(probe->live);
	free(probe->seen);
	free(probe->line);
	free(probe);
}

/* ---- what is said ---- */

/* The decisive exchange first, then the others of the test. */
static void put_exchanges(struct probe_line *line, const struct probe_test *test, uint32_t decisive)
{
	if (decisive)
		line->exchange[line->nexchange++] = decisive;
	for (size_t i = 0; i < test->nstep && line->nexchange < PROBE_LINE_EXCHANGES; i++)
		if (test->step[i]->exchange && test->step[i]->exchange != decisive)
			line->exchange[line->nexchange++] = test->step[i]->exchange;
}

static void decide(struct probe *probe, const struct probe_case *row, enum probe_verdict verdict,
		   bool absent, const char *why, const struct probe_test *test)
{
	struct probe_outcome *outcome = &probe->outcome[probe_case_index(row)];
	struct probe_line *line = probe_add_line(probe);

	outcome->done = true;
	outcome->verdict = verdict;
	outcome->absent = absent || verdict == PROBE_SKIP || verdict == PROBE_OPEN;
	snprintf(outcome->why, sizeof outcome->why, "%s", why);
	probe->ndone++;
	if (!line) {
		probe_stop(probe, probe->now, "out of memory");
		return;
	}
	line->row = row;
	line->verdict = verdict;
	snprintf(line->why, sizeof line->why, "%s", why);
	if (test) {
		put_exchanges(line, test, test->judgement.exchange);
		line->took = probe->now - test->began;
	}
	probe_tell_line(probe, line);
}

static bool rule_told(const struct probe *probe, const char *rule)
{
	for (size_t i = 0; i < probe->nline; i++)
		if (probe->line[i].rule && strcmp(probe->line[i].rule, rule) == 0)
			return true;
	return false;
}

/* Each rule that the gateway's answers break is told once in a run, where it showed first. */
static void tell_rules(struct probe *probe, const struct probe_test *test)
{
	for (size_t i = 0; i < test->nrule; i++) {
		struct probe_line *line;

		if (rule_told(probe, test->rule[i]) || !(line = probe_add_line(probe)))
			continue;
		line->row = test->row;
		line->verdict = PROBE_FAIL;
		line->rule = test->rule[i];
		line->exchange[line->nexchange++] = test->rule_exchange[i];
		snprintf(line->why, sizeof line->why, "%s", test->rule_text[i]);
		probe_tell_line(probe, line);
	}
}

static void conclude(struct probe *probe, struct probe_test *test)
{
	decide(probe, test->row, test->judgement.verdict, test->absent, test->judgement.why, test);
	tell_rules(probe, test);
	probe_live_orphan(probe, test);
	probe_test_free(test);
	probe->current = NULL;
}

/* ---- what comes next ---- */

static struct probe_outcome *outcome_of(struct probe *probe, const struct probe_case *row)
{
	return &probe->outcome[probe_case_index(row)];
}

/* Whether everything that the case needs is decided; *lacking: the first of it that is not there.
 */
static bool needs_met(struct probe *probe, const struct probe_case *row,
		      const struct probe_case **lacking)
{
	const struct probe_case *needed;

	*lacking = NULL;
	for (size_t i = 0; (needed = probe_needed(row, i)); i++) {
		const struct probe_outcome *outcome = outcome_of(probe, needed);

		if (!outcome->done)
			return false;
		if (outcome->absent && !*lacking)
			*lacking = needed;
	}
	return true;
}

/* The gateway asked for a pause, and the case makes a mapping. */
static bool held(struct probe *probe, const struct probe_case *row)
{
	if (!row->effect || probe->hold_until <= probe->now)
		return false;
	probe_wake(probe, probe->hold_until);
	return true;
}

/* What needs somebody's hand comes behind everything else, since a gateway that restarts is no
 * measure for the rest; and one plea at a time. */
static bool is_early(const struct probe *probe, const struct probe_case *row)
{
	if (!row->plea || !probe->folded)
		return row->plea != NULL;
	for (size_t i = 0; i < probe->nparked; i++)
		if (strcmp(probe->parked[i]->row->plea, row->plea) != 0)
			return true;
	return false;
}

static const struct probe_case *choose_next(struct probe *probe, const struct probe_case **lacking)
{
	for (size_t i = 0; i < probe->norder; i++) {
		const struct probe_case *row = probe->order[i];

		if (!probe->begun[probe_case_index(row)] && !is_early(probe, row) &&
		    !held(probe, row) && needs_met(probe, row, lacking))
			return row;
	}
	return NULL;
}

static void skip(struct probe *probe, const struct probe_case *row,
		 const struct probe_case *lacking)
{
	char why[PROBE_WHY];

	if (lacking)
		snprintf(why, sizeof why, "%s: %s", lacking->id,
			 pcp_quoted(outcome_of(probe, lacking)->why).text);
	else
		snprintf(why, sizeof why, "%s", probe->no_mappings);
	decide(probe, row, PROBE_SKIP, true, why, NULL);
}

/* Whether what is left only waits for the end of a pause. */
static bool is_held(const struct probe *probe)
{
	for (size_t i = 0; i < probe->norder; i++)
		if (!probe->begun[probe_case_index(probe->order[i])] &&
		    !is_early(probe, probe->order[i]))
			return true;
	return false;
}

static bool start_next(struct probe *probe)
{
	const struct probe_case *lacking = NULL;
	const struct probe_case *row = probe->stopping ? NULL : choose_next(probe, &lacking);

	if (!row)
		return false;
	probe->begun[probe_case_index(row)] = true;
	if (lacking || (row->effect && probe->no_mappings[0])) {
		skip(probe, row, lacking);
		return true;
	}
	probe->current = probe_test_new(probe, row);
	if (!probe->current)
		probe_stop(probe, probe->now, "out of memory");
	return true;
}

/* Whoever wants the end does not wait for it. */
static bool is_igd_awaited(const struct probe *probe)
{
	return probe->igd_awaited && !probe->stopping;
}

/* The profile is whole when all that make it are decided. */
static bool is_profile_whole(const struct probe *probe)
{
	for (size_t i = 0; i < probe->norder; i++) {
		const struct probe_case *row = probe->order[i];

		if ((row->flags & PROBE_QUICK) && !probe->outcome[probe_case_index(row)].done)
			return false;
	}
	return !is_igd_awaited(probe);
}

static void tell_profile(struct probe *probe)
{
	if (!probe->profiled && probe->io.profile)
		probe->io.profile(probe->io.arg, &probe->profile);
	probe->profiled = true;
}

/* ---- the machine ---- */

static bool park(struct probe *probe)
{
	struct probe_test *test = probe->current;
	struct probe_step *step = probe_test_step(test);

	if (probe_step_go(probe, step))
		return false;
	probe->parked[probe->nparked++] = test;
	probe->current = NULL;
	return true;
}

static void unpark(struct probe *probe, size_t i)
{
	probe->current = probe->parked[i];
	probe->parked[i] = probe->parked[--probe->nparked];
}

/* One whose time has come, or any when the run is to end. */
static bool resume(struct probe *probe)
{
	for (size_t i = 0; i < probe->nparked; i++) {
		struct probe_step *step = probe_test_step(probe->parked[i]);

		if (!step || probe->stopping || probe_step_go(probe, step)) {
			unpark(probe, i);
			return true;
		}
	}
	return false;
}

/* The case that was interrupted is not decided; what it made is deleted all the same. */
static bool give_up(struct probe *probe)
{
	struct probe_step *step = probe_test_step(probe->current);

	if (step)
		probe_step_stop(probe, step);
	if (step)
		probe_live_note(probe, probe->current, step);
	if (probe->accused == probe->current->row)
		probe_judge(probe->current, PROBE_FAIL, "the gateway answers nothing more");
	else
		probe_judge(probe->current, PROBE_OPEN, "not finished: %s", probe->stopped);
	probe->current->cleaning = true;
	return true;
}

/* Goes on with the current case; false: something has to come first. */
static bool go_on(struct probe *probe)
{
	struct probe_test *test = probe->current;
	struct probe_step *step = probe_test_step(test);

	if (test->cleaning) {
		if (!probe_live_sweep(probe, test))
			return false;
		test->cleaning = false;
		if (!probe_test_again(test))
			conclude(probe, test);
		return true;
	}
	if (probe->stopping)
		return give_up(probe);
	if (step && (step->kind == STEP_WAIT || step->kind == STEP_LISTEN) && park(probe))
		return true;
	if (step) {
		if (!probe_step_go(probe, step))
			return false;
		probe_note_step(probe, test, step);
	}
	if (probe_test_pass(test))
		test->cleaning = true;
	return true;
}

static void fold(struct probe *probe)
{
	for (size_t i = 0; i < probe_ncases(); i++) {
		const struct probe_case *row = probe_case_at(i), *lacking = NULL;
		struct probe_test *test;

		if (!(row->flags & PROBE_FOLD) || !probe->config.wanted[i] || probe->begun[i] ||
		    !needs_met(probe, row, &lacking))
			continue;
		probe->begun[i] = true;
		if (lacking)
			skip(probe, row, lacking);
		test = lacking || probe->stopping ? NULL : probe_test_new(probe, row);
		if (!test)
			continue;
		probe_test_pass(test);
		conclude(probe, test);
	}
}

/* The whole table once more, then the end. */
static bool finish(struct probe *probe)
{
	if (!probe->sweep && !probe->ending) {
		probe_live_orphan(probe, NULL);
		probe->ending = true;
	}
	if (!probe_live_sweep(probe, NULL))
		return false;
	tell_profile(probe); /* of a run that was stopped as far as it goes */
	probe->over = true;
	return true;
}

static bool work(struct probe *probe)
{
	if (probe->over)
		return false;
	if (probe->current)
		return go_on(probe);
	if (!probe->profiled && is_profile_whole(probe))
		tell_profile(probe);
	if (resume(probe) || start_next(probe))
		return true;
	if (probe->nparked || (!probe->stopping && is_held(probe)) || is_igd_awaited(probe))
		return false;
	if (!probe->folded) {
		fold(probe);
		probe->folded = true;
		return true;
	}
	return finish(probe);
}

void probe_tick(struct probe *probe, usec now)
{
	probe->now = now;
	probe->due = USEC_NEVER;
	while (work(probe))
		;
}

usec probe_next(const struct probe *probe)
{
	return probe->over ? USEC_NEVER : probe->due;
}

void probe_event(struct probe *probe, const struct pcp_client_event *event)
{
	struct probe_step *step = probe->sweep	   ? probe->sweep
				  : probe->current ? probe_test_step(probe->current)
						   : NULL;
	bool waiting = step && step->phase != PHASE_DONE;

	for (size_t i = 0; i < probe->nparked; i++)
		probe_step_hear(probe, probe->parked[i], event);
	if (probe->current)
		probe_step_hear(probe, probe->current, event);
	if (waiting)
		probe_step_event(probe, step, event);
	if (waiting)
		probe_wake(probe, event->now); /* it goes on from the next tick, not from in here */
}

void probe_tried(struct probe *probe, usec now, const struct inquiry_result *result)
{
	struct probe_step *step = probe->current ? probe_test_step(probe->current) : NULL;

	if (!step || step->kind != STEP_REACH || step->phase != PHASE_ASKING)
		return;
	step->result = *result;
	step->phase = PHASE_DONE;
	probe_wake(probe, now);
}

void probe_told_igd(struct probe *probe, usec now, const struct igd_answer *answer)
{
	probe->profile.igd = *answer;
	probe->igd_awaited = false;
	probe_wake(probe, now);
}

bool probe_over(const struct probe *probe)
{
	return probe->over;
}
