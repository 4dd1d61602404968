/*
 * GET with NEXT: draft-boucadair-pcp-failure-06 B.3 to B.6. A client is shown the mappings that it
 * asked for itself, since only their maker may delete them.
 *
 * The order is that of the by_owner index, so that a page costs its entries and a logarithm. Where
 * a locator's mapping is gone meanwhile, its hold still tells where it stood; a locator that was
 * never heard of drops nothing, as the draft has it.
 */
#include <string.h>

#include "lab-request-private.h"

/* The 40 octets of GET and the locator of NEXT, by the same fields. */
struct place {
	uint8_t internal[PCP_ADDR_LEN], external[PCP_ADDR_LEN];
	uint8_t protocol;
	uint16_t internal_port, external_port;
};

static struct place filter_of(const struct lab_request *request)
{
	struct place place = {
		.protocol = (uint8_t)pcp_get(&pcp_get_fields[GET_PROTOCOL], request->body),
		.internal_port =
			(uint16_t)pcp_get(&pcp_get_fields[GET_INTERNAL_PORT], request->body),
		.external_port =
			(uint16_t)pcp_get(&pcp_get_fields[GET_EXTERNAL_PORT], request->body),
	};

	memcpy(place.internal, pcp_at(&pcp_get_fields[GET_INTERNAL_ADDRESS], request->body),
	       PCP_ADDR_LEN);
	memcpy(place.external, pcp_at(&pcp_get_fields[GET_EXTERNAL_ADDRESS], request->body),
	       PCP_ADDR_LEN);
	return place;
}

static bool matches(const struct place *filter, const struct lab_entry *entry)
{
	return (filter->protocol == 0 || filter->protocol == entry->key.protocol) &&
	       (filter->internal_port == 0 || filter->internal_port == entry->key.internal_port) &&
	       (filter->external_port == 0 || filter->external_port == entry->external_port) &&
	       (pcp_addr_is_any(filter->internal) ||
		memcmp(filter->internal, entry->key.internal, PCP_ADDR_LEN) == 0) &&
	       (pcp_addr_is_any(filter->external) ||
		memcmp(filter->external, entry->external, PCP_ADDR_LEN) == 0);
}

static struct lab_entry *of_node(const struct tree_node *node)
{
	return node ? tree_record(node, struct lab_entry, by_owner) : NULL;
}

/* Static and implicit mappings are not the client's own; several PEERs that NEXT cannot tell apart
 * are shown once. */
static bool is_listed(const struct lab_request *request, const struct place *filter,
		      const struct lab_entry *entry, const struct lab_entry *before)
{
	if (entry->fixed || entry->implicit || entry->doomed || !matches(filter, entry))
		return false;
	return !before || before->key.opcode != PCP_PEER || entry->key.opcode != PCP_PEER ||
	       entry->key.internal_port != before->key.internal_port ||
	       entry->key.protocol != before->key.protocol ||
	       memcmp(entry->key.internal, before->key.internal, PCP_ADDR_LEN) != 0 ||
	       memcmp(entry->nonce, before->nonce, PCP_NONCE_LEN) != 0 ||
	       memcmp(entry->client.addr, request->client, PCP_ADDR_LEN) != 0;
}

static struct lab_entry *at_least(const struct lab *lab, const struct lab_entry *probe)
{
	return of_node(tree_at_least(&lab->by_owner, &probe->by_owner));
}

/* The next entry that can match, since the order is by internal address, protocol and port: skips
 * at once what the filter rules out by these. */
static struct lab_entry *skip(const struct lab *lab, const struct place *filter,
			      struct lab_entry *entry)
{
	struct lab_entry probe = { .client = entry->client, .key.protocol = filter->protocol };

	if (filter->protocol == 0 || matches(filter, entry))
		return of_node(tree_after(&lab->by_owner, &entry->by_owner));
	memcpy(probe.key.internal, entry->key.internal, PCP_ADDR_LEN);
	probe.key.internal_port = filter->internal_port;
	if (entry->key.protocol < filter->protocol ||
	    (entry->key.protocol == filter->protocol &&
	     entry->key.internal_port < filter->internal_port))
		return at_least(lab, &probe);
	if (entry->key.protocol == filter->protocol && filter->internal_port == 0)
		return of_node(tree_after(&lab->by_owner, &entry->by_owner));
	/* On to the next internal address. */
	probe.key.protocol = UINT8_MAX;
	probe.key.internal_port = UINT16_MAX;
	memset(probe.external, UINT8_MAX, PCP_ADDR_LEN);
	return at_least(lab, &probe);
}

/* Whether nothing after `entry` can match. */
static bool is_past(const struct lab_request *request, const struct place *filter,
		    const struct lab_entry *entry)
{
	return memcmp(entry->client.addr, request->client, PCP_ADDR_LEN) != 0 ||
	       (!pcp_addr_is_any(filter->internal) &&
		memcmp(entry->key.internal, filter->internal, PCP_ADDR_LEN) > 0);
}

/* The first listed entry at or after `entry`. */
static struct lab_entry *listed_from(const struct lab_request *request, const struct place *filter,
				     struct lab_entry *entry, const struct lab_entry *before)
{
	while (entry && !is_past(request, filter, entry)) {
		if (is_listed(request, filter, entry, before))
			return entry;
		entry = skip(request->lab, filter, entry);
	}
	return NULL;
}

static struct lab_entry *listed_after(const struct lab_request *request, const struct place *filter,
				      const struct lab_entry *entry)
{
	return listed_from(request, filter,
			   of_node(tree_after(&request->lab->by_owner, &entry->by_owner)), entry);
}

/* The least entry that the filter could match: where internal address, protocol and port are given,
 * the list starts there. */
static struct lab_entry *first_candidate(const struct lab_request *request,
					 const struct place *filter)
{
	struct lab_entry probe = { .held = false };

	memcpy(probe.client.addr, request->client, PCP_ADDR_LEN);
	if (!pcp_addr_is_any(filter->internal)) {
		memcpy(probe.key.internal, filter->internal, PCP_ADDR_LEN);
		probe.key.protocol = filter->protocol;
		probe.key.internal_port = filter->protocol ? filter->internal_port : 0;
	}
	return of_node(tree_at_least(&request->lab->by_owner, &probe.by_owner));
}

/* Who maps an external port is known at once, and with it where its mapping stands in the list. */
static void narrow(const struct lab_request *request, struct place *filter)
{
	const struct lab_entry *owner;

	if (filter->external_port == 0 || pcp_addr_is_any(filter->external) ||
	    filter->internal_port != 0 || !pcp_addr_is_any(filter->internal))
		return;
	owner = lab_external_owner(request->lab, filter->external, filter->protocol,
				   filter->external_port);
	if (!owner || owner->held)
		return;
	memcpy(filter->internal, owner->key.internal, PCP_ADDR_LEN);
	filter->internal_port = owner->key.internal_port;
}

static struct lab_entry locator_of(const struct lab_request *request, bool with_nonce)
{
	const uint8_t *locator = request->locator;
	struct lab_entry probe = {
		.key.protocol = (uint8_t)pcp_get(&pcp_next_fields[NEXT_PROTOCOL], locator),
		.key.internal_port =
			(uint16_t)pcp_get(&pcp_next_fields[NEXT_INTERNAL_PORT], locator),
		.external_port = (uint16_t)pcp_get(&pcp_next_fields[NEXT_EXTERNAL_PORT], locator),
	};

	memcpy(probe.client.addr, request->client, PCP_ADDR_LEN);
	memcpy(probe.key.internal, pcp_at(&pcp_next_fields[NEXT_INTERNAL_ADDRESS], locator),
	       PCP_ADDR_LEN);
	memcpy(probe.external, pcp_at(&pcp_next_fields[NEXT_EXTERNAL_ADDRESS], locator),
	       PCP_ADDR_LEN);
	if (with_nonce)
		memcpy(probe.nonce, pcp_at(&pcp_next_fields[NEXT_NONCE], locator), PCP_NONCE_LEN);
	return probe;
}

static bool same_place(const struct lab_entry *entry, const struct lab_entry *probe)
{
	return entry && entry->key.protocol == probe->key.protocol &&
	       entry->key.internal_port == probe->key.internal_port &&
	       entry->external_port == probe->external_port &&
	       memcmp(entry->key.internal, probe->key.internal, PCP_ADDR_LEN) == 0 &&
	       memcmp(entry->external, probe->external, PCP_ADDR_LEN) == 0 &&
	       memcmp(entry->client.addr, probe->client.addr, PCP_ADDR_LEN) == 0;
}

/* Where the list starts again: at the locator's mapping, or where that stood; with a nonce that is
 * not known, at the first of that place. False: the locator was never in this list. */
static bool located(const struct lab_request *request, const struct place *filter,
		    struct lab_entry **start)
{
	const struct lab *lab = request->lab;

	for (int with_nonce = 1; with_nonce >= 0; with_nonce--) {
		struct lab_entry probe = locator_of(request, with_nonce);
		const struct lab_entry *gone = of_node(tree_at_least(&lab->held, &probe.by_owner));

		*start = of_node(tree_at_least(&lab->by_owner, &probe.by_owner));
		if (same_place(*start, &probe) &&
		    (!with_nonce || memcmp((*start)->nonce, probe.nonce, PCP_NONCE_LEN) == 0))
			return matches(filter, *start);
		if (same_place(gone, &probe) && matches(filter, gone))
			return true;
	}
	return false;
}

/* ---- the answer ---- */

static void put_next(struct lab_reply *reply, const struct lab_request *request,
		     const struct lab_entry *entry)
{
	struct lab_reply option = { .len = pcp_next_fields[NEXT_TAIL].off };
	uint8_t *data = option.octets;
	size_t skipped = pcp_nonce_skipped(request->version);

	memset(data, 0, option.len);
	memcpy(data + pcp_next_fields[NEXT_NONCE].off, entry->nonce, PCP_NONCE_LEN);
	pcp_put(&pcp_next_fields[NEXT_PROTOCOL], data, entry->key.protocol);
	memcpy(data + pcp_next_fields[NEXT_INTERNAL_ADDRESS].off, entry->key.internal,
	       PCP_ADDR_LEN);
	memcpy(data + pcp_next_fields[NEXT_EXTERNAL_ADDRESS].off, entry->external, PCP_ADDR_LEN);
	pcp_put(&pcp_next_fields[NEXT_LIFETIME], data, lab_remaining(entry, request->now));
	pcp_put(&pcp_next_fields[NEXT_INTERNAL_PORT], data, entry->key.internal_port);
	pcp_put(&pcp_next_fields[NEXT_EXTERNAL_PORT], data, entry->external_port);
	for (size_t i = 0; i < request->nwanted; i++)
		if (!memchr(request->wanted, request->wanted[i], i))
			lab_entry_options(&option, request->lab, entry, request->wanted[i]);
	lab_option_put(reply, PCP_NEXT, data + skipped, option.len - skipped);
}

static void mark_end(struct lab_reply *reply, size_t at, uint8_t version)
{
	size_t skipped = pcp_nonce_skipped(version);

	reply->octets[at + PCP_TLV_LEN + pcp_next_fields[NEXT_END].off - skipped] = 1;
}

/* One entry when the request says END, otherwise as many as fit. An entry that does not fit even
 * alone, because of its nested options, is told without them. */
static void put_page(struct lab_reply *reply, struct lab_request *request,
		     const struct place *filter, struct lab_entry *entry)
{
	bool one = pcp_get(&pcp_next_fields[NEXT_END], request->locator) != 0;
	size_t start = reply->len, last = start;

	while (entry) {
		size_t at = reply->len;

		put_next(reply, request, entry);
		if (reply->len > PCP_MAX_LEN || reply->len == at) {
			reply->len = at;
			if (at > start)
				return;
			request->nwanted = 0;
			put_next(reply, request, entry);
		}
		last = at;
		entry = listed_after(request, filter, entry);
		if (one)
			break;
	}
	if (!entry)
		mark_end(reply, last, request->version);
}

uint8_t lab_get(struct lab_request *request)
{
	struct place filter = filter_of(request);
	struct lab_entry *start;
	struct lab_reply reply;

	if (filter.protocol == 0 && (filter.internal_port || filter.external_port))
		return lab_refuse(request, PCP_MALFORMED_REQUEST, "a port filter needs a protocol");
	narrow(request, &filter);
	if (!request->next || !located(request, &filter, &start))
		start = first_candidate(request, &filter);
	start = listed_from(request, &filter, start, NULL);
	if (!start)
		return lab_refuse(request, PCP_NONEXIST_MAP, "no mapping of this client matches");
	lab_reply_begin(&reply, request, 0);
	lab_reply_body(&reply, request, request->body);
	if (request->next)
		put_page(&reply, request, &filter, start);
	lab_reply_send(request, &reply);
	return PCP_SUCCESS;
}
