/* What an open capture contains, gathered a slice at a time. */
#include "survey.h"

#include <stdlib.h>
#include <string.h>

#include "session-follow.h"

enum { SLICE = 300, SLICE_EXCHANGES = 20000 };

bool survey_open(struct survey *survey)
{
	survey->judge = calloc(1, sizeof *survey->judge);
	return survey->judge != NULL;
}

void survey_close(struct survey *survey)
{
	free(survey->judge);
	free(survey->grave);
}

void survey_reset(struct survey *survey)
{
	uint8_t *grave = survey->grave;
	struct judge *judge = survey->judge;
	size_t cap = survey->grave_cap;

	memset(survey, 0, sizeof *survey);
	survey->grave = grave;
	survey->grave_cap = cap;
	survey->judge = judge;
}

/* Without memory, n and N pass over what has no place. */
static void make_room(struct survey *survey, size_t n)
{
	uint8_t *grave;

	if (n <= survey->grave_cap)
		return;
	grave = realloc(survey->grave, n);
	if (!grave)
		return;
	survey->grave = grave;
	survey->grave_cap = n;
}

/* ---- times ---- */

/* Sixteen steps to a doubling: a median is told to some four in a hundred. */
enum { STEPS = 16 };

static size_t step_of(usec time)
{
	usec base = 1;
	size_t doublings = 0, step;

	while (base * 2 <= time && doublings + 1 < SURVEY_TIMES / STEPS) {
		base *= 2;
		doublings++;
	}
	step = doublings * STEPS + (size_t)((time - base) * STEPS / base);
	return step < SURVEY_TIMES ? step : SURVEY_TIMES - 1;
}

usec survey_median(const struct survey *survey)
{
	uint32_t seen = 0;
	size_t i;

	for (i = 0; i + 1 < SURVEY_TIMES && 2 * (seen += survey->times[i]) < survey->ntimes; i++)
		;
	return ((usec)1 << i / STEPS) + ((usec)1 << i / STEPS) * (usec)(i % STEPS) / STEPS;
}

static void add_time(struct survey *survey, const struct message *message)
{
	if (message->rtt < 0)
		return;
	survey->times[step_of(message->rtt > 0 ? message->rtt : 1)]++;
	survey->ntimes++;
	survey->worst = message->rtt > survey->worst ? message->rtt : survey->worst;
}

/* ---- a message ---- */

/* An answer's result code, at the same place in PCP and in NAT-PMP. */
static bool is_refused(const struct message *message)
{
	return message->len > 3 && message->octets[3] != PCP_SUCCESS;
}

static enum survey_mark mark_of(struct survey *survey, const struct log *log,
				const struct message *message)
{
	bool answer = message->kind == MESSAGE_RESPONSE || message->kind == MESSAGE_UNSOLICITED;
	uint32_t expected;

	if (message->kind == MESSAGE_IGNORED)
		return MARK_IGNORED;
	if (message->kind == MESSAGE_RESENT)
		return MARK_TRY;
	if (!answer)
		return MARK_PLAIN;
	if (message_shows_restart(log, message, &expected)) {
		survey->restart_at = survey->restarts++ ? survey->restart_at : message->wall;
		return MARK_RESTART;
	}
	return is_refused(message) ? MARK_REFUSED : MARK_PLAIN;
}

static void count(struct survey *survey, const struct message *message)
{
	const struct pcp_packet *packet = &survey->judge->packet;

	switch (message->kind) {
	case MESSAGE_REQUEST:
		if (packet->version == 0)
			survey->natpmp++;
		else
			survey->requests[packet->opcode]++;
		break;
	case MESSAGE_RESENT:
		survey->retries++;
		break;
	case MESSAGE_RESPONSE:
		survey->version = packet->version;
		survey->fine += !is_refused(message);
		survey->refused += is_refused(message);
		add_time(survey, message);
		break;
	case MESSAGE_UNSOLICITED:
		survey->unasked++;
		break;
	case MESSAGE_IGNORED:
		survey->ignored++;
		break;
	}
}

/* ---- findings ---- */

static void add_finding(struct survey *survey, const struct message *message,
			const struct pcp_rule *rule)
{
	size_t i = 0, end;

	while (i < survey->nfinding && survey->finding[i].rule != rule)
		i++;
	if (i < survey->nfinding) {
		survey->finding[i].count++;
		return;
	}
	if (survey->nfinding == SURVEY_FINDINGS)
		return;
	for (i = 0; i < survey->nfinding && survey->finding[i].rule->severity >= rule->severity;)
		i++;
	end = survey->nfinding++;
	memmove(&survey->finding[i + 1], &survey->finding[i], (end - i) * sizeof *survey->finding);
	survey->finding[i] = (struct survey_finding){
		.rule = rule, .message = message->id, .exchange = message->exchange, .count = 1
	};
}

static void judge(struct survey *survey, struct ui *ui, const struct message *message, size_t at)
{
	const struct findings *findings = &survey->findings;
	uint8_t grave = 0;
	size_t i;

	findings_of_message(&survey->findings, ui->session, message, survey->judge);
	for (i = 0; i < findings->n && message->kind != MESSAGE_RESENT; i++) {
		enum pcp_severity severity = findings->at[i].rule->severity;

		add_finding(survey, message, findings->at[i].rule);
		survey->by_severity[severity]++;
		grave = severity + 1 > grave ? (uint8_t)(severity + 1) : grave;
	}
	if (at < survey->grave_cap)
		survey->grave[at] = grave;
}

long survey_next_finding(const struct survey *survey, long from, int by)
{
	uint8_t least = survey->by_severity[PCP_WARNING] + survey->by_severity[PCP_ERROR] > 0
				? 1 + PCP_WARNING
				: 1 + PCP_NOTE;
	long end =
		(long)(survey->messages < survey->grave_cap ? survey->messages : survey->grave_cap);

	for (; from >= 0 && from < end; from += by)
		if (survey->grave[from] >= least)
			return from;
	return -1;
}

/* ---- a slice ---- */

static size_t place_of(const struct survey *survey, const struct message *message)
{
	usec span = survey->last - survey->first, since = message->wall - survey->first;

	if (span <= 0 || since <= 0)
		return 0;
	return since < span ? (size_t)((double)since / (double)span * SURVEY_PLACES)
			    : SURVEY_PLACES - 1;
}

static void take(struct survey *survey, struct ui *ui, const struct message *message, size_t i)
{
	const struct log *log = session_log(ui->session);
	enum survey_mark mark;
	size_t place;

	judge(survey, ui, message, i);
	count(survey, message);
	mark = mark_of(survey, log, message);
	if (survey->live)
		return; /* the line of time has no end yet */
	place = place_of(survey, message);
	if (mark > survey->place[place])
		survey->place[place] = (uint8_t)mark;
	if (mark == MARK_TRY && message->tries > survey->most_tries[place])
		survey->most_tries[place] = message->tries;
}

static void take_exchange(struct survey *survey, const struct log *log, size_t i)
{
	const struct exchange *exchange = log_exchange_at(log, i);
	size_t at = i * SURVEY_TRIES / log_nexchanges(log);

	survey->silent += exchange->state != EXCHANGE_ANSWERED && exchange->answers == 0;
	if (exchange->sends > survey->tries[at])
		survey->tries[at] = exchange->sends;
}

/* What the log has no more is no part of the places any more. */
static void forget_dropped(struct survey *survey, const struct log *log)
{
	uint64_t gone = log_dropped(log) - survey->dropped;

	survey->dropped = log_dropped(log);
	survey->messages -= gone < survey->messages ? (size_t)gone : survey->messages;
}

static void take_messages(struct survey *survey, struct ui *ui, const struct log *log)
{
	size_t n = log_nmessages(log);

	if (survey->messages == 0 && n) {
		make_room(survey, n);
		survey->first = log_message_at(log, 0)->wall;
		survey->last = log_message_at(log, n - 1)->wall;
	}
	for (size_t i = 0; i < SLICE && survey->messages < n; i++, survey->messages++)
		take(survey, ui, log_message_at(log, survey->messages), survey->messages);
}

static void take_exchanges(struct survey *survey, const struct log *log)
{
	size_t m = log_nexchanges(log);

	for (size_t i = 0; i < SLICE_EXCHANGES && survey->exchanges < m; i++)
		take_exchange(survey, log, survey->exchanges++);
}

void survey_go_on(struct survey *survey, struct ui *ui)
{
	const struct log *log = session_log(ui->session);
	const struct replay *replay = session_replay(ui->session);
	bool live = session_follows(ui->session), all;

	if (!replay || (replay_reading(replay) && !live))
		return;
	if (live != survey->live) { /* what has ended is looked at as a whole */
		survey_reset(survey);
		survey->live = live;
	}
	if (survey->complete)
		return;
	if (live)
		forget_dropped(survey, log);
	take_messages(survey, ui, log);
	all = survey->messages == log_nmessages(log);
	if (all && !live) {
		take_exchanges(survey, log);
		survey->complete = survey->exchanges == log_nexchanges(log);
	}
	if (!all || (!live && !survey->complete))
		ui_again(ui);
}
