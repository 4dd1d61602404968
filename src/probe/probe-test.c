/*
 * One case on its way: its passes over the answers, and a second attempt of what found something,
 * since nothing is said against a gateway that was not seen twice.
 */
#include "probe-private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"

/* So much of two sentences stands in one. */
enum { HALF_A_WHY = PROBE_WHY / 2 - 25 };

static void draw(struct probe_test *test)
{
	struct pcp_rng *rng = test->probe->rng;

	rng->fill(rng, test->nonce, sizeof test->nonce);
	rng->fill(rng, test->other_nonce, sizeof test->other_nonce);
	test->seed = pcp_rng_u64(rng);
}

struct probe_test *probe_test_new(struct probe *probe, const struct probe_case *row)
{
	struct probe_test *test = calloc(1, sizeof *test);

	if (!test)
		return NULL;
	test->probe = probe;
	test->row = row;
	test->nport = PROBE_PORTS;
	test->began = probe->now;
	draw(test);
	return test;
}

static void free_steps(struct probe_test *test)
{
	for (size_t i = 0; i < test->nstep; i++)
		free(test->step[i]);
	free(test->step);
	test->step = NULL;
	test->nstep = test->ntaken = 0;
}

static void release_ports(struct probe_test *test)
{
	const struct probe_io *io = &test->probe->io;

	if (test->port && io->release)
		io->release(io->arg, test->port, test->nport);
	if (test->bound && io->release)
		io->release(io->arg, test->bound, 1);
	test->port = test->bound = 0;
}

void probe_test_free(struct probe_test *test)
{
	free_steps(test);
	release_ports(test);
	free(test);
}

bool probe_test_pass(struct probe_test *test)
{
	test->at = 0;
	test->blocked = test->over = test->absent = false;
	test->door = PROBE_MAIN;
	test->last = 0;
	test->judgement = (struct probe_judgement){ .verdict = PROBE_PASS };
	test->row->run(test);
	return !test->blocked;
}

struct probe_step *probe_test_step(struct probe_test *test)
{
	return test->ntaken < test->nstep ? test->step[test->nstep - 1] : NULL;
}

void probe_judge(struct probe_test *test, enum probe_verdict verdict, const char *format, ...)
{
	struct probe_judgement *j = &test->judgement;
	va_list args;

	va_start(args, format);
	vsnprintf(j->why, sizeof j->why, format, args);
	va_end(args);
	j->verdict = verdict;
	j->check = format;
}

/* ---- the linter ---- */

static bool knows_rule(const struct probe_test *test, const char *rule)
{
	for (size_t i = 0; i < test->nrule; i++)
		if (strcmp(test->rule[i], rule) == 0)
			return true;
	return test->nrule == PROBE_RULES_MAX;
}

/* Behind the header an error is a copy of our own octets. */
static bool is_copy(const struct pcp_finding *finding, const struct probe_answer *a)
{
	return a->octets[0] == PCP_VERSION_2 && case_code(a) != PCP_SUCCESS &&
	       finding->off >= PCP_HEADER_LEN;
}

/* A firewall on this very host gives this host's address, loopback as it may be, and lists it. */
static bool is_own(const struct probe_test *test, const struct pcp_finding *finding,
		   const struct probe_answer *a)
{
	return strcmp(finding->rule->name, "external-impossible") == 0 &&
	       finding->len == PCP_ADDR_LEN && finding->off + PCP_ADDR_LEN <= a->len &&
	       memcmp(a->octets + finding->off, case_own(test), PCP_ADDR_LEN) == 0;
}

/* What chance put into a request, and the answer copies, breaks the same rule in both. */
static bool is_ours(const struct probe_step *step, const struct pcp_finding *finding)
{
	struct {
		struct judge judge;
		struct pcp_finding finding[PCP_FINDINGS_MAX];
	} *ours = step->kind == STEP_SHOT ? calloc(1, sizeof *ours) : NULL;
	struct judge_facts facts = { .went = PCP_REQUEST };
	size_t n = 0;
	bool found = false;

	if (ours) {
		pcp_decode(&ours->judge.packet, step->octets, step->len, PCP_REQUEST, 0,
			   ours->judge.node, PCP_NODES_MAX);
		n = judge_packet(&ours->judge, &ours->judge.packet, &facts, ours->finding,
				 PCP_FINDINGS_MAX);
	}
	for (size_t i = 0; i < n && i < PCP_FINDINGS_MAX; i++)
		found = found || (ours->finding[i].rule == finding->rule &&
				  ours->finding[i].off == finding->off);
	free(ours);
	return found;
}

static void take_finding(struct probe_test *test, const struct pcp_finding *finding,
			 const struct probe_step *step)
{
	const struct probe_answer *a = &step->answer;

	if (finding->rule->severity != PCP_ERROR || knows_rule(test, finding->rule->name) ||
	    is_copy(finding, a) || is_own(test, finding, a) || is_ours(step, finding))
		return;
	test->rule[test->nrule] = finding->rule->name;
	test->rule_exchange[test->nrule] = a->exchange;
	snprintf(test->rule_text[test->nrule], sizeof test->rule_text[0], "%s (%s)", finding->text,
		 finding->rule->ref);
	test->nrule++;
}

/* What its clock showed in the answer before. */
static void put_epoch(struct judge_facts *facts, const struct probe *probe, usec at)
{
	const struct probe_seen *last = probe->nseen ? &probe->seen[probe->nseen - 1] : NULL;

	if (!last)
		return;
	facts->have_epoch = true;
	facts->epoch = last->epoch;
	facts->since = at - last->at;
}

void probe_test_lint(struct probe_test *test, const struct probe_step *step)
{
	struct judge *judge = calloc(1, sizeof *judge);
	struct judge_facts facts = { .went = PCP_RESPONSE,
				     .asked = step->octets,
				     .asked_len = step->len };
	struct pcp_finding finding[PCP_FINDINGS_MAX];
	const struct probe_answer *a = &step->answer;
	size_t n = 0;

	if (judge && step->kind != STEP_WAIT && !a->silent && !a->refused &&
	    a->len <= sizeof a->octets) {
		put_epoch(&facts, test->probe, a->at);
		pcp_decode(&judge->packet, a->octets, a->len, PCP_RESPONSE, 0, judge->node,
			   PCP_NODES_MAX);
		n = judge_packet(judge, &judge->packet, &facts, finding, PCP_FINDINGS_MAX);
	}
	for (size_t i = 0; i < n && i < PCP_FINDINGS_MAX; i++)
		take_finding(test, &finding[i], step);
	free(judge);
}

/* ---- a second time ---- */

static bool seen_before(const struct probe_test *test, const char *rule)
{
	for (size_t i = 0; i < test->nfirst_rule; i++)
		if (test->first_rule[i] == rule)
			return true;
	return false;
}

static void keep_rules_seen_twice(struct probe_test *test)
{
	size_t kept = 0;

	for (size_t i = 0; i < test->nrule; i++) {
		if (!seen_before(test, test->rule[i]))
			continue;
		test->rule[kept] = test->rule[i];
		test->rule_exchange[kept] = test->rule_exchange[i];
		memmove(test->rule_text[kept], test->rule_text[i], sizeof test->rule_text[0]);
		kept++;
	}
	test->nrule = kept;
}

/* The same check behind the same question. */
static bool same_fault(const struct probe_judgement *a, const struct probe_judgement *b)
{
	return a->check == b->check && a->asked == b->asked;
}

/* Two faults, each seen once. What was no more than weak may have been seen before the greater one,
 * too: so much is certain. */
static void weigh(struct probe_test *test, const struct probe_judgement *first,
		  const struct probe_judgement *second)
{
	if (first->verdict < second->verdict)
		test->judgement = *first;
	else if (first->verdict == second->verdict)
		probe_judge(test, PROBE_OPEN,
			    "of two attempts each showed something else: %.*s; %.*s", HALF_A_WHY,
			    first->why, HALF_A_WHY, second->why);
}

/* What only one of two attempts showed is no verdict. */
static void compare(struct probe_test *test)
{
	const struct probe_judgement first = test->first, second = test->judgement;
	bool was = first.verdict >= PROBE_WEAK, is = second.verdict >= PROBE_WEAK;

	keep_rules_seen_twice(test);
	if ((!was && !is) || same_fault(&first, &second))
		return;
	if (was && is)
		weigh(test, &first, &second);
	else
		probe_judge(test, PROBE_OPEN, "of two attempts one showed this: %s",
			    was ? first.why : second.why);
}

/* Five times nothing, and an ANNOUNCE answered at once behind each: more tries show no more. */
static bool is_sure(const struct probe_test *test)
{
	const struct probe_step *last = test->nstep ? test->step[test->nstep - 1] : NULL;

	return last && last->kind == STEP_FIRM && last->answer.silent && last->alive;
}

bool probe_test_again(struct probe_test *test)
{
	if (test->attempt == 1) {
		compare(test);
		return false;
	}
	if ((test->row->flags & PROBE_ONCE) || test->probe->stopping || is_sure(test) ||
	    (test->judgement.verdict < PROBE_WEAK && test->nrule == 0))
		return false;
	test->first = test->judgement;
	memcpy(test->first_rule, test->rule, sizeof test->rule);
	test->nfirst_rule = test->nrule;
	test->nrule = 0;
	test->attempt = 1;
	free_steps(test);
	release_ports(test);
	draw(test);
	return true;
}
