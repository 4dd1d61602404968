/* Options: one row each, with what taking it from a request and giving it in an answer means. Where
 * it is valid, how long it may be and how often it may occur stands in its layout. */
#include <string.h>

#include "lab-private.h"

struct lab_option_action {
	uint8_t code;
	/* A result code, or LAB_SKIP. */
	int (*take)(struct lab_request *request, const struct pcp_tlv *tlv);
	/* NULL: the option as it was. */
	void (*give)(struct lab_reply *reply, const struct lab_request *request,
		     const struct pcp_tlv *tlv);
	/* An entry's own, for NEXT and updates; NULL: never. */
	void (*show)(struct lab_reply *reply, const struct lab *lab, const struct lab_entry *entry);
	uint8_t bad_length; /* result for a length out of bounds; 0: skip */
};

/* ---- THIRD_PARTY, THIRD_PARTY_ID: RFC 6887 13.1, RFC 7843 5.2 ---- */

static int take_third_party(struct lab_request *request, const struct pcp_tlv *tlv)
{
	const struct lab *lab = request->lab;

	if (lab->no_third_party || !lab_prefix_matches(&lab->third_party, request->client))
		return lab_refuse(request, PCP_UNSUPP_OPTION, "THIRD_PARTY is not for this client");
	if (memcmp(tlv->data, request->client, PCP_ADDR_LEN) == 0)
		return lab_refuse(request, PCP_MALFORMED_REQUEST,
				  "THIRD_PARTY names the sender itself");
	if (pcp_addr_is_any(tlv->data))
		return lab_refuse(request, PCP_MALFORMED_OPTION, "THIRD_PARTY names no host");
	memcpy(request->key.internal, tlv->data, PCP_ADDR_LEN);
	request->third_party = true;
	return PCP_SUCCESS;
}

static void show_third_party(struct lab_reply *reply, const struct lab *lab,
			     const struct lab_entry *entry)
{
	(void)lab;
	if (memcmp(entry->key.internal, entry->client.addr, PCP_ADDR_LEN) != 0)
		lab_option_put(reply, PCP_THIRD_PARTY, entry->key.internal, PCP_ADDR_LEN);
}

static int take_third_party_id(struct lab_request *request, const struct pcp_tlv *tlv)
{
	const struct lab *lab = request->lab;
	bool length = false;

	if (lab->nrealm == 0)
		return lab_refuse(request, PCP_UNSUPP_OPTION, "no THIRD_PARTY_ID is known here");
	for (size_t i = 0; i < lab->nrealm; i++) {
		if (lab->realm[i].len != tlv->len)
			continue;
		length = true;
		if (memcmp(lab->realm[i].id, tlv->data, tlv->len) != 0)
			continue;
		request->key.realm = (uint8_t)(i + 1);
		return PCP_SUCCESS;
	}
	return length ? lab_refuse(request, PCP_THIRD_PARTY_ID_UNKNOWN,
				   "this THIRD_PARTY_ID is not known")
		      : lab_refuse(request, PCP_UNSUPP_THIRD_PARTY_ID_LENGTH,
				   "no THIRD_PARTY_ID has this length");
}

static void show_third_party_id(struct lab_reply *reply, const struct lab *lab,
				const struct lab_entry *entry)
{
	if (entry->key.realm > 0 && entry->key.realm <= lab->nrealm)
		lab_option_put(reply, PCP_THIRD_PARTY_ID, lab->realm[entry->key.realm - 1].id,
			       lab->realm[entry->key.realm - 1].len);
}

/* ---- PREFER_FAILURE: RFC 6887 13.2 ---- */

static int take_prefer_failure(struct lab_request *request, const struct pcp_tlv *tlv)
{
	(void)tlv;
	if (request->lifetime == 0)
		return lab_refuse(request, PCP_MALFORMED_OPTION,
				  "PREFER_FAILURE makes no sense in a delete");
	if (request->suggested_port == 0)
		return lab_refuse(request, PCP_MALFORMED_OPTION,
				  "PREFER_FAILURE without a suggested port");
	request->prefer_failure = true;
	return PCP_SUCCESS;
}

static void show_prefer_failure(struct lab_reply *reply, const struct lab *lab,
				const struct lab_entry *entry)
{
	(void)lab;
	if (entry->prefer_failure)
		lab_option_put(reply, PCP_PREFER_FAILURE, NULL, 0);
}

/* ---- DESCRIPTION: RFC 7220 3 ---- */

/* At most `most` octets, without cutting a character. */
static size_t text_fit(const uint8_t *text, size_t len, size_t most)
{
	if (len <= most)
		return len;
	while (most > 0 && (text[most] & 0xc0) == 0x80)
		most--;
	return most;
}

static int take_description(struct lab_request *request, const struct pcp_tlv *tlv)
{
	if (request->lifetime == 0 || !pcp_utf8_valid(tlv->data, tlv->len))
		return LAB_SKIP;
	request->description = true;
	request->text = tlv->data;
	request->text_len = (uint8_t)text_fit(tlv->data, tlv->len, LAB_DESCRIPTION_MAX);
	return PCP_SUCCESS;
}

/* The echo is what was stored. */
static void give_description(struct lab_reply *reply, const struct lab_request *request,
			     const struct pcp_tlv *tlv)
{
	if (request->description)
		lab_option_put(reply, tlv->code, request->text, request->text_len);
}

static void show_description(struct lab_reply *reply, const struct lab *lab,
			     const struct lab_entry *entry)
{
	(void)lab;
	if (entry->description)
		lab_option_put(reply, PCP_DESCRIPTION, entry->description, entry->description_len);
}

/* ---- PREFIX64: RFC 7225 4 ---- */

static bool nat64(const struct lab *lab)
{
	return lab->nprefix64 > 0 && (lab->set.ipv6 == FAMILY_NAT || lab->set.ipv6 == FAMILY_BOTH);
}

static int take_prefix64(struct lab_request *request, const struct pcp_tlv *tlv)
{
	static const uint8_t none[12];

	if (!nat64(request->lab) || tlv->len < 14 || tlv->data[0] != 0 || tlv->data[1] != 12 ||
	    memcmp(tlv->data + 2, none, sizeof(none)) != 0)
		return LAB_SKIP;
	request->prefix64 = true;
	return PCP_SUCCESS;
}

/* Prefix and suffix are the first 12 octets of any address under the prefix, its other bits zero.
 */
static void give_prefix64(struct lab_reply *reply, const struct lab_request *request,
			  const struct pcp_tlv *tlv)
{
	const struct lab *lab = request->lab;

	for (size_t i = 0; i < lab->nprefix64; i++) {
		uint8_t data[14] = { 0, (uint8_t)(lab->prefix64[i].bits / 8) };
		memcpy(data + 2, lab->prefix64[i].addr, 12);
		lab_option_put(reply, tlv->code, data, sizeof(data));
	}
}

/* ---- PORT_SET: RFC 7753 4.2 ---- */

static int take_port_set(struct lab_request *request, const struct pcp_tlv *tlv)
{
	if (request->port_set)
		return lab_refuse(request, PCP_MALFORMED_OPTION, "two port sets");
	request->set_size = pcp_get(&pcp_port_set_fields[PORT_SET_SIZE], tlv->data);
	request->set_first =
		(uint16_t)pcp_get(&pcp_port_set_fields[PORT_SET_FIRST_PORT], tlv->data);
	request->parity = pcp_get(&pcp_port_set_fields[PORT_SET_PARITY], tlv->data) != 0;
	request->port_set = true;
	if (request->lifetime == 0)
		return PCP_SUCCESS;
	if (request->set_size == 0)
		return lab_refuse(request, PCP_MALFORMED_OPTION, "PORT_SET of no ports");
	if (request->key.internal_port == 0 || request->set_first != request->key.internal_port)
		return lab_refuse(request, PCP_MALFORMED_OPTION,
				  "PORT_SET does not start at the internal port");
	return PCP_SUCCESS;
}

static void put_port_set(struct lab_reply *reply, uint8_t code, uint32_t ports, uint16_t first,
			 bool parity)
{
	uint8_t data[8] = { 0 };

	pcp_put(&pcp_port_set_fields[PORT_SET_SIZE], data, ports);
	pcp_put(&pcp_port_set_fields[PORT_SET_FIRST_PORT], data, first);
	pcp_put(&pcp_port_set_fields[PORT_SET_PARITY], data, parity);
	lab_option_put(reply, code, data, pcp_port_set_fields[PORT_SET_PARITY].off + 1u);
}

/* Exactly one port is told without the option. */
static void give_port_set(struct lab_reply *reply, const struct lab_request *request,
			  const struct pcp_tlv *tlv)
{
	if (request->given_ports > 1)
		put_port_set(reply, tlv->code, request->given_ports, request->given_first,
			     request->parity);
}

static void show_port_set(struct lab_reply *reply, const struct lab *lab,
			  const struct lab_entry *entry)
{
	(void)lab;
	if (entry->ports > 1)
		put_port_set(reply, PCP_PORT_SET, entry->ports, entry->key.internal_port, false);
}

/* ---- PORT_RESERVATION: draft-boucadair-pcp-rtp-rtcp-05 5 ---- */

static int take_reservation(struct lab_request *request, const struct pcp_tlv *tlv)
{
	(void)tlv;
	if (request->lifetime == 0)
		return LAB_SKIP;
	request->reservation = true;
	return PCP_SUCCESS;
}

static void give_reservation(struct lab_reply *reply, const struct lab_request *request,
			     const struct pcp_tlv *tlv)
{
	if (request->paired)
		lab_option_put(reply, tlv->code, NULL, 0);
}

static void show_reservation(struct lab_reply *reply, const struct lab *lab,
			     const struct lab_entry *entry)
{
	(void)lab;
	if (entry->pair)
		lab_option_put(reply, PCP_PORT_RESERVATION, NULL, 0);
}

/* ---- NEXT: draft-boucadair-pcp-failure-06 B.4 ---- */

static int take_next(struct lab_request *request, const struct pcp_tlv *tlv)
{
	size_t fixed = pcp_next_fields[NEXT_TAIL].off;
	size_t skipped = pcp_nonce_skipped(request->version);
	const uint8_t *internal = request->locator + pcp_next_fields[NEXT_INTERNAL_ADDRESS].off;
	const uint8_t *external = request->locator + pcp_next_fields[NEXT_EXTERNAL_ADDRESS].off;

	memcpy(request->locator + skipped, tlv->data, fixed - skipped);
	request->wanted = tlv->data + fixed - skipped;
	request->nwanted = tlv->len - (fixed - skipped);
	request->next = true;
	/* Protocol and ports are zero in wildcard mappings too, but an address never is. */
	if (pcp_addr_is_any(internal) != pcp_addr_is_any(external) ||
	    (pcp_addr_is_any(internal) &&
	     (pcp_get(&pcp_next_fields[NEXT_PROTOCOL], request->locator) ||
	      pcp_get(&pcp_next_fields[NEXT_INTERNAL_PORT], request->locator) ||
	      pcp_get(&pcp_next_fields[NEXT_EXTERNAL_PORT], request->locator))))
		return lab_refuse(request, PCP_MALFORMED_OPTION, "NEXT's locator is half filled");
	return PCP_SUCCESS;
}

/* The entries stand behind the answer's body, written by lab_get. */
static void give_nothing(struct lab_reply *reply, const struct lab_request *request,
			 const struct pcp_tlv *tlv)
{
	(void)reply;
	(void)request;
	(void)tlv;
}

/* ---- the table ---- */

static const struct lab_option_action actions[] = {
	{ PCP_THIRD_PARTY, take_third_party, NULL, show_third_party, PCP_MALFORMED_OPTION },
	{ PCP_PREFER_FAILURE, take_prefer_failure, NULL, show_prefer_failure,
	  PCP_MALFORMED_OPTION },
	{ PCP_FILTER, lab_take_filter, NULL, lab_show_filters, PCP_MALFORMED_OPTION },
	{ PCP_THIRD_PARTY_ID, take_third_party_id, NULL, show_third_party_id,
	  PCP_UNSUPP_THIRD_PARTY_ID_LENGTH },
	{ PCP_DESCRIPTION, take_description, give_description, show_description, 0 },
	{ PCP_DESCRIPTION_64, take_description, give_description, NULL, PCP_MALFORMED_OPTION },
	{ PCP_PREFIX64, take_prefix64, give_prefix64, NULL, 0 },
	{ PCP_PORT_SET, take_port_set, give_port_set, show_port_set, PCP_MALFORMED_OPTION },
	{ PCP_PORT_SET_255, take_port_set, give_port_set, NULL, PCP_MALFORMED_OPTION },
	{ PCP_NEXT, take_next, give_nothing, NULL, PCP_MALFORMED_OPTION },
	{ PCP_PORT_RESERVATION, take_reservation, give_reservation, show_reservation, 0 },
};

static const struct lab_option_action *action_of(const struct lab *lab, uint8_t code)
{
	if (lab->no_option[code])
		return NULL;
	for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++)
		if (actions[i].code == code)
			return &actions[i];
	return NULL;
}

bool lab_knows_option(uint8_t code)
{
	for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++)
		if (actions[i].code == code)
			return true;
	return false;
}

static uint16_t where(const struct lab_request *request)
{
	return (uint16_t)(pcp_where_opcode(request->opcode) | PCP_REQ |
			  pcp_where_version(request->version));
}

/* An option that this opcode does not have: RFC 6887 11.3, 12.1. */
static int misplaced(struct lab_request *request, const struct pcp_tlv *tlv)
{
	if (tlv->code >= PCP_OPTIONAL)
		return LAB_SKIP;
	if (tlv->code == PCP_PREFER_FAILURE && request->opcode == PCP_PEER)
		return lab_refuse(request, PCP_MALFORMED_REQUEST,
				  "PEER has PREFER_FAILURE built in");
	return lab_refuse(request, PCP_MALFORMED_OPTION, "this opcode does not have that option");
}

/* A bound of 0 is none, but a layout without fields has no data. */
static bool length_fits(const struct pcp_layout *layout, size_t len)
{
	return len >= layout->min_len &&
	       (len <= layout->max_len || (layout->max_len == 0 && layout->nfield > 0));
}

/* Rows 11 to 14 of the validation order, for one option. */
static int take(struct lab_request *request, const struct pcp_tlv *tlv)
{
	const struct lab_option_action *action = action_of(request->lab, tlv->code);
	const struct pcp_layout *layout;

	if (!action)
		return tlv->code >= PCP_OPTIONAL ? LAB_SKIP
						 : lab_refuse(request, PCP_UNSUPP_OPTION,
							      "a mandatory option that is not "
							      "known here");
	layout = pcp_layout_option(tlv->code, where(request), PCP_STANDARD);
	if (!layout || !pcp_layout_fits(layout, where(request)))
		return misplaced(request, tlv);
	if (layout->max_count != PCP_COUNT_ANY && ++request->seen[tlv->code] > layout->max_count)
		return lab_refuse(request, PCP_MALFORMED_OPTION, "an option too many of its kind");
	if (!length_fits(layout, tlv->len))
		return action->bad_length ? lab_refuse(request, action->bad_length,
						       "an option of the wrong length")
					  : LAB_SKIP;
	return action->take(request, tlv);
}

/* Rules between options: RFC 7843 5.2, RFC 7753 4.2. */
static uint8_t check_together(struct lab_request *request)
{
	if (request->key.realm != 0 && !request->third_party)
		return lab_refuse(request, PCP_THIRD_PARTY_MISSING_OPTION,
				  "THIRD_PARTY_ID without THIRD_PARTY");
	if (request->port_set && request->prefer_failure)
		return lab_refuse(request, PCP_MALFORMED_OPTION, "PORT_SET and PREFER_FAILURE");
	return PCP_SUCCESS;
}

static bool framed(const struct lab_request *request)
{
	struct pcp_tlv tlv;
	size_t pos = request->options;
	bool bad = false;

	while (pcp_tlv_next(request->octets, request->len, &pos, &tlv, &bad))
		continue;
	return !bad;
}

uint8_t lab_options_take(struct lab_request *request)
{
	struct pcp_tlv tlv;
	size_t pos = request->options;
	bool bad = false;
	int result;

	if (!framed(request))
		return lab_refuse(request, PCP_MALFORMED_OPTION,
				  "an option runs past the end of the packet");
	for (size_t i = 0; pcp_tlv_next(request->octets, request->len, &pos, &tlv, &bad); i++) {
		result = take(request, &tlv);
		if (result > PCP_SUCCESS)
			return (uint8_t)result;
		request->accepted[i] = result == PCP_SUCCESS;
	}
	return check_together(request);
}

static void give(struct lab_reply *reply, const struct lab_request *request,
		 const struct pcp_tlv *tlv)
{
	const struct lab_option_action *action = action_of(request->lab, tlv->code);

	if (action && action->give)
		action->give(reply, request, tlv);
	else
		lab_option_put(reply, tlv->code, tlv->data, tlv->len);
}

void lab_options_give(struct lab_reply *reply, const struct lab_request *request)
{
	struct pcp_tlv tlv;
	size_t pos = request->options;
	bool bad = false;

	for (size_t i = 0; pcp_tlv_next(request->octets, request->len, &pos, &tlv, &bad); i++)
		if (request->accepted[i])
			give(reply, request, &tlv);
}

size_t lab_options_room(const struct lab_request *request)
{
	struct lab_request all = *request;
	struct lab_reply reply = { .len = 0 };

	all.given_ports = UINT16_MAX;
	all.paired = true;
	lab_options_give(&reply, &all);
	return reply.len;
}

void lab_entry_options(struct lab_reply *reply, const struct lab *lab,
		       const struct lab_entry *entry, uint8_t code)
{
	const struct lab_option_action *action = action_of(lab, code);

	if (action && action->show)
		action->show(reply, lab, entry);
}
