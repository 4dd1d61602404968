/* Faults as switches of a panel: how far each is turned up, and the word that turns it a step. */
#include <stdio.h>
#include <string.h>

#include "lab-fault-private.h"

/* ---- scales: the steps of a value, the lowest first ---- */

static const uint64_t rates[] = { 10, 20, 30, 40, 50, 60, 70, 80, 90, 100 }; /* percent */
static const uint64_t delays[] = { 100, 200, 300,  400,	 500,  600,  700,
				   800, 900, 1000, 2500, 5000, 10000 }; /* ms */
static const uint64_t silences[] = { 10, 30, 60, 300, 1800, 3600 };	/* s; above: no end */
static const uint64_t spans[] = { 1, 10, 60, 600, 3600, 86400, 604800, UINT32_MAX }; /* s */

struct scale {
	const uint64_t *step;
	size_t n;
};
#define SCALE(array) ((struct scale){ array, sizeof(array) / sizeof *(array) })

static bool is_silence(const struct lab_fault_kind *kind)
{
	return kind->value == DURATION && kind->arrive;
}

static struct scale scale_of(const struct lab_fault_kind *kind)
{
	switch (kind->value) {
	case RATE:
		return SCALE(rates);
	case DURATION:
		return is_silence(kind) ? SCALE(silences) : SCALE(delays);
	case SECONDS:
		return SCALE(spans);
	case RESULT:
		break;
	}
	return (struct scale){ NULL, 0 }; /* the codes themselves */
}

/* The value in the unit of its scale. */
static uint64_t value_of(const struct lab_fault *fault, usec now)
{
	switch (fault->kind->value) {
	case RATE:
		return (uint64_t)(fault->rate * 100 + 0.5);
	case DURATION:
		if (!is_silence(fault->kind))
			return fault->value / 1000;
		return fault->value > (uint64_t)now
			       ? (fault->value - (uint64_t)now + USEC_PER_SEC - 1) / USEC_PER_SEC
			       : 0;
	case SECONDS:
	case RESULT:
		break;
	}
	return fault->value;
}

/* The next step above or below a value; 0: below the lowest, UINT64_MAX: above the highest. */
static uint64_t next_step(struct scale scale, uint64_t value, int by)
{
	size_t i = 0;

	if (scale.n == 0)
		return by < 0 ? value - (value > 0) : value < UINT8_MAX ? value + 1 : UINT64_MAX;
	while (i < scale.n && (by < 0 ? scale.step[i] < value : scale.step[i] <= value))
		i++;
	if (by < 0)
		return i > 0 ? scale.step[i - 1] : 0;
	return i < scale.n ? scale.step[i] : UINT64_MAX;
}

/* ---- for people ---- */

/* "400ms", "30s", "10m", "1h", "7d". */
static void span_text(uint64_t seconds, char *buf, size_t cap)
{
	static const struct {
		uint64_t seconds;
		char unit;
	} units[] = { { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' } };
	size_t i = 0;

	while (i < 3 && (seconds < units[i].seconds || seconds % units[i].seconds))
		i++;
	if (seconds == UINT32_MAX)
		snprintf(buf, cap, "136y");
	else
		snprintf(buf, cap, "%llu%c", (unsigned long long)(seconds / units[i].seconds),
			 units[i].unit);
}

static void value_text(const struct lab_fault *fault, usec now, char *buf, size_t cap)
{
	uint64_t value = value_of(fault, now);
	const char *name;

	switch (fault->kind->value) {
	case RATE:
		snprintf(buf, cap, "%g%%", (double)((int)(fault->rate * 1000 + 0.5)) / 10);
		return;
	case DURATION:
		if (is_silence(fault->kind) && fault->value > (uint64_t)INT64_MAX / 2)
			snprintf(buf, cap, "on");
		else if (is_silence(fault->kind) || value % 1000 == 0)
			span_text(is_silence(fault->kind) ? value : value / 1000, buf, cap);
		else
			snprintf(buf, cap, "%llums", (unsigned long long)value);
		return;
	case SECONDS:
		span_text(value, buf, cap);
		return;
	case RESULT:
		name = pcp_name(pcp_result_names, (uint32_t)value);
		snprintf(buf, cap, "%llu%s%s", (unsigned long long)value, name ? " " : "",
			 name ? name : "");
	}
}

/* A delay is full at a second, all else when it strikes always. */
static unsigned level_of(const struct lab_fault *fault)
{
	uint64_t ms = fault->value / 1000;

	if (fault->kind->value == DURATION && !is_silence(fault->kind))
		return ms < 1000 ? (unsigned)(ms / 10) : 100;
	return (unsigned)(fault->rate * 100 + 0.5);
}

bool lab_switch_at(const struct lab *lab, usec now, size_t i, struct lab_switch *row)
{
	const struct lab_fault *fault;

	if (i >= lab_nfaults)
		return false;
	fault = lab_fault_active(lab, i);
	*row = (struct lab_switch){ .name = lab_fault_kinds[i].name,
				    .help = lab_fault_kinds[i].help,
				    .on = fault != NULL,
				    .value = "off",
				    .struck = lab->struck[i] };
	if (!fault)
		return true;
	row->level = level_of(fault);
	lab_fault_only(fault, row->only, sizeof row->only);
	value_text(fault, now, row->value, sizeof row->value);
	return true;
}

/* ---- words ---- */

/* What is useful to begin with: a rate at which some get through. */
void lab_switch_word(const struct lab *lab, size_t i, char *buf, size_t cap)
{
	const struct lab_fault_kind *kind = &lab_fault_kinds[i];

	snprintf(buf, cap, "%s%s", kind->name,
		 lab_fault_active(lab, i) ? "=off"
		 : kind->value == RATE	  ? "=0.2"
					  : "");
}

void lab_switch_step(const struct lab *lab, usec now, size_t i, int by, char *buf, size_t cap)
{
	const struct lab_fault_kind *kind = &lab_fault_kinds[i];
	const struct lab_fault *present = lab_fault_active(lab, i);
	struct lab_fault fault = { .kind = kind, .rate = 1, .opcode = -1 };
	uint64_t value;

	if (present)
		fault = *present;
	value = next_step(scale_of(kind), present ? value_of(present, now) : 0, by);
	if (value == UINT64_MAX && is_silence(kind)) {
		snprintf(buf, cap, "%s", kind->name); /* without an end */
		return;
	}
	if (value == UINT64_MAX) /* as high as it goes */
		value = value_of(&fault, now);
	if (value == 0) {
		snprintf(buf, cap, "%s=off", kind->name);
		return;
	}
	if (is_silence(kind)) {
		snprintf(buf, cap, "%s=%llus", kind->name, (unsigned long long)value);
		return;
	}
	if (kind->value == RATE)
		fault.rate = (double)value / 100;
	else
		fault.value = kind->value == DURATION ? value * 1000 : value;
	lab_fault_word_of(&fault, buf, cap);
}
