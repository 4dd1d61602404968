/* Five tries of a mapped port, one after the other, and what they amount to. */
#include "inquiry.h"
#include "out.h"

#include <string.h>

void inquiry_begin(struct inquiry *inquiry, const uint16_t port[BEACON_WAYS], usec pace,
		   struct pcp_rng *rng, struct inquiry_io io, usec now)
{
	*inquiry = (struct inquiry){ .io = io, .rng = rng, .pace = pace, .due = now };
	inquiry->ask.type = BEACON_ASK;
	memcpy(inquiry->ask.port, port, sizeof inquiry->ask.port);
}

static void ask(struct inquiry *inquiry, usec now)
{
	memset(inquiry->came, 0, sizeof inquiry->came);
	inquiry->rng->fill(inquiry->rng, inquiry->ask.nonce, sizeof inquiry->ask.nonce);
	inquiry->result.asked++;
	inquiry->waiting = true;
	inquiry->due = now + INQUIRY_PATIENCE;
	inquiry->io.ask(inquiry->io.arg, &inquiry->ask);
}

static bool is_enough(const struct inquiry *inquiry)
{
	const struct inquiry_result *result = &inquiry->result;

	return result->answered == INQUIRY_TRIES || result->asked == INQUIRY_SENDINGS ||
	       (!result->answered && result->asked == INQUIRY_SILENCES);
}

void inquiry_answer(struct inquiry *inquiry, usec now, const struct beacon_message *answer)
{
	usec next = inquiry->due - INQUIRY_PATIENCE + inquiry->pace;

	if (inquiry->over || !inquiry->waiting || answer->type != BEACON_ANSWER ||
	    memcmp(answer->nonce, inquiry->ask.nonce, BEACON_NONCE_LEN) != 0)
		return;
	inquiry->waiting = false;
	inquiry->due = next > now ? next : now;
	inquiry->result.answered++;
	inquiry->result.source = answer->source;
	for (unsigned way = 0; way < BEACON_WAYS; way++)
		inquiry->result.saw[way][answer->saw[way]]++;
	inquiry->over = is_enough(inquiry);
}

void inquiry_came(struct inquiry *inquiry, enum beacon_way way)
{
	if (!inquiry->came[way])
		inquiry->result.came[way]++;
	inquiry->came[way] = true;
}

usec inquiry_next(const struct inquiry *inquiry)
{
	return inquiry->over ? USEC_NEVER : inquiry->due;
}

void inquiry_tick(struct inquiry *inquiry, usec now)
{
	if (inquiry->over || now < inquiry->due)
		return;
	if (inquiry->waiting && is_enough(inquiry))
		inquiry->over = true;
	else
		ask(inquiry, now);
}

/* ---- in words ---- */

static bool is_tried(const struct inquiry_result *result, enum beacon_way way)
{
	return result->saw[way][BEACON_UNTRIED] < result->answered;
}

size_t inquiry_way_text(const struct inquiry_result *result, enum beacon_way way, char *buf,
			size_t cap)
{
	const unsigned *saw = result->saw[way];
	struct pcp_out out;
	unsigned n = 0;

	pcp_out_begin(&out, buf, cap);
	pcp_out_text(&out, beacon_way_name(way));
	if (!is_tried(result, way)) {
		pcp_out_text(&out, " not tried");
		return out.len;
	}
	pcp_out_format(&out, " %u of %u", saw[BEACON_OPEN], result->answered);
	for (unsigned i = BEACON_OPEN + 1; i < BEACON_NSAW; i++)
		if (saw[i])
			pcp_out_format(&out, "%s%s %u", n++ ? ", " : " (",
				       beacon_saw_name((enum beacon_saw)i), saw[i]);
	if (result->came[way] > saw[BEACON_OPEN])
		pcp_out_format(&out, "%s%u came in here", n++ ? ", " : " (", result->came[way]);
	pcp_out_text(&out, n ? ")" : "");
	return out.len;
}

bool inquiry_all_open(const struct inquiry_result *result)
{
	for (unsigned way = 0; way < BEACON_WAYS; way++)
		if (is_tried(result, (enum beacon_way)way) &&
		    result->saw[way][BEACON_OPEN] < result->answered)
			return false;
	return result->answered > 0;
}

static unsigned made(const struct inquiry_result *result, enum beacon_way way)
{
	const unsigned *saw = result->saw[way];

	return result->answered - saw[BEACON_UNTRIED] - saw[BEACON_UNABLE];
}

bool inquiry_untried(const struct inquiry_result *result)
{
	return !made(result, BEACON_UDP) && !made(result, BEACON_TCP);
}

bool inquiry_none_open(const struct inquiry_result *result)
{
	return !inquiry_untried(result) && !result->saw[BEACON_UDP][BEACON_OPEN] &&
	       !result->saw[BEACON_TCP][BEACON_OPEN];
}
