/*
 * When faults strike: each with a rate, and for all opcodes or one. All chance comes from one
 * seeded generator of their own, so that a run repeats.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab-fault-private.h"
#include "lab-word-private.h"

/* ---- chance ---- */

static bool concerns(const struct lab_fault *fault, const uint8_t *octets)
{
	if (fault->opcode < 0)
		return true;
	if (octets[0] == PCP_VERSION_NATPMP)
		return fault->opcode == LAB_NATPMP;
	return fault->opcode == pcp_opcode_of(octets);
}

/* Draws even where the rate is 1, so that changing one rate does not change the others' luck. */
static bool strikes(struct lab *lab, const struct lab_fault *fault, const uint8_t *octets)
{
	if (!concerns(fault, octets) || pcp_rng_uniform(&lab->fault_rng, 0, 1) >= fault->rate)
		return false;
	lab->struck[fault->kind - lab_fault_kinds]++;
	lab->counters.faulted++;
	return true;
}

static void tell_strike(struct lab *lab, usec now, const struct lab_fault *fault, bool answer,
			bool lost)
{
	if (lab->io.struck && lab->asking.client)
		lab->io.struck(lab->io.arg, now,
			       &(struct lab_strike){ .client = lab->asking.client,
						     .asked = lab->asking.octets,
						     .asked_len = lab->asking.len,
						     .fault = fault->kind->name,
						     .told = fault->kind->told,
						     .answer = answer,
						     .lost = lost });
}

bool lab_fault_arrival(const struct lab_arrival *arrival, const uint8_t *octets, char why[LAB_WHY])
{
	struct lab *lab = arrival->lab;

	for (size_t i = 0; i < lab->nfault; i++) {
		const struct lab_fault *fault = &lab->fault[i];
		bool lost;

		if (!fault->kind->arrive || !strikes(lab, fault, octets))
			continue;
		lost = fault->kind->arrive(arrival, fault);
		tell_strike(lab, arrival->now, fault, false, lost);
		if (lost) {
			snprintf(why, LAB_WHY, "fault %s: a request is not heard",
				 fault->kind->name);
			return true;
		}
	}
	return false;
}

/* ---- datagrams that wait ---- */

struct lab_delayed {
	struct timer timer;
	struct lab *lab;
	struct lab_delayed *next, **link;
	struct pcp_endpoint from, to;
	unsigned copies;
	size_t len;
	uint8_t octets[];
};

static void post(struct lab *lab, const struct pcp_endpoint *from, const struct pcp_endpoint *to,
		 const uint8_t *octets, size_t len, unsigned copies)
{
	for (; copies > 0; copies--) {
		lab->counters.sent++;
		lab->io.send(lab->io.arg, from, to, octets, len);
	}
}

static void discard(struct lab_delayed *delayed)
{
	struct lab *lab = delayed->lab;

	timer_stop(&lab->timers, &delayed->timer);
	*delayed->link = delayed->next;
	if (delayed->next)
		delayed->next->link = delayed->link;
	lab->ndelayed--;
	free(delayed);
}

static void deliver(struct timer *timer, void *arg, usec now)
{
	struct lab_delayed *delayed = arg;

	(void)timer;
	(void)now;
	post(delayed->lab, &delayed->from, &delayed->to, delayed->octets, delayed->len,
	     delayed->copies);
	discard(delayed);
}

/* Beyond LAB_DELAYED_MAX, and when memory is out, the datagram is lost, as on a real network. */
static void keep_back(struct lab *lab, usec now, const struct lab_parcel *parcel)
{
	struct lab_delayed *delayed;

	if (lab->ndelayed >= LAB_DELAYED_MAX)
		return;
	delayed = malloc(sizeof(*delayed) + parcel->len);
	if (!delayed)
		return;
	*delayed = (struct lab_delayed){ .lab = lab,
					 .from = parcel->from,
					 .to = parcel->to,
					 .copies = parcel->copies,
					 .len = parcel->len,
					 .timer = { .fire = deliver, .arg = delayed },
					 .next = lab->delayed,
					 .link = &lab->delayed };
	memcpy(delayed->octets, parcel->octets, parcel->len);
	if (delayed->next)
		delayed->next->link = &delayed->next;
	lab->delayed = delayed;
	lab->ndelayed++;
	if (!timer_arm(&lab->timers, &delayed->timer, now + parcel->delay))
		discard(delayed);
}

void lab_fault_send(struct lab *lab, usec now, const struct pcp_endpoint *from,
		    const struct pcp_endpoint *to, const uint8_t *octets, size_t len)
{
	struct lab_parcel parcel = {
		.lab = lab, .from = *from, .to = *to, .len = len, .copies = 1
	};

	if (lab->nfault == 0 && !lab->mutation.mutant) {
		post(lab, from, to, octets, len, 1);
		return;
	}
	memcpy(parcel.octets, octets, len);
	if (!lab_mutant_answers(lab, &parcel.from, parcel.octets, &parcel.len))
		return;
	for (size_t i = 0; i < lab->nfault; i++) {
		const struct lab_fault *fault = &lab->fault[i];
		bool lost;

		if (!fault->kind->leave || !strikes(lab, fault, octets))
			continue;
		lost = parcel.copies == 0;
		fault->kind->leave(&parcel, fault);
		tell_strike(lab, now, fault, true, parcel.copies == 0 && !lost);
		lab_note(lab, now, "fault %s strikes an answer", fault->kind->name);
	}
	if (parcel.delay > 0 && parcel.copies > 0)
		keep_back(lab, now, &parcel);
	else
		post(lab, &parcel.from, &parcel.to, parcel.octets, parcel.len, parcel.copies);
}

void lab_fault_close(struct lab *lab)
{
	while (lab->delayed)
		discard(lab->delayed);
}

void lab_fault_clear(struct lab *lab)
{
	lab->nfault = 0;
}

/* ---- words ---- */

static const char *const value_texts[] = {
	[RATE] = "RATE[/OPCODE]",
	[DURATION] = "TIME[@RATE][/OPCODE]",
	[SECONDS] = "SECONDS[@RATE][/OPCODE]",
	[RESULT] = "RESULT[@RATE][/OPCODE]",
};

bool lab_fault_word(size_t i, struct lab_word *word)
{
	if (i >= lab_nfaults)
		return false;
	*word = (struct lab_word){ LAB_FAULT, lab_fault_kinds[i].name,
				   value_texts[lab_fault_kinds[i].value], lab_fault_kinds[i].help };
	return true;
}

const struct lab_fault *lab_fault_active(const struct lab *lab, size_t i)
{
	for (size_t n = 0; n < lab->nfault; n++)
		if (lab->fault[n].kind == &lab_fault_kinds[i])
			return &lab->fault[n];
	return NULL;
}

static struct lab_fault *active(struct lab *lab, size_t i)
{
	return (struct lab_fault *)lab_fault_active(lab, i);
}

static bool parse_rate(const char *typed, double *rate, struct pcp_why *why)
{
	char *end;

	*rate = strtod(typed, &end);
	if (end > typed && strcmp(end, "%") == 0) {
		*rate /= 100;
		end++;
	}
	if (end == typed || *end || !(*rate >= 0 && *rate <= 1))
		return pcp_refuse(
			why, 0, "a rate is a number from 0 to 1, or 0%% to 100%%, not '%s'", typed);
	return true;
}

static bool parse_opcode(const char *typed, int *opcode, struct pcp_why *why)
{
	long code = pcp_code(pcp_opcode_names, typed);
	char *end;

	if (strcmp(typed, "natpmp") == 0 || strcmp(typed, "nat-pmp") == 0)
		code = LAB_NATPMP;
	else if (code < 0 && isdigit((unsigned char)*typed))
		code = strtol(typed, &end, 0);
	if (code < 0 || code > LAB_NATPMP || (code > 127 && code < LAB_NATPMP))
		return pcp_refuse(why, 0,
				  "'%s' is no opcode: announce, map, peer, get, natpmp or a number",
				  typed);
	*opcode = (int)code;
	return true;
}

static bool parse_number(const char *typed, uint64_t max, uint64_t *value, struct pcp_why *why)
{
	char *end;

	*value = strtoull(typed, &end, 0);
	if (!isdigit((unsigned char)*typed) || *end || *value > max)
		return pcp_refuse(why, 0, "'%s' is not a number from 0 to %llu", typed,
				  (unsigned long long)max);
	return true;
}

static bool parse_value(const struct lab_fault_kind *kind, usec now, const char *typed,
			struct lab_fault *fault, struct pcp_why *why)
{
	uint32_t seconds;
	usec duration;
	long code;

	switch (kind->value) {
	case RATE:
		return parse_rate(typed, &fault->rate, why);
	case DURATION:
		if (!lab_duration_parse(typed, &duration, why))
			return false;
		fault->value = (uint64_t)(kind->arrive ? now + duration : duration);
		return true;
	case SECONDS:
		if (!pcp_seconds_parse(typed, &seconds, why))
			return false;
		fault->value = seconds;
		return true;
	case RESULT:
		code = pcp_code(pcp_result_names, typed);
		fault->value = (uint64_t)code;
		return code >= 0 || parse_number(typed, UINT8_MAX, &fault->value, why);
	}
	return false;
}

static void switch_off(struct lab *lab, struct lab_fault *fault)
{
	if (!fault)
		return;
	lab->nfault--;
	memmove(fault, fault + 1, (size_t)(&lab->fault[lab->nfault] - fault) * sizeof(*fault));
}

/* Splits "VALUE@RATE/OPCODE"; the parts after the first may be missing. */
static bool parse_parts(const struct lab_fault_kind *kind, usec now, char *typed,
			struct lab_fault *fault, struct pcp_why *why)
{
	char *opcode = strchr(typed, '/'), *rate;

	if (opcode)
		*opcode++ = '\0';
	rate = strchr(typed, '@');
	if (rate)
		*rate++ = '\0';
	return (!*typed || parse_value(kind, now, typed, fault, why)) &&
	       (!rate || parse_rate(rate, &fault->rate, why)) &&
	       (!opcode || parse_opcode(opcode, &fault->opcode, why));
}

bool lab_fault_set(struct lab *lab, usec now, size_t i, const char *value, struct pcp_why *why)
{
	struct lab_fault fault = { .kind = &lab_fault_kinds[i], .rate = 1, .opcode = -1 };
	struct lab_fault *present = active(lab, i);
	char typed[64];

	fault.value = lab_fault_kinds[i].normal;
	if (strcmp(value, "off") == 0) {
		switch_off(lab, present);
		return true;
	}
	if (strlen(value) >= sizeof(typed))
		return pcp_refuse(why, 0, "too long");
	strcpy(typed, value);
	if (!parse_parts(&lab_fault_kinds[i], now, typed, &fault, why))
		return false;
	if (fault.rate == 0)
		switch_off(lab, present);
	else if (present)
		*present = fault;
	else if (lab->nfault < LAB_FAULTS_MAX)
		lab->fault[lab->nfault++] = fault;
	return true;
}

static int value_text(const struct lab_fault *fault, char *buf, size_t cap)
{
	switch (fault->kind->value) {
	case DURATION:
		if (fault->kind->arrive)
			return snprintf(buf, cap, "%s", "");
		return snprintf(buf, cap, "%llums", (unsigned long long)fault->value / 1000);
	case SECONDS:
	case RESULT:
		return snprintf(buf, cap, "%llu", (unsigned long long)fault->value);
	case RATE:
		break;
	}
	return snprintf(buf, cap, "%g", fault->rate);
}

void lab_fault_only(const struct lab_fault *fault, char *buf, size_t cap)
{
	const char *name =
		fault->opcode >= 0 ? pcp_name(pcp_opcode_names, (uint32_t)fault->opcode) : NULL;

	if (fault->opcode == LAB_NATPMP)
		name = "natpmp";
	if (name)
		snprintf(buf, cap, "/%s", name);
	else if (fault->opcode >= 0)
		snprintf(buf, cap, "/%d", fault->opcode);
	else
		snprintf(buf, cap, "%s", "");
}

size_t lab_fault_word_of(const struct lab_fault *fault, char *buf, size_t cap)
{
	char value[32], rate[32] = "", only[32];

	value_text(fault, value, sizeof(value));
	if (fault->kind->value != RATE && fault->rate < 1)
		snprintf(rate, sizeof(rate), "@%g", fault->rate);
	lab_fault_only(fault, only, sizeof(only));
	return (size_t)snprintf(buf, cap, "%s%s%s%s%s", fault->kind->name, *value ? "=" : "", value,
				rate, only);
}

size_t lab_fault_text(const struct lab *lab, size_t i, char *buf, size_t cap)
{
	const struct lab_fault *fault = lab_fault_active(lab, i);

	return fault ? lab_fault_word_of(fault, buf, cap) : (size_t)snprintf(buf, cap, "%s", "");
}

bool lab_fault_on(const struct lab *lab, size_t i)
{
	return lab_fault_active(lab, i) != NULL;
}
