/* Options: one row each, with what taking it from a request and giving it in an answer means. Where
 * it is valid, how long it may be and how often it may occur stands in its layout. */
#include <string.h>

#include "lab-request-private.h"

struct lab_option_action {
	uint8_t code;
	/* A result code, or LAB_SKIP. */
	int (*take)(struct lab_request *request, const struct pcp_tlv *tlv);
	/* NULL: the option as it was. */
	void (*give)(struct lab_reply *reply, const struct lab_request *request,
		     const struct pcp_tlv *tlv);
	/* An entry's own, for NEXT and updates; NULL: never. */
	void (*show)(struct lab_reply *reply, const struct lab *lab, const struct lab_entry *entry);
	uint8_t bad_length;   /* result for a length out of bounds; 0: MALFORMED_OPTION */
	bool skip_bad_length; /* instead */
	/* Why the client may not use it, which is then not looked into; NULL: it may. */
	const char *(*forbidden)(const struct lab_request *request);
};

/* ---- THIRD_PARTY, THIRD_PARTY_ID: RFC 6887 13.1, RFC 7843 5.2 ---- */

static const char *no_third_party(const struct lab_request *request)
{
	const struct lab *lab = request->lab;

	if (lab->no_third_party)
		return "THIRD_PARTY is switched off";
	return lab_prefix_matches(&lab->third_party, request->client)
		       ? NULL
		       : "this client may not use THIRD_PARTY";
}

static int take_third_party(struct lab_request *request, const struct pcp_tlv *tlv)
{
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

static const char *no_third_party_id(const struct lab_request *request)
{
	return request->lab->nrealm == 0 ? "no THIRD_PARTY_ID is known here" : NULL;
}

static int take_third_party_id(struct lab_request *request, const struct pcp_tlv *tlv)
{
	const struct lab *lab = request->lab;
	bool length = false;

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
				   "no THIRD_PARTY_ID has %zu octets", tlv->len);
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

/* ---- PORT_SET: RFC 7753 4.2 ---- */

static int take_port_set(struct lab_request *request, const struct pcp_tlv *tlv)
{
	if (request->port_set)
		return lab_refuse(request, PCP_MALFORMED_OPTION, "there are two port sets");
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
				  "PORT_SET starts at %u, the internal port is %u",
				  request->set_first, request->key.internal_port);
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
	{ .code = PCP_THIRD_PARTY,
	  .forbidden = no_third_party,
	  .take = take_third_party,
	  .show = show_third_party },
	{ .code = PCP_PREFER_FAILURE, .take = take_prefer_failure, .show = show_prefer_failure },
	{ .code = PCP_FILTER, .take = lab_take_filter, .show = lab_show_filters },
	{ .code = PCP_THIRD_PARTY_ID,
	  .bad_length = PCP_UNSUPP_THIRD_PARTY_ID_LENGTH,
	  .forbidden = no_third_party_id,
	  .take = take_third_party_id,
	  .show = show_third_party_id },
	{ .code = PCP_DESCRIPTION,
	  .skip_bad_length = true,
	  .take = lab_take_description,
	  .give = lab_give_description,
	  .show = lab_show_description },
	{ .code = PCP_DESCRIPTION_64, .take = lab_take_description, .give = lab_give_description },
	{ .code = PCP_PREFIX64,
	  .skip_bad_length = true,
	  .take = lab_take_prefix64,
	  .give = lab_give_prefix64 },
	{ .code = PCP_PORT_SET,
	  .take = take_port_set,
	  .give = give_port_set,
	  .show = show_port_set },
	{ .code = PCP_PORT_SET_255, .take = take_port_set, .give = give_port_set },
	{ .code = PCP_NEXT, .take = take_next, .give = give_nothing },
	{ .code = PCP_PORT_RESERVATION,
	  .skip_bad_length = true,
	  .take = take_reservation,
	  .give = give_reservation,
	  .show = show_reservation },
};

static const struct lab_option_action *action_of(uint8_t code)
{
	for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++)
		if (actions[i].code == code)
			return &actions[i];
	return NULL;
}

bool lab_knows_option(uint8_t code)
{
	return action_of(code) != NULL;
}

static uint16_t where(const struct lab_request *request)
{
	return (uint16_t)(pcp_where_opcode(request->opcode) | PCP_REQ |
			  pcp_where_version(request->version));
}

/* Its layout there; NULL when it is not known here: switched off, or of a dialect that is not
 * spoken. */
static const struct pcp_layout *layout_of(const struct lab_request *request, uint8_t code)
{
	const struct lab *lab = request->lab;
	const struct pcp_layout *layout = pcp_layout_option(code, where(request), lab->dialects);

	if (lab->no_option[code] || !layout ||
	    (layout->dialect != PCP_STANDARD && !(layout->dialect & lab->dialects)))
		return NULL;
	return layout;
}

/* An option that this opcode does not have: RFC 6887 11.3, 12.1. */
static int misplaced(struct lab_request *request, const struct pcp_layout *layout)
{
	const char *opcode = pcp_name(pcp_opcode_names, request->opcode);

	if (layout->code >= PCP_OPTIONAL)
		return LAB_SKIP;
	if (layout->code == PCP_PREFER_FAILURE && request->opcode == PCP_PEER)
		return lab_refuse(request, PCP_MALFORMED_REQUEST,
				  "PEER has PREFER_FAILURE built in");
	return lab_refuse(request, PCP_MALFORMED_OPTION, "%s does not have %s",
			  opcode ? opcode : "this opcode", layout->name);
}

/* A bound of 0 is none, but a layout without fields has no data. */
static bool length_fits(const struct pcp_layout *layout, size_t len)
{
	return len >= layout->min_len &&
	       (len <= layout->max_len || (layout->max_len == 0 && layout->nfield > 0));
}

static int refuse_length(struct lab_request *request, const struct lab_option_action *action,
			 const struct pcp_layout *layout, size_t len)
{
	if (action->skip_bad_length)
		return LAB_SKIP;
	return lab_refuse(request, action->bad_length ? action->bad_length : PCP_MALFORMED_OPTION,
			  "%s has %zu octets of data", layout->name, len);
}

/* Rows 11 to 14 of the validation order, for one option. */
static int take(struct lab_request *request, const struct pcp_tlv *tlv)
{
	const struct lab_option_action *action = action_of(tlv->code);
	const struct pcp_layout *layout = layout_of(request, tlv->code);
	const char *forbidden;

	if (!action || !layout)
		return tlv->code >= PCP_OPTIONAL
			       ? LAB_SKIP
			       : lab_refuse(request, PCP_UNSUPP_OPTION,
					    "option %u is mandatory and not known here", tlv->code);
	forbidden = action->forbidden ? action->forbidden(request) : NULL;
	if (forbidden)
		return lab_refuse(request, PCP_UNSUPP_OPTION, "%s", forbidden);
	if (!pcp_layout_fits(layout, where(request)))
		return misplaced(request, layout);
	if (layout->max_count != PCP_COUNT_ANY && ++request->seen[tlv->code] > layout->max_count)
		return lab_refuse(request, PCP_MALFORMED_OPTION, "%s occurs %u times, %u at most",
				  layout->name, request->seen[tlv->code], layout->max_count);
	if (!length_fits(layout, tlv->len))
		return refuse_length(request, action, layout, tlv->len);
	return action->take(request, tlv);
}

/* Rules between options, whatever their order: RFC 6887 10, RFC 7843 5.2, RFC 7753 4.2. */
static uint8_t check_together(struct lab_request *request)
{
	if (request->key.realm != 0 && !request->third_party)
		return lab_refuse(request, PCP_THIRD_PARTY_MISSING_OPTION,
				  "THIRD_PARTY_ID without THIRD_PARTY");
	if (request->port_set && request->prefer_failure)
		return lab_refuse(request, PCP_MALFORMED_OPTION,
				  "PORT_SET and PREFER_FAILURE exclude each other");
	return lab_filters_check(request);
}

/* Row 10: every option has its octets. */
static uint8_t check_frames(struct lab_request *request)
{
	struct pcp_tlv tlv = { .len = 0 };
	size_t pos = request->options, left;
	bool bad = false;

	while (pcp_tlv_next(request->octets, request->len, &pos, &tlv, &bad))
		continue;
	if (!bad)
		return PCP_SUCCESS;
	left = request->len - pos;
	if (left < PCP_TLV_LEN)
		return lab_refuse(request, PCP_MALFORMED_OPTION,
				  "%zu octets are left for an option's header", left);
	return lab_refuse(request, PCP_MALFORMED_OPTION, "option %u says %u octets, %zu are left",
			  request->octets[pos],
			  (unsigned)pcp_get(&pcp_tlv_fields[TLV_LENGTH], request->octets + pos),
			  left - PCP_TLV_LEN);
}

uint8_t lab_options_take(struct lab_request *request)
{
	struct pcp_tlv tlv;
	size_t pos = request->options;
	bool bad = false;
	int result = check_frames(request);

	if (result != PCP_SUCCESS)
		return (uint8_t)result;
	for (size_t i = 0; pcp_tlv_next(request->octets, request->len, &pos, &tlv, &bad); i++) {
		result = take(request, &tlv);
		if (result > PCP_SUCCESS)
			return (uint8_t)result;
		request->accepted[i] = result == PCP_SUCCESS;
	}
	return check_together(request);
}

/* As it came, but for what its layout reserves. */
static void give_copy(struct lab_reply *reply, const struct lab_request *request,
		      const struct pcp_tlv *tlv)
{
	size_t at = reply->len + PCP_TLV_LEN;
	const struct pcp_layout *layout = layout_of(request, tlv->code);

	lab_option_put(reply, tlv->code, tlv->data, tlv->len);
	if (layout && reply->len > at && tlv->len >= pcp_layout_size(layout))
		lab_zero_reserved(layout, reply->octets + at);
}

static void give(struct lab_reply *reply, const struct lab_request *request,
		 const struct pcp_tlv *tlv)
{
	const struct lab_option_action *action = action_of(tlv->code);

	(action && action->give ? action->give : give_copy)(reply, request, tlv);
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
	const struct lab_option_action *action = action_of(code);

	if (action && action->show && !lab->no_option[code])
		action->show(reply, lab, entry);
}
