/* How a list is followed with GET and NEXT (draft-boucadair-pcp-failure-06 B), answer by answer. */
#include "walk.h"

#include <string.h>

#include "text.h"

static size_t fixed_len(uint8_t version)
{
	return pcp_next_fields[NEXT_TAIL].off - pcp_nonce_skipped(version);
}

/* A field of version 2's layout in data that may lack the nonce. */
static const uint8_t *next_at(const uint8_t *data, uint8_t version, size_t field)
{
	return data + pcp_next_fields[field].off - pcp_nonce_skipped(version);
}

/* ---- the list ---- */

/* Where the data of the first NEXT starts; 0 without one. */
static size_t find_next(const struct pcp_edit *edit)
{
	size_t start = PCP_HEADER_LEN + pcp_body_len(PCP_GET, edit->octets[0]), pos = 0;
	struct pcp_tlv tlv;
	bool bad = false;

	if (edit->len < start)
		return 0;
	while (pcp_tlv_next(edit->octets + start, edit->len - start, &pos, &tlv, &bad))
		if (tlv.code == PCP_NEXT && tlv.len >= fixed_len(edit->octets[0]))
			return start + tlv.off + PCP_TLV_LEN;
	return 0;
}

bool walk_begin(struct walk *walk, const struct pcp_edit *get)
{
	memset(walk, 0, sizeof *walk);
	walk->request = *get;
	walk->keep_at = 1;
	walk->next = find_next(&walk->request);
	if (!walk->next && pcp_edit_add_option(&walk->request, PCP_NEXT, NULL, 0) >= 0)
		walk->next = find_next(&walk->request);
	if (!walk->next)
		return false;
	/* END would ask for one entry, and that is the locator itself again (B.6). */
	walk->request.octets[walk->next + pcp_next_fields[NEXT_END].off -
			     pcp_nonce_skipped(walk->request.octets[0])] = 0;
	return true;
}

static uint16_t port_at(const uint8_t *data, uint8_t version, size_t field)
{
	const uint8_t *at = next_at(data, version, field);

	return (uint16_t)(at[0] << 8 | at[1]);
}

static struct walk_entry entry_of(const struct pcp_tlv *tlv, uint8_t version)
{
	const uint8_t *lifetime = next_at(tlv->data, version, NEXT_LIFETIME);
	struct walk_entry entry = {
		.protocol = *next_at(tlv->data, version, NEXT_PROTOCOL),
		.internal_port = port_at(tlv->data, version, NEXT_INTERNAL_PORT),
		.external_port = port_at(tlv->data, version, NEXT_EXTERNAL_PORT),
		.lifetime = (uint32_t)lifetime[0] << 24 | (uint32_t)lifetime[1] << 16 |
			    (uint32_t)lifetime[2] << 8 | lifetime[3],
		.options = tlv->data + fixed_len(version),
		.options_len = tlv->len - fixed_len(version),
	};

	memcpy(entry.internal, next_at(tlv->data, version, NEXT_INTERNAL_ADDRESS), PCP_ADDR_LEN);
	memcpy(entry.external, next_at(tlv->data, version, NEXT_EXTERNAL_ADDRESS), PCP_ADDR_LEN);
	if (!pcp_nonce_skipped(version))
		memcpy(entry.nonce, tlv->data, PCP_NONCE_LEN);
	return entry;
}

/* Makes an entry the locator of the next request: reserved octets, END and lifetime zero (B.4). */
static void make_locator(const uint8_t *data, uint8_t version, uint8_t *locator)
{
	memcpy(locator, data, fixed_len(version));
	memset(locator + pcp_next_fields[NEXT_RESERVED].off - pcp_nonce_skipped(version), 0, 3);
	memset(locator + pcp_next_fields[NEXT_LIFETIME].off - pcp_nonce_skipped(version), 0, 4);
}

static bool in_a_circle(struct walk *walk, const uint8_t *locator, size_t len)
{
	if (walk->entries && !memcmp(walk->kept, locator, len))
		return true;
	if (walk->entries + 1 == walk->keep_at) {
		memcpy(walk->kept, locator, len);
		walk->keep_at *= 2;
	}
	return false;
}

struct reading {
	struct walk *walk;
	uint8_t version;
	bool end, fresh;
	void (*found)(void *arg, const struct walk_entry *entry);
	void *arg;
};

/* One NEXT of an answer. The entry that was the locator comes first again and is no news. */
static void take_entry(struct reading *reading, const struct pcp_tlv *tlv)
{
	struct walk *walk = reading->walk;
	size_t len = fixed_len(reading->version);
	uint8_t locator[PCP_EDIT_MAX];
	struct walk_entry entry;

	reading->end = *next_at(tlv->data, reading->version, NEXT_END) != 0;
	make_locator(tlv->data, reading->version, locator);
	if (!memcmp(walk->request.octets + walk->next, locator, len))
		return;
	if (in_a_circle(walk, locator, len))
		walk->state = WALK_CIRCLES;
	else if (walk->entries == WALK_ENTRIES_MAX)
		walk->state = WALK_LONG;
	if (walk->state != WALK_GOING)
		return;
	memcpy(walk->request.octets + walk->next, locator, len);
	walk->entries++;
	reading->fresh = true;
	entry = entry_of(tlv, reading->version);
	if (reading->found)
		reading->found(reading->arg, &entry);
}

static void take_list(struct reading *reading, const uint8_t *list, size_t len)
{
	struct walk *walk = reading->walk;
	struct pcp_tlv tlv;
	bool bad = false;
	size_t pos = 0;

	while (walk->state == WALK_GOING && pcp_tlv_next(list, len, &pos, &tlv, &bad))
		if (tlv.code == PCP_NEXT && tlv.len >= fixed_len(reading->version))
			take_entry(reading, &tlv);
	if (walk->state != WALK_GOING)
		return;
	if (bad)
		walk->state = WALK_BROKEN;
	else if (reading->end)
		walk->state = WALK_DONE;
	else if (!reading->fresh)
		walk->state = WALK_STALLED;
}

enum walk_state walk_answer(struct walk *walk, const uint8_t *answer, size_t len,
			    void (*found)(void *arg, const struct walk_entry *entry), void *arg)
{
	uint8_t version = walk->request.octets[0];
	size_t start = PCP_HEADER_LEN + pcp_body_len(PCP_GET, version);
	struct reading reading = { walk, version, false, false, found, arg };

	walk->requests++;
	if (len < PCP_HEADER_LEN || answer[0] != version || answer[1] != (PCP_GET | PCP_R))
		return walk->state = WALK_BROKEN;
	walk->result = (uint8_t)pcp_get(&pcp_response_fields[HDR_RESULT], answer);
	if (walk->result == PCP_NONEXIST_MAP)
		return walk->state = WALK_DONE;
	if (walk->result != PCP_SUCCESS)
		return walk->state = WALK_REFUSED;
	if (len < start)
		return walk->state = WALK_BROKEN;
	take_list(&reading, answer + start, len - start);
	return walk->state;
}

_Static_assert(WALK_ENTRIES_MAX == 16384, "a sentence names it");

const char *walk_sentence(const struct walk *walk)
{
	static const char *const sentences[] = {
		[WALK_GOING] = "",
		[WALK_DONE] = "The list is complete.",
		[WALK_REFUSED] = "The server refused the request.",
		[WALK_STALLED] = "An answer held nothing new and no END: the list cannot go on.",
		[WALK_CIRCLES] = "The server's list goes in circles.",
		[WALK_LONG] = ("The server's list is longer than 16384 entries, or has no end: "
			       "it is followed no further."),
		[WALK_BROKEN] = "The answer cannot be read as one to GET.",
		[WALK_SILENT] = "No answer came.",
		[WALK_STOPPED] = "It was stopped before the end of the list.",
	};

	return sentences[walk->state];
}
