/* What a run remembers of each question: what it made, what it showed, and whether it is to end. */
#include "probe-private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- stop rules ---- */

void probe_stop(struct probe *probe, usec now, const char *why)
{
	if (probe->over || probe->stopping)
		return;
	probe->now = now;
	probe->stopping = true;
	snprintf(probe->stopped, sizeof probe->stopped, "%s", why);
	probe_wake(probe, now);
}

/* Whether it sends what a careless server may fall over. */
static bool is_rough(const struct probe_case *row)
{
	return (row->flags & PROBE_ENDANGERS) || strchr("AB", row->id[0]);
}

/* A gateway that answered before and has gone silent: what was sent last may have done that. */
static void count_silences(struct probe *probe)
{
	const struct probe_case *row = probe->current ? probe->current->row : NULL;
	char why[PROBE_WHY];

	if (probe->silences == 0)
		probe->silenced_by = NULL;
	else if (!probe->silenced_by)
		probe->silenced_by = row;
	if (probe->silences < PROBE_SILENCES_MAX || !probe->silenced_by || probe->stopping)
		return;
	snprintf(why, sizeof why, "the gateway stopped answering at case %s",
		 probe->silenced_by->id);
	if (probe->heard && is_rough(probe->silenced_by))
		probe_accuse(probe, probe->silenced_by);
	probe_stop(probe, probe->now, why);
}

/* NO_RESOURCES and USER_EX_QUOTA ask for peace (11.4): some of it is waited for, more ends the
 * mappings of this run. Not to a deletion, where deployed servers mean that there was nothing to
 * delete. */
static void heed(struct probe *probe, const struct probe_step *step)
{
	const struct probe_answer *a = &step->answer;
	uint8_t result = case_code(a);
	bool asks_for_peace = result == PCP_NO_RESOURCES || result == PCP_USER_EX_QUOTA;
	bool maps = step->octets[0] == PCP_VERSION_2 &&
		    (step->octets[1] == PCP_MAP || step->octets[1] == PCP_PEER) &&
		    step->len >= PCP_HEADER_LEN + 36;

	if (!maps || a->silent || a->refused || !asks_for_peace ||
	    pcp_get(&pcp_request_fields[REQ_LIFETIME], step->octets) == 0 ||
	    (probe->current && probe->current->row->flags & PROBE_INTRUSIVE) ||
	    probe->no_mappings[0] || case_granted(a) == 0)
		return;
	if (case_granted(a) <= PROBE_PATIENCE && probe->holds++ < PROBE_HOLDS_MAX) {
		probe->hold_until = probe->now + (usec)case_granted(a) * USEC_PER_SEC;
		return;
	}
	snprintf(probe->no_mappings, sizeof probe->no_mappings,
		 "the gateway answered %s for %u s: no more mappings are asked of it",
		 case_name(result), case_granted(a));
}

static void count_request(struct probe *probe)
{
	if (probe->nrequests >= PROBE_REQUESTS_MAX && !probe->stopping &&
	    !(probe->config.granted & (PROBE_FUZZ | PROBE_INTRUSIVE)))
		probe_stop(probe, probe->now, "400 requests were sent, as many as a run may send");
}

/* ---- what the folds see ---- */

/* 7.4: CANNOT_PROVIDE_EXTERNAL answers these alone. */
static bool may_get_11(const uint8_t *octets, size_t len)
{
	size_t fixed = PCP_HEADER_LEN + pcp_body_len(PCP_MAP, PCP_VERSION_2), pos = 0;
	struct pcp_tlv tlv;
	bool bad = false;

	if (octets[1] == PCP_PEER)
		return true;
	if (octets[1] != PCP_MAP || len < fixed)
		return false;
	if (pcp_get(&pcp_map_fields[MAP_PROTOCOL], octets + PCP_HEADER_LEN) == 132)
		return true;
	while (pcp_tlv_next(octets + fixed, len - fixed, &pos, &tlv, &bad))
		if (tlv.code == PCP_PREFER_FAILURE)
			return true;
	return false;
}

static void remember(struct probe *probe, const struct probe_step *step)
{
	const struct probe_answer *a = &step->answer;
	struct probe_seen *seen;

	/* What stray octets are answered shows nothing of the run. */
	if (step->kind == STEP_WAIT || step->kind == STEP_SHOT || a->silent || a->refused ||
	    a->len < PCP_HEADER_LEN || a->octets[0] != PCP_VERSION_2)
		return;
	seen = realloc(probe->seen, (probe->nseen + 1) * sizeof *seen);
	if (!seen)
		return;
	probe->seen = seen;
	seen[probe->nseen++] = (struct probe_seen){ .version = a->octets[0],
						    .opcode = case_opcode(a),
						    .result = case_code(a),
						    .exact = may_get_11(step->octets, step->len),
						    .lifetime = case_granted(a),
						    .epoch = case_epoch(a),
						    .exchange = a->exchange,
						    .at = a->at };
}

/* ---- all of it ---- */

void probe_note_step(struct probe *probe, struct probe_test *test, const struct probe_step *step)
{
	test->ntaken = test->nstep;
	probe_test_lint(test, step);
	probe_live_note(probe, test, step);
	remember(probe, step);
	heed(probe, step);
	count_silences(probe);
	count_request(probe);
}
