/* The questions of cases: each is answered at once when its answer is there, else the pass ends at
 * it. */
#include "probe-private.h"

#include <stdlib.h>
#include <string.h>

static const struct probe_answer nothing = { .silent = true };

static struct probe_step *append(struct probe_test *t, enum probe_step_kind kind,
				 const struct pcp_edit *request)
{
	struct probe_step **steps = realloc(t->step, (t->nstep + 1) * sizeof *steps);
	struct probe_step *step = steps ? calloc(1, sizeof *step) : NULL;

	if (steps)
		t->step = steps;
	if (!step) {
		case_open(t, "out of memory");
		return NULL;
	}
	*step = (struct probe_step){ .kind = kind, .door = t->door, .alike = true, .alive = true };
	if (request) {
		step->len = request->len;
		memcpy(step->octets, request->octets, request->len);
	}
	return t->step[t->nstep++] = step;
}

/* Its step when it is done; NULL, and the pass is at its end, while it is not. */
static const struct probe_step *step_of(struct probe_test *t, enum probe_step_kind kind,
					const struct pcp_edit *request, usec duration)
{
	struct probe_step *step;

	if (!case_goes_on(t))
		return NULL;
	if (t->at == t->nstep) {
		step = append(t, kind, request);
		if (step)
			step->until = duration;
		t->blocked = true;
		return NULL;
	}
	step = t->step[t->at];
	t->blocked = step->phase != PHASE_DONE;
	if (t->blocked)
		return NULL;
	t->at++;
	t->last = step->exchange ? step->exchange : t->last;
	return step;
}

void case_wait(struct probe_test *t, usec duration)
{
	(void)step_of(t, STEP_WAIT, NULL, duration);
}

unsigned case_listen(struct probe_test *t, usec duration)
{
	const struct probe_step *done = step_of(t, STEP_LISTEN, NULL, duration);
	struct probe_step *step = done ? t->step[t->at - 1] : NULL;

	if (step && !step->heard) /* the same in each pass, whatever comes later */
		step->heard = t->nheard + 1;
	return step ? step->heard - 1 : 0;
}

const struct probe_answer *case_shot(struct probe_test *t, const struct pcp_edit *request,
				     usec patience)
{
	const struct probe_step *step = step_of(t, STEP_SHOT, request, patience);

	return step ? &step->answer : &nothing;
}

const struct inquiry_result *case_reach(struct probe_test *t, const struct probe_trial *trial)
{
	static const struct inquiry_result nothing_yet;
	const struct probe_step *step = step_of(t, STEP_REACH, NULL, USEC_NEVER);

	if (!step && t->nstep && t->step[t->nstep - 1]->kind == STEP_REACH &&
	    t->step[t->nstep - 1]->phase == PHASE_NEW)
		t->step[t->nstep - 1]->trial = *trial; /* it has not begun */
	return step ? &step->result : &nothing_yet;
}

static void say_silent(struct probe_test *t, const struct probe_answer *a)
{
	if (a->reason[0])
		case_open(t, "no answer: %s", a->reason);
	else
		case_open(t, "no answer to %u sendings", a->tries);
}

const struct probe_answer *case_ask(struct probe_test *t, const struct pcp_edit *request)
{
	const struct probe_step *step = step_of(t, STEP_ASK, request, 0);

	if (!step)
		return &nothing;
	if (step->answer.silent)
		say_silent(t, &step->answer);
	else if (step->answer.refused)
		case_open(t, "its answer cannot be taken: %s", step->answer.refused);
	return &step->answer;
}

const struct probe_answer *case_try(struct probe_test *t, const struct pcp_edit *request)
{
	const struct probe_step *step = step_of(t, STEP_FORM, request, 0);

	return step ? &step->answer : &nothing;
}

const struct probe_answer *case_ask_form(struct probe_test *t, const struct pcp_edit *request)
{
	const struct probe_step *step = step_of(t, STEP_FORM, request, 0);

	if (!step)
		return &nothing;
	if (step->answer.silent)
		say_silent(t, &step->answer);
	return &step->answer;
}

const struct probe_answer *case_ask_firm(struct probe_test *t, const struct pcp_edit *request)
{
	const struct probe_step *step = step_of(t, STEP_FIRM, request, 0);

	if (!step)
		return &nothing;
	if (step->answer.silent && (!step->alive || t->probe->retried))
		say_silent(t, &step->answer);
	return &step->answer;
}

const struct probe_answer *case_quiet(struct probe_test *t, const struct pcp_edit *request)
{
	const struct probe_step *step = step_of(t, STEP_QUIET, request, 0);

	if (!step)
		return &nothing;
	if (step->answer.silent && !step->alive)
		case_open(t, "no answer, but none to an ANNOUNCE behind it either");
	return &step->answer;
}
