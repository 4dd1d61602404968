/*
 * Faults: one row each. Some strike a request as it arrives, some an answer as it leaves; each with
 * a rate, and for all opcodes or one. All chance comes from one seeded generator of their own, so
 * that a run repeats.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab-private.h"

/* What follows a fault's name. RATE: "=0.3"; the others: "=VALUE", with "@RATE" behind. */
enum value_kind { RATE, DURATION, SECONDS, RESULT };

struct lab_arrival { /* a request on its way in */
	struct lab *lab;
	usec now;
	const struct pcp_endpoint *from, *to;
	int *result; /* to force upon it */
};

struct parcel { /* a datagram on its way out */
	struct lab *lab;
	struct pcp_endpoint from, to;
	uint8_t octets[LAB_DATAGRAM_MAX];
	size_t len;
	usec delay;
	unsigned copies;
};

struct fault_kind {
	const char *name, *help;
	enum value_kind value;
	uint64_t normal; /* value when none is typed */
	/* One of these. True: the request is swallowed. */
	bool (*arrive)(const struct lab_arrival *arrival, const struct fault *fault);
	void (*leave)(struct parcel *parcel, const struct fault *fault);
};

enum { NATPMP = 256 };	       /* as a fault's opcode */
enum { REORDER_MAX = 500000 }; /* usec that a datagram waits for another one to overtake it */

/* ---- on arrival ---- */

static bool swallow(const struct lab_arrival *arrival, const struct fault *fault)
{
	(void)arrival;
	(void)fault;
	return true;
}

/* The value of `silence` is when it ends. */
static bool be_silent(const struct lab_arrival *arrival, const struct fault *fault)
{
	return (uint64_t)arrival->now < fault->value;
}

static bool force(const struct lab_arrival *arrival, const struct fault *fault)
{
	*arrival->result = (int)fault->value;
	return false;
}

/* An announcement or the update of a mapping that nobody asked for. */
static bool intrude(const struct lab_arrival *arrival, const struct fault *fault)
{
	struct lab *lab = arrival->lab;
	uint8_t octets[PCP_HEADER_LEN + 36] = { 0 };
	uint8_t *body = octets + PCP_HEADER_LEN;
	bool map = pcp_rng_below(&lab->fault_rng, 2) == 1;

	(void)fault;
	pcp_put(&pcp_response_fields[HDR_VERSION], octets, PCP_VERSION_2);
	pcp_put(&pcp_response_fields[HDR_R], octets, 1);
	pcp_put(&pcp_response_fields[HDR_OPCODE], octets, map ? PCP_MAP : PCP_ANNOUNCE);
	pcp_put(&pcp_response_fields[HDR_LIFETIME], octets, map ? 3600 : 0);
	pcp_put(&pcp_response_fields[HDR_EPOCH], octets, lab_epoch(lab, arrival->now));
	lab->fault_rng.fill(&lab->fault_rng, body, PCP_NONCE_LEN);
	pcp_put(&pcp_map_fields[MAP_PROTOCOL], body, 6);
	pcp_put(&pcp_map_fields[MAP_INTERNAL_PORT], body,
		1 + (uint32_t)pcp_rng_below(&lab->fault_rng, UINT16_MAX));
	pcp_put(&pcp_map_fields[MAP_EXTERNAL_PORT], body, 6666);
	memcpy(body + pcp_map_fields[MAP_EXTERNAL_ADDRESS].off, lab->config.wan, PCP_ADDR_LEN);
	lab->counters.sent++;
	lab->io.send(lab->io.arg, arrival->to, arrival->from, octets,
		     map ? sizeof(octets) : PCP_HEADER_LEN);
	return false;
}

/* ---- on leaving ---- */

static bool is_pcp(const struct parcel *parcel, size_t least)
{
	return parcel->octets[0] != PCP_VERSION_NATPMP && parcel->len >= least;
}

static void lose(struct parcel *parcel, const struct fault *fault)
{
	(void)fault;
	parcel->copies = 0;
}

static void duplicate(struct parcel *parcel, const struct fault *fault)
{
	(void)fault;
	parcel->copies *= 2;
}

static void delay(struct parcel *parcel, const struct fault *fault)
{
	parcel->delay += (usec)fault->value;
}

static void jitter(struct parcel *parcel, const struct fault *fault)
{
	parcel->delay += (usec)pcp_rng_below(&parcel->lab->fault_rng, fault->value + 1);
}

/* Held back long enough for the answer to a retransmission or to the next request to overtake it.
 */
static void reorder(struct parcel *parcel, const struct fault *fault)
{
	(void)fault;
	parcel->delay += 1 + (usec)pcp_rng_below(&parcel->lab->fault_rng, REORDER_MAX);
}

static void truncate(struct parcel *parcel, const struct fault *fault)
{
	(void)fault;
	if (parcel->len > 1)
		parcel->len = 1 + (size_t)pcp_rng_below(&parcel->lab->fault_rng, parcel->len - 1);
}

static void corrupt(struct parcel *parcel, const struct fault *fault)
{
	uint64_t times = 1 + pcp_rng_below(&parcel->lab->fault_rng, 4);

	(void)fault;
	while (times-- > 0)
		parcel->octets[pcp_rng_below(&parcel->lab->fault_rng, parcel->len)] ^=
			(uint8_t)(1 + pcp_rng_below(&parcel->lab->fault_rng, UINT8_MAX));
}

static void other_port(struct parcel *parcel, const struct fault *fault)
{
	(void)fault;
	parcel->from.port = parcel->from.port == UINT16_MAX ? 1024 : parcel->from.port + 1;
}

static void other_address(struct parcel *parcel, const struct fault *fault)
{
	(void)fault;
	parcel->from.addr[PCP_ADDR_LEN - 1]++;
}

static void wrong_nonce(struct parcel *parcel, const struct fault *fault)
{
	uint8_t opcode = parcel->octets[1] & (uint8_t)~PCP_R;

	(void)fault;
	if (is_pcp(parcel, PCP_HEADER_LEN + PCP_NONCE_LEN) &&
	    (opcode == PCP_MAP || opcode == PCP_PEER))
		parcel->lab->fault_rng.fill(&parcel->lab->fault_rng,
					    parcel->octets + PCP_HEADER_LEN, PCP_NONCE_LEN);
}

static void wrong_opcode(struct parcel *parcel, const struct fault *fault)
{
	(void)fault;
	parcel->octets[1] ^= PCP_MAP ^ PCP_PEER;
}

static void absurd_lifetime(struct parcel *parcel, const struct fault *fault)
{
	if (is_pcp(parcel, PCP_HEADER_LEN))
		pcp_put(&pcp_response_fields[HDR_LIFETIME], parcel->octets, (uint32_t)fault->value);
}

static void shift_epoch(struct parcel *parcel, uint32_t by)
{
	const struct pcp_field *field = &pcp_response_fields[HDR_EPOCH];
	const struct pcp_layout *natpmp = pcp_layout_natpmp(NATPMP_ADDRESS, PCP_RESP | PCP_V0);

	if (parcel->octets[0] == PCP_VERSION_NATPMP)
		field = &natpmp->field[4];
	if (parcel->len >= (size_t)field->off + field->len)
		pcp_put(field, parcel->octets, pcp_get(field, parcel->octets) + by);
}

static void epoch_back(struct parcel *parcel, const struct fault *fault)
{
	shift_epoch(parcel, (uint32_t)-fault->value);
}

static void epoch_jump(struct parcel *parcel, const struct fault *fault)
{
	shift_epoch(parcel, (uint32_t)fault->value);
}

/* Appends an option of `len` octets of data behind whatever is there. */
static void append(struct parcel *parcel, uint8_t code, size_t len)
{
	uint8_t *tlv = parcel->octets + parcel->len;

	if (!is_pcp(parcel, PCP_HEADER_LEN) ||
	    parcel->len + PCP_TLV_LEN + len > sizeof(parcel->octets))
		return;
	memset(tlv, 0, PCP_TLV_LEN + len);
	pcp_put(&pcp_tlv_fields[TLV_CODE], tlv, code);
	pcp_put(&pcp_tlv_fields[TLV_LENGTH], tlv, (uint32_t)len);
	parcel->len += PCP_TLV_LEN + len;
}

static void unknown_option(struct parcel *parcel, const struct fault *fault)
{
	(void)fault;
	append(parcel, 126, 8); /* mandatory, private use: a client must ignore it all the same */
}

static void oversize(struct parcel *parcel, const struct fault *fault)
{
	(void)fault;
	if (parcel->len < PCP_MAX_LEN + 4)
		append(parcel, 254, PCP_MAX_LEN + 4 - parcel->len);
}

/* ---- the table ---- */

static const struct fault_kind kinds[] = {
	{ "drop", "loses requests on their way in", RATE, 0, swallow, NULL },
	{ "drop-reply", "serves the request, and loses the answer", RATE, 0, NULL, lose },
	{ "silence", "answers nothing for that long, or until it is switched off", DURATION,
	  (uint64_t)INT64_MAX, be_silent, NULL },
	{ "result", "answers with this result code, without serving the request", RESULT,
	  PCP_NO_RESOURCES, force, NULL },
	{ "unsolicited",
	  "before an answer, sends an announcement or an update that nobody asked for", RATE, 0,
	  intrude, NULL },
	{ "duplicate", "sends an answer twice", RATE, 0, NULL, duplicate },
	{ "delay", "sends answers that much later", DURATION, 200000, NULL, delay },
	{ "jitter", "sends answers up to that much later, by chance", DURATION, 500000, NULL,
	  jitter },
	{ "reorder", "holds an answer back for up to half a second, so that others overtake it",
	  RATE, 0, NULL, reorder },
	{ "wrong-nonce", "answers MAP and PEER with a nonce that was not sent", RATE, 0, NULL,
	  wrong_nonce },
	{ "wrong-opcode", "answers with another opcode", RATE, 0, NULL, wrong_opcode },
	{ "absurd-lifetime", "grants this many seconds, whatever it remembers", SECONDS, UINT32_MAX,
	  NULL, absurd_lifetime },
	{ "epoch-back", "tells an epoch this many seconds too small", SECONDS, 3600, NULL,
	  epoch_back },
	{ "epoch-jump", "tells an epoch this many seconds too large", SECONDS, 3600, NULL,
	  epoch_jump },
	{ "unknown-option", "adds an option of the mandatory class that no document knows", RATE, 0,
	  NULL, unknown_option },
	{ "oversize", "makes answers longer than 1100 octets", RATE, 0, NULL, oversize },
	{ "truncate", "cuts answers off anywhere", RATE, 0, NULL, truncate },
	{ "corrupt", "changes up to four octets of an answer", RATE, 0, NULL, corrupt },
	{ "other-port", "answers from the next port", RATE, 0, NULL, other_port },
	{ "other-address", "answers from the next address", RATE, 0, NULL, other_address },
};

enum { NKINDS = sizeof(kinds) / sizeof(*kinds) };
const size_t lab_nfaults = NKINDS;

/* ---- chance ---- */

static bool concerns(const struct fault *fault, const uint8_t *octets)
{
	if (fault->opcode < 0)
		return true;
	if (octets[0] == PCP_VERSION_NATPMP)
		return fault->opcode == NATPMP;
	return fault->opcode == (octets[1] & ~PCP_R);
}

/* Draws even where the rate is 1, so that changing one rate does not change the others' luck. */
static bool strikes(struct lab *lab, struct fault *fault, const uint8_t *octets)
{
	if (!concerns(fault, octets) || pcp_rng_uniform(&lab->fault_rng, 0, 1) >= fault->rate)
		return false;
	fault->struck++;
	lab->counters.faulted++;
	return true;
}

bool lab_fault_arrival(struct lab *lab, usec now, const struct pcp_endpoint *from,
		       const struct pcp_endpoint *to, const uint8_t *octets, int *result)
{
	const struct lab_arrival arrival = { lab, now, from, to, result };

	for (size_t i = 0; i < lab->nfault; i++) {
		struct fault *fault = &lab->fault[i];

		if (!fault->kind->arrive || !strikes(lab, fault, octets))
			continue;
		if (fault->kind->arrive(&arrival, fault)) {
			lab_note(lab, now, "fault %s: a request is not heard", fault->kind->name);
			return true;
		}
	}
	return false;
}

/* ---- datagrams that wait ---- */

struct delayed {
	struct timer timer;
	struct lab *lab;
	struct delayed *next, **link;
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

static void discard(struct delayed *delayed)
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
	struct delayed *delayed = arg;

	(void)timer;
	(void)now;
	post(delayed->lab, &delayed->from, &delayed->to, delayed->octets, delayed->len,
	     delayed->copies);
	discard(delayed);
}

/* Beyond LAB_DELAYED_MAX, and when memory is out, the datagram is lost, as on a real network. */
static void keep_back(struct lab *lab, usec now, const struct parcel *parcel)
{
	struct delayed *delayed;

	if (lab->ndelayed >= LAB_DELAYED_MAX)
		return;
	delayed = malloc(sizeof(*delayed) + parcel->len);
	if (!delayed)
		return;
	*delayed = (struct delayed){ .lab = lab,
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
	struct parcel parcel = { .lab = lab, .from = *from, .to = *to, .len = len, .copies = 1 };

	if (lab->nfault == 0) {
		post(lab, from, to, octets, len, 1);
		return;
	}
	memcpy(parcel.octets, octets, len);
	for (size_t i = 0; i < lab->nfault; i++) {
		struct fault *fault = &lab->fault[i];

		if (!fault->kind->leave || !strikes(lab, fault, octets))
			continue;
		fault->kind->leave(&parcel, fault);
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
	if (i >= NKINDS)
		return false;
	*word = (struct lab_word){ LAB_FAULT, kinds[i].name, value_texts[kinds[i].value],
				   kinds[i].help };
	return true;
}

static struct fault *active(const struct lab *lab, size_t i)
{
	for (size_t n = 0; n < lab->nfault; n++)
		if (lab->fault[n].kind == &kinds[i])
			return (struct fault *)&lab->fault[n];
	return NULL;
}

static bool parse_rate(const char *typed, double *rate, struct pcp_why *why)
{
	char *end;

	*rate = strtod(typed, &end);
	if (end == typed || *end || !(*rate >= 0 && *rate <= 1))
		return pcp_refuse(why, 0, "a rate is a number from 0 to 1, not '%s'", typed);
	return true;
}

static bool parse_opcode(const char *typed, int *opcode, struct pcp_why *why)
{
	long code = pcp_code(pcp_opcode_names, typed);
	char *end;

	if (strcmp(typed, "natpmp") == 0 || strcmp(typed, "nat-pmp") == 0)
		code = NATPMP;
	else if (code < 0 && isdigit((unsigned char)*typed))
		code = strtol(typed, &end, 0);
	if (code < 0 || code > NATPMP || (code > 127 && code < NATPMP))
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

static bool parse_value(const struct fault_kind *kind, usec now, const char *typed,
			struct fault *fault, struct pcp_why *why)
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

static void switch_off(struct lab *lab, struct fault *fault)
{
	if (!fault)
		return;
	lab->nfault--;
	memmove(fault, fault + 1, (size_t)(&lab->fault[lab->nfault] - fault) * sizeof(*fault));
}

/* Splits "VALUE@RATE/OPCODE"; the parts after the first may be missing. */
static bool parse_parts(const struct fault_kind *kind, usec now, char *typed, struct fault *fault,
			struct pcp_why *why)
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
	struct fault fault = { .kind = &kinds[i], .rate = 1, .opcode = -1 };
	struct fault *present = active(lab, i);
	char typed[64];

	fault.value = kinds[i].normal;
	if (strcmp(value, "off") == 0) {
		switch_off(lab, present);
		return true;
	}
	if (strlen(value) >= sizeof(typed))
		return pcp_refuse(why, 0, "too long");
	strcpy(typed, value);
	if (!parse_parts(&kinds[i], now, typed, &fault, why))
		return false;
	if (fault.rate == 0)
		switch_off(lab, present);
	else if (present)
		*present = fault;
	else if (lab->nfault < LAB_FAULTS_MAX)
		lab->fault[lab->nfault++] = fault;
	return true;
}

static int value_text(const struct fault *fault, char *buf, size_t cap)
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

size_t lab_fault_text(const struct lab *lab, size_t i, char *buf, size_t cap)
{
	const struct fault *fault = active(lab, i);
	char value[32], rate[32] = "", opcode[32] = "";
	const char *name;

	if (!fault)
		return (size_t)snprintf(buf, cap, "%s", "");
	value_text(fault, value, sizeof(value));
	if (fault->kind->value != RATE && fault->rate < 1)
		snprintf(rate, sizeof(rate), "@%g", fault->rate);
	name = fault->opcode >= 0 ? pcp_name(pcp_opcode_names, (uint32_t)fault->opcode) : NULL;
	if (fault->opcode == NATPMP)
		name = "natpmp";
	if (name)
		snprintf(opcode, sizeof(opcode), "/%s", name);
	else if (fault->opcode >= 0)
		snprintf(opcode, sizeof(opcode), "/%d", fault->opcode);
	return (size_t)snprintf(buf, cap, "%s%s%s%s%s", fault->kind->name, *value ? "=" : "", value,
				rate, opcode);
}
