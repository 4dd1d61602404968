/* The lab's life: its beginning, its time and its end. */
#include <stdlib.h>

#include "lab-fault-private.h"
#include "lab-word-private.h"

struct lab *lab_new(usec now, struct pcp_rng *rng, struct lab_io io)
{
	struct lab *lab = calloc(1, sizeof(*lab));
	uint64_t seed;

	if (!lab)
		return NULL;
	lab->rng = rng;
	lab->io = io;
	lab->epoch_at = now;
	timers_init(&lab->timers);
	seed = pcp_rng_u64(rng);
	pcp_rng_seeded(&lab->fault_rng, seed);
	lab->rate_salt = (uint32_t)(seed >> 32);
	if (!lab_store_open(lab)) {
		free(lab);
		return NULL;
	}
	lab_unasked_start(lab);
	lab_settings_start(lab, now);
	return lab;
}

void lab_free(struct lab *lab)
{
	if (!lab)
		return;
	lab_fault_close(lab);
	lab_store_close(lab);
	timers_free(&lab->timers);
	free(lab);
}

usec lab_next(const struct lab *lab)
{
	return timers_next(&lab->timers);
}

void lab_tick(struct lab *lab, usec now)
{
	timers_run(&lab->timers, now);
}

void lab_count(const struct lab *lab, struct lab_counters *counters)
{
	*counters = lab->counters;
}
