/* Faults: one row each. Some strike a request as it arrives, some an answer as it leaves. */
#include <string.h>

#include "lab-fault-private.h"

enum { REORDER_MAX = 500000 }; /* usec that a datagram waits for another one to overtake it */

/* ---- on arrival ---- */

static bool swallow(const struct lab_arrival *arrival, const struct lab_fault *fault)
{
	(void)arrival;
	(void)fault;
	return true;
}

/* The value of `silence` is when it ends. */
static bool be_silent(const struct lab_arrival *arrival, const struct lab_fault *fault)
{
	return (uint64_t)arrival->now < fault->value;
}

static bool force(const struct lab_arrival *arrival, const struct lab_fault *fault)
{
	*arrival->result = (int)fault->value;
	return false;
}

/* An announcement or the update of a mapping that nobody asked for. */
static bool intrude(const struct lab_arrival *arrival, const struct lab_fault *fault)
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
	memcpy(body + pcp_map_fields[MAP_EXTERNAL_ADDRESS].off, lab->wan, PCP_ADDR_LEN);
	lab->counters.sent++;
	lab->io.send(lab->io.arg, arrival->to, arrival->from, octets,
		     map ? sizeof(octets) : PCP_HEADER_LEN);
	return false;
}

/* ---- on leaving ---- */

static bool is_pcp(const struct lab_parcel *parcel, size_t least)
{
	return parcel->octets[0] != PCP_VERSION_NATPMP && parcel->len >= least;
}

static void lose(struct lab_parcel *parcel, const struct lab_fault *fault)
{
	(void)fault;
	parcel->copies = 0;
}

static void duplicate(struct lab_parcel *parcel, const struct lab_fault *fault)
{
	(void)fault;
	parcel->copies *= 2;
}

static void delay(struct lab_parcel *parcel, const struct lab_fault *fault)
{
	parcel->delay += (usec)fault->value;
}

static void jitter(struct lab_parcel *parcel, const struct lab_fault *fault)
{
	parcel->delay += (usec)pcp_rng_below(&parcel->lab->fault_rng, fault->value + 1);
}

/* Held back long enough for the answer to a retransmission or to the next request to overtake it.
 */
static void reorder(struct lab_parcel *parcel, const struct lab_fault *fault)
{
	(void)fault;
	parcel->delay += 1 + (usec)pcp_rng_below(&parcel->lab->fault_rng, REORDER_MAX);
}

static void truncate(struct lab_parcel *parcel, const struct lab_fault *fault)
{
	(void)fault;
	if (parcel->len > 1)
		parcel->len = 1 + (size_t)pcp_rng_below(&parcel->lab->fault_rng, parcel->len - 1);
}

static void corrupt(struct lab_parcel *parcel, const struct lab_fault *fault)
{
	uint64_t times = 1 + pcp_rng_below(&parcel->lab->fault_rng, 4);

	(void)fault;
	while (times-- > 0)
		parcel->octets[pcp_rng_below(&parcel->lab->fault_rng, parcel->len)] ^=
			(uint8_t)(1 + pcp_rng_below(&parcel->lab->fault_rng, UINT8_MAX));
}

static void other_port(struct lab_parcel *parcel, const struct lab_fault *fault)
{
	(void)fault;
	parcel->from.port = parcel->from.port == UINT16_MAX ? 1024 : parcel->from.port + 1;
}

static void other_address(struct lab_parcel *parcel, const struct lab_fault *fault)
{
	(void)fault;
	parcel->from.addr[PCP_ADDR_LEN - 1]++;
}

static void wrong_nonce(struct lab_parcel *parcel, const struct lab_fault *fault)
{
	uint8_t opcode = pcp_opcode_of(parcel->octets);

	(void)fault;
	if (is_pcp(parcel, PCP_HEADER_LEN + PCP_NONCE_LEN) &&
	    (opcode == PCP_MAP || opcode == PCP_PEER))
		parcel->lab->fault_rng.fill(&parcel->lab->fault_rng,
					    parcel->octets + PCP_HEADER_LEN, PCP_NONCE_LEN);
}

static void wrong_opcode(struct lab_parcel *parcel, const struct lab_fault *fault)
{
	(void)fault;
	parcel->octets[1] ^= PCP_MAP ^ PCP_PEER;
}

static void absurd_lifetime(struct lab_parcel *parcel, const struct lab_fault *fault)
{
	const struct pcp_layout *natpmp =
		pcp_layout_natpmp(pcp_opcode_of(parcel->octets), PCP_RESP | PCP_V0);
	size_t last = natpmp ? natpmp->nfield - 1 : 0;

	if (is_pcp(parcel, PCP_HEADER_LEN))
		pcp_put(&pcp_response_fields[HDR_LIFETIME], parcel->octets, (uint32_t)fault->value);
	else if (natpmp && natpmp->field[last].kind == PCP_SECONDS &&
		 parcel->len >= natpmp->min_len)
		pcp_put(&natpmp->field[last], parcel->octets, (uint32_t)fault->value);
}

static void shift_epoch(struct lab_parcel *parcel, uint32_t by)
{
	const struct pcp_field *field = &pcp_response_fields[HDR_EPOCH];
	const struct pcp_layout *natpmp = pcp_layout_natpmp(NATPMP_ADDRESS, PCP_RESP | PCP_V0);

	if (parcel->octets[0] == PCP_VERSION_NATPMP)
		field = &natpmp->field[4];
	if (parcel->len >= (size_t)field->off + field->len)
		pcp_put(field, parcel->octets, pcp_get(field, parcel->octets) + by);
}

static void epoch_back(struct lab_parcel *parcel, const struct lab_fault *fault)
{
	shift_epoch(parcel, (uint32_t)-fault->value);
}

static void epoch_jump(struct lab_parcel *parcel, const struct lab_fault *fault)
{
	shift_epoch(parcel, (uint32_t)fault->value);
}

/* Appends an option of `len` octets of data behind whatever is there. */
static void append(struct lab_parcel *parcel, uint8_t code, size_t len)
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

static void unknown_option(struct lab_parcel *parcel, const struct lab_fault *fault)
{
	(void)fault;
	append(parcel, 126, 8); /* mandatory, private use: a client must ignore it all the same */
}

static void oversize(struct lab_parcel *parcel, const struct lab_fault *fault)
{
	size_t more = PCP_MAX_LEN + 4 - parcel->len;

	(void)fault;
	if (parcel->len >= PCP_MAX_LEN + 4)
		return;
	append(parcel, 254, more);
	if (!is_pcp(parcel, 0)) { /* NAT-PMP has no options */
		memset(parcel->octets + parcel->len, 0, more);
		parcel->len += more;
	}
}

/* ---- the table ---- */

const struct lab_fault_kind lab_fault_kinds[] = {
	{ "drop", "loses requests on their way in", "the lab never saw it", RATE, 0, swallow,
	  NULL },
	{ "drop-reply", "serves the request, and loses the answer", "its answer was lost", RATE, 0,
	  NULL, lose },
	{ "silence", "answers nothing for that long, or until it is switched off",
	  "the lab keeps silent", DURATION, (uint64_t)INT64_MAX, be_silent, NULL },
	{ "result", "answers with this result code, without serving the request",
	  "this result is forced", RESULT, PCP_NO_RESOURCES, force, NULL },
	{ "unsolicited",
	  "before an answer, sends an announcement or an update that nobody asked for",
	  "something that nobody asked for comes first", RATE, 0, intrude, NULL },
	{ "duplicate", "sends an answer twice", "its answer comes twice", RATE, 0, NULL,
	  duplicate },
	{ "delay", "sends answers that much later", "its answer is held back", DURATION, 200000,
	  NULL, delay },
	{ "jitter", "sends answers up to that much later, by chance", "its answer comes later",
	  DURATION, 500000, NULL, jitter },
	{ "reorder", "holds an answer back for up to half a second, so that others overtake it",
	  "its answer waits for others to overtake it", RATE, 0, NULL, reorder },
	{ "wrong-nonce", "answers MAP and PEER with a nonce that was not sent",
	  "its answer has another nonce", RATE, 0, NULL, wrong_nonce },
	{ "wrong-opcode", "answers with another opcode", "its answer has another opcode", RATE, 0,
	  NULL, wrong_opcode },
	{ "absurd-lifetime", "grants this many seconds, whatever it remembers",
	  "its answer tells another lifetime", SECONDS, UINT32_MAX, NULL, absurd_lifetime },
	{ "epoch-back", "tells an epoch this many seconds too small",
	  "its answer tells an epoch too small", SECONDS, 3600, NULL, epoch_back },
	{ "epoch-jump", "tells an epoch this many seconds too large",
	  "its answer tells an epoch too large", SECONDS, 3600, NULL, epoch_jump },
	{ "unknown-option", "adds an option of the mandatory class that no document knows",
	  "its answer carries an option that nobody knows", RATE, 0, NULL, unknown_option },
	{ "oversize", "makes answers longer than 1100 octets", "its answer is too long", RATE, 0,
	  NULL, oversize },
	{ "truncate", "cuts answers off anywhere", "its answer is cut off", RATE, 0, NULL,
	  truncate },
	{ "corrupt", "changes up to four octets of an answer", "octets of its answer are changed",
	  RATE, 0, NULL, corrupt },
	{ "other-port", "answers from the next port", "its answer comes from the next port", RATE,
	  0, NULL, other_port },
	{ "other-address", "answers from the next address",
	  "its answer comes from the next address", RATE, 0, NULL, other_address },
};

const size_t lab_nfaults = sizeof(lab_fault_kinds) / sizeof(*lab_fault_kinds);
